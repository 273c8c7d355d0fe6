// A host that is not the one that the board has named, or steps into a login; a board that is another one on the second visit; two
// histories for two devices; a host whose database was put back: told by both SDKs. The rows of attacks.ts are lies about one log.
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { boardId } from "../../client-sdk/web/protocol/certificate.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { handshakeChallengeSign } from "../../client-sdk/web/protocol/handshake.ts";
import { bytesOfHex, framePeek, layoutDecode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import {
  messageAck, messageAppend, messageBoard, messageEntries, messageError, messageLetterBack, messageLetterSend, messageProve,
  messageRoomCreate, type MsgChallenge,
} from "../../client-sdk/web/protocol/messages.ts";
import { signPairNew, suiteBase64url, suiteRandom, type SignPair } from "../../client-sdk/web/protocol/suite.ts";
import { ERRORS, ID_BYTES, ROLES, SIG_BYTES, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { webSocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import { MemoryStore, type Change } from "../../client-sdk/web/sdk/localstore.ts";
import type { ItemView, RoomView } from "../../client-sdk/web/sdk/view.ts";
import type { Ran } from "../../demo/device.ts";
import { eventually } from "../../demo/device.ts";
import { Seat, texts } from "../sdk/seat.ts";
import { branch, stampedAhead, swallowed } from "./attacks.ts";
import { FORGED, message, slip, strangerOf } from "./forger.ts";
import { BOARD, CITIZEN, EARLIER, LAST, LATER, LiedDevice, Stage } from "./stage.ts";

const EXIT_TRUST = 3;
const HOUR_MS = 3_600_000;
const KEPT_MS = 3 * HOUR_MS;

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
      await eventually("waiting for the host that the board has named", async () => seat.client.room(stage.room)?.waiting === 1);
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

// -- Two histories ----------------------------------------------------------------------------------------------------

test("words that only one device is shown are never recorded, and told when the histories join", async () => {
  stage.liar.lie = branch(stage);
  const seat = await stage.browser("memory");
  const device = stage.device("memory");
  try {
    const shown = await seat.room(stage.room, (room) => texts(room).at(-1) === FORGED, "the other history");
    assert.ok(shown.coveredSeq < (shown.items.at(-1)?.seq ?? 0), "the keeper has not recorded what it was not shown");
    assert.ok((await device.must(["read", stage.room])).includes(FORGED));
    stage.liar.lie = undefined;
    stage.liar.drop();
    await stage.people.citizen.client.send(crypto.randomUUID(), stage.room, "tillbaka");
    await eventually("told", async () => ["FORK", "ROLLBACK"].includes(troubleOf(seat) ?? ""));
    await eventually("told by the command line", async () => (await device.run(["read", stage.room])).code === EXIT_TRUST);
  } finally {
    await seat.close();
    stage.liar.lie = undefined;
  }
});

// -- Kept back --------------------------------------------------------------------------------------------------------

test("words that the host keeps for hours count as unsent, and are shown with the times of both", async () => {
  const device = stage.device("memory");
  const seat = await stage.browser("memory");
  try {
    await seat.room(stage.room, ({ isCurrent }) => isCurrent);
    stage.liar.lie = { withheld: [messageAck.number, messageEntries.number] };
    await seat.client.send(crypto.randomUUID(), stage.room, "väntar");
    const view = await seat.room(stage.room, ({ drafts }) => drafts[0]?.state === "sending", "on its way");
    assert.deepEqual([view.waiting, texts(view).includes("väntar")], [1, false]);
    assert.notEqual((await device.run(["send", stage.room, "väntar också"])).code, 0);
    stage.liar.lie = undefined;
    stage.liar.drop();
    await seat.room(stage.room, ({ waiting }) => waiting === 0, "sent after all");

    const words = { ...message(ROLES.CITIZEN), head: { time: Date.now() - KEPT_MS } };
    const seq = await slip(stage.people.citizen, stage.room, words);
    const late = (await seat.room(stage.room, ({ headSeq }) => headSeq >= seq)).items.find((item) => item.seq === seq);
    assert.ok(late !== undefined && late.receivedAt - late.time >= KEPT_MS);
    const line = (await device.read(stage.room)).find((entry) => entry.seq === seq) as { received_at: number; time?: number } | undefined;
    assert.ok(line?.time !== undefined && line.received_at - line.time >= KEPT_MS);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

// -- Stamped ahead ----------------------------------------------------------------------------------------------------

test("words that the host stamps hours ahead, with nothing behind them, are shown with that time and as not recorded", async () => {
  stage.liar.lie = stampedAhead(stage);
  const seat = await stage.browser("away");
  try {
    const { items, coveredSeq } = await seat.room(stage.room, (room) => texts(room).includes(FORGED), "the words");
    const { seq, receivedAt } = items.findLast(({ what }) => what.kind === "message" && what.text === FORGED) as ItemView;
    assert.ok(receivedAt > Date.now() && coveredSeq < seq);
    const line = (await stage.device("away").read(stage.room)).find((entry) => entry.seq === seq) as { received_at: number; recorded: boolean } | undefined;
    assert.ok(line !== undefined && line.received_at > Date.now() && !line.recorded);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

// -- Withheld certificates --------------------------------------------------------------------------------------------

test("entries whose certificates the host withholds are not shown, and are read when it hands them out: browser", async () => {
  stage.liar.lie = { hasNoCertificates: true };
  const seat = await stage.browser("away");
  try {
    await eventually("told", async () => troubleOf(seat) === "ENTRY_FORGED");
    assert.ok(!texts(seat.client.room(stage.room) as RoomView).includes(LATER[0] as string), "nothing is shown as if it were proved");
    stage.liar.lie = undefined;
    stage.liar.drop();
    const view = await seat.room(stage.room, (room) => texts(room).includes(LAST[0] as string) && room.isCurrent, "all of it");
    assert.equal(view.trouble, undefined);
    assert.ok([...EARLIER, ...LATER, ...LAST].every((text) => texts(view).includes(text)));
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

test("entries whose certificates the host withholds are not shown, and are read when it hands them out: command line", async () => {
  const device = stage.device("away");
  stage.liar.lie = { hasNoCertificates: true };
  try {
    const ran = await device.run(["read", stage.room]);
    assertTold(ran, ["ENTRY_FORGED"]);
    assert.ok(!ran.out.includes(LATER[0] as string));
  } finally {
    stage.liar.lie = undefined;
  }
  const read = await device.must(["read", stage.room]);
  assert.ok([...EARLIER, ...LATER, ...LAST].every((text) => read.includes(text)));
});

// -- Refused, and kept -------------------------------------------------------------------------------------------------

/** How often these words stand in the log as the host has it. */
function kept(view: { items: readonly { what: { kind: string } }[] }, text: string): number {
  return view.items.filter(({ what }) => what.kind === "message" && "text" in what && what.text === text).length;
}

test("words that the host refuses and keeps all the same are the entry that they are, and nothing to send again: browser", async () => {
  const seat = await stage.browser("memory");
  try {
    await seat.room(stage.room, ({ isCurrent }) => isCurrent);
    stage.liar.lie = { refused: "MAY_NOT", withheld: [messageEntries.number] };
    await seat.client.send(crypto.randomUUID(), stage.room, "nekat");
    await seat.room(stage.room, ({ drafts }) => drafts[0]?.state === "failed", "told as refused");
    stage.liar.lie = undefined;
    stage.liar.drop();
    const view = await seat.room(stage.room, (room) => texts(room).includes("nekat") && room.isCurrent, "it comes in the log");
    assert.deepEqual([view.drafts, view.waiting, view.trouble], [[], 0, undefined]);
    await seat.client.send(crypto.randomUUID(), stage.room, "vidare");
    assert.equal(kept(await seat.room(stage.room, (room) => texts(room).includes("vidare")), "nekat"), 1);
    assert.deepEqual((await seat.store.all("drafts")).filter(({ room }) => room === stage.room), []);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

test("a conversation that the host refuses to open and opens all the same is the conversation that it is", async () => {
  const seat = await stage.browser("memory");
  try {
    await eventually("ready", async () => seat.client.session?.isListed);
    stage.liar.lie = { refused: "MAY_NOT" };
    const room = await seat.client.open(crypto.randomUUID(), "Nekat", "först");
    seat.client.watch(room);
    await seat.room(room, ({ drafts }) => drafts[0]?.state === "failed", "told as refused");
    stage.liar.lie = undefined;
    stage.liar.drop();
    const view = await seat.room(room, (opened) => texts(opened).includes("först") && opened.isCurrent, "it is read");
    assert.deepEqual([view.drafts, view.isUnborn, view.trouble], [[], false, undefined]);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

test("words that the host refuses and keeps all the same are told as sent: command line", async () => {
  const device = stage.device("memory");
  stage.liar.lie = { refused: "MAY_NOT" };
  try {
    await device.must(["send", stage.room, "nekat där"]);
  } finally {
    stage.liar.lie = undefined;
  }
  assert.equal((await device.read(stage.room)).filter((entry) => (entry as { text?: string }).text === "nekat där").length, 1);
});

// -- A login ----------------------------------------------------------------------------------------------------------

/** Begins a login, and says whether it is in after a while: nobody may be. */
async function loginIs(seat: Seat): Promise<string | undefined> {
  void seat.login(CITIZEN, { isListed: false }).catch(() => undefined);
  await eventually("the letter is sent, or refused to be", async () => seat.client.session?.login === "busy" || seat.client.session?.trouble);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return seat.client.session?.login;
}

async function assertNoLogin(home: string): Promise<Seat> {
  const seat = await Seat.take(stage.installation, { role: "citizen", boardFile: stage.boardFile });
  assert.notEqual(await loginIs(seat), "in");
  // It may end before the e-ID sends the browser back to it.
  const ran = await new LiedDevice(stage.installation, home, stage.boardFile).tryLogin().catch(() => undefined);
  assert.notEqual(ran?.code, 0);
  return seat;
}

/** One byte of the letter in a LETTER_SEND is another one. */
function letterTouched(frame: Bytes, part: number): Bytes {
  const message = layoutDecode(messageLetterSend, frame);
  const letter = message.letter.slice();
  const at = Math.floor(letter.length * part);
  letter[at] = (letter[at] ?? 0) ^ 1;
  return messageEncode(messageLetterSend, { ...message, letter });
}

/** Its key, its sealed part, its signature. */
const PARTS = [0.1, 0.5, 0.95];

test(`logins whose letter the host changes (at ${PARTS.join(", ")} of it) come to nothing`, async () => {
  let letters = 0;
  stage.liar.lie = {
    sent: (frame) => framePeek(frame).type === messageLetterSend.number ? letterTouched(frame, PARTS[letters++ % PARTS.length] as number) : frame,
  };
  // All at once: a command line waits half a minute for an answer.
  const seats = await Promise.all(PARTS.map((part) => assertNoLogin(`touched-${part}`)));
  assert.ok(letters >= 2 * PARTS.length, "each browser and each command line has sent its letter");
  stage.liar.lie = undefined;
  for (const seat of seats) await seat.close();
});

test("a login that the host answers with the keeper's answer to another one comes to nothing", async () => {
  let answer: Bytes | undefined;
  stage.liar.lie = {
    told: (type, frame) => {
      if (type === messageLetterBack.number) answer = layoutDecode(messageLetterBack, frame).letter.slice();
      return frame;
    },
  };
  const honest = await Seat.take(stage.installation, { role: "citizen", boardFile: stage.boardFile });
  await honest.login(CITIZEN);
  await honest.close();
  assert.ok(answer !== undefined);
  const swap = (frame: Bytes) => messageEncode(messageLetterBack, { ...layoutDecode(messageLetterBack, frame), letter: answer as Bytes });
  stage.liar.lie = { told: (type, frame) => type === messageLetterBack.number ? swap(frame) : frame };
  const seat = await assertNoLogin("swapped");
  stage.liar.lie = undefined;
  await seat.close();
});

test("a keeper that the host has made is not written to", async () => {
  const { chain } = await strangerOf(stage.people.citizen, "KEEPER");
  stage.liar.lie = {
    told: (type, frame) => type === messageBoard.number ? messageEncode(messageBoard, { ...layoutDecode(messageBoard, frame), keepers: chain }) : frame,
  };
  stage.liar.heard.length = 0;
  const seat = await assertNoLogin("misled-by-keeper");
  assert.equal(seat.client.session?.trouble, "KEEPER_UNTRUSTED");
  assert.ok(!stage.liar.heard.some(({ type }) => type === messageLetterSend.number), "no code is given to it");
  stage.liar.lie = undefined;
  await seat.close();
});

test("a host that names keepers of its own gets nothing more of what is written; the board's root is known after logging out", async () => {
  const { chain } = await strangerOf(stage.people.citizen, "KEEPER");
  stage.liar.lie = {
    told: (type, frame) => type === messageBoard.number ? messageEncode(messageBoard, { ...layoutDecode(messageBoard, frame), keepers: chain }) : frame,
  };
  const seat = await stage.browser("memory");
  try {
    await eventually("told", async () => seat.client.session?.trouble === "KEEPER_UNTRUSTED");
    stage.liar.heard.length = 0;
    assertTold(await stage.device("memory").run(["send", stage.room, "väntar"]), ["KEEPER_UNTRUSTED"]);
    await seat.client.send(crypto.randomUUID(), stage.room, "väntar");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.ok(!stage.liar.heard.some(({ type }) => type === messageAppend.number), "nothing is sent");
    assert.equal(seat.client.room(stage.room)?.waiting, 1);
    const [board] = (await seat.store.all("meta")).filter(({ key }) => key === "board");
    await seat.client.logout();
    assert.deepEqual((await seat.store.all("meta")).filter(({ key }) => key === "board"), [board]);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

test("whoever is logged in has the keeper's heads: they are in the store with the certificate", async () => {
  let heads: number | undefined;
  class Watched extends MemoryStore {
    override async write(changes: readonly Change[]): Promise<void> {
      await super.write(changes);
      if (heads !== undefined || !(await this.all("meta")).some(({ key }) => key === "me")) return;
      heads = (await this.all("rooms")).filter(({ keeperHead }) => keeperHead.seq > 0).length;
    }
  }
  const seat = await Seat.take(stage.installation, { role: "citizen", boardFile: stage.boardFile, store: new Watched() });
  await seat.login(CITIZEN);
  await seat.close();
  assert.ok((heads ?? 0) >= 2, `${heads} heads`);
});

test("a conversation that the host refuses is taken away with all that was written behind it", async () => {
  stage.liar.lie = {
    answer: (frame) => framePeek(frame).type === messageRoomCreate.number
      ? messageEncode(messageError, { request: framePeek(frame).request, code: ERRORS.MAY_NOT.number, detail: "" }) : undefined,
  };
  const seat = await stage.browser("memory");
  try {
    await eventually("ready", async () => seat.client.session?.contact === "ready");
    const [opening, behind] = [crypto.randomUUID(), crypto.randomUUID()];
    const room = await seat.client.open(opening, "Avvisat", "först");
    seat.client.watch(room);
    await seat.client.send(behind, room, "sedan");
    await seat.room(room, ({ drafts }) => drafts.length === 2 && drafts.every(({ state }) => state === "failed"), "both are given back");
    await seat.client.discard(opening);
    assert.deepEqual((await seat.store.all("drafts")).filter((row) => row.room === room), []);
    assert.deepEqual((await seat.store.all("rooms")).filter((row) => row.room === room), []);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

// -- Receipts that are kept -------------------------------------------------------------------------------------------

/** Number and own number of the receipts for the conversation in an enrum.db. */
function receiptsIn(home: string): string[] {
  const db = new DatabaseSync(join(home, "enrum.db"), { readOnly: true });
  try {
    const rows = db.prepare("SELECT seq, device_seq FROM receipt WHERE room = ? ORDER BY seq").all(bytesOfHex(stage.room));
    return rows.map(({ seq, device_seq: own }) => `${seq}:${own}`);
  } finally {
    db.close();
  }
}

test("a receipt is not replaced by a later one of the same number: browser", async () => {
  const seat = await stage.browser("memory");
  const kept = async () => (await seat.store.all("receipts")).filter(({ room }) => room === stage.room).map(({ seq, deviceSeq }) => `${seq}:${deviceSeq}`);
  try {
    await seat.room(stage.room, ({ isCurrent }) => isCurrent);
    await seat.client.send(crypto.randomUUID(), stage.room, "sju");
    await seat.room(stage.room, (room) => room.waiting === 0 && texts(room).includes("sju"));
    const before = await kept();
    assert.ok(before.length > 0);
    stage.liar.lie = { answer: swallowed };
    await seat.client.send(crypto.randomUUID(), stage.room, "åtta");
    await eventually("told", async () => troubleOf(seat) === "RECEIPT_WRONG");
    assert.deepEqual(await kept(), before);
  } finally {
    stage.liar.lie = undefined;
    await seat.close();
  }
});

test("a receipt is not replaced by a later one of the same number: command line", async () => {
  const device = stage.device("memory");
  const home = stage.installation.path("homes", device.home);
  await device.must(["send", stage.room, "sju"]);
  const before = receiptsIn(home);
  assert.ok(before.length > 0);
  stage.liar.lie = { answer: swallowed };
  try {
    assertTold(await device.run(["send", stage.room, "åtta"]), ["RECEIPT_WRONG"]);
    assert.deepEqual(receiptsIn(home), before);
  } finally {
    stage.liar.lie = undefined;
  }
});

test("the keeper keeps the receipts of what it writes", () => {
  assert.ok(receiptsIn(stage.installation.path("boards", BOARD, "keeper")).length > 0);
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

test("a database that was put back is told by the keeper, with memory and without", async () => {
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
  const log = stage.installation.path("logs", `keeper-${BOARD}.log`);
  await eventually("told by the keeper", async () => new RegExp(`event=untrusted err="(ROLLBACK|FORK)" room=${stage.room.slice(0, 8)}`).test(readFileSync(log, "utf8")));
  await seat.close();
  const fresh = await Seat.take(stage.installation, { role: "citizen", boardFile: stage.boardFile });
  await fresh.login("test.testsson").catch(() => undefined);
  await eventually("told to one without memory", async () => ["ROLLBACK", "FORK"].includes(troubleOf(fresh) ?? ""));
  await fresh.close();
  const newcomer = new LiedDevice(stage.installation, "newcomer-to-yesterday", stage.boardFile);
  await newcomer.tryLogin();
  assertTold(await newcomer.run(["read", stage.room]), ["ROLLBACK", "FORK"]);
});
