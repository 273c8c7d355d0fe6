// leave -- "Lämna sidan": one press, or Esc three times, and the page is blank, then another one, and going back does not show
// it again. For whoever may be watched. What the browser has noted of the visit it cannot take back, and does not promise to.
import { html, nothing, type TemplateResult } from "lit";
import { unitLinkForget } from "./route.ts";
import { language, languageForget, languageSubscribe, words } from "./words/words.ts";
import { writtenForget } from "./writing.ts";

const LEFT = "enrum left";
const PRESSES = 3;
const WITHIN_MS = 3_000;

/** Stands in the page itself: it works before any script does. It names the neutral page, as the board has chosen it. */
function linkFind(): HTMLAnchorElement | null {
  return document.querySelector("a.leave");
}

let isLeaving = false;
/** The neutral page, once leaveBegin has read it off the link. */
let neutral = "about:blank";
/** Tells the page that these are embedded in, which is left too. */
let outerTell: ((url: string) => void) | undefined;

/** Within a frame: how its page is told that somebody leaves. */
export function leaveOuter(tell: (url: string) => void): void {
  outerTell = tell;
}

/** The tab is on its way out: nothing may hold it. */
export function leaveIsUnderWay(): boolean {
  return isLeaving;
}

function away(url: string): void {
  isLeaving = true;
  document.body.replaceChildren();
  if (parent === self) return location.replace(url);
  outerTell?.(url);
  // A page that does not listen is left all the same, where the browser lets a frame that was touched do it. This one is empty.
  if (navigator.userActivation?.hasBeenActive) top?.location.replace(url);
  location.replace("about:blank");
}

function leave(url: string): void {
  sessionStorage.setItem(LEFT, "1");
  // A text that is not sent would make the browser ask first.
  writtenForget();
  languageForget();
  unitLinkForget();
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

/** Presses of Esc at these times, the newest last. */
function isThrice(pressed: readonly number[]): boolean {
  const first = pressed.at(-PRESSES);
  return first !== undefined && (pressed.at(-1) as number) - first < WITHIN_MS;
}

function escapeListen(url: string): void {
  const pressed: number[] = [];
  addEventListener("keydown", ({ key, repeat, timeStamp }) => {
    if (key !== "Escape" || repeat) return;
    pressed.push(timeStamp);
    if (isThrice(pressed)) leave(url);
  }, { capture: true });
}

/** Did somebody leave this tab, and is it being gone back to? A visit of its own begins anew. */
function isGoneBackTo(): boolean {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const isVisit = navigation?.type === "navigate";
  const wasLeft = sessionStorage.getItem(LEFT) !== null;
  if (isVisit) sessionStorage.removeItem(LEFT);
  return wasLeft && !isVisit;
}

/** Before anything is shown. True when nothing may be: the tab was left, and is on its way out again. */
export function leaveBegin(): boolean {
  const link = linkFind();
  if (link === null) return false;
  const { href: url } = link;
  neutral = url;
  if (isGoneBackTo()) {
    away(url);
    return true;
  }
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
  escapeListen(url);
  return false;
}
