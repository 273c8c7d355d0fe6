// enrum -- one device of one board, in one role: the handle that everything else hangs on. It is driven by its clock and its
// socket, one turn at a time; what happens is told by one listener. Nothing is believed before it is verified.
import { certificateDecode, deviceId, type Certificate } from "../protocol/certificate.ts";
import { kindMayWrite } from "../protocol/entry.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, bytesOfHex, layoutDecode } from "../protocol/layout.ts";
import {
  type WireBodyAccess, type WireBodyFinding, type WireBodyProfile, type WireBodyQueued, type WireBodyQueueLeft, type WireBodyTaken, type WireLetterLoggedIn, type WireRoomHead,
} from "../protocol/layouts.ts";
import type { LetterBody } from "../protocol/letter.ts";
import { messageCall, messageCallIn, messageCallRings, messageEntries, messageError, messageLetterBack, messageRoomNew, messageTransientIn } from "../protocol/messages.ts";
import { sealPairNew, signPairNew } from "../protocol/suite.ts";
import { ERRORS, KINDS, LIMITS, ROLES, ROOM_TYPES, type ErrorName } from "../protocol/tables.ts";
import { Asks, type Question } from "./ask.ts";
import { boardPinCheck, boardRead, type Board } from "./board.ts";
import { Calls } from "./calls.ts";
import { Contact } from "./contact.ts";
import { Downloads } from "./download.ts";
import type { Clock, SocketOpen } from "./environment.ts";
import { fileNameSafe, mediaTypeSaid } from "./filename.ts";
import { Follow } from "./follow.ts";
import type { Change, KeysRow, LocalStore, LoginRow, MetaRow, ReceiptRow } from "./localstore.ts";
import { Login, roleNumberOf } from "./login.ts";
import { writingKind, type Writing } from "./casebody.ts";
import { hasUpload } from "./upload.ts";
import { aboutContent, messageContent, Outbox, writingContent } from "./outbox.ts";
import { previewRead } from "./preview.ts";
import { markRead } from "./reading.ts";
import { reopen } from "./reopening.ts";
import { fileSealAll } from "./sealfile.ts";
import { Room, roomRowNew, type LogItem } from "./roomcopy.ts";
import type { StaffParts } from "./staffparts.ts";
import { Trust, type Trusted } from "./trust.ts";
import { Turns } from "./turns.ts";
import { Typing } from "./typing.ts";
import type { Role } from "./view.ts";
import { Writings } from "./writings.ts";

/** What may be written beside somebody whom nobody knows: there is no case that it could be of. */
const CASELESS: readonly Writing["kind"][] = ["note", "contact"];
/** Of a record that is about no files, and not a keeper's. */
const NO_FILES = { cause: new Uint8Array(0), blobs: new Uint8Array(0) };

export interface EnrumOptions {
  /** The text of board.json; undefined when it cannot be had right now: the pinned one is used. */
  board: string | undefined;
  role: Role;
  store: LocalStore;
  clock: Clock;
  socketOpen: SocketOpen;
  /** Name and version of the program. */
  software: string;
  staff?: StaffParts | undefined;
  /** Called, coalesced, when something that is told has changed. */
  listener: () => void;
}

/** The device's certificate. */
export interface Me {
  certificate: Certificate;
  bytes: Bytes;
  issuer: Bytes;
  /** The keeper's statement who this is, for calls; empty when it has made none. */
  profile: Bytes;
  name: string;
  /** Of the first login with these keys, ms since 1970. */
  at: number;
  ways: readonly Question["kind"][];
}

export interface Profile {
  name: string;
  title: string;
  unit: string;
  /** When the host had it; 0: what staff have stated. Of what several rooms say the newest counts: an alias may be in one of them only. */
  at: number;
}

/** A conversation in the unit's queue. */
export interface Queued {
  title: string;
  receivedAt: number;
  /** Of somebody who has not logged in. */
  isAdvice: boolean;
  takenBy?: Bytes;
}

const FLUSH_AGAIN_MS = 1_000;

