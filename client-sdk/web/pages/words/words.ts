// words -- which language the pages speak, and what depends on it: sentences for errors, dates, times, lists of names.
import { bring } from "../../link/bring.ts";
import { MENINGAR } from "../../protocol/meningar.ts";
import type { CapacityName, ErrorName } from "../../protocol/tables.ts";
import type { PersonView, Role } from "../../sdk/view.ts";
import { isolate as isolateIn, wordsIsolated } from "./isolate.ts";
import { LANGUAGE_NAMES, LANGUAGES, languageRow, languageServing, STAFF_LANGUAGES, type Language } from "./languages.ts";
import { sv, type Words } from "./sv.ts";
import { wordsComplete, type Review } from "./translation.ts";

const KEPT = "enrum language";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A later one is no time to JavaScript, and nothing that shows it would be drawn: whoever writes an entry may say any. */
const TIME_MAX_MS = 8.64e15;

let current: Language = "sv";
let currentWords: Words = sv;
let currentReview: Review = "reviewed";
/** Of the errors that the language's own words do not tell. */
let sentences: Record<ErrorName, string> = MENINGAR;
let choices: readonly Language[] = LANGUAGE_NAMES;
/** Of the current language. */
let isKnown: boolean | undefined;
const formats = new Map<string, Intl.DateTimeFormat>();
/** Chosen last; it may be on its way still. */
let wanted: Language = current;
const listeners = new Set<() => void>();

/** The language of the page's text: BCP 47. */
export function language(): string {
  return languageRow(current).tag;
}

/** Which of the choices is on the page. */
export function languageChosen(): Language {
  return current;
}

/** Those that this page can be read in. */
export function languageChoices(): readonly Language[] {
  return choices;
}

/** Has nobody whose language it is read what stands here? */
export function isUnreviewed(): boolean {
  return currentReview === "unreviewed";
}

async function speak(chosen: Language): Promise<void> {
  wanted = chosen;
  const { tag, direction, load } = languageRow(chosen);
  const [{ review, words: loaded }, told] = await Promise.all([
    bring(load), tag === "sv" ? MENINGAR : bring(() => import("../../protocol/sentences.ts")).then(({ SENTENCES }) => SENTENCES),
  ]);
  // Another one was chosen meanwhile.
  if (wanted !== chosen) return;
  current = chosen;
  sentences = told;
  currentReview = review;
  isKnown = undefined;
  formats.clear();
  currentWords = wordsIsolated(wordsComplete(sv, loaded), direction);
  document.documentElement.lang = tag;
  document.documentElement.dir = direction;
  for (const listener of listeners) listener();
}

/** In this tab, or on this device. Nothing where the browser refuses this page its storage. */
function keptLanguage(): string | null {
  try {
    return sessionStorage.getItem(KEPT) ?? localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** For this tab, which a login leads away from and back to, unless one was chosen here before. */
export function languageOffer(given: string): void {
  try {
    if (keptLanguage() === null) sessionStorage.setItem(KEPT, given);
  } catch {
    // Refused: the page tells so.
  }
}

/** Before anything is drawn: the language that was chosen here last, else `offered`, else the browser's. One that does not come leaves Swedish. */
export async function languageBegin(role: Role, offered = ""): Promise<void> {
  if (role === "staff") choices = STAFF_LANGUAGES;
  const kept = keptLanguage();
  const first = choices.find((one) => one === kept) ?? choices.find((one) => one === offered) ?? languageServing(navigator.languages, choices);
  await speak(first).catch(() => speak("sv"));
}

/** Rejects when its words cannot be loaded; the page stays as it was. On a borrowed device the choice lasts as long as the visit. */
export async function languageSet(chosen: Language, isBorrowed: boolean): Promise<void> {
  await speak(chosen);
  sessionStorage.setItem(KEPT, chosen);
  if (!isBorrowed) localStorage.setItem(KEPT, chosen);
}

/** The device turns out to be a borrowed one: what was chosen in this tab is not the next one's. */
export function languageBorrow(): void {
  if (sessionStorage.getItem(KEPT) !== null) localStorage.removeItem(KEPT);
}

/** Whoever chose in this tab has left it. */
export function languageForget(): void {
  sessionStorage.removeItem(KEPT);
}

/** Called after each change. Returns what ends it. */
export function languageSubscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function words(): Words {
  return currentWords;
}

/** For what people have written, where it stands in a sentence of the page. */
export function isolate(text: string): string {
  return isolateIn(text, languageRow(current).direction);
}

/** What an error means for the person at the screen. */
export function errorWords(error: ErrorName): string {
  return words().errors[error] ?? words().alarms[error] ?? sentences[error];
}

export function personName(person: PersonView): string {
  const w = words();
  if (person.isMe) return w.you;
  if (person.role === "keeper") return w.board;
  if (person.name !== "") return person.name;
  return person.role === "staff" ? w.staffSomeone : person.role === "citizen" ? w.citizenSomeone : w.someone;
}

export function capacityWords(capacity: CapacityName): string {
  return words().people.capacities[capacity];
}

/** "Test Testsson (ombud)": for those who read along. */
export function personAs(person: PersonView): string {
  const w = words();
  const as = person.capacity === undefined ? w.roles[person.role].toLowerCase() : capacityWords(person.capacity);
  return `${personName(person)} (${as})`;
}

// -- Languages -------------------------------------------------------------------------------------------------------

/** The languages that social services book interpreters for most, and the sign language: BCP 47. */
export const INTERPRETED = ["ar", "bs", "prs", "en", "fi", "fr", "ku", "fa", "ps", "pl", "rom", "ru", "so", "es", "swl", "th", "ti", "tr", "uk", "vi"] as const;

/** A language's name in the language of the pages; where the browser does not know that one, as its own speakers write it. */
export function languageName(tag: string): string {
  const own = LANGUAGE_NAMES.find((one) => one === tag);
  if (!isLocaleKnown() && own !== undefined) return LANGUAGES[own].name;
  try {
    return new Intl.DisplayNames(locale(), { type: "language" }).of(tag) ?? tag;
  } catch {
    // What another device says is no tag.
    return tag;
  }
}

// -- Lists ------------------------------------------------------------------------------------------------------------

/** "Anna, Bo och Cilla". */
export function listOf(names: readonly string[]): string {
  const parts = names.map(isolate);
  return isLocaleKnown() ? new Intl.ListFormat(locale(), { type: "conjunction" }).format(parts) : parts.join(", ");
}

/** "2,3 MB", as file lists say it. */
export function sizeWords(bytes: number): string {
  const [unit, size] = bytes < 1_000 ? ["byte", bytes] : bytes < 1_000_000 ? ["kilobyte", bytes / 1_000] : ["megabyte", bytes / 1_000_000];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: size < 10 ? 1 : 0, numberingSystem: "latn" }).format(size);
}

