// seat -- a person at a browser, without the browser: the engine and a tab's client in Node, against the real server.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { walk } from "../../demo/eid/walk.ts";
import { eventually } from "../../demo/device.ts";
import type { Installation } from "../../demo/installation.ts";
import { TabClient } from "../../client-sdk/web/link/client.ts";
import { Engine } from "../../client-sdk/web/link/engine.ts";
import type { Tell } from "../../client-sdk/web/link/wire.ts";
import { staffParts } from "../../client-sdk/web/sdk/staffparts.ts";
import { systemClock, webSocketOpen, type Clock, type SocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import { MemoryStore, ROW_KEYS, type LocalStore, type Table } from "../../client-sdk/web/sdk/localstore.ts";
import type { DeviceWord, ItemView, Role, RoomView } from "../../client-sdk/web/sdk/view.ts";

export interface SeatOptions {
  role: Role;
  board?: string;
  /** Another board.json than the installation's. */
  boardFile?: string;
  /** Before it is there. */
  boardWait?: () => Promise<void>;
  store?: LocalStore;
  socketOpen?: SocketOpen;
  clock?: Clock;
}

/** A clock that a test sets forward. */
export class AheadClock implements Clock {
  aheadMs = 0;
  /** Timers of a quarter of a minute: none while the device sleeps, else at once. */
  isAsleep = false;
  monoMs = systemClock.monoMs;

  wallMs(): number {
    return systemClock.wallMs() + this.aheadMs;
  }

  after(ms: number, call: () => void): () => void {
    if (ms !== 15_000) return systemClock.after(ms, call);
    return this.isAsleep ? () => undefined : systemClock.after(20, call);
  }
}

/** A page to come back to: the provider sends the browser to any port of this machine with this path. */
async function withCallback<T>(use: (redirect: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => response.end("back")).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

export class Seat {
  readonly engine: Engine;
  readonly clients: TabClient[] = [];
  readonly store: LocalStore;

  private constructor(engine: Engine, store: LocalStore, clients: TabClient[]) {
    this.engine = engine;
    this.store = store;
    this.clients = clients;
  }

  static async take(installation: Installation, { role, board = "bjuv", boardFile, boardWait, store = new MemoryStore(), socketOpen = webSocketOpen, clock = systemClock }: SeatOptions): Promise<Seat> {
    const clients: TabClient[] = [];
    const tell = (message: Tell) => {
      const copy = structuredClone(message);
      for (const client of clients) client.onTell(copy);
    };
    const boardFetch = async () => {
      await boardWait?.();
      return readFileSync(boardFile ?? installation.boardJson(board), "utf8");
    };
    const engine = await Engine.start({
      channel: { postMessage: tell }, boardFetch, base: new URL("http://127.0.0.1:1/"), role, store, clock,
      socketOpen, software: "enrum-test/1", staff: role === "staff" ? staffParts : undefined,
    });
    const seat = new Seat(engine, store, clients);
    seat.tab();
    return seat;
  }

  /** Another tab of the same browser. */
  tab(): TabClient {
    const client = new TabClient({ postMessage: (ask) => void this.engine.onAsk(structuredClone(ask)), close: () => undefined });
    this.clients.push(client);
    return client;
  }

  get client(): TabClient {
    return this.clients[0] as TabClient;
  }

  /** As far as the keeper is asked. */
  async loginAsk(persona: string, { isShared = false, device }: { isShared?: boolean; device?: DeviceWord } = {}): Promise<void> {
    const { url } = await withCallback(async (redirect) => walk(await this.client.loginBegin("demo", redirect, isShared, device), persona));
    const back = new URLSearchParams(new URL(url).hash.slice(1));
    await this.client.loginFinish(back.get("code") ?? "", back.get("state") ?? "");
  }

  /** isListed false: done as soon as the keeper has answered, also when the host tells of no rooms. */
  async login(persona: string, { isListed = true, ...how }: { isListed?: boolean; isShared?: boolean; device?: DeviceWord } = {}): Promise<void> {
    await this.loginAsk(persona, how);
    await eventually(`${persona} logged in`, async () => {
      const { session } = this.client;
      if (session?.loginError !== undefined) throw new Error(session.loginError);
      return session?.login === "in" && session.contact === "ready" && (session.isListed || !isListed);
    });
  }

  /** The room, as soon as `holds` does. */
  room(id: string, holds: (room: RoomView) => boolean, what = "the room"): Promise<RoomView> {
    return eventually(what, async () => {
      const room = this.client.room(id);
      return room !== undefined && holds(room) && room;
    });
  }

  /** As a browser that is gone without a word: the store is what it is. */
  crash(): void {
    for (const client of this.clients) client.close();
    this.engine.enrum.stop();
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.engine.close();
  }
}

/** Everything that a store holds, as text to search in. */
export async function storeText(store: LocalStore): Promise<string> {
  const plain = (_name: string, value: unknown) => value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : value;
  const parts: string[] = [];
  for (const table of Object.keys(ROW_KEYS) as Table[]) parts.push(JSON.stringify(await store.all(table), plain));
  return parts.join("\n");
}

/** The words of a room's messages, in order. */
export function texts(room: RoomView): string[] {
  return room.items.flatMap(({ what }: ItemView) => what.kind === "message" ? [what.text] : []);
}
