// chromium -- Chromium as a device of the relay: a page with one connection, which sends its camera or receives one stream. With
// `isSealed` a sender's frames go through the worker of frames of a call, as the pages have it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../../demo/browse.ts";
import type { LegAnswer, RelayHost } from "./host.ts";
import { readOffer } from "./peer.ts";

export const OUT = 1002;
export const TYPE = 96;
export const RTX_TYPE = 97;
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

/** The worker of frames, as a script of its own. */
async function framesScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL("../../client-sdk/web/call/transform-worker.ts", import.meta.url).pathname],
    bundle: true, format: "esm", target: "es2022", write: false, logLevel: "error",
  });
  return outputFiles[0]!.text;
}

/** Makes pages of one browser, which ends with the test. */
export async function opened(t: TestContext): Promise<() => Promise<Page>> {
  const script = await framesScript();
  const server = createServer(({ url }, response) => {
    const isScript = url === "/frames.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html").end(isScript ? script : "<title>relay</title>");
  });
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
function offered(page: Page, sends: boolean, isSealed: boolean): Promise<string> {
  return page.evaluate(async ([isSender, isSealed]) => {
    const connection = new RTCPeerConnection();
    Object.assign(window, { connection });
    if (isSender) {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, frameRate: 15 } });
      const { sender } = connection.addTransceiver(stream.getVideoTracks()[0]!, { direction: "sendonly", streams: [stream] });
      if (isSealed) {
        const worker = new Worker("/frames.js", { type: "module" });
        sender.transform = new RTCRtpScriptTransform(worker, { side: "send", use: 2 });
        worker.postMessage({ type: "sendKey", kid: 0, key: crypto.getRandomValues(new Uint8Array(32)) });
      }
    } else {
      connection.addTransceiver("video", { direction: "recvonly" });
    }
    await connection.setLocalDescription();
    return connection.localDescription!.sdp;
  }, [sends, isSealed] as const);
}

function accepted(page: Page, sdp: string): Promise<void> {
  return page.evaluate((text) => (window as unknown as { connection: RTCPeerConnection }).connection.setRemoteDescription({ type: "answer", sdp: text }), sdp);
}

/** The figures of the page's one video stream. */
export function figures(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const found: Record<string, number> = {};
    const all = await (window as unknown as { connection: RTCPeerConnection }).connection.getStats();
    all.forEach((row: { type: string }) => {
      if (row.type === "inbound-rtp" || row.type === "outbound-rtp" || row.type === "remote-inbound-rtp") Object.assign(found, row);
    });
    return found;
  });
}

export async function join(host: RelayHost, call: string, page: Page, sends: boolean, port: number, isSealed = false): Promise<{ leg: string; sdp: string; extension: number }> {
  const sdp = renumbered(await offered(page, sends, isSealed));
  const offer = readOffer(sdp);
  const extension = Number(new RegExp(`^a=extmap:(\\d+) ${WIDE}`, "m").exec(sdp)![1]);
  const leg = await host.leg(call, offer.ufrag, offer.fingerprint);
  await accepted(page, answer({ address: host.address, port, fingerprint: host.fingerprint }, leg, offer.media[0]!.mid, extension, !sends));
  await host.event(`connected ${leg.leg}`);
  return { leg: leg.leg, sdp, extension };
}
