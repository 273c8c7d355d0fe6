// Who may have a device's media key: whatever a host shows, only whom staff of the room have let in, with the key they saw.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Attendance, type Attendee, type Self } from "../../client-sdk/web/call/attendance.ts";
import {
  callAdmissionEncode, callFrameDecode, callFrameEncode, callKeyEncode, type CallSender,
} from "../../client-sdk/web/protocol/call.ts";
import { certificateDecode, certificateEncode, type Certificate } from "../../client-sdk/web/protocol/certificate.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesEqual, bytesHex, bytesJoin, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutCallParticipant } from "../../client-sdk/web/protocol/layouts.ts";
import type { MsgCall } from "../../client-sdk/web/protocol/messages.ts";
import { sealPairNew, signPairNew, suiteRandom, type SealPair, type SignPair } from "../../client-sdk/web/protocol/suite.ts";
import { CALL_KINDS, CALL_STATES, ROLES, type RoleName } from "../../client-sdk/web/protocol/tables.ts";

const NONE: Bytes = new Uint8Array(0);
const board = suiteRandom(32), call = suiteRandom(32), room = suiteRandom(32);
const issuer = await signPairNew();
const certificates = new Map<string, Certificate>();

interface Device {
  sign: SignPair;
  certificate: Certificate;
  own: SealPair;
  keyBytes: Bytes;
}

async function keyOf(sign: SignPair, certificate: Certificate, own: SealPair, ofCall: Bytes = call): Promise<Bytes> {
  return callKeyEncode(sign, { board, call: ofCall, certificate: certificate.hash, key: own.publicKey, time: 1 });
}

async function device(role: RoleName, isKnown = true): Promise<Device> {
  const sign = await signPairNew(), seal = await sealPairNew(), own = await sealPairNew();
  const certificate = await certificateDecode(await certificateEncode(issuer, {
    board, issuer: board, sign_key: sign.publicKey, seal_key: seal.publicKey, person: suiteRandom(32), role: ROLES[role], level: 3,
    not_before: 0, not_after: 1000,
  }));
  if (isKnown) certificates.set(bytesHex(certificate.hash), certificate);
  return { sign, certificate, own, keyBytes: await keyOf(sign, certificate, own) };
}

const eva = await device("STAFF"), per = await device("STAFF"), stranger = await device("STAFF");
const anna = await device("CITIZEN"), bo = await device("CITIZEN"), tolk = await device("GUEST");
/** Who is not, or no longer, a member of the room. */
let removed: Bytes[] = [];
const staffOfRoom = [eva, per].map(({ certificate }) => certificate.body.person);

function attendance(of: Device, isGuest = false): Attendance {
  const self: Self = { board, call, certificate: of.certificate.hash, key: of.own.publicKey, isGuest };
  return new Attendance(self, {
    certificateOf: (hash) => certificates.get(bytesHex(hash)),
    isStaffOfRoom: (person) => !isGuest && staffOfRoom.some((staff) => bytesEqual(staff, person)),
    isMemberOfRoom: (person) => !removed.some((other) => bytesEqual(other, person)),
  });
}

function statement(by: Device, about: Device, operation: 1 | 2 = 1, changes: Partial<Record<"key" | "call" | "board", Bytes>> = {}): Promise<Bytes> {
  return callAdmissionEncode(by.sign, {
    board, call, operation, certificate: about.certificate.hash, key: about.own.publicKey, by: by.certificate.hash, time: 2, ...changes,
  });
}

function shown(devices: Device[], admissions: Bytes[] = []): MsgCall {
  const participants = bytesJoin(devices.map(({ certificate, keyBytes }, index) => layoutEncode(layoutCallParticipant, {
    number: index + 1, state: CALL_STATES.IN, person: certificate.body.person, role: certificate.body.role, is_member: 1, key: keyBytes,
    since: 1, streams: NONE,
  })));
  return {
    type: 73, request: 0, board, room, call, change: 1, state: CALL_STATES.IN, you: 1, lead: 1, position: 0, began: 1, end: 0,
    participants, rung: NONE, admissions: bytesJoin(admissions), certificates: NONE,
  } as MsgCall;
}

