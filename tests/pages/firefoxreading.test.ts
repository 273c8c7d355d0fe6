// A long conversation in Firefox: the page draws what is near the window, says what is new and on which day it came; what is written without
// a network waits in order, also while the browser is closed, and a login that has ended is made anew.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { Device } from "../../demo/device.ts";
import { ClockShift } from "../fault/clockshift.ts";
import { lifetimesSet, SEVEN_SECONDS, SIX_MINUTES } from "../sdk/lifetimes.ts";
import { lastLines } from "./diagnosis.ts";
import { PATIENCE_MS, press, see, seeOnly, type, until } from "./firefox.ts";
import { eidConfirm, exactly, FirefoxStage, login, open, recorded, take, write } from "./firefoxstage.ts";
import { day } from "./stage.ts";

const TITLE = "Ett långt samtal";
const FIRST = "Det första jag skrev.";
const COUNT = 150;
/** Less than all of it, and more than a screenful. */
const DRAWN_MAX = 130;
const NEW = 20;
const SEVERAL_DAYS_H = 10 * 24;

let folder: string;
let clock: ClockShift;
let stage: FirefoxStage;
let shell: Device;
let citizen: Page;
let worker: Page;
let room: string;

/** Around noon of the day so many days from now: no midnight is near, whenever the test runs. */
const noon = (days: number) => Date.parse(`${day(days)}T11:00:00Z`);
const address = () => stage.installation.pagesUrl("bjuv", "citizen");
const numbered = (from: number, count: number) => Array.from({ length: count }, (_, i) => `Nummer ${from + i}.`);

/** Each line a message. */
function say(to: string, lines: string[]): Promise<string> {
  return shell.must(["send", to], { input: lines.join("\n"), patience: 120_000 });
}

function texts(page: Page, css = ".entry .text"): Promise<string[]> {
  return page.$$eval(css, (all) => all.map(({ textContent }) => textContent));
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-reading-"));
  clock = await ClockShift.make(folder);
  stage = await FirefoxStage.set({ hostEnv: clock.hostEnv });
  await lifetimesSet(stage.installation, "bjuv", SEVERAL_DAYS_H, SEVERAL_DAYS_H);
  shell = new Device(stage.installation, "shell", "bjuv", "test.foralder", "citizen");
  await shell.login();
  room = await shell.newRoom(TITLE, FIRST);
  [citizen, worker] = await Promise.all([stage.in(stage.phone, "citizen", "test.foralder"), stage.in(stage.desk, "staff", "bjuv.handlaggare")]);
  await citizen.setViewport({ width: 360, height: 740 });
  await take(worker, TITLE);
  await recorded(worker, FIRST);
  await say(room, numbered(1, COUNT));
});

afterEach((t) => lastLines(t, stage?.installation));

after(async () => {
  await stage?.strike();
  rmSync(folder, { recursive: true, force: true });
});

test("in Firefox a long conversation opens at its end, and whoever reads back comes to every entry", async () => {
  await open(citizen, TITLE);
  await recorded(citizen, `Nummer ${COUNT}.`);
  await until("the end", () => citizen.evaluate(() => scrollY > 0 && document.documentElement.scrollHeight - scrollY - innerHeight < 2));
  const seen = new Set<string>();
  await citizen.mouse.move(180, 300);
  await until("every entry", async () => {
    const drawn = await texts(citizen);
    for (const text of drawn) seen.add(text);
    assert.ok(drawn.length < DRAWN_MAX, `${drawn.length} are drawn`);
    if (seen.has(FIRST) && await citizen.evaluate(() => scrollY === 0)) return true;
    // What is drawn reaches further than that beyond the window.
    await citizen.mouse.wheel({ deltaY: -1500 });
    return false;
  }, 2 * PATIENCE_MS);
  assert.deepEqual([FIRST, ...numbered(1, COUNT)].filter((text) => !seen.has(text)), []);
});

test("in Firefox what comes meanwhile is told once, the reader stays, and a press leads to it", async () => {
  await write(worker, "Jag har läst det.");
  await see(citizen.mainFrame(), "button.newer", /^Nya meddelanden \(1\)/);
  assert.deepEqual(await texts(citizen, ".spoken p"), ["Testina Bjuvsdotter: Jag har läst det."]);
  assert.equal(await citizen.evaluate(() => scrollY), 0);
  await press(citizen.mainFrame(), "button.newer", /^Nya meddelanden/);
  await recorded(citizen, "Jag har läst det.");
  await seeOnly(citizen.mainFrame(), 0, "button.newer", /^/);
});

