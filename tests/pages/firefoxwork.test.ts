// A caseworker's day in Firefox: the queue with its last days, tabs of open conversations, templates, a notification that says nothing, a
// file that the virus scanner warns of, a colleague who comes along and takes over.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ElementHandle, Page } from "puppeteer-core";
import { Device } from "../../demo/device.ts";
import { Clamd, EICAR, FOUND } from "./clamd.ts";
import { fill, Firefox, press, see, seeOnly, type, until } from "./firefox.ts";
import { exactly, FirefoxStage, open, recorded, take, write } from "./firefoxstage.ts";
import { day } from "./stage.ts";
import { stored } from "./stored.ts";

const TITLES = ["Boende", "Ekonomi", "Barnet"];
const TEXT = "Hej! Tack för att du skriver.";
const WHY = "Jag går på föräldraledighet.";

let clamd: Clamd;
let stage: FirefoxStage;
let other: Firefox;
let citizen: Page;
let worker: Page;

before(async () => {
  clamd = Clamd.make();
  [stage] = await Promise.all([FirefoxStage.set({ clamd: clamd.socket }), clamd.start()]);
  other = await Firefox.open();
  const shell = new Device(stage.installation, "shell", "bjuv", "test.foralder", "citizen");
  await shell.login();
  for (const title of TITLES) await shell.newRoom(title, `Om ${title}.`);
  [citizen, worker] = await Promise.all([stage.in(stage.phone, "citizen", "test.foralder"), stage.in(stage.desk, "staff", "bjuv.handlaggare")]);
});

after(async () => {
  await other?.close();
  await stage?.strike();
  await clamd?.remove();
});

/** A section's conversations stand in this order. */
async function order(section: "queue" | "mine", titles: string[]): Promise<void> {
  await until(`${section}: ${titles.join()}`, async () =>
    (await worker.$$eval(`section[aria-labelledby="${section}"] .cards .title`, (found) => found.map(({ textContent }) => textContent).join())) === titles.join());
}

const card = (words: RegExp) => see(worker.mainFrame(), "section[aria-labelledby=mine] .card", words);

/** The form of the journal, for this kind of entry. */
async function journalBegin(kind: string, css: string): Promise<void> {
  await press(worker.mainFrame(), "button", /^Skriv i journalen$/);
  await until("the form", () => worker.$("#cw-kind"));
  await worker.select("#cw-kind", kind);
  await see(worker.mainFrame(), css, /^/);
}

async function journalSave(): Promise<void> {
  await press(worker.mainFrame(), "button", /^Spara i journalen$/);
  await see(worker.mainFrame(), "[role=status]", /^Sparat\. Det journalförs nu\.$/);
}

test("in Firefox who has waited longest stands first in the queue, each with its last day; the order that is chosen stays", async () => {
  await order("queue", TITLES);
  await seeOnly(worker.mainFrame(), 3, ".queued", /Bedöma om skydd behövs.*Sista dagen är idag/);
  await worker.select("#order", "newest");
  await order("queue", TITLES.toReversed());
  await worker.reload();
  await order("queue", TITLES.toReversed());
  await worker.select("#order", "due");
  await order("queue", TITLES);
});

