// visitor -- Firefox or Chromium on a machine of its own, in the hands of a person who presses what they read. Both are driven by
// the same calls; what a page must not do is noted.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect, type Browser, type ElementHandle, type Page } from "puppeteer-core";
import { CHROMIUM, CHROMIUM_FLAGS } from "../../demo/browse.ts";
import { Program } from "../../demo/process.ts";
import { pressSurely } from "../pages/firefox.ts";
import { until } from "../relay/host.ts";
import { Desk } from "./desk.ts";
import { must, REMOTE_PORT, type Machine } from "./network.ts";

/** All browsers share a small machine with everything else. */
export const PATIENCE_MS = 90_000;
const LOOK_MS = 100;
const SCREENS = new URL("../../build/screens/", import.meta.url).pathname;
const FIREFOX = "/usr/bin/firefox-esr";

export type Make = "firefox" | "chromium";

export interface VisitorOptions {
  make: Make;
  /** Of the window's inside. */
  size: { width: number; height: number };
  /** The certificate that all servers' are signed by. */
  authority: string;
  /** Firefox only: it has the desk's microphones, and no camera. Else a camera that changes its colour, and a microphone that hums. */
  hasDeskSound?: boolean;
}

function firefoxPreferences({ hasDeskSound = false }: VisitorOptions): Record<string, string | boolean> {
  return {
    "intl.accept_languages": "sv-SE, sv", "browser.aboutwelcome.enabled": false,
    // Who is asked allows it.
    "media.navigator.permission.disabled": true, "media.navigator.streams.fake": !hasDeskSound,
  };
}

interface Started {
  program: Program;
  browser: Browser;
  desk?: Desk;
}

/** A folder of certificates that this authority is trusted in, as an administrator makes it. */
async function trust(folder: string, authority: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const database = ["-d", `sql:${folder}`];
  await must("certutil", "-N", "--empty-password", ...database);
  await must("certutil", "-A", "-n", "development", "-t", "C,,", "-i", authority, ...database);
}

async function firefoxStart(machine: Machine, options: VisitorOptions): Promise<Started> {
  const profile = join(machine.folder, "profile");
  await trust(profile, options.authority);
  const desk = await Desk.make(machine);
  const rows = Object.entries(firefoxPreferences(options)).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, "user.js"), rows.join(""));
  const program = await Program.start({
    name: `Firefox of ${machine.name}`, log: join(machine.folder, "browser.log"), ready: /WebDriver BiDi listening/, patience: PATIENCE_MS,
    command: machine.command(FIREFOX, "--no-remote", "--profile", profile, `--remote-debugging-port=${REMOTE_PORT}`),
    env: { HOME: machine.folder, TMPDIR: machine.folder, SSLKEYLOGFILE: machine.keyLog, ...desk.environment },
  });
  return { program, desk, browser: await connect({ ...machine.remote("/session"), protocol: "webDriverBiDi", defaultViewport: null }) };
}

