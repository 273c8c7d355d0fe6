// The citizen's pages in a frame, in Firefox, which keeps frames' storage apart by the site of the page around them: within the board's own
// domain somebody logs in by the window, writes and is answered; within another one they go on in the window.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { Device, eventually } from "../../demo/device.ts";
import { embeddingOrigin, embeddingServe, type EmbeddingSite } from "../../demo/embedding.ts";
import { freePorts, madeUpServe, type MadeUp } from "./embedding.ts";
import { axe, Firefox, frameAt, press, see, type, until } from "./firefox.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
let firefox: Firefox;
let example: EmbeddingSite;
let foreign: MadeUp;
let neutral: MadeUp;
let board: string;
let page: Page;
let caseworker: Device;
let room = "";

before(async () => {
  const [atExample = 0, atForeign = 0, atNeutral = 0] = await freePorts(3);
  neutral = await madeUpServe(atNeutral, () => ({ "/": "<h1>Uppehåll</h1>" }));
  stage = await Stage.set({ leave: `http://127.0.0.1:${atNeutral}/`, hasNames: true, embedFrom: [embeddingOrigin("bjuv", atExample), `http://kommunen.localhost:${atForeign}`] });
  board = stage.installation.pagesUrl("bjuv", "citizen");
  example = await embeddingServe(embeddingOrigin("bjuv", atExample), board);
  foreign = await madeUpServe(atForeign, () => ({ "/": `<script type="module" src="/enrum-embed.js"></script><enrum-conversation board="${board}"></enrum-conversation>` }));
  firefox = await Firefox.open();
  caseworker = new Device(stage.installation, "worker", "bjuv", "bjuv.handlaggare", "staff");
});

after(async () => {
  await firefox?.close();
  await stage?.strike();
  example?.close();
  for (const site of [foreign, neutral]) site?.close();
});

/** The window that was opened last, once it is at the e-ID. */
function loginWindow(): Promise<Page> {
  return until("the login's window", async () => (await firefox.browser.pages()).find((one) => one.url().startsWith(stage.installation.issuer)));
}

test("in Firefox, within the board's own domain: logged in by the window, written, answered, counted", async () => {
  page = await firefox.tab(example.url);
  const frame = await frameAt(page, `${board}embed/`);
  await press(frame, "button", /^Logga in med/);
  const window = await loginWindow();
  await type(window.mainFrame(), "input#login", "test.foralder");
  await press(window.mainFrame(), "button", /^Legitimera$/);
  await press(window.mainFrame(), "button", /^Jag bekräftar$/);
  await see(frame, "h1", /^Mina samtal$/);
  assert.deepEqual(await axe(frame), []);
  await until("the end of the window", async () => !(await firefox.browser.pages()).includes(window));
  await see(page.mainFrame(), "#state", /^Du är inloggad\.$/);
  await press(frame, "a", /^Starta ett samtal$/);
  await type(frame, "enrum-new input:not([type])", "Från Firefox");
  await type(frame, "enrum-new textarea", "Hej från en ruta");
  await press(frame, "button", /^Skicka$/);
  await see(frame, ".entry", /Hej från en ruta.*Journalförd/);
  room = /[0-9a-f]{64}/.exec(await frame.evaluate(() => location.hash))?.[0] ?? "";
  await press(frame, "a.back", /^/);
  await caseworker.login();
  await caseworker.take(room);
  await eventually("the words", async () => (await caseworker.read(room)).some(({ text }) => text === "Hej från en ruta"));
  await caseworker.must(["send", room, "Hej till en ruta"]);
  await see(page.mainFrame(), "#state", /Olästa meddelanden: 1/);
  await press(frame, "a.card", /Från Firefox/);
  await see(frame, ".entry", /Hej till en ruta/);
  assert.deepEqual(await axe(frame), []);
});

/** What a page's own script gets of the frame within this element. */
function reached(around: Page, element: string): Promise<string> {
  return around.evaluate((name) => {
    const frame = document.querySelector(name)?.shadowRoot?.querySelector("iframe") as HTMLIFrameElement;
    try {
      return String(frame.contentWindow?.document);
    } catch (error) {
      return `${frame.contentDocument} ${(error as DOMException).name}`;
    }
  }, element);
}

test("in Firefox the page's scripts find nothing in the frame", async () => {
  assert.equal(await reached(page, "enrum-conversation"), "null SecurityError");
});

test("in Firefox the record stands in a frame of its own, as tall as it is, and its page cannot read it", async (t) => {
  const around = await firefox.tab(`${example.url}journal.html?room=${room}`);
  t.after(async () => {
    await around.close();
    await page.bringToFront();
  });
  const frame = await frameAt(around, `${board}embed/`);
  await see(frame, "h1", /^Journal: Från Firefox$/);
  for (const words of ["Hej från en ruta", "Hej till en ruta"]) await see(frame, ".record", new RegExp(`${words}.*Journalförd`));
  await until("a frame as tall as its record", async () => await around.$eval("enrum-journal", ({ clientHeight }) => clientHeight > 700)
    && await frame.evaluate(() => document.documentElement.scrollHeight <= innerHeight + 1));
  await see(around.mainFrame(), "#state", /^Du är inloggad\.$/);
  assert.deepEqual(await axe(frame), []);
  assert.equal(await reached(around, "enrum-journal"), "null SecurityError");
});

test("in Firefox to leave within the frame is to leave the whole page", async () => {
  const frame = await frameAt(page, `${board}embed/`);
  await press(frame, "a.leave", /^Lämna sidan$/);
  await see(page.mainFrame(), "h1", /^Uppehåll$/);
});

test("in Firefox, within another domain, the frame is kept apart: it says so, and leads to a window of its own", async () => {
  const other = await firefox.tab(`http://kommunen.localhost:${foreign.port}/`);
  const frame = await frameAt(other, `${board}embed/`);
  await see(frame, "a.primary", /^Öppna i eget fönster$/);
  // The driver's presses do not reach a frame of another domain, which has a process of its own.
  const link = await frame.$eval("a.primary", (element) => [(element as HTMLAnchorElement).href, (element as HTMLAnchorElement).target]);
  assert.deepEqual(link, [board, "_blank"]);
  const window = await firefox.tab(board);
  // Its storage is the board's own, in which somebody is logged in.
  await see(window.mainFrame(), "h1", /^Mina samtal$/);
});
