// A host that lies is noticed by libenrum: every attack, told by `enrum` by its name and with the exit code of broken trust, and
// nothing more is sent into that conversation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { messageAppend } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import type { Device, Ran } from "../../demo/device.ts";
import { ATTACKS, expected, lieOf, type Attack } from "./attacks.ts";
import { Stage, type Witness } from "./stage.ts";

const EXIT_TRUST = 3;
const WRITTEN = "sju";

let stage: Stage;

before(async () => {
  stage = await Stage.start();
});

after(() => stage?.stop());

function assertTold({ code, out, err }: Ran, errors: readonly ErrorName[]): void {
  const told = /\(([A-Z_]+)\)\s*$/.exec(err)?.[1];
  assert.ok(told !== undefined && (errors as readonly string[]).includes(told), `one of ${errors.join(", ")} is told, not: ${err}${out}`);
  assert.ok(ERRORS[told as ErrorName].class === "TRUST" ? code === EXIT_TRUST : code !== 0, err);
}

/** The lie is told, also to whoever writes, and what is written does not leave the device. */
async function assertNoticed(device: Device, errors: readonly ErrorName[]): Promise<void> {
  assertTold(await device.run(["read", stage.room]), errors);
  stage.liar.heard.length = 0;
  assertTold(await device.run(["send", stage.room, "hemligt"]), errors);
  assert.ok(!stage.liar.heard.some(({ type }) => type === messageAppend.number));
}

async function meet(attack: Attack, witness: Witness): Promise<void> {
  const device = stage.device(witness);
  stage.liar.lie = lieOf(attack, stage);
  try {
    await assertNoticed(device, expected(attack, witness));
  } finally {
    stage.liar.lie = undefined;
  }
}

/** A receipt is held against the log when the entry has come: at once, or when the conversation is read next. */
async function write(attack: Attack): Promise<void> {
  const device = stage.device("memory");
  await device.must(["send", stage.room, WRITTEN]);
  stage.liar.lie = lieOf(attack, stage);
  try {
    const sent = await device.run(["send", stage.room, WRITTEN]);
    if (sent.code !== 0) assertTold(sent, attack.noticed);
    await assertNoticed(device, attack.noticed);
  } finally {
    stage.liar.lie = undefined;
  }
}

for (const attack of ATTACKS) {
  for (const by of attack.by) {
    test(`a host that ${attack.name} is told (${by})`, () => by === "writer" ? write(attack) : meet(attack, by));
  }
}
