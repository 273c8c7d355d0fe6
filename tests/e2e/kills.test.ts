// Twenty kills at random moments under load: what was acknowledged is there, once, and the chain verifies.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Device } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "./programs.ts";

const KILLS = 20;
const WRITERS = 3;

test(`${KILLS} random kills under load lose nothing that was acknowledged`, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "enrum-kills-"));
  const installation = await Installation.start({ folder, programs: programs(), tls: true, boards: ["bjuv"] });
  try {
    const devices: Device[] = [];
    for (let i = 0; i < WRITERS; i++) {
      const device = new Device(installation, `writer-${i}`, "bjuv", "test.testsson", "citizen");
      await device.login();
      devices.push(device);
    }
    const room = await devices[0]!.newRoom("Under last", "först");
    let isOver = false;
    const acknowledged: string[] = [];
    const writing = devices.map((device, i) => write(device, room, `skrivare ${i}`, () => isOver, acknowledged));
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, randomInt(50, 700)));
      await installation.killHost();
      await installation.startHost();
    }
    isOver = true;
    const attempted = (await Promise.all(writing)).reduce((sum, n) => sum + n, 0);
    const entries = await devices[0]!.read(room);
    const texts = entries.filter((e) => e.kind === "message").map((e) => e.text!);
    t.diagnostic(`${acknowledged.length} acknowledged of ${attempted} sent, ${texts.length} in the log`);
    assert.ok(acknowledged.length > KILLS, "hardly anything was written");
    assert.equal(new Set(texts).size, texts.length, "an entry stands twice");
    for (const text of acknowledged) assert.ok(texts.includes(text), `"${text}" was acknowledged and is lost`);
    for (const device of devices) assert.match(await device.must(["verify", room]), /verified/);
  } finally {
    await installation.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Sends batches of lines until it is over. A line of output of `send` is an acknowledgement, in the order of the input. */
async function write(
  device: Device,
  room: string,
  who: string,
  isOver: () => boolean,
  acknowledged: string[],
): Promise<number> {
  let sent = 0;
  for (let batch = 0; !isOver() && batch < 1000; batch++) {
    const lines = Array.from({ length: 20 }, (_, i) => `${who} omgång ${batch} rad ${i}`);
    let next = 0;
    const ran = await device.run(["send", room, "-", "--timeout", "60"], {
      input: lines.join("\n") + "\n",
      patience: 120_000,
      onLine: (line) => {
        if (/^\d+/.test(line)) acknowledged.push(lines[next++]!);
      },
    });
    assert.equal(ran.code, 0, ran.err);
    sent += lines.length;
  }
  return sent;
}
