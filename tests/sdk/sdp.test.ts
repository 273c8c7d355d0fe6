// Offers as Chromium 156 and Firefox ESR 153 made them (tests/vectors/sdp), and the relay's answers to them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answerMake, offerRead, offerShape, type RelayLeg } from "../../client-sdk/web/call/sdp.ts";
import { Slots, type ReceivedStream } from "../../client-sdk/web/call/slots.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { bytesHex } from "../../client-sdk/web/protocol/layout.ts";
import { CALL_USES } from "../../client-sdk/web/protocol/tables.ts";

const { VOICE, CAMERA, SCREEN } = CALL_USES;
/** Sends a voice, a camera and a screen; then a slot of audio, of video, of audio, of video. */
const BROWSERS = ["chromium-156", "firefox-153"] as const;
const RELAY: RelayLeg = {
  ufrag: "rely", pwd: "relay/relay+relayrelay", fingerprint: new Uint8Array(32).fill(0xab), addresses: "192.0.2.7 2001:db8::7", port: 3478,
};

function recorded(name: (typeof BROWSERS)[number]): string {
  return readFileSync(new URL(`../vectors/sdp/${name}.sdp`, import.meta.url), "utf8");
}

function sectionsOf(sdp: string): string[][] {
  return sdp.split(/^(?=m=)/m).slice(1).map((section) => section.trimEnd().split("\r\n"));
}

function linesOf(sdp: string, start: string): string[] {
  return sdp.split("\r\n").filter((line) => line.startsWith(start));
}

function stream(participant: number, use: ReceivedStream["use"], ssrc: number): ReceivedStream {
  return { participant, use, ssrc };
}

function isMalformed(error: unknown): boolean {
  return error instanceof EnrumError && error.code === "MALFORMED";
}

