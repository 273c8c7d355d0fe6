// entry -- one signed, sealed item of a room's log: made, read, checked, opened, chained. Knows the bytes of one entry;
// whether its author may write it is each reader's question.
import { EnrumError } from "./error.ts";
import type { Bytes, Layout, ValueOf } from "./field.ts";
import { bytesJoin, layoutDecode, layoutEncode, layoutSeq } from "./layout.ts";
import { layoutContent, layoutEntry, layoutHead, layoutStored, type WireContent, type WireHead } from "./layouts.ts";
import {
  NONCE_BYTES, TAG_BYTES, be64, labelBytes, suiteDerive, suiteHash, suiteHashBare, suiteOpen, suitePad, suiteRandom, suiteSeal,
  suiteSign, suiteUnpad, suiteVerify, type SignPair,
} from "./suite.ts";
import {
  CLASSES, ID_BYTES, KINDS, LIMITS, PROTOCOL_VERSION, ROLES, ROOM_OPENERS, ROOM_TYPES, SIG_BYTES, SUITE_1, type ClassName, type KindName,
  type RoleName, type RoomTypeName,
} from "./tables.ts";

/** The open part by its class: `if (entry.open.class === "GRANT") entry.open.value.device`. */
export type EntryOpen = { [C in ClassName]: { class: C; value: ValueOf<(typeof CLASSES)[C]["open"]> } }[ClassName];

/** A decoded entry. Its bytes are views into what it was decoded from. */
export interface Entry {
  head: WireHead;
  open: EntryOpen;
  /** Of the open part: empty or 32 bytes. */
  cause: Bytes;
  headBytes: Bytes;
  openBytes: Bytes;
  sealed: Bytes;
  sig: Bytes;
  headHash: Bytes;
  openHash: Bytes;
  sealedHash: Bytes;
  /** sealedHash was given instead of the sealed part. */
  isErased: boolean;
}

/** An entry as stored: the entry and what the server added. */
export interface StoredEntry {
  entry: Entry;
  seq: number;
  receivedAt: number;
}

const NO_BYTES: Bytes = new Uint8Array(0);
/** The entry's key is used once, so its nonce is all zeros. */
const ZERO_NONCE: Bytes = new Uint8Array(NONCE_BYTES);

// -- Tables ---------------------------------------------------------------------------------------------------------

function nameOf<N extends string>(table: Record<N, number | { number: number }>, number: number): N | undefined {
  return (Object.keys(table) as N[]).find((name) => {
    const row = table[name];
    return (typeof row === "number" ? row : row.number) === number;
  });
}

/** Undefined for a number that is not in the table. */
export const className = (number: number): ClassName | undefined => nameOf(CLASSES, number);
export const kindName = (number: number): KindName | undefined => nameOf(KINDS, number);
export const roleName = (number: number): RoleName | undefined => nameOf(ROLES, number);
export const roomTypeName = (number: number): RoomTypeName | undefined => nameOf(ROOM_TYPES, number);

/** May this role append this class? False for what is not in the table. */
export function classMayWrite(classNumber: number, role: number): boolean {
  const [name, writer] = [className(classNumber), roleName(role)];
  return name !== undefined && writer !== undefined && (CLASSES[name].writers as readonly RoleName[]).includes(writer);
}

/** May this role write this kind in a room of this type? False for what is not in the table. */
export function kindMayWrite(kind: number, role: number, roomType: number): boolean {
  const [name, writer, place] = [kindName(kind), roleName(role), roomTypeName(roomType)];
  return name !== undefined && writer !== undefined && place !== undefined
    && (KINDS[name].writers as readonly RoleName[]).includes(writer) && (KINDS[name].rooms as readonly RoomTypeName[]).includes(place);
}

/** May somebody in this role open a room of this type? False for what is not in the table. */
export function roomTypeMayOpen(roomType: number, role: number): boolean {
  const [name, opener] = [roomTypeName(roomType), roleName(role)];
  return name !== undefined && opener !== undefined && (ROOM_OPENERS[name] as readonly RoleName[]).includes(opener);
}

