// staffcase -- what only employees do and read of a case: its staff room, which conversations are of it, and the showing of a note
// that stands there to a party. A citizen's first load has no use for it.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutDecode, layoutEncode } from "../protocol/layout.ts";
import {
  layoutBodyCaseRoom, layoutBodyCaseRoomOut, layoutBodyRelease, layoutBodyReleased, type WireBodyCaseRoom, type WireBodyCaseRoomOut, type WireBodyRelease,
  type WireBodyReleased, type WireContent,
} from "../protocol/layouts.ts";
import { suiteRandom } from "../protocol/suite.ts";
import { ID_BYTES, KINDS, LIMITS, ROLES, ROOM_TYPES } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import { contentOf, textCheck, type Draft, type Saying } from "./outbox.ts";
import type { Content, LogItem, Room } from "./roomcopy.ts";
import { personView, releaseWhat } from "./tell.ts";
import type { ItemWhat, ReleaseSaid, RoomSummary } from "./view.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

// -- Which conversations are of the case -----------------------------------------------------------------------------

/** The newest word on each conversation, in the order in which they came to the case. */
const cases = new WeakMap<Room, Map<string, { seq: number; isIn: boolean }>>();

function casesOf(room: Room): Map<string, { seq: number; isIn: boolean }> {
  const known = cases.get(room) ?? new Map();
  cases.set(room, known);
  return known;
}

function caseRoomsOf(room: Room): string[] {
  return [...casesOf(room)].filter(([, { isIn }]) => isIn).map(([hex]) => hex);
}

/** An older word that can only be read now changes nothing. */
function caseLearn(room: Room, seq: number, hex: string, isIn: boolean): void {
  const known = casesOf(room);
  if ((known.get(hex)?.seq ?? 0) <= seq) known.set(hex, { seq, isIn });
}

/** The keeper's word counts; and to whoever has asked for a conversation, it is of the case until the keeper says otherwise. */
export function staffLearn(enrum: Enrum, room: Room, { seq, author }: LogItem, { kind, body }: Content): void {
  const isKeeper = author.body.role === ROLES.KEEPER;
  const me = enrum.me?.certificate.body.person;
  if (kind === "CASE_ROOM" && (isKeeper || (me !== undefined && bytesEqual(author.body.person, me)))) caseLearn(room, seq, bytesHex((body as WireBodyCaseRoom).room), true);
  else if (kind === "CASE_ROOM_OUT" && isKeeper) caseLearn(room, seq, bytesHex((body as WireBodyCaseRoomOut).room), false);
  else if (kind === "RELEASE") releaseLearn(enrum, room);
}

/** A staff room that this device has just opened. */
export function staffRoomBorn(room: Room, { kind, body }: WireContent): void {
  if (kind === KINDS.CASE_ROOM.number) caseLearn(room, 0, bytesHex(layoutDecode(layoutBodyCaseRoom, body).room), true);
}

export function caseSummary(room: Room): Pick<RoomSummary, "caseRooms"> {
  return room.type === ROOM_TYPES.STAFF ? { caseRooms: caseRoomsOf(room) } : {};
}

/** Of this employee's. Throws MAY_NOT, ROOM_UNKNOWN. */
function conversationOf(enrum: Enrum, hex: string): Room {
  const room = enrum.known(hex);
  if (enrum.role !== "staff" || room.type === ROOM_TYPES.STAFF || room.openerRole === ROLES.KEEPER || room.isAdvice) throw new EnrumError("MAY_NOT");
  // The case's record names it for good: not before the host has it, and not by who is out of it.
  if (room.isUnborn || room.isDenied) throw new EnrumError("ROOM_UNKNOWN");
  return room;
}

function partyOf({ fold }: Room): Bytes {
  return [...fold.members.values()].find((member) => member.role === ROLES.CITIZEN)?.person ?? new Uint8Array(ID_BYTES);
}

/** That the case has this conversation. */
export function caseRoomContent(party: Room, role: number): WireContent {
  return contentOf("CASE_ROOM", role, "", layoutEncode(layoutBodyCaseRoom, { room: party.id, person: partyOf(party) }, LIMITS.CONTENT_BYTES_MAX));
}

function saying(content: WireContent): Saying {
  return { class: "RECORD", open: { cause: NO_BYTES, blobs: NO_BYTES }, content };
}

/** The new room's id. Throws as conversationOf, and as Outbox.putStaffRoom. */
export async function staffRoomOpen(enrum: Enrum, id: string, hex: string): Promise<string> {
  const party = conversationOf(enrum, hex);
  return enrum.outbox.roomOf(id) ?? (await enrum.outbox.putStaffRoom(id, enrum.titleOf(party), caseRoomContent(party, enrum.roleNumber))).hex;
}

