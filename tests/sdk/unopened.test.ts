// Whose frames come and cannot be opened.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FrameTell } from "../../client-sdk/web/call/framewire.ts";
import { Unopened } from "../../client-sdk/web/call/unopened.ts";

const told = (...received: [participant: number, opened: number, keyMissing: number, damaged: number][]): FrameTell => ({
  type: "state", sent: { sealed: 0, dropped: 0 }, missing: [],
  received: received.map(([participant, opened, keyMissing, damaged]) => ({ participant, opened, keyMissing, damaged, replayed: 0 })),
});

test("somebody of whom nothing opens any more is told, until something does; a key that changes on the way is none of that", () => {
  const unopened = new Unopened();
  assert.ok(!unopened.take(told([1, 10, 0, 0], [2, 10, 0, 0])));
  assert.ok(!unopened.take(told([1, 20, 3, 0], [2, 20, 0, 0])), "a few before its new key came");
  assert.ok(unopened.take(told([1, 20, 9, 0], [2, 30, 0, 0])));
  assert.deepEqual([unopened.has(1), unopened.has(2), unopened.has(3)], [true, false, false]);
  assert.ok(!unopened.take(told([1, 20, 12, 0], [2, 40, 0, 0])), "the same one");
  assert.ok(unopened.take(told([1, 20, 12, 0], [2, 40, 0, 5])), "another one; nothing comes of the first");
  assert.deepEqual([unopened.has(1), unopened.has(2)], [false, true]);
  assert.ok(unopened.take(told([2, 41, 0, 6])));
  assert.deepEqual([unopened.has(1), unopened.has(2)], [false, false]);
});
