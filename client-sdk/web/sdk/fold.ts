// fold -- the state of one room as its entries make it: members, devices, generations, checkpoints, and the chain. Pure: no
// clock, no I/O, no keys. It repeats what the server must have checked, so that a server that did not is caught; an entry that
// does not hold changes nothing.
import type { Certificate } from "../protocol/certificate.ts";
import { classMayWrite, entryChain, entrySignatureIsGood, type StoredEntry } from "../protocol/entry.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutSeq } from "../protocol/layout.ts";
import {
  layoutMember, type WireHead, type WireMember, type WireOpenCheckpoint, type WireOpenGeneration, type WireOpenGrant,
  type WireOpenMember,
} from "../protocol/layouts.ts";
import { CLASSES, LIMITS, MEMBER_OPERATIONS, ROLES, SUBJECT_TYPES } from "../protocol/tables.ts";

export interface FoldMember {
  person: Bytes;
  role: number;
}

interface FoldDevice {
  /** device_seq of its newest entry; 0: none. */
  lastSeq: number;
  isRemoved: boolean;
}

/** One entry on its way into the fold. */
interface Step {
  stored: StoredEntry;
  head: WireHead;
  author: Certificate;
  /** Of the append that opened the room. */
  isOpening: boolean;
}

function forgedUnless(good: boolean, what: string): void {
  if (!good) throw new EnrumError("ENTRY_FORGED", what);
}

function isCertificateInTime({ body }: Certificate, receivedAt: number): boolean {
  // The host's clock is not ours to trust to the second: the edges are soft by the allowed skew.
  return receivedAt + LIMITS.CLOCK_SKEW_MS_MAX >= body.not_before && receivedAt < body.not_after + LIMITS.CLOCK_SKEW_MS_MAX;
}

function membersOf(open: WireOpenGeneration): WireMember[] {
  try {
    return layoutSeq(layoutMember, open.members, LIMITS.MEMBERS_MAX);
  } catch (cause) {
    throw new EnrumError("ENTRY_FORGED", "members", cause);
  }
}

export class Fold {
  readonly board: Bytes;
  readonly room: Bytes;
  /** Of the newest entry; 0: none. */
  seq = 0;
  receivedAt = 0;
  /** Of the newest entry; the room id when there is none. */
  hash: Bytes;
  purpose = 0;
  /** The newest checkpoint's own number; 0: none. */
  checkpointSeq = 0;
  /** How far the newest checkpoint has checked; 0: none. */
  coveredSeq = 0;
  /** received_at of the newest checkpoint; 0: none. */
  coveredAt = 0;
  #checkpointHash: Bytes;
  #firstReceivedAt = 0;
  /** The device that opened the room. */
  #opener: Bytes;
  /** Of entry seq at [seq - 1]. */
  #hashes: Bytes[] = [];
  #members = new Map<string, FoldMember>();
  #devices = new Map<string, FoldDevice>();
  /** Of generation n at [n - 1]. */
  #commitments: Bytes[] = [];
  #missing: number[] = [];
  #isBusy = false;

  constructor(board: Bytes, room: Bytes) {
    this.board = board;
    this.room = room;
    this.hash = this.#checkpointHash = this.#opener = room;
  }

  // -- What is asked of it ------------------------------------------------------------------------------------------

  /** By the hexadecimal digits of their pseudonyms. */
  get members(): ReadonlyMap<string, FoldMember> {
    return this.#members;
  }

  get generationCount(): number {
    return this.#commitments.length;
  }

  /** Undefined when there is no such generation. */
  commitment(generation: number): Bytes | undefined {
    return this.#commitments[generation - 1];
  }

  /** Hash at a number; the room id at 0. Undefined beyond the newest. */
  hashAt(seq: number): Bytes | undefined {
    return seq === 0 ? this.room : this.#hashes[seq - 1];
  }

  /** device_seq of the device's newest entry; 0: none. */
  deviceSeq(device: Bytes): number {
    return this.#devices.get(bytesHex(device))?.lastSeq ?? 0;
  }

  isRemovedDevice(device: Bytes): boolean {
    return this.#devices.get(bytesHex(device))?.isRemoved ?? false;
  }

  /** The entries without their sealed part that no erasure has named yet. */
  get missing(): readonly number[] {
    return this.#missing;
  }

  // -- The next entry -----------------------------------------------------------------------------------------------

