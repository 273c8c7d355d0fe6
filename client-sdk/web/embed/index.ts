// index -- <enrum-conversation> and <enrum-journal>: a frame on the board's own address, in somebody else's page. What is said and
// the keys are within the frame, where the browser lets no script of that page in. Attributes, events and custom properties:
// README.md beside this file.
import { EMBED_VERSION, fromFrameOf, isAddress, isHello, LANGUAGE, ROOM, styleOf, type Begin, type EmbedPage, type EmbedSettings, type FromFrame, type ToFrame } from "./messages.ts";

/** starting: the frame is loading. needed: the person logs in within it, with the button there. in: logged in. */
export type EnrumLogin = "starting" | "needed" | "in";
/** Of the frame with the board's host. */
export type EnrumContact = "connecting" | "offline" | "ready";

/** Detail of `enrum-state`. */
export interface EnrumState {
  login: EnrumLogin;
  contact: EnrumContact;
}

/** Detail of `enrum-unread`: how many entries others have written that the person has not opened. Never what they say. */
export interface EnrumUnread {
  count: number;
}

/** Detail of `enrum-leave`: where the page is being left for. */
export interface EnrumLeave {
  url: string;
}

const WORDS = {
  sv: { conversation: "Samtal", journal: "Journal" },
  en: { conversation: "Conversation", journal: "Record" },
};

/** A browser's `allow`: what a call asks for. The page's own Permissions-Policy must let the board's address have it too. */
const ALLOW = "camera; microphone; display-capture; autoplay; screen-wake-lock; speaker-selection";

const SHEET = `
  :host { display: block; block-size: var(--enrum-height, 40rem); }
  :host([hidden]) { display: none; }
  :host([fit]) { block-size: auto; }
  iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; }
  span { display: none; }
`;

/** Where there is no document, as on a server that draws pages, the package can be imported and defines nothing. */
const Base = globalThis.HTMLElement ?? class {} as typeof HTMLElement;

function isLoopback(url: URL): boolean {
  return url.hostname === "127.0.0.1" || url.hostname === "localhost" || url.hostname.endsWith(".localhost");
}

/** The board's address, with its last slash; undefined where it is none that may be shown. */
function boardOf(given: string | null): URL | undefined {
  const url = given === null ? null : URL.parse(given);
  if (url === null || (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url)))) return undefined;
  // Of one origin, the page's scripts could read what is in the frame.
  if (url.origin === location.origin) return undefined;
  url.hash = url.search = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

// -- Left in a hurry --------------------------------------------------------------------------------------------------

const LEFT = "enrum left";
/** So long a frame has to hear that it is left, and to forget what was being written in it, ms. */
const HEAR_MS = 150;

/** Nothing is shown here any more, whatever the page's own scripts put back. */
let isLeaving = false;
/** Kept by the browser as it was, and gone back to. */
let isRestored = false;

function blank(): void {
  isLeaving = true;
  document.documentElement.style.setProperty("display", "none", "important");
  setTimeout(() => document.body.replaceChildren(), HEAR_MS);
}

/** Whoever must be away must not wait for anybody: the page cannot hold this up. */
function away(url: string): void {
  try {
    // This page may stand in a frame itself.
    if (top !== self) top?.location.replace(url);
  } catch {
    // Of another site, which lets nobody lead it away.
  }
  location.replace(url);
}

function awayAgain(url: string): void {
  blank();
  away(url);
}

/** Has this page been gone back to, or loaded anew? */
function isReturn(): boolean {
  if (isRestored) return true;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return navigation?.type !== "navigate";
}

/** Where this page was left for, when it is returned to in this tab. A visit of its own begins anew. */
function leftBefore(): string | null {
  try {
    if (!isReturn()) sessionStorage.removeItem(LEFT);
    return sessionStorage.getItem(LEFT);
  } catch {
    return null;
  }
}

