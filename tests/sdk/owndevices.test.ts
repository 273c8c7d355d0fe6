// Where a person is logged in, against the real host and keeper, from browsers and from a shell: each device is what it said that it
// is, its person is told and nobody else, and a keeper that has lost its database knows it from the log.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DEVICE_BROWSERS, DEVICE_TYPES } from "../../client-sdk/web/protocol/devices.ts";
import { ROLES } from "../../client-sdk/web/protocol/tables.ts";
import type { DeviceWord, OwnDeviceView } from "../../client-sdk/web/sdk/view.ts";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const PHONE: DeviceWord = { type: DEVICE_TYPES.PHONE, browser: DEVICE_BROWSERS.CHROME };
const COMPUTER: DeviceWord = { type: DEVICE_TYPES.COMPUTER, browser: DEVICE_BROWSERS.FIREFOX };

const folder = mkdtempSync(join(tmpdir(), "enrum-owndevices-"));
const seats: Seat[] = [];
let installation: Installation;
let phone: Seat;
let computer: Seat;
/** Of before devices said what they are. */
let silent: Seat;
let shell: Device;

/** Which device each is, also when it has been logged out. */
const ids = new Map<Seat, string>();
const me = (seat: Seat) => ids.get(seat) as string;
const ofSeat = (rows: OwnDeviceView[], seat: Seat) => rows.find(({ device }) => device === me(seat));
const word = (row: OwnDeviceView | undefined) => row === undefined ? undefined : [row.type, row.browser, row.isBorrowed];

async function seat(persona: string, device?: DeviceWord, isShared = false): Promise<Seat> {
  const taken = await Seat.take(installation, { role: "citizen" });
  seats.push(taken);
  await taken.login(persona, { ...(device === undefined ? {} : { device }), isShared });
  ids.set(taken, taken.client.session?.me?.device ?? "");
  return taken;
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  phone = await seat("test.foralder", PHONE);
  computer = await seat("test.foralder", COMPUTER, true);
  silent = await seat("test.foralder");
  shell = new Device(installation, "shell", "bjuv", "test.foralder", "citizen");
  await shell.login();
});

after(async () => {
  for (const taken of seats) await taken.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("each device is what it said that it is, though no room shows any of them", async () => {
  const rows = await phone.client.ownDevices();
  assert.equal(rows.length, 4);
  assert.deepEqual(word(ofSeat(rows, phone)), [DEVICE_TYPES.PHONE, DEVICE_BROWSERS.CHROME, false]);
  assert.deepEqual(word(ofSeat(rows, computer)), [DEVICE_TYPES.COMPUTER, DEVICE_BROWSERS.FIREFOX, true]);
  assert.deepEqual(word(ofSeat(rows, silent)), [0, 0, false]);
  assert.deepEqual(word(rows.at(-1)), [DEVICE_TYPES.PROGRAM, 0, false]);
  for (const { loggedInAt, usedAt, isOut, level } of rows) {
    assert.ok(Math.abs(loggedInAt - Date.now()) < 600_000 && usedAt === loggedInAt);
    assert.deepEqual([isOut, level], [false, 3]);
  }
});

test("somebody else is told of their own alone", async () => {
  const other = await seat("test.testsson", PHONE);
  assert.deepEqual((await other.client.ownDevices()).map(({ device }) => device), [me(other)]);
});

test("a prolonged login says that it was in use, and is what it was", async () => {
  const before = ofSeat(await computer.client.ownDevices(), phone)!;
  await phone.engine.enrum.ask({ kind: "RENEW", body: { role: ROLES.CITIZEN } });
  const after = ofSeat(await computer.client.ownDevices(), phone)!;
  assert.ok(after.usedAt > before.usedAt);
  assert.deepEqual({ ...after, usedAt: 0 }, { ...before, usedAt: 0 });
});

test("one that is logged out is told so, from the pages and from a shell", async () => {
  await phone.client.logOutDevice(me(silent));
  assert.equal(ofSeat(await phone.client.ownDevices(), silent)?.isOut, true);
  const out = await shell.must(["devices"]);
  const line = (of: Seat) => out.split("\n").find((one) => one.startsWith(me(of)));
  assert.match(line(phone) ?? "", /^\w{64} {2}phone, Chrome {2}logged in 20\d\d-.* in use as late as 20\d\d-[^[]*$/);
  assert.match(line(computer) ?? "", /computer, Firefox, borrowed/);
  assert.match(line(silent) ?? "", / {2}device {2}.*\[logged out\]$/);
  assert.match(out, / {2}program {2}.*\[this one\]$/m);
  assert.match(await shell.must(["devices", "out", me(computer).slice(0, 12)]), new RegExp(`^${me(computer)}.*\\[logged out\\]$`, "m"));
  await eventually("put out", async () => computer.client.session?.login === "out");
  assert.equal((await shell.run(["devices", "out", "00000000"])).code, 2);
});

test("a keeper that has lost its database tells the same", async () => {
  const before = await phone.client.ownDevices();
  await installation.stopKeeper("bjuv");
  installation.forgetKeeperDatabase("bjuv");
  await installation.startKeeper("bjuv");
  const again = await eventually("told again", () => phone.client.ownDevices().catch(() => undefined));
  assert.deepEqual(again, before);
});
