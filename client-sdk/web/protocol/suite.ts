// suite -- cipher suite 1: SHA-256, HKDF-SHA256, AES-256-GCM, Ed25519, X25519, HPKE, and padding (Padmé). The one place
// where the protocol meets WebCrypto and @hpke/core. Private keys are CryptoKeys that cannot be read out: a script can use
// them, not copy them. The importers from bytes are for vectors, and for keys that came in a grant.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256, OpenError } from "@hpke/core";
import { EnrumError } from "./error.ts";
import type { Bytes } from "./field.ts";
import { bytesJoin } from "./layout.ts";
import { KEY_BYTES, LABELS, LIMITS, SIG_BYTES, type LabelName } from "./tables.ts";

export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;

const utf8 = new TextEncoder();

export interface SignPair {
  /** Ed25519, 32 bytes. */
  publicKey: Bytes;
  privateKey: CryptoKey;
}

export interface SealPair {
  /** X25519, 32 bytes. */
  publicKey: Bytes;
  keys: CryptoKeyPair;
}

/** A label's text with its closing zero byte. */
export function labelBytes(label: LabelName): Bytes {
  return bytesJoin([utf8.encode(LABELS[label]), new Uint8Array(1)]);
}

export function suiteRandom(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Eight bytes, most significant first. */
export function be64(number: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

// -- Keys -----------------------------------------------------------------------------------------------------------

/** PKCS #8 (RFC 8410) of a private key of 32 bytes, up to the key. */
const PKCS8_ED25519 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const PKCS8_X25519 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);

async function exportRaw(publicKey: CryptoKey): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
}

/** The private key, not readable, and its public bytes: WebCrypto tells these only of a readable key, so it is read once. */
async function importPrivate(prefix: Bytes, secret: Bytes, name: string, usage: KeyUsage): Promise<[CryptoKey, Bytes]> {
  const pkcs8 = bytesJoin([prefix, secret]);
  const readable = await crypto.subtle.importKey("pkcs8", pkcs8, name, true, [usage]);
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, name, false, [usage]);
  pkcs8.fill(0);
  const { x } = await crypto.subtle.exportKey("jwk", readable);
  return [privateKey, suiteBase64urlDecode(x ?? "", KEY_BYTES)];
}

export async function signPairNew(): Promise<SignPair> {
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]) as CryptoKeyPair;
  return { publicKey: await exportRaw(pair.publicKey), privateKey: pair.privateKey };
}

export async function signPairOfSeed(seed: Bytes): Promise<SignPair> {
  const [privateKey, publicKey] = await importPrivate(PKCS8_ED25519, seed, "Ed25519", "sign");
  return { publicKey, privateKey };
}

export async function sealPairNew(): Promise<SealPair> {
  const keys = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]) as CryptoKeyPair;
  return { publicKey: await exportRaw(keys.publicKey), keys };
}

export async function sealPairOfSecret(secret: Bytes): Promise<SealPair> {
  const [privateKey, publicKey] = await importPrivate(PKCS8_X25519, secret, "X25519", "deriveBits");
  return { publicKey, keys: { privateKey, publicKey: await importSealKey(publicKey) } };
}

function importSealKey(publicKey: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", publicKey, "X25519", true, []);
}

/** A key that only derives others (a room key), not readable. The caller wipes the bytes. */
export function deriveKeyImport(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
}

/** A key of suiteMac, not readable. */
export function macKeyImport(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** A new key of suiteSeal and suiteOpen, not readable: of this device alone. */
export function sealKeyNew(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A key of suiteSeal and suiteOpen, not readable. */
export function sealKeyImport(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// -- Hashes and derived keys ----------------------------------------------------------------------------------------

/** SHA-256 over the label and the parts, joined. */
export function suiteHash(label: LabelName, ...parts: Uint8Array[]): Promise<Bytes> {
  return suiteHashBare(labelBytes(label), ...parts);
}

/** SHA-256 over the parts alone, for trees and published formats that have their own prefix. */
export async function suiteHashBare(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytesJoin(parts)));
}

/** HMAC-SHA256 under the key, over the label and the parts. */
export async function suiteMac(key: CryptoKey, label: LabelName, ...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytesJoin([labelBytes(label), ...parts])));
}

/** HKDF-SHA256 (RFC 5869), 32 bytes, as a key of suiteSeal and suiteOpen; info is the label. */
export function suiteDerive(key: CryptoKey, salt: Bytes, label: LabelName): Promise<CryptoKey> {
  const params = { name: "HKDF", hash: "SHA-256", salt, info: labelBytes(label) };
  return crypto.subtle.deriveKey(params, key, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// -- Signatures -----------------------------------------------------------------------------------------------------

/** Ed25519 over the label and the parts, joined. */
export async function suiteSign(pair: SignPair, label: LabelName, ...parts: Uint8Array[]): Promise<Bytes> {
  const joined = bytesJoin([labelBytes(label), ...parts]);
  const sig = await crypto.subtle.sign("Ed25519", pair.privateKey, joined);
  // A letter is signed before it is sealed: what was joined may be a plaintext.
  joined.fill(0);
  return new Uint8Array(sig);
}

/** The y of the points of order 1, 2, 4 and 8, and their longer forms; least significant byte first, without the sign. */
const SMALL_ORDER_Y = [
  0n, 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  2n ** 255n - 20n, 2n ** 255n - 19n, 2n ** 255n - 18n,
];
const FIELD_PRIME = 2n ** 255n - 19n;
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/**
 * What WebCrypto leaves to its makers and the specification does not: keys and R of small order (with them one signature
 * fits many texts), a key's y that is not reduced, and S that is not reduced (a second signature from a first).
 */
function isStrictSignature(publicKey: Uint8Array, sig: Uint8Array): boolean {
  const y = BigInt.asUintN(255, littleEndian(publicKey));
  const r = BigInt.asUintN(255, littleEndian(sig.subarray(0, 32)));
  return y < FIELD_PRIME && !SMALL_ORDER_Y.includes(y) && !SMALL_ORDER_Y.includes(r)
    && littleEndian(sig.subarray(32)) < GROUP_ORDER;
}

export async function suiteVerify(publicKey: Bytes, sig: Bytes, label: LabelName, ...parts: Uint8Array[]): Promise<boolean> {
  if (publicKey.length !== KEY_BYTES || sig.length !== SIG_BYTES || !isStrictSignature(publicKey, sig)) return false;
  const joined = bytesJoin([labelBytes(label), ...parts]);
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", true, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, sig, joined);
  } catch {
    // The bytes are no point of the curve.
    return false;
  } finally {
    joined.fill(0);
  }
}

// -- AES-256-GCM ----------------------------------------------------------------------------------------------------

/** Ciphertext and tag. The key must be fresh for this nonce. */
export async function suiteSeal(key: CryptoKey, nonce: Bytes, aad: Bytes, plain: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: aad }, key, plain));
}

