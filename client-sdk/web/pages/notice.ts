// notice -- the lines under the header: no contact, log in again, keeper away, a trial. What one must know, and no more.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ErrorName } from "../protocol/tables.ts";
import { bring } from "../link/bring.ts";
import { Base } from "./base.ts";
import { unreviewedNotice } from "./languagechoice.ts";
import { errorWords, words } from "./words/words.ts";
import { writtenForget } from "./writing.ts";

/** A connection that is back within this time is not worth a word. */
const SILENT_MS = 1_500;
const SECOND_MS = 1_000;
const BRING_AGAIN_MS = 5_000;

class Notice extends Base {
  static override properties = { ...Base.properties, aborted: { attribute: false } };
  declare aborted: ErrorName | null | undefined;
  /** Why somebody who is known here is to log in again. */
  #again: ErrorName | undefined;
  #isBrought = false;
  #awaySince = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override told(): void {
    const isAway = this.session?.contact !== "ready";
    if (!isAway) this.#awaySince = 0;
    else this.#awaySince ||= Date.now();
    if (isAway) this.#timer ??= setInterval(() => this.requestUpdate(), SECOND_MS);
    else this.#tickEnd();
    super.told();
  }

  #tickEnd(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  override disconnectedCallback(): void {
    this.#tickEnd();
    super.disconnectedCallback();
  }

  #contact(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session === undefined || session.contact === "ready" || Date.now() - this.#awaySince < SILENT_MS) return nothing;
    const w = words();
    const seconds = Math.ceil((session.retryAt - Date.now()) / SECOND_MS);
    return html`<div class="notice" role="status"><p>${session.login !== "in" ? w.offlineOut : session.isShared ? w.offlineShared : w.offline}
      <span aria-hidden="true">${session.contact === "offline" && seconds > 1 ? w.retryIn(seconds) : w.connecting}</span></p>
      <button @click=${() => void this.client.retry()}>${w.retry}</button></div>`;
  }

  /** Before anything that is loaded ahead: there is nothing to press until it is here. */
  #bringAgain(): void {
    if (this.#isBrought) return;
    this.#isBrought = true;
    bring(() => import("./loginagain.ts")).catch(() => setTimeout(() => {
      this.#isBrought = false;
      this.requestUpdate();
    }, BRING_AGAIN_MS));
  }

  #beginAnew(): void {
    writtenForget();
    void this.client.logout();
  }

  #login(): TemplateResult | typeof nothing {
    const { session } = this;
    // While they do, what they have typed stays, and so does the focus.
    if (session?.login !== "busy") this.#again = session?.login === "in" ? session.loginError ?? this.aborted ?? undefined : undefined;
    const error = this.#again;
    if (error === undefined || error === "NETWORK") return nothing;
    const w = words();
    const { level, ways } = session?.me ?? {};
    // Who has not logged in cannot do so again: the one that nobody knows is gone.
    if (level === 0) return html`<div class="notice" role="status"><p>${w.advice.over}</p><button @click=${() => this.#beginAnew()}>${w.advice.again}</button></div>`;
    this.#bringAgain();
    const isOver = ways?.includes("REDEEM") && !ways.includes("LOGIN") && error === "CERTIFICATE_EXPIRED";
    return html`<section class="notice" aria-label=${w.loginAgain}><p role="status">${errorWords(error)} ${isOver ? w.errors.CODE_ENDED : ""} ${w.loginNeeded}</p>
      <enrum-login-again class="choices" .client=${this.client}></enrum-login-again></section>`;
  }

  /** Whoever pressed what has done its part, and is gone, goes on at the top of the page. */
  protected override update(changed: PropertyValues<this>): void {
    const hadFocus = this.contains(document.activeElement);
    super.update(changed);
    if (hadFocus && !this.contains(document.activeElement)) requestAnimationFrame(() => document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true }));
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const w = words();
    const isAway = session?.login === "in" && session.contact === "ready" && session.isKeeperAway;
    return html`${session?.board.isFromHost ? html`<p class="notice trial" role="status">${w.fromHost}</p>` : nothing}
      ${session?.isShared && session.login === "in" ? html`<p class="notice" role="status">${w.sharedNow}</p>` : nothing}
      ${this.#contact()}${this.#login()}
      ${isAway ? html`<p class="notice" role="status">${w.keeperAway}</p>` : nothing}
      ${unreviewedNotice(session?.isShared === true)}`;
  }
}

customElements.define("enrum-notice", Notice);