  /**
   * The next entry; resolves to its hash in the chain. `author` is the certificate that its head names, chain-checked, or
   * undefined when there is none that leads to the board's root. `isSignatureKnown`: it was checked before (an entry from this
   * device's own store). One call at a time. Throws CHAIN_BROKEN (a number left out, a time that falls, a device's number left
   * out), ENTRY_FORGED (author, signature or right), FORK (it names another history), CHECKPOINT_WRONG: the fold is then as it
   * was.
   */
  async next(stored: StoredEntry, author: Certificate | undefined, isSignatureKnown: boolean): Promise<Bytes> {
    if (this.#isBusy) throw new Error("fold: an entry is not done yet");
    this.#isBusy = true;
    try {
      const { entry, seq, receivedAt } = stored;
      this.#judgePlace(stored);
      const step = await this.#judgeAuthor(stored, author, isSignatureKnown);
      forgedUnless(this.#mayWrite(step), "right");
      this.#judgeClass(step);
      const hash = await entryChain(entry, this.hash, seq, receivedAt);
      this.#apply(step, hash);
      return hash;
    } finally {
      this.#isBusy = false;
    }
  }

  // -- Judging ------------------------------------------------------------------------------------------------------

  #judgePlace({ entry: { head }, seq, receivedAt }: StoredEntry): void {
    if (seq !== this.seq + 1) throw new EnrumError("CHAIN_BROKEN", `entry ${seq} behind ${this.seq}`);
    if (receivedAt < this.receivedAt) throw new EnrumError("CHAIN_BROKEN", `entry ${seq}: received before the last`);
    const seen = this.hashAt(head.seen_seq);
    if (seen === undefined || !bytesEqual(seen, head.seen_hash)) throw new EnrumError("FORK", `entry ${seq}: seen`);
  }

  async #judgeAuthor(stored: StoredEntry, author: Certificate | undefined, isSignatureKnown: boolean): Promise<Step> {
    const { head } = stored.entry;
    if (author === undefined || !bytesEqual(author.hash, head.certificate)) throw new EnrumError("ENTRY_FORGED", "author");
    forgedUnless(bytesEqual(author.body.board, this.board) && bytesEqual(head.room, this.room), "board or room");
    forgedUnless(isCertificateInTime(author, stored.receivedAt), "period");
    forgedUnless(isSignatureKnown || await entrySignatureIsGood(stored.entry, author.body.sign_key), "signature");
    forgedUnless(!this.isRemovedDevice(author.device), "removed device");
    forgedUnless(this.seq === 0 || this.#members.has(bytesHex(author.body.person)), "no member");
    if (head.device_seq !== this.deviceSeq(author.device) + 1) {
      throw new EnrumError("CHAIN_BROKEN", `entry ${stored.seq}: device_seq`);
    }
    return { stored, head, author, isOpening: this.#isOpening(stored, author) };
  }

  /** The append that opened the room: its entries are the first, of one device, and were received together. */
  #isOpening({ entry: { head }, seq, receivedAt }: StoredEntry, author: Certificate): boolean {
    return this.seq === 0 || (bytesEqual(author.device, this.#opener) && head.device_seq === seq && head.seen_seq === 0
      && receivedAt === this.#firstReceivedAt);
  }

  #mayWrite({ stored: { entry }, head, author }: Step): boolean {
    const isGeneration = head.class === CLASSES.GENERATION.number;
    return classMayWrite(head.class, author.body.role) && head.generation === this.generationCount + (isGeneration ? 1 : 0)
      && (entry.cause.length === 0 || author.body.role === ROLES.KEEPER) && (this.seq > 0 || isGeneration);
  }

  #judgeClass(step: Step): void {
    const { open } = step.stored.entry;
    switch (open.class) {
      case "RECORD": return;
      case "MEMBER": return forgedUnless(this.#memberHolds(step, open.value), "member");
      case "GENERATION": return forgedUnless(this.#generationHolds(step, open.value), "generation");
      case "GRANT": return forgedUnless(this.#grantHolds(step, open.value), "grant");
      case "CHECKPOINT": return this.#judgeCheckpoint(open.value);
      case "READ": case "ERASE": return forgedUnless(this.#namesEntry(open.value), "names no entry");
    }
  }

  #memberHolds({ author }: Step, open: WireOpenMember): boolean {
    const isKeeper = author.body.role === ROLES.KEEPER;
    const isBoard = bytesEqual(open.subject, this.board);
    const subject = this.#members.get(bytesHex(open.subject));
    switch (open.operation) {
      case MEMBER_OPERATIONS.ADD:
        return isKeeper && open.subject_type === SUBJECT_TYPES.PERSON && open.role !== ROLES.KEEPER && open.role !== 0 && !isBoard
          && (subject !== undefined || this.#members.size < LIMITS.MEMBERS_MAX);
      case MEMBER_OPERATIONS.REMOVE:
        if (isBoard || isKeeper) return !isBoard;
        return open.subject_type !== SUBJECT_TYPES.DEVICE
          && (subject === undefined || subject.role === ROLES.STAFF || subject.role === ROLES.GUEST);
      case MEMBER_OPERATIONS.REVOKE:
        return isKeeper && this.purpose === 1 && !isBoard;
      default:
        return false;
    }
  }

  #generationHolds({ author }: Step, open: WireOpenGeneration): boolean {
    if (open.number !== this.generationCount + 1 || open.base_seq !== this.seq || !bytesEqual(open.base_hash, this.hash)) return false;
    const members = membersOf(open);
    if (!this.#membersHold(members)) return false;
    if (author.body.role !== ROLES.KEEPER) {
      // The first generation of a room that a person opens has exactly themself and the board's keepers.
      const hasSelf = members.some(({ person, role }) => role === author.body.role && bytesEqual(person, author.body.person));
      if (this.seq > 0 || open.purpose !== 0 || members.length !== 2 || !hasSelf) return false;
    }
    return this.seq === 0 || open.purpose === this.purpose;
  }

  /** Does the list name everybody once, the keepers among them, and nobody else as keepers? */
  #membersHold(members: readonly WireMember[]): boolean {
    const persons = new Set(members.map(({ person }) => bytesHex(person)));
    return persons.size === members.length && persons.has(bytesHex(this.board))
      && members.every(({ person, role }) => bytesEqual(person, this.board) === (role === ROLES.KEEPER));
  }

  #grantHolds({ author, isOpening }: Step, open: WireOpenGrant): boolean {
    return (author.body.role === ROLES.KEEPER || isOpening) && open.last >= open.first && open.last <= this.generationCount;
  }

  #judgeCheckpoint(open: WireOpenCheckpoint): void {
    const good = this.#namesEntry(open) && open.seq >= this.coveredSeq && open.previous_seq === this.checkpointSeq
      && bytesEqual(open.previous_hash, this.#checkpointHash);
    if (!good) throw new EnrumError("CHECKPOINT_WRONG");
  }

  #namesEntry({ seq, hash }: { seq: number; hash: Bytes }): boolean {
    const known = this.#hashes[seq - 1];
    return known !== undefined && bytesEqual(known, hash);
  }

  // -- Changing, once everything holds ------------------------------------------------------------------------------

  #apply(step: Step, hash: Bytes): void {
    const { entry, seq, receivedAt } = step.stored;
    if (this.seq === 0) {
      this.#firstReceivedAt = receivedAt;
      this.#opener = step.author.device;
    }
    this.#hashes.push(hash);
    this.seq = seq;
    this.hash = hash;
    this.receivedAt = receivedAt;
    this.#device(step.author.device).lastSeq = step.head.device_seq;
    if (entry.isErased) this.#missing.push(seq);
    this.#applyClass(step);
  }

  #device(device: Bytes): FoldDevice {
    const key = bytesHex(device);
    const found = this.#devices.get(key) ?? { lastSeq: 0, isRemoved: false };
    this.#devices.set(key, found);
    return found;
  }

