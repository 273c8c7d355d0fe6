// sealfile -- a file as the browser gives it becomes blobs. It is in memory whole meanwhile, since WebCrypto hashes only in one piece.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { fileBlobCount, fileBlobId, fileKey, fileSeal } from "../protocol/file.ts";
import { bytesJoin } from "../protocol/layout.ts";
import { suiteHashBare, suiteRandom } from "../protocol/suite.ts";
import { KEY_BYTES, LIMITS } from "../protocol/tables.ts";

export interface SealedFile {
  size: number;
  hash: Bytes;
  /** Of this file. */
  key: Bytes;
  /** Ids, joined. */
  ids: Bytes;
  blobs: Bytes[];
}

async function fileRead(file: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    // Its disk has another one by now, or none.
    throw new EnrumError("FILE_CHANGED", "a file that was chosen", cause);
  }
}

/** Throws FILE_OVERSIZED, FILE_CHANGED. */
export async function fileSealAll(file: Blob): Promise<SealedFile> {
  if (file.size > LIMITS.FILE_BYTES_MAX) throw new EnrumError("FILE_OVERSIZED");
  const plain = await fileRead(file);
  const key = suiteRandom(KEY_BYTES);
  const chunkKey = await fileKey(key);
  const blobs: Bytes[] = [];
  for (let index = 0; index < fileBlobCount(plain.length); index++) {
    const at = index * LIMITS.CHUNK_BYTES_MAX;
    blobs.push(await fileSeal(chunkKey, plain.length, index, plain.subarray(at, at + LIMITS.CHUNK_BYTES_MAX)));
  }
  const ids = bytesJoin(await Promise.all(blobs.map(fileBlobId)));
  return { size: plain.length, hash: await suiteHashBare(plain), key, ids, blobs };
}
