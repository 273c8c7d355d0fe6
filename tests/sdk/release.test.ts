// A note of the employees' own room is shown to a party, against the real host and keeper: the party reads it and no more, the staff
// room says to whom and when, and whatever is cut in between ends in one of the two being there, never in a text shown unsaid.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { bytesEqual, bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { webSocketOpen, type SocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import type { ItemView, ReleaseSaid } from "../../client-sdk/web/sdk/view.ts";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { contentOf, slip } from "../adversary/forger.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-release-"));
let installation: Installation;
let mother: Seat;
let father: Seat;
let worker: Seat;
let colleague: Seat;
let first: string;
let second: string;
let own: string;
let noted: number;

const NOTE = "Skolan ringde. Rektorn Rekt Rektorsson berättade att pappan hämtar för sent.";
const MASKED = "Skolan ringde. […] berättade att […].";

const refuses = (what: Promise<unknown>, code: string) => assert.rejects(what, { code });
const me = (seat: Seat) => seat.client.session?.me?.person ?? "";
const summary = (seat: Seat, room: string) => seat.client.session?.rooms.find((row) => row.room === room && !row.isDenied);
const said = (text: string, more: Partial<ReleaseSaid> = {}): ReleaseSaid => ({ text, isMasked: false, ground: "", notedBy: "Hanna Handläggare", replySeq: 0, ...more });

type Of<K extends ItemView["what"]["kind"]> = ItemView & { what: ItemView["what"] & { kind: K } };

function all<K extends ItemView["what"]["kind"]>(seat: Seat, room: string, kind: K): Of<K>[] {
  return (seat.client.room(room)?.items ?? []).filter((item): item is Of<K> => item.what.kind === kind);
}

/** Its network can be taken away. */
let isOffline = false;
let cut = () => undefined as void;
const brittle: SocketOpen = (url, events) => {
  let isCut = isOffline;
  if (isOffline) setTimeout(() => events.lost("no network"), 1);
  const socket = isOffline ? undefined : webSocketOpen(url, { open: () => events.open(), lost: (reason) => isCut || events.lost(reason), frame: (frame) => isCut || events.frame(frame) });
  cut = () => {
    if (isCut) return;
    isCut = true;
    socket?.drop();
    setTimeout(() => events.lost("cut"), 1);
  };
  return { send: (frame) => isCut || socket?.send(frame), drop: () => socket?.drop() };
};

async function begun(seat: Seat, title: string): Promise<string> {
  const room = await seat.client.open(crypto.randomUUID(), title, "Hej!");
  await eventually("queued", async () => worker.client.session?.queue.some((row) => row.room === room));
  await worker.client.take(room);
  for (const reader of [seat, worker]) reader.client.watch(room);
  return room;
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  const roles = ["citizen", "citizen", "staff", "staff"] as const;
  [mother, father, worker, colleague] = await Promise.all(roles.map((role, place) => Seat.take(installation, { role, ...(place === 3 ? { socketOpen: brittle } : {}) }))) as [Seat, Seat, Seat, Seat];
  await mother.login("test.foralder");
  await father.login("test.testsson");
  await worker.login("bjuv.handlaggare");
  await colleague.login("bjuv.handlaggare2");
  first = await begun(mother, "Skolan");
  second = await begun(father, "Boendet");
  own = await worker.client.openStaffRoom(crypto.randomUUID(), first);
  worker.client.watch(own);
  await worker.client.addToCase(crypto.randomUUID(), own, second);
  await worker.client.addColleague(second, me(colleague), "Vi är två.");
  await eventually("the colleague is in both", async () => summary(colleague, own)?.caseRooms?.length === 2 && summary(colleague, second) !== undefined);
  for (const room of [own, second]) colleague.client.watch(room);
  await worker.client.write(crypto.randomUUID(), own, { kind: "note", text: NOTE }, "sv");
  noted = await eventually("the note", async () => all(worker, own, "note")[0]?.seq);
});

