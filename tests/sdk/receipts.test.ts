// A receipt is believed when it is of the very entry that was sent, and of nothing else.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { bytesHex, layoutDecode } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend } from "../../client-sdk/web/protocol/messages.ts";
import type { Enrum } from "../../client-sdk/web/sdk/enrum.ts";
import type { LocalStore } from "../../client-sdk/web/sdk/localstore.ts";
import type { Room } from "../../client-sdk/web/sdk/roomcopy.ts";
import { BoardMaker } from "./board_maker.ts";
import { HostMaker, refusal } from "./host_maker.ts";
import { RoomMaker } from "./room_maker.ts";

let host: HostMaker;
let log: RoomMaker;
let store: LocalStore;
let enrum: Enrum;

const room = () => enrum.rooms.get(bytesHex(log.room)) as Room;
const send = (text: string) => enrum.send(crypto.randomUUID(), bytesHex(log.room), text);
const troubled = (error: string) => eventually(error, async () => room().trouble === error);

beforeEach(async () => {
  const board = await BoardMaker.make();
  host = new HostMaker(board);
  log = host.roomAdd(await RoomMaker.create(board));
  store = await host.storeOf(board.citizen);
  enrum = await host.open(store);
  await eventually("the room", async () => room()?.isCurrent);
});

test("an honest host's receipts hold, for one entry and for many", async () => {
  for (let i = 0; i < 5; i++) await send(`${i}`);
  await eventually("all sent", async () => enrum.outbox.drafts.length === 0 && room().items.length === 9);
  assert.equal(room().trouble, undefined);
  assert.equal((await store.all("receipts")).length, 5);
  await enrum.close();
});

test("a receipt of another time than the log's is wrong, signed or not", async () => {
  host.instead.set(messageAppend.number, async (request, frame) => {
    await host.append(log, layoutDecode(messageAppend, frame).entries, request);
    return host.ack(log, request, 1, { receivedAt: host.board.now + 1 });
  });
  await send("ett");
  await troubled("RECEIPT_WRONG");
  enrum.stop();
});

test("a message that was refused is no receipt's for the one that took its number", async () => {
  let isRefused = false;
  host.instead.set(messageAppend.number, async (request, frame) => {
    if (isRefused) return host.ack(log, request, 1);
    isRefused = true;
    await log.appendAll(layoutDecode(messageAppend, frame).entries);
    return refusal(request, "MAY_NOT");
  });
  await send("ett");
  await eventually("given back", async () => enrum.outbox.drafts[0]?.row.error === "MAY_NOT");
  await send("två");
  await eventually("acknowledged", async () => enrum.outbox.drafts.length === 1 || room().trouble !== undefined);
  host.cut();
  await troubled("RECEIPT_WRONG");
  enrum.stop();
});
