// A file on its way from a browser, and a network that breaks: nothing is lost, and there is one entry.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { messageAck, messageAppend, messageBlobAsk, messageBlobGet, messageBlobPut, messageBlobs, messageDone } from "../../client-sdk/web/protocol/messages.ts";
import { loginDone, look, screenshot } from "./browser.ts";
import { conversationNew, entry, Stage, take } from "./stage.ts";
import { Wire } from "./wire.ts";

let stage: Stage;
let wire: Wire;
let citizen: Page;
let worker: Page;
const TITLE = "Filer på dålig lina";
const SIZE = 640_000;
const BEHIND_MS = 10 * 60_000;

before(async () => {
  stage = await Stage.set();
  wire = await Wire.lay(stage.installation, "bjuv");
  citizen = await stage.phone.tab(wire.address);
  await loginDone(citizen, "test.testsson");
  worker = await stage.staffIn("bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Jag skickar filer");
  await take(worker, TITLE);
  await entry(worker, "Jag skickar filer").waitFor();
});

after(async () => {
  await wire?.strike();
  await stage?.strike();
});

const file = (page: Page, name: string): Locator => page.locator(".entry:not(.draft)", { has: page.locator("enrum-attachment", { hasText: name }) });
const draft = (page: Page, name: string): Locator => page.locator(".draft", { has: page.locator("enrum-attachment", { hasText: name }) });

async function send(name: string, bytes: Buffer): Promise<void> {
  await citizen.locator("enrum-composer input.files").setInputFiles([{ name, mimeType: "application/pdf", buffer: bytes }]);
  await citizen.locator(".chosen li").filter({ hasText: "Skickas som den är" }).waitFor();
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
}

async function saved(page: Page, name: string): Promise<Buffer> {
  // Then nothing moves under the pointer any more.
  await file(page, name).getByText("Journalförd", { exact: true }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), file(page, name).getByRole("button", { name: `Spara: ${name}` }).click()]);
  return readFileSync(await download.path());
}

async function arrivesOnce(name: string, bytes: Buffer): Promise<void> {
  await file(worker, name).waitFor();
  await draft(citizen, name).waitFor({ state: "detached" });
  await file(citizen, name).waitFor();
  assert.ok((await saved(worker, name)).equals(bytes), name);
  for (const page of [citizen, worker]) assert.equal(await page.locator("enrum-attachment", { hasText: name }).count(), 1, `${name} stands once`);
}

test("the network is cut at each step of an upload", async () => {
  const steps: [string, number, boolean, number][] = [
    ["fragan", messageBlobAsk.number, true, 1], ["svaret", messageBlobs.number, false, 1], ["forsta", messageBlobPut.number, true, 1],
    ["mitt i", messageBlobPut.number, true, 6], ["bitens kvitto", messageDone.number, false, 2],
    ["posten", messageAppend.number, true, 1], ["postens kvitto", messageAck.number, false, 1],
  ];
  for (const [name, type, isOut, nth] of steps) {
    const bytes = randomBytes(SIZE);
    const isCut = wire.cutAt(type, isOut, nth);
    await send(`${name}.pdf`, bytes);
    await isCut;
    await arrivesOnce(`${name}.pdf`, bytes);
    wire.mend();
  }
});

test("a reload in the middle, while there is no network", async () => {
  const bytes = randomBytes(SIZE);
  const isCut = wire.cutAt(messageBlobPut.number, true, 4, true);
  await send("omladdad.pdf", bytes);
  await isCut;
  await citizen.reload();
  await draft(citizen, "omladdad.pdf").getByRole("progressbar", { name: "Skickar: omladdad.pdf" }).waitFor();
  await screenshot(citizen, "files-waiting-360");
  wire.mend();
  await arrivesOnce("omladdad.pdf", bytes);
});

test("a file that stays on its way for half a minute says that it is not received, with the way to get through all the same", async () => {
  const { clock } = citizen;
  // Of the page alone: what sends runs elsewhere, and has the real one.
  await clock.install();
  await citizen.reload();
  await citizen.getByLabel("Skriv ett meddelande").waitFor();
  // Behind, so that half a minute has not passed before that is said, however long all of this takes.
  await clock.setSystemTime(Date.now() - BEHIND_MS);
  const bytes = randomBytes(SIZE);
  const isLost = wire.loseAt(messageBlobPut.number, true, 4);
  await send("forsenad.pdf", bytes);
  await isLost;
  const late = draft(citizen, "forsenad.pdf");
  await late.getByText("Skickas …", { exact: true }).waitFor();
  assert.equal(await late.locator(".unsent").count(), 0);
  await clock.setSystemTime(Date.now());
  await clock.fastForward("00:31");
  await late.locator(".unsent").getByText(/^Inte mottaget än\./).waitFor();
  assert.match(await late.locator(".unsent").getByRole("link").getAttribute("href") ?? "", /^tel:042/);
  await late.getByText("Skickas …", { exact: true }).waitFor();
  await late.getByRole("progressbar", { name: "Skickar: forsenad.pdf" }).waitFor();
  await look(citizen, "files-unreceived-360");
  await clock.setSystemTime(new Date());
  wire.mend();
  wire.cut();
  await arrivesOnce("forsenad.pdf", bytes);
});

test("a tab that is closed in the middle: the next one goes on", async () => {
  const bytes = randomBytes(SIZE);
  const isCut = wire.cutAt(messageBlobPut.number, true, 4, true);
  await send("stangd.pdf", bytes);
  await isCut;
  const address = citizen.url();
  await citizen.close();
  wire.mend();
  citizen = await stage.phone.tab(address);
  await arrivesOnce("stangd.pdf", bytes);
});

test("an upload is given up while there is no network, and a download goes on when it comes back", async () => {
  const isCut = wire.cutAt(messageBlobPut.number, true, 2, true);
  await send("angrad.pdf", randomBytes(SIZE));
  await isCut;
  await draft(citizen, "angrad.pdf").getByRole("button", { name: "Avbryt: angrad.pdf" }).click();
  await draft(citizen, "angrad.pdf").waitFor({ state: "detached" });
  wire.mend();
  const isDown = wire.cutAt(messageBlobGet.number, true, 5, true);
  const bringing = saved(citizen, "omladdad.pdf");
  await isDown;
  await citizen.getByRole("progressbar", { name: "Hämtar: omladdad.pdf" }).waitFor();
  wire.mend();
  assert.equal((await bringing).length, SIZE);
  assert.equal(await worker.getByText("angrad.pdf").count(), 0);
});
