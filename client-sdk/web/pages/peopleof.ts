// peopleof -- who is in a conversation, and who has been: read out of its entries. Decides nothing.
import type { CapacityName } from "../protocol/tables.ts";
import type { ItemView, PersonView, RoomView } from "../sdk/view.ts";

export interface Participant {
  person: PersonView;
  isIn: boolean;
  since: number;
  /** When they went; 0 while they are in. */
  left: number;
  /** Level of assurance of their newest login that the room shows; 0: none yet. */
  level: number;
  capacity?: CapacityName;
  hasCode: boolean;
  /** When the access ends by itself; 0: it does not. */
  ends: number;
  /** The first entry that a device of theirs was handed the key of; 0: all of them. undefined: they have opened nothing yet. */
  readsFrom?: number;
}

type Rows = Map<string, Participant>;

function rowOf(rows: Rows, person: PersonView): Participant {
  const row = rows.get(person.person) ?? { person, isIn: false, since: 0, left: 0, level: 0, hasCode: false, ends: 0 };
  rows.set(person.person, row);
  return row;
}

function come(row: Participant, at: number): void {
  if (!row.isIn) row.since = at;
  row.isIn = true;
  row.left = 0;
}

function take(rows: Rows, { what, author, level, receivedAt }: ItemView): void {
  if (author.role !== "keeper") rowOf(rows, author).level = level;
  switch (what.kind) {
    case "added":
      return come(rowOf(rows, what.person), receivedAt);
    case "removed":
      if (what.device === undefined) Object.assign(rowOf(rows, what.person), { isIn: false, left: receivedAt });
      return;
    case "access":
      if (what.isGiven) Object.assign(rowOf(rows, what.person), { capacity: what.capacity, hasCode: what.hasCode, ends: what.until });
      return;
    case "granted":
      if (what.person !== undefined) rowOf(rows, what.person).readsFrom = Math.min(rowOf(rows, what.person).readsFrom ?? Infinity, what.fromSeq);
      return;
    case "profile": case "device":
      if (what.level > 0) rowOf(rows, what.person).level = what.level;
  }
}

/** An employee has begun it, and nobody is let in yet. */
export function lacksParty({ items, members, caseRooms }: RoomView): boolean {
  return caseRooms === undefined && items[0]?.author.role === "staff" && members.every(({ role }) => role !== "citizen");
}

/** An employee has begun it, and whom it is about is not in it. */
export function mayHaveParty({ items, members }: RoomView): boolean {
  return items[0]?.author.role === "staff" && members.every(({ capacity }) => capacity !== "PARTY");
}

/** Those who are in it first; each by when they came. The board's keeper is not a person. */
export function peopleOf(view: RoomView): Participant[] {
  const rows: Rows = new Map();
  const [first] = view.items;
  if (first !== undefined && first.author.role !== "keeper") come(rowOf(rows, first.author), first.receivedAt);
  for (const item of view.items) take(rows, item);
  for (const member of view.members) {
    // What is known of somebody now, such as the name, and whether they are in, is the room's word.
    const row = rowOf(rows, member);
    row.person = member;
    row.isIn = true;
  }
  const members = new Set(view.members.map(({ person }) => person));
  for (const row of rows.values()) row.isIn = members.has(row.person.person);
  return [...rows.values()].filter(({ person, since }) => person.role !== "keeper" && since > 0)
    .sort((a, b) => Number(b.isIn) - Number(a.isIn) || a.since - b.since);
}
