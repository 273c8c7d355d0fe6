// reference -- what the references of both SDKs are made from, checked and prepared:
//     node tools/reference.mjs --check          every public symbol says what it is (C: the errors too); prints those that do not
//     node tools/reference.mjs --doxygen FILE   the file with its comments as doxygen reads them: its INPUT_FILTER
// tools/reference makes the pages.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const read = (path) => readFileSync(join(root, path), "utf8");
const problems = [];

// -- C ----------------------------------------------------------------------------------------------------------------

/** Where the symbols of libenrum.so are declared: what its package installs. */
function headers() {
  const installed = ["client-sdk/c/include/enrum.h", ...readdirSync(join(root, "protocol")).filter((name) => name.endsWith(".h")).map((name) => `protocol/${name}`)];
  return [...installed, "server/base/buffer.h"].filter((path) => existsSync(join(root, path)));
}

const errors = new Set([...read("protocol/errors.def").matchAll(/^ERROR\((\w+)/gm)].map((found) => found[1]));
errors.add("OK");

/** A declaration with the comment that ends directly above it. */
function declarationOf(symbol, text) {
  const found = new RegExp(`^(?:const )?[a-z][a-z0-9_ ]*[ *]${symbol}\\(([^;]*)\\);`, "m").exec(text);
  if (found === null) return undefined;
  const comment = /\/\*((?:(?!\*\/)[\s\S])*)\*\/\n$/.exec(text.slice(0, found.index))?.[1];
  return { declaration: found[0].replaceAll(/\s+/g, " "), comment, words: found[1].split(",") };
}

/** Names of errors that a docstring lists behind "Errors:". */
function errorsOf(comment) {
  const text = comment.replaceAll(/\s*\n \*\s*/g, " ");
  return /\bErrors:(.*)/.exec(text)?.[1];
}

function checkErrors(symbol, comment, symbols) {
  const listed = errorsOf(comment);
  if (listed === undefined) return problems.push(`${symbol} gives an error and does not say which ("Errors: ...")`);
  const names = listed.match(/\b[A-Z][A-Z_]{2,}\b/g) ?? [];
  const others = listed.match(/\benrum_\w+/g) ?? [];
  if (names.length + others.length === 0) problems.push(`${symbol}: nothing stands behind "Errors:"`);
  for (const name of names.filter((one) => !errors.has(one) && !/^(READY|OFFLINE|GREETED|RFC)$/.test(one))) problems.push(`${symbol}: ${name} is no error of errors.def`);
  for (const name of others.filter((one) => !symbols.includes(one))) problems.push(`${symbol}: the errors are those of ${name}, which there is not`);
}

/** A number of bytes, or a time, says so in its name; times elsewhere are ms since 1970, as enrum.h says of all. */
function checkUnits(symbol, words) {
  for (const word of words) {
    const name = /(\w+)\s*(?:\[\w*\])?$/.exec(word.trim())?.[1] ?? "";
    if (/\b(unsigned|uint\d+_t|size_t)\b/.test(word) && /(wait|timeout|delay|patience|age)$/.test(name)) problems.push(`${symbol}: ${name} does not say its unit`);
    if (/\bsize_t\b/.test(word) && /(size|length)$/.test(name)) problems.push(`${symbol}: ${name} does not say of what`);
  }
}

/** Those of enrum.h: a program fills them in, or is given them. */
function checkTypes() {
  const text = read("client-sdk/c/include/enrum.h");
  for (const found of text.matchAll(/^(?:struct|enum) (\w+) \{/gm)) {
    if (!text.slice(0, found.index).endsWith("*/\n")) problems.push(`${found[1]} has no docstring`);
  }
}

function checkC() {
  checkTypes();
  const symbols = read("packaging/libenrum.symbols").trim().split("\n");
  const texts = headers().map(read);
  for (const symbol of symbols) {
    const found = texts.map((text) => declarationOf(symbol, text)).find((one) => one !== undefined);
    if (found === undefined) problems.push(`${symbol} is declared in no header that is installed`);
    else if (found.comment === undefined) problems.push(`${symbol} has no docstring`);
    else if (found.comment.split("Errors:")[0].trim() === "") problems.push(`${symbol} says its errors, and not what it does`);
    else {
      if (/^enum enrum_err /.test(found.declaration)) checkErrors(symbol, found.comment, symbols);
      checkUnits(symbol, found.words);
    }
  }
}

// -- TypeScript -------------------------------------------------------------------------------------------------------

/** What a program in TypeScript is written against. */
const MODULES = JSON.parse(read("tools/typedoc/typedoc.json")).entryPoints.map((path) => path.replace("../../", ""));

/** Interfaces whose every method says what it does. */
const VERBS = /^export interface (?:Verbs|EnrumClient)\b/;

function checkModule(path) {
  const lines = read(path).split("\n");
  let isVerbs = false;
  lines.forEach((line, index) => {
    const isDocumented = /\*\/\s*$/.test(lines[index - 1] ?? "");
    const name = /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|class|function|const) (\w+)/.exec(line)?.[1];
    if (name !== undefined && !isDocumented) problems.push(`${path}: ${name} has no docstring`);
    if (VERBS.test(line)) isVerbs = true;
    else if (line === "}") isVerbs = false;
    const method = isVerbs ? /^ {2}(\w+)\(/.exec(line)?.[1] : undefined;
    if (method !== undefined && !isDocumented) problems.push(`${path}: ${method} has no docstring`);
  });
}

// -- doxygen ----------------------------------------------------------------------------------------------------------

/** Our comments have no marks; doxygen wants them. Behind code on its line a comment is of what stands there. */
function doxygenOf(text) {
  const marked = text.replaceAll(/\/\*(?!\*)((?:(?!\*\/)[\s\S])*)\*\//g, (whole, inside, at) => {
    const isBehind = /\S/.test(text.slice(text.lastIndexOf("\n", at) + 1, at));
    const isRuler = /^ --.*-- $/.test(inside);
    if (isRuler) return `/** @name ${inside.replaceAll("--", "").trim()} */`;
    const words = inside.replace(/\bErrors:/, "@par Errors:\n *").replaceAll(/[<#](?=[a-z])/g, "\\$&").replaceAll(/(^|\s)@(?!par|name)/g, "$1\\@");
    return isBehind ? `/**<${words}*/` : `/**${words}*/`;
  });
  // The first comment is the file's.
  return marked.replace(/^\/\*\*/, "/** @file\n *");
}

if (process.argv[2] === "--doxygen") {
  process.stdout.write(doxygenOf(readFileSync(process.argv[3], "utf8")));
} else if (process.argv[2] === "--check") {
  checkC();
  MODULES.forEach(checkModule);
  for (const problem of problems) console.log(`reference: ${problem}`);
  console.log(`reference: ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  console.error("usage: reference.mjs --check | --doxygen FILE");
  process.exitCode = 2;
}