// -- Dates and times -------------------------------------------------------------------------------------------------

/** Not every browser has the months of every language: there a date is written in digits, as Swedish authorities do. */
function isLocaleKnown(): boolean {
  return isKnown ??= Intl.DateTimeFormat.supportedLocalesOf(languageRow(current).locale).length > 0;
}

function locale(): string {
  return isLocaleKnown() ? languageRow(current).locale : "sv-SE";
}

/** Made once for each language: making one takes longer than drawing an entry. `name`: which it is. */
function formatOf(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const made = formats.get(name) ?? new Intl.DateTimeFormat(locale(), options);
  formats.set(name, made);
  return made;
}

function dateFormat(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return formatOf(name, isLocaleKnown() ? options : { dateStyle: "short", ...(options.timeStyle === undefined ? {} : { timeStyle: "short" }) });
}

function dayStart(ms: number): number {
  return new Date(Math.min(ms, TIME_MAX_MS)).setHours(0, 0, 0, 0);
}

export function clockTime(ms: number): string {
  return formatOf("clock", { hour: "2-digit", minute: "2-digit" }).format(Math.min(ms, TIME_MAX_MS));
}

/** "Idag", "Igår", "fredag 20 november", with the year when it is another. */
export function dayName(ms: number, nowMs: number): string {
  const daysAgo = Math.round((dayStart(nowMs) - dayStart(ms)) / DAY_MS);
  if (daysAgo === 0) return words().today;
  if (daysAgo === 1) return words().yesterday;
  const isThisYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  const text = dateFormat(`day ${isThisYear}`, { weekday: "long", day: "numeric", month: "long", ...(isThisYear ? {} : { year: "numeric" }) }).format(Math.min(ms, TIME_MAX_MS));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** In a list: the time when it is today, else the day. */
export function shortWhen(ms: number, nowMs: number): string {
  if (dayStart(ms) === dayStart(nowMs)) return clockTime(ms);
  if (dayStart(nowMs) - dayStart(ms) === DAY_MS) return words().yesterday;
  return dateFormat("short", { day: "numeric", month: "short" }).format(Math.min(ms, TIME_MAX_MS));
}

/** A date without a time of day. */
export function dateName(ms: number): string {
  return dateFormat("date", { dateStyle: "long" }).format(Math.min(ms, TIME_MAX_MS));
}

/** In the record: everything. */
export function fullWhen(ms: number): string {
  return dateFormat("full", { dateStyle: "long", timeStyle: "short" }).format(Math.min(ms, TIME_MAX_MS));
}

/** A last day, whatever its last moment: a day of the board's calendar (sdk/clocks.ts), wherever the reader is. */
export function fullDay(ms: number): string {
  return formatOf("last day", { dateStyle: isLocaleKnown() ? "long" : "short", timeZone: "Europe/Stockholm" }).format(Math.min(ms, TIME_MAX_MS));
}

export function machineWhen(ms: number): string {
  return new Date(Math.min(ms, TIME_MAX_MS)).toISOString();
}

/** "4:05", of minutes and seconds. */
export function clockSpan(ms: number): string {
  return `${Math.floor(ms / MINUTE_MS)}:${String(Math.floor(ms / 1_000) % 60).padStart(2, "0")}`;
}

/** How long something has waited. */
export function span(ms: number): string {
  const w = words();
  if (ms < HOUR_MS) return w.minutes(Math.max(1, Math.floor(ms / MINUTE_MS)));
  if (ms < 2 * DAY_MS) return w.hours(Math.floor(ms / HOUR_MS));
  return w.days(Math.floor(ms / DAY_MS));
}