function onRestored(): void {
  isRestored = true;
  const left = leftBefore();
  if (left !== null) awayAgain(left);
  // Blank since it was left, and somebody has begun anew in this tab.
  else if (isLeaving) location.reload();
}

/** What both elements are. */
export abstract class EnrumElement extends Base {
  static readonly observedAttributes: readonly string[] = ["board", "room", "lang", "label", "fit"];
  /** All that are on this page. */
  static readonly #shown = new Set<EnrumElement>();

  #frame: HTMLIFrameElement | undefined;
  #probe: HTMLSpanElement | undefined;
  #port: MessagePort | undefined;
  #board: URL | undefined;
  /** The frame has told it. */
  #neutral: string | undefined;
  #state: EnrumState = { login: "starting", contact: "connecting" };
  #unread = 0;

  /** As `enrum-state` told it last. */
  get state(): EnrumState {
    return this.#state;
  }

  /** As `enrum-unread` told it last. */
  get unread(): number {
    return this.#unread;
  }

  /** Reads the custom properties anew: after the page has changed its own look. */
  restyle(): void {
    this.#tell({ type: "settings", settings: this.#settings() });
  }

  /** As if the person had pressed "Lämna sidan": for a button or a key of the page's own. Whether there is a frame by then or not. */
  leave(): void {
    const given = URL.parse(this.getAttribute("leave") ?? "", document.baseURI)?.href;
    this.#leavePage(this.#neutral ?? (this.hasAttribute("leave") && isAddress(given) ? given : "about:blank"));
  }

  #leavePage(url: string): void {
    if (isLeaving) return;
    try {
      sessionStorage.setItem(LEFT, url);
    } catch {
      // Without storage of its own the page cannot know that it was left.
    }
    blank();
    for (const one of EnrumElement.#shown) one.#tell({ type: "leave" });
    this.#say("enrum-leave", { url });
    away(url);
  }

