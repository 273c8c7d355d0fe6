// A caseworker's lists: who waits since when, what is due first, in an order that leaves nobody out. And for the citizen: who has
// opened any of their conversations.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { look } from "./browser.ts";
import { conversationNew, day, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
});

after(() => stage?.strike());

const titles = (section: string) => worker.locator(`section[aria-labelledby="${section}"] .cards .title`).allInnerTexts();
const card = (title: string) => worker.locator("section[aria-labelledby=mine] .card", { hasText: title });
const until = async (what: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !await what(); tries++) {
    assert.ok(tries < 600, "in time");
    await worker.waitForTimeout(100);
  }
};

async function opened(title: string): Promise<void> {
  await conversationNew(citizen, title, `Om ${title}.`);
  await isRecorded(citizen, `Om ${title}.`);
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
}

async function matter(what: string, step: string): Promise<void> {
  await worker.getByRole("button", { name: "Skriv i journalen" }).click();
  await worker.getByLabel("Vad vill du skriva?").selectOption({ label: "Var ärendet är" });
  await worker.getByLabel("Vad det är").selectOption({ label: what });
  await worker.getByLabel("Steg").selectOption({ label: step });
  await worker.getByRole("button", { name: "Spara i journalen" }).click();
  await worker.getByText("Sparat. Det journalförs nu.").waitFor();
}

test("the queue stands with whom has waited longest first, or with the newest, and loses nobody", async () => {
  for (const title of ["Boende", "Ekonomi", "Barnet"]) await opened(title);
  await until(async () => (await titles("queue")).join() === "Boende,Ekonomi,Barnet");
  // Nobody has said yet what they are: should one be about a child, its protection is judged today.
  const waiting = worker.getByRole("region", { name: /^Nya samtal/ }).locator(".card");
  await until(async () => await waiting.filter({ hasText: "Bedöma om skydd behövs" }).filter({ hasText: "Sista dagen är idag" }).count() === 3);
  await worker.getByLabel("Ordning").focus();
  await worker.getByLabel("Ordning").selectOption({ label: "Senaste först" });
  await until(async () => (await titles("queue")).join() === "Barnet,Ekonomi,Boende");
  await look(worker, "queue-order-desk");
  await worker.reload();
  await until(async () => (await titles("queue")).length === 3);
  assert.equal((await titles("queue"))[0], "Barnet", "the choice is kept");
  await worker.getByLabel("Ordning").selectOption({ label: "Det som ska vara klart först" });
});

test("who waits is told, until somebody answers", async () => {
  for (const title of ["Boende", "Ekonomi", "Barnet"]) {
    await take(worker, title);
    await isRecorded(worker, `Om ${title}.`);
  }
  for (const title of ["Boende", "Ekonomi", "Barnet"]) await card(title).getByText(/^Väntat /).waitFor();
  await write(worker, "Hej!");
  await until(async () => await card("Barnet").getByText(/^Väntat /).count() === 0);
  assert.equal(await card("Boende").getByText(/^Väntat /).count(), 1);
});

test("once staff have said what it is, its next last day is shown, and what is due first stands first", async () => {
  await matter("Oro för ett barn", "Det har kommit in");
  await card("Barnet").getByText("Bedöma om skydd behövs").waitFor();
  await card("Barnet").getByText("Sista dagen är idag").waitFor();
  await card("Ekonomi").click();
  await worker.getByRole("heading", { name: "Ekonomi" }).waitFor();
  await matter("Ansökan", "Utredning");
  await card("Ekonomi").getByText("Efter det kan beslut krävas").waitFor();
  await until(async () => (await titles("mine")).join() === "Barnet,Ekonomi,Boende");
  await worker.getByLabel("Ordning").selectOption({ label: "Senaste först" });
  await until(async () => (await titles("mine"))[0] === "Ekonomi");
  await look(worker, "duties-desk");
});

test("a last day that is over says so in words", async () => {
  await worker.getByRole("button", { name: "Skriv i journalen" }).click();
  await worker.getByLabel("Vad vill du skriva?").selectOption({ label: "Något att göra" });
  await worker.getByLabel("För vem").selectOption({ label: "Handläggaren" });
  await worker.getByLabel("Senast").fill(day(-2));
  await worker.getByLabel("Vad ska göras?").fill("Ring hyresvärden.");
  await worker.getByRole("button", { name: "Spara i journalen" }).click();
  await card("Ekonomi").getByText("2 dagar för sent").waitFor();
  await worker.getByLabel("Ordning").selectOption({ label: "Det som ska vara klart först" });
  await until(async () => (await titles("mine"))[0] === "Ekonomi");
  await look(worker, "duties-late-desk");
});

test("a citizen sees who has opened any of their conversations, with role, unit and municipality, and when", async () => {
  await citizen.getByRole("link", { name: "Vem har öppnat min journal" }).click();
  await citizen.getByRole("heading", { name: "Vem har öppnat min journal" }).waitFor();
  // One who has opened three conversations is one person, with what each was opened.
  const card = citizen.locator(".card", { hasText: "Testina Bjuvsdotter" });
  await until(async () => await card.getByRole("link").count() === 3);
  assert.equal(await card.count(), 1);
  await card.getByText(/^Socialsekreterare, .+, Socialnämnden i Bjuv$/).waitFor();
  // Also the one that was taken and left at once: it was opened, and perhaps not read.
  for (const [words, count] of [[/^Kunde läsa från /, 3], [/^Läst till och med nr \d+$/, 2], [/^Öppnat$/, 3]] as const) await until(async () => await card.getByText(words).count() >= count);
  await look(citizen, "readers-phone");
  await card.getByRole("link", { name: "Barnet" }).click();
  await citizen.getByRole("heading", { name: "Barnet" }).waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
