// What leads to the board's root is trusted; what does not is not kept.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Board } from "../../client-sdk/web/sdk/board.ts";
import { Trust } from "../../client-sdk/web/sdk/trust.ts";
import { signedEncode } from "../../client-sdk/web/protocol/certificate.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesHex, bytesJoin } from "../../client-sdk/web/protocol/layout.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { ID_BYTES, LIMITS, ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { errorOf } from "../interop/vectors.ts";
import { BoardMaker, DAY_MS, signedLengthen } from "./board_maker.ts";

let maker: BoardMaker;
let board: Board;
let trust: Trust;

beforeEach(async () => {
  maker = await BoardMaker.make();
  board = await maker.board();
  trust = new Trust(board);
});

const refusalOf = (bytes: Bytes) => errorOf(() => trust.add(bytes));

test("a keeper's certificate and then a device's are trusted, and found by their hashes", async () => {
  const { trusted: keeper, isNew } = await trust.add(maker.keeper.bytes);
  assert.equal(isNew, true);
  assert.equal(keeper.issuer.length, 0);
  const { trusted } = await trust.add(maker.citizen.bytes);
  assert.deepEqual(trusted.bytes, maker.citizen.bytes);
  assert.deepEqual(trusted.issuer, maker.keeper.bytes);
  assert.deepEqual(trusted.certificate, maker.citizen.certificate);
  assert.equal(trust.find(maker.citizen.certificate.hash), trusted);
  assert.equal(trust.findHex(bytesHex(maker.citizen.certificate.hash)), trusted);
  assert.equal(trust.find(maker.staff.certificate.hash), undefined);
});

test("what is known already is not new, also when it comes twice at once", async () => {
  const both = await Promise.all([trust.add(maker.keeper.bytes), trust.add(maker.keeper.bytes)]);
  assert.equal(both.filter(({ isNew }) => isNew).length, 1, "either may be the first to be verified");
  assert.equal(both[0].trusted, both[1].trusted);
  assert.equal((await trust.add(maker.keeper.bytes)).isNew, false);
});

test("what is kept is a copy of its own", async () => {
  const frame = bytesJoin([new Uint8Array(7), maker.keeper.bytes]);
  const { trusted } = await trust.add(frame.subarray(7));
  frame.fill(0);
  assert.deepEqual(trusted.bytes, maker.keeper.bytes);
  assert.deepEqual(trusted.certificate, maker.keeper.certificate);
});

test("a device's certificate whose keeper is not known is untrusted", async () => {
  assert.equal(await refusalOf(maker.citizen.bytes), "KEEPER_UNTRUSTED");
  await trust.add(maker.keeper.bytes);
  assert.equal(await refusalOf(maker.citizen.bytes), "OK");
});

test("a certificate that a device has issued is untrusted", async () => {
  await trust.add(maker.keeper.bytes);
  await trust.add(maker.staff.bytes);
  const forged = await maker.device(ROLES.STAFF, { keeper: maker.staff });
  assert.notEqual(await refusalOf(forged.bytes), "OK");
  assert.equal(trust.find(forged.certificate.hash), undefined);
});

test("a certificate of another board is untrusted", async () => {
  const other = await BoardMaker.make();
  await trust.add(maker.keeper.bytes);
  assert.equal(await refusalOf(other.keeper.bytes), "KEEPER_UNTRUSTED");
  assert.equal(await refusalOf(other.citizen.bytes), "KEEPER_UNTRUSTED");
});

test("a keeper's certificate that another root has signed is refused", async () => {
  const other = await BoardMaker.make();
  maker.root = other.root;
  assert.equal(await refusalOf((await maker.device(ROLES.KEEPER)).bytes), "SIGNATURE_WRONG");
});

test("a certificate cut anywhere is malformed, and with any byte altered is refused", async () => {
  await trust.add(maker.keeper.bytes);
  const whole = maker.citizen.bytes;
  for (let length = 0; length < whole.length; length++) assert.equal(await refusalOf(whole.subarray(0, length)), "MALFORMED");
  for (let at = 0; at < whole.length; at++) {
    assert.notEqual(await refusalOf(whole.map((byte, index) => index === at ? byte ^ 1 : byte)), "OK", `byte ${at}`);
  }
  assert.equal(trust.keepers().length, 1);
  assert.equal(await refusalOf(whole), "OK");
});

test("a certificate is not longer than its limit, also with elements of a later version", async () => {
  assert.equal(await refusalOf(signedLengthen(maker.keeper.bytes, LIMITS.CERTIFICATE_BYTES_MAX)), "OK");
  assert.equal(await refusalOf(signedLengthen(maker.keeper.bytes, LIMITS.CERTIFICATE_BYTES_MAX + 1)), "MALFORMED");
});

test("what an older root has signed stays valid, and the newest root is asked first", async () => {
  await maker.rootChange();
  const second = await maker.device(ROLES.KEEPER, { notBefore: maker.now - DAY_MS });
  trust = new Trust(await maker.board());
  assert.equal((await trust.addAll(bytesJoin([maker.keeper.bytes, second.bytes, maker.citizen.bytes]))).length, 3);
  // The board as it was before does not know the newer root.
  trust = new Trust(board);
  assert.equal(await refusalOf(second.bytes), "SIGNATURE_WRONG");
});

// -- Many at once ---------------------------------------------------------------------------------------------------

test("of many, those that hold are taken in whatever order they stand, keepers first", async () => {
  const second = await maker.device(ROLES.KEEPER);
  const ofSecond = await maker.device(ROLES.STAFF, { keeper: second });
  const other = await BoardMaker.make();
  const all = [maker.citizen, other.citizen, maker.keeper, ofSecond, other.keeper, maker.staff, second, maker.citizen];
  const added = await trust.addAll(bytesJoin(all.map(({ bytes }) => bytes)));
  assert.deepEqual(added.map(({ bytes }) => bytesHex(bytes)).sort(),
    [maker.keeper, second, maker.citizen, maker.staff, ofSecond].map(({ bytes }) => bytesHex(bytes)).sort());
  assert.deepEqual(added.map(({ certificate }) => certificate.body.role === ROLES.KEEPER), [true, true, false, false, false]);
  assert.deepEqual(await trust.addAll(bytesJoin(all.map(({ bytes }) => bytes))), []);
});

test("of a list that is cut, what stands before the cut is taken", async () => {
  const seq = bytesJoin([maker.keeper.bytes, maker.citizen.bytes]);
  const added = await trust.addAll(seq.subarray(0, -1));
  assert.deepEqual(added.map(({ bytes }) => bytes), [maker.keeper.bytes]);
  assert.deepEqual(await trust.addAll(new Uint8Array(0)), []);
  assert.deepEqual(await trust.addAll(Uint8Array.of(0xc0)), []);
});

test("the newest keeper stands first", async () => {
  const newer = await maker.device(ROLES.KEEPER, { notBefore: maker.now - DAY_MS });
  const newest = await maker.device(ROLES.KEEPER, { notBefore: maker.now });
  await trust.addAll(bytesJoin([newer, maker.citizen, newest, maker.keeper].map(({ bytes }) => bytes)));
  assert.deepEqual(trust.keepers().map(({ bytes }) => bytes), [newest.bytes, newer.bytes, maker.keeper.bytes]);
});

// -- Revocations ----------------------------------------------------------------------------------------------------

test("what a revoked keeper did later does not count, nor whom it certified later", async () => {
  const { keeper, citizen, now } = maker;
  await trust.addAll(bytesJoin([keeper.bytes, citizen.bytes]));
  const late = await maker.device(ROLES.STAFF, { notBefore: now + 1 });
  await trust.add(late.bytes);
  await trust.revoke(await maker.revocation(keeper.certificate.device, now));
  assert.deepEqual([now - 1, now, now + 1].map((at) => trust.isRevoked(keeper.certificate, at)), [false, false, true]);
  assert.equal(trust.isRevoked(citizen.certificate, now + 1), false);
  assert.equal(trust.isRevoked(late.certificate, now + 2), true);
});

test("a revocation holds for a renewed certificate of the same device", async () => {
  const renewed = await maker.renew(maker.keeper, { notBefore: maker.now });
  await trust.addAll(bytesJoin([maker.keeper.bytes, renewed.bytes]));
  await trust.revoke(await maker.revocation(maker.keeper.certificate.device, maker.now));
  assert.equal(trust.isRevoked(renewed.certificate, maker.now + 1), true);
});

test("a revocation that no root of this board has signed changes nothing", async () => {
  const { device } = maker.keeper.certificate;
  await trust.add(maker.keeper.bytes);
  const good = await maker.revocation(device, 0);
  const body = good.subarray(0, -70);
  const lies = [
    await maker.revocation(device, 0, maker.host), await maker.revocation(device, 0, maker.root, maker.citizen.certificate.hash),
    await signedEncode(maker.root, "CERTIFICATE", body), await signedEncode(maker.root, "REVOCATION", body), maker.keeper.bytes,
    new Uint8Array(0), ...Array.from(good, (_byte, length) => good.subarray(0, length)),
  ];
  for (const lie of lies) await trust.revoke(lie);
  assert.equal(trust.isRevoked(maker.keeper.certificate, maker.now), false);
  await trust.revoke(good);
  assert.equal(trust.isRevoked(maker.keeper.certificate, maker.now), true);
});

test("so many revocations are kept as a board has keepers, and no more", async () => {
  const devices = Array.from({ length: LIMITS.KEEPERS_MAX }, () => suiteRandom(ID_BYTES));
  for (const device of devices) await trust.revoke(await maker.revocation(device, 0));
  await trust.revoke(await maker.revocation(maker.keeper.certificate.device, 0));
  assert.equal(trust.isRevoked(maker.keeper.certificate, maker.now), false);
  for (const device of devices) assert.equal(trust.isRevoked({ ...maker.keeper.certificate, device }, maker.now), true);
});

test("a second revocation of a device does not move the first", async () => {
  const { device } = maker.keeper.certificate;
  await trust.revoke(await maker.revocation(device, maker.now));
  await trust.revoke(await maker.revocation(device, 0));
  assert.equal(trust.isRevoked(maker.keeper.certificate, maker.now), false);
});

test("a revocation by an older root of the list counts", async () => {
  const old = maker.root;
  await maker.rootChange();
  trust = new Trust(await maker.board());
  await trust.revoke(await maker.revocation(maker.keeper.certificate.device, 0, old));
  assert.equal(trust.isRevoked(maker.keeper.certificate, maker.now), true);
});
