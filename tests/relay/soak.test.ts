// Many calls at once for a while, with devices that come and go: run under the sanitizers, it is they who look.
// ENRUM_SOAK_SECONDS says how long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { RelayHost, until } from "./host.ts";
import { rtp } from "./packet.ts";
import { Peer, VIDEO_TYPE } from "./peer.ts";
import { dice } from "./proxy.ts";

const SECONDS = Number(process.env.ENRUM_SOAK_SECONDS ?? 10);
const CALLS = 50;

interface Call {
  id: string;
  nextSsrc: number;
  seq: number;
  sender: Peer;
  stream: string;
  out: number;
  receivers: Peer[];
}

async function sender(host: RelayHost, call: string, out: number): Promise<{ peer: Peer; stream: string }> {
  const peer = await Peer.join(host, call, { sends: [{ kind: "video", ssrc: 12 }] });
  const stream = await host.publish(peer.leg.leg, { kind: "video", ssrc: 12, payloadType: VIDEO_TYPE, extension: 3, outSsrc: out });
  await peer.connected();
  return { peer, stream };
}

async function receiver(host: RelayHost, call: Call): Promise<Peer> {
  const peer = await Peer.join(host, call.id, { receives: [{ kind: "video", ssrc: call.out }] });
  await peer.connected();
  assert.ok(await host.subscribe(peer.leg.leg, call.stream));
  return peer;
}

/** Somebody leaves and somebody else comes; sometimes it is the one who sends. */
async function change(host: RelayHost, call: Call, roll: () => number): Promise<void> {
  if (roll() < 0.8) {
    const leaver = call.receivers.shift()!;
    assert.ok(await host.order(`close ${leaver.leg.leg}`));
    leaver.close();
    call.receivers.push(await receiver(host, call));
    return;
  }
  assert.ok(await host.order(`close ${call.sender.leg.leg}`));
  call.sender.close();
  call.out = ++call.nextSsrc;
  const { peer, stream } = await sender(host, call.id, call.out);
  call.sender = peer;
  call.stream = stream;
  for (const old of call.receivers) {
    assert.ok(await host.order(`close ${old.leg.leg}`));
    old.close();
  }
  call.receivers = [await receiver(host, call)];
}

test(`${CALLS} calls for ${SECONDS} s, with devices that come and go`, async () => {
  const host = await RelayHost.start();
  const roll = dice(3);
  const calls: Call[] = [];
  for (let i = 0; i < CALLS; i++) {
    const id = await host.call();
    const { peer, stream } = await sender(host, id, 1001);
    const call: Call = { id, nextSsrc: 1001, seq: 0, sender: peer, stream, out: 1001, receivers: [] };
    call.receivers.push(await receiver(host, call));
    calls.push(call);
  }
  const end = Date.now() + SECONDS * 1000;
  while (Date.now() < end) {
    for (const call of calls) {
      for (let i = 0; i < 3; i++) {
        call.seq++;
        call.sender.send(rtp({ payloadType: VIDEO_TYPE, seq: call.seq, ssrc: 12, payload: Buffer.alloc(900, call.seq), wide: { id: 3, number: call.seq } }));
      }
    }
    await change(host, calls[Math.floor(roll() * CALLS)]!, roll);
    await pause(5);
  }
  for (const call of calls) {
    const before = call.receivers[0]!.count(call.out);
    call.seq++;
    call.sender.send(rtp({ payloadType: VIDEO_TYPE, seq: call.seq, ssrc: 12, payload: Buffer.alloc(10) }));
    await until("one more in every call", () => call.receivers[0]!.count(call.out) > before);
  }
  const counts = await host.counts();
  assert.equal(counts.forged! + counts.malformed! + counts.unsealed! + counts.noise!, 0);
  for (const call of calls) {
    assert.ok(await host.order(`end ${call.id}`));
    for (const peer of [call.sender, ...call.receivers]) peer.close();
  }
  assert.equal(await host.stop(), 0);
});
