// "Lämna sidan": for whoever may be watched. The page is blank at once, then another one; going back does not show it; and neither
// title, icon nor address says what it is.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, overflow, screenshot } from "./browser.ts";
import { conversationNew, Stage, take, write } from "./stage.ts";

let neutral: Server;
let neutralUrl: string;
let stage: Stage;
const TITLE = "Jag är rädd hemma";

before(async () => {
  neutral = createServer((_request, response) => response.setHeader("content-type", "text/html; charset=utf-8").end("<title>Vädret</title><h1>Uppehåll</h1>"));
  await new Promise<void>((resolve) => neutral.listen(0, "127.0.0.1", resolve));
  neutralUrl = `http://127.0.0.1:${(neutral.address() as AddressInfo).port}/`;
  stage = await Stage.set({ leave: neutralUrl });
});

after(async () => {
  await stage?.strike();
  neutral?.close();
});

async function isAway(page: Page): Promise<void> {
  await page.waitForURL(neutralUrl);
  await page.getByText("Uppehåll").waitFor();
}

/** Away from the second page of a visit or a later one, and the browser's button does not bring the one before back. */
async function isAwayForGood(page: Page): Promise<void> {
  await isAway(page);
  // Asked once for the page before, and once more for the neutral one: then the button has led there and out again.
  const again = page.waitForEvent("framenavigated", { predicate: () => page.url() === neutralUrl });
  await page.evaluate(() => history.back());
  await again;
  await isAway(page);
}

test("from the first page on it stands above all, and works before anybody has logged in", async () => {
  const page = await stage.citizen();
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await screenshot(page, "leave-login-phone");
  await page.getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  await page.close();
});

test("it stays in sight while one reads, and what is half written keeps nobody", async () => {
  const page = await stage.citizenIn("test.foralder");
  await conversationNew(page, TITLE, "Kan någon höra av sig?");
  const worker = await stage.staffIn("bjuv.handlaggare");
  await take(worker, TITLE);
  for (let n = 0; n < 12; n++) await write(worker, `Rad ${n}`);
  await page.getByText("Rad 11", { exact: true }).waitFor();
  await page.getByLabel("Skriv ett meddelande").fill("Han kommer hem");
  await page.evaluate(() => scrollTo(0, 0));
  const link = page.getByRole("link", { name: "Lämna sidan" });
  assert.ok(await link.evaluate((element) => document.elementFromPoint(innerWidth / 2, element.getBoundingClientRect().top + 20) === element));
  await screenshot(page, "leave-room-phone");
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await screenshot(page, "leave-room-wide");
  assert.deepEqual(await axe(page), []);
  await link.click();
  await isAwayForGood(page);
  // A visit of one's own: still logged in, and what was sent is there.
  await page.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await page.getByText("Kan någon höra av sig?").waitFor();
});

test("Esc three times does the same; twice, or slowly, does nothing", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(3_200);
  await page.keyboard.press("Escape");
  assert.ok(await page.getByRole("heading", { name: "Mina samtal" }).isVisible());
  await page.getByRole("link", { name: "Starta ett samtal" }).click();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Escape");
  await isAwayForGood(page);
  await page.close();
});

test("it can be pressed while a question stands above the page", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.getByText("Meny").click();
  await page.getByRole("button", { name: "Logga ut" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("link", { name: "Lämna sidan" }).waitFor();
  await screenshot(page, "leave-dialog-phone");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  await page.close();
});

test("neither title nor icon says what it is, also with something unread", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  const manifest = await page.evaluate(async () => (await fetch((document.querySelector("link[rel=manifest]") as HTMLLinkElement).href)).json());
  assert.equal(manifest.name, "Mina sidor");
  for (const { src } of manifest.icons) assert.equal((await page.request.get(new URL(src, page.url()).href)).status(), 200);
  assert.match(await page.title(), /^(\(\d+\) )?Mina sidor$/);
  await page.close();
});

test("staff have no such link", async () => {
  const worker = await stage.staff();
  await worker.getByRole("heading", { name: "Nya samtal" }).waitFor();
  assert.equal(await worker.getByRole("link", { name: "Lämna sidan" }).count(), 0);
});

test("no page has complained", () => assert.deepEqual([...stage.phone.complaints, ...stage.desk.complaints], []));