async function chromiumStart(machine: Machine, { authority }: VisitorOptions): Promise<Started> {
  await trust(join(machine.folder, ".pki/nssdb"), authority);
  const flags = [...CHROMIUM_FLAGS, "--headless=new", "--accept-lang=sv-SE,sv", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
  const program = await Program.start({
    name: `Chromium of ${machine.name}`, log: join(machine.folder, "browser.log"), ready: /DevTools listening/, patience: PATIENCE_MS,
    command: machine.command(CHROMIUM, ...flags, `--remote-debugging-port=${REMOTE_PORT}`, `--user-data-dir=${join(machine.folder, "profile")}`),
    env: { HOME: machine.folder, TMPDIR: machine.folder, SSLKEYLOGFILE: machine.keyLog },
  });
  const [, path = ""] = /ws:\/\/[^/]+(\/\S+)/.exec(program.readyLine) ?? [];
  return { program, browser: await connect({ ...machine.remote(path), defaultViewport: null }) };
}

/** Runs in the page before its own code does: every connection that it makes can be asked for its statistics. */
function connectionsKeep(): void {
  const kept: RTCPeerConnection[] = [];
  const { addTransceiver } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTransceiver = function (...words) {
    if (!kept.includes(this)) kept.push(this);
    return addTransceiver.apply(this, words);
  };
  Object.assign(globalThis, { keptConnections: kept });
}

/** Of one stream that comes. */
export interface Inbound {
  kind: "audio" | "video";
  framesDecoded: number;
  packetsReceived: number;
  /** Heard, without those that were made up for lost ones. */
  samples: number;
  /** Of a voice, 0 ... 1. */
  level: number;
}

export interface Seen {
  inbound: Inbound[];
  /** Addresses that the browser tried to reach. */
  remotes: string[];
}

export class Visitor {
  readonly machine: Machine;
  readonly page: Page;
  readonly complaints: string[] = [];
  readonly #started: Started;

  private constructor(machine: Machine, started: Started, page: Page) {
    this.machine = machine;
    this.#started = started;
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  static async open(machine: Machine, options: VisitorOptions): Promise<Visitor> {
    const started = await (options.make === "firefox" ? firefoxStart : chromiumStart)(machine, options);
    const page = await started.browser.newPage();
    await page.setViewport(options.size);
    page.setDefaultTimeout(PATIENCE_MS);
    await page.evaluateOnNewDocument(connectionsKeep);
    return new Visitor(machine, started, page);
  }

  /** Of Firefox. */
  get desk(): Desk {
    const { desk } = this.#started;
    assert.ok(desk !== undefined);
    return desk;
  }

  async close(): Promise<void> {
    await this.#started.browser.disconnect();
    await this.#started.program.stop();
    await this.#started.desk?.clear();
  }

  // -- What people do -------------------------------------------------------------------------------------------------

  /**
   * The first that is shown of these and whose words match, once there is one and `act` has been done with it. A page that is drawn
   * anew, or another one, in between: it is looked for again.
   */
  async #with<T>(selector: string, words: RegExp, act: (element: ElementHandle<Element>) => Promise<T>): Promise<T> {
    const end = Date.now() + PATIENCE_MS;
    for (let error: unknown; ; await pause(LOOK_MS)) {
      try {
        const found = await this.page.evaluateHandle((css, source) => {
          const wanted = new RegExp(source);
          const isMeant = (element: Element) => wanted.test((element.ariaLabel ?? element.textContent ?? "").replace(/\s+/g, " ").trim()) && element.checkVisibility();
          return [...document.querySelectorAll(css)].find(isMeant);
        }, selector, words.source);
        const element = found.asElement();
        if (element !== null) return await act(element as ElementHandle<Element>);
      } catch (thrown) {
        error = thrown;
      }
      if (Date.now() > end) throw new Error(`${this.machine.name} has no ${selector} with ${words}, but:\n${await this.page.evaluate(() => document.body.innerText)}`, { cause: error });
    }
  }

  press(words: RegExp): Promise<void> {
    return this.#with("button, a, summary", words, pressSurely);
  }

  /** Waits until it is on the page. */
  async reads(words: RegExp): Promise<string> {
    return await this.#with("h1, h2, p, li, span, code, strong", words, (element) => element.evaluate(({ textContent }) => textContent)) ?? "";
  }

  /** Waits until nothing of this is on the page. */
  async gone(words: RegExp): Promise<void> {
    const isThere = () => this.page.evaluate((source) => [...document.querySelectorAll(".tile")].some(({ textContent }) => new RegExp(source).test(textContent.trim())), words.source);
    await until(`${this.machine.name} without ${words}`, async () => !await isThere(), PATIENCE_MS);
  }

  /** The slide with this label, to 0 ... 1. */
  async slide(label: RegExp, value: number): Promise<void> {
    await this.#with("label", label, (element) => element.evaluate((found, number) => {
      const slide = (found as HTMLLabelElement).control as HTMLInputElement;
      slide.value = String(number);
      slide.dispatchEvent(new Event("input"));
    }, value));
  }

  /** Into the field with this label. */
  async write(label: RegExp, text: string): Promise<void> {
    await this.#with("label, [aria-label]", label, (element) => element.evaluate((found) => {
      const control = found instanceof HTMLLabelElement ? found.control : found as HTMLElement;
      if (control === null) throw new Error("a label without a field");
      control.focus();
    }));
    await this.page.keyboard.type(text);
  }

  /** Chooses this one in the list with this label. */
  async choose(label: RegExp, option: string): Promise<void> {
    await this.#with("label", label, (element) => element.evaluate((found, text) => {
      const list = (found as HTMLLabelElement).control as HTMLSelectElement;
      const wanted = [...list.options].find((one) => one.text === text);
      if (wanted === undefined) throw new Error(`only ${[...list.options].map((one) => one.text).join()}`);
      list.value = wanted.value;
      list.dispatchEvent(new Event("change"));
    }, option));
  }

  /** Polls until what the page's connections say is so. */
  async until(what: string, isSo: (seen: Seen) => boolean): Promise<Seen> {
    const end = Date.now() + PATIENCE_MS;
    for (;; await pause(LOOK_MS)) {
      const seen = await this.seen();
      if (isSo(seen)) return seen;
      assert.ok(Date.now() < end, `${this.machine.name}: no ${what}, but ${JSON.stringify(seen)}`);
    }
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENS, `${name}.png`) as `${string}.png` });
  }

  /** What the connections of this page say of themselves. */
  seen(): Promise<Seen> {
    return this.page.evaluate(async () => {
      const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
      const open = keptConnections.filter(({ connectionState }) => connectionState !== "closed");
      const rows = (await Promise.all(open.map(async (connection) => [...(await connection.getStats()).values()]))).flat();
      const inbound = rows.filter(({ type }) => type === "inbound-rtp").map((row) => ({
        kind: row.kind, framesDecoded: row.framesDecoded ?? 0, packetsReceived: row.packetsReceived ?? 0, samples: (row.totalSamplesReceived ?? 0) - (row.concealedSamples ?? 0), level: row.audioLevel ?? 0,
      }));
      return { inbound, remotes: rows.filter(({ type }) => type === "remote-candidate").map(({ address, port }) => `${address}:${port}`) };
    });
  }
}
