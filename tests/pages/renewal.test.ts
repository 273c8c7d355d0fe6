// A login ends while somebody writes without a network: the pages ask for another, and go along with the conversation when it is
// opened anew under the new certificate, together with what is being written. Each comes in again by the way that they have: another
// e-ID, or a new printed code.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, test, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { Invitation } from "../../client-sdk/web/sdk/view.ts";
import { eventually } from "../../demo/device.ts";
import { lifetimesSet, SEVEN_SECONDS, SIX_MINUTES, TWENTY_SECONDS } from "../sdk/lifetimes.ts";
import { Seat } from "../sdk/seat.ts";
import { Browser, look } from "./browser.ts";
import { lastLines } from "./diagnosis.ts";
import { conversationNew, entry, holds, isRecorded, Stage, texts, write } from "./stage.ts";

const TITLE = "Utan nät, utan login";
let neutral: Server;
let neutralUrl: string;
let stage: Stage;
let page: Page;
let other: Page;
let paper: Browser;
let loggedInAt: number;

const roomOf = (of: Page) => /[0-9a-f]{64}/.exec(of.url())?.[0];

before(async () => {
  neutral = createServer((_request, response) => response.setHeader("content-type", "text/html; charset=utf-8").end("<title>Vädret</title><h1>Uppehåll</h1>"));
  await new Promise<void>((resolve) => neutral.listen(0, "127.0.0.1", resolve));
  neutralUrl = `http://127.0.0.1:${(neutral.address() as AddressInfo).port}/`;
  stage = await Stage.set({ leave: neutralUrl, providers: [{ id: "other", name: "en annan e-legitimation" }, { id: "low", name: "en enklare e-legitimation", level: 1 }] });
  await lifetimesSet(stage.installation, "bjuv", SEVEN_SECONDS, SEVEN_SECONDS / 2);
  page = await stage.citizenIn("test.testsson");
  loggedInAt = Date.now();
  other = await stage.citizen();
});

afterEach((t) => lastLines(t, stage.installation));

after(async () => {
  await paper?.close();
  await stage?.strike();
  neutral?.close();
});

test("who writes without a network is asked for a login when the certificate has ended, and keeps every word", async () => {
  await stage.installation.stopHost();
  await conversationNew(page, TITLE, "ett");
  await write(page, "två");
  await entry(page, "två").waitFor();
  await look(page, "unsent-phone");
  await other.getByRole("link", { name: new RegExp(TITLE) }).click();
  await other.getByLabel("Skriv ett meddelande").fill("halvskrivet");
  // The renewal that follows the login at once may have been answered a little later.
  await eventually("over", async () => Date.now() > loggedInAt + SEVEN_SECONDS * 3_600_000 + 1_000);
  await stage.installation.startHost();
  await lifetimesSet(stage.installation, "bjuv", SIX_MINUTES, 24);
  await page.getByText(/^.*Du behöver logga in igen/).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await look(page, "renewal-phone");
  assert.deepEqual(await texts(page), ["ett", "två"]);
});

