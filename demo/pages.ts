// pages -- a small web server for boards' sites, each on a port of its own at 127.0.0.1.
//     node demo/pages.ts --site DIR:PORT ... [--tls-cert F --tls-key F]
// It knows no file but those of the site's headers.json, all read at the start: a path is looked up, never opened.
import { existsSync, readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";

const ADDRESS = "127.0.0.1";

/** In the order of preference: what a browser calls it, and how the file's name ends. */
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

interface StoredFile {
  headers: Record<string, string>;
  bytes: Buffer;
  variants: Map<string, Buffer>;
}

type Site = Map<string, StoredFile>;

function readSite(folder: string): Site {
  const table: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(folder, "headers.json"), "utf8"));
  return new Map(
    Object.entries(table).map(([path, headers]) => {
      const file = join(folder, path);
      const variants = ENCODINGS.filter(([, suffix]) => existsSync(file + suffix)).map(
        ([encoding, suffix]) => [encoding, readFileSync(file + suffix)] as const,
      );
      return [`/${path}`, { headers, bytes: readFileSync(file), variants: new Map(variants) }];
    }),
  );
}

/** Those that the browser takes: named, and not with a weight of 0 (RFC 9110 section 12.5.3). */
function acceptedEncodings(request: IncomingMessage): Set<string> {
  const words = String(request.headers["accept-encoding"] ?? "").toLowerCase().split(",");
  const taken = words.filter((word) => !/;\s*q=0(\.0*)?\s*$/.test(word));
  return new Set(taken.map((word) => word.split(";")[0]!.trim()));
}

function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", ...headers });
  response.end(`${text}\n`);
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: StoredFile): void {
  const known = String(request.headers["if-none-match"] ?? "").split(/\s*,\s*/);
  const { "Content-Type": type, ...others } = file.headers;
  if (known.includes(file.headers["ETag"]!) || known.includes("*")) {
    response.writeHead(304, others);
    response.end();
    return;
  }
  const accepted = acceptedEncodings(request);
  const [encoding, bytes] = [...file.variants].find(([name]) => accepted.has(name)) ?? ["", file.bytes];
  response.writeHead(200, {
    ...file.headers,
    ...(encoding === "" ? {} : { "Content-Encoding": encoding }),
    "Content-Length": bytes.length,
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function answer(site: Site): RequestListener {
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return refuse(response, 405, "method not allowed", { Allow: "GET, HEAD" });
    }
    const [path = "/", query] = (request.url ?? "/").split(/\?(.*)/s);
    const file = site.get(path.endsWith("/") ? `${path}index.html` : path);
    if (file) return sendFile(request, response, file);
    if (site.has(`${path}/index.html`)) {
      return refuse(response, 301, "moved", { Location: `${path}/${query === undefined ? "" : `?${query}`}` });
    }
    refuse(response, 404, "not found");
  };
}

function serve(site: Site, port: number, tls: { cert: string; key: string } | undefined): Promise<number> {
  const server = tls
    ? createHttpsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, answer(site))
    : createHttpServer(answer(site));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, ADDRESS, () => resolve((server.address() as AddressInfo).port));
  });
}

const { values } = parseArgs({
  options: {
    site: { type: "string", multiple: true, default: [] },
    "tls-cert": { type: "string" },
    "tls-key": { type: "string" },
  },
});
const { "tls-cert": cert, "tls-key": key } = values;
if (values.site.length === 0 || (cert === undefined) !== (key === undefined)) {
  throw new Error("--site DIR:PORT is needed, and --tls-cert only together with --tls-key");
}
const tls = cert !== undefined && key !== undefined ? { cert, key } : undefined;
for (const word of values.site) {
  const [, folder, port] = /^(.+):(\d{1,5})$/.exec(word) ?? [];
  if (folder === undefined) throw new Error(`--site ${word}: is not DIR:PORT`);
  const taken = await serve(readSite(folder), Number(port), tls);
  console.log(`site ${folder} ${tls ? "https" : "http"}://${ADDRESS}:${taken}/`);
}
console.log("ready");
