// site -- makes the site of one board from the bundle that all boards share and the board's board.json.
//     node client-sdk/web/site.mjs --board BOARD.json --out DIR [--bundle build/web] [--leave URL] [--feedback ADDRESS] [--embed-from ORIGIN ...] [--size]
//     node client-sdk/web/site.mjs --choose BOARD.json=ADDRESS ... --out DIR [--bundle build/web] [--leave URL]
// --leave: the public page that "Lämna sidan" leads to. --feedback: where the municipality takes what people say of accessibility, https:
// or mailto:. --embed-from: a site that may show the citizen's pages in a frame of its own (client-sdk/web/embed); nobody may unless told.
// --choose: not a board's site but the pages, one in each language, on which somebody chooses a board, with the address of each one's own pages.
// --size prints what the citizen's first load weighs. The bundle is build.mjs's; serving is a web server's.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { choosePages, escapeHtml } from "./choose.mjs";
import { fileHeaders, HASHED, pageHeaders, stillHeaders } from "./headers.mjs";
import { isCompressed, isVariant, SUFFIXES, variantOf } from "./variants.mjs";

/** Of the bundle: what the page on which a board is chosen has. Its script is nothing to a board's own site. */
const CHOOSER = /^(style(-[A-Z0-9]{8})?\.css|choosing(-[A-Z0-9]{8})?\.js|icon\.svg)$/;

/** The weather: a page that anybody may have open. */
const LEAVE = "https://www.smhi.se/";
/** How long a file of an earlier bundle stays: a tab that is open must not be without its parts. */
const KEEP_DAYS = 14;
const DAY_MS = 86_400_000;
const COLOUR = /^#[0-9a-f]{6}$/i;

/** For frames on the sites that --embed-from names; without any it is not published. */
const EMBED = "embed.html";

/** The bundle's templates: where each is published, and how it gets from there to the site's folder. */
const TEMPLATES = {
  "index.html": { path: "index.html", base: "./" },
  "personal.html": { path: "personal/index.html", base: "../" },
  "tolk.html": { path: "tolk/index.html", base: "../" },
  [EMBED]: { path: "embed/index.html", base: "../" },
};

/** https, or plain on this machine; an origin, as browsers write it. */
function checkOrigin(text) {
  const url = URL.parse(text);
  const isLocal = url?.protocol === "http:" && /^(127\.0\.0\.1|localhost|[a-z0-9.-]+\.localhost)$/.test(url.hostname);
  const isNamed = url?.protocol === "https:" && /^[a-z0-9.-]+$/.test(url.hostname);
  if (url?.origin !== text || !(isNamed || isLocal)) throw new Error(`--embed-from ${text}: is not https://NAME, as browsers write an origin`);
}

function readBoard(file) {
  const bytes = readFileSync(file);
  const board = JSON.parse(bytes.toString("utf8"));
  if (typeof board.name !== "string" || board.name === "") throw new Error(`${file}: "name" must be a text`);
  for (const key of ["primary", "on_primary"]) {
    if (!COLOUR.test(board.colours?.[key])) throw new Error(`${file}: "colours.${key}" must be #rrggbb`);
  }
  return { bytes, board };
}

function readBundle(folder) {
  for (const template of Object.keys(TEMPLATES)) {
    if (!existsSync(join(folder, template))) throw new Error(`${folder} has no ${template}: tools/pages makes the bundle`);
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => relative(folder, join(item.parentPath, item.name)).split(sep).join("/"))
    .filter((path) => !isVariant(path))
    .map((path) => ({ path, bytes: readFileSync(join(folder, path)), bundled: join(folder, path) }));
}

function fillTemplate(file, { name, leave, feedback, framers }) {
  const template = TEMPLATES[file.path];
  if (template === undefined) return file;
  const html = file.bytes
    .toString("utf8")
    .replaceAll("{{name}}", () => escapeHtml(name))
    .replaceAll("{{leave}}", () => escapeHtml(leave))
    .replaceAll("{{feedback}}", () => escapeHtml(feedback))
    .replaceAll("{{framers}}", framers.join(" "))
    .replaceAll("{{base}}", template.base);
  const left = /\{\{\w*\}\}/.exec(html);
  if (left !== null) throw new Error(`${file.path}: ${left[0]} is no placeholder`);
  return { path: template.path, bytes: Buffer.from(html) };
}

