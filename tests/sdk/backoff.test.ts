// When to try again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../client-sdk/web/sdk/backoff.ts";

const MOST = 1 - Number.EPSILON;

/** The delays of so many failures at time 0. */
function delaysOf(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => {
    backoff.fail(0);
    return backoff.nextAt;
  });
}

test("the first try is due at once", () => {
  assert.equal(new Backoff(500, 30000, () => 0).isDue(0), true);
});

test("the delay doubles up to its most, and half of it is jitter", () => {
  assert.deepEqual(delaysOf(new Backoff(500, 3000, () => 0), 5), [250, 500, 1000, 1500, 1500]);
  assert.deepEqual(delaysOf(new Backoff(500, 3000, () => MOST), 5), [499, 999, 1999, 2999, 2999]);
});

test("it is due when its time has come, and not before", () => {
  const backoff = new Backoff(500, 3000, () => 0.5);
  backoff.fail(10_000);
  assert.equal(backoff.nextAt, 10_375);
  assert.deepEqual([10_374, 10_375, 10_376].map((now) => backoff.isDue(now)), [false, true, true]);
});

test("a success begins from the first delay", () => {
  const backoff = new Backoff(500, 3000, () => 0);
  delaysOf(backoff, 4);
  backoff.reset();
  assert.equal(backoff.isDue(0), true);
  assert.deepEqual(delaysOf(backoff, 2), [250, 500]);
});

test("a delay of one millisecond is no fraction", () => {
  assert.deepEqual(delaysOf(new Backoff(1, 3, () => MOST), 3), [0, 1, 1]);
});
