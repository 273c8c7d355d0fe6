// Tabs come and go, calls are asked again, a logout comes in between: nothing is done twice, nothing is left behind.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { bytesHex } from "../../client-sdk/web/protocol/layout.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { messageRoomCreate } from "../../client-sdk/web/protocol/messages.ts";
import type { Enrum } from "../../client-sdk/web/sdk/enrum.ts";
import type { Room } from "../../client-sdk/web/sdk/roomcopy.ts";
import type { Change, LocalStore, Table } from "../../client-sdk/web/sdk/localstore.ts";
import { errorOf } from "../interop/vectors.ts";
import { BoardMaker } from "./board_maker.ts";
import { HostMaker, refusal } from "./host_maker.ts";
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

/** A conversation is opened, no answer comes, and on the next visit the device has another certificate. */
async function openUnanswered(isKept: boolean): Promise<{ enrum: Enrum; room: Room }> {
  const store = await host.storeOf(board.citizen);
  const first = await host.open(store);
  await eventually("ready", async () => first.isListed && first.asks.hasKeeper);
  host.instead.set(messageRoomCreate.number, async (request, frame) => {
    const answer = isKept && host.rooms.size === 0 ? await host.create(frame) : refusal(request, "BUSY");
    host.cut();
    return answer;
  });
  const id = await first.openRoom(crypto.randomUUID(), "Ett samtal", "Hej");
  await eventually("taken", async () => host.connections > 1 || first.contact.phase === "OFFLINE");
  first.stop();
  const { bytes, issuer } = await board.renew(board.citizen);
  await store.write([{ table: "meta", put: { key: "me", certificate: bytes, issuer, name: "Test Testsson", at: board.now } }]);
  host.instead.set(messageRoomCreate.number, (request) => refusal(request, "DEVICE_OTHER"));
  const enrum = await host.open(store);
  return { enrum, room: enrum.rooms.get(id) as Room };
}

test("a conversation that the host has opened unheard is found under a new certificate, and not told as failed", async () => {
  const { enrum, room } = await openUnanswered(true);
  await eventually("sent", async () => enrum.outbox.drafts.length === 0);
  assert.deepEqual([room.isUnborn, room.trouble, room.items.length], [false, undefined, 5]);
  assert.equal(host.rooms.size, 1);
  await enrum.close();
});

test("a conversation that the host has not opened is told as failed under a new certificate", async () => {
  const { enrum, room } = await openUnanswered(false);
  const [draft] = await eventually("given back", async () => enrum.outbox.drafts[0]?.row.error !== undefined && enrum.outbox.drafts);
  assert.deepEqual([draft?.row.error, draft?.text, room.isUnborn, room.isDenied], ["DEVICE_OTHER", "Hej", true, false]);
  await enrum.close();
});
