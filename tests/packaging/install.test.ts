// The packages in a copy of this system: installed, used by their own users, upgraded, removed and purged. The copy is an overlay
// in a mount namespace of its own; when that ends nothing of it is left. Needs root, or sudo.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { run } from "../../demo/process.ts";
import { root } from "./files.ts";

test("installed, used, upgraded, removed and purged; what people have written stays", async (t) => {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const words = [...sudo, "unshare", "--mount", "--fork", join(root, "tests/packaging/copy"), root, process.execPath];
  const ran = await run(words, { patience: 300_000 });
  for (const line of ran.out.split("\n").filter((each) => each.startsWith("- "))) t.diagnostic(line);
  assert.equal(ran.code, 0, ran.out + ran.err);
  assert.match(ran.out, /^- all of it$/m);
});
