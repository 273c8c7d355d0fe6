// new -- a citizen starts a conversation.
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { goInstead, hrefOf } from "./route.ts";
import { errorWords, words } from "./words/words.ts";

/** What is being written outlives a look at another page, in memory only. */
const writing = { title: "", text: "" };

class New extends Base {
  static override properties = { ...Base.properties, failure: { state: true }, isBusy: { state: true } };
  declare failure: string | undefined;
  declare isBusy: boolean;
  #id = crypto.randomUUID();

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isBusy) return;
    if (writing.text.trim() === "") {
      this.failure = words().newEmpty;
      this.querySelector<HTMLElement>("textarea")?.focus();
      return;
    }
    this.isBusy = true;
    try {
      const room = await this.client.open(this.#id, writing.title.trim(), writing.text.trim());
      writing.title = writing.text = "";
      goInstead({ page: "room", room });
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.isBusy = false;
    }
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${w.back}</a>
      <h1 tabindex="-1">${w.newRoom}</h1>
      <form class="form" @submit=${(event: Event) => void this.#send(event)}>
        <label for="title">${w.newTitle}</label><span class="small" id="title-hint">${w.newTitleHint}</span>
        <input id="title" maxlength="100" autocomplete="off" aria-describedby="title-hint" .value=${writing.title}
          @input=${(event: Event) => writing.title = (event.target as HTMLInputElement).value}>
        <label for="text">${w.newText}</label><span class="small" id="text-hint">${w.newTextHint}</span>
        <textarea id="text" rows="7" maxlength="16000" aria-describedby="text-hint" .value=${writing.text}
          @input=${(event: Event) => writing.text = (event.target as HTMLTextAreaElement).value}></textarea>
        ${this.failure === undefined ? nothing : problem(this.failure)}
        <button class="primary wide" ?disabled=${this.isBusy}>${w.newSend}</button>
      </form>`;
  }
}

customElements.define("enrum-new", New);
