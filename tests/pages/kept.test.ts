// The fields of the journal's form beside its text: there again after a reload and a look at another page, and gone when it is saved.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, screenshot } from "./browser.ts";
import { conversationNew, day, entry, journalBegin, journalSave, Stage, take } from "./stage.ts";
import { writingKept } from "./writingkept.ts";

const TITLE = "Skolan";
let stage: Stage;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  const [citizen, desk] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  worker = desk;
  await conversationNew(citizen, TITLE, "Hej");
  await take(worker, TITLE);
  await entry(worker, "Hej").waitFor();
});

after(() => stage?.strike());

/** What the form has: of each field its value. */
const values = (page: Page) => page.locator("form.casework").evaluate((form) => Object.fromEntries(new FormData(form as HTMLFormElement).entries()));

async function form(page: Page): Promise<Record<string, unknown>> {
  await page.getByRole("button", { name: "Skriv i journalen" }).click();
  await page.locator("form.casework").waitFor();
  return values(page);
}

const MEETING = { kind: "meeting", begins: `${day(3)}T10:15`, ends: `${day(3)}T11:45`, where: "place", place: "Kontoret, rum 4", people: "Du och rektorn", text: "Om skolan" };

test("a meeting that is being written is there again after a reload, and after a look at another page", async () => {
  await journalBegin(worker, "Möte");
  await worker.getByLabel("Börjar").fill(MEETING.begins);
  await worker.getByLabel("Slutar").fill(MEETING.ends);
  await worker.locator("#cw-where").selectOption("place");
  await worker.locator("#cw-place").fill(MEETING.place);
  await worker.locator("#cw-people").fill(MEETING.people);
  await worker.locator("#cw-text").fill(MEETING.text);
  await writingKept(worker);
  await worker.reload();
  assert.deepEqual(await form(worker), MEETING);
  await screenshot(worker, "kept-form-1280");
  assert.deepEqual(await axe(worker), []);
  await worker.getByRole("link", { name: /^Ärendet/ }).click();
  assert.deepEqual(await form(worker), MEETING, "on the case's page it is the same form");
  await worker.getByRole("link", { name: "Till samtalet" }).click();
  assert.deepEqual(await form(worker), MEETING);
});

test("each kind has its own fields", async () => {
  await worker.locator("#cw-kind").selectOption({ label: "Var ärendet är" });
  await worker.locator("#cw-matter").selectOption({ label: "Ansökan" });
  await worker.locator("#cw-cameIn").fill(day(-2));
  await worker.locator("#cw-stage").selectOption({ label: "Utredning" });
  await worker.locator("#cw-byWhen").fill(day(5));
  await worker.locator("#cw-byWhom").fill("Testina");
  await worker.locator("#cw-kind").selectOption("contact");
  assert.equal(await worker.locator("#cw-people").inputValue(), "", "who comes to a meeting has not been met");
  await worker.locator("#cw-kind").selectOption({ label: "Var ärendet är" });
  await writingKept(worker);
  await worker.reload();
  assert.deepEqual(await form(worker), { kind: "step", matter: "APPLICATION", cameIn: day(-2), stage: "INQUIRY", byWhen: day(5), byWhom: "Testina", text: MEETING.text });
});

test("once it is saved the form is empty, also after a reload", async () => {
  await journalSave(worker);
  await writingKept(worker);
  await worker.reload();
  await worker.getByRole("button", { name: "Skriv i journalen" }).click();
  await worker.locator("#cw-kind").selectOption("meeting");
  assert.equal(await worker.locator("#cw-people").inputValue(), "");
  assert.equal(await worker.locator("#cw-text").inputValue(), "");
  assert.notEqual(await worker.locator("#cw-begins").inputValue(), MEETING.begins);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
