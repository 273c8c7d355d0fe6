// roomcopy -- one room as this device holds it: what is verified and in its store, what the host has more of. Each entry passes
// the fold before it is kept, and is opened after.
import type { Certificate } from "../protocol/certificate.ts";
import { entryBytesHash, entryOpen, kindFitsClass, kindMayWrite, kindName, roomTypeMayOpen, type EntryOpen, type StoredEntry } from "../protocol/entry.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes, Layout } from "../protocol/field.ts";
import { fileBodyHolds } from "../protocol/file.ts";
import { bytesEqual, bytesHex, layoutDecode, layoutSeq } from "../protocol/layout.ts";
import { layoutBodyCaseRoom, layoutRefusal, type WireBodyAccess, type WireBodyCaseRoom, type WireBodyFile, type WireBodyRefusals, type WireBodyRoom, type WireContent, type WireOpenGrant } from "../protocol/layouts.ts";
import { messageAck, messageUnfollow } from "../protocol/messages.ts";
import { ERRORS, GROUNDS, KINDS, ROLES, ROOM_TYPES, type ErrorName, type KindName, type RoomTypeName } from "../protocol/tables.ts";
import { storedSeq } from "../protocol/entry.ts";
import type { Enrum, Queued } from "./enrum.ts";
import { Fold } from "./fold.ts";
import { Keyring } from "./keyring.ts";
import type { LocalHead, RoomRow } from "./localstore.ts";

/** An entry's content, opened; `body` is the value of its kind's layout. */
export interface Content {
  kind: KindName;
  /** The capacity that the author states. */
  role: number;
  /** BCP 47; empty when there is no text, or its author has not said. */
  language: string;
  /** When what it tells of happened, as its author says; 0: when it was written. */
  eventTime: number;
  body: unknown;
}

/** Throws MALFORMED. */
export function contentRead({ kind: number, role, language, event_time: eventTime, body }: WireContent): Content {
  const kind = kindName(number);
  if (kind === undefined) throw new EnrumError("MALFORMED", "unknown kind");
  return { kind, role, language, eventTime, body: layoutDecode(KINDS[kind].body as Layout, body) };
}

/** A verified entry. */
export interface LogItem {
  seq: number;
  hash: Bytes;
  receivedAt: number;
  stored: StoredEntry;
  open: EntryOpen;
  author: Certificate;
  content?: Content;
  /** Why there is no content where the class has one: KEY_MISSING, OPEN_FAILED, MALFORMED, PAYLOAD_MISSING. */
  error?: ErrorName;
}

/** UNASKED; ASKED: the keeper's answer is waited for; GIVEN_UP: what cannot be opened is told so, and asked for again later. */
export type KeyState = "UNASKED" | "ASKED" | "GIVEN_UP";

/** What the host has acknowledged to this device. */
export interface Receipt {
  seq: number;
  deviceSeq: number;
  hash: Bytes;
  receivedAt: number;
  /** Hash over the bytes that were sent; undefined of an earlier visit's. */
  sent?: Bytes;
}

/** A receipt whose entry has not come back in the log yet. */
interface PendingReceipt extends Receipt {
  /** When it came, monotonic. */
  at: number;
  /** From before the log was asked for last: the answer must have it. */
  isOld: boolean;
}

/** An acknowledged entry comes at once. One that has not come for so long is asked for. */
const RECEIPT_WAIT_MS = 5_000;

const NO_BLOBS: Bytes = new Uint8Array(0);
const NO_HEAD: LocalHead = { seq: 0, hash: new Uint8Array(0) };

export function roomRowNew(id: Bytes): RoomRow {
  return { room: bytesHex(id), id, keeperHead: NO_HEAD, sentSeq: 0 };
}

/** What the entries say that open a room. */
export interface RoomSaid {
  type: RoomTypeName;
  title: string;
  /** The unit that it is meant for; undefined or empty: none named. */
  unit?: Bytes;
  /** The first thing in it. */
  content?: WireContent;
}