const entitled = (attendees: Attendee[]) => attendees.map(({ isEntitled }) => isEntitled);

test("staff of the room are in by themselves; everybody else by their statement", async () => {
  assert.deepEqual(entitled(await attendance(anna).read(shown([eva, per, anna, bo]))), [true, true, false, false]);
  const admissions = [await statement(eva, anna), await statement(per, bo)];
  assert.deepEqual(entitled(await attendance(anna).read(shown([eva, per, anna, bo], admissions))), [true, true, true, true]);
});

test("a citizen who is taken out of the room is out of its call, whoever let them in; a guest was never in it", async () => {
  const all = attendance(anna), ofGuest = attendance(tolk, true);
  const admissions = [await statement(eva, bo), await statement(eva, tolk), await statement(eva, anna)];
  assert.deepEqual(entitled(await all.read(shown([eva, bo, tolk], admissions))), [true, true, true]);
  removed = [bo.certificate.body.person, tolk.certificate.body.person];
  assert.deepEqual(entitled(await all.read(shown([eva, bo, tolk], admissions))), [true, false, true]);
  assert.deepEqual(entitled(await ofGuest.read(shown([eva, bo, tolk], admissions))), [true, true, true]);
  removed = [];
});

test("a host lets nobody in: not a device of the board, not staff of other rooms, not by their statements", async () => {
  const ghost = await attendance(anna).read(shown([eva, stranger, bo], [await statement(stranger, bo), await statement(bo, bo)]));
  assert.deepEqual(entitled(ghost), [true, false, false]);
});

test("a statement is about one key in one call of one board", async () => {
  const admissions = [
    await statement(eva, bo, 1, { key: suiteRandom(32) }), await statement(eva, bo, 1, { call: suiteRandom(32) }),
    await statement(eva, bo, 1, { board: suiteRandom(32) }),
  ];
  assert.deepEqual(entitled(await attendance(anna).read(shown([eva, bo], admissions))), [true, false]);
  const tampered = await statement(eva, bo);
  tampered[40]! ^= 1;
  assert.deepEqual(entitled(await attendance(anna).read(shown([eva, bo], [tampered]))), [true, false]);
});

test("who is put out stays out, also when the host shows an older state, or another member of staff lets the key in", async () => {
  const of = attendance(anna);
  const before = shown([eva, bo], [await statement(eva, bo)]);
  assert.deepEqual(entitled(await of.read(before)), [true, true]);
  await of.hear(await statement(per, bo, 2));
  assert.deepEqual(entitled(await of.read(before)), [true, false]);
  assert.deepEqual(entitled(await of.read(shown([eva, bo], [await statement(eva, bo), await statement(per, bo)]))), [true, false]);
});

test("who is put out stays out when the certificate of whoever did it has ended, or that one is no longer of the staff", async () => {
  for (const isShown of [false, true]) {
    const lea = await device("STAFF");
    staffOfRoom.push(lea.certificate.body.person);
    const of = attendance(anna), out = await statement(lea, bo, 2);
    const letIn = [await statement(eva, bo)];
    // Heard past the host, which shows the one put out then or only later.
    await of.hear(out);
    if (isShown) assert.deepEqual(entitled(await of.read(shown([eva, bo], letIn))), [true, false]);
    certificates.delete(bytesHex(lea.certificate.hash));
    assert.deepEqual(entitled(await of.read(shown([eva, bo], letIn))), [true, false]);
    certificates.set(bytesHex(lea.certificate.hash), lea.certificate);
    staffOfRoom.pop();
    assert.deepEqual(entitled(await of.read(shown([eva, bo], letIn))), [true, false]);
  }
});

