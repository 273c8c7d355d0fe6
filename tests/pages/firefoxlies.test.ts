// What people see in Firefox when the host lies, the key is another one, or the page says that it is another board: the citizen and the
// caseworker.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { axe, press, see, seeOnly } from "./firefox.ts";
import { conversationNew, exactly, FirefoxStage, login, open, recorded, take, write } from "./firefoxstage.ts";
import { certificateOwn, lieNamed, LiedSite, openWithOtherKey } from "./liedsite.ts";

let stage: FirefoxStage;
let site: LiedSite;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await FirefoxStage.set();
  site = await LiedSite.serve(stage.installation, "bjuv");
  [citizen, worker] = await Promise.all([stage.phone.tab(site.address), stage.desk.tab(`${site.address}personal/`)]);
  await citizen.setViewport({ width: 360, height: 740 });
  await Promise.all([login(citizen, "test.foralder"), login(worker, "bjuv.handlaggare")]);
});

after(async () => {
  await site?.strike();
  await stage?.strike();
});

/** A new conversation of three honest messages, open on both pages. */
async function talk(title: string): Promise<void> {
  site.liar.lie = undefined;
  for (const [page, path] of [[citizen, ""], [worker, "personal/"]] as const) await page.goto(site.address + path);
  const room = await conversationNew(citizen, title, "ett");
  await take(worker, title);
  await recorded(worker, "ett");
  for (const text of ["två", "tre"]) await write(citizen, text);
  await recorded(worker, "tre");
  await recorded(citizen, "tre");
  site.liar.room = bytesOfHex(room);
}

async function assertAlarm(page: Page, name: string, words: RegExp): Promise<void> {
  await see(page.mainFrame(), ".alarm[role=alert]", new RegExp(`${words.source}.*Inget mer skickas härifrån\\..*Teknisk benämning: ${name}`));
  await see(page.mainFrame(), ".alarm a.call", /^Ring oss på/);
  await seeOnly(page.mainFrame(), 0, "enrum-composer textarea", /^/);
  assert.deepEqual(await axe(page), []);
}

test("in Firefox a changed entry is told on a device that comes to it, and not shown: to the citizen and to the caseworker", async () => {
  await talk("Ändrad");
  site.liar.lie = lieNamed("changes a byte of a sealed text");
  for (const [firefox, path, persona] of [[stage.phone, "", "test.foralder"], [stage.desk, "personal/", "bjuv.handlaggare"]] as const) {
    const page = await firefox.apart(site.address + path);
    await login(page, persona);
    await press(page.mainFrame(), "a.card", /Något stämmer inte/);
    await assertAlarm(page, "ENTRY_FORGED", /inte är underskriven av någon som får/);
    await seeOnly(page.mainFrame(), 0, ".entry", /tre/);
    await page.close();
  }
});

test("in Firefox a wrong receipt is told to the citizen who has written, and to the caseworker who has read", async () => {
  await talk("Kvitto");
  site.liar.lie = lieNamed("acknowledges something else, properly signed");
  await write(citizen, "fyra");
  for (const page of [citizen, worker]) await assertAlarm(page, "RECEIPT_WRONG", /kvitto som inte stämmer/);
});

test("in Firefox a log that goes back in time is told to everybody who has read it", async () => {
  await talk("Igår");
  site.liar.lie = lieNamed("goes back to the first entries");
  site.liar.drop();
  for (const page of [citizen, worker]) await assertAlarm(page, "ROLLBACK", /visar ett äldre samtal/);
});

test("in Firefox a key that is not the promised one is told, and nothing is read with it", async () => {
  site.liar.lie = undefined;
  await citizen.goto(site.address);
  const title = "En annan nyckel";
  await openWithOtherKey(stage.installation, "test.foralder", await citizen.evaluate(certificateOwn), title);
  await press(citizen.mainFrame(), "a.card", /Samtal utan rubrik.*Något stämmer inte/);
  await assertAlarm(citizen, "COMMITMENT_WRONG", /Samtalets nyckel är inte den som var utlovad\./);
  await seeOnly(citizen.mainFrame(), 0, ".entry", new RegExp(exactly(title)));
});

test("in Firefox a page that is another board on the second visit is told, and nothing else is shown", async () => {
  await site.becomeAnother();
  for (const page of [citizen, worker]) {
    await page.reload();
    await assertAlarm(page, "ROOT_CHANGED", /annan nämnd än förra gången/);
    await seeOnly(page.mainFrame(), 0, ".card, .entry", /^/);
  }
});