test("logged in again, it is sent, and the pages are where the conversation is", async () => {
  const before = roomOf(page);
  assert.equal(roomOf(other), before);
  await page.getByRole("button", { name: "Logga in med demo-e-legitimation" }).waitFor();
  await page.getByRole("button", { name: "Logga in med en annan e-legitimation" }).click();
  await page.locator("input#login").fill("test.testsson");
  await page.getByRole("button", { name: "Legitimera" }).click();
  await page.getByRole("button", { name: "Jag bekräftar" }).click();
  await isRecorded(other, "två");
  assert.deepEqual(await texts(other), ["ett", "två"]);
  await eventually("it goes along", async () => roomOf(other) !== before);
  await holds(other.getByLabel("Skriv ett meddelande"), "halvskrivet");
  await page.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/samtal/${before}`);
  await isRecorded(page, "två");
  await eventually("so does the other one", async () => roomOf(page) === roomOf(other));
  await page.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/journal/${before}`);
  await eventually("the journal too", async () => roomOf(page) === roomOf(other));
  await page.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/`);
  const link = page.getByRole("link", { name: new RegExp(TITLE) });
  await link.first().waitFor();
  assert.equal(await link.count(), 1);
  await other.getByLabel("Skriv ett meddelande").fill("");
});

const active = (of: Page) => of.evaluate(() => document.activeElement?.id || document.activeElement?.localName);

test("who has no e-ID is asked for a new code, which lets them go on with what they wrote; a wrong one can be mended", async () => {
  const worker = await Seat.take(stage.installation, { role: "staff" });
  await worker.login("bjuv.handlaggare");
  const room = await worker.client.open(crypto.randomUUID(), "Utan e-legitimation", "Hej!");
  worker.client.watch(room);
  await worker.room(room, ({ isCurrent, isLocked }) => isCurrent && !isLocked);
  const invitation: Invitation = { capacity: "PARTY", name: "Test Testsson", hasHistory: true, until: 0, why: "Kom på besök." };
  const code = await worker.client.invite(room, invitation);
  const view = await worker.room(room, ({ members }) => members.some(({ capacity }) => capacity === "PARTY"));
  await lifetimesSet(stage.installation, "bjuv", SEVEN_SECONDS, SEVEN_SECONDS / 2);
  paper = await Browser.open({ phone: true });
  const visitor = await paper.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  const redeem = async (text: string) => {
    await visitor.getByLabel("Din kod").fill(text);
    await visitor.keyboard.press("Enter");
  };
  await visitor.getByText("Jag har en kod").click();
  await redeem(code ?? "");
  await visitor.getByRole("link", { name: /Utan e-legitimation/ }).click();
  await visitor.getByLabel("Skriv ett meddelande").fill("halvskrivet");
  const over = Date.now() + SEVEN_SECONDS * 3_600_000 + 1_000;
  await stage.installation.stopHost();
  await eventually("over", async () => Date.now() > over);
  await stage.installation.startHost();
  await lifetimesSet(stage.installation, "bjuv", SIX_MINUTES, 24);
  await visitor.getByText("Din inloggning på den här enheten har gått ut. Koden är använd eller för gammal. Be handläggaren om en ny.").waitFor();
  assert.equal(await visitor.getByRole("button", { name: /^Logga in med .*e-legitimation/ }).count(), 0);
  await visitor.evaluate(() => scrollTo(0, 0));
  await look(visitor, "renewal-code-phone");
  await visitor.locator("enrum-notice").getByText("Jag har en kod").click();
  await look(visitor, "renewal-code-open-phone");
  await redeem("ABCD-EFGH-0123-4567");
  await visitor.locator("enrum-notice").getByText(/^Koden stämmer inte/).waitFor();
  assert.equal(await visitor.getByLabel("Din kod").inputValue(), "ABCD-EFGH-0123-4567");
  await eventually("the focus stays", async () => await active(visitor) === "code");
  const again = await worker.client.invite(room, { ...invitation, person: view.members.find(({ capacity }) => capacity === "PARTY")?.person ?? "" });
  await redeem(again ?? "");
  await visitor.locator("enrum-notice form").waitFor({ state: "detached" });
  await eventually("the focus", async () => await active(visitor) === "h1");
  await holds(visitor.getByLabel("Skriv ett meddelande"), "halvskrivet");
  await visitor.getByRole("button", { name: "Skicka" }).click();
  await isRecorded(visitor, "halvskrivet");
  await worker.close();
  assert.deepEqual(paper.complaints, []);
  stage.assertClean();
});

interface Borrowed {
  library: Browser;
  page: Page;
  /** Of the way in that they came by. */
  again: Locator;
  identify(of: Page): Promise<void>;
}

/** Who came by an e-ID of level 1 to a borrowed device has written "Hej!", then `meanwhile`, and is asked to log in again. */
async function borrowedOver(t: TestContext, meanwhile: (page: Page) => Promise<void>): Promise<Borrowed> {
  await lifetimesSet(stage.installation, "bjuv", TWENTY_SECONDS, TWENTY_SECONDS / 2);
  const library = await Browser.open({ phone: true });
  t.after(() => library.close());
  const page = await library.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  const identify = async (of: Page) => {
    await of.locator("input#login").fill("test.foralder");
    await of.getByRole("button", { name: "Legitimera" }).click();
    await of.getByRole("button", { name: "Jag bekräftar" }).click();
  };
  const again = page.getByRole("button", { name: "Logga in med en enklare e-legitimation" });
  await page.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await again.click();
  await identify(page);
  await page.getByText(/^Lånad dator eller telefon/).waitFor();
  const over = Date.now() + TWENTY_SECONDS * 3_600_000 + 1_000;
  await conversationNew(page, "Från biblioteket", "Hej!");
  await isRecorded(page, "Hej!");
  await stage.installation.stopHost();
  await meanwhile(page);
  await eventually("over", async () => Date.now() > over);
  await stage.installation.startHost();
  await lifetimesSet(stage.installation, "bjuv", SIX_MINUTES, 24);
  await page.getByText(/^.*Du behöver logga in igen/).waitFor();
  await again.waitFor();
  return { library, page, again, identify };
}

test("who came by an e-ID of level 1 on a borrowed device logs in again by it, in a window of its own, and what was written stays", async (t) => {
  const { library, page: borrowed, again, identify } = await borrowedOver(t, async (page) => {
    await write(page, "på väg");
    await entry(page, "på väg").waitFor();
    await page.getByLabel("Skriv ett meddelande").fill("halvskrivet");
  });
  assert.equal(await borrowed.locator("enrum-notice").getByText("Jag har en kod").count(), 0);
  await borrowed.evaluate(() => scrollTo(0, 0));
  await look(borrowed, "renewal-borrowed-phone");
  const opened = library.context.waitForEvent("page");
  await again.click();
  const window = await opened;
  const closed = window.waitForEvent("close");
  await identify(window);
  await closed;
  await borrowed.locator("enrum-login-again").waitFor({ state: "detached" });
  await isRecorded(borrowed, "på väg");
  assert.equal(await borrowed.getByLabel("Skriv ett meddelande").inputValue(), "halvskrivet");
  assert.deepEqual(library.complaints, []);
  stage.assertClean();
});

test("where a borrowed browser opens no window the page stays, and a link opens it; whoever leaves from there leaves the conversation, too", async (t) => {
  const { library, page: borrowed, again } = await borrowedOver(t, (page) => page.getByLabel("Skriv ett meddelande").fill("halvskrivet"));
  await borrowed.evaluate(() => { globalThis.open = () => null; });
  await again.click();
  const link = borrowed.getByRole("link", { name: "Öppna i eget fönster" });
  await link.waitFor();
  await borrowed.evaluate(() => scrollTo(0, 0));
  await look(borrowed, "renewal-link-phone");
  assert.equal(await borrowed.getByLabel("Skriv ett meddelande").inputValue(), "halvskrivet");
  const opened = library.context.waitForEvent("page");
  await link.click();
  const window = await opened;
  await window.getByRole("button", { name: "Avbryt" }).click();
  await window.getByText(/Du behöver logga in igen/).waitFor();
  await window.locator("a.leave").click();
  for (const tab of [window, borrowed]) await tab.waitForURL(neutralUrl);
  const next = await library.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  assert.deepEqual(await next.evaluate(() => Object.keys(localStorage)), [], "nothing is left for a window that is there no more");
});

test("a window that nobody is left behind is on a borrowed device still, and stays", async (t) => {
  const { library, page: borrowed, again, identify } = await borrowedOver(t, async () => undefined);
  const opened = library.context.waitForEvent("page");
  await again.click();
  const window = await opened;
  await window.locator("input#login").waitFor();
  await borrowed.close();
  await identify(window);
  await window.getByText(/^Inloggningen gick inte/).waitFor();
  assert.equal(await window.getByLabel("Jag lånar den här datorn eller telefonen").isChecked(), true);
  await window.getByRole("button", { name: "Logga in med en enklare e-legitimation" }).click();
  await identify(window);
  await window.getByText(/^Lånad dator eller telefon/).waitFor();
  await window.getByRole("link", { name: /Från biblioteket/ }).first().click();
  await entry(window, "Hej!").waitFor();
  await eventually("like any other", () => window.evaluate(() => sessionStorage.length === 0));
});
