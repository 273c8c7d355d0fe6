// What else people do in Firefox: a caseworker by keyboard alone, the way of a case as the citizen sees it, in other languages too, people who
// are let in and out, files, somebody else's computer, a keeper that is away.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ElementHandle, Page } from "puppeteer-core";
import { languageRow, type Language } from "../../client-sdk/web/pages/words/languages.ts";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { FINGER, look, press, see, seeOnly, type, until } from "./firefox.ts";
import { exactly, conversationNew, FirefoxStage, journalWrite, languageChoose, login, open, recorded, write } from "./firefoxstage.ts";
import { day } from "./stage.ts";
import { personal, stored } from "./stored.ts";
import { toldPages, workerTell } from "./toldworkers.ts";

const TITLE = "Barnet";
const FIRST = "Jag är orolig.";
/** Those whose case page no other test draws. */
const LANGUAGES: readonly Language[] = ["fi", "so", "ti", "uk", "fa", "easy"];

let stage: FirefoxStage;
let citizen: Page;
let worker: Page;

const address = () => stage.installation.pagesUrl("bjuv", "citizen");

before(async () => {
  stage = await FirefoxStage.set({}, FINGER);
  [citizen, worker] = await Promise.all([stage.in(stage.phone, "citizen", "test.foralder"), stage.in(stage.desk, "staff", "bjuv.handlaggare")]);
  await citizen.setViewport({ width: 360, height: 740 });
  await conversationNew(citizen, TITLE, FIRST);
});

after(() => stage?.strike());

/** Tab is pressed until what has the focus is this. */
async function tabTo(page: Page, css: string, words: RegExp): Promise<void> {
  await until(`the focus on ${css}`, async () => {
    const isThere = await page.evaluate((selector, source) => {
      const element = document.activeElement;
      return element?.matches(selector) === true && new RegExp(source).test((element.ariaLabel ?? element.textContent ?? "").replace(/\s+/g, " ").trim());
    }, css, words.source);
    if (!isThere) await page.keyboard.press("Tab");
    return isThere;
  });
}

test("in Firefox a caseworker takes and answers by keyboard alone; Shift and Enter begin a new line", async () => {
  await see(worker.mainFrame(), "button", new RegExp(`^Ta samtalet: ${TITLE}$`));
  await look(worker);
  await tabTo(worker, "button", new RegExp(`^Ta samtalet: ${TITLE}$`));
  await worker.keyboard.press("Enter");
  await see(worker.mainFrame(), "h1", new RegExp(`^${TITLE}`));
  await recorded(worker, FIRST);
  await tabTo(worker, "enrum-composer textarea", /^Skriv ett meddelande$/);
  await worker.keyboard.type("Hej! Jag läser det nu.");
  await worker.keyboard.down("Shift");
  await worker.keyboard.press("Enter");
  await worker.keyboard.up("Shift");
  await worker.keyboard.type("Vi hörs.");
  await worker.keyboard.press("Enter");
  for (const page of [worker, citizen]) {
    await recorded(page, "Hej! Jag läser det nu. Vi hörs.");
    assert.equal(await page.$$eval(".entry .text", (all) => all.at(-1)?.textContent), "Hej! Jag läser det nu.\nVi hörs.");
    await look(page);
  }
});

test("in Firefox a letter, a visit, an e-mail and a decision stand in the conversation as what they are", async () => {
  const WRITTEN = [
    ["contact", { channel: "LETTER", direction: "out", happened: "2026-11-20T09:30", people: "Test Rektorsson", text: "Kallelsen är skickad." }, "Brev från kommunen.*20 november 2026.*Test Rektorsson.*Kallelsen är skickad\\."],
    ["contact", { channel: "VISIT", direction: "in", text: "Vi sågs på kontoret." }, "Besök till kommunen.*Vi sågs på kontoret\\."],
    ["contact", { channel: "MAIL", direction: "in", text: "Skolan skrev." }, "E.post till kommunen.*Skolan skrev\\."],
    ["decision", { text: "Stöd beviljas. Skälet är det vi har talat om." }, "Beslut.*Stöd beviljas\\."],
  ] as const;
  for (const [kind, fields, shown] of WRITTEN) {
    await journalWrite(worker, kind, fields);
    await see(citizen.mainFrame(), ".entry:not(.draft)", new RegExp(shown));
  }
});

