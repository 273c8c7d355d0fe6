// Attachments through the browser's SDK, against the real server and keeper, and the command line on the other side. The network is cut
// at each step of an upload and of a download, the tab is closed, the server dies: the file arrives once, and whole.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device, eventually, type Entry } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import { framePeek } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend, messageBlob, messageBlobAsk, messageBlobGet, messageBlobPut, messageBlobs } from "../../client-sdk/web/protocol/messages.ts";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { webSocketOpen, type SocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import { fileNameSafe, mediaTypeSafe } from "../../client-sdk/web/sdk/filename.ts";
import type { DraftView, ItemView, RoomView } from "../../client-sdk/web/sdk/view.ts";
import { programs } from "../e2e/programs.ts";
import { Seat, storeText, texts } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-sdk-files-"));
const CHUNK = LIMITS.CHUNK_BYTES_MAX;
/** Of a file that takes a while. */
const LONG = 120 * CHUNK;
let installation: Installation;
let citizen: Seat;
let worker: Seat;
let room: string;

/** A network that breaks when this says so of a frame, on its way there (before it goes) or here (before it is heard). */
let breaksAt: ((type: number, isOut: boolean) => boolean) | undefined;
let cuts = 0;

const brittle: SocketOpen = (url, events) => {
  let isCut = false;
  const socket = webSocketOpen(url, {
    open: () => events.open(),
    lost: (reason) => isCut || events.lost(reason),
    frame: (frame) => {
      if (isCut) return;
      if (breaksAt?.(framePeek(frame).type, false)) cut();
      else events.frame(frame);
    },
  });
  const cut = () => {
    isCut = true;
    cuts++;
    socket.drop();
    setTimeout(() => events.lost("cut"), 1);
  };
  return {
    send: (frame) => {
      if (!isCut && breaksAt?.(framePeek(frame).type, true)) cut();
      if (!isCut) socket.send(frame);
    },
    drop: () => socket.drop(),
  };
};

/** Cuts once, at the nth frame of this type. */
function cutAt(type: number, isOut: boolean, nth: number): void {
  let seen = 0;
  breaksAt = (got, out) => got === type && out === isOut && ++seen === nth;
}

/** Resolves when the nth frame of this type passes, and cuts nothing. */
function passes(type: number, isOut: boolean, nth: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) => {
    breaksAt = (got, out) => {
      if (got === type && out === isOut && ++seen === nth) resolve();
      return false;
    };
  });
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const fileItems = ({ items }: RoomView, name: string): ItemView[] => items.filter(({ what }) => what.kind === "file" && what.name === name);
const draftOf = (view: RoomView | undefined, name: string): DraftView | undefined => view?.drafts.find(({ file }) => file?.name === name);

async function send(name: string, bytes: Uint8Array<ArrayBuffer>, text = ""): Promise<string> {
  const id = crypto.randomUUID();
  await citizen.client.sendFile(id, room, new Blob([bytes]), name, "application/pdf", text);
  return id;
}

async function arrived(name: string, seat = worker): Promise<ItemView> {
  const view = await seat.room(room, (seen) => fileItems(seen, name).length > 0, `${name} arrives`);
  assert.equal(fileItems(view, name).length, 1, `${name} stands once`);
  return fileItems(view, name)[0]!;
}

async function opens(name: string, bytes: Uint8Array, seat = worker): Promise<void> {
  const { seq } = await arrived(name, seat);
  const file = await seat.client.openFile(room, seq);
  assert.equal(digest(new Uint8Array(await file.arrayBuffer())), digest(bytes), name);
}

async function rejects(promise: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof EnrumError && error.code === code, code);
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  citizen = await Seat.take(installation, { role: "citizen", socketOpen: brittle });
  worker = await Seat.take(installation, { role: "staff", socketOpen: brittle });
  await citizen.login("test.testsson");
  await worker.login("bjuv.handlaggare");
  room = await citizen.client.open(crypto.randomUUID(), "Bilagor", "Jag skickar filer");
  citizen.client.watch(room);
  await eventually("the queue", async () => worker.client.session?.queue.find((queued) => queued.room === room));
  await worker.client.take(room);
  worker.client.watch(room);
  await worker.room(room, (view) => texts(view).length === 1);
});

