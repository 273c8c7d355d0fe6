// A host that lies is noticed by the board's keeper: every attack, with its database and while it rebuilds that from nothing. It
// says so in its log, and records nothing of that conversation.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { messageAppend } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { eventually } from "../../demo/device.ts";
import { texts } from "../sdk/seat.ts";
import { ATTACKS, keepersOf, lieOf, stampedAhead, type Attack, type KeeperWitness } from "./attacks.ts";
import { BOARD, Stage } from "./stage.ts";

const NOTICE_MS = 30_000;
const POLL_MS = 20;

let stage: Stage;
let home: string;
let kept: string;
let log: string;

/** Of the keeper's home: what it can rebuild. */
function databaseFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith("enrum.db"));
}

/** The keeper's database as it was when it had read everything, or none. */
function databasePut(witness: KeeperWitness): void {
  for (const name of databaseFiles(home)) rmSync(join(home, name));
  if (witness === "keeper") for (const name of databaseFiles(kept)) cpSync(join(kept, name), join(home, name));
}

before(async () => {
  stage = await Stage.start();
  home = stage.installation.path("boards", BOARD, "keeper");
  kept = stage.installation.path("kept");
  log = stage.installation.path("logs", `keeper-${BOARD}.log`);
  mkdirSync(kept);
  await stage.installation.stopKeeper(BOARD);
  for (const name of databaseFiles(home)) cpSync(join(home, name), join(kept, name));
  const board = JSON.parse(readFileSync(join(home, "board.json"), "utf8"));
  writeFileSync(join(home, "board.json"), JSON.stringify({ ...board, host: { ...board.host, url: stage.liar.url } }));
});

after(() => stage?.stop());

/** The first thing that the keeper says of the conversation since its log had this length. */
async function told(since: number): Promise<ErrorName> {
  const line = new RegExp(`event=untrusted err="([A-Z_]+)" room=${stage.room.slice(0, 8)}`);
  for (const end = Date.now() + NOTICE_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const found = line.exec(readFileSync(log).subarray(since).toString("utf8"))?.[1];
    if (found !== undefined) return found as ErrorName;
  }
  throw new Error(`the keeper says nothing within ${NOTICE_MS} ms`);
}

async function assertTold(errors: readonly ErrorName[], since: number): Promise<void> {
  const error = await told(since);
  assert.ok(errors.includes(error), `${error} is not one of ${errors.join(", ")}`);
  assert.equal(ERRORS[error].class === "TRUST" || error === "SUITE_UNSUPPORTED", true);
}

async function meet(attack: Attack, witness: KeeperWitness): Promise<void> {
  databasePut(witness);
  stage.liar.lie = lieOf(attack, stage);
  stage.liar.heard.length = 0;
  const since = statSync(log).size;
  await stage.installation.startKeeper(BOARD);
  try {
    await assertTold(witness === "keeper" ? [...attack.noticed, "FORK", "ROLLBACK"] : attack.noticed, since);
    assert.ok(!stage.liar.heard.some(({ type, room }) => type === messageAppend.number && room === stage.room), "nothing is recorded");
  } finally {
    await stage.installation.stopKeeper(BOARD);
    stage.liar.lie = undefined;
  }
}

/** What the keeper writes itself is answered wrongly: a checkpoint of new words. */
async function write(attack: Attack): Promise<void> {
  const { citizen } = stage.people;
  databasePut("keeper");
  await stage.installation.startKeeper(BOARD);
  try {
    await citizen.client.send(crypto.randomUUID(), stage.room, "sju");
    await citizen.room(stage.room, (room) => texts(room).at(-1) === "sju" && room.coveredSeq >= (room.items.findLast(({ what }) => what.kind === "message")?.seq ?? Infinity), "recorded");
    const since = statSync(log).size;
    stage.liar.lie = lieOf(attack, stage);
    await citizen.client.send(crypto.randomUUID(), stage.room, "åtta");
    await assertTold(attack.noticed, since);
  } finally {
    await stage.installation.stopKeeper(BOARD);
    stage.liar.lie = undefined;
  }
}

test("words that the host stamps hours ahead, with nothing behind them, are refused by the keeper for their time", async () => {
  databasePut("keeper without its database");
  stage.liar.lie = stampedAhead(stage);
  const seq = stage.liar.truth(bytesOfHex(stage.room)).length + 1;
  const since = statSync(log).size;
  await stage.installation.startKeeper(BOARD);
  try {
    const line = new RegExp(`event=entry_refused room=${stage.room.slice(0, 8)} seq=${seq} ground="?CLOCK`);
    await eventually("refused", async () => line.test(readFileSync(log).subarray(since).toString("utf8")));
  } finally {
    await stage.installation.stopKeeper(BOARD);
    stage.liar.lie = undefined;
  }
});

for (const attack of ATTACKS) {
  for (const witness of keepersOf(attack)) {
    test(`a host that ${attack.name} is told by the ${witness}`, () => attack.by.includes("writer") ? write(attack) : meet(attack, witness));
  }
}
