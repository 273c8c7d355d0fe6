// A device's own media key: made anew for each set of those who may open it, sent until it is there, used when all have it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY_AGAIN_MS, KEY_WAIT_MS, MediaKeys } from "../../client-sdk/web/call/mediakeys.ts";

const everybody = () => true;
const names = (...list: string[]) => new Set(list);

function keysFor(...list: string[]): MediaKeys {
  const keys = new MediaKeys();
  keys.audienceSet(names(...list), 0);
  return keys;
}

test("nobody to hear it: no key, and nothing is due", () => {
  const keys = keysFor();
  assert.equal(keys.current, undefined);
  assert.deepEqual(keys.step(0, everybody), { send: [], isUsed: false });
  assert.equal(keys.dueMs(everybody), Infinity);
});

test("used once when all have it, and not before", () => {
  const keys = keysFor("a", "b");
  assert.deepEqual(keys.step(0, everybody), { send: ["a", "b"], isUsed: false });
  keys.onHere("a", 0);
  assert.deepEqual(keys.step(10, everybody), { send: [], isUsed: false });
  keys.onHere("b", 0);
  assert.deepEqual([keys.hasKey("a"), keys.hasKey("b"), keys.hasKey("c")], [true, true, false]);
  assert.deepEqual(keys.step(20, everybody), { send: [], isUsed: true });
  assert.deepEqual(keys.step(30, everybody), { send: [], isUsed: false });
});

test("used after a second without them, and sent again every two until it is there", () => {
  const keys = keysFor("a");
  keys.step(0, everybody);
  assert.equal(keys.dueMs(everybody), KEY_WAIT_MS);
  assert.deepEqual(keys.step(KEY_WAIT_MS - 1, everybody), { send: [], isUsed: false });
  assert.deepEqual(keys.step(KEY_WAIT_MS, everybody), { send: [], isUsed: true });
  assert.equal(keys.dueMs(everybody), KEY_AGAIN_MS);
  assert.deepEqual(keys.step(KEY_AGAIN_MS, everybody).send, ["a"]);
  assert.deepEqual(keys.step(2 * KEY_AGAIN_MS - 1, everybody).send, []);
  assert.deepEqual(keys.step(2 * KEY_AGAIN_MS, everybody).send, ["a"]);
  keys.onHere("a", 0);
  assert.deepEqual(keys.step(9 * KEY_AGAIN_MS, everybody).send, []);
});

test("who is away is not waited for, and gets it at once when back", () => {
  const keys = keysFor("a", "b");
  const withoutB = (name: string) => name !== "b";
  assert.deepEqual(keys.step(0, withoutB).send, ["a"]);
  keys.onHere("a", 0);
  assert.deepEqual(keys.step(1, withoutB), { send: [], isUsed: true });
  keys.step(100, everybody);
  keys.onBack("b");
  assert.deepEqual(keys.step(101, everybody).send, ["b"]);
});

test("each change of who may open it makes another key, one higher; the same set does not", () => {
  const keys = keysFor("a");
  const first = keys.current?.key as Uint8Array;
  const bytes = first.slice();
  keys.audienceSet(names("a"), 1);
  assert.equal(keys.current?.kid, 0);
  for (const [kid, set] of [names("a", "b"), names("b"), names("b", "c"), names()].entries()) {
    keys.audienceSet(set, 2);
    assert.equal(keys.current?.kid, kid + 1);
    assert.deepEqual(keys.step(3, everybody).send, [...set]);
  }
  assert.notDeepEqual(keys.current?.key, bytes);
  assert.ok(first.every((byte) => byte === 0), "the one before is wiped");
});

test("a host that shows others coming and going does not keep the key of somebody who has left in use", () => {
  const keys = keysFor("a", "b");
  keys.step(0, everybody);
  for (const name of ["a", "b"]) keys.onHere(name, 0);
  assert.ok(keys.step(1, everybody).isUsed);
  const used: (number | undefined)[] = [];
  for (let ms = 100; ms < 100 + 3 * KEY_WAIT_MS; ms += KEY_WAIT_MS / 10) {
    keys.audienceSet(ms % (KEY_WAIT_MS / 5) === 0 ? names("a") : names("a", "c"), ms);
    if (keys.step(ms, everybody).isUsed) used.push(keys.current?.kid);
  }
  assert.ok(used.length >= 2, `used: ${used.join()}`);
  assert.ok((used[0] ?? 0) > 0);
});

test("a key that somebody has who is put out is replaced at once; for who was never given it, or has only left, there is no hurry", () => {
  const isOut = (name: string) => name === "out";
  const keys = keysFor("a", "out");
  keys.step(0, everybody);
  keys.audienceSet(names("a"), 10, isOut);
  assert.deepEqual(keys.step(10, everybody), { send: ["a"], isUsed: false }, "nothing was sealed with a key of theirs");
  keys.onHere("a", 1);
  assert.ok(keys.step(11, everybody).isUsed);
  keys.audienceSet(names("a", "b", "out"), 20, () => false);
  for (const name of ["a", "b", "out"]) keys.onHere(name, 2);
  assert.ok(keys.step(21, everybody).isUsed);
  keys.audienceSet(names("a", "out"), 30, isOut);
  assert.ok(!keys.step(30, everybody).isUsed, "b has left");
  keys.audienceSet(names("a"), 40, isOut);
  assert.deepEqual(keys.step(40, everybody), { send: ["a"], isUsed: true });
});

test("who has the key that is used has one while the next is under way, and none when that is used without them", () => {
  const keys = keysFor("a");
  keys.step(0, everybody);
  keys.onHere("a", 0);
  keys.step(1, everybody);
  keys.audienceSet(names("a", "b"), 10);
  assert.deepEqual([keys.hasKey("a"), keys.hasKey("b")], [true, false]);
  keys.audienceSet(names("a", "c"), 20);
  assert.deepEqual([keys.hasKey("a"), keys.hasKey("b"), keys.hasKey("c")], [true, false, false]);
  assert.ok(keys.step(10 + KEY_WAIT_MS, everybody).isUsed);
  assert.ok(!keys.hasKey("a"));
});

test("an acknowledgement counts for its own key only", () => {
  const keys = keysFor("a");
  keys.step(0, everybody);
  keys.audienceSet(names("a", "b"), 1);
  keys.onHere("a", 0);
  keys.onHere("x", 1);
  assert.deepEqual([keys.hasKey("a"), keys.hasKey("x")], [false, false]);
  keys.onHere("a", 1);
  assert.ok(keys.hasKey("a"));
});
