// The whole program on a disk that is really full, told to end under load, and with a clock that jumps: nothing that was
// acknowledged is lost, the host says what is wrong and goes on when it is well again.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync, closeSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Device, eventually } from "../../demo/device.ts";
import { Installation, type InstallationOptions } from "../../demo/installation.ts";
import { run } from "../../demo/process.ts";
import { programs } from "../e2e/programs.ts";
import { allStands, write } from "../e2e/writer.ts";
import { ClockShift } from "./clockshift.ts";

const TERMINATIONS = 8;
const DAY = 86_400n;
const YEAR = 365n * DAY;

interface Health {
  code: number;
  body: Record<string, unknown>;
}

function health(installation: Installation): Promise<Health> {
  const ca = installation.ca ? readFileSync(installation.ca) : undefined;
  const get = installation.healthUrl.startsWith("https") ? https.get : http.get;
  return new Promise((resolve, reject) => {
    const request = get(installation.healthUrl, { ca, agent: false, timeout: 10_000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => resolve({ code: answer.statusCode!, body: JSON.parse(text) }));
    });
    request.on("error", reject);
  });
}

async function device(installation: Installation, home: string): Promise<Device> {
  const made = new Device(installation, home, "bjuv", "test.testsson", "citizen");
  await made.login();
  return made;
}

