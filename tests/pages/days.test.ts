// A conversation of several days: where a day begins, its name stands once, as the reader's own day has it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { languageRow } from "../../client-sdk/web/pages/words/languages.ts";
import { ClockShift } from "../fault/clockshift.ts";
import { lifetimesSet } from "../sdk/lifetimes.ts";
import { axe, languageChoose, overflow, screenshot } from "./browser.ts";
import { conversationNew, day, entry, Stage, take, write } from "./stage.ts";

const TITLE = "Tre dagar";
const SEVERAL_DAYS_H = 10 * 24;
const HOUR_MS = 3_600_000;

let folder: string;
let clock: ClockShift;
let stage: Stage;
let citizen: Page;
let worker: Page;

/** Around noon of the day so many days from the one on which this began: no midnight is near, whenever the test runs. */
const TODAY_MS = Date.parse(`${day(0)}T11:00:00Z`);
const noon = (days: number) => TODAY_MS + days * 24 * HOUR_MS;

/** The host's clock, which says under which day an entry stands. The authors' go right, so the keeper finds that the times do not match. */
const hostGoesTo = (ms: number) => clock.set(BigInt(Math.round((ms - Date.now()) / 1000)));

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-days-"));
  clock = await ClockShift.make(folder);
  stage = await Stage.set({ hostEnv: clock.hostEnv });
  await lifetimesSet(stage.installation, "bjuv", SEVERAL_DAYS_H, SEVERAL_DAYS_H);
  citizen = await stage.citizenIn("test.testsson");
  worker = await stage.staffIn("bjuv.handlaggare");
});

after(async () => {
  await stage?.strike();
  rmSync(folder, { recursive: true, force: true });
});

/** The days and what was said, from the top. */
function shown(page: Page): Promise<(string | null)[]> {
  return page.locator(".room-body [role=log] li.day, .room-body [role=log] .entry .text").allTextContents();
}

/** As one who reads it at this time sees it. */
async function readAt(page: Page, ms: number): Promise<void> {
  await page.clock.setFixedTime(ms);
  await page.reload();
  await entry(page, "Och den tredje.").waitFor();
}

function dayOf(ms: number, hasYear: boolean): string {
  const text = new Date(ms).toLocaleDateString("sv-SE", { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Stockholm", ...hasYear ? { year: "numeric" } : {} });
  return text.charAt(0).toUpperCase() + text.slice(1);
}

test("what is written on three days stands under three days, each named once", async () => {
  hostGoesTo(noon(1));
  await conversationNew(citizen, TITLE, "Den första dagen.");
  await take(worker, TITLE);
  await write(worker, "Samma dag.");
  await entry(citizen, "Samma dag.").waitFor();
  hostGoesTo(noon(2));
  await write(citizen, "Dagen därpå.");
  await entry(worker, "Dagen därpå.").waitFor();
  hostGoesTo(noon(3));
  await write(worker, "Och den tredje.");
  await entry(citizen, "Och den tredje.").waitFor();
  for (const page of [citizen, worker]) {
    await readAt(page, noon(3) + HOUR_MS);
    assert.deepEqual(await shown(page), [dayOf(noon(1), new Date(noon(1)).getFullYear() !== new Date(noon(3)).getFullYear()), "Den första dagen.", "Samma dag.", "Igår", "Dagen därpå.", "Idag", "Och den tredje."]);
    await page.locator("li.day").last().scrollIntoViewIfNeeded();
    await screenshot(page, page === citizen ? "days-360" : "days-1280");
    assert.deepEqual(await axe(page), []);
    assert.equal(await overflow(page), 0);
  }
  await languageChoose(citizen, languageRow("ar").name);
  await screenshot(citizen, "days-ar-360");
  assert.equal(await overflow(citizen), 0);
  await languageChoose(citizen, "Svenska");
});

test("a day later the names have moved on, and a year later they say of which year", async () => {
  await readAt(citizen, noon(4));
  const [first, , , second, , third] = await shown(citizen);
  assert.deepEqual([first, second, third].map((name) => name?.replace(/ \d{4}$/, "")), [dayOf(noon(1), false), dayOf(noon(2), false), "Igår"]);
  await readAt(citizen, noon(400));
  assert.deepEqual((await shown(citizen)).filter((_, index) => [0, 3, 5].includes(index)), [1, 2, 3].map((days) => dayOf(noon(days), true)));
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
