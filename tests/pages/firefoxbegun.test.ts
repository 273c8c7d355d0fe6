// What a caseworker begins, in Firefox: a conversation with somebody without an e-ID, who is let in with a printed code and answers on a
// telephone; and the employees' own room of a case, to which another conversation is added.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { Device } from "../../demo/device.ts";
import { press, see, seeOnly, type, until } from "./firefox.ts";
import { exactly, FirefoxStage, open, recorded, take, write } from "./firefoxstage.ts";

const BEGUN = "Efter besöket";
const FIRST = "Hej! Här kan vi skriva till varandra.";
const ASKED = "Skolan";
const NOTE = "Ring skolan först.";
const [PARTY, PARENT] = ["Test Testsson", "Testa Förälder"];

let stage: FirefoxStage;
let worker: Page;
let party: Page;
let code: string;

before(async () => {
  stage = await FirefoxStage.set();
  worker = await stage.in(stage.desk, "staff", "bjuv.handlaggare");
});

after(() => stage?.strike());

test("in Firefox a conversation is begun, and says that nobody reads it yet", async () => {
  await press(worker.mainFrame(), "a", /^Börja ett samtal$/);
  await press(worker.mainFrame(), "enrum-begin button", /^Börja samtalet$/);
  await see(worker.mainFrame(), "[role=alert]", /^Skriv ett första meddelande\.$/);
  await type(worker.mainFrame(), "enrum-begin #title", BEGUN);
  await type(worker.mainFrame(), "enrum-begin #text", FIRST);
  await press(worker.mainFrame(), "enrum-begin button", /^Börja samtalet$/);
  await see(worker.mainFrame(), "summary", /^Ta med den det gäller$/);
  await press(worker.mainFrame(), "a.back", /^Till samtalet$/);
  await recorded(worker, FIRST);
  await see(worker.mainFrame(), ".lacking", /^Den det gäller är inte med än, och kan inte läsa det här\./);
  await press(worker.mainFrame(), ".lacking a", /^Ta med personen$/);
});

test("in Firefox whom it is about is let in with a code that is shown once", async () => {
  await type(worker.mainFrame(), "#invite-name", PARTY);
  await press(worker.mainFrame(), "label.check", /^Med en utskriven kod/);
  await press(worker.mainFrame(), "enrum-invite button", /^Ta med$/);
  await see(worker.mainFrame(), "dialog[open] h2", /^Koden$/);
  code = await worker.$eval("dialog[open] code", ({ textContent }) => textContent ?? "");
  assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  await press(worker.mainFrame(), "dialog[open] button", /^Klart$/);
  await see(worker.mainFrame(), ".people-part .card", new RegExp(`^${PARTY}.*den det gäller.*Loggar in med en kod`));
  assert.doesNotMatch(await worker.$eval("body", ({ textContent }) => textContent ?? ""), new RegExp(code));
  // There is one whom it is about.
  await seeOnly(worker.mainFrame(), 1, "summary", /^Ta med någon utanför kommunen$/);
  assert.equal(await worker.$("#invite-as option[value=PARTY]"), null);
});

test("in Firefox the code leads to the conversation from its first word, once, and an answer comes back", async () => {
  party = await stage.phone.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await press(party.mainFrame(), "summary", /^Jag har en kod$/);
  await type(party.mainFrame(), "#code", code.toLowerCase());
  await press(party.mainFrame(), "button", /^Logga in med koden$/);
  await open(party, BEGUN);
  await recorded(party, FIRST);
  await write(party, "Hej! Jag hittade hit.");
  await recorded(party, "Hej! Jag hittade hit.");
  await press(worker.mainFrame(), "a.back", /^Till samtalet$/);
  await recorded(worker, "Hej! Jag hittade hit.");
  await see(worker.mainFrame(), "p", new RegExp(`^Läses av: ${PARTY} \\(den det gäller\\)$`));
  await seeOnly(worker.mainFrame(), 0, ".lacking", /^/);
  await party.reload();
  await recorded(party, "Hej! Jag hittade hit.");
});

test("in Firefox a room for employees is opened and written in, a conversation is added to the case, and each is a tab", async () => {
  // Behind the name may stand how much is new.
  const tab = (name: string) => new RegExp(`^${exactly(name)}`);
  await press(worker.mainFrame(), "a.button", /^Ärendet$/);
  await press(worker.mainFrame(), "enrum-case-rooms-edit button", /^Öppna ett rum för personalen$/);
  await see(worker.mainFrame(), ".lacking", /^Här läser bara de anställda/);
  await write(worker, NOTE);
  await recorded(worker, NOTE);
  await press(worker.mainFrame(), ".case-rooms a", tab(`${PARTY}: ${BEGUN}`));
  await recorded(worker, FIRST);
  await press(worker.mainFrame(), "a.button", /^Ärendet$/);
  await see(worker.mainFrame(), "enrum-case-rooms-edit p", /^Du har inget annat samtal att lägga till\.$/);
  const shell = new Device(stage.installation, "shell", "bjuv", "test.foralder", "citizen");
  await shell.login();
  await shell.newRoom(ASKED, "Hej från mamma.");
  await take(worker, ASKED);
  await recorded(worker, "Hej från mamma.");
  await press(worker.mainFrame(), "section[aria-labelledby=mine] a.card", new RegExp(`^${BEGUN}(?!.*Bara personal)`));
  await recorded(worker, FIRST);
  await press(worker.mainFrame(), "a.button", /^Ärendet$/);
  const choice = `${PARENT}: ${ASKED}`;
  await until("the choice", () => worker.$eval("#case-room-add", (field, wanted) => [...(field as HTMLSelectElement).options].some(({ label }) => label === wanted), choice));
  await worker.select("#case-room-add", await worker.$eval("#case-room-add", (field, wanted) => [...(field as HTMLSelectElement).options].find(({ label }) => label === wanted)?.value ?? "", choice));
  await press(worker.mainFrame(), "enrum-case-rooms-edit button", /^Lägg till$/);
  await press(worker.mainFrame(), ".case-rooms a", tab(choice));
  await recorded(worker, "Hej från mamma.");
  await press(worker.mainFrame(), ".case-rooms a", tab("Bara personal"));
  await recorded(worker, NOTE);
});

test("in Firefox whom it is about hears nothing of the employees' room", async () => {
  await press(party.mainFrame(), "a.button", /^Personer$/);
  await seeOnly(party.mainFrame(), 2, ".people-part .card", /^/);
  await press(party.mainFrame(), "a.back", /^Till samtalet$/);
  await recorded(party, FIRST);
  await press(party.mainFrame(), "a.back", /^/);
  await seeOnly(party.mainFrame(), 1, "a.card", /^/);
  assert.doesNotMatch(await party.$eval("body", ({ textContent }) => textContent ?? ""), /Bara personal|Ring skolan|Förälder/);
});
