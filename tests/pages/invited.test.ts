// Somebody from outside is let in: with a printed code, without an e-ID; and by personal number. In a stated capacity, from now on
// or with everything, until a caseworker ends it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, loginDone, look, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let paper: Browser;
let third: Browser;
let citizen: Page;
let worker: Page;
let ombud: Page;
let guardian: Page;
let code: string;
const TITLE = "Stöd hemma";
const BEFORE = "Hej! Det här skrev jag först.";

before(async () => {
  stage = await Stage.set();
  paper = await Browser.open({ phone: true });
  third = await Browser.open({ phone: true });
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, BEFORE);
  await take(worker, TITLE);
  await worker.getByRole("link", { name: "Personer" }).click();
});

after(async () => {
  await paper?.close();
  await third?.close();
  await stage?.strike();
});

const send = (page: Page) => page.getByRole("button", { name: "Ta med", exact: true }).last();

async function codeType(page: Page, text: string): Promise<void> {
  await page.getByLabel("Din kod").fill(text);
  await page.getByRole("button", { name: "Logga in med koden" }).click();
}

test("a caseworker lets an ombud in with a code that is shown once", async () => {
  await worker.getByText("Ta med någon utanför kommunen").click();
  await send(worker).click();
  await worker.getByRole("alert").getByText("Skriv namnet.").waitFor();
  await worker.getByLabel("Namn", { exact: true }).fill("Test Ombudsson");
  await worker.getByLabel("Personnummer, tolv siffror").fill("199001152398");
  await send(worker).click();
  await worker.getByRole("alert").getByText(/^Personnumret stämmer inte/).waitFor();
  await worker.getByRole("radio", { name: "Med en utskriven kod" }).check();
  await look(worker, "invite-code-desk");
  await send(worker).click();
  const sheet = worker.getByRole("dialog");
  code = await sheet.locator("code").innerText();
  assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  await sheet.getByText(stage.installation.pagesUrl("bjuv", "citizen"), { exact: false }).waitFor();
  await look(worker, "code-sheet-desk");
  await worker.emulateMedia({ media: "print" });
  assert.ok(await sheet.locator("code").isVisible(), "the code is on paper");
  assert.ok(!await worker.getByRole("heading", { name: "Mina samtal" }).isVisible(), "and nothing else is");
  await screenshot(worker, "code-sheet-print");
  await worker.emulateMedia({ media: null });
  await sheet.getByRole("button", { name: "Klart" }).click();
  await worker.locator(".people-part .card", { has: worker.getByText("Test Ombudsson") }).getByText("Har inte öppnat samtalet än").waitFor();
  assert.equal(await worker.getByText(code).count(), 0);
});

test("a wrong code is refused; the right one lets in once, whatever its case and spaces", async () => {
  ombud = await paper.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await ombud.getByText("Jag har en kod").click();
  await codeType(ombud, "ABCD-EFGH-0123-4567");
  await ombud.getByText(/Koden stämmer inte/).waitFor();
  await look(ombud, "code-wrong-phone");
  assert.equal(await ombud.getByLabel("Din kod").inputValue(), "ABCD-EFGH-0123-4567", "what was typed can be mended");
  await codeType(ombud, code.toLowerCase().replaceAll("-", "  "));
  await ombud.getByRole("heading", { name: "Mina samtal" }).waitFor();
  const another = await third.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await another.getByText("Jag har en kod").click();
  await codeType(another, code);
  await another.getByText(/Koden är använd eller för gammal/).waitFor();
  await another.close();
});