test("in Firefox each conversation that is taken is a tab: by arrows, by Alt and a digit, and closed by Delete", async () => {
  const tab = (title: string, isShown = true) => see(worker.mainFrame(), `[role=tab][aria-selected=${isShown}]`, new RegExp(`^${title}`));
  await take(worker, "Boende");
  await seeOnly(worker.mainFrame(), 0, "[role=tab]", /^/);
  for (const title of ["Ekonomi", "Barnet"]) await take(worker, title);
  await recorded(worker, "Om Barnet.");
  await seeOnly(worker.mainFrame(), 3, "[role=tab]", /^/);
  for (const title of TITLES) await card(new RegExp(`${title}.*Väntat`));
  await press(worker.mainFrame(), "[role=tab]", /^Barnet/);
  for (const [key, title] of [["ArrowRight", "Boende"], ["ArrowLeft", "Barnet"], ["Home", "Boende"], ["End", "Barnet"]] as const) {
    await worker.keyboard.press(key);
    await tab(title);
    await see(worker.mainFrame(), "h1", new RegExp(`^${title}`));
    await see(worker.mainFrame(), "[role=tab]:focus", new RegExp(`^${title}`));
  }
  const composer = () => worker.$eval("enrum-composer textarea", (field) => (field as HTMLTextAreaElement).value);
  const altDigit = async (digit: "Digit2" | "Digit3") => {
    await worker.keyboard.down("Alt");
    await worker.keyboard.press(digit);
    await worker.keyboard.up("Alt");
  };
  await type(worker.mainFrame(), "enrum-composer textarea", "Till Barnet");
  await altDigit("Digit2");
  await see(worker.mainFrame(), "h1", /^Ekonomi/);
  assert.equal(await composer(), "");
  await altDigit("Digit3");
  await see(worker.mainFrame(), "h1", /^Barnet/);
  assert.equal(await composer(), "Till Barnet");
  await press(worker.mainFrame(), "enrum-composer button", /^Skicka$/);
  await recorded(worker, "Till Barnet");
  await seeOnly(worker.mainFrame(), 0, "section[aria-labelledby=mine] .card", /Barnet.*Väntat/);
  await open(citizen, "Boende");
  await write(citizen, "Ett till.");
  await tab("Boende.*nya?t?", false);
  await press(worker.mainFrame(), "[role=tab]", /^Ekonomi/);
  await see(worker.mainFrame(), "h1", /^Ekonomi/);
  await worker.keyboard.press("Delete");
  await see(worker.mainFrame(), "h1", /^Barnet/);
  await seeOnly(worker.mainFrame(), 2, "[role=tab]", /^/);
  await press(worker.mainFrame(), "button", /^Stäng Barnet$/);
  await see(worker.mainFrame(), "h1", /^Boende/);
  await seeOnly(worker.mainFrame(), 0, "[role=tab]", /^/);
});

test("in Firefox what a conversation is sets its clocks, and what is due first, or is late, stands first", async () => {
  await open(worker, "Barnet");
  await see(worker.mainFrame(), "h1", /^Barnet/);
  await journalBegin("step", "#cw-matter");
  await worker.select("#cw-matter", "CHILD");
  await journalSave();
  await card(/Barnet.*Bedöma om skydd behövs.*Sista dagen är idag/);
  await until("Barnet first", async () => /Barnet/.test(await worker.$eval("section[aria-labelledby=mine] .card", ({ textContent }) => textContent ?? "")));
  await open(worker, "Ekonomi");
  await see(worker.mainFrame(), "h1", /^Ekonomi/);
  await journalBegin("task", "#cw-due");
  await worker.select("#cw-whom", "staff");
  await worker.$eval("#cw-due", (field, value) => {
    (field as HTMLInputElement).value = value;
  }, day(-2));
  await type(worker.mainFrame(), "#cw-text", "Ring hyresvärden.");
  await journalSave();
  await card(/Ekonomi.*2 dagar för sent/);
  // Neither is the newest.
  await write(citizen, "Vad händer nu?");
  await card(/Boende.*Vad händer nu\?/);
  await order("mine", ["Ekonomi", "Barnet", "Boende"]);
});

