// The whole conversation of `./run --check`, with TLS on every connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../demo/process.ts";
import { programs } from "./programs.ts";

test("one whole conversation over TLS verifies", async () => {
  const check = new URL("../../demo/check.ts", import.meta.url).pathname;
  const ran = await run([process.execPath, check, "--tls", "--programs", programs()], { patience: 240_000 });
  assert.equal(ran.code, 0, ran.out + ran.err);
  assert.match(ran.out, /^verified$/m);
});
