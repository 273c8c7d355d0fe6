// The whole SDK in Node against the real server, keeper and e-ID: two people talk, a device without memory reads everything,
// two tabs write at once, a server that dies is come back to, a command line joins in.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { framePeek } from "../../client-sdk/web/protocol/layout.ts";
import { messageBlobGet, messageBlobPut } from "../../client-sdk/web/protocol/messages.ts";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { systemClock, webSocketOpen, type SocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import { MemoryStore } from "../../client-sdk/web/sdk/localstore.ts";
import type { ItemView } from "../../client-sdk/web/sdk/view.ts";
import { programs } from "../e2e/programs.ts";
import { AheadClock, Seat, storeText, texts } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-sdk-"));
let installation: Installation;
let citizen: Seat;
let worker: Seat;
let room: string;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  citizen = await Seat.take(installation, { role: "citizen" });
  worker = await Seat.take(installation, { role: "staff" });
});

after(async () => {
  await citizen?.close();
  await worker?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const isRecorded = (seat: Seat, words: string) => seat.room(room, ({ items, coveredSeq }) =>
  items.some(({ what, seq, refused }) => what.kind === "message" && what.text === words && seq <= coveredSeq && refused === undefined), `${words}: recorded`);

test("both log in", async () => {
  await citizen.login("test.testsson");
  await worker.login("bjuv.handlaggare");
  assert.equal(citizen.client.session?.me?.name, "Test Testsson");
});

test("a citizen opens a conversation, a caseworker sees it in the queue, takes it and answers", async () => {
  room = await citizen.client.open(crypto.randomUUID(), "Jag behöver prata", "Hej, är det någon där?");
  citizen.client.watch(room);
  const row = await eventually("the queue", async () => worker.client.session?.queue.find((queued) => queued.room === room));
  assert.equal(row.title, "Jag behöver prata");
  await worker.client.take(room);
  worker.client.watch(room);
  const seen = await worker.room(room, (view) => texts(view).length === 1, "the first words");
  assert.deepEqual(texts(seen), ["Hej, är det någon där?"]);
  await worker.client.send(crypto.randomUUID(), room, "Hej! Jag heter Testa.");
  const view = await isRecorded(citizen, "Hej! Jag heter Testa.");
  assert.equal(view.drafts.length, 0);
  const answer = view.items.find(({ what }) => what.kind === "message" && what.text.startsWith("Hej! Jag"));
  assert.notEqual(answer?.author.name, "");
});

test("two tabs that send at once: order kept in each, nothing twice", async () => {
  const other = citizen.tab();
  const send = async (tab: typeof other, name: string) => {
    for (let i = 1; i <= 10; i++) await tab.send(crypto.randomUUID(), room, `${name} ${i}`);
  };
  await Promise.all([send(citizen.client, "vänster"), send(other, "höger")]);
  const view = await worker.room(room, (seen) => texts(seen).length === 22, "all of both");
  for (const name of ["vänster", "höger"]) {
    assert.deepEqual(texts(view).filter((text) => text.startsWith(name)), Array.from({ length: 10 }, (_none, i) => `${name} ${i + 1}`));
  }
});

test("a call that is asked again is done once", async () => {
  const id = crypto.randomUUID();
  await Promise.all([citizen.client.send(id, room, "En gång"), citizen.client.send(id, room, "En gång")]);
  await isRecorded(worker, "En gång");
  await citizen.client.send(id, room, "En gång");
  await citizen.client.send(crypto.randomUUID(), room, "Sedan detta");
  const view = await isRecorded(worker, "Sedan detta");
  assert.equal(texts(view).filter((text) => text === "En gång").length, 1);
});

test("three messages while the server is dead arrive once, in order, when it lives again", async () => {
  await installation.killHost();
  await eventually("told offline", async () => citizen.client.session?.contact === "offline");
  for (const text of ["ett", "två", "tre"]) await citizen.client.send(crypto.randomUUID(), room, text);
  await citizen.room(room, ({ drafts }) => drafts.length === 3);
  await installation.startHost();
  const view = await isRecorded(worker, "tre");
  assert.deepEqual(texts(view).slice(-3), ["ett", "två", "tre"]);
  await citizen.room(room, ({ drafts }) => drafts.length === 0);
});

test("a reload in between loses nothing", async () => {
  await installation.killHost();
  await eventually("told offline", async () => citizen.client.session?.contact === "offline");
  await citizen.client.send(crypto.randomUUID(), room, "Före omladdningen");
  citizen.crash();
  citizen = await Seat.take(installation, { role: "citizen", store: citizen.store });
  citizen.client.watch(room);
  const kept = await citizen.room(room, ({ drafts }) => drafts.length === 1);
  assert.equal(kept.drafts[0]?.text, "Före omladdningen");
  await installation.startHost();
  await isRecorded(worker, "Före omladdningen");
});

test("a conversation that is started without a server waits, over a reload too, and is opened later", async () => {
  await installation.killHost();
  await eventually("told offline", async () => citizen.client.session?.contact === "offline");
  const later = await citizen.client.open(crypto.randomUUID(), "Utan nät", "Jag skriver ändå");
  citizen.crash();
  citizen = await Seat.take(installation, { role: "citizen", store: citizen.store });
  citizen.client.watch(later);
  const kept = await citizen.room(later, ({ drafts }) => drafts.length === 1);
  assert.deepEqual([kept.title, kept.isUnborn, kept.drafts[0]?.text], ["Utan nät", true, "Jag skriver ändå"]);
  await citizen.client.send(crypto.randomUUID(), later, "Och mer");
  const inStore = await storeText(citizen.store);
  assert.match(inStore, /Socialnämnden i Bjuv/, "the search finds what is there");
  assert.doesNotMatch(inStore, /Utan nät|Jag skriver|Och mer|Hej, är det/, "nothing that was written lies there in words");
  await installation.startHost();
  const view = await citizen.room(later, ({ isUnborn, drafts, coveredSeq }) => !isUnborn && drafts.length === 0 && coveredSeq > 5, "opened");
  assert.deepEqual(texts(view), ["Jag skriver ändå", "Och mer"]);
  citizen.client.watch(room);
});

test("a device without memory reads everything after login", async () => {
  const before = await citizen.room(room, ({ isCurrent }) => isCurrent);
  const fresh = await Seat.take(installation, { role: "citizen" });
  await fresh.login("test.testsson");
  fresh.client.watch(room);
  const view = await fresh.room(room, (seen) => seen.isCurrent && !seen.isLocked && texts(seen).length === texts(before).length, "the history");
  assert.deepEqual(view.items.slice(0, before.items.length).map(({ hash }) => hash), before.items.map(({ hash }) => hash));
  await eventually("the new device is told", async () => citizen.client.session?.devices.length === 2);
  await fresh.close();
});

test("a browser's SDK and the command line talk both ways", async () => {
  const cli = new Device(installation, "cli", "bjuv", "test.foralder", "citizen");
  await cli.login();
  const other = await cli.newRoom("Från kommandoraden", "Hej från skalet");
  await eventually("the queue", async () => worker.client.session?.queue.find((queued) => queued.room === other));
  await worker.client.take(other);
  worker.client.watch(other);
  await worker.room(other, (view) => texts(view).includes("Hej från skalet"), "the shell's words");
  await worker.client.send(crypto.randomUUID(), other, "Hej från webbläsaren");
  await eventually("the browser's words", async () => (await cli.read(other)).some(({ text, recorded }) => text === "Hej från webbläsaren" && recorded));
});

test("a keeper that goes while this device is connected is known to be gone by what it does not record, and is back when it is", async () => {
  await installation.stopKeeper("bjuv");
  await citizen.client.send(crypto.randomUUID(), room, "Finns registratorn?");
  await eventually("told that it is away", async () => citizen.client.session?.isKeeperAway === true);
  await installation.startKeeper("bjuv");
  await isRecorded(citizen, "Finns registratorn?");
  await eventually("told that it is back", async () => citizen.client.session?.isKeeperAway === false);
});

test("unread is counted until it is marked, on every device of the person", async () => {
  await citizen.client.send(crypto.randomUUID(), room, "Har du läst detta?");
  const unread = () => worker.client.session?.rooms.find((summary) => summary.room === room)?.unread ?? 0;
  await eventually("unread", async () => unread() > 0);
  await worker.client.markRead(room, (await worker.room(room, (view) => texts(view).includes("Har du läst detta?"))).headSeq);
  await eventually("nothing unread", async () => unread() === 0);
  await citizen.room(room, ({ items }) => items.some(({ what, author }) => what.kind === "read" && author.role === "staff"), "the read mark");
});

test("whoever writes where nothing is shown has read nothing: the rest is unread still", async () => {
  const last = (text: string) => worker.room(room, ({ items, waiting }) => waiting === 0 && items.some(({ what }) => "text" in what && what.text === text), text);
  const summary = () => worker.client.session?.rooms.find((one) => one.room === room);
  await citizen.client.send(crypto.randomUUID(), room, "Det här har ingen sett.");
  const { seenSeq } = await last("Det här har ingen sett.");
  // As the case's page does: this device has the words before, and shows them nowhere.
  await worker.client.write(crypto.randomUUID(), room, { kind: "note", text: "Ringde upp." });
  const written = await last("Ringde upp.");
  assert.equal(summary()?.unread, 1);
  assert.equal(written.seenSeq, seenSeq, "the note's author has been shown no more than before");
  await worker.client.markRead(room, written.headSeq);
  await eventually("nothing unread", async () => summary()?.unread === 0);
});

test("a caseworker who opens a room leaves a mark that reads nothing; again within the hour none", async () => {
  const marks = async () => (await worker.room(room, ({ isCurrent, waiting }) => isCurrent && waiting === 0)).items.filter(({ what, author }) => what.kind === "read" && author.isMe);
  const other = await citizen.client.open(crypto.randomUUID(), "Öppnat", "Hej");
  await eventually("the queue", async () => worker.client.session?.queue.find((queued) => queued.room === other));
  await worker.client.take(other);
  worker.client.watch(other);
  await worker.room(other, (view) => view.isCurrent && texts(view).includes("Hej"), "the words");
  const before = (await marks()).length;
  for (const opened of [other, other, room]) await worker.client.markOpened(opened);
  const view = await worker.room(other, ({ items }) => items.some(({ what }) => what.kind === "read"), "the mark");
  await worker.client.send(crypto.randomUUID(), other, "Hej själv");
  const later = await worker.room(other, (now) => texts(now).includes("Hej själv"), "what comes behind it");
  assert.deepEqual(later.items.filter(({ what }) => what.kind === "read").map(({ what }) => what), [{ kind: "read", upTo: 1 }]);
  assert.ok(view.unread > 0);
  assert.equal((await marks()).length, before, "there was a mark within the hour");
  await assert.rejects(citizen.client.markOpened(other), { code: "MAY_NOT" });
});

const MINUTE_MS = 60_000;
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 200));