test("in Firefox a template is kept sealed, put into the text by keyboard, and removed", async () => {
  const insert = /^Infoga: Första svaret$/;
  await open(worker, "Boende");
  await recorded(worker, "Ett till.");
  await fill(worker.mainFrame(), "enrum-composer textarea", TEXT);
  await press(worker.mainFrame(), "summary", /^Mallar$/);
  await see(worker.mainFrame(), "p", /^Du har inga mallar än\.$/);
  await type(worker.mainFrame(), "#template-name", "Första svaret");
  await press(worker.mainFrame(), "button", /^Spara texten som mall$/);
  await see(worker.mainFrame(), ".templates button", insert);
  await press(worker.mainFrame(), "enrum-composer button", /^Skicka$/);
  await recorded(citizen, TEXT);
  await worker.reload();
  await press(worker.mainFrame(), "summary", /^Mallar$/);
  await see(worker.mainFrame(), ".templates button", insert);
  await worker.keyboard.press("Tab");
  await worker.keyboard.press("Enter");
  await until("the text", () => worker.$eval("enrum-composer textarea", (field, text) => document.activeElement === field && (field as HTMLTextAreaElement).value === text, TEXT));
  await worker.keyboard.press("Enter");
  await until("both", async () => (await citizen.$$eval(".entry .text", (found, text) => found.filter(({ textContent }) => textContent === text).length, TEXT)) === 2);
  const rows = await worker.evaluate(stored);
  const text = Object.values(rows).flat().join("\n");
  assert.ok(text.includes("\"templates\""), "the row is there");
  assert.doesNotMatch(text, /Första svaret|Tack för att du skriver/);
  await press(worker.mainFrame(), "summary", /^Mallar$/);
  await press(worker.mainFrame(), "button", /^Ta bort: Första svaret$/);
  await see(worker.mainFrame(), "p", /^Du har inga mallar än\.$/);
  await press(worker.mainFrame(), "summary", /^Mallar$/);
});

test("in Firefox a notification comes when it was chosen and nobody looks, and says nothing of what has come", async (t) => {
  await worker.evaluate(() => {
    const told: string[] = [];
    // The browser's own, and what is given to it.
    const Notifying = class extends Notification {
      constructor(...given: ConstructorParameters<typeof Notification>) {
        super(...given);
        for (const happens of ["show", "error"]) this.addEventListener(happens, () => told.push(JSON.stringify([happens, ...given])));
      }
    };
    Object.assign(globalThis, { told, Notification: Notifying });
  });
  const told = () => worker.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  // In another conversation than the one that is open.
  const come = async (words: string) => {
    await write(citizen, words);
    await card(new RegExp(`Ekonomi.*${words}`));
  };
  const opened = citizen.url();
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await open(citizen, "Ekonomi");
  const looks = (state: string) => until(`the page ${state}`, () => worker.evaluate((wanted) => document.visibilityState === wanted, state));
  const box = "enrum-staff-bar input[type=checkbox]";
  assert.equal(await worker.$eval(box, (found) => (found as HTMLInputElement).checked), false);
  const cover = await stage.desk.tab("about:blank");
  t.after(async () => {
    await cover.close();
    await worker.bringToFront();
    await citizen.goto(opened);
  });
  await looks("hidden");
  await come("Hemligt ett");
  assert.deepEqual(await told(), []);
  await worker.bringToFront();
  await looks("visible");
  await press(worker.mainFrame(), "label", /^Avisera när något nytt kommer$/);
  await until("the box", () => worker.$eval(box, (found) => (found as HTMLInputElement).checked && localStorage.getItem("enrum notify") === "1"));
  await come("Hemligt två");
  assert.deepEqual(await told(), []);
  await cover.bringToFront();
  await looks("hidden");
  await come("Hemligt tre");
  await until("a notification", async () => (await told()).length > 0);
  assert.deepEqual(await told(), [JSON.stringify(["show", "Du har ett nytt meddelande", { tag: "enrum" }])]);
});

