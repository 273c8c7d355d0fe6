// A tab's connection to a relay that is not as it should be: one that cannot be reached, one that sends in the clear, or before it has said what.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import type { FrameTell } from "../../client-sdk/web/call/framewire.ts";
import type { CallMedia } from "../../client-sdk/web/call/media.ts";
import type { LegOffer, offerRead, offerShape, RelayLeg } from "../../client-sdk/web/call/sdp.ts";
import type { ReceivedStream } from "../../client-sdk/web/call/slots.ts";
import { CALL_USES } from "../../client-sdk/web/protocol/tables.ts";
import { CHROMIUM_FLAGS } from "../../demo/browse.ts";
import { CHROMIUM } from "./browser.ts";

const PATIENCE_MS = 40_000;
/** Frames that come before it is judged what becomes of them. */
const ENOUGH = 50;

const bundle = async (input: { entryPoints: string[] } | { stdin: { contents: string; resolveDir: string } }) =>
  (await build({ ...input, bundle: true, format: "esm", target: "es2022", write: false, logLevel: "error" })).outputFiles[0]!.text;
const call = new URL("../../client-sdk/web/call/", import.meta.url).pathname;
const scripts = new Map([
  ["/frames.js", await bundle({ entryPoints: [`${call}transform-worker.ts`] })],
  ["/media.js", await bundle({ stdin: { contents: 'import { CallMedia } from "./media.ts"; import { offerRead, offerShape } from "./sdp.ts"; Object.assign(globalThis, { CallMedia, offerRead, offerShape });', resolveDir: call } })],
]);

const server = createServer((request, response) => {
  const script = scripts.get(request.url ?? "");
  response.writeHead(200, { "content-type": script === undefined ? "text/html" : "text/javascript" });
  response.end(script ?? "<!doctype html><title>media</title><script type=module src=/media.js></script>");
});
let browser: Browser;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required"];
  browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...CHROMIUM_FLAGS, ...flags] });
});

after(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

/** What the page holds. */
interface Here {
  media: CallMedia;
  frames: Worker;
  told: FrameTell | undefined;
  /** Of the relay's two voices. */
  ssrcs: number[];
  /** The second one speaks from now on. */
  second(): Promise<void>;
  packetsSent(): Promise<number>;
}

type Parts = { CallMedia: typeof CallMedia; offerRead: typeof offerRead; offerShape: typeof offerShape; here: Here; legs?: number; isSending?: boolean };

async function opened(): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => "CallMedia" in globalThis);
  return page;
}

/** Runs in the page: at this port nobody answers. */
async function beginUnreached(port: number): Promise<void> {
  const parts = globalThis as unknown as Parts;
  // Who is allowed a microphone is allowed all ways, also this machine's own.
  await navigator.mediaDevices.getUserMedia({ audio: true });
  const leg = async (): Promise<RelayLeg> => ({ ufrag: "abcd", pwd: "a".repeat(22), fingerprint: new Uint8Array(32), addresses: "127.0.0.1", port });
  const frames = new Worker("/frames.js", { type: "module" });
  parts.here = { media: new parts.CallMedia({ frames, leg, isSending: () => false, onChange: () => undefined }), frames } as Here;
}

