// Who is in a conversation: everybody sees it; a caseworker takes a colleague along and hands the conversation over, and the
// journal says why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, languageChoose, loginDone, look } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let other: Browser;
let citizen: Page;
let worker: Page;
let colleague: Page;
const TITLE = "Skolan";
const WHY = "Jag går på föräldraledighet.";
const OFFLINE = "Skrivet utan nät.";
const HALF = "En mening som aldrig";

before(async () => {
  stage = await Stage.set();
  other = await Browser.open({ phone: false });
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej! Jag behöver hjälp.");
  await take(worker, TITLE);
  await write(worker, "Hej! Jag läser.");
  await isRecorded(citizen, "Hej! Jag läser.");
});

after(async () => {
  await other?.close();
  await stage?.strike();
});

const people = (page: Page) => page.getByRole("link", { name: "Personer" }).click();
const person = (page: Page, name: string | RegExp) => page.locator(".card", { has: page.getByText(name) });

test("who reads is said where one writes, and who is in it on a page of its own", async () => {
  await citizen.getByText(/^Läses av: Testina Bjuvsdotter \(handläggare\)$/).waitFor();
  await worker.getByText(/^Läses av: Testa Förälder \(medborgare\)$/).waitFor();
  await look(worker, "reads-desk");
  await people(citizen);
  const row = person(citizen, "Testina Bjuvsdotter");
  await row.getByText(/^Socialsekreterare, /).waitFor();
  await row.getByText(/^Nivå 3/).waitFor();
  await row.getByText("Kan läsa allt från början").waitFor();
  await row.getByText(/^Med sedan /).waitFor();
  assert.equal(await citizen.getByText("Lämna över samtalet").count(), 0, "a citizen changes nothing");
  await look(citizen, "people-phone");
  await languageChoose(citizen, "العربية");
  await look(citizen, "people-ar-phone");
  await languageChoose(citizen, "Svenska");
});

test("a colleague who has never logged in is in the list, and comes along", async () => {
  await people(worker);
  await worker.getByText("Ta med en kollega").click();
  await worker.getByRole("button", { name: "Ta med", exact: true }).click();
  await worker.getByRole("alert").getByText("Välj vem.").waitFor();
  await worker.getByLabel("Kollega", { exact: true }).selectOption({ index: 1 });
  await worker.locator("#add-why").fill("Vi är två i ärendet.");
  await look(worker, "people-add-desk");
  await worker.getByRole("button", { name: "Ta med", exact: true }).click();
  await citizen.locator(".people-part .card").nth(2).waitFor();
  const row = citizen.locator(".people-part .card").nth(2);
  await row.getByText(/^kollega, /).waitFor();
  await row.getByText("Har inte öppnat samtalet än").waitFor();
  colleague = await other.tab(stage.installation.pagesUrl("bjuv", "staff"));
  await loginDone(colleague, "bjuv.handlaggare2");
  await colleague.getByRole("link", { name: new RegExp(TITLE) }).locator(".badge").waitFor();
  await colleague.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(colleague, "Hej! Jag behöver hjälp.").waitFor();
  await row.getByText("Kan läsa allt från början").waitFor();
});

test("an access is ended by keyboard alone, and the colleague is told", async () => {
  await colleague.context().setOffline(true);
  await colleague.getByText(/^Ingen kontakt just nu/).waitFor();
  await write(colleague, OFFLINE);
  await entry(colleague, OFFLINE).getByText("Väntar på nät").waitFor();
  await colleague.getByLabel("Skriv ett meddelande").fill(HALF);
  await worker.getByRole("button", { name: /^Avsluta tillgången för / }).focus();
  await worker.keyboard.press("Enter");
  await worker.getByRole("dialog").getByLabel("Grund").waitFor();
  await look(worker, "people-end-desk");
  await worker.keyboard.press("Escape");
  await worker.getByRole("dialog").waitFor({ state: "detached" });
  await worker.getByRole("button", { name: /^Avsluta tillgången för / }).focus();
  await worker.keyboard.press("Enter");
  await worker.getByRole("dialog").getByRole("button", { name: "Avsluta tillgången" }).focus();
  await worker.keyboard.press("Enter");
  await citizen.getByRole("heading", { name: "Har varit med" }).waitFor();
  await colleague.context().setOffline(false);
  await colleague.locator(".why").getByText("Du är inte längre med i det här samtalet.").waitFor();
  await colleague.locator(".why:focus").waitFor();
});

