// A host that puts somebody into a call: the ghost hears and sees nothing of anybody, is heard and seen by nobody, and everybody is
// told that it stands there. The ghost is a device of the board, logged in as a guest, whom nobody has let in.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { callAdmissionEncode } from "../../client-sdk/web/protocol/call.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesEqual, bytesJoin, bytesOfHex, framePeek, layoutDecode, layoutEncode, layoutSeq, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutCallKey, layoutCallParticipant, layoutSigned, type WireCallParticipant } from "../../client-sdk/web/protocol/layouts.ts";
import { messageCall, messageCallIn, messageCallSend, type MsgCall } from "../../client-sdk/web/protocol/messages.ts";
import { CALL_STATES, ROLES } from "../../client-sdk/web/protocol/tables.ts";
import type { CallPersonView, CallView } from "../../client-sdk/web/sdk/view.ts";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Frames } from "../sdk/frames.ts";
import { Seat } from "../sdk/seat.ts";
import { Liar } from "./liar.ts";

const BOARD = "bjuv";
/** Longer than a key is waited for, or a lost one is sent again after. */
const QUIET_MS = 4_500;

const folder = mkdtempSync(join(tmpdir(), "enrum-ghosts-"));
const framesOf = new Map<Seat, Frames>();
const seats: Seat[] = [];
let installation: Installation;
let liar: Liar;
let citizen: Seat;
let worker: Seat;
let outsider: Seat;
let ghost: Seat;
let room: string;
/** Numbers in the call that frames were sent to since the lie began. */
let sentTo: number[] = [];

async function seated(role: "citizen" | "staff" | "guest", persona: string, boardFile: string): Promise<Seat> {
  const seat = await Seat.take(installation, { role, boardFile });
  seats.push(seat);
  await seat.login(persona);
  return seat;
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: [BOARD] });
  liar = await Liar.start(installation.hostUrl, installation.path("host", "host.key"));
  const board = JSON.parse(readFileSync(installation.boardJson(BOARD), "utf8"));
  const boardFile = join(folder, "lied.json");
  writeFileSync(boardFile, JSON.stringify({ ...board, host: { ...board.host, url: liar.url } }));
  citizen = await seated("citizen", "test.testsson", boardFile);
  worker = await seated("staff", "bjuv.handlaggare", boardFile);
  outsider = await seated("staff", "bjuv.chef", boardFile);
  ghost = await seated("guest", "test.testdotter", boardFile);
  room = await citizen.client.open(crypto.randomUUID(), "Ett samtal", "Hej");
  citizen.client.watch(room);
  await eventually("the queue", async () => worker.client.session?.queue.some((queued) => queued.room === room));
  await worker.client.take(room);
  worker.client.watch(room);
  await worker.room(room, ({ isLocked, items }) => !isLocked && items.length > 3);
  await citizen.room(room, ({ members }) => members.some(({ role }) => role === "staff"));
});

after(async () => {
  for (const seat of seats) await seat.close();
  await liar?.stop();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  liar.lie = undefined;
  for (const seat of [ghost, citizen, worker]) {
    await seat.client.callLeave(true).catch(() => undefined);
    await seat.client.callDismiss().catch(() => undefined);
  }
  await eventually("no call", async () => seats.every(({ client: { session } }) => session?.call === undefined && session?.rings.every(({ state }) => state === "missed")));
});

// -- People -------------------------------------------------------------------------------------------------------------

function media(seat: Seat): string {
  const id = crypto.randomUUID();
  const frames = new Frames();
  seat.engine.mediaAdd(id, frames);
  framesOf.set(seat, frames);
  return id;
}

function call(seat: Seat, holds: (view: CallView) => boolean, what: string): Promise<CallView> {
  return eventually(what, async () => {
    const view = seat.client.session?.call;
    return view !== undefined && holds(view) && view;
  });
}

const personOf = (seat: Seat) => seat.client.session?.me?.person ?? "";

function seen(seat: Seat, of: Seat): CallPersonView | undefined {
  return seat.client.session?.call?.people.find(({ person }) => person === personOf(of));
}

/** The citizen and the caseworker are in a call, with each other's keys. */
async function together(): Promise<void> {
  await worker.client.callJoin(media(worker), room);
  await call(worker, ({ phase }) => phase === "in", "in");
  await worker.client.callRing([personOf(citizen)]);
  await eventually("it rings", async () => citizen.client.session?.rings.some(({ state }) => state === "ringing"));
  await citizen.client.callJoin(media(citizen), room);
  for (const seat of [worker, citizen]) await call(seat, ({ people }) => people.some(({ hasKey, isKeyMissing }) => hasKey && !isKeyMissing), "keys");
}

