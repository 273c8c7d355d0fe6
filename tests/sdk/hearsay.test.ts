// Names, the queue and devices are the keeper's word: what somebody else writes of them is not believed.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { bytesHex } from "../../client-sdk/web/protocol/layout.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { ID_BYTES, ROLES } from "../../client-sdk/web/protocol/tables.ts";
import type { Enrum } from "../../client-sdk/web/sdk/enrum.ts";
import { fileFinding } from "../../client-sdk/web/sdk/finding.ts";
import { deviceViews, itemView } from "../../client-sdk/web/sdk/tell.ts";
import { BoardMaker, type Device } from "./board_maker.ts";
import { HostMaker } from "./host_maker.ts";
import { contentOf, RoomMaker } from "./room_maker.ts";

const NO_BYTES = new Uint8Array(0);
let board: BoardMaker;
let log: RoomMaker;

/** A room of the citizen and the staff that says nowhere what it is. */
beforeEach(async () => {
  board = await BoardMaker.make();
  log = new RoomMaker(board);
  await log.generation(board.citizen, [{ person: board.citizen.certificate.body.person, role: ROLES.CITIZEN }]);
  await log.addMember(board.staff);
  for (const device of [board.citizen, board.staff]) await log.grant(board.keeper, device);
});

const say = (author: Device, content: ReturnType<typeof contentOf>) =>
  log.write(author, { class: "RECORD", open: { cause: NO_BYTES, blobs: NO_BYTES }, content });

/** The three, by this author. */
async function tellOfStaff(author: Device, device: Uint8Array<ArrayBuffer>): Promise<void> {
  const { role } = author.certificate.body;
  const { person } = board.staff.certificate.body;
  await say(author, contentOf("PROFILE", role, { person, role: ROLES.STAFF, name: "Test Handläggare", title: "", unit: "", number: "", level: 3 }));
  await say(author, contentOf("QUEUED", role, { room: suiteRandom(ID_BYTES), received_at: 1, title: "I kö" }));
  await say(author, contentOf("DEVICE", role, { person, device, level: 3, at: 1 }));
}

async function read(): Promise<Enrum> {
  const host = new HostMaker(board);
  host.roomAdd(log);
  const enrum = await host.open(await host.storeOf(board.staff), "staff");
  await eventually("all read", async () => enrum.rooms.get(bytesHex(log.room))?.items.at(-1)?.content !== undefined);
  return enrum;
}

const queueOf = (enrum: Enrum) => enrum.rooms.get(bytesHex(log.room))?.queue.size ?? 0;

test("the keeper is believed", async () => {
  const device = suiteRandom(ID_BYTES);
  await tellOfStaff(board.keeper, device);
  const enrum = await read();
  assert.equal(enrum.profiles.get(bytesHex(board.staff.certificate.body.person))?.name, "Test Handläggare");
  assert.equal(queueOf(enrum), 1);
  assert.ok(deviceViews(enrum).some((view) => view.device === bytesHex(device)));
  await enrum.close();
});

test("a citizen is not, in a room of no known type either", async () => {
  const stranger = board.stranger.certificate.device;
  await tellOfStaff(board.citizen, stranger);
  await log.grant(board.keeper, board.stranger);
  await log.say(board.citizen, "Hej");
  const enrum = await read();
  assert.equal(enrum.profiles.size + queueOf(enrum), 0);
  assert.ok(deviceViews(enrum).every((view) => view.device !== bytesHex(stranger)));
  const room = enrum.rooms.get(bytesHex(log.room))!;
  const { what } = itemView(enrum, room, room.items.at(-2)!);
  assert.ok(what.kind === "granted" && what.person === undefined);
  await enrum.close();
});

test("what a scanner finds is the keeper's word, of the entry that it names", async () => {
  await log.say(board.citizen, "Här");
  const [seq, hash] = [log.seq, log.hash];
  const finding = (author: Device, of: Uint8Array<ArrayBuffer>) =>
    say(author, contentOf("FINDING", author.certificate.body.role, { seq, hash: of, result: 1, name: "Eicar", scanner: "ClamAV", time: 1 }));
  await finding(board.citizen, hash);
  await finding(board.keeper, suiteRandom(ID_BYTES));
  const enrum = await read();
  assert.deepEqual(fileFinding(enrum.rooms.get(bytesHex(log.room))!, seq, hash), {});
  await enrum.close();
  await finding(board.keeper, hash);
  const told = await read();
  const room = told.rooms.get(bytesHex(log.room))!;
  assert.deepEqual(fileFinding(room, seq, hash), { finding: { isUnscanned: false, name: "Eicar", scanner: "ClamAV" } });
  assert.deepEqual(itemView(told, room, room.items.at(-2)!).what, { kind: "finding", aboutSeq: 0, finding: { isUnscanned: false, name: "Eicar", scanner: "ClamAV" } });
  await told.close();
});
