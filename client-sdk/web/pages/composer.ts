// composer -- where a message is written, and files are chosen for it. Enter sends where there is a keyboard; on a phone Enter is a
// new line. What is done with files and with voices is loaded when somebody wants it, or a little after the conversation is shown.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { bring } from "../link/bring.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import type { UnsentError } from "./chosen.ts";
import { fileErrorWords } from "./fileentry.ts";
import type { Recording } from "./voice.ts";
import { errorWords, words } from "./words/words.ts";
import { chosen, chosenSet, joined, written, writtenSet, writtenTake } from "./writing.ts";

const TEXT_MAX = 16_000;
/** Then what may be needed without a network is there. */
const LOAD_AFTER_MS = 2_500;

function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

export class Composer extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, failure: { state: true }, isOver: { state: true }, isRecording: { state: true }, arriving: { state: true } };
  declare room: string;
  declare failure: string | undefined;
  /** Files are being dragged over the page. */
  declare isOver: boolean;
  declare isRecording: boolean;
  /** The conversations that files have just been given to: what makes them ready may still be on its way. */
  declare arriving: readonly string[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.arriving = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("dragover", this.#dragOver);
    addEventListener("dragleave", this.#dragLeave);
    addEventListener("drop", this.#drop);
    this.#timer = setTimeout(() => void bring(() => import("./chosen.ts")).catch(() => undefined), LOAD_AFTER_MS);
  }

  override disconnectedCallback(): void {
    removeEventListener("dragover", this.#dragOver);
    removeEventListener("dragleave", this.#dragLeave);
    removeEventListener("drop", this.#drop);
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("room")) return;
    this.failure = undefined;
    this.isRecording = false;
    void writtenTake(this.room).then(() => this.requestUpdate());
  }

  /** A text that could not be sent, to be looked over. */
  put(text: string): void {
    this.#putTo(this.room, text);
    this.querySelector("textarea")?.focus();
  }

  #putTo(room: string, text: string): void {
    writtenSet(room, joined(written(room), text));
    this.requestUpdate();
  }

  // -- Files ----------------------------------------------------------------------------------------------------------

  /** Loads what is needed; what cannot be loaded is told, and the files are chosen again. */
  async #chosenFind(room: string) {
    const known = chosen(room);
    if (known !== undefined) return known;
    const { Chosen } = await bring(() => import("./chosen.ts"));
    // Another choice may have been quicker.
    return chosen(room) ?? chosenSet(room, new Chosen());
  }

  async #add(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const { room } = this;
    this.failure = undefined;
    this.arriving = [...this.arriving, room];
    try {
      await (await this.#chosenFind(room)).add(files);
    } catch {
      this.failure = errorWords("NETWORK");
    }
    this.arriving = this.arriving.toSpliced(this.arriving.indexOf(room), 1);
  }

  #picked(event: Event): void {
    const input = event.target as HTMLInputElement;
    void this.#add([...input.files ?? []]);
    // The same file may be chosen again.
    input.value = "";
    this.querySelector("textarea")?.focus();
  }

  /** Words that are pasted bring a picture of themselves along at times. */
  #paste(event: ClipboardEvent): void {
    const { files, types } = event.clipboardData ?? new DataTransfer();
    if (files.length === 0 || types.includes("text/plain")) return;
    event.preventDefault();
    void this.#add([...files]);
  }

  #dragOver = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.isOver = true;
  };

  #dragLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.isOver = false;
  };

  /** Else the browser would leave the page for the file. */
  #drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.isOver = false;
    void this.#add([...event.dataTransfer?.files ?? []]);
  };

  async #record(): Promise<void> {
    this.failure = undefined;
    try {
      // What takes the recording afterwards too: it is not to be lost for want of a network.
      await Promise.all([bring(() => import("./voice.ts")), bring(() => import("./chosen.ts"))]);
      this.isRecording = true;
    } catch {
      this.failure = errorWords("NETWORK");
    }
  }

  /** The recorder is gone, and what had the focus in it. */
  async #recordEnd(): Promise<void> {
    this.isRecording = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("button.voicebegin")?.focus({ preventScroll: true });
  }

  async #recorded({ blob, name }: Recording): Promise<void> {
    void this.#recordEnd();
    const { room } = this;
    const files = await this.#chosenFind(room);
    // Alone: what else is chosen waits for its own press.
    await this.#sendFiles(room, "", files.addOwn(blob, name));
  }

  /** Whoever went elsewhere finds it among what is chosen. */
  async #recordLeft(room: string, { blob, name }: Recording): Promise<void> {
    (await this.#chosenFind(room)).addOwn(blob, name);
  }

  // -- Sending --------------------------------------------------------------------------------------------------------

  /** All that are chosen, or the one of this id. */
  async #sendFiles(room: string, text: string, id?: string): Promise<void> {
    this.failure = undefined;
    try {
      await chosen(room)?.send(this.client, room, text, id);
    } catch (error) {
      const { error: { code }, words: left } = error as UnsentError;
      this.#putTo(room, left);
      // Of one that cannot be read any more its row has said so.
      if (room === this.room && code !== "FILE_CHANGED") this.failure = fileErrorWords(code);
    }
  }

  /** Words do not go without the files that were chosen for them. */
  get #isReady(): boolean {
    return !this.arriving.includes(this.room) && (chosen(this.room)?.isReady ?? true);
  }

  #send(): void {
    const text = written(this.room).trim();
    const isBare = chosen(this.room)?.isEmpty ?? true;
    if ((text === "" && isBare) || !this.#isReady) return;
    writtenSet(this.room, "");
    this.requestUpdate();
    this.querySelector("textarea")?.focus();
    if (isBare) this.dispatchEvent(new CustomEvent("enrum-send", { detail: text }));
    else void this.#sendFiles(this.room, text);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !hasKeyboard()) return;
    event.preventDefault();
    this.#send();
  }

  #input(event: Event): void {
    writtenSet(this.room, (event.target as HTMLTextAreaElement).value);
    // Whoever is not told misses nothing.
    void this.client.type(this.room).catch(() => undefined);
  }

  // -- Shown ----------------------------------------------------------------------------------------------------------

  #choose(selector: string): void {
    this.querySelector<HTMLInputElement>(selector)?.click();
  }

  #tools(): TemplateResult {
    const w = words();
    const picked = (event: Event) => this.#picked(event);
    return html`<p class="tools">
      <input class="files" type="file" multiple hidden @change=${picked}><button type="button" class="quiet" @click=${() => this.#choose(".files")}>${w.files.attach}</button>
      ${matchMedia("(pointer: coarse)").matches ? html`<input class="camera" type="file" accept="image/*" capture="environment" hidden @change=${picked}><button type="button" class="quiet" @click=${() => this.#choose(".camera")}>${w.files.photo}</button>` : nothing}
      <button type="button" class="quiet voicebegin" @click=${() => void this.#record()}>${w.voice.record}</button></p>
      <p class="small" role="status">${this.arriving.includes(this.room) ? w.files.preparing : nothing}</p>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const files = chosen(this.room);
    if (this.isRecording) {
      const { room } = this;
      return html`<enrum-voice .client=${this.client} @enrum-not=${() => void this.#recordEnd()} @enrum-left=${({ detail }: CustomEvent<Recording>) => void this.#recordLeft(room, detail)}
        @enrum-recorded=${({ detail }: CustomEvent<Recording>) => void this.#recorded(detail)}></enrum-voice>`;
    }
    return html`${this.failure === undefined ? nothing : problem(this.failure)}<form class="composer ${this.isOver ? "over" : ""}" @submit=${(event: Event) => {
      event.preventDefault();
      this.#send();
    }}>
      <textarea rows="1" dir="auto" autocomplete="off" maxlength=${TEXT_MAX} aria-label=${w.write} aria-describedby=${files?.recording ?? nothing} placeholder=${w.write} .value=${live(written(this.room))}
        @input=${(event: Event) => this.#input(event)} @paste=${(event: ClipboardEvent) => this.#paste(event)} @keydown=${(event: KeyboardEvent) => this.#key(event)}></textarea>
      <button class="primary" ?disabled=${!this.#isReady}>${files?.recording === undefined ? w.send : w.recordingLeft.send}</button>
      ${files?.render() ?? nothing}${this.#tools()}
    </form>`;
  }
}

customElements.define("enrum-composer", Composer);
