// Logins that must fail: each with its own error, a counter, and nothing changed.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Device } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { Program, run } from "../../demo/process.ts";
import { programs } from "./programs.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-login-"));
let installation: Installation;
let badProvider: Program;

before(async () => {
  const root = new URL("../..", import.meta.url).pathname;
  const tls = join(folder, "tls");
  assert.equal((await run([join(root, "certs/make"), tls])).code, 0);
  badProvider = await Program.start({
    name: "bad provider",
    command: [
      process.execPath,
      join(root, "tests/eid/bad-provider.ts"),
      ...["--port", "0", "--tls-cert", join(tls, "server.pem"), "--tls-key", join(tls, "server.key")],
    ],
    log: join(folder, "bad-provider.log"),
    ready: /^ready /,
  });
  installation = await Installation.start({
    folder,
    programs: programs(),
    tls: true,
    boards: ["bjuv"],
    providers: [{ id: "bad", issuer: badProvider.readyLine.slice("ready ".length) }],
  });
});

after(async () => {
  await installation?.stop();
  await badProvider?.stop();
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

const faults: Record<string, string> = {
  wrong_nonce: "TOKEN_NONCE",
  wrong_audience: "TOKEN_AUDIENCE",
  wrong_issuer: "TOKEN_ISSUER",
  alg_none: "TOKEN_ALGORITHM",
  alg_hs256: "TOKEN_ALGORITHM",
  rs256_when_es256_pinned: "TOKEN_ALGORITHM",
  wrong_signature: "TOKEN_SIGNATURE",
  unknown_kid: "TOKEN_SIGNATURE",
  expired: "TOKEN_EXPIRED",
  issued_in_future: "TOKEN_NOT_YET",
  level_too_low: "LEVEL_TOO_LOW",
  no_acr: "LEVEL_TOO_LOW",
  no_personal_number: "TOKEN_CLAIM_MISSING",
};

for (const [fault, error] of Object.entries(faults)) {
  test(`an ID token with the fault ${fault} is refused with ${error}`, async () => {
    const device = new Device(installation, `fault-${fault}`, "bjuv", "test.testsson", "citizen");
    const ran = await device.tryLogin({ provider: "bad", hint: `test.testsson~${fault}` });
    assert.equal(ran.code, 1, ran.err);
    assert.match(ran.err, new RegExp(`\\b${error}\\b`));
    const whoami = await device.run(["whoami"]);
    assert.doesNotMatch(whoami.out, /Test Testsson/);
  });
}

test("the same provider without a fault is accepted", async () => {
  const device = new Device(installation, "fault-none", "bjuv", "test.testsson", "citizen");
  const ran = await device.tryLogin({ provider: "bad", hint: "test.testsson~none" });
  assert.equal(ran.code, 0, ran.err);
});

test("the keeper has counted each refusal by its error", async () => {
  const told = await installation.staff("bjuv", "status");
  const wanted = new Map<string, number>();
  for (const error of ["NOT_STAFF", "LEVEL_TOO_LOW", "DEVICE_BOUND", ...Object.values(faults)]) {
    wanted.set(error, (wanted.get(error) ?? 0) + 1);
  }
  for (const [error, count] of wanted) assert.match(told, new RegExp(`\\b${error}\\b\\D*${count}\\b`), `${error} in ${told}`);
});

/** A conversation that a caseworker has taken on another device than `second`, which has not been given its key. */
async function takenElsewhere(name: string): Promise<{ room: string; second: Device }> {
  const citizen = new Device(installation, `${name}-citizen`, "bjuv", "test.testsson", "citizen");
  const [first, second] = [1, 2].map((number) => new Device(installation, `${name}-staff-${number}`, "bjuv", "bjuv.handlaggare", "staff")) as [Device, Device];
  for (const device of [citizen, first, second]) await device.login();
  const room = await citizen.newRoom("Det tar tid", "Hej, är det någon där?");
  await first.take(room);
  return { room, second };
}

test("a key that was asked for while the keeper was away for a moment is asked for again soon", async () => {
  const { room, second } = await takenElsewhere("away");
  await installation.stopKeeper("bjuv");
  // Less than half a minute, after which it would be asked for again in any case.
  const sending = second.run(["send", room, "Från min andra enhet", "--timeout", "28"], { patience: 90_000 });
  // By then it has been told that no keeper is there.
  await pause(3_000);
  await installation.startKeeper("bjuv");
  const sent = await sending;
  assert.equal(sent.code, 0, sent.err);
});

test("who writes on a device without the room's key waits for it, also when the keeper takes its time", async () => {
  const { room, second } = await takenElsewhere("slow");
  const keeper = installation.keeperPid("bjuv");
  process.kill(keeper, "SIGSTOP");
  const sending = second.run(["send", room, "Från min andra enhet"], { patience: 90_000 });
  // Longer than what is read is held back for its key.
  await pause(8_000);
  process.kill(keeper, "SIGCONT");
  const sent = await sending;
  assert.equal(sent.code, 0, sent.err);
});
