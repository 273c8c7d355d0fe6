// What people do in the pages, in Firefox on both sides: a citizen and a caseworker, each with a profile of their own.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ElementHandle, Page } from "puppeteer-core";
import { Device, eventually } from "../../demo/device.ts";
import { freePorts, madeUpServe, type MadeUp } from "./embedding.ts";
import { Firefox, press, see, type, until } from "./firefox.ts";
import { conversationNew, login, more, recorded, write } from "./firefoxstage.ts";
import { photoTake, SECRET_PLACE } from "./pictures.ts";
import { day, Stage } from "./stage.ts";
import { personal, stored } from "./stored.ts";
import { writingKept } from "./writingkept.ts";

const TITLE = "Skolan";
const HELLO = "Hej! Kan jag få prata med någon?";
const ANSWER = "Hej! Jag heter Testina.";

let stage: Stage;
let neutral: MadeUp;
let phone: Firefox;
let desk: Firefox;
let citizen: Page;
let worker: Page;
let shell: Device;
let room = "";

before(async () => {
  const [at = 0] = await freePorts(1);
  neutral = await madeUpServe(at, () => ({ "/": "<h1>Uppehåll</h1>" }));
  stage = await Stage.set({ leave: `http://127.0.0.1:${at}/` });
  [phone, desk] = [await Firefox.open(), await Firefox.open()];
  citizen = await phone.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  worker = await desk.tab(stage.installation.pagesUrl("bjuv", "staff"));
  shell = new Device(stage.installation, "shell", "bjuv", "test.foralder", "citizen");
  await shell.login();
});

after(async () => {
  await phone?.close();
  await desk?.close();
  await stage?.strike();
  neutral?.close();
});

test("in Firefox a conversation is begun, taken, answered and recorded", async () => {
  await login(citizen, "test.foralder");
  await login(worker, "bjuv.handlaggare");
  room = await conversationNew(citizen, TITLE, HELLO);
  await press(worker.mainFrame(), "button", /^Ta samtalet: Skolan$/);
  await recorded(worker, HELLO);
  await write(worker, ANSWER);
  await recorded(citizen, ANSWER);
  await see(citizen.mainFrame(), ".reads", /^Läses av: Testina Bjuvsdotter \(handläggare\)$/);
});

