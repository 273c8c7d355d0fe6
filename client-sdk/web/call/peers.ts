// peers -- the other devices of one call, each by its certificate and call key: whatever number the host gives it, now or after
// a restart, it is the same peer with the same frames behind it.
import type { Bytes } from "../protocol/field.ts";
import { bytesHex } from "../protocol/layout.ts";
import type { WireCallInner, WireCallPresence, WireProfile } from "../protocol/layouts.ts";
import type { Attendee } from "./attendance.ts";

/** More than ever come to a call; a host that shows more is not listened to. */
const PEERS_MAX = 256;
/** Frames to one peer that wait for it to be reached. */
const WAITING_MAX = 256;

export type FrameSaid = Pick<WireCallInner, "kind" | "body">;

/** A frame that is sent until the host has handed it over. A later one of the same name takes its place. */
export interface WaitingFrame extends FrameSaid {
  name: string;
  onSent: () => void;
}

export class Peer {
  readonly name: string;
  /** This device's own number for it; what the pages and the worker of frames know it by. */
  readonly local: number;
  /** As the host showed it last. */
  attendee: Attendee;
  /** In the newest state. */
  isShown = true;
  /** Number of the newest frame to it, and from it. */
  sent = 0;
  received = 0;
  presence: Omit<WireCallPresence, "profile"> | undefined;
  /** Who it is by a keeper's word, checked. */
  profile: WireProfile | undefined;
  /** Of its newest media key here. */
  kid: number | undefined;
  waiting: WaitingFrame[] = [];
  retryAt = 0;

  constructor(local: number, attendee: Attendee) {
    this.name = peerName(attendee.certificate.hash, attendee.key);
    this.local = local;
    this.attendee = attendee;
  }

  /** False when too much waits already. */
  put(frame: WaitingFrame): boolean {
    const at = this.waiting.findIndex(({ name }) => name === frame.name);
    if (at >= 0) this.waiting.splice(at, 1);
    if (this.waiting.length >= WAITING_MAX) return false;
    this.waiting.push(frame);
    return true;
  }
}

export function peerName(certificate: Bytes, key: Bytes): string {
  return bytesHex(certificate) + bytesHex(key);
}

export class Peers {
  readonly #all = new Map<string, Peer>();

  /** The state that the host shows now. Returns those that are new, and those that could not be reached before. */
  show(attendees: readonly Attendee[]): { fresh: Peer[]; back: Peer[] } {
    const fresh: Peer[] = [], back: Peer[] = [];
    const before = new Set(this.shown.filter(({ attendee }) => !attendee.isAway));
    for (const peer of this.#all.values()) peer.isShown = false;
    for (const attendee of attendees) {
      const name = peerName(attendee.certificate.hash, attendee.key);
      let peer = this.#all.get(name);
      if (peer === undefined) {
        if (this.#all.size >= PEERS_MAX) continue;
        peer = new Peer(this.#all.size + 1, attendee);
        this.#all.set(name, peer);
        fresh.push(peer);
      }
      peer.attendee = attendee;
      peer.isShown = true;
      if (!attendee.isAway && !before.has(peer)) {
        peer.retryAt = 0;
        back.push(peer);
      }
    }
    return { fresh, back };
  }

  get shown(): Peer[] {
    return [...this.#all.values()].filter(({ isShown }) => isShown);
  }

  ofName(name: string): Peer | undefined {
    return this.#all.get(name);
  }

  ofLocal(local: number): Peer | undefined {
    return [...this.#all.values()].find((peer) => peer.local === local);
  }

  /** By the host's number, of those shown. */
  ofNumber(number: number): Peer | undefined {
    return this.shown.find(({ attendee }) => attendee.number === number);
  }
}
