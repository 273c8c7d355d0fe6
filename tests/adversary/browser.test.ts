// A host that lies is noticed by the browser's SDK: every attack, by each device that should tell it. What is shown stays true,
// and nothing more is sent.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { bytesHex, bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend } from "../../client-sdk/web/protocol/messages.ts";
import type { ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { texts, type Seat } from "../sdk/seat.ts";
import { ATTACKS, expected, lieOf, type Attack } from "./attacks.ts";
import { EARLIER, LAST, LATER, Stage, type Witness } from "./stage.ts";

const NOTICE_MS = 30_000;
const POLL_MS = 10;
const WRITTEN = "sju";

let stage: Stage;

before(async () => {
  stage = await Stage.start();
});

after(() => stage?.stop());

function summary(seat: Seat) {
  return seat.client.session?.rooms.find(({ room }) => room === stage.room);
}

async function noticed(seat: Seat): Promise<ErrorName> {
  for (const end = Date.now() + NOTICE_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const trouble = summary(seat)?.trouble ?? (summary(seat)?.isDenied ? "ROOM_UNKNOWN" : undefined);
    if (trouble !== undefined) return trouble;
  }
  throw new Error(`nothing is noticed within ${NOTICE_MS} ms`);
}

/** What the host may choose is when it was received; every entry shown is one that its author signed, and every word was said. */
function assertShownIsTrue(seat: Seat): void {
  const signed = new Set(stage.liar.truth(bytesOfHex(stage.room)).map(({ sig }) => bytesHex(sig)));
  for (const { seq, stored } of seat.engine.enrum.rooms.get(stage.room)?.items ?? []) {
    assert.ok(signed.has(bytesHex(stored.entry.sig)), `entry ${seq}`);
  }
  const said = [...EARLIER, ...LATER, ...LAST, WRITTEN, ""];
  const view = seat.client.room(stage.room);
  for (const text of view === undefined ? [] : texts(view)) assert.ok(said.includes(text), text);
  assert.ok(said.includes(summary(seat)?.lastText ?? ""), summary(seat)?.lastText);
}

/** Nothing can be written or marked there, and nothing goes out. */
async function assertSilent(seat: Seat, trouble: ErrorName): Promise<void> {
  const isTrouble = (error: unknown) => error instanceof EnrumError && error.code === trouble;
  stage.liar.heard.length = 0;
  await assert.rejects(seat.client.send(crypto.randomUUID(), stage.room, "hemligt"), isTrouble);
  await assert.rejects(seat.client.markRead(stage.room, 1), isTrouble);
  assert.ok(!stage.liar.heard.some(({ type }) => type === messageAppend.number));
}

async function assertNoticed(seat: Seat, errors: readonly ErrorName[]): Promise<void> {
  const trouble = await noticed(seat);
  assert.ok(errors.includes(trouble), `${trouble} is not one of ${errors.join(", ")}`);
  assertShownIsTrue(seat);
  await assertSilent(seat, trouble);
}

/** A device that comes back to a host that lies. */
async function meet(attack: Attack, witness: Witness): Promise<void> {
  stage.liar.lie = lieOf(attack, stage);
  const seat = await stage.browser(witness);
  try {
    await assertNoticed(seat, expected(attack, witness));
  } finally {
    await seat.close();
    stage.liar.lie = undefined;
  }
}

/** A device whose words are answered by a host that lies. */
async function write(attack: Attack): Promise<void> {
  const seat = await stage.browser("memory");
  try {
    await seat.room(stage.room, ({ isCurrent }) => isCurrent);
    await seat.client.send(crypto.randomUUID(), stage.room, WRITTEN);
    await seat.room(stage.room, (room) => room.waiting === 0 && texts(room).includes(WRITTEN));
    stage.liar.lie = lieOf(attack, stage);
    await seat.client.send(crypto.randomUUID(), stage.room, WRITTEN);
    await assertNoticed(seat, attack.noticed);
  } finally {
    await seat.close();
    stage.liar.lie = undefined;
  }
}

for (const attack of ATTACKS) {
  for (const by of attack.by) {
    test(`a host that ${attack.name} is noticed (${by})`, () => by === "writer" ? write(attack) : meet(attack, by));
  }
}
