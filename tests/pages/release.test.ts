// A note of the employees' own room is shown to a party: the employee says where, in which words and on what ground; the party reads it
// in the conversation and in the journal, in their language; nobody else hears of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, languageChoose, loginDone, look, smallTargets } from "./browser.ts";
import { conversationNew, entry, holds, isRecorded, journalBegin, journalSave, Stage, take, write } from "./stage.ts";

let stage: Stage;
let secondPhone: Browser;
let mother: Page;
let father: Page;
let worker: Page;
const NOTE = "Skolan ringde. Rektorn Rekt Rektorsson berättade att pappan hämtar för sent.";
const MASKED = "Skolan ringde och berättade att […] hämtar för sent.";

before(async () => {
  stage = await Stage.set();
  secondPhone = await Browser.open({ phone: true });
  mother = await stage.citizenIn("test.foralder");
  father = await secondPhone.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(father, "test.testsson");
  worker = await stage.staffIn("bjuv.handlaggare");
  await conversationNew(mother, "Skolan", "Jag vill läsa det som är antecknat om mig.");
  await take(worker, "Skolan");
  await conversationNew(father, "Boendet", "Hej från pappa.");
  await take(worker, "Boendet");
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await worker.getByRole("button", { name: "Öppna ett rum för personalen" }).click();
  await strip(worker).getByRole("link", { name: "Bara personal" }).and(worker.locator("[aria-current]")).waitFor();
  await strip(worker).getByRole("link", { name: "Test Testsson: Boendet" }).click();
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await worker.getByLabel("Lägg till ett samtal i ärendet").selectOption({ label: "Testa Förälder: Skolan" });
  await worker.getByRole("button", { name: "Lägg till", exact: true }).click();
  await strip(worker).getByRole("link", { name: "Testa Förälder: Skolan" }).waitFor();
  await strip(worker).getByRole("link", { name: "Bara personal" }).click();
  await journalBegin(worker, "Journalanteckning");
  await worker.getByLabel("Anteckning").fill(NOTE);
  await journalSave(worker);
  await isRecorded(worker, NOTE);
});

after(async () => {
  await secondPhone?.close();
  await stage?.strike();
});

const strip = (page: Page) => page.getByRole("navigation", { name: "Ärendets rum" });
const form = (page: Page) => page.getByRole("form", { name: "Visa för en part" });

async function showBegin(page: Page): Promise<void> {
  await entry(page, NOTE).getByRole("button", { name: /^Mer om nr/ }).click();
  await page.getByRole("button", { name: "Visa för en part" }).click();
  await form(page).waitFor();
}

test("a party is chosen, and who reads it stands there before it is shown; a changed text is not shown as if it were whole", async () => {
  await showBegin(worker);
  await form(worker).getByRole("button", { name: "Visa nu" }).click();
  await form(worker).getByRole("alert").getByText(/^Välj ett samtal/).waitFor();
  await form(worker).getByLabel("I vilket samtal?").selectOption({ label: "Testa Förälder: Skolan" });
  await form(worker).getByText(/^Läses genast av: Testa Förälder/).waitFor();
  assert.equal(await form(worker).getByLabel("Texten som visas").inputValue(), NOTE);
  await form(worker).getByLabel("Texten som visas").fill(MASKED);
  await form(worker).getByRole("button", { name: "Visa nu" }).click();
  await form(worker).getByRole("alert").getByText(/^Texten är ändrad/).waitFor();
  assert.equal(await worker.locator(".said").count(), 0);
});

test("with its ground, and as an answer to what the party has asked, it is shown; the staff room says so beside the note", async () => {
  await form(worker).getByLabel("Något är utelämnat").check();
  await form(worker).getByLabel("På vilken grund?").fill("26 kap. 1 § OSL");
  await form(worker).getByLabel("Svar på en begäran").selectOption({ index: 1 });
  const chosen = (label: string) => form(worker).getByLabel(label).locator("option:checked").innerText();
  const asked = await chosen("Svar på en begäran");
  for (const [page, first] of [[father, "Test Testsson: Boendet"], [mother, "Testa Förälder: Skolan"]] as const) {
    await write(page, "Hej igen.");
    await form(worker).getByLabel("I vilket samtal?").locator("option").nth(1).getByText(first).waitFor({ state: "attached" });
    assert.equal(await chosen("I vilket samtal?"), "Testa Förälder: Skolan");
  }
  await form(worker).getByLabel("Svar på en begäran").getByText(/Hej igen/).waitFor({ state: "attached" });
  assert.equal(await chosen("Svar på en begäran"), asked);
  await form(worker).scrollIntoViewIfNeeded();
  await look(worker, "release-form-desk");
  assert.deepEqual(await smallTargets(worker), []);
  await worker.context().setOffline(true);
  await form(worker).getByRole("button", { name: "Visa nu" }).click();
  await worker.getByText("Sparat här. Det skickas så snart det går.").waitFor();
  assert.equal(await worker.getByText("Sparat. Texten visas i samtalet.").count(), 0);
  await worker.context().setOffline(false);
  await worker.getByText("Sparat. Texten visas i samtalet.").waitFor();
  const said = worker.locator(".entry", { hasText: NOTE }).locator(".said");
  await said.getByText(/^Visat för Testa Förälder \(Skolan\)/).waitFor();
  await said.getByText(/Delar är utelämnade: 26 kap\. 1 § OSL/).waitFor();
  await said.scrollIntoViewIfNeeded();
  await look(worker, "release-shown-desk");
});