  connectedCallback(): void {
    if (isLeaving) return;
    const left = leftBefore();
    if (left !== null) return awayAgain(left);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: true });
    if (root.adoptedStyleSheets.length === 0) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(SHEET);
      root.adoptedStyleSheets = [sheet];
    }
    EnrumElement.#shown.add(this);
    this.#frame = document.createElement("iframe");
    this.#frame.allow = ALLOW;
    // The board need not know which page somebody reads.
    this.#frame.referrerPolicy = "no-referrer";
    this.#probe = document.createElement("span");
    root.replaceChildren(this.#frame, this.#probe);
    addEventListener("message", this.#onMessage);
    this.#show();
  }

  disconnectedCallback(): void {
    EnrumElement.#shown.delete(this);
    removeEventListener("message", this.#onMessage);
    this.#port?.close();
    this.#port = this.#frame = this.#board = undefined;
    this.shadowRoot?.replaceChildren();
    this.#state = { login: "starting", contact: "connecting" };
  }

  attributeChangedCallback(): void {
    if (this.#frame !== undefined) this.#show();
  }

  // -- What the page says ---------------------------------------------------------------------------------------------

  /** Which page of the board's the frame begins with. */
  get #page(): EmbedPage {
    return this instanceof EnrumJournal ? "journal" : "conversation";
  }

  #language(): string {
    return (this.closest<HTMLElement>("[lang]")?.lang ?? "").toLowerCase().split(/[-_]/)[0] ?? "";
  }

  /** Of a form that the frame takes; else as if nothing were given: it would not answer at all. */
  #given(name: string, value: string, form: RegExp): string {
    if (form.test(value)) return value;
    console.error(`<${this.localName}>: ${name}="${value}" has not the form of one, and is left out`);
    return "";
  }

  #show(): void {
    const frame = this.#frame as HTMLIFrameElement;
    const words = WORDS[this.#language() === "en" ? "en" : "sv"];
    // What a screen reader calls the frame.
    frame.title = this.getAttribute("label") ?? words[this.#page];
    if (!this.hasAttribute("fit")) frame.style.blockSize = "";
    const board = boardOf(this.getAttribute("board"));
    if (board !== undefined && board.href === this.#board?.href) return this.restyle();
    this.#port?.close();
    this.#port = this.#neutral = undefined;
    this.#board = board;
    if (board === undefined) {
      frame.removeAttribute("src");
      console.error(`<${this.localName}>: board="${this.getAttribute("board") ?? ""}" is no https address of another origin than this page's`);
    } else {
      frame.src = new URL("embed/", board).href;
    }
  }

  /** As #rrggbb, whichever way the page has written it; undefined when it has not, or with transparency. */
  #colour(name: string): string | undefined {
    const probe = this.#probe as HTMLSpanElement;
    probe.style.color = "";
    probe.style.color = getComputedStyle(this).getPropertyValue(name).trim();
    if (probe.style.color === "") return undefined;
    const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color)?.slice(1);
    return parts === undefined ? undefined : `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
  }

  #settings(): EmbedSettings {
    const radius = /^(\d+)px$/.exec(getComputedStyle(this).getPropertyValue("--enrum-radius").trim())?.[1];
    const style = styleOf({
      primary: this.#colour("--enrum-primary"), onPrimary: this.#colour("--enrum-on-primary"), ground: this.#colour("--enrum-ground"),
      radius: radius === undefined ? undefined : Number(radius),
    });
    return { page: this.#page, room: this.#given("room", (this.getAttribute("room") ?? "").toLowerCase(), ROOM), language: this.#given("lang", this.#language(), LANGUAGE), isFitting: this.hasAttribute("fit"), style };
  }

  #tell(message: ToFrame): void {
    this.#port?.postMessage(message);
  }

  // -- What the frame says --------------------------------------------------------------------------------------------

  /** Of all that comes to this window, only the own frame's greeting, from the board's origin. */
  #onMessage = (event: MessageEvent<unknown>): void => {
    const frame = this.#frame?.contentWindow ?? null;
    if (frame === null || event.source !== frame || event.origin !== this.#board?.origin || !isHello(event.data)) return;
    const { port1, port2 } = new MessageChannel();
    this.#port?.close();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = fromFrameOf(data);
      if (message !== undefined) this.#told(message);
    };
    const begin: Begin = { enrum: EMBED_VERSION, type: "begin", settings: this.#settings(), isReturn: isReturn() };
    frame.postMessage(begin, this.#board.origin, [port2]);
  };

  #say<T>(type: string, detail: T): void {
    this.dispatchEvent(new CustomEvent<T>(type, { detail, bubbles: true, composed: true }));
  }

  #told(message: FromFrame): void {
    switch (message.type) {
      case "state":
        this.#state = { login: message.login, contact: message.contact };
        return this.#say("enrum-state", this.#state);
      case "unread":
        this.#unread = message.count;
        return this.#say("enrum-unread", { count: message.count });
      case "height":
        if (this.hasAttribute("fit")) (this.#frame as HTMLIFrameElement).style.blockSize = `${message.pixels}px`;
        return;
      case "neutral":
        this.#neutral = message.url;
        return;
      case "leave":
        return this.#leavePage(message.url);
    }
  }
}

/** A citizen's conversations with the board, or the one that `room` names. */
export class EnrumConversation extends EnrumElement {}

/** The record of the conversation that `room` names; without one, the list of them. */
export class EnrumJournal extends EnrumElement {}

if (globalThis.customElements !== undefined) {
  customElements.define("enrum-conversation", EnrumConversation);
  customElements.define("enrum-journal", EnrumJournal);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) onRestored();
  });
}

declare global {
  interface HTMLElementTagNameMap {
    "enrum-conversation": EnrumConversation;
    "enrum-journal": EnrumJournal;
  }
  interface HTMLElementEventMap {
    "enrum-state": CustomEvent<EnrumState>;
    "enrum-unread": CustomEvent<EnrumUnread>;
    "enrum-leave": CustomEvent<EnrumLeave>;
  }
}
