// The tidy suite. Reads the tree, changes nothing, and lists every broken rule as "rule: file:line: what".
//     tests/tidy/run [--root DIR]
// The house's table is cmake/house.cmake; banned calls and words stand in the two lists beside this file.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const MADE = /^\/\/ Made by tools\/[a-z]+\.mjs from /; // nobody reads it from the top
const FILE_LINES_MAX = 700;
const FUNCTION_LINES_MAX = 90;
const COLUMNS_MAX = 100;
/** Folders; .git is a file in a second working tree. */
const SKIPPED = new Set([".git", "build", "node_modules", ".run"]);
const C_FILE = /\.[ch]$/;
const CODE_FILE = /\.(c|h|ts|js|mjs|cmake|sh)$/;
const BINARY_FILE = /\.(png|jpg|ico|woff2?|pdf|gz|zip|db|bin|mp3|ogg|wav|webm)$/;
const DATA_FILE = /(^LICENSE|(^|\/)(corpus|vectors)\/.*)$/;
// Blanks mean something in these.
const BLANKS_FREE = /(^LICENSE$|\.(diff|patch|tsv)$|(^|\/)Makefile$)/;

const here = dirname(fileURLToPath(import.meta.url));
const rootAt = process.argv.indexOf("--root");
const root = resolve(rootAt > 0 ? process.argv[rootAt + 1] : join(here, "../.."));
const problems = [];

function report(rule, file, line, what) {
  problems.push(`${rule}: ${file}${line > 0 ? `:${line}` : ""}: ${what}`);
}

function listFiles(folder = "") {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    if (SKIPPED.has(item.name)) return [];
    if (item.isDirectory()) return listFiles(path);
    return item.isFile() && !BINARY_FILE.test(path) ? [path] : [];
  });
}

function read(path) {
  return readFileSync(join(root, path), "utf8");
}

/** A glob in which * stands for anything but a slash. */
function globToRegExp(glob) {
  return new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
}

/** A file lies in a folder of this name, or matches a glob of files. */
function isWithin(file, place) {
  return file.startsWith(`${place}/`) || globToRegExp(place).test(file);
}

/** Lines of a list: cells between '|' that have a blank on both sides. */
function readRows(path) {
  return read(path).split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+\|\s+/).map((cell) => cell.trim()));
}

function toRegExp(source, flags) {
  return source.startsWith("(?i)") ? new RegExp(source.slice(4), `${flags}i`) : new RegExp(source, flags);
}

function lineOf(text, index) {
  return text.slice(0, index).split("\n").length;
}

