// The site of a board, as site.mjs makes it from a bundle, and as demo/pages.ts serves it: from outside, by hand.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync, existsSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { Program, run } from "../../demo/process.ts";

const root = new URL("../..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "enrum-site-"));
const bundle = join(folder, "bundle");
const site = join(folder, "site");
const text = "console.log('hej hej hej');\n".repeat(200);

const board = {
  version: 1,
  name: "Nämnden <b>& \"vi\"",
  host: { url: "wss://enrum.example/socket", key: "x" },
  colours: { primary: "#1f5a3d", on_primary: "#FFFFFF" },
  later: { unknown: [1, 2] },
};

const template = (script: string) => `<!doctype html>
<title>{{name}}</title>
<meta name="enrum-feedback" content="{{feedback}}">
<link rel="stylesheet" href="{{base}}style-0A1B2C3D.css">
<link rel="stylesheet" href="{{base}}board.css">
<script type="module" src="{{base}}${script}"></script>
<link rel="modulepreload" href="{{base}}worker-ABCDEFGH.js">
`;

const bundled: Record<string, string> = {
  "index.html": template("citizen-ABCDEFGH.js"),
  "personal.html": template("staff-ABCDEFGH.js"),
  "tolk.html": template("guest-ABCDEFGH.js"),
  "embed.html": `<meta name="enrum-embed-from" content="{{framers}}">${template("embed-ABCDEFGH.js")}`,
  "citizen-ABCDEFGH.js": `import"./chunk-ABCDEFGH.js";${text}`,
  "staff-ABCDEFGH.js": text,
  "guest-ABCDEFGH.js": text,
  "chunk-ABCDEFGH.js": "export {};\n",
  "style-0A1B2C3D.css": "body{margin:0}\n",
  "worker-ABCDEFGH.js": text,
  "worker.js": text,
  "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
};

function writeBoard(value: unknown): string {
  const file = join(folder, "board.json");
  // Its own blanks, so that a copy that is made anew would differ.
  writeFileSync(file, JSON.stringify(value, null, 3));
  return file;
}

function makeSite(out: string, ...more: string[]): ReturnType<typeof run> {
  return run([
    ...[process.execPath, join(root, "client-sdk/web/site.mjs"), "--board", join(folder, "board.json")],
    ...["--out", out, "--bundle", bundle, ...more],
  ]);
}

const inSite = (path: string) => readFileSync(join(site, path));

let server: Program | undefined;
let port = 0;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    asked.once("error", reject);
    asked.end();
  });
}

before(async () => {
  mkdirSync(bundle);
  for (const [path, content] of Object.entries(bundled)) writeFileSync(join(bundle, path), content);
  writeBoard(board);
  const made = await makeSite(site);
  assert.equal(made.code, 0, made.err);
  writeFileSync(join(folder, "secret.txt"), "outside");
  writeFileSync(join(site, "stray.txt"), "not of the site");
  symlinkSync(join(folder, "secret.txt"), join(site, "link.txt"));
  server = await Program.start({
    name: "pages",
    command: [process.execPath, join(root, "demo/pages.ts"), "--site", `${site}:0`],
    log: join(folder, "pages.log"),
    ready: /^site /,
  });
  port = Number(/:(\d+)\/$/.exec(server.readyLine)?.[1]);
});

after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("pages carry the board's name, escaped, and addresses that fit their folder", () => {
  const title = "<title>Nämnden &lt;b&gt;&amp; &quot;vi&quot;</title>";
  for (const [path, base] of [["index.html", "./"], ["personal/index.html", "../"], ["tolk/index.html", "../"]] as const) {
    const html = inSite(path).toString();
    assert.ok(html.includes(title), html);
    assert.ok(html.includes(`href="${base}board.css"`), html);
    assert.ok(!html.includes("{{"));
  }
  assert.ok(!existsSync(join(site, "personal.html")));
});

test("where people say what is lacking is an address that harms nobody", async () => {
  const out = join(folder, "feedback");
  const made = await makeSite(out, "--feedback", 'mailto:tillganglighet@bjuv.example?subject="x"');
  assert.equal(made.code, 0, made.err);
  assert.ok(readFileSync(join(out, "index.html"), "utf8").includes('content="mailto:tillganglighet@bjuv.example?subject=&quot;x&quot;"'));
  const refused = await makeSite(out, "--feedback", "javascript:alert(1)");
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, /--feedback must begin with https: or mailto:/);
});

test("board.json is copied byte for byte, and board.css has its colours", () => {
  assert.deepEqual(inSite("board.json"), readFileSync(join(folder, "board.json")));
  assert.equal(inSite("board.css").toString(), ":root{--primary:#1f5a3d;--on-primary:#FFFFFF;}\n");
});

test("texts above 1 kB have compressed forms that open to the same bytes", () => {
  assert.deepEqual(brotliDecompressSync(inSite("worker.js.br")), inSite("worker.js"));
  assert.deepEqual(gunzipSync(inSite("worker.js.gz")), inSite("worker.js"));
  assert.ok(!existsSync(join(site, "icon.svg.br")));
});