test("a borrowed device is logged out from when none of its tabs has been touched for a quarter of an hour", async (t) => {
  const clock = new AheadClock();
  const library = await Seat.take(installation, { role: "citizen", clock });
  t.after(() => library.close());
  const other = library.tab();
  await library.login("test.testsson", { isShared: true });
  clock.aheadMs += 14 * MINUTE_MS;
  other.touched();
  // One after the other: when this is answered, that has been heard.
  await other.writingKeep("", "", "");
  clock.aheadMs += 14 * MINUTE_MS;
  await aWhile();
  assert.equal(library.client.session?.login, "in");
  // In every tab it is said before, and a touch in any of them ends it.
  const isSaid = (is: boolean) => eventually(`said: ${is}`, async () => library.clients.every(({ session }) => session?.login === "in" && (session.isIdle === true) === is));
  await isSaid(true);
  library.client.touched();
  await isSaid(false);
  clock.aheadMs += 12 * MINUTE_MS;
  await aWhile();
  await isSaid(false);
  clock.aheadMs += MINUTE_MS + 1_000;
  await isSaid(true);
  clock.aheadMs += 2 * MINUTE_MS;
  await eventually("logged out", async () => library.clients.every(({ session }) => session?.login === "out"));
});

test("who touches a borrowed device after it has slept does not prolong what was another's", async (t) => {
  const clock = new AheadClock();
  const library = await Seat.take(installation, { role: "citizen", clock });
  t.after(() => library.close());
  clock.isAsleep = true;
  await library.login("test.testsson", { isShared: true });
  clock.aheadMs += 16 * MINUTE_MS;
  library.client.touched();
  await eventually("logged out", async () => library.client.session?.login === "out");
});

