// Kills at random moments under load (ENRUM_KILLS of them): what was acknowledged is there, once, and the chain verifies.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "./programs.ts";
import { allStands, write } from "./writer.ts";

const KILLS = Number(process.env.ENRUM_KILLS ?? 20);
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
      /* Clients wait longer after each failure: now and then the host lives until one has come through. */
      const before = acknowledged.length;
      if (kill % 10 === 9) await eventually("an acknowledgement", async () => acknowledged.length > before, 100_000);
      await installation.killHost();
      await installation.startHost();
    }
    isOver = true;
    const attempted = (await Promise.all(writing)).reduce((sum, n) => sum + n, 0);
    const standing = await allStands(devices, room, acknowledged);
    t.diagnostic(`${acknowledged.length} acknowledged of ${attempted} sent, ${standing} in the log`);
    assert.ok(acknowledged.length > KILLS, "hardly anything was written");
  } finally {
    await installation.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
