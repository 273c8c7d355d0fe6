// One number of a stream goes out with one plaintext: the key and nonce of what is sealed come of nothing else. A publisher
// that offers two packets of one number, as itself or as its repetition, has one forwarded.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { RelayHost, until } from "./host.ts";
import { nack, readRtp, rtp } from "./packet.ts";
import { Peer, RTX_TYPE, VIDEO_TYPE } from "./peer.ts";

const [SSRC, RTX, OUT] = [12, 13, 1002];

function original(seq: number, words: string): Buffer {
  return rtp({ payloadType: VIDEO_TYPE, seq, ssrc: SSRC, payload: Buffer.from(words), timestamp: seq * 3000 });
}

/** RFC 4588: the number that it had, then its payload. */
function repeated(number: number, seq: number, words: string): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(seq);
  return rtp({ payloadType: RTX_TYPE, seq: number, ssrc: RTX, payload: Buffer.concat([head, Buffer.from(words)]), timestamp: seq * 3000 });
}

async function stage(t: TestContext) {
  const host = await RelayHost.start();
  const call = await host.call();
  const sender = await Peer.join(host, call, { sends: [{ kind: "video", ssrc: SSRC }] });
  const receiver = await Peer.join(host, call, { receives: [{ kind: "video", ssrc: OUT }] });
  const stream = await host.publish(sender.leg.leg, { kind: "video", ssrc: SSRC, rtxSsrc: RTX, payloadType: VIDEO_TYPE, rtxPayloadType: RTX_TYPE, outSsrc: OUT });
  assert.ok(await host.subscribe(receiver.leg.leg, stream));
  await sender.connected();
  await receiver.connected();
  t.after(async () => {
    sender.close();
    receiver.close();
    assert.equal(await host.stop(), 0);
  });
  const heard = () => (receiver.received.get(OUT) ?? []).map(readRtp).map(({ seq, payload }) => `${seq} ${payload.toString()}`);
  const has = (count: number, name: string) => until(`${count} ${name}`, async () => (await host.counts())[name] === count);
  return { host, call, sender, receiver, stream, heard, has };
}

test("a repetition fills a gap once, under the stream's own number, type and time", async (t) => {
  const { sender, receiver, heard, has } = await stage(t);
  for (const seq of [1, 2, 4]) sender.send(original(seq, "first"));
  await until("three", () => heard().length === 3);
  sender.send(repeated(1, 3, "third"));
  await until("the fourth", () => heard().includes("3 third"));
  const packet = readRtp(receiver.received.get(OUT)![3]!);
  assert.equal(packet.payloadType, VIDEO_TYPE);
  assert.equal(packet.timestamp, 9000);
  sender.send(repeated(2, 3, "another"));
  sender.send(original(3, "late and another"));
  await has(2, "needless");
  // What is asked for again is what went out first.
  receiver.send(nack(1, OUT, [3]));
  await has(1, "resent");
  assert.deepEqual(heard().filter((each) => each.startsWith("3 ") && each !== "3 third"), []);
});

test("a late packet and its repetition: the first one counts", async (t) => {
  const { sender, heard, has } = await stage(t);
  for (const seq of [1, 3]) sender.send(original(seq, "first"));
  await until("two", () => heard().length === 2);
  sender.send(original(2, "late"));
  await until("the late one", () => heard().includes("2 late"));
  sender.send(repeated(1, 2, "another"));
  await has(1, "needless");
  assert.equal(heard().length, 3);
});

test("a repetition of what lies ahead, or before the first, or of nothing, is not forwarded", async (t) => {
  const { sender, heard, has } = await stage(t);
  sender.send(repeated(1, 5, "before all"));
  sender.send(original(10, "first"));
  await until("one", () => heard().length === 1);
  sender.send(repeated(2, 12, "ahead"));
  sender.send(repeated(3, 9, "before"));
  sender.send(rtp({ payloadType: RTX_TYPE, seq: 4, ssrc: RTX, payload: Buffer.alloc(1) }));
  await has(2, "needless");
  sender.send(original(11, "second"));
  sender.send(original(12, "third"));
  await until("three", () => heard().length === 3);
  assert.deepEqual(heard(), ["10 first", "11 second", "12 third"]);
});

test("who comes back to a stream after half a round of numbers hears nothing of it", async (t) => {
  const { host, call, sender, receiver, stream, heard, has } = await stage(t);
  const steady = await Peer.join(host, call, { receives: [{ kind: "video", ssrc: OUT }] });
  await steady.connected();
  assert.ok(await host.subscribe(steady.leg.leg, stream));
  sender.send(original(100, "first"));
  await until("one each", () => heard().length === 1 && steady.count(OUT) === 1);
  assert.ok(await host.order(`unsubscribe ${receiver.leg.leg} ${stream}`));
  // Two steps of less than half a round each, that the publisher's key can follow.
  for (const seq of [25_100, 50_100]) sender.send(original(seq, "unheard"));
  await until("both, by who stayed", () => steady.count(OUT) === 3);
  assert.ok(await host.order(`subscribe ${receiver.leg.leg} ${stream}`));
  sender.send(original(50_101, "too far"));
  await has(1, "stale");
  await until("that one, by who stayed", () => steady.count(OUT) === 4);
  assert.equal(heard().length, 1);
  steady.close();
});
