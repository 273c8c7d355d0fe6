// Voice messages: recorded with the browser's own microphone, listened to, sent, and heard by the other one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { languageRow } from "../../client-sdk/web/pages/words/languages.ts";
import { eventually } from "../../demo/device.ts";
import { axe, Browser, languageChoose, loginDone, overflow, screenshot, smallTargets } from "./browser.ts";
import { freePorts, madeUpServe, type MadeUp } from "./embedding.ts";
import { conversationNew, entry, Stage, take } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
let neutral: MadeUp;
const TITLE = "Jag talar hellre";
/** Within which a player knows what it has, and plays. */
const PATIENCE_MS = 60_000;

before(async () => {
  const [at = 0] = await freePorts(1);
  neutral = await madeUpServe(at, () => ({ "/": "<h1>Uppehåll</h1>" }));
  stage = await Stage.set({ leave: `http://127.0.0.1:${at}/` });
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Jag skickar min röst");
  await take(worker, TITLE);
  await entry(worker, "Jag skickar min röst").waitFor();
});

after(async () => {
  await stage?.strike();
  neutral?.close();
});

async function record(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Spela in" }).click();
  await page.getByRole("timer").filter({ hasText: /0:(0[2-9]|[1-5]\d)/ }).waitFor();
}

/** How long what a player holds is, once it is known, s. */
function seconds(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate(async (audio: HTMLAudioElement, patience) => {
    for (const end = performance.now() + patience; !(Number.isFinite(audio.duration) && audio.duration > 0); await new Promise((resolve) => setTimeout(resolve, 100))) {
      if (audio.error !== null || performance.now() > end) throw new Error(audio.error?.message ?? "how long it is does not become known");
    }
    return audio.duration;
  }, PATIENCE_MS);
}

test("a voice is recorded, listened to and sent, and the other one hears it", async () => {
  await record(citizen);
  await screenshot(citizen, "voice-recording-360");
  assert.deepEqual(await axe(citizen), []);
  await citizen.getByRole("button", { name: "Stoppa" }).click();
  await citizen.locator(".voice audio").waitFor();
  await screenshot(citizen, "voice-done-360");
  assert.deepEqual(await axe(citizen), []);
  assert.ok(await overflow(citizen) <= 0);
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  const heard = worker.locator(".entry", { has: worker.locator("enrum-attachment", { hasText: /^\s*rost-/ }) });
  await heard.getByRole("button", { name: /^Lyssna: rost-/ }).click();
  await heard.locator("audio").waitFor();
  const length = await seconds(worker, "enrum-attachment audio");
  assert.ok(length > 1.5 && length < 30, `${length} s`);
  await screenshot(worker, "voice-heard-1280");
  assert.deepEqual(await axe(worker), []);
  await heard.getByText("Ljud,").waitFor();
});

