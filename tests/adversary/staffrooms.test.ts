// A host that lies about a case's room for its employees is told by both SDKs, by a device that had read it and by one without
// memory; what an employee plants there by themself is named by nobody but them.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { messageEntries, messageRooms } from "../../client-sdk/web/protocol/messages.ts";
import { KINDS, ROLES, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Seat, texts } from "../sdk/seat.ts";
import { authorOf, contentOf, slip } from "./forger.ts";
import { Liar } from "./liar.ts";
import { STAFF_ROOM_ATTACKS, type Case, type StaffRoomAttack } from "./staffrooms.ts";

const BOARD = "bjuv";
const WORKER = "bjuv.handlaggare";
const EXIT_TRUST = 3;
const NOTICE_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), "enrum-staffrooms-"));
let installation: Installation;
let colleague: Seat;
let citizen: Seat;
let boardFile: string;
let on: Case;
let copies = 0;

/** A command line of the worker's whose board names the liar, with what the home of this name holds. */
class LiedDevice extends Device {
  constructor(home: string) {
    super(installation, home, BOARD, WORKER, "staff");
  }

  override run(args: string[], options: Parameters<Device["run"]>[1] = {}): ReturnType<Device["run"]> {
    return super.run(["--board", boardFile, "--timeout", "5", ...args], options);
  }

  copy(): LiedDevice {
    const home = `${this.home}-${++copies}`;
    cpSync(installation.path("homes", this.home), installation.path("homes", home), { recursive: true });
    return new LiedDevice(home);
  }
}

async function conversation(title: string): Promise<string> {
  const room = await citizen.client.open(crypto.randomUUID(), title, "Hej!");
  await eventually("queued", async () => on.worker.client.session?.queue.some((row) => row.room === room));
  await on.worker.client.take(room);
  return room;
}

/** The number of the entry with which the keeper names a conversation. */
async function namingOf(room: string): Promise<number> {
  const view = await on.worker.room(room, ({ items }) => items.some(({ what, author }) => what.kind === "caseRoom" && author.role === "keeper"), "named");
  return view.items.find(({ what, author }) => what.kind === "caseRoom" && author.role === "keeper")!.seq;
}

async function staffRoom(party: string): Promise<string> {
  const room = await on.worker.client.openStaffRoom(crypto.randomUUID(), party);
  on.worker.client.watch(room);
  return room;
}

const memory = () => new LiedDevice("memory");
const fresh = () => new LiedDevice("fresh");

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: [BOARD] });
  const liar = await Liar.start(installation.hostUrl, installation.path("host", "host.key"));
  const board = JSON.parse(readFileSync(installation.boardJson(BOARD), "utf8"));
  boardFile = installation.path("board-lied.json");
  writeFileSync(boardFile, JSON.stringify({ ...board, host: { ...board.host, url: liar.url } }));
  const [worker, outsider] = [await Seat.take(installation, { role: "staff" }), await Seat.take(installation, { role: "staff" })];
  colleague = await Seat.take(installation, { role: "staff" });
  citizen = await Seat.take(installation, { role: "citizen" });
  await worker.login(WORKER);
  await outsider.login("bjuv.chef");
  await colleague.login("bjuv.handlaggare2");
  await citizen.login("test.testsson");
  on = { liar, worker, outsider, room: "", otherRoom: "", conversation: "", naming: 0, otherNaming: 0, withFormer: 0, former: authorOf(colleague) };

  const first = await conversation("Skolan");
  const second = await conversation("Boendet");
  on.conversation = await conversation("Något annat");
  on.otherRoom = await staffRoom(second);
  on.otherNaming = await namingOf(on.otherRoom);
  on.room = await staffRoom(first);
  on.naming = await namingOf(on.room);
  const person = colleague.client.session?.me?.person ?? "";
  await worker.client.addColleague(first, person, "Vi är två.");
  await worker.room(on.room, ({ members }) => members.some((member) => member.person === person), "both are in it");
  await worker.client.send(crypto.randomUUID(), on.room, "Bara för oss");
  await worker.room(on.room, (room) => texts(room).includes("Bara för oss") && room.waiting === 0);
  on.withFormer = worker.engine.enrum.rooms.get(on.room)!.fold.seq;
  await worker.client.endAccess(first, person, "LEFT");
  await worker.room(on.room, ({ members }) => !members.some((member) => member.person === person), "one is out");
  await worker.client.send(crypto.randomUUID(), on.room, "Nu är jag ensam");
  await worker.room(on.room, ({ items, coveredSeq, waiting }) => {
    const last = items.findLast(({ what }) => what.kind === "message");
    return waiting === 0 && last?.what.kind === "message" && last.what.text === "Nu är jag ensam" && coveredSeq >= last.seq;
  }, "recorded");

  await memory().login();
  for (const room of [on.room, on.otherRoom]) await memory().must(["read", room]);
  liar.lie = { withheld: [messageRooms.number, messageEntries.number] };
  await fresh().tryLogin();
  liar.room = bytesOfHex(on.room);
  liar.lie = undefined;
});

