// Frames that nobody has sealed, and sealed ones that somebody has changed: none is shown, none stops the receiver, whatever its
// bytes are. One printed seed makes one run; ENRUM_SEED has it again, ENRUM_FUZZ_SECONDS goes on for so long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReceiver, FrameSender, type Use } from "../../client-sdk/web/call/framecrypt.ts";
import { sframeHeaderDecode, sframeHeaderEncode } from "../../client-sdk/web/call/sframe.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { CALL_USES } from "../../client-sdk/web/protocol/tables.ts";
import { dice } from "../relay/proxy.ts";

const SEED = Number(process.env.ENRUM_SEED ?? Date.now() % 1_000_000);
const SECONDS = Number(process.env.ENRUM_FUZZ_SECONDS ?? 3);
const USES = Object.values(CALL_USES) as Use[];
const ALVA = 3;

const roll = dice(SEED);
const upTo = (max: number) => Math.floor(roll() * max);
const bytes = (length: number): Bytes => Uint8Array.from({ length }, () => upTo(256));

/** Ways in which a frame becomes another one. */
const CHANGES: ((frame: Bytes) => Bytes)[] = [
  (frame) => frame.map((byte, at) => at === upTo(frame.length) ? byte ^ (1 << upTo(8)) : byte),
  (frame) => frame.subarray(0, upTo(frame.length + 1)),
  (frame) => frame.subarray(upTo(frame.length + 1)),
  (frame) => Uint8Array.from([...frame, ...bytes(upTo(20))]),
  (frame) => Uint8Array.from([...bytes(upTo(20)), ...frame]),
  (frame) => {
    const at = upTo(frame.length + 1);
    return Uint8Array.from([...frame.subarray(0, at), ...sframeHeaderEncode(BigInt(upTo(20)), BigInt(upTo(2 ** 31))), ...frame.subarray(at)]);
  },
  (frame) => {
    const [from, to] = [upTo(frame.length + 1), upTo(frame.length + 1)];
    return Uint8Array.from([...frame.subarray(0, to), ...frame.subarray(from)]);
  },
  () => bytes(upTo(64)),
];

test(`headers: what decodes has one form, and every header comes back (seed ${SEED})`, () => {
  for (let round = 0; round < 20_000; round++) {
    const found = bytes(upTo(20));
    const header = sframeHeaderDecode(found);
    if (header !== undefined) assert.deepEqual(sframeHeaderEncode(header.kid, header.ctr), found.subarray(0, header.length));
    const [kid, ctr] = [BigInt(upTo(2 ** 31)) << BigInt(upTo(33)), BigInt(upTo(2 ** 31)) << BigInt(upTo(33))];
    const made = sframeHeaderEncode(kid, ctr);
    assert.deepEqual(sframeHeaderDecode(Uint8Array.from([...made, ...bytes(upTo(4))])), { kid, ctr, length: made.length });
  }
});

test(`frames: what nobody sealed so is not shown, and what was sealed is shown once (seed ${SEED})`, async (t) => {
  const [sender, receiver] = [new FrameSender(), new FrameReceiver(() => 1_000)];
  const key = bytes(32);
  await sender.setSendKey(0, key.slice());
  await receiver.setReceiveKey(ALVA, 0, key.slice());
  const end = Date.now() + SECONDS * 1_000;
  let [tried, opened] = [0, 0];
  while (Date.now() < end) {
    const use = USES[upTo(USES.length)]!;
    const frame = bytes(upTo(200));
    const sealed = await sender.seal(use, frame);
    for (let round = 0; round < 8; round++) {
      // Changed once or a few times over, so that a later change meets an earlier one's.
      let changed = sealed ?? bytes(upTo(64));
      for (let times = 0; times <= upTo(3); times++) changed = CHANGES[upTo(CHANGES.length)]!(changed);
      if (sealed !== undefined && Buffer.compare(changed, sealed) === 0) continue;
      assert.equal(await receiver.open(ALVA, use, changed), undefined, `shown, though changed: ${Buffer.from(changed).toString("hex")}`);
      tried++;
    }
    if (sealed === undefined) continue;
    assert.deepEqual(await receiver.open(ALVA, use, sealed), frame);
    assert.equal(await receiver.open(ALVA, use, sealed), undefined);
    opened++;
  }
  t.diagnostic(`${tried} changed frames refused, ${opened} shown`);
  assert.ok(tried > 100 && opened > 10);
});
