// The build whose relay writes what it can read of a call: it sees every packet that passes, and exactly what a device put
// in. So a search of that file finds what is not sealed end to end; a build without the option has no tap.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { programs } from "../e2e/programs.ts";
import { figures, join as joinPage, opened, OUT, RTX_TYPE, TYPE } from "./chromium.ts";
import { RelayHost, until } from "./host.ts";
import { readRtp, rtp } from "./packet.ts";
import { Peer, VIDEO_TYPE } from "./peer.ts";
import { vp8Frames, type Vp8Frame } from "./vp8.ts";

const FRAMES_ENOUGH = 40;
const TRIES = 5;
/** How much of what a decoder shows must be like the camera's own picture to count as seen (a correlation). */
const LIKE = 0.5;

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

/** What a camera sends through a relay with a tap, put together again. */
async function tapped(t: TestContext, page: Page, isSealed: boolean): Promise<Vp8Frame[]> {
  const folder = mkdtempSync(join(tmpdir(), "enrum-tap-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "tap");
  const host = await RelayHost.start({ program: join(programs("relay-tap"), "relayhost"), args: ["--tap", file] });
  const from = await joinPage(host, await host.call(), page, true, host.port, isSealed);
  const [, ssrc, rtxSsrc] = /^a=ssrc-group:FID (\d+) (\d+)/m.exec(from.sdp)!;
  await host.publish(from.leg, {
    kind: "video", ssrc: Number(ssrc), rtxSsrc: Number(rtxSsrc), payloadType: TYPE, rtxPayloadType: RTX_TYPE, extension: from.extension, outSsrc: OUT,
  });
  const sent = (await figures(page)).framesEncoded ?? 0;
  await until("a sender at work", async () => (await figures(page)).framesEncoded! > sent + FRAMES_ENOUGH);
  await page.evaluate(() => (window as unknown as { connection: RTCPeerConnection }).connection.close());
  assert.equal(await host.stop(), 0);
  return vp8Frames(records(readFileSync(file)), TYPE);
}

/** With a key frame: a camera that began before the relay knew of it has sent its own, and without it nothing can be decoded. */
async function tappedFromKey(t: TestContext, newPage: () => Promise<Page>, isSealed: boolean): Promise<Vp8Frame[]> {
  let frames: Vp8Frame[] = [];
  for (let tries = 0; tries < TRIES && !frames.some(({ isKey }) => isKey); tries++) frames = await tapped(t, await newPage(), isSealed);
  return frames;
}

/** What a decoder makes of it: how many pictures it shows, and how like the most like of them is to the camera's own. */
function decoded(page: Page, frames: readonly Vp8Frame[]): Promise<{ shown: number; likeness: number }> {
  return page.evaluate(async (given) => {
    const [width, height] = [40, 30];
    const grey = (source: CanvasImageSource): number[] => {
      const canvas = new OffscreenCanvas(width, height).getContext("2d")!;
      canvas.drawImage(source, 0, 0, width, height);
      const { data } = canvas.getImageData(0, 0, width, height);
      const lumas = Array.from({ length: width * height }, (_, at) => data[4 * at]! + data[4 * at + 1]! + data[4 * at + 2]!);
      const mean = lumas.reduce((sum, luma) => sum + luma, 0) / lumas.length;
      return lumas.map((luma) => luma - mean);
    };
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, frameRate: 15 } });
    const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true });
    await video.play();
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    const own = grey(video);
    let [shown, likeness] = [0, 0];
    const output = (frame: VideoFrame) => {
      const seen = grey(frame);
      likeness = Math.max(likeness, dot(own, seen) / Math.sqrt(dot(own, own) * dot(seen, seen) || 1));
      shown++;
      frame.close();
    };
    let decoder: VideoDecoder | undefined;
    for (const [at, { isKey, data }] of given.entries()) {
      if (isKey && decoder?.state !== "configured") {
        decoder = new VideoDecoder({ output, error: () => undefined });
        decoder.configure({ codec: "vp8" });
      }
      if (decoder?.state !== "configured") continue;
      decoder.decode(new EncodedVideoChunk({ type: isKey ? "key" : "delta", timestamp: at * 66_000, data: Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0)) }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await decoder?.flush().catch(() => undefined);
    return { shown, likeness };
  }, frames.map(({ isKey, data }) => ({ isKey, data: data.toString("base64") })));
}

test("whoever taps the relay decodes a camera that is not sealed, and nothing of one that is", async (t) => {
  const newPage = await opened(t);
  const bare = await tappedFromKey(t, newPage, false);
  const open = await decoded(await newPage(), bare);
  const sealed = await tappedFromKey(t, newPage, true);
  const shut = await decoded(await newPage(), sealed);
  t.diagnostic(JSON.stringify({ bare: bare.length, open, sealed: sealed.length, shut }));
  assert.ok(bare.length >= FRAMES_ENOUGH / 2 && open.shown >= bare.length / 2 && open.likeness > 0.8, "the search finds what is not sealed");
  assert.ok(sealed.length >= FRAMES_ENOUGH / 2 && sealed.some(({ isKey }) => isKey), "what is sealed passed the tap");
  assert.ok(shut.likeness < LIKE, "something of the sealed camera can be seen");
});
