// A host that brings the keeper an old letter again, as one that it had kept: nothing comes of it, whether it was carried out before
// or refused, also when what it was refused for is so no longer and the keeper has been started anew. And a device that asks for
// certificates without end gets so many, and no more. Nor does an employee who is in league with such a host have another's letter answered,
// and what may be done again is not refused when it comes again.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bytesOfHex, layoutDecode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { letterEncode } from "../../client-sdk/web/protocol/letter.ts";
import { messageLetterIn } from "../../client-sdk/web/protocol/messages.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Seat, texts } from "../sdk/seat.ts";
import { Liar } from "./liar.ts";

const BOARD = "bjuv";
const RENEWALS_MAX = 10;
const FURTHER = "Ekonomiskt bistånd";

const folder = mkdtempSync(join(tmpdir(), "enrum-letters-"));
let installation: Installation;
let liar: Liar;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: [BOARD], units: { [FURTHER]: ["bjuv.handlaggare2"] } });
  liar = await Liar.start(installation.hostUrl, installation.path("host", "host.key"));
  const board = join(installation.path("boards", BOARD, "keeper"), "board.json");
  await installation.stopKeeper(BOARD);
  const told = JSON.parse(readFileSync(board, "utf8"));
  writeFileSync(board, JSON.stringify({ ...told, host: { ...told.host, url: liar.url } }));
  await installation.startKeeper(BOARD);
});

