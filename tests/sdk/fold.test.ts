// Each lie about a log is noticed by the fold, and changes nothing.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Fold } from "../../client-sdk/web/sdk/fold.ts";
import { storedSeq, type StoredEntry } from "../../client-sdk/web/protocol/entry.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesHex, bytesJoin, bytesOfHex, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutMember } from "../../client-sdk/web/protocol/layouts.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { ID_BYTES, LIMITS, MEMBER_OPERATIONS, ROLES, SUBJECT_TYPES } from "../../client-sdk/web/protocol/tables.ts";
import { certificateDecode } from "../../client-sdk/web/protocol/certificate.ts";
import { castOf, errorOf, loadVectors, type CastJson } from "../interop/vectors.ts";
import { BoardMaker, DAY_MS } from "./board_maker.ts";
import { RoomMaker } from "./room_maker.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

let board: BoardMaker;
let log: RoomMaker;
let fold: Fold;

beforeEach(async () => {
  board = await BoardMaker.make();
  log = await RoomMaker.create(board);
  await log.say(board.citizen, "Hej");
  await log.addMember(board.staff);
  await log.say(board.staff, "Hej hej");
  fold = new Fold(board.id, log.room);
});

function next(stored: StoredEntry, isSignatureKnown = false): Promise<Bytes> {
  return fold.next(stored, board.find(stored.entry.head.certificate)?.certificate, isSignatureKnown);
}

async function foldUpTo(seq: number): Promise<void> {
  while (fold.seq < seq) await next(await log.at(fold.seq + 1));
}

/** Everything that the fold tells. */
function stateOf(): unknown {
  const { seq, receivedAt, hash, purpose, checkpointSeq, coveredSeq, coveredAt, generationCount } = fold;
  const devices = [board.keeper, board.citizen, board.staff, board.stranger].map(({ certificate: { device } }) =>
    [fold.deviceSeq(device), fold.isRemovedDevice(device)]);
  return {
    seq, receivedAt, hash, purpose, checkpointSeq, coveredSeq, coveredAt, generationCount, devices,
    members: [...fold.members], missing: [...fold.missing], beyond: fold.hashAt(seq + 1),
  };
}

async function assertStopped(stored: StoredEntry, code: string): Promise<void> {
  const before = stateOf();
  assert.equal(await errorOf(() => next(stored)), code);
  assert.deepEqual(stateOf(), before);
}

/** The last entry of the log is refused with this, and the fold is as it was. */
async function assertRefused(code: string): Promise<void> {
  await foldUpTo(log.seq - 1);
  await assertStopped(await log.at(log.seq), code);
}

/** An entry made for the log as it is now is refused; the log stays as it is. */
async function assertOneRefused(make: (lying: RoomMaker) => Promise<Bytes>, code: string = "ENTRY_FORGED"): Promise<void> {
  await foldUpTo(log.seq);
  const lying = log.copy();
  await make(lying);
  await assertStopped(await lying.at(lying.seq), code);
}

/** The whole log holds. */
async function assertTaken(): Promise<void> {
  await foldUpTo(log.seq);
  assert.deepEqual(fold.hash, log.hash);
}

const personOf = (device: { certificate: { body: { person: Bytes } } }) => device.certificate.body.person;

test("an honest log is taken whole", async () => {
  await log.checkpoint();
  await log.say(board.citizen, "Tack");
  board.now += 7;
  await log.checkpoint();
  await assertTaken();
  assert.equal(fold.members.size, 3);
  assert.deepEqual(fold.members.get(bytesHex(personOf(board.staff))), { person: personOf(board.staff), role: ROLES.STAFF });
  assert.deepEqual([fold.checkpointSeq, fold.coveredSeq, fold.coveredAt], [log.seq, log.seq - 1, board.now]);
  assert.equal(fold.deviceSeq(board.citizen.certificate.device), 6);
  assert.equal(fold.deviceSeq(board.stranger.certificate.device), 0);
  assert.equal(fold.generationCount, 1);
  assert.equal(fold.commitment(2), undefined);
  for (let seq = 0; seq <= log.seq; seq++) assert.deepEqual(fold.hashAt(seq), log.chain[seq]);
  assert.equal(fold.hashAt(log.seq + 1), undefined);
});

