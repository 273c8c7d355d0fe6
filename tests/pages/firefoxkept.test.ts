// In Firefox the fields of the journal's form, beside its text, are there again after a reload.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { press, until } from "./firefox.ts";
import { conversationNew, FirefoxStage, take } from "./firefoxstage.ts";
import { day } from "./stage.ts";
import { writingKept } from "./writingkept.ts";

const TITLE = "Skolan";
let stage: FirefoxStage;
let worker: Page;

before(async () => {
  stage = await FirefoxStage.set();
  const citizen = await stage.in(stage.phone, "citizen", "test.foralder");
  worker = await stage.in(stage.desk, "staff", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej");
  await take(worker, TITLE);
});

after(() => stage?.strike());

test("in Firefox a task that is being written has its day again", async () => {
  await press(worker.mainFrame(), "button", /^Skriv i journalen$/);
  await until("the form", () => worker.$("#cw-kind"));
  await worker.select("#cw-kind", "task");
  await until("the field", () => worker.$("#cw-due"));
  await worker.$eval("#cw-due", (field, value) => {
    Object.assign(field, { value });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, day(4));
  await writingKept(worker);
  await worker.reload();
  await press(worker.mainFrame(), "button", /^Skriv i journalen$/);
  await until("the day", async () => await worker.$eval("#cw-due", (field) => (field as HTMLInputElement).value) === day(4));
  assert.equal(await worker.$eval("#cw-kind", (field) => (field as HTMLSelectElement).value), "task");
});
