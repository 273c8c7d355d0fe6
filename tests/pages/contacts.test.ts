// "Skriv i journalen": what came by telephone, letter, visit or e-mail, notes and decisions, by keyboard; the citizen sees it at once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { languageChoose, look } from "./browser.ts";
import { conversationNew, entry, holds, isRecorded, Stage, take } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLE = "Skolan";
const CALLED = "Rektorn undrar om mötet kan flyttas.";

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej! Jag behöver hjälp.");
  await take(worker, TITLE);
  await isRecorded(worker, "Hej! Jag behöver hjälp.");
});

after(() => stage?.strike());

test("a telephone call that came is written by keyboard alone, and stands on both screens with channel, time and people", async () => {
  await worker.getByRole("button", { name: "Skriv i journalen" }).focus();
  await worker.keyboard.press("Enter");
  await worker.getByText("Allt du sparar här kan de som är med läsa genast.").waitFor();
  // The first field has the focus.
  await worker.locator("#cw-kind:focus").waitFor();
  await worker.getByLabel("När det hände").fill("2026-11-20T09:30");
  await worker.getByLabel("Vilka var med").fill("Rektorn");
  await worker.getByLabel("Vad sades?").fill(CALLED);
  await look(worker, "contact-form-desk");
  await worker.keyboard.press("Control+Enter");
  for (const page of [citizen, worker]) {
    await isRecorded(page, CALLED);
    await entry(page, CALLED).getByText("Telefonsamtal till kommunen · 20 november 2026 kl. 09:30 · Rektorn").waitFor();
  }
  // The form is shut, and the focus is where it was.
  await worker.locator("button:focus", { hasText: /^Skriv i journalen$/ }).waitFor();
  await look(citizen, "contact-phone");
});

test("it is in the journal, behind the entry, and in the file", async () => {
  await entry(citizen, CALLED).getByRole("button", { name: /^Mer om nr/ }).click();
  await entry(citizen, CALLED).locator("dl").getByText("Telefonsamtal till kommunen · 20 november 2026 kl. 09:30 · Rektorn").waitFor();
  await entry(citizen, CALLED).getByRole("button", { name: "Jag håller inte med" }).waitFor();
  await citizen.getByRole("link", { name: "Journal", exact: true }).click();
  await citizen.locator(".record", { hasText: CALLED }).getByText(/^Telefonsamtal till kommunen/).waitFor();
  const [file] = await Promise.all([citizen.waitForEvent("download"), citizen.getByRole("button", { name: "Spara som fil" }).click()]);
  assert.match(readFileSync(await file.path(), "utf8"), /Testina Bjuvsdotter: Telefonsamtal till kommunen · .* · Rektorn\n {4}Rektorn undrar/);
  await languageChoose(citizen, "العربية");
  await citizen.locator(".record", { hasText: CALLED }).getByText(/مكالمة هاتفية/).waitFor();
  await look(citizen, "contact-journal-ar-phone");
  await languageChoose(citizen, "Svenska");
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
});

test("a letter that was sent, a visit, an e-mail, what came otherwise, a note and a decision", async () => {
  const begin = () => worker.getByRole("button", { name: "Skriv i journalen" }).click();
  for (const [channel, way, text, shown] of [
    ["Brev", "Från oss", "Kallelse skickad.", /^Brev från kommunen · /], ["Besök", "Till oss", "Vi sågs på kontoret.", /^Besök till kommunen · /],
    ["E‑post", "Till oss", "Skolan skrev.", /^E‑post till kommunen · /], ["E‑post", "Från oss", "Vi svarade skolan.", /^E‑post från kommunen · /],
    ["Annan kontakt", "Till oss", "En lapp i brevlådan.", /^Annan kontakt till kommunen · /],
  ] as const) {
    await begin();
    await worker.getByLabel("Hur", { exact: true }).selectOption({ label: channel });
    await worker.getByLabel("Åt vilket håll").selectOption({ label: way });
    await worker.getByLabel("Vad sades?").fill(text);
    await worker.getByRole("button", { name: "Spara i journalen" }).click();
    await entry(citizen, text).getByText(shown).waitFor();
    await isRecorded(citizen, text);
  }
  for (const [kind, label, text, shown] of [["Journalanteckning", "Anteckning", "Hembesök planeras.", "Journalanteckning"], ["Beslut med skäl", "Beslut och skäl", "Stöd beviljas.", "Beslut"]] as const) {
    await begin();
    await worker.getByLabel("Vad vill du skriva?").selectOption({ label: kind });
    await worker.getByLabel(label, { exact: true }).fill(text);
    await worker.getByRole("button", { name: "Spara i journalen" }).click();
    await worker.getByText("Sparat. Det journalförs nu.").waitFor();
    await isRecorded(citizen, text);
    await entry(citizen, text).getByText(shown, { exact: true }).waitFor();
  }
});

test("what is missing is said, and nothing is lost by closing; a citizen has no such form", async () => {
  await worker.getByRole("button", { name: "Skriv i journalen" }).click();
  await worker.getByRole("button", { name: "Spara i journalen" }).click();
  await worker.getByText("Fyll i det som saknas.").waitFor();
  await worker.getByLabel("Vad vill du skriva?").selectOption({ label: "Journalanteckning" });
  await worker.getByLabel("Anteckning", { exact: true }).fill("Halvskrivet");
  await worker.keyboard.press("Escape");
  await worker.getByRole("button", { name: "Skriv i journalen" }).click();
  await holds(worker.getByLabel("Anteckning", { exact: true }), "Halvskrivet");
  await worker.getByLabel("Anteckning", { exact: true }).fill("");
  await worker.keyboard.press("Escape");
  assert.equal(await citizen.getByRole("button", { name: "Skriv i journalen" }).count(), 0);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
