// outbox -- entries of this device on their way to the host: in the local store before send returns, there once. Drafts, their
// sealing and sending; what becomes of the refused is in settle.ts.
//
// A draft is sent as the same bytes until the host has it; the answer to a second sending is the stored receipt. Only after a
// refusal that says the bytes can never be taken as they are is it sealed anew, and not before the log has been read up to its
// end: a draft that stands there already is sent. Only sealed bytes are kept; what a draft says is opened with its room's key.
import { entryBytesHash, entryEncode, entryOpen, entrySeq, kindName, roomTypeName, type Entry, type EntryDraft } from "../protocol/entry.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { grantOpen } from "../protocol/grant.ts";
import { bytesEqual, layoutDecode, layoutEncode } from "../protocol/layout.ts";
import { layoutBodyAbout, layoutBodyFile, layoutBodyRoom, layoutBodyText, type WireBodyFile, type WireContent } from "../protocol/layouts.ts";
import { messageAck, messageAppend, messageRoomCreate, type MsgAck } from "../protocol/messages.ts";
import { receiptCheck, receiptOfAck } from "../protocol/receipt.ts";
import { ID_BYTES, KINDS, LIMITS, type ErrorName, type KindName, type RoomTypeName } from "../protocol/tables.ts";
import { writingBody, writingKind, type Writing } from "./casebody.ts";
import type { Answer } from "./contact.ts";
import type { Enrum } from "./enrum.ts";
import type { DraftRow } from "./localstore.ts";
import { contentRead, type Content, type Room, type RoomSaid } from "./roomcopy.ts";
import { settleBegin, settleStep } from "./settle.ts";
import { openingMake } from "./opening.ts";
import type { SealedFile } from "./sealfile.ts";
import { hasUpload, uploadOf, Uploads, type FileDraft, type Upload } from "./upload.ts";

const DRAFTS_MAX = 4096;
const IN_FLIGHT_MAX = 32;
const NO_BYTES: Bytes = new Uint8Array(0);

/** An own entry that no receipt has come for. */
export interface Draft {
  row: DraftRow;
  text: string;
  /** What it says beside its words; not of what opens a room, or sends a file. */
  content?: Content;
  /** What it sends beside words. */
  file?: { name: string; mediaType: string; size: number; preview: Bytes };
  upload?: Upload | undefined;
  /** No words of the person's: a read mark, or the entry of a call, which the keeper writes when no client has. */
  isSilent: boolean;
  isInFlight: boolean;
}

/** What an entry of this device says: the open part and the content. */
export type Saying = { [C in "RECORD" | "READ"]: { class: C; open: Extract<EntryDraft, { class: C }>["open"]; content?: WireContent } }["RECORD" | "READ"];

export function textCheck(text: string): void {
  if (new TextEncoder().encode(text).length > LIMITS.TEXT_BYTES_MAX) throw new EnrumError("OVERSIZED", "text");
}

export function contentOf(kind: KindName, role: number, language: string, body: Bytes, eventTime = 0): WireContent {
  return { kind: KINDS[kind].number, role, rule_version: 1, event_time: eventTime, language, body };
}

/** The content of a message in these words. `language`: BCP 47; empty when it is not known. Throws MALFORMED (empty), OVERSIZED. */
export function messageContent(text: string, role: number, language = ""): WireContent {
  textCheck(text);
  return contentOf("MESSAGE", role, language, layoutEncode(layoutBodyText, { text, reply_seq: 0 }, LIMITS.CONTENT_BYTES_MAX));
}

/** Words about the entry that has this number and hash. Throws as messageContent. */
export function aboutContent(about: { seq: number; hash: Bytes; text: string }, role: number, kind: "OBJECTION" | "CORRECTION", language = ""): WireContent {
  textCheck(about.text);
  return contentOf(kind, role, language, layoutEncode(layoutBodyAbout, about, LIMITS.CONTENT_BYTES_MAX));
}

/** Throws as messageContent, and MALFORMED when it is about an entry that there is not. */
export function writingContent(writing: Writing, role: number, language: string, hashAt: (seq: number) => Bytes | undefined): WireContent {
  textCheck(writing.text);
  return contentOf(writingKind(writing), role, language, writingBody(writing, hashAt), writing.at);
}

