// Who waits: a citizen's words are unanswered until they are told something; what staff write for the record beside answers nobody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesJoin, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutParticipant } from "../../client-sdk/web/protocol/layouts.ts";
import { CAPACITIES, ROLES, type KindName } from "../../client-sdk/web/protocol/tables.ts";
import { dutiesOf } from "../../client-sdk/web/sdk/duties.ts";
import type { Enrum } from "../../client-sdk/web/sdk/enrum.ts";
import type { LogItem, Room } from "../../client-sdk/web/sdk/roomcopy.ts";

type Written = [role: keyof typeof ROLES, kind: KindName | undefined, body?: object];

const QUESTION: Written = ["CITIZEN", "MESSAGE", { text: "Får jag bo kvar?" }];

function call(...roles: (keyof typeof ROLES)[]): Written {
  const participants = bytesJoin(roles.map((role) => layoutEncode(layoutParticipant, { person: new Uint8Array(32), name: "Test", role: ROLES[role], level: 3, interpreter: 0 })));
  return ["KEEPER", "CALL", { participants }];
}

/** One of each role. */
function personOf(role: keyof typeof ROLES): Uint8Array {
  return new Uint8Array(32).fill(ROLES[role]);
}

function access(capacity: keyof typeof CAPACITIES): Written {
  return ["KEEPER", "ACCESS", { person: personOf("CITIZEN"), capacity: CAPACITIES[capacity] }];
}

/** Since which entry somebody waits in a room of these; undefined: nobody does. */
function since(...all: Written[]): number | undefined {
  const items = all.map(([role, kind, body = { text: "Test" }], index) => ({
    seq: index + 1, receivedAt: index + 1, open: { class: "RECORD" }, author: { body: { role: ROLES[role], person: personOf(role) } },
    ...(kind === undefined ? {} : { content: { kind, body, eventTime: 0, language: "", role: ROLES[role] } }),
  })) as unknown as LogItem[];
  const room = { items, refusals: new Map(), isAdvice: true } as unknown as Room;
  return dutiesOf({} as Enrum, room, items.filter(({ author }) => author.body.role !== ROLES.KEEPER)).unansweredSince;
}

test("words, a file, a decision and what was held back answer", () => {
  for (const kind of ["MESSAGE", "FILE", "DECISION", "RELEASE"] as const) assert.equal(since(QUESTION, ["STAFF", kind]), undefined, kind);
  assert.equal(since(QUESTION, ["STAFF", "MESSAGE"], QUESTION, QUESTION), 3, "and who writes again waits again");
});

test("a note and what was said outside answer nobody", () => {
  for (const kind of ["NOTE", "CONTACT", "CORRECTION"] as const) assert.equal(since(QUESTION, ["STAFF", kind]), 1, kind);
});

test("a call answers when the citizen was in it, whoever notes it", () => {
  assert.equal(since(QUESTION, call("STAFF", "CITIZEN")), undefined);
  assert.equal(since(QUESTION, call("STAFF", "STAFF")), 1);
  assert.equal(since(QUESTION, call("CITIZEN")), 1, "nobody came to it");
});

test("who says no more than that a task is done asks for no answer; with words they do", () => {
  assert.equal(since(["CITIZEN", "TASK_DONE", { text: "" }]), undefined);
  assert.equal(since(["CITIZEN", "TASK_DONE", { text: "Var det rätt?" }]), 1);
  assert.equal(since(["CITIZEN", "FILE", { text: "" }]), 1);
});

test("what an interpreter writes are another's words, and wait for nothing", () => {
  assert.equal(since(access("INTERPRETER"), QUESTION), undefined);
  assert.equal(since(access("OMBUD"), QUESTION), 2);
  assert.equal(since(access("INTERPRETER"), access("OMBUD"), QUESTION), 3);
});

test("what cannot be read here is taken for an answer of staff's, and for words of a citizen's", () => {
  assert.equal(since(QUESTION, ["STAFF", undefined]), undefined);
  assert.equal(since(["CITIZEN", undefined]), 1);
});
