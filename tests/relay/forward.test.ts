// What one device sends, the others get: under another SSRC, without header extensions, and nothing else of it changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayHost, until } from "./host.ts";
import { AUDIO_TYPE, Peer, VIDEO_TYPE } from "./peer.ts";
import { readRtp, rtp } from "./packet.ts";

test("a device connects, and hears goodbye when its leg is closed", async () => {
  const host = await RelayHost.start();
  const call = await host.call();
  const peer = await Peer.join(host, call, { sends: [{ kind: "video", ssrc: 100 }] });
  await peer.connected();
  await until("the peer's own word", () => peer.state === "connected");
  assert.ok(await host.order(`close ${peer.leg.leg}`));
  await until("the goodbye", () => peer.state !== "connected");
  assert.equal(await host.order(`close ${peer.leg.leg}`), false);
  peer.close();
  assert.equal(await host.stop(), 0);
});

test("one sends audio and video, three receive both whole", async () => {
  const host = await RelayHost.start();
  const call = await host.call();
  const sender = await Peer.join(host, call, { sends: [{ kind: "audio", ssrc: 11 }, { kind: "video", ssrc: 12 }] });
  const audio = await host.publish(sender.leg.leg, { kind: "audio", ssrc: 11, payloadType: AUDIO_TYPE, outSsrc: 1001 });
  const video = await host.publish(sender.leg.leg, { kind: "video", ssrc: 12, payloadType: VIDEO_TYPE, extension: 3, outSsrc: 1002 });
  await sender.connected();
  const receivers: Peer[] = [];
  for (let i = 0; i < 3; i++) {
    const receiver = await Peer.join(host, call, { receives: [{ kind: "audio", ssrc: 1001 }, { kind: "video", ssrc: 1002 }] });
    assert.ok(await host.subscribe(receiver.leg.leg, audio));
    assert.ok(await host.subscribe(receiver.leg.leg, video));
    await receiver.connected();
    receivers.push(receiver);
  }
  const sent: Buffer[] = [];
  for (let seq = 65_500; seq < 65_600; seq++) {
    const payload = Buffer.alloc(1000, seq & 0xff);
    sent.push(payload);
    sender.send(rtp({ payloadType: AUDIO_TYPE, seq, ssrc: 11, payload: payload.subarray(0, 100) }), 0);
    sender.send(rtp({ payloadType: VIDEO_TYPE, seq, ssrc: 12, payload, marker: seq % 3 === 0, wide: { id: 3, number: seq }, csrcs: [7, 8] }), 1);
    if (seq % 10 === 0) await until("what was sent", () => receivers.every((peer) => peer.count(1002) === sent.length));
  }
  for (const receiver of receivers) {
    await until("all of it", () => receiver.count(1001) === 100 && receiver.count(1002) === 100);
    receiver.received.get(1002)!.map(readRtp).forEach((packet, at) => {
      assert.equal(packet.seq, (65_500 + at) & 0xffff);
      assert.equal(packet.timestamp, ((65_500 + at) * 3000) >>> 0);
      assert.equal(packet.payloadType, VIDEO_TYPE);
      assert.equal(packet.marker, (65_500 + at) % 3 === 0);
      assert.equal(packet.hasExtension, false);
      assert.equal(packet.csrcs, 0);
      assert.deepEqual(packet.payload, sent[at]);
    });
  }
  assert.equal(sender.count(1001) + sender.count(1002), 0);
  const counts = await host.counts();
  assert.equal(counts.forwarded, 600);
  // Who leaves is sent nothing more, and the others hear on, whoever it is.
  for (const leaver of [receivers[2]!, receivers[0]!]) {
    assert.ok(await host.order(`close ${leaver.leg.leg}`));
    const before = receivers[1]!.count(1002);
    sender.send(rtp({ payloadType: VIDEO_TYPE, seq: 65_600 + before, ssrc: 12, payload: Buffer.alloc(10) }), 1);
    await until("one more", () => receivers[1]!.count(1002) === before + 1);
    assert.equal(leaver.count(1002), leaver === receivers[2] ? 100 : 101);
  }
  for (const peer of [sender, ...receivers]) peer.close();
  assert.equal(await host.stop(), 0);
});