test("who shows a key that its device has not signed for this call is not there", async () => {
  const swapped = { ...bo, keyBytes: await keyOf(anna.sign, bo.certificate, bo.own) };
  const elsewhere = { ...bo, keyBytes: await keyOf(bo.sign, bo.certificate, bo.own, suiteRandom(32)) };
  const unknown = await device("CITIZEN", false);
  for (const one of [swapped, elsewhere, unknown]) assert.deepEqual(await attendance(anna).read(shown([one])), []);
  const renamed = shown([bo]);
  const other = { ...bo, certificate: { ...bo.certificate, body: { ...bo.certificate.body, person: suiteRandom(32) } } };
  renamed.participants = shown([other]).participants;
  assert.deepEqual(await attendance(anna).read(renamed), []);
});

test("a guest believes whoever let it in first, and those whom that one has let in", async () => {
  const of = attendance(tolk, true);
  assert.deepEqual(entitled(await of.read(shown([eva, per, anna]))), [false, false, false]);
  const admissions = [await statement(eva, tolk)];
  assert.deepEqual(entitled(await of.read(shown([eva, per, anna], admissions))), [true, false, false]);
  admissions.push(await statement(stranger, tolk), await statement(stranger, bo), await statement(per, anna));
  assert.deepEqual(entitled(await of.read(shown([eva, per, anna, stranger, bo], admissions))), [true, false, false, false, false]);
  admissions.push(await statement(eva, per));
  assert.deepEqual(entitled(await of.read(shown([eva, per, anna, stranger, bo], admissions))), [true, true, true, false, false]);
  await of.hear(await statement(eva, per, 2));
  assert.deepEqual(entitled(await of.read(shown([eva, per, anna], admissions))), [true, false, false]);
});

const frame = (from: Device, to: Device, ofCall: Bytes = call) => callFrameEncode(
  { sign: from.sign, certificate: from.certificate.hash, key: from.own.publicKey },
  { call: ofCall, number: 1, time: 5, kind: CALL_KINDS.TEXT, body: Uint8Array.of(1, 2, 3) }, to.own.publicKey);
const sender = (of: Device): CallSender => ({
  certificate: of.certificate.hash, key: of.own.publicKey, signKey: of.certificate.body.sign_key,
});

test("a frame opens for its receiver, in its call, as its sender's", async () => {
  const bytes = await frame(eva, anna);
  assert.deepEqual([...(await callFrameDecode(bytes, anna.own, call, sender(eva))).body], [1, 2, 3]);
  const refusals: [string, () => Promise<unknown>][] = [
    ["OPEN_FAILED", () => callFrameDecode(bytes, bo.own, call, sender(eva))],
    ["OPEN_FAILED", () => callFrameDecode(bytes, anna.own, suiteRandom(32), sender(eva))],
    ["SIGNATURE_WRONG", () => callFrameDecode(bytes, anna.own, call, sender(per))],
    ["SIGNATURE_WRONG", () => callFrameDecode(bytes, anna.own, call, { ...sender(eva), signKey: per.certificate.body.sign_key })],
  ];
  for (const [code, decode] of refusals) await assert.rejects(decode, (error: EnrumError) => error.code === code);
});

test("a frame that was sealed to one is not another's, though it is sealed on to it", async () => {
  // bo opens a frame to bo, and seals the same signed words to anna: the signature covers the receiver.
  const inner = await callFrameDecode(await frame(eva, bo), bo.own, call, sender(eva));
  const forwarded = await callFrameEncode({ sign: bo.sign, certificate: eva.certificate.hash, key: eva.own.publicKey }, inner, anna.own.publicKey);
  await assert.rejects(() => callFrameDecode(forwarded, anna.own, call, sender(eva)), (error: EnrumError) => error.code === "SIGNATURE_WRONG");
});

test("a frame of whose bytes one was changed is refused", async () => {
  const bytes = await frame(eva, anna);
  for (const at of [3, 10, 40, 100, bytes.length - 1]) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    await assert.rejects(() => callFrameDecode(changed, anna.own, call, sender(eva)), EnrumError, `byte ${at}`);
  }
});
