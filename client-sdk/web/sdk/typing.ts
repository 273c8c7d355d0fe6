// typing -- "… skriver": who writes in a room just now, told in transient frames (protocol/README section 17). Sealed like
// everything else, never logged; one that is lost, late or held back changes nothing but that line.
import { certificateTimeError, type Certificate } from "../protocol/certificate.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutDecode } from "../protocol/layout.ts";
import { messageTransientIn, messageTransientSend } from "../protocol/messages.ts";
import { transientDecode, transientEncode, transientOpen, transientSignatureIsGood, type TransientFrame } from "../protocol/transient.ts";
import { LIMITS } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import type { Room } from "./roomcopy.ts";

/** transient_content.kind */
const TYPING = 1;
/** Said again so often while somebody writes, and believed for so long. */
const SAY_EVERY_MS = 3_000;
const BELIEVED_MS = 6_000;
/** Salts that are remembered, so that a frame that comes twice is heard once. */
const SALTS_MAX = 256;

interface Typist {
  person: Bytes;
  role: number;
  untilMs: number;
}

export class Typing {
  #enrum: Enrum;
  /** By room, then by person. */
  #typists = new Map<Room, Map<string, Typist>>();
  #saidMs = new Map<Room, number>();
  #salts = new Set<string>();

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  /** Who writes in the room, as far as is believed. */
  ofRoom(room: Room): Typist[] {
    return [...this.#typists.get(room)?.values() ?? []];
  }

  // -- Said ---------------------------------------------------------------------------------------------------------

  /** The person writes. Nothing is promised: without a connection, or without the room's key, nothing is said. */
  async say(room: Room): Promise<void> {
    const { board, clock, contact, keys } = this.#enrum;
    const now = clock.monoMs();
    const generation = room.fold.generationCount;
    const key = room.keyring.find(generation);
    if (!contact.isProved || key === undefined || now - (this.#saidMs.get(room) ?? -Infinity) < SAY_EVERY_MS) return;
    this.#saidMs.set(room, now);
    const draft = { room: room.id, generation, certificate: this.#enrum.certified.certificate.hash, time: clock.wallMs() };
    const frame = await transientEncode(draft, { kind: TYPING, body: new Uint8Array(0) }, key, keys.sign);
    contact.ask(messageTransientSend, { board: board.id, room: room.id, frame });
  }

  /** What was written is said: the next word is worth telling at once. */
  said(room: Room): void {
    this.#saidMs.delete(room);
  }

  // -- Heard --------------------------------------------------------------------------------------------------------

  async onIn(bytes: Bytes): Promise<void> {
    try {
      const { board, room: id, frame: frameBytes, certificate } = layoutDecode(messageTransientIn, bytes);
      const room = this.#enrum.rooms.get(bytesHex(id));
      if (room === undefined || !bytesEqual(board, this.#enrum.board.id)) return;
      const frame = transientDecode(frameBytes);
      // As with an entry: what is known from here on is in the store too, where later entries of this author need it.
      await this.#enrum.certificatesTake(certificate);
      const author = this.#enrum.trust.find(frame.head.certificate)?.certificate;
      if (author === undefined || !await this.#holds(room, frame, author) || this.#wasHeard(frame.head.salt)) return;
      const key = room.keyring.find(frame.head.generation);
      if (key === undefined || (await transientOpen(frame, key)).kind !== TYPING) return;
      this.#heard(room, author);
    } catch (error) {
      // What does not hold is as if it had not come.
      if (!(error instanceof EnrumError)) throw error;
    }
  }

  async #holds(room: Room, frame: TransientFrame, author: Certificate): Promise<boolean> {
    const { clock, trust, device } = this.#enrum;
    const { head } = frame;
    const now = clock.wallMs();
    return bytesEqual(head.certificate, author.hash) && bytesEqual(head.room, room.id) && !bytesEqual(author.device, device)
      && Math.abs(head.time - now) <= LIMITS.CLOCK_SKEW_MS_MAX && head.generation === room.fold.generationCount
      && room.fold.members.has(bytesHex(author.body.person))
      && certificateTimeError(author, now) === undefined && !trust.isRevoked(author, now)
      && await transientSignatureIsGood(frame, author.body.sign_key);
  }

  #wasHeard(salt: Bytes): boolean {
    const hex = bytesHex(salt);
    if (this.#salts.has(hex)) return true;
    this.#salts.add(hex);
    const [oldest] = this.#salts;
    if (this.#salts.size > SALTS_MAX && oldest !== undefined) this.#salts.delete(oldest);
    return false;
  }

  #heard(room: Room, author: Certificate): void {
    const { person, role } = author.body;
    const typists = this.#typists.get(room) ?? new Map<string, Typist>();
    this.#typists.set(room, typists);
    typists.set(bytesHex(person), { person, role, untilMs: this.#enrum.clock.monoMs() + BELIEVED_MS });
    this.#enrum.changed(room);
  }

  /** Somebody's entry has come: they do not write it any more. */
  written(room: Room, person: Bytes): void {
    this.#typists.get(room)?.delete(bytesHex(person));
  }

  // -- Time ---------------------------------------------------------------------------------------------------------

  step(): void {
    const now = this.#enrum.clock.monoMs();
    for (const [room, typists] of this.#typists) {
      const before = typists.size;
      for (const [person, { untilMs }] of typists) if (untilMs <= now) typists.delete(person);
      if (typists.size !== before) this.#enrum.changed(room);
      if (typists.size === 0) this.#typists.delete(room);
    }
  }

  get dueMs(): number {
    return Math.min(Infinity, ...[...this.#typists.values()].flatMap((typists) => [...typists.values()].map(({ untilMs }) => untilMs)));
  }
}
