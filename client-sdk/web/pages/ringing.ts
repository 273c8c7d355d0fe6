// ringing -- above every page: a call rings, one was missed, somebody knocks, or one goes on that this tab is in; or a borrowed device will be
// logged out from.
import { html, nothing, type TemplateResult } from "lit";
import type { RingView } from "../sdk/view.ts";
import { CallBase } from "./callbase.ts";
import { callName } from "./calltile.ts";
import "./idle.ts";
import { go, hrefOf } from "./route.ts";
import { knockPlay, ringBegin } from "./tone.ts";
import { personName, shortWhen, words } from "./words/words.ts";

class Ringing extends CallBase {
  static override properties = { ...CallBase.properties, openCall: { attribute: false } };
  /** The room whose call is on the page. */
  declare openCall: string | undefined;
  #ringEnd: (() => void) | undefined;
  /** Who has been heard knocking. */
  #knocked = new Set<number>();
  /** Calls in which somebody has been heard waiting. */
  #waited = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    // It may be ringing already: this is loaded a little after the page.
    this.told();
  }

  override disconnectedCallback(): void {
    this.#ringEnd?.();
    this.#ringEnd = undefined;
    super.disconnectedCallback();
  }

  get #rings(): RingView[] {
    return this.session?.rings ?? [];
  }

  get #knocking() {
    const { view } = this.calls;
    return view?.isHost === true ? view.people.filter(({ state }) => state === "waiting") : [];
  }

  protected override told(): void {
    const isRinging = this.#rings.some(({ state, room }) => state === "ringing" && room !== this.openCall) && this.calls.view?.phase !== "in";
    if (isRinging) this.#ringEnd ??= ringBegin();
    else {
      this.#ringEnd?.();
      this.#ringEnd = undefined;
    }
    const knocking = this.#knocking.map(({ participant }) => participant);
    if (knocking.some((one) => !this.#knocked.has(one))) knockPlay();
    this.#knocked = new Set(knocking);
    const waited = this.#rings.filter((ring) => this.#isWaitedIn(ring)).map(({ call }) => call);
    if (waited.some((one) => !this.#waited.has(one))) knockPlay();
    this.#waited = new Set(waited);
    super.told();
  }

  /** A citizen has come to a call in which none of the staff is. */
  #isWaitedIn({ state, caller, room }: RingView): boolean {
    return state === "goesOn" && caller.role === "citizen" && this.session?.role === "staff" && room !== this.openCall;
  }

  #ring({ room, caller }: RingView): TemplateResult {
    const w = words().video;
    return html`<section class="ringing" role="alert"><div><p><strong>${w.rings(personName(caller))}</strong></p><p class="small">${w.ringsText}</p></div>
      <p class="choices"><button class="primary" @click=${() => go({ page: "call", room })}>${w.answer}</button>
      <button @click=${() => void this.client.callRefuse(room)}>${w.decline}</button></p></section>`;
  }

  #missed({ room, caller, at }: RingView): TemplateResult {
    const w = words().video;
    return html`<section class="notice" role="status"><p>${w.missed(personName(caller), shortWhen(at, Date.now()))}</p>
      <a class="button" href=${hrefOf({ page: "room", room })} @click=${() => void this.client.callRefuse(room)}>${w.back}</a>
      <button @click=${() => void this.client.callRefuse(room)}>${w.seen}</button></section>`;
  }

  /** The call goes on while the person reads something else. */
  #inCall(): TemplateResult | typeof nothing {
    const { view } = this.calls;
    if (view?.room === undefined || view.phase === "over" || view.room === this.openCall) return nothing;
    const w = words().video;
    const knocking = this.#knocking.map((person) => w.knocks(callName(person)));
    return html`<section class="notice" role="status"><p>${[w.goesOnHere, ...knocking].join(". ")}</p><a class="button" href=${hrefOf({ page: "call", room: view.room })}>${w.toCall}</a></section>`;
  }

  /** Nobody is rung, and there is a call: somebody waits in it, or one was invited to come when it suits. */
  #goesOn(ring: RingView): TemplateResult {
    const w = words().video;
    const { room, caller } = ring;
    const text = this.#isWaitedIn(ring) ? w.waits(personName(caller)) : w.goesOn;
    return html`<section class="notice" role="status"><p>${text}</p><a class="button" href=${hrefOf({ page: "call", room })}>${w.join}</a></section>`;
  }

  protected override render(): TemplateResult {
    return html`<enrum-idle .client=${this.client}></enrum-idle>${this.#inCall()}
      ${this.#rings.filter(({ state, room }) => state === "goesOn" && room !== this.openCall).map((ring) => this.#goesOn(ring))}
      ${this.#rings.filter(({ state, room }) => state === "ringing" && room !== this.openCall).map((ring) => this.#ring(ring))}
      ${this.#rings.filter(({ state }) => state === "missed").map((ring) => this.#missed(ring))}`;
  }
}

customElements.define("enrum-ringing", Ringing);
