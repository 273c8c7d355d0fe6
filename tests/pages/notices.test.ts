// Notices by e-mail: a citizen chooses them, and the board's keeper sends one when something has waited unread, through a mail
// server that the test has made. What it received is compared to the byte.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, languageChoose, overflow, screenshot } from "./browser.ts";
import { MailServer, type Mail } from "./mailserver.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

const ADDRESS = "test.testsson@brev.example";
const [USER, PASSWORD] = ["avisering", "ett långt lösenord"];
const TITLE = "Hjälp med hyran";
/** So long something waits before a notice: while a page is open, longer than any takes to mark what it shows; else soon. */
const [LATE_S, AFTER_S] = [300, 2];

let stage: Stage;
let folder: string;
let server: MailServer;
let citizen: Page;
let worker: Page;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-mail-"));
  server = new MailServer(folder, USER, PASSWORD);
  await server.start();
  const password = join(folder, "password");
  writeFileSync(password, `${PASSWORD}\n`, { mode: 0o600 });
  stage = await Stage.set({ notices: {
    server: "127.0.0.1", port: server.port, ca_file: server.ca, user: USER, password_file: password,
    from: "svara-inte@e-tjanst.example", after_seconds: LATE_S, retry_seconds: 1,
  } });
});

after(async () => {
  await stage?.strike();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (Date.now() > end) throw new Error(`in vain: ${what}\n${keeperLog().split("\n").slice(-20).join("\n")}`);
  }
}

const keeperLog = () => readFileSync(stage.installation.path("logs", "keeper-bjuv.log"), "utf8");

/** Everything of the mail but what is new each time: date, Message-ID. */
function assertMail({ helo, from, to, data }: Mail, subject: string, body: RegExp): void {
  assert.deepEqual({ helo, from, to }, { helo: "e-tjanst.example", from: "<svara-inte@e-tjanst.example>", to: `<${ADDRESS}>` });
  const [head, text] = data.split("\r\n\r\n") as [string, string];
  assert.match(text, body);
  const [date, ...fixed] = head.split("\r\n");
  assert.match(date ?? "", /^Date: (Sun|Mon|Tue|Wed|Thu|Fri|Sat), \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d \+0000$/);
  assert.match(fixed.splice(2, 1)[0] ?? "", /^Message-ID: <[\w-]{43}@e-tjanst\.example>$/);
  assert.deepEqual(fixed, [
    "From: Meddelande <svara-inte@e-tjanst.example>", `To: <${ADDRESS}>`, `Subject: ${subject}`, "Auto-Submitted: auto-generated",
    "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
  ]);
}

const isNews = ({ data }: Mail) => data.includes("Subject: Du har ett nytt meddelande");
const news = () => server.mails.filter(isNews);

/** The citizen closes everything: no device of theirs marks what comes as read. */
async function leave(): Promise<void> {
  await citizen.close();
}

async function comeBack(lastText: string): Promise<void> {
  citizen = await stage.citizen();
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(citizen, lastText).waitFor();
  await entry(worker, lastText).getByRole("button", { name: /^Mer om/ }).waitFor();
  await worker.getByText(/^Läst av Test Testsson/).waitFor();
}

async function says(text: string): Promise<void> {
  await write(worker, text);
  await isRecorded(worker, text);
}

