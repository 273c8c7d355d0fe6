// sbom -- what is in each package, as CycloneDX 1.5: the Debian packages whose libraries a program is linked with, and for the
// pages the npm packages that the bundle holds.   node tools/sbom.mjs OUT-FOLDER PACKAGE=FILE ...
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const [out, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node tools/sbom.mjs OUT-FOLDER PACKAGE=FILE ...");
  process.exit(2);
}
const root = new URL("../", import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const run = (program, ...words) => execFileSync(program, words, { encoding: "utf8" });

/** Paths of the libraries that this file names itself, not those of its libraries. */
function needed(file) {
  const names = [...run("readelf", "-dW", file).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1]);
  const paths = new Map([...run("ldd", file).matchAll(/^\s*(\S+) => (\S+)/gm)].map((match) => [match[1], match[2]]));
  return names.map((name) => paths.get(name) ?? name);
}

function ownerOf(path) {
  const real = realpathSync(path);
  /* Where /lib is /usr/lib, the package may know it by either name. */
  for (const name of [real, real.replace(/^\/usr/, "")]) {
    try {
      return run("dpkg-query", "-S", name).split(":")[0].split(",")[0];
    } catch {
      // by the other name
    }
  }
  throw new Error(`no package has ${path}`);
}

function debian(name) {
  const [number, source] = run("dpkg-query", "-W", "-f", "${Version}\t${source:Package}", name).split("\t");
  return { type: "library", name, version: number, purl: `pkg:deb/debian/${name}@${encodeURIComponent(number)}`, group: source };
}

function npm() {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== "" && !entry.dev)
    .map(([path, entry]) => {
      const name = path.replace(/^.*node_modules\//, "");
      return { type: "library", name, version: entry.version, purl: `pkg:npm/${name.replace("@", "%40")}@${entry.version}` };
    });
}

function write(name, components) {
  const sorted = components.sort((one, other) => (one.name < other.name ? -1 : 1));
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", name, version, licenses: [{ license: { id: "EUPL-1.2" } }] } },
    components: sorted,
  };
  writeFileSync(join(out, `${name}.cdx.json`), `${JSON.stringify(bom, null, 2)}\n`);
}

mkdirSync(out, { recursive: true });
for (const pair of files) {
  const [name, file] = pair.split("=");
  const owners = new Set(needed(file).map(ownerOf));
  console.log(`${name}: ${basename(file)} with ${[...owners].join(", ")}`);
  write(name, [...owners].map(debian));
}
write("enrum-pages", npm());
