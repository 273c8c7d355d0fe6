// unopened -- whose frames come and cannot be opened, by what the worker of frames tells: their newest key has not come, or the
// host has changed something. Pure.
import type { FrameTell } from "./framewire.ts";

interface Counts {
  opened: number;
  failed: number;
}

export class Unopened {
  #before = new Map<number, Counts>();
  #now: ReadonlySet<number> = new Set();

  /** Since the last word: some that could not be opened, and none that could. */
  has(participant: number): boolean {
    return this.#now.has(participant);
  }

  /** True when it is about others than before. */
  take({ received }: FrameTell): boolean {
    const after = new Map(received.map(({ participant, opened, keyMissing, damaged }) => [participant, { opened, failed: keyMissing + damaged }]));
    const since = (participant: number): Counts => this.#before.get(participant) ?? { opened: 0, failed: 0 };
    const now = new Set([...after].filter(([participant, { opened, failed }]) => opened === since(participant).opened && failed > since(participant).failed).map(([participant]) => participant));
    const isOther = now.size !== this.#now.size || [...now].some((participant) => !this.#now.has(participant));
    this.#before = after;
    this.#now = now;
    return isOther;
  }
}
