// A login ends while somebody writes without a network: the pages ask for another, and go along with the conversation when it is
// opened anew under the new certificate, together with what is being written.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "../../demo/device.ts";
import { lifetimesSet, SEVEN_SECONDS, SIX_MINUTES } from "../sdk/lifetimes.ts";
import { look } from "./browser.ts";
import { lastLines } from "./diagnosis.ts";
import { conversationNew, entry, isRecorded, Stage, texts, write } from "./stage.ts";

const TITLE = "Utan nät, utan login";
let stage: Stage;
let page: Page;
let other: Page;
let loggedInAt: number;

const roomOf = (of: Page) => /[0-9a-f]{64}/.exec(of.url())?.[0];

before(async () => {
  stage = await Stage.set();
  await lifetimesSet(stage.installation, "bjuv", SEVEN_SECONDS, SEVEN_SECONDS / 2);
  page = await stage.citizenIn("test.testsson");
  loggedInAt = Date.now();
  other = await stage.citizen();
});

afterEach((t) => lastLines(t, stage.installation));

after(() => stage?.strike());

test("who writes without a network is asked for a login when the certificate has ended, and keeps every word", async () => {
  await stage.installation.stopHost();
  await conversationNew(page, TITLE, "ett");
  await write(page, "två");
  await entry(page, "två").waitFor();
  await look(page, "unsent-phone");
  await other.getByRole("link", { name: new RegExp(TITLE) }).click();
  await other.getByLabel("Skriv ett meddelande").fill("halvskrivet");
  // The renewal that follows the login at once may have been answered a little later.
  await eventually("over", async () => Date.now() > loggedInAt + SEVEN_SECONDS * 3_600_000 + 1_000);
  await stage.installation.startHost();
  await lifetimesSet(stage.installation, "bjuv", SIX_MINUTES, 24);
  await page.getByText(/^.*Du behöver logga in igen/).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await look(page, "renewal-phone");
  assert.deepEqual(await texts(page), ["ett", "två"]);
});

test("logged in again, it is sent, and the pages are where the conversation is", async () => {
  const before = roomOf(page);
  assert.equal(roomOf(other), before);
  await page.getByRole("button", { name: "Logga in igen" }).click();
  await page.locator("input#login").fill("test.testsson");
  await page.getByRole("button", { name: "Legitimera" }).click();
  await page.getByRole("button", { name: "Jag bekräftar" }).click();
  await isRecorded(other, "två");
  assert.deepEqual(await texts(other), ["ett", "två"]);
  assert.notEqual(roomOf(other), before);
  assert.equal(await other.getByLabel("Skriv ett meddelande").inputValue(), "halvskrivet");
  await page.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/samtal/${before}`);
  await isRecorded(page, "två");
  assert.equal(roomOf(page), roomOf(other));
  await page.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/journal/${before}`);
  await eventually("the journal too", async () => roomOf(page) === roomOf(other));
  await page.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/`);
  const link = page.getByRole("link", { name: new RegExp(TITLE) });
  await link.first().waitFor();
  assert.equal(await link.count(), 1);
  await other.getByLabel("Skriv ett meddelande").fill("");
  stage.assertClean();
});