after(async () => {
  breaksAt = undefined;
  await citizen?.close();
  await worker?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("files of every usual size go and come, and the keeper records them", async () => {
  const sizes: Record<string, number> = { "tom.txt": 0, "ett.bin": 1, "jamn.bin": CHUNK, "film.bin": 20 * CHUNK + 17 };
  for (const [name, size] of Object.entries(sizes)) {
    const bytes = randomBytes(size);
    await send(name, bytes, `Se ${name}`);
    const item = await arrived(name);
    assert.deepEqual(item.what, { kind: "file", name, mediaType: "application/pdf", size, text: `Se ${name}` });
    await opens(name, bytes);
  }
  await citizen.room(room, ({ items, coveredSeq, drafts }) => drafts.length === 0
    && items.every(({ what, seq, refused }) => what.kind !== "file" || (seq <= coveredSeq && refused === undefined)), "recorded");
  assert.deepEqual(await citizen.store.all("blobs"), [], "nothing is left on the device");
});

test("what is written while a file is on its way does not wait for it, and stands before it", async () => {
  const bytes = randomBytes(10 * CHUNK);
  cutAt(messageBlobPut.number, true, 2);
  await send("bakom.bin", bytes);
  await citizen.client.send(crypto.randomUUID(), room, "Medan filen är på väg");
  const { seq } = await arrived("bakom.bin");
  const view = await worker.room(room, (seen) => texts(seen).includes("Medan filen är på väg"));
  assert.ok(view.items.find(({ what }) => what.kind === "message" && what.text === "Medan filen är på väg")!.seq < seq);
  await opens("bakom.bin", bytes);
});

test("the network is cut at each step of an upload: it arrives once and whole", async () => {
  const steps: [string, number, boolean, number][] = [
    ["the asking", messageBlobAsk.number, true, 1], ["its answer", messageBlobs.number, false, 1],
    ["the first blob", messageBlobPut.number, true, 1], ["the second", messageBlobPut.number, true, 2], ["the last", messageBlobPut.number, true, 5],
    ["the entry", messageAppend.number, true, 1],
  ];
  for (const [what, type, isOut, nth] of steps) {
    const name = `${what}.bin`;
    const bytes = randomBytes(4 * CHUNK + 5);
    const before = cuts;
    cutAt(type, isOut, nth);
    await send(name, bytes);
    await opens(name, bytes);
    assert.equal(cuts, before + 1, `cut at ${what}`);
  }
  // Answers to what was put and appended are of types that other requests have as well: each frame in turn.
  for (const nth of [1, 2, 3, 4, 5, 6, 7]) {
    const name = `svar ${nth}.bin`;
    const bytes = randomBytes(2 * CHUNK);
    let isOn = false;
    let seen = 0;
    breaksAt = (type, isOut) => {
      isOn ||= isOut && type === messageBlobAsk.number;
      return isOn && !isOut && ++seen === nth;
    };
    await send(name, bytes);
    await opens(name, bytes);
  }
});

test("the network is cut at each step of a download: it is whole", async () => {
  const bytes = randomBytes(6 * CHUNK + 1);
  breaksAt = undefined;
  await send("ner.bin", bytes);
  await arrived("ner.bin");
  for (const [type, isOut] of [[messageBlobGet.number, true], [messageBlob.number, false]] as const) {
    for (const nth of [1, 2, 4, 7]) {
      const before = cuts;
      cutAt(type, isOut, nth);
      await opens("ner.bin", bytes);
      assert.equal(cuts, before + 1);
    }
  }
  breaksAt = undefined;
});

test("a tab that is closed in the middle loses nothing, and nothing of it lies on the device in words", async () => {
  const bytes = randomBytes(12 * CHUNK);
  breaksAt = (type, isOut) => isOut && type === messageBlobPut.number;
  await send("hemlig ansokan.pdf", bytes, "Mycket hemligt");
  await citizen.room(room, (view) => draftOf(view, "hemlig ansokan.pdf") !== undefined);
  citizen.crash();
  breaksAt = undefined;
  const inStore = await storeText(citizen.store);
  assert.doesNotMatch(inStore, /hemlig ansokan|Mycket hemligt/);
  assert.equal((await citizen.store.all("blobs")).length, 12);
  citizen = await Seat.take(installation, { role: "citizen", store: citizen.store, socketOpen: brittle });
  citizen.client.watch(room);
  await opens("hemlig ansokan.pdf", bytes);
  await eventually("nothing is left", async () => (await citizen.store.all("blobs")).length === 0);
});

test("a conversation that is opened without a server has its file too, when there is one", async () => {
  const bytes = randomBytes(3 * CHUNK);
  await installation.killHost();
  await eventually("told offline", async () => citizen.client.session?.contact === "offline");
  const later = await citizen.client.open(crypto.randomUUID(), "Med bilaga", "Se filen");
  citizen.client.watch(later);
  await citizen.client.sendFile(crypto.randomUUID(), later, new Blob([bytes]), "genast.pdf", "application/pdf", "");
  citizen.crash();
  citizen = await Seat.take(installation, { role: "citizen", store: citizen.store, socketOpen: brittle });
  for (const one of [room, later]) citizen.client.watch(one);
  const kept = await citizen.room(later, ({ drafts }) => drafts.length === 2);
  assert.deepEqual(kept.drafts.map(({ text, file }) => file?.name ?? text), ["Se filen", "genast.pdf"]);
  await installation.startHost();
  const view = await citizen.room(later, (seen) => fileItems(seen, "genast.pdf").length === 1, "the file");
  const file = await citizen.client.openFile(later, fileItems(view, "genast.pdf")[0]!.seq);
  assert.equal(digest(new Uint8Array(await file.arrayBuffer())), digest(bytes));
});

test("a server that is killed in the middle of an upload and of a download", async () => {
  const bytes = randomBytes(40 * CHUNK);
  const isUnderWay = passes(messageBlobPut.number, true, 5);
  await send("dott.bin", bytes);
  await isUnderWay;
  await installation.killHost();
  await installation.startHost();
  const { seq } = await arrived("dott.bin");
  const isComing = passes(messageBlob.number, false, 5);
  const opening = worker.client.openFile(room, seq);
  await isComing;
  await installation.killHost();
  await installation.startHost();
  breaksAt = undefined;
  assert.equal(digest(new Uint8Array(await (await opening).arrayBuffer())), digest(bytes));
});

test("progress is shown on both sides, and ends", async () => {
  const size = LONG;
  const sent = new Set<number>();
  const received = new Set<number>();
  let seq = 0;
  const stops = [
    citizen.client.subscribe(() => sent.add(draftOf(citizen.client.room(room), "lang.bin")?.file?.sent ?? -1)),
    worker.client.subscribe(() => received.add(worker.client.room(room)?.items[seq - 1]?.received ?? -1)),
  ];
  await send("lang.bin", randomBytes(size));
  ({ seq } = await arrived("lang.bin"));
  await worker.client.openFile(room, seq);
  await citizen.room(room, (view) => draftOf(view, "lang.bin") === undefined, "sent");
  await worker.room(room, ({ items }) => items[seq - 1]!.received === undefined, "received");
  for (const seen of [sent, received]) assert.ok([...seen].some((bytes) => bytes > 0 && bytes < size), [...seen].join(" "));
  for (const stop of stops) stop();
});

test("an upload is given up, and so is a download; what is asked for twice is brought once", async () => {
  breaksAt = (type, isOut) => isOut && type === messageBlobPut.number;
  const id = await send("angrad.bin", randomBytes(5 * CHUNK));
  await citizen.room(room, (view) => draftOf(view, "angrad.bin") !== undefined);
  await citizen.client.discard(id);
  await citizen.room(room, (view) => draftOf(view, "angrad.bin") === undefined);
  assert.deepEqual(await citizen.store.all("blobs"), []);
  breaksAt = (type, isOut) => isOut && type === messageBlobGet.number;
  const { seq } = await arrived("lang.bin");
  const opening = worker.client.openFile(room, seq);
  const again = worker.tab().openFile(room, seq);
  await worker.room(room, ({ items }) => items[seq - 1]?.received === 0, "under way");
  await worker.client.cancelFile(room, seq);
  await Promise.all([rejects(opening, "CANCELLED"), rejects(again, "CANCELLED")]);
  breaksAt = undefined;
  assert.equal((await worker.client.openFile(room, seq)).size, LONG);
  await citizen.client.send(crypto.randomUUID(), room, "Efteråt");
  const view = await worker.room(room, (seen) => texts(seen).includes("Efteråt"));
  assert.deepEqual(fileItems(view, "angrad.bin"), []);
});

test("what is no file, too large, or cannot be read any more is refused", async () => {
  await rejects(worker.client.openFile(room, 1), "BLOB_UNKNOWN");
  await rejects(worker.client.openFile(room, 10_000), "BLOB_UNKNOWN");
  await rejects(send("stor.bin", new Uint8Array(LIMITS.FILE_BYTES_MAX + 1)), "FILE_OVERSIZED");
  class Gone extends Blob {
    override arrayBuffer(): Promise<ArrayBuffer> {
      return Promise.reject(new DOMException("gone", "NotReadableError"));
    }
  }
  await rejects(citizen.engine.enrum.sendFile(crypto.randomUUID(), room, new Gone(["x"]), "borta.bin", "", ""), "FILE_CHANGED");
});

interface FileEntry extends Entry {
  file?: { name: string; size: number };
}

test("the browser's SDK and the command line send each other files", async () => {
  const cli = new Device(installation, "cli", "bjuv", "test.testsson", "citizen");
  const bytes = randomBytes(3 * CHUNK + 9);
  await cli.login();
  writeFileSync(join(folder, "skal.bin"), bytes);
  await cli.must(["send", room, "--file", join(folder, "skal.bin"), "Från skalet"]);
  await opens("skal.bin", bytes);
  const back = randomBytes(7 * CHUNK);
  await worker.client.sendFile(crypto.randomUUID(), room, new Blob([back]), "svar.bin", "", "Från webbläsaren");
  const entry = await eventually("the browser's file", async () => (await cli.read(room) as FileEntry[]).find(({ file }) => file?.name === "svar.bin"));
  await cli.must(["save", room, `${entry.seq}`, join(folder, "svar.bin")]);
  assert.equal(digest(readFileSync(join(folder, "svar.bin"))), digest(back));
});

test("names do no harm, as in libenrum, and nothing that a browser would run is given to it as such", () => {
  const names: [string, string][] = [
    ["Beslut 2026-11-29.pdf", "Beslut 2026-11-29.pdf"], ["Åsas läkarintyg (kopia).jpeg", "Åsas läkarintyg (kopia).jpeg"],
    ["../../etc/passwd", "_.._etc_passwd"], ["C:\\x.exe", "C__x.exe"], [".bashrc", "bashrc"], ["--force", "force"], ["..", "fil"], ["", "fil"],
    ["slut. . ", "slut"], ["bild\u202egpj.exe", "bildgpj.exe"], ["a\nb\u001b[31mc", "ab[31mc"], ["\u200b.git", "git"],
  ];
  for (const [given, expected] of names) assert.equal(fileNameSafe(given), expected);
  const long = fileNameSafe(`${"å".repeat(300)}.pdf`);
  assert.ok(new TextEncoder().encode(long).length <= 200 && long.endsWith("å.pdf"));
  for (const type of ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "", "image/png\u0000"]) {
    assert.equal(mediaTypeSafe(type), "application/octet-stream", type);
  }
  assert.equal(mediaTypeSafe("IMAGE/PNG; x=1"), "image/png");
});
