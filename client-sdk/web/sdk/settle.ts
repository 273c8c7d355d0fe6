// settle -- what becomes of drafts that the host has refused.
import { entryBytesHash, entrySeq, type Entry } from "../protocol/entry.ts";
import { EnrumError } from "../protocol/error.ts";
import { bytesEqual } from "../protocol/layout.ts";
import { ERRORS, type ErrorName } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import type { DraftRow } from "./localstore.ts";
import type { Draft } from "./outbox.ts";
import { reopen } from "./reopening.ts";
import type { Room } from "./roomcopy.ts";

const RETRY_MS = 1_000;
const RESEALS_MAX = 8;

/** LATER: the same bytes, a little later. LOGIN: the same bytes, when the device is proved again. RESEAL: other bytes, once the log has been read. */
type Remedy = "LATER" | "LOGIN" | "RESEAL" | "NONE";

const RESEAL: readonly ErrorName[] = [
  "GENERATION_TOO_OLD", "GENERATION_TOO_NEW", "SEEN_WRONG", "BASE_WRONG", "DEVICE_SEQ_GAP", "DEVICE_OTHER", "SAME_ID_OTHER_BYTES",
];
const LOGIN: readonly ErrorName[] = ["CERTIFICATE_EXPIRED", "CERTIFICATE_NOT_YET", "OUT_OF_STATE", "NOT_LOGGED_IN"];

function remedyOf(error: ErrorName): Remedy {
  if (RESEAL.includes(error)) return "RESEAL";
  if (LOGIN.includes(error)) return "LOGIN";
  return ["LIMIT", "OURS", "GONE"].includes(ERRORS[error].class) ? "LATER" : "NONE";
}

/** Would the same request be refused again, whatever comes? */
export function isFinal(error: ErrorName): boolean {
  return remedyOf(error) === "NONE";
}

export function settleBegin(enrum: Enrum, room: Room, draft: Draft, error: ErrorName): void {
  // The first refusal counts, but one that passes by itself hides none that does not.
  if (room.stall !== undefined && (remedyOf(room.stall.error) !== "LATER" || remedyOf(error) === "LATER")) return;
  room.stall = { error, draft: draft.row.id };
  room.retryAt = enrum.clock.monoMs() + (remedyOf(error) === "LATER" ? RETRY_MS : 0);
  if (remedyOf(error) === "LOGIN") enrum.onProofRefused(error);
  if (remedyOf(error) !== "RESEAL") return;
  room.isCurrent = false;
  // The host may have opened it when the same bytes came under another certificate: it says so when the log is asked for.
  if (draft.row.isCreate) room.isUnborn = false;
}

/** Do these very bytes stand in the log? */
async function isLogged(enrum: Enrum, room: Room, draft: Draft): Promise<boolean> {
  const entry = (await entrySeq(draft.row.bytes)).at(-1) as Entry;
  const item = room.items.find(({ author, stored }) => bytesEqual(author.device, enrum.device)
    && stored.entry.head.device_seq === draft.row.deviceSeq);
  return item !== undefined && bytesEqual(await entryBytesHash(item.stored.entry), await entryBytesHash(entry));
}

/** Taken on an earlier connection, and the answer lost: what stands in the log is not told as not sent. */
async function giveBack(enrum: Enrum, room: Room, draft: Draft, error: ErrorName): Promise<void> {
  if (await isLogged(enrum, room, draft)) enrum.outbox.sent(room, draft);
  else enrum.outbox.giveBack(room, draft, error);
}

/**
 * Given back, and in the log all the same: the host has kept what it refused. It is the entry that it is, and nothing that the
 * person would send again.
 */
export async function settleFound(enrum: Enrum, room: Room): Promise<void> {
  for (const draft of enrum.outbox.ofRoom(room)) {
    if (draft.row.error !== undefined && await isLogged(enrum, room, draft)) enrum.outbox.sent(room, draft);
  }
}

async function giveBackAll(enrum: Enrum, room: Room, error: ErrorName): Promise<void> {
  for (const draft of enrum.outbox.ofRoom(room)) {
    if (draft.row.error === undefined) await giveBack(enrum, room, draft, error);
  }
  room.stall = undefined;
}

async function resealed(enrum: Enrum, room: Room, draft: Draft, deviceSeq: number): Promise<DraftRow> {
  const saying = await enrum.outbox.sayingOf(room, draft);
  return { ...draft.row, deviceSeq, bytes: await enrum.outbox.seal(room, saying, deviceSeq, draft.row.time) };
}