/** Then the ghost comes to it. */
async function haunted(lie: Liar["lie"] = undefined): Promise<void> {
  await together();
  sentTo = [];
  liar.lie = lie;
  await ghost.client.callJoinAsGuest(media(ghost), worker.client.session?.call?.call ?? "");
}

// -- Lies ---------------------------------------------------------------------------------------------------------------

const participantsOf = (message: MsgCall) => layoutSeq(layoutCallParticipant, message.participants);
const participantsTo = (list: WireCallParticipant[]) => bytesJoin(list.map((one) => layoutEncode(layoutCallParticipant, one)));

/** Everybody who waits is shown as let in, and sees everybody. `admissions` are told beside the true ones. */
function ghostIsIn(admissions: () => Bytes = () => new Uint8Array(0)): NonNullable<Liar["lie"]> {
  let whole: WireCallParticipant[] = [];
  return {
    told: (type, frame) => {
      if (type !== messageCall.number) return frame;
      const message = layoutDecode(messageCall, frame);
      if (message.state === CALL_STATES.OVER) return frame;
      const shown = participantsOf(message).map((one) => one.state === CALL_STATES.WAITING ? { ...one, state: CALL_STATES.IN } : one);
      if (shown.length > whole.length || message.state === CALL_STATES.IN) whole = shown;
      return messageEncode(messageCall, {
        ...message, state: CALL_STATES.IN, position: 0, participants: participantsTo(whole), admissions: bytesJoin([message.admissions, admissions()]),
      });
    },
    sent: heardSend,
  };
}

/** Notes to whom frames go. */
function heardSend(frame: Bytes): Bytes {
  if (framePeek(frame).type === messageCallSend.number) sentTo.push(layoutDecode(messageCallSend, frame).to);
  return frame;
}

async function assertNothing(): Promise<void> {
  for (const seat of [worker, citizen]) {
    await call(seat, () => seen(seat, ghost)?.state === "in", "the ghost is shown");
    assert.equal(seen(seat, ghost)?.isEntitled, false);
    assert.deepEqual(seen(seat, ghost)?.streams, []);
  }
  // One that is not honest would send its key to everybody.
  const haunting = ghost.engine.enrum.calls.current;
  assert.ok(haunting);
  Object.assign(haunting, { isWithUs: () => true });
  await ghost.client.callText(undefined, 1, "Jag är med", true);
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const number = participantNumber(worker, ghost);
  assert.ok(number > 0 && !sentTo.includes(number), `frames went to the ghost: ${sentTo.join()}`);
  assert.equal(framesOf.get(ghost)?.received.size, 0, "the ghost has a key");
  for (const [seat, other] of [[worker, citizen], [citizen, worker]] as const) {
    assert.deepEqual(seat.client.session?.call?.lines, [], "the ghost's text is shown");
    assert.deepEqual([...framesOf.get(seat)?.received.keys() ?? []], [seen(seat, other)?.participant], "the ghost's key is believed");
  }
}

/** The host's number of somebody. */
function participantNumber(seat: Seat, of: Seat): number {
  const state = seat.engine.enrum.calls.current?.state;
  const hash = of.engine.enrum.certified.certificate.body.person;
  return state === undefined ? 0 : participantsOf(state).find(({ person }) => bytesEqual(person, hash))?.number ?? 0;
}

async function admission(by: Seat, operation: 1 | 2, change: (bytes: Bytes) => Bytes = (bytes) => bytes): Promise<Bytes> {
  const { keys, board, certified } = by.engine.enrum;
  const own = ghost.engine.enrum.calls.current?.state;
  const shown = own === undefined ? undefined : participantsOf(own).find(({ person }) => bytesEqual(person, ghost.engine.enrum.certified.certificate.body.person));
  assert.ok(shown);
  const key = keyOf(shown);
  return change(await callAdmissionEncode(keys.sign, {
    board: board.id, call: bytesOfHex(worker.client.session?.call?.call ?? ""), operation, certificate: ghost.engine.enrum.certified.certificate.hash, key,
    by: certified.certificate.hash, time: Date.now(),
  }));
}

function keyOf({ key }: WireCallParticipant): Bytes {
  return layoutDecode(layoutCallKey, layoutDecode(layoutSigned, key).body).key;
}

// -- Tests --------------------------------------------------------------------------------------------------------------

test("a ghost that is shown as let in gets nothing, and nothing of it is believed", async () => {
  await haunted(ghostIsIn());
  await assertNothing();
});

