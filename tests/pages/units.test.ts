// A board with two units: a citizen says whom they mean, or follows the municipality's link; a caseworker hands a conversation over
// to the other unit, the citizen reads where it is, and somebody there takes it with all that was written.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { login } from "../../demo/browse.ts";
import { eventually } from "../../demo/device.ts";
import { Browser, languageChoose, loginDone, look } from "./browser.ts";
import { entry, Stage, take, write } from "./stage.ts";

const FIRST = "Mottagningen";
const OTHER = "Ekonomiskt bistånd";
const WHY = "Det gäller hyran.";
let stage: Stage;
let secondDesk: Browser;
let wide: Browser;
let narrow: Browser;
let citizen: Page;
let worker: Page;
let other: Page;
/** A second citizen. */
let linked: Page;

before(async () => {
  stage = await Stage.set({ units: { [OTHER]: ["bjuv.handlaggare2"] } });
  [secondDesk, wide, narrow] = await Promise.all([Browser.open({ phone: false }), Browser.open({ phone: false }), Browser.open({ phone: true })]);
  [citizen, worker] = await stage.bothIn("test.testsson", "bjuv.handlaggare");
  other = await secondDesk.tab(stage.installation.pagesUrl("bjuv", "staff"));
  await loginDone(other, "bjuv.handlaggare2");
});

after(async () => {
  for (const browser of [secondDesk, wide, narrow]) await browser?.close();
  await stage?.strike();
});

const choice = (page: Page) => page.getByRole("group", { name: "Vem ska få det?" });
const queued = (page: Page, title: string) => page.getByRole("button", { name: `Ta samtalet: ${title}` });

async function begin(page: Page, title: string, text: string): Promise<void> {
  await page.getByRole("link", { name: "Starta ett samtal" }).click();
  await page.getByLabel("Vad gäller det?").fill(title);
  await page.getByLabel("Ditt meddelande").fill(text);
  await choice(page).waitFor();
}

async function send(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: "Skicka" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
}

test("a citizen is asked whom a conversation is for, and may leave it to the board", async () => {
  await begin(citizen, "Hyran", "Jag kan inte betala.");
  assert.deepEqual(await choice(citizen).getByRole("radio").count(), 3);
  assert.equal(await choice(citizen).getByLabel("Jag vet inte").isChecked(), true);
  await choice(citizen).getByLabel("Jag vet inte").scrollIntoViewIfNeeded();
  await look(citizen, "units-new-phone");
  await send(citizen, "Hyran");
  await queued(worker, "Hyran").waitFor();
  assert.equal(await queued(other, "Hyran").count(), 0);
});

test("what is chosen is there after a look at another page, and it stands in that unit's queue alone", async () => {
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await begin(citizen, "Maten", "Pengarna räcker inte.");
  await choice(citizen).getByLabel(OTHER).check();
  await citizen.goBack();
  await citizen.getByRole("link", { name: "Starta ett samtal" }).click();
  await choice(citizen).waitFor();
  assert.equal(await choice(citizen).getByLabel(OTHER).isChecked(), true);
  await send(citizen, "Maten");
  await queued(other, "Maten").waitFor();
  assert.equal(await queued(worker, "Maten").count(), 0);
});

test("a caseworker hands a conversation over to the other unit, and says so for good", async () => {
  await take(worker, "Hyran");
  await write(worker, "Jag lämnar det vidare.");
  await entry(citizen, "Pengarna räcker inte.").waitFor();
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.locator("summary", { hasText: "Lämna över samtalet" }).click();
  await worker.locator("#hand-who optgroup option", { hasText: OTHER }).waitFor({ state: "attached" });
  assert.equal(await worker.locator("#hand-who option", { hasText: FIRST }).count(), 0, "it is that unit's already");
  await worker.locator("#hand-who").selectOption({ label: OTHER });
  await worker.locator("#hand-why").fill(WHY);
  await look(worker, "units-hand-desk");
  await worker.getByRole("button", { name: "Lämna över", exact: true }).click();
  const dialog = worker.getByRole("dialog");
  await dialog.getByText(/Samtalet ställs i den enhetens kö/).waitFor();
  await look(worker, "units-sure-desk");
  await dialog.getByRole("button", { name: "Lämna över" }).click();
  await queued(other, "Hyran").waitFor();
  await worker.getByText("Inga nya samtal väntar.").waitFor();
  // The old queue knows it no more, once it stands in the other one.
  await worker.locator(".taken", { hasText: "Hyran" }).waitFor({ state: "detached" });
});

