// A caseworker begins a conversation with somebody who has not written: nobody reads it before whom it is about is let in, at a
// visit with a printed code, or by personal number.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, languageChoose, look } from "./browser.ts";
import { entry, isRecorded, Stage, write } from "./stage.ts";

let stage: Stage;
let narrow: Browser;
let worker: Page;
let citizen: Page;
let code: string;
const TITLE = "Efter besöket i dag";
const FIRST = "Hej! Här kan vi skriva till varandra.";

before(async () => {
  stage = await Stage.set();
  narrow = await Browser.open({ phone: true });
  worker = await stage.staffIn("bjuv.handlaggare");
});

after(async () => {
  await narrow?.close();
  await stage?.strike();
});

const send = () => worker.getByRole("button", { name: "Ta med", exact: true }).last();

test("a conversation is begun, also after nothing was written, and a look at another page", async () => {
  await worker.getByRole("link", { name: "Börja ett samtal" }).click();
  await worker.getByRole("button", { name: "Börja samtalet" }).click();
  await worker.getByRole("alert").getByText("Skriv ett första meddelande.").waitFor();
  await worker.getByLabel("Vad gäller det?").fill(TITLE);
  await worker.getByLabel("Första meddelandet").fill(FIRST);
  await look(worker, "begin-desk");
  await worker.goBack();
  await worker.getByRole("link", { name: "Börja ett samtal" }).click();
  assert.equal(await worker.getByLabel("Första meddelandet").inputValue(), FIRST);
  await worker.getByRole("button", { name: "Börja samtalet" }).click();
  await worker.getByText("Ta med den det gäller").waitFor();
  await look(worker, "begun-people-desk");
});

test("it is in the unit's queue as hers, and it says that nobody reads it yet", async () => {
  await worker.getByRole("link", { name: "Till samtalet" }).click();
  await isRecorded(worker, FIRST);
  await worker.getByText("Den det gäller är inte med än, och kan inte läsa det här.").waitFor();
  await look(worker, "begun-room-desk");
  await worker.getByRole("link", { name: "Ta med personen" }).click();
});

test("whom it is about has no e-ID, and is let in with a printed code", async () => {
  assert.equal(await worker.getByLabel("I vilken egenskap").inputValue(), "PARTY");
  await worker.getByLabel("Namn", { exact: true }).fill("Test Testsson");
  await worker.getByRole("radio", { name: "Med en utskriven kod" }).check();
  await worker.locator("#invite-why").fill("Träffades på kontoret, visade pass.");
  await send().click();
  const sheet = worker.getByRole("dialog", { name: "Koden" });
  code = await sheet.locator("code").innerText();
  await sheet.getByRole("button", { name: "Klart" }).click();
  await worker.getByText("Ta med någon utanför kommunen").waitFor();
  const row = worker.locator(".people-part .card", { has: worker.getByText("Test Testsson", { exact: true }) });
  await row.getByText(/^den det gäller/).waitFor();
  await row.getByText(/^Loggar in med en kod/).waitFor();
  await worker.getByText("Ta med någon utanför kommunen").click();
  assert.equal(await worker.locator("#invite-as option[value=PARTY]").count(), 0, "there is one whom it is about");
  await look(worker, "begun-let-in-desk");
});

test("on a telephone the code leads to the conversation, from its first word, and an answer comes back", async () => {
  citizen = await narrow.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.getByText("Jag har en kod").click();
  await citizen.getByLabel("Din kod").fill(code);
  await citizen.getByRole("button", { name: "Logga in med koden" }).click();
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(citizen, FIRST).waitFor();
  await write(citizen, "Hej! Jag hittade hit.");
  await isRecorded(citizen, "Hej! Jag hittade hit.");
  await look(citizen, "begun-phone");
  await languageChoose(citizen, "العربية");
  await look(citizen, "begun-ar-phone");
  await languageChoose(citizen, "Svenska");
  await worker.getByRole("link", { name: "Till samtalet" }).click();
  await entry(worker, "Hej! Jag hittade hit.").waitFor();
  await worker.getByText(/^Läses av: Test Testsson \(den det gäller\)$/).waitFor();
  assert.equal(await worker.getByText("Den det gäller är inte med än").count(), 0);
  await look(worker, "begun-answered-desk");
});

test("by personal number, somebody with an e-ID finds it when they log in", async () => {
  await worker.getByRole("link", { name: "Börja ett samtal" }).click();
  await worker.getByLabel("Vad gäller det?").fill("Som vi sa i telefon");
  await worker.getByLabel("Första meddelandet").fill("Hej! Tack för samtalet.");
  await worker.getByRole("button", { name: "Börja samtalet" }).click();
  await worker.getByLabel("Namn", { exact: true }).fill("Testa Förälder");
  await worker.getByLabel("Personnummer, tolv siffror").fill("198006089240");
  await send().click();
  await worker.getByText("Ta med någon utanför kommunen").waitFor();
  const parent = await stage.citizenIn("test.foralder");
  await parent.getByRole("link", { name: /Som vi sa i telefon/ }).click();
  await entry(parent, "Hej! Tack för samtalet.").waitFor();
  await write(parent, "Hej, jag är inne.");
  await isRecorded(parent, "Hej, jag är inne.");
});

test("what is begun without a network waits, and the person is let in once it has arrived", async () => {
  const { context } = stage.desk;
  await context.setOffline(true);
  await worker.getByRole("link", { name: "Börja ett samtal" }).click();
  await worker.getByLabel("Vad gäller det?").fill("Utan nät");
  await worker.getByLabel("Första meddelandet").fill("Skrivet på ett tåg.");
  await worker.getByRole("button", { name: "Börja samtalet" }).click();
  await worker.getByText(/^Samtalet är sparat här, och har inte kommit fram än\./).waitFor();
  await look(worker, "begun-offline-desk");
  await context.setOffline(false);
  await worker.getByText("Ta med den det gäller").waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
