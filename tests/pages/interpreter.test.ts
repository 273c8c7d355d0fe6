// An interpreter is let into a conversation as a person: for a stated time, from now on, as one who says what others say. What they
// are stands wherever people are named.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, languageChoose, loginDone, look } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let third: Browser;
let citizen: Page;
let worker: Page;
let interpreter: Page;
const TITLE = "Mötet";
const BEFORE = "Det här skrev jag innan tolken kom.";
const NAME = "Test Testsson";

before(async () => {
  stage = await Stage.set();
  third = await Browser.open({ phone: true });
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, BEFORE);
  await take(worker, TITLE);
  await worker.getByRole("link", { name: "Personer" }).click();
});

after(async () => {
  await third?.close();
  await stage?.strike();
});

const send = (page: Page) => page.getByRole("button", { name: "Ta med", exact: true }).last();
const card = (page: Page, name: string) => page.locator(".people-part .card", { has: page.getByText(name) });

/** This day, as the field for a date has it. */
const today = (page: Page) => page.evaluate(() => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10));

test("the form offers an interpreter no history, and an end: this day, unless another is chosen", async () => {
  await worker.getByText("Ta med någon utanför kommunen").click();
  await worker.getByRole("radio", { name: "Allt, också" }).check();
  await worker.getByLabel("I vilken egenskap").selectOption({ label: "tolk" });
  await worker.getByText(/^Tolken läser det som skrivs från nu, aldrig/).waitFor();
  assert.equal(await worker.getByRole("radio", { name: "Allt, också" }).count(), 0);
  const until = worker.getByLabel("Tolkens sista dag");
  assert.equal(await until.inputValue(), await today(worker));
  await worker.getByLabel("Namn", { exact: true }).fill(NAME);
  await worker.getByLabel("Personnummer, tolv siffror").fill("19900115-2397");
  await worker.locator("#invite-why").fill("Tolkat möte.");
  await until.fill("");
  await send(worker).click();
  await worker.getByRole("alert").getByText("Välj tolkens sista dag.").waitFor();
  await look(worker, "interpreter-invite-desk");
  await until.fill(await today(worker));
  await send(worker).click();
  await card(worker, NAME).getByText(/^tolk$/).waitFor();
  await card(worker, NAME).getByText(/^Slutar av sig självt /).waitFor();
});

test("the interpreter reads what is written from then on, and writes; as what stands at each name", async () => {
  interpreter = await third.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(interpreter, "test.testsson");
  await interpreter.getByRole("link", { name: new RegExp(TITLE) }).click();
  await interpreter.getByText("Det som skrevs innan du kom med visas inte för dig.").waitFor();
  assert.equal(await interpreter.getByText(BEFORE).count(), 0);
  await write(interpreter, "Jag tolkar nu.");
  await entry(citizen, "Jag tolkar nu.").getByText(`${NAME}, tolk`).waitFor();
  await isRecorded(citizen, "Jag tolkar nu.");
  await citizen.getByText(new RegExp(`^Läses av: .*${NAME} \\(tolk\\)`)).waitFor();
  await citizen.getByText(new RegExp(`^Ny i samtalet: ${NAME}, tolk. Tillagd av: Testina Bjuvsdotter.*Tolkat möte`)).waitFor();
  await write(citizen, "Tack för hjälpen.");
  await isRecorded(interpreter, "Tack för hjälpen.");
  await look(interpreter, "interpreter-phone");
  await look(citizen, "interpreter-reads-phone");
});

test("who has opened the journal names the interpreter, in every way of writing", async () => {
  await citizen.getByRole("link", { name: "Personer" }).click();
  await card(citizen, NAME).getByText(/^tolk$/).waitFor();
  await languageChoose(citizen, "العربية");
  await card(citizen, NAME).getByText("مترجم شفهي", { exact: true }).waitFor();
  await look(citizen, "interpreter-people-ar-phone");
  await languageChoose(citizen, "Svenska");
  await look(citizen, "interpreter-people-phone");
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await citizen.getByRole("link", { name: "Ärende", exact: false }).first().click();
  await citizen.getByRole("link", { name: "Vem har öppnat min journal" }).click();
  await citizen.locator("li, tr, .card", { hasText: NAME }).getByText(/tolk/).first().waitFor();
  await look(citizen, "interpreter-readers-phone");
});

test("the case's forms are not the interpreter's, and an entry is not theirs to object to", async () => {
  await interpreter.getByRole("link", { name: "Ärendet" }).click();
  await interpreter.getByRole("heading", { name: "Ärendet", exact: true }).waitFor();
  await interpreter.getByRole("link", { name: "Journal", exact: false }).last().waitFor();
  assert.equal(await interpreter.locator("form, textarea").count(), 0);
  await look(interpreter, "interpreter-case-phone");
  await interpreter.getByRole("link", { name: "Till samtalet" }).click();
  await entry(interpreter, "Tack för hjälpen.").getByRole("button", { name: /^Mer om nr/ }).click();
  await entry(interpreter, "Tack för hjälpen.").locator("dl").waitFor();
  assert.equal(await interpreter.getByRole("button", { name: "Jag håller inte med" }).count(), 0);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
