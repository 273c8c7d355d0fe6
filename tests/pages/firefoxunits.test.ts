// A board with two units, in Firefox at a telephone's width: a citizen says whom they mean, or follows the municipality's link; a caseworker
// hands a conversation over to the other unit and is out of it, and whoever takes it there has all of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { choose, FINGER, look, press, see, seeOnly, type, until } from "./firefox.ts";
import { eidConfirm, exactly, FirefoxStage, login, open, recorded, take, write } from "./firefoxstage.ts";

const FIRST = "Mottagningen";
const OTHER = "Ekonomiskt bistånd";
const WHY = "Det gäller hyran.";

let stage: FirefoxStage;
let citizen: Page;
let worker: Page;
/** Of the other unit. */
let other: Page;

before(async () => {
  stage = await FirefoxStage.set({ units: { [OTHER]: ["bjuv.handlaggare2"] } }, FINGER);
  other = await stage.desk.apart(stage.installation.pagesUrl("bjuv", "staff"));
  [citizen, worker] = await Promise.all([stage.in(stage.phone, "citizen", "test.testsson"), stage.in(stage.desk, "staff", "bjuv.handlaggare"), login(other, "bjuv.handlaggare2")]);
  await citizen.setViewport({ width: 360, height: 740 });
});

after(() => stage?.strike());

const queued = (title: string) => new RegExp(`^Ta samtalet: ${title}$`);

/** The unit that is chosen stands there so. */
function isChosen(page: Page, name: string): Promise<boolean> {
  return until(`${name} is chosen`, () => page.$eval("fieldset.units input:checked", (chosen, words) => chosen.closest("label")?.textContent?.trim() === words, name));
}

async function begin(page: Page, title: string, text: string): Promise<void> {
  await see(page.mainFrame(), "fieldset.units legend", /^Vem ska få det\?$/);
  await type(page.mainFrame(), "enrum-new input:not([type])", title);
  await type(page.mainFrame(), "enrum-new textarea", text);
}

async function send(page: Page, text: string): Promise<void> {
  await press(page.mainFrame(), "enrum-new button", /^Skicka$/);
  await recorded(page, text);
}

test("in Firefox a citizen is asked whom it is for, and it stands in the queue of whom they have chosen, and in no other", async () => {
  for (const [title, text, unit] of [["Hyran", "Jag kan inte betala.", undefined], ["Maten", "Pengarna räcker inte.", OTHER]] as const) {
    await press(citizen.mainFrame(), "a", /^Starta ett samtal$/);
    await begin(citizen, title, text);
    await seeOnly(citizen.mainFrame(), 3, "fieldset.units label", /^/);
    await isChosen(citizen, "Jag vet inte");
    if (unit !== undefined) await press(citizen.mainFrame(), "fieldset.units label", new RegExp(`^${unit}$`));
    await isChosen(citizen, unit ?? "Jag vet inte");
    await look(citizen);
    await send(citizen, text);
    await press(citizen.mainFrame(), "a.back", /^Tillbaka$/);
  }
  await see(worker.mainFrame(), "button", queued("Hyran"));
  await see(other.mainFrame(), "button", queued("Maten"));
  await seeOnly(worker.mainFrame(), 0, "button", queued("Maten"));
  await seeOnly(other.mainFrame(), 0, "button", queued("Hyran"));
});

test("in Firefox the municipality's own link names the unit, over the login, and stays in no address", async () => {
  const linked = await stage.phone.apart("about:blank");
  await linked.setViewport({ width: 360, height: 740 });
  await linked.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/nytt/${encodeURIComponent(OTHER.toLowerCase())}`);
  await press(linked.mainFrame(), "button", /^Logga in med/);
  await eidConfirm(linked, "test.foralder");
  await begin(linked, "Ansökan", "Hur gör jag?");
  await until("no address has it", async () => !/bist/.test(linked.url()));
  await isChosen(linked, OTHER);
  await send(linked, "Hur gör jag?");
  await see(other.mainFrame(), "button", queued("Ansökan"));
  await seeOnly(worker.mainFrame(), 0, "button", queued("Ansökan"));
  await press(linked.mainFrame(), "a.back", /^Tillbaka$/);
  await press(linked.mainFrame(), "a", /^Starta ett samtal$/);
  await isChosen(linked, "Jag vet inte");
  await linked.close();
});

test("in Firefox a caseworker hands a conversation over to the other unit, reads what that means, and is out of it", async () => {
  await take(worker, "Hyran");
  await recorded(worker, "Jag kan inte betala.");
  await write(worker, "Jag lämnar det vidare.");
  await recorded(worker, "Jag lämnar det vidare.");
  const address = worker.url();
  await press(worker.mainFrame(), "a.button", /^Personer$/);
  await press(worker.mainFrame(), "summary", /^Lämna över samtalet$/);
  await choose(worker.mainFrame(), "#hand-who", new RegExp(OTHER));
  assert.doesNotMatch(await worker.$eval("#hand-who", ({ textContent }) => textContent), new RegExp(FIRST), "it is that unit's already");
  await type(worker.mainFrame(), "#hand-why", WHY);
  await press(worker.mainFrame(), "form button", /^Lämna över$/);
  await see(worker.mainFrame(), "dialog[open]", /Samtalet ställs i den enhetens kö/);
  await look(worker);
  await press(worker.mainFrame(), "dialog[open] button", /^Lämna över$/);
  await see(other.mainFrame(), "button", queued("Hyran"));
  await see(worker.mainFrame(), "p", /^Du har inte tagit något samtal än\.$/);
  await seeOnly(worker.mainFrame(), 0, ".taken, button", /Hyran/);
  await worker.goto(address);
  await see(worker.mainFrame(), "[role=status]", /^Du är inte längre med i det här samtalet\.$/);
  await seeOnly(worker.mainFrame(), 0, "enrum-composer textarea", /^/);
});

test("in Firefox the citizen reads where it is now and why, and somebody there takes it with all that was written", async () => {
  await open(citizen, "Hyran");
  await see(citizen.mainFrame(), "li.quiet", new RegExp(`Samtalet är nu hos ${OTHER}\\..*Skäl: ${exactly(WHY)}`));
  await look(citizen);
  await take(other, "Hyran");
  for (const text of ["Jag kan inte betala.", "Jag lämnar det vidare."]) await recorded(other, text);
  await write(other, "Nu är det mitt.");
  await recorded(citizen, "Nu är det mitt.");
  await write(citizen, "Tack!");
  await recorded(other, "Tack!");
  await seeOnly(worker.mainFrame(), 0, ".entry", /Nu är det mitt|Tack/);
});
