// browser -- Chromium as a person has it: a profile of its own, a phone or a desk, and everything noted that a page must not
// do: errors, refused scripts and styles, requests to anybody else.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type CDPSession, type Frame, type Page } from "playwright-core";
import { CHROMIUM_FLAGS, login } from "../../demo/browse.ts";
import type { Installation } from "../../demo/installation.ts";
import { AT_REST, AXE, IN_BOTH_DIRECTIONS } from "./axe.ts";

export const CHROMIUM = new URL("chromium", import.meta.url).pathname;
const SCREENS = new URL("../../build/screens/", import.meta.url).pathname;

/** A microphone that beeps and a camera that counts, with so many pictures a second; and a relay on this machine. */
export function mediaFlags(pictures: number): string[] {
  return [`--use-fake-device-for-media-stream=fps=${pictures}`, "--allow-loopback-in-peer-connection"];
}
const ALLOWED = "--use-fake-ui-for-media-stream";

/** As Chrome on Android says it. */
const ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36";

/** What a browser tells the pages of its reader. */
const LOCALES = { sv: "sv-SE", en: "en-GB", ar: "ar-SY" } as const;

export interface BrowserOptions {
  phone: boolean;
  /** Says that it is one, too. */
  isMobile?: boolean;
  language?: keyof typeof LOCALES;
  dark?: boolean;
  /** The person allows neither microphone nor camera. */
  isMediaDenied?: boolean;
  /** Of the camera, a second. */
  pictures?: number;
  /** Folder of a profile that outlives this browser; whoever names it removes it. */
  profile?: string;
}

export class Browser {
  readonly context: BrowserContext;
  /** Console errors, exceptions, violations of the content security policy. */
  readonly complaints: string[] = [];
  /** Origins that any page of this profile has asked. */
  readonly origins = new Set<string>();
  /** Removed with the browser; undefined when somebody else does. */
  readonly #ownProfile: string | undefined;

  private constructor(context: BrowserContext, ownProfile: string | undefined) {
    this.context = context;
    this.#ownProfile = ownProfile;
    context.on("request", (request) => this.origins.add(new URL(request.url()).origin));
    context.on("console", (message) => {
      // What the network says of a server that is away is no fault of the page; behind a service worker it says no more than ERR_FAILED.
      if (message.type() === "error" && !/ERR_(CONNECTION_REFUSED|INTERNET_DISCONNECTED|CONNECTION_RESET|FAILED)|WebSocket connection/.test(message.text())) {
        this.complaints.push(`${message.text()} ${message.location().url}`);
      }
    });
    context.on("weberror", (error) => this.complaints.push(String(error.error())));
    context.on("page", (page) => page.on("websocket", (socket) => this.origins.add(new URL(socket.url()).origin)));
  }

  static async open({ phone, isMobile = false, language = "sv", dark = false, isMediaDenied = false, pictures = 20, profile }: BrowserOptions): Promise<Browser> {
    const ownProfile = profile === undefined ? mkdtempSync(join(tmpdir(), "enrum-chromium-")) : undefined;
    const context = await chromium.launchPersistentContext(profile ?? ownProfile ?? "", {
      executablePath: CHROMIUM, headless: true, args: [...CHROMIUM_FLAGS, ...mediaFlags(pictures), ...(isMediaDenied ? [] : [ALLOWED])], locale: LOCALES[language],
      timezoneId: "Europe/Stockholm", colorScheme: dark ? "dark" : "light",
      viewport: phone ? { width: 360, height: 740 } : { width: 1280, height: 800 }, hasTouch: phone, deviceScaleFactor: phone ? 2 : 1,
      ...(isMobile ? { isMobile, userAgent: ANDROID } : {}),
    });
    return new Browser(context, ownProfile);
  }

