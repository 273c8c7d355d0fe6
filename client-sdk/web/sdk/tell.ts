// tell -- a room's verified entries as the pages are told them: see view.ts. Nothing is decided here.
import { roleName, type EntryOpen } from "../protocol/entry.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutSeq } from "../protocol/layout.ts";
import {
  layoutParticipant, layoutRefusal, type WireBodyAbout, type WireBodyAccess, type WireBodyCall, type WireBodyChange, type WireBodyDevice, type WireBodyFile, type WireBodyMoved, type WireBodyProfile, type WireBodyRefusals, type WireBodyRelease, type WireBodyRoom,
  type WireBodyText, type WireOpenMember,
} from "../protocol/layouts.ts";
import { CAPACITIES, GROUNDS, MEMBER_OPERATIONS, ROLES, SUBJECT_TYPES, type CapacityName, type KindName } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import { caseWhat } from "./casebody.ts";
import { textCut } from "./cut.ts";
import { fileNameSafe, mediaTypeSafe } from "./filename.ts";
import { fileFinding, findingWhat } from "./finding.ts";
import { previewShown } from "./preview.ts";
import { readSeq } from "./reading.ts";
import type { Content, LogItem, Room } from "./roomcopy.ts";
import type { Draft } from "./outbox.ts";
import { uploadedBytes, type Upload } from "./upload.ts";
import type { DeviceView, DraftView, FileName, ItemView, ItemWhat, PersonView, RoomSummary, RoomView } from "./view.ts";

const TEXT_CUT = 120;

function groundName(number: number): string {
  return Object.entries(GROUNDS).find(([, value]) => value === number)?.[0] ?? String(number);
}

function capacityName(number: number): CapacityName {
  return (Object.keys(CAPACITIES) as CapacityName[]).find((name) => CAPACITIES[name] === number) ?? "SUPPORT";
}

/** `room`: where somebody may have been let in. */
export function personView(enrum: Enrum, person: Bytes, role: number, room?: Room): PersonView {
  const profile = enrum.profiles.get(bytesHex(person));
  const capacity = room?.capacities.get(bytesHex(person));
  return {
    person: bytesHex(person),
    role: (roleName(role)?.toLowerCase() ?? "guest") as PersonView["role"],
    name: profile?.name ?? "",
    title: profile?.title ?? "",
    unit: profile?.unit ?? "",
    isMe: enrum.me !== undefined && bytesEqual(enrum.me.certificate.body.person, person),
    ...(capacity === undefined ? {} : { capacity: capacityName(capacity) }),
  };
}

// -- What an entry is about ------------------------------------------------------------------------------------------

const SAYINGS = {
  MESSAGE: "message", APPLICATION: "application", NOTIFICATION: "notification", NOTE: "note", DECISION: "decision",
} as const;

/** As which somebody was last added; the opener as what they opened it. */
function roleOf(room: Room, person: Bytes): number {
  const added = room.items.findLast(({ open }) => open.class === "MEMBER" && open.value.operation === MEMBER_OPERATIONS.ADD && bytesEqual(open.value.subject, person));
  return added?.open.class === "MEMBER" ? added.open.value.role : room.fold.members.get(bytesHex(person))?.role ?? ROLES.CITIZEN;
}

/** The entry that began this generation; 0 for the first, which is the beginning. */
function generationSeq(room: Room, number: number): number {
  return number <= 1 ? 0 : room.items.find(({ open }) => open.class === "GENERATION" && open.value.number === number)?.seq ?? 0;
}

function memberWhat(enrum: Enrum, room: Room, { seq, content }: LogItem, { operation, subject, subject_type: type, role }: WireOpenMember): ItemWhat {
  const isPerson = type === SUBJECT_TYPES.PERSON;
  const owner = isPerson ? personView(enrum, subject, role || roleOf(room, subject), room) : deviceOwner(enrum, room, subject);
  const why = content?.kind === "CHANGE" ? content.body as WireBodyChange : undefined;
  return {
    kind: operation === MEMBER_OPERATIONS.ADD ? "added" : "removed", person: owner ?? personView(enrum, subject, 0),
    isTold: room.items[seq - 2]?.content?.kind === "ACCESS",
    ...(why === undefined ? {} : { ground: groundName(why.ground), why: why.text }),
    ...(isPerson ? {} : { device: bytesHex(subject) }),
  };
}