function boardCss({ primary, on_primary }) {
  return `:root{--primary:${primary};--on-primary:${on_primary};}\n`;
}

/** All files of the site; pages come last, so that nothing is named before it is there. */
function filesOf(bundle, { bytes, board }, { leave, feedback, "embed-from": framers }) {
  const published = bundle.filter(({ path }) => (path !== EMBED || framers.length > 0) && !path.startsWith("choosing"));
  const files = [
    ...published.map((file) => fillTemplate(file, { name: board.name, leave, feedback, framers })),
    // As it came: clients pin what stands in it.
    { path: "board.json", bytes },
    { path: "board.css", bytes: Buffer.from(boardCss(board.colours)) },
  ];
  return files.sort((a, b) => a.path.endsWith(".html") - b.path.endsWith(".html"));
}

/** The tag is weak, since the compressed forms of a file share it. */
function headersOf(file, shared) {
  const tag = createHash("sha256").update(file.bytes).digest("base64url").slice(0, 22);
  return {
    ...fileHeaders(file.path),
    ETag: `W/"${tag}"`,
    ...(isCompressed(file) ? { Vary: "Accept-Encoding" } : {}),
    ...shared,
  };
}

function isAsItWas(path, file) {
  const expected = isCompressed(file) ? SUFFIXES : [];
  return (
    existsSync(path) &&
    readFileSync(path).equals(file.bytes) &&
    SUFFIXES.every((suffix) => existsSync(`${path}${suffix}`) === expected.includes(suffix))
  );
}

async function writeFile(out, file) {
  const path = join(out, file.path);
  if (isAsItWas(path, file)) return;
  mkdirSync(dirname(path), { recursive: true });
  for (const suffix of SUFFIXES) {
    if (isCompressed(file)) writeFileSync(`${path}${suffix}`, await variantOf(suffix, file.bytes, `${file.bundled ?? path}${suffix}`));
    else rmSync(`${path}${suffix}`, { force: true });
  }
  // Last: it says that its forms are of it.
  writeFileSync(path, file.bytes);
}

/** A file's name on a line, its headers on indented lines behind it. */
function plainText(table) {
  return Object.entries(table)
    .map(([path, headers]) => {
      const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
      return `${path}\n${lines.join("")}`;
    })
    .join("");
}

function readTable(out) {
  const file = join(out, "headers.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** What every file is answered with; the one page that may be embedded says by whom. */
function sharedHeaders(path, { board }, framers) {
  return pageHeaders(board.host?.url, path === TEMPLATES[EMBED].path ? framers : []);
}

/** By a tab that was open at an update. Each run writes what belongs to the site: the file's time is when it last did. */
function isStillAskedFor(out, path) {
  const file = join(out, path);
  return HASHED.test(path) && existsSync(file) && Date.now() - statSync(file).mtimeMs < KEEP_DAYS * DAY_MS;
}

/** `sharedOf`: the headers of a path that do not depend on its bytes. */
async function writeSite(out, files, sharedOf) {
  const table = Object.fromEntries(files.map((file) => [file.path, headersOf(file, sharedOf(file.path))]));
  const earlier = Object.entries(readTable(out)).filter(([path]) => !(path in table) && !path.includes(".."));
  mkdirSync(out, { recursive: true });
  for (const file of files) await writeFile(out, file);
  for (const [path, headers] of earlier) {
    if (isStillAskedFor(out, path)) table[path] = headers;
    else for (const suffix of ["", ...SUFFIXES]) rmSync(join(out, `${path}${suffix}`), { force: true });
  }
  writeFileSync(join(out, "headers.json"), `${JSON.stringify(table, null, 1)}\n`);
  writeFileSync(join(out, "headers.txt"), plainText(table));
}

// -- Choosing a board ----------------------------------------------------------------------------------------------

/** BOARD.json=ADDRESS */
function readChoice(text) {
  const at = text.indexOf("=");
  const url = URL.parse(text.slice(at + 1));
  if (at <= 0 || !/^https?:$/.test(url?.protocol ?? "")) throw new Error(`--choose ${text}: is not BOARD.json=ADDRESS`);
  const { board } = readBoard(text.slice(0, at));
  return { name: board.name, telephone: typeof board.telephone === "string" ? board.telephone : "", url: url.href };
}

async function writeChooser({ choose, out, bundle, leave }) {
  const boards = choose.map(readChoice);
  const taken = readBundle(bundle).filter(({ path }) => CHOOSER.test(path));
  const [style, script] = [".css", ".js"].map((suffix) => taken.find(({ path }) => path.endsWith(suffix))?.path);
  if (style === undefined || script === undefined) throw new Error(`${bundle} has no style or no script: tools/pages makes the bundle`);
  const isSecure = boards.every(({ url }) => url.startsWith("https:"));
  const pages = await choosePages(boards, { style, script, leave });
  await writeSite(out, [...taken, ...pages.map(({ path, html }) => ({ path, bytes: Buffer.from(html) }))], () => stillHeaders(isSecure));
}

// -- What a first load weighs ---------------------------------------------------------------------------------------

const NAMED_BY = {
  html: /(?<!rel="apple-touch-icon" )\b(?:src|href)="\.\/([^"]+)"/g,
  js: /\b(?:from|import)\s*["']\.\/([^"']+)["']/g,
};

