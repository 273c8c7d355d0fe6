// chosen -- the files that somebody has chosen for a conversation and not sent yet: made ready on this device, shown as a row under
// the text; or, where nothing can be sent any more, to be saved or taken away. Loaded with the first file that is chosen, or a little after the conversation is shown.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { EnrumError } from "../protocol/error.ts";
import { LIMITS } from "../protocol/tables.ts";
import type { EnrumClient } from "../sdk/view.ts";
import { bareMake } from "./bare.ts";
import type { Base } from "./base.ts";
import { fileSave } from "./filesave.ts";
import { photoMake } from "./photo.ts";
import "./recordingleft.ts";
import { HIDDEN } from "./words/hidden.ts";
import { language, languageChosen, sizeWords, words } from "./words/words.ts";

const EXTENSIONS: Readonly<Record<string, string>> = { "image/jpeg": "jpg", "image/png": "png" };
const FAMILIAR: Readonly<Record<string, readonly string[]>> = { "image/jpeg": ["jpg", "jpeg", "jpe", "jfif"], "image/png": ["png"] };

/**
 * bare: what a camera writes into a photo is gone. picture, recording: it may tell where it was made, and whoever chose it is asked.
 * whole: the file goes as it is, with what its program wrote into it. own: made here.
 */
type State = "preparing" | "bare" | "picture" | "recording" | "whole" | "own";

interface One {
  /** Of what is sent: sent twice, it is there once. */
  id: string;
  name: string;
  blob: Blob;
  preview?: Blob;
  state: State;
}

/** What may say where it was made does not go before somebody has said so. */
function mayGo(state: State): boolean {
  return state !== "preparing" && state !== "picture" && state !== "recording";
}

/** The ending says what opens it: a picture that is drawn anew may be of another kind than before. */
function nameFor(name: string, type: string): string {
  const extension = EXTENSIONS[type];
  const dot = name.lastIndexOf(".");
  const bare = dot > 0 ? name.slice(0, dot) : name;
  if (extension === undefined || (dot > 0 && FAMILIAR[type]?.includes(name.slice(dot + 1).toLowerCase()))) return name;
  return `${bare}.${extension}`;
}

/** Whoever shows it just now draws it anew. */
function changed(): void {
  for (const shown of document.querySelectorAll<Base>("enrum-composer, enrum-unsaid")) shown.requestUpdate?.();
}

export class Chosen {
  #list: One[] = [];
  #problems: string[] = [];
  #isSending = false;

  get isEmpty(): boolean {
    return this.#list.length === 0;
  }

  /** Each is ready, none waits for an answer, and none is on its way already. */
  get isReady(): boolean {
    return !this.#isSending && this.#list.every(({ state }) => mayGo(state));
  }

  /** The id on the page of what says that a recording goes along with the next that is sent. */
  get recording(): string | undefined {
    const own = this.#isSending ? undefined : this.#list.find(({ state }) => state === "own");
    return own === undefined ? undefined : `chosen-${own.id}`;
  }

  // -- Choosing -------------------------------------------------------------------------------------------------------

  async add(files: readonly File[]): Promise<void> {
    this.#problems = [];
    await Promise.all(files.map((file) => this.#prepare(file)));
  }

  /** What was made on this device just now; returns its id. */
  addOwn(blob: Blob, name: string): string {
    const id = crypto.randomUUID();
    this.#list = [...this.#list, { id, name, blob, state: "own" }];
    changed();
    return id;
  }

  async #prepare(file: File): Promise<void> {
    const one: One = { id: crypto.randomUUID(), name: file.name, blob: file, state: "preparing" };
    if (file.size === 0) return this.#refuse(one, words().files.empty(one.name));
    this.#list = [...this.#list, one];
    changed();
    try {
      const photo = await photoMake(file);
      if (photo === undefined) Object.assign(one, await bareMake(file));
      else Object.assign(one, { ...photo, state: "bare", name: nameFor(one.name, photo.blob.type) });
      if (one.blob.size > LIMITS.FILE_BYTES_MAX) this.#refuse(one, words().files.tooLarge(one.name));
    } catch {
      this.#refuse(one, words().files.unreadable(one.name));
    }
    changed();
  }

  #refuse(one: One, problem: string): void {
    this.#problems = [...this.#problems, problem];
    this.remove(one.id);
  }

  remove(id: string): void {
    this.#list = this.#list.filter((one) => one.id !== id);
    changed();
  }

  // -- Sending --------------------------------------------------------------------------------------------------------