function isEntryOf(room: Room): (seq: number, hash: Bytes) => boolean {
  return (seq, hash) => {
    const found = room.fold.hashAt(seq);
    return found !== undefined && bytesEqual(found, hash);
  };
}

function callWhat(enrum: Enrum, { call, began, ended, participants }: WireBodyCall): ItemWhat {
  const people = layoutSeq(layoutParticipant, participants).map(({ person, name, role, level, interpreter }) => {
    const known = personView(enrum, person, role);
    return { ...known, name: known.name || name, level, isInterpreter: interpreter === 1 };
  });
  return { kind: "call", call: bytesHex(call), began, ended, people };
}

export function releaseWhat({ text, masked, ground, noted_at: notedAt, noted_by: notedBy, reply_seq: aboutSeq }: WireBodyRelease) {
  return { kind: "release", text, isMasked: masked === 1, ground, notedAt, notedBy, aboutSeq } as const;
}

function recordWhat(enrum: Enrum, room: Room, content: Content): ItemWhat {
  const { kind, body } = content;
  switch (kind) {
    case "MESSAGE": case "APPLICATION": case "NOTIFICATION": case "NOTE": case "DECISION": {
      const { text, reply_seq: replySeq } = body as WireBodyText;
      return { kind: SAYINGS[kind], text, replySeq };
    }
    case "OBJECTION": case "CORRECTION": {
      const { text, seq, hash } = body as WireBodyAbout;
      return { kind: kind === "OBJECTION" ? "objection" : "correction", text, aboutSeq: isEntryOf(room)(seq, hash) ? seq : 0 };
    }
    case "ROOM":
      return { kind: "opened", title: (body as WireBodyRoom).title, unit: bytesHex((body as WireBodyRoom).unit) };
    case "MOVED": {
      const { unit, name, by, text } = body as WireBodyMoved;
      return { kind: "moved", unit: bytesHex(unit), name, by: personView(enrum, by, ROLES.STAFF), why: text };
    }
    case "PROFILE": {
      const { person, role, level, unit } = body as WireBodyProfile;
      return { kind: "profile", person: personView(enrum, person, role, room), level, unit };
    }
    case "DEVICE": {
      const { person, device, level, at } = body as WireBodyDevice;
      return { kind: "device", person: personView(enrum, person, ROLES.CITIZEN), level, at, isThis: bytesEqual(device, enrum.device) };
    }
    case "FILE": {
      const { name, media_type: mediaType, size, text, preview } = body as WireBodyFile;
      return { kind: "file", name: fileNameSafe(name), mediaType: mediaTypeSafe(mediaType), size, text, ...previewShown(preview) };
    }
    case "ACCESS": {
      const { operation, person, capacity, by, first, until, has_code: hasCode, text } = body as WireBodyAccess;
      return {
        kind: "access", isGiven: operation === 1, person: personView(enrum, person, roleOf(room, person), room), capacity: capacityName(capacity),
        by: personView(enrum, by, bytesEqual(by, enrum.board.id) ? ROLES.KEEPER : ROLES.STAFF), fromSeq: generationSeq(room, first), until, hasCode: hasCode === 1, why: text,
      };
    }
    case "RELEASE":
      return releaseWhat(body as WireBodyRelease);
    case "CALL":
      return callWhat(enrum, body as WireBodyCall);
    default:
      return caseWhat(kind, body, isEntryOf(room)) ?? enrum.staff?.staffWhat(enrum, room, content) ?? { kind: "other", name: kind };
  }
}

/** What the keeper says of a device; others' word of it is not believed. */
function deviceOf({ author, content }: LogItem): WireBodyDevice | undefined {
  return content?.kind === "DEVICE" && author.body.role === ROLES.KEEPER ? content.body as WireBodyDevice : undefined;
}

/** Whose device this is, as far as its certificate is known, or the keeper has said. */
function deviceOwner(enrum: Enrum, room: Room, device: Bytes): PersonView | undefined {
  if (bytesEqual(device, enrum.device) && enrum.me !== undefined) return personView(enrum, enrum.me.certificate.body.person, enrum.roleNumber, room);
  const holder = enrum.trust.ofDevice(device)?.certificate.body;
  if (holder !== undefined) return personView(enrum, holder.person, holder.role, room);
  const told = room.items.map(deviceOf).find((body) => body !== undefined && bytesEqual(body.device, device));
  return told === undefined ? undefined : personView(enrum, told.person, ROLES.CITIZEN);
}

