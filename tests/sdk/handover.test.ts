// Tabs come and go, calls are asked again, a logout comes in between: nothing is done twice, nothing is left behind.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { entrySeq } from "../../client-sdk/web/protocol/entry.ts";
import { bytesEqual, bytesHex, layoutDecode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import type { WireBodyRoom, WireBodyText } from "../../client-sdk/web/protocol/layouts.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { messageAppend, messageBlobAsk, messageBlobs, messageRoomCreate } from "../../client-sdk/web/protocol/messages.ts";
import type { Enrum } from "../../client-sdk/web/sdk/enrum.ts";
import type { Room } from "../../client-sdk/web/sdk/roomcopy.ts";
import type { Change, LocalStore, Table } from "../../client-sdk/web/sdk/localstore.ts";
import { draftViews, roomSummary, roomView } from "../../client-sdk/web/sdk/tell.ts";
import { errorOf } from "../interop/vectors.ts";
import { BoardMaker, DAY_MS } from "./board_maker.ts";
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

test("a log-out that cannot delete what is here loses nothing that was on its way", async () => {
  const log = host.roomAdd(await RoomMaker.create(board));
  const store = await host.storeOf(board.citizen);
  store.clear = () => Promise.reject(new EnrumError("FILE_FAILED"));
  const enrum = await host.open(store);
  await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room))?.isCurrent);
  const { promise: tried, resolve: isTried } = Promise.withResolvers<undefined>();
  host.instead.set(messageAppend.number, () => tried);
  await enrum.send(crypto.randomUUID(), bytesHex(log.room), "ett");
  await eventually("on its way", async () => enrum.outbox.drafts[0]?.isInFlight);
  assert.equal(await errorOf(() => enrum.logout()), "FILE_FAILED");
  isTried(undefined);
  await eventually("sent", async () => enrum.outbox.drafts.length === 0, 5_000);
  assert.equal(host.connections, 1);
  await enrum.close();
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
async function openUnanswered(isKept: boolean, storeWrap = (store: LocalStore) => store): Promise<{ enrum: Enrum; id: string; draft: string }> {
  const store = await host.storeOf(board.citizen);
  const first = await host.open(store);
  await eventually("ready", async () => first.isListed && first.asks.hasKeeper);
  host.instead.set(messageRoomCreate.number, async (request, frame) => {
    const answer = isKept && host.rooms.size === 0 ? await host.create(frame) : refusal(request, "BUSY");
    host.cut();
    return answer;
  });
  const draft = crypto.randomUUID();
  const id = await first.openRoom(draft, "Ett samtal", "Hej", "ar");
  await first.send(crypto.randomUUID(), id, "Och mer", "fi");
  await eventually("taken", async () => host.connections > 1 || first.contact.phase === "OFFLINE");
  first.stop();
  const { bytes, issuer } = await board.renew(board.citizen, { notAfter: board.now + 2 * DAY_MS });
  await store.write([{ table: "meta", put: { key: "me", certificate: bytes, issuer, name: "Test Testsson", at: board.now } }]);
  host.instead.set(messageRoomCreate.number, async (request, frame) => {
    const [entry] = await entrySeq(layoutDecode(messageRoomCreate, frame).entries);
    return bytesEqual(entry!.head.certificate, board.citizen.certificate.hash) ? refusal(request, "DEVICE_OTHER") : undefined;
  });
  return { enrum: await host.open(storeWrap(store)), id, draft };
}

test("a conversation that the host has opened unheard is found under a new certificate, and not told as failed", async () => {
  const { enrum, id } = await openUnanswered(true);
  const room = enrum.rooms.get(id) as Room;
  await eventually("sent", async () => enrum.outbox.drafts.length === 0 && room.items.length === 6);
  assert.deepEqual([room.isUnborn, room.trouble], [false, undefined]);
  assert.equal(host.rooms.size, 1);
  await enrum.close();
});