test("in Firefox a photo loses what the camera wrote into it, and is shown to the other one", async () => {
  const photo = await photoTake(await stage.citizen());
  const path = stage.installation.path("IMG_1.jpg");
  writeFileSync(path, photo);
  const input = await until("the field for files", () => citizen.$("enrum-composer input.files")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(path);
  await see(citizen.mainFrame(), ".chosen li", /IMG_1\.jpg.*Plats och annat dolt är borttaget\./);
  await write(citizen, "Så här ser det ut");
  await recorded(worker, "Så här ser det ut");
  await until("the small picture", () => worker.$eval(".thumb img", (image) => (image as HTMLImageElement).naturalWidth > 0));
  await press(worker.mainFrame(), "button", /^Visa: IMG_1\.jpg$|^Öppna: IMG_1\.jpg$/);
  const sides = await until("the picture", () => worker.$eval("dialog[open] img", (image) => {
    const { naturalWidth, naturalHeight } = image as HTMLImageElement;
    return naturalWidth > 0 ? [naturalWidth, naturalHeight] : undefined;
  }));
  assert.deepEqual(sides, [1200, 1600]);
  await worker.keyboard.press("Escape");
  // The file itself, by the citizen's own command line.
  const seq = (await shell.read(room)).find(({ kind }) => kind === "FILE" || kind === "file")?.seq;
  const saved = stage.installation.path("saved.jpg");
  await shell.must(["save", room, String(seq), saved]);
  const bytes = readFileSync(saved);
  for (const hidden of ["Exif", SECRET_PLACE]) assert.equal(bytes.includes(hidden), false, hidden);
});

test("in Firefox what is being written outlives a reload", async () => {
  await type(citizen.mainFrame(), "enrum-composer textarea", "Jag tänkte också");
  await writingKept(citizen);
  citizen.on("dialog", (dialog) => void dialog.accept());
  await citizen.reload();
  await until("the words", () => citizen.$eval("enrum-composer textarea", (field) => (field as HTMLTextAreaElement).value === "Jag tänkte också"));
  await press(citizen.mainFrame(), "enrum-composer button", /^Skicka$/);
  await recorded(worker, "Jag tänkte också");
});

test("in Firefox a caseworker writes into the journal, and the citizen does not agree", async () => {
  const NOTE = "Vi har bestämt att ses.";
  await press(worker.mainFrame(), "button", /^Skriv i journalen$/);
  await until("the form", () => worker.$("#cw-kind"));
  await worker.select("#cw-kind", "note");
  await type(worker.mainFrame(), "#cw-text", NOTE);
  await press(worker.mainFrame(), "button", /^Spara i journalen$/);
  await recorded(citizen, NOTE);
  await more(citizen, NOTE);
  await press(citizen.mainFrame(), "button", /^Jag håller inte med$/);
  await type(citizen.mainFrame(), "#about-text", "Det har vi inte.");
  await press(citizen.mainFrame(), "button", /^Spara det jag har skrivit$/);
  await recorded(worker, "Det har vi inte.");
});

test("in Firefox a voice is recorded, sent, and heard by the other one", async () => {
  await press(citizen.mainFrame(), "button", /^Spela in$/);
  await see(citizen.mainFrame(), "[role=timer]", /^0:(0[2-9]|[1-5]\d)/);
  await press(citizen.mainFrame(), "button", /^Stoppa$/);
  await see(citizen.mainFrame(), ".voice audio", /^/);
  await press(citizen.mainFrame(), ".voice button", /^Skicka$/);
  await press(worker.mainFrame(), "button", /^Lyssna: rost-/);
  // This Firefox has no loudspeaker, and measures no sound; what comes is what WebM begins with.
  await until("the player", () => worker.$("enrum-attachment audio"));
  const seq = (await shell.read(room)).findLast(({ kind }) => kind === "FILE" || kind === "file")?.seq;
  const saved = stage.installation.path("saved.webm");
  await shell.must(["save", room, String(seq), saved]);
  assert.equal(readFileSync(saved).toString("hex", 0, 4), "1a45dfa3");
});

test("in Firefox a caseworker asks for something by a day, and the citizen does it", async () => {
  await press(worker.mainFrame(), "button", /^Skriv i journalen$/);
  await until("the form", () => worker.$("#cw-kind"));
  await worker.select("#cw-kind", "task");
  await until("the form for a task", () => worker.$("#cw-due"));
  await worker.$eval("#cw-due", (field, day) => {
    (field as HTMLInputElement).value = day;
  }, day(2));
  await type(worker.mainFrame(), "#cw-text", "Skicka hyresavin.");
  await press(worker.mainFrame(), "button", /^Spara i journalen$/);
  await recorded(citizen, "Skicka hyresavin.");
  await press(citizen.mainFrame(), "a.button", /^Ditt ärende$/);
  await see(citizen.mainFrame(), ".card", /Skicka hyresavin\.|2 dagar kvar/);
  await press(citizen.mainFrame(), "button", /^Det är gjort: Skicka hyresavin\.$/);
  await see(citizen.mainFrame(), "section", /Inget att göra just nu\./);
  await press(citizen.mainFrame(), "a.back", /^Till samtalet$/);
});

test("in Firefox somebody is let in with a printed code, uses it on a borrowed device, and is seen to be in", async () => {
  await press(worker.mainFrame(), "a.button", /^Personer$/);
  await press(worker.mainFrame(), "summary", /^Ta med någon utanför kommunen$/);
  await worker.select("#invite-as", "OMBUD");
  await type(worker.mainFrame(), "#invite-name", "Test Ombudsson");
  await press(worker.mainFrame(), "label", /^Med en utskriven kod/);
  await press(worker.mainFrame(), "enrum-invite button", /^Ta med$/);
  const code = await until("the code", () => worker.$eval("dialog[open] code", (shown) => shown.textContent));
  await press(worker.mainFrame(), "dialog[open] button", /^Klart$/);
  const paper = await Firefox.open();
  try {
    const ombud = await paper.tab(stage.installation.pagesUrl("bjuv", "citizen"));
    await press(ombud.mainFrame(), "summary", /^Jag har en kod$/);
    await press(ombud.mainFrame(), "label", /Jag lånar den här datorn/);
    await type(ombud.mainFrame(), "#code", code.toLowerCase());
    await press(ombud.mainFrame(), "button", /^Logga in med koden$/);
    await press(ombud.mainFrame(), "a", new RegExp(TITLE));
    await write(ombud, "Hej, jag är ombudet.");
    await recorded(citizen, "Hej, jag är ombudet.");
    // "Lämna sidan": another page, and nothing to go back to.
    await press(ombud.mainFrame(), "a.leave", /^Lämna sidan$/);
    await see(ombud.mainFrame(), "h1", /^Uppehåll$/);
  } finally {
    await paper.close();
  }
  await press(worker.mainFrame(), "a.back", /^Till samtalet$/);
  await recorded(worker, "Hej, jag är ombudet.");
});

test("in Firefox who writes is seen, and who has read", async () => {
  await type(worker.mainFrame(), "enrum-composer textarea", "Jag ringer dig");
  await see(citizen.mainFrame(), ".typing", /^Testina Bjuvsdotter skriver/);
  await press(worker.mainFrame(), "enrum-composer button", /^Skicka$/);
  await recorded(citizen, "Jag ringer dig");
  await write(citizen, "Tack! 🙏");
  await see(citizen.mainFrame(), ".readers", /^Läst av .*Testina Bjuvsdotter/);
});

test("in Firefox a telephone call is registered, a meeting is called off, and what is held is asked for", async () => {
  await press(worker.mainFrame(), "button", /^Skriv i journalen$/);
  await type(worker.mainFrame(), "#cw-people", "Test Rektorsson");
  await type(worker.mainFrame(), "#cw-text", "Rektorn ringde.");
  await press(worker.mainFrame(), "button", /^Spara i journalen$/);
  await see(citizen.mainFrame(), ".entry", /Telefonsamtal.*Test Rektorsson.*Rektorn ringde\./);
  await press(worker.mainFrame(), "button", /^Skriv i journalen$/);
  await worker.select("#cw-kind", "meeting");
  await type(worker.mainFrame(), "#cw-text", "Hur det går");
  await press(worker.mainFrame(), "button", /^Spara i journalen$/);
  await recorded(citizen, "Hur det går");
  await press(citizen.mainFrame(), "a.button", /^Ditt ärende$/);
  await press(citizen.mainFrame(), "button", /^Ställ in: /);
  await type(citizen.mainFrame(), "#case-mark", "Jag är sjuk.");
  await press(citizen.mainFrame(), "button", /^Ställ in$/);
  await see(citizen.mainFrame(), ".card", /Inställt.*Jag är sjuk\./);
  await press(citizen.mainFrame(), "button", /^Skicka frågan$/);
  await see(citizen.mainFrame(), "[role=status]", /^Frågan är skickad\./);
  await press(citizen.mainFrame(), "a.button", /^Vem har öppnat min journal$/);
  await see(citizen.mainFrame(), ".card", /Testina Bjuvsdotter.*Socialsekreterare/);
  await citizen.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/tillganglighet`);
  await see(citizen.mainFrame(), "h1", /^Tillgänglighet/);
  await citizen.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/samtal/${room}`);
  await recorded(worker, "Jag är sjuk.");
});

