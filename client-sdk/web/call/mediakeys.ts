// mediakeys -- this device's media key: which one, who is to have it, who has it, and when frames are sealed with it
// (protocol/README.md, section 21). Pure: the clock is passed in, and sending is the caller's.
import type { Bytes } from "../protocol/field.ts";
import { suiteRandom } from "../protocol/suite.ts";
import { ID_BYTES } from "../protocol/tables.ts";

/** A key that has not been acknowledged is sent again so often. */
export const KEY_AGAIN_MS = 2_000;
/** A key is used when all have it, or so long behind the first change that none was used for. */
export const KEY_WAIT_MS = 1_000;

export interface MediaKey {
  kid: number;
  /** 32 bytes. Not the caller's: wiped when the next key is made. */
  key: Bytes;
}

interface Receiver {
  hasIt: boolean;
  sentAt: number;
}

export interface MediaKeySteps {
  /** The key goes to these now. */
  send: string[];
  /** Frames are sealed with the key from now on: told once for each. */
  isUsed: boolean;
}

export class MediaKeys {
  current: MediaKey | undefined;
  /** Since when frames are sealed with another key than the newest; undefined when they are not. */
  #staleSince: number | undefined;
  /** Who has been given the key that frames are sealed with. */
  #usedBy: readonly string[] = [];
  /** Those of them of whom it is known that it has come. */
  #usedHere: ReadonlySet<string> = new Set();
  #receivers = new Map<string, Receiver>();

  /**
   * These and no others may open this device's media from now on. When they are others than before, a new key is made. It is used
   * at once when somebody has the one before who must not go on hearing (`isOut`), not only has left.
   */
  audienceSet(names: ReadonlySet<string>, nowMs: number, isOut: (name: string) => boolean = () => false): void {
    const isSame = names.size === this.#receivers.size && [...names].every((name) => this.#receivers.has(name));
    if (isSame) return;
    const kid = (this.current?.kid ?? -1) + 1;
    this.wipe();
    this.current = { kid, key: suiteRandom(ID_BYTES) };
    if (this.#staleSince === undefined) this.#usedHere = new Set([...this.#receivers].filter(([, { hasIt }]) => hasIt).map(([name]) => name));
    // A host that shows somebody come and go puts nothing off.
    this.#staleSince ??= nowMs;
    if (this.#usedBy.some((name) => !names.has(name) && isOut(name))) this.#staleSince = -Infinity;
    this.#receivers = new Map([...names].map((name) => [name, { hasIt: false, sentAt: -Infinity }]));
  }

  /** It has acknowledged this key. */
  onHere(name: string, kid: number): void {
    const receiver = this.#receivers.get(name);
    if (receiver !== undefined && kid === this.current?.kid) receiver.hasIt = true;
  }

  /** It has come back: what it lacks is sent at once. */
  onBack(name: string): void {
    const receiver = this.#receivers.get(name);
    if (receiver !== undefined) receiver.sentAt = -Infinity;
  }

  /** Has the newest key, or while that is not used yet the one that is. */
  hasKey(name: string): boolean {
    const receiver = this.#receivers.get(name);
    return receiver !== undefined && (receiver.hasIt || (this.#staleSince !== undefined && this.#usedHere.has(name)));
  }

  /** What is due now. Only those who can be reached are sent to, and waited for. */
  step(nowMs: number, isReachable: (name: string) => boolean): MediaKeySteps {
    const lacking = [...this.#receivers].filter(([name, { hasIt }]) => !hasIt && isReachable(name));
    const due = lacking.filter(([, { sentAt }]) => nowMs - sentAt >= KEY_AGAIN_MS);
    for (const [, receiver] of due) receiver.sentAt = nowMs;
    const isUsed = this.#staleSince !== undefined && (lacking.length === 0 || nowMs - this.#staleSince >= KEY_WAIT_MS);
    if (isUsed) {
      this.#staleSince = undefined;
      this.#usedBy = [...this.#receivers.keys()];
    }
    return { send: due.map(([name]) => name), isUsed };
  }

  /** When step has something to do next, ms of the same clock. */
  dueMs(isReachable: (name: string) => boolean): number {
    const lacking = [...this.#receivers].filter(([name, { hasIt }]) => !hasIt && isReachable(name));
    const again = Math.min(Infinity, ...lacking.map(([, { sentAt }]) => sentAt + KEY_AGAIN_MS));
    return this.#staleSince === undefined ? again : Math.min(again, this.#staleSince + KEY_WAIT_MS);
  }

  wipe(): void {
    this.current?.key.fill(0);
  }
}
