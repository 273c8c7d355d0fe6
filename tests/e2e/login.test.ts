// Logins that must fail: each with its own error, a counter, and nothing changed.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { Program } from "../../demo/process.ts";
import { programs } from "./programs.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-login-"));
let installation: Installation;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: true, boards: ["bjuv"] });
});

after(async () => {
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("an employee who is not registered is refused as staff", async () => {
  const device = new Device(installation, "not-staff", "bjuv", "helsingborg.handlaggare", "staff");
  const ran = await device.tryLogin();
  assert.equal(ran.code, 1, ran.err);
  assert.match(ran.err, /NOT_STAFF/);
});

test("a level of assurance that is too low is refused", async () => {
  const device = new Device(installation, "low-level", "bjuv", "test.lagniva", "citizen");
  const ran = await device.tryLogin();
  assert.equal(ran.code, 1, ran.err);
  assert.match(ran.err, /LEVEL_TOO_LOW/);
});

test("device keys that belong to another person are refused", async () => {
  const device = new Device(installation, "shared", "bjuv", "test.testsson", "citizen");
  await device.login();
  const other = new Device(installation, "shared", "bjuv", "test.attiosson", "citizen");
  const ran = await other.tryLogin();
  assert.equal(ran.code, 1, ran.err);
  assert.match(ran.err, /DEVICE_BOUND/);
});

test("the keeper has counted each refusal by its error", async () => {
  const status = JSON.parse(await installation.staff("bjuv", "status")) as { refused: Record<string, number> };
  for (const error of ["NOT_STAFF", "LEVEL_TOO_LOW", "DEVICE_BOUND"]) assert.equal(status.refused[error], 1, error);
});
