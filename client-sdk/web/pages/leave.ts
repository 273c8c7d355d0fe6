// leave -- "Lämna sidan": one press, or Esc three times, and the page is blank, then another one, and going back does not show
// it again. For whoever may be watched. What the browser has noted of the visit it cannot take back, and does not promise to.
import { html, nothing, type TemplateResult } from "lit";
import { unitLinkForget } from "./route.ts";
import { escapeListen } from "./thrice.ts";
import { language, languageForget, languageSubscribe, words } from "./words/words.ts";
import { writtenForget } from "./writing.ts";

const LEFT = "enrum left";
/** So long the page around a frame has to leave by itself, ms: only then it knows, too, that it was left. */
const LISTEN_MS = 250;

/** Stands in the page itself: it works before any script does. It names the neutral page, as the board has chosen it. */
function linkFind(): HTMLAnchorElement | null {
  return document.querySelector("a.leave");
}

let isLeaving = false;
/** The neutral page, once leaveBegin has read it off the link. */
let neutral = "about:blank";
/** Tells the page that these are embedded in, which is left too. */
let outerTell: ((url: string) => void) | undefined;

/** Within a frame: how its page is told that somebody leaves. Returns the neutral page, for a page that leaves by itself. */
export function leaveOuter(tell: (url: string) => void): string {
  outerTell = tell;
  return neutral;
}

/** What no element holds goes on behind a blank page, until the neutral one has answered: a call is still heard there. */
const ends: (() => void)[] = [];

/** Ends with the page, before anything else. */
export function leaveEnds(end: () => void): void {
  ends.push(end);
}

/** The tab is on its way out: nothing may hold it. */
export function leaveIsUnderWay(): boolean {
  return isLeaving;
}

/** What throws may hold nobody here. */
function all(tasks: readonly (() => void)[]): void {
  for (const task of tasks) {
    try {
      task();
    } catch {
      // It is gone with the page, or was never kept.
    }
  }
}

function blank(): void {
  isLeaving = true;
  all(ends);
  document.body.replaceChildren();
}

function away(url: string): void {
  if (parent === self) return location.replace(url);
  // A page that does not listen is left all the same, where the browser lets a frame that was touched do it. This one is empty.
  const leaveTop = () => {
    if (navigator.userActivation?.hasBeenActive) top?.location.replace(url);
    location.replace("about:blank");
  };
  if (outerTell === undefined) return leaveTop();
  outerTell(url);
  setTimeout(leaveTop, LISTEN_MS);
}

/** A text that is not sent would make the browser ask first; the rest is not the next one's. */
const FORGET = [writtenForget, languageForget, unitLinkForget, () => sessionStorage.setItem(LEFT, "1")];

/** Blank before all else: a browser that refuses its storage, or has no room in it, may hold nobody here. */
function leave(url: string): void {
  blank();
  all(FORGET);
  away(url);
}

/** As if the link had been pressed. */
export function leaveNow(): void {
  leave(neutral);
}

/** The same link for a modal dialog, which lets nothing behind it be pressed: in the same place, above the dialog. */
export function leaveLink(): TemplateResult | typeof nothing {
  const link = linkFind();
  if (link === null) return nothing;
  const press = (event: Event) => {
    event.preventDefault();
    leaveNow();
  };
  return html`<a class=${link.className} href=${link.href} rel="noreferrer" lang=${language()} title=${words().leaveHint} @click=${press}>${words().leave}</a>`;
}

/** Was this page gone back to, or loaded anew? */
function isReturn(): boolean {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return navigation?.type !== "navigate";
}

/** True when nothing may be shown: somebody left this tab, returns to it, and is led out again. A visit of its own begins anew. */
export function leaveAgain(isReturned: boolean): boolean {
  try {
    const wasLeft = sessionStorage.getItem(LEFT) !== null;
    if (!isReturned) sessionStorage.removeItem(LEFT);
    if (!wasLeft || !isReturned) return false;
  } catch {
    // Refused: nothing was kept, and the page says next that it cannot go on like that.
    return false;
  }
  blank();
  away(neutral);
  return true;
}

/**
 * Before anything is shown; true when nothing may be. Within a frame only the page around it knows that (leaveAgain). `isAnswer`: the e-ID
 * provider sent the browser here. A visit of its own does not begin so: in a tab that was left, somebody has gone back to the provider's page.
 */
export function leaveBegin(isAnswer = false): boolean {
  const link = linkFind();
  if (link === null) return false;
  const { href: url } = link;
  neutral = url;
  // Kept by the browser as it was, it would be seen until it is loaded anew (link/client.ts).
  addEventListener("pageshow", (event) => {
    if (event.persisted && leaveAgain(true)) event.stopImmediatePropagation();
  });
  if (parent === self && leaveAgain(isAnswer || isReturn())) return true;
  const draw = () => {
    link.textContent = words().leave;
    link.title = words().leaveHint;
    link.lang = language();
    link.closest("nav")?.setAttribute("aria-label", words().leave);
  };
  draw();
  languageSubscribe(draw);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave(url);
  });
  escapeListen(() => leave(url));
  return false;
}
