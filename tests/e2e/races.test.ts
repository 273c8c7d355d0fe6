// enrumd under ThreadSanitizer while people write, follow, are cut off and come back, and it is stopped and started: no data
// race is reported, it ends as it should, and what was acknowledged is there.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Device } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "./programs.ts";

const WRITERS = 3;
const FOLLOWERS = 2;
const SECONDS = Number(process.env.ENRUM_RACE_SECONDS ?? 12);
const RESTARTS = 2;
/** What a process ends with when it has reported something. */
const REPORTED = 66;

/** The host to be watched, and the clients as they are shipped. */
function programsIn(folder: string): string {
  mkdirSync(folder);
  symlinkSync(join(programs("tsan"), "enrumd"), join(folder, "enrumd"));
  for (const name of ["enrum", "enrum-keeper"]) symlinkSync(join(programs("release"), name), join(folder, name));
  return folder;
}

/** Every report of the folder, as text. */
function reports(folder: string): string {
  return readdirSync(folder).filter((name) => name.startsWith("race.")).map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}

async function write(device: Device, room: string, isOver: () => boolean): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let batch = 0; !isOver() && batch < 1000; batch++) {
    const lines = Array.from({ length: 10 }, (_, i) => `${device.home} omgång ${batch} rad ${i}`);
    let next = 0;
    const ran = await device.run(["send", room, "-", "--timeout", "60"], {
      input: lines.join("\n") + "\n",
      patience: 120_000,
      onLine: (line) => {
        if (/^\d+/.test(line)) acknowledged.push(lines[next++]!);
      },
    });
    assert.equal(ran.code, 0, ran.err);
  }
  return acknowledged;
}

/** Follows for a moment, is cut off without a word, and comes back. */
async function follow(device: Device, room: string, isOver: () => boolean): Promise<number> {
  let cuts = 0;
  for (; !isOver() && cuts < 1000; cuts++) {
    await device.run(["read", room, "--follow"], { patience: 700 + 400 * (cuts % 3) });
  }
  return cuts;
}

test("enrumd has no data race while people write, follow and come back, and while it is stopped", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "enrum-races-"));
  process.env.TSAN_OPTIONS = `exitcode=${REPORTED} halt_on_error=0 log_path=${join(folder, "race")}`;
  const installation = await Installation.start({
    folder: join(folder, "installation"),
    programs: programsIn(join(folder, "programs")),
    tls: true,
    boards: ["bjuv"],
  });
  try {
    const devices: Device[] = [];
    for (let i = 0; i < WRITERS + FOLLOWERS; i++) {
      const device = new Device(installation, `device-${i}`, "bjuv", "test.testsson", "citizen");
      await device.login();
      devices.push(device);
    }
    const room = await devices[0]!.newRoom("Under last", "först");
    let isOver = false;
    const writing = devices.slice(0, WRITERS).map((device) => write(device, room, () => isOver));
    const following = devices.slice(WRITERS).map((device) => follow(device, room, () => isOver));
    for (let i = 0; i < RESTARTS; i++) {
      await new Promise((resolve) => setTimeout(resolve, (SECONDS * 1000) / (RESTARTS + 1)));
      assert.equal(await installation.stopHost(), 0, reports(folder));
      await installation.startHost();
    }
    await new Promise((resolve) => setTimeout(resolve, (SECONDS * 1000) / (RESTARTS + 1)));
    isOver = true;
    const acknowledged = (await Promise.all(writing)).flat();
    const cuts = (await Promise.all(following)).reduce((sum, n) => sum + n, 0);
    const texts = (await devices[0]!.read(room)).filter((entry) => entry.kind === "message").map((entry) => entry.text!);
    for (const text of acknowledged) assert.ok(texts.includes(text), `"${text}" was acknowledged and is lost`);
    assert.equal(new Set(texts).size, texts.length, "an entry stands twice");
    assert.ok(acknowledged.length >= WRITERS * 10 && cuts >= FOLLOWERS, "hardly anything happened");
    assert.equal(await installation.stopHost(), 0, reports(folder));
    assert.equal(reports(folder), "");
    t.diagnostic(`${acknowledged.length} entries, ${cuts} followers cut off, ${RESTARTS} restarts, no report`);
  } finally {
    delete process.env.TSAN_OPTIONS;
    await installation.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
