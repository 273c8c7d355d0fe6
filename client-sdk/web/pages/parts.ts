// parts -- a list that may be ten thousand entries long: only the parts of it that are near the window are drawn, the others
// keep their height. A part is a whole number of entries, counted from the first, so that what comes at the end moves none.
import type { ReactiveController, ReactiveControllerHost, TemplateResult } from "lit";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

/** Entries in a part. */
const PART = 25;
/** How far from the window a part is drawn, px: more than a turn of the wheel or a push of the thumb. */
const NEAR = "2000px 0px";
/** Of an entry, px, until one has been seen. */
const HEIGHT = 90;

export class Parts implements ReactiveController {
  #host: ReactiveControllerHost & HTMLElement;
  /** Where the list is looked at first. */
  #begin: "first" | "last";
  #near = new Set<number>();
  /** Of those full ones that have been drawn, when they went away, px. */
  #heights = new Map<number, number>();
  #observed = new Set<Element>();
  #observer: IntersectionObserver | undefined;
  #count = 0;
  #isWhole = false;

  constructor(host: ReactiveControllerHost & HTMLElement, begin: "first" | "last") {
    this.#host = host;
    this.#begin = begin;
    host.addController(this);
  }

  hostConnected(): void {
    // By the window of these pages: within a frame on another site's page, browsers heed no margin around that page's.
    this.#observer = new IntersectionObserver((seen) => this.#onSeen(seen), { root: document, rootMargin: NEAR });
    addEventListener("resize", this.#onResize);
    addEventListener("beforeprint", this.#onPrint);
    addEventListener("afterprint", this.#afterPrint);
  }

  hostDisconnected(): void {
    removeEventListener("resize", this.#onResize);
    removeEventListener("beforeprint", this.#onPrint);
    removeEventListener("afterprint", this.#afterPrint);
    this.#observer?.disconnect();
    this.#observed.clear();
    this.clear();
  }

  hostUpdated(): void {
    const parts = new Set(this.#host.querySelectorAll("[data-part]"));
    for (const gone of this.#observed) if (!parts.has(gone)) this.#observer?.unobserve(gone);
    for (const part of parts) if (!this.#observed.has(part)) this.#observer?.observe(part);
    this.#observed = parts;
  }

  /** Another list. */
  clear(): void {
    this.#near.clear();
    this.#heights.clear();
    this.#count = 0;
  }

  /** A telephone that is turned breaks its lines elsewhere. */
  #onResize = (): void => this.#heights.clear();

  /** On paper stands all of it. */
  #onPrint = (): void => {
    this.#isWhole = true;
    this.#host.requestUpdate();
    // Lit draws in a microtask, and the browser prints before: now, please.
    (this.#host as unknown as { performUpdate(): void }).performUpdate();
  };

  #afterPrint = (): void => {
    this.#isWhole = false;
    this.#host.requestUpdate();
  };

  #onSeen(seen: IntersectionObserverEntry[]): void {
    let isChanged = false;
    for (const { target, isIntersecting, boundingClientRect } of seen) {
      const part = Number((target as HTMLElement).dataset.part);
      // Where somebody is with the keyboard is not taken away under them.
      const isNear = isIntersecting || target.contains(document.activeElement);
      if (isNear === this.#near.has(part)) continue;
      isChanged = true;
      if (isNear) this.#near.add(part);
      else this.#near.delete(part);
      // The last one is mostly not full, and says nothing of how high the others are.
      if (!isNear && this.#entries(part) === PART) this.#heights.set(part, boundingClientRect.height);
    }
    if (isChanged) this.#host.requestUpdate();
  }

  /** Entry number `index` is drawn when this settles. */
  async reach(index: number): Promise<void> {
    this.#near.add(Math.floor(index / PART));
    this.#host.requestUpdate();
    await this.#host.updateComplete;
  }

  #entries(part: number): number {
    return Math.min(PART, this.#count - part * PART);
  }

  #height(part: number): number {
    const entries = this.#entries(part);
    if (this.#heights.size === 0) return entries * HEIGHT;
    const known = this.#heights.get(part);
    if (known !== undefined) return known;
    const sum = [...this.#heights.values()].reduce((total, height) => total + height, 0);
    return sum / this.#heights.size * entries / PART;
  }

  /** `count` entries of which `draw` gives one each; they are list items of lists of this class. */
  render(count: number, listClass: string, keyOf: (index: number) => unknown, draw: (index: number) => TemplateResult): TemplateResult {
    const parts = Math.ceil(count / PART);
    // Where a list is opened it is drawn at once, without a look at where the window is.
    if (this.#count === 0) for (const part of this.#begin === "last" ? [parts - 2, parts - 1] : [0, 1]) this.#near.add(part);
    else if (count > this.#count && this.#near.has(Math.ceil(this.#count / PART) - 1)) this.#near.add(parts - 1);
    this.#count = count;
    return html`${repeat(Array.from({ length: parts }, (_, part) => part), (part) => part, (part) => {
      const first = part * PART;
      const indexes = Array.from({ length: this.#entries(part) }, (_, i) => first + i);
      const isDrawn = this.#isWhole || this.#near.has(part);
      const style = isDrawn ? "" : `block-size: ${this.#height(part)}px`;
      return html`<ol class=${listClass} data-part=${part} .style=${style}>${isDrawn ? repeat(indexes, keyOf, draw) : nothing}</ol>`;
    })}`;
  }
}