after(async () => {
  await installation?.stop();
  await liar?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const keeperLog = () => readFileSync(installation.path("logs", `keeper-${BOARD}.log`), "utf8");

/** Brings this letter in place of the next one that comes for the keeper, whatever that one asks. */
async function bring(letter: Bytes, durable: 0 | 1, ask: () => Promise<unknown>): Promise<void> {
  let isBrought = false;
  liar.lie = { told: (type, frame) => {
    if (type !== messageLetterIn.number || isBrought) return frame;
    isBrought = true;
    return messageEncode(messageLetterIn, { ...layoutDecode(messageLetterIn, letter), origin: 0, durable });
  } };
  await eventually("brought", async () => {
    if (!isBrought) ask().catch(() => undefined);
    return isBrought;
  });
  liar.lie = undefined;
}

test("whoever has given a conversation back does not have it again by the letter with which they took it", async () => {
  const citizen = new Device(installation, "citizen", BOARD, "test.testsson", "citizen");
  const worker = new Device(installation, "worker", BOARD, "bjuv.handlaggare", "staff");
  await Promise.all([citizen.login(), worker.login()]);
  const room = await citizen.newRoom("Ett samtal", "Hej");
  await eventually("the queue", async () => (await worker.must(["rooms"])).includes(room));
  let taking: Bytes | undefined;
  liar.lie = { told: (type, frame) => {
    if (type === messageLetterIn.number) taking ??= frame;
    return frame;
  } };
  await worker.must(["take", room]);
  await worker.must(["hand-over", room, "--why", "Semester"]);
  const waits = async () => new RegExp(`${room} {2}waiting`).test(await worker.must(["rooms"]));
  await eventually("it waits again", waits);
  // As if it had lain there.
  await bring(taking as Bytes, 1, () => citizen.run(["notices", "--timeout", "3"]));
  await eventually("it is refused", async () => /letter_refused kind="TAKE" err="LETTER_OLD"/.test(keeperLog()));
  assert.ok(await waits());
  assert.notEqual((await worker.run(["send", room, "Jag är kvar", "--timeout", "5"])).code, 0);
  await worker.must(["take", room]);
  await worker.must(["send", room, "Jag har det igen"]);
});

test("a letter that was refused stays refused, when it would no longer be and by a keeper that was started anew", async () => {
  const [citizen, worker, other] = await Promise.all((["citizen", "staff", "staff"] as const).map((role) => Seat.take(installation, { role }))) as [Seat, Seat, Seat];
  await citizen.login("test.testdotter");
  await worker.login("bjuv.handlaggare");
  await other.login("bjuv.handlaggare2");
  const person = other.client.session?.me?.person ?? "";
  const room = await citizen.client.open(crypto.randomUUID(), "Ett samtal till", "Hej");
  await eventually("the queue", async () => worker.client.session?.queue.some((row) => row.room === room));
  await worker.client.take(room);
  worker.client.watch(room);
  await worker.room(room, (view) => texts(view).includes("Hej"));
  let adding: Bytes | undefined;
  liar.lie = { told: (type, frame) => {
    if (type === messageLetterIn.number) adding = frame;
    return frame;
  } };
  await assert.rejects(worker.client.addColleague(room, person, "Vi hjälps åt."), { code: "NOT_STAFF" });
  liar.lie = undefined;
  await installation.staff(BOARD, "move", "--identity", "bjuv.handlaggare2", "--unit", "Mottagningen");
  const refusals = () => keeperLog().match(/letter_refused kind="ADD" err="NOT_STAFF"/g)?.length ?? 0;
  const isIn = () => worker.client.room(room)?.members.some((member) => member.person === person);
  let told = refusals();
  for (const durable of [1, 0] as const) {
    await bring(adding as Bytes, durable, () => worker.client.units());
    told++;
    await eventually("refused again", async () => refusals() === told);
    await installation.stopKeeper(BOARD, durable === 1 ? "SIGKILL" : "SIGTERM");
    installation.forgetKeeperDatabase(BOARD);
    await installation.startKeeper(BOARD);
  }
  await bring(adding as Bytes, 1, () => worker.client.units());
  await eventually("refused again", async () => refusals() === told + 1);
  assert.equal(isIn(), false);
  // The same, asked anew, is done: it is not what is asked that is refused.
  await worker.client.addColleague(room, person, "Nu är vi på samma enhet.");
  await eventually("in", async () => isIn());
  for (const seat of [citizen, worker, other]) await seat.close();
});

test("what was so already is not done by the same letter when it is so no longer", async () => {
  const [citizen, worker, other] = await Promise.all((["citizen", "staff", "staff"] as const).map((role) => Seat.take(installation, { role }))) as [Seat, Seat, Seat];
  await citizen.login("test.testdotter");
  await worker.login("bjuv.handlaggare");
  await other.login("bjuv.chef");
  const person = other.client.session?.me?.person ?? "";
  const room = await citizen.client.open(crypto.randomUUID(), "Ett tredje", "Hej");
  await eventually("the queue", async () => worker.client.session?.queue.some((row) => row.room === room));
  await worker.client.take(room);
  worker.client.watch(room);
  await worker.room(room, (view) => texts(view).includes("Hej"));
  await worker.client.addColleague(room, person, "Vi hjälps åt.");
  let adding: Bytes | undefined;
  liar.lie = { told: (type, frame) => {
    if (type === messageLetterIn.number) adding = frame;
    return frame;
  } };
  await worker.client.addColleague(room, person, "En gång till.");
  liar.lie = undefined;
  const isIn = () => worker.client.room(room)?.members.some((member) => member.person === person);
  await worker.client.endAccess(room, person, "LEFT");
  await eventually("out", async () => !isIn());
  await bring(adding as Bytes, 1, () => worker.client.units());
  // Letters are dealt with in their order: what comes behind it is answered after it.
  await worker.client.units();
  await worker.client.send(crypto.randomUUID(), room, "Ensam igen");
  await worker.room(room, ({ items, waiting }) => waiting === 0 && items.some(({ what }) => what.kind === "message" && what.text === "Ensam igen"));
  assert.equal(isIn(), false);
  for (const seat of [citizen, worker, other]) await seat.close();
});

test("a colleague who is in league with the host has nobody else's letter answered before, by one with its id", async () => {
  const [citizen, worker, other, colleague] = await Promise.all((["citizen", "staff", "staff", "staff"] as const).map((role) => Seat.take(installation, { role }))) as [Seat, Seat, Seat, Seat];
  await citizen.login("test.testdotter");
  await worker.login("bjuv.handlaggare");
  await other.login("bjuv.handlaggare2");
  await colleague.login("bjuv.chef");
  const person = colleague.client.session?.me?.person ?? "";
  const room = await citizen.client.open(crypto.randomUUID(), "Ett fjärde", "Hej");
  await eventually("the queue", async () => worker.client.session?.queue.some((row) => row.room === room));
  await worker.client.take(room);
  worker.client.watch(room);
  await worker.room(room, (view) => texts(view).includes("Hej"));
  // The host keeps the letter back, and sees its id.
  let held: Bytes | undefined;
  liar.lie = { told: (type, frame) => {
    if (type !== messageLetterIn.number || held !== undefined) return frame;
    held = frame;
    return messageEncode(messageLetterIn, { ...layoutDecode(messageLetterIn, frame), letter: new Uint8Array(64) });
  } };
  const adding = worker.client.addColleague(room, person, "Vi hjälps åt.");
  adding.catch(() => undefined);
  await eventually("held back", async () => held !== undefined);
  liar.lie = undefined;
  const { keys, me, asks, board, clock } = other.engine.enrum;
  const message = layoutDecode(messageLetterIn, held as Bytes);
  const { sign_key: signKey, seal_key: sealKey } = asks.keepers[0]?.certificate.body as { sign_key: Bytes; seal_key: Bytes };
  const letter = await letterEncode({ sign: keys.sign, seal: keys.seal, certificate: me?.bytes as Bytes }, {
    kind: "ADD", board: board.id, id: message.id, timeMs: clock.wallMs(), body: { room: bytesOfHex(room), person: bytesOfHex(person), text: "" },
  }, { signKey, sealKey });
  const refusals = () => keeperLog().match(/letter_refused kind="ADD"/g)?.length ?? 0;
  const before = refusals();
  await bring(messageEncode(messageLetterIn, { ...message, letter }), 0, () => colleague.client.units());
  await eventually("it is refused", async () => refusals() === before + 1);
  let isBrought = false;
  liar.lie = { told: (type, frame) => {
    if (type !== messageLetterIn.number || isBrought) return frame;
    isBrought = true;
    return held as Bytes;
  } };
  colleague.client.units().catch(() => undefined);
  await adding;
  liar.lie = undefined;
  await worker.room(room, ({ members }) => members.some((member) => member.person === person));
  for (const seat of [citizen, worker, other, colleague]) await seat.close();
});

test("a log-out that comes a second time is not refused", async () => {
  const [phone, other] = await Promise.all([Seat.take(installation, { role: "citizen" }), Seat.take(installation, { role: "citizen" })]);
  await phone.login("test.testdotter");
  await other.login("test.testdotter");
  const came: Bytes[] = [];
  liar.lie = { told: (type, frame) => {
    if (type === messageLetterIn.number) came.push(frame);
    return frame;
  } };
  await phone.client.logOutDevice(other.client.session?.me?.device ?? "");
  liar.lie = undefined;
  assert.ok(came.length > 0);
  for (const letter of came) await bring(letter, 0, () => phone.client.units());
  // Letters are dealt with in their order: what comes behind it is answered after it.
  await phone.client.units();
  assert.doesNotMatch(keeperLog(), /letter_refused kind="LOG_OUT"/);
  await phone.close();
  await other.close();
});

test("a device that asks for certificates without end gets so many in an hour; another one gets its own", async () => {
  const [greedy, other] = await Promise.all([Seat.take(installation, { role: "citizen" }), Seat.take(installation, { role: "citizen" })]);
  await greedy.login("test.testdotter");
  await other.login("test.testdotter");
  const renew = (seat: Seat) => seat.engine.enrum.ask({ kind: "RENEW", body: { role: ROLES.CITIZEN } });
  for (let i = 0; i < RENEWALS_MAX; i++) assert.equal((await renew(greedy))?.kind, "LOGGED_IN");
  for (let i = 0; i < 3; i++) await assert.rejects(renew(greedy), (error) => error instanceof EnrumError && error.code === "TOO_FAST");
  assert.equal((await renew(other))?.kind, "LOGGED_IN");
  await greedy.close();
  await other.close();
});
