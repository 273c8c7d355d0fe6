// What a person sees in the browser when the host lies, or the page says that it is another board.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { axe, loginDone, overflow, screenshot } from "./browser.ts";
import { lieNamed, LiedSite } from "./liedsite.ts";
import { conversationNew, isRecorded, Stage, write } from "./stage.ts";

const UNSENT = "Det här hann jag inte skicka.";

let stage: Stage;
let site: LiedSite;
let page: Page;

before(async () => {
  stage = await Stage.set();
  site = await LiedSite.serve(stage.installation, "bjuv");
  page = await stage.phone.tab(site.address);
  await loginDone(page, "test.testsson");
});

after(async () => {
  await site?.strike();
  await stage?.strike();
});

/** Whoever had the focus in what is gone is led to why that is. */
const toWhy = () => page.locator(".why:focus").waitFor();
const unsent = () => page.getByRole("region", { name: "Det här skrev du, men det är inte skickat" });

/** A new conversation of three honest messages, open on the page. */
async function talk(title: string): Promise<void> {
  site.liar.lie = undefined;
  await page.goto(site.address);
  await conversationNew(page, title, "ett");
  for (const text of ["två", "tre"]) await write(page, text);
  await isRecorded(page, "tre");
  site.liar.room = bytesOfHex(/[0-9a-f]{64}/.exec(page.url())?.[0] ?? "");
}

async function assertAlarm(words: RegExp, name: string): Promise<void> {
  const alarm = page.getByRole("alert").filter({ hasText: words });
  await alarm.waitFor();
  await alarm.getByRole("link", { name: /^Ring oss på/ }).waitFor();
  await alarm.getByText("Inget mer skickas härifrån.").waitFor();
  assert.equal(await page.getByLabel("Skriv ett meddelande").count(), 0, "nothing can be written there");
  await alarm.scrollIntoViewIfNeeded();
  for (const [width, size] of Object.entries({ phone: { width: 360, height: 740 }, wide: { width: 1280, height: 800 } })) {
    await page.setViewportSize(size);
    await screenshot(page, `alarm-${name}-${width}`);
    assert.deepEqual(await axe(page), []);
    assert.ok(await overflow(page) <= 0);
  }
  await page.setViewportSize({ width: 360, height: 740 });
}

/** The same person on a device without memory, while the host lies. */
async function anew(): Promise<void> {
  await stage.phone.forget(page);
  await page.goto("about:blank");
  await page.goto(site.address);
  await loginDone(page, "test.testsson");
  await page.getByRole("link", { name: /Något stämmer inte/ }).first().click();
}

test("a changed entry is told, and not shown", async () => {
  await talk("Ändrad");
  site.liar.lie = lieNamed("changes a byte of a sealed text");
  await anew();
  await assertAlarm(/inte är underskriven av någon som får/, "changed");
  assert.equal(await page.getByText("tre", { exact: true }).count(), 0);
});

test("a dropped entry is told", async () => {
  await talk("Bortlämnad");
  site.liar.lie = lieNamed("leaves out an entry in the middle");
  await anew();
  await assertAlarm(/ändrad|två olika versioner|stämmer inte med journalen/, "dropped");
});

test("a wrong receipt is told", async () => {
  await talk("Kvitto");
  site.liar.lie = lieNamed("acknowledges something else, properly signed");
  await write(page, "fyra");
  await assertAlarm(/kvitto som inte stämmer/, "receipt");
});

test("a message that the host drops, with an older receipt for it, is told", async () => {
  await talk("Sväljd");
  site.liar.lie = lieNamed("keeps nothing of what is sent, and acknowledges with an older receipt of its own");
  await write(page, "fyra");
  await assertAlarm(/kvitto som inte stämmer/, "swallowed");
});

test("a conversation that the host says is not there stays in the list, and the person is told what to do", async () => {
  await talk("Borta");
  await page.getByLabel("Skriv ett meddelande").fill(UNSENT);
  site.liar.lie = lieNamed("says that there is no such conversation");
  site.liar.drop();
  const told = page.getByRole("alert").filter({ hasText: /den här enheten inte får läsa samtalet mer/ });
  await told.waitFor();
  await told.getByRole("link", { name: /^Ring oss på/ }).waitFor();
  assert.equal(await page.getByLabel("Skriv ett meddelande").count(), 0);
  await toWhy();
  await unsent().getByText(UNSENT, { exact: true }).waitFor();
  await unsent().scrollIntoViewIfNeeded();
  await screenshot(page, "denied-phone");
  assert.deepEqual(await axe(page), []);
  await page.goto(site.address);
  await page.getByRole("link", { name: /Borta.*Öppnas inte på den här enheten/s }).waitFor();
});

test("what was being written there is shown, copied, and gone only when it is taken away", async () => {
  await page.getByRole("link", { name: /Borta/ }).click();
  await unsent().getByRole("button", { name: "Kopiera" }).click();
  await unsent().getByText("Kopierat", { exact: true }).waitFor();
  await page.context().grantPermissions(["clipboard-read"]);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), UNSENT);
  // A browser that lets no page copy.
  await page.evaluate(() => navigator.clipboard.writeText = () => Promise.reject(new DOMException("refused", "NotAllowedError")));
  await unsent().getByRole("button", { name: "Kopiera" }).click();
  await unsent().getByText("Texten är markerad. Kopiera den själv.").waitFor();
  assert.equal(await page.evaluate(() => getSelection()?.toString()), UNSENT);
  await unsent().getByRole("button", { name: "Ta bort" }).click();
  await unsent().waitFor({ state: "detached" });
  await toWhy();
});

test("its case and its journal say so, too, and wait for nothing", async () => {
  const address = page.url();
  for (const part of ["case", "journal"]) {
    await page.goto(address.replace("samtal", part));
    await page.getByRole("alert").filter({ hasText: /den här enheten inte får läsa samtalet mer/ }).waitFor();
    assert.equal(await page.getByText("Hämtar …").count(), 0);
    await screenshot(page, `denied-${part}-phone`);
    assert.deepEqual(await axe(page), []);
  }
});

test("a log that goes back in time is told", async () => {
  await talk("Igår");
  site.liar.lie = lieNamed("goes back to the first entries");
  site.liar.drop();
  await assertAlarm(/visar ett äldre samtal/, "rollback");
});

test("a page that is another board on the second visit is told, and nothing is sent", async () => {
  site.liar.lie = undefined;
  await site.becomeAnother();
  await page.goto("about:blank");
  await page.goto(site.address);
  await assertAlarm(/annan nämnd än förra gången/, "root");
});
