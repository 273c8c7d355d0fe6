// embedding -- the frame's end of what it and the element around it say to each other: takes what the page wants it to show, and tells
// how things stand. Nothing of what is said goes out here; the list of messages is client-sdk/web/embed/messages.ts.
import { beginOf, EMBED_VERSION, toFrameOf, type Begin, type EmbedSettings, type EmbedStyle, type FromFrame } from "../embed/messages.ts";
import type { EnrumClient } from "../sdk/view.ts";
import type { Outer } from "./entry.ts";
import { isLegible } from "./legible.ts";
import { leaveNow, leaveOuter } from "./leave.ts";
import { loginWaySet } from "./login.ts";
import { loginBeside } from "./loginbeside.ts";
import { hrefOf, type Route } from "./route.ts";

/** The sites that the board lets embed its pages, as its web server lets them. Its own is none: its scripts could read along. */
function allowedOrigins(): string[] {
  const listed = document.querySelector<HTMLMetaElement>('meta[name="enrum-embed-from"]')?.content ?? "";
  return listed.split(" ").filter((origin) => origin !== "" && origin !== location.origin);
}

function routeOf({ page, room }: EmbedSettings): Route {
  return room === "" ? { page: "home" } : { page: page === "journal" ? "journal" : "room", room };
}

/** Other sites' pages have no place in this frame. */
function linksOutward(): void {
  document.addEventListener("click", ({ target }) => {
    const link = (target as Element).closest<HTMLAnchorElement>("a[href]");
    if (link !== null && /^https?:$/.test(link.protocol) && link.origin !== location.origin && link.target === "") link.target = "_blank";
  }, { capture: true });
}

export class Embedding implements Outer {
  #port: MessagePort;
  #settings: EmbedSettings;
  #told = new Map<FromFrame["type"], string>();
  #sizes: ResizeObserver | undefined;

  /** The page around this frame was gone back to, or loaded anew. */
  readonly isReturn: boolean;

  private constructor(port: MessagePort, { settings, isReturn }: Begin) {
    this.isReturn = isReturn;
    this.#port = port;
    this.#settings = settings;
    history.replaceState(null, "", hrefOf(routeOf(settings)));
    this.#look();
    linksOutward();
    this.#tell({ type: "neutral", url: leaveOuter((url) => this.#tell({ type: "leave", url })) });
    loginWaySet(loginBeside);
    port.onmessage = ({ data }: MessageEvent<unknown>) => this.#onMessage(data);
  }

  /** Greets whoever is around this frame, and waits for an element of a site that is listed. */
  static meet(): Promise<Embedding> {
    const origins = allowedOrigins();
    return new Promise((resolve) => {
      addEventListener("message", function heard({ source, origin, data, ports: [port] }: MessageEvent<unknown>) {
        if (source !== parent || !origins.includes(origin) || port === undefined) return;
        const asked = beginOf(data);
        if (asked === undefined) return;
        removeEventListener("message", heard);
        resolve(new Embedding(port, asked));
      });
      // To anybody, since it says nothing.
      parent.postMessage({ enrum: EMBED_VERSION, type: "hello" }, "*");
    });
  }

  get language(): string {
    return this.#settings.language;
  }

  begin(client: EnrumClient): void {
    const tell = () => this.#sessionTell(client);
    client.subscribe(tell);
    tell();
  }

  // -- Asked ----------------------------------------------------------------------------------------------------------

  #onMessage(data: unknown): void {
    const message = toFrameOf(data);
    if (message?.type === "leave") leaveNow();
    if (message?.type !== "settings") return;
    const before = hrefOf(routeOf(this.#settings));
    this.#settings = message.settings;
    const wanted = hrefOf(routeOf(message.settings));
    if (wanted !== before) location.replace(wanted);
    this.#look();
  }

  #look(): void {
    const { isFitting, style } = this.#settings;
    const root = document.documentElement;
    root.classList.toggle("fit", isFitting);
    this.#sizes?.disconnect();
    this.#sizes = isFitting ? new ResizeObserver(() => this.#tell({ type: "height", pixels: Math.ceil(document.body.getBoundingClientRect().height) })) : undefined;
    this.#sizes?.observe(document.body);
    this.#paint(root.style, style);
  }

  /** Nobody makes words of these pages hard to see: then they stay as the board has them. */
  #paint(root: CSSStyleDeclaration, { primary = "", onPrimary = "", ground = "", radius }: EmbedStyle): void {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const hasPair = primary !== "" && isLegible(onPrimary, primary);
    root.setProperty("--primary", hasPair ? primary : "");
    root.setProperty("--on-primary", hasPair ? onPrimary : "");
    // Who reads light words on dark has asked for that.
    root.setProperty("--ground", !isDark && ground !== "" && isLegible("#5d5852", ground) ? ground : "");
    root.setProperty("--radius", radius === undefined ? "" : `${radius}px`);
  }

  // -- Told -----------------------------------------------------------------------------------------------------------

  /** What has not changed is not said again. */
  #tell(message: FromFrame): void {
    const text = JSON.stringify(message);
    if (this.#told.get(message.type) === text) return;
    this.#told.set(message.type, text);
    this.#port.postMessage(message);
  }

  #sessionTell({ session }: EnrumClient): void {
    const isExpired = session?.loginError !== undefined && session.loginError !== "NETWORK";
    const login = session?.login === "in" && !isExpired ? "in" : session === undefined || session.login === "starting" || session.login === "busy" ? "starting" : "needed";
    this.#tell({ type: "state", login, contact: session?.contact ?? "connecting" });
    this.#tell({ type: "unread", count: (session?.rooms ?? []).reduce((sum, { unread }) => sum + unread, 0) });
  }
}
