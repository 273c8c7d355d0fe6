// sframe -- SFrame (RFC 9605) with cipher suite 4, AES_128_GCM_SHA256_128: the header, the keys, one frame sealed and opened.
// Knows no counter, no participant and no codec: framecrypt.ts does.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesJoin } from "../protocol/layout.ts";

/** AES_128_GCM_SHA256_128 (section 8.1). */
export const SFRAME_SUITE = 4;
export const SFRAME_TAG_BYTES = 16;
const KEY_BITS = 128;
const NONCE_BYTES = 12;
/** A value below this stands in the first byte itself (section 4.3). */
const SHORT_BELOW = 8n;
const VALUE_BYTES_MAX = 8;

const utf8 = new TextEncoder();

export interface SframeHeader {
  kid: bigint;
  ctr: bigint;
  /** Of the header itself, in bytes. */
  length: number;
}

/** What is derived from a base key for one key id. */
export interface SframeKey {
  kid: bigint;
  key: CryptoKey;
  salt: Bytes;
}

// -- The header (section 4.3) ---------------------------------------------------------------------------------------

/** The value in as few bytes as it needs, most significant first; nothing when the first byte can hold it. */
function valueBytes(value: bigint): Bytes {
  if (value < SHORT_BELOW) return new Uint8Array(0);
  const eight = new Uint8Array(VALUE_BYTES_MAX);
  new DataView(eight.buffer).setBigUint64(0, value);
  return eight.subarray(eight.findIndex((byte) => byte !== 0));
}

/** The four bits of a value in the first byte: itself, or a 1 and its length less 1. */
function valueNibble(value: bigint, bytes: Bytes): number {
  return bytes.length === 0 ? Number(value) : 8 | (bytes.length - 1);
}

export function sframeHeaderEncode(kid: bigint, ctr: bigint): Bytes {
  const kidBytes = valueBytes(kid);
  const ctrBytes = valueBytes(ctr);
  const first = Uint8Array.of((valueNibble(kid, kidBytes) << 4) | valueNibble(ctr, ctrBytes));
  return bytesJoin([first, kidBytes, ctrBytes]);
}

function valueDecode(nibble: number, bytes: Uint8Array): bigint {
  if (bytes.length === 0) return BigInt(nibble);
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Undefined when it is cut off, or a value has a longer form than it needs: each header has one form. */
export function sframeHeaderDecode(bytes: Uint8Array): SframeHeader | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  const [kidNibble, ctrNibble] = [first >> 4, first & 15];
  const kidEnd = 1 + (kidNibble < 8 ? 0 : kidNibble - 7);
  const length = kidEnd + (ctrNibble < 8 ? 0 : ctrNibble - 7);
  if (bytes.length < length) return undefined;
  const kid = valueDecode(kidNibble, bytes.subarray(1, kidEnd));
  const ctr = valueDecode(ctrNibble, bytes.subarray(kidEnd, length));
  const isShortest = valueBytes(kid).length === kidEnd - 1 && valueBytes(ctr).length === length - kidEnd;
  return isShortest ? { kid, ctr, length } : undefined;
}

// -- The keys (section 4.4.2) ---------------------------------------------------------------------------------------

function labelOf(what: string, kid: bigint): Bytes {
  const numbers = new Uint8Array(10);
  const view = new DataView(numbers.buffer);
  view.setBigUint64(0, kid);
  view.setUint16(8, SFRAME_SUITE);
  return bytesJoin([utf8.encode(`SFrame 1.0 Secret ${what} `), numbers]);
}

/** The key and the salt of this key id. The caller wipes the base key's bytes. */
export async function sframeKeyDerive(kid: bigint, baseKey: Bytes): Promise<SframeKey> {
  const base = await crypto.subtle.importKey("raw", baseKey, "HKDF", false, ["deriveKey", "deriveBits"]);
  const params = (what: string) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: labelOf(what, kid) });
  const [key, salt] = await Promise.all([
    crypto.subtle.deriveKey(params("key"), base, { name: "AES-GCM", length: KEY_BITS }, false, ["encrypt", "decrypt"]),
    crypto.subtle.deriveBits(params("salt"), base, NONCE_BYTES * 8),
  ]);
  return { kid, key, salt: new Uint8Array(salt) };
}

// -- One frame (sections 4.4.3 and 4.4.4) ---------------------------------------------------------------------------

/** The salt, with the counter over its last bytes by exclusive or. */
function paramsOf(salt: Bytes, ctr: bigint, header: Uint8Array, metadata: Uint8Array): AesGcmParams {
  const iv = new Uint8Array(salt);
  const view = new DataView(iv.buffer);
  view.setBigUint64(NONCE_BYTES - 8, view.getBigUint64(NONCE_BYTES - 8) ^ ctr);
  return { name: "AES-GCM", iv, additionalData: bytesJoin([header, metadata]), tagLength: SFRAME_TAG_BYTES * 8 };
}

/** Header, ciphertext and tag. The caller never gives the same counter twice with one key. */
export async function sframeSeal(key: SframeKey, ctr: bigint, metadata: Uint8Array, plain: Bytes): Promise<Bytes> {
  const header = sframeHeaderEncode(key.kid, ctr);
  const sealed = await crypto.subtle.encrypt(paramsOf(key.salt, ctr, header, metadata), key.key, plain);
  return bytesJoin([header, new Uint8Array(sealed)]);
}

/** Of a frame whose header was decoded. Throws OPEN_FAILED when the key, the metadata or any byte is another. */
export async function sframeOpen(key: SframeKey, header: SframeHeader, metadata: Uint8Array, frame: Bytes): Promise<Bytes> {
  const params = paramsOf(key.salt, header.ctr, frame.subarray(0, header.length), metadata);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(params, key.key, frame.subarray(header.length)));
  } catch (error) {
    throw new EnrumError("OPEN_FAILED", "frame", error);
  }
}