/** Away from the second page of a visit or a later one, and going back leads there and out again: what stood there is not seen. */
async function isAwayForGood(tab: Page): Promise<void> {
  await see(tab.mainFrame(), "h1", /^Uppehåll$/);
  await tab.evaluate(() => {
    Object.assign(globalThis, { isFirst: true });
    history.back();
  });
  await until("the neutral page again", () => tab.evaluate(() => document.querySelector("h1")?.textContent === "Uppehåll" && !("isFirst" in globalThis)));
  assert.doesNotMatch(await tab.evaluate(() => document.body.innerText), /Jag ringer dig|Skolan|Mina samtal/);
}

test("in Firefox one leaves by Esc three times with half a text, or out of a question, and going back shows nothing of it", async () => {
  const tab = await phone.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  const asked: string[] = [];
  tab.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await press(tab.mainFrame(), "a.card", new RegExp(TITLE));
  await see(tab.mainFrame(), ".entry", /Jag ringer dig/);
  assert.match(await tab.title(), /^(\(\d+\) )?Mina sidor$/);
  await type(tab.mainFrame(), "enrum-composer textarea", "Han kommer hem");
  for (let i = 0; i < 3; i++) await tab.keyboard.press("Escape");
  await isAwayForGood(tab);
  await tab.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/samtal/${room}`);
  await see(tab.mainFrame(), ".entry", /Jag ringer dig/);
  await press(tab.mainFrame(), "a.back", /^Tillbaka$/);
  await press(tab.mainFrame(), "summary", /^Meny$/);
  await press(tab.mainFrame(), "button", /^Logga ut$/);
  await press(tab.mainFrame(), "dialog[open] a.leave", /^Lämna sidan$/);
  await isAwayForGood(tab);
  assert.deepEqual(asked, []);
  await tab.close();
});

test("in Firefox the record is searched, and the pages are read from right to left", async () => {
  await press(citizen.mainFrame(), "a.button", /^Journal$/);
  await type(citizen.mainFrame(), "#search", "ombudet");
  await until("one entry", async () => (await citizen.$$(".record")).length === 1);
  await press(citizen.mainFrame(), "a.back", /^Till samtalet$/);
  await press(citizen.mainFrame(), "summary", /^Meny$/);
  await press(citizen.mainFrame(), ".languages summary", /Svenska/);
  await press(citizen.mainFrame(), ".languages button", /^العربية$/);
  await until("Arabic", () => citizen.$eval("html", (page) => page.dir === "rtl" && page.lang === "ar"));
  await press(citizen.mainFrame(), "summary", /./);
  await press(citizen.mainFrame(), ".languages summary", /العربية/);
  await press(citizen.mainFrame(), ".languages button", /^Svenska$/);
  await until("Swedish", () => citizen.$eval("html", (page) => page.lang === "sv"));
});

test("in Firefox the journal, the case, the people and the devices are read", async () => {
  await press(citizen.mainFrame(), "a.button", /^Journal$/);
  // More than is drawn at once.
  await type(citizen.mainFrame(), "#search", "tänkte");
  await see(citizen.mainFrame(), ".record", /Jag tänkte också/);
  await press(citizen.mainFrame(), "a.back", /^Till samtalet$/);
  await press(citizen.mainFrame(), "a.button", /^Ditt ärende$/);
  await see(citizen.mainFrame(), "h2", /^Vad händer härnäst$/);
  await press(citizen.mainFrame(), "a.back", /^Till samtalet$/);
  await press(citizen.mainFrame(), "a.button", /^Personer$/);
  await see(citizen.mainFrame(), ".card", /Testina Bjuvsdotter.*Socialsekreterare/);
  await press(citizen.mainFrame(), "summary", /^Meny$/);
  await press(citizen.mainFrame(), "a", /^Mina enheter$/);
  await see(citizen.mainFrame(), ".card", /Den här enheten/);
});

test("in Firefox what is written without a network waits, is told, and goes out once", async () => {
  await citizen.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/samtal/${room}`);
  await see(citizen.mainFrame(), ".entry", /Det har vi inte\./);
  await stage.installation.stopHost();
  await see(citizen.mainFrame(), "[role=status], [role=alert]", /Ingen kontakt just nu/);
  await write(citizen, "Skrivet utan nät");
  await see(citizen.mainFrame(), ".draft", /Skrivet utan nät/);
  await stage.installation.startHost();
  await recorded(worker, "Skrivet utan nät");
  assert.equal((await eventually("the log", async () => {
    const log = await shell.read(room);
    return log.some(({ text }) => text === "Skrivet utan nät") && log;
  })).filter(({ text }) => text === "Skrivet utan nät").length, 1);
});

