// line -- an entry that is no message, in plain words: for the conversation's quiet lines and for the record.
import type { ItemView, RoomView } from "../sdk/view.ts";
import { caseLine } from "./caseline.ts";
import { fileLine } from "./fileentry.ts";
import { findingWords } from "./finding.ts";
import { fullDay, fullWhen, isolate, listOf, personName, span, words } from "./words/words.ts";

export function groundWords(ground: string): string {
  return words().grounds[ground] ?? ground;
}

export function isSaying(item: ItemView): boolean {
  return "text" in item.what;
}

/** What it says, when it is about somebody's device. */
function deviceLine(what: Extract<ItemView["what"], { kind: "device" }>): string {
  const w = words();
  if (what.isThis) return w.lineDeviceThis(fullWhen(what.at));
  return what.person.isMe ? w.lineDeviceMine(fullWhen(what.at)) : w.lineDevice(personName(what.person));
}

/** Who was in a call, when and how long. */
function callLine({ began, ended, people }: Extract<ItemView["what"], { kind: "call" }>): string {
  const w = words();
  const names = people.map((person) => person.isInterpreter ? w.callInterpreterNamed(personName(person)) : personName(person));
  return w.lineCall(listOf(names), fullWhen(began), span(ended - began));
}

/** Of each room as it was told: asked for every entry that is drawn. */
const abouts = new WeakMap<RoomView, Map<number, ItemView[]>>();

/** The entries that are about this one, in order. */
export function aboutThis(view: RoomView, seq: number): ItemView[] {
  const known = abouts.get(view) ?? Map.groupBy(view.items.filter(({ what }) => what.kind === "objection" || what.kind === "correction"),
    ({ what }) => "aboutSeq" in what ? what.aboutSeq : 0);
  abouts.set(view, known);
  return known.get(seq) ?? [];
}

/** Where its case stands; empty when nobody has said. */
export function stageLine({ items, isAdvice }: RoomView): string {
  if (isAdvice) return "";
  const { strip, stages } = words().journey;
  const step = items.findLast(({ what, refused }) => what.kind === "step" && refused === undefined)?.what;
  return step?.kind === "step" ? strip(stages[step.stage]) : "";
}

/** Is this reader here to interpret? They say what others say, and have nothing of their own to ask or to object to. */
export function isInterpreting({ members }: RoomView): boolean {
  return members.some(({ isMe, capacity }) => isMe && capacity === "INTERPRETER");
}

export function caseTitle({ isOwn }: RoomView): string {
  const w = words();
  return isOwn ? w.journey.title : w.ofCase.other;
}

/** Of the member entry alone: what stands directly before it says more. */
function removedLine({ person, device, ground = "" }: Extract<ItemView["what"], { kind: "added" | "removed" }>): string {
  const w = words();
  const name = personName(person);
  const line = device === undefined ? w.lineRemoved(name) : w.people.lineDeviceOut(name);
  return ground === "" ? line : `${line} (${groundWords(ground)})`;
}

function withWhy(line: string, why: string): string {
  return why === "" ? line : `${line} ${words().people.why(isolate(why))}`;
}

/** Whom staff have let in, or out, and why. */
function accessLine({ isGiven, person, capacity, by, why }: Extract<ItemView["what"], { kind: "access" }>): string {
  const { people } = words();
  const [who, whom] = [personName(person), personName(by)];
  const given = capacity === "HANDLER" ? people.lineHandedOver(who, whom) : people.lineIn(who, people.capacities[capacity], whom);
  const ended = person.person === by.person ? people.lineLeft(who) : people.lineOut(who, whom);
  return withWhy(isGiven ? given : ended, why);
}

/** A note that was held: when and by whom it was made, since when it stands here, and whether it is whole. */
function releaseLine({ notedAt, notedBy, isMasked, ground }: Extract<ItemView["what"], { kind: "release" }>, shownAt: number): string {
  const { release: w, unknownPerson } = words();
  return `${w.line(fullWhen(notedAt), notedBy || unknownPerson, fullDay(shownAt))} ${isMasked ? w.masked(ground || "–") : w.whole}`;
}

/** What only employees read: their page knows the words. */
export const staffLines: { of?: (what: StaffWhat) => string } = {};
export type StaffWhat = Extract<ItemView["what"], { kind: "caseRoom" | "caseRoomOut" | "released" }>;

export function lineOf({ what, author, eventTime, receivedAt }: Pick<ItemView, "what" | "author" | "eventTime" | "receivedAt">): string {
  const w = words();
  switch (what.kind) {
    case "message": case "application": case "notification": case "note": case "decision": return w.sayings[what.kind];
    case "objection": return w.lineObjection(what.aboutSeq);
    case "correction": return w.lineCorrection(what.aboutSeq);
    case "contact": case "step": case "task": case "meeting": case "done": case "cancelled": case "extension": return caseLine(what, eventTime);
    case "call": return callLine(what);
    case "file": return fileLine(what);
    case "finding": return w.finding.line(what.aboutSeq, findingWords(what.finding));
    case "opened": return w.lineOpened(personName(author), what.title);
    case "profile": return w.lineProfile(what.person.isMe ? w.you.toLowerCase() : personName(what.person));
    case "device": return deviceLine(what);
    case "added": return w.lineAdded(personName(what.person));
    case "removed": return removedLine(what);
    case "access": return accessLine(what);
    case "moved": return withWhy(w.people.lineMoved(isolate(what.name), personName(what.by)), what.why);
    case "generation": return w.lineGeneration(what.number);
    case "granted": return what.isThis ? w.lineGrantedThis : w.lineGranted(what.person === undefined ? w.unknownPerson : personName(what.person));
    case "checkpoint": return w.lineCheckpoint(what.upTo);
    // Nothing is written in the first entry: who has come so far has opened it.
    case "read": return what.upTo === 1 ? `${personName(author)}: ${w.readersOpened.toLowerCase()}` : w.lineRead(personName(author), what.upTo);
    case "erased": return w.lineErased(what.seq, groundWords(what.ground));
    case "unreadable": return what.error === "KEY_MISSING" ? w.lineKeyMissing : w.lineUnreadable;
    case "release": return releaseLine(what, receivedAt);
    case "caseRoom": case "caseRoomOut": case "released": return staffLines.of?.(what) ?? w.lineOther;
    case "other": return w.lineOther;
  }
}

/** Is it worth a quiet line in the conversation? The record has all of them, and says which are refused: those are nobody's word. */
export function isQuietLine({ what, author, refused }: ItemView): boolean {
  if (refused !== undefined) return false;
  switch (what.kind) {
    case "access": case "moved": case "erased": case "call": case "released": return true;
    case "caseRoomOut": return author.role === "keeper";
    case "added": case "removed": return !what.isTold && (what.device === undefined || what.person.isMe);
    case "device": return what.person.isMe;
    case "unreadable": return author.role !== "keeper";
    default: return false;
  }
}
