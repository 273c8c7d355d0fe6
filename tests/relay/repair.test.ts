// What the network loses is repaired on either side of the relay, and key frames are asked for when somebody needs one.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { RelayHost, until } from "./host.ts";
import { Peer, VIDEO_TYPE, type PeerOptions } from "./peer.ts";
import { nack, nackSeqs, pli, readRtcp, readRtp, rtp } from "./packet.ts";
import { dice, isMedia, Proxy } from "./proxy.ts";

const SSRC = 12;
const OUT = 1002;
const PACKETS = 2000;
const LOSS = 0.05;
/** How far back a listener asks: less than the relay keeps (CACHE_PACKETS). */
const ASKED_BACK = 400;

interface Stage {
  host: RelayHost;
  call: string;
  sender: Peer;
  stream: string;
}

async function stage(t: TestContext, sends: PeerOptions = {}, host?: RelayHost): Promise<Stage> {
  const relay = host ?? (await RelayHost.start());
  const call = await relay.call();
  const sender = await Peer.join(relay, call, { sends: [{ kind: "video", ssrc: SSRC }], ...sends });
  t.after(async () => {
    sender.close();
    assert.equal(await relay.stop(), 0);
  });
  const stream = await relay.publish(sender.leg.leg, { kind: "video", ssrc: SSRC, payloadType: VIDEO_TYPE, extension: 3, outSsrc: OUT });
  await sender.connected();
  return { host: relay, call, sender, stream };
}

async function listener(t: TestContext, { host, call, stream }: Stage, port?: number): Promise<Peer> {
  const peer = await Peer.join(host, call, { receives: [{ kind: "video", ssrc: OUT }], ...(port === undefined ? {} : { port }) });
  t.after(() => peer.close());
  assert.ok(await host.subscribe(peer.leg.leg, stream));
  await peer.connected();
  return peer;
}

function made(seq: number): Buffer {
  const payload = Buffer.alloc(200 + (seq % 100), seq & 0xff);
  return rtp({ payloadType: VIDEO_TYPE, seq, ssrc: SSRC, payload, wide: { id: 3, number: seq } });
}

/** How often its sender was asked for a key frame. */
function plis(peer: Peer): number {
  return peer.reports.flatMap(readRtcp).filter((report) => report.type === 206 && report.count === 1 && report.body.readUInt32BE(0) === SSRC).length;
}

/** Sends all, then waits a second; the sender answers each NACK as a browser does, and `listens` runs in between and after. */
async function sendAll(sender: Peer, listens: () => void = () => undefined): Promise<void> {
  let seen = 0;
  const answer = () => {
    for (; seen < sender.reports.length; seen++) {
      for (const report of readRtcp(sender.reports[seen]!)) {
        if (report.type === 205 && report.count === 1) for (const seq of nackSeqs(report.body)) sender.send(made(seq));
      }
    }
  };
  for (let seq = 1; seq <= PACKETS; seq++) {
    sender.send(made(seq));
    if (seq % 10 === 0) listens();
    if (seq % 20 === 0) await pause(5);
    answer();
  }
  for (let i = 0; i < 100; i++) {
    await pause(10);
    listens();
    answer();
  }
}

function seqs(peer: Peer): Set<number> {
  return new Set((peer.received.get(OUT) ?? []).map((packet) => readRtp(packet).seq));
}

test("what is lost on the way to the relay is asked for there, and everybody gets it", async (t) => {
  const host = await RelayHost.start();
  const proxy = await Proxy.start(host);
  t.after(() => proxy.close());
  const all = await stage(t, { port: proxy.port }, host);
  const receivers = [await listener(t, all), await listener(t, all)];
  const roll = dice(1);
  proxy.loses = (way, datagram) => way === "up" && isMedia(datagram) && roll() < LOSS;
  await sendAll(all.sender);
  proxy.loses = () => false;
  const counts = await host.counts();
  assert.ok(proxy.lost > PACKETS * LOSS * 0.5, `${proxy.lost} lost`);
  assert.ok(counts.nacks_out! > 0 && counts.repaired! > 0);
  // The last ones may be lost without anybody being able to know.
  for (const receiver of receivers) assert.ok(seqs(receiver).size >= PACKETS - 3, `${seqs(receiver).size} of ${PACKETS}`);
});

