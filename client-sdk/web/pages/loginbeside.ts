// loginbeside -- how somebody logs in from within a frame: in a window on the board's own address, whose address line they can read. The
// window is one more tab of the same device, so that the frame is logged in when it is. So does a page that would lose what it holds
// (loginagain.ts). loginwindow.ts is that window's end.
import { html, type TemplateResult } from "lit";
import { leaveEnds } from "./leave.ts";
import type { LoginWay } from "./login.ts";
import { loginWindowHref, loginWindowLeave } from "./route.ts";
import { apartWords } from "./words/apart.ts";

/** How the two find each other: only where the browser gives both the same storage. */
export const LOGIN_CHANNEL = "enrum login window";

/** From the window. */
export interface WindowHere { type: "here"; window: string }
/** From the frame: what was chosen there. */
export interface WindowGo { type: "go"; window: string; provider: string; isShared: boolean }

/** The window loads its page, and says that it is there. */
const HEARD_WITHIN_MS = 10_000;

/** The way out of a frame that the browser keeps apart: its windows have other storage, and can do nothing for it. */
export function apartNotice(): TemplateResult {
  const w = apartWords();
  return html`<p class="problem" role="status">${w.apart}</p><a class="button primary wide" target="_blank" rel="noopener" href=${new URL("..", location.href).href}>${w.open}</a>`;
}

export const loginBeside: LoginWay = (client, provider, isShared) => {
  const window = crypto.randomUUID();
  // It stands in front of whatever this page is left for.
  leaveEnds(() => {
    const { session } = client;
    if (session?.login !== "in" || session.loginError !== undefined) loginWindowLeave(window);
  });
  const channel = new BroadcastChannel(LOGIN_CHANNEL);
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<LoginWay>>>();
  channel.onmessage = ({ data }: MessageEvent<WindowHere | WindowGo>) => {
    if (data.type !== "here" || data.window !== window) return;
    channel.postMessage({ type: "go", window, provider, isShared } satisfies WindowGo);
    resolve("beside");
  };
  // Before anything is waited for: the press that allows a window is forgotten soon. What it returns is of no use: the window's page
  // cuts itself off from this one (Cross-Origin-Opener-Policy).
  const opened = open(new URL(`${parent === self ? "" : "../"}${loginWindowHref(window)}`, location.href), "", "popup,width=520,height=760");
  if (opened === null) resolve(apartNotice);
  setTimeout(() => resolve(apartNotice), HEARD_WITHIN_MS);
  return promise.finally(() => channel.close());
};
