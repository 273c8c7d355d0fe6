// Choosing a board: a page in each language, which works without a script too, from which one comes to the board's own; on a phone, in a
// narrow window, by keyboard; and which is left like every other.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { axe, Browser, languageChoose, overflow, screenshot } from "./browser.ts";
import { Firefox, press, see, until } from "./firefox.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-choose-"));
let installation: Installation;
let phone: Browser;
let page: Page;
let neutral: Server;
let neutralUrl: string;

before(async () => {
  neutral = createServer((_request, response) => response.setHeader("content-type", "text/html; charset=utf-8").end("<title>Vädret</title><h1>Uppehåll</h1>"));
  await new Promise<void>((resolve) => neutral.listen(0, "127.0.0.1", resolve));
  neutralUrl = `http://127.0.0.1:${(neutral.address() as AddressInfo).port}/`;
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv", "landskrona"], pages: true, hasChooser: true, leave: neutralUrl });
  phone = await Browser.open({ phone: true });
  page = await phone.tab(installation.chooserUrl);
});

after(async () => {
  await phone?.close();
  await installation?.stop();
  neutral?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("every board is there by name and telephone, whatever the width", async () => {
  assert.equal(await page.title(), "Mina sidor");
  for (const name of ["Socialnämnden i Bjuv", "Socialnämnden i Landskrona"]) await page.getByRole("link", { name }).waitFor();
  assert.equal(await page.getByRole("link", { name: /^Ring oss på/ }).first().getAttribute("href"), "tel:042000002");
  for (const [name, size] of Object.entries({ 360: { width: 360, height: 740 }, 1280: { width: 1280, height: 800 }, 320: { width: 320, height: 480 } })) {
    await page.setViewportSize(size);
    await screenshot(page, `choose-${name}`);
    assert.deepEqual(await axe(page), [], name);
    assert.ok(await overflow(page) <= 0, name);
  }
  assert.deepEqual([...phone.origins], [new URL(installation.chooserUrl).origin]);
});

test("the page is there as a whole in each language, and one is chosen by its own name", async () => {
  for (const { name, file, leave, question, call, direction } of [
    { name: "English", file: "en.html", leave: "Leave this page", question: "Which municipality is it about?", call: /^Call us on/, direction: "ltr" },
    { name: "العربية", file: "ar.html", leave: "مغادرة الصفحة", question: "ما البلدية المعنية؟", call: /^اتصل بنا على الرقم/, direction: "rtl" },
    { name: "Lättläst svenska", file: "easy.html", leave: "Lämna sidan", question: "Vilken kommun vill du prata med?", call: /^Ring oss/, direction: "ltr" },
    { name: "Svenska", file: "#sv", leave: "Lämna sidan", question: "Vilken kommun gäller det?", call: /^Ring oss på/, direction: "ltr" },
  ]) {
    await page.locator("summary").click();
    await page.locator("details").getByRole("link", { name, exact: true }).click();
    await page.waitForURL(`${installation.chooserUrl}${file}`);
    await page.getByRole("heading", { name: question }).waitFor();
    await page.getByRole("link", { name: leave, exact: true }).waitFor();
    await page.getByRole("link", { name: call }).first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dir), direction);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      await screenshot(page, `choose-${file.replace(/^#|\.html$/g, "")}-${width}`);
      assert.deepEqual(await axe(page), []);
      assert.ok(await overflow(page) <= 0);
    }
    await page.setViewportSize({ width: 360, height: 740 });
  }
  assert.equal(await page.evaluate(() => history.length), 2, "whatever was looked at is one page of the history");
});

test("a browser of another language begins in it", async () => {
  const english = await Browser.open({ phone: true, language: "en" });
  const tab = await english.tab(installation.chooserUrl);
  await tab.getByRole("heading", { name: "Which municipality is it about?" }).waitFor();
  await english.close();
});