function controlWhat(enrum: Enrum, room: Room, item: LogItem, open: EntryOpen): ItemWhat {
  switch (open.class) {
    case "RECORD":
      if (item.content?.kind === "FINDING") return findingWhat(room, item);
      return item.content === undefined ? { kind: "unreadable", error: item.error ?? "OPEN_FAILED" } : recordWhat(enrum, room, item.content);
    case "MEMBER":
      return memberWhat(enrum, room, item, open.value);
    case "GENERATION":
      return { kind: "generation", number: open.value.number };
    case "GRANT": {
      const person = deviceOwner(enrum, room, open.value.device);
      return { kind: "granted", device: bytesHex(open.value.device), isThis: bytesEqual(open.value.device, enrum.device), fromSeq: generationSeq(room, open.value.first), ...(person === undefined ? {} : { person }) };
    }
    case "CHECKPOINT": {
      const refusals = item.content?.kind === "REFUSALS" ? layoutSeq(layoutRefusal, (item.content.body as WireBodyRefusals).refused) : [];
      return { kind: "checkpoint", upTo: open.value.seq, refused: refusals.map(({ seq, ground }) => ({ seq, ground: groundName(ground) })) };
    }
    case "READ":
      return { kind: "read", upTo: open.value.seq };
    case "ERASE":
      return { kind: "erased", seq: open.value.seq, ground: groundName(open.value.ground) };
  }
}

export function itemView(enrum: Enrum, room: Room, item: LogItem): ItemView {
  const { person, role } = item.author.body;
  const ground = room.refusals.get(item.seq);
  const received = enrum.downloads.received(room, item.seq);
  const what = controlWhat(enrum, room, item, item.open);
  return {
    seq: item.seq,
    hash: bytesHex(item.hash),
    receivedAt: item.receivedAt,
    time: item.stored.entry.head.time,
    eventTime: item.content?.eventTime ?? 0,
    author: personView(enrum, person, role, room),
    level: item.author.body.level,
    isThisDevice: bytesEqual(item.author.device, enrum.device),
    what: what.kind === "file" ? { ...what, ...fileFinding(room, item.seq, item.hash) } : what,
    language: item.content?.language ?? "",
    ...(ground === undefined ? {} : { refused: groundName(ground) }),
    ...(received === undefined ? {} : { received }),
    hasReceipt: room.receiptSeqs.has(item.seq),
  };
}

// -- A room ----------------------------------------------------------------------------------------------------------

/** Of a staff room: they are about its rooms, and say nothing themselves. */
const STAFF_RECORDS: readonly string[] = ["CASE_ROOM", "CASE_ROOM_OUT", "RELEASED"] satisfies KindName[];

/** Something that a person wrote, other than what the room is: known by its class and author also while it cannot be read. */
function isWritten(item: LogItem, first: LogItem | undefined): boolean {
  return item.open.class === "RECORD" && item !== first && item.author.body.role !== ROLES.KEEPER && !STAFF_RECORDS.includes(item.content?.kind ?? "");
}

function textOf(item: LogItem | undefined): string {
  if (item?.content === undefined || !("text" in (item.content.body as object))) return "";
  return textCut((item.content.body as WireBodyText).text, TEXT_CUT);
}

function fileOf(item: LogItem | undefined): FileName | undefined {
  if (item?.content?.kind !== "FILE") return undefined;
  const { name, media_type: mediaType } = item.content.body as WireBodyFile;
  return { name: fileNameSafe(name), mediaType: mediaTypeSafe(mediaType) };
}

/** Those that way.ts folds; and those of them without which nothing is said of a case. */
const FOLDED: readonly string[] = ["STEP", "TASK", "MEETING", "TASK_DONE", "CANCELLED", "EXTENSION", "ACCESS"] satisfies KindName[];
const CASE_KINDS = FOLDED.slice(0, 3);

export function isOfWay({ content }: LogItem): boolean {
  return FOLDED.includes(content?.kind ?? "");
}

