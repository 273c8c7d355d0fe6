// enrumd that serves the pages itself: marked as a trial, on the page.
import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { Program } from "../../demo/process.ts";
import { axe, overflow, screenshot } from "./browser.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
let host: Program;

before(async () => {
  stage = await Stage.set();
  const folder = stage.installation.path("host-pages");
  mkdirSync(folder);
  cpSync(stage.installation.site("bjuv"), `${folder}/bjuv`, { recursive: true });
  await stage.installation.stopHost();
  host = await Program.start({
    name: "enrumd with pages",
    command: [stage.installation.program("enrumd"), "--config", stage.installation.path("host", "enrumd.json"), "--pages", folder],
    log: stage.installation.path("logs", "host-pages.log"), ready: /event=listening/,
  });
});

after(async () => {
  await host?.stop();
  await stage?.strike();
});

test("pages that the host serves say that they are not private from the host", async () => {
  const page = await stage.phone.tab(`${stage.installation.hostUrl.replace(/^ws/, "http")}/bjuv/`);
  await page.getByText(/^Försök: sidorna kommer från driftleverantören/).waitFor();
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await screenshot(page, "from-host-phone");
  assert.deepEqual(await axe(page), []);
  assert.ok(await overflow(page) <= 0);
  assert.deepEqual(stage.phone.complaints, []);
});

test("pages of the board's own address do not", async () => {
  const page = await stage.citizen();
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.equal(await page.getByText(/^Försök: sidorna/).count(), 0);
});
