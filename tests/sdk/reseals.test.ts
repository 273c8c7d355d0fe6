// What is sealed anew goes out when it is in the store, and not before: after a crash the store's bytes are what is sent again,
// and other ones would say the same words twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesEqual, bytesHex, layoutDecode } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend } from "../../client-sdk/web/protocol/messages.ts";
import type { Change, LocalStore } from "../../client-sdk/web/sdk/localstore.ts";
import { BoardMaker } from "./board_maker.ts";
import { HostMaker, refusal } from "./host_maker.ts";
import { RoomMaker } from "./room_maker.ts";

/** A store whose transactions fail while it is told to. */
class FailingStore implements LocalStore {
  async toMemory(): Promise<void> {}

  isFailing = false;
  failures = 0;
  #store: LocalStore;

  constructor(store: LocalStore) {
    this.#store = store;
  }

  all: LocalStore["all"] = (table) => this.#store.all(table);
  blob: LocalStore["blob"] = (...of) => this.#store.blob(...of);
  entries: LocalStore["entries"] = (...range) => this.#store.entries(...range);
  clear = () => this.#store.clear();
  close = () => this.#store.close();

  async write(changes: readonly Change[]): Promise<void> {
    if (!this.isFailing) return this.#store.write(changes);
    this.failures++;
    throw new EnrumError("FILE_FAILED");
  }

  async holds(entries: Bytes): Promise<boolean> {
    return (await this.#store.all("drafts")).some(({ bytes }) => bytesEqual(bytes, entries));
  }
}

test("what is sealed anew and could not be stored is not sent, also over another connection", async () => {
  const board = await BoardMaker.make();
  const host = new HostMaker(board);
  const log = host.roomAdd(await RoomMaker.create(board));
  const room = bytesHex(log.room);
  const store = new FailingStore(await host.storeOf(board.citizen));
  const enrum = await host.open(store);
  await eventually("the room", async () => enrum.rooms.get(room)?.isCurrent);
  const held: boolean[] = [];
  host.instead.set(messageAppend.number, async (request, frame) => {
    held.push(await store.holds(layoutDecode(messageAppend, frame).entries));
    store.isFailing ||= held.length === 1;
    return held.length === 1 || store.isFailing ? refusal(request, "GENERATION_TOO_OLD") : undefined;
  });
  await enrum.send(crypto.randomUUID(), room, "en gång");
  await eventually("sealed anew, and not stored", async () => store.failures > 0);
  host.cut();
  await eventually("sent over another connection", async () => held.length > 1);
  assert.ok(held.every(Boolean), "only what a crash would send again");
  store.isFailing = false;
  await eventually("sent", async () => enrum.outbox.drafts.length === 0);
  assert.ok(held.every(Boolean));
  await enrum.close();
});

test("words wait for the store to be better, however often they could not be stored", async () => {
  const board = await BoardMaker.make();
  const host = new HostMaker(board);
  const log = host.roomAdd(await RoomMaker.create(board));
  const room = bytesHex(log.room);
  const store = new FailingStore(await host.storeOf(board.citizen));
  const enrum = await host.open(store);
  await eventually("the room", async () => enrum.rooms.get(room)?.isCurrent);
  let refused = false;
  host.instead.set(messageAppend.number, (request) => {
    if (refused) return undefined;
    refused = store.isFailing = true;
    return refusal(request, "GENERATION_TOO_OLD");
  });
  await enrum.send(crypto.randomUUID(), room, "en gång");
  await eventually("sealed anew", async () => store.failures > 0);
  for (let turns = 0; turns < 40; turns++) await enrum.turn(() => undefined);
  assert.deepEqual(enrum.outbox.drafts.map(({ row }) => row.error), [undefined], "not given back");
  store.isFailing = false;
  await eventually("sent", async () => enrum.outbox.drafts.length === 0);
  await enrum.close();
});
