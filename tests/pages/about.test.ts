// What stands behind an entry, "Jag håller inte med", and corrections: beside the original, for good.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { look } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLE = "Skolan";
const SAID = "Mamma har sagt att hon inte vill ha stöd.";
const OBJECTION = "Det har jag inte sagt. Jag sa att jag ville tänka på saken.";

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej! Jag behöver hjälp.");
  await take(worker, TITLE);
  await write(worker, SAID);
  await isRecorded(citizen, SAID);
});

after(() => stage?.strike());

const more = (page: Page, text: string) => entry(page, text).getByRole("button", { name: /^Mer om nr/ });

test("an entry tells who wrote it, how sure that is, when it was recorded, who has opened it, and what proves it", async () => {
  await more(citizen, SAID).click();
  const facts = entry(citizen, SAID).locator("dl");
  await facts.getByText("Testina Bjuvsdotter, Socialsekreterare").waitFor();
  await facts.getByText(/^Nivå 3/).waitFor();
  await facts.getByText(/, i nr \d+$/).waitFor();
  assert.match(await facts.locator("code").innerText(), /^[0-9a-f]{64}$/);
  const fact = (name: string) => facts.locator(`dt:text-is("${name}") + dd`);
  assert.match(await fact("Kom in").innerText(), /^\d{1,2} \S+ \d{4}.*\d\d[.:]\d\d$/);
  assert.equal(await fact("Nr").innerText(), /\d+$/.exec(await more(citizen, SAID).getAttribute("aria-label") ?? "")?.[0]);
  await fact("Öppnat av").locator("li").filter({ hasText: /^Du, .*\d\d[.:]\d\d$/ }).waitFor();
  await look(citizen, "about-entry-phone");
  await entry(citizen, SAID).getByRole("button", { name: /^Mer om nr/ }).click();
  await more(worker, SAID).click();
  await entry(worker, SAID).locator('dt:text-is("Öppnat av") + dd li').getByText(/^Testa Förälder/).waitFor();
  assert.equal(await entry(worker, SAID).getByRole("button", { name: "Jag håller inte med" }).count(), 0);
  await look(worker, "about-entry-desk");
});

test("a citizen does not agree: it stands beside the entry on both screens, and in the journal", async () => {
  await more(citizen, SAID).click();
  await entry(citizen, SAID).getByRole("button", { name: "Jag håller inte med" }).click();
  await citizen.getByRole("button", { name: "Avbryt" }).click();
  await citizen.locator("button:focus", { hasText: /^Jag håller inte med$/ }).waitFor();
  await citizen.keyboard.press("Enter");
  await citizen.getByLabel("Vad stämmer inte?").fill(OBJECTION);
  await look(citizen, "objection-writing-phone");
  // Half written, it is there again for whoever has looked at something else.
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await more(citizen, SAID).click();
  await entry(citizen, SAID).getByRole("button", { name: "Jag håller inte med" }).click();
  assert.equal(await citizen.getByLabel("Vad stämmer inte?").inputValue(), OBJECTION);
  await citizen.getByRole("button", { name: "Spara det jag har skrivit" }).click();
  // What is still being written is a text of the page too, within the entry that it is about.
  await citizen.getByLabel("Vad stämmer inte?").waitFor({ state: "detached" });
  for (const page of [citizen, worker]) {
    await isRecorded(page, OBJECTION);
    await entry(page, SAID).getByRole("button", { name: /^Invändning i nr/ }).waitFor();
    await entry(page, OBJECTION).getByText(/^Håller inte med om nr/).waitFor();
  }
  await look(citizen, "objection-phone");
  for (const page of [citizen, worker]) {
    await page.getByRole("link", { name: "Journal" }).click();
    await page.locator(".record", { hasText: SAID }).locator(".said", { hasText: OBJECTION }).waitFor();
  }
  await look(citizen, "objection-journal-phone");
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await worker.getByRole("link", { name: "Till samtalet" }).click();
});

test("who wrote something corrects it beside the original; nobody else may", async () => {
  await more(worker, SAID).click();
  await entry(worker, SAID).getByRole("button", { name: "Rätta" }).click();
  await worker.getByLabel("Så här ska det stå").fill("Mamma vill tänka på saken.");
  await worker.getByRole("button", { name: "Spara rättelsen" }).click();
  await isRecorded(citizen, "Mamma vill tänka på saken.");
  await entry(citizen, SAID).waitFor();
  await entry(citizen, SAID).getByRole("button", { name: /^Rättat i nr/ }).click();
  await more(citizen, "Hej! Jag behöver hjälp.").click();
  await entry(citizen, "Hej! Jag behöver hjälp.").getByRole("button", { name: "Rätta" }).waitFor();
  await look(citizen, "correction-phone");
});

