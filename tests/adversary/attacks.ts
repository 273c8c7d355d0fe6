// attacks -- what a host that has all of the host's own keys may try, what must be told of it, and who must tell it. One row
// each; docs/SECURITY.md shows the same rows.
import { entryOfParts } from "../../client-sdk/web/protocol/entry.ts";
import { uint, type Bytes, type Field, type Fields, type Layout } from "../../client-sdk/web/protocol/field.ts";
import { bytesHex, bytesOfHex, framePeek, layoutDecode, layoutEncode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutHead, layoutMember, type WireStored } from "../../client-sdk/web/protocol/layouts.ts";
import { messageAck, messageAppend, messageError, messageFetch, messageFollow, type MsgAck } from "../../client-sdk/web/protocol/messages.ts";
import { receiptLeafHash, receiptOfAck, receiptSign, receiptToAck } from "../../client-sdk/web/protocol/receipt.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import {
  CLASSES, ERRORS, GROUNDS, ID_BYTES, LIMITS, MEMBER_OPERATIONS, ROLES, SIG_BYTES, SUBJECT_TYPES, UINT_ANY, type ClassName, type ErrorName,
} from "../../client-sdk/web/protocol/tables.ts";
import {
  authorOf, contentOf, entryHash, forged, impostorOf, message, strangerOf, type Author, type Words,
} from "./forger.ts";
import type { Lie } from "./liar.ts";
import { WITNESSES, type Stage, type Witness } from "./stage.ts";

const NO_BYTES: Bytes = new Uint8Array(0);
const HOURS_MS = 3 * 60 * 60_000;
const YEARS_MS = 3 * 365 * 86_400_000;

export interface Attack {
  /** What the host does: "The host ..." */
  name: string;
  lie: Lie | ((stage: Stage) => Lie);
  /** One of these must be told. A device that has read what is changed may also tell FORK or ROLLBACK. */
  noticed: readonly ErrorName[];
  /** Who tells it; writer: the device that is answered when it sends, or whose words are not shown. */
  by: readonly (Witness | "writer")[];
  /** The keeper writes only about what it is shown: it is not lied to in this way. */
  isOfPeople?: true;
}

// -- The log as it is told --------------------------------------------------------------------------------------------

function classOf({ head }: WireStored): number {
  return layoutDecode(layoutHead, head).class;
}

/** Index of the newest entry but `back` of a class. */
function newest(log: readonly WireStored[], name: ClassName, back = 0): number {
  const found = log.flatMap((stored, index) => classOf(stored) === CLASSES[name].number ? [index] : []);
  const at = found.at(-1 - back);
  if (at === undefined) throw new Error(`the log has no ${name} to lie about`);
  return at;
}