test("the citizen reads where the conversation is now, and why", async () => {
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await citizen.getByRole("link", { name: /^Hyran/ }).click();
  await citizen.getByText(`Samtalet är nu hos ${OTHER}.`).waitFor();
  await citizen.getByText(`Skäl: ${WHY}`).waitFor();
  await look(citizen, "units-moved-phone");
  const moved = citizen.locator("li.quiet", { hasText: `Skäl: ${WHY}` });
  await moved.getByRole("button", { name: /^Mer om nr/ }).click();
  await moved.getByRole("button", { name: "Jag håller inte med" }).waitFor();
  await moved.getByRole("button", { name: /^Mer om nr/ }).click();
  const desk = await wide.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(desk, "test.testsson");
  await desk.getByRole("link", { name: "Starta ett samtal" }).click();
  await choice(desk).waitFor();
  await choice(desk).getByLabel("Jag vet inte").scrollIntoViewIfNeeded();
  await look(desk, "units-new-desk");
  await desk.getByRole("link", { name: "Tillbaka" }).click();
  await desk.getByRole("link", { name: /^Hyran/ }).click();
  await desk.getByText(`Samtalet är nu hos ${OTHER}.`).waitFor();
  await look(desk, "units-moved-desk");
});

test("somebody of the other unit takes it, and has all that was written", async () => {
  await take(other, "Hyran");
  await entry(other, "Jag kan inte betala.").waitFor();
  await entry(other, "Jag lämnar det vidare.").waitFor();
  await write(other, "Nu är det mitt.");
  await entry(citizen, "Nu är det mitt.").waitFor();
});

test("the municipality's own link names the unit, over the login, and stays in no address", async () => {
  linked = await narrow.tab(`${stage.installation.pagesUrl("bjuv", "citizen")}#/nytt/${encodeURIComponent(OTHER.toLowerCase())}`);
  await login(linked, "test.foralder");
  await choice(linked).waitFor();
  await eventually("no address has it", async () => !/bist/.test(linked.url()));
  assert.equal(await choice(linked).getByLabel(OTHER).isChecked(), true);
  await linked.getByLabel("Vad gäller det?").fill("Ansökan");
  await linked.getByLabel("Ditt meddelande").fill("Hur gör jag?");
  await send(linked, "Ansökan");
  await queued(other, "Ansökan").waitFor();
  await linked.getByRole("link", { name: "Tillbaka" }).click();
  await linked.getByRole("link", { name: "Starta ett samtal" }).click();
  await choice(linked).waitFor();
  assert.equal(await choice(linked).getByLabel("Jag vet inte").isChecked(), true, "the link has been followed");
});

test("the link leads also those there who do not log in", async () => {
  const page = await secondDesk.tab(`${stage.installation.pagesUrl("bjuv", "citizen")}#/nytt/${encodeURIComponent(OTHER)}`);
  await page.getByRole("link", { name: "Fråga utan att logga in" }).click();
  await page.getByRole("button", { name: "Börja" }).click();
  await choice(page).waitFor();
  assert.equal(await choice(page).getByLabel(OTHER).isChecked(), true);
  await page.getByLabel("Vad gäller det?").fill("En fråga");
  await page.getByLabel("Ditt meddelande").fill("Får man göra så?");
  await send(page, "En fråga");
  await queued(other, "En fråga").waitFor();
  assert.equal(await queued(worker, "En fråga").count(), 0);
});

test("the question is asked in Arabic from right to left, and in English", async () => {
  await languageChoose(linked, "العربية");
  await linked.getByRole("group", { name: "لمن هذه الرسالة؟" }).waitFor();
  await linked.getByLabel("لا أعرف").scrollIntoViewIfNeeded();
  await look(linked, "units-new-arabic-phone");
  await languageChoose(linked, "English");
  await linked.getByRole("group", { name: "Who is it for?" }).waitFor();
  await linked.getByLabel("I don't know").scrollIntoViewIfNeeded();
  await look(linked, "units-new-english-phone");
  await languageChoose(citizen, "العربية");
  await citizen.getByText(/المحادثة الآن لدى وحدة/).scrollIntoViewIfNeeded();
  await look(citizen, "units-moved-arabic-phone");
  await languageChoose(citizen, "Svenska");
});

test("while no keeper answers nobody is asked, and nothing that is written is lost", async () => {
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await stage.installation.stopKeeper("bjuv");
  await citizen.getByRole("link", { name: "Starta ett samtal" }).click();
  await citizen.getByLabel("Vad gäller det?").fill("I natt");
  await citizen.getByLabel("Ditt meddelande").fill("Är någon där?");
  await send(citizen, "I natt");
  assert.equal(await choice(citizen).count(), 0);
  await stage.installation.startKeeper("bjuv");
  await queued(worker, "I natt").waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
