// A certificate is renewed while its device is at work: nothing is refused, given back or doubled for it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setImmediate as turnEnd } from "node:timers/promises";
import { eventually } from "../../demo/device.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { entrySeq } from "../../client-sdk/web/protocol/entry.ts";
import { bytesEqual, bytesHex, layoutDecode } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend, messageProve } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS } from "../../client-sdk/web/protocol/tables.ts";
import { systemClock } from "../../client-sdk/web/sdk/environment.ts";
import { BoardMaker, DAY_MS, type Device } from "./board_maker.ts";
import { HostMaker, refusal } from "./host_maker.ts";
import { RoomMaker } from "./room_maker.ts";

const HOUR_MS = 3_600_000;
let board: BoardMaker;
let host: HostMaker;
let log: RoomMaker;
/** The citizen's device, with most of its certificate's life behind it; and with the certificate that the keeper gives it. */
let old: Device;
let renewed: Device;

beforeEach(async () => {
  board = await BoardMaker.make();
  host = new HostMaker(board);
  log = host.roomAdd(await RoomMaker.create(board));
  old = await board.renew(board.citizen, { notBefore: board.now - 2 * DAY_MS, notAfter: board.now + HOUR_MS });
  renewed = await board.renew(board.citizen);
  const body = { certificate: renewed.bytes, issuer: renewed.issuer, name: "Test Testsson", heads: new Uint8Array(0), profile: new Uint8Array(0) };
  host.keeper = ({ kind }) => kind === "RENEW" ? { kind: "LOGGED_IN", body } : undefined;
});

const count = (type: number) => host.asked.filter((asked) => asked === type).length;

/** The certificate that these entries are sealed under is not the one that the host knows this connection by. */
async function isOther(entries: Bytes, known: Bytes): Promise<boolean> {
  return (await entrySeq(entries)).some(({ head }) => !bytesEqual(head.certificate, known));
}

test("under a renewed certificate nothing is sent before the host has accepted it", async () => {
  let known = old.certificate.hash;
  let proof = 0;
  host.instead.set(messageProve.number, (request) => {
    if (count(messageProve.number) === 1) return undefined;
    proof = request;
    return null;
  });
  host.instead.set(messageAppend.number, async (request, frame) =>
    await isOther(layoutDecode(messageAppend, frame).entries, known) ? refusal(request, "DEVICE_OTHER") : undefined);
  const enrum = await host.open(await host.storeOf(old));
  await eventually("the room", async () => enrum.rooms.get(bytesHex(log.room))?.isCurrent);
  await eventually("asked to accept it", async () => proof !== 0);
  for (const text of ["ett", "två"]) await enrum.send(crypto.randomUUID(), bytesHex(log.room), text);
  for (let i = 0; i < 20; i++) await turnEnd();
  assert.equal(count(messageAppend.number), 0);
  known = renewed.certificate.hash;
  host.say(host.ready(proof));
  await eventually("sent", async () => enrum.outbox.drafts.length === 0);
  assert.equal(count(messageAppend.number), 2, "each once");
  await enrum.close();
});

test("a device that may not renew is told of it when its certificate has ended, also when nobody writes", async () => {
  let jumpMs = 0;
  let refused = 0;
  const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + jumpMs, monoMs: () => systemClock.monoMs() + jumpMs };
  host.keeper = () => {
    refused++;
    return { kind: "REFUSED", body: { code: ERRORS.CERTIFICATE_EXPIRED.number, detail: "" } };
  };
  const enrum = await host.open(await host.storeOf(old), "citizen", clock);
  await eventually("refused", async () => refused === 1 && enrum.contact.isProved);
  await enrum.turn(() => undefined);
  for (let i = 0; i < 20; i++) await turnEnd();
  assert.equal(enrum.loginError, undefined, "it is good for an hour");
  jumpMs = HOUR_MS;
  await enrum.turn(() => undefined);
  await eventually("told", async () => enrum.loginError === "CERTIFICATE_EXPIRED");
  assert.equal(refused, 2);
  await enrum.close();
});

test("a certificate that ends soon is taken, one that has ended is not, and a clock that is a little behind takes one of now", async () => {
  const MINUTE_MS = 60_000;
  const rows = [
    { from: -5, until: 1, isTaken: true }, { from: -5, until: -1, isTaken: false },
    { from: 1, until: 60, isTaken: true }, { from: 3, until: 60, isTaken: false },
  ];
  for (const { from, until, isTaken } of rows) {
    const given = await board.renew(board.citizen, { notBefore: board.now + from * MINUTE_MS, notAfter: board.now + until * MINUTE_MS });
    let isAsked = false;
    host.keeper = () => {
      isAsked = true;
      return { kind: "LOGGED_IN", body: { certificate: given.bytes, issuer: given.issuer, name: "Test Testsson", heads: new Uint8Array(0), profile: new Uint8Array(0) } };
    };
    const enrum = await host.open(await host.storeOf(old));
    await eventually("asked", async () => isAsked);
    await eventually("answered", async () => enrum.trust.find(given.certificate.hash) !== undefined);
    await enrum.turn(() => undefined);
    assert.equal(bytesEqual(enrum.certified.certificate.hash, given.certificate.hash), isTaken, `${from} to ${until}`);
    await enrum.close();
  }
});
