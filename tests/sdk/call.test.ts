// A call in the SDK against the real server: who is rung, who waits, who is let in; and whose media keys go to whom.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import type { CallPersonView, CallView, ItemView, Role } from "../../client-sdk/web/sdk/view.ts";
import { bytesEqual } from "../../client-sdk/web/protocol/layout.ts";
import { errorOf } from "../interop/vectors.ts";
import { programs } from "../e2e/programs.ts";
import { Frames } from "./frames.ts";
import { AheadClock, Seat } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-call-"));
let installation: Installation;
let citizen: Seat;
let worker: Seat;
let interpreter: Seat;
let room: string;
/** The newest of each seat. */
const framesOf = new Map<Seat, Frames>();
const seats: Seat[] = [];

async function seated(role: Role, persona: string): Promise<Seat> {
  const seat = await Seat.take(installation, { role });
  seats.push(seat);
  await seat.login(persona);
  return seat;
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  citizen = await seated("citizen", "test.testsson");
  worker = await seated("staff", "bjuv.handlaggare");
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
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  for (const seat of seats) {
    if (seat.client.session?.call?.phase !== "over") await seat.client.callLeave(false).catch(() => undefined);
    await seat.client.callDismiss().catch(() => undefined);
  }
  await eventually("no call", async () => seats.every(({ client: { session } }) => session?.call === undefined && session?.rings.every(({ state }) => state === "missed")));
});

function mediaOf(seat: Seat): { frames: Frames; media: string } {
  const frames = new Frames();
  const media = crypto.randomUUID();
  seat.engine.mediaAdd(media, frames);
  framesOf.set(seat, frames);
  return { frames, media };
}

async function joined(seat: Seat): Promise<Frames> {
  const { frames, media } = mediaOf(seat);
  await seat.client.callJoin(media, room);
  return frames;
}

function call(seat: Seat, holds: (view: CallView) => boolean, what: string): Promise<CallView> {
  return eventually(what, async () => {
    const view = seat.client.session?.call;
    return view !== undefined && holds(view) && view;
  });
}

