// follow -- what the host tells of rooms: the list, what comes live, what is fetched. FOLLOW first, then FETCH from what one has.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutDecode, layoutSeq, layoutSeqBytes } from "../protocol/layout.ts";
import { entryChain, storedSeq, type StoredEntry } from "../protocol/entry.ts";
import { layoutRoomHead, layoutStored } from "../protocol/layouts.ts";
import {
  messageEntries, messageFetch, messageFollow, messageRoomList, messageRoomNew, messageRooms, type MsgEntries,
} from "../protocol/messages.ts";
import { LIMITS } from "../protocol/tables.ts";
import type { Answer } from "./contact.ts";
import type { Enrum } from "./enrum.ts";
import type { Room } from "./roomcopy.ts";
import { settleFound } from "./settle.ts";

const RETRY_MS = 1_000;
const KEY_WAIT_MS = 5_000;
const KEY_ASK_AGAIN_MS = 30_000;
const KEY_AWAY_MS = 1_000;
/** More than anybody ever is in. */
const ROOMS_MAX = 1 << 13;
const NO_BYTES: Bytes = new Uint8Array(0);

export class Follow {
  #enrum: Enrum;

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  // -- The list of rooms --------------------------------------------------------------------------------------------

  onReady(): void {
    for (const room of this.#enrum.rooms.values()) room.onReady();
    this.#listAsk(NO_BYTES);
  }

  #listAsk(after: Bytes): void {
    this.#enrum.contact.ask(messageRoomList, { board: this.#enrum.board.id, after }, (answer) => this.#onList(answer, after));
  }

