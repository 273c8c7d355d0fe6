// "Mina ärenden": the list tells, of each conversation that has a case, where it is, what happens next, what there is to do and when one
// meets; and leads to the conversation and to the case in one press each.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { languageChoose, look, screenshotWhole, smallTargets } from "./browser.ts";
import { conversationNew, day, isRecorded, journalBegin, journalSave, Stage, take, write } from "./stage.ts";

const CALM = "En annan fråga";
const TITLE = "Oro för mitt barn";
const NEXT = "Vi ringer dig om ett besök.";

let stage: Stage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  for (const title of [CALM, TITLE]) {
    await conversationNew(citizen, title, `Hej, det gäller: ${title}.`);
    await isRecorded(citizen, `Hej, det gäller: ${title}.`);
    await citizen.getByRole("link", { name: "Tillbaka" }).click();
  }
  await take(worker, TITLE);
  await isRecorded(worker, `Hej, det gäller: ${TITLE}.`);
});

after(() => stage?.strike());

const row = (title: string) => citizen.locator("enrum-home li", { hasText: title });
const fact = (name: string) => row(TITLE).locator("dl > div").filter({ has: citizen.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd");

test("a list without a case says no more than who and what was said last", async () => {
  await row(TITLE).getByText("Med Testina Bjuvsdotter").waitFor();
  await citizen.getByRole("heading", { name: "Mina samtal" }).waitFor();
  assert.equal(await citizen.locator("enrum-case-now").count(), 0);
  await look(citizen, "mycases-calm-360");
});

test("where the case is, what happens next, by when and by whom is there as soon as staff have said it", async () => {
  await journalBegin(worker, "Var ärendet är");
  await worker.getByLabel("Vad det är").selectOption({ label: "Oro för ett barn" });
  await worker.getByLabel("Steg").selectOption({ label: "Utredning" });
  await worker.getByLabel("Senast").fill(day(5));
  await worker.getByLabel("Av vem").fill("Testina");
  await worker.getByLabel("Vad händer härnäst?").fill(NEXT);
  await journalSave(worker);
  await fact("Här är ärendet nu").getByText("Utredning", { exact: true }).waitFor();
  for (const words of [NEXT, "5 dagar kvar", "Görs av Testina"]) await fact("Vad händer härnäst").getByText(words).waitFor();
  await fact("Att göra").getByText("Inget att göra just nu.", { exact: true }).waitFor();
  assert.equal(await fact("Möte").count(), 0);
  await citizen.getByRole("heading", { name: "Mina ärenden" }).waitFor();
  assert.equal(await row(CALM).locator("enrum-case-now").count(), 0, "the other one is as calm as before");
});

test("what there is to do comes first by its day, and how much more there is", async () => {
  for (const [text, days] of [["Skicka en kopia av hyresavin.", 9], ["Skriv när du kan träffas.", 2]] as const) {
    await journalBegin(worker, "Något att göra");
    await worker.getByLabel("Vad ska göras?").fill(text);
    await worker.getByLabel("Senast").fill(day(days));
    await journalSave(worker);
  }
  await fact("Att göra").getByText("Skriv när du kan träffas.").waitFor();
  await fact("Att göra").getByText("2 dagar kvar").waitFor();
  await fact("Att göra").getByText("Och mer att göra: 1").waitFor();
});

test("the next meeting is there, and not one that is called off", async () => {
  for (const [days, text] of [[3, "Vi ses"], [1, "Telefontid"]] as const) {
    await journalBegin(worker, "Möte");
    await worker.getByLabel("Börjar").fill(`${day(days)}T10:00`);
    await worker.getByLabel("Slutar").fill(`${day(days)}T11:00`);
    await worker.getByLabel("Vad gäller mötet?").fill(text);
    await journalSave(worker);
  }
  await fact("Möte").getByText("Telefontid").waitFor();
  await worker.getByRole("link", { name: /^Ärendet/ }).click();
  const off = worker.locator("li.card", { hasText: "Telefontid" });
  await off.getByRole("button", { name: /^Ställ in/ }).click();
  await off.getByRole("button", { name: "Ställ in", exact: true }).click();
  await fact("Möte").getByText("Vi ses").waitFor();
  await fact("Möte").getByText("Videosamtal här").waitFor();
  await worker.getByRole("link", { name: "Till samtalet" }).click();
});

test("a question that was asked waits for an answer, until one has written", async () => {
  await write(worker, "När kan du komma? Hör av dig.");
  await write(worker, "Vi har öppet till fem.");
  await fact("Att göra").getByText("Det finns en fråga att svara på i samtalet.").waitFor();
  await look(citizen, "mycases-360");
  await screenshotWhole(citizen, "mycases-360");
  assert.deepEqual(await smallTargets(citizen), []);
  await citizen.setViewportSize({ width: 1280, height: 900 });
  await look(citizen, "mycases-1280");
  await citizen.setViewportSize({ width: 360, height: 740 });
  for (const [language, name] of [["English", "en"], ["العربية", "ar"]] as const) {
    await languageChoose(citizen, language);
    await look(citizen, `mycases-${name}-360`);
    await screenshotWhole(citizen, `mycases-${name}-360`);
    await citizen.setViewportSize({ width: 1280, height: 900 });
    await look(citizen, `mycases-${name}-1280`);
    await citizen.setViewportSize({ width: 360, height: 740 });
  }
  await languageChoose(citizen, "Svenska");
  await row(TITLE).getByRole("link", { name: new RegExp(TITLE) }).click();
  // A voice or a picture is an answer as well as words.
  await citizen.locator("enrum-composer input.files").setInputFiles({ name: "svar.txt", mimeType: "text/plain", buffer: Buffer.from("I morgon.") });
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  await worker.locator("enrum-attachment", { hasText: "svar.txt" }).waitFor();
  // An address with a question mark asks nothing.
  await write(worker, "Här står mer: http://127.0.0.1/bokning?id=3");
  await citizen.locator(".entry", { hasText: "bokning" }).waitFor();
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await fact("Att göra").getByText("Skriv när du kan träffas.").waitFor();
  await fact("Att göra").getByText("Det finns en fråga").waitFor({ state: "detached" });
});

test("the case's page is one press away, and what is done there is gone from the list", async () => {
  const link = row(TITLE).getByRole("link", { name: "Ditt ärende", exact: true });
  assert.match(await link.evaluate((element) => document.getElementById(element.getAttribute("aria-describedby") ?? "")?.textContent ?? ""), new RegExp(TITLE));
  await link.click();
  await citizen.getByRole("heading", { name: "Ditt ärende" }).waitFor();
  await citizen.locator("li.card", { hasText: "Skriv när du kan träffas." }).getByRole("button", { name: /^Det är gjort/ }).click();
  await citizen.getByRole("status").getByText("Klart: Skriv när du kan träffas.", { exact: true }).waitFor({ state: "attached" });
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await fact("Att göra").getByText("Skicka en kopia av hyresavin.").waitFor();
  assert.equal(await fact("Att göra").getByText(/mer att göra/).count(), 0);
});

test("what was done without a network is not there to be done again", async () => {
  await row(TITLE).getByRole("link", { name: "Ditt ärende", exact: true }).click();
  await citizen.context().setOffline(true);
  await citizen.getByText(/^Ingen kontakt just nu/).waitFor();
  await citizen.locator("li.card", { hasText: "Skicka en kopia av hyresavin." }).getByRole("button", { name: /^Det är gjort/ }).click();
  await citizen.evaluate(() => location.hash = "#/");
  await fact("Att göra").getByText("Inget att göra just nu.", { exact: true }).waitFor();
  await citizen.context().setOffline(false);
  await citizen.getByText(/^Ingen kontakt just nu/).waitFor({ state: "detached" });
  await worker.getByRole("link", { name: /^Ärendet/ }).click();
  await worker.locator("li.card", { hasText: "Skicka en kopia av hyresavin." }).getByText(/^Klart/).waitFor({ state: "attached" });
  await fact("Att göra").getByText("Inget att göra just nu.", { exact: true }).waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
