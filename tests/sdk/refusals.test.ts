// What a host says is not always an answer: nothing is asked without end, nothing is taken for told that was not.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { bytesHex, bytesJoin, layoutEncode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend, messageCallLeave, messageFetch, messageFollow, messageLetterSend, messageRoomList, messageRoomNew, messageRooms } from "../../client-sdk/web/protocol/messages.ts";
import { layoutRoomHead } from "../../client-sdk/web/protocol/layouts.ts";
import { ERRORS, ID_BYTES, ROLES } from "../../client-sdk/web/protocol/tables.ts";
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

test("what is asked before there is a connection is asked without one", async () => {
  const enrum = await open();
  await eventually("ready", async () => enrum.isListed);
  host.isHeld = true;
  host.cut();
  await eventually("connecting", async () => enrum.contact.phase === "CONNECTING");
  const leave = { board: board.id, call: new Uint8Array(32), for_all: 0 };
  assert.throws(() => enrum.contact.ask(messageCallLeave, leave), { code: "NETWORK" });
  await enrum.close();
});

test("a list of rooms that is refused is asked again: what it would have hidden is noticed", async () => {
  const store = await host.storeOf(board.citizen);
  const first = await host.open(store);
  await eventually("the room", async () => first.rooms.get(bytesHex(log.room))?.isCurrent);
  await first.close();
  host.rooms.clear();
  host.instead.set(messageRoomList.number, (request) => host.connections < 4 ? refusal(request, "BUSY") : undefined);
  const enrum = await host.open(store);
  await eventually("told why", async () => enrum.contact.error === "BUSY");
  assert.equal(enrum.isListed, false);
  await eventually("noticed", async () => enrum.rooms.get(bytesHex(log.room))?.trouble === "ROLLBACK");
  await enrum.close();
});

test("a key that was asked for while the keeper was away is asked for again soon, less and less often", async () => {
  const { person, role } = board.citizen.certificate.body;
  await log.generation(board.keeper, [{ person, role }]);
  await log.say(board.keeper, "under en ny nyckel");
  const times: number[] = [];
  host.instead.set(messageLetterSend.number, (request) => {
    times.push(performance.now());
    return times.length < 3 ? refusal(request, "KEEPER_AWAY") : undefined;
  });
  host.keeper = async () => {
    await log.grant(board.keeper, board.citizen);
    return { kind: "DONE", body: { seq: log.seq } };
  };
  const enrum = await open();
  await eventually("asked three times", async () => times.length === 3);
  const [first = 0, second = 0, third = 0] = times;
  assert.ok(second - first >= 900 && third - second >= 1_900, String(times));
  await enrum.close();
});

test("a list of rooms without an end is not listened to", async () => {
  host.instead.set(messageRoomList.number, (request) => host.list(request, 1));
  const enrum = await open();
  await eventually("told why", async () => enrum.contact.error === "MALFORMED");
  assert.ok(count(messageRoomList.number) <= 2 * host.connections, "the second answer is the first one's again");
  await enrum.close();
});

test("a host that makes up rooms is not listened to", async () => {
  let made = 0;
  host.instead.set(messageRoomList.number, (request) => {
    const heads = Array.from({ length: 1_000 }, () => {
      const id = new Uint8Array(ID_BYTES);
      new DataView(id.buffer).setUint32(0, ++made);
      return layoutEncode(layoutRoomHead, { room: id, seq: 1, hash: id, generation: 1 });
    });
    return messageEncode(messageRooms, { request, board: board.id, more: 1, rooms: bytesJoin(heads) });
  });
  host.instead.set(messageFollow.number, () => null);
  const enrum = await open();
  await eventually("told why", async () => enrum.contact.error === "MALFORMED");
  assert.equal(enrum.rooms.size, 1 << 13);
  assert.equal(enrum.isListed, false);
  await enrum.close();
});

