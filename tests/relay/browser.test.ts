// Chromium as it is: its ClientHello comes in two datagrams, its congestion control wants feedback, its network loses
// packets both ways, and who joins late sees a picture. A browser sends a camera, another page receives it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figures, join, opened, OUT, RTX_TYPE, TYPE } from "./chromium.ts";
import { RelayHost, until } from "./host.ts";
import { dice, isMedia, Proxy } from "./proxy.ts";

test("a camera is seen through the relay, over a network that loses packets, also by who joins late", async (t) => {
  const host = await RelayHost.start();
  t.after(async () => assert.equal(await host.stop(), 0));
  const call = await host.call();
  const newPage = await opened(t);
  const networks = [await Proxy.start(host), await Proxy.start(host)];
  t.after(() => networks.forEach((network) => network.close()));
  let flights = 0;
  networks[0]!.loses = (way, datagram) => {
    if (way === "up" && datagram[0] === 22 && datagram[13] === 1) flights++;
    return false;
  };
  const sender = await newPage();
  const from = await join(host, call, sender, true, networks[0]!.port);
  assert.ok(flights >= 2, "its ClientHello came in one datagram");
  const [, ssrc, rtxSsrc] = /^a=ssrc-group:FID (\d+) (\d+)/m.exec(from.sdp)!;
  const stream = await host.publish(from.leg, {
    kind: "video", ssrc: Number(ssrc), rtxSsrc: Number(rtxSsrc), payloadType: TYPE, rtxPayloadType: RTX_TYPE, extension: from.extension, outSsrc: OUT,
  });
  await until("a sender at work", async () => (await figures(sender)).framesEncoded! > 20);
  const receiver = await newPage();
  const to = await join(host, call, receiver, false, networks[1]!.port);
  assert.ok(await host.subscribe(to.leg, stream));
  await until("a picture for who joins late", async () => (await figures(receiver)).framesDecoded! > 20, 40_000);
  const roll = dice(5);
  networks[0]!.loses = (way, datagram) => way === "up" && isMedia(datagram) && roll() < 0.03;
  networks[1]!.loses = (way, datagram) => way === "down" && isMedia(datagram) && roll() < 0.03;
  const before = (await figures(receiver)).framesDecoded!;
  await until("pictures in spite of losses", async () => (await figures(receiver)).framesDecoded! > before + 60, 60_000);
  await until("repairs on both sides", async () => {
    const { repaired, resent } = await host.counts();
    return repaired! > 0 && resent! > 0;
  });
  const counts = await host.counts();
  t.diagnostic(JSON.stringify({ repaired: counts.repaired, resent: counts.resent, nacksOut: counts.nacks_out, stale: counts.stale, lost: networks.map((network) => network.lost) }));
  await until("the sender's own count of repetitions", async () => (await figures(sender)).retransmittedPacketsSent! > 0);
  assert.equal(counts.forged! + counts.malformed!, 0);
});
