// host_maker -- the other end of the SDK's connection, without a network: a host with the rooms of room_maker.ts, which checks
// nothing and does as a test tells it. What a host must check is the server's tests' matter.
import { entrySeq } from "../../client-sdk/web/protocol/entry.ts";
import { receiptLeafHash, receiptSign, receiptToAck } from "../../client-sdk/web/protocol/receipt.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { handshakeChallengeSign } from "../../client-sdk/web/protocol/handshake.ts";
import { bytesHex, bytesJoin, framePeek, layoutDecode, layoutEncode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutRoomHead } from "../../client-sdk/web/protocol/layouts.ts";
import { letterBody, letterDecode, letterEncode, type LetterBody, type LetterDraft } from "../../client-sdk/web/protocol/letter.ts";
import {
  messageAck, messageAppend, messageBoard, messageBoardGet, messageChallenge, messageDone, messageEntries, messageError,
  messageFetch, messageFollow, messageHello, messageLetterBack, messageLetterSend, messagePing, messagePong, messageProve,
  messageReady, messageRoomCreate, messageRoomList, messageRooms,
} from "../../client-sdk/web/protocol/messages.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { ERRORS, ID_BYTES, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { Enrum } from "../../client-sdk/web/sdk/enrum.ts";
import { systemClock, type Clock, type SocketEvents, type SocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import { MemoryStore, type LocalStore } from "../../client-sdk/web/sdk/localstore.ts";
import type { BoardMaker, Device } from "./board_maker.ts";
import { RoomMaker } from "./room_maker.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

/** Instead of the true answer; undefined: the true one; null: none. */
export type Instead = (request: number, frame: Bytes) => Promise<Bytes | null | undefined> | Bytes | null | undefined;

/** What a keeper answers to a question; undefined: nothing. */
export type Reply = { [K in LetterDraft["kind"]]: { kind: K; body: Extract<LetterDraft, { kind: K }>["body"] } }[LetterDraft["kind"]];
export type Keeper = (question: LetterBody) => Promise<Reply | undefined> | Reply | undefined;

export function refusal(request: number, error: ErrorName): Bytes {
  return messageEncode(messageError, { request, code: ERRORS[error].number, detail: "" });
}

export class HostMaker {
  readonly board: BoardMaker;
  readonly rooms = new Map<string, RoomMaker>();
  /** By the number of the message that is answered. */
  readonly instead = new Map<number, Instead>();
  /** The board's keeper, who answers nothing unless a test has it answer. */
  keeper: Keeper = () => undefined;
  /** Numbers of the messages that came. */
  readonly asked: number[] = [];
  connections = 0;
  #events: SocketEvents | undefined;
  #follows = new Set<string>();
  #order: Promise<void> = Promise.resolve();

  constructor(board: BoardMaker) {
    this.board = board;
  }

  roomAdd(room: RoomMaker): RoomMaker {
    this.rooms.set(bytesHex(room.room), room);
    return room;
  }

  /** A store as a login of this device leaves it. */
  async storeOf({ sign, seal, bytes, issuer }: Device): Promise<LocalStore> {
    const store = new MemoryStore();
    await store.write([
      { table: "meta", put: { key: "keys", sign, seal } },
      { table: "meta", put: { key: "me", certificate: bytes, issuer, name: "Test Testsson", at: this.board.now } },
    ]);
    return store;
  }

  open(store: LocalStore, role: "citizen" | "staff" = "citizen", clock: Clock = systemClock): Promise<Enrum> {
    return Enrum.open({
      board: this.board.text(), role, store, clock, socketOpen: this.socketOpen, software: "test", listener: () => undefined,
    });
  }

  /** As a host that lets nobody's connection come about. */
  isHeld = false;

  // -- The connection -----------------------------------------------------------------------------------------------

  readonly socketOpen: SocketOpen = (_url, events) => {
    this.connections++;
    this.#events = events;
    this.#follows.clear();
    let isOpen = false;
    setImmediate(() => {
      if (this.#events !== events || this.isHeld) return;
      isOpen = true;
      events.open();
    });
    return {
      send: (frame) => {
        if (!isOpen) throw new DOMException("not connected", "InvalidStateError");
        this.#order = this.#order.then(() => this.#onFrame(events, frame.slice()));
      },
      drop: () => {
        if (this.#events === events) this.#events = undefined;
      },
    };
  };

  /** As a network that breaks. */
  cut(): void {
    const events = this.#events;
    this.#events = undefined;
    events?.lost("cut");
  }

  say(frame: Bytes): void {
    const events = this.#events;
    setImmediate(() => this.#events === events && events?.frame(frame));
  }

  async #onFrame(events: SocketEvents, frame: Bytes): Promise<void> {
    if (this.#events !== events) return;
    const { type, request } = framePeek(frame);
    this.asked.push(type);
    const instead = await this.instead.get(type)?.(request, frame);
    if (instead !== null) this.say(instead ?? await this.#truth(type, request, frame));
  }

  async #truth(type: number, request: number, frame: Bytes): Promise<Bytes> {
    const { board } = this;
    switch (type) {
      case messageHello.number:
        return this.#challenge(request, layoutDecode(messageHello, frame).nonce);
      case messageProve.number:
        return this.ready(request);
      case messageBoardGet.number:
        return messageEncode(messageBoard, { request, board: board.id, keeper_here: 1, keepers: board.keeper.bytes, revocations: NO_BYTES });
      case messageRoomList.number:
        return this.list(request);
      case messageFollow.number:
        return this.#follow(bytesHex(layoutDecode(messageFollow, frame).room), request);
      case messageFetch.number: {
        const { room, after } = layoutDecode(messageFetch, frame);
        const known = this.rooms.get(bytesHex(room));
        return known === undefined ? refusal(request, "ROOM_UNKNOWN") : this.entries(known, after, request);
      }
      case messageAppend.number: {
        const { room, entries } = layoutDecode(messageAppend, frame);
        return this.append(this.rooms.get(bytesHex(room)) as RoomMaker, entries, request);
      }
      case messageRoomCreate.number:
        return this.create(frame);
      case messageLetterSend.number:
        return this.#letter(request, layoutDecode(messageLetterSend, frame).letter);
      case messagePing.number:
        return messageEncode(messagePong, { request, time: board.now });
      default:
        return messageEncode(messageDone, { request });
    }
  }

  /** Handed over, and answered by itself. */
  async #letter(request: number, letter: Bytes): Promise<Bytes> {
    const { id, keeper: { sign, seal }, now: timeMs } = this.board;
    const inner = await letterDecode(letter, sign, seal);
    const reply = await this.keeper(letterBody(inner) as LetterBody);
    if (reply !== undefined) {
      const draft = { ...reply, board: id, id: inner.id, timeMs } as LetterDraft;
      const back = await letterEncode({ sign, seal, certificate: NO_BYTES }, draft, { signKey: inner.sign_key, sealKey: inner.seal_key });
      setImmediate(() => this.say(messageEncode(messageLetterBack, { request: 0, board: id, letter: back })));
    }
    return messageEncode(messageDone, { request });
  }

  #follow(room: string, request: number): Bytes {
    if (!this.rooms.has(room)) return refusal(request, "ROOM_UNKNOWN");
    this.#follows.add(room);
    return messageEncode(messageDone, { request });
  }

  async #challenge(request: number, clientNonce: Bytes): Promise<Bytes> {
    const { host, now: time } = this.board;
    const nonce = suiteRandom(ID_BYTES);
    const sig = await handshakeChallengeSign(host, clientNonce, { nonce, time });
    return messageEncode(messageChallenge, { request, version: 1, nonce, host_key: host.publicKey, time, sig });
  }

  // -- Answers ------------------------------------------------------------------------------------------------------

  ready(request: number): Bytes {
    return messageEncode(messageReady, { request, board: this.board.id, keeper_here: 1 });
  }

  /** Unasked: what stands behind this number. */
  tell(room: RoomMaker, after: number): void {
    this.say(this.entries(room, after, 0));
  }

  list(request: number, more: number = 0): Bytes {
    const heads = [...this.rooms.values()].map(({ room, seq, hash, generationCount: generation }) =>
      layoutEncode(layoutRoomHead, { room, seq, hash, generation }));
    return messageEncode(messageRooms, { request, board: this.board.id, more, rooms: bytesJoin(heads) });
  }

  entries(room: RoomMaker, after: number, request: number): Bytes {
    return messageEncode(messageEntries, {
      request, board: this.board.id, room: room.room, head_seq: room.seq, head_hash: room.hash,
      certificates: room.certificates(), entries: room.entries(after + 1),
    });
  }

  /** Takes them, and tells nobody yet. The receipt. */
  async append(room: RoomMaker, entries: Bytes, request: number): Promise<Bytes> {
    const before = room.seq;
    await room.appendAll(entries);
    if (this.#follows.has(bytesHex(room.room))) setImmediate(() => this.tell(room, before));
    return this.ack(room, request, room.seq - before);
  }

  async ack(room: RoomMaker, request: number, count: number, lies: { receivedAt?: number } = {}): Promise<Bytes> {
    const { receivedAt } = await room.at(room.seq);
    const leaf = { room: room.room, count, seq: room.seq, hash: room.hash, receivedAt, ...lies };
    const [proof] = await receiptSign(this.board.host, [await receiptLeafHash(leaf)]);
    return messageEncode(messageAck, { request, board: this.board.id, ...receiptToAck(leaf, proof!) });
  }

  async create(frame: Bytes): Promise<Bytes> {
    const { request, entries } = layoutDecode(messageRoomCreate, frame);
    const [first] = await entrySeq(entries);
    const room = this.rooms.get(bytesHex(first!.head.room)) ?? this.roomAdd(new RoomMaker(this.board, first!.head.room.slice()));
    return this.append(room, entries, request);
  }
}
