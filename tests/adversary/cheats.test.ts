// A member who writes what no host can see is wrong: the real host takes it, and every reader shows it as refused or as what
// cannot be read, by itself and before any keeper has said so; the keeper's next checkpoint refuses it with the same ground.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deriveKeyImport, suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { KEY_BYTES, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import type { ItemView, RoomView } from "../../client-sdk/web/sdk/view.ts";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Seat, texts } from "../sdk/seat.ts";
import { CHEATS, UNEQUALS, type Cheat, type Given, type Writer } from "./cheats.ts";
import { keepersKnown, openUnequal, receiverAt, receiverOf, slip, type Receiver, type RoomKeys } from "./forger.ts";
import { TWO_KEYS, TWO_TEXTS } from "./tworeadings.ts";

const BOARD = "bjuv";
const CITIZEN = "test.testsson";
const EXIT_TRUST = 3;
const NO_BYTES = new Uint8Array(0);
const WORDS = ["Hej", "Hej själv"];

/** An entry as a command line shows it in JSON. */
interface Line {
  seq: number;
  kind: string;
  recorded: boolean;
  refused?: string;
  error?: string;
}

const folder = mkdtempSync(join(tmpdir(), "enrum-cheats-"));
let installation: Installation;
/** Those who cheat, and by another browser and a command line those who read. */
let writers: { [W in Writer]: Seat };
let reader: Seat;
let device: Device;
let room: string;
/** The number of each row's entry. */
const seqs = new Map<Cheat, number>();
/** As shown before and after the keeper has judged. */
const shown: { [when in "before" | "after"]: { views: RoomView[]; lines: Map<number, Line> } } = {
  before: { views: [], lines: new Map() }, after: { views: [], lines: new Map() },
};

async function lines(): Promise<Map<number, Line>> {
  return new Map((await device.read(room)).map((entry) => [entry.seq, entry as Line]));
}

/** Everybody who reads has everything up to here. */
async function lookAll(holds: (view: RoomView) => boolean, what: string): Promise<{ views: RoomView[]; lines: Map<number, Line> }> {
  const views: RoomView[] = [];
  for (const seat of [reader, ...Object.values(writers)]) views.push(await seat.room(room, holds, what));
  return { views, lines: await lines() };
}

async function talk(): Promise<void> {
  const { CITIZEN: citizen, STAFF: caseworker } = writers;
  room = await citizen.client.open(crypto.randomUUID(), "Ärlighet", WORDS[0] as string);
  await eventually("it waits in the queue", async () => caseworker.client.session?.queue.some((row) => row.room === room));
  await caseworker.client.take(room);
  for (const { client } of [citizen, caseworker, reader]) client.watch(room);
  await caseworker.room(room, (view) => texts(view).length === 1, "the caseworker reads");
  await caseworker.client.send(crypto.randomUUID(), room, WORDS[1] as string);
  await lookAll((view) => texts(view).length === WORDS.length, "all read all");
}

async function cheat(row: Cheat): Promise<void> {
  const { writer, content, isUnderOtherKey } = row;
  const key = isUnderOtherKey ? await deriveKeyImport(suiteRandom(KEY_BYTES)) : undefined;
  const words = { class: "RECORD", open: { cause: NO_BYTES, blobs: NO_BYTES }, content } as const;
  seqs.set(row, await slip(writers[writer], room, words, key));
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: [BOARD] });
  writers = {
    CITIZEN: await Seat.take(installation, { role: "citizen" }), STAFF: await Seat.take(installation, { role: "staff" }),
  };
  reader = await Seat.take(installation, { role: "citizen" });
  device = new Device(installation, "reader", BOARD, CITIZEN, "citizen");
  await writers.CITIZEN.login(CITIZEN);
  await writers.STAFF.login("bjuv.handlaggare");
  await reader.login(CITIZEN);
  await device.login();
  await talk();
  await installation.stopKeeper(BOARD);
  for (const row of CHEATS) await cheat(row);
  const last = Math.max(...seqs.values());
  shown.before = await lookAll((view) => view.isCurrent && view.headSeq >= last, "all have come");
  await installation.startKeeper(BOARD);
  shown.after = await lookAll((view) => view.coveredSeq >= last, "the keeper has judged");
});

