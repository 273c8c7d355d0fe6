// Renewal against the real server and keeper: certificates of six minutes, and devices whose clocks jump to the last third of them;
// then certificates of seconds, which end.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { framePeek } from "../../client-sdk/web/protocol/layout.ts";
import { messageRoomCreate } from "../../client-sdk/web/protocol/messages.ts";
import { systemClock, webSocketOpen, type Clock, type SocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import type { ItemView } from "../../client-sdk/web/sdk/view.ts";
import { programs } from "../e2e/programs.ts";
import { lifetimesSet, SEVEN_SECONDS, SIX_MINUTES } from "./lifetimes.ts";
import { Seat, texts } from "./seat.ts";

/** Behind this, less than a third of six minutes' certificates is left; a letter of this clock is still one that the keeper reads. */
const JUMP_MS = 150_000;

const folder = mkdtempSync(join(tmpdir(), "enrum-renewal-"));
let installation: Installation;
let citizen: Seat;
let worker: Seat;
let room: string;

/** A device's own clock, set forward by `ms`. */
class Jumping implements Clock {
  ms = 0;
  wallMs = () => systemClock.wallMs() + this.ms;
  monoMs = systemClock.monoMs;
  after = systemClock.after;
}

const clocks = { citizen: new Jumping(), worker: new Jumping() };

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  await lifetimesSet(installation, "bjuv", SIX_MINUTES, 24);
  citizen = await Seat.take(installation, { role: "citizen", clock: clocks.citizen });
  worker = await Seat.take(installation, { role: "staff", clock: clocks.worker });
  await citizen.login("test.testsson");
  await worker.login("bjuv.handlaggare");
  room = await citizen.client.open(crypto.randomUUID(), "Ett samtal", "Hej");
  await queued("Ett samtal");
  await worker.client.take(room);
  for (const seat of [citizen, worker]) seat.client.watch(room);
  await worker.room(room, (view) => texts(view).length === 1, "the first words");
});

