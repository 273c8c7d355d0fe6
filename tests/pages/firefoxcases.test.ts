// "Mina ärenden" in Firefox: what the list tells of a case, and that both the conversation and the case are one press away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { axe, press, see, seeOnly } from "./firefox.ts";
import { conversationNew, FirefoxStage, journalWrite, take } from "./firefoxstage.ts";
import { day } from "./stage.ts";

const TITLE = "Oro för mitt barn";

let stage: FirefoxStage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await FirefoxStage.set();
  citizen = await stage.in(stage.phone, "citizen", "test.foralder");
  worker = await stage.in(stage.desk, "staff", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Kan någon ringa mig?");
  await take(worker, TITLE);
  await press(citizen.mainFrame(), "a.back", /^Tillbaka$/);
});

after(() => stage?.strike());

test("in Firefox the list tells where the case is, what happens next, what there is to do and when one meets", async () => {
  await see(citizen.mainFrame(), "h1", /^Mina samtal$/);
  await seeOnly(citizen.mainFrame(), 0, "enrum-case-now", /^/);
  await journalWrite(worker, "step", { matter: "CHILD", stage: "INQUIRY", byWhen: day(5), byWhom: "Testina", text: "Vi ringer dig om ett besök." });
  await journalWrite(worker, "task", { due: day(2), text: "Skicka en kopia av hyresavin." });
  await journalWrite(worker, "meeting", { begins: `${day(3)}T10:00`, ends: `${day(3)}T11:00`, text: "Hur barnet har det" });
  for (const words of [
    /^Här är ärendet nu\s*Utredning$/, /^Vad händer härnäst\s*Vi ringer dig om ett besök\.\s*Senast .+ · 5 dagar kvar\s*Görs av Testina$/,
    /^Att göra\s*Skicka en kopia av hyresavin\.\s*Senast .+ · 2 dagar kvar$/, /^Möte\s*.+ · Videosamtal här\s*Hur barnet har det$/,
  ]) await see(citizen.mainFrame(), "enrum-case-now dl > div", words);
  await see(citizen.mainFrame(), "h1", /^Mina ärenden$/);
  assert.deepEqual(await axe(citizen), []);
});

test("in Firefox the case and the conversation are one press away each", async () => {
  await press(citizen.mainFrame(), "enrum-case-now a", /^Ditt ärende$/);
  await see(citizen.mainFrame(), "h1", /^Ditt ärende$/);
  await citizen.goBack();
  await press(citizen.mainFrame(), "a.card", new RegExp(TITLE));
  await see(citizen.mainFrame(), "h1", new RegExp(TITLE));
});
