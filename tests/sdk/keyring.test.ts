// A room key enters the keyring only when it is the one that its generation committed to.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Fold } from "../../client-sdk/web/sdk/fold.ts";
import { Keyring } from "../../client-sdk/web/sdk/keyring.ts";
import { entryOpen } from "../../client-sdk/web/protocol/entry.ts";
import { grantWrap } from "../../client-sdk/web/protocol/grant.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { KEY_BYTES, ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { errorOf } from "../interop/vectors.ts";
import { BoardMaker } from "./board_maker.ts";
import { RoomMaker } from "./room_maker.ts";

let board: BoardMaker;
let log: RoomMaker;
let fold: Fold;
let keyring: Keyring;

async function foldAll(): Promise<void> {
  while (fold.seq < log.seq) {
    const stored = await log.at(fold.seq + 1);
    await fold.next(stored, board.find(stored.entry.head.certificate)!.certificate, false);
  }
}

function grantOf(first: number, last: number, keys?: Uint8Array<ArrayBuffer>[]) {
  const given = keys ?? Array.from({ length: last - first + 1 }, (_none, index) => log.roomKey(first + index));
  return grantWrap(log.room, first, given, board.citizen.certificate.device, board.citizen.seal.publicKey);
}

beforeEach(async () => {
  board = await BoardMaker.make();
  log = await RoomMaker.create(board);
  const members = [{ person: board.citizen.certificate.body.person, role: ROLES.CITIZEN }];
  await log.generation(board.keeper, members);
  await log.generation(board.keeper, members);
  fold = new Fold(board.id, log.room);
  keyring = new Keyring(log.room);
  await foldAll();
});

test("a grant's keys are kept, and open what they sealed", async () => {
  assert.equal(await keyring.grant(fold, await grantOf(1, 1), board.citizen.seal), 1);
  const { entry } = await log.at(4);
  assert.equal((await entryOpen(entry, keyring.find(1)!)).role, ROLES.CITIZEN);
  assert.equal(keyring.find(1)!.extractable, false);
  assert.deepEqual([keyring.find(0), keyring.find(2)], [undefined, undefined]);
});

test("only what is new is counted, and the first key stays", async () => {
  await keyring.grant(fold, await grantOf(2, 2), board.citizen.seal);
  const key = keyring.find(2);
  assert.equal(await keyring.grant(fold, await grantOf(1, 3), board.citizen.seal), 2);
  assert.equal(await keyring.grant(fold, await grantOf(1, 3), board.citizen.seal), 0);
  assert.equal(keyring.find(2), key);
});

test("a keyring is whole when no generation is left out", async () => {
  assert.equal(keyring.isWhole(0), true);
  assert.equal(keyring.isWhole(1), false);
  await keyring.grant(fold, await grantOf(1, 1), board.citizen.seal);
  await keyring.grant(fold, await grantOf(3, 3), board.citizen.seal);
  assert.deepEqual([1, 2, 3].map((generation) => keyring.isWhole(generation)), [true, false, false]);
  await keyring.grant(fold, await grantOf(2, 2), board.citizen.seal);
  assert.deepEqual([3, 4].map((generation) => keyring.isWhole(generation)), [true, false]);
});

test("a key that is not the committed one is wrong, and none of its grant is kept", async () => {
  const keys = [log.roomKey(1), suiteRandom(KEY_BYTES), log.roomKey(3)];
  assert.equal(await errorOf(async () => keyring.grant(fold, await grantOf(1, 3, keys), board.citizen.seal)), "COMMITMENT_WRONG");
  assert.equal(keyring.find(1), undefined);
  const swapped = [log.roomKey(2), log.roomKey(1)];
  assert.equal(await errorOf(async () => keyring.grant(fold, await grantOf(1, 2, swapped), board.citizen.seal)), "COMMITMENT_WRONG");
});

test("a key of a generation that is not in the log is wrong", async () => {
  const keys = [log.roomKey(3), suiteRandom(KEY_BYTES)];
  assert.equal(await errorOf(async () => keyring.grant(fold, await grantOf(3, 4, keys), board.citizen.seal)), "COMMITMENT_WRONG");
});

test("a grant to another device, of another room or altered does not open", async () => {
  const grant = await grantOf(1, 1);
  assert.equal(await errorOf(() => keyring.grant(fold, grant, board.staff.seal)), "OPEN_FAILED");
  assert.equal(await errorOf(() => new Keyring(board.id).grant(fold, grant, board.citizen.seal)), "OPEN_FAILED");
  for (let at = 0; at < grant.wrapped.length; at++) {
    const wrapped = grant.wrapped.map((byte, index) => index === at ? byte ^ 4 : byte);
    assert.equal(await errorOf(() => keyring.grant(fold, { ...grant, wrapped }, board.citizen.seal)), "OPEN_FAILED");
  }
  assert.equal(await errorOf(() => keyring.grant(fold, { ...grant, last: 2 }, board.citizen.seal)), "MALFORMED");
  assert.equal(keyring.find(1), undefined);
});
