// base -- what all elements of the pages share: they draw into the page itself (one style sheet, one document for print and
// screen readers), hold the client, and draw anew when it tells something, the language changes, or a minute has passed.
import { LitElement } from "lit";
import type { EnrumClient, SessionView } from "../sdk/view.ts";
import { languageSubscribe } from "./words/words.ts";

const TICK_MS = 15_000;

export abstract class Base extends LitElement {
  static override properties = { client: { attribute: false } };
  declare client: EnrumClient;
  /** Waiting times and "today" go on by themselves. */
  protected isTicking = false;
  #ends: (() => void)[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.client !== undefined) return this.#begin();
    // It was on the page before the part that defines it was loaded: what it was given is its own with its first drawing.
    void this.updateComplete.then(() => {
      if (this.isConnected) this.#begin();
    });
  }

  #begin(): void {
    const draw = () => this.requestUpdate();
    this.#ends = [this.client.subscribe(() => this.told()), languageSubscribe(draw)];
    if (this.isTicking) {
      const timer = setInterval(draw, TICK_MS);
      this.#ends.push(() => clearInterval(timer));
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** The client has told something. */
  protected told(): void {
    this.requestUpdate();
  }

  protected get session(): SessionView | undefined {
    return this.client.session;
  }
}
