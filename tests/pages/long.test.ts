// A conversation of many entries: the page draws those near the window, and the reader notices nothing of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Device } from "../../demo/device.ts";
import { axe, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

const TITLE = "Ett långt samtal";
const FIRST = "Det första jag skrev.";
const COUNT = 600;
/** Entries in a part (parts.ts), and in the last one. */
const PART = 25;
const SHORT = 2;
/** No entry is lower, px. */
const LINE = 30;
/** More than this of a long conversation is never in the page at once. */
const DRAWN_MAX = 200;

let stage: Stage;
let citizen: Page;
let worker: Page;
/** So that the last part is a short one. */
let more: string[];

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, FIRST);
  await take(worker, TITLE);
  const room = new URL(citizen.url()).hash.split("/").at(-1) as string;
  const shell = new Device(stage.installation, "foralder", "bjuv", "test.foralder", "citizen");
  await shell.login();
  const lines = Array.from({ length: COUNT }, (_, i) => `Nummer ${i + 1}. ${"Och lite till. ".repeat(i % 7)}`).join("\n");
  await shell.must(["send", room], { input: lines, patience: 120_000 });
  await entry(citizen, `Nummer ${COUNT}. ${"Och lite till. ".repeat((COUNT - 1) % 7)}`.trim()).waitFor();
  // The last part is a short one: what is not drawn is not taken for as low as that.
  const last = await citizen.locator("[data-part]").last().locator("> li").count();
  more = Array.from({ length: (PART + SHORT - last) % PART }, (_, i) => `Mer ${i + 1}.`);
  if (more.length > 0) await shell.must(["send", room], { input: more.join("\n"), patience: 120_000 });
  await citizen.waitForFunction((short) => [...document.querySelectorAll("[data-part]")].at(-1)?.querySelectorAll(":scope > li").length === short, SHORT);
  await entry(worker, `Nummer ${COUNT}. ${"Och lite till. ".repeat((COUNT - 1) % 7)}`.trim()).waitFor();
});

after(() => stage?.strike());

const drawn = (page: Page) => page.locator(".entry").count();
/** Of all full parts, drawn or not, px. */
const lowest = (page: Page) => page.evaluate(() => Math.min(...[...document.querySelectorAll("[data-part]")].slice(0, -1).map((part) => part.getBoundingClientRect().height)));
const top = (page: Page) => page.evaluate(() => scrollY);

/** The page stands still again. */
function scrolled(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => {
    let [at, still] = [scrollY, 0];
    const look = () => {
      still = scrollY === at ? still + 1 : 0;
      at = scrollY;
      if (still > 5) resolve();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }));
}

test("the newest are there, and not all of the page", async () => {
  await citizen.reload();
  await entry(citizen, `Nummer ${COUNT}. ${"Och lite till. ".repeat((COUNT - 1) % 7)}`.trim()).waitFor();
  await citizen.waitForFunction(() => scrollY > 0 && document.documentElement.scrollHeight - scrollY - innerHeight < 2);
  assert.ok(await drawn(citizen) < DRAWN_MAX);
  assert.ok(await citizen.evaluate(() => document.documentElement.scrollHeight) > COUNT * 30, "the whole length is there to scroll in");
});

test("whoever reads back comes to every entry", async () => {
  const seen = new Set<string>();
  let before = await top(citizen);
  await citizen.mouse.move(180, 300);
  for (let turns = 0; turns < 2000; turns++) {
    for (const text of await citizen.locator(".entry .text").allTextContents()) if (!text.startsWith("Mer ")) seen.add(text);
    if (before === 0 && seen.has(FIRST)) break;
    await citizen.mouse.wheel(0, -600);
    await scrolled(citizen);
    assert.ok(await drawn(citizen) < DRAWN_MAX);
    assert.ok(await lowest(citizen) > PART * LINE, "what is not drawn keeps its height");
    before = await top(citizen);
  }
  assert.equal(seen.size, COUNT + 1);
  await screenshot(citizen, "long-first-phone");
  assert.deepEqual(await axe(citizen), []);
});

test("what comes meanwhile is told, and shown at a press; a screen reader hears it once", async () => {
  await write(worker, "Jag har läst det.");
  await citizen.locator(".room .spoken", { hasText: "Testina Bjuvsdotter: Jag har läst det." }).waitFor({ state: "attached" });
  assert.equal(await top(citizen), 0, "the reader stays where they read");
  await citizen.getByRole("button", { name: "Nya meddelanden" }).click();
  await entry(citizen, "Jag har läst det.").waitFor();
  await isRecorded(citizen, "Jag har läst det.");
  assert.equal(await citizen.getByRole("log").getAttribute("aria-live"), "off");
});

test("the journal has all of it: searched, and on paper", async () => {
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.locator(".record").first().waitFor();
  await citizen.getByLabel("Visa bara meddelanden").check();
  assert.ok(await citizen.locator(".record").count() < DRAWN_MAX);
  await citizen.getByRole("searchbox").fill("Nummer 17.");
  await citizen.getByText("1 träff", { exact: true }).waitFor();
  assert.equal(await citizen.locator(".record").count(), 1);
  await citizen.getByRole("searchbox").fill("");
  const printed = await citizen.evaluate(() => {
    dispatchEvent(new Event("beforeprint"));
    return document.querySelectorAll(".record").length;
  });
  assert.equal(printed, COUNT + more.length + 2);
  await citizen.evaluate(() => dispatchEvent(new Event("afterprint")));
  await citizen.waitForFunction((most) => document.querySelectorAll(".record").length < most, DRAWN_MAX);
});

test("nothing of it was complained of", () => stage.assertClean());
