// words -- which language the pages speak, and what depends on it: sentences for errors, dates, times. Swedish first.
import { ERRORS, type ErrorName } from "../../protocol/tables.ts";
import type { PersonView } from "../../sdk/view.ts";
import { en } from "./en.ts";
import { sv, type Words } from "./sv.ts";

export type Language = "sv" | "en";

const KEPT = "enrum language";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function languageFirst(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "sv" || kept === "en") return kept;
  // Whoever reads neither is better served by English.
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => ["sv", "nb", "nn", "no", "da", "en"].includes(tag));
  return wanted === undefined || wanted === "en" ? "en" : "sv";
}

let current: Language = languageFirst();
const listeners = new Set<() => void>();

export function language(): Language {
  return current;
}

export function languageSet(wanted: Language): void {
  current = wanted;
  localStorage.setItem(KEPT, wanted);
  document.documentElement.lang = wanted;
  for (const listener of listeners) listener();
}

/** Called after each change. Returns what ends it. */
export function languageSubscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function words(): Words {
  return current === "sv" ? sv : en;
}

/** What an error means for the person at the screen. */
export function errorWords(error: ErrorName): string {
  const own = words().errors[error] ?? words().alarms[error];
  return own ?? (current === "sv" ? ERRORS[error].mening : ERRORS[error].sentence);
}

export function personName(person: PersonView): string {
  const w = words();
  if (person.isMe) return w.you;
  if (person.role === "keeper") return w.board;
  if (person.name !== "") return person.name;
  return person.role === "staff" ? w.staffSomeone : person.role === "citizen" ? w.citizenSomeone : w.someone;
}

// -- Languages -------------------------------------------------------------------------------------------------------

/** The languages that social services book interpreters for most, and the sign language: BCP 47. */
export const LANGUAGES = ["ar", "bs", "prs", "en", "fi", "fr", "ku", "fa", "ps", "pl", "rom", "ru", "so", "es", "swl", "th", "ti", "tr", "uk", "vi"] as const;

/** A language's name in the language of the pages. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: "language" }).of(tag) ?? tag;
  } catch {
    // What another device says is no tag.
    return tag;
  }
}

// -- Dates and times -------------------------------------------------------------------------------------------------

function locale(): string {
  return current === "sv" ? "sv-SE" : "en-GB";
}

function dayStart(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

export function clockTime(ms: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(ms);
}

/** "Idag", "Igår", "fredag 20 november", with the year when it is another. */
export function dayName(ms: number, nowMs: number): string {
  const daysAgo = Math.round((dayStart(nowMs) - dayStart(ms)) / DAY_MS);
  if (daysAgo === 0) return words().today;
  if (daysAgo === 1) return words().yesterday;
  const isThisYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  const text = new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long", ...(isThisYear ? {} : { year: "numeric" }) }).format(ms);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** In a list: the time when it is today, else the day. */
export function shortWhen(ms: number, nowMs: number): string {
  if (dayStart(ms) === dayStart(nowMs)) return clockTime(ms);
  if (dayStart(nowMs) - dayStart(ms) === DAY_MS) return words().yesterday;
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short" }).format(ms);
}

/** In the record: everything. */
export function fullWhen(ms: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" }).format(ms);
}

export function machineWhen(ms: number): string {
  return new Date(ms).toISOString();
}

/** How long something has waited. */
export function span(ms: number): string {
  const w = words();
  if (ms < HOUR_MS) return w.minutes(Math.max(1, Math.floor(ms / MINUTE_MS)));
  if (ms < 2 * DAY_MS) return w.hours(Math.floor(ms / HOUR_MS));
  return w.days(Math.floor(ms / DAY_MS));
}
