// The frames of a call: what opens, and that nothing else does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReceiver, FrameSender, OLD_KEY_MS, REPLAY_WINDOW, type Use } from "../../client-sdk/web/call/framecrypt.ts";
import { sframeHeaderDecode } from "../../client-sdk/web/call/sframe.ts";
import { CALL_USES } from "../../client-sdk/web/protocol/tables.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";

const { VOICE, CAMERA, SCREEN } = CALL_USES;
const ALVA = 3;
const BERIT = 7;

/** Twenty bytes of a made-up frame; the first one is even in a key frame. */
function frameOf(first: number): Bytes {
  return Uint8Array.from({ length: 20 }, (_, at) => (at === 0 ? first : 100 + at));
}

const KEY_FRAME = frameOf(0x10);
const DELTA = frameOf(0x11);

function keyOf(fill: number): Bytes {
  return new Uint8Array(32).fill(fill);
}

class Pair {
  now = 1_000;
  readonly sender = new FrameSender();
  readonly receiver = new FrameReceiver(() => this.now);
  readonly missing: [number, bigint][] = [];

  constructor() {
    this.receiver.onKeyMissing = (participant, kid) => this.missing.push([participant, kid]);
  }

  async agree(kid: number, fill: number): Promise<void> {
    await this.sender.setSendKey(kid, keyOf(fill));
    await this.receiver.setReceiveKey(ALVA, kid, keyOf(fill));
  }

  async seal(use: Use, frame: Bytes): Promise<Bytes> {
    const sealed = await this.sender.seal(use, frame);
    assert.ok(sealed);
    return sealed;
  }

  opens(use: Use, sealed: Bytes): Promise<Bytes | undefined> {
    return this.receiver.open(ALVA, use, sealed);
  }
}

async function agreed(): Promise<Pair> {
  const pair = new Pair();
  await pair.agree(0, 1);
  return pair;
}

test("a sealed frame of each kind opens to what it was", async () => {
  const pair = await agreed();
  for (const [use, frame] of [[VOICE, DELTA], [VOICE, new Uint8Array(0)], [CAMERA, KEY_FRAME], [CAMERA, DELTA], [SCREEN, KEY_FRAME]] as const) {
    assert.deepEqual(await pair.opens(use, await pair.seal(use, frame)), frame);
  }
  assert.deepEqual(pair.receiver.counts(ALVA), { opened: 5, keyMissing: 0, damaged: 0, replayed: 0 });
});

test("ten bytes of a key frame stay clear, three of another, none of a voice, and nothing else", async () => {
  const pair = await agreed();
  for (const [use, frame, clear] of [[CAMERA, KEY_FRAME, 10], [SCREEN, DELTA, 3], [VOICE, KEY_FRAME, 0]] as const) {
    const sealed = await pair.seal(use, frame);
    assert.deepEqual(sealed.subarray(0, clear), frame.subarray(0, clear));
    const header = sframeHeaderDecode(sealed.subarray(clear));
    assert.ok(header);
    assert.equal(sealed.length, frame.length + header.length + 16);
    assert.equal(Buffer.from(sealed).includes(Buffer.from(frame.subarray(clear, clear + 4))), false);
  }
});

test("a frame with any one bit of any byte changed does not open, and the frame itself still does", async () => {
  const pair = await agreed();
  for (const [use, frame] of [[VOICE, DELTA], [CAMERA, KEY_FRAME], [CAMERA, DELTA]] as const) {
    const sealed = await pair.seal(use, frame);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = sealed.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      assert.equal(await pair.opens(use, changed), undefined, `bit ${bit}`);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      assert.equal(await pair.opens(use, sealed.subarray(0, length)), undefined, `${length} bytes`);
    }
    assert.deepEqual(await pair.opens(use, sealed), frame);
  }
});

test("a frame opens once", async () => {
  const pair = await agreed();
  const sealed = [await pair.seal(VOICE, DELTA), await pair.seal(VOICE, DELTA)];
  for (const one of sealed.toReversed()) assert.deepEqual(await pair.opens(VOICE, one), DELTA);
  for (const one of sealed) assert.equal(await pair.opens(VOICE, one), undefined);
  const [again] = sealed;
  assert.ok(again);
  assert.deepEqual(await Promise.all([pair.opens(VOICE, again), pair.opens(VOICE, again)]), [undefined, undefined]);
  assert.deepEqual(pair.receiver.counts(ALVA), { opened: 2, keyMissing: 0, damaged: 0, replayed: 4 });
});

test("of two that are opened at the same time, one is shown", async () => {
  const pair = await agreed();
  const sealed = await pair.seal(VOICE, DELTA);
  const opened = await Promise.all([pair.opens(VOICE, sealed), pair.opens(VOICE, sealed)]);
  assert.equal(opened.filter((one) => one !== undefined).length, 1);
});

test("a frame that is a window late opens; one of a later counter in its place makes it too old", async () => {
  const pair = await agreed();
  const sealed: Bytes[] = [];
  for (let ctr = 0; ctr <= REPLAY_WINDOW; ctr += 1) sealed.push(await pair.seal(VOICE, DELTA));
  assert.ok(await pair.opens(VOICE, sealed[REPLAY_WINDOW] as Bytes));
  assert.ok(await pair.opens(VOICE, sealed[1] as Bytes));
  assert.equal(await pair.opens(VOICE, sealed[0] as Bytes), undefined);
});