test("a file on its way from a borrowed device, or to it, holds the log-out off until it is there", async (t) => {
  const clock = new AheadClock();
  const held: (() => void)[] = [];
  let isHeld = true;
  const socketOpen: SocketOpen = (url, events) => {
    const socket = webSocketOpen(url, events);
    return {
      send: (frame) => {
        const copy = frame.slice();
        if (isHeld && [messageBlobPut.number, messageBlobGet.number].includes(framePeek(copy).type)) held.push(() => socket.send(copy));
        else socket.send(frame);
      },
      drop: () => socket.drop(),
    };
  };
  const library = await Seat.take(installation, { role: "citizen", clock, socketOpen });
  t.after(() => library.close());
  await library.login("test.testsson", { isShared: true });
  library.client.watch(room);
  await library.room(room, ({ isCurrent, isLocked }) => isCurrent && !isLocked);
  const name = "inspelning.bin";
  await library.client.sendFile(crypto.randomUUID(), room, new Blob([new Uint8Array(5 * LIMITS.CHUNK_BYTES_MAX)]), name, "application/octet-stream", "");
  const heldOff = async () => {
    await eventually("on its way", async () => held.length > 0);
    for (let quarter = 0; quarter < 3; quarter++) {
      clock.aheadMs += 14 * MINUTE_MS;
      await aWhile();
      const { login, isIdle } = library.client.session!;
      assert.deepEqual([login, isIdle], ["in", false]);
    }
    isHeld = false;
    for (const send of held.splice(0)) send();
  };
  await heldOff();
  const isThere = ({ what }: ItemView) => what.kind === "file" && what.name === name;
  const { items } = await library.room(room, ({ items, drafts }) => drafts.length === 0 && items.some(isThere), "there");
  isHeld = true;
  library.client.touched();
  const file = library.client.openFile(room, items.find(isThere)!.seq);
  await heldOff();
  assert.equal((await file).size, 5 * LIMITS.CHUNK_BYTES_MAX);
  clock.aheadMs += 14 * MINUTE_MS;
  await eventually("said", async () => library.client.session?.isIdle === true);
  clock.aheadMs += 2 * MINUTE_MS;
  await eventually("logged out", async () => library.client.session?.login === "out");
});

