// A citizen is logged in on three devices, sees which is which, and logs the right one out: before there is any conversation, too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { together, type Installation } from "../../demo/installation.ts";
import { DEVICES } from "../../client-sdk/web/pages/words/devices.ts";
import { allowedOrigins, Browser, languageChoose, loginDone, look, smallTargets } from "./browser.ts";
import { conversationNew, installationSet, installationStrike } from "./stage.ts";

const PERSON = "test.foralder";
const WIDTHS = { phone: { width: 360, height: 740 }, wide: { width: 1280, height: 900 } };

let installation: Installation;
let browsers: Browser[];
let desk: Page;
let phone: Page;
let library: Page;

const card = (page: Page, words: RegExp) => page.locator(".card", { hasText: words });

before(async () => {
  installation = await installationSet({});
  browsers = await Promise.all([Browser.open({ phone: false }), Browser.open({ phone: true, isMobile: true }), Browser.open({ phone: false })]);
  [desk, phone, library] = await together(...browsers.map((browser) => browser.tab(installation.pagesUrl("bjuv", "citizen")))) as [Page, Page, Page];
  await library.getByLabel("Jag lånar den här datorn eller telefonen").check();
  for (const page of [desk, phone, library]) await loginDone(page, PERSON);
});

after(async () => {
  await Promise.all((browsers ?? []).map((browser) => browser.close()));
  if (installation !== undefined) await installationStrike(installation);
});

async function devices(page: Page): Promise<void> {
  await page.locator("details.menu > summary").first().click();
  await page.getByRole("link", { name: "Mina enheter" }).click();
}

async function lookBoth(page: Page, name: string): Promise<void> {
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    await look(page, `${name}-${width}`);
    assert.deepEqual(await smallTargets(page), []);
  }
}

test("each device says what it is, and the one that is looked at says so", async () => {
  await devices(desk);
  await card(desk, /^\s*Telefon, Chrome/).waitFor();
  assert.equal(await desk.locator(".card").count(), 3);
  assert.equal(await card(desk, /^\s*Dator, Chrome\s*Den här enheten/).count(), 1);
  assert.equal(await card(desk, /^\s*Dator, Chrome\s*Lånad, inte din egen/).count(), 1);
  assert.equal(await desk.getByText("En annan enhet").count(), 0);
  await lookBoth(desk, "which-device");
  await devices(phone);
  await card(phone, /^\s*Telefon, Chrome\s*Den här enheten/).waitFor();
  assert.equal(await card(phone, /^\s*Dator, Chrome/).count(), 2);
});

test("in a language that is written from right to left", async () => {
  await languageChoose(desk, "العربية");
  await desk.getByText(DEVICES.ar.thisOne, { exact: true }).waitFor();
  await lookBoth(desk, "which-device-ar");
  await languageChoose(desk, "Svenska");
});

test("the telephone is logged out, and none of the others", async () => {
  await desk.getByRole("button", { name: /^Logga ut enheten Telefon, Chrome / }).click();
  const dialog = desk.getByRole("dialog");
  await dialog.getByText("Telefon, Chrome", { exact: true }).waitFor();
  await lookBoth(desk, "which-device-out");
  await dialog.getByRole("button", { name: "Logga ut enheten" }).click();
  await card(desk, /^\s*Telefon, Chrome.*Utloggad\s*/s).waitFor();
  await phone.getByText(/^Du är utloggad från den här enheten, och allt är borttaget härifrån/).waitFor();
  await lookBoth(desk, "which-device-is-out");
  await conversationNew(library, "Från biblioteket", "Jag är kvar här.");
});

test("without an answer of the keeper the devices are those that the rooms show, and with it what they were", async () => {
  await desk.getByRole("link", { name: "Tillbaka" }).click();
  await desk.getByRole("link", { name: /Från biblioteket/ }).waitFor();
  await installation.stopKeeper("bjuv");
  await devices(desk);
  await card(desk, /^\s*Den här enheten/).waitFor();
  await card(desk, /^\s*En annan enhet/).waitFor();
  assert.equal(await desk.getByText(/^Dator/).count(), 0);
  await installation.startKeeper("bjuv");
  await card(desk, /^\s*Telefon, Chrome/).waitFor();
  assert.equal(await card(desk, /^\s*Dator, Chrome/).count(), 2);
});

test("no page has complained, or spoken to anybody else", () => {
  const allowed = allowedOrigins(installation, "bjuv");
  for (const { complaints, origins } of browsers) {
    assert.deepEqual(complaints, []);
    assert.deepEqual([...origins].filter((origin) => !allowed.includes(origin)), []);
  }
});