test("the journal is searched, says who has opened it, and is kept as a file that says nothing by its name", async () => {
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByLabel("Sök i samtalet").fill("TÄNKA PÅ SAKEN");
  await citizen.getByText("2 träffar").waitFor();
  assert.equal(await citizen.locator(".record").count(), 2);
  await citizen.getByLabel("Sök i samtalet").fill("");
  await citizen.getByText("Vem har öppnat journalen").click();
  const reader = citizen.locator(".readers-of li", { hasText: "Testina Bjuvsdotter" });
  await reader.getByText(/^Kunde läsa från /).waitFor();
  await reader.getByText("Öppnat", { exact: true }).waitFor();
  await reader.getByText(/^Läst till och med nr \d+$/).waitFor();
  await look(citizen, "journal-readers-phone");
  const [file] = await Promise.all([citizen.waitForEvent("download"), citizen.getByRole("button", { name: "Spara som fil" }).click()]);
  assert.match(file.suggestedFilename(), /^\d{4}-\d\d-\d\d\.txt$/);
  const text = readFileSync(await file.path(), "utf8");
  for (const said of [SAID, OBJECTION, "Hej! Jag behöver hjälp."]) assert.ok(text.includes(`    ${said}\n`), text);
  // What one does not agree with is printed where it stands; and who wrote it, as what, and how sure that is.
  const objected = text.split("\n\n").find((record) => record.includes(`\n    ${SAID}\n`)) ?? "";
  assert.match(objected, /^Nr \d+\. .*\nSkrivet av: Testina Bjuvsdotter, Socialsekreterare, Mottagningen, Socialnämnden i Bjuv\. Nivå 3: [^\n]+\.\n/);
  const number = /^Nr (\d+)/.exec(objected)?.[1];
  assert.match(objected, new RegExp(`\\n    Du: Håller inte med om nr ${number} \\(Nr \\d+\\)\\n        ${OBJECTION}\\n    Testina Bjuvsdotter: Rättar nr ${number} \\(Nr \\d+\\)\\n        Mamma vill tänka på saken\\.\\nFingeravtryck `));
  assert.match(text, /\nSkrivet av: Testa Förälder, Medborgare\. Nivå 3: /);
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
});

test("a record of the journal opens to the same facts, and one says there that one does not agree", async () => {
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByLabel("Sök i samtalet").fill(SAID);
  const record = citizen.locator(".record", { has: citizen.getByText(SAID, { exact: true }) }).first();
  await record.getByRole("button", { name: /^Mer om nr/ }).click();
  for (const name of ["Skrivet av", "Hur säkert vi vet vem", "Kom in", "Nr", "Journalförd", "Öppnat av", "Bevis"]) await record.locator(`dt:text-is("${name}") + dd`).waitFor();
  await record.getByRole("button", { name: "Jag håller inte med" }).waitFor();
  await look(citizen, "journal-about-phone");
  await record.getByRole("button", { name: /^Mer om nr/ }).click();
  await record.locator("dl").waitFor({ state: "detached" });
  // What programs note of the record is nobody's word to object to.
  await citizen.getByLabel("Sök i samtalet").fill("journalförde till och med");
  await citizen.getByRole("button", { name: /^Mer om nr/ }).first().click();
  await citizen.locator(".record dl").waitFor();
  assert.equal(await citizen.getByRole("button", { name: "Jag håller inte med" }).count(), 0);
});

test("who was let in, and why, opens too: a citizen does not agree with it", async () => {
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.getByText("Ta med en kollega").click();
  await worker.getByLabel("Kollega", { exact: true }).selectOption({ index: 1 });
  await worker.locator("#add-why").fill("Vi är två i ärendet.");
  await worker.getByRole("button", { name: "Ta med", exact: true }).click();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  const access = citizen.locator("li.quiet", { hasText: "Skäl: Vi är två i ärendet." });
  await access.getByRole("button", { name: /^Mer om nr/ }).click();
  await access.locator('dt:text-is("Kom in") + dd').waitFor();
  await access.getByRole("button", { name: "Jag håller inte med" }).click();
  await citizen.getByLabel("Vad stämmer inte?").fill("Jag vill bara ha en.");
  await look(citizen, "access-objection-phone");
  await citizen.getByRole("button", { name: "Spara det jag har skrivit" }).click();
  await citizen.getByLabel("Vad stämmer inte?").waitFor({ state: "detached" });
  await isRecorded(citizen, "Jag vill bara ha en.");
  await access.getByRole("button", { name: /^Invändning i nr/ }).waitFor();
  await worker.getByRole("link", { name: "Till samtalet" }).click();
  await worker.locator("li.quiet", { hasText: "Skäl: Vi är två i ärendet." }).getByRole("button", { name: /^Invändning i nr/ }).waitFor();
});

test("an address is a link; whatever else is written is text", async () => {
  await write(worker, "Läs på https://exempel.invalid/stod_(barn). <b>Hej</b> javascript:alert(1)");
  const said = citizen.locator(".entry", { hasText: "Läs på" });
  await said.getByText("<b>Hej</b> javascript:alert(1)").waitFor();
  assert.deepEqual(await said.locator("a").evaluateAll((links) => links.map((link) => [link.textContent, link.getAttribute("href"), link.getAttribute("rel")])),
    [["https://exempel.invalid/stod_(barn)", "https://exempel.invalid/stod_(barn)", "noopener noreferrer"]]);
});

test("what is said about an entry waits without a network, and is sent once", async () => {
  await citizen.context().setOffline(true);
  await more(citizen, "Mamma vill tänka på saken.").click();
  await entry(citizen, "Mamma vill tänka på saken.").getByRole("button", { name: "Jag håller inte med" }).click();
  await citizen.getByLabel("Vad stämmer inte?").fill("Inte det heller.");
  await citizen.getByRole("button", { name: "Spara det jag har skrivit" }).click();
  await citizen.locator(".draft", { hasText: "Inte det heller." }).waitFor();
  await citizen.context().setOffline(false);
  await citizen.reload();
  await isRecorded(worker, "Inte det heller.");
  assert.equal(await entry(worker, "Inte det heller.").count(), 1);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
