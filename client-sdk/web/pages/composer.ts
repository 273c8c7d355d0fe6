// composer -- where a message is written. Enter sends where there is a keyboard; on a phone Enter is a new line.
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Base } from "./base.ts";
import { words } from "./words/words.ts";

const TEXT_MAX = 16_000;

/** What is being written, by room: outlives a look at another page, in memory only. */
const writing = new Map<string, string>();

addEventListener("beforeunload", (event) => {
  if ([...writing.values()].some((text) => text.trim() !== "")) event.preventDefault();
});

function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}

export class Composer extends Base {
  static override properties = { ...Base.properties, room: { attribute: false } };
  declare room: string;

  /** A text that could not be sent, to be looked over. */
  put(text: string): void {
    writing.set(this.room, [writing.get(this.room) ?? "", text].filter((part) => part !== "").join("\n"));
    this.requestUpdate();
    this.querySelector("textarea")?.focus();
  }

  #send(): void {
    const text = (writing.get(this.room) ?? "").trim();
    if (text === "") return;
    writing.delete(this.room);
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
    writing.set(this.room, (event.target as HTMLTextAreaElement).value);
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<form class="composer" @submit=${(event: Event) => {
      event.preventDefault();
      this.#send();
    }}>
      <textarea rows="1" maxlength=${TEXT_MAX} aria-label=${w.write} placeholder=${w.write} .value=${live(writing.get(this.room) ?? "")}
        @input=${(event: Event) => this.#input(event)} @keydown=${(event: KeyboardEvent) => this.#key(event)}></textarea>
      <button class="primary">${w.send}</button>
    </form>`;
  }
}

customElements.define("enrum-composer", Composer);