test("a compressed form beside the bundle's file is taken as it is, unless it opens to something else", async () => {
  const out = join(folder, "beside");
  const [quick, other] = [gzipSync(text, { level: 1 }), gzipSync(`${text} `)];
  const beside = [["worker.js.gz", quick], ["staff-ABCDEFGH.js.gz", other], ["guest-ABCDEFGH.js.gz", quick.subarray(0, -9)]] as const;
  for (const [path, bytes] of beside) writeFileSync(join(bundle, path), bytes);
  const made = await makeSite(out);
  for (const [path] of beside) rmSync(join(bundle, path));
  assert.equal(made.code, 0, made.err);
  assert.deepEqual(readFileSync(join(out, "worker.js.gz")), quick);
  assert.notDeepEqual(quick, inSite("worker.js.gz"), "else nothing was seen");
  for (const path of ["staff-ABCDEFGH.js.gz", "guest-ABCDEFGH.js.gz"]) assert.deepEqual(gunzipSync(readFileSync(join(out, path))).toString(), text);
});

test("what a later bundle no longer has stays for tabs that are open, then goes; what is not ours stays", async () => {
  const out = join(folder, "again");
  const old = join(bundle, "chunk-22222222.js");
  writeFileSync(old, text);
  await makeSite(out);
  rmSync(old);
  writeFileSync(join(out, "robots.txt"), "");
  await makeSite(out);
  for (const suffix of ["", ".br", ".gz"]) assert.ok(existsSync(join(out, `chunk-22222222.js${suffix}`)));
  const headers = () => JSON.parse(readFileSync(join(out, "headers.json"), "utf8")) as Record<string, Record<string, string>>;
  assert.match(headers()["chunk-22222222.js"]?.["Cache-Control"] ?? "", /immutable/);
  const before = Date.now() / 1000 - 15 * 86_400;
  utimesSync(join(out, "chunk-22222222.js"), before, before);
  await makeSite(out);
  assert.ok(!("chunk-22222222.js" in headers()));
  for (const suffix of ["", ".br", ".gz"]) assert.ok(!existsSync(join(out, `chunk-22222222.js${suffix}`)));
  assert.ok(existsSync(join(out, "robots.txt")) && existsSync(join(out, "citizen-ABCDEFGH.js.br")));
});

test("a board that cannot be shown is refused in words", async () => {
  const wrong: [unknown, RegExp][] = [
    [{ ...board, colours: { primary: "red;}", on_primary: "#ffffff" } }, /colours\.primary" must be #rrggbb/],
    [{ ...board, colours: undefined }, /colours\.primary/],
    [{ ...board, name: "" }, /"name" must be a text/],
    [{ ...board, host: { url: "https://enrum.example" } }, /no WebSocket address/],
    [{ ...board, host: undefined }, /no WebSocket address/],
  ];
  for (const [value, words] of wrong) {
    writeBoard(value);
    const made = await makeSite(join(folder, "refused"));
    assert.equal(made.code, 1);
    assert.match(made.err, words);
    assert.ok(!existsSync(join(folder, "refused")));
  }
  writeBoard(board);
});

test("nobody may frame any page; with --embed-from one page may be, by the sites that are named, and only by these", async () => {
  const table = (out: string): Record<string, Record<string, string>> => JSON.parse(readFileSync(join(out, "headers.json"), "utf8"));
  const framers = (headers: Record<string, string>) => /frame-ancestors ([^;]+)/.exec(headers["Content-Security-Policy"] ?? "")?.[1];
  assert.ok(!existsSync(join(site, "embed")));
  assert.deepEqual([...new Set(Object.values(table(site)).map(framers))], ["'none'"]);
  const out = join(folder, "framed");
  const origins = ["https://www.bjuv.example", "http://127.0.0.1:9000"];
  const made = await makeSite(out, ...origins.flatMap((origin) => ["--embed-from", origin]));
  assert.equal(made.code, 0, made.err);
  const { "embed/index.html": framed, ...others } = table(out);
  assert.equal(framers(framed!), origins.join(" "));
  assert.deepEqual([...new Set(Object.values(others).map(framers))], ["'none'"]);
  assert.ok(readFileSync(join(out, "embed/index.html"), "utf8").includes(`content="${origins.join(" ")}"`));
  await makeSite(out);
  assert.ok(!existsSync(join(out, "embed/index.html")), "taken from the list, taken from the site");
  for (const wrong of ["https://www.bjuv.example/", "http://www.bjuv.example", "*", "https://*.bjuv.example", "https://x; script-src *", "'self'", "null", "https://Bjuv.example"]) {
    const refused = await makeSite(out, "--embed-from", wrong);
    assert.equal(refused.code, 1, wrong);
    assert.match(refused.err, /--embed-from .* is not https:/);
  }
});

test("--size counts what the citizen's page loads, and nothing of the staff's", async () => {
  const { code, out } = await makeSite(join(folder, "sized"), "--size");
  assert.equal(code, 0);
  for (const path of ["index.html", "citizen-ABCDEFGH.js", "chunk-ABCDEFGH.js", "worker-ABCDEFGH.js", "board.json", "board.css", "sum"]) {
    assert.match(out, new RegExp(`^${path} `, "m"));
  }
  assert.doesNotMatch(out, /staff|personal/);
});

test("every file is answered with the headers of the table", async () => {
  const table: Record<string, Record<string, string>> = JSON.parse(inSite("headers.json").toString());
  // Beside the bundle board.json and board.css; and nothing to be framed.
  assert.equal(Object.keys(table).length, Object.keys(bundled).length + 1);
  for (const [path, headers] of Object.entries(table)) {
    const answer = await ask(`/${path}`);
    assert.equal(answer.status, 200, path);
    assert.deepEqual(answer.body, inSite(path));
    for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name.toLowerCase()], value);
  }
});

