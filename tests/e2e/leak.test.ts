// What the host has: its files, its logs and its memory hold no word said, no name, no personal number and no kind.
// The positive control: the same conversation and the same search, with programs built without sealing, find all of it.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Device, eventually } from "../../demo/device.ts";
import { Installation, personas } from "../../demo/installation.ts";
import { run } from "../../demo/process.ts";
import { programs } from "./programs.ts";
import { search, type Find } from "./search.ts";

const title = "Rubriken vinbärssnår";
const said = ["Hemligheten heter blåbärskulle", "Svaret är lingonskogen, sade hon"];
/** A file's name, and what is in it. */
const attached = { name: "kråkbärsintyg", words: "Bilagan gömmer hjortronmyren" };

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/** Content of kind `message` by a role, as the layout begins: kind, role, rule version 1, no event time, no language. */
function kindMark(role: number): { name: string; bytes: Buffer } {
  return { name: `a message's kind (role ${role})`, bytes: Buffer.from([0x96, 1, role, 1, 0, 0xa0]) };
}

interface Outcome {
  finds: (Find & { where: string })[];
  needles: string[];
  searched: number;
}

async function converse(programsFolder: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "enrum-leak-"));
  const installation = await Installation.start({ folder, programs: programsFolder, tls: true, boards: ["bjuv"] });
  try {
    const citizen = new Device(installation, "citizen", "bjuv", "test.testsson", "citizen");
    const worker = new Device(installation, "worker", "bjuv", "bjuv.handlaggare", "staff");
    await Promise.all([citizen.login(), worker.login()]);
    const room = await citizen.newRoom(title, said[0]!);
    await worker.take(room);
    await worker.must(["send", room, said[1]!]);
    const file = installation.path(`${attached.name}.txt`);
    writeFileSync(file, `${attached.words}\n`);
    await worker.must(["send", room, "--file", file]);
    const entry = await eventually("the file", async () => (await citizen.read(room)).find(({ kind }) => kind === "file"));
    await citizen.must(["save", room, `${entry.seq}`, installation.path("saved.txt")]);
    assert.equal(readFileSync(installation.path("saved.txt"), "utf8"), `${attached.words}\n`);
    await eventually("the answer", async () => (await citizen.read(room)).some((e) => e.text === said[1]));
    return await look(installation);
  } finally {
    await installation.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function look(installation: Installation): Promise<Outcome> {
  const persons = personas.filter((p) => ["test.testsson", "bjuv.handlaggare"].includes(p.id));
  const needles = [
    title,
    ...said,
    ...Object.values(attached),
    ...persons.flatMap((p) => [p.name, p.personalIdentityNumber ?? p.name, p.title ?? p.name]),
  ];
  const core = installation.path("core");
  const dumped = await run(["gcore", "-o", core, String(installation.hostPid)], { patience: 120_000 });
  assert.equal(dumped.code, 0, `gcore: ${dumped.err}`);
  const image = `${core}.${installation.hostPid}`;
  const places = [
    ...files(installation.path("host")),
    installation.path("logs", "enrumd.log"),
    image,
  ];
  const marks = [kindMark(2), kindMark(3)];
  const finds: Outcome["finds"] = [];
  let searched = 0;
  for (const where of places) {
    const bytes = readFileSync(where);
    searched += bytes.length;
    for (const find of search(bytes, [...new Set(needles)], marks)) finds.push({ ...find, where });
  }
  rmSync(image);
  return { finds, needles: [...new Set([...needles, ...marks.map((m) => m.name)])], searched };
}

test("the host's files, logs and memory hold nothing of the conversation", async (t) => {
  const outcome = await converse(programs());
  t.diagnostic(`${(outcome.searched / 1e6).toFixed(1)} MB searched for ${outcome.needles.length} words`);
  assert.deepEqual(outcome.finds, []);
});

test("the same search finds them when sealing is switched off", async (t) => {
  const outcome = await converse(programs("sealing-off"));
  const found = new Set(outcome.finds.map((find) => find.needle));
  t.diagnostic(`found ${[...found].join(", ")}`);
  for (const needle of [title, ...said, ...Object.values(attached)]) assert.ok(found.has(needle), `"${needle}" was not found`);
  assert.ok([...found].some((f) => f.startsWith("a message's kind")), "no kind was found");
  assert.ok(outcome.finds.some((f) => f.where.includes("core")), "nothing was found in the memory image");
});