after(async () => {
  await citizen?.close();
  await worker?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const until = (seat: Seat) => seat.client.session?.me?.until ?? 0;
const send = (seat: Seat, text: string, to: string = room) => seat.client.send(crypto.randomUUID(), to, text);
const waiting = (title: string) => worker.client.session?.queue.filter((row) => row.title === title && row.takenBy === undefined) ?? [];
const queued = (title: string) => eventually(`${title}: in the queue`, async () => waiting(title).length > 0);

/** Recorded by the keeper, in both copies: these are the newest words of the conversation. */
async function recorded(words: readonly string[], to: string = room, seats: readonly Seat[] = [citizen, worker]): Promise<void> {
  for (const seat of seats) {
    const view = await seat.room(to, (seen) => texts(seen).at(-1) === words.at(-1) && seen.coveredSeq >= (seen.items.findLast(({ what }) => what.kind === "message")?.seq ?? Infinity), `${words.at(-1)}: recorded`);
    assert.deepEqual(texts(view).slice(-words.length), words);
    assert.deepEqual(view.items.filter(({ refused }) => refused !== undefined), []);
  }
}

/** A citizen's tab that has been reloaded; its socket may be another one. */
async function reload(socketOpen?: SocketOpen): Promise<void> {
  citizen.crash();
  citizen = await Seat.take(installation, { role: "citizen", store: citizen.store, clock: clocks.citizen, ...(socketOpen === undefined ? {} : { socketOpen }) });
  citizen.client.watch(room);
}

/** Told that a login is needed, with this much waiting, and nothing given back. */
async function expiredWith(seat: Seat, drafts: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await eventually("told", async () => seat.client.session?.loginError === "CERTIFICATE_EXPIRED" && seat.client.session.login === "in");
  for (const [id, words] of Object.entries(drafts)) {
    seat.client.watch(id);
    const view = await seat.room(id, (seen) => seen.drafts.length === words.length, "what waits");
    assert.deepEqual(view.drafts.map(({ text, error }) => [text, error]), words.map((text) => [text, undefined]));
  }
}

test("a citizen's and a caseworker's device renew by themselves while they are connected, and go on", async () => {
  const before = [until(citizen), until(worker)];
  for (const clock of Object.values(clocks)) clock.ms = JUMP_MS;
  await eventually("both renewed", async () => until(citizen) > before[0]! && until(worker) > before[1]!);
  await send(citizen, "Efter förnyelsen");
  await send(worker, "Efter min med");
  await recorded(["Efter min med"]);
  for (const seat of [citizen, worker]) {
    const { session } = seat.client;
    assert.deepEqual([session?.contact, session?.loginError, session?.trouble], ["ready", undefined, undefined]);
    const view = await seat.room(room, ({ drafts }) => drafts.length === 0, "nothing left");
    assert.equal(view.trouble, undefined);
  }
});

test("drafts written around the renewal arrive once and in order", async () => {
  const words: string[] = [];
  for (let round = 1; round <= 3; round++) {
    // A reloaded tab whose certificate is in its last third renews it as soon as it is connected: these are written meanwhile.
    await reload();
    const before = until(citizen);
    for (let i = 1; i <= 15; i++) {
      words.push(`runda ${round}, ${i}`);
      await send(citizen, words.at(-1)!);
    }
    await eventually("renewed", async () => until(citizen) > before);
    words.push(`runda ${round}, sist`);
    await send(citizen, words.at(-1)!);
  }
  await recorded(words);
  await citizen.room(room, ({ drafts }) => drafts.length === 0, "nothing left");
});

/** A network that takes ROOM_CREATE and gives no answer; `isHeard`: the host hears it. Returns what it did, and what ends it. */
function deafTo(isHeard: boolean): { socketOpen: SocketOpen; taken: () => number; cut: () => void } {
  const requests = new Set<number>();
  let lost: (reason: string) => void = () => undefined;
  let isOver = false;
  return {
    taken: () => requests.size,
    cut: () => {
      isOver = true;
      lost("cut");
    },
    socketOpen: (url, events) => {
      if (isOver) return webSocketOpen(url, events);
      const socket = webSocketOpen(url, { ...events, frame: (frame) => requests.has(framePeek(frame).request) ? undefined : events.frame(frame) });
      lost = (reason) => {
        socket.drop();
        events.lost(reason);
      };
      return { ...socket, send: (frame) => {
        const { type, request } = framePeek(frame);
        if (type === messageRoomCreate.number) requests.add(request);
        if (type !== messageRoomCreate.number || isHeard) socket.send(frame);
      } };
    },
  };
}

for (const isHeard of [true, false]) {
  const name = isHeard ? "har hörts" : "har inte hörts";
  test(`a conversation that the host ${isHeard ? "has opened unheard" : "has never heard of"} stands once behind a renewal, with all that was written`, async () => {
    const network = deafTo(isHeard);
    clocks.citizen.ms = 0;
    await reload(network.socketOpen);
    await eventually("connected", async () => citizen.client.session?.contact === "ready" && citizen.client.session.isListed);
    const begun = await citizen.client.open(crypto.randomUUID(), `Detta ${name}`, "Första");
    for (const text of ["Andra", "Tredje"]) await send(citizen, text, begun);
    await citizen.client.sendFile(crypto.randomUUID(), begun, new Blob(["Till samtalet"]), "intyg.txt", "text/plain", "Mitt intyg");
    await eventually("asked", async () => network.taken() > 0);
    const before = until(citizen);
    clocks.citizen.ms = JUMP_MS;
    await eventually("renewed", async () => until(citizen) > before);
    network.cut();
    await queued(`Detta ${name}`);
    // Under the name that it had: the tab may look at either.
    await send(citizen, "Fjärde", begun);
    const [row] = waiting(`Detta ${name}`);
    citizen.client.watch(row!.room);
    const words = ["Första", "Andra", "Tredje", "Fjärde"];
    await recorded(words, row!.room, [citizen]);
    await worker.client.take(row!.room);
    worker.client.watch(row!.room);
    await recorded(words, row!.room);
    const isFile = ({ what }: ItemView) => what.kind === "file" && what.name === "intyg.txt" && what.text === "Mitt intyg";
    const { items } = await worker.room(row!.room, (seen) => seen.items.some(isFile), "the file");
    assert.equal(items.filter(isFile).length, 1);
    assert.equal(await (await worker.client.openFile(row!.room, items.find(isFile)!.seq)).text(), "Till samtalet");
    const named = citizen.client.session?.rooms.filter(({ title }) => title === `Detta ${name}`);
    assert.deepEqual(named?.map(({ room: id, isUnborn, waiting: count }) => [id, isUnborn, count]), [[row!.room, false, 0]]);
    assert.equal(row!.room === begun, isHeard);
  });
}

test("a device whose certificate has ended asks for a login, keeps what waits, and sends it when it is logged in", async () => {
  await lifetimesSet(installation, "bjuv", SEVEN_SECONDS, SEVEN_SECONDS / 2);
  let short = await Seat.take(installation, { role: "citizen" });
  let desk = await Seat.take(installation, { role: "staff" });
  const isOver = () => eventually("over", async () => Date.now() > Math.max(until(short), until(desk)));
  // Each has its key before the other one's seconds begin.
  for (const [seat, persona] of [[short, "test.testsson"], [desk, "bjuv.handlaggare"]] as const) {
    await seat.login(persona);
    seat.client.watch(room);
    await seat.room(room, ({ isCurrent, isLocked }) => isCurrent && !isLocked);
  }
  await isOver();
  await send(short, "Efter slutet");
  await send(desk, "Efter mitt med");
  const begun = await short.client.open(crypto.randomUUID(), "Begynt efter slutet", "Ett");
  await send(short, "Två", begun);
  await expiredWith(short, { [room]: ["Efter slutet"], [begun]: ["Ett", "Två"] });
  await expiredWith(desk, { [room]: ["Efter mitt med"] });
  for (const seat of [short, desk]) seat.crash();
  short = await Seat.take(installation, { role: "citizen", store: short.store });
  desk = await Seat.take(installation, { role: "staff", store: desk.store });
  await expiredWith(short, { [room]: ["Efter slutet"], [begun]: ["Ett", "Två"] });
  await expiredWith(desk, { [room]: ["Efter mitt med"] });
  await lifetimesSet(installation, "bjuv", SIX_MINUTES, 24);
  await short.login("test.testsson");
  await recorded(["Efter slutet"], room, [worker]);
  await desk.login("bjuv.handlaggare");
  await recorded(["Efter slutet", "Efter mitt med"], room, [short, worker]);
  await queued("Begynt efter slutet");
  const row = waiting("Begynt efter slutet");
  assert.equal(row.length, 1);
  short.client.watch(row[0]!.room);
  await recorded(["Ett", "Två"], row[0]!.room, [short]);
  for (const seat of [short, desk]) {
    assert.deepEqual(seat.client.session?.rooms.filter((summary) => summary.waiting > 0 || summary.isUnborn), []);
    assert.equal(seat.client.session?.loginError, undefined);
    await seat.close();
  }
});
