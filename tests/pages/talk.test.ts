// Two people talk in private, from their browsers: a citizen's phone and a caseworker's desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Device, eventually } from "../../demo/device.ts";
import { axe, loginDone, overflow, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, texts, write } from "./stage.ts";
import { personal, stored } from "./stored.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLE = "Skolan och min son";
const BEHIND_MS = 10 * 60_000;

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
});

after(() => stage?.strike());

test("a conversation is started, waits in the queue, and is taken", async () => {
  await conversationNew(citizen, TITLE, "Hej, kan jag få prata med någon?");
  await isRecorded(citizen, "Hej, kan jag få prata med någon?");
  await take(worker, TITLE);
  await entry(worker, "Hej, kan jag få prata med någon?").waitFor();
  await citizen.getByText("är med i samtalet").waitFor();
});

test("words arrive at once both ways, without reload, and are recorded", async () => {
  const took: number[] = [];
  for (const [from, to, text] of [[worker, citizen, "Hej! Vad bra att du hör av dig."], [citizen, worker, "Tack, vad skönt."], [worker, citizen, "Kan du komma på torsdag?"]] as const) {
    const began = performance.now();
    await write(from, text);
    await entry(to, text).waitFor();
    took.push(Math.round(performance.now() - began));
    await isRecorded(from, text);
    await isRecorded(to, text);
  }
  console.log(`words took ${took.join(", ")} ms from one screen to the other`);
});

test("who writes is seen to, until it is said or left, and nothing of it is logged", async () => {
  const logged = () => worker.evaluate(() => document.querySelectorAll(".entry").length);
  const before = await logged();
  await worker.getByLabel("Skriv ett meddelande").pressSequentially("Jag tänker");
  await citizen.getByText("Testina Bjuvsdotter skriver …").waitFor();
  await screenshot(citizen, "typing-phone");
  assert.equal(await worker.getByText("skriver …").count(), 0, "nobody is told of themselves");
  await citizen.getByText("skriver …").waitFor({ state: "detached" });
  assert.equal(await logged(), before);
  await worker.getByLabel("Skriv ett meddelande").press("End");
  await worker.getByLabel("Skriv ett meddelande").pressSequentially(" efter");
  await citizen.getByText("skriver …").waitFor();
  await worker.getByLabel("Skriv ett meddelande").press("Enter");
  await entry(citizen, "Jag tänker efter").waitFor();
  await citizen.getByText("skriver …").waitFor({ state: "detached" });
});

test("the citizen sees who has read, and the journal of it all", async () => {
  await write(citizen, "Torsdag går bra.");
  await entry(worker, "Torsdag går bra.").waitFor();
  await citizen.getByText(/^Läst av Testina Bjuvsdotter/).waitFor();
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByText("Testina Bjuvsdotter fick nyckeln till en enhet och kan läsa").waitFor();
  await citizen.getByText(/^Journalförd till och med nr/).waitFor();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await citizen.getByLabel("Skriv ett meddelande").waitFor();
});

test("two tabs write at once: each in its order, nothing twice", async () => {
  const other = await stage.phone.tab(citizen.url());
  await other.getByLabel("Skriv ett meddelande").waitFor();
  const ten = async (page: Page, name: string) => {
    for (let i = 1; i <= 10; i++) await write(page, `${name} ${i}`);
  };
  await Promise.all([ten(citizen, "vänster"), ten(other, "höger")]);
  await isRecorded(worker, "vänster 10");
  await isRecorded(worker, "höger 10");
  const seen = await texts(worker);
  for (const name of ["vänster", "höger"]) {
    assert.deepEqual(seen.filter((text) => text.startsWith(name)), Array.from({ length: 10 }, (_none, i) => `${name} ${i + 1}`));
  }
  await eventually("the same on the other one", async () => String(await texts(other)) === String(seen));
  await other.close();
});

test("when the tab that did the work is closed, another takes over", async () => {
  const other = await stage.phone.tab(citizen.url());
  await other.getByLabel("Skriv ett meddelande").waitFor();
  await citizen.close();
  citizen = other;
  await write(citizen, "Från den andra fliken");
  await isRecorded(worker, "Från den andra fliken");
});