test("what is lost on the way from the relay is sent again from there, and its sender is not asked", async (t) => {
  const all = await stage(t);
  const proxy = await Proxy.start(all.host);
  t.after(() => proxy.close());
  const lossy = await listener(t, all, proxy.port);
  const whole = await listener(t, all);
  const roll = dice(2);
  proxy.loses = (way, datagram) => way === "down" && isMedia(datagram) && roll() < LOSS;
  await sendAll(all.sender, () => {
    const has = seqs(lossy);
    const highest = Math.max(0, ...has);
    const lacking = [...Array(ASKED_BACK).keys()].map((i) => highest - ASKED_BACK + i).filter((number) => number > 0 && !has.has(number));
    if (lacking.length > 0) lossy.send(nack(1, OUT, lacking));
  });
  // The last ones may be lost without anybody being able to know.
  assert.ok(seqs(lossy).size >= PACKETS - 10, `${seqs(lossy).size} of ${PACKETS}`);
  const counts = await all.host.counts();
  assert.ok(counts.resent! > PACKETS * LOSS * 0.5, `${counts.resent} sent again`);
  assert.equal(counts.nacks_out, 0);
  assert.equal(whole.count(OUT), PACKETS);
  // The same bytes each time: what was sealed under one number opens as one packet.
  for (const packet of lossy.received.get(OUT)!) {
    const { seq, payload } = readRtp(packet);
    assert.deepEqual(payload, Buffer.alloc(200 + (seq % 100), seq & 0xff));
  }
});

test("who joins late gets a key frame asked for, and wishes are not lost but gathered", async (t) => {
  const all = await stage(t);
  assert.equal(plis(all.sender), 0);
  const late = await listener(t, all);
  await until("the wish", () => plis(all.sender) === 1);
  for (let i = 0; i < 20; i++) late.send(pli(1, OUT));
  await until("the gathered wish", () => plis(all.sender) === 2);
  late.send(pli(1, 4711));
  const counts = await all.host.counts();
  assert.equal(counts.keyframes_in, 20);
  assert.equal(counts.keyframes_out, 2);
});

test("a sender is told how its packets arrive, and its clock goes through to who hears it", async (t) => {
  const all = await stage(t);
  const receiver = await listener(t, all);
  for (let seq = 1; seq <= 100; seq++) {
    all.sender.send(made(seq));
    if (seq % 10 === 0) await pause(5);
  }
  const reports = () => all.sender.reports.flatMap(readRtcp);
  await until("transport-wide feedback for all of it", () =>
    reports().filter((report) => report.type === 205 && report.count === 15).reduce((sum, report) => sum + report.body.readUInt16BE(6), 0) === 100);
  const firsts = reports().filter((report) => report.count === 15).map((report) => report.body.readUInt16BE(4));
  assert.equal(firsts[0], 1);
  await until("a receiver report", () => reports().some((report) => report.type === 201 && report.count === 1 && report.body.readUInt32BE(0) === SSRC));
  const clock = Buffer.alloc(28);
  clock.set([0x80, 200, 0, 6]);
  clock.writeUInt32BE(SSRC, 4);
  clock.fill(0x5a, 8);
  all.sender.send(clock);
  await until("the sender's clock", () => receiver.reports.flatMap(readRtcp).some((report) => report.type === 200 && report.ssrc === OUT));
  const through = receiver.reports.flatMap(readRtcp).find((report) => report.type === 200)!;
  assert.equal(through.count, 0);
  assert.deepEqual(through.body, Buffer.alloc(20, 0x5a));
});