test("a camera's frame does not open as a screen's, nor another participant's as this one's", async () => {
  const pair = await agreed();
  await pair.receiver.setReceiveKey(BERIT, 0, keyOf(2));
  const sealed = await pair.seal(CAMERA, KEY_FRAME);
  assert.equal(await pair.opens(SCREEN, sealed), undefined);
  assert.equal(await pair.receiver.open(BERIT, CAMERA, sealed), undefined);
  assert.equal(pair.receiver.counts(BERIT).damaged, 1);
  assert.deepEqual(await pair.opens(CAMERA, sealed), KEY_FRAME);
});

test("nothing is sealed without a key, nor what is too short to be a frame", async () => {
  const pair = new Pair();
  assert.equal(await pair.sender.seal(VOICE, DELTA), undefined);
  await pair.sender.setSendKey(0, keyOf(1));
  assert.equal(await pair.sender.seal(CAMERA, KEY_FRAME.subarray(0, 9)), undefined);
  assert.equal(await pair.sender.seal(CAMERA, DELTA.subarray(0, 2)), undefined);
  assert.equal(await pair.sender.seal(SCREEN, new Uint8Array(0)), undefined);
  assert.deepEqual(pair.sender.counts, { sealed: 0, dropped: 4 });
});

test("no counter is used twice: not by streams at the same time, not by the next key", async () => {
  const pair = await agreed();
  const sealed = await Promise.all([VOICE, CAMERA, SCREEN, VOICE].map((use) => pair.seal(use, DELTA)));
  await pair.agree(1, 2);
  sealed.push(await pair.seal(VOICE, DELTA));
  const counters = [0, 3, 3, 0, 0].map((clear, at) => sframeHeaderDecode((sealed[at] as Bytes).subarray(clear))?.ctr);
  assert.deepEqual(counters, [0n, 1n, 2n, 3n, 4n]);
});

test("a key that is used up seals nothing more, and the next one does", async () => {
  const sender = new FrameSender(2);
  await sender.setSendKey(0, keyOf(1));
  const sealed = await Promise.all([1, 2, 3].map(() => sender.seal(VOICE, DELTA)));
  assert.deepEqual(sealed.map((one) => one !== undefined), [true, true, false]);
  await sender.setSendKey(1, keyOf(2));
  assert.ok(await sender.seal(VOICE, DELTA));
});

test("a kid is a key once: setting it again, or a lower one, changes nothing", async () => {
  const pair = await agreed();
  await pair.agree(1, 2);
  const sealed = await pair.seal(VOICE, DELTA);
  assert.ok(await pair.opens(VOICE, sealed));
  await pair.agree(1, 9);
  await pair.agree(0, 9);
  assert.equal(await pair.opens(VOICE, sealed), undefined, "the replay window is as it was");
  assert.ok(await pair.opens(VOICE, await pair.seal(VOICE, DELTA)));
});

test("keys that are derived at the same time leave the highest as the newest", async () => {
  const pair = new Pair();
  await Promise.all([pair.agree(0, 1), pair.agree(1, 2), pair.agree(2, 3)]);
  pair.now += OLD_KEY_MS;
  const sealed = await pair.seal(VOICE, DELTA);
  assert.equal(sframeHeaderDecode(sealed)?.kid, 2n);
  assert.ok(await pair.opens(VOICE, sealed));
});

test("an older key opens what was under way, and then nothing", async () => {
  const pair = await agreed();
  const [early, late] = [await pair.seal(CAMERA, DELTA), await pair.seal(CAMERA, DELTA)];
  await pair.agree(1, 2);
  pair.now += OLD_KEY_MS - 1;
  assert.ok(await pair.opens(CAMERA, early));
  pair.now += 1;
  assert.equal(await pair.opens(CAMERA, late), undefined);
  assert.deepEqual(pair.missing, [[ALVA, 0n]]);
  assert.ok(await pair.opens(CAMERA, await pair.seal(CAMERA, DELTA)));
});

test("a missing key is told once, and again for the next; a host that names many is not told on", async () => {
  const pair = new Pair();
  await pair.sender.setSendKey(4, keyOf(4));
  for (let n = 0; n < 3; n += 1) assert.equal(await pair.opens(VOICE, await pair.seal(VOICE, DELTA)), undefined);
  assert.deepEqual(pair.missing, [[ALVA, 4n]]);
  assert.equal(pair.receiver.counts(ALVA).keyMissing, 3);
  await pair.receiver.setReceiveKey(ALVA, 4, keyOf(4));
  assert.ok(await pair.opens(VOICE, await pair.seal(VOICE, DELTA)));
  for (let kid = 16; kid < 116; kid += 1) await pair.opens(VOICE, Uint8Array.of(0x80, kid, ...new Uint8Array(16)));
  assert.equal(pair.missing.length, 9);
  assert.equal(pair.receiver.counts(ALVA).keyMissing, 103);
});

test("who is forgotten opens nothing, and may come anew from the first key id", async () => {
  const pair = await agreed();
  const sealed = await pair.seal(VOICE, DELTA);
  const underWay = pair.opens(VOICE, sealed);
  pair.receiver.forget(ALVA);
  assert.equal(await underWay, undefined);
  assert.equal(await pair.opens(VOICE, sealed), undefined);
  await pair.receiver.setReceiveKey(ALVA, 0, keyOf(1));
  assert.ok(await pair.opens(VOICE, sealed));
});