/**
 * What tells a citizen of the case, and what employees have written since this person answered last, with words, a file or a voice. What
 * waits on this device has been done. Empty while nothing is said of a case.
 */
function wayItems(enrum: Enrum, room: Room): LogItem[] {
  if (room.isAdvice || !room.items.some(({ content }) => CASE_KINDS.includes(content?.kind ?? ""))) return [];
  const me = enrum.me?.certificate.body.person;
  const waiting = [...enrum.outbox.arrivingOf(room), ...enrum.outbox.ofRoom(room)].filter(({ row }) => row.error === undefined);
  const ended = new Set(waiting.flatMap(({ content }) => {
    const what = content === undefined ? undefined : recordWhat(enrum, room, content);
    return what?.kind === "done" || what?.kind === "cancelled" ? [what.aboutSeq] : [];
  }));
  const isAnswer = (kind: string | undefined) => kind === "MESSAGE" || kind === "FILE";
  const isAnswering = waiting.some(({ content, file }) => file !== undefined || isAnswer(content?.kind));
  const own = room.items.findLast((item) => isAnswer(item.content?.kind) && me !== undefined && bytesEqual(item.author.body.person, me))?.seq ?? 0;
  const isAsking = ({ content, seq, author }: LogItem) => content?.kind === "MESSAGE" && author.body.role === ROLES.STAFF && seq > own && !isAnswering;
  return room.items.filter((item) => !room.refusals.has(item.seq) && !ended.has(item.seq) && (isOfWay(item) || isAsking(item)));
}

export function wayViews(enrum: Enrum, hex: string): ItemView[] {
  const room = enrum.rooms.get(hex);
  return room === undefined ? [] : wayItems(enrum, room).map((item) => itemView(enrum, room, item));
}

function isOwn(enrum: Enrum, { isOthers, fold, capacities }: Room): boolean {
  if (!isOthers) return enrum.roleNumber === ROLES.CITIZEN;
  const me = bytesHex(enrum.me?.certificate.body.person ?? new Uint8Array(0));
  return fold.members.get(me)?.role === ROLES.CITIZEN && capacities.get(me) === CAPACITIES.PARTY;
}

export function roomSummary(enrum: Enrum, room: Room): RoomSummary {
  const me = enrum.me?.certificate.body.person ?? new Uint8Array(0);
  const firstRecord = room.items.find(({ open }) => open.class === "RECORD");
  const written = room.items.filter((item) => isWritten(item, firstRecord));
  const last = written.findLast(({ seq }) => !room.refusals.has(seq));
  const seen = readSeq(enrum, room);
  const all = enrum.outbox.ofRoom(room);
  const drafts = all.filter(({ isSilent }) => !isSilent);
  const told = [...enrum.outbox.arrivingOf(room), ...drafts];
  const title = enrum.titleOf(room);
  const lastDraft = told.at(-1);
  const way = enrum.staff === undefined ? wayItems(enrum, room) : [];
  const lastFile = lastDraft === undefined ? fileOf(last) : lastDraft.file && { name: lastDraft.file.name, mediaType: mediaTypeSafe(lastDraft.file.mediaType) };
  return {
    room: room.hex,
    title,
    isUnborn: room.isUnborn,
    isLocked: room.fold.seq > 0 && !room.keyring.isWhole(room.fold.generationCount),
    openedAt: room.items[0]?.receivedAt ?? all[0]?.row.time ?? 0,
    lastAt: Math.max(last?.receivedAt ?? 0, lastDraft?.row.time ?? 0),
    lastText: lastDraft === undefined ? textOf(last) : textCut(lastDraft.text, TEXT_CUT),
    ...(lastFile === undefined ? {} : { lastFile }),
    isLastCall: lastDraft === undefined && last?.content?.kind === "CALL",
    isLastMine: lastDraft !== undefined || (last !== undefined && bytesEqual(last.author.body.person, me)),
    unread: written.filter(({ seq, author }) => seq > seen && !bytesEqual(author.body.person, me)).length,
    waiting: drafts.length,
    ...enrum.staff?.dutiesOf(enrum, room, written), ...enrum.staff?.caseSummary(room),
    ...(way.length === 0 ? {} : { way: way.map(({ seq }) => seq).join() }),
    others: [...room.fold.members.values()].filter(({ person, role }) => role !== ROLES.KEEPER && !bytesEqual(person, me))
      .map(({ person, role }) => personView(enrum, person, role, room)),
    ...(room.trouble === undefined ? {} : { trouble: room.trouble }),
    isDenied: room.isDenied,
    isOthers: room.isOthers,
    isOwn: isOwn(enrum, room),
    isAdvice: room.isAdvice,
  };
}

