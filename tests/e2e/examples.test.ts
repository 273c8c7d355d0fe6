// The examples for libenrum, in a real installation: a kiosk writes, twice, and keeps what it cannot send; a service follows the room and
// prints what a caseworker's shell reads; and both say in words what is wrong.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createInterface } from "node:readline";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { run } from "../../demo/process.ts";
import { programs } from "./programs.ts";

interface Line {
  seq: number;
  role: string;
  kind: string;
  text?: string;
}

const TEXT = 'Hej "kiosk"\nsäger en till rad, å och \\ också';
let folder: string;
let installation: Installation;
let citizen: Device;
let worker: Device;
let room: string;
let service: ChildProcess | undefined;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-examples-"));
  installation = await Installation.start({ folder, programs: programs(), tls: true, boards: ["bjuv"] });
  citizen = new Device(installation, "kiosk", "bjuv", "test.testsson", "citizen");
  worker = new Device(installation, "worker", "bjuv", "bjuv.handlaggare", "staff");
  await citizen.login();
  await worker.login();
});

after(async () => {
  service?.kill("SIGKILL");
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const home = (device: Device) => installation.path("homes", device.home);
const environment = () => ({ CA: installation.ca! });

function kiosk(...words: string[]): ReturnType<typeof run> {
  return run([installation.program("kiosk"), home(citizen), ...words], { env: environment() });
}

/** Where nobody answers, and a minute is of no use. */
function kioskAlone(...words: string[]): ReturnType<typeof run> {
  return run([installation.program("kiosk"), home(citizen), ...words], { env: { ...environment(), PATIENCE: "1" } });
}

async function readTexts(of = room): Promise<string[]> {
  return (await worker.read(of)).filter(({ kind }) => kind === "message").map(({ text }) => text ?? "");
}

test("the kiosk opens a conversation, and goes on with it; what it prints is the number under which its words stand", async () => {
  const opened = await kiosk("new", "Från kiosken", TEXT);
  assert.equal(opened.code, 0, opened.err);
  const [, id = "", first = ""] = /^([0-9a-f]{64}) (\d+)\n$/.exec(opened.out) ?? [];
  room = id;
  await worker.take(room);
  const more = await kiosk(room, "Och en sak till");
  assert.equal(more.code, 0, more.err);
  const second = /^[0-9a-f]{64} (\d+)\n$/.exec(more.out)?.[1];
  const entries = await worker.read(room);
  assert.equal(entries.find(({ seq }) => seq === Number(first))?.text, TEXT);
  assert.equal(entries.find(({ seq }) => seq === Number(second))?.text, "Och en sak till");
});

test("the service prints every entry once, in order, as a line of JSON, also what comes later and over a host that dies", async () => {
  const lines: Line[] = [];
  const follow = spawn(installation.program("service"), [home(worker), room], { env: { ...process.env, ...environment() }, stdio: ["ignore", "pipe", "inherit"] });
  service = follow;
  createInterface({ input: follow.stdout! }).on("line", (line) => lines.push(JSON.parse(line) as Line));
  const said = () => lines.filter(({ kind }) => kind === "MESSAGE").map(({ text }) => text);
  await eventually("what was there", async () => said().length === 2);
  assert.deepEqual(said(), [TEXT, "Och en sak till"]);
  await installation.killHost();
  await installation.startHost();
  assert.equal((await kiosk(room, "Efter omstarten")).code, 0);
  await eventually("what came later", async () => said().includes("Efter omstarten"));
  assert.deepEqual(lines.map(({ seq }) => seq), lines.map((_line, index) => index + 1));
  assert.ok(lines.filter(({ kind }) => kind === "MESSAGE").every(({ role }) => role === "CITIZEN"));
  const ended = new Promise((resolve) => follow.once("exit", resolve));
  follow.kill("SIGTERM");
  assert.equal(await ended, 0);
});

test("what is written without a network is kept, says so by an end of its own, and goes once, in order, with the next run", async () => {
  const before = await readTexts();
  await installation.stopHost();
  for (const text of ["Utan nät", "Fortfarande utan nät"]) {
    const kept = await kioskAlone(room, text);
    assert.deepEqual([kept.code, kept.out], [3, `${room}\n`], kept.err);
    assert.match(kept.err, /^kiosk: kept, and goes with the next run: .+ \(NETWORK\)\n$/);
  }
  const opened = await kioskAlone("new", "Också utan nät", "I ett nytt samtal");
  assert.equal(opened.code, 3, opened.err);
  const unknown = await kioskAlone("0".repeat(64), "Dit den aldrig har varit");
  assert.deepEqual([unknown.code, unknown.out], [1, ""], "nobody is told that it is kept");
  assert.match(unknown.err, /\(TIMEOUT\)\n$/);
  await installation.startHost();
  const more = await kiosk(room, "Med nät igen");
  assert.equal(more.code, 0, more.err);
  assert.match(more.out, /^[0-9a-f]{64} \d+\n$/);
  const nothing = await kiosk();
  assert.deepEqual([nothing.code, nothing.out], [0, ""], nothing.err);
  assert.deepEqual((await readTexts()).slice(before.length), ["Utan nät", "Fortfarande utan nät", "Med nät igen"]);
  const other = opened.out.trim();
  await worker.take(other);
  assert.deepEqual(await readTexts(other), ["I ett nytt samtal"]);
});

test("a run without words sends what is kept", async () => {
  const before = await readTexts();
  await installation.stopHost();
  assert.equal((await kioskAlone(room, "Sparat till sist")).code, 3);
  await installation.startHost();
  const sent = await kiosk();
  assert.deepEqual([sent.code, sent.out], [0, ""], sent.err);
  assert.deepEqual((await readTexts()).slice(before.length), ["Sparat till sist"]);
});

test("what cannot be done is said in words, with an end that is not 0", async () => {
  const unknown = await kiosk("0".repeat(64), "Till ingen");
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /^kiosk: .+ \(ROOM_UNKNOWN\)\n$/);
  const nobody = await run([installation.program("service"), installation.path("homes", "nobody"), room], { env: environment() });
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /^service: .+ \(CONFIG\)\n$/);
  for (const words of [["x"], ["new"], ["new", "Titel", "Text", "mer"], ["old", "Titel", "Text"]]) assert.equal((await kiosk(...words)).code, 2);
});
