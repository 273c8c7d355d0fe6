// Who may change who is in a conversation, against the real host and keeper: letters that the pages would never send.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { bytesHex, framePeek } from "../../client-sdk/web/protocol/layout.ts";
import type { WireBodyProfile } from "../../client-sdk/web/protocol/layouts.ts";
import { messageLetterBack } from "../../client-sdk/web/protocol/messages.ts";
import { systemClock, webSocketOpen, type Clock, type SocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import type { Invitation } from "../../client-sdk/web/sdk/view.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-people-"));
let installation: Installation;
let citizen: Seat;
let other: Seat;
let worker: Seat;
let colleague: Seat;
let room: string;

const me = (seat: Seat) => seat.client.session?.me?.person ?? "";
const refuses = (what: Promise<unknown>, code: string) => assert.rejects(what, { code });
const invitation: Invitation = { capacity: "OMBUD", name: "Test Ombudsson", hasHistory: false, until: 0, why: "Fullmakt." };

async function codeOf(invited: Promise<string | undefined>): Promise<string> {
  const code = await invited;
  assert.ok(code !== undefined);
  return code;
}

/** Types a code; what the page would show. */
async function redeemsAs(seat: Seat, code: string): Promise<string | undefined> {
  await eventually("a connection", async () => seat.client.session?.contact === "ready");
  await seat.client.redeem(code, false);
  const { enrum } = seat.engine;
  await eventually("an answer", async () => !enrum.login.isBusy);
  return enrum.loginError;
}

/** On a device of nobody. */
async function redeems(code: string): Promise<string | undefined> {
  const seat = await Seat.take(installation, { role: "citizen" });
  const error = await redeemsAs(seat, code);
  await seat.close();
  return error;
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  [citizen, other, worker, colleague] = await Promise.all((["citizen", "citizen", "staff", "staff"] as const).map((role) => Seat.take(installation, { role }))) as [Seat, Seat, Seat, Seat];
  await citizen.login("test.foralder");
  await other.login("test.testsson");
  await worker.login("bjuv.handlaggare");
  await colleague.login("bjuv.handlaggare2");
  room = await citizen.client.open(crypto.randomUUID(), "Skolan", "Hej!");
  await eventually("queued", async () => worker.client.session?.queue.some((row) => row.room === room));
  await worker.client.take(room);
  worker.client.watch(room);
});

