// A host that is not the one that the board has named, a board that is another one on the second visit, and a host whose database
// was put back: told by both SDKs. The rows of attacks.ts are lies inside of an honest greeting; here the greeting lies.
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { boardId } from "../../client-sdk/web/protocol/certificate.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { handshakeChallengeSign } from "../../client-sdk/web/protocol/handshake.ts";
import { messageProve, type MsgChallenge } from "../../client-sdk/web/protocol/messages.ts";
import { signPairNew, suiteBase64url, suiteRandom, type SignPair } from "../../client-sdk/web/protocol/suite.ts";
import { ID_BYTES, SIG_BYTES, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { webSocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import type { Ran } from "../../demo/device.ts";
import { eventually } from "../../demo/device.ts";
import { Seat, texts } from "../sdk/seat.ts";
import { LiedDevice, Stage } from "./stage.ts";

const EXIT_TRUST = 3;
const HOUR_MS = 3_600_000;

let stage: Stage;

before(async () => {
  stage = await Stage.start();
});

after(() => stage?.stop());

function assertTold({ code, out, err }: Ran, errors: readonly ErrorName[]): void {
  const told = /\(([A-Z_]+)\)\s*$/.exec(err)?.[1];
  assert.ok(told !== undefined && (errors as readonly string[]).includes(told), `one of ${errors.join(", ")} is told, not: ${err}${out}`);
  assert.equal(code, EXIT_TRUST, err);
}

function troubleOf(seat: Seat): ErrorName | undefined {
  return seat.client.session?.rooms.find(({ room }) => room === stage.room)?.trouble;
}

// -- The greeting -----------------------------------------------------------------------------------------------------

type Greet = (challenge: MsgChallenge, clientNonce: Bytes, host: SignPair) => MsgChallenge | Promise<MsgChallenge>;

let recorded: MsgChallenge | undefined;

const GREETINGS: { [name: string]: Greet } = {
  "with another key": (challenge) => ({ ...challenge, host_key: suiteRandom(ID_BYTES) }),
  "with another key, by which it signs": async (challenge, clientNonce) => {
    const own = await signPairNew();
    const sig = await handshakeChallengeSign(own, clientNonce, challenge);
    return { ...challenge, host_key: own.publicKey, sig };
  },
  "with a signature that is not its own": (challenge) => ({ ...challenge, sig: new Uint8Array(SIG_BYTES) }),
  "with a nonce that it has not signed": (challenge) => ({ ...challenge, nonce: suiteRandom(ID_BYTES) }),
  "at a time that it has not signed": (challenge) => ({ ...challenge, time: challenge.time + HOUR_MS }),
  "with its greeting of another connection": (challenge) => ({ ...recorded ?? challenge, request: challenge.request }),
};

/** Nothing of the person is said to such a host: no proof, no certificate. */
function assertUnproved(): void {
  assert.ok(!stage.liar.heard.some(({ type }) => type === messageProve.number));
}

async function recordGreeting(): Promise<void> {
  stage.liar.lie = { challenge: (challenge) => recorded = structuredClone(challenge) };
  const seat = await stage.browser("memory");
  await eventually("greeted", async () => seat.client.session?.contact === "ready");
  await seat.close();
}

for (const [name, challenge] of Object.entries(GREETINGS)) {
  test(`a host that greets ${name} is not spoken to, and gets nothing of what is written`, async () => {
    await recordGreeting();
    stage.liar.lie = { challenge };
    stage.liar.heard.length = 0;
    const seat = await stage.browser("memory");
    try {
      await eventually("told", async () => seat.client.session?.trouble === "HOST_UNTRUSTED");
      await seat.client.send(crypto.randomUUID(), stage.room, "väntar");
      assertTold(await stage.device("memory").run(["send", stage.room, "väntar"]), ["HOST_UNTRUSTED"]);
      assertUnproved();
      assert.equal(seat.client.room(stage.room)?.waiting, 1, "it waits for the host that the board has named");
    } finally {
      await seat.close();
      stage.liar.lie = undefined;
    }
  });
}

// -- The second visit -------------------------------------------------------------------------------------------------

test("what was noticed is told on the next visit too, when the host is honest again", async () => {
  const device = stage.device("memory");
  const first = await stage.browser("memory");
  stage.liar.lie = { isCut: true, log: (log) => log.slice(0, 6) };
  stage.liar.drop();
  await eventually("told", async () => troubleOf(first) === "ROLLBACK");
  first.crash();
  assertTold(await device.run(["read", stage.room]), ["ROLLBACK"]);
  stage.liar.lie = undefined;
  const again = await Seat.take(stage.installation, { role: "citizen", boardFile: stage.boardFile, store: first.store });
  await eventually("told again", async () => troubleOf(again) === "ROLLBACK");
  assertTold(await device.run(["read", stage.room]), ["ROLLBACK"]);
  await again.close();
});

test("a board with another root on the second visit is not spoken to", async () => {
  const { publicKey } = await signPairNew();
  const root = suiteBase64url(publicKey);
  const another = suiteBase64url(await boardId(publicKey));
  const boardFile = stage.boardWith((board) => Object.assign(board, { board: another, root }));
  const first = await stage.browser("memory");
  first.crash();
  let connections = 0;
  const second = await Seat.take(stage.installation, {
    role: "citizen", boardFile, store: first.store,
    socketOpen: (url, events) => {
      connections++;
      return webSocketOpen(url, events);
    },
  });
  await eventually("told", async () => second.client.session?.trouble === "ROOT_CHANGED");
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(connections, 0);
  await second.close();
  const device = new LiedDevice(stage.installation, stage.device("memory").home, boardFile);
  assertTold(await device.run(["read", stage.room]), ["ROOT_CHANGED"]);
});

test("a board.json whose id is not that of its root is none", async () => {
  const boardFile = stage.boardWith((board) => Object.assign(board, { root: suiteBase64url(suiteRandom(ID_BYTES)) }));
  await assert.rejects(Seat.take(stage.installation, { role: "citizen", boardFile }));
  const ran = await new LiedDevice(stage.installation, "misled", boardFile).run(["read", stage.room]);
  assert.notEqual(ran.code, 0);
});

// -- Yesterday's database ---------------------------------------------------------------------------------------------

/** The host as it was before `meanwhile`, with everything about it true. */
async function rolledBack(meanwhile: () => Promise<void>): Promise<void> {
  const data = stage.installation.path("host", "data");
  const kept = stage.installation.path("yesterday");
  await stage.installation.stopHost();
  cpSync(data, kept, { recursive: true });
  await stage.installation.startHost();
  await meanwhile();
  await stage.installation.stopHost();
  rmSync(data, { recursive: true });
  cpSync(kept, data, { recursive: true });
  await stage.installation.startHost();
}

test("a database that was put back is told, with memory and without", async () => {
  const seat = await stage.browser("memory");
  const device = stage.device("memory");
  await rolledBack(async () => {
    await seat.client.retry();
    await seat.client.send(crypto.randomUUID(), stage.room, "sju");
    await seat.room(stage.room, (room) => texts(room).includes("sju") && room.coveredSeq >= (room.items.findLast(({ what }) => what.kind === "message")?.seq ?? Infinity), "recorded");
    await device.must(["read", stage.room]);
  });
  await eventually("told to the browser that was there", async () => ["ROLLBACK", "FORK"].includes(troubleOf(seat) ?? ""));
  assertTold(await device.run(["read", stage.room]), ["ROLLBACK", "FORK"]);
  await seat.close();
  const fresh = await Seat.take(stage.installation, { role: "citizen", boardFile: stage.boardFile });
  await fresh.login("test.testsson").catch(() => undefined);
  await eventually("told to one without memory", async () => ["ROLLBACK", "FORK"].includes(troubleOf(fresh) ?? ""));
  await fresh.close();
  const newcomer = new LiedDevice(stage.installation, "newcomer-to-yesterday", stage.boardFile);
  await newcomer.tryLogin();
  assertTold(await newcomer.run(["read", stage.room]), ["ROLLBACK", "FORK"]);
});