export class Enrum {
  readonly role: Role;
  readonly roleNumber: number;
  readonly store: LocalStore;
  readonly clock: Clock;
  readonly socketOpen: SocketOpen;
  readonly software: string;
  /** Only where caseworkers are. */
  readonly staff: StaffParts | undefined;
  board!: Board;
  keys!: KeysRow;
  device!: Bytes;
  me: Me | undefined;
  trust!: Trust;
  readonly contact: Contact;
  readonly asks: Asks;
  readonly login: Login;
  readonly follow: Follow;
  readonly outbox: Outbox;
  readonly downloads: Downloads;
  readonly calls: Calls;
  readonly typing: Typing;
  readonly writings: Writings;
  readonly rooms = new Map<string, Room>();
  readonly profiles = new Map<string, Profile>();
  isListed = false;
  /** The device is not the person's own: everything is in memory, and gone with the engine. */
  isShared = false;
  isKeeperAway = false;
  /** Somebody has logged this device out for good. */
  isPutOut = false;
  /** Those that this one has logged out, until the rooms say so too. */
  readonly devicesOut = new Set<string>();
  loginError: ErrorName | undefined;
  /** Rooms that somebody looks at. */
  watched = new Set<string>();
  /** Since the last telling. */
  readonly changedRooms = new Set<Room>();
  readonly changedItems = new Map<Room, Set<number>>();
  #trouble: ErrorName | undefined;
  #listener: () => void;
  #turns = new Turns();
  #kept: Change[] = [];
  #flushAt = 0;
  #receipts: Map<string, ReceiptRow[]> | undefined;
  #isTold = true;
  #isClosed = false;
  #timer: (() => void) | undefined;

  private constructor(options: EnrumOptions) {
    this.role = options.role;
    this.roleNumber = roleNumberOf(options.role);
    this.store = options.store;
    this.clock = options.clock;
    this.socketOpen = options.socketOpen;
    this.software = options.software;
    this.staff = options.staff;
    this.#listener = options.listener;
    this.contact = new Contact(this);
    this.asks = new Asks(this);
    this.login = new Login(this);
    this.follow = new Follow(this);
    this.outbox = new Outbox(this);
    this.downloads = new Downloads(this);
    this.calls = new Calls(this);
    this.typing = new Typing(this);
    this.writings = new Writings(this);
  }

  /** Reads the store and begins to connect. Throws MALFORMED (board.json), NETWORK (none, and none pinned), FILE_FAILED. */
  static async open(options: EnrumOptions): Promise<Enrum> {
    const enrum = new Enrum(options);
    await enrum.turn(async () => {
      try {
        await enrum.#open(options.board);
      } catch (error) {
        // One that is open by half must not go on: the next try writes in the same store.
        enrum.stop();
        throw error;
      }
    });
    return enrum;
  }

  // -- Opening ------------------------------------------------------------------------------------------------------

