// picture -- a picture of an entry, large, within the page. Loaded when somebody opens one.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { fileSave } from "./filesave.ts";
import { leaveLink } from "./leave.ts";
import { words } from "./words/words.ts";

/** Shown once, and gone when it is closed: with it what the browser held of the picture. */
export class PictureDialog extends Base {
  static override properties = { ...Base.properties, isBroken: { state: true } };
  declare isBroken: boolean;
  #file!: Blob;
  #name = "";
  #url = "";

  show(file: Blob, name: string): void {
    this.#file = file;
    this.#name = name;
    this.#url = URL.createObjectURL(file);
    document.body.append(this);
    void this.updateComplete.then(() => this.querySelector("dialog")?.showModal());
  }

  override disconnectedCallback(): void {
    URL.revokeObjectURL(this.#url);
    super.disconnectedCallback();
  }

  /** Logged out from, or lost: nothing of it stays in sight. */
  protected override told(): void {
    if (this.session?.login === "in") super.told();
    else this.remove();
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<dialog class="look" aria-label=${this.#name} @close=${() => this.remove()}>
      ${this.isBroken ? html`<p class="bad" role="alert">${w.files.broken}</p>` : html`<img src=${this.#url} alt=${this.#name} @error=${() => this.isBroken = true}>`}
      <p class="choices"><button type="button" class="primary" @click=${() => this.querySelector("dialog")?.close()}>${w.close}</button>
      <button type="button" @click=${() => fileSave(this.#file, this.#name)}>${w.files.save}</button></p>
      ${this.session?.isShared ? html`<p class="small">${w.files.stays}</p>` : nothing}${leaveLink()}</dialog>`;
  }
}

customElements.define("enrum-picture", PictureDialog);
