// The pages in other languages than Swedish: from right to left where the language is, every word of them, and what people write
// in its own direction; chosen from a list, or by the browser. Screenshots go to build/screens for people to judge.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { DEVICES } from "../../client-sdk/web/pages/words/devices.ts";
import { JOURNAL } from "../../client-sdk/web/pages/words/journal.ts";
import { languageRow, type Language } from "../../client-sdk/web/pages/words/languages.ts";
import type { Translation } from "../../client-sdk/web/pages/words/translation.ts";
import { axe, Browser, languageChoose, loginDone, overflow, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

const WIDTHS = { phone: { width: 360, height: 740 }, wide: { width: 1280, height: 800 } };
/** Two that are written from right to left, and one that is not. */
const LOOKED_AT = ["ar", "fa", "uk"] as const satisfies readonly Language[];
const SWEDISH = "Hej! Kan du komma hit på torsdag klockan 14.30? Ring 0470-123 45 om det inte går.";
const ARABIC = "نعم، يناسبني يوم الخميس. شكرًا يا Testina!";

let stage: Stage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  citizen = await stage.citizen();
  worker = await stage.staff();
});

after(() => stage?.strike());

async function wordsOf(language: Language): Promise<Translation> {
  return (await languageRow(language).load()).words;
}

async function look(page: Page, language: Language, name: string): Promise<void> {
  const { tag, direction } = languageRow(language);
  assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [tag, direction]);
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    await screenshot(page, `${language}-${name}-${width}`);
    assert.deepEqual(await axe(page), [], `${language}, ${name}, ${width}`);
    assert.ok(await overflow(page) <= 0, `${name} in ${language} is wider than the ${width} window`);
  }
}

async function goto(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => location.hash = to, hash);
}

function scripts(page: Page): Promise<number> {
  return page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js")).length);
}

test("a language is chosen from a list of their own names, and fetched only then", async () => {
  await citizen.getByRole("button", { name: /^Logga in med/ }).waitFor();
  const before = await scripts(citizen);
  await citizen.locator(".languages > summary").focus();
  await citizen.keyboard.press("Enter");
  const names = await citizen.locator(".languages button").evaluateAll((buttons) => buttons.map((button) => [button.textContent, (button as HTMLElement).lang, (button as HTMLElement).dir, button.clientHeight >= 44]));
  assert.equal(names.length, 9);
  assert.deepEqual(names.filter(([, , , isBigEnough]) => isBigEnough !== true), []);
  assert.deepEqual(names.find(([, lang]) => lang === "ar"), ["العربية", "ar", "rtl", true]);
  assert.equal(await citizen.locator(".languages button[aria-current]").textContent(), "Svenska");
  await look(citizen, "sv", "choice");
  // By the keyboard: the second one from the top, and the list is closed with the focus where it was.
  await citizen.keyboard.press("Tab");
  await citizen.keyboard.press("Tab");
  await citizen.keyboard.press("Enter");
  await citizen.locator(".languages > summary").filter({ hasText: "Lättläst svenska" }).waitFor();
  await citizen.locator(".languages:not([open]) > summary:focus").waitFor();
  assert.ok(await scripts(citizen) > before);
});

test("what this is and the way in, with a line that nobody has checked the translation", async () => {
  for (const language of ["easy", ...LOOKED_AT] as const) {
    const w = await wordsOf(language);
    await languageChoose(citizen, languageRow(language).name);
    await citizen.getByRole("heading", { name: w.introTitle }).waitFor();
    await citizen.getByText(w.unreviewed).waitFor();
    assert.equal(await citizen.locator("a.leave").textContent(), w.leave);
    await look(citizen, language, "login");
  }
  await citizen.locator("aside.notice").getByRole("button", { name: "Svenska" }).click();
  await citizen.getByRole("heading", { name: "Prata privat med socialtjänsten" }).waitFor();
  assert.equal(await citizen.locator("aside.notice").count(), 0);
});

test("a language that cannot be fetched leaves the page as it was, and says so", async () => {
  await citizen.context().setOffline(true);
  await citizen.locator(".languages > summary").click();
  await citizen.locator(".languages").getByRole("button", { name: "ትግርኛ" }).click();
  await citizen.getByText("Språket kunde inte hämtas.").waitFor();
  await look(citizen, "sv", "not-fetched");
  assert.equal(await citizen.evaluate(() => document.documentElement.lang), "sv");
  await citizen.context().setOffline(false);
  await citizen.locator(".languages > summary").click();
});

