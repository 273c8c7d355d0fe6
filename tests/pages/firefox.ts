// firefox -- Firefox ESR as a person has it, without a screen: a new profile that is removed with it, and names that all lead to this
// machine, so that nothing it does by itself reaches anybody. Driven by WebDriver BiDi; people press what they read.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect, type Browser, type ElementHandle, type Frame, type Page } from "puppeteer-core";
import { Program } from "../../demo/process.ts";
import { AT_REST, AXE, IN_BOTH_DIRECTIONS } from "./axe.ts";

const FIREFOX = "/usr/bin/firefox-esr";
export const PATIENCE_MS = 60_000;
const LOOK_MS = 100;
const STILL_MS = 50;
/** Within the profile. */
const DOWNLOADS = "downloads";
/** Within which a press arrives. */
const PRESS_MS = 20_000;

export type Preferences = Record<string, string | boolean | number>;

const PREFERENCES: Preferences = {
  "intl.accept_languages": "sv-SE, sv", "browser.aboutwelcome.enabled": false, "browser.shell.checkDefaultBrowser": false,
  "network.dns.forceResolve": "127.0.0.1",
  // What it would ask of its makers by itself.
  "app.update.enabled": false, "app.normandy.enabled": false, "extensions.update.enabled": false, "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false, "datareporting.policy.dataSubmissionEnabled": false, "toolkit.telemetry.enabled": false,
  "browser.safebrowsing.malware.enabled": false, "browser.safebrowsing.phishing.enabled": false, "browser.safebrowsing.downloads.remote.enabled": false,
  "services.settings.server": "data:,", "media.gmp-manager.url": "data:,", "browser.region.network.url": "", "browser.topsites.contile.enabled": false,
  // Who is asked for a camera allows one, that is none.
  "media.navigator.permission.disabled": true, "media.navigator.streams.fake": true,
  // A mouse, which nobody has without a screen: it points finely and hovers.
  "ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6,
  // Who is asked whether pages may notify says yes, and the browser shows it by itself: this machine has nothing for it.
  "permissions.default.desktop-notification": 1, "alerts.useSystemBackend": false,
  // Saved without being asked where to.
  "browser.download.folderList": 2, "browser.download.always_ask_before_handling_new_types": false, "browser.download.alwaysOpenPanel": false,
};

/** A finger instead of the mouse: it points coarsely and cannot hover. */
export const FINGER: Preferences = { "ui.primaryPointerCapabilities": 1, "ui.allPointerCapabilities": 1 };

interface Running {
  program: Program;
  browser: Browser;
}

