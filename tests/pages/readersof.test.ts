// Who has read a conversation, as the pages read it out of its entries.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isTimeless, openedBy, postOf, readersOf } from "../../client-sdk/web/pages/reader.ts";
import type { ItemView, PersonView, RoomView } from "../../client-sdk/web/sdk/view.ts";

const MINUTE_MS = 60_000;

function person(id: string, role: PersonView["role"], name = "Test Testsson"): PersonView {
  return { person: id, role, name, title: "", unit: "", isMe: false };
}

function roomOf(...items: (Pick<ItemView, "author" | "what"> & { at: number })[]): RoomView {
  return { items: items.map(({ at, ...item }, index) => ({ ...item, seq: index + 1, receivedAt: at * MINUTE_MS })) } as unknown as RoomView;
}

const worker = person("a", "staff");
const namesake = person("b", "staff");
const citizen = person("c", "citizen", "Testa Förälder");
const read = (author: PersonView, at: number, upTo: number) => ({ author, at, what: { kind: "read", upTo } as const });
const said = { author: citizen, at: 0, what: { kind: "message", text: "Hej", replySeq: 0 } as const };

test("marks within an hour of each other are one visit; each visit of an employee is told, and how far they came", () => {
  const [reader] = readersOf(roomOf(said, read(worker, 10, 1), read(worker, 50, 3), read(worker, 109, 1), read(worker, 170, 3)), "citizen");
  assert.deepEqual(reader?.visits, [[10 * MINUTE_MS, 109 * MINUTE_MS], [170 * MINUTE_MS, 170 * MINUTE_MS]]);
  assert.equal(reader?.upTo, 3);
});

test("of anybody else it is told how far they have read, and not when", () => {
  const [reader] = readersOf(roomOf(said, read(person("d", "citizen"), 10, 1)), "citizen");
  assert.deepEqual({ upTo: reader?.upTo, visits: reader?.visits }, { upTo: 1, visits: [] });
});

test("when another citizen was at a device is told to staff alone: their logins, keys and log-outs; their words have their times", () => {
  const keeper = person("k", "keeper");
  const of = (what: object, author = keeper) => roomOf({ author, at: 5, what: what as ItemView["what"] }).items[0] as ItemView;
  const [other, me] = [person("d", "citizen"), { ...citizen, isMe: true }];
  const kinds = (who: PersonView) => [
    of({ kind: "device", person: who }), of({ kind: "granted", device: "x", person: who }), of({ kind: "removed", person: who, device: "x" }), of({ kind: "read", upTo: 3 }, who),
  ];
  for (const [viewer, who, isHidden] of [["citizen", other, true], ["citizen", me, false], ["citizen", worker, false], ["staff", other, false]] as const) {
    assert.deepEqual(kinds(who).map((item) => isTimeless(item, viewer)), Array(4).fill(isHidden), `${viewer} of ${who.person}`);
  }
  for (const item of [of({ kind: "removed", person: other }), of({ kind: "granted", device: "x" }), of({ kind: "message", text: "Hej" }, other)]) assert.equal(isTimeless(item, "citizen"), false, item.what.kind);
  const view = roomOf(...[other, worker].map((who) => ({ author: keeper, at: 5, what: { kind: "granted", device: `${who.person}1`, person: who, isThis: false, fromSeq: 1 } as const })));
  assert.deepEqual(readersOf(view, "citizen").map(({ keyAt }) => keyAt), [undefined, 5 * MINUTE_MS]);
  assert.deepEqual(readersOf(view, "staff").map(({ keyAt }) => keyAt), [5 * MINUTE_MS, 5 * MINUTE_MS]);
});

test("two people of one name are two readers, and two who have opened an entry", () => {
  const view = roomOf(said, read(worker, 1, 1), read(namesake, 2, 1), read(worker, 3, 2));
  assert.equal(readersOf(view, "citizen").length, 2);
  assert.deepEqual(openedBy(view, view.items[0] as ItemView).map(({ seq }) => seq), [2, 3], "each by their first mark");
});

test("an employee is of a unit and a board; whoever was let in is what they were let in as, of none", () => {
  assert.equal(postOf({ ...worker, title: "Socialsekreterare", unit: "Mottagningen" }, "Socialnämnden i Bjuv"), "Socialsekreterare, Mottagningen, Socialnämnden i Bjuv");
  assert.equal(postOf({ ...citizen, capacity: "OMBUD" }, "Socialnämnden i Bjuv"), "ombud");
  assert.equal(postOf(citizen, "Socialnämnden i Bjuv"), "Medborgare");
  assert.equal(postOf({ ...worker, capacity: "COLLEAGUE" }), "Handläggare");
});
