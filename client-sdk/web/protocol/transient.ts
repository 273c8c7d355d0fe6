// transient -- transient frames: sealed under a room key, signed, delivered, never logged.
import { EnrumError } from "./error.ts";
import type { Bytes } from "./field.ts";
import { layoutDecode, layoutEncode } from "./layout.ts";
import {
  layoutTransient, layoutTransientContent, layoutTransientHead, type WireTransientContent, type WireTransientHead,
} from "./layouts.ts";
import {
  NONCE_BYTES, suiteDerive, suiteOpen, suitePad, suiteRandom, suiteSeal, suiteSign, suiteUnpad, suiteVerify, type SignPair,
} from "./suite.ts";
import { ID_BYTES, LIMITS, PROTOCOL_VERSION, SUITE_1 } from "./tables.ts";

/** The frame's key is used once, so its nonce is all zeros. */
const ZERO_NONCE: Bytes = new Uint8Array(NONCE_BYTES);

export interface TransientFrame {
  head: WireTransientHead;
  headBytes: Bytes;
  sealed: Bytes;
  sig: Bytes;
}

export type TransientDraft = Omit<WireTransientHead, "version" | "suite" | "salt">;

async function frameSeal(head: Bytes, salt: Bytes, content: WireTransientContent, roomKey: CryptoKey): Promise<Bytes> {
  const plain = layoutEncode(layoutTransientContent, content, LIMITS.TRANSIENT_BYTES_MAX);
  const padded = suitePad(plain, LIMITS.TRANSIENT_BYTES_MAX);
  const sealed = await suiteSeal(await suiteDerive(roomKey, salt, "TRANSIENT_KEY"), ZERO_NONCE, head, padded);
  plain.fill(0);
  padded.fill(0);
  if (sealed.length > LIMITS.TRANSIENT_BYTES_MAX) throw new EnrumError("OVERSIZED", "transient frame");
  return sealed;
}

/** With the salt given: only for test vectors. */
export async function transientEncodeWith(
  draft: TransientDraft, salt: Bytes, content: WireTransientContent, roomKey: CryptoKey, author: SignPair,
): Promise<Bytes> {
  const value = { ...draft, version: PROTOCOL_VERSION, suite: SUITE_1, salt };
  const head = layoutEncode(layoutTransientHead, value, LIMITS.HEAD_BYTES_MAX);
  const sealed = await frameSeal(head, salt, content, roomKey);
  return layoutEncode(layoutTransient, { head, sealed, sig: await suiteSign(author, "TRANSIENT", head, sealed) });
}

/** Throws MALFORMED, OVERSIZED. */
export function transientEncode(
  draft: TransientDraft, content: WireTransientContent, roomKey: CryptoKey, author: SignPair,
): Promise<Bytes> {
  return transientEncodeWith(draft, suiteRandom(ID_BYTES), content, roomKey, author);
}

/** Throws MALFORMED, SUITE_UNSUPPORTED. */
export function transientDecode(bytes: Bytes): TransientFrame {
  const { head: headBytes, sealed, sig } = layoutDecode(layoutTransient, bytes);
  const head = layoutDecode(layoutTransientHead, headBytes);
  if (head.suite !== SUITE_1) throw new EnrumError("SUITE_UNSUPPORTED", "transient frame");
  return { head, headBytes, sealed, sig };
}

export function transientSignatureIsGood(frame: TransientFrame, signKey: Bytes): Promise<boolean> {
  return suiteVerify(signKey, frame.sig, "TRANSIENT", frame.headBytes, frame.sealed);
}

/** Throws OPEN_FAILED, MALFORMED. */
export async function transientOpen(frame: TransientFrame, roomKey: CryptoKey): Promise<WireTransientContent> {
  const key = await suiteDerive(roomKey, frame.head.salt, "TRANSIENT_KEY");
  const padded = await suiteOpen(key, ZERO_NONCE, frame.headBytes, frame.sealed);
  return layoutDecode(layoutTransientContent, suiteUnpad(padded));
}
