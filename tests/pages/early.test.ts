// Whoever is quicker than what the page needs: what they write is not given back to them, and what they choose does not stay behind.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { messageEntries } from "../../client-sdk/web/protocol/messages.ts";
import { loginDone } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";
import { Wire } from "./wire.ts";

const TITLE = "Hjälp med hyran";
/** In what makes chosen files ready, and in no other part of the pages. */
const CHOSEN_PART = "enrum-recording-left";

let stage: Stage;
let wire: Wire;
let citizen: Page;
/** Through the network that is slow. */
let worker: Page;

before(async () => {
  stage = await Stage.set();
  wire = await Wire.lay(stage.installation, "bjuv");
  citizen = await stage.citizenIn("test.testsson");
  worker = await stage.desk.tab(`${wire.address}personal/`);
  await loginDone(worker, "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hur gör jag?");
});

after(async () => {
  await wire?.strike();
  await stage?.strike();
});

test("whoever has taken a conversation writes in it when it is there, and not before", async () => {
  const form = worker.getByLabel("Skriv ett meddelande");
  await worker.getByRole("button", { name: `Ta samtalet: ${TITLE}` }).waitFor();
  wire.hold(messageEntries.number);
  await take(worker, TITLE);
  await worker.getByText("Hämtar …").waitFor();
  assert.equal(await form.count(), 0);
  wire.release();
  await write(worker, "Jag hjälper dig.");
  await isRecorded(worker, "Jag hjälper dig.");
  await entry(citizen, "Jag hjälper dig.").waitFor();
});

test("a file that is chosen goes with the words beside it, also before what makes it ready is there", async () => {
  const { promise: isThere, resolve: bring } = Promise.withResolvers<void>();
  // Not in this browser before: nothing is kept of it for a visit without a network.
  const page = await stage.desk.tab("about:blank");
  await page.route(/part-.*\.js$/, async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes(CHOSEN_PART)) await isThere;
    await route.fulfill({ response });
  });
  await page.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(page, "test.foralder");
  await conversationNew(page, "Papper", "De kommer här.");
  await isRecorded(page, "De kommer här.");
  const send = page.getByRole("button", { name: "Skicka", exact: true });
  await page.locator("input.files").setInputFiles({ name: "hyresavi.txt", mimeType: "text/plain", buffer: Buffer.from("Hyra för november.") });
  await page.getByLabel("Skriv ett meddelande").fill("Här är avin.");
  assert.ok(await send.isDisabled());
  await page.getByLabel("Skriv ett meddelande").press("Enter");
  assert.equal(await page.locator(".entry").count(), 1);
  bring();
  await send.click();
  await isRecorded(page, "Här är avin.");
  await entry(page, "Här är avin.").locator("enrum-attachment", { hasText: "hyresavi.txt" }).waitFor();
  stage.assertClean(new URL(wire.address).origin, wire.hostUrl);
});
