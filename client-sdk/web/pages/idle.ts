// idle -- on somebody else's device: says that it will soon be logged out from since nobody touches it, and asks who is there to say so.
import { html, nothing, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { leaveLink } from "./leave.ts";
import { idleWords } from "./words/idle.ts";

/** A touch ends it, and is on its way to what it is meant for. */
const CLOSE_AFTER_MS = 500;

class Idle extends Base {
  #isIdle = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("timeupdate", this.#played, true);
    // It may be so already: this is loaded a little after the page.
    this.told();
  }

  override disconnectedCallback(): void {
    removeEventListener("timeupdate", this.#played, true);
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  /** Whoever watches a film, or listens to what somebody has said, is there. What a call shows says nothing of that. */
  #played = ({ target }: Event): void => {
    if ((target as HTMLMediaElement).srcObject === null) this.client.touched();
  };

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  protected override told(): void {
    const wasIdle = this.#isIdle;
    this.#isIdle = this.session?.isIdle === true;
    if (this.#isIdle && !wasIdle) void this.#show();
    else if (wasIdle && !this.#isIdle) this.#closeSoon();
    super.told();
  }

  async #show(): Promise<void> {
    clearTimeout(this.#timer);
    await this.updateComplete;
    if (!this.isConnected || this.#dialog?.open !== false) return;
    this.#dialog.showModal();
    this.requestUpdate();
  }

  /** Not under a finger: it would fall on what is behind. */
  #closeSoon(): void {
    this.#timer = setTimeout(() => {
      if (this.#dialog?.matches(":active")) this.#closeSoon();
      else this.#dialog?.close();
    }, CLOSE_AFTER_MS);
  }

  /** However somebody has closed it, also where that is no press that the page hears of. */
  #closed(): void {
    if (this.#isIdle) this.client.touched();
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const w = idleWords();
    return html`<dialog role="alertdialog" aria-labelledby="idle-title" aria-describedby="idle-text" @close=${() => this.#closed()}>
      <h2 id="idle-title">${w.title}</h2><p id="idle-text">${this.session?.me?.level === 0 ? w.adviceText : w.text}</p>
      <p class="choices"><button class="primary" @click=${() => this.#dialog?.close()}>${w.stay}</button></p>${this.#dialog?.open ? leaveLink() : nothing}</dialog>`;
  }
}

customElements.define("enrum-idle", Idle);
