// grant -- room keys: their commitment, and their way to one device.
import { EnrumError } from "./error.ts";
import type { Bytes } from "./field.ts";
import { bytesEqual, bytesJoin } from "./layout.ts";
import type { WireOpenGrant } from "./layouts.ts";
import { TAG_BYTES, be64, deriveKeyImport, hpkeOpen, hpkeSeal, labelBytes, suiteHash, type SealPair } from "./suite.ts";
import { KEY_BYTES, LIMITS } from "./tables.ts";

const utf8 = new TextEncoder();

/** Binds a generation's key, so that one ciphertext cannot open to two texts for two readers. */
export function grantCommitment(room: Bytes, generation: number, roomKey: Bytes): Promise<Bytes> {
  return suiteHash("COMMITMENT", room, be64(generation), roomKey);
}

function grantInfo(room: Bytes, device: Bytes): Bytes {
  return bytesJoin([labelBytes("GRANT"), room, device]);
}

/**
 * Wraps the keys of generations first ... to a device. The cause is left empty.
 * Throws OVERSIZED, MALFORMED (a public key of small order). `ephemeral` only for test vectors.
 */
export async function grantWrap(
  room: Bytes, first: number, keys: readonly Bytes[], device: Bytes, sealKey: Bytes, ephemeral?: SealPair,
): Promise<WireOpenGrant> {
  if (keys.length === 0 || keys.length > LIMITS.GENERATIONS_PER_GRANT_MAX) throw new EnrumError("OVERSIZED", "grant");
  const last = first + keys.length - 1;
  const plain = bytesJoin(keys);
  const aad = bytesJoin([be64(first), be64(last)]);
  const { enc, sealed } = await hpkeSeal(sealKey, grantInfo(room, device), aad, plain, ephemeral);
  plain.fill(0);
  return { cause: new Uint8Array(0), device, first, last, enc, wrapped: sealed };
}

/**
 * The room keys of a grant to this device, in order. Whether they are the committed ones the caller checks, and wipes them:
 * grantOpen does both. Throws OPEN_FAILED, MALFORMED.
 */
export async function grantUnwrap(room: Bytes, grant: WireOpenGrant, pair: SealPair): Promise<Bytes[]> {
  const count = grant.last - grant.first + 1;
  if (count < 1 || count > LIMITS.GENERATIONS_PER_GRANT_MAX || grant.wrapped.length !== count * KEY_BYTES + TAG_BYTES) {
    throw new EnrumError("MALFORMED", "grant");
  }
  const aad = bytesJoin([be64(grant.first), be64(grant.last)]);
  const plain = await hpkeOpen(pair, grant.enc, grantInfo(room, grant.device), aad, grant.wrapped);
  const keys = Array.from({ length: count }, (_none, index) => plain.slice(index * KEY_BYTES, (index + 1) * KEY_BYTES));
  plain.fill(0);
  return keys;
}

/**
 * The room keys of a grant, by generation, as keys that cannot be read out. `commitmentOf` gives the commitment of a
 * generation from the log. Throws as grantUnwrap, COMMITMENT_WRONG: then none of them is used.
 */
export async function grantOpen(
  room: Bytes, grant: WireOpenGrant, pair: SealPair, commitmentOf: (generation: number) => Bytes | undefined,
): Promise<Map<number, CryptoKey>> {
  const raw = await grantUnwrap(room, grant, pair);
  try {
    const keys = new Map<number, CryptoKey>();
    for (const [index, key] of raw.entries()) {
      const generation = grant.first + index;
      const commitment = commitmentOf(generation);
      if (commitment === undefined || !bytesEqual(commitment, await grantCommitment(room, generation, key))) {
        throw new EnrumError("COMMITMENT_WRONG", `generation ${generation}`);
      }
      keys.set(generation, await deriveKeyImport(key));
    }
    return keys;
  } finally {
    for (const key of raw) key.fill(0);
  }
}

/** The cause id of a keeper's entry: what it does and about what. */
export function causeId(verb: string, ...parts: Uint8Array[]): Promise<Bytes> {
  return suiteHash("CAUSE", utf8.encode(`${verb}\0`), ...parts);
}