/** Runs in the page: the relay is a connection that sends two voices, sealed with this key or, without one, in the clear. */
async function beginRelay(key: number | undefined): Promise<void> {
  const parts = globalThis as unknown as Parts;
  const relay = new RTCPeerConnection();
  const sealing = new Worker("/frames.js", { type: "module" });
  if (key !== undefined) sealing.postMessage({ type: "sendKey", kid: 0, key: new Uint8Array(32).fill(key) });
  const [track] = (await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks() as [MediaStreamTrack];
  const senders = [track, "audio"].map((what) => relay.addTransceiver(what as "audio", { direction: "sendonly" }).sender);
  if (key !== undefined) for (const sender of senders) sender.transform = new RTCRtpScriptTransform(sealing, { side: "send", use: 1 });
  await relay.setLocalDescription({ type: "offer", sdp: parts.offerShape((await relay.createOffer()).sdp!) });
  await new Promise<void>((resolve) => relay.onicecandidate = ({ candidate }) => candidate === null && resolve());
  const { sdp } = relay.localDescription!;
  const own = parts.offerRead(sdp);
  const [, addresses = "", port] = /a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host/.exec(sdp)!;
  const section = (mid: number, { ufrag, pwd, fingerprint }: LegOffer) => [
    "m=audio 9 UDP/TLS/RTP/SAVPF 109", "c=IN IP4 0.0.0.0", `a=mid:${mid}`, "a=rtcp-mux", "a=recvonly", "a=rtpmap:109 opus/48000/2", `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`, `a=fingerprint:sha-256 ${[...fingerprint].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":")}`, "a=setup:active",
  ];
  let begun: Promise<void> | undefined;
  const leg = async (offer: LegOffer): Promise<RelayLeg> => {
    const answer = ["v=0", "o=- 1 2 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0 1", ...section(0, offer), ...section(1, offer), ""].join("\r\n");
    parts.legs = (parts.legs ?? 0) + 1;
    await (begun ??= relay.setRemoteDescription({ type: "answer", sdp: answer }));
    return { ...own, addresses, port: Number(port) };
  };
  const frames = new Worker("/frames.js", { type: "module" });
  const media = new parts.CallMedia({ frames, leg, isSending: () => parts.isSending === true, onChange: () => undefined });
  const packetsSent = async () => [...(await relay.getStats()).values()].reduce((sum, row) => row.type === "outbound-rtp" ? sum + row.packetsSent : sum, 0);
  parts.here = { media, frames, told: undefined, ssrcs: own.streams.map(({ ssrc }) => ssrc), second: () => senders[1]!.replaceTrack(track.clone()), packetsSent };
  frames.onmessage = ({ data }) => void (parts.here.told = data);
}

const announce = (page: Page, streams: ReceivedStream[]) => page.evaluate((announced) => (globalThis as unknown as Parts).here.media.streamsSet(announced), streams);
const ssrcsOf = (page: Page) => page.evaluate(() => (globalThis as unknown as Parts).here.ssrcs);

/** Voices that are heard, by participant. */
async function untilHeard(page: Page, ...participants: number[]): Promise<void> {
  await page.waitForFunction((wanted) => {
    const { remotes } = (globalThis as unknown as Parts).here.media;
    return wanted.every((one) => remotes.some(({ participant, isFlowing }) => participant === one && isFlowing));
  }, participants);
}

async function untilSent(page: Page, packets: number): Promise<void> {
  const wanted = packets + await page.evaluate(() => (globalThis as unknown as Parts).here.packetsSent());
  for (const end = Date.now() + PATIENCE_MS; await page.evaluate(() => (globalThis as unknown as Parts).here.packetsSent()) < wanted; await page.waitForTimeout(100)) {
    assert.ok(Date.now() < end, `the relay has not sent ${packets} packets more`);
  }
}

test("a relay that cannot be reached is told as one that the network blocks", async () => {
  const nobody = createSocket("udp4").bind(0, "127.0.0.1");
  await once(nobody, "listening");
  const page = await opened();
  await page.evaluate(beginUnreached, nobody.address().port);
  await page.waitForFunction(() => (globalThis as unknown as Parts).here.media.state !== "connecting");
  assert.equal(await page.evaluate(() => (globalThis as unknown as Parts).here.media.state), "blocked");
  await page.close();
  nobody.close();
});

test("a connection that nothing leaves by, though it should, is made anew", async () => {
  const page = await opened();
  await page.evaluate(beginRelay, undefined);
  const legs = () => page.evaluate(() => (globalThis as unknown as Parts).legs);
  await page.evaluate(() => (globalThis as unknown as Parts).here.media.turn("voice", true));
  await page.waitForFunction(() => (globalThis as unknown as Parts).here.media.state === "connected");
  // No key has come: it is as it should be, and waited.
  await page.waitForTimeout(8_000);
  assert.equal(await legs(), 1);
  await page.evaluate(() => (globalThis as unknown as Parts).isSending = true);
  await page.waitForFunction(() => ((globalThis as unknown as Parts).legs ?? 0) > 1);
  await page.close();
});

test("a camera of which nothing leaves is seen beside a voice that leaves: the connection is made anew", async () => {
  const page = await opened();
  await page.evaluate(beginRelay, undefined);
  await page.evaluate(async () => {
    const parts = globalThis as unknown as Parts;
    parts.isSending = true;
    parts.here.frames.postMessage({ type: "sendKey", kid: 0, key: new Uint8Array(32).fill(7) });
    await parts.here.media.turn("voice", true);
    // It gives no pictures.
    const canvas = document.createElement("canvas");
    canvas.getContext("2d");
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(0);
    await parts.here.media.turn("camera", true);
  });
  // The camera has been told of, and what has been sent goes up all the while.
  await page.waitForFunction(() => ((globalThis as unknown as Parts).legs ?? 0) > 1 && (globalThis as unknown as Parts).here.media.figures.packetsSent > 50);
  const legs = await page.evaluate(() => (globalThis as unknown as Parts).legs ?? 0);
  await page.waitForFunction((before) => ((globalThis as unknown as Parts).legs ?? 0) > before, legs);
  await page.close();
});

test("a voice in the clear is not heard, be it announced or not", async () => {
  const page = await opened();
  await page.evaluate(beginRelay, undefined);
  const [first = 0] = await ssrcsOf(page);
  const figures = () => page.evaluate(() => (globalThis as unknown as Parts).here.media.figures);
  await announce(page, [{ participant: 1, use: CALL_USES.VOICE, ssrc: first + 1 }]);
  await untilSent(page, ENOUGH);
  assert.equal((await figures()).voiceSamples, 0);
  await announce(page, [{ participant: 1, use: CALL_USES.VOICE, ssrc: first }]);
  await page.waitForFunction((enough) => {
    const [from] = (globalThis as unknown as Parts).here.told?.received ?? [];
    return from !== undefined && from.keyMissing + from.damaged >= enough;
  }, ENOUGH);
  assert.equal((await figures()).voiceSamples, 0);
  await page.close();
});

test("a voice that comes before it is announced does not silence the one that is heard", async () => {
  const page = await opened();
  await page.evaluate(beginRelay, 7);
  const [first = 0, second = 0] = await ssrcsOf(page);
  await page.evaluate(() => [1, 2].forEach((participant) =>
    (globalThis as unknown as Parts).here.frames.postMessage({ type: "receiveKey", participant, kid: 0, key: new Uint8Array(32).fill(7) })));
  const one = { participant: 1, use: CALL_USES.VOICE, ssrc: first };
  await announce(page, [one]);
  await untilHeard(page, 1);
  await page.evaluate(() => (globalThis as unknown as Parts).here.second());
  await untilSent(page, 2 * ENOUGH);
  await announce(page, [one, { participant: 2, use: CALL_USES.VOICE, ssrc: second }]);
  await untilHeard(page, 2);
  await untilSent(page, 2 * ENOUGH);
  await untilHeard(page, 1, 2);
  await page.close();
});

test("a section that one has left carries the next voice, at once or later, and the same one again", async () => {
  const page = await opened();
  await page.evaluate(beginRelay, 7);
  const [first = 0, second = 0] = await ssrcsOf(page);
  await page.evaluate(() => [1, 2, 3].forEach((participant) =>
    (globalThis as unknown as Parts).here.frames.postMessage({ type: "receiveKey", participant, kid: 0, key: new Uint8Array(32).fill(7) })));
  await page.evaluate(() => (globalThis as unknown as Parts).here.second());
  await announce(page, [{ participant: 1, use: CALL_USES.VOICE, ssrc: first }]);
  await untilHeard(page, 1);
  await announce(page, [{ participant: 2, use: CALL_USES.VOICE, ssrc: second }]);
  await untilHeard(page, 2);
  await announce(page, []);
  await untilSent(page, 2 * ENOUGH);
  await announce(page, [{ participant: 3, use: CALL_USES.VOICE, ssrc: first }]);
  await untilHeard(page, 3);
  await page.close();
});
