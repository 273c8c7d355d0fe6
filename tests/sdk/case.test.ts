// What staff write beside messages, through the real server and keeper: told to the citizen as it was written, recorded, read by
// the command line, and never written by whom the table does not let.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import type { Writing } from "../../client-sdk/web/sdk/casebody.ts";
import { journeyOf } from "../../client-sdk/web/sdk/journey.ts";
import type { RoomView } from "../../client-sdk/web/sdk/view.ts";
import { wayOf } from "../../client-sdk/web/sdk/way.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), "enrum-case-"));
let installation: Installation;
let citizen: Seat;
let worker: Seat;
let room: string;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  citizen = await Seat.take(installation, { role: "citizen" });
  worker = await Seat.take(installation, { role: "staff" });
  await citizen.login("test.foralder");
  await worker.login("bjuv.handlaggare");
  room = await citizen.client.open(crypto.randomUUID(), "Oro", "Jag är orolig för grannens barn.");
  citizen.client.watch(room);
  await eventually("the queue", async () => worker.client.session?.queue.find((queued) => queued.room === room));
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

const write = (seat: Seat, writing: Writing) => seat.client.write(crypto.randomUUID(), room, writing, "sv");
const journey = ({ items }: RoomView) => journeyOf(items, items[0]?.receivedAt ?? 0);
const seqOf = (view: RoomView, text: string) => view.items.find(({ what }) => "text" in what && what.text === text)?.seq ?? 0;
const isRecorded = (seat: Seat, text: string) =>
  seat.room(room, (view) => seqOf(view, text) > 0 && seqOf(view, text) <= view.coveredSeq && view.items.find(({ seq }) => seq === seqOf(view, text))?.refused === undefined, `${text}: recorded`);

const happened = Date.UTC(2026, 10, 20, 9, 30);
const written: Writing[] = [
  { kind: "note", text: "Modern har ringt." },
  { kind: "decision", text: "Utredning inleds inte." },
  { kind: "contact", text: "Hon vill ha hjälp.", channel: "TELEPHONE", isOutgoing: false, people: "Mamman", at: happened },
  { kind: "step", text: "Vi ringer dig.", matter: "CHILD", stage: "ASSESSMENT", byWhen: happened, byWhom: "Testina" },
  { kind: "step", text: "Vi har börjat.", matter: "CHILD", stage: "INQUIRY", byWhen: 0, byWhom: "", opened: happened },
  { kind: "step", text: "Nej, vi ringer dig först.", matter: "CHILD", stage: "ASSESSMENT", byWhen: 0, byWhom: "" },
  { kind: "task", text: "Skicka hyresavin.", for: "citizen", due: 0, clock: undefined },
  { kind: "task", text: "Bedöm skyddsbehovet.", for: "staff", due: happened, clock: "PROTECTION" },
  { kind: "meeting", text: "Om skolan.", begins: happened, ends: happened + 3_600_000, isVideo: false, place: "Kontoret", people: "Du och Testina" },
  { kind: "extension", text: "Synnerliga skäl.", clock: "ASSESSMENT", until: happened + 30 * DAY_MS },
];

test("what staff write is told to the citizen as it was written, and recorded", async () => {
  for (const writing of written) await write(worker, writing);
  for (const { at = 0, ...what } of written) {
    const view = await isRecorded(citizen, what.text);
    const item = view.items.find(({ seq }) => seq === seqOf(view, what.text));
    assert.deepEqual(item?.what, what.kind === "note" || what.kind === "decision" ? { ...what, replySeq: 0 } : what);
    assert.equal(item?.eventTime, at);
    assert.equal(item?.language, "sv");
  }
});

test("a citizen's task is done by the citizen; a meeting is called off", async () => {
  const view = citizen.client.room(room) as RoomView;
  await write(citizen, { kind: "done", aboutSeq: seqOf(view, "Skicka hyresavin."), text: "" });
  await write(worker, { kind: "done", aboutSeq: seqOf(view, "Bedöm skyddsbehovet."), text: "Inget skyddsbehov." });
  await write(citizen, { kind: "cancelled", aboutSeq: seqOf(view, "Om skolan."), text: "Jag är sjuk." });
  for (const seat of [citizen, worker]) {
    const seen = await seat.room(room, (one) => journey(one).tasks.every(({ done }) => done !== undefined) && journey(one).meetings[0]?.cancelled !== undefined, "done");
    assert.equal(journey(seen).stage, "ASSESSMENT");
  }
});

