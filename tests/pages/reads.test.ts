// What counts as read, and who is told of it: a caseworker's opening of a conversation, its journal or its case leaves a mark, which
// reads nothing; citizens are told when employees were there, and of each other only that they have read.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, languageChoose, loginDone, look } from "./browser.ts";
import { conversationNew, entry, isRecorded, journalBegin, journalSave, Stage, take, write } from "./stage.ts";

const TITLE = "Skolan";
const BEFORE = "Hej! Jag behöver hjälp.";
const LATER = "Det här har ingen läst.";
const COLLEAGUE = "Test Bjuvsson";
const CLOCK = /\d\d[.:]\d\d/;

let stage: Stage;
let other: Browser;
let paper: Browser;
let citizen: Page;
let worker: Page;
let colleague: Page;
let ombud: Page;
let room: string;

before(async () => {
  stage = await Stage.set();
  [other, paper] = [await Browser.open({ phone: false }), await Browser.open({ phone: true })];
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, BEFORE);
  await take(worker, TITLE);
  await write(worker, "Hej! Jag läser.");
  await isRecorded(citizen, "Hej! Jag läser.");
  room = new URL(citizen.url()).hash.split("/").at(-1) as string;
});

after(async () => {
  await other?.close();
  await paper?.close();
  await stage?.strike();
});

const goTo = (page: Page, place: string) => page.evaluate((hash) => void (location.hash = hash), place);
const cardOf = (page: Page, name: string) => page.locator(".card", { has: page.locator("strong", { hasText: name }) });
/** The lines of the journal that say how far somebody has read, once it is the one that is open. */
const marks = (page: Page, name: string) => page.locator(".record", { has: page.locator("strong", { hasText: new RegExp(`^${name}(: öppnat| läste till och med nr \\d+)$`) }) });

/** The journal, with nothing but what is of this one. */
async function marksShow(page: Page, name: string): Promise<void> {
  await goTo(page, `#/journal/${room}`);
  await page.getByRole("searchbox").fill(name);
}

test("whoever writes on the case's page has not read the conversation: it is unread still, and begins at a line", async () => {
  await goTo(worker, `#/case/${room}`);
  await worker.getByRole("heading", { name: "Dokument" }).waitFor();
  await write(citizen, LATER);
  const card = worker.getByRole("link", { name: new RegExp(TITLE) }).first();
  await card.getByText("1 nytt").waitFor();
  await journalBegin(worker, "Journalanteckning");
  await worker.locator("#cw-text").fill("Ringde skolan.");
  await journalSave(worker);
  await isRecorded(citizen, "Ringde skolan.");
  await card.getByText("1 nytt").waitFor();
  await goTo(worker, `#/samtal/${room}`);
  await worker.locator(".divider").waitFor();
  await entry(worker, LATER).waitFor();
  await card.getByText("1 nytt").waitFor({ state: "detached" });
});

test("a colleague who opens the journal alone leaves a mark, and none more with the case, and has read nothing", async () => {
  await goTo(worker, `#/personer/${room}`);
  await worker.getByText("Ta med en kollega").click();
  await worker.getByLabel("Kollega", { exact: true }).selectOption({ index: 1 });
  await worker.locator("#add-why").fill("Vi är två i ärendet.");
  await worker.getByRole("button", { name: "Ta med", exact: true }).click();
  colleague = await other.tab(stage.installation.pagesUrl("bjuv", "staff"));
  await loginDone(colleague, "bjuv.handlaggare2");
  await colleague.getByRole("link", { name: new RegExp(TITLE) }).locator(".badge").waitFor();
  await marksShow(citizen, COLLEAGUE);
  await goTo(colleague, `#/journal/${room}`);
  await colleague.locator(".record", { hasText: BEFORE }).waitFor();
  await marks(citizen, COLLEAGUE).waitFor();
  await goTo(colleague, `#/case/${room}`);
  await colleague.getByRole("heading", { name: "Dokument" }).waitFor();
  await goTo(colleague, `#/journal/${room}`);
  await colleague.locator(".record", { hasText: BEFORE }).waitFor();
  await colleague.getByRole("link", { name: new RegExp(TITLE) }).locator(".badge").waitFor();
  await recordedBehind("Fråga till er båda.", COLLEAGUE);
  assert.equal(await marks(citizen, COLLEAGUE).getByText(`${COLLEAGUE}: öppnat`).count(), 1);
  assert.equal(await marks(citizen, COLLEAGUE).count(), 1);
});