test("statements that are its own, a stranger's, or altered let nobody in", async () => {
  let forged: Bytes = new Uint8Array(0);
  await haunted(ghostIsIn(() => forged));
  await call(ghost, ({ people }) => people.length > 0, "shown");
  const good = await admission(worker, 1);
  const altered = good.slice();
  altered[altered.length - 1] = (altered.at(-1) as number) ^ 1;
  forged = bytesJoin([await admission(ghost, 1), await admission(outsider, 1), await admission(citizen, 1), altered]);
  // Something changes, and with it the state that is shown.
  await citizen.client.callLeg({ ufrag: "abcd", pwd: "a".repeat(22), fingerprint: new Uint8Array(32), transport_cc: 0, streams: [] });
  await assertNothing();
});

test("who waits says nothing to staff of elsewhere that the host shows in the call", async () => {
  let whole: WireCallParticipant[] = [];
  let certificates: Bytes = new Uint8Array(0);
  sentTo = [];
  liar.lie = {
    told: (type, frame) => {
      if (type !== messageCall.number) return frame;
      const message = layoutDecode(messageCall, frame);
      const shown = participantsOf(message).map((one) => one.role === ROLES.STAFF ? { ...one, state: CALL_STATES.IN, is_member: 1 } : one);
      if (shown.length > whole.length) [whole, certificates] = [shown, message.certificates.slice()];
      return message.state === CALL_STATES.WAITING ? messageEncode(messageCall, { ...message, participants: participantsTo(whole), certificates }) : frame;
    },
    sent: heardSend,
  };
  await worker.client.callJoin(media(worker), room);
  const { call: id } = await call(worker, ({ phase }) => phase === "in", "in");
  await outsider.client.callJoinAsGuest(media(outsider), id);
  await call(worker, ({ people }) => people.length === 1, "the stranger waits");
  await eventually("it goes on", async () => citizen.client.session?.rings.some(({ state }) => state === "goesOn"));
  await citizen.client.callJoin(media(citizen), room);
  await call(citizen, ({ phase }) => phase === "waiting" && seen(citizen, outsider)?.state === "in" && seen(citizen, worker)?.state === "in", "both are shown");
  sentTo = [];
  await citizen.client.callText(undefined, 1, "Är jag rätt?", true);
  await call(worker, ({ lines }) => lines.some(({ text }) => text === "Är jag rätt?"), "a line");
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const number = participantsOf(citizen.engine.enrum.calls.current!.state!).find(({ person }) => bytesEqual(person, outsider.engine.enrum.certified.certificate.body.person))?.number;
  assert.ok(number !== undefined && !sentTo.includes(number), `frames went to ${sentTo.join()}`);
  await outsider.client.callLeave(false);
  await outsider.client.callDismiss();
});

test("who is put out stays out, also when the host keeps the statement back and goes on showing it", async () => {
  await haunted();
  await call(ghost, ({ phase }) => phase === "waiting", "waits");
  const knocks = await eventually("a knock", async () => seen(worker, ghost));
  await worker.client.callAdmit(knocks.participant);
  await eventually("keys", async () => framesOf.get(ghost)?.received.size === 2);
  // The state from before, for ever.
  liar.lie = { withheld: [messageCall.number], sent: heardSend };
  const before = [worker, citizen].map((seat) => framesOf.get(seat)?.sent?.kid ?? 0);
  const old = new Map(framesOf.get(ghost)?.received);
  await worker.client.callPutOut(seen(worker, ghost)?.participant ?? 0);
  for (const [at, seat] of [worker, citizen].entries()) {
    await eventually("another key", async () => (framesOf.get(seat)?.sent?.kid ?? 0) > (before[at] ?? 0));
    await eventually("it is told", async () => seen(seat, ghost)?.isEntitled === false);
  }
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  assert.deepEqual(new Map(framesOf.get(ghost)?.received), old, "no later key");
});

test("an old frame in the place of a new one changes nothing", async () => {
  await together();
  const told: Bytes[] = [];
  liar.lie = {
    told: (type, frame) => {
      if (type !== messageCallIn.number) return frame;
      told.push(frame);
      return told.length < 3 ? frame : told[0] as Bytes;
    },
  };
  for (const voice of [true, false]) {
    await worker.client.callPresence({ voice });
    await call(citizen, () => seen(citizen, worker)?.voice === voice, "what is on");
  }
  await worker.client.callPresence({ language: "sv" });
  await eventually("the old frame was told", async () => told.length >= 3);
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  assert.deepEqual([seen(citizen, worker)?.voice, citizen.client.session?.trouble], [false, undefined]);
});
