// The services' sandboxes: as tight as SECURITY says, and wide enough for what the programs do.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../demo/process.ts";
import { built, root, says, units } from "./files.ts";

/** Of `systemd-analyze security`: 0 is shut in, 10 is open. docs/SECURITY.md says them. */
const EXPOSURE = { enrumd: 1.7, "enrum-keeper": 1.2 };

for (const [name, unit] of Object.entries(units)) {
  test(`${name}'s service is shut in`, (t) => {
    const said = says("systemd-analyze", "security", "--offline=true", "--no-pager", unit);
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1]);
    t.diagnostic(`exposure ${exposure}`);
    assert.ok(exposure <= EXPOSURE[name as keyof typeof EXPOSURE], said);
  });
}

/** Names of the system calls that a unit's SystemCallFilter lines let through, as systemd reads them. */
function allowed(unit: string): Set<string> {
  const calls = (word: string): string[] =>
    !word.startsWith("@") ? [word] : says("systemd-analyze", "syscall-filter", "--no-pager", word)
      .split("\n").slice(1).map((line) => line.trim()).filter((each) => each && !each.startsWith("#")).flatMap(calls);
  const set = new Set<string>();
  for (const [, line] of readFileSync(unit, "utf8").matchAll(/^SystemCallFilter=(.+)$/gm)) {
    const words = line!.replace(/^~/, "").split(/\s+/).flatMap(calls);
    for (const word of words) line!.startsWith("~") ? set.delete(word) : set.add(word);
  }
  return set;
}

test("what the programs ask of the kernel in a whole conversation, their services let through", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "enrum-calls-"));
  try {
    /* Each program is started by a script of its name that traces it, from beside: who kills it kills it. */
    mkdirSync(join(folder, "bin"));
    for (const name of ["enrumd", "enrum-keeper", "enrum"] as const) {
      const traced = name === "enrum" ? "" : `strace -D -f -qq -o ${folder}/${name}.$$ `;
      writeFileSync(join(folder, "bin", name), `#!/bin/sh\nexec ${traced}${built[name]} "$@"\n`, { mode: 0o755 });
    }
    const check = join(root, "demo/check.ts");
    const ran = await run([process.execPath, check, "--tls", "--programs", join(folder, "bin")], { patience: 240_000 });
    assert.equal(ran.code, 0, ran.out + ran.err);
    for (const name of ["enrumd", "enrum-keeper"] as const) {
      const traces = readdirSync(folder).filter((file) => file.startsWith(`${name}.`));
      const used = new Set<string>();
      for (const file of traces)
        for (const [, call] of readFileSync(join(folder, file), "utf8").matchAll(/^\d+\s+(\w+)\(/gm)) used.add(call!);
      used.delete("execve"); // the first call of all is systemd's
      used.delete("fchown"); // SQLite's, when root runs it
      assert.ok(used.size > 20, `only ${used.size} calls of ${name} were seen`);
      t.diagnostic(`${name}: ${used.size} system calls`);
      const may = allowed(units[name]);
      assert.ok(!may.has("ptrace") && !may.has("mount") && !may.has("setuid"), "a filter that lets all through");
      assert.deepEqual([...used].filter((call) => !may.has(call)), [], `${name} would be refused these`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