/** Led by nobody, a tab whose first page is the neutral one. */
async function chooser(): Promise<Page> {
  const tab = await phone.tab(neutralUrl);
  await tab.goto(installation.chooserUrl);
  return tab;
}

async function isGone(tab: Page): Promise<void> {
  await tab.waitForURL(neutralUrl);
  await tab.goBack();
  await tab.getByText("Uppehåll").waitFor();
  assert.equal(tab.url(), neutralUrl);
  await tab.close();
}

test("it is left at once, by the link or by Esc three times, and going back does not show it", async () => {
  const pressed = await chooser();
  await pressed.getByRole("link", { name: "Lämna sidan" }).click();
  await isGone(pressed);
  const escaped = await chooser();
  await escaped.keyboard.press("Escape");
  await escaped.keyboard.press("Escape");
  assert.ok(await escaped.getByRole("heading").isVisible());
  await escaped.keyboard.press("Escape");
  await isGone(escaped);
});

test("a board is chosen by keyboard, its own pages are there, and come in the place of this one", async () => {
  const tab = await chooser();
  await tab.getByRole("link", { name: "Socialnämnden i Bjuv" }).focus();
  await tab.keyboard.press("Enter");
  await tab.waitForURL(installation.pagesUrl("bjuv", "citizen"));
  await tab.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.equal(await tab.evaluate(() => document.referrer), "");
  // Whoever leaves there has left this page, too.
  await tab.getByRole("link", { name: "Lämna sidan" }).click();
  await isGone(tab);
  assert.deepEqual(phone.complaints, []);
});

test("the board's pages go on in the language of the page, and say nothing of it in their address; one that was chosen there stays", async () => {
  const own = await Browser.open({ phone: true });
  const tab = await own.tab(`${installation.chooserUrl}ar.html`);
  const choose = async (name: string) => {
    await tab.getByRole("link", { name: "Socialnämnden i Bjuv" }).click();
    await tab.getByRole("link", { name, exact: true }).waitFor();
    await tab.waitForURL((url) => url.origin === new URL(installation.pagesUrl("bjuv", "citizen")).origin && url.hash === "");
  };
  await choose("مغادرة الصفحة");
  assert.deepEqual(await tab.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ["ar", "rtl"]);
  await tab.reload();
  await tab.getByRole("link", { name: "مغادرة الصفحة", exact: true }).waitFor();
  await languageChoose(tab, "English");
  await tab.goto(`${installation.chooserUrl}ar.html`);
  await choose("Leave this page");
  assert.deepEqual(own.complaints, []);
  await own.close();
});

test("without a script it leads to the boards, in each language", async () => {
  for (const file of ["", "en.html", "ar.html"]) {
    const text = await (await fetch(`${installation.chooserUrl}${file}`)).text();
    assert.ok(text.includes(`href="${installation.pagesUrl("bjuv", "citizen")}#/sprak/${file === "" ? "sv" : file.slice(0, 2)}"`), file);
    assert.ok(text.includes(`class="leave button" href="${neutralUrl}"`), file);
  }
});

test("in Firefox too: a board is chosen, and the page is left", async () => {
  const firefox = await Firefox.open();
  try {
    const tab = await firefox.tab(installation.chooserUrl);
    await press(tab.mainFrame(), "a.button", /^Socialnämnden i Landskrona$/);
    await see(tab.mainFrame(), "button", /^Logga in med/);
    const other = await firefox.tab(neutralUrl);
    await other.goto(installation.chooserUrl);
    await see(other.mainFrame(), "h1", /^Vilken kommun/);
    for (let n = 0; n < 3; n++) await other.keyboard.press("Escape");
    await until("the neutral page", async () => other.url() === neutralUrl);
    await other.evaluate(() => {
      document.title = "Det här är den sista";
      history.back();
    });
    await until("the neutral page that was before it", async () => await other.title() === "Vädret");
    assert.equal(other.url(), neutralUrl);
  } finally {
    await firefox.close();
  }
});