test("who came later reads from then on, and is shown with capacity and level", async () => {
  await ombud.getByRole("link", { name: new RegExp(TITLE) }).click();
  await ombud.getByText("Det som skrevs innan du kom med visas inte för dig.").waitFor();
  await ombud.getByText(/^Läses av: Testa Förälder \(medborgare\) och Testina Bjuvsdotter \(handläggare\)$/).waitFor();
  assert.equal(await ombud.getByText(BEFORE).count(), 0);
  await write(ombud, "Jag är ombud nu.");
  await entry(citizen, "Jag är ombud nu.").getByText("Test Ombudsson, ombud").waitFor();
  await entry(citizen, "Jag är ombud nu.").getByText("Tillitsnivå 1").waitFor();
  await isRecorded(citizen, "Jag är ombud nu.");
  await citizen.getByText(/^Ny i samtalet: Test Ombudsson, ombud. Tillagd av: Testina Bjuvsdotter/).waitFor();
  await write(citizen, "Välkommen.");
  await isRecorded(ombud, "Välkommen.");
  await look(ombud, "invited-phone");
  await ombud.reload();
  await entry(ombud, "Välkommen.").waitFor();
  assert.equal(await ombud.getByText("Samtalet kan inte läsas på den här enheten än.", { exact: false }).count(), 0);
  // It is another's case: nothing there speaks to the ombud as if it were theirs.
  await ombud.getByRole("link", { name: "Ärendet" }).click();
  await ombud.getByRole("heading", { name: "Ärendet", exact: true }).waitFor();
  await ombud.getByText("Du kan fråga om det finns något i ärendet som inte visas för dig.").waitFor();
  await ombud.getByText("Läses av: Testa Förälder (medborgare) och Testina Bjuvsdotter (handläggare)").waitFor();
  assert.match(await ombud.locator("#case-ask").inputValue(), /^Finns det något i ärendet /);
  assert.equal(await ombud.getByText(/Ditt ärende|mitt ärende|För dig/).count(), 0);
  await look(ombud, "invited-case-phone");
  await ombud.getByRole("link", { name: "Till samtalet" }).click();
  await ombud.getByRole("link", { name: "Journal" }).click();
  await ombud.getByText("Det som skrevs innan du kom med visas inte för dig.").first().waitFor();
  await look(ombud, "invited-journal-phone");
});

test("a guardian by personal number: warned about two in one room, and reads everything with the e-ID", async () => {
  await worker.getByText("Ta med någon utanför kommunen").click();
  await worker.getByLabel("I vilken egenskap").selectOption("GUARDIAN");
  await worker.getByText(/^Två vårdnadshavare ska ha var sitt rum/).waitFor();
  await worker.getByLabel("Namn", { exact: true }).fill("Test Testsson");
  await worker.getByRole("radio", { name: "Med e‑legitimation" }).check();
  await worker.getByLabel("Personnummer, tolv siffror").fill("19900115-2397");
  await worker.getByRole("radio", { name: "Allt, också" }).check();
  await send(worker).click();
  await worker.getByRole("alert").getByText("Kryssa i att du har kontrollerat det.").waitFor();
  await look(worker, "invite-guardian-desk");
  await worker.getByRole("checkbox", { name: "Här är redan en medborgare" }).check();
  await send(worker).click();
  await worker.locator(".people-part .card", { has: worker.getByText("Test Testsson") }).waitFor();
  guardian = await third.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(guardian, "test.testsson");
  await guardian.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(guardian, BEFORE).waitFor();
  await write(guardian, "Jag läser allt.");
  await entry(citizen, "Jag läser allt.").getByText("Test Testsson, vårdnadshavare").waitFor();
});

test("an access is ended: no more words, no alarm, and the citizen sees it", async () => {
  const card = worker.locator(".people-part .card", { has: worker.getByText("Test Ombudsson") });
  await card.getByRole("button", { name: "Ny kod" }).waitFor();
  await card.getByRole("button", { name: /^Avsluta tillgången/ }).click();
  await worker.getByRole("dialog").getByRole("button", { name: "Avsluta tillgången" }).click();
  await citizen.getByText(/^Inte längre med: Test Ombudsson. Avslutat av: Testina Bjuvsdotter/).waitFor();
  await write(citizen, "Nu är vi färre.");
  await isRecorded(guardian, "Nu är vi färre.");
  await ombud.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await ombud.getByRole("link", { name: new RegExp(`${TITLE}.*Du är inte längre med i det här samtalet`, "s") }).click();
  await ombud.getByText("Du är inte längre med i det här samtalet.").waitFor();
  assert.equal(await ombud.getByText("Nu är vi färre.").count(), 0);
  assert.equal(await ombud.getByText("Något stämmer inte").count(), 0);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