after(async () => {
  for (const seat of [reader, ...Object.values(writers ?? {})]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function itemAt({ items }: RoomView, seq: number): ItemView {
  return items.find((item) => item.seq === seq) as ItemView;
}

/** By the browser and by the command line, of themselves. */
function assertShown({ shown: expected }: Cheat, seq: number): void {
  const line = shown.before.lines.get(seq) as Line;
  for (const view of shown.before.views) {
    const { refused, what } = itemAt(view, seq);
    if ("refused" in expected) assert.equal(refused, expected.refused);
    else assert.deepEqual(what, { kind: "unreadable", error: expected.error });
  }
  if ("refused" in expected) assert.equal(line.refused, expected.refused.toLowerCase());
  else assert.equal(line.error, expected.error);
}

/** By the keeper, and then by whoever reads its checkpoint. */
function assertRefused({ ground }: Cheat, seq: number): void {
  for (const view of shown.after.views) {
    const told = view.items.flatMap(({ what }) => what.kind === "checkpoint" ? what.refused : []);
    assert.deepEqual(told.filter((refusal) => refusal.seq === seq), [{ seq, ground }]);
    assert.equal(itemAt(view, seq).refused, ground);
  }
  const line = shown.after.lines.get(seq) as Line;
  assert.equal(line.refused, ground.toLowerCase());
  assert.equal(line.recorded, false);
}

for (const row of CHEATS) {
  test(`${row.name}: every reader shows it for what it is`, () => {
    const seq = seqs.get(row) as number;
    assertShown(row, seq);
    assertRefused(row, seq);
  });
}

test("what is refused is nobody's newest words, and names nobody and queues nothing anew", () => {
  for (const { lastText, title, trouble } of shown.after.views) {
    assert.deepEqual({ lastText, title, trouble }, { lastText: WORDS.at(-1), title: "Ärlighet", trouble: undefined });
  }
  const people = shown.after.views.flatMap((view) => view.members.map(({ name }) => name));
  assert.ok(people.every((name) => !name.startsWith("Flytta")));
  assert.equal(writers.STAFF.client.session?.queue.length, 1);
});

test("a keeper that is there refuses it as it comes, and records what comes behind it", async () => {
  const again = CHEATS.filter(({ name }) => name.endsWith("no reader has") || name.endsWith("nobody knows"));
  for (const row of again) await cheat(row);
  const last = Math.max(...again.map((row) => seqs.get(row) as number));
  await writers.CITIZEN.client.send(crypto.randomUUID(), room, "Trots allt");
  shown.after = await lookAll((view) => view.coveredSeq > last && texts(view).at(-1) === "Trots allt", "recorded behind it");
  for (const row of again) assertRefused(row, seqs.get(row) as number);
  const words = shown.after.views.flatMap(({ items }) => items.filter(({ what }) => what.kind === "message" && what.text === "Trots allt"));
  assert.ok(words.length === shown.after.views.length && words.every(({ refused }) => refused === undefined));
});

// -- Unequal keys -----------------------------------------------------------------------------------------------------

async function keeperTells(error: ErrorName, room: string): Promise<void> {
  const line = new RegExp(`err="${error}" room=${room.slice(0, 8)}`);
  await eventually(`the keeper tells ${error}`, async () => line.test(readFileSync(installation.path("logs", `keeper-${BOARD}.log`), "utf8")));
}

/** The other browser and the command line: both tell it, or both read the words. */
async function devicesMeet(opened: string, error: ErrorName | undefined, words: string): Promise<void> {
  reader.client.watch(opened);
  if (error === undefined) {
    await reader.room(opened, (view) => texts(view).at(-1) === words, "the other browser reads");
    assert.equal((await device.read(opened)).find(({ kind }) => kind === "message")?.text, words);
    return;
  }
  await eventually(`the other browser tells ${error}`, async () => reader.client.session?.rooms.find((summary) => summary.room === opened)?.trouble === error);
  assert.deepEqual(texts(reader.client.room(opened) as RoomView), [], "nothing of it is read");
  const ran = await device.run(["read", opened]);
  assert.match(ran.err, new RegExp(`\\(${error}\\)`));
  assert.equal(ran.code, EXIT_TRUST);
  for (const text of [words, ...TWO_TEXTS]) assert.ok(!ran.out.includes(text));
}

/** A conversation that the citizen opens; the other devices, and the keepers, are given what stands with them. */
async function openGiving(devices: Given, keeper: Given, words: string, keys?: RoomKeys): Promise<string> {
  const { CITIZEN: citizen } = writers;
  const others = [receiverOf(reader), await receiverAt(installation.path("homes", device.home))];
  const opened = await openUnequal(citizen, [
    [receiverOf(citizen), "COMMITTED"], ...others.map((other): [Receiver, Given] => [other, devices]),
    ...keepersKnown(citizen).map((one): [Receiver, Given] => [one, keeper]),
  ], words, keys);
  citizen.client.watch(opened);
  return opened;
}

for (const { name, devices, keeper, toldByDevices, toldByKeeper } of UNEQUALS) {
  test(`a citizen who ${name}: ${[toldByDevices, toldByKeeper].filter(Boolean).join(", ") || "the keeper grants what is missing"}`, async () => {
    const { CITIZEN: citizen } = writers;
    const hasTwoReadings = [devices, keeper].includes("SECOND");
    const later = `Med nycklar: ${devices}, ${keeper}`;
    const words = hasTwoReadings ? TWO_TEXTS[0] : later;
    const opened = await openGiving(devices, keeper, words, hasTwoReadings ? TWO_KEYS : undefined);
    await devicesMeet(opened, toldByDevices, words);
    if (toldByKeeper !== undefined) await keeperTells(toldByKeeper, opened);
    // What comes later elsewhere is recorded, so the keeper has had its time.
    await citizen.client.send(crypto.randomUUID(), room, later);
    await citizen.room(room, (view) => view.items.some(({ what, seq }) => what.kind === "message" && what.text === later && seq <= view.coveredSeq), "recorded elsewhere");
    await citizen.room(opened, (view) => toldByKeeper !== undefined || view.coveredSeq > 0, "recorded");
    assert.equal(citizen.client.room(opened)?.coveredSeq === 0, toldByKeeper !== undefined, "recorded, or not");
  });
}

/** Who has the first key reads the first text, who has the second the second: everybody the same, by the commitment. */
for (const [which, text] of TWO_TEXTS.entries()) {
  test(`a message of two readings is read as "${text}" by all where the generation commits to the ${which === 0 ? "first" : "second"} key`, async () => {
    const opened = await openGiving("COMMITTED", "COMMITTED", text, which === 0 ? TWO_KEYS : [TWO_KEYS[1], TWO_KEYS[0]]);
    await devicesMeet(opened, undefined, text);
    const { items } = await writers.CITIZEN.room(opened, (view) => view.items.some(({ what, seq }) => what.kind === "message" && seq <= view.coveredSeq), "recorded");
    assert.deepEqual(items.flatMap(({ what, refused }) => what.kind === "message" ? [[what.text, refused]] : []), [[text, undefined]]);
  });
}
