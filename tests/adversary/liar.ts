// liar -- a host that lies: a proxy between real clients and the real enrumd that holds the host's own key, so that what it
// makes up is signed and chained as a host would. What it may do is a row of lies.ts.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesHex, bytesJoin, framePeek, layoutDecode, layoutEncode, layoutSeq, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutRoomHead, layoutStored, type WireStored } from "../../client-sdk/web/protocol/layouts.ts";
import {
  messageAck, messageAppend, messageChallenge, messageEntries, messageError, messageFetch, messageHello, messageRooms,
  type MsgAck, type MsgChallenge, type MsgEntries,
} from "../../client-sdk/web/protocol/messages.ts";
import { signPairOfSeed, type SignPair } from "../../client-sdk/web/protocol/suite.ts";
import { ERRORS, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { SUBPROTOCOL } from "../../client-sdk/web/sdk/environment.ts";
import { hashesOf } from "./forger.ts";

/** What a lie changes. Each part is given the truth. */
export interface Lie {
  /** The log of the room lied about as it was when the lie began; numbers and hashes are made anew behind it. */
  log?(log: readonly WireStored[]): WireStored[] | Promise<WireStored[]>;
  /** Certificates that are told beside those of the true authors. */
  certificates?(): Bytes;
  /** The certificates of those who wrote are not told. */
  hasNoCertificates?: true;
  /** Entries are told as those of this room. */
  asRoom?: Bytes;
  /** What came later is never told. */
  isCut?: boolean;
  /** The room is left out of the list. */
  isHidden?: boolean;
  /** What the host has taken is told as refused. */
  refused?: ErrorName;
  ack?(ack: MsgAck, host: SignPair): MsgAck | Promise<MsgAck>;
  challenge?(challenge: MsgChallenge, clientNonce: Bytes, host: SignPair): MsgChallenge | Promise<MsgChallenge>;
  /** An answer in the host's place: the host does not hear what was sent. `acks`: the receipts told for the room before, in order. */
  answer?(frame: Bytes, room: Bytes, acks: readonly MsgAck[]): Bytes | undefined;
  /** What goes on to the host in place of what was sent. */
  sent?(frame: Bytes): Bytes;
  /** What is told in place of a message of another kind than those above. */
  told?(type: number, frame: Bytes): Bytes;
  /** Messages of the host of these numbers are kept back. */
  withheld?: readonly number[];
}

interface Head {
  seq: number;
  hash: Bytes;
}

/** A message of a client: its number, and the room that its entries are for. */
export interface Heard {
  type: number;
  room?: string;
}

/** What a connection's answers are understood by. */
interface Line {
  /** What each FETCH asked for, by request number. */
  fetches: Map<number, number>;
  nonce: Bytes;
}

function heardOf(type: number, frame: Bytes): Heard {
  return type === messageAppend.number ? { type, room: bytesHex(layoutDecode(messageAppend, frame).room) } : { type };
}

export class Liar {
  readonly url: string;
  /** The room that is lied about. */
  room: Bytes | undefined;
  #lie: Lie | undefined;
  /** Length of the room's log when the lie began, and the lie that was made of it: it must stay the same lie. */
  #began = 0;
  #lied: Promise<readonly WireStored[]> | undefined;
  #isCut = false;
  /** What clients have sent since somebody last emptied it. */
  readonly heard: Heard[] = [];
  /** The host's true receipts that have been told, of each room. */
  readonly #acks = new Map<string, MsgAck[]>();
  readonly #server: WebSocketServer;
  readonly #upstream: string;
  readonly #host: SignPair;
  /** The true logs, as far as anybody has fetched them through here. */
  readonly #logs = new Map<string, WireStored[]>();

  private constructor(server: WebSocketServer, upstream: string, host: SignPair) {
    this.#server = server;
    this.#upstream = upstream;
    this.#host = host;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (client) => this.#connect(client));
  }

  static async start(upstream: string, hostKeyFile: string): Promise<Liar> {
    const host = await signPairOfSeed(new Uint8Array(readFileSync(hostKeyFile)));
    let liar: Liar | undefined;
    const server = new WebSocketServer({
      host: "127.0.0.1", port: 0, handleProtocols: () => SUBPROTOCOL,
      verifyClient: () => liar !== undefined && !liar.#isCut,
    });
    await once(server, "listening");
    return liar = new Liar(server, upstream, host);
  }

  get lie(): Lie | undefined {
    return this.#lie;
  }

  set lie(lie: Lie | undefined) {
    this.#lie = lie;
    this.#lied = undefined;
    this.#began = this.room === undefined ? 0 : this.#logs.get(bytesHex(this.room))?.length ?? 0;
  }

  /** Everybody has to connect anew. */
  drop(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  /** Nobody is connected, or gets a connection, until it heals. */
  cut(): void {
    this.#isCut = true;
    this.drop();
  }

  heal(): void {
    this.#isCut = false;
  }

  /** The log that the real host has, as far as anybody has fetched it through here. */
  truth(room: Bytes): readonly WireStored[] {
    return this.#logs.get(bytesHex(room)) ?? [];
  }

  /** The true hashes: that of entry n stands at [n]. */
  truthHashes(room: Bytes): Promise<Bytes[]> {
    return hashesOf(room, this.truth(room));
  }

  async stop(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, "close");
  }

  // -- Passing on ---------------------------------------------------------------------------------------------------

  #connect(client: WebSocket): void {
    const upstream = new WebSocket(this.#upstream, SUBPROTOCOL);
    const line: Line = { fetches: new Map(), nonce: new Uint8Array(0) };
    const waiting: Bytes[] = [];
    let order = Promise.resolve();
    client.on("message", (data: Buffer) => {
      const frame = new Uint8Array(data);
      this.#hear(frame, line);
      const answer = this.room === undefined ? undefined : this.#lie?.answer?.(frame, this.room, this.#acks.get(bytesHex(this.room)) ?? []);
      const passed = this.#lie?.sent?.(frame) ?? frame;
      if (answer !== undefined) client.send(answer);
      else if (upstream.readyState === WebSocket.OPEN) upstream.send(passed);
      else waiting.push(passed);
    });
    upstream.on("open", () => {
      for (const frame of waiting) upstream.send(frame);
    });
    upstream.on("message", (data: Buffer) => {
      order = order.then(async () => {
        const frame = await this.#told(new Uint8Array(data), line);
        if (frame !== undefined) client.send(frame);
      });
    });
    client.on("close", () => upstream.terminate());
    upstream.on("close", () => client.terminate());
    upstream.on("error", () => client.terminate());
    client.on("error", () => upstream.terminate());
  }

  #hear(frame: Bytes, line: Line): void {
    const { type, request } = framePeek(frame);
    this.heard.push(heardOf(type, frame));
    if (type === messageFetch.number) line.fetches.set(request, layoutDecode(messageFetch, frame).after);
    if (type === messageHello.number) line.nonce = layoutDecode(messageHello, frame).nonce;
  }

  async #told(frame: Bytes, { fetches, nonce }: Line): Promise<Bytes | undefined> {
    const { type, request } = framePeek(frame);
    if (this.lie?.withheld?.includes(type)) return undefined;
    switch (type) {
      case messageEntries.number:
        return this.#entries(layoutDecode(messageEntries, frame), fetches.get(request));
      case messageRooms.number:
        return this.#rooms(frame);
      case messageAck.number:
        return this.#ack(layoutDecode(messageAck, frame));
      case messageChallenge.number:
        return this.lie?.challenge === undefined ? frame
          : messageEncode(messageChallenge, await this.lie.challenge(layoutDecode(messageChallenge, frame), nonce, this.#host));
      default:
        return this.lie?.told?.(type, frame) ?? frame;
    }
  }

  // -- Lying --------------------------------------------------------------------------------------------------------

  #isLiedAbout(room: Bytes): boolean {
    return this.room !== undefined && bytesHex(this.room) === bytesHex(room);
  }

  async #ack(ack: MsgAck): Promise<Bytes> {
    if (this.lie?.refused !== undefined) {
      return messageEncode(messageError, { request: ack.request, code: ERRORS[this.lie.refused].number, detail: "" });
    }
    const told = this.lie?.ack === undefined ? ack : await this.lie.ack(ack, this.#host);
    const room = bytesHex(ack.room);
    if (told === ack) this.#acks.set(room, [...this.#acks.get(room) ?? [], structuredClone(ack)]);
    return messageEncode(messageAck, told);
  }

  async #lieMake(room: Bytes): Promise<readonly WireStored[]> {
    const began = this.truth(room).slice(0, this.#began);
    return this.lie?.log?.(began) ?? began;
  }

  /** The room's log as it is told, and the head that goes with it. */
  async #toldLog(room: Bytes): Promise<{ log: WireStored[]; head: Head }> {
    const later = this.lie?.isCut ? [] : this.truth(room).slice(this.#began);
    this.#lied ??= this.#lieMake(room);
    const log = [...await this.#lied, ...later].map((stored, index) => ({ ...stored, seq: index + 1 }));
    return { log, head: { seq: log.length, hash: (await hashesOf(room, log)).at(-1) as Bytes } };
  }

  async #entries(message: MsgEntries, after: number | undefined): Promise<Bytes | undefined> {
    const room = bytesHex(message.room);
    const truth = this.#logs.get(room) ?? [];
    this.#logs.set(room, truth);
    const given = layoutSeq(layoutStored, message.entries);
    for (const stored of given) if (stored.seq === truth.length + 1) truth.push(stored);
    if (!this.#isLiedAbout(message.room)) return messageEncode(messageEntries, message);
    if (this.lie?.asRoom !== undefined) message.room = this.lie.asRoom;
    if (this.lie?.hasNoCertificates) message.certificates = new Uint8Array(0);
    if (this.lie?.log === undefined) return messageEncode(messageEntries, message);
    const from = after ?? (given[0]?.seq ?? 1) - 1;
    const { log, head } = await this.#toldLog(message.room);
    const told = log.filter(({ seq }) => seq > from);
    // Nothing new to tell somebody who has not asked.
    if (after === undefined && told.length === 0) return undefined;
    const entries = bytesJoin(told.map((stored) => layoutEncode(layoutStored, stored)));
    const certificates = bytesJoin([message.certificates, this.lie.certificates?.() ?? new Uint8Array(0)]);
    return messageEncode(messageEntries, { ...message, head_seq: head.seq, head_hash: head.hash, certificates, entries });
  }

  async #rooms(frame: Bytes): Promise<Bytes> {
    const message = layoutDecode(messageRooms, frame);
    const told = [];
    for (const head of layoutSeq(layoutRoomHead, message.rooms)) {
      const isLiedAbout = this.#isLiedAbout(head.room);
      if (isLiedAbout && this.lie?.isHidden) continue;
      const isLog = isLiedAbout && this.lie?.log !== undefined && this.#logs.has(bytesHex(head.room));
      told.push(layoutEncode(layoutRoomHead, isLog ? { ...head, ...(await this.#toldLog(head.room)).head } : head));
    }
    return messageEncode(messageRooms, { ...message, rooms: bytesJoin(told) });
  }
}
