// Each page of a case that has everything in it, in Swedish, English and Arabic, on a phone and on a wide screen: screenshots in
// build/screens for people to judge; axe-core and the width judge here, and at 320 pixels too, which is 400 % of 1280.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { languageRow, type Language } from "../../client-sdk/web/pages/words/languages.ts";
import { languageChoose } from "./browser.ts";
import { lookWide, SIZES } from "./widths.ts";
import { photoTake } from "./pictures.ts";
import { conversationNew, day, entry, isRecorded, journalBegin, journalSave, Stage, take, write } from "./stage.ts";

const SHOWN_MS = 400;
const TITLE = "Skolan och min son";
const SAID = "Skolan säger att Test sällan är där på måndagar.";
const OBJECTION = "Han var sjuk de måndagarna. Det finns intyg.";

let stage: Stage;
let citizen: Page;
let worker: Page;
let room: string;

before(async () => {
  stage = await Stage.set();
  citizen = await stage.citizenIn("test.foralder");
  worker = await stage.staffIn("bjuv.handlaggare");
});

after(() => stage?.strike());

async function goto(page: Page, hash: string): Promise<void> {
  await page.setViewportSize(SIZES[1280]);
  await page.evaluate((to) => location.hash = to, hash);
  await page.waitForTimeout(SHOWN_MS);
  await page.locator("h1").last().waitFor();
  // What is loaded behind the first page is there.
  await page.waitForFunction(() => document.querySelector(".starting") === null);
}

test("a case with everything in it", async () => {
  await conversationNew(citizen, TITLE, "Hej! Min son går inte till skolan längre.\n\nKan jag få prata med någon?");
  await take(worker, TITLE);
  await write(worker, SAID);
  await isRecorded(citizen, SAID);
  await entry(citizen, SAID).getByRole("button", { name: /^Mer om nr/ }).click();
  await entry(citizen, SAID).getByRole("button", { name: "Jag håller inte med" }).click();
  await citizen.getByLabel("Vad stämmer inte?").fill(OBJECTION);
  await citizen.getByRole("button", { name: "Spara det jag har skrivit" }).click();
  await isRecorded(worker, OBJECTION);
  const photo = { mimeType: "image/jpeg", buffer: await photoTake(citizen) };
  await citizen.locator("input.files").setInputFiles({ ...photo, name: "intyg.jpg" });
  await citizen.locator(".chosen .bare").first().waitFor();
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  await worker.locator("enrum-attachment", { hasText: "intyg.jpg" }).waitFor();
  await journalBegin(worker, "Var ärendet är");
  await worker.getByLabel("Vad det är").selectOption({ label: "Oro för ett barn" });
  await worker.getByLabel("Steg").selectOption({ label: "Ska det utredas?" });
  await worker.getByLabel("Senast").fill(day(5));
  await worker.getByLabel("Av vem").fill("Testina");
  await worker.getByLabel("Vad händer härnäst?").fill("Vi ringer dig om ett besök.");
  await journalSave(worker);
  await journalBegin(worker, "Något att göra");
  await worker.getByLabel("Vad ska göras?").fill("Skicka en kopia av intyget.");
  await worker.getByLabel("Senast").fill(day(2));
  await journalSave(worker);
  await journalBegin(worker, "Möte");
  await worker.getByLabel("Börjar").fill(`${day(3)}T10:00`);
  await worker.getByLabel("Slutar").fill(`${day(3)}T11:00`);
  await worker.getByLabel("Vad gäller mötet?").fill("Hur Test har det");
  await journalSave(worker);
  await entry(citizen, "Hur Test har det").waitFor();
  room = await citizen.evaluate(() => location.hash.split("/").at(-1) as string);
});

test("the citizen's pages", async () => {
  const wrong: string[] = [];
  for (const language of ["sv", "en", "ar"] as const satisfies readonly Language[]) {
    await languageChoose(citizen, languageRow(language).name);
    const pages = { list: "#/", new: "#/nytt", room: `#/samtal/${room}`, case: `#/case/${room}`, journal: `#/journal/${room}`, people: `#/personer/${room}`, call: `#/video/${room}`, devices: "#/enheter", readers: "#/lasare", notices: "#/aviseringar", statement: "#/tillganglighet" };
    for (const [name, hash] of Object.entries(pages)) {
      await goto(citizen, hash);
      wrong.push(...await lookWide(citizen, `${name}-${language}`));
    }
    await goto(citizen, `#/samtal/${room}`);
    await entry(citizen, SAID).locator("button.more").click();
    wrong.push(...await lookWide(citizen, `entry-${language}`));
  }
  assert.deepEqual(wrong, []);
  await citizen.setViewportSize(SIZES[1280]);
  await languageChoose(citizen, "Svenska");
});

test("the caseworker's pages", async () => {
  const wrong: string[] = [];
  for (const [language, form, outside] of [["sv", "Skriv i journalen", "Ta med någon utanför kommunen"], ["en", "Write in the journal", "Add somebody from outside"]] as const) {
    await worker.setViewportSize(SIZES[1280]);
    await languageChoose(worker, languageRow(language).name);
    const pages = { list: "#/", room: `#/samtal/${room}`, case: `#/case/${room}`, journal: `#/journal/${room}`, call: `#/video/${room}`, devices: "#/enheter" };
    for (const [name, hash] of Object.entries(pages)) {
      await goto(worker, hash);
      wrong.push(...await lookWide(worker, `staff-${name}-${language}`));
    }
    await goto(worker, `#/personer/${room}`);
    await worker.getByText(outside).first().click();
    wrong.push(...await lookWide(worker, `staff-people-${language}`));
    await goto(worker, `#/samtal/${room}`);
    await worker.getByRole("button", { name: form }).click();
    for (const kind of ["contact", "step", "task", "meeting", "extension"]) {
      await worker.locator("#cw-kind").selectOption(kind);
      wrong.push(...await lookWide(worker, `staff-form-${kind}-${language}`));
    }
    await worker.keyboard.press("Escape");
  }
  assert.deepEqual(wrong, []);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
