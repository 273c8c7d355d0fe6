// file -- an attachment's bytes: padded, cut into chunks, each sealed by itself into one blob. A chunk's nonce is its index
// and whether it is the last, so that none can be left out, moved or put behind. Knows no entries, no stores, no network.
import { EnrumError } from "./error.ts";
import type { Bytes } from "./field.ts";
import { be64, deriveKeyImport, NONCE_BYTES, suiteDerive, suiteHash, suiteOpen, suitePadme, suiteSeal, TAG_BYTES } from "./suite.ts";
import { ID_BYTES, LIMITS } from "./tables.ts";
import { bytesEqual } from "./layout.ts";
import type { WireBodyFile } from "./layouts.ts";

const NOTHING: Bytes = new Uint8Array(0);

/** Length of what is sealed for a file of so many bytes: its Padmé size, so that a known document is not known again by its length. */
export function filePaddedBytes(size: number): number {
  return suitePadme(Math.max(size, LIMITS.PADDED_BYTES_MIN));
}

/** Chunks, and so blobs, of a file of so many bytes. */
export function fileBlobCount(size: number): number {
  return Math.ceil(filePaddedBytes(size) / LIMITS.CHUNK_BYTES_MAX);
}

export function fileBlobId(blob: Bytes): Promise<Bytes> {
  return suiteHash("BLOB", blob);
}

/** The key of a file's chunks, not readable, of the 32 bytes in its entry. */
export async function fileKey(key: Bytes): Promise<CryptoKey> {
  return suiteDerive(await deriveKeyImport(key), new Uint8Array(ID_BYTES), "FILE");
}

/** Bytes of a chunk: with its padding, and of the file alone. */
function chunkBytes(size: number, index: number): { padded: number; plain: number } {
  const at = index * LIMITS.CHUNK_BYTES_MAX;
  const upTo = (end: number): number => Math.min(Math.max(end - at, 0), LIMITS.CHUNK_BYTES_MAX);
  return { padded: upTo(filePaddedBytes(size)), plain: upTo(size) };
}

function chunkNonce(size: number, index: number): Bytes {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set(be64(index), 3);
  nonce[NONCE_BYTES - 1] = index + 1 === fileBlobCount(size) ? 1 : 0;
  return nonce;
}

/** The blob of a chunk. `plain` is what the file has of it. */
export async function fileSeal(key: CryptoKey, size: number, index: number, plain: Bytes): Promise<Bytes> {
  const bytes = chunkBytes(size, index);
  if (size > LIMITS.FILE_BYTES_MAX || plain.length !== bytes.plain) throw new EnrumError("FILE_CHANGED");
  const chunk = new Uint8Array(bytes.padded);
  chunk.set(plain);
  return suiteSeal(key, chunkNonce(size, index), NOTHING, chunk);
}

/** The file's bytes that a blob holds. Throws OPEN_FAILED. */
export async function fileOpen(key: CryptoKey, size: number, index: number, blob: Bytes): Promise<Bytes> {
  const bytes = chunkBytes(size, index);
  if (blob.length !== bytes.padded + TAG_BYTES) throw new EnrumError("OPEN_FAILED", "length of a blob");
  const chunk = await suiteOpen(key, chunkNonce(size, index), NOTHING, blob);
  // What is behind the file must say nothing, or one file would have many forms.
  if (chunk.subarray(bytes.plain).some((byte) => byte !== 0)) throw new EnrumError("OPEN_FAILED", "padding of a file");
  return chunk.subarray(0, bytes.plain);
}

/** Does a FILE's body agree with itself, and with its entry's open part? */
export function fileBodyHolds(body: WireBodyFile, openBlobs: Bytes): boolean {
  return body.blobs.length === fileBlobCount(body.size) * ID_BYTES && bytesEqual(body.blobs, openBlobs);
}