/** Throws as conversationOf, OVERSIZED (CASE_ROOMS_MAX), and as Outbox.put. */
export async function caseAdd(enrum: Enrum, id: string, staffRoom: string, hex: string): Promise<void> {
  const party = conversationOf(enrum, hex);
  if (caseRoomsOf(enrum.known(staffRoom)).length >= LIMITS.CASE_ROOMS_MAX) throw new EnrumError("OVERSIZED");
  await enrum.outbox.put(id, enrum.writable(staffRoom), saying(caseRoomContent(party, enrum.roleNumber)), "");
}

/** Throws MAY_NOT where the keeper would say no (this employee is in none of those that are left), ROOM_UNKNOWN (it is not of the case), and as Outbox.put. */
export async function caseTakeOut(enrum: Enrum, id: string, staffRoom: string, hex: string, why: string): Promise<void> {
  const room = enrum.writable(staffRoom);
  const all = caseRoomsOf(room);
  if (!all.includes(hex)) throw new EnrumError("ROOM_UNKNOWN");
  if (!all.some((one) => one !== hex && enrum.rooms.get(one)?.isDenied === false)) throw new EnrumError("MAY_NOT");
  const body = layoutEncode(layoutBodyCaseRoomOut, { room: enrum.known(hex).id, by: enrum.certified.certificate.body.person, text: why }, LIMITS.CONTENT_BYTES_MAX);
  await enrum.outbox.put(id, room, saying(contentOf("CASE_ROOM_OUT", enrum.roleNumber, "", body)), "");
}

// -- Showing a note --------------------------------------------------------------------------------------------------

/** The draft of the staff room's record, by that of what is shown. */
function recordId(id: string): string {
  return `${id} record`;
}

/** `record` is sent first; what is shown goes when the host has it. Throws as Outbox.put. */
async function showPut(enrum: Enrum, id: string, party: Room, shown: Bytes, language: string, record?: { room: Room; said: Saying }): Promise<void> {
  const { text } = layoutDecode(layoutBodyRelease, shown);
  const said = saying(contentOf("RELEASE", enrum.roleNumber, language, shown));
  // What cannot be sealed is not announced.
  await enrum.outbox.seal(party, said, 1, enrum.clock.wallMs());
  if (record !== undefined) await enrum.outbox.put(recordId(id), record.room, record.said, "");
  await enrum.outbox.put(id, party, said, text, record === undefined ? undefined : recordId(id));
}

/** Where something may be shown. Throws as conversationOf, and MAY_NOT (not a conversation of the case, or nobody is in it). */
function partyRoomOf(enrum: Enrum, room: Room, hex: string): Room {
  const party = conversationOf(enrum, enrum.writable(hex).hex);
  if (!caseRoomsOf(room).includes(hex) || [...party.fold.members.values()].every(({ role }) => role !== ROLES.CITIZEN)) throw new EnrumError("MAY_NOT");
  return party;
}

/** Throws as partyRoomOf, MALFORMED (no such entry, no text), OVERSIZED, and as Outbox.put. */
export async function releasePut(enrum: Enrum, id: string, staffRoom: string, seq: number, hex: string, said: ReleaseSaid): Promise<void> {
  if (enrum.outbox.has(id) || enrum.outbox.has(recordId(id))) return;
  const room = enrum.writable(staffRoom);
  const party = partyRoomOf(enrum, room, hex);
  const source = room.items.find((item) => item.seq === seq);
  if (source?.content === undefined) throw new EnrumError("MALFORMED", `no entry ${seq}`);
  textCheck(said.text);
  const shown = layoutEncode(layoutBodyRelease, {
    text: said.text, masked: said.isMasked ? 1 : 0, ground: said.isMasked ? said.ground : "", noted_at: source.content.eventTime || source.receivedAt, noted_by: said.notedBy,
    reply_seq: said.replySeq, mark: suiteRandom(ID_BYTES),
  }, LIMITS.CONTENT_BYTES_MAX);
  const body = layoutEncode(layoutBodyReleased, { seq, hash: source.hash, room: party.id, person: partyOf(party), shown }, LIMITS.CONTENT_BYTES_MAX);
  await showPut(enrum, id, party, shown, source.content.language, { room, said: saying(contentOf("RELEASED", enrum.roleNumber, source.content.language, body)) });
}

