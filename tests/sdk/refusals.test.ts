// What a host answers is not always an answer: nothing is asked without end, nothing is taken for told that was not.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { bytesHex } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend } from "../../client-sdk/web/protocol/messages.ts";
import { BoardMaker } from "./board_maker.ts";
import { HostMaker, refusal } from "./host_maker.ts";
import { RoomMaker } from "./room_maker.ts";

let board: BoardMaker;
let host: HostMaker;
let log: RoomMaker;

beforeEach(async () => {
  board = await BoardMaker.make();
  host = new HostMaker(board);
  log = host.roomAdd(await RoomMaker.create(board));
});

const open = async () => host.open(await host.storeOf(board.citizen));
const count = (type: number) => host.asked.filter((asked) => asked === type).length;

test("a host that says that there is no connection is dropped, and asked again after a pause", async () => {
  const enrum = await open();
  await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room))?.isCurrent);
  host.instead.set(messageAppend.number, (request) => host.connections < 3 ? refusal(request, "NETWORK") : undefined);
  await enrum.send(crypto.randomUUID(), bytesHex(log.room), "ett");
  await eventually("sent", async () => enrum.outbox.drafts.length === 0);
  assert.equal(count(messageAppend.number), 3, "once in each connection");
  await enrum.close();
});