test("in Firefox a file that the virus scanner warns of is asked about before it is saved, another one is not", async () => {
  for (const [name, content] of [["hyresavi.txt", "Hyra för november."], ["kvitto.com", EICAR]] as const) {
    const path = stage.installation.path(name);
    writeFileSync(path, content);
    const input = await until("the field for files", () => citizen.$("enrum-composer input.files")) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(path);
    await see(citizen.mainFrame(), ".chosen li", new RegExp(exactly(name)));
    await write(citizen, `Här är ${name}`);
    await recorded(worker, `Här är ${name}`);
  }
  const warns = `Kommunens virusskydd varnar för den här filen: ${exactly(FOUND)}`;
  for (const page of [citizen, worker]) {
    await see(page.mainFrame(), "enrum-attachment", new RegExp(`kvitto\\.com.*${warns}`));
    await seeOnly(page.mainFrame(), 1, "enrum-attachment", new RegExp(warns));
  }
  const asked = /^Den kan skada din dator eller telefon/;
  await press(worker.mainFrame(), "button", /^Spara: kvitto\.com$/);
  await see(worker.mainFrame(), ".doubted", asked);
  await see(worker.mainFrame(), ".doubted button:focus", /^Avbryt$/);
  await press(worker.mainFrame(), ".doubted button", /^Avbryt$/);
  await seeOnly(worker.mainFrame(), 0, ".doubted", asked);
  await press(worker.mainFrame(), "button", /^Spara: hyresavi\.txt$/);
  assert.equal(readFileSync(await stage.desk.saved(/^hyresavi\.txt$/), "utf8"), "Hyra för november.");
  await seeOnly(worker.mainFrame(), 0, ".doubted", asked);
  await press(worker.mainFrame(), "button", /^Spara: kvitto\.com$/);
  await press(worker.mainFrame(), ".doubted button", /^Spara$/);
  assert.equal(readFileSync(await stage.desk.saved(/^kvitto\.com$/), "latin1"), EICAR);
});

test("in Firefox a colleague comes along, is ended, and takes the conversation over with its reason", async () => {
  const someone = await worker.evaluate(() => location.hash);
  await press(worker.mainFrame(), "a.button", /^Personer$/);
  await press(worker.mainFrame(), "summary", /^Ta med en kollega$/);
  await choose("#add-who", 1);
  await type(worker.mainFrame(), "#add-why", "Vi är två i ärendet.");
  await press(worker.mainFrame(), "form button", /^Ta med$/);
  const colleague = await stage.in(other, "staff", "bjuv.handlaggare2");
  await open(colleague, "Boende");
  await recorded(colleague, TEXT);
  await press(worker.mainFrame(), "button", /^Avsluta tillgången för /);
  await press(worker.mainFrame(), "dialog[open] button.primary", /^Avsluta tillgången$/);
  await see(worker.mainFrame(), "section", /^Har varit med/);
  await see(colleague.mainFrame(), "[role=status]", /^Du är inte längre med i det här samtalet\.$/);
  await colleague.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await write(citizen, "Är du ensam nu?");
  await see(worker.mainFrame(), "h1", /^Personer: Boende$/);
  assert.equal(await worker.evaluate(() => location.hash), someone.replace("samtal", "personer"));
  await press(worker.mainFrame(), "summary", /^Lämna över samtalet$/);
  await choose("#hand-who", 1);
  await type(worker.mainFrame(), "#hand-why", WHY);
  await press(worker.mainFrame(), "form button", /^Lämna över$/);
  await press(worker.mainFrame(), "dialog[open] button", /^Lämna över$/);
  await see(citizen.mainFrame(), "li", new RegExp(`^Samtalet är överlämnat.*Skäl: ${exactly(WHY)}`));
  await seeOnly(worker.mainFrame(), 0, "section[aria-labelledby=mine] .card", /Boende/);
  await open(colleague, "Boende");
  await recorded(colleague, "Är du ensam nu?");
  await write(colleague, "Hej! Nu är det jag.");
  await recorded(citizen, "Hej! Nu är det jag.");
});

/** Of a list, the one that stands there. */
async function choose(css: string, at: number): Promise<void> {
  const value = await until(`a choice of ${css}`, () => worker.$eval(css, (list, index) => (list as HTMLSelectElement).options[index]?.value, at));
  await worker.select(css, value);
}