test("an altered entry is forged", async () => {
  for (let seq = 1; seq <= log.seq; seq++) {
    const stored = await log.at(seq);
    const flipped = (bytes: Bytes, at: number) => bytes.map((byte, index) => index === at ? byte ^ 1 : byte);
    for (const lie of [{ sig: flipped(stored.entry.sig, 7) }, { openHash: flipped(stored.entry.openHash, 0) }]) {
      await assertStopped({ ...stored, entry: { ...stored.entry, ...lie } }, "ENTRY_FORGED");
    }
    assert.deepEqual(await next(stored), log.chain[seq]);
  }
});

test("a dropped entry breaks the chain, and renumbered it is a fork", async () => {
  await foldUpTo(4);
  const stored = await log.at(6);
  await assertStopped(stored, "CHAIN_BROKEN");
  // Renumbered, so that the numbers have no gap: the next one names what it has seen.
  await assertStopped({ ...stored, seq: 5 }, "FORK");
});

test("a device number left out breaks the chain", async () => {
  await log.read(board.staff, 5, { device_seq: 5 });
  await assertRefused("CHAIN_BROKEN");
});

test("reordered entries are noticed", async () => {
  await foldUpTo(4);
  await assertStopped({ ...await log.at(7), seq: 5 }, "FORK");
  await assertStopped({ ...await log.at(3), seq: 5 }, "CHAIN_BROKEN");
});

test("a falling time breaks the chain", async () => {
  await foldUpTo(6);
  const stored = await log.at(7);
  await assertStopped({ ...stored, receivedAt: stored.receivedAt - 1 }, "CHAIN_BROKEN");
});

test("an entry of a non-member is forged", async () => {
  await log.say(board.stranger, "Jag också");
  await assertRefused("ENTRY_FORGED");
});

test("an entry whose author has no trusted certificate is forged", async () => {
  await foldUpTo(6);
  const stored = await log.at(7);
  assert.equal(await errorOf(() => fold.next(stored, undefined, false)), "ENTRY_FORGED");
  assert.equal(await errorOf(() => fold.next(stored, board.citizen.certificate, false)), "ENTRY_FORGED");
  assert.equal(await errorOf(() => fold.next(stored, board.staff.certificate, false)), "OK");
});

test("an entry whose author is known by another certificate than it names, or one of another board, is forged", async () => {
  await foldUpTo(6);
  const stored = await log.at(7);
  const { certificate } = board.staff;
  const renewed = await board.renew(board.staff, { level: 2 });
  const foreign = { ...certificate, body: { ...certificate.body, board: suiteRandom(ID_BYTES) } };
  assert.equal(await errorOf(() => fold.next(stored, renewed.certificate, false)), "ENTRY_FORGED");
  assert.equal(await errorOf(() => fold.next(stored, foreign, false)), "ENTRY_FORGED");
});

test("an entry under an expired certificate is forged, with the allowed skew at both edges", async () => {
  await foldUpTo(log.seq);
  const skew = LIMITS.CLOCK_SKEW_MS_MAX;
  const judged = async (notBefore: number, notAfter: number) => {
    const other = await RoomMaker.create(board, await board.renew(board.citizen, { notBefore, notAfter }));
    const stored = await other.at(1);
    const author = board.find(stored.entry.head.certificate)!.certificate;
    return errorOf(() => new Fold(board.id, other.room).next(stored, author, false));
  };
  assert.equal(await judged(board.now - DAY_MS, board.now - skew), "ENTRY_FORGED");
  assert.equal(await judged(board.now - DAY_MS, board.now - skew + 1), "OK");
  assert.equal(await judged(board.now + skew, board.now + DAY_MS), "OK");
  assert.equal(await judged(board.now + skew + 1, board.now + DAY_MS), "ENTRY_FORGED");
});