function flipped(bytes: Bytes, at = 0): Bytes {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function swapped(log: readonly WireStored[], a: number, b: number): WireStored[] {
  return log.map((stored, index) => (index === a ? log[b] : index === b ? log[a] : stored) as WireStored);
}

/** One part of the newest entry of a class replaced. */
function altered(name: ClassName, part: (stored: WireStored) => Partial<WireStored> | Promise<Partial<WireStored>>): Lie {
  return {
    log: async (log) => {
      const at = newest(log, name);
      const stored = log[at] as WireStored;
      return log.with(at, { ...stored, ...await part(stored) });
    },
  };
}

async function emptied(stored: WireStored): Promise<Partial<WireStored>> {
  const { sealedHash } = await entryOfParts(stored.head, stored.open, stored.sealed, stored.sig);
  return { sealed: NO_BYTES, sealed_hash: sealedHash };
}

// -- Each field -------------------------------------------------------------------------------------------------------

function otherValue({ type }: Field, value: number | string | Bytes): number | string | Bytes {
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return `${value}x`;
  return value.length > 0 ? flipped(value) : type === "OPT" || type === "IDS" ? suiteRandom(ID_BYTES) : new Uint8Array(1);
}

/** The same bytes but for one field, also where the new value is outside of its limits. */
function withOtherField(layout: Layout, bytes: Bytes, name: string): Bytes {
  const fields: Fields = Object.fromEntries(Object.entries(layout.fields).map(([key, field]) => [key, field.type === "UINT" ? uint(0, UINT_ANY) : field]));
  const loose: Layout = { name: layout.name, fields };
  const values = layoutDecode(loose, bytes) as Record<string, number | string | Bytes>;
  return layoutEncode(loose, { ...values, [name]: otherValue(fields[name] as Field, values[name] as Bytes) } as never);
}

const FORGERY: readonly ErrorName[] = ["ENTRY_FORGED", "CHAIN_BROKEN", "FORK", "CHECKPOINT_WRONG"];

function headField(field: string): Attack {
  return {
    name: `changes ${field} in the head of an entry`, by: WITNESSES,
    noticed: field === "suite" ? ["SUITE_UNSUPPORTED", ...FORGERY] : FORGERY,
    lie: altered("RECORD", ({ head }) => ({ head: withOtherField(layoutHead, head, field) })),
  };
}

function openFields(name: ClassName): Attack[] {
  const { open: layout } = CLASSES[name];
  return Object.keys(layout.fields).map((field) => ({
    name: `changes ${field} in the open part of a ${name.toLowerCase()} entry`, noticed: FORGERY, by: WITNESSES,
    lie: altered(name, ({ open }) => ({ open: withOtherField(layout, open, field) })),
  }));
}

/** The classes that an honest conversation has. */
const TALKED: readonly ClassName[] = ["RECORD", "MEMBER", "GENERATION", "GRANT", "CHECKPOINT", "READ"];

const FIELDS: Attack[] = [
  ...Object.keys(layoutHead.fields).map(headField),
  ...TALKED.flatMap(openFields),
  { name: "changes a byte of a sealed text", lie: altered("RECORD", ({ sealed }) => ({ sealed: flipped(sealed, 40) })), noticed: FORGERY, by: WITNESSES },
  { name: "changes a byte of a signature", lie: altered("RECORD", ({ sig }) => ({ sig: flipped(sig, 3) })), noticed: FORGERY, by: WITNESSES },
];

// -- Order and length -------------------------------------------------------------------------------------------------

const ORDER: Attack[] = [
  { name: "leaves out an entry in the middle", lie: { log: (log) => log.toSpliced(newest(log, "RECORD", 1), 1) }, noticed: FORGERY, by: WITNESSES },
  { name: "shows two entries in the other order", lie: { log: (log) => swapped(log, newest(log, "RECORD"), newest(log, "RECORD", 1)) }, noticed: FORGERY, by: WITNESSES },
  {
    name: "tells an entry twice", noticed: FORGERY, by: WITNESSES,
    lie: { log: (log) => log.toSpliced(newest(log, "RECORD"), 0, log[newest(log, "RECORD")] as WireStored) },
  },
  { name: "keeps back the newest entry for ever", lie: ({ known }) => ({ isCut: true, log: (log) => log.slice(0, known - 1) }), noticed: ["ROLLBACK"], by: ["memory", "fresh"] },
  { name: "goes back to the first entries", lie: { isCut: true, log: (log) => log.slice(0, 6) }, noticed: ["ROLLBACK"], by: WITNESSES },
  {
    name: "withholds the keeper's checkpoints", noticed: FORGERY, by: WITNESSES,
    lie: { log: (log) => log.filter((stored) => classOf(stored) !== CLASSES.CHECKPOINT.number) },
  },
  { name: "withholds the certificates of those who have written", lie: { hasNoCertificates: true }, noticed: ["ENTRY_FORGED"], by: ["away", "fresh"] },
  { name: "hides the conversation from the list", lie: { isHidden: true }, noticed: ["ROLLBACK"], by: WITNESSES },
  {
    name: "says that there is no such conversation", noticed: ["ROOM_UNKNOWN"], by: WITNESSES,
    lie: { answer: (frame, room) => isAbout(frame, room) ? refusal(frame) : undefined },
  },
  {
    name: "shows the log of another conversation", noticed: FORGERY, by: WITNESSES,
    lie: (stage) => ({ isCut: true, log: () => [...stage.liar.truth(bytesOfHex(stage.otherRoom))] }),
  },
  {
    name: "answers with the id of another conversation", noticed: ["CHAIN_BROKEN"], by: WITNESSES,
    lie: (stage) => ({ asRoom: bytesOfHex(stage.otherRoom) }),
  },
  { name: "empties an entry that nobody has erased", lie: altered("RECORD", emptied), noticed: ["PAYLOAD_MISSING", ...FORGERY], by: ["away", "fresh"] },
  { name: "stamps an entry years later", lie: altered("RECORD", later(YEARS_MS)), noticed: FORGERY, by: WITNESSES },
  { name: "stamps an entry some hours later", lie: altered("RECORD", later(HOURS_MS)), noticed: FORGERY, by: WITNESSES },
  {
    name: "stamps the newest entry a moment later", noticed: ["FORK", "ROLLBACK"], by: ["memory", "fresh"],
    lie: ({ known }) => ({ isCut: true, log: (log) => log.slice(0, known).map((stored, index) => index < known - 1 ? stored : { ...stored, ...later(1)(stored) }) }),
  },
];

function later(ms: number): (stored: WireStored) => Partial<WireStored> {
  return ({ received_at }) => ({ received_at: received_at + ms });
}

function isAbout(frame: Bytes, room: Bytes): boolean {
  const { type } = framePeek(frame);
  const asked = type === messageFollow.number ? messageFollow : type === messageFetch.number ? messageFetch : undefined;
  return asked !== undefined && bytesHex(layoutDecode(asked, frame).room) === bytesHex(room);
}

function refusal(frame: Bytes): Bytes {
  return messageEncode(messageError, { request: framePeek(frame).request, code: ERRORS.ROOM_UNKNOWN.number, detail: "" });
}

// -- Entries that nobody wrote who may --------------------------------------------------------------------------------

type Making = (stage: Stage, log: readonly WireStored[], author: Author) => Words;

/** Something more behind the log, or behind its first entries, and the certificates of whoever signs it. */
function added(author: (stage: Stage) => Author | Promise<Author>, words: Making, lies = {}, length: (stage: Stage) => number = () => Infinity): (stage: Stage) => Lie {
  return (stage) => {
    let chain = NO_BYTES;
    return {
      isCut: true,
      certificates: () => chain,
      log: async (whole) => {
        const log = whole.slice(0, length(stage));
        const signer = await author(stage);
        chain = signer.chain;
        return forged(log, signer, words(stage, log, signer), stage.people.citizen, bytesOfHex(stage.room), lies);
      },
    };
  };
}

const citizen = ({ people }: Stage) => authorOf(people.citizen);
const caseworker = ({ former }: Stage) => former;
const outsider = ({ people }: Stage) => authorOf(people.outsider);
const madeKeeper = ({ people }: Stage) => strangerOf(people.citizen, "KEEPER");
const spoken = (_stage: Stage, _log: unknown, { role }: Author) => message(role);

function membersJoined(people: { person: Bytes; role: number }[]): Bytes {
  return Uint8Array.from(people.flatMap((member) => [...layoutEncode(layoutMember, member)]));
}

/** What only a keeper may write, of each class. */
const KEEPERS_WORDS: { [what: string]: Making } = {
  "a member": ({ people }, _log, { role }) => ({
    class: "MEMBER", content: contentOf("CHANGE", role, { ground: GROUNDS.REQUEST, text: "" }),
    open: {
      cause: NO_BYTES, operation: MEMBER_OPERATIONS.ADD, subject_type: SUBJECT_TYPES.PERSON, role: ROLES.STAFF, ground: 0,
      subject: people.outsider.engine.enrum.certified.certificate.body.person,
    },
  }),
  "a generation": ({ people, room }, log) => ({
    class: "GENERATION",
    open: {
      cause: NO_BYTES, purpose: 0, number: 1 + log.filter((stored) => classOf(stored) === CLASSES.GENERATION.number).length,
      commitment: suiteRandom(ID_BYTES), base_seq: log.length, base_hash: entryHash(people.citizen, room, log.length),
      members: membersJoined([
        { person: people.citizen.engine.enrum.board.id, role: ROLES.KEEPER },
        { person: people.citizen.engine.enrum.certified.certificate.body.person, role: ROLES.CITIZEN },
      ]),
    },
  }),
  "a grant to a device of its own": () => ({
    class: "GRANT", open: { cause: NO_BYTES, device: suiteRandom(ID_BYTES), first: 1, last: 1, enc: suiteRandom(ID_BYTES), wrapped: suiteRandom(48) },
  }),
  "a checkpoint": ({ people, room }, log, { role }) => ({
    class: "CHECKPOINT", content: contentOf("REFUSALS", role, { refused: NO_BYTES }),
    open: {
      cause: NO_BYTES, seq: log.length, hash: entryHash(people.citizen, room, log.length), time: Date.now(),
      previous_seq: newest(log, "CHECKPOINT") + 1, previous_hash: entryHash(people.citizen, room, newest(log, "CHECKPOINT") + 1),
    },
  }),
  "an erasure": ({ people, room }, log) => {
    const seq = newest(log, "RECORD") + 1;
    return {
      class: "ERASE", open: { cause: NO_BYTES, seq, hash: entryHash(people.citizen, room, seq), ground: GROUNDS.COURT },
    };
  },
};

/** True words of a member behind everything else, with another time of the host's. */
function stamped(stage: Stage, ms: number): Lie {
  const { log, ...lie } = added(citizen, spoken)(stage);
  return {
    ...lie,
    log: async (whole) => {
      const late = await log?.(whole) ?? [];
      const newest = late.at(-1) as WireStored;
      return [...late.slice(0, -1), { ...newest, ...later(ms)(newest) }];
    },
  };
}

/** Kept back, with the host's time of hours before they are shown. */
const keptBack = (stage: Stage) => stamped(stage, -HOURS_MS);

/** With a time that has not come, and nothing behind them: devices cannot know, and the keeper records them not. */
export const stampedAhead = (stage: Stage) => stamped(stage, HOURS_MS);

const FORGED_ROWS: Attack[] = [
  { name: "keeps words back for hours, and shows them with the time at which it had them", lie: keptBack, noticed: ["CHAIN_BROKEN"], by: WITNESSES },
  { name: "adds words of somebody whom it has certified itself", lie: added(({ people }) => strangerOf(people.citizen, "CITIZEN"), spoken), noticed: ["ENTRY_FORGED"], by: WITNESSES },
  { name: "adds words of an employee who is not in the conversation", lie: added(outsider, spoken), noticed: ["ENTRY_FORGED"], by: WITNESSES },
  { name: "adds words in a member's name", lie: added(({ people }) => impostorOf(people.citizen), spoken), noticed: ["ENTRY_FORGED"], by: WITNESSES },
  ...Object.entries(KEEPERS_WORDS).map(([what, words]): Attack => ({
    name: `adds ${what}, signed by a keeper whom it has certified itself`, lie: added(madeKeeper, words), noticed: ["ENTRY_FORGED"], by: WITNESSES,
  })),
];

const wasIn = ({ withCaseworker }: Stage) => withCaseworker;

/** A member who cheats, with a host that lets it. */
const INSIDERS: Attack[] = [
  ...Object.entries(KEEPERS_WORDS).flatMap(([what, words]): Attack[] => [
    { name: `lets a citizen write ${what}`, lie: added(citizen, words), noticed: ["ENTRY_FORGED"], by: WITNESSES },
    { name: `lets a caseworker write ${what}`, lie: added(caseworker, words, {}, wasIn), noticed: ["ENTRY_FORGED"], by: ["away"] },
  ]),
  { name: "lets a member use a number of its own twice", lie: added(citizen, spoken, { device_seq: 1 }), noticed: ["CHAIN_BROKEN"], by: WITNESSES },
  { name: "lets a member leave out a number of its own", lie: added(citizen, spoken, { device_seq: 99 }), noticed: ["CHAIN_BROKEN"], by: WITNESSES },
  { name: "lets a member write under a key that has been replaced", lie: added(citizen, spoken, { generation: 1 }), noticed: ["ENTRY_FORGED"], by: WITNESSES },
  { name: "lets a member name a history that is not this one", lie: added(citizen, spoken, { seen_hash: suiteRandom(ID_BYTES) }), noticed: ["FORK"], by: WITNESSES },
  { name: "lets somebody write who has been taken out", lie: added(caseworker, spoken), noticed: ["ENTRY_FORGED"], by: WITNESSES },
  { name: "lets somebody who has been taken out write under the key that they had", lie: added(caseworker, spoken, { generation: 1 }), noticed: ["ENTRY_FORGED"], by: WITNESSES },
];

// -- Receipts ---------------------------------------------------------------------------------------------------------

const RECEIPTS: Attack[] = [
  { name: "acknowledges with a signature that is not its own", lie: { ack: (ack) => ({ ...ack, sig: new Uint8Array(SIG_BYTES) }) }, noticed: ["RECEIPT_WRONG"], by: ["writer"] },
  {
    name: "acknowledges something else, properly signed", noticed: ["RECEIPT_WRONG"], by: ["writer"],
    lie: {
      ack: async (ack, host) => {
        const leaf = { ...receiptOfAck(ack).leaf, hash: suiteRandom(ID_BYTES) };
        const [proof] = await receiptSign(host, [await receiptLeafHash(leaf)]);
        return { ...ack, ...receiptToAck(leaf, proof as NonNullable<typeof proof>) };
      },
    },
  },
  {
    name: "keeps nothing of what is sent, and acknowledges with an older receipt of its own", noticed: ["RECEIPT_WRONG"], by: ["writer"],
    lie: { answer: swallowed },
  },
  { name: "acknowledges words and never shows them", lie: { isCut: true, log: (log) => [...log] }, noticed: ["ROLLBACK"], by: ["writer"], isOfPeople: true },
];

/** What is sent goes nowhere, and is acknowledged with an older receipt. */
export function swallowed(frame: Bytes, room: Bytes, acks: readonly MsgAck[]): Bytes | undefined {
  const { type, request } = framePeek(frame);
  const old = acks.at(-1);
  if (type !== messageAppend.number || old === undefined || bytesHex(layoutDecode(messageAppend, frame).room) !== bytesHex(room)) return undefined;
  return messageEncode(messageAck, { ...old, request });
}

export const ATTACKS: readonly Attack[] = [...ORDER, ...FIELDS, ...FORGED_ROWS, ...INSIDERS, ...RECEIPTS];

/** With its database, or rebuilding it from nothing: what only memory can tell is then not told. */
export type KeeperWitness = "keeper" | "keeper without its database";

export function keepersOf({ noticed, by, isOfPeople }: Attack): KeeperWitness[] {
  if (isOfPeople) return [];
  if (!by.includes("memory")) return by.includes("writer") ? ["keeper"] : ["keeper without its database"];
  const isOfMemory = noticed.every((error) => error === "ROLLBACK" || error === "FORK") && !by.includes("away");
  const isOfLength = noticed.every((error) => error === "ROLLBACK" || error === "ROOM_UNKNOWN");
  return isOfMemory || isOfLength ? ["keeper"] : ["keeper", "keeper without its database"];
}

export function lieOf({ lie }: Attack, stage: Stage): Lie {
  return typeof lie === "function" ? lie(stage) : lie;
}

/** Words of the citizen that only some are shown: a history of its own, in which everything is in order. */
export const branch = added(citizen, spoken);

/** What this witness may tell: a device that has read the true log may also see that this is another one. */
export function expected({ noticed }: Attack, witness: Witness): readonly ErrorName[] {
  return witness === "memory" ? [...noticed, "FORK", "ROLLBACK"] : noticed;
}