test("a room that is denied is told as that, and is no trouble", async () => {
  await log.addMember(board.staff);
  const store = await host.storeOf(board.staff);
  const first = await host.open(store, "staff");
  await eventually("the room", async () => first.rooms.get(bytesHex(log.room))?.isCurrent);
  await first.close();
  host.instead.set(messageFollow.number, (request) => refusal(request, "ROOM_UNKNOWN"));
  const enrum = await host.open(store, "staff");
  await eventually("told", async () => enrum.rooms.get(bytesHex(log.room))?.isDenied);
  assert.equal(enrum.rooms.get(bytesHex(log.room))?.trouble, undefined);
  await enrum.close();
});

test("an entry that is told emptied, as it comes, is asked about: it was erased, or it is missing", async () => {
  for (const isErased of [true, false]) {
    const enrum = await open();
    const room = await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room)));
    await eventually("read", async () => room.isCurrent && room.fold.seq === log.seq);
    const before = log.seq;
    await log.say(board.citizen, "tomt");
    await log.empty(log.seq);
    const emptied = host.entries(log, before, 0);
    // Before it is told: whoever asks about it at once is answered with the whole log.
    if (isErased) await log.erase(log.seq);
    host.say(emptied);
    await eventually("judged", async () => isErased ? room.isCurrent && room.fold.seq === log.seq : room.trouble === "PAYLOAD_MISSING");
    assert.equal(room.trouble, isErased ? undefined : "PAYLOAD_MISSING");
    await enrum.close();
  }
});

test("a certificate that has ended while the tab was open is told, and what was written waits for the next one", async () => {
  const enrum = await open();
  await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room))?.isCurrent);
  host.instead.set(messageAppend.number, (request) => host.connections < 2 ? refusal(request, "CERTIFICATE_EXPIRED") : undefined);
  await enrum.send(crypto.randomUUID(), bytesHex(log.room), "ett");
  await eventually("told", async () => enrum.loginError === "CERTIFICATE_EXPIRED");
  assert.deepEqual(enrum.outbox.drafts.map(({ row, text }) => [row.error, text]), [[undefined, "ett"]]);
  host.cut();
  await eventually("sent", async () => enrum.outbox.drafts.length === 0);
  assert.equal(enrum.loginError, undefined);
  await enrum.close();
});

test("a device that is let in again while an answer is on its way follows again, and is told what comes after", async () => {
  let fetch = 0;
  host.instead.set(messageFetch.number, (request) => {
    if (fetch !== 0) return undefined;
    fetch = request;
    return null;
  });
  const enrum = await open();
  await eventually("asked", async () => fetch !== 0);
  host.say(messageEncode(messageRoomNew, { request: 0, board: board.id, room: log.room }));
  host.say(host.entries(log, 0, fetch));
  const room = await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room)));
  await eventually("current", async () => room.isCurrent);
  assert.deepEqual([room.isFollowing, count(messageFollow.number)], [true, 2]);
  await enrum.close();
});

test("who is refused keys as a stranger asks the host, and gets back what can no longer be sent", async () => {
  await log.addMember(board.staff);
  await log.grant(board.keeper, board.staff);
  const enrum = await host.open(await host.storeOf(board.staff), "staff");
  const hex = bytesHex(log.room);
  enrum.watched.add(hex);
  const room = await eventually("the room", async () => enrum.rooms.get(hex));
  await eventually("read", async () => room.isCurrent && room.keyring.isWhole(1));
  host.instead.set(messageAppend.number, (request) => refusal(request, "GENERATION_TOO_OLD"));
  host.keeper = () => {
    host.instead.set(messageFollow.number, (request) => refusal(request, "ROOM_UNKNOWN"));
    return { kind: "REFUSED", body: { code: ERRORS.ROOM_UNKNOWN.number, detail: "" } };
  };
  const before = log.seq;
  await enrum.send(crypto.randomUUID(), hex, "ett");
  await log.generation(board.keeper, [{ person: board.citizen.certificate.body.person, role: ROLES.CITIZEN }]);
  host.tell(log, before);
  await eventually("given back", async () => enrum.outbox.drafts[0]?.row.error === "ROOM_UNKNOWN");
  assert.deepEqual([room.isDenied, room.trouble, enrum.outbox.drafts[0]?.text], [true, undefined, "ett"]);
  await enrum.close();
});
