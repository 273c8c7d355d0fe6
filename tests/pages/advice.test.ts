// Asking without logging in: a citizen whom nobody knows asks, a caseworker sees plainly that it is nobody known, and when the
// page is closed it is gone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, languageChoose, look, overflow, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";
import { offline } from "./stored.ts";

const TITLE = "En fråga om min vän";
const QUESTION = "Vad händer om jag berättar?";
/** Longer than it takes whoever logs in until their pages open without a network. */
const LATE_MS = 5_000;
const NOTHING = { workers: 0, caches: [] };
const ANSWER = "Vi lyssnar, och du bestämmer vad du säger.";

let stage: Stage;
let page: Page;
let worker: Page;

before(async () => stage = await Stage.set());
after(() => stage?.strike());

test("the way in says what it means, and nothing is kept unless one asks for it", async () => {
  page = await stage.citizen();
  await page.getByRole("link", { name: "Fråga utan att logga in" }).waitFor();
  await screenshot(page, "advice-login-phone");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("link", { name: "Fråga utan att logga in" }).click();
  await page.getByRole("heading", { name: "Fråga utan att säga vem du är" }).waitFor();
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await screenshot(page, `advice-about-${width}`);
    assert.deepEqual(await axe(page), []);
    assert.equal(await overflow(page), 0);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  await languageChoose(page, "العربية");
  await screenshot(page, "advice-about-ar");
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
  await languageChoose(page, "Svenska");
  assert.ok(await page.getByLabel("Spara inget på den här datorn eller telefonen").isChecked());
});

test("somebody whom nobody knows asks, and is answered by staff who see that plainly", async () => {
  await page.getByRole("button", { name: "Börja" }).click();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.getByText(/^Lånad dator eller telefon/).waitFor();
  await conversationNew(page, TITLE, QUESTION);
  await isRecorded(page, QUESTION);
  worker = await stage.staffIn("bjuv.handlaggare");
  const waiting = worker.locator("li.queued", { hasText: TITLE });
  await waiting.getByText("Anonym rådgivning").waitFor();
  await screenshot(worker, "advice-queue-1280");
  assert.deepEqual(await axe(worker), []);
  await take(worker, TITLE);
  await worker.locator(".room-head").getByText("Anonym rådgivning").waitFor();
  await entry(worker, QUESTION).getByText("Anonym", { exact: true }).waitFor();
  await entry(worker, QUESTION).getByRole("button", { name: /^Mer om/ }).click();
  await worker.getByText("Inte inloggad: ingen vet vem").waitFor();
  await screenshot(worker, "advice-room-1280");
  await write(worker, ANSWER);
  await entry(page, ANSWER).waitFor();
  await isRecorded(page, ANSWER);
  await screenshot(page, "advice-room-phone");
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
});

test("there is no case: neither side is shown one, and nobody is let in", async () => {
  assert.equal(await page.getByRole("link", { name: "Ditt ärende" }).count(), 0);
  assert.equal(await worker.getByRole("link", { name: "Ärendet" }).count(), 0);
  await worker.getByRole("button", { name: "Skriv i journalen" }).click();
  await worker.getByLabel("Vad vill du skriva?").waitFor();
  assert.deepEqual(await worker.getByLabel("Vad vill du skriva?").locator("option").allInnerTexts(), ["Journalanteckning", "Kontakt utanför Enrum"]);
  await worker.getByRole("button", { name: "Avbryt" }).click();
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.getByText("Lämna över samtalet").first().waitFor();
  assert.equal(await worker.getByText("Ta med någon utanför kommunen").count(), 0);
  await worker.goBack();
  // Whoever has its address is told why.
  const room = worker.url();
  await worker.goto(room.replace("/samtal/", "/case/"));
  await worker.getByText("Ett samtal utan inloggning hör inte till något ärende.").waitFor();
  assert.deepEqual(await axe(worker), []);
  await worker.goto(room);
  await entry(worker, QUESTION).waitFor();
});

test("the journal and its transcript say that nobody knows who it is", async () => {
  await worker.getByRole("link", { name: "Journal" }).click();
  await worker.getByText("Den som började samtalet har inte loggat in. Ingen vet vem det är.").waitFor();
  const download = worker.waitForEvent("download");
  await worker.getByRole("button", { name: "Spara som fil" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  assert.match(text, /Den som började samtalet har inte loggat in/);
  assert.match(text, /^Anonym: /m);
  // The register has a binding without evidence: no provider, no token, no number. The keeper says the level.
  assert.match(readFileSync(stage.installation.path("logs", "keeper-bjuv.log"), "utf8"), /event=certified role="CITIZEN" .*level=0/);
});

test("nothing of the pages is kept to be opened without a network", async () => {
  await page.waitForTimeout(LATE_MS);
  assert.deepEqual(await page.evaluate(offline), NOTHING);
});

test("in the menu: who one is not, and neither devices nor notices; closing is the end", async () => {
  await page.getByText("Meny").click();
  await page.getByText("Du är anonym: vi vet inte vem du är.").waitFor();
  assert.equal(await page.getByRole("link", { name: "Mina enheter" }).count(), 0);
  assert.equal(await page.getByRole("link", { name: "Aviseringar" }).count(), 0);
  await page.getByRole("button", { name: "Avsluta" }).first().click();
  await page.getByRole("heading", { name: "Avsluta samtalet?" }).waitFor();
  await screenshot(page, "advice-end-phone");
  assert.deepEqual(await axe(page), []);
  await page.locator("dialog").getByRole("button", { name: "Avsluta" }).click();
  await page.getByRole("link", { name: "Fråga utan att logga in" }).waitFor();
  await look(page, "advice-ended-phone");
  await page.getByRole("link", { name: "Fråga utan att logga in" }).click();
  await page.getByRole("button", { name: "Börja" }).click();
  await page.getByText("Du har inga samtal än.").waitFor();
  assert.equal(await page.getByText(TITLE).count(), 0);
  stage.assertClean();
});

test("with the tick taken away one comes back to it from the same device", async () => {
  await page.reload();
  await page.getByRole("link", { name: "Fråga utan att logga in" }).click();
  await page.getByLabel("Spara inget på den här datorn eller telefonen").uncheck();
  await page.getByRole("button", { name: "Börja" }).click();
  await conversationNew(page, "Om mig", "Får jag fråga en gång till?");
  await isRecorded(page, "Får jag fråga en gång till?");
  await page.reload();
  await entry(page, "Får jag fråga en gång till?").waitFor();
  // Its words are on the device; the pages are not.
  await page.waitForTimeout(LATE_MS);
  assert.deepEqual(await page.evaluate(offline), NOTHING);
});
