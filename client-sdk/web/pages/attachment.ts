// attachment -- a file of an entry or of a draft: what it is, how far it is on its way, and what can be done with it. What somebody
// else has sent is never opened as a page: look.ts shows what can be shown, a voice is heard, and all else is saved.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { FileName, FindingView } from "../sdk/view.ts";
import { Base } from "./base.ts";
import { fileErrorWords, fileKind } from "./fileentry.ts";
import { findingWords } from "./finding.ts";
import { fileSave, fileStays } from "./filesave.ts";
import { leaveIsUnderWay } from "./leave.ts";
import { looksAs, type LookDialog } from "./look.ts";
import { voicePlayer } from "./player.ts";
import { sizeWords, words } from "./words/words.ts";

type Use = (file: Blob) => void | Promise<void>;
/** Its buttons. A small picture opens the large one, as the button below it does. */
type Pressed = "thumb" | "open" | "listen" | "save";

class Attachment extends Base {
  static override properties = {
    ...Base.properties, room: { attribute: false }, seq: { attribute: false }, draft: { attribute: false }, file: { attribute: false }, done: { attribute: false },
    failure: { state: true }, isAsked: { state: true }, doubted: { state: true },
  };
  declare room: string;
  declare seq: number;
  /** Its id, while it is on its way to the host. */
  declare draft: string | undefined;
  declare file: FileName & { size: number; preview?: Blob; finding?: FindingView };
  /** Bytes of it that are through; undefined when none are on their way. */
  declare done: number | undefined;
  declare failure: string | undefined;
  /** This tab has asked for it. */
  declare isAsked: boolean;
  /** Something is found in it, and the reader is asked whether to bring it all the same: what was pressed, and what it does. */
  declare doubted: { label: string; use: Use } | undefined;
  #preview: { of: number; url: string } | undefined;
  #voice: string | undefined;
  #isFocusAway = false;
  /** Of its buttons, the last one. */
  #pressed: Pressed | undefined;

  override disconnectedCallback(): void {
    if (this.#preview !== undefined) URL.revokeObjectURL(this.#preview.url);
    if (this.#voice !== undefined) URL.revokeObjectURL(this.#voice);
    this.#preview = this.#voice = undefined;
    super.disconnectedCallback();
  }

  /** Each telling brings a copy of the same bytes. */
  #previewUrl(): string | undefined {
    const { preview } = this.file;
    if (preview === undefined) return undefined;
    if (this.#preview?.of !== preview.size) {
      if (this.#preview !== undefined) URL.revokeObjectURL(this.#preview.url);
      this.#preview = { of: preview.size, url: URL.createObjectURL(preview) };
    }
    return this.#preview.url;
  }

  // -- Bringing -------------------------------------------------------------------------------------------------------

  /** Of a file with a finding it is asked first, each time. */
  async #begin(pressed: Pressed, label: string, use: Use): Promise<void> {
    this.failure = undefined;
    this.#pressed = pressed;
    if (this.file.finding === undefined) return this.#bring(use);
    this.doubted = { label, use };
    await this.updateComplete;
    this.querySelector<HTMLElement>(".doubted button")?.focus();
  }

  async #bring(use: Use): Promise<void> {
    if (this.isAsked) return;
    this.isAsked = true;
    this.failure = this.doubted = undefined;
    try {
      const file = await this.client.openFile(this.room, this.seq);
      // Whoever has left meanwhile, or logged out, is shown nothing more.
      if (!leaveIsUnderWay() && this.session?.login !== "out") await use(file);
    } catch (error) {
      const code = error instanceof EnrumError ? error.code : "NETWORK";
      if (code !== "CANCELLED") this.failure = fileErrorWords(code);
    } finally {
      this.isAsked = false;
      this.#isFocusAway = true;
    }
  }

  protected override updated(): void {
    if (!this.#isFocusAway || this.querySelector(".choices") === null) return;
    this.#isFocusAway = false;
    this.#focusBack();
  }

  /** What was pressed is away while it is asked or its file brought, and the focus with it: back to it, or to the voice that came for it, if nothing else has it by then. */
  #focusBack(): void {
    const at = document.activeElement;
    // A dialog that is just being closed has it still.
    if (at !== document.body && at?.closest("dialog:not([open])") === null) return;
    const back = this.querySelector<HTMLElement>(`[data-pressed="${this.#pressed}"]`) ?? this.querySelector<HTMLElement>("audio, .choices button");
    back?.focus({ preventScroll: true });
  }

