// Somebody else's computer: nothing of the visit is kept on it, and closing or reloading the page is logging out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { login } from "../../demo/browse.ts";
import { until } from "../relay/host.ts";
import { axe, Browser, languageChoose, overflow, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";
import { offline, stored } from "./stored.ts";

let stage: Stage;
const TITLE = "Från biblioteket";

before(async () => stage = await Stage.set());
after(() => stage?.strike());

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
  assert.ok((await kept(page)).rows.entries);
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

test("a quarter of an hour without a touch is logging out, and leaves nothing", async (t) => {
  const library = await Browser.open({ phone: true });
  t.after(() => library.close());
  const page = await library.tab("about:blank");
  await page.clock.install();
  const link = "#/nytt/Mottagningen";
  await page.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}${link}`);
  await page.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await login(page, "test.foralder");
  await page.getByLabel("Vad gäller det?").waitFor();
  await until("the link has been followed", async () => (await kept(page)).session.length === 0);
  // Followed once more, where whom it is for is asked already.
  await page.evaluate((hash) => location.hash = hash, link);
  await until("the link is kept", async () => (await kept(page)).session.includes("enrum unit"));
  await page.clock.fastForward("14:00");
  await page.keyboard.press("Tab");
  await page.clock.fastForward("14:00");
  await page.getByLabel("Vad gäller det?").waitFor();
  await page.clock.fastForward("02:00");
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.deepEqual((await kept(page)).session, []);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