test("a renewed certificate goes on with the device's numbers", async () => {
  await log.say(await board.renew(board.staff), "Ny dag");
  await assertTaken();
  assert.equal(fold.deviceSeq(board.staff.certificate.device), 2);
});

test("a forged checkpoint is wrong", async () => {
  await log.checkpoint({ hash: suiteRandom(ID_BYTES) });
  await assertRefused("CHECKPOINT_WRONG");
});

test("a checkpoint of an entry that is not there yet is wrong", async () => {
  await log.checkpoint({ seq: log.seq + 1 });
  await assertRefused("CHECKPOINT_WRONG");
});

test("a checkpoint that skips the one before is wrong", async () => {
  await log.checkpoint();
  await log.checkpoint({ previous_seq: 0, previous_hash: log.room });
  await assertRefused("CHECKPOINT_WRONG");
});

test("a checkpoint that names the one before by a wrong number or hash is wrong", async () => {
  await log.checkpoint();
  await assertOneRefused((lying) => lying.checkpoint({ previous_seq: 4 }), "CHECKPOINT_WRONG");
  await assertOneRefused((lying) => lying.checkpoint({ previous_hash: log.chain[4]! }), "CHECKPOINT_WRONG");
});

test("a checkpoint that covers less than the one before is wrong", async () => {
  await log.checkpoint();
  await log.checkpoint({ seq: 3, hash: log.chain[3]! });
  await assertRefused("CHECKPOINT_WRONG");
});

test("staff may not write checkpoints", async () => {
  await log.checkpoint({}, board.staff);
  await assertRefused("ENTRY_FORGED");
});

test("another history is a fork", async () => {
  await log.read(board.staff, 5, { seen_hash: suiteRandom(ID_BYTES) });
  await assertRefused("FORK");
});

test("a history that is not there yet is a fork", async () => {
  await log.read(board.staff, 5, { seen_seq: log.seq + 1 });
  await assertRefused("FORK");
});

test("a citizen may not grant after the opening", async () => {
  await log.grant(board.citizen, board.staff);
  await assertRefused("ENTRY_FORGED");
});

test("a citizen's grant that says it is of the opening, and is not, is forged", async () => {
  const { citizen, staff } = board;
  // Received together with the opening, but others have written in between.
  await log.grant(citizen, staff, 1, 1, { seen_seq: 0, seen_hash: log.room });
  await assertRefused("ENTRY_FORGED");
  // Only the opener has written, but it had seen the opening.
  log = await RoomMaker.create(board);
  fold = new Fold(board.id, log.room);
  await assertOneRefused((lying) => lying.grant(citizen, citizen));
  await log.grant(citizen, citizen, 1, 1, { seen_seq: 0, seen_hash: log.room });
  await assertTaken();
});

test("a citizen's grant received behind the opening append is forged", async () => {
  const stored = await log.at(2);
  await foldUpTo(1);
  await assertStopped({ ...stored, receivedAt: stored.receivedAt + 1 }, "ENTRY_FORGED");
  await next(stored);
});

test("a grant of generations that are not there is forged", async () => {
  await log.grant(board.keeper, board.staff);
  await foldUpTo(log.seq);
  const open = { cause: NO_BYTES, device: board.staff.certificate.device, enc: suiteRandom(ID_BYTES), wrapped: suiteRandom(80) };
  await log.write(board.keeper, { class: "GRANT", open: { ...open, first: 1, last: 2 } });
  await assertRefused("ENTRY_FORGED");
});

test("a grant whose last generation is before its first is forged", async () => {
  const open = { cause: NO_BYTES, device: board.staff.certificate.device, enc: suiteRandom(ID_BYTES), wrapped: suiteRandom(80) };
  await log.write(board.keeper, { class: "GRANT", open: { ...open, first: 2, last: 1 } });
  await assertRefused("ENTRY_FORGED");
});

test("another generation than the newest is forged", async () => {
  await log.say(board.citizen, "Ny nyckel", { generation: 2 });
  await assertRefused("ENTRY_FORGED");
});