export class Room {
  readonly row: RoomRow;
  readonly fold: Fold;
  readonly keyring: Keyring;
  /** Entry seq stands at [seq - 1]. */
  readonly items: LogItem[] = [];
  readonly refusals = new Map<number, number>();
  /** In which capacity staff have let somebody in, by pseudonym. */
  readonly capacities = new Map<string, number>();
  /** Numbers of own entries whose receipt is kept. */
  readonly receiptSeqs = new Set<number>();
  /** What it is, says its ROOM record. Type 0: not known. */
  type = 0;
  title = "";
  isLoaded = false;
  /** The host sends what comes. */
  isFollowing = false;
  isFetching = false;
  isCurrent = false;
  /** The host says there is no such room for us. */
  isDenied = false;
  /** And it has said so on this connection: that it lists the room all the same does not count against it. */
  #isDeniedHere = false;
  /** The host does not have it yet. */
  isUnborn = false;
  /** The key of a room that this device opens, until its first generation has come back in the log. */
  pendingKey: CryptoKey | undefined;
  /** The first entry that said what the room is; 0: none yet. */
  #saidSeq = 0;
  /** Of a unit's room: its queue, by the conversation's room. */
  readonly queue = new Map<string, Queued>();
  /** This device's marks of this visit: how far it was read, and when the last was made, by this device's clock. */
  marked = { seq: 0, at: 0 };
  retryAt = 0;
  keyState: KeyState = "UNASKED";
  keyDeadline = 0;
  /** Before the last asking, since no keeper was there. */
  keyPauseMs = 0;
  /** The outbox's: see there. */
  inFlight = 0;
  stall: { error: ErrorName; draft: string } | undefined;
  reseals = 0;
  #enrum: Enrum;
  #trouble: ErrorName | undefined;
  /** The trouble is that a certificate is wanting: it may yet come. */
  #isAuthorUnknown = false;
  #listed = NO_HEAD;
  #seqBefore = 0;
  /** The host had it when this connection was made. */
  #wasThere = false;
  #fetches = 0;
  /** The newest number that came live on this connection; and what it was when the answer that is waited for was asked for. */
  #shownSeq = 0;
  #shownBefore = 0;
  #pending: PendingReceipt[] = [];

  constructor(enrum: Enrum, row: RoomRow) {
    this.#enrum = enrum;
    this.row = row;
    this.#trouble = row.trouble;
    this.fold = new Fold(enrum.board.id, row.id);
    this.keyring = new Keyring(row.id);
  }

  get id(): Bytes {
    return this.row.id;
  }

  get hex(): string {
    return this.row.room;
  }

  /** There is something here to ask the host about. */
  get isFollowable(): boolean {
    return !this.isDenied && !this.isUnborn && this.trouble === undefined && this.row.movedTo === undefined;
  }

  /**
   * What was found wrong. Only what the host or a member did to the log (class TRUST) is remembered over visits; where an
   * author's certificate is wanting, it is asked for anew with the next connection.
   */
  get trouble(): ErrorName | undefined {
    return this.#trouble;
  }

  /** Its first generation's author opened it: a citizen or an employee a party room, a keeper a unit's. Undefined before that is known. */
  get openerRole(): number | undefined {
    return this.items[0]?.author.body.role;
  }

  /** An employee opened it, and no citizen is in it: it is the employees' own, or nobody has been let in yet. */
  get isAmongStaff(): boolean {
    return this.openerRole === ROLES.STAFF && [...this.fold.members.values()].every(({ role }) => role !== ROLES.CITIZEN);
  }

  /** The host does not have it yet, and this is its first key. */
  bear(key: CryptoKey | undefined, { type, title, content }: RoomSaid): void {
    this.isUnborn = this.isLoaded = true;
    this.pendingKey = key;
    this.type = ROOM_TYPES[type];
    this.title = title;
    if (content !== undefined) this.#enrum.staff?.staffRoomBorn(this, content);
  }

  /** Writes the room's small row with the next flush. */
  save(): void {
    this.#enrum.keep({ table: "rooms", put: { ...this.row } });
  }