test("the party reads it in the conversation: when and by whom it was noted, that parts are left out, and what it answers", async () => {
  const shown = entry(mother, MASKED);
  await shown.getByText(/^Antecknat .+ av .+, visat här .+\. Delar är utelämnade: 26 kap\. 1 § OSL$/).waitFor();
  await shown.getByRole("button", { name: /^Gäller nr/ }).waitFor();
  await isRecorded(mother, MASKED);
  await shown.scrollIntoViewIfNeeded();
  await look(mother, "release-read-phone");
  assert.doesNotMatch(await mother.locator("body").innerText(), /Rektorsson|Bara personal|Ärendets rum/);
});

test("and objects to it, as to everything", async () => {
  await entry(mother, MASKED).getByRole("button", { name: /^Mer om nr/ }).click();
  await mother.getByRole("button", { name: "Jag håller inte med" }).click();
  await mother.getByLabel("Vad stämmer inte?").fill("Jag hämtar i tid.");
  await mother.getByRole("button", { name: "Spara det jag har skrivit" }).click();
  await entry(mother, MASKED).getByRole("button", { name: /^Invändning i nr/ }).waitFor();
});

test("in the journal it stands in their language, on a small screen and on a large one", async () => {
  await mother.getByRole("link", { name: "Journal" }).click();
  await mother.locator(".record", { hasText: MASKED }).getByText(/^Antecknat .+ av/).waitFor();
  await mother.locator(".record", { hasText: MASKED }).scrollIntoViewIfNeeded();
  await look(mother, "release-journal-phone");
  for (const [name, words, tag] of [["English", /^Noted .+ by .+, shown here .+\. Parts are left out: /, "en"], ["العربية", /كُتب في .+ بعض الأجزاء غير معروضة/, "ar"]] as const) {
    await languageChoose(mother, name);
    await mother.locator(".record", { hasText: MASKED }).getByText(words).waitFor();
    await mother.locator(".record", { hasText: MASKED }).scrollIntoViewIfNeeded();
    await look(mother, `release-journal-${tag}-phone`);
    await mother.setViewportSize({ width: 1280, height: 800 });
    await look(mother, `release-journal-${tag}-desk`);
    await mother.setViewportSize({ width: 360, height: 740 });
  }
  await mother.locator("a.back").click();
  await entry(mother, MASKED).scrollIntoViewIfNeeded();
  await look(mother, "release-read-ar-phone");
  await languageChoose(mother, "Svenska");
  await mother.setViewportSize({ width: 1280, height: 800 });
  await look(mother, "release-read-desk");
});

test("the other party hears nothing of it", async () => {
  const seen = await father.locator("body").innerText();
  assert.doesNotMatch(seen, /Skolan|Rektorsson|Antecknat/);
});

test("the staff room's journal says it, too, as what is saved of it does", async () => {
  await worker.getByRole("link", { name: "Journal" }).click();
  await worker.locator(".record", { hasText: NOTE }).getByText(/^Visat för Testa Förälder \(Skolan\)/).waitFor();
  await worker.locator(".record", { hasText: NOTE }).scrollIntoViewIfNeeded();
  await look(worker, "release-staff-journal-desk");
  const [saved] = await Promise.all([worker.waitForEvent("download"), worker.getByRole("button", { name: "Spara som fil" }).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer);
  assert.match(Buffer.concat(chunks).toString(), /Gäller nr \d+\. Visat för Testa Förälder \(Skolan\) .+ Delar är utelämnade: 26 kap\. 1 § OSL/);
  await worker.getByRole("link", { name: "Till samtalet" }).click();
});

test("the words are in the form until they stand in the conversation", async () => {
  const note = worker.locator(".entry", { hasText: NOTE });
  const less = "Skolan ringde.";
  await showBegin(worker);
  assert.equal(await form(worker).getByLabel("Texten som visas").inputValue(), NOTE, "what stands there is not written once more");
  await form(worker).getByLabel("I vilket samtal?").selectOption({ label: "Testa Förälder: Skolan" });
  await form(worker).getByLabel("Texten som visas").fill(less);
  await form(worker).getByLabel("Något är utelämnat").check();
  await form(worker).getByLabel("På vilken grund?").fill("26 kap. 1 § OSL");
  await worker.context().setOffline(true);
  await form(worker).getByRole("button", { name: "Visa nu" }).click();
  await worker.getByRole("button", { name: "Visa för en part" }).click();
  await holds(form(worker).getByLabel("Texten som visas"), less);
  await form(worker).getByRole("button", { name: "Avbryt" }).click();
  await worker.context().setOffline(false);
  await note.locator(".said").getByText(/^Visat för/).nth(1).waitFor();
  await worker.getByRole("button", { name: "Visa för en part" }).click();
  await holds(form(worker).getByLabel("Texten som visas"), NOTE);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
