// An employee who has changed units keeps their conversations, which stay the old unit's: whom they may take along is that one's, and the
// pages offer nobody whom the keeper refuses. A conversation goes to the old unit's queue, to a colleague there, or along to the new one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, languageChoose, loginDone, look } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take } from "./stage.ts";

const FIRST = "Mottagningen";
const OTHER = "Ekonomiskt bistånd";
const FACT = `Samtalet hör till ${FIRST}, och du hör nu till ${OTHER}.`;
const [ASKED, SHARED, BEGUN] = ["Hyran", "Maten", "Efter besöket"];
let stage: Stage;
let newDesk: Browser;
let oldDesk: Browser;
let citizen: Page;
let worker: Page;
/** Of the unit that the worker comes to. */
let newColleague: Page;
/** Of the one that they come from. */
let oldColleague: Page;

before(async () => {
  stage = await Stage.set({ units: { [OTHER]: ["bjuv.handlaggare2"] } });
  [newDesk, oldDesk] = await Promise.all([Browser.open({ phone: false }), Browser.open({ phone: false })]);
  [citizen, worker] = await stage.bothIn("test.testsson", "bjuv.handlaggare");
  [newColleague, oldColleague] = await Promise.all([newDesk, oldDesk].map((desk) => desk.tab(stage.installation.pagesUrl("bjuv", "staff")))) as [Page, Page];
  await loginDone(newColleague, "bjuv.handlaggare2");
  await loginDone(oldColleague, "bjuv.chef");
});

after(async () => {
  for (const browser of [newDesk, oldDesk]) await browser?.close();
  await stage?.strike();
});

const options = (page: Page, css: string) => page.locator(`${css} option`).allTextContents();
const form = (page: Page, name: string) => page.locator("details", { has: page.locator("summary", { hasText: name }) });

/** From wherever the worker is. */
async function list(): Promise<void> {
  await worker.goto(`${stage.installation.pagesUrl("bjuv", "staff")}#/`);
}

async function people(title: string): Promise<void> {
  await list();
  await worker.getByRole("link", { name: new RegExp(`^${title}`) }).click();
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.getByRole("heading", { name: new RegExp(title), level: 1 }).waitFor();
}

async function open(name: string): Promise<void> {
  await worker.locator("summary", { hasText: name }).click();
}

async function hand(label: string, sure: string): Promise<void> {
  await worker.locator("#hand-who").selectOption({ label });
  await worker.locator("#hand-why").fill("Jag har bytt enhet.");
  await worker.getByRole("button", { name: "Lämna över", exact: true }).click();
  const dialog = worker.getByRole("dialog");
  await dialog.getByText(sure).waitFor();
  await dialog.getByRole("button", { name: "Lämna över" }).click();
  await dialog.waitFor({ state: "hidden" });
}

test("before the change the colleagues of the unit are offered, and one comes along", async () => {
  for (const title of [ASKED, SHARED]) {
    await conversationNew(citizen, title, `Det gäller ${title}.`);
    await isRecorded(citizen, `Det gäller ${title}.`);
    await citizen.getByRole("link", { name: "Tillbaka" }).click();
    await take(worker, title);
  }
  await people(SHARED);
  await open("Ta med en kollega");
  assert.equal(await worker.getByText(FACT).count(), 0);
  await worker.locator("#add-who option").nth(1).waitFor({ state: "attached" });
  const [, chief = ""] = await options(worker, "#add-who");
  assert.equal((await options(worker, "#add-who")).length, 2, "the one of the other unit is not there");
  await worker.locator("#add-who").selectOption({ label: chief });
  await worker.getByRole("button", { name: "Ta med", exact: true }).click();
  await oldColleague.getByRole("link", { name: new RegExp(`^${SHARED}`) }).waitFor();
  await list();
  await worker.getByRole("link", { name: "Börja ett samtal" }).click();
  await worker.getByLabel("Vad gäller det?").fill(BEGUN);
  await worker.locator("enrum-begin #text").fill("Hej! Här kan vi skriva.");
  await worker.getByRole("button", { name: "Börja samtalet" }).click();
  await worker.locator("summary", { hasText: "Ta med den det gäller" }).waitFor();
});

test("after it the page says whose the conversation is, and offers neither colleagues of the new unit nor its own queue", async () => {
  await stage.installation.staff("bjuv", "move", "--identity", "bjuv.handlaggare", "--unit", OTHER);
  await people(ASKED);
  await open("Ta med en kollega");
  await form(worker, "Ta med en kollega").getByText(FACT).waitFor();
  await form(worker, "Ta med en kollega").getByText(/Lämna över samtalet i stället/).waitFor();
  assert.equal(await worker.locator("#add-who").count(), 0);
  await look(worker, "unitschange-add-desk");
  await open("Lämna över samtalet");
  await form(worker, "Lämna över samtalet").getByText(FACT).waitFor();
  await worker.locator("#hand-who option", { hasText: OTHER }).waitFor({ state: "attached" });
  assert.deepEqual(await options(worker, "#hand-who"), ["Välj en kollega", `Till kön hos ${FIRST}`, OTHER]);
  await look(worker, "unitschange-hand-desk");
  await worker.setViewportSize({ width: 360, height: 740 });
  await look(worker, "unitschange-hand-360");
  await languageChoose(worker, "English");
  await form(worker, "Hand the conversation over").getByText(`The conversation belongs to ${FIRST}, and you belong to ${OTHER} now.`).waitFor();
  await look(worker, "unitschange-hand-english-360");
  await languageChoose(worker, "Svenska");
  await worker.setViewportSize({ width: 1280, height: 800 });
});

test("to the queue of the old unit it goes, where it is taken with all that was written", async () => {
  await hand(`Till kön hos ${FIRST}`, "Lämna tillbaka samtalet till kön?");
  await take(oldColleague, ASKED);
  await entry(oldColleague, `Det gäller ${ASKED}.`).waitFor();
});

test("a colleague of the old unit who is in it takes it over", async () => {
  await people(SHARED);
  await open("Lämna över samtalet");
  await form(worker, "Lämna över samtalet").getByText(FACT).waitFor();
  await worker.locator("#hand-who option", { hasText: OTHER }).waitFor({ state: "attached" });
  const [, chief = "", ...rest] = await options(worker, "#hand-who");
  assert.deepEqual(rest, [`Till kön hos ${FIRST}`, OTHER]);
  await hand(chief, "Lämna över till ");
  await worker.getByRole("link", { name: new RegExp(`^${SHARED}`) }).waitFor({ state: "detached" });
});

test("what they began themselves goes along to the new unit, whose colleagues are offered then, and come", async () => {
  await people(BEGUN);
  await open("Lämna över samtalet");
  await form(worker, "Lämna över samtalet").getByText(FACT).waitFor();
  await worker.locator("#hand-who option", { hasText: OTHER }).waitFor({ state: "attached" });
  assert.deepEqual(await options(worker, "#hand-who"), ["Välj en kollega", `Till kön hos ${FIRST}`, OTHER]);
  await hand(OTHER, `Flytta samtalet till ${OTHER}?`);
  await people(BEGUN);
  await open("Ta med en kollega");
  await worker.locator("#add-who option").nth(1).waitFor({ state: "attached" });
  assert.equal(await worker.getByText(FACT).count(), 0);
  await worker.locator("#add-who").selectOption({ index: 1 });
  await worker.getByRole("button", { name: "Ta med", exact: true }).click();
  await newColleague.getByRole("link", { name: new RegExp(`^${BEGUN}`) }).waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
