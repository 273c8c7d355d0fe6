// reader -- who else has read a conversation, or could: from its grants and read marks. When somebody was here is told of the
// municipality's own people, who answer for it. A citizen is told of another that they have read, and not when.
import { html, nothing, type TemplateResult } from "lit";
import type { ItemView, PersonView, Role, RoomView } from "../sdk/view.ts";
import { journalWords } from "./words/journal.ts";
import { capacityWords, clockTime, fullDay, fullWhen, listOf, machineWhen, personName, words } from "./words/words.ts";

/** Marks that are nearer to each other are of one visit. */
const VISIT_MS = 60 * 60_000;
/** Days that are told of at once; those before are there at a press. */
const DAYS = 3;

/** From the first mark of a visit to its last, ms since 1970. */
type Visit = [from: number, to: number];

export interface Reader {
  /** Undefined: somebody holds a key, and who cannot be told. */
  person: PersonView | undefined;
  /** Theirs alone: the person's, or the device's of somebody who cannot be told. */
  key: string;
  /** When a device of theirs was first handed a key, if that is for the viewer to see. */
  keyAt?: number;
  /** How far they have read; 0: they have not. */
  upTo: number;
  /** Employees: each time that they have opened it, in order. */
  visits: Visit[];
}

/** Whom it shows to have been at a device: who has read, logged in, been handed a key, or logged out. */
function presentOf({ what, author }: ItemView): PersonView | undefined {
  switch (what.kind) {
    case "read": return author;
    case "device": case "granted": return what.person;
    case "removed": return what.device === undefined ? undefined : what.person;
    default: return undefined;
  }
}

/** It tells that somebody else who is a citizen too was here: when is not for this one to see. */
export function isTimeless(item: ItemView, viewer: Role | undefined): boolean {
  const present = viewer === "citizen" ? presentOf(item) : undefined;
  return present !== undefined && present.role === "citizen" && !present.isMe;
}

/** As what they are here: an employee with their unit and the board, where that is said; anybody else as what they were let in. */
export function postOf(person: PersonView, board = ""): string {
  const w = words();
  if (person.role !== "staff") return person.capacity === undefined ? w.roles[person.role] : capacityWords(person.capacity);
  return [person.title || w.roles.staff, person.unit, board].filter((part) => part !== "").join(", ");
}

/** Undefined: who it is cannot be told. */
export function readerName(person: PersonView | undefined): string {
  return person === undefined ? words().unknownPerson : personName(person);
}

export function readerPost(person: PersonView | undefined, board: string): string {
  return person === undefined ? "" : postOf(person, board);
}

function take(reader: Reader, { what, author, receivedAt }: ItemView): void {
  if (what.kind !== "read") return;
  reader.upTo = Math.max(reader.upTo, what.upTo);
  if (author.role !== "staff") return;
  const last = reader.visits.at(-1);
  if (last === undefined || receivedAt - last[1] > VISIT_MS) reader.visits.push([receivedAt, receivedAt]);
  else last[1] = receivedAt;
}

/** Everybody else who could read, or has: in the order in which they came. The board's keeper always can, and the pages say so. */
export function readersOf(view: RoomView, viewer: Role | undefined): Reader[] {
  const readers = new Map<string, Reader>();
  const of = (key: string, person: PersonView | undefined) => {
    const reader = readers.get(key) ?? { person, key, upTo: 0, visits: [] };
    // What is known of somebody now.
    reader.person = person;
    readers.set(key, reader);
    return reader;
  };
  for (const item of view.items) {
    const { what, author, receivedAt } = item;
    if (what.kind === "granted") {
      const reader = of(what.person?.person ?? what.device, what.person);
      if (!isTimeless(item, viewer)) reader.keyAt ??= receivedAt;
    }
    if (what.kind === "read") take(of(author.person, author), item);
  }
  return [...readers.values()].filter(({ person }) => person === undefined || (!person.isMe && person.role !== "keeper"));
}

/** The first mark of each of the others that reaches this entry. */
export function openedBy(view: RoomView, item: ItemView): ItemView[] {
  const opened = new Map<string, ItemView>();
  for (const mark of view.items) {
    const { what, author } = mark;
    if (what.kind === "read" && what.upTo >= item.seq && author.person !== item.author.person && !opened.has(author.person)) opened.set(author.person, mark);
  }
  return [...opened.values()];
}

/** How sure it is that whoever wrote it is who they say. */
export function levelWords({ author, level }: ItemView): string {
  const w = words();
  if (author.role === "keeper") return w.about.levelBoard;
  return level === 0 ? w.advice.level : w.about.levels[level] ?? w.level(level);
}

// -- Shown -----------------------------------------------------------------------------------------------------------

function visitWords([from, to]: Visit): string {
  return clockTime(from) === clockTime(to) ? clockTime(from) : `${clockTime(from)}–${clockTime(to)}`;
}

function days(visits: readonly (readonly Visit[])[]): TemplateResult {
  return html`<ul class="small">${visits.map((day) => html`<li><time datetime=${machineWhen(day[0]?.[0] ?? 0)}>${fullDay(day[0]?.[0] ?? 0)}</time>: ${listOf(day.map(visitWords))}</li>`)}</ul>`;
}

/** When they have opened it, the newest day first. */
function visitsOf({ visits }: Reader): TemplateResult | typeof nothing {
  if (visits.length === 0) return nothing;
  const w = words();
  const byDay = [...Map.groupBy(visits, ([from]) => fullDay(from)).values()].reverse();
  return html`<div><span>${w.readersOpened}</span>${days(byDay.slice(0, DAYS))}
    ${byDay.length <= DAYS ? nothing : html`<details><summary>${journalWords().earlier}</summary>${days(byDay.slice(DAYS))}</details>`}</div>`;
}

/** What one of them has read of a conversation. */
export function readerParts(reader: Reader): TemplateResult {
  const w = words();
  const { keyAt, upTo } = reader;
  // Whoever has come no further than a room's first entry has opened it, and read nothing.
  return html`${visitsOf(reader)}<span>${upTo <= 1 ? journalWords().notRead : journalWords().readTo(upTo)}</span>
    ${keyAt === undefined ? nothing : html`<span class="small">${journalWords().couldReadFrom(fullWhen(keyAt))}</span>`}`;
}