test("an entry of another room or board is forged", async () => {
  await log.say(board.citizen, "Fel rum", { room: suiteRandom(ID_BYTES) });
  await assertRefused("ENTRY_FORGED");
  fold = new Fold(suiteRandom(ID_BYTES), log.room);
  await assertStopped(await log.at(1), "ENTRY_FORGED");
});

test("a cause is the keeper's only", async () => {
  await log.say(board.keeper, "Med orsak", {}, suiteRandom(ID_BYTES));
  await assertTaken();
  await log.say(board.staff, "Med orsak", {}, suiteRandom(ID_BYTES));
  await assertRefused("ENTRY_FORGED");
});

test("a log that does not begin with a generation is forged", async () => {
  log = new RoomMaker(board);
  fold = new Fold(board.id, log.room);
  await log.write(board.citizen, { class: "READ", open: { cause: NO_BYTES, seq: 1, hash: log.room } }, { generation: 1 });
  await assertRefused("ENTRY_FORGED");
});

// -- Members --------------------------------------------------------------------------------------------------------

test("a removed person is forged", async () => {
  await log.removeMember(personOf(board.staff));
  await log.say(board.staff, "Jag är kvar");
  await assertRefused("ENTRY_FORGED");
  assert.equal(fold.members.has(bytesHex(personOf(board.staff))), false);
});

test("a removed device is forged, its person's other device is not", async () => {
  const device = board.staff.certificate.device;
  const other = await board.device(ROLES.STAFF, { person: personOf(board.staff) });
  await log.member(board.keeper, { operation: MEMBER_OPERATIONS.REMOVE, subject_type: SUBJECT_TYPES.DEVICE, subject: device });
  await log.say(other, "Min nya telefon");
  await assertTaken();
  assert.deepEqual([fold.isRemovedDevice(device), fold.isRemovedDevice(other.certificate.device)], [true, false]);
  await log.say(board.staff, "Min gamla telefon");
  await assertRefused("ENTRY_FORGED");
});

test("staff may remove staff, and neither citizens nor the board nor a device", async () => {
  await log.addMember(board.stranger);
  await log.removeMember(personOf(board.stranger), board.staff);
  await assertTaken();
  assert.equal(fold.members.has(bytesHex(personOf(board.stranger))), false);
  const lies = [
    { operation: MEMBER_OPERATIONS.REMOVE, subject: personOf(board.citizen) },
    { operation: MEMBER_OPERATIONS.REMOVE, subject: board.id },
    { operation: MEMBER_OPERATIONS.REMOVE, subject: board.stranger.certificate.device, subject_type: SUBJECT_TYPES.DEVICE },
    { operation: MEMBER_OPERATIONS.ADD, subject: personOf(board.stranger), role: ROLES.STAFF },
    { operation: MEMBER_OPERATIONS.REVOKE, subject: personOf(board.stranger) },
  ];
  for (const lie of lies) await assertOneRefused((lying) => lying.member(board.staff, lie));
});

test("a citizen may not change who is a member", async () => {
  await log.removeMember(personOf(board.staff), board.citizen);
  await assertRefused("ENTRY_FORGED");
});

test("a keeper may not add a keeper, a device, nobody's role or the board, nor remove the board", async () => {
  const add = { operation: MEMBER_OPERATIONS.ADD, subject: personOf(board.stranger), role: ROLES.STAFF };
  const lies = [
    { ...add, role: ROLES.KEEPER }, { ...add, role: 0 }, { ...add, subject: board.id },
    { ...add, subject_type: SUBJECT_TYPES.DEVICE },
    { operation: MEMBER_OPERATIONS.REMOVE, subject: board.id },
    { operation: MEMBER_OPERATIONS.REVOKE, subject: personOf(board.stranger) },
  ];
  for (const lie of lies) await assertOneRefused((lying) => lying.member(board.keeper, lie));
});

