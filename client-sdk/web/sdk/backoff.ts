// backoff -- when to try again: a delay that doubles from `firstMs` to `maxMs`, with jitter, so that many clients of a server
// that came back do not come back at once. Knows no clock.

export class Backoff {
  /** Monotonic; 0: at once. */
  nextAt = 0;
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  /** Of the next failure. */
  #delayMs: number;

  /** `random` gives numbers from 0 up to, and not, 1. */
  constructor(firstMs: number, maxMs: number, random: () => number) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
    this.#random = random;
    this.#delayMs = firstMs;
  }

  /** It failed: the next try is due after half to all of the delay. */
  fail(nowMs: number): void {
    const half = Math.floor(this.#delayMs / 2);
    this.nextAt = nowMs + half + Math.floor(this.#random() * half);
    this.#delayMs = Math.min(this.#delayMs * 2, this.#maxMs);
  }

  /** It worked: the next failure begins from the first delay. */
  reset(): void {
    this.#delayMs = this.#firstMs;
    this.nextAt = 0;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.nextAt;
  }
}
