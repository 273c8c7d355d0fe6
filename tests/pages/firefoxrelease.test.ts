// In Firefox a note of the employees' own room is shown to a party: the employee says where, in which words, on what ground, and what it
// answers; the party reads it in the conversation and in the journal and objects; the other party hears nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { choose, fill, FINGER, look, press, see, seeOnly, type } from "./firefox.ts";
import { conversationNew, exactly, FirefoxStage, journalWrite, languageChoose, login, more, recorded, take, write } from "./firefoxstage.ts";

const NOTE = "Skolan ringde. Rektorn Rekt Rektorsson berättade att pappan hämtar för sent.";
const MASKED = "Skolan ringde och berättade att […] hämtar för sent.";
const WHOLE = "Hembesök den 3 december.";
const GROUND = "26 kap. 1 § OSL";
const ASKED = "Jag vill läsa det som är antecknat om mig.";

let stage: FirefoxStage;
let mother: Page;
let father: Page;
let worker: Page;

before(async () => {
  stage = await FirefoxStage.set({}, FINGER);
  father = await stage.phone.apart(stage.installation.pagesUrl("bjuv", "citizen"));
  [mother, worker] = await Promise.all([stage.in(stage.phone, "citizen", "test.foralder"), stage.in(stage.desk, "staff", "bjuv.handlaggare"), login(father, "test.testsson")]);
  for (const page of [mother, father]) await page.setViewport({ width: 360, height: 740 });
  await conversationNew(mother, "Skolan", ASKED);
  await take(worker, "Skolan");
  await conversationNew(father, "Boendet", "Hej från pappa.");
  await take(worker, "Boendet");
  await recorded(worker, "Hej från pappa.");
  await press(worker.mainFrame(), "a.button", /^Ärendet$/);
  await press(worker.mainFrame(), "button", /^Öppna ett rum för personalen$/);
  await see(worker.mainFrame(), ".case-rooms a[aria-current=page]", /^Bara personal/);
  await press(worker.mainFrame(), ".case-rooms a", /^Test Testsson: Boendet/);
  await press(worker.mainFrame(), "a.button", /^Ärendet$/);
  await choose(worker.mainFrame(), "#case-room-add", /^Testa Förälder: Skolan$/);
  await press(worker.mainFrame(), "form button", /^Lägg till$/);
  await see(worker.mainFrame(), ".case-rooms a", /^Testa Förälder: Skolan/);
  await press(worker.mainFrame(), ".case-rooms a", /^Bara personal/);
  for (const text of [NOTE, WHOLE]) {
    await journalWrite(worker, "note", { text });
    await recorded(worker, text);
  }
});

after(() => stage?.strike());

async function showBegin(words: string): Promise<void> {
  await more(worker, words);
  await press(worker.mainFrame(), "enrum-release button", /^Visa för en part$/);
  await choose(worker.mainFrame(), "#release-where", /^Testa Förälder: Skolan$/);
  await see(worker.mainFrame(), "form [role=status]", /^Läses genast av: Testa Förälder/);
}

const show = () => press(worker.mainFrame(), "enrum-release form button", /^Visa nu$/);

test("in Firefox a note is shown to a party as it stands, and not to the other party", async () => {
  await showBegin(WHOLE);
  assert.equal(await worker.$eval("#release-text", (field) => (field as HTMLTextAreaElement).value), WHOLE);
  await show();
  await see(worker.mainFrame(), ".said", /Visat för Testa Förälder \(Skolan\)/);
  await see(mother.mainFrame(), ".entry:not(.draft)", new RegExp(`Antecknat .+ av .+, visat här .*${exactly(WHOLE)}|${exactly(WHOLE)}.*Antecknat .+ av .+, visat här`));
  await recorded(mother, WHOLE);
});

test("in Firefox a text that was changed is shown only with its ground, and as the answer to what was asked", async () => {
  await showBegin(NOTE);
  await fill(worker.mainFrame(), "#release-text", MASKED);
  await show();
  await see(worker.mainFrame(), "enrum-release [role=alert]", /^Texten är ändrad/);
  await press(worker.mainFrame(), "enrum-release label", /^Något är utelämnat$/);
  await type(worker.mainFrame(), "#release-ground", GROUND);
  await choose(worker.mainFrame(), "#release-asked", new RegExp(exactly(ASKED.slice(0, 30))));
  await look(worker);
  await show();
  await see(worker.mainFrame(), ".said", new RegExp(`Visat för Testa Förälder \\(Skolan\\) .*Delar är utelämnade: ${exactly(GROUND)}`));
  await seeOnly(worker.mainFrame(), 2, ".said li", /Visat för Testa Förälder/);
  await recorded(mother, MASKED);
  await see(mother.mainFrame(), ".entry:not(.draft)", new RegExp(`${exactly(MASKED)}`));
  await see(mother.mainFrame(), ".entry:not(.draft)", new RegExp(`Antecknat .+ av .+, visat här .+\\. Delar är utelämnade: ${exactly(GROUND)}`));
  await seeOnly(mother.mainFrame(), 1, ".entry button", /^Gäller nr/);
  await look(mother);
  assert.doesNotMatch(await mother.evaluate(() => document.body.innerText), /Rektorsson|Bara personal|Ärendets rum/);
});

test("in Firefox the party objects to what was shown, reads it in the journal, in Arabic too, and the other party has heard nothing", async () => {
  await more(mother, MASKED);
  await press(mother.mainFrame(), "button", /^Jag håller inte med$/);
  await type(mother.mainFrame(), "#about-text", "Jag hämtar i tid.");
  await press(mother.mainFrame(), "button", /^Spara det jag har skrivit$/);
  await see(mother.mainFrame(), ".entry button", /^Invändning i nr/);
  await press(worker.mainFrame(), ".case-rooms a", /^Testa Förälder: Skolan/);
  await recorded(worker, "Jag hämtar i tid.");
  await press(mother.mainFrame(), "a.button", /^Journal$/);
  await see(mother.mainFrame(), ".record", new RegExp(exactly(MASKED)));
  await see(mother.mainFrame(), ".record", /Antecknat .+ av/);
  await look(mother);
  await languageChoose(mother, "العربية");
  await see(mother.mainFrame(), ".record", /كُتب في .+ بعض الأجزاء غير معروضة/);
  await look(mother);
  await write(father, "Är det något nytt?");
  await recorded(father, "Är det något nytt?");
  assert.doesNotMatch(await father.evaluate(() => document.body.innerText), /Skolan|Rektorsson|Antecknat|Hembesök/);
});