test("what the colleague had written and not sent is told in the list, and is there to be copied until it is taken away", async () => {
  await colleague.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await colleague.getByRole("link", { name: new RegExp(`${TITLE}.*Du är inte längre med.*Kunde inte skickas`, "s") }).click();
  const draft = entry(colleague, OFFLINE);
  await draft.getByRole("button", { name: "Kopiera" }).waitFor();
  assert.equal(await draft.getByRole("button", { name: "Skicka igen" }).count(), 0);
  const unsent = colleague.getByRole("region", { name: "Det här skrev du, men det är inte skickat" });
  await unsent.getByText(HALF, { exact: true }).waitFor();
  await look(colleague, "people-unsent-desk");
  await draft.getByRole("button", { name: "Ta bort" }).click();
  await draft.waitFor({ state: "detached" });
  await colleague.locator(".why:focus").waitFor();
  await colleague.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await colleague.getByRole("link", { name: new RegExp(`${TITLE}.*Du är inte längre med.*Kunde inte skickas`, "s") }).click();
  await unsent.getByText(HALF, { exact: true }).waitFor();
  await unsent.getByRole("button", { name: "Ta bort" }).click();
  await unsent.waitFor({ state: "detached" });
  await colleague.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await colleague.getByText("Du har inte tagit något samtal än.").waitFor();
});

test("a conversation is handed over: unread among the new one's, gone from the old one's, and the journal says why", async () => {
  await worker.getByText("Lämna över samtalet").first().click();
  await worker.locator("#hand-who").selectOption({ index: 1 });
  await worker.getByRole("button", { name: "Lämna över", exact: true }).click();
  await worker.getByRole("alert").getByText("Skriv skälet.").waitFor();
  await worker.locator("#hand-why").fill(WHY);
  await worker.getByRole("button", { name: "Lämna över", exact: true }).click();
  await worker.getByRole("dialog").getByText(/^Lämna över till /).waitFor();
  await look(worker, "people-hand-desk");
  await worker.getByRole("dialog").getByRole("button", { name: "Lämna över" }).click();
  await worker.getByText("Du har inte tagit något samtal än.").waitFor();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await citizen.getByText(`Skäl: ${WHY}`).filter({ hasText: "Samtalet är överlämnat" }).waitFor();
  await write(citizen, "Hej på dig som är ny.");
  await colleague.getByRole("link", { name: new RegExp(TITLE) }).locator(".badge").waitFor();
  await colleague.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(colleague, "Hej! Jag behöver hjälp.").waitFor();
  await entry(colleague, "Hej på dig som är ny.").waitFor();
  await write(colleague, "Hej! Nu är det jag.");
  await isRecorded(citizen, "Hej! Nu är det jag.");
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByLabel("Sök i samtalet").fill("lämnat");
  await citizen.getByText(/^Har lämnat samtalet: Testina Bjuvsdotter/).waitFor();
  await look(citizen, "people-journal-phone");
  await worker.getByText("Tagna nyligen").click();
  await worker.getByText(/^Taget av (?!Testina Bjuvsdotter)/).waitFor();
});

test("it is given back to the queue, and another takes it", async () => {
  await people(colleague);
  await colleague.getByText("Lämna över samtalet").first().click();
  await colleague.locator("#hand-who").selectOption("queue");
  await colleague.locator("#hand-why").fill("Fel enhet för mig.");
  await colleague.getByRole("button", { name: "Lämna över", exact: true }).click();
  await colleague.getByRole("dialog").getByText(/^Lämna tillbaka samtalet till kön/).waitFor();
  await colleague.getByRole("dialog").getByRole("button", { name: "Lämna över" }).click();
  await take(worker, TITLE);
  await entry(worker, "Hej på dig som är ny.").waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