test("what is not wanted is not sent, and the microphone is given back", async () => {
  const live = () => citizen.evaluate(() => (globalThis as { tracks?: MediaStreamTrack[] }).tracks?.filter(({ readyState }) => readyState === "live").length);
  await citizen.evaluate(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(globalThis, { tracks });
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  await record(citizen);
  assert.equal(await live(), 1);
  await citizen.getByRole("button", { name: "Avbryt" }).click();
  await citizen.getByLabel("Skriv ett meddelande").waitFor();
  assert.equal(await live(), 0);
  await record(citizen);
  await citizen.getByRole("button", { name: "Stoppa" }).click();
  await citizen.getByRole("button", { name: "Spela in igen" }).click();
  await citizen.getByRole("timer").filter({ hasText: /0:(0[1-9]|[1-5]\d)/ }).waitFor();
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await citizen.getByLabel("Skriv ett meddelande").waitFor();
  assert.equal(await live(), 0);
  assert.equal(await citizen.locator("enrum-attachment").count(), 1);
  // Neither sent nor discarded: what was said until then is there.
  await citizen.getByRole("button", { name: "Skicka med inspelningen" }).waitFor();
  await citizen.locator(".chosen li", { hasText: /rost-/ }).getByRole("button", { name: /^Ta bort: rost-/ }).click();
  await citizen.getByRole("button", { name: "Skicka", exact: true }).waitFor();
});

async function lookLeft(language: string): Promise<void> {
  for (const [width, height] of [[1280, 800], [360, 740]] as const) {
    await citizen.setViewportSize({ width, height });
    await screenshot(citizen, `voice-left-${language}-${width}`);
    assert.deepEqual(await axe(citizen), []);
    assert.deepEqual(await smallTargets(citizen), []);
    assert.ok(await overflow(citizen) <= 0);
  }
}

/** What the field is described by, for whoever hears the page. */
const described = (page: Page) => page.getByLabel("Skriv ett meddelande").evaluate((field) => document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent);

test("a recording that was left says that it waits, is listened to, and goes along only by a button that says so", async () => {
  await record(citizen);
  await citizen.getByRole("button", { name: "Stoppa" }).click();
  await citizen.locator(".voice audio").waitFor();
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await citizen.locator(".chosen li", { hasText: /rost-/ }).waitFor();
  assert.equal(await described(citizen), "Din inspelning är inte skickad än. Den följer med när du skickar.");
  assert.equal(await citizen.getByRole("button", { name: "Skicka", exact: true }).count(), 0);
  await citizen.locator(".chosen audio").evaluate(async (audio: HTMLAudioElement, patience) => {
    await audio.play();
    for (const end = performance.now() + patience; audio.currentTime === 0; await new Promise((resolve) => setTimeout(resolve, 100))) {
      if (performance.now() > end) throw new Error("it is not played");
    }
  }, PATIENCE_MS);
  await lookLeft("sv");
  await languageChoose(citizen, languageRow("ar").name);
  await lookLeft("ar");
  await languageChoose(citizen, "Svenska");
  await citizen.getByLabel("Skriv ett meddelande").fill("Lyssna på det här.");
  await citizen.getByRole("button", { name: "Skicka med inspelningen" }).click();
  await citizen.getByRole("button", { name: "Skicka", exact: true }).waitFor();
  assert.equal(await described(citizen), undefined);
  await worker.getByText("Lyssna på det här.", { exact: true }).waitFor();
  const heard = worker.locator(".entry", { has: worker.locator("enrum-attachment", { hasText: /^\s*rost-/ }) }).nth(1);
  await heard.getByRole("button", { name: /^Lyssna: rost-/ }).click();
  const length = await seconds(worker, ".entry:last-of-type enrum-attachment audio");
  assert.ok(length > 1.5 && length < 30, `${length} s`);
});

test("whoever reloads the page while a recording waits is asked first; who leaves it at once is not", async () => {
  const page = await stage.phone.tab(citizen.url());
  await record(page);
  await page.getByRole("button", { name: "Stoppa" }).click();
  await page.locator(".voice audio").waitFor();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  const reloading = page.reload({ timeout: 5_000 }).catch(() => undefined);
  await eventually("it is asked", async () => asked.length > 0);
  await reloading;
  assert.deepEqual(asked, ["beforeunload"]);
  await page.locator(".voice audio").waitFor();
  await page.getByRole("link", { name: "Lämna sidan" }).click();
  await page.getByRole("heading", { name: "Uppehåll" }).waitFor();
  assert.deepEqual(asked, ["beforeunload"]);
  await page.close();
});

test("a recording ends by itself after five minutes, and what was said is there", async () => {
  const page = await stage.phone.tab(citizen.url());
  await page.clock.install();
  await page.reload();
  await record(page);
  await page.clock.fastForward("05:00");
  await page.locator(".voice audio").waitFor();
  await page.getByRole("button", { name: "Ta bort" }).click();
  await page.getByLabel("Skriv ett meddelande").waitFor();
  await page.close();
});

test("whoever allows no microphone is told what to do, and goes on writing", async () => {
  const shy = await Browser.open({ phone: true, isMediaDenied: true });
  const page = await shy.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(page, "test.foralder");
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await page.getByRole("button", { name: "Spela in" }).click();
  await page.getByText("Webbläsaren får inte använda mikrofonen.").waitFor();
  await screenshot(page, "voice-denied-360");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("button", { name: "Avbryt" }).click();
  await page.getByLabel("Skriv ett meddelande").waitFor();
  await shy.close();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean(`http://127.0.0.1:${neutral.port}`));
