// The small picture within a file's entry: what a sender may put there, and what a reader believes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { previewRead, previewShown } from "../../client-sdk/web/sdk/preview.ts";

const JPEG = [0xff, 0xd8, 0xff, 0xe0];
const WEBP = [...Buffer.from("RIFF\x04\0\0\0WEBPVP8 ", "latin1")];

function filled(head: readonly number[], length = 100): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes.set(head.slice(0, length));
  return bytes;
}

test("a small JPEG or WebP is sent and shown, by how it begins and not by what is said of it", async () => {
  for (const [head, type] of [[JPEG, "image/jpeg"], [WEBP, "image/webp"]] as const) {
    const bytes = filled(head);
    assert.deepEqual(await previewRead(new Blob([bytes], { type: "text/html" })), bytes);
    const { preview } = previewShown(bytes);
    assert.equal(preview?.type, type);
    assert.deepEqual(new Uint8Array(await preview!.arrayBuffer()), bytes);
  }
});

test("nothing else is either, however it is named", async () => {
  const others = ["", "GIF89a", "\x89PNG\r\n", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>", "RIFF....WAVE", "%PDF", "\xff\xd8"];
  for (const text of others) {
    const bytes = new Uint8Array(Buffer.from(text, "latin1"));
    assert.deepEqual(previewShown(bytes), {}, text);
    assert.equal((await previewRead(new Blob([bytes], { type: "image/jpeg" }))).length, 0, text);
  }
});

test("one that is larger than its place is left out; the largest goes", async () => {
  assert.equal((await previewRead(new Blob([filled(JPEG, LIMITS.PREVIEW_BYTES_MAX)]))).length, LIMITS.PREVIEW_BYTES_MAX);
  assert.equal((await previewRead(new Blob([filled(JPEG, LIMITS.PREVIEW_BYTES_MAX + 1)]))).length, 0);
  assert.equal((await previewRead(undefined)).length, 0);
});
