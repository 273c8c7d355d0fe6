// What a person sees in the browser when the host lies, or the page says that it is another board.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { bytesOfHex, framePeek, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { messageBlobAsk, messageError, messageRoomCreate } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS } from "../../client-sdk/web/protocol/tables.ts";
import { axe, loginDone, overflow, screenshot } from "./browser.ts";
import { lieNamed, LiedSite } from "./liedsite.ts";
import { conversationNew, isRecorded, Stage, write } from "./stage.ts";

const UNSENT = "Det här hann jag inte skicka.";
const CORRECTION = "Jag menade onsdag, inte";

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

/** It is lied about the conversation that is open. */
function aboutThis(): void {
  site.liar.room = bytesOfHex(/[0-9a-f]{64}/.exec(page.url())?.[0] ?? "");
}

/** It refuses all requests of this type. */
function refusing(type: number): typeof site.liar.lie {
  return { answer: (frame) => framePeek(frame).type === type
    ? messageEncode(messageError, { request: framePeek(frame).request, code: ERRORS.MAY_NOT.number, detail: "" }) : undefined };
}

/** A new conversation of three honest messages, open on the page. */
async function talk(title: string): Promise<void> {
  site.liar.lie = undefined;
  await page.goto(site.address);
  await conversationNew(page, title, "ett");
  for (const text of ["två", "tre"]) await write(page, text);
  await isRecorded(page, "tre");
  aboutThis();
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

test("a conversation that the host refuses to open is sent again with the files behind its first message", async () => {
  site.liar.lie = undefined;
  await page.goto(site.address);
  await conversationNew(page, "Före", "Hej");
  aboutThis();
  // What chooses files is there without a network by then.
  await page.evaluate(() => customElements.whenDefined("enrum-recording-left").then(() => undefined));
  await page.locator("a.back").click();
  await page.context().setOffline(true);
  await conversationNew(page, "Vägrad", "Hej, här kommer intyget.");
  await page.locator("enrum-composer input.files").setInputFiles({ name: "intyg.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 intyg") });
  await page.locator(".chosen li", { hasText: "intyg.pdf" }).waitFor();
  await write(page, "Intyget");
  await write(page, "Och ett ord till.");
  site.liar.lie = refusing(messageRoomCreate.number);
  await page.context().setOffline(false);
  const drafts = page.locator(".draft").filter({ hasText: "Kunde inte skickas" });
  await drafts.nth(2).waitFor();
  await drafts.nth(2).scrollIntoViewIfNeeded();
  await screenshot(page, "refused-opening-phone");
  assert.deepEqual(await axe(page), []);
  assert.equal(await page.getByRole("button", { name: "Skicka igen" }).count(), 1);
  const address = page.url();
  site.liar.lie = undefined;
  await page.getByRole("button", { name: "Skicka igen" }).click();
  await isRecorded(page, "Och ett ord till.");
  await isRecorded(page, "Hej, här kommer intyget.");
  await page.locator(".entry:not(.draft)", { hasText: "intyg.pdf" }).filter({ hasText: "Intyget" }).getByText("Journalförd", { exact: true }).waitFor();
  assert.notEqual(page.url(), address);
  assert.equal(await page.locator(".draft").count(), 0);
  await page.locator("a.back").click();
  assert.equal(await page.getByRole("link", { name: /Vägrad/ }).count(), 1);
});

test("a file that the host refuses is sent again as it is, and whoever did that can go on writing", async () => {
  await talk("Intyg");
  site.liar.lie = refusing(messageBlobAsk.number);
  await page.locator("enrum-composer input.files").setInputFiles({ name: "läkarintyg.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 intyg") });
  await page.locator(".chosen li", { hasText: "läkarintyg.pdf" }).waitFor();
  await write(page, "Från läkaren");
  const draft = page.locator(".draft", { hasText: "Från läkaren" });
  await draft.getByText("Kunde inte skickas").waitFor();
  await draft.scrollIntoViewIfNeeded();
  await screenshot(page, "refused-file-phone");
  assert.deepEqual(await axe(page), []);
  site.liar.lie = undefined;
  await draft.getByRole("button", { name: "Skicka igen" }).click();
  await page.locator("enrum-composer textarea:focus").waitFor();
  await page.locator(".entry:not(.draft)", { hasText: "läkarintyg.pdf" }).filter({ hasText: "Från läkaren" }).getByText("Journalförd", { exact: true }).waitFor();
  assert.equal(await draft.count(), 0);
});

test("a conversation that the host says is not there stays in the list, and the person is told what to do", async () => {
  await talk("Borta");
  await page.locator(".entry", { hasText: "tre" }).getByRole("button", { name: /^Mer om nr/ }).click();
  await page.getByRole("button", { name: "Rätta" }).click();
  await page.locator("#about-text").fill(CORRECTION);
  await page.getByLabel("Skriv ett meddelande").fill(UNSENT);
  await page.locator("enrum-composer input.files").setInputFiles({ name: "intyg.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 intyg") });
  await page.locator(".chosen li", { hasText: "intyg.pdf" }).waitFor();
  await page.getByRole("button", { name: "Spela in" }).click();
  await page.getByRole("timer").filter({ hasText: /0:0[1-9]/ }).waitFor();
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
});

test("what was chosen and recorded there can be saved, and taken away", async () => {
  const chosen = page.getByRole("region", { name: "Det här valde du eller spelade in, men det är inte skickat" });
  await chosen.getByText(/^rost-/).waitFor();
  await chosen.locator("audio").waitFor();
  await chosen.scrollIntoViewIfNeeded();
  await screenshot(page, "denied-chosen-phone");
  assert.deepEqual(await axe(page), []);
  assert.ok(await overflow(page) <= 0);
  for (const [name, holds] of [["intyg.pdf", /^%PDF-1\.7 intyg$/], ["rost-", /./]] as const) {
    const [download] = await Promise.all([page.waitForEvent("download"), chosen.getByRole("button", { name: `Spara: ${name}` }).click()]);
    assert.ok(download.suggestedFilename().startsWith(name));
    assert.match(readFileSync(await download.path(), "latin1"), holds);
  }
  for (const name of ["intyg.pdf", "rost-"]) await chosen.getByRole("button", { name: `Ta bort: ${name}` }).click();
  await chosen.waitFor({ state: "detached" });
});

test("it is told in the list on the next visit, too", async () => {
  await page.goto(site.address);
  await page.getByRole("link", { name: /Borta.*Öppnas inte på den här enheten.*Kunde inte skickas/s }).waitFor();
});

test("what was being written there is shown, copied, and gone only when it is taken away", async () => {
  await page.getByRole("link", { name: /Borta/ }).click();
  const one = (text: string) => unsent().locator("li", { has: page.getByText(text, { exact: true }) });
  await one(CORRECTION).getByRole("button", { name: "Ta bort" }).click();
  await one(CORRECTION).waitFor({ state: "detached" });
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

test("its case, its journal and who is in it say so, too, and wait for nothing", async () => {
  const address = page.url();
  for (const part of ["case", "journal", "personer"]) {
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
