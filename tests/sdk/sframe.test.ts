// SFrame: the published vectors, both ways, and what is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { bytesHex, bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { SFRAME_SUITE, sframeHeaderDecode, sframeHeaderEncode, sframeKeyDerive, sframeOpen, sframeSeal } from "../../client-sdk/web/call/sframe.ts";
import { loadVectors } from "../interop/vectors.ts";

interface SframeVectors {
  /** Numbers up to 2^64 - 1, hence as text. */
  header: { kid: string; ctr: string; encoded: string }[];
  sframe: { cipher_suite: number; kid: number; ctr: number; base_key: string; sframe_salt: string; metadata: string; pt: string; ct: string };
}

const { header, sframe } = loadVectors<SframeVectors>("sframe");
const [kid, ctr] = [BigInt(sframe.kid), BigInt(sframe.ctr)];
const metadata = bytesOfHex(sframe.metadata);

test("each header of the table is made, and read back", () => {
  assert.equal(header.length, 289);
  for (const row of header) {
    const bytes = bytesOfHex(row.encoded);
    assert.equal(bytesHex(sframeHeaderEncode(BigInt(row.kid), BigInt(row.ctr))), row.encoded);
    assert.deepEqual(sframeHeaderDecode(bytes), { kid: BigInt(row.kid), ctr: BigInt(row.ctr), length: bytes.length });
  }
});

test("a header is found in front of what follows it, and is nothing when any of it is cut off", () => {
  const bytes = bytesOfHex("ff0123456789abcdef0123456789abcdef55");
  assert.equal(sframeHeaderDecode(bytes)?.length, 17);
  for (let length = 0; length < 17; length += 1) assert.equal(sframeHeaderDecode(bytes.subarray(0, length)), undefined, `${length}`);
});

test("a value in a longer form than it needs is refused", () => {
  for (const hex of ["0807", "090008", "8007", "900008"]) assert.equal(sframeHeaderDecode(bytesOfHex(hex)), undefined, hex);
});

test("the case of suite 4 is sealed to the same bytes, and opened", async () => {
  assert.equal(sframe.cipher_suite, SFRAME_SUITE);
  const key = await sframeKeyDerive(kid, bytesOfHex(sframe.base_key));
  assert.equal(bytesHex(key.salt), sframe.sframe_salt);
  assert.equal(key.key.extractable, false);
  const frame = await sframeSeal(key, ctr, metadata, bytesOfHex(sframe.pt));
  assert.equal(bytesHex(frame), sframe.ct);
  const read = sframeHeaderDecode(frame);
  assert.ok(read);
  assert.equal(bytesHex(await sframeOpen(key, read, metadata, frame)), sframe.pt);
});

test("another key id, other metadata or a frame that is cut off does not open", async () => {
  const key = await sframeKeyDerive(kid, bytesOfHex(sframe.base_key));
  const other = await sframeKeyDerive(kid + 1n, bytesOfHex(sframe.base_key));
  const frame = bytesOfHex(sframe.ct);
  const read = sframeHeaderDecode(frame);
  assert.ok(read);
  const isRefused = (error: unknown) => error instanceof EnrumError && error.code === "OPEN_FAILED";
  await assert.rejects(sframeOpen(other, read, metadata, frame), isRefused);
  await assert.rejects(sframeOpen(key, read, metadata.subarray(1), frame), isRefused);
  for (let length = read.length; length < frame.length; length += 1) {
    await assert.rejects(sframeOpen(key, read, metadata, frame.subarray(0, length)), isRefused, `${length}`);
  }
});
