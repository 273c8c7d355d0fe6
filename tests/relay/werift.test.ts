// A second stack that is not ours, written in TypeScript alone: werift sends, werift and libdatachannel receive.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from "werift";
import { RelayHost, until } from "./host.ts";
import { readRtp } from "./packet.ts";
import { Peer, readOffer, VIDEO_TYPE, writeAnswer } from "./peer.ts";

const OUT = 1002;

function connection(): RTCPeerConnection {
  return new RTCPeerConnection({
    iceServers: [], iceUseIpv6: false, iceAdditionalHostAddresses: ["127.0.0.1"], iceFilterCandidatePair: (pair) => pair.localCandidate.host === "127.0.0.1",
    codecs: { video: [new RTCRtpCodecParameters({ mimeType: "video/VP8", clockRate: 90000, payloadType: VIDEO_TYPE })] },
  });
}

async function join(host: RelayHost, call: string, peer: RTCPeerConnection, ssrcs: number[]) {
  await peer.setLocalDescription(await peer.createOffer());
  const sdp = peer.localDescription!.sdp;
  const offer = readOffer(sdp);
  const leg = await host.leg(call, offer.ufrag, offer.fingerprint);
  await peer.setRemoteDescription({ type: "answer", sdp: writeAnswer(offer, host, leg, ssrcs) });
  await host.event(`connected ${leg.leg}`);
  const ssrc = /^a=ssrc:(\d+)/m.exec(sdp);
  return { leg: leg.leg, ssrc: ssrc ? Number(ssrc[1]) : 0 };
}

test("werift sends, and werift and libdatachannel receive all of it", async () => {
  const host = await RelayHost.start();
  const call = await host.call();
  const [sender, receiver] = [connection(), connection()];
  const track = new MediaStreamTrack({ kind: "video" });
  sender.addTransceiver(track, { direction: "sendonly" });
  receiver.addTransceiver("video", { direction: "recvonly" });
  const heard: RtpPacket[] = [];
  receiver.onTrack.subscribe((incoming) => incoming.onReceiveRtp.subscribe((packet) => heard.push(packet)));
  const from = await join(host, call, sender, []);
  const stream = await host.publish(from.leg, { kind: "video", ssrc: from.ssrc, payloadType: VIDEO_TYPE, outSsrc: OUT });
  const to = await join(host, call, receiver, [OUT]);
  const other = await Peer.join(host, call, { receives: [{ kind: "video", ssrc: OUT }] });
  await host.event(`connected ${other.leg.leg}`);
  assert.ok(await host.subscribe(to.leg, stream));
  assert.ok(await host.subscribe(other.leg.leg, stream));
  for (let seq = 1; seq <= 50; seq++) {
    track.writeRtp(new RtpPacket(new RtpHeader({ payloadType: VIDEO_TYPE, sequenceNumber: seq, timestamp: seq * 3000, ssrc: from.ssrc }), Buffer.alloc(700, seq)));
  }
  await until("all of it", () => heard.length === 50 && other.count(OUT) === 50);
  assert.ok(heard.every((packet) => packet.header.ssrc === OUT && packet.payload.length === 700));
  const payloads = other.received.get(OUT)!.map((packet) => readRtp(packet).payload[0]);
  assert.deepEqual(payloads, [...Array(50).keys()].map((at) => at + 1));
  other.close();
  await sender.close();
  await receiver.close();
  assert.equal(await host.stop(), 0);
});
