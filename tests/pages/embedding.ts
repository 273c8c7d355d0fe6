// embedding -- pages of other sites, for the tests of frames: the example of the repository, and pages that are made up by a test.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { freePort } from "../../demo/installation.ts";

const ELEMENT = readFileSync(new URL("../../build/embed/index.js", import.meta.url), "utf8");

export interface MadeUp {
  port: number;
  close(): void;
}

/** Answers every path of this port with these pages, and /enrum-embed.js with the element; without a policy of its own. */
export async function madeUpServe(port: number, pages: () => Record<string, string>): Promise<MadeUp> {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const isElement = path === "/enrum-embed.js";
    response.setHeader("content-type", isElement ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8");
    response.end(isElement ? ELEMENT : `<!doctype html><title>Vädret</title>${pages()[path] ?? ""}`);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { port, close: () => {
    server.close();
    server.closeAllConnections();
  } };
}

export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  return ports;
}