async function start(folder: string): Promise<Running> {
  const program = await Program.start({
    name: "Firefox", log: `${folder}.log`, ready: /WebDriver BiDi listening on/, patience: PATIENCE_MS,
    command: [FIREFOX, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0"],
    env: { HOME: folder, TMPDIR: tmpdir() },
  });
  const endpoint = /ws:\/\/\S+/.exec(program.readyLine)?.[0] ?? "";
  return { program, browser: await connect({ browserWSEndpoint: `${endpoint}/session`, protocol: "webDriverBiDi", defaultViewport: null }) };
}

async function end({ program, browser }: Running): Promise<void> {
  await browser.disconnect();
  await program.stop();
}

async function visited(page: Page, url: string): Promise<Page> {
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  return page;
}

export class Firefox {
  #running: Running;
  readonly #folder: string;

  private constructor(folder: string, running: Running) {
    this.#folder = folder;
    this.#running = running;
  }

  static async open(preferences: Preferences = {}): Promise<Firefox> {
    const folder = mkdtempSync(join(tmpdir(), "enrum-firefox-"));
    const rows = Object.entries({ ...PREFERENCES, "browser.download.dir": join(folder, DOWNLOADS), ...preferences }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
    writeFileSync(join(folder, "user.js"), rows.join(""));
    return new Firefox(folder, await start(folder));
  }

  get browser(): Browser {
    return this.#running.browser;
  }

  /** Closed and opened again, as phones do by themselves: its tabs are gone, its profile is there. */
  async again(between: () => Promise<unknown> = async () => undefined): Promise<void> {
    await end(this.#running);
    await between();
    this.#running = await start(this.#folder);
  }

  async close(): Promise<void> {
    await end(this.#running);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    rmSync(`${this.#folder}.log`, { force: true });
  }

  async tab(url: string): Promise<Page> {
    return visited(await this.browser.newPage(), url);
  }

  /** A window of somebody who shares nothing with the others in this browser: storage of its own, as another profile has it. */
  async apart(url: string): Promise<Page> {
    return visited(await (await this.browser.createBrowserContext()).newPage({ type: "window" }), url);
  }

  /** The names of all that has been saved. */
  get savedNames(): string[] {
    const folder = join(this.#folder, DOWNLOADS);
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  /** The path of a file of this name that somebody has saved, once it is whole. */
  saved(name: RegExp): Promise<string> {
    const folder = join(this.#folder, DOWNLOADS);
    return until(`a file ${name}`, async () => {
      const names = readdirSync(folder);
      // Until it is whole it has another name, and an empty file keeps its place.
      if (names.some((one) => one.endsWith(".part"))) return undefined;
      return names.filter((one) => name.test(one)).map((one) => join(folder, one)).find((path) => statSync(path).size > 0);
    });
  }
}

/** Tries until there is one; what a page that is being left answers meanwhile does not count. */
export async function until<T>(what: string, look: () => Promise<T | undefined | null | false>, patience = PATIENCE_MS): Promise<T> {
  const end = Date.now() + patience;
  for (let error: unknown; ; await pause(LOOK_MS)) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found;
    } catch (thrown) {
      error = thrown;
    }
    if (Date.now() > end) throw new Error(`waited in vain for ${what}${error instanceof Error ? `: ${error.message}` : ""}`, { cause: error });
  }
}

/** Within the page: those of these that are shown and whose words match. */
function shown(css: string, source: string): Element[] {
  const wanted = new RegExp(source);
  const says = (element: Element) => wanted.test((element.ariaLabel ?? element.textContent ?? "").replace(/\s+/g, " ").trim());
  return [...document.querySelectorAll(css)].filter((element) => says(element) && element.checkVisibility());
}

/** The first of these that is shown and whose words match. */
function find(frame: Frame, css: string, words: RegExp): Promise<ElementHandle<Element>> {
  return until(`${css} with ${words}`, async () => {
    const found = await frame.evaluateHandle(shown, css, words.source);
    const first = await found.evaluateHandle((all) => all[0] ?? null);
    return first.asElement() as ElementHandle<Element> | null;
  });
}

export async function see(frame: Frame, css: string, words: RegExp): Promise<void> {
  await find(frame, css, words);
}

/** So many of these are shown, once there are no more and no fewer. */
export async function seeOnly(frame: Frame, count: number, css: string, words: RegExp): Promise<void> {
  await until(`${count} of ${css} with ${words}`, async () => (await (await frame.evaluateHandle(shown, css, words.source)).evaluate((all) => all.length)) === count);
}

/**
 * With the pointer, where the person sees it, once it stands still: what is covered is scrolled to. Throws when it moves, is covered,
 * or something else has come under the pointer.
 */
export async function pressSurely(element: ElementHandle<Element>): Promise<void> {
  await element.evaluate(async (found, stillMs) => {
    const isSeen = ({ x, y, width, height } = found.getBoundingClientRect()) => found.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    if (!isSeen()) found.scrollIntoView({ block: "center", behavior: "instant" });
    const before = found.getBoundingClientRect();
    await new Promise((resolve) => setTimeout(resolve, stillMs));
    const { x, y } = found.getBoundingClientRect();
    if (before.x !== x || before.y !== y) throw new Error("it moves");
    if (!isSeen()) throw new Error("it is covered");
    Object.assign(globalThis, { lastPressed: undefined });
    found.addEventListener("click", () => Object.assign(globalThis, { lastPressed: found }), { once: true, capture: true });
  }, STILL_MS);
  // A page that is left by it answers no more, neither this nor the question after it.
  const error = await element.click().then(() => undefined, (thrown: unknown) => thrown);
  // The driver may have answered before the page has had the press. A page that was left by it may be kept for going back.
  const isPressed = await element.evaluate(async (found, patienceMs) => {
    const end = performance.now() + patienceMs;
    const isPressed = () => found.ownerDocument !== document || (globalThis as { lastPressed?: Element }).lastPressed === found;
    while (!isPressed() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    return isPressed();
  }, PRESS_MS).catch(() => true);
  if (!isPressed) throw new Error("something else was pressed", { cause: error });
}

export async function press(frame: Frame, css: string, words: RegExp): Promise<void> {
  await until(`a press on ${css} with ${words}`, async () => {
    await pressSurely(await find(frame, css, words));
    return true;
  });
}

/** Into the field that this selects. */
export async function type(frame: Frame, css: string, text: string): Promise<void> {
  const field = await find(frame, css, /^/);
  await field.type(text);
}

/** In place of what the field has. */
export async function fill(frame: Frame, css: string, text: string): Promise<void> {
  const field = await find(frame, css, /^/);
  await field.evaluate((found) => (found as HTMLInputElement | HTMLTextAreaElement).select());
  await field.type(text);
}

/** Of a list, the first option with these words, once it is there. */
export async function choose(frame: Frame, css: string, words: RegExp): Promise<void> {
  const value = await until(`${words} among ${css}`, () => frame.$eval(css, (list, source) =>
    [...(list as HTMLSelectElement).options].find(({ textContent }) => new RegExp(source).test(textContent.replace(/\s+/g, " ").trim()))?.value, words.source));
  await frame.select(css, value);
}

/** The frame within a page whose address begins so. */
export function frameAt(page: Page, url: string): Promise<Frame> {
  return until(`a frame at ${url}`, async () => page.frames().find((frame) => frame !== page.mainFrame() && frame.url().startsWith(url)));
}

/** What axe-core finds on the page, or in the frame, as it stands, in both writing directions. */
export async function axe(page: Page | Frame): Promise<string[]> {
  await page.evaluate(AT_REST);
  if (await page.evaluate("typeof axe") === "undefined") await page.evaluate(AXE);
  return await page.evaluate(IN_BOTH_DIRECTIONS) as string[];
}

/** Nothing that axe finds, and no wider than its window. */
export async function look(page: Page): Promise<void> {
  assert.deepEqual(await axe(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}