/** What the record at this number says, once more: whoever began it may never have had the second part sent. Throws as releasePut. */
export async function releaseAgain(enrum: Enrum, id: string, staffRoom: string, seq: number): Promise<void> {
  if (enrum.outbox.has(id)) return;
  const own = enrum.writable(staffRoom);
  const content = own.items.find((item) => item.seq === seq)?.content;
  if (content?.kind !== "RELEASED") throw new EnrumError("MALFORMED", `no release ${seq}`);
  const { room, shown } = content.body as WireBodyReleased;
  if (shownIn(enrum, room, shown) !== undefined) return;
  await showPut(enrum, id, partyRoomOf(enrum, own, bytesHex(room)), shown.slice(), content.language);
}

/** The entry of the party's room that has these bytes, where this device can read it. */
function shownIn(enrum: Enrum, id: Bytes, shown: Bytes): LogItem | undefined {
  const room = enrum.rooms.get(bytesHex(id));
  return room?.items.find(({ seq, content }) => content?.kind === "RELEASE" && !room.refusals.has(seq) && bytesEqual(layoutEncode(layoutBodyRelease, content.body as WireBodyRelease), shown));
}

/** What has been shown there is told in the case's staff rooms, too. */
function releaseLearn(enrum: Enrum, party: Room): void {
  for (const room of enrum.rooms.values()) {
    for (const { seq, content } of room.items) {
      if (content?.kind === "RELEASED" && bytesEqual((content.body as WireBodyReleased).room, party.id)) enrum.itemChanged(room, seq);
    }
  }
}

/** Whether the conversation has been taken out of the case of the staff room that has the draft's record. */
function isTakenOut({ outbox, rooms }: Enrum, room: Room, { row }: Draft): boolean {
  const own = rooms.get(outbox.roomOf(row.after ?? "") ?? "");
  return own !== undefined && casesOf(own).get(room.hex)?.isIn === false;
}

/** Those whose record the host has are numbered, and sent; of a conversation that is not of the case any more they are given back. */
export async function releasesStep(enrum: Enrum): Promise<void> {
  const { outbox } = enrum;
  for (const draft of outbox.drafts.filter(({ row }) => row.after !== undefined && row.deviceSeq === 0 && row.error === undefined)) {
    const room = enrum.roomMake(draft.row.room);
    const mayNot = room.trouble !== undefined || room.stall !== undefined || outbox.drafts.some(({ row }) => row.id === draft.row.after);
    // Its key may be on its way: a generation has begun since.
    if (!mayNot && isTakenOut(enrum, room, draft)) outbox.giveBack(room, draft, "MAY_NOT");
    else if (!mayNot && room.keyring.find(room.fold.generationCount) !== undefined) await outbox.number(room, draft);
  }
}

// -- Telling ---------------------------------------------------------------------------------------------------------

/** Undefined: whoever wrote the record has put something else there. */
function releaseOf(shown: Bytes): WireBodyRelease | undefined {
  try {
    return layoutDecode(layoutBodyRelease, shown);
  } catch (error) {
    if (!(error instanceof EnrumError)) throw error;
    return undefined;
  }
}

function releasedWhat(enrum: Enrum, { fold }: Room, { seq, hash, room, person, shown }: WireBodyReleased): ItemWhat | undefined {
  const release = releaseOf(shown);
  if (release === undefined) return undefined;
  const party = enrum.rooms.get(bytesHex(room));
  const source = fold.hashAt(seq);
  const there = shownIn(enrum, room, shown);
  const { text, ...said } = releaseWhat(release);
  return {
    ...said, kind: "released", aboutSeq: source !== undefined && bytesEqual(source, hash) ? seq : 0, room: bytesHex(room), person: personView(enrum, person, ROLES.CITIZEN),
    title: party === undefined ? "" : enrum.titleOf(party), shown: text, ...(there === undefined ? {} : { shownSeq: there.seq, shownAt: there.receivedAt }),
  };
}

/** Undefined for what is not only employees', and for what has not its form. */
export function staffWhat(enrum: Enrum, room: Room, { kind, body }: Content): ItemWhat | undefined {
  switch (kind) {
    case "CASE_ROOM": case "CASE_ROOM_OUT": {
      const named = enrum.rooms.get(bytesHex((body as WireBodyCaseRoom | WireBodyCaseRoomOut).room));
      const why = kind === "CASE_ROOM" ? "" : (body as WireBodyCaseRoomOut).text;
      return { kind: kind === "CASE_ROOM" ? "caseRoom" : "caseRoomOut", title: named === undefined ? "" : enrum.titleOf(named), why };
    }
    case "RELEASED":
      return releasedWhat(enrum, room, body as WireBodyReleased);
    default:
      return undefined;
  }
}
