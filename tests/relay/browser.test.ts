// Chromium as it is: its ClientHello comes in two datagrams, its congestion control wants feedback, its network loses
// packets both ways, and who joins late sees a picture. A browser sends a camera, another page receives it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../../demo/browse.ts";
import { RelayHost, until, type LegAnswer } from "./host.ts";
import { readOffer } from "./peer.ts";
import { dice, isMedia, Proxy } from "./proxy.ts";

const OUT = 1002;
const TYPE = 96;
const RTX_TYPE = 97;
const WIDE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
const FLAGS = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--disable-gpu", "--mute-audio", "--allow-loopback-in-peer-connection"];

/** What the page's code does with an offer: only VP8, RTX, and the transport-wide number are agreed on. */
function answer(at: { address: string; port: number; fingerprint: string }, leg: LegAnswer, mid: string, extension: number, sends: boolean): string {
  const feedback = ["nack", "nack pli", "ccm fir", "transport-cc"].map((what) => `a=rtcp-fb:${TYPE} ${what}`);
  // Downwards there is no RTX: what is lost is sent again as it was.
  const types = sends ? [`${TYPE}`] : [`${TYPE}`, `${RTX_TYPE}`];
  return [
    "v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", `a=group:BUNDLE ${mid}`, "a=ice-lite",
    `m=video ${at.port} UDP/TLS/RTP/SAVPF ${types.join(" ")}`, `c=IN IP4 ${at.address}`, `a=mid:${mid}`, sends ? "a=sendonly" : "a=recvonly",
    "a=rtcp-mux", "a=rtcp-rsize", `a=rtpmap:${TYPE} VP8/90000`, ...feedback,
    ...(sends ? [`a=msid:relay video`, `a=ssrc:${OUT} cname:relay`] : [`a=rtpmap:${RTX_TYPE} rtx/90000`, `a=fmtp:${RTX_TYPE} apt=${TYPE}`, `a=extmap:${extension} ${WIDE}`]),
    `a=ice-ufrag:${leg.ufrag}`, `a=ice-pwd:${leg.password}`, `a=fingerprint:sha-256 ${at.fingerprint.toUpperCase().match(/../g)!.join(":")}`,
    "a=setup:passive", `a=candidate:1 1 UDP 2122260223 ${at.address} ${at.port} typ host`, "a=end-of-candidates", "",
  ].join("\r\n");
}

/** Its types in the order and with the numbers that the answer has. */
function renumbered(sdp: string): string {
  const vp8 = /^a=rtpmap:(\d+) VP8\/90000/m.exec(sdp)![1]!;
  const rtx = new RegExp(`^a=fmtp:(\\d+) apt=${vp8}\\b`, "m").exec(sdp)![1]!;
  assert.deepEqual([Number(vp8), Number(rtx)], [TYPE, RTX_TYPE], "Chromium numbers its types otherwise now");
  return sdp;
}

async function opened(t: TestContext): Promise<() => Promise<Page>> {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<title>relay</title>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  t.after(async () => {
    await browser.close();
    server.close();
  });
  return async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return page;
  };
}

/** Makes the page's connection and returns its offer. */
function offered(page: Page, sends: boolean): Promise<string> {
  return page.evaluate(async (isSender) => {
    const connection = new RTCPeerConnection();
    Object.assign(window, { connection });
    if (isSender) {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, frameRate: 15 } });
      connection.addTransceiver(stream.getVideoTracks()[0]!, { direction: "sendonly", streams: [stream] });
    } else {
      connection.addTransceiver("video", { direction: "recvonly" });
    }
    await connection.setLocalDescription();
    return connection.localDescription!.sdp;
  }, sends);
}

function accepted(page: Page, sdp: string): Promise<void> {
  return page.evaluate((text) => (window as unknown as { connection: RTCPeerConnection }).connection.setRemoteDescription({ type: "answer", sdp: text }), sdp);
}

/** The figures of the page's one video stream. */
function figures(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const found: Record<string, number> = {};
    const all = await (window as unknown as { connection: RTCPeerConnection }).connection.getStats();
    all.forEach((row: { type: string }) => {
      if (row.type === "inbound-rtp" || row.type === "outbound-rtp" || row.type === "remote-inbound-rtp") Object.assign(found, row);
    });
    return found;
  });
}

async function join(host: RelayHost, call: string, page: Page, sends: boolean, port: number): Promise<{ leg: string; sdp: string; extension: number }> {
  const sdp = renumbered(await offered(page, sends));
  const offer = readOffer(sdp);
  const extension = Number(new RegExp(`^a=extmap:(\\d+) ${WIDE}`, "m").exec(sdp)![1]);
  const leg = await host.leg(call, offer.ufrag, offer.fingerprint);
  await accepted(page, answer({ address: host.address, port, fingerprint: host.fingerprint }, leg, offer.media[0]!.mid, extension, !sends));
  await host.event(`connected ${leg.leg}`);
  return { leg: leg.leg, sdp, extension };
}

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