after(async () => {
  for (const seat of [citizen, colleague, on?.worker, on?.outsider]) await seat?.close();
  await on?.liar.stop();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function assertOneOf(told: string | undefined, errors: readonly ErrorName[]): void {
  assert.ok(told !== undefined && (errors as readonly string[]).includes(told), `${told} is not one of ${errors.join(", ")}`);
}

async function toldByShell(device: LiedDevice, errors: readonly ErrorName[]): Promise<void> {
  for (const args of [["read", on.room], ["send", on.room, "hemligt"]]) {
    const { code, out, err } = await device.run(args);
    assertOneOf(/\(([A-Z_]+)\)\s*$/.exec(err)?.[1], errors);
    assert.equal(code, EXIT_TRUST, err);
    assert.ok(!out.includes("hemligt"));
  }
}

/** A browser without memory: it logs in while the host tells nothing, and then hears the lie. */
async function toldByBrowser(attack: StaffRoomAttack): Promise<void> {
  on.liar.lie = { withheld: [messageRooms.number, messageEntries.number] };
  const seat = await Seat.take(installation, { role: "staff", boardFile });
  try {
    await seat.login(WORKER, { isListed: false });
    on.liar.lie = attack.lie(on);
    seat.client.watch(on.room);
    on.liar.drop();
    const summary = () => seat.client.session?.rooms.find(({ room }) => room === on.room);
    const trouble = await eventually("told", async () => summary()?.trouble, NOTICE_MS);
    assertOneOf(trouble, attack.noticed);
    await assert.rejects(seat.client.send(crypto.randomUUID(), on.room, "hemligt"), { code: trouble });
  } finally {
    await seat.close();
    on.liar.lie = undefined;
  }
}

for (const attack of STAFF_ROOM_ATTACKS) {
  test(`a host that ${attack.name} is told`, async () => {
    for (const [device, errors] of [[memory().copy(), [...attack.noticed, "FORK", "ROLLBACK"]], [fresh().copy(), attack.noticed]] as const) {
      on.liar.lie = attack.lie(on);
      await toldByShell(device, errors);
      on.liar.lie = undefined;
    }
    await toldByBrowser(attack);
  });
}

test("what an employee says of the case that is not so is nobody's but theirs", async () => {
  // In their own room, for a conversation that only others are in: the real host takes it, and the keeper names nothing.
  const own = await on.outsider.client.open(crypto.randomUUID(), "Ensam", "Hej?");
  on.outsider.client.watch(own);
  await on.outsider.room(own, ({ isUnborn }) => !isUnborn, "their conversation");
  const planted = await on.outsider.client.openStaffRoom(crypto.randomUUID(), own);
  on.outsider.client.watch(planted);
  await on.outsider.room(planted, ({ isUnborn, coveredSeq }) => !isUnborn && coveredSeq > 0, "their room");
  const body = { room: bytesOfHex(on.conversation), person: citizen.engine.enrum.certified.certificate.body.person };
  const seq = await slip(on.outsider, planted, {
    class: "RECORD", open: { cause: new Uint8Array(0), blobs: new Uint8Array(0) }, content: contentOf("CASE_ROOM", ROLES.STAFF, body),
  });
  const view = await on.outsider.room(planted, ({ coveredSeq }) => coveredSeq >= seq, "judged");
  assert.ok(!view.items.some(({ what, author }) => what.kind === "caseRoom" && author.role === "keeper"), `${KINDS.CASE_ROOM.number}`);
  assert.deepEqual(view.members.filter(({ role }) => role === "staff").map(({ isMe }) => isMe), [true]);
  assert.ok(!on.worker.client.session?.rooms.some((summary) => summary.room === planted));
});