export interface FileSaying {
  name: string;
  mediaType: string;
  text: string;
  language: string;
  preview: Bytes;
}

/** Throws OVERSIZED (text). */
function fileSaying(sealed: SealedFile, { name, mediaType, text, language, preview }: FileSaying, role: number): Saying {
  textCheck(text);
  const value = { name, media_type: mediaType, size: sealed.size, hash: sealed.hash, key: sealed.key, blobs: sealed.ids, text, preview };
  const body = layoutEncode(layoutBodyFile, value, LIMITS.CONTENT_BYTES_MAX);
  return { class: "RECORD", open: { cause: NO_BYTES, blobs: sealed.ids }, content: contentOf("FILE", role, language, body) };
}

/** What the entries that open a room say of it, and the first thing in it. */
async function said(entries: readonly Entry[], key: CryptoKey): Promise<Required<RoomSaid>> {
  const records = entries.filter(({ open }) => open.class === "RECORD") as [Entry, Entry];
  const [room, content] = [await entryOpen(records[0], key), await entryOpen(records[1], key)];
  const { type, title, unit } = layoutDecode(layoutBodyRoom, room.body);
  return { type: roomTypeName(type) ?? "PARTY", title, unit, content };
}

/** The entry of a call, and what a staff room says of its case's rooms. */
const SILENT_KINDS = [KINDS.CALL, KINDS.CASE_ROOM, KINDS.CASE_ROOM_OUT, KINDS.RELEASED].map(({ number }): number => number);

function isSilentKind(kind: number): boolean {
  return SILENT_KINDS.includes(kind);
}

