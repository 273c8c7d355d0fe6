// Tabs come and go, calls are asked again, a logout comes in between: nothing is done twice, nothing is left behind.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { bytesHex } from "../../client-sdk/web/protocol/layout.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Change, LocalStore, Table } from "../../client-sdk/web/sdk/localstore.ts";
import { errorOf } from "../interop/vectors.ts";
import { BoardMaker } from "./board_maker.ts";
import { HostMaker } from "./host_maker.ts";
import { RoomMaker } from "./room_maker.ts";

let board: BoardMaker;
let host: HostMaker;

beforeEach(async () => {
  board = await BoardMaker.make();
  host = new HostMaker(board);
});

test("a conversation whose opening is asked for again by the next engine is opened once, also when it has been sent", async () => {
  const store = await host.storeOf(board.citizen);
  const id = crypto.randomUUID();
  const first = await host.open(store);
  await eventually("ready", async () => first.isListed && first.asks.hasKeeper);
  const room = await first.openRoom(id, "Ett samtal", "Hej");
  await eventually("sent", async () => first.outbox.drafts.length === 0);
  assert.equal(await first.openRoom(id, "Ett samtal", "Hej"), room);
  await first.close();
  const second = await host.open(store);
  await eventually("ready", async () => second.isListed);
  assert.equal(await second.openRoom(id, "Ett samtal", "Hej"), room);
  assert.equal(host.rooms.size, 1);
  await second.close();
});

test("what other tabs ask for behind a logout is not done, and leaves nothing behind", async () => {
  const log = host.roomAdd(await RoomMaker.create(board));
  const store = await host.storeOf(board.citizen);
  const enrum = await host.open(store);
  await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room))?.isCurrent);
  const asked = [enrum.logout(), enrum.send(crypto.randomUUID(), bytesHex(log.room), "hemligt"), enrum.openRoom(crypto.randomUUID(), "Nytt", "hemligt")];
  assert.deepEqual((await Promise.allSettled(asked)).map(({ status }) => status), ["fulfilled", "rejected", "rejected"]);
  for (const table of ["rooms", "entries", "drafts", "receipts", "certificates"] as const) assert.deepEqual(await store.all(table), [], table);
  assert.deepEqual((await store.all("meta")).map(({ key }) => key), ["board"]);
});

test("a store that cannot be read leaves nothing running, and says why", async () => {
  const store = await host.storeOf(board.citizen);
  const broken: LocalStore = Object.assign(Object.create(store) as LocalStore, {
    all: (table: Table) => table === "drafts" ? Promise.reject(new EnrumError("FILE_FAILED")) : store.all(table),
    write: (changes: readonly Change[]) => store.write(changes),
  });
  assert.equal(await errorOf(() => host.open(broken)), "FILE_FAILED");
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(host.connections, 0);
});