  #applyClass({ stored: { entry: { open }, seq, receivedAt } }: Step): void {
    switch (open.class) {
      case "MEMBER":
        return this.#applyMember(open.value);
      case "GENERATION":
        return this.#applyGeneration(open.value);
      case "CHECKPOINT":
        this.checkpointSeq = seq;
        this.#checkpointHash = this.hash;
        this.coveredSeq = open.value.seq;
        this.coveredAt = receivedAt;
        return;
      case "ERASE":
        this.#missing = this.#missing.filter((missing) => missing !== open.value.seq);
        return;
      case "RECORD": case "GRANT": case "READ":
        return;
    }
  }

  #applyMember({ operation, subject_type, subject, role }: WireOpenMember): void {
    if (operation === MEMBER_OPERATIONS.ADD) this.#addMember(subject, role);
    else if (operation === MEMBER_OPERATIONS.REMOVE && subject_type === SUBJECT_TYPES.PERSON) this.#members.delete(bytesHex(subject));
    else if (operation === MEMBER_OPERATIONS.REMOVE) this.#device(subject).isRemoved = true;
  }

  #applyGeneration(open: WireOpenGeneration): void {
    this.#commitments.push(open.commitment.slice());
    this.purpose = open.purpose;
    this.#members.clear();
    for (const { person, role } of membersOf(open)) this.#addMember(person, role);
  }

  /** A copy: what is kept must not hold the frame that the entry came in. */
  #addMember(person: Bytes, role: number): void {
    this.#members.set(bytesHex(person), { person: person.slice(), role });
  }
}
