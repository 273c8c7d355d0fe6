// What a screen reader says of what comes into the open conversation: each entry of somebody else's once, however many come at a time,
// and the same words again when they are written again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "../../demo/device.ts";
import { heard, listen } from "./hearing.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

const TITLE = "Högt";

let stage: Stage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej!");
  await take(worker, TITLE);
  await write(worker, "Hej själv.");
  await isRecorded(citizen, "Hej själv.");
  await isRecorded(worker, "Hej själv.");
});

after(() => stage?.strike());

async function hears(page: Page, name: string, texts: readonly string[]): Promise<void> {
  await eventually(`hearing ${texts.at(-1)}`, async () => (await heard(page, name)).length >= texts.length);
  await entry(page, texts.at(-1) as string).last().waitFor();
  assert.deepEqual(await heard(page, name), texts);
}

test("what was there is not said; the same words twice are said twice, and one's own never", async () => {
  await citizen.reload();
  await entry(citizen, "Hej själv.").waitFor();
  await listen(citizen);
  await write(citizen, "Jag är här.");
  await isRecorded(citizen, "Jag är här.");
  await write(worker, "Ja");
  await hears(citizen, "Testina Bjuvsdotter", ["Ja"]);
  await write(worker, "Ja");
  await hears(citizen, "Testina Bjuvsdotter", ["Ja", "Ja"]);
  assert.deepEqual(await heard(citizen, "Du"), []);
});

test("several that come at once are each said, in order", async () => {
  await citizen.context().setOffline(true);
  const texts = ["Ett.", "Två.", "Tre.", "Två.", "Fyra.", "Fem.", "Sex."];
  for (const [index, text] of texts.entries()) {
    await write(worker, text);
    await entry(worker, text).nth(texts.slice(0, index).filter((one) => one === text).length).locator(".done").waitFor();
  }
  await citizen.context().setOffline(false);
  await hears(citizen, "Testina Bjuvsdotter", ["Ja", "Ja", ...texts]);
});

test("whoever opens the conversation anew hears nothing of what was there", async () => {
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await entry(citizen, "Sex.").waitFor();
  await write(worker, "Nu är allt nytt.");
  await hears(citizen, "Testina Bjuvsdotter", ["Ja", "Ja", "Ett.", "Två.", "Tre.", "Två.", "Fyra.", "Fem.", "Sex.", "Nu är allt nytt."]);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
