// Attachments from the command line to the real host and back, while the host, the network's other end and the programs die.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device, eventually, type Entry } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "./programs.ts";

interface FileEntry extends Entry {
  file?: { name: string; size: number; media_type?: string };
  error?: string;
  refused?: string;
}

const LARGE = 12_000_000;
const PATIENCE = { patience: 240_000 };
let folder: string;
let installation: Installation;
let citizen: Device;
let staff: Device;
let room: string;

const path = (name: string): string => join(folder, name);
const digest = (name: string): string => createHash("sha256").update(readFileSync(name)).digest("hex");

function made(name: string, size: number): string {
  writeFileSync(path(name), randomBytes(size));
  return path(name);
}

async function fileEntries(device: Device): Promise<FileEntry[]> {
  return (await device.read(room) as FileEntry[]).filter(({ kind }) => kind === "file");
}

async function sent(name: string): Promise<FileEntry> {
  const found = (await fileEntries(staff)).filter(({ file }) => file?.name === name);
  assert.equal(found.length, 1, `${name} stands ${found.length} times`);
  return found[0]!;
}

/** What the other one gets is what was sent. */
async function arrives(name: string): Promise<void> {
  const { seq } = await sent(name);
  const to = path(`got-${name}`);
  assert.equal(await staff.must(["--timeout", "60", "save", room, `${seq}`, to], PATIENCE), `${to}\n`);
  assert.equal(digest(to), digest(path(name)), name);
  assert.equal(statSync(to).mode & 0o777, 0o600);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-files-"));
  installation = await Installation.start({ folder: path("installation"), programs: programs(), tls: true, boards: ["bjuv"] });
  citizen = new Device(installation, "citizen", "bjuv", "test.testsson", "citizen");
  staff = new Device(installation, "staff", "bjuv", "bjuv.handlaggare", "staff");
  await citizen.login();
  await staff.login();
  room = await citizen.newRoom("Bilagor", "Jag skickar några filer.");
  await eventually("the queue", async () => (await staff.run(["take", room])).code === 0);
});

after(async () => {
  await installation.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("files of every usual size go there and come back, and the keeper records them", async () => {
  for (const [name, size] of [["tom.txt", 0], ["ett.bin", 1], ["bild.jpg", 65_536], ["sida.pdf", 65_537], ["film.mp4", 3_000_000]] as const) {
    await citizen.must(["send", room, "--file", made(name, size), `Se ${name}`]);
    const entry = await sent(name);
    assert.equal(entry.file?.size, size);
    assert.equal(entry.text, `Se ${name}`);
    await arrives(name);
  }
  await eventually("the checkpoint", async () => (await fileEntries(citizen)).every(({ recorded, refused }) => recorded && refused === undefined));
});

test("staff send files as well", async () => {
  await staff.must(["send", room, "--file", made("beslut.pdf", 200_000)]);
  const [entry] = (await fileEntries(citizen)).filter(({ file }) => file?.name === "beslut.pdf");
  await citizen.must(["save", room, `${entry!.seq}`, path("beslut-got.pdf")]);
  assert.equal(digest(path("beslut-got.pdf")), digest(path("beslut.pdf")));
});

test("what is there already is not written over, and a folder gets the file's own name", async () => {
  const { seq } = await sent("ett.bin");
  writeFileSync(path("mine.bin"), "mine");
  const refused = await staff.run(["save", room, `${seq}`, path("mine.bin")]);
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, /name already/);
  assert.equal(readFileSync(path("mine.bin"), "utf8"), "mine");
  mkdirSync(path("into"));
  await staff.must(["save", room, `${seq}`, path("into")]);
  assert.deepEqual(readdirSync(path("into")), ["ett.bin"]);
  assert.notEqual((await staff.run(["save", room, "1", path("into")])).code, 0);
  assert.deepEqual(readdirSync(path("into")), ["ett.bin"]);
});

test("a file over the limit, a folder, and nothing at all are refused and leave nothing", async () => {
  for (const wrong of [made("stor.bin", 26_214_401), folder, path("nothing")]) {
    assert.notEqual((await citizen.run(["send", room, "--file", wrong])).code, 0, wrong);
  }
  assert.equal((await citizen.must(["send", room, "efter"])).split("\n").filter((line) => line !== "").length, 1);
});

test("a host that is killed during uploads has what it acknowledged, and the file arrives once", async () => {
  const file = made("avbruten.bin", LARGE);
  const sending = citizen.must(["--timeout", "120", "send", room, "--file", file], PATIENCE);
  for (let kill = 0; kill < 4; kill++) {
    await new Promise((resolve) => setTimeout(resolve, randomInt(100, 500)));
    await installation.killHost();
    await installation.startHost();
  }
  await sending;
  await arrives("avbruten.bin");
});

/** Starts a command, and kills it when it is time. */
async function killed(device: Device, isTime: () => Promise<unknown>, ...args: string[]): Promise<void> {
  const [program, ...rest] = installation.device(device.home, "bjuv", ...args);
  const child = spawn(program!, rest, { stdio: "ignore" });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await Promise.race([isTime(), closed]);
  child.kill("SIGKILL");
  await closed;
}

const after_ms = (ms: number) => (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

test("a program that is killed in the middle goes on with the next, without the file; what is written meanwhile goes first", async () => {
  const file = made("halv.bin", LARGE);
  const home = installation.path("homes", "citizen");
  // The draft is on the device when the first blobs have come to the host; one that was started anew begins its log anew.
  await installation.killHost();
  await installation.startHost();
  const held = (): number => readdirSync(installation.path("host", "data")).map((name) => statSync(installation.path("host", "data", name)).size)
    .reduce((sum, size) => sum + size, 0);
  const most = held() + 500_000;
  const isUnderWay = async (): Promise<void> => {
    while (held() < most) await after_ms(2)();
  };
  await killed(citizen, isUnderWay, "send", room, "--file", file);
  const bytes = readFileSync(file);
  rmSync(file);
  const ran = await citizen.run(["--timeout", "120", "send", room, "Medan filen är på väg"], PATIENCE);
  assert.equal(ran.code, 0, ran.err);
  writeFileSync(file, bytes);
  await arrives("halv.bin");
  const all = await staff.read(room) as FileEntry[];
  const text = all.find((entry) => entry.text === "Medan filen är på väg");
  assert.ok(text!.seq < (await sent("halv.bin")).seq);
  // Nothing of it is left on the device.
  assert.ok(!readFileSync(join(home, "enrum.db")).includes("halv.bin"));
});

test("a host that is killed during downloads ends no download", async () => {
  const { seq } = await sent("avbruten.bin");
  const to = path("ner.bin");
  const saving = staff.must(["--timeout", "120", "save", room, `${seq}`, to], PATIENCE);
  for (let kill = 0; kill < 3; kill++) {
    await new Promise((resolve) => setTimeout(resolve, randomInt(50, 300)));
    await installation.killHost();
    await installation.startHost();
  }
  await saving;
  assert.equal(digest(to), digest(path("avbruten.bin")));
});

test("a download that is killed leaves nothing behind, also not in part", async () => {
  const { seq } = await sent("avbruten.bin");
  mkdirSync(path("empty"));
  for (const ms of [400, 800, 1200]) {
    await killed(staff, after_ms(ms), "save", room, `${seq}`, path("empty/del.bin"));
    if (existsSync(path("empty/del.bin"))) {
      assert.equal(digest(path("empty/del.bin")), digest(path("avbruten.bin")));
      rmSync(path("empty/del.bin"));
    }
    assert.deepEqual(readdirSync(path("empty")), []);
  }
});