for (const name of BROWSERS) {
  test(`${name}: the shaped offer has Opus, VP8 and its retransmissions, with the call's payload types, and two extensions`, () => {
    const shaped = offerShape(recorded(name));
    const [audio, ...rest] = [...new Set(sectionsOf(shaped).map(([media]) => media?.replace(/ \d+ UDP/, " 9 UDP")))];
    assert.equal(audio, "m=audio 9 UDP/TLS/RTP/SAVPF 109");
    assert.deepEqual(rest, ["m=video 9 UDP/TLS/RTP/SAVPF 120 124"]);
    assert.deepEqual([...new Set(linesOf(shaped, "a=rtpmap:"))], ["a=rtpmap:109 opus/48000/2", "a=rtpmap:120 VP8/90000", "a=rtpmap:124 rtx/90000"]);
    for (const end of ["transport-wide-cc-extensions-01", "sdes:mid"]) assert.equal(linesOf(shaped, "a=extmap:").filter((line) => line.endsWith(end)).length, 7, end);
    assert.equal(linesOf(shaped, "a=extmap:").length, 14);
    assert.ok(linesOf(shaped, "a=fmtp:124").every((line) => line === "a=fmtp:124 apt=120"));
    assert.equal(linesOf(shaped, "a=fmtp:124").length, 4);
  });

  test(`${name}: shaping what is shaped changes nothing, and each section keeps its place and its streams`, () => {
    const shaped = offerShape(recorded(name));
    assert.equal(offerShape(shaped), shaped);
    for (const start of ["a=mid:", "a=ssrc:", "a=ssrc-group:", "a=sendonly", "a=recvonly", "a=fingerprint:"]) {
      assert.deepEqual(linesOf(shaped, start), linesOf(recorded(name), start), start);
    }
  });

  test(`${name}: simulcast and other hash functions are not taken`, () => {
    const offer = recorded(name).replace("a=mid:1\r\n", "a=mid:1\r\na=rid:h send\r\na=simulcast:send h\r\na=ssrc-group:SIM 1 2\r\n");
    assert.equal(offerShape(offer), offerShape(recorded(name)));
    assert.throws(() => offerRead(offerShape(recorded(name).replaceAll("sha-256", "sha-1"))), isMalformed);
  });

  test(`${name}: an offer without a part that CALL_LEG needs is refused`, () => {
    for (const part of [/a=ice-ufrag.*\r\n/g, /a=ice-pwd.*\r\n/g, /a=fingerprint.*\r\n/g, /a=ssrc.*\r\n/g]) {
      assert.throws(() => offerRead(offerShape(recorded(name).replaceAll(part, ""))), isMalformed, String(part));
    }
    assert.throws(() => offerShape(recorded(name).replaceAll("VP8", "VP7")), isMalformed);
    assert.throws(() => offerRead("v=0\r\n"), isMalformed);
  });

  test(`${name}: what is not sent is no stream`, () => {
    const sections = sectionsOf(offerShape(recorded(name)));
    const silent = sections.map((section, at) => section.map((line) => (at === 0 && line === "a=sendonly" ? "a=inactive" : line)));
    const head = offerShape(recorded(name)).split(/^(?=m=)/m)[0] ?? "";
    const read = offerRead(head + silent.flat().map((line) => `${line}\r\n`).join(""));
    assert.deepEqual(read.streams.map(({ use }) => use), [CAMERA, SCREEN]);
  });

  test(`${name}: the answer receives what is sent, and sends what is in the slots`, () => {
    const offer = offerShape(recorded(name));
    const slots = new Slots();
    slots.place([stream(4, VOICE, 40), stream(4, CAMERA, 41), stream(5, VOICE, 50)]);
    const answer = answerMake(offer, RELAY, slots.all);
    assert.ok(answer.startsWith("v=0\r\n") && answer.includes("\r\na=ice-lite\r\na=group:BUNDLE 0 1 2 3 4 5 6\r\n"));
    const sections = sectionsOf(answer);
    assert.deepEqual(sections.map((section) => section.find((line) => /^a=(recvonly|sendonly|inactive)$/.test(line))), [
      "a=recvonly", "a=recvonly", "a=recvonly", "a=sendonly", "a=sendonly", "a=sendonly", "a=inactive",
    ]);
    assert.deepEqual(sections.map(([media]) => media?.split(" ").slice(3).join(" ")), ["109", "120 124", "120 124", "109", "120", "109", "120"]);
    assert.deepEqual(sections.map((section) => section.filter((line) => line.startsWith("a=ssrc:")).map((line) => line.slice(7))), [
      [], [], [], ["40 cname:p4", "40 msid:p4 p4-40"], ["41 cname:p4", "41 msid:p4 p4-41"], ["50 cname:p5", "50 msid:p5 p5-50"], [],
    ]);
    assert.ok(sections.every((section) => section.includes("a=setup:passive") && section.includes("a=ice-ufrag:rely")
      && section.includes(`a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`)));
  });

  test(`${name}: the relay is asked for feedback that it has: none of it by an extension that it takes off`, () => {
    const offer = offerShape(recorded(name));
    const slots = new Slots();
    slots.place([stream(4, VOICE, 40), stream(4, CAMERA, 41)]);
    const sections = sectionsOf(answerMake(offer, RELAY, slots.all));
    const told = (at: number, start: string) => (sections[at] ?? []).filter((line) => line.startsWith(start)).sort();
    assert.deepEqual(told(1, "a=rtcp-fb:"), ["a=rtcp-fb:120 ccm fir", "a=rtcp-fb:120 nack", "a=rtcp-fb:120 nack pli", "a=rtcp-fb:120 transport-cc"]);
    assert.deepEqual(told(4, "a=rtcp-fb:"), ["a=rtcp-fb:120 ccm fir", "a=rtcp-fb:120 nack", "a=rtcp-fb:120 nack pli"]);
    const extensions = [0, 1, 2, 3, 4, 5, 6].map((at) => told(at, "a=extmap:").map((line) => line.split(/[ :]/).at(-1)));
    assert.deepEqual(extensions.map((all) => all.length), [2, 2, 2, 1, 1, 1, 1]);
    assert.ok(extensions.every((all) => all.includes("mid")));
  });

  test(`${name}: of addresses, the answer has the relay's only, once`, () => {
    const offer = offerShape(recorded(name)).replace("a=mid:0\r\n", "a=mid:0\r\na=candidate:1 1 udp 1 198.51.100.9 5000 typ host\r\n");
    const answer = answerMake(offer, RELAY, []);
    assert.deepEqual(linesOf(answer, "a=candidate:"), [
      "a=candidate:1 1 udp 2130706431 192.0.2.7 3478 typ host", "a=candidate:2 1 udp 2130706175 2001:db8::7 3478 typ host",
    ]);
    assert.equal(answer.includes("198.51.100.9"), false);
    assert.equal(JSON.stringify(offerRead(offer)).includes("198.51.100.9"), false);
  });
}