test("a conversation that the host has not opened is opened anew under a new certificate, once, with what was written in it", async () => {
  const { enrum, id, draft } = await openUnanswered(false);
  await eventually("opened", async () => host.rooms.size === 1);
  const [hex] = host.rooms.keys() as unknown as [string];
  assert.notEqual(hex, id, "its id comes from the certificate");
  await enrum.send(crypto.randomUUID(), id, "Under det gamla namnet");
  const room = enrum.rooms.get(hex) as Room;
  await eventually("sent", async () => enrum.outbox.drafts.length === 0 && room.items.length === 7);
  assert.deepEqual(roomView(enrum, room, []).title, "Ett samtal");
  assert.deepEqual(room.items.flatMap(({ content }) => content?.kind === "MESSAGE" ? [(content.body as WireBodyText).text] : []), ["Hej", "Och mer", "Under det gamla namnet"]);
  assert.deepEqual(room.items.flatMap(({ content }) => content?.kind === "MESSAGE" ? [content.language] : []), ["ar", "fi", ""]);
  assert.equal(roomView(enrum, enrum.rooms.get(id) as Room, []).movedTo, hex);
  assert.equal(await enrum.openRoom(draft, "Ett samtal", "Hej"), hex);
  assert.equal(host.rooms.size, 1);
  await enrum.close();
  const next = await host.open(enrum.store);
  await eventually("ready", async () => next.isListed && next.rooms.get(hex)?.isCurrent);
  assert.equal(roomView(next, next.rooms.get(id) as Room, []).movedTo, hex, "also on the next visit");
  await next.close();
});

test("a conversation that cannot be written down anew is opened anew when it can, once", async () => {
  let failures = 0;
  const { enrum } = await openUnanswered(false, (store) => Object.assign(Object.create(store) as LocalStore, {
    all: (table: Table) => store.all(table),
    entries: (room: string, first: number, last: number) => store.entries(room, first, last),
    write: (changes: readonly Change[]) => {
      const isMove = changes.some((change) => change.table === "rooms" && "put" in change && change.put.movedTo !== undefined);
      return isMove && failures++ < 2 ? Promise.reject(new EnrumError("FILE_FAILED")) : store.write(changes);
    },
  }));
  await eventually("opened", async () => enrum.outbox.drafts.length === 0);
  assert.deepEqual([host.rooms.size, failures], [1, 3]);
  assert.deepEqual([...enrum.rooms.values()].filter(({ row }) => row.movedTo === undefined).map(({ hex }) => hex), [...host.rooms.keys()]);
  await enrum.close();
});

test("a conversation that the host refuses under the certificate of now is told as failed, with what is behind it; sent again, all of it goes", async () => {
  const { promise: written, resolve: isWritten } = Promise.withResolvers<void>();
  host.instead.set(messageRoomCreate.number, (request) => written.then(() => refusal(request, "DEVICE_OTHER")));
  const unit = "0123456789abcdef".repeat(4);
  const enrum = await host.open(await host.storeOf(board.citizen));
  await eventually("ready", async () => enrum.isListed && enrum.asks.hasKeeper);
  const room = enrum.rooms.get(await enrum.openRoom(crypto.randomUUID(), "Ett samtal", "Hej", "sv", unit)) as Room;
  for (const name of ["ett.txt", "två.txt"]) await enrum.sendFile(crypto.randomUUID(), room.hex, new Blob([name]), name, "text/plain", `Det är ${name}`);
  await enrum.send(crypto.randomUUID(), room.hex, "Och mer");
  isWritten();
  const [draft] = await eventually("given back", async () => enrum.outbox.drafts.length === 4 && enrum.outbox.drafts.every(({ row }) => row.error !== undefined) && enrum.outbox.drafts);
  assert.deepEqual([draft?.row.error, draft?.text, room.isUnborn, room.isDenied], ["DEVICE_OTHER", "Hej", true, false]);
  // A host that would take what it has no conversation for is given nothing.
  let appends = 0;
  host.instead.set(messageAppend.number, (request) => {
    appends++;
    return refusal(request, "MAY_NOT");
  });
  await enrum.send(crypto.randomUUID(), room.hex, "Bakom");
  await enrum.sendFile(crypto.randomUUID(), room.hex, new Blob(["tre"]), "tre.txt", "text/plain", "");
  await eventually("given back, too", async () => enrum.outbox.drafts.length === 6 && enrum.outbox.drafts.every(({ row }) => row.error === "DEVICE_OTHER"));
  assert.equal(appends, 0);
  await enrum.close();
  // On the next visit.
  const next = await host.open(enrum.store);
  await eventually("ready", async () => next.isListed && next.asks.hasKeeper);
  assert.deepEqual(draftViews(next, next.rooms.get(room.hex) as Room).map(({ state, file, text }) => [state, file?.name ?? text]), [["failed", "Hej"], ["failed", "ett.txt"], ["failed", "två.txt"], ["failed", "Och mer"], ["failed", "Bakom"], ["failed", "tre.txt"]]);
  host.instead.clear();
  host.instead.set(messageBlobAsk.number, (_request, frame) => messageEncode(messageBlobs, { ...layoutDecode(messageBlobAsk, frame), missing: new Uint8Array(0) }));
  await Promise.all([next.openAgain(room.hex), next.openAgain(room.hex)]);
  const anew = next.known(room.hex);
  await eventually("sent", async () => next.outbox.drafts.length === 0 && anew.isCurrent);
  const said = anew.items.flatMap(({ content }) => content?.kind === "MESSAGE" || content?.kind === "FILE" ? [content.body as { text: string; name?: string }] : []);
  assert.deepEqual(said.map(({ name, text }) => name ?? text), ["Hej", "Och mer", "Bakom", "ett.txt", "två.txt", "tre.txt"], "words do not wait for files");
  const opened = anew.items.find(({ content }) => content?.kind === "ROOM")?.content?.body as WireBodyRoom;
  assert.equal(bytesHex(opened.unit), unit, "for whom it was");
  assert.deepEqual([host.rooms.size, roomSummary(next, next.rooms.get(room.hex) as Room).isUnborn, anew.isUnborn], [1, false, false]);
  await next.close();
});