/** The board's keeper begins anew, and gives a client so long to write a call's entry. */
async function keeperGrace(seconds: number): Promise<void> {
  await installation.stopKeeper("bjuv");
  const file = installation.path("boards", "bjuv", "keeper", "config.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), call_entry_seconds: seconds }));
  await installation.startKeeper("bjuv");
}

const person = (seat: Seat) => seat.client.session?.me?.person ?? "";

/** How one sees another. */
function seen(view: CallView, of: Seat): CallPersonView | undefined {
  return view.people.find(({ person: id }) => id === person(of));
}

async function sees(seat: Seat, of: Seat, holds: (view: CallPersonView) => boolean, what: string): Promise<CallPersonView> {
  const view = await call(seat, (all) => {
    const one = seen(all, of);
    return one !== undefined && holds(one);
  }, what);
  return seen(view, of) as CallPersonView;
}

/** Each has the other's key, as it is used. */
async function share(...those: Seat[]): Promise<void> {
  for (const to of those) {
    for (const from of those.filter((other) => other !== to)) {
      await eventually("the key", async () => {
        const view = to.client.session?.call;
        const participant = view === undefined ? undefined : seen(view, from)?.participant;
        const key = participant === undefined ? undefined : framesOf.get(to)?.received.get(participant);
        const sent = framesOf.get(from)?.sent;
        return sent !== undefined && key?.kid === sent.kid && key.key === sent.key;
      });
    }
  }
}

/** The caseworker begins, rings, and the citizen comes. */
async function inCall(): Promise<void> {
  await joined(worker);
  await call(worker, ({ phase }) => phase === "in", "in");
  await worker.client.callRing([person(citizen)]);
  await eventually("it rings", async () => citizen.client.session?.rings.some(({ state, room: where }) => state === "ringing" && where === room));
  await joined(citizen);
  await call(citizen, ({ phase }) => phase === "in", "let in by whoever rang");
  await share(worker, citizen);
}

test("a tab whose engine is elsewhere cannot come to a call", async () => {
  assert.equal(await errorOf(() => worker.client.callJoin(crypto.randomUUID(), room)), "OUT_OF_STATE");
  assert.equal(await errorOf(() => worker.client.callAdmit(1)), "CALL_UNKNOWN");
});

test("whoever is rung is let in when they come, and both have each other's keys", async () => {
  await inCall();
  const view = await sees(citizen, worker, ({ hasKey, isKeyMissing }) => hasKey && !isKeyMissing, "acknowledged");
  assert.deepEqual([view.isEntitled, view.isLead, view.state, view.level], [true, true, "in", 3]);
  assert.notEqual(view.name, "");
  await citizen.client.callPresence({ voice: true, language: "sv" });
  await sees(worker, citizen, ({ voice, camera, language }) => voice && !camera && language === "sv", "what is on");
});

test("who knocks waits, is talked to, and gets no key before being let in", async () => {
  await joined(worker);
  await call(worker, ({ phase }) => phase === "in", "in");
  await eventually("it goes on", async () => citizen.client.session?.rings.some(({ state }) => state === "goesOn"));
  const frames = await joined(citizen);
  const waits = await call(citizen, ({ phase }) => phase === "waiting", "waits");
  assert.equal(waits.position, 1);
  const knocks = await sees(worker, citizen, ({ state }) => state === "waiting", "a knock");
  assert.deepEqual([knocks.isEntitled, knocks.isMember, knocks.name], [false, true, "Test Testsson"]);
  await citizen.client.callText(undefined, 1, "Är jag rätt?", true);
  await call(worker, ({ lines }) => lines.some(({ text, from }) => text === "Är jag rätt?" && from === knocks.participant), "a line");
  await worker.client.callText(knocks.participant, 1, "Ja, vänta lite", true);
  await call(citizen, ({ lines }) => lines.some(({ text, from }) => text === "Ja, vänta lite" && from !== undefined), "an answer");
  await call(worker, ({ lines }) => lines.some(({ text, isSent }) => text === "Ja, vänta lite" && isSent), "handed over");
  assert.deepEqual([framesOf.get(worker)?.kids, frames.received.size, frames.kids], [[], 0, []]);
  await worker.client.callAdmit(knocks.participant);
  await share(worker, citizen);
});

test("who declines is told of as declined; a ring is answered on one device and silent on the others", async () => {
  await joined(worker);
  await call(worker, ({ phase }) => phase === "in", "in");
  await worker.client.callRing([person(citizen)]);
  await eventually("it rings", async () => citizen.client.session?.rings.some(({ state }) => state === "ringing"));
  await citizen.client.callRefuse(room);
  await call(worker, ({ rung }) => rung.some(({ state, person: who }) => state === "declined" && who.name === "Test Testsson"), "declined");
});

test("a put-out gets no later key, and the others get a new one; the key comes back as nobody", async () => {
  await inCall();
  const before = framesOf.get(worker)?.sent;
  const view = await sees(worker, citizen, () => true, "there");
  await worker.client.callPutOut(view.participant);
  const over = await call(citizen, ({ phase }) => phase === "over", "put out");
  assert.equal(over.end, "put_out");
  await eventually("another key", async () => (framesOf.get(worker)?.sent?.kid ?? 0) > (before?.kid ?? 0));
  const frames = framesOf.get(citizen);
  assert.ok(frames?.isClosed);
  assert.ok([...frames.received.values()].every(({ key }) => key !== framesOf.get(worker)?.sent?.key));
  assert.equal(framesOf.get(worker)?.received.size, 0);
});

test("an interpreter comes as a guest: named by the keeper, let in by staff, seen by all, and in no room", async () => {
  interpreter = await seated("guest", "test.testdotter");
  assert.deepEqual(interpreter.client.session?.rooms, []);
  await inCall();
  const { frames, media } = mediaOf(interpreter);
  await interpreter.client.callJoinAsGuest(media, worker.client.session?.call?.call ?? "");
  await interpreter.client.callPresence({ isInterpreter: true, language: "ar" });
  const waits = await call(interpreter, ({ phase }) => phase === "waiting", "waits");
  assert.deepEqual(waits.people.map(({ role }) => role), ["staff"], "who waits sees staff alone");
  const knocks = await sees(worker, interpreter, ({ name }) => name !== "", "a knock with a name");
  assert.deepEqual([knocks.name, knocks.role, knocks.isMember, knocks.isEntitled, knocks.isInterpreter], ["Testina Testdotter", "guest", false, false, true]);
  assert.deepEqual([frames.received.size, frames.kids], [0, []]);
  await worker.client.callAdmit(knocks.participant);
  await share(worker, citizen, interpreter);
  const named = await sees(citizen, interpreter, ({ name }) => name !== "", "named to the citizen too");
  assert.deepEqual([named.name, named.isEntitled], ["Testina Testdotter", true]);
  const before = framesOf.get(citizen)?.sent?.kid ?? 0;
  await interpreter.client.callLeave(false);
  await eventually("another key when one has left", async () => (framesOf.get(citizen)?.sent?.kid ?? 0) > before);
  await share(worker, citizen);
  await worker.client.callLeave(true);
  const view = await citizen.room(room, ({ items }) => items.some(({ what }) => what.kind === "call" && what.people.some(({ isInterpreter }) => isInterpreter)), "the entry");
  const entry = view.items.findLast(({ what }) => what.kind === "call")?.what;
  assert.ok(entry?.kind === "call");
  assert.deepEqual(entry.people.filter((one) => one.isInterpreter).map(({ name, role, level }) => [name, role, level]), [["Testina Testdotter", "guest", 4]]);
});

test("who was alone in it comes with a new key: it is begun anew, and staff are told", async () => {
  await inCall();
  await worker.client.callLeave(false);
  await call(citizen, ({ people }) => people.length === 0, "alone");
  const { store } = citizen;
  citizen.crash();
  seats.splice(seats.indexOf(citizen), 1);
  citizen = await Seat.take(installation, { role: "citizen", store });
  seats.push(citizen);
  citizen.client.watch(room);
  await eventually("it goes on", async () => citizen.client.session?.rings.some(({ state }) => state === "goesOn"));
  await joined(citizen);
  await call(citizen, ({ phase }) => phase === "waiting", "waits");
  await eventually("staff are told", async () => worker.client.session?.rings.some(({ state }) => state === "goesOn"));
});

test("two of the staff have each other's keys, also when the host has forgotten the call and nobody else comes to it", async () => {
  const second = await seated("staff", "bjuv.handlaggare");
  try {
    second.client.watch(room);
    await joined(worker);
    await eventually("it goes on", async () => second.client.session?.rings.some(({ state }) => state === "goesOn"));
    await joined(second);
    await share(worker, second);
    await installation.killHost();
    await eventually("told", async () => [worker, second].every(({ client }) => client.session?.call?.isConnected === false));
    await installation.startHost();
    await eventually("back", async () => [worker, second].every(({ client: { session } }) => session?.call?.phase === "in" && session.call.isConnected));
    await share(worker, second);
  } finally {
    await second.client.callLeave(false);
    await second.close();
    seats.splice(seats.indexOf(second), 1);
  }
});

test("whom another of the staff has put out, they who had rung them let in no more; a later ring does", async () => {
  const second = await seated("staff", "bjuv.handlaggare2");
  try {
    await worker.client.addColleague(room, person(second), "Vi är två.");
    await eventually("in the room", async () => second.client.session?.rooms.some(({ room: where }) => where === room));
    second.client.watch(room);
    await second.room(room, ({ isLocked }) => !isLocked);
    await inCall();
    await eventually("it goes on", async () => second.client.session?.rings.some(({ state }) => state === "goesOn"));
    await joined(second);
    await share(worker, citizen, second);
    await second.client.callPutOut((await sees(second, citizen, () => true, "there")).participant);
    assert.equal((await call(citizen, ({ phase }) => phase === "over", "put out")).end, "put_out");
    await call(worker, (view) => seen(view, citizen) === undefined, "gone");
    await joined(citizen);
    const { participant } = await sees(worker, citizen, () => true, "a knock");
    await worker.client.callText(participant, 1, "Vänta", true);
    await call(citizen, ({ lines, phase }) => phase !== "coming" && lines.length === 1, "an answer");
    assert.equal(citizen.client.session?.call?.phase, "waiting");
    await eventually("rung again", async () => await errorOf(() => worker.client.callRing([person(citizen)])) !== "TOO_FAST");
    await share(worker, citizen, second);
  } finally {
    await second.client.callLeave(false).catch(() => undefined);
    await second.close();
    seats.splice(seats.indexOf(second), 1);
  }
});

test("a ring that was called back lets nobody in", async () => {
  await joined(worker);
  await call(worker, ({ phase }) => phase === "in", "in");
  await worker.client.callRing([person(citizen)]);
  await eventually("it rings", async () => citizen.client.session?.rings.some(({ state }) => state === "ringing"));
  await worker.client.callRingCancel([person(citizen)]);
  await eventually("missed", async () => citizen.client.session?.rings.some(({ state }) => state === "missed"));
  // The call goes on, and the citizen, who knows of none, comes to it of its own accord; also after thinking better of it.
  await joined(citizen);
  await citizen.client.callLeave(false);
  await joined(citizen);
  const waits = await call(citizen, ({ phase }) => phase === "waiting" || phase === "over", "there");
  assert.deepEqual([waits.phase, waits.call], ["waiting", worker.client.session?.call?.call]);
  await sees(worker, citizen, ({ state, name }) => state === "waiting" && name !== "", "a knock");
  await worker.client.callText((await sees(worker, citizen, () => true, "there")).participant, 1, "Vänta", true);
  await call(citizen, ({ lines, phase }) => phase === "waiting" && lines.length === 1, "it still waits");
});

test("whose certificate was renewed in the call lets in, and puts out", async () => {
  await joined(worker);
  await call(worker, ({ phase }) => phase === "in", "in");
  const before = worker.engine.enrum.certified.certificate.hash;
  await worker.login("bjuv.handlaggare");
  await eventually("another certificate", async () => !bytesEqual(worker.engine.enrum.certified.certificate.hash, before) && worker.client.session?.call?.isConnected);
  await eventually("it goes on", async () => citizen.client.session?.rings.some(({ state }) => state === "goesOn"));
  await joined(citizen);
  const { participant } = await sees(worker, citizen, ({ state }) => state === "waiting", "a knock");
  await worker.client.callAdmit(participant);
  await share(worker, citizen);
  await worker.client.callPutOut(participant);
  assert.equal((await call(citizen, ({ phase }) => phase === "over", "put out")).end, "put_out");
});

test("nobody came: there was no call, and no entry of one", async () => {
  await joined(worker);
  const { call: id } = await call(worker, ({ phase }) => phase === "in", "in");
  await worker.client.callLeave(true);
  assert.equal((await call(worker, ({ phase }) => phase === "over", "over")).wasHeld, false);
  await worker.client.send(crypto.randomUUID(), room, "Jag ringer en annan dag.");
  const view = await citizen.room(room, ({ items }) => items.some(({ what }) => what.kind === "message" && what.text === "Jag ringer en annan dag."), "what was said behind it");
  assert.deepEqual(view.items.filter(({ what }) => what.kind === "call" && what.call === id), []);
});

test("two begin at the same moment: one call", async () => {
  await Promise.all([joined(worker), joined(citizen)]);
  const [one, other] = [await call(worker, ({ phase }) => phase === "in", "in"), await call(citizen, ({ phase }) => phase === "waiting" || phase === "in", "waits")];
  assert.equal(one.call, other.call);
});

test("a lost connection: back without knocking, with the same keys; also when the host has forgotten the call", async () => {
  await inCall();
  for (const kill of [false, true]) {
    if (kill) {
      await installation.killHost();
      await eventually("told", async () => citizen.client.session?.call?.isConnected === false && worker.client.session?.call?.isConnected === false);
      await installation.startHost();
    } else {
      await citizen.engine.enrum.turn(() => citizen.engine.enrum.contact.drop("NETWORK"));
    }
    await call(citizen, ({ phase, isConnected }) => phase === "in" && isConnected, "back");
    await call(worker, ({ phase, isConnected }) => phase === "in" && isConnected, "there");
    await sees(worker, citizen, ({ state, isEntitled }) => state === "in" && isEntitled, "in again");
    await share(worker, citizen);
  }
});

test("an interpreter of the room is one in the call, and in its entry, without saying so", async () => {
  const member = await seated("citizen", "test.foralder");
  await worker.client.invite(room, {
    capacity: "INTERPRETER", name: "Test Tolksson", number: "198006089240", hasHistory: false, until: Date.now() + 3_600_000, why: "Möte.",
  });
  member.client.watch(room);
  await member.room(room, ({ members }) => members.some(({ isMe, capacity }) => isMe && capacity === "INTERPRETER"));
  await inCall();
  await worker.client.callRing([person(member)]);
  await joined(member);
  await share(worker, citizen, member);
  for (const seat of [worker, citizen]) await sees(seat, member, ({ isInterpreter, isMember }) => isInterpreter && isMember, "an interpreter");
  assert.equal(member.client.session?.call?.own.isInterpreter, true);
  await sees(member, citizen, ({ isInterpreter }) => !isInterpreter, "somebody else");
  await worker.client.callLeave(true);
  const interpreted = ({ what }: ItemView) => what.kind === "call" && what.people.some(({ person: who }) => who === person(member));
  const view = await citizen.room(room, ({ items }) => items.some(interpreted), "the entry");
  const entry = view.items.find(interpreted)?.what;
  assert.ok(entry?.kind === "call");
  assert.deepEqual(entry.people.filter(({ isInterpreter }) => isInterpreter).map(({ person: who }) => who), [person(member)]);
  await worker.client.endAccess(room, person(member), "LEFT");
  await member.close();
  seats.splice(seats.indexOf(member), 1);
});

test("the one who led writes the call's entry; the citizen reads it; a note stands behind it", async () => {
  await inCall();
  await worker.client.callLeave(true);
  const over = await call(citizen, ({ phase }) => phase === "over", "over");
  assert.equal(over.end, "ended");
  const entry = await citizen.room(room, ({ items }) => items.some(({ what }) => what.kind === "call"), "the entry");
  const what = entry.items.findLast((item) => item.what.kind === "call")?.what;
  assert.ok(what?.kind === "call");
  assert.equal(what.call, over.call);
  assert.ok(what.ended >= what.began);
  assert.deepEqual(what.people.map(({ role }) => role).sort(), ["citizen", "staff"]);
  assert.deepEqual(what.people.map(({ level }) => level), [3, 3]);
  await worker.client.write(crypto.randomUUID(), room, { kind: "note", text: "Vi har talats vid." });
  await citizen.room(room, ({ items }) => items.some(({ what: said }) => said.kind === "note" && said.text === "Vi har talats vid."), "the note");
  const isOfCall = ({ what: said }: ItemView) => said.kind === "note" || said.kind === "call";
  const recorded = await citizen.room(room, ({ items, coveredSeq }) => items.filter(isOfCall).every(({ seq }) => seq <= coveredSeq), "recorded");
  assert.deepEqual(recorded.items.filter(isOfCall).map(({ refused }) => refused), recorded.items.filter(isOfCall).map(() => undefined));
});

test("the citizen goes first: the one who led has held a call, and writes its entry", async () => {
  await inCall();
  await citizen.client.callLeave(false);
  await call(worker, ({ people }) => people.length === 0, "alone");
  await worker.client.callLeave(false);
  const { call: id, wasHeld } = await call(worker, ({ phase }) => phase === "over", "over");
  assert.ok(wasHeld);
  await citizen.room(room, ({ items }) => items.some(({ what, author }) => what.kind === "call" && what.call === id && author.role === "staff"), "the entry");
});

test("who hangs up is told that it goes on, comes back to the same call, and is told when it is over", async () => {
  await inCall();
  const { call: id } = await call(worker, ({ phase }) => phase === "in", "in");
  await citizen.client.callLeave(false);
  await eventually("it goes on", async () => citizen.client.session?.rings.some((ring) => ring.state === "goesOn" && ring.call === id));
  await joined(citizen);
  const back = await call(citizen, ({ phase }) => phase === "waiting" || phase === "in", "there again");
  assert.equal(back.call, id);
  await citizen.client.callLeave(false);
  await worker.client.callLeave(true);
  await eventually("over", async () => citizen.client.session?.rings.length === 0);
});

test("who hangs up while the connection is lost is told nothing of a call that may be over", async () => {
  await inCall();
  await installation.killHost();
  await eventually("lost", async () => [worker, citizen].every(({ client }) => client.session?.call?.isConnected === false));
  await citizen.client.callLeave(false);
  await worker.client.callLeave(false);
  await installation.startHost();
  await eventually("ready", async () => citizen.client.session?.contact === "ready" && citizen.client.room(room)?.isCurrent);
  assert.deepEqual(citizen.client.session?.rings, []);
});

test("who logs out has left the call, and is not waited for", async () => {
  await inCall();
  await citizen.client.logout();
  await call(worker, ({ people }) => people.length === 0, "gone");
  assert.ok(framesOf.get(citizen)?.isClosed);
  await citizen.login("test.testsson");
  citizen.client.watch(room);
  await citizen.room(room, ({ isCurrent, isLocked }) => isCurrent && !isLocked);
});

test("on a borrowed device a call, and the wait for one, count as touching it; one that is over does not, nor one that was slept through", async (t) => {
  const clock = new AheadClock();
  const library = await Seat.take(installation, { role: "citizen", clock });
  t.after(() => library.close());
  const come = async () => {
    await library.login("test.testsson", { isShared: true });
    library.client.watch(room);
    await library.room(room, ({ isCurrent, isLocked }) => isCurrent && !isLocked);
    await joined(library);
    await call(library, ({ phase }) => phase === "waiting", "waits");
  };
  const passes = async (minutes: number) => {
    clock.aheadMs += minutes * 60_000;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return [library.client.session?.call?.phase, library.client.session?.isIdle];
  };
  await joined(worker);
  await come();
  for (let quarter = 0; quarter < 3; quarter++) assert.deepEqual(await passes(14), ["waiting", false]);
  const { participant } = await sees(worker, library, ({ state }) => state === "waiting", "waits");
  await worker.client.callAdmit(participant);
  await call(library, ({ phase }) => phase === "in", "in");
  for (let quarter = 0; quarter < 2; quarter++) assert.deepEqual(await passes(14), ["in", false]);
  await worker.client.callLeave(true);
  await call(library, ({ phase }) => phase === "over", "over");
  assert.deepEqual(await passes(14), ["over", true]);
  clock.aheadMs += 2 * 60_000;
  await eventually("logged out", async () => library.client.session?.login === "out");
  clock.aheadMs = 0;
  await joined(worker);
  await come();
  clock.aheadMs += 16 * 60_000;
  await eventually("logged out behind a sleep", async () => library.client.session?.login === "out");
  clock.aheadMs = 0;
  await come();
  for (let quarter = 0; quarter < 4; quarter++) assert.deepEqual(await passes(14), ["waiting", false]);
  assert.deepEqual(await passes(14), ["waiting", true], "nobody waits for ever");
  clock.aheadMs += 2 * 60_000;
  await eventually("logged out from a wait", async () => library.client.session?.login === "out");
});

test("the keeper writes the entry when the one who led is gone without a word", async () => {
  await inCall();
  // A keeper that begins in the middle of a call is shown it.
  await keeperGrace(1);
  const { call: id } = await call(worker, () => true, "the call");
  worker.crash();
  await call(citizen, ({ people }) => people.some(({ state }) => state === "away"), "gone");
  await citizen.client.callLeave(false);
  // Nobody is in it but one who is away: it is over when that one has been away for a minute.
  const view = await eventually("the keeper's entry", async () => {
    const shown = citizen.client.room(room);
    return shown?.items.find(({ what }) => what.kind === "call" && what.call === id);
  }, 100_000);
  assert.equal(view.author.role, "keeper");
  assert.ok(view.what.kind === "call");
  assert.deepEqual(view.what.people.map(({ name, role }) => [name, role]).sort(), [["Test Testsson", "citizen"], ["Testina Bjuvsdotter", "staff"]]);
  seats.splice(seats.indexOf(worker), 1);
});