  async #sendOne(client: EnrumClient, room: string, one: One, text: string): Promise<void> {
    try {
      await client.sendFile(one.id, room, one.blob, one.name, one.blob.type, text, language(), one.preview);
    } catch (error) {
      // Gone from its disk, or another one by now.
      if (error instanceof EnrumError && error.code === "FILE_CHANGED") this.#refuse(one, words().files.unreadable(one.name));
      throw error;
    }
  }

  /**
   * One after the other into the outbox, the words beside the first; with an id, that one alone. What may say where it was made
   * stays, until it is bare or its sender has answered. Rejects at the first that does not go; it and those behind it stay.
   */
  async send(client: EnrumClient, room: string, text: string, id?: string): Promise<void> {
    this.#isSending = true;
    this.#problems = [];
    changed();
    let left = text;
    try {
      for (const one of this.#list.filter((file) => mayGo(file.state) && (id === undefined || file.id === id))) {
        await this.#sendOne(client, room, one, left);
        left = "";
        this.remove(one.id);
      }
    } catch (error) {
      throw new UnsentError(error instanceof EnrumError ? error : new EnrumError("MEMORY", "a file", error), left);
    } finally {
      this.#isSending = false;
      changed();
    }
  }

  // -- Shown ----------------------------------------------------------------------------------------------------------

  /** What is said of each to whoever hears the page, and once below to whoever sees it. */
  #note(state: State): string {
    const { bare, whole } = HIDDEN[languageChosen()];
    return { preparing: words().files.preparing, bare, whole, picture: "", recording: "", own: "" }[state];
  }

  /** What is asked of it, if anything. */
  #asked(state: State): string | undefined {
    return state === "picture" || state === "recording" ? HIDDEN[languageChosen()][state] : undefined;
  }

  #legend(state: State): TemplateResult | typeof nothing {
    if (this.#list.every((one) => one.state !== state)) return nothing;
    return html`<p class="small ${state === "whole" ? "note" : ""}" aria-hidden="true">${this.#note(state)}</p>`;
  }

  /** The answer is taken, and the focus goes back to where one writes. */
  #answer(event: Event, one: One, isIncluded: boolean): void {
    (event.target as HTMLElement).closest("form")?.querySelector("textarea")?.focus();
    if (!isIncluded) return this.remove(one.id);
    one.state = "whole";
    changed();
  }

  /** The focus goes to what may be discarded next, or back to where one writes. */
  #discard(event: Event, id: string): void {
    const row = (event.target as HTMLElement).closest("li");
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>(":scope > button");
    (next ?? row?.closest("form")?.querySelector("textarea"))?.focus();
    this.remove(id);
  }

  #question(one: One): TemplateResult | typeof nothing {
    const { id, name, state } = one;
    const asked = this.#asked(state);
    if (asked === undefined) return nothing;
    const w = HIDDEN[languageChosen()];
    return html`<div class="tells" role="group" aria-labelledby="ask-${id}"><p id="ask-${id}">${asked}</p><p class="choices">
      <button type="button" aria-label="${w.remove}: ${name}" @click=${(event: Event) => this.#answer(event, one, false)}>${w.remove}</button>
      <button type="button" class="quiet" aria-label="${w.include}: ${name}" @click=${(event: Event) => this.#answer(event, one, true)}>${w.include}</button></p></div>`;
  }

  #row(one: One): TemplateResult {
    const { id, name, blob, state } = one;
    const w = words();
    const isLeft = state === "own" && !this.#isSending;
    return html`<li class=${isLeft ? "left" : ""}>
        <span class="named">${isLeft ? html`<span id="chosen-${id}">${w.recordingLeft.waits}</span><br>` : nothing}<bdi class=${isLeft ? "small" : ""}>${name}</bdi> <span class="small ${mayGo(state) ? state : ""}">${sizeWords(blob.size)}</span><span class="unseen">. ${this.#note(state)}</span></span>
        <button type="button" class="quiet" aria-label="${w.discard}: ${name}" ?disabled=${this.#isSending} @click=${(event: Event) => this.#discard(event, id)}><span aria-hidden="true">×</span></button>
        ${this.#question(one)}
        ${isLeft ? html`<enrum-recording-left .blob=${blob} .name=${name}></enrum-recording-left>` : nothing}
      </li>`;
  }

  /** One sentence for whoever hears the page: what is asked, or how many there are and what becomes of them. The rest stands in the list. */
  #said(): string {
    const w = words();
    const asks = this.#list.find(({ state }) => this.#asked(state) !== undefined);
    if (asks !== undefined) return `${asks.name}: ${this.#asked(asks.state)}`;
    if (this.isEmpty || this.#isSending) return "";
    if (this.#list.some(({ state }) => state === "preparing")) return w.files.preparing;
    const notes = new Set(this.#list.map(({ state }) => state === "own" ? w.recordingLeft.waits : this.#note(state)));
    return `${w.files.chosen}: ${this.#list.length}. ${[...notes].join(" ")}`;
  }

  /** Where the conversation is closed. `discarded`: one of them is gone. */
  renderClosed(stays: TemplateResult | typeof nothing, discarded: () => void): TemplateResult {
    const w = words();
    const discard = (id: string) => {
      this.remove(id);
      discarded();
    };
    return html`<ul class="cards">${repeat(this.#list, ({ id }) => id, ({ id, name, blob, state }) => html`<li class="card">
      <span class="named"><bdi>${name}</bdi> <span class="small">${sizeWords(blob.size)}</span></span>
      ${state === "own" ? html`<enrum-recording-left .blob=${blob} .name=${name}></enrum-recording-left>` : nothing}
      <p class="choices"><button aria-label="${w.files.save}: ${name}" @click=${() => fileSave(blob, name)}>${w.files.save}</button> <button class="quiet" aria-label="${w.discard}: ${name}" @click=${() => discard(id)}>${w.discard}</button></p>${stays}</li>`)}</ul>`;
  }

  render(): TemplateResult {
    const w = words();
    return html`<div class="chosen">
      <p class="unseen" role="status">${this.#said()}</p>
      <div role="status">${this.#problems.map((problem) => html`<p class="bad">${problem}</p>`)}</div>
      ${this.isEmpty ? nothing : html`<ul aria-label=${w.files.chosen}>${repeat(this.#list, ({ id }) => id, (one) => this.#row(one))}</ul>`}
      ${this.#legend("preparing")}${this.#legend("bare")}${this.#legend("whole")}
    </div>`;
  }
}

/** `words` are those that no file took along. */
export class UnsentError extends Error {
  readonly error: EnrumError;
  readonly words: string;

  constructor(error: EnrumError, words: string) {
    super(error.message, { cause: error });
    this.error = error;
    this.words = words;
  }
}