/** A control entry's content is of the kind that its class is for, and a record's is of no such. */
export function kindFitsClass(kind: KindName, name: ClassName): boolean {
  if (name === "MEMBER") return kind === "CHANGE";
  if (name === "CHECKPOINT") return kind === "REFUSALS";
  return kind !== "CHANGE" && kind !== "REFUSALS";
}

// -- Reading --------------------------------------------------------------------------------------------------------

function hasRightSeal(hasContent: boolean, sealed: Bytes, isErased: boolean): boolean {
  if (!hasContent) return sealed.length === 0 && !isErased;
  return isErased ? sealed.length === 0 : sealed.length >= LIMITS.PADDED_BYTES_MIN + TAG_BYTES;
}

/** ENTRY_BYTES_MAX is for the four parts together: each alone may be less than its own limit. */
function isWithinLimit(head: Bytes, open: Bytes, sealed: Bytes): boolean {
  return head.length + open.length + sealed.length + SIG_BYTES <= LIMITS.ENTRY_BYTES_MAX;
}

/** From its parts, as a database keeps them; sealedHash is empty unless erased. Throws MALFORMED, SUITE_UNSUPPORTED. */
export async function entryOfParts(
  headBytes: Bytes, openBytes: Bytes, sealed: Bytes, sig: Bytes, sealedHash: Bytes = NO_BYTES,
): Promise<Entry> {
  if (!isWithinLimit(headBytes, openBytes, sealed)) throw new EnrumError("MALFORMED", "entry: too large");
  const head = layoutDecode(layoutHead, headBytes);
  if (head.suite !== SUITE_1) throw new EnrumError("SUITE_UNSUPPORTED", "entry");
  const name = className(head.class);
  if (name === undefined) throw new EnrumError("MALFORMED", "entry: unknown class");
  const open = { class: name, value: layoutDecode(CLASSES[name].open as Layout, openBytes) } as unknown as EntryOpen;
  const isErased = sealedHash.length === ID_BYTES;
  if (!hasRightSeal(CLASSES[name].hasContent, sealed, isErased)) throw new EnrumError("MALFORMED", "entry: sealed part");
  return {
    head, open, cause: open.value.cause, headBytes, openBytes, sealed, sig, isErased,
    headHash: await suiteHash("ENTRY_PART", headBytes),
    openHash: await suiteHash("ENTRY_PART", openBytes),
    sealedHash: isErased ? sealedHash : await suiteHash("ENTRY_PART", sealed),
  };
}

/** Throws as entryOfParts. A class without content must have an empty sealed part. */
export async function entryDecode(bytes: Bytes): Promise<Entry> {
  const wire = layoutDecode(layoutEntry, bytes);
  return entryOfParts(wire.head, wire.open, wire.sealed, wire.sig);
}

/** The entries of a SEQ. Throws as entryOfParts. */
export function entrySeq(seq: Bytes): Promise<Entry[]> {
  return Promise.all(layoutSeq(layoutEntry, seq).map((wire) => entryOfParts(wire.head, wire.open, wire.sealed, wire.sig)));
}

/** The stored entries of a SEQ. Throws as entryOfParts. */
export function storedSeq(seq: Bytes): Promise<StoredEntry[]> {
  return Promise.all(layoutSeq(layoutStored, seq).map(async (wire) => ({
    entry: await entryOfParts(wire.head, wire.open, wire.sealed, wire.sig, wire.sealed_hash),
    seq: wire.seq,
    receivedAt: wire.received_at,
  })));
}

/** Throws MALFORMED. */
export function storedEncode({ entry, seq, receivedAt }: StoredEntry): Bytes {
  return layoutEncode(layoutStored, {
    seq, received_at: receivedAt, head: entry.headBytes, open: entry.openBytes, sealed: entry.sealed, sig: entry.sig,
    sealed_hash: entry.isErased ? entry.sealedHash : NO_BYTES,
  });
}

export function entrySignatureIsGood(entry: Entry, signKey: Bytes): Promise<boolean> {
  return suiteVerify(signKey, entry.sig, "ENTRY_SIGNATURE", entry.headHash, entry.openHash, entry.sealedHash);
}

/** The hash of the entry at its place in the chain; `previous` is the room id for the first. */
export function entryChain(entry: Entry, previous: Bytes, seq: number, receivedAt: number): Promise<Bytes> {
  return suiteHash("CHAIN", previous, be64(seq), be64(receivedAt), entry.headHash, entry.openHash, entry.sealedHash, entry.sig);
}