function draftFile({ name, mediaType, size, preview }: NonNullable<Draft["file"]>, upload: Upload | undefined): NonNullable<DraftView["file"]> {
  return { name, mediaType: mediaTypeSafe(mediaType), size, sent: upload === undefined ? size : uploadedBytes(upload, size), ...previewShown(preview) };
}

function draftView(enrum: Enrum, room: Room, { row, text, content, file, upload }: Draft, state: DraftView["state"]): DraftView {
  return {
    id: row.id, text, time: row.time, state,
    ...(file === undefined ? {} : { file: draftFile(file, upload) }),
    ...(content === undefined || enrum.me === undefined ? {} : {
      says: { what: recordWhat(enrum, room, content), author: personView(enrum, enrum.me.certificate.body.person, enrum.roleNumber, room), eventTime: content.eventTime, receivedAt: row.time },
    }),
    ...(row.error === undefined ? {} : { error: row.error }),
  };
}

export function draftViews(enrum: Enrum, room: Room): DraftView[] {
  const state = ({ row, upload, isInFlight }: Draft) => row.error !== undefined ? "failed" : isInFlight || (upload !== undefined && enrum.contact.isProved) ? "sending" : "waiting";
  return [
    ...enrum.outbox.arrivingOf(room).map((draft) => draftView(enrum, room, draft, "received")),
    ...enrum.outbox.ofRoom(room).filter(({ isSilent }) => !isSilent).map((draft) => draftView(enrum, room, draft, state(draft))),
  ];
}

/** `items` are those of an earlier view where nothing about them has changed. */
export function roomView(enrum: Enrum, room: Room, items: readonly ItemView[]): RoomView {
  const { fold } = room;
  return {
    ...roomSummary(enrum, room),
    // What is wrong there is to be read before.
    ...(room.row.movedTo === undefined || room.trouble !== undefined ? {} : { movedTo: room.row.movedTo }),
    isCurrent: room.isCurrent && room.keyState !== "ASKED",
    hasKey: enrum.outbox.hasKey(room),
    headSeq: fold.seq,
    headHash: bytesHex(fold.hash),
    seenSeq: readSeq(enrum, room),
    coveredSeq: fold.coveredSeq,
    coveredAt: fold.coveredAt,
    members: [...fold.members.values()].map(({ person, role }) => personView(enrum, person, role, room)),
    fromSeq: generationSeq(room, room.keyring.first),
    typing: enrum.typing.ofRoom(room).map(({ person, role }) => personView(enrum, person, role)).filter(({ isMe }) => !isMe),
    items,
    drafts: draftViews(enrum, room),
  };
}

// -- Devices ---------------------------------------------------------------------------------------------------------

/** Those of this person that the rooms show: written with, or told of by the keeper; and this one. */
export function deviceViews(enrum: Enrum): DeviceView[] {
  const rooms = [...enrum.rooms.values()];
  const found = new Map<string, DeviceView>();
  const add = (device: Bytes, at: number, level: number) => {
    const hex = bytesHex(device);
    const known = found.get(hex);
    if (known === undefined || at < known.at) found.set(hex, { device: hex, at, level, isThis: bytesEqual(device, enrum.device), isOut: enrum.devicesOut.has(hex) || rooms.some(({ fold }) => fold.isRemovedDevice(device)) });
  };
  if (enrum.me === undefined) return [];
  const { certificate } = enrum.me;
  add(certificate.device, enrum.me.at, certificate.body.level);
  for (const room of rooms) {
    for (const item of room.items) {
      const { author, receivedAt } = item;
      if (bytesEqual(author.body.person, certificate.body.person)) add(author.device, receivedAt, author.body.level);
      const told = deviceOf(item);
      if (told !== undefined && bytesEqual(told.person, certificate.body.person)) add(told.device, told.at, told.level);
    }
  }
  return [...found.values()].sort((a, b) => b.at - a.at);
}
