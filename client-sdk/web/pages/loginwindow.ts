// loginwindow -- a window that a frame on another site's page, or a page on a borrowed device, has opened, to log in there
// (loginbeside.ts): goes to the e-ID provider as that page says, and closes when somebody is logged in, or the page is left. One that
// no page answers, as where the browser keeps frames' storage apart, is a window like any other, in which the person goes on.
import "./loaded.ts";
import type { EnrumClient } from "../sdk/view.ts";
import { leaveEnds, leaveNow } from "./leave.ts";
import { loginHere } from "./login.ts";
import { LOGIN_CHANNEL, type WindowGo, type WindowHere } from "./loginbeside.ts";
import { loginWindow, loginWindowForget, loginWindowIsLeft } from "./route.ts";

const ANSWERED_WITHIN_MS = 4_000;
const CLOSED_WITHIN_MS = 1_000;

/** What the page behind this window wants of it; undefined when none answers. */
function pageAsk(window: string): Promise<WindowGo | undefined> {
  const channel = new BroadcastChannel(LOGIN_CHANNEL);
  const { promise, resolve } = Promise.withResolvers<WindowGo | undefined>();
  channel.onmessage = ({ data }: MessageEvent<WindowHere | WindowGo>) => {
    if (data.type === "go" && data.window === window) resolve(data);
  };
  channel.postMessage({ type: "here", window } satisfies WindowHere);
  setTimeout(() => resolve(undefined), ANSWERED_WITHIN_MS);
  return promise.finally(() => channel.close());
}

/** `isNew`: it was just opened; else it comes back from the provider. */
export async function loginWindowRun(client: EnrumClient, window: string, isNew: boolean): Promise<void> {
  const leave = () => {
    if (!loginWindowIsLeft(window)) return;
    close();
    leaveNow();
  };
  // Whoever leaves from here leaves what lies behind it, too.
  leaveEnds(() => {
    if (loginWindow() === window) new BroadcastChannel(LOGIN_CHANNEL).postMessage({ type: "left", window } satisfies WindowHere);
  });
  addEventListener("storage", leave);
  // The page may have been left while this part was still being loaded.
  leave();
  if (isNew) {
    const go = await pageAsk(window);
    if (go === undefined) return loginWindowForget();
    return loginHere(client, go.provider, go.isShared);
  }
  // Somebody may have been logged in while this part was still being loaded.
  let isIn = false;
  const look = async () => {
    if (isIn || client.session?.login !== "in" || client.session.loginError !== undefined) return;
    isIn = true;
    // Nobody is behind it any more: all is here.
    if (await pageAsk(window) === undefined) return loginWindowForget();
    close();
    // Where it stays all the same, it is one like any other.
    setTimeout(loginWindowForget, CLOSED_WITHIN_MS);
  };
  const end = client.subscribe(() => void look().finally(() => { if (isIn) end(); }));
  void look();
}
