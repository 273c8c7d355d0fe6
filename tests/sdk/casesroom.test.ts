// A case's room for its employees alone, against the real host and keeper: who is in it follows from who is in the case's
// conversations, and no citizen ever is.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { caseRoomContent } from "../../client-sdk/web/sdk/staffcase.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-case-"));
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
const members = (seat: Seat) => seat.client.room(own)?.members.filter(({ role }) => role !== "keeper").map(({ person }) => person);
const refused = (seat: Seat) => seat.client.room(own)?.items.filter((item) => item.refused !== undefined);

async function begun(seat: Seat, title: string): Promise<string> {
  const room = await seat.client.open(crypto.randomUUID(), title, "Hej!");
  await eventually("queued", async () => worker.client.session?.queue.some((row) => row.room === room));
  await worker.client.take(room);
  return room;
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
});

after(async () => {
  for (const seat of [mother, father, worker, colleague]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("an employee opens it for a conversation, and it stays recorded and theirs alone", async () => {
  own = await worker.client.openStaffRoom(crypto.randomUUID(), first);
  worker.client.watch(own);
  await worker.client.send(crypto.randomUUID(), own, "Ring skolan först.");
  await eventually("recorded", async () => (worker.client.room(own)?.coveredSeq ?? 0) >= 5);
  assert.deepEqual(refused(worker), []);
  assert.deepEqual(summary(worker, own)?.caseRooms, [first]);
  assert.equal(summary(worker, own)?.title, "Skolan");
  assert.deepEqual(members(worker), [me(worker)]);
  assert.equal(summary(mother, own), undefined);
  assert.equal(worker.client.session?.queue.some((row) => row.room === own), false, "it waits in no queue");
});

test("no citizen opens one, and none is about another, or about what there is not", async () => {
  await refuses(mother.client.openStaffRoom(crypto.randomUUID(), first), "MAY_NOT");
  await refuses(worker.client.openStaffRoom(crypto.randomUUID(), own), "MAY_NOT");
  await refuses(worker.client.openStaffRoom(crypto.randomUUID(), "ab".repeat(32)), "ROOM_UNKNOWN");
  await refuses(mother.client.addToCase(crypto.randomUUID(), own, first), "MAY_NOT");
});

test("who is in no conversation that is named, or names one with nobody, has the keeper name nothing", async () => {
  const hers = await colleague.client.open(crypto.randomUUID(), "Ensam", "Hej?");
  await eventually("recorded", async () => (colleague.client.session?.rooms.find((row) => row.room === hers)?.isUnborn) === false);
  const planted = await colleague.client.openStaffRoom(crypto.randomUUID(), hers);
  colleague.client.watch(planted);
  await eventually("its opening", async () => (colleague.client.room(planted)?.coveredSeq ?? 0) >= 5);
  // A client that does not keep to the rules asks for a conversation that its person is not in.
  const { enrum } = colleague.engine;
  const room = enrum.rooms.get(planted);
  assert.ok(room !== undefined);
  const content = caseRoomContent({ id: bytesOfHex(first), fold: room.fold } as never, ROLES.STAFF);
  await enrum.turn(() => enrum.outbox.put(crypto.randomUUID(), room, { class: "RECORD", open: { cause: new Uint8Array(0), blobs: new Uint8Array(0) }, content }, ""));
  await eventually("recorded", async () => (colleague.client.room(planted)?.coveredSeq ?? 0) >= 7);
  const named = colleague.client.room(planted)?.items.filter(({ what, author }) => what.kind === "caseRoom" && author.role === "keeper");
  assert.deepEqual(named, []);
  assert.equal(summary(worker, planted), undefined);
  assert.deepEqual(colleague.client.room(planted)?.members.filter(({ role }) => role !== "keeper").map(({ person }) => person), [me(colleague)]);
});

test("another conversation of the case is added to it", async () => {
  await worker.client.addToCase(crypto.randomUUID(), own, second);
  await eventually("both", async () => summary(worker, own)?.caseRooms?.length === 2);
  assert.deepEqual(summary(worker, own)?.caseRooms, [first, second]);
});

test("a colleague who comes to one of the conversations is in it, and reads what was written before", async () => {
  await worker.client.addColleague(second, me(colleague), "Vi är två.");
  await eventually("in it", async () => summary(colleague, own)?.caseRooms?.length === 2);
  colleague.client.watch(own);
  await eventually("what was written", async () => texts(colleague, own).includes("Ring skolan först."));
  await colleague.client.send(crypto.randomUUID(), own, "Det gör jag.");
  await eventually("an answer", async () => texts(worker, own).includes("Det gör jag."));
  assert.deepEqual(refused(worker), []);
});

test("nobody is let into it, or out of it, in any other way", async () => {
  await refuses(worker.client.invite(own, { capacity: "OMBUD", name: "Test Ombudsson", hasHistory: true, until: 0, why: "" }), "ROOM_UNKNOWN");
  await refuses(worker.client.addColleague(own, me(mother), ""), "ROOM_UNKNOWN");
  await refuses(worker.client.handOver(own, undefined, "Jag slutar."), "ROOM_UNKNOWN");
  await refuses(worker.client.endAccess(own, me(colleague), "LEFT"), "ROOM_UNKNOWN");
});

test("whoever leaves the last of the conversations leaves it, with a key that they have not", async () => {
  await worker.client.handOver(first, me(colleague), "Jag går på ledighet.");
  await eventually("the colleague has the first", async () => summary(colleague, first) !== undefined);
  assert.ok(members(colleague)?.includes(me(worker)), "the second is theirs still");
  await worker.client.handOver(second, undefined, "Jag går på ledighet.");
  await eventually("out", async () => summary(worker, own) === undefined);
  await eventually("the colleague alone", async () => JSON.stringify(members(colleague)) === JSON.stringify([me(colleague)]));
  const before = colleague.client.room(own)?.items.length ?? 0;
  await colleague.client.send(crypto.randomUUID(), own, "Nu är det jag.");
  await eventually("written", async () => (colleague.client.room(own)?.items.length ?? 0) > before && texts(colleague, own).includes("Nu är det jag."));
  assert.deepEqual(refused(colleague), []);
});

test("who comes back to a conversation comes back to it", async () => {
  await colleague.client.addColleague(first, me(worker), "Välkommen tillbaka.");
  await eventually("back", async () => summary(worker, own)?.isLocked === false);
  await eventually("what was written meanwhile", async () => texts(worker, own).includes("Nu är det jag."));
});
