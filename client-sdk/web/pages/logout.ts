// logout -- asks before this device forgets everything.
import { html, nothing, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { leaveLink } from "./leave.ts";
import { unitLinkForget } from "./route.ts";
import { languageForget, words } from "./words/words.ts";
import { writtenForget } from "./writing.ts";

const LANGUAGE = "enrum language";

/** What somebody has written and chosen here is not the next one's; but whoever comes reads the language that is read here. */
export function visitForget(): void {
  writtenForget();
  languageForget();
  unitLinkForget();
  for (const name of Object.keys(localStorage)) if (name.startsWith("enrum ") && name !== LANGUAGE) localStorage.removeItem(name);
}

export class LogoutDialog extends Base {
  static override properties = { ...Base.properties, isBusy: { state: true }, hasFailed: { state: true } };
  declare isBusy: boolean;
  declare hasFailed: boolean;

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  /** Where nobody is logged in there is nothing to ask. */
  protected override told(): void {
    if (this.session?.login === "out") this.#dialog?.close();
    super.told();
  }

  show(): void {
    this.hasFailed = false;
    this.#dialog?.showModal();
    this.requestUpdate();
  }

  async #logout(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.hasFailed = false;
    try {
      await this.client.logout();
    } catch {
      this.hasFailed = true;
    } finally {
      this.isBusy = false;
    }
  }

  protected override render(): TemplateResult {
    const w = words();
    const { logout, logoutTitle, logoutText } = this.session?.me?.level === 0 ? w.advice : w;
    const unsent = (this.session?.rooms ?? []).reduce((sum, { waiting }) => sum + waiting, 0);
    return html`<dialog aria-labelledby="logout-title" @close=${() => this.requestUpdate()}>
      <h2 id="logout-title">${logoutTitle}</h2><p>${logoutText}</p>
      ${unsent > 0 ? html`<p class="bad">${w.logoutUnsent(unsent)}</p>` : nothing}
      <div role="alert">${this.hasFailed ? html`<p class="problem">${w.logoutFailed}</p>` : nothing}</div>
      <p class="choices"><button class="primary" aria-disabled=${this.isBusy === true} @click=${() => void this.#logout()}>${logout}</button>
      <button @click=${() => this.#dialog?.close()}>${w.cancel}</button></p>${this.#dialog?.open ? leaveLink() : nothing}</dialog>`;
  }
}

customElements.define("enrum-logout", LogoutDialog);
