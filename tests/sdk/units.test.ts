// A queue for each unit, against the real host and keeper: whom a citizen means, a conversation that is handed over to another unit
// and loses nobody, and an employee who changes units.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const FURTHER = "Ekonomiskt bistånd";
const folder = mkdtempSync(join(tmpdir(), "enrum-units-"));
let installation: Installation;
let citizen: Seat;
/** Two of the first unit, one of the other. */
let worker: Seat;
let head: Seat;
let other: Seat;

const me = (seat: Seat) => seat.client.session?.me?.person ?? "";
const refuses = (what: Promise<unknown>, code: string) => assert.rejects(what, { code });
const rowOf = (seat: Seat, room: string) => seat.client.session?.queue.find((row) => row.room === room);
const waits = (seat: Seat, room: string) => eventually("waiting", async () => rowOf(seat, room) !== undefined && rowOf(seat, room)?.takenBy === undefined);
const summary = (seat: Seat, room: string) => seat.client.session?.rooms.find((row) => row.room === room);
const whats = (seat: Seat, room: string) => seat.client.room(room)?.items.map(({ what }) => what) ?? [];
const texts = (seat: Seat, room: string) => whats(seat, room).flatMap((what) => what.kind === "message" ? [what.text] : []);
const say = (seat: Seat, room: string, text: string) => seat.client.send(crypto.randomUUID(), room, text);

async function unitNamed(name: string): Promise<string> {
  const found = (await worker.client.units()).find((unit) => unit.name === name);
  assert.ok(found !== undefined);
  return found.unit;
}

async function begin(seat: Seat, title: string, unit?: string): Promise<string> {
  const room = await seat.client.open(crypto.randomUUID(), title, "Hej!", "sv", unit);
  seat.client.watch(room);
  return room;
}

async function take(seat: Seat, room: string): Promise<void> {
  await waits(seat, room);
  await seat.client.take(room);
  seat.client.watch(room);
  await eventually("its words", async () => texts(seat, room).includes("Hej!"));
}

async function staffSeat(persona: string): Promise<Seat> {
  const seat = await Seat.take(installation, { role: "staff" });
  await seat.login(persona);
  return seat;
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"], units: { [FURTHER]: ["bjuv.handlaggare2"] } });
  [worker, head, other] = await Promise.all(["bjuv.handlaggare", "bjuv.chef", "bjuv.handlaggare2"].map(staffSeat)) as [Seat, Seat, Seat];
  citizen = await Seat.take(installation, { role: "citizen" });
  await citizen.login("test.testsson");
});