/** The keeper begins anew, and waits so long before it sends one. */
async function noticesAfter(seconds: number): Promise<void> {
  await stage.installation.stopKeeper("bjuv");
  const file = stage.installation.path("boards", "bjuv", "keeper", "config.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as { notices: object };
  writeFileSync(file, JSON.stringify({ ...config, notices: { ...config.notices, after_seconds: seconds } }));
  await stage.installation.startKeeper("bjuv");
}

test("notices are off until the citizen shows that the address is theirs", async () => {
  citizen = await stage.citizenIn("test.testsson");
  await citizen.getByText("Meny").click();
  await citizen.getByRole("link", { name: "Aviseringar" }).click();
  await citizen.getByText("Av: inga mejl skickas.").waitFor();
  for (const width of [360, 1280]) {
    await citizen.setViewportSize({ width, height: 800 });
    await screenshot(citizen, `notices-off-${width}`);
    assert.deepEqual(await axe(citizen), []);
    assert.equal(await overflow(citizen), 0);
  }
  await citizen.getByLabel("Din e‑postadress").fill("den där@brev.example");
  await citizen.getByLabel("Din e‑postadress").evaluate((input: HTMLInputElement) => (input.form as HTMLFormElement).noValidate = true);
  await citizen.getByRole("button", { name: "Skicka en kod" }).click();
  await citizen.getByText("Det ser inte ut som en e‑postadress.").waitFor();
  await citizen.getByLabel("Din e‑postadress").fill(ADDRESS);
  await citizen.getByRole("button", { name: "Skicka en kod" }).click();
  await citizen.getByText("En kod är skickad till t…@brev.example.").waitFor();
  await citizen.locator("#code:focus").waitFor();
  await screenshot(citizen, "notices-code");
  assert.deepEqual(await axe(citizen), []);
  const [mail] = server.mails as [Mail];
  assertMail(mail, "Din kod", /^Din kod =C3=A4r \d{6}\.\r\n$/);
  const [, code = ""] = /(\d{6})\./.exec(mail.data) ?? [];
  await citizen.getByLabel("Kod").fill(code === "123456" ? "654321" : "123456");
  await citizen.getByRole("button", { name: "Slå på" }).click();
  await citizen.getByText("Koden stämmer inte, eller är för gammal.").waitFor();
  await citizen.getByLabel("Kod").fill(code);
  await citizen.getByRole("button", { name: "Slå på" }).click();
  await citizen.getByText("På: mejl skickas till t…@brev.example.").waitFor();
  await citizen.locator(":focus", { hasText: /^På: mejl skickas/ }).waitFor();
  await languageChoose(citizen, "العربية");
  await citizen.setViewportSize({ width: 360, height: 800 });
  await screenshot(citizen, "notices-on-ar");
  assert.deepEqual(await axe(citizen), []);
  assert.equal(await overflow(citizen), 0);
  await languageChoose(citizen, "Svenska");
  assert.equal(server.mails.length, 1);
  // All that was said before TLS.
  assert.deepEqual([...new Set(server.plain)], ["EHLO e-tjanst.example", "STARTTLS"]);
});

test("what waits unread is told of once, until they have been in; what they read at once is not", async () => {
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await conversationNew(citizen, TITLE, "Hur gör jag?");
  worker = await stage.staffIn("bjuv.handlaggare");
  await take(worker, TITLE);
  await says("Hej, jag läser det nu.");
  await worker.getByText(/^Läst av Test Testsson/).waitFor();
  await leave();
  await noticesAfter(AFTER_S);
  await says("Kom på måndag klockan nio.");
  await until("a notice", () => news().length === 1);
  assertMail(news()[0] as Mail, "Du har ett nytt meddelande", /^Du har ett nytt meddelande i din e-tj=C3=A4nst\.\r\n$/);
  await says("Ta med hyresavin.");
  await comeBack("Ta med hyresavin.");
  await leave();
  await says("Vi ses.");
  await until("another notice, as they have been in", () => news().length > 1);
  // Neither what they read at once nor the second word of their absence was told of: this one came later than both.
  assert.equal(news().length, 2);
});

test("a keeper that starts anew, also from the log alone, sends none twice", async () => {
  for (const isForgotten of [false, true]) {
    await stage.installation.stopKeeper("bjuv", isForgotten ? "SIGKILL" : "SIGTERM");
    if (isForgotten) stage.installation.forgetKeeperDatabase("bjuv");
    await stage.installation.startKeeper("bjuv");
  }
  await says("Hör av dig om något ändras.");
  await comeBack("Hör av dig om något ändras.");
  await leave();
  await says("En sak till.");
  await until("a notice after the restarts", () => news().length > 2);
  assert.equal(news().length, 3);
});

test("a mail server that is another one gets nothing, and it is tried again", async () => {
  await comeBack("En sak till.");
  await leave();
  await server.stop();
  await server.start("other");
  await says("Nu är beslutet klart.");
  await until("tries", () => server.brokenOff >= 2);
  assert.equal(news().length, 3);
  await server.stop();
  await server.start("good");
  await until("the notice", () => news().length === 4);
  assert.match(keeperLog(), /event=notice .*sent=false.*certificate/);
});

test("turned off, nothing is sent any more; the address is in no log and nothing that the host has", async () => {
  await comeBack("Nu är beslutet klart.");
  await citizen.goto(`${stage.installation.pagesUrl("bjuv", "citizen")}#/aviseringar`);
  await citizen.getByRole("button", { name: "Sluta skicka mejl" }).click();
  await citizen.getByText("Av: inga mejl skickas.").waitFor();
  await leave();
  await says("Det här får du se när du kommer.");
  // It is recorded, so the keeper is at work; so long after it something would have been sent.
  await new Promise((resolve) => setTimeout(resolve, (AFTER_S + 2) * 1_000));
  assert.equal(news().length, 4);
  const data = stage.installation.path("host", "data");
  const places = [...readdirSync(data).map((name) => join(data, name)), ...readdirSync(stage.installation.path("logs")).map((name) => stage.installation.path("logs", name))];
  assert.ok(places.length > 4);
  for (const place of places) assert.ok(!readFileSync(place).includes("brev.example"), place);
  stage.assertClean();
});
