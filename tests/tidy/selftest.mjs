// Proves that every rule of the tidy suite can fail: a small clean tree passes, and the same tree with one
// violation fails by exactly the rule that is meant.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const hasFormatter = spawnSync("clang-format", ["--version"]).error === undefined;

const CLEAN = {
  "server/base/slice.h": "#pragma once\n\nint slice;\n",
  "server/store/file.h": "#pragma once\n\n#include <sqlite3.h>\n",
  "server/journal/room.c": '#include "base/slice.h"\n\n/* strcpy(a, b) is only spoken of here. */\nconst char *text = "system(";\n',
  "server/main.c": '#include "store/file.h"\n',
  "client-sdk/cli/main.c": "#include <enrum.h>\n",
  "client-sdk/c/include/enrum.h": "#pragma once\n",
};

function lines(count, line) {
  return `${line}\n`.repeat(count);
}

function call(text) {
  return { "server/journal/call.c": `void call(void)\n{\n    ${text};\n}\n` };
}

// Written apart, so that the suite does not find them here.
const word = (...parts) => ({ "docs/page.md": `one\n${parts.join("")}\n` });

const CASES = [
  ["includes", "a lower folder may not use a higher one", { "server/base/up.c": '#include "store/file.h"\n' }],
  ["includes", "siblings may not use each other", { "server/journal/aside.c": '#include "store/file.h"\n' }],
  ["includes", "the way through ../ is seen", { "server/journal/around.c": '#include "../store/file.h"\n' }],
  ["includes", "the public header is not for the server", { "server/store/sdk.c": "#include <enrum.h>\n" }],
  ["includes", "a table is included as a header is", { "protocol/list.def": '#include "store/file.h"\n' }],
  ["includes", "libwebsockets stays in the gate", { "server/journal/a.c": "#include <libwebsockets.h>\n" }],
  ["includes", "sqlite3 stays in the store", { "client-sdk/c/rooms.c": "#include <sqlite3.h>\n" }],
  ["includes", "msgpack stays in protocol", { "server/gate/a.c": "#include <msgpack.h>\n" }],
  ["includes", "libsodium stays where it is listed", { "server/journal/a.c": "#include <sodium.h>\n" }],
  ["includes", "OpenSSL stays where it is listed", { "server/store/a.c": "#include <openssl/evp.h>\n" }],
  ["includes", "curl stays in oidc", { "client-sdk/keeper/grants.c": "#include <curl/curl.h>\n" }],
  ["includes", "rhonabwy stays in oidc", { "client-sdk/keeper/grants.c": "#include <rhonabwy.h>\n" }],
  ["includes", "a folder without a row", { "server/attic/a.c": "int a;\n" }],
  ["names", "two files of one name", { "server/journal/slice.h": "#pragma once\n" }],
  ["banned", "strcpy", call("strcpy(a, b)")],
  ["banned", "strcat", call("strcat(a, b)")],
  ["banned", "sprintf", call('sprintf(a, "b")')],
  ["banned", "gets", call("gets(a)")],
  ["banned", "strtok", call("strtok(a, b)")],
  ["banned", "atoi", call("atoi(a)")],
  ["banned", "alloca", call("alloca(9)")],
  ["banned", "rand", call("rand()")],
  ["banned", "srand", call("srand(1)")],
  ["banned", "system", call("system(a)")],
  ["banned", "popen", call("popen(a, b)")],
  ["banned", "memcmp on a secret", call("memcmp(a, my_secret, 32)")],
  ["banned", "memcmp on a tag, on a second line", call("memcmp(a,\n           tag, 16)")],
  ["banned", "a secret in the log", call("slog_hex(\"k\", room_key.bytes, 32)")],
  ["file-length", "a file of 701 lines", { "server/journal/long.c": lines(701, "int a;") }],
  ["function-length", "a function of 91 lines", call(lines(88, "a();").trimEnd().replaceAll("\n", "\n    ") + "\n    a()")],
  ["blanks", "a tab", { "docs/page.md": "one\ttwo\n" }],
  ["blanks", "a blank at the end", { "docs/page.md": "one \n" }],
  ["columns", "a line of 101 columns", { "server/journal/wide.c": `/* ${"a".repeat(95)} */\n` }],
  ["words", "things left to do", word("TO", "DO")],
  ["words", "things left to mend", word("FIX", "ME")],
  ["words", "three crosses", word("XX", "X")],
  ["words", "promises", word("it is so For", " Now")],
  ["words", "simplifications", word("simplified", " for you")],
  ["words", "paths of a machine", word("/wo", "rk/main")],
  ["words", "registry hosts", word("registry.npm", "js.org")],
  ["words", "registry hosts of packages", word("deb.", "debian.org")],
];
if (hasFormatter) CASES.push(["format", "a brace on the wrong line", { "server/journal/brace.c": "int a(void) {\n    return 1;\n}\n" }]);

function problemsOf(changes) {
  const tree = mkdtempSync(join(tmpdir(), "tidy-"));
  try {
    for (const path of ["cmake/house.cmake", "tests/tidy/banned.txt", "tests/tidy/words.txt", ".clang-format"]) {
      cpSync(join(root, path), join(tree, path));
    }
    for (const [path, text] of Object.entries({ ...CLEAN, ...changes })) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    const result = spawnSync(process.execPath, [join(here, "tidy.mjs"), "--root", tree], { encoding: "utf8" });
    const problems = result.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("tidy: "));
    if ((result.status !== 0) !== (problems.length > 0)) problems.push(`exit status ${result.status}: ${result.stderr}`);
    return problems;
  } finally {
    rmSync(tree, { recursive: true });
  }
}

let failures = 0;

function expect(holds, name, problems) {
  if (holds) return;
  failures++;
  console.log(`not as meant: ${name}\n${problems.map((problem) => `    ${problem}`).join("\n")}`);
}

const clean = problemsOf({});
expect(clean.length === 0, "a clean tree passes", clean);
for (const [rule, name, changes] of CASES) {
  const problems = problemsOf(changes);
  const [path] = Object.keys(changes);
  const isMeant = (problem) => problem.startsWith(`${rule}: ${path}`);
  // A banned or overlong thing may also be formatted badly; nothing else may be found.
  const isExpected = (problem) => isMeant(problem) || problem.startsWith("format: ") || problem.startsWith("names: ");
  expect(problems.some(isMeant) && problems.every(isExpected), `${rule}: ${name}`, problems);
}
console.log(`tidy selftest: ${CASES.length + 1} cases, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;