test("in Firefox the citizen sees where the case is, what comes next, by when and by whom, and the times that apply", async () => {
  const section = (id: string, words: RegExp) => see(citizen.mainFrame(), `section[aria-labelledby=case-${id}]`, words);
  await press(citizen.mainFrame(), "a.button", /^Ditt ärende$/);
  await section("now", /Det står inte än hur långt ärendet har kommit\./);
  await journalWrite(worker, "step", { matter: "CHILD", stage: "ASSESSMENT", byWhen: day(5), byWhom: "Testina", text: "Vi ringer dig om ett besök." });
  await see(citizen.mainFrame(), "[aria-current=step]", /^Ska det utredas\?/);
  assert.equal(await citizen.$$eval(".stages li", (all) => all.length), 8);
  await section("next", /Vi ringer dig om ett besök\..*5 dagar kvar.*Görs av Testina/);
  await section("times", /Bedöma om skydd behövs.*Sista dagen är idag.*Enligt .*14 dagar kvar/);
  await journalWrite(worker, "meeting", { begins: `${day(3)}T10:00`, ends: `${day(3)}T11:00`, text: "Hur barnet har det" });
  await journalWrite(worker, "extension", { until: day(30), text: "Skolan svarar först nästa vecka." });
  await section("times", /30 dagar kvar.*Tiden är förlängd/);
  await section("documents", /Beslut.*Stöd beviljas\./);
  await press(citizen.mainFrame(), "section[aria-labelledby=case-meetings] button", /^Lägg i kalendern$/);
  const calendar = readFileSync(await stage.phone.saved(/^\d{4}-\d\d-\d\d\.ics$/), "utf8");
  assert.match(calendar, /^BEGIN:VCALENDAR\r\n[^]*DTSTART:\d{8}T\d{6}Z\r\nDTEND:\d{8}T\d{6}Z\r\nSUMMARY:Möte\r\n[^]*END:VCALENDAR\r\n$/);
  assert.doesNotMatch(calendar, /barn|social|enrum/i);
  await look(citizen);
});

test("in Firefox the case is read in other languages, each with words of its own and in its own direction", async () => {
  for (const language of LANGUAGES) {
    const { name, tag, direction, load } = languageRow(language);
    const { words } = await load();
    await languageChoose(citizen, name);
    await see(citizen.mainFrame(), "h1", new RegExp(`^${exactly(words.journey.title)}$`));
    await see(citizen.mainFrame(), "[aria-current=step]", new RegExp(`^${exactly(words.journey.stages.ASSESSMENT)}`));
    assert.deepEqual(await citizen.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [tag, direction]);
    await look(citizen);
  }
  await languageChoose(citizen, "Svenska");
  await press(citizen.mainFrame(), "a.back", /^Till samtalet$/);
});

/** Into the page for people from outside, on a device of somebody else. */
async function codeUse(code: string): Promise<Page> {
  const page = await stage.phone.apart(address());
  await press(page.mainFrame(), "summary", /^Jag har en kod$/);
  await type(page.mainFrame(), "#code", code);
  await press(page.mainFrame(), "button", /^Logga in med koden$/);
  return page;
}

/** The code on the sheet that is open, which is put away then. */
async function codeRead(): Promise<string> {
  const code = await until("the code", () => worker.$eval("dialog[open] code", (shown) => shown.textContent));
  await press(worker.mainFrame(), "dialog[open] button", /^Klart$/);
  return code;
}

