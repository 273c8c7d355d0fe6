// notices -- a citizen lets the board's keeper tell them by e-mail that something new waits: off until they choose it. Loaded
// when it is opened.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { ErrorName } from "../protocol/tables.ts";
import type { NoticeView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { hrefOf } from "./route.ts";
import { NOTICES } from "./words/notices.ts";
import { errorWords, isolate, languageChosen, words } from "./words/words.ts";

const ADDRESS_MAX = 254;

class Notices extends Base {
  static override properties = { ...Base.properties, notices: { state: true }, failure: { state: true }, isBusy: { state: true } };
  /** As the keeper has said; undefined until it has. */
  declare notices: NoticeView | undefined;
  declare failure: ErrorName | undefined;
  declare isBusy: boolean;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#do(async () => undefined);
  }

  /** Something is asked of the keeper, and then how it is now. */
  async #do(task: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.failure = undefined;
    try {
      await task();
      this.notices = await this.client.noticeAsk();
    } catch (error) {
      this.failure = error instanceof EnrumError ? error.code : "MEMORY";
    } finally {
      this.isBusy = false;
    }
  }

  async #given(event: Event, task: (value: string) => Promise<void>): Promise<void> {
    event.preventDefault();
    const value = this.querySelector("input")?.value.trim() ?? "";
    if (value === "") return this.querySelector("input")?.focus();
    await this.#ask(() => task(value));
  }

  /** What was pressed is gone, or was shut meanwhile: to what is asked next, or how it is. */
  async #ask(task: () => Promise<void>): Promise<void> {
    await this.#do(task);
    await this.updateComplete;
    this.querySelector<HTMLElement>("input, .state")?.focus();
  }

  #failure(): TemplateResult | typeof nothing {
    if (this.failure === undefined) return nothing;
    return problem(NOTICES[languageChosen()].wrong[this.failure] ?? errorWords(this.failure));
  }

  /** On a device that is not the person's own, the browser is not to keep the address. */
  #addressForm(): TemplateResult {
    const { address, send } = NOTICES[languageChosen()];
    return html`<form class="form" @submit=${(event: Event) => void this.#given(event, (value) => this.client.noticeSet(value))}>
      <label for="address">${address}</label>
      <input id="address" type="email" dir="ltr" autocomplete=${this.session?.isShared ? "off" : "email"} maxlength=${ADDRESS_MAX} required>
      ${this.#failure()}<button class="primary wide" ?disabled=${this.isBusy}>${send}</button></form>`;
  }

  #codeForm({ address }: NoticeView): TemplateResult {
    const w = NOTICES[languageChosen()];
    return html`<p role="status">${w.codeSent(isolate(address))}</p>
      <form class="form" @submit=${(event: Event) => void this.#given(event, (value) => this.client.noticeCode(value))}>
      <label for="code">${w.code}</label>
      <input id="code" dir="ltr" inputmode="numeric" autocomplete="one-time-code" maxlength="32" required>
      ${this.#failure()}<p class="choices"><button class="primary" ?disabled=${this.isBusy}>${w.confirm}</button>
      <button type="button" ?disabled=${this.isBusy} @click=${() => void this.#ask(() => this.client.noticeSet(""))}>${w.other}</button></p></form>`;
  }

  #state(): TemplateResult {
    const w = NOTICES[languageChosen()];
    const { notices } = this;
    switch (notices?.state) {
      case undefined: return html`${this.failure === undefined ? html`<p role="status">${words().loading}</p>` : this.#failure()}`;
      case "off": return html`<p role="status">${w.off}</p>${this.#addressForm()}`;
      case "asked": return this.#codeForm(notices as NoticeView);
      case "on": return html`<p class="state" role="status" tabindex="-1"><strong>${w.on(isolate(notices?.address ?? ""))}</strong></p>${this.#failure()}
        <p class="choices"><button ?disabled=${this.isBusy} @click=${() => void this.#ask(() => this.client.noticeSet(""))}>${w.stop}</button></p>`;
    }
  }

  protected override render(): TemplateResult {
    const w = NOTICES[languageChosen()];
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${words().back}</a>
      <h1 tabindex="-1">${words().notices.title}</h1><p>${w.about}</p><p>${w.mail}</p>
      <p class="notice">${w.warning}</p><p class="small">${w.kept}</p>${this.#state()}`;
  }
}

customElements.define("enrum-notices", Notices);
