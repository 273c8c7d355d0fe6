// A call between the real pages: a caseworker's desk and a citizen's phone, through the real relay.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, overflow, screenshot } from "./browser.ts";
import { conversationNew, entry, Stage, take, write } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLE = "Vi behöver ses";

before(async () => {
  stage = await Stage.set();
  citizen = await stage.citizenIn("test.foralder");
  worker = await stage.staffIn("bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Kan vi talas vid?");
  await take(worker, TITLE);
  await entry(worker, "Kan vi talas vid?").waitFor();
  await citizen.getByText("är med i samtalet").waitFor();
});

after(() => stage?.strike());

/** Pictures of others that are shown just now. */
const moving = (page: Page) => page.locator(".tile:not(.own) video").evaluateAll((videos) =>
  videos.filter((video) => (video as HTMLVideoElement).videoWidth > 2 && (video as HTMLVideoElement).currentTime > 0).length);

async function untilMoving(page: Page, count: number): Promise<void> {
  const end = Date.now() + 30_000;
  while (await moving(page) !== count) {
    assert.ok(Date.now() < end, `${await moving(page)} moving pictures, not ${count}`);
    await page.waitForTimeout(100);
  }
}

test("devices are tried, it rings, is answered, and both see each other", async () => {
  await worker.getByRole("link", { name: "Videosamtal" }).click();
  await worker.getByRole("button", { name: "Prova mikrofonen" }).click();
  await worker.getByText("Mikrofonen hör dig.").waitFor();
  await worker.getByRole("button", { name: "Visa min kamera" }).click();
  await screenshot(worker, "call-prepare-desk");
  assert.deepEqual(await axe(worker), []);
  await worker.getByRole("button", { name: /^Ring / }).click();
  await citizen.getByText(/ ringer$/).waitFor();
  await screenshot(citizen, "call-rings-phone");
  assert.deepEqual(await axe(citizen), []);
  await citizen.getByRole("button", { name: "Svara" }).click();
  await screenshot(citizen, "call-prepare-phone");
  assert.deepEqual(await axe(citizen), []);
  assert.equal(await overflow(citizen), 0);
  await citizen.getByRole("button", { name: "Svara" }).click();
  await citizen.getByRole("button", { name: "Lägg på" }).waitFor();
  await citizen.getByRole("button", { name: "Kamera av" }).click();
  await worker.getByRole("button", { name: "Kamera av" }).click();
  await untilMoving(worker, 1);
  await untilMoving(citizen, 1);
  await screenshot(citizen, "call-in-phone");
  await screenshot(worker, "call-in-desk");
  assert.deepEqual(await axe(citizen), []);
  assert.deepEqual(await axe(worker), []);
  assert.equal(await overflow(citizen), 0);
});
