// call -- what devices sign and seal in a call: their key for it, statements of staff, frames to each other.
import { signedDecode, signedEncode } from "./certificate.ts";
import { EnrumError } from "./error.ts";
import type { Bytes } from "./field.ts";
import { bytesEqual, bytesJoin, layoutDecode, layoutEncode } from "./layout.ts";
import {
  layoutCallAdmission, layoutCallFrame, layoutCallFrameSigned, layoutCallInner, layoutCallKey, layoutSigned,
  type WireCallAdmission, type WireCallInner, type WireCallKey,
} from "./layouts.ts";
import { hpkeOpen, hpkeSeal, labelBytes, suitePad, suiteSign, suiteUnpad, suiteVerify, type SealPair, type SignPair } from "./suite.ts";
import { LIMITS, PROTOCOL_VERSION, SUITE_1 } from "./tables.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

export type CallKeyDraft = Omit<WireCallKey, "version" | "suite">;
export type CallAdmissionDraft = Omit<WireCallAdmission, "version">;

/** A signed call_key. Throws MALFORMED. */
export function callKeyEncode(device: SignPair, draft: CallKeyDraft): Promise<Bytes> {
  const body = { ...draft, version: PROTOCOL_VERSION, suite: SUITE_1 };
  return signedEncode(device, "CALL_KEY", layoutEncode(layoutCallKey, body, LIMITS.CERTIFICATE_BYTES_MAX));
}

/** Which certificate it names, before it is believed. Throws MALFORMED. */
export function callKeyCertificate(bytes: Bytes): Bytes {
  return layoutDecode(layoutCallKey, layoutDecode(layoutSigned, bytes).body).certificate;
}

/** The key that the device with this sign_key has signed. Throws MALFORMED, SIGNATURE_WRONG, SUITE_UNSUPPORTED. */
export async function callKeyDecode(bytes: Bytes, signKey: Bytes): Promise<WireCallKey> {
  const key = layoutDecode(layoutCallKey, await signedDecode(bytes, signKey, "CALL_KEY"));
  if (key.suite !== SUITE_1) throw new EnrumError("SUITE_UNSUPPORTED", "call key");
  return key;
}

/** A signed call_admission. Throws MALFORMED. */
export function callAdmissionEncode(staff: SignPair, draft: CallAdmissionDraft): Promise<Bytes> {
  const body = { ...draft, version: PROTOCOL_VERSION };
  return signedEncode(staff, "CALL_ADMISSION", layoutEncode(layoutCallAdmission, body, LIMITS.CERTIFICATE_BYTES_MAX));
}

/** Which certificate signs it, before it is believed. Throws MALFORMED. */
export function callAdmissionBy(bytes: Bytes): Bytes {
  return layoutDecode(layoutCallAdmission, layoutDecode(layoutSigned, bytes).body).by;
}

/** Throws MALFORMED, SIGNATURE_WRONG. */
export async function callAdmissionDecode(bytes: Bytes, signKey: Bytes): Promise<WireCallAdmission> {
  return layoutDecode(layoutCallAdmission, await signedDecode(bytes, signKey, "CALL_ADMISSION"));
}

/** Who sends frames: the device, and its key in this call. */
export interface CallAuthor {
  sign: SignPair;
  /** Hash of the device's certificate. */
  certificate: Bytes;
  key: Bytes;
}

export type CallFrameDraft = Pick<WireCallInner, "call" | "number" | "time" | "kind" | "body">;

function frameInfo(call: Bytes): Bytes {
  return bytesJoin([labelBytes("CALL_FRAME"), call]);
}

/** Seals a frame to the call key `to`. Throws MALFORMED, OVERSIZED. */
export async function callFrameEncode(author: CallAuthor, draft: CallFrameDraft, to: Bytes): Promise<Bytes> {
  const inner = layoutEncode(layoutCallInner, { ...draft, certificate: author.certificate, key: author.key }, LIMITS.CALL_FRAME_BYTES_MAX);
  const sig = await suiteSign(author.sign, "CALL_FRAME_SIGNATURE", to, inner);
  const whole = layoutEncode(layoutCallFrameSigned, { inner, sig }, LIMITS.CALL_FRAME_BYTES_MAX);
  const padded = suitePad(whole, LIMITS.CALL_FRAME_BYTES_MAX);
  inner.fill(0);
  whole.fill(0);
  const { enc, sealed } = await hpkeSeal(to, frameInfo(draft.call), NO_BYTES, padded);
  padded.fill(0);
  return layoutEncode(layoutCallFrame, { version: PROTOCOL_VERSION, suite: SUITE_1, enc, sealed }, LIMITS.CALL_FRAME_BYTES_MAX);
}

/** Whose frame it must be: as the checked call_key and certificate of that participant say. */
export interface CallSender {
  certificate: Bytes;
  key: Bytes;
  signKey: Bytes;
}

/**
 * Opens a frame of this call to this call key. Who may say what, and whether it was said before, the caller checks.
 * Throws MALFORMED, SUITE_UNSUPPORTED, OPEN_FAILED, SIGNATURE_WRONG.
 */
export async function callFrameDecode(bytes: Bytes, own: SealPair, call: Bytes, sender: CallSender): Promise<WireCallInner> {
  const frame = layoutDecode(layoutCallFrame, bytes);
  if (frame.suite !== SUITE_1) throw new EnrumError("SUITE_UNSUPPORTED", "call frame");
  const padded = await hpkeOpen(own, frame.enc, frameInfo(call), NO_BYTES, frame.sealed);
  const { inner: innerBytes, sig } = layoutDecode(layoutCallFrameSigned, suiteUnpad(padded));
  const inner = layoutDecode(layoutCallInner, innerBytes);
  const isTheirs = bytesEqual(inner.call, call) && bytesEqual(inner.certificate, sender.certificate) && bytesEqual(inner.key, sender.key);
  if (!isTheirs || !await suiteVerify(sender.signKey, sig, "CALL_FRAME_SIGNATURE", own.publicKey, innerBytes)) {
    throw new EnrumError("SIGNATURE_WRONG", "call frame");
  }
  return inner;
}
