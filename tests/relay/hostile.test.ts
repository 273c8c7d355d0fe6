// Strangers and dishonest devices: what they send is counted and changes nothing, and nobody who has proved nothing gets
// a single byte back.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { RelayHost, until } from "./host.ts";
import { rtp } from "./packet.ts";
import { Peer, VIDEO_TYPE } from "./peer.ts";
import { isMedia, Proxy } from "./proxy.ts";
import { binding, Caller, errorOf } from "./stun.ts";

const NOBODY = "0".repeat(64);
const OUT = 1002;

async function start(t: TestContext, args: string[] = []): Promise<RelayHost> {
  const host = await RelayHost.start({ args });
  t.after(async () => assert.equal(await host.stop(), 0));
  return host;
}

async function caller(t: TestContext, host: RelayHost): Promise<Caller> {
  const made = await Caller.open(host);
  t.after(() => made.close());
  return made;
}

/** One sends through a network that the test has in its hands, one hears. */
async function pair(t: TestContext, host: RelayHost) {
  const call = await host.call();
  const proxy = await Proxy.start(host);
  const sender = await Peer.join(host, call, { sends: [{ kind: "video", ssrc: 12 }], port: proxy.port });
  const receiver = await Peer.join(host, call, { receives: [{ kind: "video", ssrc: OUT }] });
  const stream = await host.publish(sender.leg.leg, { kind: "video", ssrc: 12, payloadType: VIDEO_TYPE, outSsrc: OUT });
  assert.ok(await host.subscribe(receiver.leg.leg, stream));
  await sender.connected();
  await receiver.connected();
  t.after(() => {
    for (const each of [sender, receiver, proxy]) each.close();
  });
  let seq = 0;
  /** Ten packets go through. */
  const flows = async () => {
    const before = receiver.count(OUT);
    for (let i = 0; i < 10; i++) sender.send(rtp({ payloadType: VIDEO_TYPE, seq: ++seq, ssrc: 12, payload: Buffer.alloc(500, seq) }));
    await until("ten packets", () => receiver.count(OUT) === before + 10);
  };
  await flows();
  return { call, proxy, sender, receiver, stream, flows };
}

test("a check is answered only to who knows the password", async (t) => {
  const host = await start(t);
  const call = await host.call();
  const leg = await host.leg(call, "them", NOBODY);
  const stranger = await caller(t, host);
  const right = { username: `${leg.ufrag}:them`, password: leg.password };
  const wrong = [
    binding({ ...right, password: "guessed" }), binding({ ...right, username: `${leg.ufrag}:they` }),
    binding({ ...right, username: `${leg.ufrag.slice(0, -1)}!:them` }), binding({ ...right, username: "zz:them" }),
    binding({ ...right, username: `ffffffffaaaaaaaaaa:them` }), binding({ ...right, withoutFingerprint: true }),
    binding({ ...right, password: "guessed", extra: 0x7777 }), binding({ ...right, password: "guessed", controlled: true }),
    binding(right).subarray(0, 60), Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...Buffer.alloc(12)]), randomBytes(200), Buffer.alloc(1), Buffer.alloc(0),
  ];
  for (const datagram of wrong) assert.equal(await stranger.ask(datagram), undefined);
  assert.equal(stranger.answers.length, 0);
  assert.equal(errorOf((await stranger.ask(binding(right)))!), 0);
  assert.equal(errorOf((await stranger.ask(binding({ ...right, extra: 0x7777 })))!), 420);
  assert.equal(errorOf((await stranger.ask(binding({ ...right, controlled: true })))!), 487);
  const counts = await host.counts();
  assert.equal(counts.checks, 1);
  assert.equal(counts.checks_forged, 3);
  assert.equal(counts.checks_unknown, 4);
});

test("the address of another leg cannot be taken over", async (t) => {
  const host = await start(t);
  const call = await host.call();
  const [first, second] = [await host.leg(call, "one", NOBODY), await host.leg(call, "two", NOBODY)];
  const socket = await caller(t, host);
  assert.equal(errorOf((await socket.ask(binding({ username: `${first!.ufrag}:one`, password: first!.password })))!), 0);
  assert.equal(await socket.ask(binding({ username: `${second!.ufrag}:two`, password: second!.password, useCandidate: true })), undefined);
  assert.equal((await host.counts()).checks_taken, 1);
});

test("a certificate that was not announced is refused, and no media flows", async (t) => {
  const host = await start(t);
  const call = await host.call();
  const peer = await Peer.join(host, call, { sends: [{ kind: "video", ssrc: 12 }], fingerprint: NOBODY });
  t.after(() => peer.close());
  await host.publish(peer.leg.leg, { kind: "video", ssrc: 12, payloadType: VIDEO_TYPE, outSsrc: OUT });
  await host.event(`lost ${peer.leg.leg} fingerprint`);
  for (let seq = 0; seq < 5; seq++) peer.send(rtp({ payloadType: VIDEO_TYPE, seq, ssrc: 12, payload: Buffer.alloc(100) }));
  assert.equal((await host.counts()).connected, 0);
  assert.ok(!host.events.some((event) => event.startsWith("connected")));
});

