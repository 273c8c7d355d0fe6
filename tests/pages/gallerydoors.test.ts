// The ways in and out, in Swedish, English and Arabic, on a phone and on a wide screen, as gallery.test.ts has it for what is within:
// logging in, on a borrowed device and without, a new conversation on a board with two units, the menu, logging out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { languageRow, type Language } from "../../client-sdk/web/pages/words/languages.ts";
import { languageChoose } from "./browser.ts";
import { Stage } from "./stage.ts";
import { lookWide, SIZES } from "./widths.ts";

const CITIZENS = ["sv", "en", "ar"] as const satisfies readonly Language[];
const STAFF = ["sv", "en"] as const satisfies readonly Language[];
let stage: Stage;
/** What is wrong on any of the pages: whoever mends one wants to know of the others. */
const wrong: string[] = [];

before(async () => stage = await Stage.set({ units: { "Ekonomiskt bistånd": ["bjuv.handlaggare2"] } }));

after(() => stage?.strike());

async function each(page: Page, languages: readonly Language[], look: (language: Language) => Promise<void>): Promise<void> {
  for (const language of languages) {
    await page.setViewportSize(SIZES[1280]);
    await languageChoose(page, languageRow(language).name);
    await look(language);
  }
  await page.setViewportSize(SIZES[1280]);
  await languageChoose(page, "Svenska");
}

async function see(page: Page, name: string, language: Language): Promise<void> {
  const found = await lookWide(page, `${name}-${language}`);
  // What an open menu lies upon is pressed when it is closed again.
  wrong.push(...found.filter((line) => name !== "menu" || !line.includes("partially obscured")));
}

async function pageSee(page: Page, name: string, selector: string, hash: string, language: Language): Promise<void> {
  await page.evaluate((to) => location.hash = to, hash);
  await page.locator(selector).first().waitFor();
  await see(page, name, language);
}

test("the ways in", async () => {
  const page = await stage.citizen();
  await each(page, CITIZENS, async (language) => {
    await pageSee(page, "login", "#shared", "#/", language);
    await page.setViewportSize(SIZES[1280]);
    await page.locator("#shared").check();
    await page.locator("enrum-login details > summary").click();
    await see(page, "login-borrowed-code", language);
    await page.setViewportSize(SIZES[1280]);
    await page.locator("enrum-login details > summary").click();
    await page.locator("#shared").uncheck();
    await pageSee(page, "advice", "enrum-advice", "#/fraga", language);
    await page.evaluate(() => location.hash = "#/");
  });
  await page.close();
});

test("the way in for staff, and for somebody who is invited to a call and has no link", async () => {
  const worker = await stage.staff();
  await each(worker, STAFF, async (language) => {
    await worker.locator("enrum-login button.primary").first().waitFor();
    await see(worker, "staff-login", language);
  });
  await worker.close();
  const guest = await stage.phone.tab(stage.installation.pagesUrl("bjuv", "guest"));
  await guest.locator("main h1").waitFor();
  await each(guest, CITIZENS, (language) => see(guest, "guest", language));
  await guest.close();
});

test("a conversation with a choice of units, the menu, and logging out", async () => {
  const page = await stage.citizenIn("test.foralder");
  await each(page, CITIZENS, async (language) => {
    await pageSee(page, "new-units", "enrum-unit-choice", "#/nytt", language);
    await page.setViewportSize(SIZES[1280]);
    await page.evaluate(() => location.hash = "#/");
    await page.locator("details.menu:not(.languages) > summary").click();
    await see(page, "menu", language);
    await page.setViewportSize(SIZES[1280]);
    await page.locator("details.menu:not(.languages) > div > button").last().click();
    await page.locator("enrum-logout dialog[open]").waitFor();
    await see(page, "logout", language);
    await page.setViewportSize(SIZES[1280]);
    await page.locator("enrum-logout dialog .choices button").last().click();
  });
  await page.close();
});

test("none of them is too wide, has too small a button, or breaks a rule that axe knows", () => assert.deepEqual(wrong, []));

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