test("a conversation in two languages, each in its own direction", async () => {
  await loginDone(citizen, "test.foralder");
  await conversationNew(citizen, "Skolan och min son", "Hej! Kan jag få prata med någon?");
  await loginDone(worker, "bjuv.handlaggare");
  await take(worker, "Skolan och min son");
  await write(worker, SWEDISH);
  await entry(citizen, SWEDISH).waitFor();
  await write(citizen, ARABIC);
  await isRecorded(worker, ARABIC);
  assert.equal(await entry(worker, ARABIC).locator(".text").evaluate((text) => getComputedStyle(text).direction), "rtl");
  await entry(citizen, ARABIC).getByText("Journalförd", { exact: true }).waitFor();
});

test("what is written says in which language the page was, to whoever reads it", async () => {
  await languageChoose(citizen, languageRow("fi").name);
  await citizen.getByLabel((await wordsOf("fi")).write).fill("Hei!");
  await citizen.getByRole("button", { name: (await wordsOf("fi")).send, exact: true }).click();
  await isRecorded(worker, "Hei!");
  assert.equal(await entry(worker, "Hei!").locator(".text").getAttribute("lang"), "fi");
  assert.equal(await entry(citizen, SWEDISH).locator(".text").getAttribute("lang"), "sv");
});

test("list, conversation, journal, devices and the way to a call", async () => {
  const room = await citizen.evaluate(() => location.hash.split("/").at(-1) as string);
  for (const language of LOOKED_AT) {
    const w = await wordsOf(language);
    await languageChoose(citizen, languageRow(language).name);
    await entry(citizen, ARABIC).getByText(w.recorded, { exact: true }).waitFor();
    const isRtl = languageRow(language).direction === "rtl";
    assert.equal(await entry(citizen, SWEDISH).locator(".text").evaluate((text) => getComputedStyle(text).direction), "ltr");
    assert.equal(await entry(citizen, ARABIC).locator(".text").evaluate((text) => getComputedStyle(text).direction), "rtl");
    const own = await entry(citizen, ARABIC).locator(".bubble").boundingBox();
    const width = citizen.viewportSize()?.width ?? 0;
    assert.equal(own !== null && own.x + own.width / 2 < width / 2, isRtl, `own words stand at the end of the line in ${language}`);
    await look(citizen, language, "room");
    await goto(citizen, "#/");
    await citizen.getByRole("heading", { name: w.myRooms }).waitFor();
    await look(citizen, language, "list");
    await citizen.locator("details.menu > summary").first().click();
    await citizen.locator(".languages > summary").click();
    await look(citizen, language, "menu");
    await citizen.locator("details.menu > summary").first().click();
    await goto(citizen, "#/nytt");
    await citizen.getByRole("heading", { name: w.newRoom }).waitFor();
    await look(citizen, language, "new");
    await goto(citizen, `#/journal/${room}`);
    await citizen.getByText(JOURNAL[language].onlyMessages).waitFor();
    await citizen.locator(".readers-of > summary").click();
    await look(citizen, language, "journal");
    await goto(citizen, "#/enheter");
    await citizen.getByText(DEVICES[language].thisOne, { exact: true }).waitFor();
    await look(citizen, language, "devices");
    await goto(citizen, `#/video/${room}`);
    await citizen.getByRole("button", { name: w.video.knock }).waitFor();
    await look(citizen, language, "call");
    await goto(citizen, `#/samtal/${room}`);
    await entry(citizen, ARABIC).waitFor();
  }
});

test("caseworkers have Swedish and English", async () => {
  await worker.locator("details.menu > summary").click();
  await worker.locator(".languages > summary").click();
  assert.deepEqual(await worker.locator(".languages button").allTextContents(), ["Svenska", "English"]);
  await worker.locator("details.menu > summary").click();
});

test("a browser that speaks Arabic finds the page in Arabic, and keeps what is chosen instead", async () => {
  const arab = await Browser.open({ phone: true, language: "ar" });
  try {
    const page = await arab.tab(stage.installation.pagesUrl("bjuv", "citizen"));
    await page.getByRole("heading", { name: (await wordsOf("ar")).introTitle }).waitFor();
    await languageChoose(page, "English");
    await page.reload();
    await page.getByRole("heading", { name: (await wordsOf("en")).introTitle }).waitFor();
    assert.deepEqual(arab.complaints, []);
  } finally {
    await arab.close();
  }
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