  /** A room that the host names. Throws MALFORMED: a host that makes up rooms is not listened to. */
  #named(id: Bytes): Room {
    const { rooms } = this.#enrum;
    if (rooms.size >= ROOMS_MAX && !rooms.has(bytesHex(id))) throw new EnrumError("MALFORMED", "rooms");
    return this.#enrum.roomMake(id.slice());
  }

  /** Without the list nobody can tell what is hidden. It comes to an end: its rooms stand in order. */
  async #onList(answer: Answer, after: Bytes): Promise<void> {
    if (answer.error === "NETWORK") return;
    if (answer.error !== undefined) return this.#enrum.contact.drop(answer.error);
    const { rooms, more } = layoutDecode(messageRooms, answer.frame);
    const heads = layoutSeq(layoutRoomHead, rooms);
    for (const { room, seq, hash } of heads) this.#named(room).onListed({ seq, hash: hash.slice() });
    const last = heads.at(-1);
    if (more === 1) {
      if (last === undefined || bytesHex(last.room) <= bytesHex(after)) throw new EnrumError("MALFORMED", "ROOMS");
      return this.#listAsk(last.room.slice());
    }
    for (const room of this.#enrum.rooms.values()) room.judgeHidden();
    this.#enrum.isListed = true;
    this.#enrum.contact.isGood();
    this.#enrum.changed();
  }

  onNew(frame: Bytes): void {
    const { board, room } = layoutDecode(messageRoomNew, frame);
    if (!bytesEqual(board, this.#enrum.board.id)) return;
    this.#named(room).letIn();
    this.#enrum.changed();
  }

  // -- Entries ------------------------------------------------------------------------------------------------------

  async onEntries(frame: Bytes): Promise<void> {
    const message = layoutDecode(messageEntries, frame);
    const room = this.#enrum.rooms.get(bytesHex(message.room));
    if (room === undefined) return;
    room.onShown(message.head_seq);
    if (!room.isLoaded || room.trouble !== undefined) return;
    await this.#take(room, message, true);
    // What is emptied must have been erased by the end of the log: it is asked for.
    if (room.fold.missing.length > 0) room.isCurrent = false;
  }

  async #take(room: Room, message: MsgEntries, isLive: boolean): Promise<void> {
    try {
      await this.#enrum.certificatesTake(message.certificates);
      await this.#takeEntries(room, message, isLive);
      this.#judgeHead(room, message);
      await settleFound(this.#enrum, room);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      room.fail(error.code === "MALFORMED" ? "CHAIN_BROKEN" : error.code);
    }
    this.#enrum.changed(room);
  }

  /** A gap in live entries is no error: what is missing is fetched. */
  async #takeEntries(room: Room, message: MsgEntries, isLive: boolean): Promise<void> {
    for (const bytes of layoutSeqBytes(layoutStored, message.entries)) {
      const [stored] = await storedSeq(bytes.slice()) as [StoredEntry];
      if (stored.seq <= room.fold.seq) {
        await this.#sameCheck(room, stored);
        continue;
      }
      if (stored.seq > room.fold.seq + 1 && isLive) {
        room.isCurrent = false;
        return;
      }
      await room.accept(stored, false);
      if (room.trouble !== undefined) return;
      this.#enrum.keep({ table: "entries", put: { room: room.hex, seq: stored.seq, hash: room.fold.hash, bytes: bytes.slice() } });
      room.judgeHeads();
      if (room.trouble !== undefined) return;
    }
  }

  /** An entry that is here already must be the same one. */
  async #sameCheck(room: Room, { entry, seq, receivedAt }: StoredEntry): Promise<void> {
    const hash = await entryChain(entry, room.fold.hashAt(seq - 1) as Bytes, seq, receivedAt);
    if (!bytesEqual(hash, room.fold.hashAt(seq) as Bytes)) throw new EnrumError("FORK", `entry ${seq} again`);
  }

  #judgeHead(room: Room, { head_seq: seq, head_hash: hash, entries }: MsgEntries): void {
    if (room.trouble !== undefined) return;
    const known = room.fold.hashAt(seq);
    if (known !== undefined && !bytesEqual(known, hash)) {
      throw new EnrumError(seq === room.fold.seq && entries.length > 0 ? "CHAIN_BROKEN" : "FORK", "head");
    }
    if (seq < room.seqBefore) throw new EnrumError("ROLLBACK");
  }

  // -- Follow and fetch ---------------------------------------------------------------------------------------------

  #later(room: Room): void {
    room.retryAt = this.#enrum.clock.monoMs() + RETRY_MS;
  }

  async #onFetched(room: Room, answer: Answer): Promise<void> {
    room.isFetching = false;
    if (answer.error === "ROOM_UNKNOWN") return room.deny();
    if (answer.error !== undefined) return this.#later(room);
    const message = layoutDecode(messageEntries, answer.frame);
    if (room.trouble !== undefined) return this.#later(room);
    // It shows another room's log where this one's was asked for.
    if (!bytesEqual(message.room, room.id)) return room.fail("CHAIN_BROKEN");
    const before = room.fold.seq;
    await this.#take(room, message, false);
    if (room.trouble !== undefined) return;
    if (room.fold.seq < message.head_seq) {
      // It names a head, and gives nothing towards it.
      if (room.fold.seq === before) room.fail("CHAIN_BROKEN");
      return;
    }
    if (!room.judgeFetched(message.head_seq)) return;
    room.isCurrent = true;
    if (room.fold.missing.length > 0) room.fail("PAYLOAD_MISSING");
    room.judgeHeads();
  }

  #fetch(room: Room): void {
    const message = { board: this.#enrum.board.id, room: room.id, after: room.fold.seq, limit: LIMITS.ENTRIES_PER_FETCH_MAX };
    const number = room.onFetch();
    this.#enrum.contact.ask(messageFetch, message, (answer) => room.isNewestFetch(number) ? this.#onFetched(room, answer) : undefined);
    room.isFetching = true;
  }

  #follow(room: Room): void {
    this.#enrum.contact.ask(messageFollow, { board: this.#enrum.board.id, room: room.id }, ({ error }) => {
      room.isFetching = false;
      if (error === "ROOM_UNKNOWN") room.deny();
      else if (error === undefined) room.isFollowing = true;
      else this.#later(room);
    });
    room.isFetching = true;
  }

  async step(): Promise<void> {
    if (this.#enrum.contact.phase !== "READY") return;
    for (const room of this.#enrum.rooms.values()) {
      if (this.#enrum.clock.monoMs() >= room.missedMs) room.isCurrent = false;
      if (room.isFollowable && !room.isCurrent && !room.isFetching && this.#enrum.clock.monoMs() >= room.retryAt) {
        await room.load();
        if (room.trouble !== undefined) continue;
        if (room.isFollowing) this.#fetch(room);
        else this.#follow(room);
      }
      await this.#keysStep(room);
    }
  }

  get dueMs(): number {
    if (this.#enrum.contact.phase !== "READY") return Infinity;
    return Math.min(Infinity, ...[...this.#enrum.rooms.values()].map((room) => this.#roomDueMs(room)));
  }

  #roomDueMs(room: Room): number {
    if (!room.isFollowable || room.isFetching) return Infinity;
    if (!room.isCurrent) return room.retryAt;
    return Math.min(room.missedMs, this.#isKeyDue(room) ? room.keyDeadline : Infinity);
  }

  // -- Keys ---------------------------------------------------------------------------------------------------------

  #isKeyDue(room: Room): boolean {
    return room.isCurrent && this.#enrum.wantsKeys(room) && !room.keyring.isWhole(room.fold.generationCount);
  }

  /** Asked for when the room is all here and some are missing. */
  async #keysStep(room: Room): Promise<void> {
    if (!this.#isKeyDue(room)) return;
    const now = this.#enrum.clock.monoMs();
    if (room.keyState !== "UNASKED" && now < room.keyDeadline) return;
    if (room.keyState === "ASKED") {
      room.keyState = "GIVEN_UP";
      room.keyDeadline = now + KEY_ASK_AGAIN_MS;
      return this.#enrum.changed(room);
    }
    // A second asking holds nothing back: what could not be opened has been told.
    const isFirst = room.keyState === "UNASKED";
    room.keyState = isFirst ? "ASKED" : "GIVEN_UP";
    room.keyDeadline = now + (isFirst ? KEY_WAIT_MS : KEY_ASK_AGAIN_MS);
    await this.#enrum.asks.put({ kind: "GRANT", body: { room: room.id } }, (error) => {
      // The keeper says that this person was taken out; the host tells nobody who does not ask.
      if (error === "ROOM_UNKNOWN") room.isFollowing = room.isCurrent = false;
      // Done: the grant is on its way in the log, and is waited for until the deadline.
      if (error === undefined || room.keyState === "UNASKED") return;
      // A keeper that is away may be back in a moment.
      const isAway = error === "KEEPER_AWAY";
      if (isAway) room.keyPauseMs = Math.min(KEY_ASK_AGAIN_MS, 2 * room.keyPauseMs || KEY_AWAY_MS);
      room.keyState = "GIVEN_UP";
      room.keyDeadline = this.#enrum.clock.monoMs() + (isAway ? room.keyPauseMs : KEY_ASK_AGAIN_MS);
      this.#enrum.changed(room);
    });
  }
}
