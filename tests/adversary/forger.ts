// forger -- entries that are encoded, sealed, chained and signed as they should be, by somebody who should not. What an honest
// client would never make, a host or a member may.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { certificateEncode, certificateDecode, deviceId } from "../../client-sdk/web/protocol/certificate.ts";
import { entryChain, entryEncode, entryOfParts, roomId, type EntryDraft } from "../../client-sdk/web/protocol/entry.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Bytes, Layout, Message, ValueOf } from "../../client-sdk/web/protocol/field.ts";
import { bytesEqual, bytesHex, bytesJoin, bytesOfHex, layoutDecode, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutEntry, layoutHead, layoutMember, type WireContent, type WireHead, type WireStored } from "../../client-sdk/web/protocol/layouts.ts";
import { grantCommitment, grantWrap } from "../../client-sdk/web/protocol/grant.ts";
import { messageAck, messageAppend, messageRoomCreate } from "../../client-sdk/web/protocol/messages.ts";
import {
  deriveKeyImport, sealPairNew, sealPairOfSecret, signPairNew, signPairOfSeed, suiteRandom, type SignPair,
} from "../../client-sdk/web/protocol/suite.ts";
import { CLASSES, ID_BYTES, KEY_BYTES, KINDS, ROLES, ROOM_TYPES, type ClassName, type KindName } from "../../client-sdk/web/protocol/tables.ts";
import type { Answer } from "../../client-sdk/web/sdk/contact.ts";
import type { Enrum } from "../../client-sdk/web/sdk/enrum.ts";
import type { Room } from "../../client-sdk/web/sdk/roomcopy.ts";
import { eventually } from "../../demo/device.ts";
import type { Seat } from "../sdk/seat.ts";
import type { Given } from "./cheats.ts";
import { entryOfTwoReadings } from "./tworeadings.ts";

const NO_BYTES: Bytes = new Uint8Array(0);
export const FORGED = "Flytta in pengarna på ett annat konto";

/** In whose name, and with whose keys. */
export interface Author {
  /** Hash of the certificate that the head names. */
  certificate: Bytes;
  role: number;
  keys: SignPair;
  /** The certificate and its issuer's, to be told beside the entry. */
  chain: Bytes;
}

/** What an entry says. */
export type Words = { [C in ClassName]: { class: C; open: ValueOf<(typeof CLASSES)[C]["open"]>; content?: WireContent } }[ClassName];

export function authorOf({ engine }: Seat): Author {
  const { certificate, bytes, issuer } = engine.enrum.certified;
  return { certificate: certificate.hash, role: certificate.body.role, keys: engine.enrum.keys.sign, chain: bytesJoin([issuer, bytes]) };
}

/** The author's certificate, and keys that are not its own. */
export async function impostorOf(seat: Seat): Promise<Author> {
  return { ...authorOf(seat), keys: await signPairNew() };
}

/** Somebody whom the host has certified itself, as if it were the board's keeper, or (KEEPER) the board's root. */
export async function strangerOf(seat: Seat, role: keyof typeof ROLES): Promise<Author> {
  const [keys, seal, host] = [await signPairNew(), await sealPairNew(), await signPairNew()];
  const { body } = seat.engine.enrum.certified.certificate;
  const isKeeper = role === "KEEPER";
  const bytes = await certificateEncode(host, {
    ...body, role: ROLES[role], sign_key: keys.publicKey, seal_key: seal.publicKey,
    ...(isKeeper ? { issuer: body.board, person: body.board, level: 4 } : {}),
  });
  return { certificate: (await certificateDecode(bytes)).hash, role: ROLES[role], keys, chain: bytes };
}

export function contentOf<K extends KindName>(kind: K, role: number, body: ValueOf<(typeof KINDS)[K]["body"]>): WireContent {
  const bytes = layoutEncode(KINDS[kind].body as Layout, body as never);
  return { kind: KINDS[kind].number, role, rule_version: 0, event_time: 0, language: "", body: bytes };
}

