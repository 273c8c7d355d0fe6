// liar -- a host that lies: a proxy between real clients and the real enrumd that holds the host's own key, so that what it
// makes up is signed and chained as a host would. What it may do is a row of lies.ts.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { entryChain, entryOfParts } from "../../client-sdk/web/protocol/entry.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesHex, bytesJoin, framePeek, layoutDecode, layoutEncode, layoutSeq, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutRoomHead, layoutStored, type WireStored } from "../../client-sdk/web/protocol/layouts.ts";
import {
  messageAck, messageChallenge, messageEntries, messageFetch, messageRooms, type MsgAck, type MsgChallenge, type MsgEntries,
} from "../../client-sdk/web/protocol/messages.ts";
import { signPairOfSeed, type SignPair } from "../../client-sdk/web/protocol/suite.ts";
import { SUBPROTOCOL } from "../../client-sdk/web/sdk/environment.ts";

/** What a lie changes. Each part is given the truth. */
export interface Lie {
  /** The log of the room lied about as it was when the lie began; numbers and hashes are made anew behind it. */
  log?(log: readonly WireStored[]): WireStored[] | Promise<WireStored[]>;
  /** What came later is never told. */
  isCut?: boolean;
  /** The room is left out of the list. */
  isHidden?: boolean;
  ack?(ack: MsgAck, host: SignPair): MsgAck | Promise<MsgAck>;
  challenge?(challenge: MsgChallenge): MsgChallenge;
}

interface Head {
  seq: number;
  hash: Bytes;
}

export class Liar {
  readonly url: string;
  /** The room that is lied about. */
  room: Bytes | undefined;
  #lie: Lie | undefined;
  /** Length of the room's log when the lie began: it must stay the same lie. */
  #began = 0;
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
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols: () => SUBPROTOCOL });
    await once(server, "listening");
    return new Liar(server, upstream, await signPairOfSeed(new Uint8Array(readFileSync(hostKeyFile))));
  }

  get lie(): Lie | undefined {
    return this.#lie;
  }

  set lie(lie: Lie | undefined) {
    this.#lie = lie;
    this.#began = this.room === undefined ? 0 : this.#logs.get(bytesHex(this.room))?.length ?? 0;
  }

  /** Everybody has to connect anew. */
  drop(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  async stop(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, "close");
  }

  // -- Passing on ---------------------------------------------------------------------------------------------------

  #connect(client: WebSocket): void {
    const upstream = new WebSocket(this.#upstream, SUBPROTOCOL);
    /** What each FETCH asked for, by request number. */
    const fetches = new Map<number, number>();
    const waiting: Bytes[] = [];
    let order = Promise.resolve();
    client.on("message", (data: Buffer) => {
      const frame = new Uint8Array(data);
      const { type, request } = framePeek(frame);
      if (type === messageFetch.number) fetches.set(request, layoutDecode(messageFetch, frame).after);
      if (upstream.readyState === WebSocket.OPEN) upstream.send(frame);
      else waiting.push(frame);
    });
    upstream.on("open", () => {
      for (const frame of waiting) upstream.send(frame);
    });
    upstream.on("message", (data: Buffer) => {
      order = order.then(async () => {
        const frame = await this.#told(new Uint8Array(data), fetches);
        if (frame !== undefined) client.send(frame);
      });
    });
    client.on("close", () => upstream.terminate());
    upstream.on("close", () => client.terminate());
    upstream.on("error", () => client.terminate());
    client.on("error", () => upstream.terminate());
  }

  async #told(frame: Bytes, fetches: Map<number, number>): Promise<Bytes | undefined> {
    const { type, request } = framePeek(frame);
    switch (type) {
      case messageEntries.number:
        return this.#entries(layoutDecode(messageEntries, frame), fetches.get(request));
      case messageRooms.number:
        return this.#rooms(frame);
      case messageAck.number:
        return this.lie?.ack === undefined ? frame : messageEncode(messageAck, await this.lie.ack(layoutDecode(messageAck, frame), this.#host));
      case messageChallenge.number:
        return this.lie?.challenge === undefined ? frame : messageEncode(messageChallenge, this.lie.challenge(layoutDecode(messageChallenge, frame)));
      default:
        return frame;
    }
  }

  // -- Lying --------------------------------------------------------------------------------------------------------

  #isLiedAbout(room: Bytes): boolean {
    return this.room !== undefined && bytesHex(this.room) === bytesHex(room);
  }

  /** The room's log as it is told, and the head that goes with it. */
  async #toldLog(room: Bytes): Promise<{ log: WireStored[]; head: Head }> {
    const truth = this.#logs.get(bytesHex(room)) ?? [];
    const lied = await this.lie?.log?.(truth.slice(0, this.#began)) ?? truth.slice(0, this.#began);
    const later = this.lie?.isCut ? [] : truth.slice(this.#began);
    const log = [...lied, ...later].map((stored, index) => ({ ...stored, seq: index + 1 }));
    let hash = room;
    for (const { head, open, sealed, sig, sealed_hash, seq, received_at } of log) {
      hash = await entryChain(await entryOfParts(head, open, sealed, sig, sealed_hash), hash, seq, received_at);
    }
    return { log, head: { seq: log.length, hash } };
  }

  async #entries(message: MsgEntries, after: number | undefined): Promise<Bytes | undefined> {
    const room = bytesHex(message.room);
    const truth = this.#logs.get(room) ?? [];
    this.#logs.set(room, truth);
    const given = layoutSeq(layoutStored, message.entries);
    for (const stored of given) if (stored.seq === truth.length + 1) truth.push(stored);
    if (this.lie?.log === undefined || !this.#isLiedAbout(message.room)) return messageEncode(messageEntries, message);
    const from = after ?? (given[0]?.seq ?? 1) - 1;
    const { log, head } = await this.#toldLog(message.room);
    const told = log.filter(({ seq }) => seq > from);
    // Nothing new to tell somebody who has not asked.
    if (after === undefined && told.length === 0) return undefined;
    const entries = bytesJoin(told.map((stored) => layoutEncode(layoutStored, stored)));
    return messageEncode(messageEntries, { ...message, head_seq: head.seq, head_hash: head.hash, entries });
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
