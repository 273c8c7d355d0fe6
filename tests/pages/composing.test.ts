// Lines, pasted texts and emoji arrive as they were written: in the conversation, in the list, in the journal and in the file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { conversationNew, entry, isRecorded, Stage, take } from "./stage.ts";

const TITLE = "Rader";
const LINES = "Hej!\nFörsta raden.\n\nEfter en tom rad.";
/** A family of four, a flag, a skin tone, a rainbow, a keycap: each is one sign, of up to eleven units. */
const SIGNS = ["👨‍👩‍👧‍👦", "🇸🇪", "👍🏽", "🏳️‍🌈", "1️⃣"];
const EMOJI = `Vi är ${SIGNS.join(" ")} hemma`;
/** The list cuts within one of these, wherever it cuts. */
const FAMILIES = (SIGNS[0] as string).repeat(30);

let stage: Stage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej");
  await take(worker, TITLE);
  await isRecorded(worker, "Hej");
});

after(() => stage?.strike());

const field = (page: Page) => page.getByLabel("Skriv ett meddelande");
const count = (page: Page) => page.locator(".entry .text").count();

/** The last text is this, to the unit, and its lines are seen as lines. */
async function arrived(page: Page, text: string): Promise<void> {
  const last = page.locator(".entry:not(.draft) .text").last();
  await page.waitForFunction((wanted) => [...document.querySelectorAll(".entry:not(.draft) .text")].at(-1)?.textContent === wanted, text);
  assert.equal(await last.evaluate((element) => (element as HTMLElement).innerText), text);
}

async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(page.url()).origin });
  await page.evaluate((given) => navigator.clipboard.writeText(given), text);
  await field(page).focus();
  await page.keyboard.press("Control+V");
}

test("at a desk Shift and Enter begin a new line, Enter sends, and the lines arrive", async () => {
  const before = await count(worker);
  await field(worker).focus();
  for (const [at, line] of LINES.split("\n").entries()) {
    if (at > 0) await worker.keyboard.press("Shift+Enter");
    await worker.keyboard.type(line);
  }
  assert.equal(await field(worker).inputValue(), LINES);
  assert.equal(await count(worker), before);
  await worker.keyboard.press("Enter");
  for (const page of [worker, citizen]) await arrived(page, LINES);
  assert.equal(await field(worker).inputValue(), "");
});

test("on a telephone Enter begins a new line, and only the button sends", async () => {
  await field(citizen).focus();
  await citizen.keyboard.type("Rad ett");
  await citizen.keyboard.press("Enter");
  await citizen.keyboard.type("rad två");
  assert.equal(await field(citizen).inputValue(), "Rad ett\nrad två");
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  for (const page of [worker, citizen]) await arrived(page, "Rad ett\nrad två");
});

test("a text that is pasted stands in the field with its lines, is not sent by itself, and arrives with them", async () => {
  const before = await count(worker);
  await paste(worker, "Klistrat:\r\n- ett\r\n- två\n\nSlut.");
  assert.equal(await field(worker).inputValue(), "Klistrat:\n- ett\n- två\n\nSlut.");
  assert.equal(await count(worker), before);
  await worker.keyboard.press("Enter");
  for (const page of [worker, citizen]) await arrived(page, "Klistrat:\n- ett\n- två\n\nSlut.");
});

test("emoji of several parts arrive whole, written or pasted, and stand so in the journal and in the file", async () => {
  await field(citizen).focus();
  await citizen.keyboard.insertText(EMOJI);
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  for (const page of [worker, citizen]) await arrived(page, EMOJI);
  await paste(worker, SIGNS.join("\n"));
  await worker.keyboard.press("Enter");
  for (const page of [worker, citizen]) await arrived(page, SIGNS.join("\n"));
  await isRecorded(citizen, EMOJI);
  await citizen.getByRole("link", { name: "Journal", exact: true }).click();
  // The journal draws what is near the window.
  await citizen.locator("#search").fill("hemma");
  await citizen.locator(".record", { hasText: EMOJI }).waitFor();
  await citizen.locator("#search").fill("");
  const [file] = await Promise.all([citizen.waitForEvent("download"), citizen.getByRole("button", { name: "Spara som fil" }).click()]);
  const saved = readFileSync(await file.path(), "utf8");
  assert.ok(saved.includes(`    ${EMOJI}\n`));
  assert.ok(saved.includes(LINES.split("\n")[3] as string));
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
});

test("where a list has no room for a text it ends between two signs, not within one", async () => {
  await field(citizen).focus();
  await citizen.keyboard.insertText(FAMILIES);
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  await arrived(worker, FAMILIES);
  await entry(citizen, FAMILIES).waitFor();
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  const shown = await citizen.getByRole("link", { name: new RegExp(`^${TITLE}`) }).filter({ hasText: "…" }).innerText();
  assert.ok(shown.includes(FAMILIES.slice(0, 55)));
  assert.doesNotMatch(shown.replaceAll(SIGNS[0] as string, ""), /[👨👩👧👦\u200d]/u);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
