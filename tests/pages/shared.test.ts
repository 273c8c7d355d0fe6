// Somebody else's computer: nothing of the visit is kept on it, and closing or reloading the page is logging out.
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { login } from "../../demo/browse.ts";
import { until } from "../relay/host.ts";
import { filmTake } from "./boxes.ts";
import { axe, Browser, languageChoose, look, overflow, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";
import { offline, stored } from "./stored.ts";
import { toldPages, workerTell, type ToldPages, type WorkerTold } from "./toldworkers.ts";
import { engineHas } from "./writingkept.ts";

let stage: Stage;
let served: ToldPages | undefined;
const TITLE = "Från biblioteket";

before(async () => stage = await Stage.set());
after(async () => {
  await served?.stop();
  await stage?.strike();
});

/** What the site keeps in this browser: rows of each database's tables, and what stands in the other places. */
async function kept(page: Page) {
  const others = await page.evaluate(() => ({ local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookies: document.cookie }));
  return { rows: await page.evaluate(stored), ...await page.evaluate(offline), ...others };
}

const NOTHING = { rows: {}, workers: 0, local: [], session: [], caches: [], cookies: "" };
/** Longer than it takes on a device of one's own until there is a service worker. */
const LATE_MS = 5_000;

test("on somebody else's computer a citizen writes and reads, and nothing of it is kept", async () => {
  const page = await stage.citizen();
  await page.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await screenshot(page, "shared-login-phone");
  assert.deepEqual(await axe(page), []);
  await login(page, "test.foralder");
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.getByText(/^Lånad dator eller telefon/).waitFor();
  await conversationNew(page, TITLE, "Jag sitter på biblioteket.");
  await isRecorded(page, "Jag sitter på biblioteket.");
  const worker = await stage.staffIn("bjuv.handlaggare");
  await take(worker, TITLE);
  await write(worker, "Bra att du hör av dig.");
  await isRecorded(page, "Bra att du hör av dig.");
  await screenshot(page, "shared-room-phone");
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
  await page.waitForTimeout(LATE_MS);
  assert.deepEqual(await kept(page), NOTHING);
});

test("the page is reloaded: logged out; logged in on a device of one's own everything is there", async () => {
  const [page] = stage.phone.context.pages().filter((one) => one.url().includes("samtal")) as [Page];
  await page.reload();
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.equal(await page.getByText(TITLE).count(), 0);
  await login(page, "test.foralder");
  await entry(page, "Jag sitter på biblioteket.").or(page.getByRole("link", { name: new RegExp(TITLE) })).first().waitFor();
  await page.getByText(/^Lånad dator eller telefon/).waitFor({ state: "detached" });
  await until("the entries are kept", async () => (await kept(page)).rows.entries !== undefined);
  await until("the pages are kept, too", async () => (await kept(page)).workers === 1);
  await page.reload();
  await page.getByText(TITLE).first().waitFor();
});

test("a language that is chosen on a borrowed device is not the next one's", async (t) => {
  const library = await Browser.open({ phone: true });
  t.after(() => library.close());
  const page = await library.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await languageChoose(page, "English");
  await page.getByLabel("This computer or phone is not mine").check();
  await login(page, "test.foralder");
  await page.getByRole("heading", { name: "My conversations" }).waitFor();
  await languageChoose(page, "Suomi");
  assert.deepEqual((await kept(page)).local, []);
  await page.close();
  const next = await library.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await next.getByRole("button", { name: /^Logga in med/ }).waitFor();
});

const LOGIN = /^Logga in med/;
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 300));
/** A browser of somebody else's. */
async function library(t: TestContext): Promise<Browser> {
  served ??= await toldPages(stage.installation);
  const browser = await Browser.open({ phone: true });
  t.after(() => browser.close());
  return browser;
}

const toWorker = (page: Page, said: WorkerTold) => page.evaluate(workerTell, said);

async function borrowedIn(browser: Browser, hash = ""): Promise<Page> {
  const page = await browser.tab(`${served?.address}${hash}`);
  await page.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await login(page, "test.foralder");
  return page;
}