test("the parameters of Chromium's leg", () => {
  const { fingerprint, ...leg } = offerRead(offerShape(recorded("chromium-156")));
  assert.equal(bytesHex(fingerprint), "9127e43b8571a6dd8d0f9eca11135710" + "7781cb730761b217c2acf6704a13b780");
  assert.deepEqual(leg, {
    ufrag: "dkOo", pwd: "YzlQ+zugPcpDyxmnjxvFmoKf", transport_cc: 3, streams: [
      { use: VOICE, ssrc: 1811421729, rtx_ssrc: 0, payload_type: 109, rtx_payload_type: 0 },
      { use: CAMERA, ssrc: 3200568515, rtx_ssrc: 1968434628, payload_type: 120, rtx_payload_type: 124 },
      { use: SCREEN, ssrc: 3883562313, rtx_ssrc: 527867335, payload_type: 120, rtx_payload_type: 124 },
    ],
  });
});

test("the parameters of Firefox's leg", () => {
  const { fingerprint, ...leg } = offerRead(offerShape(recorded("firefox-153")));
  assert.equal(bytesHex(fingerprint), "a03698b756808e5babdbf66fc4eb63d9" + "ad862ab9683e428ef6f11e2fd7c20943");
  assert.deepEqual(leg, {
    ufrag: "655c5a27", pwd: "fb69d58f6827c7bd493ac59d7dc7b9ef", transport_cc: 7, streams: [
      { use: VOICE, ssrc: 3803256082, rtx_ssrc: 0, payload_type: 109, rtx_payload_type: 0 },
      { use: CAMERA, ssrc: 3874017388, rtx_ssrc: 2656324111, payload_type: 120, rtx_payload_type: 124 },
      { use: SCREEN, ssrc: 1466933847, rtx_ssrc: 2309070350, payload_type: 120, rtx_payload_type: 124 },
    ],
  });
});

test("a host cannot put a line of its own into the answer", () => {
  const offer = offerShape(recorded("chromium-156"));
  const wrong: Partial<RelayLeg>[] = [
    { ufrag: "rely\r\na=setup:active" }, { ufrag: "re ly" }, { ufrag: "rel" }, { pwd: `${RELAY.pwd}\n` }, { pwd: "short" },
    { addresses: "host.example" }, { addresses: "192.0.2.7\r\na=x" }, { addresses: "" }, { addresses: "192.0.2.7  192.0.2.8" },
    { addresses: "2001:db8::7 1 typ relay" }, { port: 0 }, { port: 65536 }, { port: 1.5 },
  ];
  for (const one of wrong) assert.throws(() => answerMake(offer, { ...RELAY, ...one }, []), isMalformed, JSON.stringify(one));
});

test("who leaves frees its slots, who stays keeps them, and the next of the same medium takes the first free one", () => {
  const slots = new Slots();
  const ssrcs = () => slots.all.map((slot) => slot.stream?.ssrc);
  slots.place([stream(4, VOICE, 40), stream(4, CAMERA, 41), stream(5, VOICE, 50), stream(5, CAMERA, 51)]);
  assert.deepEqual(slots.all.map(({ medium }) => medium), ["audio", "video", "audio", "video"]);
  slots.place([stream(5, CAMERA, 51), stream(5, VOICE, 50)]);
  assert.deepEqual(ssrcs(), [undefined, undefined, 50, 51]);
  slots.place([stream(5, VOICE, 50), stream(5, CAMERA, 51), stream(6, SCREEN, 61), stream(7, SCREEN, 71)]);
  assert.deepEqual(ssrcs(), [undefined, 61, 50, 51, 71]);
  slots.place([]);
  assert.deepEqual(ssrcs(), Array(5).fill(undefined));
});

test("eleven others with three streams each have a slot; what a host names beyond them has none", () => {
  const slots = new Slots();
  const all = Array.from({ length: 40 }, (_, at) => stream(1 + Math.floor(at / 3), ([VOICE, CAMERA, SCREEN] as const)[at % 3] ?? VOICE, 1 + at));
  slots.place(all);
  assert.deepEqual(slots.all.map((slot) => slot.stream), all.slice(0, 33));
  for (let ssrc = 100; ssrc < 200; ssrc += 1) slots.place([stream(1, ssrc % 2 === 0 ? VOICE : CAMERA, ssrc)]);
  assert.equal(slots.all.length, 33);
});