test("whoever logs out is seen no more at once, though board.json is held", async (t) => {
  const { promise: given, resolve: give } = Promise.withResolvers<void>();
  let isHeld = false;
  const library = await Seat.take(installation, { role: "citizen", boardWait: () => isHeld ? given : Promise.resolve() });
  t.after(() => library.close());
  await library.login("test.testsson", { isShared: true });
  await eventually("the rooms", async () => library.client.session?.rooms.length);
  isHeld = true;
  const [isOut] = [library.client.logout(), library.client.logout()];
  await isOut;
  await aWhile();
  const { login, me, rooms, call } = library.client.session!;
  assert.deepEqual([login, me, rooms, call], ["out", undefined, [], undefined]);
  const begun = library.client.loginBegin("demo", "http://127.0.0.1:1/callback", false);
  give();
  assert.match(await begun, /^http/);
  await eventually("in contact", async () => library.client.session?.contact === "ready");
});

test("a log-out that cannot delete what is here says so, and can be tried again", async (t) => {
  const store = new MemoryStore();
  const own = await Seat.take(installation, { role: "citizen", store });
  t.after(() => own.close());
  await own.login("test.testsson");
  const { clear } = store;
  store.clear = () => Promise.reject(new EnrumError("FILE_FAILED", "a disk that is broken"));
  await assert.rejects(own.client.logout(), { code: "FILE_FAILED" });
  assert.equal(own.client.session?.login, "in");
  store.clear = clear;
  await own.client.logout();
  assert.equal(own.client.session?.login, "out");
});

test("what cannot be kept behind a log-out brings nobody back", async (t) => {
  const store = new MemoryStore();
  const own = await Seat.take(installation, { role: "citizen", store });
  t.after(() => own.close());
  await own.login("test.testsson");
  const { clear, write } = store;
  store.clear = async () => {
    await clear.call(store);
    store.write = () => {
      store.write = write;
      return Promise.reject(new EnrumError("FILE_FAILED", "a disk that is full"));
    };
  };
  await own.client.logout();
  assert.equal(own.client.session?.login, "out");
  await eventually("in contact", async () => own.client.session?.contact === "ready");
  assert.deepEqual((await store.all("meta")).map(({ key }) => key).sort(), ["board", "keys"]);
});

test("a device that has nothing to do does nothing, with a server and without", async () => {
  let timers = 0;
  const clock = { ...systemClock, after: (ms: number, call: () => void) => systemClock.after(ms, () => {
    timers++;
    call();
  }) };
  const idle = await Seat.take(installation, { role: "citizen", clock });
  await idle.login("test.testsson");
  const inTwoSeconds = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = timers;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return timers - before;
  };
  const connected = await inTwoSeconds();
  await installation.stopHost();
  const alone = await inTwoSeconds();
  await installation.startHost();
  console.log(`timers in two seconds: ${connected} connected, ${alone} without a server`);
  assert.ok(connected <= 10 && alone <= 40);
  await idle.close();
});

test("logging out deletes everything of the person from the device", async () => {
  await citizen.client.logout();
  assert.equal(citizen.client.session?.login, "out");
  await eventually("begun anew", async () => citizen.client.session?.contact === "ready");
  for (const table of ["rooms", "entries", "drafts", "receipts"] as const) assert.deepEqual(await citizen.store.all(table), []);
  assert.deepEqual((await citizen.store.all("meta")).map(({ key }) => key).sort(), ["board", "keys"]);
});