/** Comments and the inside of literals become blanks; lines stay where they are. */
function withoutCommentsAndText(source) {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return source.replace(token, (found) => found.replace(/[^\n"']/g, " "));
}

// -- The house ------------------------------------------------------------------------------------------------------

function cmakeRows(name) {
  const source = read("cmake/house.cmake");
  const list = new RegExp(`set\\(${name}\\s([\\s\\S]*?)"\\)`).exec(source);
  if (list === null) throw new Error(`cmake/house.cmake has no list ${name}`);
  return [...`${list[1]}"`.matchAll(/"([^"]*)"/g)].map((row) => row[1].split("|").map((cell) => cell.trim()));
}

function words(cell) {
  return cell.split(/\s+/).filter((word) => word !== "" && word !== "-");
}

const house = cmakeRows("HOUSE").map(([target, folder, , own]) => ({ target, folder, uses: words(own) }));
const headerRows = cmakeRows("HOUSE_HEADERS").map(([header, places]) => ({ matches: globToRegExp(header), places: words(places) }));

/** The row of the folder that a file lies in: the folder itself, or its include/. */
function rowOf(file) {
  const folder = dirname(file);
  return house.find((row) => row.folder === folder || `${row.folder}/include` === folder);
}

function resolveInclude(file, name) {
  const places = [dirname(file), "server", ".", "client-sdk/c/include"];
  return places.map((place) => normalize(join(place, name))).find((path) => existsSync(join(root, path)));
}

function checkForeignHeader(file, line, name) {
  const row = headerRows.find((candidate) => candidate.matches.test(name));
  if (row !== undefined && !row.places.some((place) => isWithin(file, place))) {
    report("includes", file, line, `<${name}> belongs only in ${row.places.join(", ")}`);
  }
}

function checkIncludes(file, source) {
  const row = rowOf(file);
  if (row === undefined && /^(protocol|server|client-sdk)\//.test(file)) {
    report("includes", file, 0, `${dirname(file)} has no row in cmake/house.cmake`);
    return;
  }
  for (const found of source.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm)) {
    const line = lineOf(source, found.index);
    const target = resolveInclude(file, found[1]);
    if (target === undefined) {
      checkForeignHeader(file, line, found[1]);
      continue;
    }
    const other = rowOf(target);
    if (row !== undefined && other !== row && !(other !== undefined && row.uses.includes(other.target))) {
      report("includes", file, line, `${row.target} may not use ${target}`);
    }
  }
}

// -- Rules of one file ----------------------------------------------------------------------------------------------

function checkBanned(file, source, banned) {
  const code = withoutCommentsAndText(source);
  for (const { pattern, reason, except } of banned) {
    if (except.some((place) => isWithin(file, place))) continue;
    for (const found of code.matchAll(pattern)) {
      report("banned", file, lineOf(code, found.index), `${found[0].split("\n")[0].trim()}: ${reason}`);
    }
  }
}

/** Functions begin with '{' and end with '}' in the first column, as .clang-format has it. */
function checkFunctionLength(file, lines) {
  let start = 0;
  lines.forEach((line, index) => {
    if (line === "{") start = index + 1;
    if (line === "}" && start > 0) {
      const length = index + 2 - start;
      if (length > FUNCTION_LINES_MAX) {
        report("function-length", file, start, `${length} lines, at most ${FUNCTION_LINES_MAX}`);
      }
      start = 0;
    }
  });
}

function checkBlanks(file, lines) {
  lines.forEach((line, index) => {
    if (line.includes("\t")) report("blanks", file, index + 1, "a tab");
    if (/[ \t\r]$/.test(line)) report("blanks", file, index + 1, "blanks at the end of the line");
  });
}

function checkColumns(file, lines) {
  lines.forEach((line, index) => {
    const columns = [...line].length;
    if (columns > COLUMNS_MAX) report("columns", file, index + 1, `${columns} columns, at most ${COLUMNS_MAX}`);
  });
}

function checkWords(file, source, forbidden) {
  for (const { pattern, reason } of forbidden) {
    for (const found of source.matchAll(pattern)) {
      report("words", file, lineOf(source, found.index), `"${found[0]}": ${reason}`);
    }
  }
}

// -- Rules of the tree ----------------------------------------------------------------------------------------------

function checkUniqueNames(files) {
  const seen = new Map();
  for (const file of files.filter((path) => C_FILE.test(path))) {
    const name = basename(file);
    if (name === "main.c") continue;
    if (seen.has(name)) report("names", file, 0, `has the name of ${seen.get(name)}`);
    seen.set(name, file);
  }
}

function checkFormat(files) {
  if (spawnSync("clang-format", ["--version"]).error !== undefined) {
    console.log("tidy: clang-format is not installed: formatting was not checked");
    return;
  }
  const given = files.filter((path) => C_FILE.test(path));
  const result = spawnSync("clang-format", ["--dry-run", "-Werror", "--style=file", ...given], { cwd: root, encoding: "utf8", maxBuffer: Infinity });
  const first = new Map();
  for (const [, file, line] of result.stderr.matchAll(/^([^:\n]+):(\d+):\d+: /gm)) if (!first.has(file)) first.set(file, Number(line));
  for (const [file, line] of first) report("format", file, line, `clang-format -i ${file}`);
  // It may also have failed without a word about any file.
  if (result.status !== 0 && first.size === 0) report("format", ".clang-format", 0, result.stderr.trim());
}

const files = listFiles().sort();
const banned = readRows("tests/tidy/banned.txt").map(([pattern, reason, except = ""]) => ({
  pattern: toRegExp(pattern, "g"), reason, except: words(except),
}));
const forbidden = readRows("tests/tidy/words.txt").map(([pattern, reason]) => ({ pattern: toRegExp(pattern, "g"), reason }));

for (const file of files) {
  const source = read(file);
  const lines = source.split("\n");
  if (!DATA_FILE.test(file)) {
    if (file !== "tests/tidy/words.txt") checkWords(file, source, forbidden);
    if (!BLANKS_FREE.test(file)) checkBlanks(file, lines);
  }
  if (CODE_FILE.test(file) && !MADE.test(lines[0]) && lines.length - 1 > FILE_LINES_MAX) {
    report("file-length", file, 0, `${lines.length - 1} lines, at most ${FILE_LINES_MAX}`);
  }
  if (C_FILE.test(file)) {
    checkIncludes(file, source);
    checkBanned(file, source, banned);
    checkFunctionLength(file, lines);
    checkColumns(file, lines);
  } else if (extname(file) === ".def") {
    checkIncludes(file, source);
  }
}
checkUniqueNames(files);
checkFormat(files);

for (const problem of problems) console.log(problem);
const cFiles = files.filter((file) => C_FILE.test(file)).length;
console.log(`tidy: ${files.length} files (${cFiles} of C), ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
