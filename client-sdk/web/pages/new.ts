// new -- somebody starts a conversation: a citizen here, an employee with the words of begin.ts.
import { html, nothing, type TemplateResult } from "lit";
import { bring } from "../link/bring.ts";
import { EnrumError } from "../protocol/error.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { goInstead, hrefOf, type Route } from "./route.ts";
import type { UnitChoice } from "./unitchoice.ts";
import { errorWords, language, words } from "./words/words.ts";
import { written, writtenSet, writtenTake } from "./writing.ts";

const TITLE = "new title";
const TEXT = "new text";

export type NewTexts = Pick<ReturnType<typeof words>, "newRoom" | "newTitle" | "newTitleHint" | "newText" | "newTextHint" | "newSend" | "newEmpty"> & { newAbout?: string };

export class New extends Base {
  static override properties = { ...Base.properties, failure: { state: true }, isBusy: { state: true }, hasUnits: { state: true } };
  declare failure: string | undefined;
  /** Whom it is for can be asked. */
  declare hasUnits: boolean;
  declare isBusy: boolean;
  #id = crypto.randomUUID();

  /** What the page says. */
  protected texts(): NewTexts {
    return words();
  }

  /** Where to go with what has been started. */
  protected next(room: string): Route {
    return { page: "room", room };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const place of [TITLE, TEXT]) void writtenTake(place).then(() => this.requestUpdate());
    if (this.session?.role === "citizen") void bring(() => import("./unitchoice.ts")).then(() => this.hasUnits = true, () => undefined);
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isBusy) return;
    if (written(TEXT).trim() === "") {
      this.failure = this.texts().newEmpty;
      this.querySelector<HTMLElement>("textarea")?.focus();
      return;
    }
    this.isBusy = true;
    try {
      const units = this.querySelector<UnitChoice>("enrum-unit-choice");
      const room = await this.client.open(this.#id, written(TITLE).trim(), written(TEXT).trim(), language(), await units?.chosen());
      units?.done();
      for (const place of [TITLE, TEXT]) writtenSet(place, "");
      goInstead(this.next(room));
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.isBusy = false;
    }
  }

  protected override render(): TemplateResult {
    const w = this.texts();
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${words().back}</a>
      <h1 tabindex="-1">${w.newRoom}</h1>${w.newAbout === undefined ? nothing : html`<p>${w.newAbout}</p>`}
      <form class="form" @submit=${(event: Event) => void this.#send(event)}>
        <label for="title">${w.newTitle}</label><span class="small" id="title-hint">${w.newTitleHint}</span>
        <input id="title" dir="auto" maxlength="100" autocomplete="off" aria-describedby="title-hint" .value=${written(TITLE)}
          @input=${(event: Event) => writtenSet(TITLE, (event.target as HTMLInputElement).value)}>
        <label for="text">${w.newText}</label><span class="small" id="text-hint">${w.newTextHint}</span>
        <textarea id="text" rows="7" dir="auto" autocomplete="off" maxlength="16000" aria-describedby="text-hint" .value=${written(TEXT)}
          @input=${(event: Event) => writtenSet(TEXT, (event.target as HTMLTextAreaElement).value)}></textarea>
        ${this.hasUnits ? html`<enrum-unit-choice .client=${this.client}></enrum-unit-choice>` : nothing}
        ${this.failure === undefined ? nothing : problem(this.failure)}
        <button class="primary wide" ?disabled=${this.isBusy}>${w.newSend}</button>
      </form>`;
  }
}

customElements.define("enrum-new", New);
