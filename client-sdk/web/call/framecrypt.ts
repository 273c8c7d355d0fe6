// framecrypt -- the frames of a call, sealed by their sender and opened by a receiver: which bytes stay clear, counters, keys by
// key id, replays. Pure but for WebCrypto: the clock is passed in, and it knows no browser object and no signalling.
//     a sealed frame = clear bytes ‖ SFrame(header ‖ ciphertext ‖ tag),  with metadata = use ‖ clear bytes
// The use is sealed with the frame, so that a host cannot show a camera's frame as a screen's.
import type { Bytes } from "../protocol/field.ts";
import { bytesJoin } from "../protocol/layout.ts";
import { CALL_USES } from "../protocol/tables.ts";
import { SFRAME_TAG_BYTES, sframeHeaderDecode, sframeKeyDerive, sframeOpen, sframeSeal, type SframeKey } from "./sframe.ts";

export type Use = (typeof CALL_USES)[keyof typeof CALL_USES];

/**
 * Frames of one key. AES-GCM with 2^24 frames of 300 blocks gives an attacker an advantage below 2^-60 (RFC 9605, section 9.3,
 * and the limits it refers to); a call of voice, camera and screen sends so many in 40 hours.
 */
export const FRAMES_PER_KEY_MAX = 2 ** 24;
/** An older key still opens what was under way when the newer one came. */
export const OLD_KEY_MS = 2_000;
/** Frames of one sender that may lie between the oldest and the newest on their way: a few seconds of three streams. */
export const REPLAY_WINDOW = 1_024;
/** Key ids that are told as missing before a key comes: the header is not yet believed, and a host could name any. */
const MISSING_TOLD_MAX = 8;
/** The uncompressed part of a VP8 frame (RFC 6386, section 9.1): the relay finds key frames by it, and browsers their size. */
const VP8_CLEAR_KEY = 10;
const VP8_CLEAR_DELTA = 3;

/** Of VP8: the lowest bit of the frame tag is 0. */
export function isKeyFrame(frame: Uint8Array): boolean {
  return ((frame[0] ?? 1) & 1) === 0;
}

/** How many first bytes of this frame stay clear; undefined when it is too short to be a frame of its codec. */
function clearBytes(use: Use, frame: Uint8Array): number | undefined {
  if (use === CALL_USES.VOICE) return 0;
  if (frame.length === 0) return undefined;
  const clear = isKeyFrame(frame) ? VP8_CLEAR_KEY : VP8_CLEAR_DELTA;
  return frame.length < clear ? undefined : clear;
}

function metadataOf(use: Use, clear: Uint8Array): Bytes {
  return bytesJoin([Uint8Array.of(use), clear]);
}

// -- The sender -----------------------------------------------------------------------------------------------------

interface SendKey {
  sframe: SframeKey;
  /** Frames that it may still seal. */
  left: number;
}

export interface SendCounts {
  sealed: number;
  /** Dropped: no key, a key that is used up, or no frame of its codec. */
  dropped: number;
}

/** Seals the frames of all streams of this device in one call. Made anew with each coming to a call. */
export class FrameSender {
  readonly counts: SendCounts = { sealed: 0, dropped: 0 };
  readonly #framesPerKey: number;
  #key: SendKey | undefined;
  /** The highest that was asked for: a key that is derived late never takes the place of a later one. */
  #kidLast = -1;
  /** One for all streams and all keys: it only goes up, so that no nonce is used twice. */
  #counter = 0;

  constructor(framesPerKey: number = FRAMES_PER_KEY_MAX) {
    this.#framesPerKey = framesPerKey;
  }