/** One hash over everything that was sent: tells whether two entries with one id are the same. */
export function entryBytesHash(entry: Entry): Promise<Bytes> {
  return suiteHashBare(entry.headHash, entry.openHash, entry.sealedHash, entry.sig);
}

/** The id of a room opened by this certificate (its hash) with this random. */
export function roomId(board: Bytes, certificate: Bytes, random: Bytes): Promise<Bytes> {
  return suiteHash("GENESIS", board, certificate, random);
}

// -- Making and opening ---------------------------------------------------------------------------------------------

/** What an author gives to make an entry. */
export type EntryDraft = { [C in ClassName]: {
  class: C;
  head: Omit<WireHead, "version" | "suite" | "class" | "salt">;
  open: ValueOf<(typeof CLASSES)[C]["open"]>;
  content?: WireContent;
} }[ClassName];

function sealData(headHash: Bytes, openHash: Bytes): Bytes {
  return bytesJoin([labelBytes("ENTRY_SEAL"), headHash, openHash]);
}

async function contentSeal(content: WireContent, salt: Bytes, aad: Bytes, roomKey: CryptoKey): Promise<Bytes> {
  const plain = layoutEncode(layoutContent, content, LIMITS.ENTRY_BYTES_MAX);
  const padded = suitePad(plain, LIMITS.ENTRY_BYTES_MAX);
  const sealed = await suiteSeal(await suiteDerive(roomKey, salt, "ENTRY_KEY"), ZERO_NONCE, aad, padded);
  plain.fill(0);
  padded.fill(0);
  if (sealed.length > LIMITS.ENTRY_BYTES_MAX) throw new EnrumError("OVERSIZED", "sealed part");
  return sealed;
}

/** With the salt given: only for test vectors. */
export async function entryEncodeWith(draft: EntryDraft, salt: Bytes, roomKey: CryptoKey | undefined, author: SignPair): Promise<Bytes> {
  const { number, open: openLayout, hasContent } = CLASSES[draft.class];
  if ((draft.content !== undefined) !== hasContent || (hasContent && roomKey === undefined)) {
    throw new EnrumError("MALFORMED", `${draft.class}: content`);
  }
  const headValue = { ...draft.head, version: PROTOCOL_VERSION, suite: SUITE_1, class: number, salt };
  const head = layoutEncode(layoutHead, headValue, LIMITS.HEAD_BYTES_MAX);
  const open = layoutEncode(openLayout as Layout, draft.open as never, LIMITS.OPEN_BYTES_MAX);
  const headHash = await suiteHash("ENTRY_PART", head);
  const openHash = await suiteHash("ENTRY_PART", open);
  const sealed = draft.content === undefined ? NO_BYTES
    : await contentSeal(draft.content, salt, sealData(headHash, openHash), roomKey as CryptoKey);
  if (!isWithinLimit(head, open, sealed)) throw new EnrumError("OVERSIZED", "entry");
  const sig = await suiteSign(author, "ENTRY_SIGNATURE", headHash, openHash, await suiteHash("ENTRY_PART", sealed));
  return layoutEncode(layoutEntry, { head, open, sealed, sig });
}

/** Makes, seals and signs an entry. roomKey may be left out for a class without content. Throws MALFORMED, OVERSIZED. */
export function entryEncode(draft: EntryDraft, roomKey: CryptoKey | undefined, author: SignPair): Promise<Bytes> {
  return entryEncodeWith(draft, suiteRandom(ID_BYTES), roomKey, author);
}

/** The sealed content. Throws PAYLOAD_MISSING (erased, or a class without content), OPEN_FAILED, MALFORMED. */
export async function entryOpen(entry: Entry, roomKey: CryptoKey): Promise<WireContent> {
  if (entry.isErased || entry.sealed.length === 0) throw new EnrumError("PAYLOAD_MISSING");
  const key = await suiteDerive(roomKey, entry.head.salt, "ENTRY_KEY");
  const padded = await suiteOpen(key, ZERO_NONCE, sealData(entry.headHash, entry.openHash), entry.sealed);
  return layoutDecode(layoutContent, suiteUnpad(padded));
}
