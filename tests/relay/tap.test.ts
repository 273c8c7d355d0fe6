// The build whose relay writes what it can read of a call: it sees every packet that passes, and exactly what a device put
// in. So a search of that file finds what is not sealed end to end; a build without the option has no tap.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { programs } from "../e2e/programs.ts";
import { RelayHost, until } from "./host.ts";
import { readRtp, rtp } from "./packet.ts";
import { Peer, VIDEO_TYPE } from "./peer.ts";

/** Two bytes of length, then the packet. */
function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    found.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return found;
}

test("a tap sees the payload that a device put in, and no other build has one", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "enrum-tap-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "tap");
  const host = await RelayHost.start({ program: join(programs("relay-tap"), "relayhost"), args: ["--tap", file] });
  const call = await host.call();
  const sender = await Peer.join(host, call, { sends: [{ kind: "video", ssrc: 12 }] });
  await host.publish(sender.leg.leg, { kind: "video", ssrc: 12, payloadType: VIDEO_TYPE, outSsrc: 1002 });
  await sender.connected();
  for (let seq = 1; seq <= 20; seq++) sender.send(rtp({ payloadType: VIDEO_TYPE, seq, ssrc: 12, payload: Buffer.from(`Test Testsson ${seq}`) }));
  await until("all of it in the file", () => records(readFileSync(file)).length === 20);
  records(readFileSync(file)).forEach((packet, at) => assert.equal(readRtp(packet).payload.toString(), `Test Testsson ${at + 1}`));
  sender.close();
  assert.equal(await host.stop(), 0);
  await assert.rejects(RelayHost.start({ args: ["--tap", file] }), /has no tap/);
});