test("a full room takes no new member, and lets go of one to take another", async () => {
  const crowd = Array.from({ length: LIMITS.MEMBERS_MAX - 1 }, () => ({ person: suiteRandom(ID_BYTES), role: ROLES.STAFF }));
  await log.generation(board.keeper, crowd);
  await assertOneRefused((lying) => lying.addMember(board.staff));
  await log.member(board.keeper, { operation: MEMBER_OPERATIONS.ADD, subject: crowd[0]!.person, role: ROLES.GUEST });
  await log.removeMember(crowd[1]!.person);
  await log.addMember(board.staff);
  await assertTaken();
  assert.equal(fold.members.size, LIMITS.MEMBERS_MAX);
});

test("a member that is added again has the new role", async () => {
  await log.member(board.keeper, { operation: MEMBER_OPERATIONS.ADD, subject: personOf(board.staff), role: ROLES.GUEST });
  await assertTaken();
  assert.equal(fold.members.get(bytesHex(personOf(board.staff)))!.role, ROLES.GUEST);
  assert.equal(fold.members.size, 3);
});

// -- Generations ----------------------------------------------------------------------------------------------------

const member = (device: { certificate: { body: { person: Bytes; role: number } } }) =>
  ({ person: device.certificate.body.person, role: device.certificate.body.role });

test("a new generation's list replaces the membership", async () => {
  await log.generation(board.keeper, [member(board.citizen), member(board.stranger)]);
  await log.say(board.stranger, "Jag har tagit över");
  await assertTaken();
  assert.equal(fold.generationCount, 2);
  assert.deepEqual(new Set(fold.members.keys()), new Set([board.id, personOf(board.citizen), personOf(board.stranger)].map(bytesHex)));
  await log.say(board.staff, "Jag är kvar");
  await assertRefused("ENTRY_FORGED");
});

test("a removed device stays removed in a new generation", async () => {
  const subject = board.staff.certificate.device;
  await log.member(board.keeper, { operation: MEMBER_OPERATIONS.REMOVE, subject_type: SUBJECT_TYPES.DEVICE, subject });
  await log.generation(board.keeper, [member(board.citizen), member(board.staff)]);
  await log.say(board.staff, "Jag är kvar");
  await assertRefused("ENTRY_FORGED");
});

test("a generation that is not the next, not on the newest entry or of another purpose is forged", async () => {
  const members = [member(board.citizen)];
  for (const lie of [{ number: 3 }, { number: 1 }, { base_seq: 3 }, { base_hash: suiteRandom(ID_BYTES) }, { purpose: 1 }]) {
    await assertOneRefused((lying) => lying.generation(board.keeper, members, lie));
  }
});

test("a generation whose list has somebody twice, no board, another keeper or no form is forged", async () => {
  const list = (...members: { person: Bytes; role: number }[]) => bytesJoin(members.map((one) => layoutEncode(layoutMember, one)));
  const keepers = { person: board.id, role: ROLES.KEEPER };
  const lies = [
    list(keepers, member(board.citizen), member(board.citizen)), list(member(board.citizen)), list(keepers, keepers),
    list(keepers, { ...member(board.staff), role: ROLES.KEEPER }), list({ ...keepers, role: ROLES.STAFF }),
    list(keepers, member(board.citizen)).subarray(0, -1),
    list(keepers, ...Array.from({ length: LIMITS.MEMBERS_MAX }, () => ({ person: suiteRandom(ID_BYTES), role: ROLES.STAFF }))),
  ];
  for (const members of lies) await assertOneRefused((lying) => lying.generation(board.keeper, [], { members }));
});

test("a citizen writes the first generation only, with exactly themself and the board", async () => {
  const citizen = member(board.citizen);
  await assertOneRefused((lying) => lying.generation(board.citizen, [citizen]));
  log = new RoomMaker(board);
  fold = new Fold(board.id, log.room);
  for (const members of [[citizen, member(board.staff)], [], [member(board.staff)], [{ ...citizen, role: ROLES.STAFF }]]) {
    await assertOneRefused((lying) => lying.generation(board.citizen, members));
  }
  await assertOneRefused((lying) => lying.generation(board.citizen, [citizen], { purpose: 1 }));
  await log.generation(board.citizen, [citizen]);
  await assertTaken();
});

