// keyring -- the room keys of one room that this device has been given, one per generation. A key enters only when it is the
// one that its generation committed to, and no script can read it out.
import type { Bytes } from "../protocol/field.ts";
import { grantOpen } from "../protocol/grant.ts";
import type { WireOpenGrant } from "../protocol/layouts.ts";
import type { SealPair } from "../protocol/suite.ts";
import type { Fold } from "./fold.ts";

export class Keyring {
  readonly #room: Bytes;
  /** The first generation that this person may read: what was written before they came is not for them. */
  first = 1;
  readonly #keys = new Map<number, CryptoKey>();

  constructor(room: Bytes) {
    this.#room = room;
  }

  /** Undefined when it is not here. */
  find(generation: number): CryptoKey | undefined {
    return this.#keys.get(generation);
  }

  /** Has it the keys of all generations that it may have, up to this one? */
  isWhole(generation: number): boolean {
    for (let number = this.first; number <= generation; number++) {
      if (!this.#keys.has(number)) return false;
    }
    return true;
  }

  /**
   * A grant to this device; returns how many of its keys were not here. Throws OPEN_FAILED, MALFORMED, COMMITMENT_WRONG: then
   * none of its keys is kept.
   */
  async grant(fold: Fold, grant: WireOpenGrant, pair: SealPair): Promise<number> {
    const opened = await grantOpen(this.#room, grant, pair, (generation) => fold.commitment(generation));
    const before = this.#keys.size;
    for (const [generation, key] of opened) {
      if (!this.#keys.has(generation)) this.#keys.set(generation, key);
    }
    return this.#keys.size - before;
  }
}