  /**
   * From now on, frames are sealed with this key: 32 random bytes that were never a key before. A kid that is not higher than
   * the last one changes nothing. The caller wipes the bytes.
   */
  async setSendKey(kid: number, key: Bytes): Promise<void> {
    if (kid <= this.#kidLast) return;
    this.#kidLast = kid;
    const sframe = await sframeKeyDerive(BigInt(kid), key);
    if (kid === this.#kidLast) this.#key = { sframe, left: this.#framesPerKey };
  }

  /** Undefined when the frame must not be sent: without a key nothing is. */
  async seal(use: Use, frame: Bytes): Promise<Bytes | undefined> {
    const key = this.#key;
    const clear = clearBytes(use, frame);
    if (key === undefined || key.left === 0 || clear === undefined) {
      this.counts.dropped += 1;
      return undefined;
    }
    // Both before the first await: streams seal at the same time.
    const ctr = this.#counter++;
    key.left -= 1;
    const open = frame.subarray(0, clear);
    const sealed = await sframeSeal(key.sframe, BigInt(ctr), metadataOf(use, open), frame.subarray(clear));
    this.counts.sealed += 1;
    return bytesJoin([open, sealed]);
  }
}

// -- The receiver ---------------------------------------------------------------------------------------------------

/**
 * Counters that have been seen, one for each remainder: where a counter stands or a higher one of the same remainder, it has been
 * seen or is too old to tell.
 */
class ReplayWindow {
  readonly #seen = new Float64Array(REPLAY_WINDOW).fill(-1);

  /** False when it was taken before. */
  take(ctr: number): boolean {
    const slot = ctr % REPLAY_WINDOW;
    if ((this.#seen[slot] ?? ctr) >= ctr) return false;
    this.#seen[slot] = ctr;
    return true;
  }
}

interface ReceiveKey {
  sframe: SframeKey;
  windows: Map<Use, ReplayWindow>;
  /** When a newer one came; undefined for the newest. */
  olderAt: number | undefined;
}

export interface ReceiveCounts {
  opened: number;
  /** No key for its kid (yet). */
  keyMissing: number;
  /** Not a frame, or the tag is wrong: another key, another sender, another use, a changed byte. */
  damaged: number;
  replayed: number;
}

class Participant {
  readonly counts: ReceiveCounts = { opened: 0, keyMissing: 0, damaged: 0, replayed: 0 };
  readonly keys = new Map<bigint, ReceiveKey>();
  readonly missingTold = new Set<bigint>();
  kidLast = -1;
}

/** Opens the frames of all others in one call. Whose stream it is decides which keys are tried, never the frame. */
export class FrameReceiver {
  /** Told once for each key id, until a key of this participant comes. */
  onKeyMissing: (participant: number, kid: bigint) => void = () => {};
  readonly #participants = new Map<number, Participant>();
  readonly #now: () => number;

  /** `now` gives monotonic ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A kid that is not higher than the participant's last one came before, and changes nothing. The caller wipes the bytes. */
  async setReceiveKey(participant: number, kid: number, key: Bytes): Promise<void> {
    const from = this.#participant(participant);
    if (kid <= from.kidLast) return;
    from.kidLast = kid;
    const sframe = await sframeKeyDerive(BigInt(kid), key);
    // Keys that were derived at the same time may come in any order; the one of the highest kid is the newest.
    const now = this.#now();
    for (const other of from.keys.values()) if (other.sframe.kid < sframe.kid) other.olderAt ??= now;
    from.keys.set(sframe.kid, { sframe, windows: new Map(), olderAt: kid === from.kidLast ? undefined : now });
    from.missingTold.clear();
  }

  /** The participant has left, or came anew: none of its keys opens anything any more. */
  forget(participant: number): void {
    this.#participants.delete(participant);
  }

  /** Those of whom a key or a frame has come. */
  participants(): number[] {
    return [...this.#participants.keys()];
  }

  counts(participant: number): Readonly<ReceiveCounts> {
    return this.#participant(participant).counts;
  }

  /** Undefined when the frame must not be shown. */
  async open(participant: number, use: Use, frame: Bytes): Promise<Bytes | undefined> {
    const from = this.#participant(participant);
    const clear = clearBytes(use, frame);
    const sealed = frame.subarray(clear ?? frame.length);
    const header = sframeHeaderDecode(sealed);
    if (clear === undefined || header === undefined || sealed.length < header.length + SFRAME_TAG_BYTES
      || header.ctr > Number.MAX_SAFE_INTEGER) {
      from.counts.damaged += 1;
      return undefined;
    }
    const key = this.#findKey(from, header.kid);
    if (key === undefined) {
      this.#tellMissing(participant, from, header.kid);
      return undefined;
    }
    const open = frame.subarray(0, clear);
    const plain = await sframeOpen(key.sframe, header, metadataOf(use, open), sealed).catch(() => undefined);
    if (plain === undefined) {
      from.counts.damaged += 1;
      return undefined;
    }
    // After the tag: who cannot seal does not move the window. The participant may have been forgotten meanwhile.
    if (this.#participants.get(participant) !== from) return undefined;
    if (!this.#windowOf(key, use).take(Number(header.ctr))) {
      from.counts.replayed += 1;
      return undefined;
    }
    from.counts.opened += 1;
    return bytesJoin([open, plain]);
  }

  #participant(participant: number): Participant {
    const found = this.#participants.get(participant) ?? new Participant();
    this.#participants.set(participant, found);
    return found;
  }

  /** Keys that have been older for long enough are forgotten here. */
  #findKey(from: Participant, kid: bigint): ReceiveKey | undefined {
    const now = this.#now();
    for (const [one, { olderAt }] of from.keys) {
      if (olderAt !== undefined && now - olderAt >= OLD_KEY_MS) from.keys.delete(one);
    }
    return from.keys.get(kid);
  }

  #windowOf(key: ReceiveKey, use: Use): ReplayWindow {
    const window = key.windows.get(use) ?? new ReplayWindow();
    key.windows.set(use, window);
    return window;
  }

  #tellMissing(participant: number, from: Participant, kid: bigint): void {
    from.counts.keyMissing += 1;
    if (from.missingTold.has(kid) || from.missingTold.size >= MISSING_TOLD_MAX) return;
    from.missingTold.add(kid);
    this.onKeyMissing(participant, kid);
  }
}
