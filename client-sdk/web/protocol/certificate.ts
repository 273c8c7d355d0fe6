// certificate -- root -> keeper -> device, revocations, root changes. Says what is well-formed, signed and in time; who has
// been revoked is the fold's knowledge, not this file's.
import { EnrumError } from "./error.ts";
import type { Bytes } from "./field.ts";
import { bytesEqual, layoutDecode, layoutEncode } from "./layout.ts";
import { layoutCertificate, layoutSigned, type WireCertificate } from "./layouts.ts";
import { suiteHash, suiteMac, suiteSign, suiteVerify, type SignPair } from "./suite.ts";
import { LIMITS, PROTOCOL_VERSION, ROLES, SUITE_1, type ErrorName } from "./tables.ts";

export interface Certificate {
  body: WireCertificate;
  /** Over the signed bytes: what heads and issuers name. */
  hash: Bytes;
  /** Device id: stays when the certificate is renewed. */
  device: Bytes;
}

/** The board id of a first root key. */
export function boardId(rootKey: Bytes): Promise<Bytes> {
  return suiteHash("BOARD", rootKey);
}

/** The id of a device: its two public keys. */
export function deviceId(signKey: Bytes, sealKey: Bytes): Promise<Bytes> {
  return suiteHash("DEVICE", signKey, sealKey);
}

/** The pseudonym of an identity in one capacity. `boardSecret` is a key of macKeyImport. */
export function personId(boardSecret: CryptoKey, role: number, identity: Bytes): Promise<Bytes> {
  return suiteMac(boardSecret, "PERSON", Uint8Array.of(role), identity);
}

export type SignedLabel = "CERTIFICATE" | "REVOCATION" | "SUCCESSOR" | "CALL_KEY" | "CALL_ADMISSION" | "PROFILE";

/** Signs any body under its label. Throws MALFORMED. */
export async function signedEncode(issuer: SignPair, label: SignedLabel, body: Bytes): Promise<Bytes> {
  return layoutEncode(layoutSigned, { body, sig: await suiteSign(issuer, label, body) });
}

/** The body inside, when the signature holds. Throws MALFORMED, SIGNATURE_WRONG. */
export async function signedDecode(bytes: Bytes, issuerKey: Bytes, label: SignedLabel): Promise<Bytes> {
  const { body, sig } = layoutDecode(layoutSigned, bytes);
  if (!await suiteVerify(issuerKey, sig, label, body)) throw new EnrumError("SIGNATURE_WRONG", label);
  return body;
}

export type CertificateDraft = Omit<WireCertificate, "version" | "suite">;

/** Encodes and signs a certificate. Throws MALFORMED, OVERSIZED. */
export async function certificateEncode(issuer: SignPair, draft: CertificateDraft): Promise<Bytes> {
  const body = { ...draft, version: PROTOCOL_VERSION, suite: SUITE_1 };
  return signedEncode(issuer, "CERTIFICATE", layoutEncode(layoutCertificate, body, LIMITS.CERTIFICATE_BYTES_MAX));
}

async function bodyDecode(bytes: Bytes, signedBody: Bytes): Promise<Certificate> {
  const body = layoutDecode(layoutCertificate, signedBody);
  if (body.suite !== SUITE_1) throw new EnrumError("SUITE_UNSUPPORTED", "certificate");
  return { body, hash: await suiteHash("CERTIFICATE", bytes), device: await deviceId(body.sign_key, body.seal_key) };
}

/** Reads a certificate without believing it. Throws MALFORMED, SUITE_UNSUPPORTED. */
export async function certificateDecode(bytes: Bytes): Promise<Certificate> {
  return bodyDecode(bytes, layoutDecode(layoutSigned, bytes).body);
}

/** Reads a certificate signed by this key. Throws as certificateDecode, SIGNATURE_WRONG. */
export async function certificateCheck(bytes: Bytes, issuerKey: Bytes): Promise<Certificate> {
  return bodyDecode(bytes, await signedDecode(bytes, issuerKey, "CERTIFICATE"));
}

/** Why it is not in its period at this time; undefined when it is. */
export function certificateTimeError(certificate: Certificate, atMs: number): ErrorName | undefined {
  if (atMs < certificate.body.not_before) return "CERTIFICATE_NOT_YET";
  return atMs < certificate.body.not_after ? undefined : "CERTIFICATE_EXPIRED";
}

async function decodeOfBoard(bytes: Bytes, board: Bytes): Promise<void> {
  const { body } = await certificateDecode(bytes);
  if (!bytesEqual(body.board, board)) throw new EnrumError("CERTIFICATE_OTHER_BOARD");
}

/** A keeper's certificate under the board's root. Throws as certificateCheck, CERTIFICATE_OTHER_BOARD, CERTIFICATE_UNTRUSTED. */
export async function chainCheckKeeper(board: Bytes, rootKey: Bytes, keeper: Bytes): Promise<Certificate> {
  await decodeOfBoard(keeper, board);
  const certificate = await certificateCheck(keeper, rootKey);
  const { body } = certificate;
  if (!bytesEqual(body.issuer, board) || !bytesEqual(body.person, board) || body.role !== ROLES.KEEPER) {
    throw new EnrumError("CERTIFICATE_UNTRUSTED", "not a keeper's");
  }
  return certificate;
}

/**
 * A device's certificate under a keeper's, or (issuer empty) a keeper's own. The keeper's must have been in its period when
 * the device's began, and end no sooner. Not checked: whether the device's is in its period now (certificateTimeError).
 * Throws as chainCheckKeeper.
 */
export async function chainCheck(board: Bytes, rootKey: Bytes, device: Bytes, issuer: Bytes): Promise<Certificate> {
  if (issuer.length === 0) return chainCheckKeeper(board, rootKey, device);
  await decodeOfBoard(device, board);
  const keeper = await chainCheckKeeper(board, rootKey, issuer);
  const certificate = await certificateCheck(device, keeper.body.sign_key);
  const { body } = certificate;
  if (!bytesEqual(body.issuer, keeper.hash) || body.role === ROLES.KEEPER || bytesEqual(body.person, board)
    || certificateTimeError(keeper, body.not_before) !== undefined || body.not_after > keeper.body.not_after) {
    throw new EnrumError("CERTIFICATE_UNTRUSTED", "not as a keeper issues them");
  }
  return certificate;
}