  async close(): Promise<void> {
    await this.context.close();
    if (this.#ownProfile !== undefined) rmSync(this.#ownProfile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** A new tab at this address. */
  async tab(url: string): Promise<Page> {
    const page = await this.context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    return page;
  }

  /** Deletes what the site keeps, as a person does in the browser's settings. */
  async forget(page: Page): Promise<void> {
    const session = await this.context.newCDPSession(page);
    await session.send("Storage.clearDataForOrigin", { origin: new URL(page.url()).origin, storageTypes: "all" });
    await session.detach();
  }
}

/** Reads the pages in the language that calls itself so: by the menu, or by the header's own choice when nobody is logged in. */
export async function languageChoose(page: Page, name: string): Promise<void> {
  await page.locator(".languages").waitFor({ state: "attached" });
  for (const list of ["details.menu:not(.languages)", "details.languages"]) {
    const details = page.locator(list);
    if (await details.count() > 0 && await details.getAttribute("open") === null) await details.locator("> summary").click();
  }
  await page.locator(".languages").getByRole("button", { name, exact: true }).click();
  await page.locator(".languages > summary").filter({ hasText: name }).waitFor({ state: "attached" });
}

/** Logged in, and back on the list. */
export async function loginDone(page: Page, persona: string): Promise<void> {
  await login(page, persona);
  await page.getByRole("heading", { name: /^(Mina samtal|My conversations)$/ }).waitFor();
}

/** Of the window, as a person sees it. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.evaluate(AT_REST);
  await page.screenshot({ path: join(SCREENS, `${name}.png`) });
}

/**
 * Of all that the page has, in a window as high as that: what stays in place while one scrolls stands where it ends up, and not across
 * the middle of a picture that is put together. What is seen in it counts as seen.
 */
export async function screenshotWhole(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  if (size === null) throw new Error("a page without a window");
  const { height } = size;
  // A page of a high window may be higher than it was: once more, then.
  for (let turn = 0; turn < 2; turn++) {
    await page.setViewportSize({ width: size.width, height: Math.max(height, await page.evaluate(() => document.documentElement.scrollHeight)) });
    await page.evaluate(AT_REST);
  }
  await screenshot(page, name);
  await page.setViewportSize(size);
  await page.evaluate(AT_REST);
}

/** The debugger's name of the world of a frame's own scripts: among all that the page has, the one of its address. */
async function worldOf(session: CDPSession, frame: Frame): Promise<number | undefined> {
  const worlds: { id: number; auxData?: { frameId?: string; isDefault?: boolean } }[] = [];
  session.on("Runtime.executionContextCreated", ({ context }) => worlds.push(context));
  await session.send("Runtime.enable");
  const { frameTree } = await session.send("Page.getFrameTree");
  const own = frameTree.childFrames?.find(({ frame: { url } }) => url === frame.url().split("#")[0])?.frame.id;
  return worlds.find(({ auxData }) => auxData?.frameId === own && auxData?.isDefault)?.id;
}

/** What axe-core finds on the page as it stands, or in a frame of it, in both writing directions: one line for each. */
export async function axe(page: Page, frame?: Frame): Promise<string[]> {
  await (frame ?? page).evaluate(AT_REST);
  const session = await page.context().newCDPSession(page);
  const contextId = frame === undefined ? undefined : await worldOf(session, frame);
  if (frame !== undefined && contextId === undefined) throw new Error("axe: the frame has no world");
  // Evaluated by the debugger, not by the page: its policy lets no script in.
  const evaluate = (expression: string) => session.send("Runtime.evaluate", {
    expression, awaitPromise: true, returnByValue: true, ...(contextId === undefined ? {} : { contextId }),
  });
  if ((await evaluate("typeof axe")).result.value === "undefined") await evaluate(AXE);
  const { result, exceptionDetails } = await evaluate(IN_BOTH_DIRECTIONS);
  await session.detach();
  if (exceptionDetails !== undefined) throw new Error(`axe: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  return result.value as string[];
}

/** How far the page is wider than the window, px. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** Leaves a screenshot; nothing that axe finds, no wider than its window, and nothing to be pressed that is too small for a thumb. */
export async function look(page: Page, name: string): Promise<void> {
  await screenshot(page, name);
  assert.deepEqual(await axe(page), []);
  assert.ok(await overflow(page) <= 0);
  assert.deepEqual(await smallTargets(page), []);
}

/** What reaches over the window's side, as the beginning of its own mark-up. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => [...document.body.querySelectorAll("*")].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    const isBeyond = width > 1 && (right > innerWidth + 1 || left < -1);
    return isBeyond || (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 && getComputedStyle(element).overflowX === "visible");
  }).map((element) => `${element.outerHTML.replace(/<!--.*?-->/gs, "").slice(0, 120)} ${JSON.stringify(element.getBoundingClientRect())}`));
}

/** What is to be pressed in the window and is lower or narrower than 44 pixels; links within a text are as low as its lines. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const HALF = 21.5;
    const isStuck = (found: Element): boolean => found.parentElement !== null && (/^(sticky|fixed)$/.test(getComputedStyle(found).position) || isStuck(found.parentElement));
    const isAt = (element: Element, x: number, y: number) => {
      const found = document.elementFromPoint(x, y);
      return found !== null && (element.contains(found) || element.closest("label")?.contains(found) === true);
    };
    // What stays in place may hide a part of it, until it is scrolled to.
    const isAtOrUnder = (element: Element, x: number, y: number) => isAt(element, x, y) || isStuck(document.elementFromPoint(x, y) ?? document.body);
    return [...document.querySelectorAll("button, a.button, a.back, a.card, a.leave, a.call, details.menu a, [role=tab], summary, select, input, textarea")].filter((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const [midX, midY] = [x + width / 2, y + height / 2];
      if (width === 0 || midY - HALF < 0 || midY + HALF > innerHeight || !isAt(element, midX, midY)) return false;
      const isWide = width >= 2 * HALF || element.closest("label") !== null;
      return !isWide || (height < 2 * HALF && !(isAtOrUnder(element, midX, midY - HALF) && isAtOrUnder(element, midX, midY + HALF)));
    }).map((element) => `${element.outerHTML.replace(/<!--.*?-->/gs, "").slice(0, 120)} ${JSON.stringify(element.getBoundingClientRect())}`);
  });
}

/** The origins that a page of this board may speak to: its own, the host's, the e-ID's. */
export function allowedOrigins(installation: Installation, board: string): string[] {
  return [installation.pagesUrl(board, "citizen"), installation.hostUrl, installation.issuer].map((url) => new URL(url).origin);
}