/** The citizen writes, and it is recorded: whatever others did before has come by then. This one's marks are shown. */
async function recordedBehind(text: string, name: string): Promise<void> {
  await goTo(citizen, `#/samtal/${room}`);
  await write(citizen, text);
  await isRecorded(citizen, text);
  await marksShow(citizen, name);
  await marks(citizen, name).first().waitFor();
}

test("an ombud is an ombud, of no board, and no time is told of them", async () => {
  await goTo(worker, `#/personer/${room}`);
  await worker.getByText("Ta med någon utanför kommunen").click();
  await worker.getByLabel("Namn", { exact: true }).fill("Test Ombudsson");
  await worker.getByRole("radio", { name: "Med en utskriven kod" }).check();
  await worker.getByRole("button", { name: "Ta med", exact: true }).last().click();
  const code = await worker.getByRole("dialog").locator("code").innerText();
  await worker.getByRole("dialog").getByRole("button", { name: "Klart" }).click();
  ombud = await paper.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await ombud.getByText("Jag har en kod").click();
  await ombud.getByLabel("Din kod").fill(code);
  await ombud.getByRole("button", { name: "Logga in med koden" }).click();
  await ombud.getByRole("link", { name: new RegExp(TITLE) }).click();
  await ombud.getByText("Det som skrevs innan du kom med visas inte för dig.").waitFor();
  await goTo(citizen, `#/samtal/${room}`);
  await write(citizen, "Välkommen.");
  await entry(ombud, "Välkommen.").waitFor();
  await citizen.locator(".readers", { hasText: "Test Ombudsson" }).waitFor();
  await goTo(citizen, "#/lasare");
  const card = cardOf(citizen, "Test Ombudsson");
  await card.getByText("ombud", { exact: true }).waitFor();
  await card.getByText(/^Läst till och med nr \d+$/).waitFor();
  assert.equal(await card.getByText("Socialnämnden").count(), 0);
  assert.equal(await card.getByText("Öppnat").count(), 0);
  await marksShow(citizen, "Test Ombudsson");
  await marks(citizen, "Test Ombudsson").first().waitFor();
  assert.equal(await marks(citizen, "Test Ombudsson").first().locator("time").count(), 0);
  await marks(citizen, "Test Ombudsson").first().getByRole("button", { name: /^Mer om nr/ }).click();
  await marks(citizen, "Test Ombudsson").first().locator("dl").waitFor();
  assert.doesNotMatch(await marks(citizen, "Test Ombudsson").first().locator("dl").innerText(), CLOCK);
  await marksShow(ombud, "Testa Förälder");
  await marks(ombud, "Testa Förälder").first().waitFor();
  assert.equal(await marks(ombud, "Testa Förälder").first().locator("time").count(), 0, "nor is the citizen's told to the ombud");
});

test("employees are told of by person, with unit and municipality, and each visit", async () => {
  await goTo(citizen, "#/lasare");
  const card = cardOf(citizen, "Testina Bjuvsdotter");
  await card.getByText(/^Socialsekreterare, .+, Socialnämnden i Bjuv$/).waitFor();
  await card.getByText("Öppnat", { exact: true }).waitFor();
  assert.match(await card.locator("li").first().innerText(), CLOCK);
  assert.equal(await cardOf(citizen, "Testina Bjuvsdotter").count(), 1);
  await look(citizen, "reads-readers-phone");
  await languageChoose(citizen, "العربية");
  await look(citizen, "reads-readers-ar-phone");
  await languageChoose(citizen, "Svenska");
  await goTo(worker, `#/journal/${room}`);
  await worker.getByText("Vem har öppnat journalen").click();
  await worker.locator(".readers-of .card", { hasText: "Testa Förälder" }).getByText(/^Läst till och med/).waitFor();
  await look(worker, "reads-journal-desk");
});

test("whoever goes away and opens it again within the hour leaves no further mark", async () => {
  await recordedBehind("Nästan klart.", "Testina Bjuvsdotter");
  const count = await marks(citizen, "Testina Bjuvsdotter").count();
  await goTo(worker, "#/");
  await goTo(worker, `#/case/${room}`);
  await worker.getByRole("heading", { name: "Dokument" }).waitFor();
  await recordedBehind("Till sist.", "Testina Bjuvsdotter");
  assert.equal(await marks(citizen, "Testina Bjuvsdotter").count(), count);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