/** A message in these words. */
export function message(role: number, text = FORGED): Words {
  return { class: "RECORD", open: { cause: NO_BYTES, blobs: NO_BYTES }, content: contentOf("MESSAGE", role, { text, reply_seq: 0 }) };
}

async function hashOf({ head, open, sealed, sig, sealed_hash, seq, received_at }: WireStored, previous: Bytes): Promise<Bytes> {
  try {
    return await entryChain(await entryOfParts(head, open, sealed, sig, sealed_hash), previous, seq, received_at);
  } catch (error) {
    if (!(error instanceof EnrumError)) throw error;
    return suiteRandom(ID_BYTES); // what cannot be read has no hash
  }
}

/** The hashes of a log's entries in the order that they are given in; the room's id stands first. */
export async function hashesOf(room: Bytes, log: readonly WireStored[]): Promise<Bytes[]> {
  const hashes = [room];
  for (const stored of log) hashes.push(await hashOf(stored, hashes.at(-1) as Bytes));
  return hashes;
}

function writtenBy(log: readonly WireStored[], certificate: Bytes): number {
  return log.filter(({ head }) => bytesEqual(layoutDecode(layoutHead, head).certificate, certificate)).length;
}

function generationOf(log: readonly WireStored[]): number {
  return log.filter(({ head }) => layoutDecode(layoutHead, head).class === CLASSES.GENERATION.number).length;
}

/**
 * The log and one more entry, with everything in order but what `lies` change in its head. It is sealed with the room's own
 * key, which `reader` has.
 */
export async function forged(log: readonly WireStored[], author: Author, words: Words, reader: Seat, room: Bytes, lies: Partial<WireHead> = {}): Promise<WireStored[]> {
  const now = Date.now();
  const generation = lies.generation ?? generationOf(log) + (words.class === "GENERATION" ? 1 : 0);
  const head = {
    room, generation, certificate: author.certificate, device_seq: writtenBy(log, author.certificate) + 1, seen_seq: log.length,
    seen_hash: (await hashesOf(room, log)).at(-1) as Bytes, time: now, ...lies,
  };
  const key = reader.engine.enrum.rooms.get(bytesHex(room))?.keyring.find(generation);
  const entry = layoutDecode(layoutEntry, await entryEncode({ ...words, head } as EntryDraft, key, author.keys));
  return [...log, { ...entry, seq: log.length + 1, received_at: Math.max(now, log.at(-1)?.received_at ?? 0), sealed_hash: NO_BYTES }];
}

/** Room and hash of entry seq as the honest reader has them. */
export function entryHash(reader: Seat, room: string, seq: number): Bytes {
  return reader.engine.enrum.rooms.get(room)?.fold.hashAt(seq) ?? bytesOfHex(room);
}

/** What an entry says, sent as this device sends its own and taken by the host; its number, once this device has it in its log. */
export async function slip(seat: Seat, room: string, { head: lies, ...words }: Words & { head?: Partial<WireHead> }, key?: CryptoKey): Promise<number> {
  const { enrum } = seat.engine;
  const { id, fold, keyring } = enrum.rooms.get(room) as Room;
  const generation = fold.generationCount;
  const head = {
    room: id, generation, certificate: enrum.certified.certificate.hash, device_seq: fold.deviceSeq(enrum.device) + 1,
    seen_seq: fold.seq, seen_hash: fold.hash, time: Date.now(), ...lies,
  };
  const entries = await entryEncode({ ...words, head } as EntryDraft, key ?? keyring.find(generation), enrum.keys.sign);
  const { frame } = await asked(enrum, messageAppend, { board: enrum.board.id, room: id, entries });
  const { seq } = layoutDecode(messageAck, frame);
  await eventually(`entry ${seq} comes back`, async () => fold.seq >= seq);
  return seq;
}

/** The host's answer; its refusal is thrown. */
function asked<M extends Message>(enrum: Enrum, message: M, value: Omit<ValueOf<M>, "type" | "request">): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  void enrum.turn(() => enrum.contact.ask(message, value as never, (answer) => {
    if (answer.error === undefined) resolve(answer);
    else reject(new EnrumError(answer.error));
  })).catch(reject);
  return promise;
}