  /** The room is not to be trusted any more: told, and followed no further. */
  fail(error: ErrorName): void {
    if (this.#trouble !== undefined) return;
    this.#trouble = error;
    this.isCurrent = false;
    this.#isAuthorUnknown &&= error === "ENTRY_FORGED";
    if (ERRORS[error].class === "TRUST" && !this.#isAuthorUnknown) {
      this.row.trouble = error;
      this.save();
    }
    const { contact, board } = this.#enrum;
    if (this.isFollowing && contact.phase === "READY") contact.ask(messageUnfollow, { board: board.id, room: this.id });
    this.isFollowing = false;
    this.#enrum.changed(this);
  }

  // -- Heads and receipts -------------------------------------------------------------------------------------------

  onReady(): void {
    this.#listed = NO_HEAD;
    this.#isDeniedHere = false;
    this.#shownSeq = 0;
    this.#seqBefore = this.fold.seq;
    this.#wasThere = this.#isKnown;
    this.onLost();
    this.keyState = "UNASKED";
    this.keyPauseMs = 0;
    this.stall = undefined;
    if (this.#isAuthorUnknown) this.#trouble = undefined;
    this.#isAuthorUnknown = false;
  }

  onLost(): void {
    this.isFollowing = this.isFetching = this.isCurrent = false;
  }

  /** What the host's list says of it. */
  onListed(head: LocalHead): void {
    this.#listed = head;
    this.isDenied = this.#isDeniedHere;
    this.isUnborn = false;
    this.#stay();
    this.judgeHeads();
  }

  /** A citizen is never taken out of their own rooms: one that the host no longer lists, it hides. Whom staff have let in may have gone. */
  judgeHidden(): void {
    const isHidden = this.#wasThere && this.#listed.seq === 0;
    if (isHidden && this.#enrum.roleNumber === ROLES.CITIZEN && !this.isOthers) this.fail("ROLLBACK");
  }

  /** Somebody else has opened it: this person was let in. */
  get isOthers(): boolean {
    const opener = this.items[0]?.author.body;
    return opener !== undefined && opener.role !== ROLES.KEEPER && this.#enrum.me !== undefined && !bytesEqual(opener.person, this.#enrum.me.certificate.body.person);
  }

  /** Whoever opened it has not logged in: nobody knows who it is, and it is no case's. */
  get isAdvice(): boolean {
    const opener = this.items[0]?.author.body ?? this.#enrum.me?.certificate.body;
    return opener?.role === ROLES.CITIZEN && opener.level === 0;
  }

  /** Whoever was taken out and is let in again is not followed for any more: asked anew. */
  letIn(): void {
    this.isDenied = this.#isDeniedHere = this.isFollowing = this.isCurrent = false;
    this.#stay();
  }

  /** The host has it after all. */
  #stay(): void {
    if (this.row.movedTo === undefined) return;
    delete this.row.movedTo;
    this.save();
  }

  /**
   * The host says that there is no such room for this device. It may have been taken out, which it cannot read any more, or the
   * host lies: the person is told, and nothing is sent.
   */
  deny(): void {
    this.isDenied = this.#isDeniedHere = true;
    this.#enrum.changed(this);
  }

  get #isKnown(): boolean {
    return this.fold.seq > 0 || this.row.keeperHead.seq > 0 || this.#pending.length > 0;
  }

  /** At least so far must the host's log reach. */
  keeperHead(head: LocalHead): void {
    if (head.seq > this.row.keeperHead.seq) {
      this.row.keeperHead = { seq: head.seq, hash: head.hash.slice() };
      this.save();
    }
    this.judgeHeads();
  }

  get seqBefore(): number {
    return this.#seqBefore;
  }

  #headHolds(head: LocalHead): boolean {
    const hash = this.fold.hashAt(head.seq);
    return head.seq === 0 || hash === undefined || bytesEqual(hash, head.hash);
  }

