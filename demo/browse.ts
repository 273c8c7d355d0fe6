// browse -- one conversation between two browsers, that checks itself: for `./run --check`, where Chromium is installed.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import type { Installation } from "./installation.ts";

export const CHROMIUM = "/usr/bin/chromium";
export const CHROMIUM_FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--mute-audio",
];
const PATIENCE_MS = 60_000;

export function hasChromium(): boolean {
  return existsSync(CHROMIUM);
}

/** From the page's button through the demonstration e-ID's own pages, and back. */
export async function login(page: Page, persona: string): Promise<void> {
  await page.getByRole("button", { name: /^(Logga in med|Log in with)/ }).first().click();
  await page.locator("input#login").fill(persona);
  await page.getByRole("button", { name: "Legitimera" }).click();
  await page.getByRole("button", { name: "Jag bekräftar" }).click();
}

async function person(context: BrowserContext, url: string, persona: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  await login(page, persona);
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  return page;
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel("Skriv ett meddelande").fill(text);
  await page.getByRole("button", { name: "Skicka" }).click();
}

/** The entry with these words has arrived, and is recorded. */
function isRecorded(page: Page, text: string): Promise<void> {
  return page.locator(".entry", { has: page.getByText(text, { exact: true }) }).getByText("Journalförd", { exact: true }).waitFor();
}

async function talk(installation: Installation, board: string, contexts: BrowserContext[]): Promise<string[]> {
  const [phone, desk] = contexts as [BrowserContext, BrowserContext];
  const citizen = await person(phone, installation.pagesUrl(board, "citizen"), "test.foralder");
  const worker = await person(desk, installation.pagesUrl(board, "staff"), `${board}.handlaggare2`);
  await citizen.getByRole("link", { name: "Starta ett samtal" }).click();
  await citizen.getByLabel("Vad gäller det?").fill("Från en telefon");
  await citizen.getByLabel("Ditt meddelande").fill("Hej, kan jag få prata med någon?");
  await citizen.getByRole("button", { name: "Skicka" }).click();
  await isRecorded(citizen, "Hej, kan jag få prata med någon?");
  await worker.getByRole("button", { name: "Ta samtalet: Från en telefon" }).click();
  await isRecorded(worker, "Hej, kan jag få prata med någon?");
  const began = performance.now();
  await write(worker, "Ja, det kan du. Jag är här.");
  await citizen.getByText("Ja, det kan du. Jag är här.", { exact: true }).waitFor();
  const took = Math.round(performance.now() - began);
  await write(citizen, "Tack.");
  for (const page of [citizen, worker]) await isRecorded(page, "Tack.");
  return [`  ok  a citizen's browser and a caseworker's talk; words took ${took} ms from screen to screen`, "  ok  every word of it is recorded (journalförd) on both screens"];
}

/** Holds it. The lines that say what was seen; rejects when something was not. */
export async function browserConversation(installation: Installation, board: string): Promise<string[]> {
  console.log("a citizen and a caseworker in two browsers");
  const profiles = ["phone", "desk"].map((name) => mkdtempSync(join(tmpdir(), `enrum-${name}-`)));
  const contexts: BrowserContext[] = [];
  try {
    for (const [index, profile] of profiles.entries()) {
      const viewport = index === 0 ? { width: 360, height: 740 } : { width: 1280, height: 800 };
      contexts.push(await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, headless: true, args: CHROMIUM_FLAGS, locale: "sv-SE", viewport }));
    }
    return await talk(installation, board, contexts);
  } finally {
    for (const context of contexts) await context.close();
    for (const profile of profiles) rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
