// Choosing a board: a page without a script, from which one comes to the board's own; on a phone, in a narrow window, by keyboard.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { axe, Browser, overflow, screenshot } from "./browser.ts";
import { Firefox, press, see } from "./firefox.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-choose-"));
let installation: Installation;
let phone: Browser;
let page: Page;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv", "landskrona"], pages: true, hasChooser: true, leave: "http://127.0.0.1:9/" });
  phone = await Browser.open({ phone: true });
  page = await phone.tab(installation.chooserUrl);
});

after(async () => {
  await phone?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("every board is there by name and telephone, whatever the width, and nothing runs in the page", async () => {
  assert.equal(await page.title(), "Mina sidor");
  for (const name of ["Socialnämnden i Bjuv", "Socialnämnden i Landskrona"]) await page.getByRole("link", { name }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Ring 042-00 00 02" }).getAttribute("href"), "tel:042000002");
  for (const [name, size] of Object.entries({ 360: { width: 360, height: 740 }, 1280: { width: 1280, height: 800 }, 320: { width: 320, height: 480 } })) {
    await page.setViewportSize(size);
    await screenshot(page, `choose-${name}`);
    assert.deepEqual(await axe(page), [], name);
    assert.ok(await overflow(page) <= 0, name);
  }
  assert.equal(await page.locator("script").count(), 0);
  assert.deepEqual([...phone.origins], [new URL(installation.chooserUrl).origin]);
});

test("a board is chosen by keyboard, and its own pages are there", async () => {
  await page.getByRole("link", { name: "Socialnämnden i Bjuv" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(installation.pagesUrl("bjuv", "citizen"));
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.equal(await page.evaluate(() => document.referrer), "");
  await page.goBack();
  await page.getByRole("link", { name: "Lämna sidan" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Lämna sidan" }).getAttribute("href"), "http://127.0.0.1:9/");
  assert.deepEqual(phone.complaints, []);
});

test("in Firefox too", async () => {
  const firefox = await Firefox.open();
  try {
    const tab = await firefox.tab(installation.chooserUrl);
    await press(tab.mainFrame(), "a.button", /^Socialnämnden i Landskrona$/);
    await see(tab.mainFrame(), "button", /^Logga in med/);
  } finally {
    await firefox.close();
  }
});
