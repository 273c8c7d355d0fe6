// calltext -- lines of text in a call and in its waiting room, shown while they are written (real-time text, EN 301 549).
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { EnrumError } from "../protocol/error.ts";
import type { CallLineView, CallView } from "../sdk/view.ts";
import { CallBase } from "./callbase.ts";
import { callName } from "./calltile.ts";
import { clockTime, words } from "./words/words.ts";

const WRITING_EVERY_MS = 300;
const TEXT_MAX = 2_000;

class CallText extends CallBase {
  static override properties = { ...CallBase.properties, participant: { attribute: false } };
  /** To this one alone; undefined: to all who may hear it. */
  declare participant: number | undefined;
  /** Of the line that is being written. */
  #line = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  get #lineNext(): number {
    const own = this.calls.view?.lines.filter(({ from }) => from === undefined).map(({ line }) => line) ?? [];
    return Math.max(0, ...own) + 1;
  }

  #say(text: string, isDone: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#line === 0) this.#line = this.#lineNext;
    const { participant } = this;
    // The call is over, or the other has left: there is nobody to say it to.
    this.client.callText(participant, this.#line, text, isDone).catch((error: unknown) => {
      if (!(error instanceof EnrumError)) throw error;
    });
    if (isDone) this.#line = 0;
  }

  #input = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    this.#timer ??= setTimeout(() => this.#say(field.value, false), WRITING_EVERY_MS);
  };

  #submit = (event: Event): void => {
    event.preventDefault();
    const field = this.querySelector("input") as HTMLInputElement;
    const text = field.value.trim();
    if (text === "") return;
    this.#say(text, true);
    field.value = "";
  };

  #isShown({ from, to, text, isDone }: CallLineView): boolean {
    const { participant } = this;
    const isOwnWriting = from === undefined && !isDone;
    if (text === "" || isOwnWriting) return false;
    if (participant === undefined) return to === undefined;
    return from === participant || to === participant;
  }

  #lineView(view: CallView, { from, line, text, isDone, isSent, at }: CallLineView): TemplateResult {
    const w = words().video;
    const author = from === undefined ? undefined : view.people.find(({ participant }) => participant === from);
    const name = from === undefined ? w.you : author === undefined ? "" : callName(author);
    return html`<li data-line=${line}><span class="small">${name} ${clockTime(at)}</span> <span class="text" dir="auto">${text}</span>
      ${isDone ? nothing : html`<span class="small">${w.writing}</span>`}
      ${isSent ? nothing : html`<span class="small">${w.textNotSent}</span>`}</li>`;
  }

  protected override render(): TemplateResult {
    const w = words().video;
    const { view } = this.calls;
    if (view === undefined) return html``;
    const lines = view.lines.filter((line) => this.#isShown(line));
    const label = this.participant === undefined ? w.textWrite : w.textTo(callNameOf(view, this.participant));
    return html`<section class="calltext" aria-label=${w.textTitle}>
      <div role="log"><ol>${repeat(lines, ({ from, line }) => `${from} ${line}`, (line) => this.#lineView(view, line))}</ol></div>
      <form class="composer" @submit=${this.#submit}><input dir="auto" maxlength=${TEXT_MAX} aria-label=${label} placeholder=${label} autocomplete="off" @input=${this.#input}>
        <button>${words().send}</button></form>
      <p class="small">${w.textHint}</p>
    </section>`;
  }
}

function callNameOf(view: CallView, participant: number): string {
  const person = view.people.find(({ participant: one }) => one === participant);
  return person === undefined ? "" : callName(person);
}

customElements.define("enrum-call-text", CallText);
