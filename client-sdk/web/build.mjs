// build -- makes the bundle that all boards' sites share, in build/web, and the package of the elements, in build/embed:
//     node client-sdk/web/build.mjs [--out DIR] [--embed DIR]
// Scripts and the style sheet have names with their content's hash, so that they are kept for ever; the service worker and the
// templates have plain names. Compressed forms lie beside what goes into every site as it is. site.mjs makes a board's site from it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { HASH } from "./headers.mjs";
import { isCompressed, isVariant, SUFFIXES, variantOf } from "./variants.mjs";

const root = new URL(".", import.meta.url).pathname;
const built = (name) => new URL(`../../build/${name}`, import.meta.url).pathname;
const { values } = parseArgs({ options: { out: { type: "string", default: built("web") }, embed: { type: "string", default: built("embed") } } });
const { out, embed } = values;

const shared = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  logLevel: "error",
  outdir: out,
  metafile: true,
};

mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) if (!isVariant(name)) rmSync(join(out, name), { recursive: true });
/** "worker" → "worker-HASH.js": the pages may turn these into scripts (link/client.ts), and no others. */
const workers = await build({
  ...shared,
  entryPoints: { worker: join(root, "link/worker.ts"), staffworker: join(root, "link/staffworker.ts"), frames: join(root, "call/transform-worker.ts") },
  entryNames: "[name]-[hash]",
});
const workerNames = Object.fromEntries(Object.keys(workers.metafile.outputs).map((path) => [/^[a-z]+/.exec(basename(path))[0], basename(path)]));
await build({ ...shared, define: { HASH: JSON.stringify(HASH) }, entryPoints: { offline: join(root, "pages/offlineworker.ts") } });
await build({ ...shared, format: "iife", target: "es2017", entryPoints: { choosing: join(root, "pages/choosing.ts") }, entryNames: "[name]-[hash]" });
const pages = await build({
  ...shared,
  splitting: true,
  define: Object.fromEntries(Object.entries(workerNames).map(([name, file]) => [`WORKER_NAMES.${name}`, JSON.stringify(file)])),
  entryPoints: ["citizen.ts", "staff.ts", "guest.ts", "embed.ts", "style.css"].map((name) => join(root, "pages", name)),
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
});

/** "citizen.js" → "citizen-HASH.js" */
const names = new Map(Object.entries(pages.metafile.outputs).flatMap(([path, { entryPoint }]) =>
  entryPoint === undefined ? [] : [[basename(entryPoint).replace(/\.ts$/, ".js"), basename(path)]]));
/** All that a script needs before its first line runs, in the order of the imports. */
function importsOf(path, found = new Set()) {
  for (const { path: imported, kind } of pages.metafile.outputs[path].imports) {
    if (kind !== "import-statement" || found.has(imported)) continue;
    found.add(imported);
    importsOf(imported, found);
  }
  return found;
}

/** On a slow line each step of a page that learns only from the one before what it needs costs a way there and back: all is named at once. */
function early(script, worker) {
  const [path] = Object.entries(pages.metafile.outputs).find(([, { entryPoint }]) => entryPoint !== undefined && basename(entryPoint) === script.replace(/\.js$/, ".ts"));
  const modules = [...importsOf(path)].map((imported) => `<link rel="modulepreload" href="{{base}}${basename(imported)}">\n`);
  return `${modules.join("")}<link rel="preload" href="{{base}}board.json" as="fetch" crossorigin>\n<link rel="modulepreload" href="{{base}}${workerNames[worker]}" fetchpriority="low">\n`;
}

/** A citizen's page can be put on the telephone's screen, and left in a hurry; neither its title nor its icon says what it is. */
const citizenParts = {
  embed: "",
  app: '<link rel="manifest" href="{{base}}app.webmanifest">\n<link rel="apple-touch-icon" href="{{base}}icon-192.png">\n',
  exit: '<nav aria-label="Ut"><a class="leave button" href="{{leave}}">Lämna sidan</a></nav>\n',
};
const templates = {
  "index.html": { script: "citizen.js", worker: "worker", title: "Mina sidor", description: "Mina sidor", ...citizenParts },
  "personal.html": { script: "staff.js", worker: "staffworker", title: "{{name}}", description: "För handläggare: privata samtal som står i journalen.", embed: "", app: "", exit: "" },
  "tolk.html": { script: "guest.js", worker: "worker", title: "Mina sidor", description: "För dig som är inbjuden till ett samtal.", embed: "", app: "", exit: "" },
  // In a frame the link leaves the whole page, before any script runs too.
  "embed.html": { script: "embed.js", worker: "worker", ...citizenParts, title: "Mina sidor", description: "Mina sidor", app: "",
    embed: '<meta name="enrum-embed-from" content="{{framers}}">\n', exit: citizenParts.exit.replace("<a ", '<a target="_top" ') },
};
const page = readFileSync(join(root, "pages/index.html"), "utf8");
for (const [template, { script, worker, ...parts }] of Object.entries(templates)) {
  let text = page.replaceAll("{{script}}", script).replaceAll("{{early}}\n", early(script, worker));
  for (const [name, part] of Object.entries(parts)) text = text.replaceAll(`{{${name}}}`, part);
  writeFileSync(join(out, template), text.replaceAll(/(?<=\{\{base\}\})[a-z]+\.(?:js|css)/g, (name) => names.get(name) ?? name));
}
for (const name of ["icon.svg", "icon-192.png", "icon-512.png", "app.webmanifest"]) cpSync(join(root, "pages", name), join(out, name));

const texts = readdirSync(out).filter((name) => !(name in templates) && !isVariant(name)).map((path) => ({ path, bytes: readFileSync(join(out, path)) })).filter(isCompressed);
const forms = new Map(texts.flatMap(({ path, bytes }) => SUFFIXES.map((suffix) => [`${path}${suffix}`, { suffix, bytes }])));
await Promise.all([...forms].map(async ([name, { suffix, bytes }]) => writeFileSync(join(out, name), await variantOf(suffix, bytes, join(out, name)))));
for (const name of readdirSync(out)) if (isVariant(name) && !forms.has(name)) rmSync(join(out, name));

// -- The package of the elements ------------------------------------------------------------------------------------

rmSync(embed, { recursive: true, force: true });
mkdirSync(embed, { recursive: true });
const repository = (path) => new URL(`../../${path}`, import.meta.url).pathname;
await build({ ...shared, minify: false, metafile: false, outdir: embed, entryPoints: [join(root, "embed/index.ts")] });
execFileSync(process.execPath, [
  repository("node_modules/typescript/bin/tsc"), ...["--project", join(root, "embed/tsconfig.json"), "--outDir", embed],
], { stdio: ["ignore", 2, 2] });
const { version, license } = JSON.parse(readFileSync(repository("package.json"), "utf8"));
const named = JSON.parse(readFileSync(join(root, "embed/package.json"), "utf8"));
writeFileSync(join(embed, "package.json"), `${JSON.stringify({ ...named, version, license }, null, 2)}\n`);
cpSync(join(root, "embed/README.md"), join(embed, "README.md"));
cpSync(repository("LICENSE"), join(embed, "LICENSE"));