after(async () => {
  for (const seat of [mother, father, worker, colleague]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a party asks, and is shown the note with parts left out; the journal says when and by whom it was made", async () => {
  await mother.client.send(crypto.randomUUID(), first, "Jag vill läsa det som är antecknat om mig.");
  const asked = await eventually("the question", async () => all(worker, first, "message").find(({ what }) => what.text.startsWith("Jag vill läsa"))?.seq);
  await worker.client.release(crypto.randomUUID(), own, noted, first, said(MASKED, { isMasked: true, ground: "26 kap. 1 § OSL", replySeq: asked }));
  const shown = await eventually("shown", async () => all(mother, first, "release")[0]);
  await eventually("recorded", async () => (mother.client.room(first)?.coveredSeq ?? 0) >= shown.seq);
  const { what, author, language } = all(mother, first, "release")[0] as Of<"release">;
  const noteAt = all(worker, own, "note")[0]?.receivedAt;
  assert.deepEqual(what, { kind: "release", text: MASKED, isMasked: true, ground: "26 kap. 1 § OSL", notedAt: noteAt, notedBy: "Hanna Handläggare", aboutSeq: asked });
  assert.equal(author.person, me(worker));
  assert.equal(language, "sv");
  assert.equal(all(mother, first, "release")[0]?.refused, undefined);
});

test("the staff room says of the note to whom it is shown, in which words and when; its record stood there first", async () => {
  const released = await eventually("the entry there", async () => all(worker, own, "released").find(({ what }) => what.shownSeq !== undefined));
  const shown = all(worker, first, "release")[0] as Of<"release">;
  const { what } = released;
  assert.deepEqual([what.aboutSeq, what.room, what.shown, what.isMasked, what.shownSeq, what.shownAt], [noted, first, MASKED, true, shown.seq, shown.receivedAt]);
  assert.equal(what.person.person, me(mother));
  assert.equal(released.refused, undefined);
  assert.ok(released.receivedAt <= shown.receivedAt, "said before it is shown");
});

test("a colleague who is not in that conversation reads what was shown, and to whom, but not when it came", async () => {
  const [{ what }] = all(colleague, own, "released") as [Of<"released">];
  assert.deepEqual([what.shown, what.person.person, what.shownSeq], [MASKED, me(mother), undefined]);
});

test("nothing that a party can read names the staff room, its numbers or its hashes; the other party hears of nothing", async () => {
  const room = worker.engine.enrum.rooms.get(own);
  const secret = [bytesOfHex(own), ...(room?.items ?? []).map(({ hash }) => hash)];
  for (const [seat, party] of [[mother, first], [father, second]] as const) {
    const { items = [] } = seat.engine.enrum.rooms.get(party) ?? {};
    const values = items.flatMap(({ content }) => content === undefined ? [] : Object.values(content.body as object)).filter((value): value is Uint8Array => value instanceof Uint8Array);
    assert.ok(items.length > 5);
    assert.equal(values.some((value) => secret.some((one) => bytesEqual(one, value))), false);
    assert.equal(seat.engine.enrum.rooms.has(own), false);
  }
  assert.equal(all(father, second, "release").length, 0);
  assert.doesNotMatch(JSON.stringify([father.client.session, father.client.room(second)]), /Rektorsson|\[…\]/);
});

test("the shell's transcript says the same, to the party and to the employee", async () => {
  const phone = new Device(installation, "mor", "bjuv", "test.foralder", "citizen");
  const desk = new Device(installation, "handlaggare", "bjuv", "bjuv.handlaggare", "staff");
  for (const device of [phone, desk]) await device.login();
  const shown = JSON.parse((await phone.must(["read", first, "--json"])).split("\n").find((line) => line.includes('"kind":"release"')) ?? "{}");
  assert.deepEqual([shown.text, shown.masked, shown.ground, shown.noted_by, shown.noted_at], [MASKED, true, "26 kap. 1 § OSL", "Hanna Handläggare", all(worker, own, "note")[0]?.receivedAt]);
  const released = JSON.parse((await desk.must(["read", own, "--json"])).split("\n").find((line) => line.includes('"kind":"released"')) ?? "{}");
  assert.deepEqual([released.text, released.about, released.shown_in, released.masked], [MASKED, noted, first, true]);
  assert.match(await phone.must(["read", first]), /release {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\[Hanna Handläggare\] {2}masked {2}\[26 kap\. 1 § OSL\] {2}Skolan ringde\./);
  assert.match(await desk.must(["read", own]), new RegExp(`released {2}#${noted} -> ${first.slice(0, 8)} .*Skolan ringde\\.`));
});

test("the party objects to it as to every entry", async () => {
  const { seq } = all(mother, first, "release")[0] as Of<"release">;
  await mother.client.about(crypto.randomUUID(), first, seq, "objection", "Det stämmer inte.");
  await eventually("the objection", async () => all(worker, first, "objection").some(({ what }) => what.aboutSeq === seq));
});

test("only employees do, only of what is there, and only in a conversation of the case that somebody reads", async () => {
  const show = (seat: Seat, staffRoom: string, seq: number, room: string, text = "Hej") => seat.client.release(crypto.randomUUID(), staffRoom, seq, room, said(text));
  await refuses(show(mother, own, noted, first), "MAY_NOT");
  await refuses(show(worker, own, 9999, first), "MALFORMED");
  await refuses(show(worker, own, noted, own), "MAY_NOT");
  await refuses(show(worker, first, all(worker, first, "message")[0]?.seq ?? 0, second), "MAY_NOT");
  await refuses(show(worker, own, noted, first, ""), "MALFORMED");
  await refuses(show(colleague, own, noted, first), "ROOM_UNKNOWN");
  assert.equal(all(worker, own, "released").length, 1, "nothing is announced that cannot be shown");
});

test("shown without a network and after a crash, it goes when there is one again: the record first", async () => {
  isOffline = true;
  cut();
  await eventually("offline", async () => colleague.client.session?.contact !== "ready");
  await colleague.client.release(crypto.randomUUID(), own, noted, second, said(NOTE));
  await eventually("a draft", async () => JSON.stringify(colleague.client.room(second)?.drafts.map(({ text, state }) => [text, state])) === JSON.stringify([[NOTE, "waiting"]]));
  const { store } = colleague;
  colleague.crash();
  isOffline = false;
  colleague = await Seat.take(installation, { role: "staff", store, socketOpen: brittle });
  for (const room of [own, second]) colleague.client.watch(room);
  const shown = await eventually("shown", async () => all(father, second, "release")[0]);
  const released = await eventually("and said so", async () => all(worker, own, "released").find(({ what }) => what.room === second && what.shownSeq !== undefined));
  assert.deepEqual([shown.what.text, shown.what.isMasked, released.what.shownSeq], [NOTE, false, shown.seq]);
  assert.ok(released.receivedAt <= shown.receivedAt);
  assert.equal(all(father, second, "release").length, 1);
});

test("what was said in the staff room, and never shown since its device was lost, a colleague shows in the same words", async () => {
  const { outbox } = worker.engine.enrum;
  const { put } = outbox;
  // The device's disk is full when the second of the two is put there.
  outbox.put = (id, room, saying, text, behind) => behind === undefined ? put.call(outbox, id, room, saying, text) : Promise.reject(new EnrumError("FILE_FAILED"));
  await refuses(worker.client.release(crypto.randomUUID(), own, noted, second, said(MASKED, { isMasked: true, ground: "26 kap. 1 § OSL" })), "FILE_FAILED");
  outbox.put = put;
  const { seq, what } = await eventually("the record", async () => all(colleague, own, "released").find(({ what: { shown, room } }) => shown === MASKED && room === second));
  assert.equal(what.shownSeq, undefined, "nobody is told that it was shown");
  await refuses(mother.client.releaseAgain(crypto.randomUUID(), own, seq), "MAY_NOT");
  await colleague.client.releaseAgain(crypto.randomUUID(), own, seq);
  const shown = await eventually("shown", async () => all(father, second, "release").find(({ what: { text } }) => text === MASKED));
  await eventually("and linked", async () => all(worker, own, "released").find((item) => item.seq === seq)?.what.shownSeq === shown.seq);
  // It is there: asked for once more, it is not shown twice.
  await worker.client.releaseAgain(crypto.randomUUID(), own, seq);
  await worker.client.send(crypto.randomUUID(), second, "Sist.");
  await eventually("what was sent after", async () => all(father, second, "message").some(({ what: { text } }) => text === "Sist."));
  assert.equal(all(father, second, "release").length, 2);
});

test("what the staff room does not take is not shown, nor what a conversation that is out of the case has not been shown yet", async () => {
  const { outbox } = worker.engine.enrum;
  const { put } = outbox;
  outbox.put = (id, room, saying, text, behind) => behind === undefined ? put.call(outbox, id, room, saying, text) : Promise.reject(new EnrumError("FILE_FAILED"));
  await refuses(worker.client.release(crypto.randomUUID(), own, noted, second, said("Inte heller.")), "FILE_FAILED");
  outbox.put = put;
  const { seq } = await eventually("the record", async () => all(worker, own, "released").find(({ what }) => what.shown === "Inte heller."));
  isOffline = true;
  cut();
  await eventually("offline", async () => colleague.client.session?.contact !== "ready");
  await colleague.client.release(crypto.randomUUID(), own, noted, second, said("Ska aldrig synas.", { isMasked: true, ground: "-" }));
  // Meanwhile the conversation by which the colleague is in the case is taken out of it.
  await worker.client.takeOutOfCase(crypto.randomUUID(), own, second, "Hör inte hit.");
  await eventually("the colleague is out", async () => worker.client.room(own)?.members.every(({ person }) => person !== me(colleague)));
  await eventually("out of the case", async () => summary(worker, own)?.caseRooms?.includes(second) === false);
  await refuses(worker.client.releaseAgain(crypto.randomUUID(), own, seq), "MAY_NOT");
  isOffline = false;
  await colleague.client.retry();
  await eventually("given back", async () => colleague.client.room(second)?.drafts[0]?.state === "failed");
  await colleague.client.send(crypto.randomUUID(), second, "Jag är kvar här.");
  await eventually("what was sent after", async () => all(father, second, "message").some(({ what: { text } }) => text === "Jag är kvar här."));
  assert.equal(all(father, second, "release").some(({ what: { text } }) => text === "Ska aldrig synas."), false);
});

test("a record that holds something else than what is shown is no harm to who reads the room", async () => {
  const open = { cause: new Uint8Array(0), blobs: new Uint8Array(0) };
  const none = new Uint8Array(32);
  const seq = await slip(worker, own, { class: "RECORD", open, content: contentOf("RELEASED", ROLES.STAFF, { seq: 1, hash: none, room: bytesOfHex(first), person: none, shown: new Uint8Array(1) }) });
  await eventually("told", async () => worker.client.room(own)?.items[seq - 1]?.what.kind === "other");
  await refuses(worker.client.releaseAgain(crypto.randomUUID(), own, seq), "MALFORMED");
});

test("a party cannot say that something was shown, nor staff say in a conversation what is of the staff room: readers and keeper refuse it", async () => {
  const open = { cause: new Uint8Array(0), blobs: new Uint8Array(0) };
  const mark = new Uint8Array(32);
  const release = contentOf("RELEASE", ROLES.CITIZEN, { text: "Visat för mig", masked: 0, ground: "", noted_at: 1, noted_by: "Rektorn", reply_seq: 0, mark });
  const released = contentOf("RELEASED", ROLES.STAFF, { seq: 1, hash: mark, room: mark, person: mark, shown: release.body });
  const inStaffRoom = { ...release, role: ROLES.STAFF };
  const forged = [[mother, first, release], [worker, first, released], [worker, own, inStaffRoom]] as const;
  for (const [seat, room, content] of forged) {
    const seq = await slip(seat, room, { class: "RECORD", open, content });
    await eventually("recorded", async () => (worker.client.room(room)?.coveredSeq ?? 0) >= seq);
    const told = worker.client.room(room)?.items.filter(({ what }) => what.kind === "checkpoint").flatMap(({ what }) => what.kind === "checkpoint" ? what.refused : []);
    assert.ok(told?.some((one) => one.seq === seq && one.ground === "KIND_NOT_ALLOWED"), "by the keeper");
    assert.equal(worker.client.room(room)?.items[seq - 1]?.refused, "KIND_NOT_ALLOWED");
  }
  assert.equal(mother.client.room(first)?.items.findLast(({ what }) => what.kind === "release")?.refused, "KIND_NOT_ALLOWED");
});
