// room_maker -- one room's log as an honest host has it: entries of made-up people (board_maker.ts), encoded, numbered and
// chained. A test may tell it to lie in an entry's head. It also takes entries that a client under test has made.
import assert from "node:assert/strict";
import {
  entryChain, entryDecode, entryEncode, roomId, storedEncode, storedSeq, type Entry, type EntryDraft, type StoredEntry,
} from "../../client-sdk/web/protocol/entry.ts";
import type { Bytes, Layout, ValueOf } from "../../client-sdk/web/protocol/field.ts";
import { grantCommitment, grantUnwrap, grantWrap } from "../../client-sdk/web/protocol/grant.ts";
import { bytesEqual, bytesHex, bytesJoin, layoutEncode, layoutSeqBytes } from "../../client-sdk/web/protocol/layout.ts";
import {
  layoutEntry, layoutMember, type WireContent, type WireHead, type WireMember, type WireOpenCheckpoint, type WireOpenGeneration,
  type WireOpenGrant, type WireOpenMember,
} from "../../client-sdk/web/protocol/layouts.ts";
import { deriveKeyImport, suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import {
  CLASSES, GROUNDS, ID_BYTES, KEY_BYTES, KINDS, MEMBER_OPERATIONS, ROLES, ROOM_TYPES, SUBJECT_TYPES, type ClassName, type KindName,
} from "../../client-sdk/web/protocol/tables.ts";
import type { BoardMaker, Device } from "./board_maker.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

/** What an entry says; its head is made from the log. */
export type Words = { [C in ClassName]: { class: C; open: ValueOf<(typeof CLASSES)[C]["open"]>; content?: WireContent } }[ClassName];
export type HeadLies = Partial<Omit<WireHead, "version" | "suite" | "class" | "salt">>;

export function contentOf<K extends KindName>(kind: K, role: number, body: ValueOf<(typeof KINDS)[K]["body"]>): WireContent {
  const bytes = layoutEncode(KINDS[kind].body as Layout, body as never);
  return { kind: KINDS[kind].number, role, rule_version: 0, event_time: 0, language: "", body: bytes };
}

export class RoomMaker {
  readonly board: BoardMaker;
  readonly room: Bytes;
  /** Encoded `stored` of entry seq at [seq - 1]. */
  readonly stored: Bytes[] = [];
  /** Of entry seq at [seq]; the room id at [0]. */
  readonly chain: Bytes[];
  readonly #entries: Entry[] = [];
  /** Of generation n at [n - 1]. */
  readonly #roomKeys: Bytes[] = [];
  readonly #deviceSeqs = new Map<string, number>();
  #generation = 0;
  #checkpointSeq = 0;
  /** Entries of the opening append have seen nothing. */
  #isOpening = false;

  /** An empty log. `room` left out: a room that nobody has opened, for a keeper to write in. */
  constructor(board: BoardMaker, room: Bytes = suiteRandom(ID_BYTES)) {
    this.board = board;
    this.room = room;
    this.chain = [room];
  }

  /** A party room as a citizen opens it: generation 1, grants to the citizen and the keeper, what the room is. Four entries. */
  static async create(board: BoardMaker, citizen: Device = board.citizen, title: string = "Ett samtal"): Promise<RoomMaker> {
    const maker = new RoomMaker(board, await roomId(board.id, citizen.certificate.hash, suiteRandom(ID_BYTES)));
    await maker.generation(citizen, [{ person: citizen.certificate.body.person, role: ROLES.CITIZEN }]);
    maker.#isOpening = true;
    await maker.grant(citizen, citizen);
    await maker.grant(citizen, board.keeper);
    const content = contentOf("ROOM", ROLES.CITIZEN, { type: ROOM_TYPES.PARTY, title, unit: NO_BYTES });
    await maker.write(citizen, { class: "RECORD", open: { cause: NO_BYTES, blobs: NO_BYTES }, content });
    maker.#isOpening = false;
    return maker;
  }

  /** The same log, to go on with in another way: a second history. */
  copy(): RoomMaker {
    const copy = new RoomMaker(this.board, this.room);
    copy.stored.push(...this.stored);
    copy.chain.push(...this.chain.slice(1));
    copy.#entries.push(...this.#entries);
    copy.#roomKeys.push(...this.#roomKeys);
    for (const [device, seq] of this.#deviceSeqs) copy.#deviceSeqs.set(device, seq);
    copy.#generation = this.#generation;
    copy.#checkpointSeq = this.#checkpointSeq;
    return copy;
  }

  get seq(): number {
    return this.stored.length;
  }

  /** Of the newest entry; the room id when there is none. */
  get hash(): Bytes {
    return this.chain[this.seq]!;
  }

  get generationCount(): number {
    return this.#generation;
  }

  /** The bytes of a room key: what no program but a test may read out. */
  roomKey(generation: number): Bytes {
    const key = this.#roomKeys[generation - 1];
    assert.ok(key, `no key of generation ${generation}`);
    return key;
  }

  /** The stored entry at a number. */
  async at(seq: number): Promise<StoredEntry> {
    const [stored] = await storedSeq(this.stored[seq - 1]!);
    return stored!;
  }

  /** Stored entries first ... last, as a SEQ. */
  entries(first: number = 1, last: number = this.seq): Bytes {
    return bytesJoin(this.stored.slice(first - 1, last));
  }

  /** The authors' certificates and their keepers', as a SEQ. */
  certificates(): Bytes {
    const found = this.#entries.flatMap(({ head }) => {
      const author = this.board.find(head.certificate);
      return author === undefined ? [] : [author.issuer, author.bytes];
    });
    return bytesJoin([...new Map(found.map((bytes) => [bytesHex(bytes), bytes])).values()]);
  }

  /** device_seq of the device's newest entry; 0: none. */
  deviceSeq(device: Bytes): number {
    return this.#deviceSeqs.get(bytesHex(device)) ?? 0;
  }

  // -- As a host ----------------------------------------------------------------------------------------------------

  /** Puts an encoded entry behind the last one, as an honest host does. Returns the stored bytes. */
  async append(bytes: Bytes, receivedAt: number = this.board.now): Promise<Bytes> {
    const entry = await entryDecode(bytes);
    const seq = this.seq + 1;
    const stored = storedEncode({ entry, seq, receivedAt });
    this.chain.push(await entryChain(entry, this.hash, seq, receivedAt));
    this.stored.push(stored);
    this.#entries.push(entry);
    const author = this.board.find(entry.head.certificate)?.certificate.device ?? entry.head.certificate;
    this.#deviceSeqs.set(bytesHex(author), entry.head.device_seq);
    await this.#learn(entry, seq);
    return stored;
  }

  /** The entries of a SEQ, as one append. */
  async appendAll(seq: Bytes, receivedAt: number = this.board.now): Promise<void> {
    for (const bytes of layoutSeqBytes(layoutEntry, seq)) await this.append(bytes, receivedAt);
  }

  async #learn({ open }: Entry, seq: number): Promise<void> {
    if (open.class === "GENERATION") this.#generation = open.value.number;
    else if (open.class === "CHECKPOINT") this.#checkpointSeq = seq;
    else if (open.class === "GRANT") await this.#takeKeys(open.value);
  }

  /** A client under test has made the room: its keeper has the keys by the grant. */
  async #takeKeys(grant: WireOpenGrant): Promise<void> {
    const { seal, certificate } = this.board.keeper;
    if (this.#roomKeys[grant.last - 1] !== undefined || !bytesEqual(grant.device, certificate.device)) return;
    const keys = await grantUnwrap(this.room, grant, seal);
    keys.forEach((key, index) => { this.#roomKeys[grant.first - 1 + index] = key; });
  }

  /** Empties the sealed part of an entry, as after an erasure. */
  async empty(seq: number): Promise<void> {
    const stored = await this.at(seq);
    this.stored[seq - 1] = storedEncode({ ...stored, entry: { ...stored.entry, sealed: NO_BYTES, isErased: true } });
  }

  // -- As an author -------------------------------------------------------------------------------------------------

  /** Encodes an entry of this device for the log as it is. */
  async entry(author: Device, words: Words, lies: HeadLies = {}): Promise<Bytes> {
    const head = {
      room: this.room, generation: this.#generation + (words.class === "GENERATION" ? 1 : 0), certificate: author.certificate.hash,
      device_seq: this.deviceSeq(author.certificate.device) + 1, seen_seq: this.#isOpening ? 0 : this.seq,
      seen_hash: this.#isOpening ? this.room : this.hash, time: this.board.now, ...lies,
    };
    const key = this.#roomKeys[head.generation - 1] ?? this.#roomKeys[0];
    return entryEncode({ ...words, head } as EntryDraft, key === undefined ? undefined : await deriveKeyImport(key), author.sign);
  }

  /** Encodes it and puts it behind the last one. Returns the stored bytes. */
  async write(author: Device, words: Words, lies: HeadLies = {}): Promise<Bytes> {
    return this.append(await this.entry(author, words, lies));
  }

  say(author: Device, text: string, lies: HeadLies = {}, cause: Bytes = NO_BYTES): Promise<Bytes> {
    const content = contentOf("MESSAGE", author.certificate.body.role, { text, reply_seq: 0 });
    return this.write(author, { class: "RECORD", open: { cause, blobs: NO_BYTES }, content }, lies);
  }

  /** A new room key, with these members and the board; what else it says may be told to be otherwise. */
  async generation(
    author: Device, members: readonly WireMember[], changes: Partial<WireOpenGeneration> = {},
  ): Promise<Bytes> {
    const number = this.#generation + 1;
    this.#roomKeys[number - 1] = suiteRandom(KEY_BYTES);
    const all = [...members, { person: this.board.id, role: ROLES.KEEPER }].map((member) => layoutEncode(layoutMember, member));
    return this.write(author, { class: "GENERATION", open: {
      cause: NO_BYTES, purpose: 0, number, commitment: await grantCommitment(this.room, number, this.roomKey(number)),
      base_seq: this.seq, base_hash: this.hash, members: bytesJoin(all), ...changes,
    } });
  }

  /** Hands the room keys of these generations to a device; left out: all of them. */
  async grant(
    author: Device, to: Device, first: number = 1, last: number = this.#generation, lies: HeadLies = {},
  ): Promise<Bytes> {
    const keys = Array.from({ length: last - first + 1 }, (_none, index) => this.roomKey(first + index));
    const open = await grantWrap(this.room, first, keys, to.certificate.device, to.seal.publicKey);
    return this.write(author, { class: "GRANT", open }, lies);
  }

  addMember(device: Device, author: Device = this.board.keeper): Promise<Bytes> {
    const { person, role } = device.certificate.body;
    return this.member(author, { operation: MEMBER_OPERATIONS.ADD, subject: person, role });
  }

  removeMember(person: Bytes, author: Device = this.board.keeper): Promise<Bytes> {
    return this.member(author, { operation: MEMBER_OPERATIONS.REMOVE, subject: person });
  }

  /** Of a person unless it is told to be of a device. */
  member(author: Device, changes: Partial<WireOpenMember> & Pick<WireOpenMember, "operation" | "subject">): Promise<Bytes> {
    const content = contentOf("CHANGE", author.certificate.body.role, { ground: GROUNDS.REQUEST, text: "" });
    const open = { cause: NO_BYTES, subject_type: SUBJECT_TYPES.PERSON, role: 0, ground: 0, ...changes };
    return this.write(author, { class: "MEMBER", open, content });
  }

  /** Up to the newest entry, behind the last checkpoint, unless it is told to be otherwise. */
  checkpoint(changes: Partial<WireOpenCheckpoint> = {}, author: Device = this.board.keeper): Promise<Bytes> {
    const open = {
      cause: NO_BYTES, seq: this.seq, hash: this.hash, time: this.board.now, previous_seq: this.#checkpointSeq,
      previous_hash: this.chain[this.#checkpointSeq]!, ...changes,
    };
    return this.write(author, { class: "CHECKPOINT", open, content: contentOf("REFUSALS", ROLES.KEEPER, { refused: NO_BYTES }) });
  }

  read(author: Device, seq: number = this.seq, lies: HeadLies = {}): Promise<Bytes> {
    return this.write(author, { class: "READ", open: { cause: NO_BYTES, seq, hash: this.chain[seq]! } }, lies);
  }

  /** Names the entry; it is emptied by `empty`. */
  erase(seq: number, hash: Bytes = this.chain[seq]!): Promise<Bytes> {
    return this.write(this.board.keeper, { class: "ERASE", open: { cause: NO_BYTES, seq, hash, ground: GROUNDS.COURT } });
  }
}
