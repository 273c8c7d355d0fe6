// stage -- the installation and the two browsers that the pages' tests play on.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { eventually } from "../../demo/device.ts";
import { Installation, together, type InstallationOptions } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { allowedOrigins, Browser, loginDone, type BrowserOptions } from "./browser.ts";

const DAY_MS = 86_400_000;

export type SiteOptions = Pick<InstallationOptions, "boards" | "units" | "aliases" | "leave" | "embedFrom" | "hasNames" | "notices" | "clamd" | "hostEnv" | "providers">;

/** One board and its pages, in a folder of their own. */
export function installationSet(site: SiteOptions): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "enrum-pages-"));
  return Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"], pages: true, ...site });
}

export async function installationStrike(installation: Installation): Promise<void> {
  await installation.stop();
  rmSync(installation.folder, { recursive: true, force: true });
}

export class Stage {
  readonly installation: Installation;
  readonly phone: Browser;
  readonly desk: Browser;

  private constructor(installation: Installation, phone: Browser, desk: Browser) {
    this.installation = installation;
    this.phone = phone;
    this.desk = desk;
  }

  /** `units`: beside the first one. `aliases`: of employees. `leave`: where "Lämna sidan" leads. `embedFrom`: sites that may embed. `hasNames`: the pages have a name of their own. `notices`, `clamd`: the installation's mail server and virus scanner. `providers`: further e-IDs. `pictures`: that the cameras make in a second. */
  static async set({ pictures, ...site }: SiteOptions & Pick<BrowserOptions, "pictures"> = {}): Promise<Stage> {
    const few = pictures === undefined ? {} : { pictures };
    const [installation, phone, desk] = await together(installationSet(site), Browser.open({ phone: true, ...few }), Browser.open({ phone: false, ...few }));
    return new Stage(installation, phone, desk);
  }

  citizen(): Promise<Page> {
    return this.phone.tab(this.installation.pagesUrl("bjuv", "citizen"));
  }

  staff(): Promise<Page> {
    return this.desk.tab(this.installation.pagesUrl("bjuv", "staff"));
  }

  async citizenIn(persona: string): Promise<Page> {
    const page = await this.citizen();
    await loginDone(page, persona);
    return page;
  }

  async staffIn(persona: string): Promise<Page> {
    const page = await this.staff();
    await loginDone(page, persona);
    return page;
  }

  /** A citizen on the phone and a caseworker at the desk, who log in at the same time. */
  bothIn(citizen: string, worker: string): Promise<[Page, Page]> {
    return together(this.citizenIn(citizen), this.staffIn(worker));
  }

  /** No page has complained of anything, or spoken to anybody but its own address, the host, the e-ID, and where the test has led it. */
  assertClean(...further: string[]): void {
    const allowed = [...allowedOrigins(this.installation, "bjuv"), ...further];
    for (const browser of [this.phone, this.desk]) {
      assert.deepEqual(browser.complaints, []);
      assert.deepEqual([...browser.origins].filter((origin) => !allowed.includes(origin)), []);
    }
  }

  async strike(): Promise<void> {
    await together(this.phone.close(), this.desk.close());
    await installationStrike(this.installation);
  }
}

// -- What people do ---------------------------------------------------------------------------------------------------

export async function conversationNew(page: Page, title: string, text: string): Promise<void> {
  await page.getByRole("link", { name: "Starta ett samtal" }).click();
  await page.getByLabel("Vad gäller det?").fill(title);
  await page.getByLabel("Ditt meddelande").fill(text);
  await page.getByRole("button", { name: "Skicka" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
}

export async function take(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: `Ta samtalet: ${title}` }).click();
  await page.getByRole("heading", { name: title }).waitFor();
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel("Skriv ett meddelande").fill(text);
  await page.getByRole("button", { name: "Skicka" }).click();
}

/** A citizen has asked, a caseworker has taken it, and both see each other in it: what a call begins from. */
export async function conversationTaken(citizen: Page, worker: Page, title: string, text: string): Promise<void> {
  await conversationNew(citizen, title, text);
  await take(worker, title);
  await entry(worker, text).waitFor();
  await citizen.getByText("är med i samtalet").waitFor();
}

/** The words of the conversation that is open, in order, drafts last. */
export function texts(page: Page): Promise<string[]> {
  return page.locator(".entry .text").allTextContents();
}

/** The entry with these words, once it is there. */
export function entry(page: Page, text: string) {
  return page.locator(".entry", { has: page.getByText(text, { exact: true }) });
}

export function isRecorded(page: Page, text: string): Promise<void> {
  return entry(page, text).locator(".done", { hasText: /^Journalförd$/ }).waitFor();
}

/** What a field has, in a moment. */
export function holds(field: Locator, text: string): Promise<unknown> {
  return eventually(`“${text}” in the field`, async () => await field.inputValue() === text);
}

/** The day so many days from now, as a field for a date takes it: of the calendar, also where one of them has 23 hours or 25. */
export function day(days: number): string {
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
  return new Date(Date.parse(`${today}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Opens a caseworker's form for this kind of entry. */
export async function journalBegin(page: Page, kind: string): Promise<void> {
  await page.getByRole("button", { name: "Skriv i journalen" }).click();
  await page.getByLabel("Vad vill du skriva?").selectOption({ label: kind });
}

/** It is on the device; where there is a network, it is on its way. */
export async function journalSave(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Spara i journalen" }).click();
  await page.getByText(/^Sparat( här)?\. /).waitFor();
}
