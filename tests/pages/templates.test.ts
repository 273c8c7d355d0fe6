// A caseworker's templates, kept sealed on the device; and notifications that say nothing of what has come.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { loginDone, look } from "./browser.ts";
import { conversationNew, holds, isRecorded, Stage, take, write } from "./stage.ts";
import { personal, stored } from "./stored.ts";
import { writingKept } from "./writingkept.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TEXT = "Hej! Tack för att du skriver. Jag svarar senast i morgon.";

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, "Skolan", "Hej! Jag behöver hjälp.");
  await take(worker, "Skolan");
  await isRecorded(worker, "Hej! Jag behöver hjälp.");
});

after(() => stage?.strike());

const composer = () => worker.getByLabel("Skriv ett meddelande");

test("a text is kept as a template, and put into the composer by keyboard alone", async () => {
  await composer().fill(TEXT);
  await worker.getByText("Mallar", { exact: true }).click();
  await worker.getByText("Du har inga mallar än.").waitFor();
  await worker.getByLabel("Mallens namn").fill("Första svaret");
  await worker.getByRole("button", { name: "Spara texten som mall" }).click();
  await worker.getByRole("button", { name: "Infoga: Första svaret" }).waitFor();
  await look(worker, "templates-desk");
  await composer().fill("");
  await writingKept(worker);
  await worker.reload();
  const summary = worker.getByText("Mallar", { exact: true });
  await summary.focus();
  await worker.keyboard.press("Enter");
  await worker.getByRole("button", { name: "Infoga: Första svaret" }).waitFor();
  await worker.keyboard.press("Tab");
  await worker.keyboard.press("Enter");
  await holds(composer(), TEXT);
  await worker.locator("textarea:focus").waitFor();
  await worker.keyboard.press("Enter");
  await isRecorded(citizen, TEXT);
});

test("nothing of it lies readable in the browser's store", async () => {
  const found = Object.values(await worker.evaluate(stored)).flat().join("\n");
  assert.ok(found.includes("\"templates\""), "the row is there");
  assert.doesNotMatch(found, /Första svaret|Tack för att du skriver/);
});

test("a template is removed", async () => {
  await worker.getByText("Mallar", { exact: true }).click();
  await worker.getByRole("button", { name: "Ta bort: Första svaret" }).click();
  await worker.getByText("Du har inga mallar än.").waitFor();
  await worker.getByText("Mallar", { exact: true }).click();
});

test("a notification is off until chosen, comes only when nobody looks, and says nothing of what has come", async () => {
  await worker.context().grantPermissions(["notifications"]);
  await worker.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, {
      told,
      Notification: class {
        static permission = "granted";
        static requestPermission(): Promise<string> { return Promise.resolve("granted"); }
        constructor(title: string, options: NotificationOptions) { told.push(JSON.stringify([title, options])); }
      },
    });
  });
  const told = () => worker.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  const hide = (isHidden: boolean) => worker.evaluate((hidden) => Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true }), isHidden);
  const box = worker.getByLabel("Avisera när något nytt kommer");
  const come = async (text: string) => {
    await write(citizen, text);
    await worker.locator(".entry", { hasText: text }).waitFor();
  };
  assert.equal(await box.isChecked(), false);
  await hide(true);
  await come("Hemligt ett");
  assert.deepEqual(await told(), []);
  await hide(false);
  await box.check();
  await come("Hemligt två");
  assert.deepEqual(await told(), []);
  await hide(true);
  await come("Hemligt tre");
  await worker.waitForFunction(() => (globalThis as unknown as { told: string[] }).told.length > 0);
  assert.deepEqual(await told(), [JSON.stringify(["Du har ett nytt meddelande", { tag: "enrum" }])]);
  await hide(false);
  await box.uncheck();
  await look(worker, "notify-desk");
});

test("templates go when one logs out: from the browser's store, and for who logs in next", async () => {
  await composer().fill(TEXT);
  await worker.getByText("Mallar", { exact: true }).click();
  await worker.getByLabel("Mallens namn").fill("Första svaret");
  await worker.getByRole("button", { name: "Spara texten som mall" }).click();
  await worker.getByRole("button", { name: "Infoga: Första svaret" }).waitFor();
  await composer().fill("");
  assert.ok((await worker.evaluate(stored)).meta?.some((row) => row.includes("\"templates\"")));
  await worker.getByText("Meny", { exact: true }).click();
  await worker.getByRole("button", { name: "Logga ut" }).first().click();
  await worker.getByRole("dialog").getByRole("button", { name: "Logga ut" }).click();
  await worker.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.deepEqual(personal(await worker.evaluate(stored)), []);
  await loginDone(worker, "bjuv.handlaggare");
  await worker.getByRole("link", { name: /Skolan/ }).click();
  await worker.getByText("Mallar", { exact: true }).click();
  await worker.getByText("Du har inga mallar än.").waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
