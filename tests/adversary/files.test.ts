// A host that lies about files: what it gives is not the file, or it says to have what it has not. Nothing of it is shown or saved, and
// nothing is lost.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { fileBlobId, fileKey, fileSeal } from "../../client-sdk/web/protocol/file.ts";
import { bytesHex, bytesOfHex, framePeek, layoutDecode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import type { WireBodyFile } from "../../client-sdk/web/protocol/layouts.ts";
import { messageBlob, messageBlobAsk, messageBlobGet, messageBlobs, messageError } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS, LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { eventually } from "../../demo/device.ts";
import type { Seat } from "../sdk/seat.ts";
import { Stage } from "./stage.ts";

const CHUNK = LIMITS.CHUNK_BYTES_MAX;
const plain = randomBytes(3 * CHUNK);
let stage: Stage;
let seq: number;
/** The file's true blobs, in order. */
let blobs: Bytes[];

const fileItem = (seat: Seat, name: string) => seat.client.room(stage.room)?.items.find(({ what }) => what.kind === "file" && what.name === name);

before(async () => {
  stage = await Stage.start();
  const { citizen } = stage.people;
  await citizen.client.sendFile(crypto.randomUUID(), stage.room, new Blob([plain]), "intyg.pdf", "", "");
  ({ seq } = await eventually("the file", async () => fileItem(citizen, "intyg.pdf")));
  const body = citizen.engine.enrum.rooms.get(stage.room)?.items[seq - 1]?.content?.body as WireBodyFile;
  const key = await fileKey(body.key.slice());
  blobs = await Promise.all([0, 1, 2].map((index) => fileSeal(key, plain.length, index, plain.subarray(index * CHUNK, (index + 1) * CHUNK))));
  const ids = await Promise.all(blobs.map(fileBlobId));
  assert.equal(ids.map(bytesHex).join(""), bytesHex(body.blobs));
});

after(() => stage.stop());

type Given = (asked: number, request: number) => Bytes | undefined;

/** In the host's place, for each of the file's blobs. */
async function lying(given: Given, use: () => Promise<void>): Promise<void> {
  const ids = (await Promise.all(blobs.map(fileBlobId))).map(bytesHex);
  stage.liar.lie = {
    answer: (frame) => {
      const { type, request } = framePeek(frame);
      return type === messageBlobGet.number ? given(ids.indexOf(bytesHex(layoutDecode(messageBlobGet, frame).blob)), request) : undefined;
    },
  };
  try {
    await use();
  } finally {
    stage.liar.lie = undefined;
  }
}

const blobMessage = (request: number, bytes: Bytes) =>
  messageEncode(messageBlob, { request, board: stage.people.citizen.engine.enrum.board.id, room: bytesOfHex(stage.room), bytes });
const flipped = (bytes: Bytes, at: number) => bytes.map((byte, i) => i === at ? byte ^ 1 : byte);

const LIES: [string, string, Given][] = [
  ["changes a byte of the last part", "OPEN_FAILED", (place, request) => place === 2 ? blobMessage(request, flipped(blobs[2]!, 9)) : undefined],
  ["gives the parts in another order", "OPEN_FAILED", (place, request) => blobMessage(request, blobs[(place + 1) % 3]!)],
  ["gives a part twice", "OPEN_FAILED", (_place, request) => blobMessage(request, blobs[0]!)],
  ["cuts a part", "OPEN_FAILED", (_place, request) => blobMessage(request, blobs[0]!.slice(0, -1))],
  ["says that the last part is not there", "BLOB_UNKNOWN", (place, request) =>
    place === 2 ? messageEncode(messageError, { request, code: ERRORS.BLOB_UNKNOWN.number, detail: "" }) : undefined],
];

for (const [name, error, given] of LIES) {
  test(`a host that ${name} gives no file: browser`, async () => {
    const seat = await stage.browser("memory");
    try {
      await seat.room(stage.room, ({ items, isCurrent }) => isCurrent && items.length >= seq);
      await lying(given, () => assert.rejects(seat.client.openFile(stage.room, seq), (got) => got instanceof EnrumError && got.code === error));
      assert.equal((await seat.client.openFile(stage.room, seq)).size, plain.length);
    } finally {
      await seat.close();
    }
  });

  test(`a host that ${name} gives no file: command line`, async () => {
    const device = stage.device("memory");
    const to = stage.installation.path(`saved-${LIES.findIndex(([other]) => other === name)}`);
    await lying(given, async () => {
      const ran = await device.run(["save", stage.room, `${seq}`, to]);
      assert.notEqual(ran.code, 0);
      assert.match(ran.err, new RegExp(error));
    });
    assert.ok(!existsSync(to));
    await device.must(["save", stage.room, `${seq}`, to]);
  });
}

/** Says that it has everything, and counts how often it was asked. */
function claimant(): { asked: number } {
  const claims = { asked: 0 };
  stage.liar.lie = {
    answer: (frame) => {
      const { type, request } = framePeek(frame);
      if (type !== messageBlobAsk.number) return undefined;
      claims.asked++;
      return messageEncode(messageBlobs, { request, board: stage.people.citizen.engine.enrum.board.id, room: bytesOfHex(stage.room), missing: new Uint8Array(0) });
    },
  };
  return claims;
}

test("a host that says to have what it was never given gets nothing but the entry, and the file is not lost: command line", async () => {
  const device = stage.device("memory");
  const file = stage.installation.path("lognen-skal.pdf");
  writeFileSync(file, plain);
  const claims = claimant();
  try {
    assert.notEqual((await device.run(["send", stage.room, "--file", file])).code, 0);
    assert.ok(claims.asked >= 2);
  } finally {
    stage.liar.lie = undefined;
  }
  assert.equal(fileItem(stage.people.citizen, "lognen-skal.pdf"), undefined);
  await device.must(["send", stage.room, "och så detta"]);
  const { seq: sent } = await eventually("sent", async () => fileItem(stage.people.citizen, "lognen-skal.pdf"));
  assert.equal((await stage.people.citizen.client.openFile(stage.room, sent)).size, plain.length);
});

test("a host that says to have what it was never given gets nothing but the entry, and the file is not lost: browser", async () => {
  const seat = await stage.browser("memory");
  try {
    await seat.room(stage.room, ({ isCurrent }) => isCurrent);
    const claims = claimant();
    await seat.client.sendFile(crypto.randomUUID(), stage.room, new Blob([plain]), "lognen.pdf", "", "");
    await eventually("asked again", async () => claims.asked >= 2);
    assert.equal(fileItem(seat, "lognen.pdf"), undefined);
    stage.liar.lie = undefined;
    const item = await eventually("sent", async () => fileItem(seat, "lognen.pdf"));
    assert.equal((await seat.client.openFile(stage.room, item.seq)).size, plain.length);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});
