// Six people in one call: everybody sees and hears the five others, one who comes late sees a picture soon, and who leaves is gone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, type Browser, type Page } from "playwright-core";
import { CHROMIUM, CHROMIUM_FLAGS, login } from "../../demo/browse.ts";
import { mediaFlags } from "./browser.ts";
import { conversationTaken, Stage } from "./stage.ts";

const GUESTS = ["test.testdotter", "test.nittonsson", "test.attiosson", "test.testsson"];
const PATIENCE_MS = 180_000;
/** Six encoders and thirty decoders share this machine: few a second are enough to see that they come. */
const PICTURES = 5;

let stage: Stage;
let browser: Browser;
let citizen: Page;
let worker: Page;
const guests: Page[] = [];

before(async () => {
  stage = await Stage.set({ pictures: PICTURES });
  const flags = ["--use-fake-ui-for-media-stream", ...mediaFlags(PICTURES)];
  browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...CHROMIUM_FLAGS, ...flags] });
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationTaken(citizen, worker, "Nätverksmöte", "Vi är många som ska ses");
});

after(async () => {
  await browser?.close();
  await stage?.strike();
});

/** Streams of others on this page, and those of them of which something was shown or heard just now. */
function streams(page: Page): Promise<{ all: string[]; flowing: string[] }> {
  return page.evaluate(() => {
    const { media } = (document.querySelector("enrum-call") as unknown as { calls: { media?: import("../../client-sdk/web/call/media.ts").CallMedia } }).calls;
    const names = (media?.remotes ?? []).map(({ participant, use, isFlowing }) => ({ name: `${participant} ${use}`, isFlowing }));
    return { all: names.map(({ name }) => name), flowing: names.filter(({ isFlowing }) => isFlowing).map(({ name }) => name) };
  });
}

/** So many streams there are, and each of them flows: not all in the same half second, since a busy machine shows few pictures. */
async function untilFlowing(page: Page, count: number, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  const seen = new Set<string>();
  for (;;) {
    const { all, flowing } = await streams(page);
    for (const name of flowing) seen.add(name);
    if (all.length === count && all.every((name) => seen.has(name))) return;
    assert.ok(Date.now() < end, `${what}: ${[...seen].join()} of ${all.join()}`);
    await page.waitForTimeout(100);
  }
}

async function guestIn(link: string, persona: string): Promise<Page> {
  const context = await browser.newContext({ locale: "sv-SE" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(link);
  await login(page, persona);
  await page.getByLabel("Börja med kameran på").check();
  await page.getByRole("button", { name: "Gå till väntrummet" }).click();
  await page.getByText("Du är i väntrummet").waitFor();
  return page;
}

test("five come one after the other, each with voice and camera, and all see all", async () => {
  await worker.getByRole("link", { name: "Videosamtal" }).click();
  await worker.getByLabel("Börja med kameran på").check();
  await worker.getByRole("button", { name: /^Ring / }).click();
  await citizen.getByRole("button", { name: "Svara" }).click();
  await citizen.getByLabel("Börja med kameran på").check();
  await citizen.getByRole("button", { name: "Svara" }).click();
  await untilFlowing(worker, 2, "voice and camera of the first");
  await worker.getByText(/^Deltagare/).click();
  const link = await worker.locator(".invite code").innerText();
  for (const persona of GUESTS) {
    const page = await guestIn(link, persona);
    guests.push(page);
    const began = performance.now();
    await worker.getByRole("button", { name: "Släpp in", exact: true }).click();
    await page.waitForFunction(() => [...document.querySelectorAll("video")].some((video) => video.closest(".own") === null && video.getVideoPlaybackQuality().totalVideoFrames > 0), undefined, { polling: 50 });
    console.log(`${persona} saw a picture ${Math.round(performance.now() - began)} ms after being let in`);
  }
  for (const page of [citizen, worker, ...guests]) await untilFlowing(page, 10, "voice and camera of five");
});

test("one leaves: the others go on without it, under other keys", async () => {
  const leaver = guests.pop() as Page;
  await leaver.getByRole("button", { name: "Lägg på" }).click();
  await leaver.getByText("Du har lagt på.").waitFor();
  for (const page of [citizen, worker, ...guests]) await untilFlowing(page, 8, "voice and camera of four");
  stage.assertClean();
});