/** Throws OPEN_FAILED. */
export async function suiteOpen(key: CryptoKey, nonce: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes> {
  if (sealed.length > LIMITS.FRAME_BYTES_MAX || aad.length > LIMITS.FRAME_BYTES_MAX) throw new EnrumError("OPEN_FAILED");
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: aad }, key, sealed));
  } catch (cause) {
    throw new EnrumError("OPEN_FAILED", undefined, cause);
  }
}

// -- Padding --------------------------------------------------------------------------------------------------------

function bitsOf(number: number): number {
  return 32 - Math.clz32(number);
}

/** The Padmé size of a length: of E+1 bits, the lowest E - bits(E) bits become zero, rounding up. */
export function suitePadme(length: number): number {
  const e = bitsOf(length) - 1;
  const mask = 2 ** (e - bitsOf(e)) - 1;
  return (length + mask) & ~mask;
}

/** Size of a padded content of so many bytes. */
export function suitePaddedBytes(length: number): number {
  return length + 4 <= LIMITS.PADDED_BYTES_MIN ? LIMITS.PADDED_BYTES_MIN : suitePadme(length + 4);
}

/** Length, content, zeros up to the Padmé size (PURBs, PETS 2019), at least PADDED_BYTES_MIN. Throws OVERSIZED. */
export function suitePad(content: Bytes, bytesMax: number = 2 * LIMITS.FRAME_BYTES_MAX): Bytes {
  if (content.length > LIMITS.FRAME_BYTES_MAX || suitePaddedBytes(content.length) > bytesMax) {
    throw new EnrumError("OVERSIZED");
  }
  const padded = new Uint8Array(suitePaddedBytes(content.length));
  new DataView(padded.buffer).setUint32(0, content.length);
  padded.set(content, 4);
  return padded;
}

/** The content inside, a view. Throws MALFORMED when length, size or zeros are not as suitePad makes them. */
export function suiteUnpad(padded: Bytes): Bytes {
  if (padded.length < LIMITS.PADDED_BYTES_MIN || padded.length > 2 * LIMITS.FRAME_BYTES_MAX) throw new EnrumError("MALFORMED");
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - 4 || suitePaddedBytes(length) !== padded.length || padded.subarray(4 + length).some((byte) => byte !== 0)) {
    throw new EnrumError("MALFORMED", "padding");
  }
  return padded.subarray(4, 4 + length);
}

// -- HPKE, RFC 9180: base mode, single shot -------------------------------------------------------------------------

const hpke = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export interface HpkeSealed {
  /** Encapsulated key, 32 bytes. */
  enc: Bytes;
  /** Ciphertext and tag. */
  sealed: Bytes;
}

/** `ephemeral` only for test vectors. Throws MALFORMED for a public key of small order. */
export async function hpkeSeal(to: Bytes, info: Bytes, aad: Bytes, plain: Bytes, ephemeral?: SealPair): Promise<HpkeSealed> {
  try {
    const given = ephemeral === undefined ? {} : { ekm: ephemeral.keys };
    const { enc, ct } = await hpke.seal({ recipientPublicKey: await importSealKey(to), info, ...given }, plain, aad);
    return { enc: new Uint8Array(enc), sealed: new Uint8Array(ct) };
  } catch (cause) {
    throw new EnrumError("MALFORMED", "HPKE", cause);
  }
}

/** Throws OPEN_FAILED, MALFORMED for an encapsulated key of small order. */
export async function hpkeOpen(pair: SealPair, enc: Bytes, info: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes> {
  try {
    return new Uint8Array(await hpke.open({ recipientKey: pair.keys, enc, info }, sealed, aad));
  } catch (cause) {
    throw new EnrumError(cause instanceof OpenError ? "OPEN_FAILED" : "MALFORMED", "HPKE", cause);
  }
}

// -- Text forms -----------------------------------------------------------------------------------------------------

/** Unpadded base64url (RFC 4648 §5). */
export function suiteBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Decodes to exactly `length` bytes. Throws MALFORMED. */
export function suiteBase64urlDecode(text: string, length: number): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new EnrumError("MALFORMED", "base64url");
  let binary: string;
  try {
    binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch (cause) {
    throw new EnrumError("MALFORMED", "base64url", cause);
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // Bits behind the last byte must be zero, so that one key has one text.
  if (bytes.length !== length || suiteBase64url(bytes) !== text) throw new EnrumError("MALFORMED", "base64url");
  return bytes;
}
