// firefoxstage -- the installation and the two Firefoxes that the pages' tests play on, and what people do in them.
import type { ElementHandle, Page } from "puppeteer-core";
import { together, type Installation } from "../../demo/installation.ts";
import { fill, Firefox, press, pressSurely, see, seeOnly, type, until, type Preferences } from "./firefox.ts";
import { installationSet, installationStrike, type SiteOptions } from "./stage.ts";

export class FirefoxStage {
  readonly installation: Installation;
  readonly phone: Firefox;
  readonly desk: Firefox;

  private constructor(installation: Installation, phone: Firefox, desk: Firefox) {
    this.installation = installation;
    this.phone = phone;
    this.desk = desk;
  }

  /** `phonePreferences`: of the citizen's browser. */
  static async set(site: SiteOptions = {}, phonePreferences: Preferences = {}): Promise<FirefoxStage> {
    const [installation, phone] = await together(installationSet(site), Firefox.open(phonePreferences));
    return new FirefoxStage(installation, phone, await Firefox.open());
  }

  /** Logged in, and on the list. */
  async in(firefox: Firefox, role: "citizen" | "staff", persona: string): Promise<Page> {
    const page = await firefox.tab(this.installation.pagesUrl("bjuv", role));
    await login(page, persona);
    return page;
  }

  async strike(): Promise<void> {
    await Promise.all([this.phone.close(), this.desk.close()]);
    await installationStrike(this.installation);
  }
}

// -- What people do ---------------------------------------------------------------------------------------------------

export async function login(page: Page, persona: string): Promise<void> {
  await press(page.mainFrame(), "button", /^Logga in med/);
  await eidConfirm(page, persona);
  await see(page.mainFrame(), "h2, h1", /^Mina samtal$/);
}

/** At the e-ID. */
export async function eidConfirm(page: Page, persona: string): Promise<void> {
  await type(page.mainFrame(), "input#login", persona);
  await press(page.mainFrame(), "button", /^Legitimera$/);
  await press(page.mainFrame(), "button", /^Jag bekräftar$/);
}

/** An expression that these words match, and no others. */
export function exactly(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** An entry with these words, once it is recorded. */
export function recorded(page: Page, words: string): Promise<void> {
  return see(page.mainFrame(), ".entry:not(.draft)", new RegExp(`${exactly(words)}.*Journalförd`));
}

/** The number of the new conversation, once its first words are recorded. */
export async function conversationNew(page: Page, title: string, words: string): Promise<string> {
  await press(page.mainFrame(), "a", /^Starta ett samtal$/);
  await type(page.mainFrame(), "enrum-new input:not([type])", title);
  await type(page.mainFrame(), "enrum-new textarea", words);
  await press(page.mainFrame(), "enrum-new button", /^Skicka$/);
  await recorded(page, words);
  return /[0-9a-f]{64}/.exec(page.url())?.[0] ?? "";
}

export async function take(page: Page, title: string): Promise<void> {
  await press(page.mainFrame(), "button", new RegExp(`^Ta samtalet: ${exactly(title)}$`));
  await see(page.mainFrame(), "h1", new RegExp(`^${exactly(title)}`));
}

export async function write(page: Page, words: string): Promise<void> {
  await type(page.mainFrame(), "enrum-composer textarea", words);
  await press(page.mainFrame(), "enrum-composer button", /^Skicka$/);
}

/** Opens a conversation from the list. */
export function open(page: Page, title: string): Promise<void> {
  return press(page.mainFrame(), "a.card", new RegExp(exactly(title)));
}

/** Opens what the menu leads to. */
export async function menu(page: Page, words: RegExp): Promise<void> {
  await press(page.mainFrame(), "summary", /^Meny$/);
  await press(page.mainFrame(), "details.menu a, details.menu button", words);
}

/** Reads the pages in the language that calls itself so. */
export async function languageChoose(page: Page, name: string): Promise<void> {
  await press(page.mainFrame(), "details.menu:not(.languages) > summary", /^/);
  await press(page.mainFrame(), ".languages summary", /^/);
  await press(page.mainFrame(), ".languages button", new RegExp(`^${exactly(name)}$`));
  await see(page.mainFrame(), "details.menu:not(.languages):not([open]) > summary", /^/);
}

/** Opens what stands behind the first entry or line with these words. */
export async function more(page: Page, words: string): Promise<void> {
  await until(`more about ${words}`, async () => {
    const found = await page.evaluateHandle((text) => [...document.querySelectorAll(".entry, li.quiet")].find((one) => one.textContent?.includes(text))?.querySelector("button.more") ?? null, words);
    const button = found.asElement() as ElementHandle<Element> | null;
    if (button !== null) await pressSurely(button);
    return button !== null;
  });
}

/** A caseworker writes into the journal: this kind of entry, with these fields of its form. */
export async function journalWrite(page: Page, kind: string, fields: Record<string, string>): Promise<void> {
  await press(page.mainFrame(), "button", /^Skriv i journalen$/);
  for (const [name, value] of Object.entries({ kind, ...fields })) {
    const css = `#cw-${name}`;
    const sort = await until(`the field ${name}`, () => page.$eval(css, (field) => (field as HTMLInputElement).type));
    if (sort === "select-one") await until(`${value} to choose`, async () => (await page.select(css, value)).includes(value));
    else if (/^date/.test(sort)) await page.$eval(css, (field, text) => Object.assign(field, { value: text }), value);
    else await fill(page.mainFrame(), css, value);
  }
  await press(page.mainFrame(), "button", /^Spara i journalen$/);
  await seeOnly(page.mainFrame(), 0, "form.casework", /^/);
}