  /** By what the host and the keeper say its head is, and by the receipts held: FORK, ROLLBACK. */
  judgeHeads(): void {
    if (!this.isLoaded || this.trouble !== undefined) return;
    const listed = this.#listed.seq;
    if (!this.#headHolds(this.#listed) || !this.#headHolds(this.row.keeperHead)) {
      this.fail("FORK");
    } else if ((listed > 0 && listed < this.#seqBefore) || (this.isCurrent && this.row.keeperHead.seq > this.fold.seq)) {
      this.fail("ROLLBACK");
    } else if (this.isCurrent && this.#pending.some(({ isOld, seq }) => isOld && seq > this.fold.seq)) {
      this.fail("ROLLBACK");
    }
  }

  /** A receipt of this device: checked against the log now, or when the entry comes. */
  async receiptAdd(receipt: Receipt): Promise<void> {
    const { seq } = receipt;
    this.receiptSeqs.add(seq);
    const item = this.items[seq - 1];
    if (item === undefined) this.#pending.push({ ...receipt, at: this.#enrum.clock.monoMs(), isOld: false });
    else if (!await this.#isReceiptOf(receipt, item)) this.fail("RECEIPT_WRONG");
  }

  /** Not only a true one, which an old one is too: of the very entry that was sent. */
  async #isReceiptOf({ hash, receivedAt, deviceSeq, sent }: Receipt, item: LogItem): Promise<boolean> {
    const { entry } = item.stored;
    return bytesEqual(hash, item.hash) && receivedAt === item.receivedAt
      && bytesEqual(item.author.device, this.#enrum.device) && entry.head.device_seq === deviceSeq
      && (sent === undefined || bytesEqual(sent, await entryBytesHash(entry)));
  }

  /** The log is about to be asked for: what is acknowledged by now must be in the answer. Its number: an older one says nothing. */
  onFetch(): number {
    for (const receipt of this.#pending) receipt.isOld = true;
    this.#shownBefore = this.#shownSeq;
    return ++this.#fetches;
  }

  /** Live entries up to here have come. */
  onShown(seq: number): void {
    this.#shownSeq = Math.max(this.#shownSeq, seq);
  }

  /** Is an answer with this head, all of it taken, the end of the log? What came live while it was made is asked for once more. */
  judgeFetched(headSeq: number): boolean {
    if (headSeq < this.#shownBefore) this.fail("ROLLBACK");
    return this.trouble === undefined && this.isFollowing && this.fold.seq >= this.#shownSeq;
  }

  isNewestFetch(number: number): boolean {
    return number === this.#fetches;
  }

  /** When an acknowledged entry is missed, monotonic. */
  get missedMs(): number {
    return Math.min(Infinity, ...this.#pending.filter(({ isOld }) => !isOld).map(({ at }) => at + RECEIPT_WAIT_MS));
  }

  /** The newest entry against the receipts that speak of its number. */
  async #receiptsMeet(item: LogItem): Promise<void> {
    const met = this.#pending.filter(({ seq }) => seq === item.seq);
    this.#pending = this.#pending.filter(({ seq }) => seq !== item.seq);
    for (const receipt of met) if (!await this.#isReceiptOf(receipt, item)) this.fail("RECEIPT_WRONG");
  }

  // -- Entries ------------------------------------------------------------------------------------------------------

  /** The next entry: through the fold, and what it brings of keys and content. Throws as Fold.next. */
  async accept(stored: StoredEntry, isFromDisk: boolean): Promise<void> {
    const author = this.#enrum.trust.find(stored.entry.head.certificate)?.certificate;
    if (author !== undefined && this.#enrum.trust.isRevoked(author, stored.receivedAt)) throw new EnrumError("ENTRY_FORGED", "revoked");
    this.#isAuthorUnknown = author === undefined && !isFromDisk;
    const hash = await this.fold.next(stored, author, isFromDisk);
    const { entry, seq, receivedAt } = stored;
    const item: LogItem = { seq, hash, receivedAt, stored, open: entry.open, author: author as Certificate };
    this.items.push(item);
    if (item.open.class === "GRANT") await this.#grantLearn(item.open.value);
    await this.#receiptsMeet(item);
    await this.#open(item);
  }

  /** It is known from now on whose device this is: grants to it are told anew. */
  ownerLearn(device: Bytes): void {
    for (const { open, seq } of this.items) {
      if (open.class === "GRANT" && bytesEqual(open.value.device, device)) this.#enrum.itemChanged(this, seq);
    }
  }

  async #grantLearn(grant: WireOpenGrant): Promise<void> {
    if (!bytesEqual(grant.device, this.#enrum.device)) return;
    try {
      const added = await this.keyring.grant(this.fold, grant, this.#enrum.keys.seal);
      if (added === 0) return;
      this.keyState = "UNASKED";
      this.keyPauseMs = 0;
      for (const item of this.items) if (item.error === "KEY_MISSING") await this.#open(item);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      // Any other is a grant that this device cannot use: it asks for one that it can.
      if (error.code === "COMMITMENT_WRONG") this.fail("COMMITMENT_WRONG");
    }
  }

  // -- Content ------------------------------------------------------------------------------------------------------

  async #open(item: LogItem): Promise<void> {
    const { entry } = item.stored;
    const hasContent = entry.sealed.length > 0 || entry.isErased;
    if (!hasContent) return;
    delete item.error;
    try {
      item.content = await this.#content(item);
      this.#learn(item, item.content);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      item.error = error.code;
    }
    this.#enrum.itemChanged(this, item.seq);
  }

  async #content(item: LogItem): Promise<Content> {
    const { entry } = item.stored;
    if (entry.isErased) throw new EnrumError("PAYLOAD_MISSING");
    const key = this.keyring.find(entry.head.generation);
    if (key === undefined) throw new EnrumError("KEY_MISSING");
    const content = contentRead(await entryOpen(entry, key));
    // What the host keeps for the entry is what the entry says.
    const blobs = item.open.class === "RECORD" ? item.open.value.blobs : NO_BLOBS;
    const holds = content.kind === "FILE" ? fileBodyHolds(content.body as WireBodyFile, blobs) : blobs.length === 0;
    if (!holds) throw new EnrumError("MALFORMED", "blobs");
    return content;
  }

  #learn(item: LogItem, content: Content): void {
    const { kind, body } = content;
    if (kind === "ROOM" && item.open.class === "RECORD") this.#learnRoom(body as WireBodyRoom, item);
    if (kind === "REFUSALS" && item.open.class === "CHECKPOINT") {
      for (const { seq, ground } of layoutSeq(layoutRefusal, (body as WireBodyRefusals).refused)) this.refuse(seq, ground);
    }
    // Every reader judges the content itself; the next checkpoint will say the same.
    if (!this.#contentHolds(item, content)) return this.refuse(item.seq, GROUNDS.KIND_NOT_ALLOWED);
    this.#enrum.staff?.staffLearn(this.#enrum, this, item, content);
    this.#enrum.learn(this, item);
  }

  /** As the keeper judges it. What a room is is not known in the beginning. */
  #contentHolds({ author, open, seq }: LogItem, content: Content): boolean {
    const { role } = author.body;
    const { number } = KINDS[content.kind];
    if (content.role !== role || !kindFitsClass(content.kind, open.class)) return false;
    if (this.type !== 0 && !kindMayWrite(number, role, this.type)) return false;
    return content.kind !== "ROOM" || role === ROLES.KEEPER || (seq === this.#saidSeq && this.type !== 0);
  }

  /** The room is what its opener says, not what a later writer would have it be. */
  #learnRoom(body: WireBodyRoom, { author, seq }: LogItem): void {
    const { role, person } = author.body;
    if (role !== ROLES.KEEPER && !bytesEqual(person, this.items[0]?.author.body.person ?? person)) return;
    this.#saidSeq ||= seq;
    // A keeper says to newcomers what others have opened, too.
    const isGood = role === ROLES.KEEPER ? kindMayWrite(KINDS.ROOM.number, role, body.type) : roomTypeMayOpen(body.type, role);
    if (this.type !== 0 || !isGood) return;
    this.type = body.type;
    this.title = body.title;
  }

  /** The keeper's word on whom staff have let in. */
  accessLearn({ operation, person, capacity, first }: WireBodyAccess): void {
    if (operation !== 1) return;
    this.capacities.set(bytesHex(person), capacity);
    if (this.#enrum.me !== undefined && bytesEqual(person, this.#enrum.me.certificate.body.person)) this.keyring.first = Math.max(1, first);
  }

  refuse(seq: number, ground: number): void {
    if (this.refusals.has(seq)) return;
    this.refusals.set(seq, ground);
    this.#enrum.itemChanged(this, seq);
  }

  // -- From the store -----------------------------------------------------------------------------------------------

  /** Reads what the store has into the fold; what does not hold is the room's trouble. Throws FILE_FAILED. */
  async load(): Promise<void> {
    if (this.isLoaded) return;
    const rows = await this.#enrum.store.entries(this.hex, 1, Number.MAX_SAFE_INTEGER);
    const receipts = (await this.#enrum.receipts()).get(this.hex) ?? [];
    try {
      for (const row of rows) {
        const [stored] = await storedSeq(row.bytes);
        if (stored === undefined || stored.seq !== row.seq) throw new EnrumError("CHAIN_BROKEN", "store");
        await this.accept(stored, true);
        if (!bytesEqual(this.fold.hash, row.hash)) throw new EnrumError("CHAIN_BROKEN", "store");
      }
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      this.fail(error.code === "MALFORMED" ? "CHAIN_BROKEN" : error.code);
    }
    for (const { seq, deviceSeq, hash, frame } of receipts) {
      await this.receiptAdd({ seq, deviceSeq, hash, receivedAt: layoutDecode(messageAck, frame).received_at });
    }
    this.isLoaded = true;
    this.#seqBefore = this.fold.seq;
    this.judgeHeads();
  }
}