test("in Firefox a conversation goes back to the queue, and is there for the next", async () => {
  await press(worker.mainFrame(), "a.button", /^Personer$/);
  await press(worker.mainFrame(), "summary", /^Lämna över samtalet$/);
  await worker.select("#hand-who", await worker.$eval("#hand-who option:last-child", (option) => (option as HTMLOptionElement).value));
  await type(worker.mainFrame(), "#hand-why", "Jag går på ledighet.");
  await press(worker.mainFrame(), "form button", /^Lämna över$/);
  await press(worker.mainFrame(), "dialog[open] button", /^Lämna över$/);
  await see(worker.mainFrame(), "p", /^Du har inte tagit något samtal än\.$/);
  await see(worker.mainFrame(), "button", /^Ta samtalet: Skolan$/);
  await see(citizen.mainFrame(), "li", /Skäl: Jag går på ledighet\./);
});

test("in Firefox logging out takes all of it from the device", async () => {
  await press(citizen.mainFrame(), "summary", /^Meny$/);
  await press(citizen.mainFrame(), "button", /^Logga ut$/);
  await press(citizen.mainFrame(), "dialog[open] button", /^Logga ut$/);
  await see(citizen.mainFrame(), "button", /^Logga in med/);
  assert.deepEqual(personal(await citizen.evaluate(stored)), []);
});