test("in Firefox what came while a caseworker was away begins at a line, and is told below; it is gone at the next visit", async () => {
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await say(room, numbered(COUNT + 1, NEW));
  await see(worker.mainFrame(), "a.card", new RegExp(`${TITLE}.*${NEW} nya`));
  await open(worker, TITLE);
  await see(worker.mainFrame(), ".divider", /^Nya meddelanden$/);
  assert.match(await worker.$eval(".divider", (line) => line.nextElementSibling?.textContent ?? ""), new RegExp(`Nummer ${COUNT + 1}\\.`));
  await until("the line in sight", () => worker.$eval(".divider", (line) => line.getBoundingClientRect().top > 0 && line.getBoundingClientRect().top < innerHeight / 2));
  await press(worker.mainFrame(), "button.newer", new RegExp(`^Nya meddelanden \\(${NEW}\\)`));
  await seeOnly(worker.mainFrame(), 0, "button.newer", /^/);
  await seeOnly(worker.mainFrame(), 0, "a.card", /nya/);
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await open(worker, TITLE);
  await recorded(worker, `Nummer ${COUNT + NEW}.`);
  await seeOnly(worker.mainFrame(), 0, ".divider", /^/);
});

test("in Firefox three texts wait in order without a network, the line with the telephone comes, and the browser that is closed has them still", async () => {
  const waiting = ["Det första som väntar", "Det andra som väntar", "Det tredje som väntar"];
  const inOrder = (css: string) => until(`${css} in order`, async () => (await texts(citizen, css)).slice(-3).join() === waiting.join());
  await stage.installation.stopHost();
  for (const text of waiting) await write(citizen, text);
  await inOrder(".draft .text");
  await stage.phone.again();
  citizen = await stage.phone.tab(`${address()}#/samtal/${room}`);
  await see(citizen.mainFrame(), ".entry", /Jag har läst det\./);
  await see(citizen.mainFrame(), "[role=status], [role=alert]", /Ingen kontakt just nu/);
  await inOrder(".draft .text");
  await seeOnly(citizen.mainFrame(), 3, ".unsent[role=status]", /^Inte mottaget än\. Det skickas så snart det går\. Är det bråttom\? ?Ring oss på/);
  assert.match(await citizen.$eval(".unsent a.call", (link) => (link as HTMLAnchorElement).href), /^tel:\+?\d+$/);
  await stage.installation.startHost();
  for (const text of waiting) await recorded(citizen, text);
  await inOrder(".entry:not(.draft) .text");
  await recorded(worker, waiting[2] as string);
  assert.deepEqual((await shell.read(room)).flatMap(({ text }) => waiting.filter((one) => one === text)), waiting);
});

test("in Firefox a login that ends while one writes without a network is made anew, and every word is sent", async () => {
  await lifetimesSet(stage.installation, "bjuv", SEVEN_SECONDS, SEVEN_SECONDS / 2);
  const other = await stage.phone.apart(address());
  await login(other, "test.testsson");
  const over = Date.now() + SEVEN_SECONDS * 3_600_000 + 1_000;
  await stage.installation.stopHost();
  await press(other.mainFrame(), "a", /^Starta ett samtal$/);
  await type(other.mainFrame(), "enrum-new input:not([type])", "Utan login");
  await type(other.mainFrame(), "enrum-new textarea", "Skrivet när inloggningen gick ut");
  await press(other.mainFrame(), "enrum-new button", /^Skicka$/);
  await see(other.mainFrame(), ".draft", new RegExp(exactly("Skrivet när inloggningen gick ut")));
  await until("the end of the login", async () => Date.now() > over);
  await stage.installation.startHost();
  await lifetimesSet(stage.installation, "bjuv", SIX_MINUTES, 24);
  await see(other.mainFrame(), "p", /Du behöver logga in igen/);
  await press(other.mainFrame(), "button", /^Logga in med/);
  await eidConfirm(other, "test.testsson");
  await open(other, "Utan login");
  await recorded(other, "Skrivet när inloggningen gick ut");
});

test("in Firefox what is written on three days stands under three days, each named once", async () => {
  const title = "Tre dagar";
  const dayOf = (ms: number) => {
    const isThisYear = new Date(ms).getFullYear() === new Date().getFullYear();
    const name = new Date(ms).toLocaleDateString("sv-SE", { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Stockholm", ...isThisYear ? {} : { year: "numeric" } });
    return name.charAt(0).toUpperCase() + name.slice(1);
  };
  const began = Date.now();
  const other = await shell.newRoom(title, "Den första dagen.");
  await say(other, ["Samma dag."]);
  for (const [days, text] of [[1, "Dagen därpå."], [2, "Och den tredje."]] as const) {
    clock.set(BigInt(Math.round((noon(days) - began) / 1000)));
    await say(other, [text]);
  }
  await press(citizen.mainFrame(), "a.back", /^Tillbaka$/);
  await open(citizen, title);
  await see(citizen.mainFrame(), ".entry", /Och den tredje\./);
  const [today, ...shown] = await texts(citizen, "[role=log] li.day, [role=log] .entry .text");
  assert.match(today ?? "", /^Idag$|^Igår$/);
  assert.deepEqual(shown, ["Den första dagen.", "Samma dag.", dayOf(noon(1)), "Dagen därpå.", dayOf(noon(2)), "Och den tredje."]);
});
