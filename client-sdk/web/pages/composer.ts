// composer -- where a message is written. Enter sends where there is a keyboard; on a phone Enter is a new line.
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Base } from "./base.ts";
import { words } from "./words/words.ts";
import { written, writtenSet } from "./writing.ts";

const TEXT_MAX = 16_000;
/** How often the others are told that somebody writes. */
const TYPING_EVERY_MS = 3_000;

function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}

export class Composer extends Base {
  static override properties = { ...Base.properties, room: { attribute: false } };
  declare room: string;
  #toldAt = 0;

  /** A text that could not be sent, to be looked over. */
  put(text: string): void {
    writtenSet(this.room, [written(this.room), text].filter((part) => part !== "").join("\n"));
    this.requestUpdate();
    this.querySelector("textarea")?.focus();
  }

  #send(): void {
    const text = written(this.room).trim();
    if (text === "") return;
    writtenSet(this.room, "");
    this.#toldAt = 0;
    this.requestUpdate();
    this.querySelector("textarea")?.focus();
    this.dispatchEvent(new CustomEvent("enrum-send", { detail: text }));
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !hasKeyboard()) return;
    event.preventDefault();
    this.#send();
  }

  #input(event: Event): void {
    writtenSet(this.room, (event.target as HTMLTextAreaElement).value);
    if (Date.now() - this.#toldAt < TYPING_EVERY_MS) return;
    this.#toldAt = Date.now();
    // Whoever is not told misses nothing.
    void this.client.type(this.room).catch(() => undefined);
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<form class="composer" @submit=${(event: Event) => {
      event.preventDefault();
      this.#send();
    }}>
      <textarea rows="1" dir="auto" maxlength=${TEXT_MAX} aria-label=${w.write} placeholder=${w.write} .value=${live(written(this.room))}
        @input=${(event: Event) => this.#input(event)} @keydown=${(event: KeyboardEvent) => this.#key(event)}></textarea>
      <button class="primary">${w.send}</button>
    </form>`;
  }
}

customElements.define("enrum-composer", Composer);
