// What a caseworker sees when the host lies, and the citizen when the key is another one than was promised: an alarm, on both sides, and
// nothing is read or written there any more.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { loginDone, look } from "./browser.ts";
import { certificateOwn, lieNamed, LiedSite, openWithOtherKey } from "./liedsite.ts";
import { conversationNew, isRecorded, Stage, take, write } from "./stage.ts";

const PERSONA = "test.foralder";

let stage: Stage;
let site: LiedSite;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  site = await LiedSite.serve(stage.installation, "bjuv");
  citizen = await stage.phone.tab(site.address);
  await loginDone(citizen, PERSONA);
  worker = await stage.desk.tab(`${site.address}personal/`);
  await loginDone(worker, "bjuv.handlaggare");
});

after(async () => {
  await site?.strike();
  await stage?.strike();
});

/** A new conversation of three honest messages, open on both pages. */
async function talk(title: string): Promise<void> {
  site.liar.lie = undefined;
  await citizen.goto(site.address);
  await worker.goto(`${site.address}personal/`);
  await conversationNew(citizen, title, "ett");
  await take(worker, title);
  for (const text of ["två", "tre"]) await write(citizen, text);
  for (const page of [citizen, worker]) await isRecorded(page, "tre");
  site.liar.room = bytesOfHex(/[0-9a-f]{64}/.exec(citizen.url())?.[0] ?? "");
}

async function assertAlarm(page: Page, name: string, words: RegExp): Promise<void> {
  const alarm = page.getByRole("alert").filter({ hasText: words });
  await alarm.waitFor();
  await alarm.getByRole("link", { name: /^Ring oss på/ }).waitFor();
  await alarm.getByText("Inget mer skickas härifrån.").waitFor();
  await alarm.getByText(name).waitFor();
  assert.equal(await page.getByLabel("Skriv ett meddelande").count(), 0, "nothing can be written there");
  await alarm.scrollIntoViewIfNeeded();
  await look(page, `alarm-${name.toLowerCase()}-${page === worker ? "desk" : "phone"}`);
}

test("a caseworker is told of a wrong receipt for what the citizen has written", async () => {
  await talk("Kvitto");
  site.liar.lie = lieNamed("acknowledges something else, properly signed");
  await write(citizen, "fyra");
  for (const page of [worker, citizen]) await assertAlarm(page, "RECEIPT_WRONG", /kvitto som inte stämmer/);
});

test("a caseworker is told of a log that goes back in time", async () => {
  await talk("Igår");
  site.liar.lie = lieNamed("goes back to the first entries");
  site.liar.drop();
  for (const page of [worker, citizen]) await assertAlarm(page, "ROLLBACK", /visar ett äldre samtal/);
});

test("a caseworker's device that comes to a changed entry says so, and does not show it", async () => {
  await talk("Ändrad");
  site.liar.lie = lieNamed("changes a byte of a sealed text");
  await stage.desk.forget(worker);
  await worker.goto("about:blank");
  await worker.goto(`${site.address}personal/`);
  await loginDone(worker, "bjuv.handlaggare");
  await worker.getByRole("link", { name: /Något stämmer inte/ }).first().click();
  await assertAlarm(worker, "ENTRY_FORGED", /inte är underskriven av någon som får/);
  assert.equal(await worker.getByText("tre", { exact: true }).count(), 0);
});

test("a key that is not the promised one is told the citizen, and nothing is read with it", async () => {
  const title = "En annan nyckel";
  site.liar.lie = undefined;
  await citizen.goto(site.address);
  await openWithOtherKey(stage.installation, PERSONA, await citizen.evaluate(certificateOwn), title);
  await citizen.getByRole("link", { name: /Samtal utan rubrik.*Något stämmer inte/s }).click();
  await assertAlarm(citizen, "COMMITMENT_WRONG", /Samtalets nyckel är inte den som var utlovad\./);
  assert.equal(await citizen.getByText(title).count(), 0);
});
