// What a citizen does besides talking, in Firefox: another device is logged out, the transcript is saved, notices come by e-mail, a question
// is asked without a login, two tabs are one device.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { fill, Firefox, press, see, seeOnly, type } from "./firefox.ts";
import { conversationNew, exactly, FirefoxStage, login, menu, open, recorded, take, write } from "./firefoxstage.ts";
import { MailServer } from "./mailserver.ts";
import { personal, stored } from "./stored.ts";

const TITLE = "Skolan";
const HELLO = "Hej! Det här är hemligt.";
const ANSWER = "Hej! Jag läser det nu.";
const ADDRESS = "test.testsson@brev.example";
const [USER, PASSWORD] = ["avisering", "ett långt lösenord"];

let folder: string;
let mail: MailServer;
let stage: FirefoxStage;
/** Of the citizen too at first, then of somebody whom nobody knows. */
let other: Firefox;
let citizen: Page;
let worker: Page;
let stray: Page;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-mail-"));
  mail = new MailServer(folder, USER, PASSWORD);
  await mail.start();
  const password = join(folder, "password");
  writeFileSync(password, `${PASSWORD}\n`, { mode: 0o600 });
  // Nobody is away for an hour: the only mails are those with codes.
  stage = await FirefoxStage.set({ notices: { server: "127.0.0.1", port: mail.port, ca_file: mail.ca, user: USER, password_file: password, from: "svara-inte@e-tjanst.example", after_seconds: 3_600 } });
  other = await Firefox.open();
  [citizen, worker] = await Promise.all([stage.in(stage.phone, "citizen", "test.foralder"), stage.in(stage.desk, "staff", "bjuv.handlaggare")]);
  await conversationNew(citizen, TITLE, HELLO);
  await take(worker, TITLE);
  await recorded(worker, HELLO);
  await write(worker, ANSWER);
  await recorded(citizen, ANSWER);
});

