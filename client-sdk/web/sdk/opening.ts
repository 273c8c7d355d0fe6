// opening -- the entries with which somebody opens a room: its first key, granted to this device and to the board's
// keepers, what the room is, and the first thing said in it. All or nothing.
import { entryEncode, roomId, type EntryDraft } from "../protocol/entry.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { grantCommitment, grantWrap } from "../protocol/grant.ts";
import { bytesJoin, layoutEncode } from "../protocol/layout.ts";
import { layoutBodyRoom, layoutMember, type WireContent } from "../protocol/layouts.ts";
import { deriveKeyImport, suiteRandom } from "../protocol/suite.ts";
import { ID_BYTES, KEY_BYTES, KINDS, LIMITS, ROLES, ROOM_TYPES } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import type { RoomSaid } from "./roomcopy.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

export interface Opening {
  room: Bytes;
  random: Bytes;
  key: CryptoKey;
  /** Of the last entry. */
  deviceSeq: number;
  /** SEQ of entry. */
  entries: Bytes;
}

type Part = { [C in EntryDraft["class"]]: { class: C; open: Extract<EntryDraft, { class: C }>["open"]; content?: WireContent } }[EntryDraft["class"]];

/** The generation's and the grants' open parts, from a room key that is wiped behind it. */
async function keyParts(enrum: Enrum, room: Bytes): Promise<{ parts: Part[]; key: CryptoKey }> {
  const raw = suiteRandom(KEY_BYTES);
  try {
    const members = bytesJoin([
      layoutEncode(layoutMember, { person: enrum.certified.certificate.body.person, role: enrum.roleNumber }),
      layoutEncode(layoutMember, { person: enrum.board.id, role: ROLES.KEEPER }),
    ]);
    const commitment = await grantCommitment(room, 1, raw);
    const generation = { cause: NO_BYTES, purpose: 0, number: 1, commitment, base_seq: 0, base_hash: room, members };
    const parts: Part[] = [{ class: "GENERATION", open: generation }];
    const own = { device: enrum.device, sealKey: enrum.keys.seal.publicKey };
    const keepers = enrum.asks.keepers.map(({ certificate }) => ({ device: certificate.device, sealKey: certificate.body.seal_key }));
    for (const { device, sealKey } of [own, ...keepers]) {
      parts.push({ class: "GRANT", open: await grantWrap(room, 1, [raw], device, sealKey) });
    }
    return { parts, key: await deriveKeyImport(raw) };
  } finally {
    raw.fill(0);
  }
}

function roomContent({ type, title, unit = NO_BYTES }: RoomSaid, role: number): WireContent {
  const body = layoutEncode(layoutBodyRoom, { type: ROOM_TYPES[type], title, unit }, LIMITS.CONTENT_BYTES_MAX);
  return { kind: KINDS.ROOM.number, role, rule_version: 1, event_time: 0, language: "", body };
}

/** Throws NOT_LOGGED_IN, KEEPER_AWAY (no keeper is known to grant the key to), OVERSIZED (title). */
export async function openingMake(enrum: Enrum, said: RoomSaid & { content: WireContent }): Promise<Opening> {
  if (enrum.asks.keepers.length === 0) throw new EnrumError("KEEPER_AWAY");
  const certificate = enrum.certified.certificate.hash;
  const random = suiteRandom(ID_BYTES);
  const room = await roomId(enrum.board.id, certificate, random);
  const open = { cause: NO_BYTES, blobs: NO_BYTES };
  const records: Part[] = [
    { class: "RECORD", open, content: roomContent(said, enrum.roleNumber) },
    { class: "RECORD", open, content: said.content },
  ];
  const { parts, key } = await keyParts(enrum, room);
  const entries: Bytes[] = [];
  for (const part of [...parts, ...records]) {
    const head = {
      room, generation: 1, certificate, device_seq: entries.length + 1, seen_seq: 0, seen_hash: room, time: enrum.clock.wallMs(),
    };
    entries.push(await entryEncode({ head, ...part } as EntryDraft, key, enrum.keys.sign));
  }
  return { room, random, key, deviceSeq: entries.length, entries: bytesJoin(entries) };
}
