// The pages of a case, of who is in it and has opened it, of notices and of asking without a login, in the languages that no other test draws
// them in: at 360 pixels no wider than the window and with nothing too small to press; axe-core judges all of them in two of the scripts,
// and one page in each of the other languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { languageRow, type Language } from "../../client-sdk/web/pages/words/languages.ts";
import { axe, languageChoose, overflow, overflowing, screenshot, smallTargets } from "./browser.ts";
import { conversationNew, day, entry, isRecorded, journalBegin, journalSave, Stage, take, write } from "./stage.ts";

const TITLE = "Skolan och min son";
const SAID = "Skolan säger att Test sällan är där på måndagar.";
/** The pages that axe-core judges in each language. */
const JUDGED = { fa: ["case", "people", "readers", "notices", "advice"], ti: ["case", "people", "readers", "notices", "advice"], fi: ["case"], so: ["people"], uk: ["readers"], easy: ["notices"] } as const satisfies Partial<Record<Language, readonly string[]>>;

let stage: Stage;
let citizen: Page;
/** Logged in nowhere. */
let stranger: Page;
let room: string;

before(async () => {
  stage = await Stage.set();
  const [page, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  citizen = page;
  await conversationNew(citizen, TITLE, "Hej! Kan jag få prata med någon?");
  room = await citizen.evaluate(() => location.hash.split("/").at(-1) as string);
  await take(worker, TITLE);
  await write(worker, SAID);
  await isRecorded(citizen, SAID);
  await journalBegin(worker, "Var ärendet är");
  await worker.getByLabel("Vad det är").selectOption({ label: "Oro för ett barn" });
  await worker.getByLabel("Steg").selectOption({ label: "Ska det utredas?" });
  await worker.getByLabel("Senast").fill(day(5));
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
  stranger = await stage.desk.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await stranger.setViewportSize({ width: 360, height: 740 });
  await stranger.getByRole("button", { name: /^Logga in med/ }).waitFor();
});

after(() => stage?.strike());

async function drawn(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => location.hash = to, hash);
  await page.waitForFunction((to) => location.hash === to && document.querySelector(".starting") === null && document.querySelector("main h1") !== null, hash);
}

/** What is wrong with it: all of it, since whoever mends one page wants to know of the others. */
async function wrongIn(language: keyof typeof JUDGED): Promise<string[]> {
  const wrong: string[] = [];
  for (const page of [citizen, stranger]) await languageChoose(page, languageRow(language).name);
  const pages = { case: `#/case/${room}`, people: `#/personer/${room}`, readers: "#/lasare", notices: "#/aviseringar", advice: "#/fraga" };
  for (const [name, hash] of Object.entries(pages)) {
    const page = name === "advice" ? stranger : citizen;
    await drawn(page, hash);
    await screenshot(page, `scripts-${name}-${language}-360`);
    if ((JUDGED[language] as readonly string[]).includes(name)) wrong.push(...(await axe(page)).map((line) => `${name}, ${language}: ${line}`));
    wrong.push(...(await smallTargets(page)).map((line) => `${name}, ${language}: small: ${line}`));
    if (await overflow(page) > 0) wrong.push(`${name} in ${language} is wider than the window: ${(await overflowing(page)).join("\n")}`);
  }
  return wrong;
}

for (const language of Object.keys(JUDGED) as (keyof typeof JUDGED)[]) {
  test(`case, people, readers, notices and advice in ${languageRow(language).name}`, async () => assert.deepEqual(await wrongIn(language), []));
}

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
