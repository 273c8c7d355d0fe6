// In Firefox: what stands behind an entry, in the conversation and in its journal; who has opened it; and what a screen reader says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { fill, press, see, seeOnly, type, until } from "./firefox.ts";
import { conversationNew, FirefoxStage, recorded, take, write } from "./firefoxstage.ts";
import { heard, listen } from "./hearing.ts";

const TITLE = "Skolan";
const HELLO = "Hej! Jag behöver hjälp.";
const SAID = "Mamma vill inte ha stöd.";
const WORKER = "Testina Bjuvsdotter";

let stage: FirefoxStage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await FirefoxStage.set();
  citizen = await stage.in(stage.phone, "citizen", "test.foralder");
  worker = await stage.in(stage.desk, "staff", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, HELLO);
  await take(worker, TITLE);
});

after(() => stage?.strike());

test("in Firefox each entry that comes is said once, and the same words again when they are written again", async () => {
  await recorded(worker, HELLO);
  await write(worker, "Hej själv.");
  await recorded(citizen, "Hej själv.");
  await listen(citizen);
  for (const words of ["Ja", "Ja", SAID]) {
    const before = (await heard(citizen, WORKER)).length;
    await write(worker, words);
    await until(`hearing ${words}`, async () => (await heard(citizen, WORKER)).length > before);
  }
  await recorded(citizen, SAID);
  assert.deepEqual(await heard(citizen, WORKER), ["Ja", "Ja", SAID]);
});

test("in Firefox an entry opens to its facts in the conversation, and whoever wrote it corrects it", async () => {
  const frame = worker.mainFrame();
  await press(frame, ".entry.mine .more", /^Mer om nr \d+$/);
  await see(frame, ".about dd", /^Testina Bjuvsdotter|^Du, /);
  await press(frame, ".about button", /^Rätta$/);
  await fill(frame, "#about-text", "Nja, hon vill tänka på saken.");
  await press(frame, ".about button", /^Spara rättelsen$/);
  await recorded(citizen, "Nja, hon vill tänka på saken.");
});

test("in Firefox a record of the journal opens to its facts, and who has opened it is told by visit", async () => {
  const frame = citizen.mainFrame();
  await press(frame, "a.button", /^Journal$/);
  await type(frame, "#search", "Hej! Jag behöver");
  await seeOnly(frame, 1, ".record", /Hej! Jag behöver hjälp/);
  await press(frame, ".record .more", /^Mer om nr \d+$/);
  for (const fact of [/^Kom in$/, /^Nr$/, /^Öppnat av$/, /^Bevis$/]) await see(frame, ".record dt", fact);
  await see(frame, ".record dd li", new RegExp(`^${WORKER}, `));
  await citizen.evaluate(() => void (location.hash = "#/lasare"));
  await see(frame, ".card", new RegExp(`^${WORKER}.*Socialnämnden i Bjuv.*Öppnat.*\\d\\d[.:]\\d\\d`));
});