test("nobody is let write what their role may not, nor about what is not there", async () => {
  for (const writing of written) await assert.rejects(write(citizen, writing), { code: "MAY_NOT" });
  await assert.rejects(write(worker, { kind: "cancelled", aboutSeq: 9_999, text: "" }), { code: "MALFORMED" });
  await assert.rejects(write(worker, { kind: "note", text: "" }), { code: "MALFORMED" });
});

test("staff see in their list who waits, and what is due first", async () => {
  const summary = () => worker.client.session?.rooms.find((one) => one.room === room);
  assert.equal(summary()?.deadline?.clock, "ASSESSMENT");
  assert.equal(summary()?.deadline?.due, happened + 30 * DAY_MS);
  await citizen.client.send(crypto.randomUUID(), room, "Hallå?");
  // What is answered before it has come is not answered.
  await worker.room(room, ({ items }) => items.some(({ what }) => "text" in what && what.text === "Hallå?"), "the words");
  const waits = await eventually("somebody waits", async () => summary()?.unansweredSince);
  await worker.client.send(crypto.randomUUID(), room, "Ja, här är jag.");
  await eventually("nobody waits", async () => summary()?.unansweredSince === undefined);
  assert.ok(waits > 0);
  assert.equal(citizen.client.session?.rooms[0]?.deadline, undefined, "a citizen's list has none");
});

test("a citizen's list is told which entries tell of the case, and what staff have written since the citizen wrote last", async () => {
  const wayTold = () => citizen.client.session?.rooms.find((one) => one.room === room)?.way;
  const before = await eventually("the way", async () => wayTold());
  const items = await citizen.client.way(room);
  assert.equal(before, items.map(({ seq }) => seq).join());
  assert.deepEqual(items.map(({ what }) => what.kind), ["step", "step", "step", "task", "task", "meeting", "extension", "done", "done", "cancelled", "message"]);
  const own = journey(citizen.client.room(room) as RoomView);
  const way = wayOf(items);
  assert.deepEqual([way.stage, way.tasks.map(({ done }) => done?.seq), way.meetings[0]?.cancelled?.seq], [own.stage, own.tasks.map(({ done }) => done?.seq), own.meetings[0]?.cancelled?.seq]);
  await citizen.client.send(crypto.randomUUID(), room, "Tack.");
  await eventually("the answer ends what was asked", async () => wayTold() !== before && wayTold() === before.split(",").slice(0, -1).join());
  assert.equal(worker.client.session?.rooms.find((one) => one.room === room)?.way, undefined, "an employee's list has none");
});

test("the command line names and shows each of them", async () => {
  const cli = new Device(installation, "cli", "bjuv", "test.foralder", "citizen");
  await cli.login();
  const lines = (await cli.must(["read", room, "--json"])).trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  const of = (kind: string) => lines.find((line) => line["kind"] === kind);
  assert.deepEqual(["contact", "step", "task", "task_done", "meeting", "cancelled", "extension"].filter((kind) => of(kind) === undefined), []);
  const { channel, direction, people, event_time: at, text } = of("contact") as Record<string, unknown>;
  assert.deepEqual([channel, direction, people, at, text], ["telephone", 1, "Mamman", happened, "Hon vill ha hjälp."]);
  assert.deepEqual([of("step")?.["matter"], of("step")?.["stage"], of("step")?.["by_whom"]], ["child", "assessment", "Testina"]);
  assert.deepEqual([of("task")?.["for"], of("meeting")?.["place"], of("extension")?.["clock"]], ["citizen", "Kontoret", "assessment"]);
  assert.equal(of("task_done")?.["about"], of("task")?.["seq"]);
  const plain = await cli.must(["read", room]);
  assert.match(plain, /contact {2}telephone {2}<- {2}2026-11-20 .*\[Mamman\] {2}Hon vill ha hjälp\./);
  assert.match(plain, /step {2}child {2}assessment {2}-> 2026-11-20 .*\[Testina\] {2}Vi ringer dig\./);
  assert.match(plain, /extension {2}assessment {2}-> 2026-12-20/);
});
