// A caseworker with two tabs, or two caseworkers at once: what is being written in one is not lost by what is done in the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { look } from "./browser.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
let one: Page;
let other: Page;
/** Nothing is written in it. */
let idle: Page;
const PHONE = { width: 360, height: 740 };

before(async () => {
  stage = await Stage.set();
  one = await stage.staffIn("bjuv.handlaggare");
  await one.getByRole("link", { name: "Börja ett samtal" }).click();
  await one.getByLabel("Vad gäller det?").fill("Efter besöket");
  await one.getByLabel("Första meddelandet").fill("Hej! Här kan vi skriva.");
  await one.getByRole("button", { name: "Börja samtalet" }).click();
  await one.getByText("Ta med den det gäller").waitFor();
  [other, idle] = [await stage.staff(), await stage.staff()];
  for (const page of [other, idle]) {
    await page.evaluate((hash) => location.hash = hash, new URL(one.url()).hash);
    await page.getByLabel("Namn", { exact: true }).waitFor();
  }
});

after(() => stage?.strike());

const letIn = (page: Page) => page.getByRole("button", { name: "Ta med", exact: true }).last().click();
const card = (page: Page, name: string) => page.locator(".people-part .card", { has: page.getByText(name, { exact: true }) });

async function codeFor(page: Page, name: string): Promise<void> {
  await page.getByLabel("Namn", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Med en utskriven kod" }).check();
  await letIn(page);
  await page.getByRole("dialog", { name: "Koden" }).getByRole("button", { name: "Klart" }).click();
}

test("whoever writes an invitation while a colleague lets the person in loses nothing of it, and is told", async () => {
  await one.getByLabel("Namn", { exact: true }).fill("Test Ombudsson");
  await one.getByLabel("Personnummer, tolv siffror").fill("199001152397");
  await one.locator("#invite-why").fill("Fullmakt visades.");
  await codeFor(other, "Test Testsson");
  await one.getByRole("status").getByText("Under tiden har Test Testsson (den det gäller) tagits med.", { exact: false }).waitFor();
  assert.equal(await one.getByLabel("Namn", { exact: true }).inputValue(), "Test Ombudsson");
  assert.equal(await one.getByLabel("Personnummer, tolv siffror").inputValue(), "199001152397");
  assert.equal(await one.locator("#invite-why").inputValue(), "Fullmakt visades.");
  await idle.getByLabel("Namn", { exact: true }).waitFor({ state: "hidden" });
  await look(one, "invite-overtaken-desk");
  await one.setViewportSize(PHONE);
  await look(one, "invite-overtaken-phone");
  // As what this one comes was meant for another: it is not guessed.
  assert.equal(await one.getByLabel("I vilken egenskap").inputValue(), "");
  await letIn(one);
  await one.getByRole("alert").getByText("Välj i vilken egenskap.").waitFor();
  await one.getByLabel("I vilken egenskap").selectOption("OMBUD");
  await letIn(one);
  await card(other, "Test Ombudsson").getByText(/^ombud/).waitFor();
  assert.equal(await one.getByRole("status").getByText("Under tiden har").count(), 0);
});

/** The texts that a tab shows under a name, by what they put into the composer. */
async function textOf(page: Page, name: string): Promise<string> {
  await page.getByLabel("Skriv ett meddelande").fill("");
  await page.getByRole("button", { name: `Infoga: ${name}`, exact: true }).click();
  return page.getByLabel("Skriv ett meddelande").inputValue();
}

async function keep(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel("Skriv ett meddelande").fill(text);
  await page.getByLabel("Mallens namn").fill(name);
  await page.getByRole("button", { name: "Spara texten som mall" }).click();
}

const shows = (page: Page, name: string) => page.getByRole("button", { name: `Infoga: ${name}`, exact: true }).waitFor();
const open = (page: Page) => page.getByText("Mallar", { exact: true }).click();

test("what two tabs keep as templates is kept, of one name too, and what one has changed the other does not take away", async () => {
  await one.setViewportSize({ width: 1280, height: 800 });
  for (const page of [one, other]) {
    await page.getByRole("link", { name: "Till samtalet" }).click();
    await open(page);
    await page.getByText("Du har inga mallar än.").waitFor();
  }
  await keep(one, "Svar", "Tack, jag återkommer.");
  await shows(one, "Svar");
  await keep(other, "Hälsning", "Hej!");
  await shows(other, "Svar");
  await keep(other, "Hälsning", "Hej igen!");
  // The first tab knows of no greeting.
  await keep(one, "Hälsning", "God dag.");
  await shows(one, "Hälsning (2)");
  assert.equal(await textOf(one, "Hälsning"), "Hej igen!");
  await open(one);
  assert.equal(await textOf(one, "Hälsning (2)"), "God dag.");
  await open(one);
  await keep(one, "Hälsning", "Godkväll.");
  await keep(one, "Avsked", "Hej då.");
  await shows(one, "Avsked");
  // What the other shows under this name is not there any more.
  await other.getByRole("button", { name: "Ta bort: Hälsning", exact: true }).click();
  await shows(other, "Hälsning (2)");
  assert.equal(await textOf(other, "Hälsning"), "Godkväll.");
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