/** An installation in a folder of its own, which is gone afterwards. */
async function within(
  story: (installation: Installation) => Promise<void>,
  before: (folder: string) => Promise<Partial<InstallationOptions>> = async () => ({}),
  after: (folder: string) => Promise<void> = async () => {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "enrum-fault-"));
  let installation: Installation | undefined;
  try {
    const more = await before(folder);
    installation = await Installation.start({ folder, programs: programs(), tls: true, boards: ["bjuv"], ...more });
    await story(installation);
  } finally {
    await installation?.stop();
    await after(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

// -- A full disk ----------------------------------------------------------------------------------------------------

/** Takes all the space that there is; how many bytes that were. */
function fill(path: string): number {
  const file = openSync(path, "a");
  let taken = 0;
  for (let piece = 65_536; piece >= 512; ) {
    try {
      const wrote = writeSync(file, Buffer.alloc(piece, 1));
      taken += wrote;
    } catch {
      piece /= 2;
    }
  }
  closeSync(file);
  return taken;
}

async function fullDisk(t: TestContext, installation: Installation): Promise<void> {
  const citizen = await device(installation, "citizen");
  const room = await citizen.newRoom("Full disk", "före");
  const ballast = installation.path("host", "data", "ballast");
  const log = () => readFileSync(installation.path("logs", "enrumd.log"), "utf8");
  const count = (event: string) => log().split(`event=${event}`).length - 1;
  const linesBefore = log().split("\n").length;
  t.diagnostic(`${fill(ballast)} bytes of ballast`);

  const acknowledged: string[] = ["före"];
  const lines = Array.from({ length: 40 }, (_, i) => `rad ${i} ${"x".repeat(20_000)}`);
  let next = 0;
  const sending = citizen.run(["send", room, "-", "--timeout", "100"], {
    input: lines.join("\n") + "\n",
    patience: 120_000,
    onLine: (line) => {
      if (/^\d+/.test(line)) acknowledged.push(lines[next++]!);
    },
  });
  const sick = await eventually("that the host says so", async () => {
    fill(ballast);
    const now = await health(installation);
    return now.code === 503 && now;
  });
  assert.equal(sick.body.status, "store failing");
  assert.match(String(sick.body.why), /full|I\/O error/);

  // Somebody who does not wait is told, and keeps what was written.
  const impatient = await device(installation, "impatient").catch((error: unknown) => String(error));
  t.diagnostic(`a login meanwhile: ${typeof impatient === "string" ? impatient.slice(0, 160) : "works"}`);
  const until = Date.now() + 5_000;
  while (Date.now() < until) {
    fill(ballast);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal((await health(installation)).code, 503);
  const told = count("store_failed");
  const grown = log().split("\n").length - linesBefore;
  t.diagnostic(`${told} lines of store_failed, ${count("store_recovered")} of store_recovered, ${grown} lines in all`);
  assert.ok(told >= 1 && told <= 10, `${told} lines say the same`);
  assert.ok(grown < 300, `${grown} lines`);

  rmSync(ballast);
  const ran = await sending;
  assert.equal(ran.code, 0, ran.err);
  await eventually("that the host is well", async () => (await health(installation)).code === 200);
  assert.ok(count("store_recovered") >= 1);
  assert.equal(acknowledged.length, 1 + lines.length);
  assert.equal(await allStands([citizen], room, acknowledged), acknowledged.length);
}

/** A file system of its own for this folder; says why there is none. */
async function mountSmall(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const ran = await run(["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", folder]).catch(
    (error: unknown) => ({ code: 1, err: String(error) }),
  );
  return ran.code === 0 ? "" : ran.err.trim() || `mount ended with ${ran.code}`;
}

test("a full disk is told of, costs nobody an entry, and is recovered from", async (t) => {
  const trial = mkdtempSync(join(tmpdir(), "enrum-mount-"));
  const problem = await mountSmall(trial);
  if (problem === "") await run(["umount", trial]);
  rmSync(trial, { recursive: true });
  if (problem !== "") {
    t.skip(`no small file system can be mounted here: ${problem}`);
    return;
  }
  const data = (folder: string) => join(folder, "host/data");
  await within(
    (installation) => fullDisk(t, installation),
    async (folder) => {
      assert.equal(await mountSmall(data(folder)), "");
      return {};
    },
    async (folder) => void (await run(["umount", data(folder)])),
  );
});

// -- SIGTERM --------------------------------------------------------------------------------------------------------

test(`${TERMINATIONS} times told to end under load: it ends with 0 and all that was acknowledged is there`, async (t) => {
  await within(async (installation) => {
    const devices = [await device(installation, "one"), await device(installation, "two")];
    const room = await devices[0]!.newRoom("Under last", "först");
    const acknowledged: string[] = [];
    let isOver = false;
    const writing = devices.map((d, i) => write(d, room, `skrivare ${i}`, () => isOver, acknowledged));
    const codes: (number | null)[] = [];
    for (let i = 0; i < TERMINATIONS; i++) {
      await new Promise((resolve) => setTimeout(resolve, randomInt(100, 900)));
      codes.push(await installation.stopHost());
      await installation.startHost();
    }
    isOver = true;
    await Promise.all(writing);
    assert.deepEqual(codes, Array(TERMINATIONS).fill(0));
    const standing = await allStands(devices, room, acknowledged);
    t.diagnostic(`${acknowledged.length} acknowledged, ${standing} in the log`);
    assert.ok(acknowledged.length > TERMINATIONS);
  });
});

// -- A clock that jumps ---------------------------------------------------------------------------------------------

async function jumps(t: TestContext, installation: Installation, clock: ClockShift): Promise<void> {
  const citizen = await device(installation, "citizen");
  const room = await citizen.newRoom("Klockan", "nu");
  const sent = ["nu"];
  const before = (await health(installation)).body;
  const jump = async (seconds: bigint) => {
    clock.set(seconds);
    // Two ticks of the gate, which ends sessions that have been silent or unproved for too long.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const now = await health(installation);
    assert.equal(now.code, 200);
    assert.equal(now.body.sessions, before.sessions, `sessions were ended by a jump of ${seconds} s`);
  };
  /* A clock that is out of a certificate's time refuses it, which the sender is told. */
  const say = async (text: string) => {
    const ran = await citizen.run(["send", room, text, "--timeout", "10"]);
    t.diagnostic(`${text}: ${ran.code === 0 ? "acknowledged" : ran.err.trim()}`);
    if (ran.code === 0) sent.push(text);
    else assert.match(ran.err, /CERTIFICATE_(NOT_YET|EXPIRED)/);
    return ran.code === 0;
  };
  await jump(DAY);
  assert.ok(await say("en dag fram"));
  await jump(-DAY);
  await say("en dag bak");
  await jump(10n * YEAR);
  await say("tio år fram");
  await jump(-10n * YEAR);
  await say("tio år bak");
  await jump(0n);
  assert.ok(await say("rätt igen"));
  const entries = await eventually("that all of it is there", async () => {
    const there = await citizen.read(room);
    return sent.every((text) => there.some((e) => e.text === text)) && there;
  });
  for (let i = 1; i < entries.length; i++) {
    assert.ok(entries[i]!.received_at >= entries[i - 1]!.received_at, `received_at falls at ${entries[i]!.seq}`);
  }
  const at = (text: string) => entries.find((e) => e.text === text)!.received_at;
  assert.ok(at("en dag fram") - at("nu") > Number(DAY) * 900, "the clock did not jump");
  t.diagnostic(entries.map((e) => `${e.seq} ${e.text ?? e.kind} ${e.recorded}`).join("; "));
  assert.equal((await health(installation)).body.status, "ok");
}

test("a clock that jumps a day and ten years ends no session, loses nothing, and times never fall", async (t) => {
  let clock: ClockShift | undefined;
  await within((installation) => jumps(t, installation, clock!), async (folder) => {
    clock = await ClockShift.make(folder);
    return { hostEnv: clock.hostEnv };
  });
});
