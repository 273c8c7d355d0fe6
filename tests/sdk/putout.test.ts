// A device that is logged out for good forgets on its keeper's word, and on nobody else's: not on a host's that refuses its letters
// with the same error, and also when the host says nothing of it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { messageLetterSend, messageProve } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS } from "../../client-sdk/web/protocol/tables.ts";
import { BoardMaker, DAY_MS } from "./board_maker.ts";
import { HostMaker, refusal, type Keeper } from "./host_maker.ts";

const HOUR_MS = 3_600_000;
const revoked: Keeper = () => ({ kind: "REFUSED", body: { code: ERRORS.CERTIFICATE_REVOKED.number, detail: "" } });
let board: BoardMaker;
let host: HostMaker;

beforeEach(async () => {
  board = await BoardMaker.make();
  host = new HostMaker(board);
});

test("a host that refuses the device, and its question to the keeper, makes it forget nothing", async () => {
  const letters = () => host.asked.filter((asked) => asked === messageLetterSend.number).length;
  host.instead.set(messageProve.number, (request) => refusal(request, "CERTIFICATE_REVOKED"));
  host.instead.set(messageLetterSend.number, (request) => refusal(request, "CERTIFICATE_REVOKED"));
  const enrum = await host.open(await host.storeOf(board.citizen));
  // The second is sent when the refusal of the first has been taken.
  await eventually("asked twice", async () => {
    enrum.onProofRefused("CERTIFICATE_REVOKED");
    return letters() >= 2;
  });
  assert.equal(enrum.isPutOut, false);
  host.instead.delete(messageLetterSend.number);
  host.keeper = revoked;
  await eventually("put out", async () => {
    enrum.onProofRefused("CERTIFICATE_REVOKED");
    return enrum.isPutOut;
  });
  await enrum.close();
});

test("a device that the host has not told of it hears it when its certificate is renewed", async () => {
  host.keeper = revoked;
  const old = await board.renew(board.citizen, { notBefore: board.now - 2 * DAY_MS, notAfter: board.now + HOUR_MS });
  const enrum = await host.open(await host.storeOf(old));
  await eventually("put out", async () => enrum.isPutOut);
  await enrum.close();
});