test("an employee opens a room with exactly themself, as an employee, and the board", async () => {
  const staff = member(board.staff);
  log = new RoomMaker(board);
  fold = new Fold(board.id, log.room);
  for (const members of [[member(board.citizen)], [staff, member(board.citizen)], [], [{ ...staff, role: ROLES.CITIZEN }]]) {
    await assertOneRefused((lying) => lying.generation(board.staff, members));
  }
  await assertOneRefused((lying) => lying.generation(board.staff, [staff], { purpose: 1 }));
  await log.generation(board.staff, [staff]);
  await assertTaken();
  await assertOneRefused((lying) => lying.generation(board.staff, [staff]));
});

test("in a register room a keeper revokes, and every generation has its purpose", async () => {
  log = new RoomMaker(board);
  fold = new Fold(board.id, log.room);
  await log.generation(board.keeper, [], { purpose: 1 });
  await log.member(board.keeper, { operation: MEMBER_OPERATIONS.REVOKE, subject: personOf(board.staff) });
  await assertTaken();
  assert.equal(fold.purpose, 1);
  await assertOneRefused((lying) => lying.generation(board.keeper, []));
  await log.addMember(board.staff);
  const revoked = { operation: MEMBER_OPERATIONS.REVOKE, subject: personOf(board.citizen) };
  await assertOneRefused((lying) => lying.member(board.staff, revoked));
  await assertOneRefused((lying) => lying.member(board.keeper, { operation: MEMBER_OPERATIONS.REVOKE, subject: board.id }));
});

// -- Reading and erasing --------------------------------------------------------------------------------------------

test("a read mark and an erasure name an entry of this log", async () => {
  const names = [{ seq: 3, hash: log.chain[4]! }, { seq: 99, hash: log.chain[4]! }, { seq: log.seq + 1, hash: log.hash }];
  for (const name of names) {
    await assertOneRefused((lying) => lying.write(board.staff, { class: "READ", open: { cause: NO_BYTES, ...name } }));
    await assertOneRefused((lying) => lying.write(board.keeper, { class: "ERASE", open: { cause: NO_BYTES, ground: 3, ...name } }));
  }
  await log.read(board.staff);
  await assertTaken();
});

test("a missing payload waits for its erasure", async () => {
  await log.empty(5);
  await foldUpTo(log.seq);
  assert.deepEqual(fold.missing, [5]);
  await log.erase(4);
  await foldUpTo(log.seq);
  assert.deepEqual(fold.missing, [5]);
  await log.erase(5);
  await assertTaken();
  assert.deepEqual(fold.missing, []);
});

// -- How it is called -----------------------------------------------------------------------------------------------

test("a signature that was checked before is not checked again, everything else is", async () => {
  await foldUpTo(6);
  const stored = await log.at(7);
  const altered = { ...stored, entry: { ...stored.entry, sig: new Uint8Array(64) } };
  await assertStopped(altered, "ENTRY_FORGED");
  assert.equal(await errorOf(() => fold.next(altered, undefined, true)), "ENTRY_FORGED");
  await next(altered, true);
  assert.equal(fold.seq, 7);
});

test("entries are taken one at a time", async () => {
  const [first, second] = [await log.at(1), await log.at(2)];
  const running = next(first);
  await assert.rejects(next(second), /not done yet/);
  await running;
  await next(second);
  assert.equal(fold.seq, 2);
});

test("the log of the vectors is folded as far as it is one: its grant came alone, and not with the opening", async () => {
  const vectors = loadVectors<{ cast: CastJson; stored: string; entries: { hash: string }[] }>("entries");
  const cast = await castOf(vectors.cast);
  const [first, grant] = await storedSeq(bytesOfHex(vectors.stored));
  const author = await certificateDecode(cast.citizen.certificate);
  fold = new Fold(cast.board, cast.room);
  assert.equal(bytesHex(await fold.next(first!, author, false)), vectors.entries[0]!.hash);
  assert.equal(await errorOf(() => fold.next(grant!, author, false)), "ENTRY_FORGED");
});
