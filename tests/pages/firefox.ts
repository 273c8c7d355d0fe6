// firefox -- Firefox ESR as a person has it, without a screen: a new profile that is removed with it, and names that all lead to this
// machine, so that nothing it does by itself reaches anybody. Driven by WebDriver BiDi; people press what they read.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect, type Browser, type ElementHandle, type Frame, type Page } from "puppeteer-core";
import { Program } from "../../demo/process.ts";

const FIREFOX = "/usr/bin/firefox-esr";
export const PATIENCE_MS = 60_000;
const LOOK_MS = 100;
const STILL_MS = 50;
/** Within which a press arrives. */
const PRESS_MS = 2_000;

const PREFERENCES: Record<string, string | boolean | number> = {
  "intl.accept_languages": "sv-SE, sv", "browser.aboutwelcome.enabled": false, "browser.shell.checkDefaultBrowser": false,
  "network.dns.forceResolve": "127.0.0.1",
  // What it would ask of its makers by itself.
  "app.update.enabled": false, "app.normandy.enabled": false, "extensions.update.enabled": false, "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false, "datareporting.policy.dataSubmissionEnabled": false, "toolkit.telemetry.enabled": false,
  "browser.safebrowsing.malware.enabled": false, "browser.safebrowsing.phishing.enabled": false, "browser.safebrowsing.downloads.remote.enabled": false,
  "services.settings.server": "data:,", "media.gmp-manager.url": "data:,", "browser.region.network.url": "", "browser.topsites.contile.enabled": false,
  // Who is asked for a camera allows one, that is none.
  "media.navigator.permission.disabled": true, "media.navigator.streams.fake": true,
};

export class Firefox {
  readonly browser: Browser;
  readonly #program: Program;
  readonly #folder: string;

  private constructor(folder: string, program: Program, browser: Browser) {
    this.#folder = folder;
    this.#program = program;
    this.browser = browser;
  }

  static async open(preferences: typeof PREFERENCES = {}): Promise<Firefox> {
    const folder = mkdtempSync(join(tmpdir(), "enrum-firefox-"));
    const rows = Object.entries({ ...PREFERENCES, ...preferences }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
    writeFileSync(join(folder, "user.js"), rows.join(""));
    const program = await Program.start({
      name: "Firefox", log: `${folder}.log`, ready: /WebDriver BiDi listening on/, patience: PATIENCE_MS,
      command: [FIREFOX, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0"],
      env: { HOME: folder, TMPDIR: tmpdir() },
    });
    const endpoint = /ws:\/\/\S+/.exec(program.readyLine)?.[0] ?? "";
    return new Firefox(folder, program, await connect({ browserWSEndpoint: `${endpoint}/session`, protocol: "webDriverBiDi", defaultViewport: null }));
  }

  async close(): Promise<void> {
    await this.browser.disconnect();
    await this.#program.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    rmSync(`${this.#folder}.log`, { force: true });
  }

  async tab(url: string): Promise<Page> {
    const page = await this.browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url);
    return page;
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

/** The first of these that is shown and whose words match. */
function find(frame: Frame, css: string, words: RegExp): Promise<ElementHandle<Element>> {
  return until(`${css} with ${words}`, async () => {
    const found = await frame.evaluateHandle((selector, source) => {
      const wanted = new RegExp(source);
      const says = (element: Element) => wanted.test((element.ariaLabel ?? element.textContent ?? "").replace(/\s+/g, " ").trim());
      return [...document.querySelectorAll(selector)].find((element) => says(element) && element.checkVisibility()) ?? null;
    }, css, words.source);
    return found.asElement() as ElementHandle<Element> | null;
  });
}

export async function see(frame: Frame, css: string, words: RegExp): Promise<void> {
  await find(frame, css, words);
}

/**
 * With the pointer, where the person sees it, once it stands still: what is covered is scrolled to. Throws when it moves, is covered,
 * or something else has come under the pointer.
 */
export async function pressSurely(element: ElementHandle<Element>): Promise<void> {
  await element.evaluate(async (found, stillMs) => {
    found.scrollIntoView({ block: "center", behavior: "instant" });
    const before = found.getBoundingClientRect();
    await new Promise((resolve) => setTimeout(resolve, stillMs));
    const { x, y, width, height } = found.getBoundingClientRect();
    if (before.x !== x || before.y !== y) throw new Error("it moves");
    if (!found.contains(document.elementFromPoint(x + width / 2, y + height / 2))) throw new Error("it is covered");
    Object.assign(globalThis, { lastPressed: undefined });
    found.addEventListener("click", () => Object.assign(globalThis, { lastPressed: found }), { once: true, capture: true });
  }, STILL_MS);
  // A page that is left by it answers no more, neither this nor the question after it.
  const error = await element.click().then(() => undefined, (thrown: unknown) => thrown);
  // The driver may have answered before the page has had the press.
  const isPressed = await element.evaluate(async (found, patienceMs) => {
    const end = performance.now() + patienceMs;
    const isPressed = () => (globalThis as { lastPressed?: Element }).lastPressed === found;
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

/** The frame within a page whose address begins so. */
export function frameAt(page: Page, url: string): Promise<Frame> {
  return until(`a frame at ${url}`, async () => page.frames().find((frame) => frame !== page.mainFrame() && frame.url().startsWith(url)));
}
