// In Firefox the network breaks at each step of a message and of an upload, also for good in the middle with a reload: nothing is lost,
// and everything stands once.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ElementHandle, Page } from "puppeteer-core";
import { messageAck, messageAppend, messageBlobAsk, messageBlobPut, messageBlobs, messageDone } from "../../client-sdk/web/protocol/messages.ts";
import { SAID } from "./cutting.ts";
import { press, see, seeOnly, until } from "./firefox.ts";
import { conversationNew, exactly, FirefoxStage, login, recorded, take, write } from "./firefoxstage.ts";
import { Wire } from "./wire.ts";

let folder: string;
let stage: FirefoxStage;
let wire: Wire;
/** Through the network that breaks. */
let citizen: Page;
let worker: Page;
const TITLE = "Samtal på dålig lina";
const SIZE = 640_000;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-cuts-"));
  stage = await FirefoxStage.set();
  wire = await Wire.lay(stage.installation, "bjuv");
  citizen = await stage.phone.tab(wire.address);
  await login(citizen, "test.testsson");
  worker = await stage.in(stage.desk, "staff", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Vi börjar här");
  await take(worker, TITLE);
  await recorded(worker, "Vi börjar här");
});

after(async () => {
  await wire?.strike();
  await stage?.strike();
  rmSync(folder, { recursive: true, force: true });
});

/** So many of these are there, once no draft is left. */
async function standsOnce(css: string, words: RegExp): Promise<void> {
  for (const page of [citizen, worker]) {
    await see(page.mainFrame(), `${css}:not(.draft)`, words);
    await seeOnly(page.mainFrame(), 0, ".draft", /^/);
    await seeOnly(page.mainFrame(), 1, css, words);
  }
}

test("in Firefox a message arrives once, whatever breaks", async () => {
  for (const [name, type, isOut, stays = false] of SAID) {
    const text = `Bröts: ${name}.`;
    const isCut = wire.cutAt(type, isOut, 1, stays);
    await write(citizen, text);
    await isCut;
    if (stays) {
      await see(citizen.mainFrame(), ".draft", new RegExp(exactly(text)));
      await citizen.reload();
      await see(citizen.mainFrame(), ".draft", new RegExp(exactly(text)));
    }
    wire.mend();
    await recorded(worker, text);
    await standsOnce(".entry", new RegExp(exactly(text)));
  }
});

/** Chosen and sent; the bytes. */
async function send(name: string): Promise<Buffer> {
  const bytes = randomBytes(SIZE);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const input = await until("the field for files", () => citizen.$("enrum-composer input.files")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(path);
  await see(citizen.mainFrame(), ".chosen li", new RegExp(`${exactly(name)}.*Skickas som den är`));
  await press(citizen.mainFrame(), "enrum-composer button", /^Skicka$/);
  return bytes;
}

async function arrivesOnce(name: string, bytes: Buffer): Promise<void> {
  await standsOnce(".entry", new RegExp(`${exactly(name)}.*Journalförd`));
  await press(worker.mainFrame(), "enrum-attachment button", new RegExp(`^Spara: ${exactly(name)}$`));
  assert.ok(readFileSync(await stage.desk.saved(new RegExp(`^${exactly(name)}$`))).equals(bytes), name);
}

test("in Firefox a file arrives once and whole, whatever breaks", async () => {
  const steps: [string, number, boolean, number, boolean][] = [
    ["fragan", messageBlobAsk.number, true, 1, false], ["svaret", messageBlobs.number, false, 1, false], ["mitt-i", messageBlobPut.number, true, 6, false],
    ["bitens-kvitto", messageDone.number, false, 2, false], ["posten", messageAppend.number, true, 1, false], ["postens-kvitto", messageAck.number, false, 1, false],
    ["omladdad", messageBlobPut.number, true, 4, true],
  ];
  for (const [step, type, isOut, nth, stays] of steps) {
    const name = `${step}.pdf`;
    const isCut = wire.cutAt(type, isOut, nth, stays);
    const bytes = await send(name);
    await isCut;
    if (stays) {
      await citizen.reload();
      await see(citizen.mainFrame(), ".draft", new RegExp(exactly(name)));
    }
    wire.mend();
    await arrivesOnce(name, bytes);
  }
});