test("the policy lets a page load its own files, speak to the host, and nothing else", async () => {
  const { headers } = await ask("/");
  const policy = String(headers["content-security-policy"]);
  assert.ok(policy.includes("connect-src 'self' wss://enrum.example;"), policy);
  assert.ok(policy.startsWith("default-src 'none';") && !policy.includes("unsafe"), policy);
  assert.equal(headers["strict-transport-security"], "max-age=31536000");
  assert.equal(headers["cache-control"], "no-cache");
  const named = await ask("/citizen-ABCDEFGH.js");
  assert.equal(named.headers["cache-control"], "public, max-age=31536000, immutable");
});

test("the example in OPERATING is what the table says", () => {
  const example = readFileSync(join(root, "docs/OPERATING.md"), "utf8");
  const table: Record<string, Record<string, string>> = JSON.parse(inSite("headers.json").toString());
  const own = ["Content-Type", "Cache-Control", "ETag", "Vary"];
  const shared = Object.entries(table["worker.js"]!).filter(([name]) => !own.includes(name));
  assert.equal(shared.length, 7);
  for (const [name, value] of shared) {
    assert.ok(example.includes(`    add_header ${name} "${value}" always;\n`), `${name}: ${value}`);
  }
});

test("a browser gets the form that it takes", async () => {
  const forms: [string, string | undefined][] = [
    ["gzip, deflate, br", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["identity", undefined],
    ["brx", undefined],
  ];
  for (const [accepted, expected] of forms) {
    const answer = await ask("/worker.js", { "accept-encoding": accepted });
    assert.equal(answer.headers["content-encoding"], expected, accepted);
    assert.equal(answer.headers["vary"], "Accept-Encoding");
    const open = expected === "br" ? brotliDecompressSync : expected === "gzip" ? gunzipSync : (bytes: Buffer) => bytes;
    assert.equal(open(answer.body).toString(), text);
  }
});

test("what has not changed is not sent again", async () => {
  const { headers } = await ask("/worker.js");
  const again = await ask("/worker.js", { "if-none-match": `"other", ${headers.etag}` });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  assert.equal((await ask("/worker.js", { "if-none-match": '"other"' })).status, 200);
});

test("HEAD has the headers without the body, and other methods are refused", async () => {
  const head = await ask("/worker.js", {}, "HEAD");
  assert.equal(head.status, 200);
  assert.equal(head.headers["content-length"], String(text.length));
  assert.equal(head.body.length, 0);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const refused = await ask("/worker.js", {}, method);
    assert.equal(refused.status, 405);
    assert.equal(refused.headers["allow"], "GET, HEAD");
  }
});

test("a folder without its slash leads to the one with it, question and all", async () => {
  const answer = await ask("/personal?language=en");
  assert.equal(answer.status, 301);
  assert.equal(answer.headers["location"], "/personal/?language=en");
  assert.equal((await ask("/personal/")).status, 200);
});

/** As bytes, since a well-behaved client would tidy the path. */
function askRaw(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    });
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.once("error", reject);
    socket.once("close", () => resolve(answer));
  });
}

test("what a citizen's page loads before anybody touches it weighs less than 120 kB, compressed with gzip", async () => {
  writeBoard(board);
  const made = await run([process.execPath, join(root, "client-sdk/web/site.mjs"), "--board", join(folder, "board.json"), "--out", join(folder, "true"), "--size"]);
  const [, gzip] = /^sum +[0-9.]+ +([0-9.]+) /m.exec(made.out) ?? [];
  assert.ok(Number(gzip) > 50 && Number(gzip) < 120, made.out + made.err);
});

test("nothing but the site's own files is answered", async () => {
  const paths = [
    ...["/../secret.txt", "/personal/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..\\secret.txt"],
    ...["//secret.txt", "/./worker.js", "/personal/../worker.js", "/worker.js%00", "/%77orker.js", "/worker.js/"],
    ...["/stray.txt", "/link.txt", "/headers.json", "/headers.txt", "/worker.js.br", "/personal/x", "/constructor"],
    ...[`/${"a".repeat(8000)}`, "/etc/passwd", `${folder}/secret.txt`],
  ];
  for (const path of paths) {
    const answer = await askRaw(path);
    assert.match(answer, /^HTTP\/1\.1 404 /, path);
    assert.ok(!answer.includes("outside") && !answer.includes("stray") && !answer.includes(folder), path);
  }
});