test("in Firefox a guardian is let in by personal number and reads everything", async () => {
  await press(worker.mainFrame(), "a.button", /^Personer$/);
  await press(worker.mainFrame(), "summary", /^Ta med någon utanför kommunen$/);
  await worker.select("#invite-as", "GUARDIAN");
  await type(worker.mainFrame(), "#invite-name", "Test Testsson");
  await type(worker.mainFrame(), "#invite-number", "199001152397");
  await press(worker.mainFrame(), "label", /^Allt, också/);
  await press(worker.mainFrame(), "label", /^Här är redan en medborgare/);
  await press(worker.mainFrame(), "enrum-invite button", /^Ta med$/);
  await see(worker.mainFrame(), ".people-part .card", /Test Testsson.*vårdnadshavare/i);
  const guardian = await stage.phone.apart(address());
  await login(guardian, "test.testsson");
  await open(guardian, TITLE);
  await recorded(guardian, FIRST);
  await write(guardian, "Jag läser allt.");
  await see(worker.mainFrame(), ".people-part .card", /Test Testsson.*Kan läsa allt från början/);
  await guardian.close();
});

test("in Firefox a new code makes the one before void, and who is let out reads no more", async () => {
  await press(worker.mainFrame(), "summary", /^Ta med någon utanför kommunen$/);
  await worker.select("#invite-as", "OMBUD");
  await type(worker.mainFrame(), "#invite-name", "Test Ombudsson");
  await press(worker.mainFrame(), "label", /^Med en utskriven kod/);
  await press(worker.mainFrame(), "enrum-invite button", /^Ta med$/);
  const lost = await codeRead();
  await press(worker.mainFrame(), "enrum-code-again button", /^Ny kod$/);
  const code = await codeRead();
  assert.notEqual(code, lost);
  const stranger = await codeUse(lost);
  await see(stranger.mainFrame(), "[role=alert]", /^Inloggningen gick inte\. Koden (är använd eller för gammal|stämmer inte)/);
  await stranger.close();
  const ombud = await codeUse(code);
  await open(ombud, TITLE);
  await write(ombud, "Jag är ombud nu.");
  await recorded(ombud, "Jag är ombud nu.");
  await press(worker.mainFrame(), "button", /^Avsluta tillgången för Test Ombudsson$/);
  await press(worker.mainFrame(), "dialog[open] button", /^Avsluta tillgången$/);
  await see(citizen.mainFrame(), "li", /^Inte längre med: Test Ombudsson\. Avslutat av: Testina Bjuvsdotter/);
  await write(citizen, "Nu är vi färre.");
  await recorded(citizen, "Nu är vi färre.");
  await see(ombud.mainFrame(), "[role=status]", /^Du är inte längre med i det här samtalet\.$/);
  await seeOnly(ombud.mainFrame(), 0, ".entry", /Nu är vi färre\./);
  await seeOnly(ombud.mainFrame(), 0, ".alarm", /^/);
  await ombud.close();
});

/** Files of these sizes on this machine's disk, chosen in the field for files or in the camera's. */
async function choose(field: "files" | "camera", files: Record<string, Buffer>): Promise<void> {
  const input = await until(`the field for ${field}`, () => citizen.$(`enrum-composer input.${field}`)) as ElementHandle<HTMLInputElement>;
  const paths = Object.entries(files).map(([name, bytes]) => {
    const path = stage.installation.path(name);
    writeFileSync(path, bytes);
    return path;
  });
  await input.uploadFile(...paths);
}