test("who is refused by the e-ID on a borrowed device comes in at the second try, and nothing is kept", async (t) => {
  const browser = await library(t);
  const page = await browser.tab(served?.address ?? "");
  const shared = page.getByLabel("Jag lånar den här datorn eller telefonen");
  await shared.check();
  await page.getByRole("button", { name: LOGIN }).click();
  await page.getByRole("button", { name: "Avbryt" }).click();
  await page.getByText("Inloggningen avbröts").waitFor();
  assert.ok(await shared.isChecked(), "what was said of the device before the login stands");
  await login(page, "test.lagniva");
  await page.getByText(/för låg tillitsnivå/).waitFor();
  assert.ok(await shared.isChecked(), "it stands behind a login that was refused, too");
  await login(page, "test.foralder");
  await page.getByText(/^Lånad dator eller telefon/).waitFor();
  await page.getByRole("link", { name: new RegExp(TITLE) }).waitFor();
  assert.deepEqual(await kept(page), NOTHING);
  assert.deepEqual(browser.complaints, []);
});

async function logoutAsk(page: Page): Promise<void> {
  await page.locator("details.menu > summary").first().click();
  await page.getByRole("button", { name: "Logga ut", exact: true }).click();
}

const logoutDo = (page: Page) => page.getByRole("dialog").getByRole("button", { name: "Logga ut", exact: true }).click();

test("a quarter of an hour without a touch in any tab is logging out of all, and leaves nothing", async (t) => {
  const browser = await library(t);
  const link = "#/nytt/Mottagningen";
  const page = await borrowedIn(browser, link);
  await page.getByLabel("Vad gäller det?").waitFor();
  await until("the link has been followed", async () => (await kept(page)).session.length === 0);
  const other = await browser.tab(served?.address ?? "");
  await other.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(other, "Jag sitter på biblioteket.").waitFor();
  // Followed once more, where whom it is for is asked already.
  await page.evaluate((hash) => location.hash = hash, link);
  await until("the link is kept", async () => (await kept(page)).session.includes("enrum unit"));
  await page.evaluate(() => localStorage.setItem("enrum order", "before"));
  await toWorker(page, { minutes: 14 });
  await page.waitForTimeout(1_000);
  await page.keyboard.press("Tab");
  await engineHas(page);
  const said = (tab: Page) => tab.getByRole("alertdialog", { name: "Är du kvar?" });
  for (const tab of [page, other]) await said(tab).waitFor({ state: "hidden" });
  await page.getByLabel("Vad gäller det?").evaluate((field) => field.focus());
  await toWorker(page, { minutes: 14 });
  await aWhile();
  await page.getByLabel("Vad gäller det?").waitFor();
  await entry(other, "Jag sitter på biblioteket.").waitFor();
  // It is said before, in every tab, and any touch ends it.
  for (const tab of [page, other]) await said(tab).getByText(/^Ingen har rört sidan på en stund\. Om ungefär två minuter loggas du ut/).waitFor();
  await until("its button has the focus", () => page.evaluate(() => document.activeElement?.textContent === "Jag är kvar"));
  await look(page, "shared-idle-phone");
  await said(page).getByRole("button", { name: "Jag är kvar" }).click();
  for (const tab of [page, other]) await said(tab).waitFor({ state: "hidden" });
  await until("the focus is where it was", () => page.getByLabel("Vad gäller det?").evaluate((field) => field === document.activeElement));
  await toWorker(page, { minutes: 14 });
  await said(other).waitFor();
  // Touches of the same second are one.
  await other.waitForTimeout(1_000);
  await other.keyboard.press("Shift");
  for (const tab of [page, other]) await said(tab).waitFor({ state: "hidden" });
  await toWorker(page, { minutes: 14 });
  await said(page).waitFor();
  await toWorker(page, { minutes: 2 });
  for (const tab of [page, other]) {
    await tab.getByRole("button", { name: LOGIN }).waitFor();
    assert.equal(await tab.getByText(TITLE).count(), 0);
    await until("the address names nothing", async () => new URL(tab.url()).hash === "#/");
    const { session, local } = await kept(tab);
    assert.deepEqual([session, local], [[], []]);
  }
  assert.deepEqual(browser.complaints, []);
});

test("a film that plays is a touch, and one that stands still is none", async (t) => {
  const [worker] = stage.desk.context.pages().filter((one) => one.url().includes("samtal")) as [Page];
  await worker.locator("enrum-composer input.files").setInputFiles([{ name: "visning.mp4", mimeType: "video/mp4", buffer: await filmTake(worker) }]);
  await worker.getByRole("button", { name: "Skicka", exact: true }).click();
  const browser = await library(t);
  const page = await borrowedIn(browser);
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await page.getByRole("button", { name: "Öppna: visning.mp4" }).click();
  const film = page.getByRole("dialog", { name: "visning.mp4" }).locator("video");
  await film.evaluate((video: HTMLVideoElement) => {
    Object.assign(video, { muted: true, loop: true });
    return video.play();
  });
  const said = page.getByRole("alertdialog", { name: "Är du kvar?" });
  for (let quarter = 0; quarter < 2; quarter++) {
    await toWorker(page, { minutes: 14 });
    // Touches of the same second are one.
    await page.waitForTimeout(3_000);
    await engineHas(page);
    await said.waitFor({ state: "hidden" });
  }
  await film.evaluate((video: HTMLVideoElement) => video.pause());
  await page.waitForTimeout(1_500);
  await toWorker(page, { minutes: 14 });
  await said.waitFor();
  await look(page, "shared-idle-film-phone");
  await toWorker(page, { minutes: 2 });
  await page.getByRole("button", { name: LOGIN }).waitFor();
  assert.deepEqual(browser.complaints, []);
});