after(async () => {
  await other?.close();
  await stage?.strike();
  await mail?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("in Firefox another device is logged out from one's devices, is told, and keeps nothing", async () => {
  stray = await stage.in(other, "citizen", "test.foralder");
  await open(stray, TITLE);
  await recorded(stray, HELLO);
  assert.ok(personal(await stray.evaluate(stored)).includes("entries"));
  await menu(citizen, /^Mina enheter$/);
  await press(citizen.mainFrame(), ".card button", /^Logga ut enheten/);
  await press(citizen.mainFrame(), "dialog[open] button.primary", /^Logga ut enheten$/);
  await see(citizen.mainFrame(), ".card", /^Dator, Firefox.*Utloggad$/);
  await see(stray.mainFrame(), "p", /^Du är utloggad från den här enheten, och allt är borttaget härifrån/);
  await seeOnly(stray.mainFrame(), 0, ".entry", /^/);
  assert.deepEqual(personal(await stray.evaluate(stored)), []);
  await press(citizen.mainFrame(), "a.back", /^Tillbaka$/);
  await open(citizen, TITLE);
  await write(citizen, "Telefonen är borta.");
  await recorded(worker, "Telefonen är borta.");
  await stray.reload();
  await see(stray.mainFrame(), "button", /^Logga in med/);
  assert.deepEqual(personal(await stray.evaluate(stored)), []);
});

test("in Firefox somebody whom nobody knows asks and is answered; nothing is kept, and to end it is the end", async () => {
  const [title, question, answer] = ["Om min vän", "Vad händer om jag berättar?", "Vi lyssnar, och du bestämmer."];
  await press(stray.mainFrame(), "a", /^Fråga utan att logga in$/);
  await see(stray.mainFrame(), "h1", /^Fråga utan att säga vem du är$/);
  assert.equal(await stray.$eval("#keep-nothing", (box) => (box as HTMLInputElement).checked), true);
  await press(stray.mainFrame(), "button", /^Börja$/);
  await see(stray.mainFrame(), "p", /^Lånad dator eller telefon/);
  await conversationNew(stray, title, question);
  await see(worker.mainFrame(), "li.queued", new RegExp(`^${title}.*Anonym rådgivning`));
  await take(worker, title);
  await see(worker.mainFrame(), ".room-head", /Anonym rådgivning/);
  await see(worker.mainFrame(), ".entry", new RegExp(`Anonym.*${exactly(question)}`));
  await write(worker, answer);
  await recorded(stray, answer);
  assert.deepEqual(personal(await stray.evaluate(stored)), []);
  await menu(stray, /^Avsluta$/);
  await press(stray.mainFrame(), "dialog[open] button", /^Avsluta$/);
  await press(stray.mainFrame(), "a", /^Fråga utan att logga in$/);
  await press(stray.mainFrame(), "button", /^Börja$/);
  await see(stray.mainFrame(), "[role=status]", /^Du har inga samtal än\.$/);
});

test("in Firefox a new login on a device that was logged out reads everything again", async () => {
  await stray.goto("about:blank");
  stray = await stage.in(other, "citizen", "test.foralder");
  await open(stray, TITLE);
  for (const words of [HELLO, ANSWER, "Telefonen är borta."]) await recorded(stray, words);
});

test("in Firefox the transcript is saved as a file whose name says nothing, and has what was said", async () => {
  await press(citizen.mainFrame(), "a.button", /^Journal$/);
  // Further down the journal is drawn when it is scrolled to; the file has all of it.
  await see(citizen.mainFrame(), ".record", new RegExp(exactly(HELLO)));
  await press(citizen.mainFrame(), "button", /^Spara som fil$/);
  const text = readFileSync(await stage.phone.saved(/^\d{4}-\d\d-\d\d\.txt$/), "utf8");
  for (const words of [HELLO, ANSWER, "Telefonen är borta."]) assert.ok(text.includes(`\n    ${words}\n`), text);
  assert.match(text, /^Skrivet av: Testina Bjuvsdotter, Socialsekreterare, Mottagningen, Socialnämnden i Bjuv\. Nivå 3: .+\nTestina Bjuvsdotter: /m);
  await press(citizen.mainFrame(), "a.back", /^Till samtalet$/);
});

test("in Firefox notices by e-mail are on with the code that was sent, and off again", async () => {
  await menu(citizen, /^Aviseringar$/);
  await see(citizen.mainFrame(), "[role=status]", /^Av: inga mejl skickas\.$/);
  await type(citizen.mainFrame(), "#address", ADDRESS);
  await press(citizen.mainFrame(), "button", /^Skicka en kod/);
  await see(citizen.mainFrame(), "[role=status]", /^En kod är skickad till t…@brev\.example\./);
  const [, code = ""] = /Din kod =C3=A4r (\d{6})\./.exec(mail.mails[0]?.data ?? "") ?? [];
  await type(citizen.mainFrame(), "#code", code === "123456" ? "654321" : "123456");
  await press(citizen.mainFrame(), "button", /^Slå på$/);
  await see(citizen.mainFrame(), "[role=alert]", /^Koden stämmer inte, eller är för gammal\.$/);
  await fill(citizen.mainFrame(), "#code", code);
  await press(citizen.mainFrame(), "button", /^Slå på$/);
  await see(citizen.mainFrame(), "[role=status]", /^På: mejl skickas till t…@brev\.example\.$/);
  await citizen.reload();
  await see(citizen.mainFrame(), "[role=status]", /^På: mejl skickas till t…@brev\.example\.$/);
  await press(citizen.mainFrame(), "button", /^Sluta skicka mejl$/);
  await see(citizen.mainFrame(), "[role=status]", /^Av: inga mejl skickas\.$/);
  await citizen.reload();
  await see(citizen.mainFrame(), "[role=status]", /^Av: inga mejl skickas\.$/);
  assert.deepEqual(mail.mails.map(({ to }) => to), [`<${ADDRESS}>`]);
  await press(citizen.mainFrame(), "a.back", /^Tillbaka$/);
  await open(citizen, TITLE);
});

test("in Firefox two tabs are one device: what is written in one is in the other, and the second goes on alone", async () => {
  const second = await stage.phone.tab(citizen.url());
  await recorded(second, HELLO);
  await write(second, "Från den andra fliken");
  await recorded(citizen, "Från den andra fliken");
  await citizen.bringToFront();
  await write(citizen, "Från den första fliken");
  await recorded(second, "Från den första fliken");
  // The first has done the work for both.
  await citizen.close();
  citizen = second;
  await citizen.bringToFront();
  await write(citizen, "Den första är stängd");
  await open(worker, TITLE);
  await recorded(worker, "Den första är stängd");
  await write(worker, "Jag ser det.");
  await recorded(citizen, "Jag ser det.");
  await menu(citizen, /^Mina enheter$/);
  await seeOnly(citizen.mainFrame(), 1, ".card", /^Dator, Firefox\s*Den här enheten/);
});