// -- A conversation that is opened with unequal keys -------------------------------------------------------------------

/** Where a grant goes. */
export interface Receiver {
  device: Bytes;
  sealKey: Bytes;
}

/** The receiver of grants that a command line's home holds the keys of. */
export async function receiverAt(home: string): Promise<Receiver> {
  const secrets = new Uint8Array(readFileSync(join(home, "device.key"))).slice(-2 * KEY_BYTES);
  const sign = await signPairOfSeed(secrets.slice(0, KEY_BYTES));
  const seal = await sealPairOfSecret(secrets.slice(KEY_BYTES));
  return { device: await deviceId(sign.publicKey, seal.publicKey), sealKey: seal.publicKey };
}

export function receiverOf({ engine: { enrum } }: Seat): Receiver {
  return { device: enrum.device, sealKey: enrum.keys.seal.publicKey };
}

export function keepersKnown({ engine: { enrum } }: Seat): Receiver[] {
  return enrum.asks.keepers.map(({ certificate }) => ({ device: certificate.device, sealKey: certificate.body.seal_key }));
}

async function granted(room: Bytes, [committed, second]: RoomKeys, { device, sealKey }: Receiver, given: Given): Promise<Words> {
  const key = { COMMITTED: committed, SECOND: second, OTHER: undefined, GARBAGE: committed }[given] ?? suiteRandom(KEY_BYTES);
  const open = await grantWrap(room, 1, [key], device, sealKey);
  const wrapped = given === "GARBAGE" ? suiteRandom(open.wrapped.length) : open.wrapped;
  return { class: "GRANT", open: { ...open, wrapped } };
}

/** The key that the generation commits to; and, where the message has two readings, the one that it has the other under. */
export type RoomKeys = readonly [Bytes, Bytes?];

/** A conversation that the host has opened for this seat: each of these is granted what stands with it. */
export async function openUnequal(
  seat: Seat, receivers: readonly [Receiver, Given][], text: string, keys: RoomKeys = [suiteRandom(KEY_BYTES)],
): Promise<string> {
  const { enrum } = seat.engine;
  const { certificate: { hash: certificate, body: { person } } } = enrum.certified;
  const random = suiteRandom(ID_BYTES);
  const room = await roomId(enrum.board.id, certificate, random);
  const members = bytesJoin([{ person, role: ROLES.CITIZEN }, { person: enrum.board.id, role: ROLES.KEEPER }].map((member) => layoutEncode(layoutMember, member)));
  const said = { cause: NO_BYTES, blobs: NO_BYTES };
  const entries: Bytes[] = [];
  const drafted = (words: Words): EntryDraft => ({
    ...words, head: { room, generation: 1, certificate, device_seq: entries.length + 1, seen_seq: 0, seen_hash: room, time: Date.now() },
  }) as EntryDraft;
  const put = async (words: Words, key: Bytes = keys[0]): Promise<void> => {
    entries.push(await entryEncode(drafted(words), await deriveKeyImport(key), enrum.keys.sign));
  };
  await put({ class: "GENERATION", open: { cause: NO_BYTES, purpose: 0, number: 1, commitment: await grantCommitment(room, 1, keys[0]), base_seq: 0, base_hash: room, members } });
  const title = contentOf("ROOM", ROLES.CITIZEN, { type: ROOM_TYPES.PARTY, title: text, unit: NO_BYTES });
  for (const key of keys) await put({ class: "RECORD", open: said, content: title }, key);
  if (keys[1] === undefined) await put(message(ROLES.CITIZEN, text));
  else entries.push(await entryOfTwoReadings(drafted(message(ROLES.CITIZEN)), enrum.keys.sign));
  for (const [receiver, given] of receivers) await put(await granted(room, keys, receiver, given));
  await asked(enrum, messageRoomCreate, { board: enrum.board.id, random, entries: bytesJoin(entries) });
  // The host tells whoever opens a room nothing of it unasked.
  await enrum.turn(() => enrum.roomMake(room).letIn());
  return bytesHex(room);
}