test("who does not come is lost, and so is who stops asking", async (t) => {
  const host = await start(t, ["--absent", "1500", "--consent", "3000"]);
  const call = await host.call();
  const absent = await host.leg(call, "none", NOBODY);
  const { sender, proxy } = await pair(t, host);
  await host.event(`lost ${absent.leg} absent`);
  assert.ok(!host.events.includes(`lost ${sender.leg.leg} consent`));
  // Media goes on, but no check comes through any more: sending is no consent.
  proxy.loses = (way, datagram) => way === "up" && datagram[0]! < 4;
  for (let seq = 1000; seq < 1400 && sender.state === "connected"; seq++) {
    sender.send(rtp({ payloadType: VIDEO_TYPE, seq, ssrc: 12, payload: Buffer.alloc(100) }));
    await pause(20);
  }
  await host.event(`lost ${sender.leg.leg} consent`);
  const { stray } = await host.counts();
  proxy.inject("up", rtp({ payloadType: VIDEO_TYPE, seq: 2000, ssrc: 12, payload: Buffer.alloc(100) }));
  await until("a stranger now", async () => (await host.counts()).stray! > stray!);
});

test("a device that changes its network is heard on once it has proved itself there", async (t) => {
  const host = await start(t);
  const { proxy, sender, flows } = await pair(t, host);
  await proxy.move();
  const { stray, checks } = await host.counts();
  sender.send(rtp({ payloadType: VIDEO_TYPE, seq: 500, ssrc: 12, payload: Buffer.alloc(100) }));
  await until("a stranger's packet", async () => (await host.counts()).stray! > stray!);
  // The check that its ICE sends when it notices; here it is the test that knows its passwords.
  const check = binding({ username: `${sender.leg.ufrag}:${sender.offer.ufrag}`, password: sender.leg.password, useCandidate: true });
  proxy.inject("up", check);
  await until("the proof", async () => (await host.counts()).checks! > checks!);
  await flows();
});

test("forged, repeated, cut and foreign packets are counted and change nothing", async (t) => {
  const host = await start(t);
  const { proxy, sender, receiver, flows } = await pair(t, host);
  const caught: Buffer[] = [];
  proxy.loses = (way, datagram) => {
    if (way === "up" && isMedia(datagram) && datagram.length > 400) caught.push(Buffer.from(datagram));
    return false;
  };
  await flows();
  proxy.loses = () => false;
  const before = await host.counts();
  const had = receiver.count(OUT);
  for (const packet of caught) proxy.inject("up", packet); // repeated
  for (const packet of caught) {
    const forged = Buffer.from(packet);
    forged[3]! ^= 0x80; // a number that has not been seen
    proxy.inject("up", forged);
    proxy.inject("up", packet.subarray(0, 11)); // cut
    const unannounced = Buffer.from(packet);
    unannounced.writeUInt32BE(4711, 8);
    proxy.inject("up", unannounced);
  }
  const stranger = await caller(t, host);
  for (const packet of caught) await stranger.send(packet); // from an address that is nobody's
  const more = async (name: string, count: number) =>
    await until(`${count} more of ${name}`, async () => (await host.counts())[name]! === before[name]! + count);
  await more("replayed", caught.length);
  await more("forged", caught.length);
  await more("malformed", caught.length);
  await more("unannounced", caught.length);
  await more("stray", caught.length);
  // Of its own keys, but of a payload type that it never announced.
  sender.send(rtp({ payloadType: 100, seq: 900, ssrc: 12, payload: Buffer.alloc(100) }));
  await more("unannounced", caught.length + 1);
  assert.equal(receiver.count(OUT), had);
  assert.equal(stranger.answers.length, 0);
  await flows();
});

test("a flood of strangers is counted, gets nothing back, and calls go on", async (t) => {
  const host = await start(t);
  const { sender, flows } = await pair(t, host);
  const stranger = await caller(t, host);
  const check = binding({ username: `${sender.leg.ufrag}:${sender.offer.ufrag}`, password: "guessed" });
  const kinds = [check, randomBytes(300), Buffer.concat([Buffer.from([0x80, 96]), randomBytes(1000)]), Buffer.concat([Buffer.from([22, 254, 253]), randomBytes(500)])];
  for (let i = 0; i < 5000; i++) {
    const sent = stranger.send(kinds[i % kinds.length]!);
    if (i % 50 === 0) await sent;
  }
  await flows();
  const counts = await host.counts();
  assert.ok(counts.checks_forged! > 0 && counts.stray! > 0);
  assert.equal(stranger.answers.length, 0);
  assert.ok(!host.events.some((event) => event.startsWith("lost")));
});

test("orders for what is gone, or what would use a key's numbers twice, are refused", async (t) => {
  const host = await start(t);
  const { call, sender, receiver, stream } = await pair(t, host);
  const again = { kind: "video" as const, ssrc: 13, payloadType: VIDEO_TYPE, outSsrc: OUT };
  await assert.rejects(host.publish(sender.leg.leg, again), /refused/);
  assert.equal(await host.subscribe(sender.leg.leg, stream), false); // its own
  const other = await host.call();
  const stranger = await host.leg(other, "them", NOBODY);
  assert.equal(await host.subscribe(stranger.leg, stream), false); // of another call
  assert.ok(await host.order(`unpublish ${stream}`));
  assert.equal(await host.subscribe(receiver.leg.leg, stream), false);
  assert.ok(await host.order(`end ${call}`));
  assert.equal(await host.order(`close ${sender.leg.leg}`), false);
  await assert.rejects(host.leg(call, "them", NOBODY), /refused/);
});
