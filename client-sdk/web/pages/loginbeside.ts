// loginbeside -- how somebody logs in from within a frame: in a window on the board's own address, whose address line they can read. The
// window is one more tab of the same device, so that the frame is logged in when it is. So does a page that would lose what it holds
// (loginagain.ts). loginwindow.ts is that window's end.
import { html, type TemplateResult } from "lit";
import type { EnrumClient } from "../sdk/view.ts";
import { leaveEnds, leaveNow } from "./leave.ts";
import type { LoginWay } from "./login.ts";
import { LOGIN_WINDOW_LEFT } from "./route.ts";
import { apartWords } from "./words/apart.ts";

/** How the two find each other: only where the browser gives both the same storage. */
export const LOGIN_CHANNEL = "enrum login window";

/** From the window: that it is there; that somebody has left from it, and what lies behind it is left, too. */
export interface WindowHere { type: "here" | "left"; window: string }
/** From the page: what was chosen there. */
export interface WindowGo { type: "go"; window: string; provider: string; isShared: boolean }

/** The window loads its page, and says that it is there. */
const HEARD_WITHIN_MS = 10_000;

/** The way out of a frame that the browser keeps apart: its windows have other storage, and can do nothing for it. */
export function apartNotice(): TemplateResult {
  const w = apartWords();
  return html`<p class="problem" role="status">${w.apart}</p><a class="button primary wide" target="_blank" rel="noopener" href=${new URL("..", location.href).href}>${w.open}</a>`;
}

/** A page on a borrowed device stays, since all is gone with it: where it may open no window, the person does. */
function windowLink(href: URL): TemplateResult {
  return html`<a class="button primary wide" target="_blank" rel="noopener" href=${href}>${apartWords().open}</a>`;
}

/** The newest window of this page, unless it has been left. */
let newest: string | undefined;
let channel: BroadcastChannel | undefined;

/** It stands in front of whatever this page is left for, or is at the e-ID, where it hears nothing: it looks for this when it is back. */
function windowLeave({ session }: EnrumClient): void {
  if (newest !== undefined && (session?.login !== "in" || session.loginError !== undefined)) localStorage.setItem(LOGIN_WINDOW_LEFT + newest, "1");
}

export const loginBeside: LoginWay = (client, provider, isShared) => {
  const window = `${crypto.randomUUID()}${isShared ? "/lanad" : ""}`;
  const isFrame = parent !== self;
  if (channel === undefined) leaveEnds(() => windowLeave(client));
  newest = window;
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<LoginWay>>>();
  // Heard as long as this page is there: on a slow line the window comes late, and at its end it asks whether there is anybody behind it.
  channel?.close();
  channel = new BroadcastChannel(LOGIN_CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<WindowHere | WindowGo>) => {
    if (data.window !== window) return;
    if (data.type === "left") {
      newest = undefined;
      return leaveNow();
    }
    if (data.type !== "here") return;
    channel?.postMessage({ type: "go", window, provider, isShared } satisfies WindowGo);
    resolve("beside");
  };
  const href = new URL(`${isFrame ? "../" : ""}#/inloggning/${window}`, location.href);
  // Before anything is waited for: the press that allows a window is forgotten soon. What it returns is of no use: the window's page
  // cuts itself off from this one (Cross-Origin-Opener-Policy).
  const opened = open(href, "", "popup,width=520,height=760");
  if (opened === null) resolve(isFrame ? apartNotice : () => windowLink(href));
  setTimeout(() => resolve(isFrame ? apartNotice : "beside"), HEARD_WITHIN_MS);
  return promise;
};