test("a file that was refused, before its number or with it, is sent again as it is, behind what was written meanwhile", async () => {
  const log = host.roomAdd(await RoomMaker.create(board));
  const enrum = await host.open(await host.storeOf(board.citizen));
  const room = await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room))?.isCurrent && enrum.rooms.get(bytesHex(log.room))!);
  const hasNone = (_request: number, frame: Bytes) => messageEncode(messageBlobs, { ...layoutDecode(messageBlobAsk, frame), missing: new Uint8Array(0) });
  const file = (name: string) => enrum.sendFile(crypto.randomUUID(), room.hex, new Blob([name]), name, "text/plain", `Det är ${name}`);
  const failed = (count: number) => eventually("given back", async () => draftViews(enrum, room).filter(({ state }) => state === "failed").length === count);
  host.instead.set(messageBlobAsk.number, (request) => refusal(request, "MAY_NOT"));
  await file("ett.txt");
  await failed(1);
  host.instead.set(messageBlobAsk.number, hasNone).set(messageAppend.number, (request) => refusal(request, "MAY_NOT"));
  await file("två.txt");
  await failed(2);
  host.instead.delete(messageAppend.number);
  await enrum.send(crypto.randomUUID(), room.hex, "Och mer");
  await eventually("sent", async () => enrum.outbox.drafts.length === 2 && enrum.outbox.arrivingOf(room).length === 0);
  const ids = enrum.outbox.drafts.map(({ row }) => row.id);
  for (const id of [...ids, ...ids]) await enrum.sendAgain(id);
  await eventually("all of it", async () => enrum.outbox.drafts.length === 0 && enrum.outbox.arrivingOf(room).length === 0);
  const said = room.items.flatMap(({ content }) => content?.kind === "MESSAGE" || content?.kind === "FILE" ? [content.body as { text: string; name?: string }] : []);
  assert.deepEqual(said.slice(-3).map(({ name, text }) => name ?? text), ["Och mer", "ett.txt", "två.txt"]);
  assert.deepEqual([room.trouble, await enrum.store.all("drafts")], [undefined, []]);
  await enrum.close();
});

test("a conversation that is there after all, when it has been opened anew, is shown beside the other", async () => {
  const { enrum, id } = await openUnanswered(false);
  await eventually("opened anew", async () => enrum.outbox.drafts.length === 0);
  await enrum.close();
  const late = await RoomMaker.create(board);
  host.rooms.set(bytesHex(late.room), late);
  const row = (await enrum.store.all("rooms")).find(({ room }) => room === id)!;
  await enrum.store.write([{ table: "rooms", remove: id }, { table: "rooms", put: { ...row, room: bytesHex(late.room), id: late.room } }]);
  const next = await host.open(enrum.store);
  const room = next.rooms.get(bytesHex(late.room)) as Room;
  await eventually("read", async () => room.isCurrent);
  assert.deepEqual([room.row.movedTo, room.trouble, room.fold.seq], [undefined, undefined, 4]);
  await next.close();
});
