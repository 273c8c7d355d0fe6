// check -- one whole conversation, from real programs, that checks itself: `./run --check`.
// Every difference from what was promised is an error, and ends it with a code other than 0.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Device, eventually, type Entry } from "./device.ts";
import { Installation } from "./installation.ts";
import { browserConversation, hasChromium } from "./browse.ts";

const { values } = parseArgs({
  options: {
    programs: { type: "string" },
    tls: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  },
});
if (!values.programs) throw new Error("--programs FOLDER is needed");

export const ENTRIES_EACH_WAY = 20;

function promise(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
  console.log(`  ok  ${what}`);
}

const lines = (who: string) =>
  Array.from({ length: ENTRIES_EACH_WAY }, (_, i) => `${who} säger rad ${i + 1} av ${ENTRIES_EACH_WAY}`);

const texts = (entries: Entry[], role: string) =>
  entries.filter((e) => e.kind === "message" && e.role === role).map((e) => e.text);

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function conversation(installation: Installation): Promise<void> {
  const citizen = new Device(installation, "citizen-1", "bjuv", "test.testsson", "citizen");
  const worker = new Device(installation, "worker-1", "bjuv", "bjuv.handlaggare", "staff");

  console.log("logging in");
  await Promise.all([citizen.login(), worker.login()]);

  console.log("a citizen of Bjuv opens a room, a caseworker takes it from the queue");
  const room = await citizen.newRoom("Jag behöver prata med någon", "Hej, är det någon där?");
  const queued = await eventually("the room in the queue", async () => {
    const out = await worker.must(["rooms"]);
    return out.includes(room.slice(0, 8)) && out;
  });
  promise(queued.includes("Jag behöver prata"), "the queue shows the citizen's own words");
  await worker.must(["take", room]);

  console.log(`${ENTRIES_EACH_WAY} entries each way, the server killed in the middle`);
  await sendBoth(installation, citizen, worker, room);

  const all = await recordedEntries(worker, room);
  promise(same(texts(all, "citizen").slice(1), lines("Medborgaren")), "the citizen's entries are there once, in order");
  promise(same(texts(all, "staff"), lines("Handläggaren")), "the caseworker's entries are there once, in order");

  console.log("a second device of the citizen");
  const second = new Device(installation, "citizen-2", "bjuv", "test.testsson", "citizen");
  await second.login();
  const again = await eventually("the history on the new device", async () => {
    const entries = await second.read(room);
    return texts(entries, "citizen").length === ENTRIES_EACH_WAY + 1 && entries;
  });
  promise(
    same(again.slice(0, all.length).map((e) => [e.seq, e.hash, e.text]), all.map((e) => [e.seq, e.hash, e.text])),
    "it reads everything, number by number and hash by hash the same",
  );

  console.log("the keeper's database is deleted");
  await installation.stopKeeper("bjuv");
  installation.forgetKeeperDatabase("bjuv");
  await installation.startKeeper("bjuv");
  await second.must(["send", room, "Skrivet efter att registratorn började om"]);
  const after = await recordedEntries(worker, room);
  promise(after.at(-1) !== undefined && texts(after, "citizen").length === ENTRIES_EACH_WAY + 2, "the keeper goes on: the next entry is recorded");
  promise(new Set(after.map((e) => e.hash)).size === after.length, "nothing stands twice");

  await takenOut(installation, citizen, worker, room);
  await neighbour(installation, room);

  console.log("the transcript, as the citizen's first device has verified it");
  const transcript = await recordedEntries(citizen, room);
  for (const entry of transcript.filter((e) => e.text !== undefined)) {
    const receipt = entry.receipt ? "receipt" : "-";
    console.log(
      `${String(entry.seq).padStart(5)}  ${new Date(entry.received_at).toISOString()}  ` +
        `${(entry.name ?? entry.role).padEnd(22)} ${entry.text}  [${receipt}; ${entry.recorded ? "recorded" : "not recorded"}]`,
    );
  }
  promise(transcript.every((e) => e.recorded || e.kind === "checkpoint"), "everything is recorded");
  promise(transcript.some((e) => e.receipt), "the citizen holds receipts");
  for (const device of [citizen, second]) {
    const verdict = await device.must(["verify", room]);
    promise(/verified/.test(verdict), `${device.home} verifies the whole log from the room's id on`);
  }
}

