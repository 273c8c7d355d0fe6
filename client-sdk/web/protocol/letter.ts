// letter -- the mailbox frame: a signed question or answer, sealed between one device and one keeper.
import { deviceId } from "./certificate.ts";
import { EnrumError } from "./error.ts";
import type { Bytes, Layout, ValueOf } from "./field.ts";
import { bytesEqual, bytesJoin, layoutDecode, layoutEncode } from "./layout.ts";
import { layoutLetter, layoutLetterInner, layoutLetterSigned, type WireLetterInner } from "./layouts.ts";
import {
  hpkeOpen, hpkeSeal, labelBytes, suitePad, suiteSign, suiteUnpad, suiteVerify, type SealPair, type SignPair,
} from "./suite.ts";
import { LETTERS, LIMITS, PROTOCOL_VERSION, SUITE_1, type LetterName } from "./tables.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

/** Who writes: `certificate` may be empty before the first login. */
export interface LetterAuthor {
  sign: SignPair;
  seal: SealPair;
  certificate: Bytes;
}

export type LetterDraft = { [K in LetterName]: {
  kind: K;
  board: Bytes;
  /** Random; an answer repeats the id of the question. */
  id: Bytes;
  timeMs: number;
  body: ValueOf<(typeof LETTERS)[K]["body"]>;
} }[LetterName];

/** The public keys of the device that shall read it. */
export interface LetterReceiver {
  signKey: Bytes;
  sealKey: Bytes;
}

function letterInfo(to: Bytes): Bytes {
  return bytesJoin([labelBytes("LETTER"), to]);
}

/** Encoded letter_signed, padded. */
async function plainMake(author: LetterAuthor, to: Bytes, inner: WireLetterInner): Promise<Bytes> {
  const innerBytes = layoutEncode(layoutLetterInner, inner, LIMITS.LETTER_BYTES_MAX);
  const sig = await suiteSign(author.sign, "LETTER_SIGNATURE", to, innerBytes);
  const whole = layoutEncode(layoutLetterSigned, { inner: innerBytes, sig }, LIMITS.LETTER_BYTES_MAX);
  const padded = suitePad(whole, LIMITS.LETTER_BYTES_MAX);
  innerBytes.fill(0);
  whole.fill(0);
  return padded;
}

/** Seals and signs a letter. Throws MALFORMED, OVERSIZED. `ephemeral` only for test vectors. */
export async function letterEncode(
  author: LetterAuthor, draft: LetterDraft, receiver: LetterReceiver, ephemeral?: SealPair,
): Promise<Bytes> {
  const row = LETTERS[draft.kind];
  const body = layoutEncode(row.body as Layout, draft.body as never, LIMITS.LETTER_BYTES_MAX);
  const to = await deviceId(receiver.signKey, receiver.sealKey);
  const padded = await plainMake(author, to, {
    id: draft.id, board: draft.board, kind: row.number, time: draft.timeMs, sign_key: author.sign.publicKey,
    seal_key: author.seal.publicKey, certificate: author.certificate, body,
  });
  const { enc, sealed } = await hpkeSeal(receiver.sealKey, letterInfo(to), NO_BYTES, padded, ephemeral);
  padded.fill(0);
  body.fill(0);
  if (sealed.length > LIMITS.LETTER_BYTES_MAX) throw new EnrumError("OVERSIZED", "letter");
  return layoutEncode(layoutLetter, { version: PROTOCOL_VERSION, suite: SUITE_1, to, enc, sealed });
}

/** Device id of the receiver, before it is opened. Throws MALFORMED. */
export function letterTo(bytes: Bytes): Bytes {
  return layoutDecode(layoutLetter, bytes).to;
}

/**
 * Opens a letter to this device and checks that the key it names signed it. Who holds that key, the caller checks.
 * Throws MALFORMED, SUITE_UNSUPPORTED, OPEN_FAILED, SIGNATURE_WRONG.
 */
export async function letterDecode(bytes: Bytes, sign: Pick<SignPair, "publicKey">, seal: SealPair): Promise<WireLetterInner> {
  const letter = layoutDecode(layoutLetter, bytes);
  if (letter.suite !== SUITE_1) throw new EnrumError("SUITE_UNSUPPORTED", "letter");
  const me = await deviceId(sign.publicKey, seal.publicKey);
  if (!bytesEqual(me, letter.to)) throw new EnrumError("OPEN_FAILED", "letter to another device");
  const padded = await hpkeOpen(seal, letter.enc, letterInfo(me), NO_BYTES, letter.sealed);
  const { inner: innerBytes, sig } = layoutDecode(layoutLetterSigned, suiteUnpad(padded));
  const inner = layoutDecode(layoutLetterInner, innerBytes);
  if (!await suiteVerify(inner.sign_key, sig, "LETTER_SIGNATURE", me, innerBytes)) throw new EnrumError("SIGNATURE_WRONG", "letter");
  return inner;
}

/** The letter's body, decoded by its kind; undefined for an unknown kind. Throws MALFORMED. */
export type LetterBody = { [K in LetterName]: { kind: K; value: ValueOf<(typeof LETTERS)[K]["body"]> } }[LetterName];

export function letterBody(inner: WireLetterInner): LetterBody | undefined {
  const kind = (Object.keys(LETTERS) as LetterName[]).find((name) => LETTERS[name].number === inner.kind);
  if (kind === undefined) return undefined;
  return { kind, value: layoutDecode(LETTERS[kind].body as Layout, inner.body) } as unknown as LetterBody;
}