  async #open(boardText: string | undefined): Promise<void> {
    const meta = new Map((await this.store.all("meta")).map((row) => [row.key, row]));
    await this.#boardOpen(boardText, meta);
    this.trust = new Trust(this.board);
    await this.#certificatesOpen();
    const keys = meta.get("keys");
    if (keys?.key === "keys") await this.#keysUse(keys);
    else await this.keysRenew();
    const me = meta.get("me");
    if (me?.key === "me") this.me = { ...me, certificate: await certificateDecode(me.certificate), bytes: me.certificate, profile: me.profile ?? new Uint8Array(0), ways: me.ways ?? [] };
    // Whoever comes back from the e-ID without a code has said it already.
    else this.isShared = (meta.get("login") as LoginRow | undefined)?.isShared === true;
    this.asks.open();
    for (const row of await this.store.all("rooms")) this.rooms.set(row.room, new Room(this, row));
    for (const room of this.rooms.values()) await room.load();
    await this.outbox.open();
    this.changed();
  }

  /** The board that these pages name, when it is the one of the visits before. */
  async #boardOpen(text: string | undefined, meta: Map<MetaRow["key"], MetaRow>): Promise<void> {
    const row = meta.get("board");
    const pinned = row?.key === "board" ? await boardRead(row.text) : undefined;
    if (text === undefined && pinned === undefined) throw new EnrumError("NETWORK", "board.json");
    this.board = text === undefined ? pinned as Board : await boardRead(text);
    if (pinned === undefined || text === undefined) {
      if (text !== undefined) await this.store.write([{ table: "meta", put: { key: "board", text } }]);
      return;
    }
    try {
      boardPinCheck(pinned, this.board);
      await this.store.write([{ table: "meta", put: { key: "board", text } }]);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      this.board = pinned;
      this.#trouble = error.code;
    }
  }

  async #certificatesOpen(): Promise<void> {
    const rows = await this.store.all("certificates");
    for (const { bytes } of [...rows.filter((row) => row.isKeeper), ...rows.filter((row) => !row.isKeeper)]) {
      // One that the roots of today do not carry is as if it were not there; the entries that need it are judged by that.
      await this.trust.add(bytes).catch((error: unknown) => {
        if (!(error instanceof EnrumError)) throw error;
      });
    }
  }

  async #keysUse(keys: KeysRow): Promise<void> {
    this.keys = keys;
    this.device = await deviceId(keys.sign.publicKey, keys.seal.publicKey);
  }

  /** New keys: another device, from here on. With what else is to be written at the same time. */
  async keysRenew(others: readonly Change[] = []): Promise<void> {
    const keys: KeysRow = { key: "keys", sign: await signPairNew(), seal: await sealPairNew() };
    await this.store.write([...others, { table: "meta", put: keys }]);
    await this.#keysUse(keys);
  }

  /** Receipts of the store by room, read once. */
  async receipts(): Promise<Map<string, ReceiptRow[]>> {
    this.#receipts ??= Map.groupBy(await this.store.all("receipts"), ({ room }) => room);
    return this.#receipts;
  }

  // -- Turns --------------------------------------------------------------------------------------------------------

  /** Runs behind everything under way, then does what is due. What the task throws reaches only its caller. */
  turn<T>(task: () => Promise<T> | T): Promise<T> {
    return this.#turns.run(() => {
      if (this.#isClosed) throw new EnrumError("CLOSING");
      return this.#thenStep(task);
    });
  }

  /** A turn of the clock's or the socket's, which nobody waits for. After the end it is nothing. */
  event(task: () => Promise<void> | void): void {
    void this.#turns.run(() => this.#isClosed ? undefined : this.#thenStep(task));
  }

  async #thenStep<T>(task: () => Promise<T> | T): Promise<T> {
    try {
      return await task();
    } finally {
      await this.#step();
    }
  }

  async #step(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#trouble !== "ROOT_CHANGED") {
      try {
        await this.contact.step();
        await this.login.step();
        await this.asks.step();
        await this.follow.step();
        await this.outbox.step();
        this.downloads.step();
        await this.calls.step();
        this.typing.step();
      } catch (error) {
        // The network takes no more just then, or is gone: what was to be sent is due again.
        if (!(error instanceof EnrumError)) throw error;
        if (error.code === "NETWORK" || error.code === "MALFORMED") await this.contact.drop(error.code);
      }
    }
    await this.#flushGathered();
    this.#timerSet();
    if (!this.#isTold) {
      this.#isTold = true;
      this.#listener();
    }
  }

  #timerSet(): void {
    this.#timer?.();
    if (this.#isClosed || this.#trouble === "ROOT_CHANGED") return;
    const due = Math.min(this.contact.dueMs, this.login.dueMs, this.asks.dueMs, this.follow.dueMs, this.outbox.uploads.dueMs, this.downloads.dueMs, this.calls.dueMs, this.typing.dueMs, this.#stallDueMs());
    const flush = this.#kept.length > 0 ? this.#flushAt : Infinity;
    const wait = Math.max(20, Math.min(due, flush) - this.clock.monoMs());
    this.#timer = wait === Infinity ? undefined : this.clock.after(wait, () => this.event(() => undefined));
  }

  #stallDueMs(): number {
    const stalled = [...this.rooms.values()].filter(({ stall }) => stall !== undefined);
    return Math.min(Infinity, ...stalled.map(({ retryAt }) => Math.max(retryAt, this.clock.monoMs() + FLUSH_AGAIN_MS)));
  }

  // -- The store ----------------------------------------------------------------------------------------------------

  /** Into the store at the end of the turn, together with all that the turn keeps. */
  keep(change: Change): void {
    this.#kept.push(change);
  }

  /** Into the store now, with these. Throws FILE_FAILED: then what was gathered before is tried again later, and these are not. */
  async flush(changes: readonly Change[] = []): Promise<void> {
    const gathered = this.#kept.length;
    if (gathered + changes.length === 0) return;
    await this.store.write([...this.#kept, ...changes]);
    this.#kept.splice(0, gathered);
  }

  async #flushGathered(): Promise<void> {
    if (this.#kept.length === 0 || this.clock.monoMs() < this.#flushAt) return;
    try {
      await this.flush();
      this.#flushAt = 0;
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      // Everything is at the host too: a store that cannot be written now may be better in a while.
      this.#flushAt = this.clock.monoMs() + FLUSH_AGAIN_MS;
    }
  }

  // -- What others tell ---------------------------------------------------------------------------------------------

  changed(room?: Room): void {
    this.#isTold = false;
    if (room !== undefined) this.changedRooms.add(room);
  }

  itemChanged(room: Room, seq: number): void {
    const seqs = this.changedItems.get(room) ?? new Set();
    this.changedItems.set(room, seqs.add(seq));
    this.changed(room);
  }

  get trouble(): ErrorName | undefined {
    return this.#trouble;
  }

  troubleSet(error: ErrorName): void {
    this.#trouble ??= error;
    this.changed();
  }

  troubleClear(error: ErrorName): void {
    if (this.#trouble === error) this.#trouble = undefined;
    this.changed();
  }

  onReady(): void {
    this.loginError = undefined;
    this.follow.onReady();
    this.changed();
  }

  onLost(): void {
    for (const room of this.rooms.values()) room.onLost();
    this.asks.onLost();
    this.calls.onLost();
    this.changed();
  }

  /** The host does not take this device, or no longer: expired, revoked. */
  onProofRefused(error: ErrorName): void {
    this.loginError = error;
    if (error === "CERTIFICATE_REVOKED") this.event(() => this.login.judgeRevoked());
    this.changed();
  }

  /** Logged out for good, says the keeper: whoever runs this deletes what is here. */
  putOut(): void {
    this.isPutOut = true;
    this.changed();
  }

  async onUnasked(type: number, frame: Bytes): Promise<void> {
    if (type === messageEntries.number) await this.follow.onEntries(frame);
    else if (type === messageRoomNew.number) this.follow.onNew(frame);
    else if (type === messageLetterBack.number) await this.asks.onLetterBack(frame);
    else if (type === messageCall.number) await this.calls.onCall(frame);
    else if (type === messageCallIn.number) await this.calls.onIn(frame);
    else if (type === messageCallRings.number) this.calls.onRings(frame);
    else if (type === messageError.number && layoutDecode(messageError, frame).code === ERRORS.CERTIFICATE_REVOKED.number) this.onProofRefused("CERTIFICATE_REVOKED");
    else if (type === messageTransientIn.number) await this.typing.onIn(frame);
    // A later version may say more than this one understands.
  }

  // -- Rooms and people ---------------------------------------------------------------------------------------------

  /** The room of this id, new if need be. */
  roomMake(id: Bytes | string): Room {
    const hex = typeof id === "string" ? id : bytesHex(id);
    const known = this.rooms.get(hex);
    if (known !== undefined) return known;
    const room = new Room(this, roomRowNew(typeof id === "string" ? Uint8Array.from(id.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : id));
    this.rooms.set(hex, room);
    room.save();
    this.changed(room);
    return room;
  }

  async keeperHead({ room, seq, hash }: WireRoomHead): Promise<void> {
    this.roomMake(room.slice()).keeperHead({ seq, hash });
  }

  /** Those that lead to the root are known from here on. */
  async certificatesTake(seq: Bytes): Promise<void> {
    for (const trusted of await this.trust.addAll(seq.slice())) {
      this.#certificateKeep(trusted);
      for (const room of this.rooms.values()) room.ownerLearn(trusted.certificate.device);
    }
  }

  #certificateKeep({ certificate, bytes }: Trusted): void {
    const isKeeper = certificate.body.role === ROLES.KEEPER;
    this.keep({ table: "certificates", put: { hash: bytesHex(certificate.hash), isKeeper, bytes: bytes.slice() } });
  }

  /** Throws NOT_LOGGED_IN. */
  get certified(): Me {
    if (this.me === undefined) throw new EnrumError("NOT_LOGGED_IN");
    return this.me;
  }

  /** What the keeper answers to a login, once it is checked. Throws FILE_FAILED. */
  async certify({ certificate: bytes, issuer, profile, name }: Pick<WireLetterLoggedIn, "certificate" | "issuer" | "profile" | "name">, way: Question["kind"]): Promise<void> {
    const me: Me = { certificate: await certificateDecode(bytes.slice()), bytes: bytes.slice(), issuer: issuer.slice(), profile: profile.slice(), name, at: this.me?.at ?? this.clock.wallMs(), ways: [...new Set([...this.me?.ways ?? [], way])] };
    for (const one of [issuer, bytes]) this.#certificateKeep((await this.trust.add(one.slice())).trusted);
    await this.flush([{ table: "meta", put: { key: "me", certificate: me.bytes, issuer: me.issuer, profile: me.profile, name, at: me.at, ways: me.ways } }]);
    this.me = me;
    this.changed();
  }

  /** A citizen's keys come by themselves. Staff ask when they open a room, so that the grants in the log are those who could read. */
  wantsKeys(room: Room): boolean {
    return this.role === "citizen" || room.openerRole === ROLES.KEEPER || room.isAmongStaff || this.watched.has(room.hex);
  }

  #profile(person: Bytes, profile: Profile): void {
    this.profiles.set(bytesHex(person), profile);
    for (const room of this.rooms.values()) for (const { seq } of room.items) this.itemChanged(room, seq);
  }

  /** What an entry says of people and of the queue: that is the keeper's word, also while it is not known what the room is. */
  learn(room: Room, { author, content, receivedAt }: LogItem): void {
    if (author.body.role !== ROLES.KEEPER) {
      this.typing.written(room, author.body.person);
      return this.changed(room);
    }
    if (content?.kind === "PROFILE") {
      const { person, name, title, unit } = content.body as WireBodyProfile;
      if (receivedAt >= (this.profiles.get(bytesHex(person))?.at ?? 0)) this.#profile(person, { name, title, unit, at: receivedAt });
    } else if (content?.kind === "ACCESS") {
      const body = content.body as WireBodyAccess;
      room.accessLearn(body);
      // As staff have stated it, until the person has logged in.
      if (body.name !== "" && !this.profiles.has(bytesHex(body.person))) this.#profile(body.person, { name: body.name, title: "", unit: "", at: 0 });
    } else if (content?.kind === "QUEUED" || content?.kind === "QUEUED_ADVICE") {
      const { room: queued, title, received_at: receivedAt } = content.body as WireBodyQueued;
      room.queue.set(bytesHex(queued), { title, receivedAt, isAdvice: content.kind === "QUEUED_ADVICE" });
    } else if (content?.kind === "TAKEN") {
      const { room: taken, person } = content.body as WireBodyTaken;
      const row = room.queue.get(bytesHex(taken));
      if (row !== undefined) row.takenBy = person.slice();
    } else if (content?.kind === "QUEUE_LEFT") {
      room.queue.delete(bytesHex((content.body as WireBodyQueueLeft).room));
    }
    if (content?.kind === "FINDING") this.itemChanged(room, (content.body as WireBodyFinding).seq);
    this.changed(room);
  }

  // -- What the application asks: each in a turn of its own ----------------------------------------------------------

  /** Throws MAY_NOT (a guest), and as Outbox.putOpening. The room's id. */
  openRoom(id: string, title: string, text: string, language = "", unit = ""): Promise<string> {
    return this.turn(async () => {
      if (this.role === "guest") throw new EnrumError("MAY_NOT");
      return this.outbox.roomOf(id) ?? (await this.outbox.putOpening(id, title, text, language, bytesOfHex(unit))).hex;
    });
  }

  /** A conversation that the host has refused to open goes to it once more, with all that stands behind it. Throws ROOM_UNKNOWN, and as reopen. */
  openAgain(hex: string): Promise<void> {
    return this.turn(async () => {
      const room = this.known(hex);
      const [first] = this.outbox.ofRoom(room);
      // Asked for twice, it is on its way.
      if (first?.row.isCreate && first.row.error !== undefined) await reopen(this, room);
    });
  }

  /** As it says itself, or as the queue does before it is opened. */
  titleOf(room: Room): string {
    if (room.title !== "") return room.title;
    return [...this.rooms.values()].find(({ queue }) => queue.has(room.hex))?.queue.get(room.hex)?.title ?? "";
  }

  /** What the application calls by this id, wherever it is by now. */
  #find(hex: string): Room | undefined {
    let room = this.rooms.get(hex);
    while (room?.row.movedTo !== undefined) room = this.rooms.get(room.row.movedTo);
    return room;
  }

  /** Throws ROOM_UNKNOWN. */
  known(hex: string): Room {
    const room = this.#find(hex);
    if (room === undefined) throw new EnrumError("ROOM_UNKNOWN");
    return room;
  }

  /** Throws ROOM_UNKNOWN, the room's trouble. */
  writable(hex: string): Room {
    const room = this.#find(hex);
    if (room === undefined || room.isDenied) throw new EnrumError("ROOM_UNKNOWN");
    if (room.trouble !== undefined) throw new EnrumError(room.trouble);
    return room;
  }

  /** Throws ROOM_UNKNOWN, KEY_MISSING, MALFORMED, OVERSIZED, FILE_FAILED, NOT_LOGGED_IN, the room's trouble. */
  send(id: string, hex: string, text: string, language = ""): Promise<void> {
    return this.turn(() => {
      const room = this.writable(hex);
      this.typing.said(room);
      return this.outbox.put(id, room, { class: "RECORD", open: NO_FILES, content: messageContent(text, this.roleNumber, language) }, text);
    });
  }

  /** Throws as send, MAY_NOT, and MALFORMED when it is about an entry that the room does not have. */
  write(id: string, hex: string, writing: Writing, language = ""): Promise<void> {
    return this.turn(() => {
      const room = this.writable(hex);
      const isFit = kindMayWrite(KINDS[writingKind(writing)].number, this.roleNumber, room.type || ROOM_TYPES.PARTY);
      if (!isFit || (room.isAdvice && !CASELESS.includes(writing.kind))) throw new EnrumError("MAY_NOT");
      const content = writingContent(writing, this.roleNumber, language, (seq) => room.fold.hashAt(seq));
      return this.outbox.put(id, room, { class: "RECORD", open: NO_FILES, content }, writing.text);
    });
  }

  /** In the local store when it resolves, whole and sealed. Throws as send, FILE_OVERSIZED, FILE_CHANGED (it cannot be read any more). */
  async sendFile(id: string, hex: string, file: Blob, name: string, mediaType: string, text: string, language = "", small?: Blob): Promise<void> {
    if (await this.turn(() => this.outbox.has(id))) return;
    // Not in a turn: others go on meanwhile.
    const sealed = await fileSealAll(file);
    const said = { name: fileNameSafe(name), mediaType: mediaTypeSaid(mediaType), text, language, preview: await previewRead(small) };
    return this.turn(() => this.outbox.putFile(id, this.writable(hex), sealed, said));
  }

  /** Settles when the whole is here and checked. Throws as Downloads.begin, ROOM_UNKNOWN, OPEN_FAILED, CANCELLED. */
  async openFile(hex: string, seq: number): Promise<Blob> {
    const { file } = await this.turn(() => this.downloads.begin(this.known(hex), seq));
    return file;
  }

  cancelFile(hex: string, seq: number): Promise<void> {
    return this.turn(() => this.downloads.cancel(this.known(hex), seq));
  }

  /** Words about entry number `seq`. Throws as send, and MALFORMED when the room has no such entry. */
  about(id: string, hex: string, seq: number, kind: "OBJECTION" | "CORRECTION", text: string, language = ""): Promise<void> {
    return this.turn(() => {
      const room = this.writable(hex);
      const hash = seq < 1 ? undefined : room.fold.hashAt(seq);
      if (hash === undefined) throw new EnrumError("MALFORMED", `no entry ${seq}`);
      return this.outbox.put(id, room, { class: "RECORD", open: NO_FILES, content: aboutContent({ seq, hash, text }, this.roleNumber, kind, language) }, text);
    });
  }

  /** What only staff's program does. Throws MAY_NOT in another one. */
  asStaff<T>(work: (staff: StaffParts) => Promise<T>): Promise<T> {
    return this.turn(() => {
      if (this.staff === undefined) throw new EnrumError("MAY_NOT");
      return work(this.staff);
    });
  }

  /** The person writes: told to the others in the room, if it can be. */
  type(hex: string): Promise<void> {
    return this.turn(() => this.typing.say(this.writable(hex)));
  }

  /** A file that was refused, once more. Throws as Outbox.again. */
  sendAgain(id: string): Promise<void> {
    return this.turn(async () => {
      const draft = this.outbox.drafts.find(({ row }) => row.id === id && row.error !== undefined);
      if (draft !== undefined && hasUpload(draft)) await this.outbox.again(this.roomMake(draft.row.room), draft);
    });
  }

  discard(id: string): Promise<void> {
    return this.turn(async () => {
      const draft = this.outbox.drafts.find(({ row }) => row.id === id && (row.error !== undefined || row.deviceSeq === 0));
      if (draft === undefined) return;
      this.outbox.drop(draft);
      if (draft.row.isCreate) {
        // What stands behind it has nowhere to go without it.
        for (const behind of this.outbox.drafts.filter(({ row }) => row.room === draft.row.room)) this.outbox.drop(behind);
        this.rooms.delete(draft.row.room);
        this.keep({ table: "rooms", remove: draft.row.room });
      }
      await this.flush();
      this.changed(this.rooms.get(draft.row.room));
    });
  }

  /** Settles with the keeper's answer. Throws what it refuses with, KEEPER_AWAY, TIMEOUT ... */
  async ask(question: Question): Promise<LetterBody | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<LetterBody | undefined>();
    await this.turn(() => this.asks.put(question, (error, answer) => {
      if (error === undefined) resolve(answer);
      else reject(new EnrumError(error));
    }));
    return promise;
  }

  /** The person has been shown the room up to here. */
  markRead(hex: string, seq: number): Promise<void> {
    return this.turn(() => markRead(this, this.writable(hex), seq));
  }

  /** An employee has opened the room, its journal or its case. Throws MAY_NOT (who is none). */
  markOpened(hex: string): Promise<void> {
    return this.asStaff(({ markOpened }) => markOpened(this, this.writable(hex)));
  }

  /** Everything of this person is deleted from this device, which gets other keys. What was asked for behind it is not done. */
  logout(): Promise<void> {
    return this.turn(async () => {
      // The others see that this person has left, not that the connection is lost.
      this.calls.current?.leave(false);
      const [board] = (await this.store.all("meta")).filter(({ key }) => key === "board");
      // Should that fail, everything goes on as it was.
      await this.store.clear();
      // Nothing more is kept from here on, whatever becomes of the rest.
      this.#kept = [];
      this.stop();
      // Only a board that has become another one is forgotten: logging out is how a person accepts that. One that cannot be kept is read anew.
      if (board !== undefined && this.#trouble !== "ROOT_CHANGED") await this.store.write([{ table: "meta", put: board }]).catch(() => undefined);
    });
  }

  /** Nothing is left running, and the store is as it is. */
  stop(): void {
    this.#isClosed = true;
    this.calls.stop();
    this.downloads.stop();
    this.#timer?.();
    this.contact.close();
  }

  /** What was begun is finished; then nothing is left running. */
  async close(): Promise<void> {
    await this.turn(() => this.flush()).catch(() => undefined);
    this.stop();
    this.store.close();
  }
}
