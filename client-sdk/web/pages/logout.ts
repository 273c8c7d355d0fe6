// logout -- asks before this device forgets everything.
import { html, nothing, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { leaveLink } from "./leave.ts";
import { go, unitLinkForget } from "./route.ts";
import { languageForget, words } from "./words/words.ts";
import { writtenForget } from "./writing.ts";

const LANGUAGE = "enrum language";

/** What somebody has chosen here is not the next one's choice; but whoever comes reads the language that is read here. */
function choicesForget(): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith("enrum ") && name !== LANGUAGE) localStorage.removeItem(name);
}

export class LogoutDialog extends Base {
  static override properties = { ...Base.properties, isBusy: { state: true } };
  declare isBusy: boolean;

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  show(): void {
    this.#dialog?.showModal();
    this.requestUpdate();
  }

  async #logout(): Promise<void> {
    this.isBusy = true;
    try {
      await this.client.logout();
      writtenForget();
      choicesForget();
      languageForget();
      unitLinkForget();
      go({ page: "home" });
    } finally {
      this.isBusy = false;
      this.#dialog?.close();
    }
  }

  protected override render(): TemplateResult {
    const w = words();
    const { logout, logoutTitle, logoutText } = this.session?.me?.level === 0 ? w.advice : w;
    const unsent = (this.session?.rooms ?? []).reduce((sum, { waiting }) => sum + waiting, 0);
    return html`<dialog aria-labelledby="logout-title" @close=${() => this.requestUpdate()}>
      <h2 id="logout-title">${logoutTitle}</h2><p>${logoutText}</p>
      ${unsent > 0 ? html`<p class="bad">${w.logoutUnsent(unsent)}</p>` : nothing}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy} @click=${() => void this.#logout()}>${logout}</button>
      <button @click=${() => this.#dialog?.close()}>${w.cancel}</button></p>${this.#dialog?.open ? leaveLink() : nothing}</dialog>`;
  }
}

customElements.define("enrum-logout", LogoutDialog);