test("whoever logs out is gone from the screen at once, also when the server holds board.json", async (t) => {
  const browser = await library(t);
  const page = await borrowedIn(browser);
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(page, "Jag sitter på biblioteket.").waitFor();
  await toWorker(page, { isHeld: true });
  await logoutAsk(page);
  await logoutDo(page);
  await page.getByRole("button", { name: LOGIN }).waitFor();
  for (const words of [TITLE, "Test Förälder", "Jag sitter på biblioteket."]) assert.equal(await page.getByText(words).count(), 0, words);
  await until("the address names nothing", async () => new URL(page.url()).hash === "#/");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await until("the heading has the focus", () => page.locator("enrum-login h1").evaluate((heading) => heading === document.activeElement));
  await page.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await login(page, "test.foralder");
  await page.getByRole("link", { name: new RegExp(TITLE) }).waitFor();
  assert.deepEqual(browser.complaints, []);
});

test("a disk that fails holds nobody on a borrowed device, where nothing is on it", async (t) => {
  const browser = await library(t);
  const page = await borrowedIn(browser);
  await page.getByRole("link", { name: new RegExp(TITLE) }).waitFor();
  await toWorker(page, { isBroken: true });
  await logoutAsk(page);
  await logoutDo(page);
  await page.getByText(TITLE).waitFor({ state: "detached" });
  await toWorker(page, {});
  await page.getByRole("button", { name: LOGIN }).waitFor();
});

test("a log-out that fails says so, and what to do", async (t) => {
  const browser = await library(t);
  const page = await browser.tab(served?.address ?? "");
  await login(page, "test.foralder");
  await page.getByRole("link", { name: new RegExp(TITLE) }).waitFor();
  await toWorker(page, { isBroken: true });
  await logoutAsk(page);
  await logoutDo(page);
  const failure = page.getByRole("dialog").getByRole("alert").getByText(/^Det gick inte att logga ut\. Stäng webbläsarens alla fönster/);
  await failure.waitFor();
  await until("the button keeps the focus", () => page.evaluate(() => document.activeElement?.textContent === "Logga ut" && document.activeElement.closest("dialog") !== null));
  await look(page, "shared-logout-failed-phone");
  await page.keyboard.press("Escape");
  await logoutAsk(page);
  assert.equal(await failure.count(), 0);
  await toWorker(page, {});
  await logoutDo(page);
  await page.getByRole("button", { name: LOGIN }).waitFor();
  assert.deepEqual(browser.complaints, []);
});

test("without a network nothing is said to be kept; and a microphone that is chosen is not", async (t) => {
  const browser = await library(t);
  const page = await borrowedIn(browser);
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await page.getByRole("link", { name: "Videosamtal" }).click();
  await page.getByRole("button", { name: "Prova mikrofonen" }).click();
  const microphones = page.locator("enrum-device-choice select").first();
  await until("there are several", async () => await microphones.locator("option").count() > 2);
  const last = await microphones.locator("option").last().getAttribute("value") ?? "";
  await microphones.selectOption(last);
  assert.deepEqual((await kept(page)).local, []);
  await page.getByRole("link", { name: "Tillbaka" }).click();
  await page.getByRole("link", { name: "Videosamtal" }).click();
  await page.getByRole("button", { name: "Prova mikrofonen" }).click();
  await until("it is chosen still", async () => await microphones.inputValue() === last);
  await page.getByRole("link", { name: "Tillbaka" }).click();
  await stage.installation.stopHost();
  t.after(() => stage.installation.startHost());
  await page.getByText(/^Ingen kontakt just nu\. Låt sidan vara öppen/).waitFor();
  assert.equal(await page.getByText(/sparas här och/).count(), 0);
  await page.evaluate(() => scrollTo(0, 0));
  await look(page, "shared-offline-phone");
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
