// In Firefox on somebody else's telephone: what leaves a file behind says so beforehand, a text and a film are opened within the page without
// leaving one, and one objects to who was let in.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ElementHandle, Page } from "puppeteer-core";
import { filmTake } from "./boxes.ts";
import { Browser } from "./browser.ts";
import { FINGER, look, press, see, seeOnly, type, until } from "./firefox.ts";
import { conversationNew, exactly, FirefoxStage, journalWrite, login, more, recorded, take } from "./firefoxstage.ts";
import { day } from "./stage.ts";

const TITLE = "Ett möte";
const FIRST = "Kan vi träffas?";
const STAYS = /Det du sparar ligger kvar på den här datorn eller telefonen\./;
const RUNS = "<script>document.title = 'körd'; parent.document.title = 'körd'</script>";
const OMBUD = "Test Ombudsson";

let stage: FirefoxStage;
let film: Buffer;
let borrowed: Page;
let own: Page;

before(async () => {
  stage = await FirefoxStage.set({}, FINGER);
  // The encoder of another browser makes it.
  const maker = await Browser.open({ phone: false });
  try {
    film = await filmTake(await maker.tab(stage.installation.pagesUrl("bjuv", "citizen")));
  } finally {
    await maker.close();
  }
  borrowed = await stage.phone.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await borrowed.setViewport({ width: 360, height: 740 });
  await press(borrowed.mainFrame(), "label", /^Jag lånar den här datorn eller telefonen/);
  await login(borrowed, "test.foralder");
  own = await stage.in(stage.desk, "staff", "bjuv.handlaggare");
  await conversationNew(borrowed, TITLE, FIRST);
  await take(own, TITLE);
  await recorded(own, FIRST);
});

after(() => stage?.strike());

test("in Firefox the record and a meeting for the calendar say what stays on a borrowed device", async () => {
  await journalWrite(own, "meeting", { begins: `${day(3)}T10:00`, ends: `${day(3)}T11:00`, text: "Hur ni har det" });
  await press(borrowed.mainFrame(), "a.button", /^Ditt ärende$/);
  await see(borrowed.mainFrame(), "section[aria-labelledby=case-meetings] li", STAYS);
  await press(borrowed.mainFrame(), "a.button", /^Journal$/);
  await see(borrowed.mainFrame(), "p", STAYS);
  await look(borrowed);
  await press(borrowed.mainFrame(), "a.back", /^Till samtalet$/);
  await press(own.mainFrame(), "a.button", /^Journal$/);
  await see(own.mainFrame(), "button", /^Spara som fil$/);
  await seeOnly(own.mainFrame(), 0, "p", STAYS);
  await press(own.mainFrame(), "a.back", /^Till samtalet$/);
});

test("in Firefox a text and a film are opened within the page, as what they are, and no file is left", async () => {
  const paths = ([["svar.txt", Buffer.from(`Vi ses på torsdag.\n${RUNS}`)], ["visning.mp4", film]] as const).map(([name, bytes]) => {
    const path = stage.installation.path(name);
    writeFileSync(path, bytes);
    return path;
  });
  const input = await until("the field for files", () => own.$("enrum-composer input.files")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(...paths);
  await seeOnly(own.mainFrame(), 2, ".chosen li", /svar\.txt|visning\.mp4.*borttaget/);
  await press(own.mainFrame(), "enrum-composer button", /^Skicka$/);
  await press(borrowed.mainFrame(), "button", /^Öppna: svar\.txt$/);
  await until("the text", () => borrowed.$eval("dialog[open]", ({ textContent }, text) => textContent.includes(text), RUNS));
  await look(borrowed);
  await press(borrowed.mainFrame(), "dialog[open] button", /^Stäng$/);
  await press(borrowed.mainFrame(), "button", /^Öppna: visning\.mp4$/);
  await until("the film", () => borrowed.$("dialog[open] video"));
  const sides = await borrowed.$eval("dialog[open] video", async (found) => {
    const video = found as HTMLVideoElement;
    await new Promise((resolve, reject) => {
      Object.assign(video, { muted: true, onended: resolve, onerror: () => reject(new Error(video.error?.message)) });
      void video.play();
    });
    return [video.videoWidth, video.videoHeight];
  });
  assert.deepEqual(sides, [64, 48]);
  await look(borrowed);
  await press(borrowed.mainFrame(), "dialog[open] button", /^Stäng$/);
  await until("no film", async () => await borrowed.$("video") === null);
  assert.match(await borrowed.title(), /Mina sidor$/);
  assert.deepEqual(stage.phone.savedNames, []);
});

test("in Firefox the citizen objects to who was let in, and the caseworker reads why", async () => {
  await press(own.mainFrame(), "a.button", /^Personer$/);
  await press(own.mainFrame(), "summary", /^Ta med någon utanför kommunen$/);
  await own.select("#invite-as", "OMBUD");
  await type(own.mainFrame(), "#invite-name", OMBUD);
  await press(own.mainFrame(), "label", /^Med en utskriven kod/);
  await press(own.mainFrame(), "enrum-invite button", /^Ta med$/);
  await press(own.mainFrame(), "dialog[open] button", /^Klart$/);
  await press(own.mainFrame(), "a.back", /^Till samtalet$/);
  await see(borrowed.mainFrame(), "li.quiet", new RegExp(OMBUD));
  await more(borrowed, OMBUD);
  await press(borrowed.mainFrame(), "button", /^Jag håller inte med$/);
  await type(borrowed.mainFrame(), "#about-text", "Jag har inget ombud.");
  await look(borrowed);
  await press(borrowed.mainFrame(), "button", /^Spara det jag har skrivit$/);
  await recorded(own, "Jag har inget ombud.");
  await see(own.mainFrame(), ".entry", new RegExp(`Invändning.*${exactly("Jag har inget ombud.")}|${exactly("Jag har inget ombud.")}.*Gäller`));
});