test("without a network three messages wait, and arrive once, in order", async () => {
  // Of the page alone: what sends, and waits before it tries again, runs elsewhere and has the real one.
  const { clock } = citizen;
  await clock.install();
  await citizen.reload();
  await citizen.getByLabel("Skriv ett meddelande").waitFor();
  // Behind, so that half a minute has not passed before that is said, however long all of this takes.
  await clock.setSystemTime(Date.now() - BEHIND_MS);
  await stage.phone.context.setOffline(true);
  await stage.installation.stopHost();
  for (const text of ["nät ett", "nät två", "nät tre"]) await write(citizen, text);
  await citizen.getByText(/^Ingen kontakt just nu/).waitFor();
  await citizen.locator(".draft").nth(2).waitFor();
  assert.equal(await citizen.locator(".draft").count(), 3);
  // After half a minute it is said of each, with the way to get through all the same.
  const late = citizen.locator(".draft .unsent");
  assert.equal(await late.count(), 0);
  await clock.setSystemTime(Date.now());
  await clock.fastForward("00:31");
  await late.nth(2).getByText(/^Inte mottaget än\./).waitFor();
  assert.equal(await late.count(), 3);
  assert.match(await late.first().getByRole("link").getAttribute("href") ?? "", /^tel:042/);
  await screenshot(citizen, "unsent-phone");
  await clock.setSystemTime(new Date());
  await stage.installation.startHost();
  await stage.phone.context.setOffline(false);
  await isRecorded(worker, "nät tre");
  assert.deepEqual((await texts(worker)).slice(-3), ["nät ett", "nät två", "nät tre"]);
  await citizen.getByText(/^Ingen kontakt just nu/).waitFor({ state: "detached" });
});

test("a server that is killed is come back to by itself, and a reload in between keeps what waits", async () => {
  await stage.installation.killHost();
  await write(citizen, "Skrivet medan servern är död");
  await entry(citizen, "Skrivet medan servern är död").waitFor();
  await citizen.reload();
  await entry(citizen, "Skrivet medan servern är död").waitFor();
  await stage.installation.startHost();
  await isRecorded(citizen, "Skrivet medan servern är död");
  await isRecorded(worker, "Skrivet medan servern är död");
});

test("whoever deletes all site data logs in and reads everything", async () => {
  const before = await texts(citizen);
  await stage.phone.forget(citizen);
  await citizen.goto("about:blank");
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(citizen, "test.foralder");
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(citizen, before.at(-1) ?? "").waitFor();
  assert.deepEqual(await texts(citizen), before);
  await citizen.getByText(/Du loggade in på den här enheten/).waitFor();
});

test("a browser and the command line talk both ways", async () => {
  const cli = new Device(stage.installation, "cli", "bjuv", "test.testsson", "citizen");
  await cli.login();
  const room = await cli.newRoom("Från ett skal", "Hej från kommandoraden");
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await take(worker, "Från ett skal");
  await entry(worker, "Hej från kommandoraden").waitFor();
  await write(worker, "Hej från webbläsaren");
  await eventually("the browser's words", async () => (await cli.read(room)).some(({ text, recorded }) => text === "Hej från webbläsaren" && recorded));
});

test("an unread conversation is marked until it is opened", async () => {
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await write(citizen, "Är du där?");
  const card = worker.getByRole("link", { name: new RegExp(TITLE) });
  await card.getByText("1 nytt").waitFor();
  await card.click();
  await entry(worker, "Är du där?").waitFor();
  await card.getByText("1 nytt").waitFor({ state: "detached" });
});

test("logging out removes everything from the device, and says so first", async () => {
  await citizen.getByText("Meny").click();
  await citizen.getByRole("button", { name: "Logga ut" }).first().click();
  await screenshot(citizen, "logout-phone");
  assert.deepEqual(await axe(citizen), []);
  assert.ok(await overflow(citizen) <= 0);
  await citizen.getByRole("dialog").getByRole("button", { name: "Logga ut" }).click();
  await citizen.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.deepEqual(personal(await citizen.evaluate(stored)), []);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
