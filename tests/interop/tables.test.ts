// tools/tables.mjs: what is made is what stands in the tree, a difference is shown, a row that is not understood stops it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { EnrumError, errorFind } from "../../client-sdk/web/protocol/error.ts";
import { MENINGAR } from "../../client-sdk/web/protocol/meningar.ts";
import { SENTENCES } from "../../client-sdk/web/protocol/sentences.ts";

const tree = join(import.meta.dirname, "../..");
const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function copyOfTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "tables-"));
  folders.push(folder);
  mkdirSync(join(folder, "client-sdk/web"), { recursive: true });
  cpSync(join(tree, "protocol"), join(folder, "protocol"), { recursive: true });
  cpSync(join(tree, "client-sdk/web/protocol"), join(folder, "client-sdk/web/protocol"), { recursive: true });
  return folder;
}

function change(folder: string, path: string, from: string, to: string): void {
  const before = readFileSync(join(folder, path), "utf8");
  assert.ok(before.includes(from), `${path} has no ${from}`);
  writeFileSync(join(folder, path), before.replace(from, () => to));
}

function tables(folder: string, ...words: string[]) {
  return spawnSync(process.execPath, [join(tree, "tools/tables.mjs"), "--root", folder, ...words], { encoding: "utf8" });
}

test("the tables in the tree are those of protocol/*.def", () => {
  const result = tables(tree, "--check");
  assert.equal(result.stdout + result.stderr, "");
  assert.equal(result.status, 0);
});

test("a changed row is shown as a difference in code and specification, and written when asked", () => {
  const folder = copyOfTree();
  change(folder, "protocol/limits.def", "LIMIT(KEEPERS_MAX, 16,", "LIMIT(KEEPERS_MAX, 17,");
  const shown = tables(folder, "--check");
  assert.equal(shown.status, 1);
  assert.match(shown.stdout, /^-  KEEPERS_MAX: 16,\n\+  KEEPERS_MAX: 17,$/m);
  assert.match(shown.stdout, /^\+\| `KEEPERS_MAX` \| 17 \|/m);
  assert.equal(tables(folder, "--check").status, 1, "--check writes nothing");
  assert.equal(tables(folder).status, 0);
  assert.equal(tables(folder, "--check").status, 0);
});

test("a table changed by hand is found", () => {
  for (const path of ["tables.ts", "layouts.ts", "messages.ts"]) {
    const folder = copyOfTree();
    change(folder, `client-sdk/web/protocol/${path}`, "export const", "export  const");
    assert.equal(tables(folder, "--check").status, 1, path);
  }
  const folder = copyOfTree();
  change(folder, "protocol/README.md", "| 1 | KEEPER |", "| 2 | KEEPER |");
  assert.equal(tables(folder, "--check").status, 1);
});

const broken: [string, string, string, string][] = [
  ["a line that is no row", "roles", "ROLE(GUEST", "and GUEST(GUEST"],
  ["a macro of another table", "roles", "ROLE(GUEST", "LIMIT(GUEST"],
  ["a cell too many", "roles", "ROLE(GUEST, 4,", "ROLE(GUEST, 4, 5,"],
  ["a number twice", "roles", "ROLE(GUEST, 4,", "ROLE(GUEST, 3,"],
  ["a name twice", "errors", "ERROR(OVERSIZED, 2,", "ERROR(MALFORMED, 2,"],
  ["an unknown class of error", "errors", "ERROR(OVERSIZED, 2, PEER", "ERROR(OVERSIZED, 2, FRIEND"],
  ["an unknown layout", "kinds", "MESSAGE, 1, body_text", "MESSAGE, 1, body_talk"],
  ["an unknown role", "classes", "ROLE_BIT(CITIZEN)", "ROLE_BIT(BURGHER)"],
  ["an unknown type", "layouts", "FIELD(signed, sig, SIG", "FIELD(signed, sig, MAC"],
  ["an unknown limit", "layouts", "1, CERTIFICATE_BYTES_MAX", "1, CERTIFICATE_BYTES_MOST"],
  ["limits the wrong way", "layouts", "UINT, 1, 255, \"roles\"", "UINT, 256, 255, \"roles\""],
  ["a field of another layout", "layouts", "FIELD(signed, sig", "FIELD(member, sig"],
  ["a layout without its end", "layouts", "LAYOUT_END(signed)\n", "\n"],
  ["a message's unknown state", "messages", "IN(CONNECTED)", "IN(ASLEEP)"],
];

for (const [what, file, from, to] of broken) {
  test(`refused: ${what}`, () => {
    const folder = copyOfTree();
    change(folder, `protocol/${file}.def`, from, to);
    const result = tables(folder);
    assert.equal(result.status, 2);
    assert.match(result.stderr, /^tables: protocol\//);
    assert.equal(readFileSync(join(folder, "protocol/README.md"), "utf8"), readFileSync(join(tree, "protocol/README.md"), "utf8"));
  });
}

test("a marker that is missing or unknown in the specification is refused", () => {
  for (const to of ["", "<!-- table: rolls -->"]) {
    const folder = copyOfTree();
    change(folder, "protocol/README.md", "<!-- table: roles -->", to);
    assert.equal(tables(folder).status, 2);
  }
});

test("an error has its row's number, class and sentences", () => {
  const error = new EnrumError("CHAIN_BROKEN", "entry 7");
  assert.deepEqual([error.code, error.number, error.errorClass], ["CHAIN_BROKEN", 130, "TRUST"]);
  assert.equal(SENTENCES[error.code], "The log has been changed: the chain does not hold.");
  assert.equal(MENINGAR[error.code], "Journalen är ändrad: kedjan håller inte.");
  assert.equal(errorFind(130), "CHAIN_BROKEN");
  assert.equal(errorFind(9999), undefined);
});