async function sendBoth(
  installation: Installation,
  citizen: Device,
  worker: Device,
  room: string,
): Promise<void> {
  let acknowledged = 0;
  let killed: Promise<void> | undefined;
  const onLine = () => {
    acknowledged++;
    if (acknowledged === ENTRIES_EACH_WAY && !killed) {
      killed = installation.killHost().then(() => installation.startHost());
    }
  };
  const send = (device: Device, who: string) =>
    device.must(["send", room, "-"], { input: lines(who).join("\n") + "\n", onLine, patience: 90_000 });
  await Promise.all([send(citizen, "Medborgaren"), send(worker, "Handläggaren")]);
  promise(killed !== undefined, "the server was killed while they wrote");
  await killed;
}

/** Everything that was said so far stands under a checkpoint. */
function recordedEntries(device: Device, room: string): Promise<Entry[]> {
  return eventually("the keeper's checkpoint", async () => {
    const entries = await device.read(room);
    return entries.every((e) => e.recorded || e.kind === "checkpoint") && entries;
  });
}

async function takenOut(
  installation: Installation,
  citizen: Device,
  worker: Device,
  room: string,
): Promise<void> {
  console.log("the caseworker is taken out");
  await installation.staff("bjuv", "remove", "--identity", "bjuv.handlaggare");
  await eventually("the removal", async () => (await worker.run(["send", room, "Får jag skriva?", "--timeout", "5"])).code !== 0);
  const secret = "Detta ska den borttagna inte kunna läsa";
  await citizen.must(["send", room, secret]);
  const seen = await worker.run(["read", room, "--json"], { patience: 60_000 });
  promise(!seen.out.includes(secret), "they cannot open what follows");
  const write = await worker.run(["send", room, "Jag skriver ändå", "--timeout", "5"]);
  promise(write.code !== 0, "they cannot write");
  const entries = await recordedEntries(citizen, room);
  promise(!texts(entries, "staff").some((t) => t?.includes("ändå")), "nothing of it stands in the log");
}

async function neighbour(installation: Installation, room: string): Promise<void> {
  console.log("a caseworker of Helsingborg asks for the room");
  const other = new Device(installation, "worker-hbg", "helsingborg", "helsingborg.handlaggare", "staff");
  await other.login();
  const nowhere = "0".repeat(63) + "1";
  const real = await other.run(["read", room]);
  const absent = await other.run(["read", nowhere]);
  promise(real.code !== 0, "refused");
  const blind = (text: string) => text.replaceAll(room, "ROOM").replaceAll(nowhere, "ROOM");
  promise(
    real.code === absent.code && blind(real.err + real.out) === blind(absent.err + absent.out),
    "and told just what is told of a room that does not exist",
  );
  const intruder = new Device(installation, "worker-intruder", "bjuv", "helsingborg.handlaggare", "staff");
  promise((await intruder.tryLogin()).code !== 0, "the keeper of Bjuv does not certify them");
}

const folder = mkdtempSync(join(tmpdir(), "enrum-check-"));
let installation: Installation | undefined;
try {
  installation = await Installation.start({
    folder,
    programs: values.programs,
    tls: values.tls,
    pages: hasChromium() && !values.tls,
    say: (line) => console.log(line),
  });
  await conversation(installation);
  if (!hasChromium()) console.log("no conversation between browsers: Chromium is not installed here (package chromium)");
  else if (values.tls) console.log("no conversation between browsers with --tls: Chromium does not know the development authority");
  else for (const line of await browserConversation(installation, "bjuv")) console.log(line);
  console.log("verified");
} catch (error) {
  console.error(`./run --check: ${error instanceof Error ? error.message : String(error)}`);
  console.error(`logs: ${join(folder, "logs")}`);
  process.exitCode = 1;
} finally {
  await installation?.stop();
  if (!values.keep && process.exitCode !== 1) rmSync(folder, { recursive: true, force: true });
}