after(async () => {
  for (const seat of [citizen, other, worker, colleague]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a citizen changes nothing of who is in their conversation", async () => {
  await refuses(citizen.client.addColleague(room, me(colleague), ""), "MAY_NOT");
  await refuses(citizen.client.handOver(room, me(colleague), "Jag vill ha en annan."), "MAY_NOT");
  await refuses(citizen.client.endAccess(room, me(worker), "ABUSE"), "MAY_NOT");
  await refuses(citizen.client.invite(room, invitation), "MAY_NOT");
});

test("a code whose answer is lost on a borrowed device is good there once more; a login by e-ID leaves with other keys", async () => {
  let [aheadMs, isDeaf, lost] = [0, true, 0];
  const socketOpen: SocketOpen = (url, events) => webSocketOpen(url, { ...events, frame: (frame) => {
    if (isDeaf && framePeek(frame).type === messageLetterBack.number) lost++;
    else events.frame(frame);
  } });
  const code = await codeOf(worker.client.invite(room, { ...invitation, name: "Testa Ombudsson" }));
  const seat = await Seat.take(installation, { role: "citizen", socketOpen, clock: { ...systemClock, monoMs: () => systemClock.monoMs() + aheadMs } });
  await eventually("a connection", async () => seat.client.session?.contact === "ready");
  const { enrum } = seat.engine;
  const redeem = async () => {
    await seat.client.redeem(code, true);
    if (isDeaf) await eventually("the answer is lost", async () => lost > 0);
    if (isDeaf) aheadMs += 31_000;
    await eventually("judged", async () => !enrum.login.isBusy);
    return enrum.loginError;
  };
  const device = bytesHex(enrum.device);
  assert.equal(await redeem(), "TIMEOUT");
  assert.equal(bytesHex(enrum.device), device);
  isDeaf = false;
  assert.equal(await redeem(), undefined);
  assert.notEqual(enrum.me, undefined);
  await seat.close();
  // Nobody knows what became of this one; whoever goes to the e-ID instead is another device, and still on a borrowed one.
  isDeaf = true;
  lost = 0;
  const next = await Seat.take(installation, { role: "citizen", socketOpen, clock: { ...systemClock, monoMs: () => systemClock.monoMs() + aheadMs } });
  await eventually("a connection", async () => next.client.session?.contact === "ready");
  await next.client.redeem(await codeOf(worker.client.invite(room, { ...invitation, name: "Testo Ombudsson" })), true);
  await eventually("the answer is lost", async () => lost > 0);
  aheadMs += 31_000;
  await eventually("given up", async () => next.engine.enrum.loginError === "TIMEOUT");
  const before = bytesHex(next.engine.enrum.device);
  lost = 0;
  await next.client.redeem("ABCD-EFGH-0123-4567", true);
  await eventually("the answer is lost", async () => lost > 0);
  aheadMs += 31_000;
  await eventually("given up", async () => !next.engine.enrum.login.isBusy);
  assert.equal(bytesHex(next.engine.enrum.device), before);
  await next.client.loginBegin("demo", "http://127.0.0.1:1/callback", true);
  assert.notEqual(bytesHex(next.engine.enrum.device), before);
  assert.deepEqual((await next.store.all("meta")).map(({ key }) => key).sort(), ["board", "keys", "login"]);
  await next.close();
  // Not a borrowed one after all.
  lost = 0;
  const own = await Seat.take(installation, { role: "citizen", socketOpen, clock: { ...systemClock, monoMs: () => systemClock.monoMs() + aheadMs } });
  await eventually("a connection", async () => own.client.session?.contact === "ready");
  await own.client.redeem("ABCD-EFGH-0123-4567", true);
  const first = bytesHex(own.engine.enrum.device);
  await eventually("the answer is lost", async () => lost > 0);
  aheadMs += 31_000;
  await eventually("given up", async () => !own.engine.enrum.login.isBusy);
  isDeaf = false;
  await own.client.redeem("ABCD-EFGH-0123-4567", false);
  await eventually("refused", async () => own.engine.enrum.loginError === "CODE_WRONG");
  assert.notEqual(bytesHex(own.engine.enrum.device), first);
  await own.close();
});

test("an employee who is not in the conversation is told that there is none", async () => {
  await refuses(colleague.client.addColleague(room, me(colleague), ""), "ROOM_UNKNOWN");
  await refuses(colleague.client.handOver(room, me(colleague), "Jag tar det."), "ROOM_UNKNOWN");
  await refuses(colleague.client.endAccess(room, me(worker), "ABUSE"), "ROOM_UNKNOWN");
  await refuses(colleague.client.invite(room, invitation), "ROOM_UNKNOWN");
});

test("only a colleague is added or handed over to, and never without a reason in the journal", async () => {
  await refuses(worker.client.addColleague(room, me(other), ""), "NOT_STAFF");
  await refuses(worker.client.handOver(room, me(citizen), "Ta den."), "NOT_STAFF");
  await refuses(worker.client.addColleague(room, me(worker), ""), "MAY_NOT");
  await refuses(worker.client.handOver(room, me(colleague), ""), "MALFORMED");
  await refuses(worker.client.endAccess(room, me(citizen), "ABUSE"), "MAY_NOT");
});

test("a number that is none, and a time that is over let nobody in", async () => {
  await refuses(worker.client.invite(room, { ...invitation, number: "9001152397" }), "MALFORMED");
  await refuses(worker.client.invite(room, { ...invitation, until: Date.now() - 1_000 }), "MALFORMED");
  await refuses(worker.client.invite(room, { ...invitation, number: "198006089240" }), "PERSON_THERE");
  // A code for a pseudonym of somebody's e-ID would be a way in to what is theirs.
  await refuses(worker.client.invite(room, { ...invitation, person: me(citizen) }), "MAY_NOT");
  await refuses(worker.client.invite(room, { ...invitation, person: me(other) }), "MAY_NOT");
});

test("an interpreter is let in with an end and without history, or not at all", async () => {
  const interpreter: Invitation = { capacity: "INTERPRETER", name: "Test Tolksson", hasHistory: false, until: Date.now() + 3_600_000, why: "Möte." };
  await refuses(worker.client.invite(room, { ...interpreter, hasHistory: true }), "MAY_NOT");
  await refuses(worker.client.invite(room, { ...interpreter, until: 0 }), "MALFORMED");
  await refuses(worker.client.invite(room, { ...interpreter, until: Date.now() - 1_000 }), "MALFORMED");
  await codeOf(worker.client.invite(room, interpreter));
  const found = () => worker.client.room(room)?.members.find(({ capacity }) => capacity === "INTERPRETER");
  await eventually("the interpreter", async () => found());
  await refuses(worker.client.invite(room, { ...interpreter, person: found()?.person ?? "", hasHistory: true }), "MAY_NOT");
  await worker.client.endAccess(room, found()?.person ?? "", "LEFT");
});

test("a code that is guessed at is void after five tries, and a new one is good once", async () => {
  const code = await codeOf(worker.client.invite(room, invitation));
  assert.equal(await redeems("nonsense"), "CODE_WRONG");
  const guess = `${code.slice(0, -1)}${code.endsWith("0") ? "1" : "0"}`;
  for (let i = 0; i < 5; i++) assert.equal(await redeems(guess), "CODE_WRONG");
  assert.equal(await redeems(code), "CODE_ENDED", "also with the right code");
  const view = () => worker.client.room(room);
  await eventually("the ombud", async () => view()?.members.some(({ capacity }) => capacity === "OMBUD"));
  const person = view()?.members.find(({ capacity }) => capacity === "OMBUD")?.person ?? "";
  const again = await codeOf(worker.client.invite(room, { ...invitation, person }));
  const last = await codeOf(worker.client.invite(room, { ...invitation, person }));
  assert.equal(await redeems(again), "CODE_ENDED", "of one person the newest is good");
  assert.equal(await redeems(last), undefined);
  assert.equal(await redeems(last), "CODE_ENDED", "used");
});

test("thirty wrong codes a minute keep nobody out who has a good one", async () => {
  const code = await codeOf(worker.client.invite(room, { ...invitation, name: "Test Stödsson", capacity: "SUPPORT" }));
  for (let wrong = 0; wrong < 31; wrong++) assert.notEqual(await redeems("2222-2222-2222-2222"), undefined);
  assert.equal(await redeems(code), undefined);
});

test("a new code of the same person lets a device in again on top of what it keeps, and nobody else's does", async () => {
  const codeFor = async (name: string, person?: string) => codeOf(worker.client.invite(room, { ...invitation, name, capacity: "SUPPORT", ...(person === undefined ? {} : { person }) }));
  const seat = await Seat.take(installation, { role: "citizen" });
  assert.equal(await redeemsAs(seat, await codeFor("Test Andersson")), undefined);
  const certificate = () => seat.engine.enrum.me?.certificate;
  const before = certificate();
  const others = await codeFor("Test Bengtsson");
  assert.equal(await redeemsAs(seat, others), "DEVICE_BOUND");
  assert.equal(certificate(), before);
  assert.equal(await redeems(others), undefined, "not used by that");
  assert.ok(before !== undefined);
  assert.equal(await redeemsAs(seat, await codeFor("Test Andersson", bytesHex(before.body.person))), undefined);
  const { body, device } = certificate()!;
  assert.deepEqual([body.person, device], [before.body.person, before.device]);
  assert.ok(body.not_after > before.body.not_after);
  await seat.close();
});

for (const days of [-1, 1]) {
  test(`who comes with a clock that is ${days} day off is told of the clock, with an e-ID and with a code`, async () => {
    // Of an earlier day, no keeper is one yet: that is waited for, four times as fast.
    const clock: Clock = { wallMs: () => Date.now() + days * 86_400_000, monoMs: () => 4 * systemClock.monoMs(), after: (ms, call) => systemClock.after(ms / 4, call) };
    const seat = await Seat.take(installation, { role: "citizen", clock });
    await eventually("a connection", async () => seat.client.session?.contact === "ready");
    await seat.loginAsk("test.testsson");
    await eventually("told", async () => seat.client.session?.loginError === "CERTIFICATE_NOT_YET");
    assert.equal(await redeemsAs(seat, "2222-2222-2222-2222"), "CERTIFICATE_NOT_YET");
    await seat.close();
  });
}

test("nobody's personal number is told in the conversation", async () => {
  const profiles = () => worker.engine.enrum.rooms.get(room)?.items.flatMap(({ content }) => content?.kind === "PROFILE" ? [content.body as WireBodyProfile] : []) ?? [];
  await eventually("the profiles of both", async () => profiles().length >= 2);
  assert.deepEqual(profiles().map(({ number }) => number).filter((number) => number !== ""), []);
});

test("a code does not outlive the access that it was made for", async () => {
  const before = new Set(worker.client.room(room)?.members.map(({ person }) => person));
  const code = await codeOf(worker.client.invite(room, invitation));
  const found = () => worker.client.room(room)?.members.find(({ person }) => !before.has(person))?.person;
  await eventually("the ombud", async () => found());
  await worker.client.endAccess(room, found() ?? "", "LEFT");
  assert.equal(await redeems(code), "CODE_ENDED");
});

test("nobody logs out a device of somebody else's, nor this way their own", async () => {
  await refuses(other.client.logOutDevice(citizen.client.session?.me?.device ?? ""), "MAY_NOT");
  await refuses(citizen.client.logOutDevice(citizen.client.session?.me?.device ?? ""), "MAY_NOT");
  await refuses(citizen.client.logOutDevice("ab".repeat(32)), "MAY_NOT");
});

test("a host that says a device is revoked makes it forget nothing: only the keeper's word does", async () => {
  const { enrum } = citizen.engine;
  enrum.onProofRefused("CERTIFICATE_REVOKED");
  await eventually("asked", async () => enrum.loginError === undefined);
  assert.equal(citizen.client.session?.login, "in");
  assert.ok(enrum.rooms.get(room)?.items.length);
  const second = await Seat.take(installation, { role: "citizen" });
  await second.login("test.foralder");
  await citizen.client.logOutDevice(second.client.session?.me?.device ?? "");
  await eventually("put out", async () => second.client.session?.login === "out" && second.client.session.loginError === "CERTIFICATE_REVOKED");
  assert.deepEqual(await second.store.all("rooms"), []);
  await second.close();
});

test("a conversation that is handed over has one who has it, in every colleague's queue", async () => {
  const takenBy = (seat: Seat) => seat.client.session?.queue.find((row) => row.room === room)?.takenBy?.person;
  await worker.client.addColleague(room, me(colleague), "Vi är två.");
  await eventually("added", async () => colleague.client.session?.rooms.some((row) => row.room === room));
  assert.equal(takenBy(worker), me(worker), "an addition changes nothing of that");
  await worker.client.handOver(room, me(colleague), "Jag slutar.");
  await eventually("handed over", async () => takenBy(worker) === me(colleague) && takenBy(colleague) === me(colleague));
  await eventually("gone", async () => worker.client.session?.rooms.find((row) => row.room === room)?.isDenied);
});
