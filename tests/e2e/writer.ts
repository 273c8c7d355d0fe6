// writer -- a device that sends lines until it is over, and what it was told is recorded. Knows nothing of what is done
// to the host meanwhile.
import assert from "node:assert/strict";
import type { Device } from "../../demo/device.ts";

/** Sends batches of lines. A line of output of `send` is an acknowledgement, in the order of the input. How many were sent. */
export async function write(
  device: Device,
  room: string,
  who: string,
  isOver: () => boolean,
  acknowledged: string[],
): Promise<number> {
  let sent = 0;
  for (let batch = 0; !isOver() && batch < 10_000; batch++) {
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

/** What was acknowledged stands in the log, nothing stands twice, and every device's copy verifies. The number of messages. */
export async function allStands(devices: Device[], room: string, acknowledged: string[]): Promise<number> {
  const entries = await devices[0]!.read(room);
  const texts = entries.filter((e) => e.kind === "message").map((e) => e.text!);
  const there = new Set(texts);
  assert.equal(there.size, texts.length, "an entry stands twice");
  for (const text of acknowledged) assert.ok(there.has(text), `"${text}" was acknowledged and is lost`);
  for (const device of devices) assert.match(await device.must(["verify", room]), /verified/);
  return texts.length;
}
