// The worker of frames in Chromium, on both sides of a call between two connections of one page: what is sent without a key, and
// what is shown with the right key, with another one and with none.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { CHROMIUM_FLAGS } from "../../demo/browse.ts";
import type { FrameTell } from "../../client-sdk/web/call/framewire.ts";
import { CHROMIUM } from "./browser.ts";

const PATIENCE_MS = 60_000;
const FRAMES_SHOWN = 10;
const ALVA = 3;

const bundled = await build({
  entryPoints: [new URL("../../client-sdk/web/call/transform-worker.ts", import.meta.url).pathname],
  bundle: true, format: "esm", target: "es2022", write: false, logLevel: "error",
});
const script = bundled.outputFiles[0]!.text;

const server = createServer((request, response) => {
  const isScript = request.url === "/frames.js";
  response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
  response.end(isScript ? script : "<!doctype html><title>frames</title>");
});
let browser: Browser;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection"];
  browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...CHROMIUM_FLAGS, ...flags] });
});

after(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

interface Seen {
  packetsSent: number;
  packetsReceived: number;
  videoDecoded: number;
  /** Of samples of the voice, those that were not made up by the browser. */
  voiceSamples: number;
}

/** What the page holds. */
interface Stage {
  seen(): Promise<Seen>;
  /** To the sending worker, and to the receiving one. */
  sending: Worker;
  receiving: Worker;
  told: { sending?: FrameTell; receiving?: FrameTell };
}

declare global {
  var stage: Stage;
}

/** Runs in the page: two connections, each with a worker; voice and camera go from the first to the second. */
async function stageBegin(participant: number): Promise<void> {
  const sending = new Worker("/frames.js", { type: "module" });
  const receiving = new Worker("/frames.js", { type: "module" });
  const told: Stage["told"] = {};
  sending.onmessage = ({ data }) => void (told.sending = data);
  receiving.onmessage = ({ data }) => void (told.receiving = data);
  const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined);
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined);
  to.ontrack = ({ track, receiver, streams }) => {
    const use = track.kind === "audio" ? 1 : 2;
    receiver.transform = new RTCRtpScriptTransform(receiving, { side: "receive", slot: use });
    receiving.postMessage({ type: "slot", slot: use, stream: { participant, use } });
    const element = Object.assign(document.createElement(track.kind === "audio" ? "audio" : "video"), { srcObject: streams[0], autoplay: true });
    document.body.append(element);
  };
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
  for (const track of media.getTracks()) {
    const transceiver = from.addTransceiver(track, { direction: "sendonly", streams: [media] });
    transceiver.sender.transform = new RTCRtpScriptTransform(sending, { side: "send", use: track.kind === "audio" ? 1 : 2 });
    const { codecs } = RTCRtpSender.getCapabilities(track.kind)!;
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => /\/(opus|VP8|rtx)$/i.test(mimeType)));
  }
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription!);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription!);
  const seen = async () => {
    const sum: Seen = { packetsSent: 0, packetsReceived: 0, videoDecoded: 0, voiceSamples: 0 };
    for (const row of [...(await from.getStats()).values(), ...(await to.getStats()).values()]) {
      if (row.type === "outbound-rtp") sum.packetsSent += row.packetsSent;
      if (row.type !== "inbound-rtp") continue;
      sum.packetsReceived += row.packetsReceived;
      sum.videoDecoded += row.framesDecoded ?? 0;
      sum.voiceSamples += (row.totalSamplesReceived ?? 0) - (row.concealedSamples ?? 0);
    }
    return sum;
  };
  globalThis.stage = { seen, sending, receiving, told };
}

async function opened(): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.evaluate(stageBegin, ALVA);
  return page;
}

function sendKey(page: Page, kid: number, fill: number): Promise<void> {
  return page.evaluate(([kid, fill]) => stage.sending.postMessage({ type: "sendKey", kid, key: new Uint8Array(32).fill(fill) }), [kid, fill] as const);
}

function receiveKey(page: Page, kid: number, fill: number): Promise<void> {
  return page.evaluate(([participant, kid, fill]) =>
    stage.receiving.postMessage({ type: "receiveKey", participant, kid, key: new Uint8Array(32).fill(fill) }), [ALVA, kid, fill] as const);
}

const seen = (page: Page) => page.evaluate(() => stage.seen());
const told = (page: Page) => page.evaluate(() => stage.told);

/** Waits until the page's state is so, and fails when it does not become so. */
async function until(page: Page, isSo: (seen: Seen, told: Stage["told"]) => boolean): Promise<Seen> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const [now, tells] = [await seen(page), await told(page)];
    if (isSo(now, tells)) return now;
    assert.ok(Date.now() < end, JSON.stringify({ now, tells }, (_, value) => (typeof value === "bigint" ? `${value}` : value)));
    await page.waitForTimeout(100);
  }
}

test("nothing is sent before a key is set, and then both voice and camera are shown", async () => {
  const page = await opened();
  await receiveKey(page, 0, 7);
  await until(page, (_, { sending }) => (sending?.sent.dropped ?? 0) >= 50);
  assert.deepEqual(await seen(page), { packetsSent: 0, packetsReceived: 0, videoDecoded: 0, voiceSamples: 0 });
  await sendKey(page, 0, 7);
  await until(page, ({ videoDecoded, voiceSamples }) => videoDecoded >= FRAMES_SHOWN && voiceSamples > 0);
  await until(page, (_, { receiving }) => (receiving?.received[0]?.opened ?? 0) >= FRAMES_SHOWN);
  await page.close();
});

test("without the key, and with another one, nothing is shown; the missing key is counted, and the next one shows all", async () => {
  const page = await opened();
  await sendKey(page, 0, 7);
  await until(page, (_, { receiving }) => (receiving?.received[0]?.keyMissing ?? 0) >= 50);
  await receiveKey(page, 0, 8);
  await until(page, (_, { receiving }) => (receiving?.received[0]?.damaged ?? 0) >= 50);
  const { packetsReceived, videoDecoded, voiceSamples } = await seen(page);
  assert.ok(packetsReceived >= 100);
  assert.deepEqual([videoDecoded, voiceSamples], [0, 0]);
  assert.equal((await told(page)).receiving?.received[0]?.opened, 0);
  await sendKey(page, 1, 9);
  await receiveKey(page, 1, 9);
  await until(page, (now) => now.videoDecoded >= FRAMES_SHOWN);
  await page.close();
});

test("a slot that carries nobody shows nothing, also with the key", async () => {
  const page = await opened();
  await page.evaluate(() => [1, 2].forEach((slot) => stage.receiving.postMessage({ type: "slot", slot, stream: undefined })));
  await receiveKey(page, 0, 7);
  await sendKey(page, 0, 7);
  await until(page, ({ packetsReceived }) => packetsReceived >= 100);
  const { videoDecoded, voiceSamples } = await seen(page);
  assert.deepEqual([videoDecoded, voiceSamples], [0, 0]);
  await page.close();
});
