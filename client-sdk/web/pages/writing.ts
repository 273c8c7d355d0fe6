// writing -- what is being written or chosen and is not sent. Texts outlive a look at another page, and a reload: the engine keeps
// them sealed, for this tab, until they are sent or somebody logs out. Chosen files are in memory only.
import type { EnrumClient, ItemWhat } from "../sdk/view.ts";
import type { Chosen } from "./chosen.ts";

const KEEP_AFTER_MS = 400;
/** Held by each tab as long as it is there: what the others have written is theirs. */
const LOCK = "enrum writing ";
const TAB = crypto.randomUUID();

export let client: EnrumClient | undefined;
const texts = new Map<string, string>();
const files = new Map<string, Chosen>();
/** Changed, and not kept yet. */
const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** Places that the engine has a text of. */
const kept = new Set<string>();
/** Places where it has been asked what an earlier visit left. */
const asked = new Set<string>();
/** What is being recorded, or listened to, and is neither sent nor discarded. */
const recordings = new Set<object>();

// -- Texts ------------------------------------------------------------------------------------------------------------

export function written(place: string): string {
  return texts.get(place) ?? "";
}

/** What a caseworker writes for this conversation's journal, wherever they began it. */
export function journalPlace(room: string): string {
  return `journal ${room}`;
}

/** The other fields of the form that they write it in. */
export function journalFieldsPlace(room: string): string {
  return `journal fields ${room}`;
}

/** What is asked on its case's page. */
export function askingPlace(room: string): string {
  return `asking ${room}`;
}

/** What is written about one entry, as what kind. */
export function aboutPlace(kind: ItemWhat["kind"], room: string, seq: number): string {
  return `${kind} ${room} ${seq}`;
}

/** The places of this conversation in which words are being written. */
export function writtenOf(room: string): string[] {
  return [...texts].flatMap(([place, text]) => place.includes(room) && place !== journalFieldsPlace(room) && text.trim() !== "" ? [place] : []);
}

function keep(place: string): void {
  clearTimeout(timers.get(place));
  timers.delete(place);
  const text = written(place);
  if (text === "" && !kept.has(place)) return;
  if (text === "") kept.delete(place);
  else kept.add(place);
  // A store that is full keeps no drafts; what is sent it says itself.
  void client?.writingKeep(place, TAB, text).catch(() => undefined);
}

export function writtenSet(place: string, text: string): void {
  if (text === "") texts.delete(place);
  else texts.set(place, text);
  if (text === "") return keep(place);
  clearTimeout(timers.get(place));
  timers.set(place, setTimeout(() => keep(place), KEEP_AFTER_MS));
}

/** One above the other. */
export function joined(...parts: string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}

/** Stands before what is there. */
export function writtenAdd(place: string, text: string): void {
  writtenSet(place, joined(text, written(place)));
}

/** What an earlier visit has left in this place stands before what is there. */
export async function writtenTake(place: string): Promise<void> {
  if (client === undefined || asked.has(place)) return;
  asked.add(place);
  const { held = [] } = await navigator.locks.query();
  const tabs = held.flatMap(({ name = "" }) => name.startsWith(LOCK) ? [name.slice(LOCK.length)] : []);
  const text = await client.writingTake(place, TAB, tabs).catch(() => "");
  // Logged out meanwhile: it is nobody's here any more.
  if (text === "" || !asked.has(place)) return;
  kept.add(place);
  writtenAdd(place, text);
}

// -- Files ------------------------------------------------------------------------------------------------------------

/** A conversation that went on in another place, for what comes late. */
const moves = new Map<string, string>();

export function chosen(place: string): Chosen | undefined {
  return files.get(moves.get(place) ?? place);
}

export function chosenSet(place: string, value: Chosen): Chosen {
  files.set(moves.get(place) ?? place, value);
  return value;
}

/** A conversation goes on in another place, with what is written in any of its forms, and what earlier visits have left in them. */
export function writingMove(from: string, to: string): void {
  const take = (place: string) => {
    const there = place.replace(from, to);
    writtenSet(there, joined(written(there), written(place)));
    writtenSet(place, "");
  };
  const among = (places: Iterable<string>) => [...places].filter((place) => place.includes(from));
  among(texts.keys()).forEach(take);
  void client?.writingPlaces().then((places) => among(places).forEach((place) => void writtenTake(place).then(() => take(place)))).catch(() => undefined);
  const moved = files.get(from);
  files.delete(from);
  if (moved !== undefined && !moved.isEmpty) files.set(to, moved);
  moves.set(from, to);
}

export function recordingBegin(recorder: object): void {
  recordings.add(recorder);
}

export function recordingEnd(recorder: object): void {
  recordings.delete(recorder);
}

// -- Beginning and end ------------------------------------------------------------------------------------------------

/** In this tab nothing is being written any more. */
export function writtenForget(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  for (const one of [texts, files, timers, kept, asked, recordings]) one.clear();
}

export function writingBegin(of: EnrumClient): void {
  client = of;
  void navigator.locks.request(`${LOCK}${TAB}`, () => new Promise(() => undefined));
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const place of [...timers.keys()]) keep(place);
});

addEventListener("beforeunload", (event) => {
  const isUnkept = (place: string) => client?.session?.isShared === true || timers.has(place);
  const isText = [...texts].some(([place, text]) => text.trim() !== "" && isUnkept(place));
  if (isText || recordings.size > 0 || [...files.values()].some((one) => !one.isEmpty)) event.preventDefault();
});
