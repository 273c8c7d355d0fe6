// look -- a file of an entry, large, within the page, so that nothing of it is left on the device: a picture, a film, a text as text.
import "./loaded.ts";
import { html, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { fileSave, fileStays } from "./filesave.ts";
import { leaveIsUnderWay, leaveLink } from "./leave.ts";
import { filmPlayer } from "./player.ts";
import { words } from "./words/words.ts";

/** A longer one is saved, and opened by what can show it. */
const TEXT_BYTES_MAX = 1_000_000;

export type Looks = "picture" | "film" | "text";

/** How a file of this type is shown here; undefined: it is saved only. */
export function looksAs(mediaType: string): Looks | undefined {
  if (mediaType.startsWith("image/")) return "picture";
  if (mediaType.startsWith("video/")) return "film";
  return mediaType === "text/plain" ? "text" : undefined;
}

/** Shown once, and gone when it is closed: with it what the browser held of the file. */
export class LookDialog extends Base {
  static override properties = { ...Base.properties, isBroken: { state: true } };
  declare isBroken: boolean;
  #file!: Blob;
  #name = "";
  #looks: Looks = "picture";
  #url = "";
  #text = "";

  async show(file: Blob, name: string, looks: Looks): Promise<void> {
    this.#file = file;
    this.#name = name;
    this.#looks = looks;
    if (looks === "text") await this.#read();
    else this.#url = URL.createObjectURL(file);
    if (leaveIsUnderWay()) return;
    document.body.append(this);
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  async #read(): Promise<void> {
    this.isBroken = this.#file.size > TEXT_BYTES_MAX;
    if (!this.isBroken) this.#text = await this.#file.text();
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

  #shown(): TemplateResult {
    const broken = () => this.isBroken = true;
    switch (this.#looks) {
      case "picture":
        return html`<img src=${this.#url} alt=${this.#name} @error=${broken}>`;
      case "film":
        return filmPlayer(this.#url, this.#name, broken);
      case "text":
        return html`<p class="text" dir="auto" tabindex="0" role="region" aria-label=${this.#name}>${this.#text}</p>`;
    }
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<dialog class="look" aria-label=${this.#name} @close=${() => this.remove()}>
      ${this.isBroken ? html`<p class="bad" role="alert">${w.files.broken}</p>` : this.#shown()}
      <p class="choices"><button type="button" class="primary" @click=${() => this.querySelector("dialog")?.close()}>${w.close}</button>
      <button type="button" @click=${() => fileSave(this.#file, this.#name)}>${w.files.save}</button></p>
      ${fileStays(this.session)}${leaveLink()}</dialog>`;
  }
}

customElements.define("enrum-look", LookDialog);
