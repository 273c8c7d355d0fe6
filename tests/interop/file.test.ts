import assert from "node:assert/strict";
import { test } from "node:test";
import { fileBlobCount, fileBlobId, fileBodyHolds, fileKey, fileOpen, filePaddedBytes, fileSeal } from "../../client-sdk/web/protocol/file.ts";
import { bytesHex, bytesJoin, bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { suiteHashBare } from "../../client-sdk/web/protocol/suite.ts";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { assertHex, errorOf, loadVectors } from "./vectors.ts";

interface FileJson { size: number; hash: string; blobs: string[]; last_bytes: number; last: string }

const vectors = loadVectors<{ key: string; files: FileJson[]; padded: { size: number; padded: number; blobs: number }[] }>("files");
const CHUNK = LIMITS.CHUNK_BYTES_MAX;

function plainOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => 31 * i + Math.floor(i / 256));
}

async function sealed(size: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const key = await fileKey(bytesOfHex(vectors.key));
  const plain = plainOf(size);
  return Promise.all(Array.from({ length: fileBlobCount(size) }, (_, i) => fileSeal(key, size, i, plain.slice(i * CHUNK, (i + 1) * CHUNK))));
}

test("the lengths of padded files are those of C", () => {
  for (const { size, padded, blobs } of vectors.padded) {
    assert.equal(filePaddedBytes(size), padded, `${size}`);
    assert.equal(fileBlobCount(size), blobs, `${size}`);
  }
  assert.equal(fileBlobCount(LIMITS.FILE_BYTES_MAX), LIMITS.BLOBS_PER_ENTRY_MAX);
});

test("the blobs of every file are those of C, and open to the file", async () => {
  const key = await fileKey(bytesOfHex(vectors.key));
  for (const row of vectors.files) {
    const blobs = await sealed(row.size);
    assert.deepEqual((await Promise.all(blobs.map(fileBlobId))).map(bytesHex), row.blobs, `${row.size}`);
    const last = blobs.at(-1)!;
    assert.equal(last.length, row.last_bytes);
    assertHex(last.subarray(0, 512), row.last);
    const opened = await Promise.all(blobs.map((blob, i) => fileOpen(key, row.size, i, blob)));
    assert.deepEqual(bytesJoin(opened), plainOf(row.size));
    assertHex(await suiteHashBare(...opened), row.hash);
  }
});

test("a blob in another place, of another length, under another key or with other bytes does not open", async () => {
  const [key, other] = [await fileKey(bytesOfHex(vectors.key)), await fileKey(new Uint8Array(32))];
  const size = 200000;
  const [first, second] = await sealed(size) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  const cases: [string, () => Promise<unknown>][] = [
    ["order", () => fileOpen(key, size, 0, second)],
    ["last flag: the file would end here", () => fileOpen(key, CHUNK, 0, first)],
    ["last flag: the file would go on", async () => fileOpen(key, size, 0, (await sealed(CHUNK))[0]!)],
    ["truncation", () => fileOpen(key, size, 0, first.slice(0, -1))],
    ["a byte more", () => fileOpen(key, size, 0, bytesJoin([first, new Uint8Array(1)]))],
    ["key", () => fileOpen(other, size, 0, first)],
    ["nothing", () => fileOpen(key, size, 0, new Uint8Array(0))],
    ["bytes", () => fileOpen(key, size, 0, first.map((byte, i) => i === 70 ? byte ^ 1 : byte))],
  ];
  for (const [what, run] of cases) assert.equal(await errorOf(run), "OPEN_FAILED", what);
});

test("padding that says something does not open", async () => {
  const key = await fileKey(bytesOfHex(vectors.key));
  const blob = await fileSeal(key, 256, 0, new Uint8Array(256).fill(1));
  assert.equal(await errorOf(() => fileOpen(key, 255, 0, blob)), "OPEN_FAILED");
  assert.equal(await errorOf(() => fileOpen(key, 256, 0, blob)), "OK");
});

test("a body whose blobs are others than the open part's, or of another number, does not hold", () => {
  const blobs = new Uint8Array(64).fill(7);
  const body = { name: "a", media_type: "", size: CHUNK + 1, hash: new Uint8Array(32), key: new Uint8Array(32), blobs, text: "", preview: new Uint8Array(0) };
  assert.equal(fileBodyHolds(body, blobs), true);
  assert.equal(fileBodyHolds(body, blobs.map((byte, i) => i === 63 ? 8 : byte)), false);
  assert.equal(fileBodyHolds(body, new Uint8Array(0)), false);
  assert.equal(fileBodyHolds({ ...body, size: CHUNK }, blobs), false);
});
