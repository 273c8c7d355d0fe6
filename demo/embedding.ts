// embedding -- a small web server for examples/embed: a page of the municipality's own, at www.BOARD.localhost, that has the board's
// conversations in a frame from samtal.BOARD.localhost: another origin, and to a browser the same site.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";

const ADDRESS = "127.0.0.1";

/** Of the municipality's own site. Browsers look for names under localhost on this machine. */
export function embeddingOrigin(board: string, port: number): string {
  return `http://www.${board}.localhost:${port}`;
}
const root = new URL("..", import.meta.url).pathname;
const TYPES: Record<string, string> = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };
const PAGES = ["index.html", "journal.html", "style.css", "page.js"];

export interface EmbeddingSite {
  url: string;
  close(): void;
}

/** As README.md of client-sdk/web/embed says what a page needs. */
function policy(board: string): string {
  return ["default-src 'none'", "script-src 'self'", "style-src 'self'", `frame-src ${new URL(board).origin}`, "base-uri 'none'", "form-action 'none'",
    "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"].join("; ");
}

/** `origin`: as embeddingOrigin makes it. `board`: the address of the citizen's pages. */
export function embeddingServe(origin: string, board: string): Promise<EmbeddingSite> {
  const files = new Map(PAGES.map((name) => [`/${name}`, readFileSync(join(root, "examples/embed", name), "utf8").replaceAll("{{board}}", board)]));
  files.set("/enrum-embed.js", readFileSync(join(root, "build/embed/index.js"), "utf8"));
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0]!.replace(/\/$/, "/index.html");
    const text = files.get(path);
    response.writeHead(text === undefined ? 404 : 200, {
      "Content-Type": TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "text/plain; charset=utf-8",
      "Content-Security-Policy": policy(board), "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache",
    });
    response.end(text ?? "not found\n");
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(new URL(origin).port), ADDRESS, () => {
      resolve({ url: `${origin}/`, close: () => {
        server.close();
        server.closeAllConnections();
      } });
    });
  });
}