after(async () => {
  for (const seat of [citizen, worker, head, other]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the keeper says which units there are, and an employee which is theirs", async () => {
  const names = (units: { name: string; isMine: boolean }[]) => units.map(({ name, isMine }) => [name, isMine]);
  assert.deepEqual(names(await citizen.client.units()), [["Mottagningen", false], [FURTHER, false]]);
  await eventually("their own", async () => (await other.client.units()).some(({ isMine }) => isMine));
  assert.deepEqual(names(await other.client.units()), [["Mottagningen", false], [FURTHER, true]]);
});

test("a conversation stands in the queue of the unit that the citizen means, and in no other", async () => {
  const meant = await begin(citizen, "Hyran", await unitNamed(FURTHER));
  await take(other, meant);
  const unnamed = await begin(citizen, "Skolan");
  await waits(worker, unnamed);
  assert.equal(rowOf(worker, meant), undefined);
  assert.equal(rowOf(other, unnamed), undefined);
  await refuses(other.client.take(unnamed), "ROOM_UNKNOWN");
  await refuses(worker.client.take(meant), "ROOM_UNKNOWN");
});

test("handed over to another unit it waits there with its history, and nobody of the old one reads on", async () => {
  const room = await begin(citizen, "Pengar till mat");
  await take(worker, room);
  await worker.client.addColleague(room, me(head), "Vi hjälps åt.");
  head.client.watch(room);
  await eventually("the colleague reads", async () => texts(head, room).includes("Hej!"));
  await worker.client.moveToUnit(room, await unitNamed(FURTHER), "Det gäller försörjningen.");
  await eventually("out", async () => summary(worker, room)?.isDenied === true && summary(head, room)?.isDenied === true);
  await eventually("gone from the old queue", async () => rowOf(worker, room) === undefined && rowOf(head, room) === undefined);
  await say(citizen, room, "Är det någon där?");
  await take(other, room);
  await eventually("all of it", async () => texts(other, room).length === 2);
  await say(other, room, "Ja, jag.");
  await eventually("the answer", async () => texts(citizen, room).includes("Ja, jag."));
  assert.deepEqual([texts(worker, room).length, texts(head, room).length], [1, 1], "what was written since is not theirs");
  const moved = whats(citizen, room).find((what) => what.kind === "moved");
  assert.deepEqual([moved?.name, moved?.by.person, moved?.why], [FURTHER, me(worker), "Det gäller försörjningen."]);
  const gone = whats(citizen, room).flatMap((what) => what.kind === "access" && !what.isGiven ? [what.person.person] : []);
  assert.deepEqual(new Set(gone), new Set([me(worker), me(head)]));
  const grounds = whats(citizen, room).flatMap((what) => what.kind === "removed" ? [what.ground] : []);
  assert.deepEqual(grounds, ["HANDED_OVER", "HANDED_OVER"]);
  await refuses(head.client.take(room), "ROOM_UNKNOWN");
});

test("of everybody who goes with it the journal says so, also of more than one append names", async () => {
  const room = await begin(citizen, "Många");
  await take(worker, room);
  const names = Array.from({ length: 7 }, (_, i) => `Test Kollega ${i}`);
  for (const [i, name] of names.entries()) await installation.staff("bjuv", "add", "--identity", `bjuv.kollega${i}`, "--name", name);
  for (const name of names) {
    const colleague = await eventually(name, async () => worker.client.session?.colleagues.find((one) => one.name === name));
    await worker.client.addColleague(room, colleague.person, "Vi hjälps åt.");
  }
  await worker.client.moveToUnit(room, await unitNamed(FURTHER), "Det gäller försörjningen.");
  const ended = () => whats(citizen, room).flatMap((what) => what.kind === "access" && !what.isGiven ? [what] : []);
  await eventually("all of them", async () => ended().length === names.length + 1);
  assert.deepEqual(new Set(ended().map(({ person }) => person.name)).size, names.length + 1);
  assert.deepEqual(new Set(ended().map(({ by }) => by?.person)), new Set([me(worker)]));
  const grounds = whats(citizen, room).flatMap((what) => what.kind === "removed" ? [what.ground] : []);
  assert.deepEqual(grounds, Array.from({ length: names.length + 1 }, () => "HANDED_OVER"));
  assert.equal(whats(citizen, room).filter(({ kind }) => kind === "generation").length, 2);
});

test("a keeper that has forgotten everything still knows whose it is: given back, it waits in the new unit", async () => {
  const room = await begin(citizen, "Hemhjälp");
  await take(worker, room);
  await worker.client.moveToUnit(room, await unitNamed(FURTHER), "Hör hemma där.");
  await take(other, room);
  await installation.stopKeeper("bjuv");
  installation.forgetKeeperDatabase("bjuv");
  await installation.startKeeper("bjuv");
  await eventually("given back", () => other.client.handOver(room, undefined, "Jag slutar.").then(() => true, () => false));
  await waits(other, room);
  assert.equal(rowOf(worker, room), undefined);
  await other.client.take(room);
  await other.client.moveToUnit(room, await unitNamed("Mottagningen"), "Det gick runt.");
  await take(worker, room);
  await eventually("gone from there", async () => rowOf(other, room) === undefined);
  assert.equal(whats(citizen, room).filter(({ kind }) => kind === "moved").length, 2);
});

test("only somebody who is in the conversation hands it over, to a unit that there is, with a reason", async () => {
  const unit = await unitNamed(FURTHER);
  const room = await begin(citizen, "Skulder");
  await take(worker, room);
  await refuses(head.client.moveToUnit(room, unit, "Jag vill."), "ROOM_UNKNOWN");
  await refuses(other.client.moveToUnit(room, unit, "Hit!"), "ROOM_UNKNOWN");
  await refuses(citizen.client.moveToUnit(room, unit, "Dit."), "MAY_NOT");
  await refuses(worker.client.moveToUnit(room, "ab".repeat(32), "Någonstans."), "UNIT_UNKNOWN");
  await refuses(worker.client.moveToUnit(room, room, "Sig själv."), "UNIT_UNKNOWN");
  await refuses(worker.client.moveToUnit(room, await unitNamed("Mottagningen"), "Hit igen."), "MAY_NOT");
  await refuses(worker.client.moveToUnit(room, unit, ""), "MALFORMED");
  assert.deepEqual(whats(citizen, room).filter(({ kind }) => kind === "moved"), []);
});

test("an employee who changes units leaves the old queue, keeps their conversations, and what they began stays with its unit", async () => {
  const begun = await begin(head, "Efter besöket");
  await eventually("whose it is", async () => rowOf(worker, begun)?.takenBy?.person === me(head));
  const held = await begin(citizen, "Boende");
  await take(head, held);
  await installation.staff("bjuv", "move", "--identity", "bjuv.chef", "--unit", FURTHER);
  const unnamed = await begin(citizen, "Något annat");
  await waits(worker, unnamed);
  await eventually("the other queue", async () => head.client.session?.colleagues.some(({ person }) => person === me(other)));
  assert.equal(rowOf(head, unnamed), undefined);
  assert.equal(head.client.session?.colleagues.some(({ person }) => person === me(worker)), false);
  await refuses(head.client.take(unnamed), "ROOM_UNKNOWN");
  assert.ok(rowOf(worker, begun) !== undefined && rowOf(other, begun) === undefined, "where it was begun");
  await refuses(head.client.addColleague(held, me(other), "Min nya kollega."), "NOT_STAFF");
  await refuses(head.client.handOver(held, me(other), "Till min nya kollega."), "NOT_STAFF");
  await refuses(head.client.addColleague(begun, me(other), "Min nya kollega."), "NOT_STAFF");
  await head.client.addColleague(begun, me(worker), "Den är er.");
  worker.client.watch(begun);
  await eventually("those whose it is", async () => texts(worker, begun).includes("Hej!"));
  await say(head, held, "Jag är kvar.");
  await eventually("they answer still", async () => texts(citizen, held).includes("Jag är kvar."));
  await eventually("where they are now", async () => citizen.client.room(held)?.members.some(({ person, unit }) => person === me(head) && unit === FURTHER));
  await head.client.handOver(held, me(worker), "Bytt enhet.");
  await eventually("theirs from now on", async () => rowOf(worker, held)?.takenBy?.person === me(worker));
  await worker.client.handOver(begun, undefined, "Vi släpper den.");
  await head.client.handOver(begun, undefined, "Bytt enhet.");
  await waits(worker, begun);
});

test("whoever has changed units takes a conversation along, and colleagues of the old one are out", async () => {
  const room = await begin(citizen, "Arbete");
  await take(worker, room);
  await installation.staff("bjuv", "move", "--identity", "bjuv.chef", "--unit", "Mottagningen");
  await worker.client.addColleague(room, me(head), "Vi hjälps åt.");
  head.client.watch(room);
  await eventually("the colleague reads", async () => texts(head, room).includes("Hej!"));
  await installation.staff("bjuv", "move", "--identity", "bjuv.chef", "--unit", FURTHER);
  await head.client.moveToUnit(room, await unitNamed(FURTHER), "Följer med mig.");
  await eventually("out", async () => summary(worker, room)?.isDenied === true);
  await eventually("theirs, in the new queue", async () => rowOf(other, room)?.takenBy?.person === me(head));
  // Whoever has not heard the answer asks once more: it is done, once.
  await head.client.moveToUnit(room, await unitNamed(FURTHER), "Följer med mig.");
  assert.equal(whats(citizen, room).filter(({ kind }) => kind === "moved").length, 1);
  await head.client.addColleague(room, me(other), "Vi är två nu.");
  await refuses(other.client.moveToUnit(room, await unitNamed(FURTHER), "Hit."), "MAY_NOT");
  await say(head, room, "Nu är vi här.");
  await eventually("the words", async () => texts(citizen, room).includes("Nu är vi här."));
});
