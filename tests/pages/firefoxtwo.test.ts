// Two caseworkers in Firefox: of two who take one conversation at once one has it; a text that is refused is told, stays, and is sent again
// once; a conversation is taken out of a case; and two tabs that keep templates or write an invitation take nothing from each other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { bytesHex, bytesOfHex, framePeek, layoutDecode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend, messageError } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS } from "../../client-sdk/web/protocol/tables.ts";
import { Device } from "../../demo/device.ts";
import { choose, fill, look, press, see, seeOnly, type, until } from "./firefox.ts";
import { FirefoxStage, login, recorded, take, write } from "./firefoxstage.ts";
import { LiedSite } from "./liedsite.ts";

const [BOTH, FIRST, SECOND] = ["Ekonomi", "Boendet", "Skolan"];
const REFUSED = "Kan vi ses på torsdag?";

let stage: FirefoxStage;
let site: LiedSite;
let worker: Page;
let colleague: Page;
let room: string;

before(async () => {
  stage = await FirefoxStage.set();
  site = await LiedSite.serve(stage.installation, "bjuv");
  const shell = new Device(stage.installation, "shell", "bjuv", "test.foralder", "citizen");
  await shell.login();
  for (const title of [BOTH, FIRST, SECOND] as const) room = await shell.newRoom(title, `Hej om ${title}.`);
  worker = await stage.desk.tab(`${site.address}personal/`);
  colleague = await stage.phone.tab(stage.installation.pagesUrl("bjuv", "staff"));
  await Promise.all([login(worker, "bjuv.handlaggare"), login(colleague, "bjuv.handlaggare2")]);
});

after(async () => {
  await site?.strike();
  await stage?.strike();
});

test("in Firefox of two who take the same conversation at once one has it, and the other is told that somebody was first", async () => {
  const pages = [worker, colleague] as const;
  const button = new RegExp(`^Ta samtalet: ${BOTH}$`);
  for (const page of pages) await see(page.mainFrame(), "button", button);
  // Held before either is pressed: whoever is later presses what may be gone by then.
  const held = await Promise.all(pages.map((page) => page.evaluateHandle((source) =>
    [...document.querySelectorAll("button")].find((one) => new RegExp(source).test(one.ariaLabel ?? one.textContent.trim())) as HTMLButtonElement, button.source)));
  await Promise.all(held.map((one) => one.evaluate((pressed) => pressed.click())));
  const has = (page: Page) => page.evaluate((title) => document.querySelector("h1")?.textContent.trim().startsWith(title) === true, BOTH);
  const winner = await until("one who has it", async () => await has(worker) ? worker : await has(colleague) && colleague);
  const loser = winner === worker ? colleague : worker;
  await see(loser.mainFrame(), "[role=alert]", /^Någon annan hann före\. Samtalet är taget\.$/);
  await look(loser);
  assert.equal(await has(loser), false);
  await recorded(winner, `Hej om ${BOTH}.`);
  await seeOnly(winner.mainFrame(), 0, "[role=alert]", /Någon annan hann före/);
});

test("in Firefox a text that is refused is told with the reason, stays, and is sent again once", async () => {
  await worker.goto(`${site.address}personal/`);
  await take(worker, SECOND);
  await recorded(worker, `Hej om ${SECOND}.`);
  site.liar.room = bytesOfHex(room);
  site.liar.lie = {
    answer: (frame, about) => {
      const { type: kind, request } = framePeek(frame);
      const isIt = kind === messageAppend.number && bytesHex(layoutDecode(messageAppend, frame).room) === bytesHex(about);
      return isIt ? messageEncode(messageError, { request, code: ERRORS.OVERSIZED.number, detail: "" }) : undefined;
    },
  };
  await write(worker, REFUSED);
  await see(worker.mainFrame(), ".draft", /Kan vi ses på torsdag\?.*Kunde inte skickas.*Texten är för lång\. Dela upp den\./);
  await look(worker);
  site.liar.lie = undefined;
  await press(worker.mainFrame(), ".draft button", /^Skicka igen/);
  await seeOnly(worker.mainFrame(), 0, ".draft", /Kan vi ses/);
  await until("the text in the field", () => worker.$eval("enrum-composer textarea", (field, text) => (field as HTMLTextAreaElement).value === text, REFUSED));
  await press(worker.mainFrame(), "enrum-composer button", /^Skicka$/);
  await recorded(worker, REFUSED);
  await seeOnly(worker.mainFrame(), 1, ".entry", /Kan vi ses på torsdag\?/);
});

