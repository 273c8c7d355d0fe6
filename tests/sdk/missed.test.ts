// Whoever was rung and missed it is let in unasked for a while, and then knocks as anybody does: against the real server, by a clock
// that the test moves.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { systemClock, type Clock } from "../../client-sdk/web/sdk/environment.ts";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Frames } from "./frames.ts";
import { Seat } from "./seat.ts";

const MINUTE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), "enrum-missed-"));
let installation: Installation;
let citizen: Seat;
let worker: Seat;
let room: string;
/** How much later it is for the caseworker's device. */
let later = 0;
const clock: Clock = { ...systemClock, monoMs: () => systemClock.monoMs() + later };

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  citizen = await Seat.take(installation, { role: "citizen" });
  worker = await Seat.take(installation, { role: "staff", clock });
  await citizen.login("test.testsson");
  await worker.login("bjuv.handlaggare");
  room = await citizen.client.open(crypto.randomUUID(), "Ett samtal", "Hej");
  citizen.client.watch(room);
  await eventually("the queue", async () => worker.client.session?.queue.some((queued) => queued.room === room));
  await worker.client.take(room);
  worker.client.watch(room);
  await worker.room(room, ({ isLocked, items }) => !isLocked && items.length > 3);
});

after(async () => {
  await citizen?.close();
  await worker?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function come(seat: Seat): Promise<void> {
  const media = crypto.randomUUID();
  seat.engine.mediaAdd(media, new Frames());
  await seat.client.callJoin(media, room);
}

const phase = (seat: Seat) => seat.client.session?.call?.phase;
const is = (seat: Seat, wanted: string) => eventually(`${wanted}, and not ${phase(seat)}`, async () => phase(seat) === wanted);

/** The caseworker begins, and rings; the citizen hears it. */
async function ring(): Promise<void> {
  await come(worker);
  await is(worker, "in");
  await worker.client.callRing([citizen.client.session?.me?.person ?? ""]);
  await eventually("it rings", async () => citizen.client.session?.rings.some(({ state }) => state === "ringing"));
}

async function hangUp(): Promise<void> {
  for (const seat of [citizen, worker]) {
    if (phase(seat) !== "over") await seat.client.callLeave(false);
    await seat.client.callDismiss();
  }
  await eventually("no call", async () => [citizen, worker].every(({ client: { session } }) => session?.call === undefined && session?.rings.every(({ state }) => state === "missed")));
}

test("who comes some minutes after the ring is let in, and so again when they come back much later", async () => {
  await ring();
  later += 5 * MINUTE_MS;
  await come(citizen);
  await is(citizen, "in");
  await citizen.client.callLeave(false);
  await citizen.client.callDismiss();
  later += 60 * MINUTE_MS;
  await come(citizen);
  await is(citizen, "in");
  await hangUp();
});

test("who comes later than that waits until the caseworker lets them in", async () => {
  await ring();
  later += 6 * MINUTE_MS;
  await come(citizen);
  await is(citizen, "waiting");
  const knocking = await eventually("a knock", async () => worker.client.session?.call?.people.find(({ state }) => state === "waiting"));
  // What the caseworker's device looks at again by itself it has looked at.
  later += MINUTE_MS;
  await worker.client.callPresence({ voice: true });
  assert.equal(phase(citizen), "waiting");
  await worker.client.callAdmit(knocking.participant);
  await is(citizen, "in");
  await hangUp();
});
