// A device is logged out from another one: it is told, forgets everything, and comes back only by a new login.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, loginDone, look } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";
import { personal, stored } from "./stored.ts";

let stage: Stage;
let lost: Browser;
let citizen: Page;
let stray: Page;
let worker: Page;
const TITLE = "En borttappad telefon";

before(async () => {
  stage = await Stage.set();
  lost = await Browser.open({ phone: true, isMobile: true });
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej! Det här är hemligt.");
  await take(worker, TITLE);
  stray = await lost.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(stray, "test.foralder");
  await stray.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(stray, "Hej! Det här är hemligt.").waitFor();
});

after(async () => {
  await lost?.close();
  await stage?.strike();
});

async function devices(page: Page): Promise<void> {
  await page.locator("details.menu > summary").first().click();
  await page.getByRole("link", { name: "Mina enheter" }).click();
}

test("the other device is logged out at once, is told so, and keeps nothing", async () => {
  const before = personal(await stray.evaluate(stored));
  for (const table of ["meta", "certificates", "rooms", "entries"]) assert.ok(before.includes(table), table);
  await devices(citizen);
  const button = citizen.getByRole("button", { name: /^Logga ut enheten Telefon, Chrome / });
  await button.waitFor();
  assert.equal(await citizen.getByRole("button", { name: /^Logga ut enheten/ }).count(), 1, "this one is logged out from the menu");
  await button.click();
  await citizen.getByRole("dialog").waitFor();
  await look(citizen, "logout-other-phone");
  await citizen.keyboard.press("Escape");
  await button.click();
  await citizen.getByRole("dialog").getByRole("button", { name: "Logga ut enheten" }).click();
  await citizen.getByText("Utloggad", { exact: true }).waitFor();
  await look(citizen, "devices-out-phone");
  await stray.getByText(/^Du är utloggad från den här enheten, och allt är borttaget härifrån/).waitFor();
  assert.equal(await stray.locator(".entry").count(), 0);
  assert.deepEqual(personal(await stray.evaluate(stored)), []);
  await look(stray, "put-out-phone");
});

test("a reload does not bring it back, and the others write under a key that it does not have", async () => {
  await stray.reload();
  await stray.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  await write(citizen, "Telefonen är borta.");
  await isRecorded(worker, "Telefonen är borta.");
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByLabel("Sök i samtalet").fill("nyckel nr 2");
  await citizen.getByText("Ny nyckel nr 2 till samtalet").waitFor();
  await citizen.getByLabel("Sök i samtalet").fill("utloggad");
  await citizen.getByText(/^En enhet är utloggad: Du/).waitFor();
});

test("a new login on it reads everything again", async () => {
  await loginDone(stray, "test.foralder");
  await stray.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(stray, "Hej! Det här är hemligt.").waitFor();
  await entry(stray, "Telefonen är borta.").waitFor();
});

test("one that had no network when it happened is told when it has", async () => {
  await stray.goto("about:blank");
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await devices(citizen);
  await citizen.getByRole("button", { name: /^Logga ut enheten/ }).first().click();
  await citizen.getByRole("dialog").getByRole("button", { name: "Logga ut enheten" }).click();
  await citizen.getByText("Utloggad", { exact: true }).nth(1).waitFor();
  await stray.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await stray.getByText(/^Du är utloggad från den här enheten/).waitFor();
  assert.deepEqual(personal(await stray.evaluate(stored)), []);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