test("in Firefox a conversation that was added to a case by mistake is taken out, with a reason; the last one is not", async () => {
  await press(worker.mainFrame(), "a.button", /^Ärendet$/);
  await press(worker.mainFrame(), "enrum-case-rooms-edit button", /^Öppna ett rum för personalen$/);
  await see(worker.mainFrame(), ".case-rooms a[aria-current=page]", /^Bara personal/);
  await worker.goto(`${site.address}personal/`);
  await take(worker, FIRST);
  await recorded(worker, `Hej om ${FIRST}.`);
  await worker.goto(`${site.address}personal/#/samtal/${room}`);
  await recorded(worker, REFUSED);
  await press(worker.mainFrame(), "a.button", /^Ärendet$/);
  await see(worker.mainFrame(), "p", /^Ärendets sista samtal kan inte tas ur/);
  await choose(worker.mainFrame(), "#case-room-add", new RegExp(`: ${FIRST}$`));
  await press(worker.mainFrame(), "enrum-case-rooms-edit button", /^Lägg till$/);
  await see(worker.mainFrame(), ".case-rooms a", new RegExp(`: ${FIRST}`));
  await press(worker.mainFrame(), "summary", /^Ta ett samtal ur ärendet$/);
  await press(worker.mainFrame(), "button", /^Ta ur ärendet$/);
  await see(worker.mainFrame(), "[role=alert]", /^Välj ett samtal, och skriv varför/);
  await choose(worker.mainFrame(), "#case-room-out", new RegExp(`: ${FIRST}`));
  await type(worker.mainFrame(), "#case-room-why", "Hör till ett annat ärende.");
  await look(worker);
  await press(worker.mainFrame(), "button", /^Ta ur ärendet$/);
  await seeOnly(worker.mainFrame(), 0, ".case-rooms a", new RegExp(`: ${FIRST}`));
  await see(worker.mainFrame(), "p", /^Ärendets sista samtal kan inte tas ur/);
  await press(worker.mainFrame(), ".case-rooms a", /^Bara personal/);
  await see(worker.mainFrame(), "li", new RegExp(`Inte längre i ärendet: ${FIRST}\\. Skäl: Hör till ett annat ärende\\.`));
});

async function keep(page: Page, name: string, text: string): Promise<void> {
  await fill(page.mainFrame(), "enrum-composer textarea", text);
  await fill(page.mainFrame(), "#template-name", name);
  await press(page.mainFrame(), "button", /^Spara texten som mall$/);
}

const shows = (page: Page, name: string) => see(page.mainFrame(), ".templates button", new RegExp(`^Infoga: ${name}$`));

test("in Firefox what two tabs keep as templates is kept, and each shows what the other has kept", async () => {
  await worker.goto(`${site.address}personal/#/samtal/${room}`);
  await recorded(worker, REFUSED);
  const second = await stage.desk.tab(worker.url());
  await recorded(second, REFUSED);
  for (const page of [worker, second]) {
    await page.bringToFront();
    await press(page.mainFrame(), "summary", /^Mallar$/);
    await see(page.mainFrame(), "p", /^Du har inga mallar än\.$/);
  }
  await worker.bringToFront();
  await keep(worker, "Svar", "Tack, jag återkommer.");
  await shows(worker, "Svar");
  await second.bringToFront();
  await keep(second, "Avsked", "Hej då.");
  for (const name of ["Svar", "Avsked"]) await shows(second, name);
  await press(second.mainFrame(), ".templates button", /^Ta bort: Svar$/);
  await seeOnly(second.mainFrame(), 0, ".templates button", /^Infoga: Svar$/);
  await worker.bringToFront();
  await keep(worker, "Hälsning", "God dag.");
  for (const name of ["Avsked", "Hälsning"]) await shows(worker, name);
  await seeOnly(worker.mainFrame(), 0, ".templates button", /^Infoga: Svar$/);
  await second.close();
});

test("in Firefox whoever writes an invitation while another tab lets the person in loses nothing of it, and is told", async () => {
  await press(worker.mainFrame(), "a", /^Börja ett samtal$/);
  await type(worker.mainFrame(), "enrum-begin #title", "Efter besöket");
  await type(worker.mainFrame(), "enrum-begin #text", "Hej! Här kan vi skriva.");
  await press(worker.mainFrame(), "enrum-begin button", /^Börja samtalet$/);
  await see(worker.mainFrame(), "summary", /^Ta med den det gäller$/);
  await type(worker.mainFrame(), "#invite-name", "Test Ombudsson");
  await type(worker.mainFrame(), "#invite-why", "Fullmakt visades.");
  const second = await stage.desk.tab(worker.url());
  await type(second.mainFrame(), "#invite-name", "Test Testsson");
  await press(second.mainFrame(), "label.check", /^Med en utskriven kod/);
  await press(second.mainFrame(), "enrum-invite button", /^Ta med$/);
  await press(second.mainFrame(), "dialog[open] button", /^Klart$/);
  await worker.bringToFront();
  await see(worker.mainFrame(), "[role=status]", /Under tiden har .*Test Testsson.* \(den det gäller\) tagits med\./);
  for (const [css, text] of [["#invite-name", "Test Ombudsson"], ["#invite-why", "Fullmakt visades."]] as const) assert.equal(await worker.$eval(css, (field) => (field as HTMLInputElement).value), text);
  await press(worker.mainFrame(), "label.check", /^Med en utskriven kod/);
  // As what this one comes was meant for another: it is not guessed.
  await press(worker.mainFrame(), "enrum-invite button", /^Ta med$/);
  await see(worker.mainFrame(), "[role=alert]", /^Välj i vilken egenskap\.$/);
  await choose(worker.mainFrame(), "#invite-as", /ombud/i);
  await press(worker.mainFrame(), "enrum-invite button", /^Ta med$/);
  await press(worker.mainFrame(), "dialog[open] button", /^Klart$/);
  await see(second.mainFrame(), ".people-part .card", /^Test Ombudsson.*ombud/);
  await second.close();
});