test("in Firefox files are taken with the camera, pasted, dropped, refused when too large, given up, and 25 MB arrive whole", async () => {
  const chip = (words: RegExp) => see(citizen.mainFrame(), ".chosen li", words);
  await see(citizen.mainFrame(), "button", /^Ta foto$/);
  await choose("camera", { "kamera.pdf": Buffer.from("%PDF-1.4 kamera") });
  await chip(/kamera\.pdf/);
  const give = (kind: "paste" | "drop", name: string) => citizen.evaluate((what, called) => {
    const data = new DataTransfer();
    data.items.add(new File(["innehåll"], called, { type: "application/pdf" }));
    const options = { bubbles: true, cancelable: true };
    // Firefox lets no script say what is on the clipboard.
    if (what === "paste") document.querySelector("enrum-composer textarea")?.dispatchEvent(Object.defineProperty(new ClipboardEvent("paste", options), "clipboardData", { value: data }));
    else document.querySelector(".room")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, ...options }));
  }, kind, name);
  await give("paste", "klistrad.pdf");
  await chip(/klistrad\.pdf/);
  await give("drop", "slappt.pdf");
  await chip(/slappt\.pdf/);
  for (const name of ["kamera", "klistrad"]) await press(citizen.mainFrame(), ".chosen button", new RegExp(`^Ta bort: ${name}\\.pdf$`));
  await press(citizen.mainFrame(), "enrum-composer button", /^Skicka$/);
  await see(citizen.mainFrame(), ".entry:not(.draft)", /slappt\.pdf/);
  const largest = randomBytes(LIMITS.FILE_BYTES_MAX);
  await choose("files", { "angrad.pdf": largest, "for-stor.pdf": Buffer.alloc(LIMITS.FILE_BYTES_MAX + 1), "tom.pdf": Buffer.alloc(0) });
  await see(citizen.mainFrame(), "p, li", /^for-stor\.pdf är för stor\. En fil får vara högst 25 MB\./);
  await see(citizen.mainFrame(), "p, li", /tom\.pdf är tom\./);
  await seeOnly(citizen.mainFrame(), 1, ".chosen li", /angrad\.pdf/);
  await press(citizen.mainFrame(), "enrum-composer button", /^Skicka$/);
  await press(citizen.mainFrame(), "button", /^Avbryt: angrad\.pdf$/);
  await seeOnly(citizen.mainFrame(), 0, "progress, .draft", /^/);
  await choose("files", { "storst.pdf": largest });
  await chip(/storst\.pdf/);
  await press(citizen.mainFrame(), "enrum-composer button", /^Skicka$/);
  await see(citizen.mainFrame(), "progress", /^Skickar: storst\.pdf$/);
  await press(worker.mainFrame(), "a.back", /^Till samtalet$/);
  await press(worker.mainFrame(), "button", /^Spara: storst\.pdf$/);
  assert.ok(readFileSync(await stage.desk.saved(/^storst\.pdf$/)).equals(largest));
  await seeOnly(worker.mainFrame(), 0, "enrum-attachment", /angrad\.pdf|kamera\.pdf|klistrad\.pdf/);
});

test("in Firefox nothing is kept on somebody else's computer: a reload is logging out, and so is a quarter of an hour without a touch", async () => {
  const told = await toldPages(stage.installation);
  const page = await stage.phone.apart(told.address);
  for (const end of ["reload", "idle"] as const) {
    await press(page.mainFrame(), "label", /^Jag lånar den här datorn eller telefonen/);
    await login(page, "test.foralder");
    await see(page.mainFrame(), "p", /^Lånad dator eller telefon/);
    await open(page, TITLE);
    await recorded(page, FIRST);
    assert.deepEqual(await page.evaluate(stored), {});
    if (end === "reload") await page.reload();
    else await page.evaluate(workerTell, { minutes: 16 });
    await see(page.mainFrame(), "button", /^Logga in med/);
    assert.deepEqual(personal(await page.evaluate(stored)), []);
    await seeOnly(page.mainFrame(), 0, ".entry, .card", /^/);
  }
  await page.close();
  await told.stop();
});

test("in Firefox a keeper that is away is told, what is written meanwhile has arrived, and is recorded when it is back", async () => {
  await stage.installation.stopKeeper("bjuv");
  await citizen.reload();
  await see(citizen.mainFrame(), "[role=status]", /Kommunens registrator svarar inte just nu/);
  await write(citizen, "Skrivet så länge");
  await see(citizen.mainFrame(), ".entry:not(.draft)", /Skrivet så länge.*Framme/);
  await stage.installation.startKeeper("bjuv");
  await recorded(citizen, "Skrivet så länge");
  await seeOnly(citizen.mainFrame(), 0, "[role=status]", /Kommunens registrator svarar inte/);
});
