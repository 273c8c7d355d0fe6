// reader -- who else has read a conversation, or could: from its grants and read marks.
import type { PersonView, RoomView } from "../sdk/view.ts";
import { personName, words } from "./words/words.ts";

export interface Reader {
  /** Undefined: somebody holds a key, and who cannot be told. */
  person: PersonView | undefined;
  /** When a device of theirs was first handed a key. */
  keyAt?: number;
  /** Their newest read mark. */
  read?: { at: number; upTo: number };
}

/** Name, and what they are at the municipality, as far as it is known. */
export function readerWords({ person }: Reader): { name: string; post: string[] } {
  const w = words();
  if (person === undefined) return { name: w.unknownPerson, post: [] };
  return { name: personName(person), post: [person.title || w.roles[person.role], person.unit] };
}

/** Everybody else who could read, or has: in the order in which they came. The board's keeper always can, and the pages say so. */
export function readersOf(view: RoomView): Reader[] {
  const readers = new Map<string, Reader>();
  const of = (person: PersonView) => {
    const found = readers.get(person.person) ?? { person };
    readers.set(person.person, found);
    return found;
  };
  for (const { what, author, receivedAt } of view.items) {
    if (what.kind === "granted" && what.person !== undefined) of(what.person).keyAt ??= receivedAt;
    if (what.kind === "granted" && what.person === undefined && !readers.has(what.device)) readers.set(what.device, { person: undefined, keyAt: receivedAt });
    if (what.kind === "read") of(author).read = { at: receivedAt, upTo: what.upTo };
  }
  return [...readers.values()].filter(({ person }) => person === undefined || (!person.isMe && person.role !== "keeper"));
}