/** All of the room's, in order, numbered on from what the log has. Throws FILE_FAILED: then they are what they were. */
async function resealAll(enrum: Enrum, room: Room): Promise<void> {
  const rows = new Map<Draft, DraftRow>();
  let next = room.fold.deviceSeq(enrum.device) + 1;
  for (const draft of enrum.outbox.ofRoom(room)) {
    if (draft.row.error !== undefined || draft.row.deviceSeq === 0) continue;
    if (await isLogged(enrum, room, draft)) {
      enrum.outbox.sent(room, draft);
      continue;
    }
    try {
      rows.set(draft, await resealed(enrum, room, draft, next));
      next++;
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      enrum.outbox.giveBack(room, draft, error.code);
    }
  }
  // In the store before it goes out: after a crash it is these bytes that are sent again.
  const row = { ...room.row, sentSeq: next - 1 };
  await enrum.flush([...[...rows.values()].map((put) => ({ table: "drafts", put }) as const), { table: "rooms", put: row }]);
  for (const [draft, put] of rows) draft.row = put;
  room.row.sentSeq = row.sentSeq;
  room.reseals++;
  room.stall = undefined;
}

/** Was it opened under a certificate that this device has no longer? */
async function isOutlived(enrum: Enrum, draft: Draft): Promise<boolean> {
  const [first] = await entrySeq(draft.row.bytes) as [Entry];
  return !bytesEqual(first.head.certificate, enrum.certified.certificate.hash);
}

async function openingStep(enrum: Enrum, room: Room, error: ErrorName, draft: Draft): Promise<void> {
  if (!room.isDenied && !room.isCurrent) return;
  if (room.isCurrent && await isLogged(enrum, room, draft)) {
    enrum.outbox.sent(room, draft);
    room.stall = undefined;
    return;
  }
  if (room.isDenied && await isOutlived(enrum, draft)) {
    // Its key is granted to the keepers, who are known as soon as the host has answered.
    if (enrum.asks.keepers.length > 0) await reopen(enrum, room);
    return;
  }
  room.isUnborn = true;
  room.isDenied = false;
  await giveBackAll(enrum, room, error);
}

async function resealStep(enrum: Enrum, room: Room, error: ErrorName, draft: Draft | undefined): Promise<void> {
  if (draft?.row.isCreate) return openingStep(enrum, room, error, draft);
  if (room.isDenied) return giveBackAll(enrum, room, "ROOM_UNKNOWN");
  if (!room.isCurrent || room.keyring.find(room.fold.generationCount) === undefined) return;
  if (room.reseals < RESEALS_MAX) return resealAll(enrum, room);
  room.reseals = 0;
  await giveBackAll(enrum, room, error);
}

async function refusedForGood(enrum: Enrum, room: Room, error: ErrorName, draft: Draft | undefined): Promise<void> {
  if (error === "ROOM_UNKNOWN" || draft === undefined || draft.row.isCreate) return giveBackAll(enrum, room, error);
  await giveBack(enrum, room, draft, error);
  room.stall = undefined;
  if (enrum.outbox.ofRoom(room).some(({ row }) => row.error === undefined)) {
    // Its number was not used: those behind it are numbered anew.
    room.stall = { error: "DEVICE_SEQ_GAP", draft: "" };
    room.isCurrent = false;
  } else {
    room.row.sentSeq = draft.row.deviceSeq - 1;
    room.save();
  }
}

async function settleRoom(enrum: Enrum, room: Room, stall: NonNullable<Room["stall"]>): Promise<void> {
  const draft = enrum.outbox.drafts.find(({ row }) => row.id === stall.draft);
  switch (remedyOf(stall.error)) {
    case "LOGIN":
      return;
    case "LATER":
      if (enrum.clock.monoMs() >= room.retryAt) room.stall = undefined;
      return;
    case "RESEAL":
      return resealStep(enrum, room, stall.error, draft);
    case "NONE":
      return refusedForGood(enrum, room, stall.error, draft);
  }
}

export async function settleStep(enrum: Enrum): Promise<void> {
  for (const room of enrum.rooms.values()) {
    if (room.inFlight > 0) continue;
    if (room.trouble !== undefined) await giveBackAll(enrum, room, room.trouble);
    else if (room.stall !== undefined) await settleRoom(enrum, room, room.stall);
  }
}
