// slots -- which of the others' streams each received section of a leg carries. A section stays in its place for the whole call
// (RFC 8829, section 5.2.2): who leaves frees its slots, and the next one of the same medium takes them. Knows no SDP.
import { CALL_USES, LIMITS } from "../protocol/tables.ts";
import type { Use } from "./framecrypt.ts";

export type Medium = "audio" | "video";

/** A stream of another participant, as the relay sends it to this leg. */
export interface ReceivedStream {
  participant: number;
  use: Use;
  /** The relay's; unique in the call, and never used again in it. */
  ssrc: number;
}

export interface Slot {
  readonly medium: Medium;
  stream: ReceivedStream | undefined;
}

const SLOTS_MAX = (LIMITS.CALL_PARTICIPANTS_MAX - 1) * LIMITS.CALL_STREAMS_MAX;

export function mediumOf(use: Use): Medium {
  return use === CALL_USES.VOICE ? "audio" : "video";
}

export class Slots {
  readonly #slots: Slot[] = [];

  /** In the order of the leg's receiving sections: a transceiver is added for each that is new. */
  get all(): readonly Readonly<Slot>[] {
    return this.#slots;
  }

  /**
   * These are the streams from now on; one that stays keeps its slot. What is more than a call may have is left out: the list is
   * the host's.
   */
  place(streams: readonly ReceivedStream[]): void {
    const wanted = new Map(streams.slice(0, SLOTS_MAX).map((stream) => [stream.ssrc, stream]));
    for (const slot of this.#slots) {
      const stays = slot.stream === undefined ? undefined : wanted.get(slot.stream.ssrc);
      slot.stream = stays !== undefined && mediumOf(stays.use) === slot.medium ? stays : undefined;
      if (slot.stream !== undefined) wanted.delete(slot.stream.ssrc);
    }
    for (const stream of wanted.values()) this.#take(stream);
  }

  #take(stream: ReceivedStream): void {
    const medium = mediumOf(stream.use);
    const free = this.#slots.find((slot) => slot.medium === medium && slot.stream === undefined);
    if (free !== undefined) free.stream = stream;
    // More sections than the streams of a full call only a host can ask for, by many of one medium in turn with another.
    else if (this.#slots.length < 2 * SLOTS_MAX) this.#slots.push({ medium, stream });
  }
}