  #cancel(): void {
    void (this.draft === undefined ? this.client.cancelFile(this.room, this.seq) : this.client.discard(this.draft)).catch(() => undefined);
  }

  #save: Use = (file) => fileSave(file, this.file.name);

  #show: Use = async (file) => {
    const looks = looksAs(this.file.mediaType);
    if (looks === undefined) return;
    const dialog = Object.assign(document.createElement("enrum-look") as LookDialog, { client: this.client });
    dialog.addEventListener("close", () => this.#focusBack(), { capture: true });
    await dialog.show(file, this.file.name, looks);
  };

  #listen: Use = (file) => {
    if (this.isConnected) this.#voice = URL.createObjectURL(file);
  };

  // -- Shown ----------------------------------------------------------------------------------------------------------

  #picture(isButton: boolean): TemplateResult | typeof nothing {
    const url = this.#previewUrl();
    if (url === undefined || this.file.finding !== undefined) return nothing;
    const image = html`<img src=${url} alt=${this.file.name}>`;
    return isButton ? html`<button type="button" class="thumb" data-pressed="thumb" @click=${() => void this.#begin("thumb", words().files.open, this.#show)}>${image}</button>` : html`<span class="thumb">${image}</span>`;
  }

  #progress(done: number): TemplateResult {
    const w = words();
    const { name, size } = this.file;
    const says = this.draft === undefined ? w.files.bringing : w.files.sending;
    return html`<span class="way"><progress max=${Math.max(1, size)} value=${done} aria-label="${says}: ${name}"></progress>
      <button type="button" class="quiet" aria-label="${w.cancel}: ${name}" @click=${() => this.#cancel()}>${w.cancel}</button></span>`;
  }

  /** A browser does not know how long what another one has recorded is, before it has been to its end. */
  #measure(event: Event): void {
    const audio = event.target as HTMLAudioElement;
    if (Number.isFinite(audio.duration)) return;
    audio.addEventListener("timeupdate", () => audio.currentTime = 0, { once: true });
    audio.currentTime = Number.MAX_SAFE_INTEGER;
  }

  #choices(): TemplateResult {
    const w = words();
    const { name, mediaType } = this.file;
    const button = (pressed: Pressed, label: string, use: Use) => html`<button type="button" data-pressed=${pressed} aria-label="${label}: ${name}" @click=${() => void this.#begin(pressed, label, use)}>${label}</button>`;
    return html`${this.#voice === undefined ? nothing : voicePlayer(this.#voice, name, (event) => this.#measure(event))}
      <span class="choices tools">
        ${looksAs(mediaType) !== undefined ? button("open", w.files.open, this.#show) : nothing}
        ${mediaType.startsWith("audio/") && this.#voice === undefined ? button("listen", w.voice.listen, this.#listen) : nothing}
        ${button("save", w.files.save, this.#save)}</span>
      ${fileStays(this.session)}`;
  }

  #doubt({ label, use }: NonNullable<typeof this.doubted>): TemplateResult {
    const w = words();
    const not = () => {
      this.doubted = undefined;
      this.#isFocusAway = true;
    };
    return html`<div class="doubted" role="group" aria-label=${w.finding.ask}><p>${w.finding.ask}</p><p class="choices">
      <button type="button" @click=${not}>${w.cancel}</button><button type="button" class="quiet" @click=${() => void this.#bring(use)}>${label}</button></p></div>`;
  }

  protected override render(): TemplateResult {
    const { file, done, draft } = this;
    const isOnWay = done !== undefined && (draft === undefined || done < file.size);
    const mayOpen = draft === undefined && !isOnWay && !this.isAsked;
    return html`${this.#picture(mayOpen && file.mediaType.startsWith("image/"))}
      <span class="named"><bdi>${file.name}</bdi> <span class="small">${fileKind(file)}, ${sizeWords(file.size)}</span></span>
      ${file.finding === undefined ? nothing : html`<span class="bad">${findingWords(file.finding)}</span>`}
      ${isOnWay ? this.#progress(done) : nothing}
      ${!mayOpen ? nothing : this.doubted === undefined ? this.#choices() : this.#doubt(this.doubted)}
      ${this.failure === undefined ? nothing : html`<span class="bad" role="alert">${this.failure}</span>`}`;
  }
}

customElements.define("enrum-attachment", Attachment);
