// A conversation is taken out of a case again, against the real host and keeper: who is in the staff room follows, what may not be is
// answered and stays undone; and two staff rooms that were opened for one conversation at the same moment.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { contentOf, slip } from "../adversary/forger.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-caseout-"));
let installation: Installation;
let mother: Seat;
let father: Seat;
let worker: Seat;
let colleague: Seat;
let first: string;
let second: string;
let own: string;

const refuses = (what: Promise<unknown>, code: string) => assert.rejects(what, { code });
const me = (seat: Seat) => seat.client.session?.me?.person ?? "";
const texts = (seat: Seat, room: string) => seat.client.room(room)?.items.flatMap(({ what }) => what.kind === "message" ? [what.text] : []) ?? [];
const summary = (seat: Seat, room: string) => seat.client.session?.rooms.find((row) => row.room === room && !row.isDenied);
const items = (seat: Seat) => seat.client.room(own)?.items ?? [];
const members = (seat: Seat) => seat.client.room(own)?.members.filter(({ role }) => role !== "keeper").map(({ person }) => person) ?? [];
const rooms = () => JSON.stringify(summary(worker, own)?.caseRooms);

/** What the keeper has said of the case's conversations, in order. */
const words = () => items(worker).flatMap(({ what, author }) => author.role === "keeper" && (what.kind === "caseRoom" || what.kind === "caseRoomOut") ? [`${what.kind} ${what.title}`] : []);

async function begun(seat: Seat, title: string): Promise<string> {
  const room = await seat.client.open(crypto.randomUUID(), title, "Hej!");
  await eventually("queued", async () => worker.client.session?.queue.some((row) => row.room === room));
  await worker.client.take(room);
  return room;
}

/** As a client asks that does not keep to the rules. */
function askOut(seat: Seat, room: string): Promise<number> {
  const body = { room: bytesOfHex(room), by: bytesOfHex(me(seat)), text: "Bort." };
  return slip(seat, own, { class: "RECORD", open: { cause: new Uint8Array(0), blobs: new Uint8Array(0) }, content: contentOf("CASE_ROOM_OUT", ROLES.STAFF, body) });
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  [mother, father, worker, colleague] = await Promise.all((["citizen", "citizen", "staff", "staff"] as const).map((role) => Seat.take(installation, { role }))) as [Seat, Seat, Seat, Seat];
  await mother.login("test.foralder");
  await father.login("test.testsson");
  await worker.login("bjuv.handlaggare");
  await colleague.login("bjuv.handlaggare2");
  first = await begun(mother, "Skolan");
  second = await begun(father, "Boendet");
  own = await worker.client.openStaffRoom(crypto.randomUUID(), first);
  worker.client.watch(own);
  await worker.client.send(crypto.randomUUID(), own, "Ring skolan först.");
  await eventually("named", async () => words().length === 1);
});

after(async () => {
  for (const seat of [mother, father, worker, colleague]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the last conversation stays, whoever asks", async () => {
  await refuses(worker.client.takeOutOfCase(crypto.randomUUID(), own, first, "Fel."), "MAY_NOT");
  await askOut(worker, first);
  await eventually("the keeper's answer", async () => words().length === 2);
  assert.deepEqual(words(), ["caseRoom Skolan", "caseRoom Skolan"]);
  assert.equal(rooms(), JSON.stringify([first]));
  assert.deepEqual(members(worker), [me(worker)]);
});

test("what was answered is not done when another conversation comes; who is in that one alone is in the case by it", async () => {
  await worker.client.addColleague(second, me(colleague), "Vi är två.");
  await worker.client.addToCase(crypto.randomUUID(), own, second);
  await eventually("both, and the colleague", async () => words().length === 3 && members(worker).includes(me(colleague)));
  colleague.client.watch(own);
  await eventually("what was written before", async () => texts(colleague, own).includes("Ring skolan först."));
  assert.equal(rooms(), JSON.stringify([first, second]));
});

test("nobody takes out the one by which alone they are in the case", async () => {
  await refuses(colleague.client.takeOutOfCase(crypto.randomUUID(), own, second, "Vill inte."), "MAY_NOT");
  await askOut(colleague, second);
  await eventually("the keeper's answer", async () => words().length === 4);
  assert.equal(words().at(-1), "caseRoom Boendet");
  assert.equal(rooms(), JSON.stringify([first, second]));
});

test("no citizen asks, and not for what is not of the case", async () => {
  await refuses(mother.client.takeOutOfCase(crypto.randomUUID(), own, second, ""), "MAY_NOT");
  await refuses(worker.client.takeOutOfCase(crypto.randomUUID(), own, own, ""), "ROOM_UNKNOWN");
  await refuses(worker.client.takeOutOfCase(crypto.randomUUID(), second, first, ""), "ROOM_UNKNOWN");
});

test("one that was added by mistake is taken out: its employees are out, with a key that they have not, and the reason stands there", async () => {
  const generations = items(worker).filter(({ what }) => what.kind === "generation").length;
  await worker.client.takeOutOfCase(crypto.randomUUID(), own, second, "Hör till ett annat ärende.");
  await eventually("out of the case", async () => rooms() === JSON.stringify([first]));
  await eventually("the colleague is out", async () => JSON.stringify(members(worker)) === JSON.stringify([me(worker)]));
  await eventually("for the colleague, too", async () => summary(colleague, own) === undefined);
  assert.equal(items(worker).filter(({ what }) => what.kind === "generation").length, generations + 1);
  const out = items(worker).find(({ what, author }) => what.kind === "caseRoomOut" && author.role === "keeper");
  assert.deepEqual(out?.what, { kind: "caseRoomOut", title: "Boendet", why: "Hör till ett annat ärende." });
  await worker.client.send(crypto.randomUUID(), own, "Nu är det bara jag.");
  await eventually("recorded", async () => texts(worker, own).includes("Nu är det bara jag."));
  assert.deepEqual(items(worker).filter((item) => item.refused !== undefined), []);
  assert.ok(!texts(colleague, own).includes("Nu är det bara jag."));
  assert.ok(summary(colleague, second) !== undefined && summary(father, second) !== undefined, "the conversation is what it was");
  assert.equal(father.client.session?.rooms.some(({ room }) => room === own), false);
});

test("it may be added again, and its employees read all of it again", async () => {
  await worker.client.addToCase(crypto.randomUUID(), own, second);
  await eventually("back", async () => summary(colleague, own)?.caseRooms?.length === 2);
  await eventually("what was written meanwhile", async () => texts(colleague, own).includes("Nu är det bara jag."));
  assert.equal(rooms(), JSON.stringify([first, second]));
  assert.equal(words().at(-1), "caseRoom Boendet");
});

test("two who open a staff room for one conversation each are both in both", async () => {
  const opened = await Promise.all([worker, colleague].map((seat) => seat.client.openStaffRoom(crypto.randomUUID(), second)));
  for (const seat of [worker, colleague]) {
    await eventually("all three", async () => [own, ...opened].every((room) => summary(seat, room)?.caseRooms?.includes(second)));
  }
});