/** What the citizen's page loads before anybody touches it. What scripts ask for by themselves is named here; an icon for a telephone's screen is asked for when it is put there. */
function firstLoad(files) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const loaded = new Set();
  const waiting = ["index.html", "board.json", "board.css"];
  while (waiting.length > 0) {
    const path = waiting.shift();
    if (loaded.has(path) || !byPath.has(path)) continue;
    loaded.add(path);
    const named = NAMED_BY[path.slice(path.lastIndexOf(".") + 1)];
    if (named === undefined) continue;
    const text = byPath.get(path).bytes.toString("utf8");
    waiting.push(...[...text.matchAll(named)].map((found) => found[1]));
  }
  return [...loaded];
}

function printSizes(out, paths) {
  const size = (path, suffix) => {
    const variant = join(out, `${path}.${suffix}`);
    return statSync(suffix !== "" && existsSync(variant) ? variant : join(out, path)).size;
  };
  const rows = paths.map((path) => [path, ...["", "gz", "br"].map((suffix) => size(path, suffix))]);
  const sums = [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));
  const cells = [["file", "kB", "gzip", "brotli"], ...[...rows, ["sum", ...sums]].map(([name, ...sizes]) => [
    name, ...sizes.map((bytes) => (bytes / 1000).toFixed(1)),
  ])];
  const width = Math.max(...cells.map(([name]) => name.length));
  for (const [name, ...numbers] of cells) {
    console.log([name.padEnd(width), ...numbers.map((text) => text.padStart(8))].join(" "));
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      board: { type: "string" },
      out: { type: "string" },
      leave: { type: "string", default: LEAVE },
      feedback: { type: "string", default: "" },
      "embed-from": { type: "string", multiple: true, default: [] },
      bundle: { type: "string", default: fileURLToPath(new URL("../../build/web", import.meta.url)) },
      size: { type: "boolean", default: false },
      choose: { type: "string", multiple: true, default: [] },
    },
  });
  const isChooser = values.choose.length > 0;
  if (!values.out || isChooser === (values.board !== undefined)) throw new Error("--out DIR and either --board BOARD.json or --choose BOARD.json=ADDRESS are needed");
  if (!/^https?:$/.test(URL.parse(values.leave)?.protocol ?? "")) throw new Error("--leave must be a web address");
  if (!/^(https:|mailto:|$)/.test(values.feedback)) throw new Error("--feedback must begin with https: or mailto:");
  for (const origin of values["embed-from"]) checkOrigin(origin);
  if (isChooser) return writeChooser(values);
  const board = readBoard(values.board);
  const files = filesOf(readBundle(values.bundle), board, values);
  await writeSite(values.out, files, (path) => sharedHeaders(path, board, values["embed-from"]));
  if (values.size) printSizes(values.out, firstLoad(files));
}

try {
  await main();
} catch (error) {
  console.error(`site: ${error.message}`);
  process.exitCode = 1;
}