export class Outbox {
  drafts: Draft[] = [];
  readonly uploads: Uploads;
  #enrum: Enrum;
  #lastOrder = 0;
  /** The rooms of drafts that the host has, by the drafts' ids. */
  #sent = new Map<string, string>();
  /** The host has them, and their entries are on their way back: in the store and told until then, so that nobody does it again. */
  #arriving: { draft: Draft; seq: number }[] = [];

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
    this.uploads = new Uploads(enrum);
  }

  ofRoom(room: Room): Draft[] {
    return this.drafts.filter(({ row }) => row.room === room.hex);
  }

  /** Those of a room that the host has, and that do not stand in its log here. */
  arrivingOf(room: Room): Draft[] {
    return this.#arriving.filter(({ draft, seq }) => draft.row.room === room.hex && seq > room.fold.seq).map(({ draft }) => draft);
  }

  /** Is this one's work done already, or under way? */
  has(id: string): boolean {
    return this.roomOf(id) !== undefined;
  }

  /** The room that this one was put in for. */
  roomOf(id: string): string | undefined {
    return this.#sent.get(id) ?? this.drafts.find(({ row }) => row.id === id)?.row.room;
  }

  // -- From the store -----------------------------------------------------------------------------------------------

  /** Drafts that an earlier visit left. Their rooms are loaded. Throws FILE_FAILED. */
  async open(): Promise<void> {
    const sent = new Map<string, number>();
    for (const { draft, room, seq } of [...(await this.#enrum.receipts()).values()].flat()) {
      this.#sent.set(draft, room);
      sent.set(draft, seq);
    }
    const rows = (await this.#enrum.store.all("drafts")).sort((a, b) => a.order - b.order);
    for (const row of rows) {
      const room = this.#enrum.roomMake(row.room);
      const entries = await entrySeq(row.bytes);
      this.#lastOrder = Math.max(this.#lastOrder, row.order);
      if (row.isCreate) {
        const key = await this.#openingKey(room, entries);
        room.bear(key, key === undefined ? { type: "PARTY", title: "" } : await said(entries, key));
      }
      await room.load();
      const last = entries.at(-1) as Entry;
      const blobs = !row.isCreate && last.open.class === "RECORD" ? last.open.value.blobs : NO_BYTES;
      const draft = { row, ...await this.#words(room, last), upload: uploadOf(blobs, row.deviceSeq), isInFlight: false };
      const seq = sent.get(row.id);
      if (seq === undefined) this.drafts.push(draft);
      else this.#arriving.push({ draft, seq });
    }
  }

  /** The room's first key, from the grant to this device among the entries that open it. */
  async #openingKey(room: Room, entries: readonly Entry[]): Promise<CryptoKey | undefined> {
    const { device, keys } = this.#enrum;
    let commitment: Bytes | undefined;
    for (const { open } of entries) {
      if (open.class === "GENERATION") commitment = open.value.commitment;
      if (open.class !== "GRANT" || !bytesEqual(open.value.device, device)) continue;
      return (await grantOpen(room.id, open.value, keys.seal, () => commitment)).get(1);
    }
    return undefined;
  }

  async #words(room: Room, entry: Entry): Promise<Pick<Draft, "text" | "isSilent" | "file" | "content">> {
    const key = this.#keyOf(room, entry.head.generation);
    if (entry.open.class !== "RECORD" || key === undefined) return { text: "", isSilent: entry.open.class === "READ" };
    const wire = await entryOpen(entry, key);
    if (isSilentKind(wire.kind) || kindName(wire.kind) === undefined) return { text: "", isSilent: isSilentKind(wire.kind) };
    const content = contentRead(wire);
    const { text = "" } = content.body as { text?: string };
    if (content.kind !== "FILE") return { text, content, isSilent: false };
    const { name, media_type: mediaType, size, preview } = content.body as WireBodyFile;
    return { text, file: { name, mediaType, size, preview }, isSilent: false };
  }

  #keyOf(room: Room, generation: number): CryptoKey | undefined {
    return room.keyring.find(generation) ?? (generation === 1 ? room.pendingKey : undefined);
  }

  /** That what is written now would be sealed with. */
  #keyNow(room: Room): CryptoKey | undefined {
    return this.#keyOf(room, room.fold.generationCount || 1);
  }

  hasKey(room: Room): boolean {
    return this.#keyNow(room) !== undefined;
  }

  // -- Sealing ------------------------------------------------------------------------------------------------------

  deviceSeqNext(room: Room): number {
    return Math.max(room.row.sentSeq, room.fold.deviceSeq(this.#enrum.device)) + 1;
  }

  /** Throws KEY_MISSING, OVERSIZED. */
  async seal(room: Room, saying: Saying, deviceSeq: number, timeMs: number): Promise<Bytes> {
    const generation = room.fold.generationCount || 1;
    const key = this.#keyNow(room);
    if (saying.content !== undefined && key === undefined) throw new EnrumError("KEY_MISSING");
    const head = {
      room: room.id, generation, certificate: this.#enrum.certified.certificate.hash, device_seq: deviceSeq,
      seen_seq: room.fold.seq, seen_hash: room.fold.hash, time: timeMs,
    };
    return entryEncode({ head, ...saying } as EntryDraft, key, this.#enrum.keys.sign);
  }

  /** What a draft that opens a room says. Throws KEY_MISSING. */
  async openingOf(room: Room, draft: Draft): Promise<Required<RoomSaid>> {
    const key = this.#keyOf(room, 1);
    if (key === undefined) throw new EnrumError("KEY_MISSING");
    return said(await entrySeq(draft.row.bytes), key);
  }

  /** What a draft says, to be sealed anew. Throws KEY_MISSING. */
  async sayingOf(room: Room, draft: Draft): Promise<Saying> {
    const [entry] = await entrySeq(draft.row.bytes) as [Entry];
    if (entry.open.class === "READ") return { class: "READ", open: entry.open.value };
    const key = this.#keyOf(room, entry.head.generation);
    if (entry.open.class !== "RECORD" || key === undefined) throw new EnrumError("KEY_MISSING");
    return { class: "RECORD", open: entry.open.value, content: await entryOpen(entry, key) };
  }

  // -- Putting in ---------------------------------------------------------------------------------------------------

  /** The row and the numbers it took, in the store together. Throws OUTBOX_FULL, FILE_FAILED. */
  async #put(room: Room, draft: Draft): Promise<void> {
    if (this.drafts.length >= DRAFTS_MAX) throw new EnrumError("OUTBOX_FULL");
    const before = room.row.sentSeq;
    room.row.sentSeq = draft.row.deviceSeq || before;
    try {
      await this.#enrum.flush([{ table: "drafts", put: draft.row }, { table: "rooms", put: { ...room.row } }]);
    } catch (error) {
      room.row.sentSeq = before;
      throw error;
    }
    this.#lastOrder = draft.row.order;
    this.drafts.push(draft);
    this.#enrum.changed(room);
  }

  #row(id: string, room: Room, deviceSeq: number, bytes: Bytes): DraftRow {
    const time = this.#enrum.clock.wallMs();
    return { id, order: this.#lastOrder + 1, room: room.hex, isCreate: false, random: NO_BYTES, deviceSeq, bytes, time };
  }

  /** Seals and puts in; in the local store when it resolves. `after`: a draft of another room that the host must have first. Throws as seal and #put. */
  async put(id: string, room: Room, saying: Saying, text: string, after?: string): Promise<void> {
    if (this.has(id)) return;
    const deviceSeq = after === undefined ? this.deviceSeqNext(room) : 0;
    const bytes = await this.seal(room, saying, deviceSeq || 1, this.#enrum.clock.wallMs());
    const row = { ...this.#row(id, room, deviceSeq, bytes), ...(after === undefined ? {} : { after }) };
    const isSilent = saying.content === undefined || isSilentKind(saying.content.kind);
    await this.#put(room, { row, text, isSilent, isInFlight: false, ...(saying.content === undefined ? {} : { content: contentRead(saying.content) }) });
  }

  /**
   * A file whose blobs are to be brought to the host first. What its entry will say is kept sealed as an entry without a number of
   * its own. In the local store when it resolves, blobs and all. Throws as seal, OUTBOX_FULL, FILE_FAILED.
   */
  async putFile(id: string, room: Room, sealed: SealedFile, said: FileSaying): Promise<void> {
    if (this.has(id)) return;
    if (this.drafts.length >= DRAFTS_MAX) throw new EnrumError("OUTBOX_FULL");
    const bytes = await this.seal(room, fileSaying(sealed, said, this.#enrum.roleNumber), 1, this.#enrum.clock.wallMs());
    const row = this.#row(id, room, 0, bytes);
    const blobs = sealed.blobs.map((blob, place) => ({ table: "blobs", put: { draft: id, place, bytes: blob } }) as const);
    await this.#enrum.flush([{ table: "drafts", put: row }, ...blobs]);
    this.#lastOrder = row.order;
    const { name, mediaType, text, preview } = said;
    this.drafts.push({ row, text, file: { name, mediaType, size: sealed.size, preview }, upload: uploadOf(sealed.ids, 0), isSilent: false, isInFlight: false });
    this.#enrum.changed(room);
  }

  /** The host has the file: its entry is sealed, and stands behind all that have a number. Throws KEY_MISSING, FILE_FAILED. */
  async number(room: Room, draft: Draft): Promise<void> {
    const deviceSeq = this.deviceSeqNext(room);
    const bytes = await this.seal(room, await this.sayingOf(room, draft), deviceSeq, draft.row.time);
    const row = { ...draft.row, deviceSeq, bytes, order: this.#lastOrder + 1 };
    await this.#enrum.flush([{ table: "drafts", put: row }, { table: "rooms", put: { ...room.row, sentSeq: deviceSeq } }]);
    this.#lastOrder = row.order;
    draft.row = row;
    room.row.sentSeq = deviceSeq;
    this.drafts = [...this.drafts.filter((other) => other !== draft), draft];
  }

  /** Opens a party room, for a unit or none named, with its first message. Throws as messageContent, and #putRoom. */
  putOpening(id: string, title: string, text: string, language: string, unit: Bytes): Promise<Room> {
    return this.#putRoom(id, { type: "PARTY", title, unit, content: messageContent(text, this.#enrum.roleNumber, language) }, text);
  }

  /** Opens a case's room for its employees alone. `content`: the first conversation of the case. Throws as #putRoom. */
  putStaffRoom(id: string, title: string, content: WireContent): Promise<Room> {
    return this.#putRoom(id, { type: "STAFF", title, content }, "");
  }

  /** Throws KEEPER_AWAY (none known to grant the key to), and as #put. */
  async #putRoom(id: string, said: RoomSaid & { content: WireContent }, text: string): Promise<Room> {
    const opening = await openingMake(this.#enrum, said);
    const room = this.#enrum.roomMake(opening.room);
    room.bear(opening.key, said);
    const row = { ...this.#row(id, room, opening.deviceSeq, opening.entries), isCreate: true, random: opening.random };
    await this.#put(room, { row, text, isSilent: isSilentKind(said.content.kind), isInFlight: false });
    return room;
  }

  /** Out of the store with the next flush. */
  drop(draft: Draft): void {
    this.drafts = this.drafts.filter((other) => other !== draft);
    this.#enrum.keep({ table: "drafts", remove: draft.row.id });
    for (let place = 0; place * ID_BYTES < (draft.upload?.blobs.length ?? 0); place++) {
      this.#enrum.keep({ table: "blobs", remove: [draft.row.id, place] });
    }
  }

  /** A file that was refused goes to the host once more, blobs first, as what was put in last. Throws FILE_FAILED: then it is as it was. */
  async again(room: Room, draft: FileDraft): Promise<void> {
    const { error, ...refused } = draft.row;
    const row = { ...refused, deviceSeq: 0, order: this.#lastOrder + 1 };
    await this.#enrum.flush([{ table: "drafts", put: row }]);
    this.#lastOrder = row.order;
    draft.row = row;
    draft.upload = uploadOf(draft.upload.blobs, 0) as Upload;
    this.drafts = [...this.drafts.filter((other) => other !== draft), draft];
    this.#enrum.changed(room);
  }

  /** Refused for good: kept for the person. What is silent is nobody's loss, unless it holds the key of what stands behind it. */
  giveBack(room: Room, draft: Draft, error: ErrorName): void {
    for (const behind of this.drafts) if (behind.row.after === draft.row.id) this.giveBack(this.#enrum.roomMake(behind.row.room), behind, error);
    if (draft.isSilent && !draft.row.isCreate) {
      this.drop(draft);
    } else {
      draft.row = { ...draft.row, error };
      this.#enrum.keep({ table: "drafts", put: draft.row });
    }
    this.#enrum.changed(room);
  }

  // -- Answers ------------------------------------------------------------------------------------------------------

  async #ackHolds(draft: Draft, ack: MsgAck): Promise<boolean> {
    const { board } = this.#enrum;
    const count = draft.row.isCreate ? (await entrySeq(draft.row.bytes)).length : 1;
    const { leaf, proof } = receiptOfAck(ack);
    return bytesEqual(ack.board, board.id) && bytesEqual(ack.room, this.#enrum.roomMake(draft.row.room).id)
      && (ack.count === count || ack.count === 1) && receiptCheck(board.hostKey, leaf, proof);
  }

  /** The host has it, as this entry. */
  sent(room: Room, draft: Draft, seq = 0): void {
    room.reseals = 0;
    if (draft.row.isCreate) room.isUnborn = false;
    this.#sent.set(draft.row.id, room.hex);
    if (draft.row.isCreate || draft.isSilent || seq <= room.fold.seq) {
      this.drop(draft);
    } else {
      this.drafts = this.drafts.filter((other) => other !== draft);
      this.#arriving.push({ draft, seq });
    }
    this.#enrum.changed(room);
  }

  /** Those whose entries are here are done with, and those of a room that this person is out of: theirs do not come. */
  #arrive(): void {
    const isOver = ({ draft, seq }: { draft: Draft; seq: number }) => {
      const room = this.#enrum.roomMake(draft.row.room);
      return room.isDenied || seq <= room.fold.seq;
    };
    for (const { draft } of this.#arriving.filter(isOver)) {
      this.drop(draft);
      this.#enrum.changed(this.#enrum.roomMake(draft.row.room));
    }
    this.#arriving = this.#arriving.filter((one) => !isOver(one));
  }

  async #onAck(room: Room, draft: Draft, frame: Bytes): Promise<void> {
    const ack = layoutDecode(messageAck, frame);
    if (!await this.#ackHolds(draft, ack)) return room.fail("RECEIPT_WRONG");
    const { deviceSeq } = draft.row;
    const hash = ack.hash.slice();
    const last = (await entrySeq(draft.row.bytes)).at(-1) as Entry;
    // A number is acknowledged once: a second receipt of it is judged, and takes the place of none.
    const isFirst = !room.receiptSeqs.has(ack.seq);
    if (isFirst) this.#enrum.keep({ table: "receipts", put: { room: room.hex, seq: ack.seq, deviceSeq, hash, frame, draft: draft.row.id } });
    await room.receiptAdd({ seq: ack.seq, deviceSeq, hash, receivedAt: ack.received_at, sent: await entryBytesHash(last) });
    if (room.trouble !== undefined) return;
    this.sent(room, draft, ack.seq);
    this.#enrum.itemChanged(room, ack.seq);
    if (!draft.isSilent) this.#enrum.contact.keeperDoubt();
  }

  async #onAnswer(room: Room, draft: Draft, answer: Answer): Promise<void> {
    room.inFlight--;
    draft.isInFlight = false;
    this.#enrum.changed(room);
    // Whether the host has it is not known: the same bytes again, when there is a connection.
    if (answer.error === "NETWORK") return;
    if (answer.error === "BLOB_MISSING" && hasUpload(draft)) this.uploads.again(draft);
    else if (answer.error === undefined) await this.#onAck(room, draft, answer.frame);
    else settleBegin(this.#enrum, room, draft, answer.error);
  }

  // -- Sending ------------------------------------------------------------------------------------------------------

  #send(room: Room, draft: Draft): void {
    const { contact, board } = this.#enrum;
    const { isCreate, random, bytes: entries } = draft.row;
    const done = (answer: Answer) => this.#onAnswer(room, draft, answer);
    if (isCreate) contact.ask(messageRoomCreate, { board: board.id, random, entries }, done);
    else contact.ask(messageAppend, { board: board.id, room: room.id, entries }, done);
    draft.isInFlight = true;
    room.inFlight++;
    this.#enrum.changed(room);
  }

  /** What is written in a conversation that the host has refused to open goes with it, or not at all: a host that takes it cheats. */
  #refuseBehind(): void {
    for (const { row: { isCreate, error, room: hex } } of this.drafts) {
      if (!isCreate || error === undefined) continue;
      const room = this.#enrum.roomMake(hex);
      for (const behind of this.ofRoom(room)) if (behind.row.error === undefined) this.giveBack(room, behind, error);
    }
  }

  /**
   * A room's drafts go out in order; behind one that opens the room, or may yet be refused for want of a blob, nothing goes until
   * it stands.
   */
  async step(): Promise<void> {
    this.#arrive();
    this.#refuseBehind();
    // Under a renewed certificate nothing is sent before the host has accepted it: it would be refused, and sealed anew, again and again.
    if (!this.#enrum.contact.isProved || this.drafts.length === 0) return;
    // A host that names keepers of its own gets nothing more; what is written waits.
    if (this.#enrum.trouble !== undefined) return;
    await settleStep(this.#enrum);
    await this.#enrum.staff?.releasesStep(this.#enrum);
    for (const draft of this.drafts.filter(hasUpload)) await this.uploads.step(this.#enrum.roomMake(draft.row.room), draft);
    const blocked = new Set<string>();
    for (const draft of [...this.drafts]) {
      const room = this.#enrum.roomMake(draft.row.room);
      if (draft.row.error !== undefined || draft.row.deviceSeq === 0 || blocked.has(room.hex)) continue;
      const isThere = draft.upload === undefined || draft.upload.state === "DONE";
      const mayNot = !isThere || room.inFlight >= IN_FLIGHT_MAX || room.stall !== undefined || room.trouble !== undefined;
      if (!draft.isInFlight && !mayNot) this.#send(room, draft);
      if (mayNot || draft.row.isCreate || draft.upload !== undefined) blocked.add(room.hex);
    }
  }
}
