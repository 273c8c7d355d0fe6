// templates -- a caseworker's own texts, put into what is being written. Defined on the caseworkers' page only.
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { TemplateView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { casework } from "./words/casework.ts";
import { errorWords } from "./words/words.ts";
import { written } from "./writing.ts";

const NAME_MAX = 60;

class Templates extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, templates: { state: true }, failure: { state: true } };
  declare room: string;
  /** Undefined: not read yet. */
  declare templates: readonly TemplateView[] | undefined;
  declare failure: string | undefined;

  async #do(work: () => Promise<readonly TemplateView[]>): Promise<void> {
    this.failure = undefined;
    try {
      this.templates = await work();
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    }
  }

  /** Another tab may have changed them. */
  #onToggle(event: Event): void {
    if ((event.target as HTMLDetailsElement).open) void this.#do(() => this.client.templates());
  }

  #insert({ text }: TemplateView): void {
    const details = this.querySelector("details");
    if (details !== null) details.open = false;
    this.dispatchEvent(new CustomEvent("enrum-insert", { detail: text, bubbles: true }));
  }

  #keep(event: Event): void {
    event.preventDefault();
    const name = this.querySelector("input")?.value.trim() ?? "";
    const text = written(this.room).trim();
    if (name === "" || text === "") {
      this.failure = casework().missing;
      return;
    }
    (event.target as HTMLFormElement).reset();
    const before = this.templates?.find((other) => other.name === name);
    void this.#do(() => this.client.templatesChange(before, { name, text }));
  }

  #row(template: TemplateView): TemplateResult {
    const w = casework();
    return html`<li class="row"><button @click=${() => this.#insert(template)}><span class="unseen">${w.templateInsert}: </span>${template.name}</button>
      <button class="quiet" aria-label="${w.templateRemove}: ${template.name}" @click=${() => void this.#do(() => this.client.templatesChange(template, undefined))}>${w.templateRemove}</button></li>`;
  }

  protected override render(): TemplateResult {
    const w = casework();
    return html`<details class="templates" @toggle=${this.#onToggle}><summary>${w.templates}</summary>
      ${this.failure === undefined ? nothing : problem(this.failure)}
      ${this.templates?.length === 0 ? html`<p>${w.templatesNone}</p>` : html`<ul>${(this.templates ?? []).map((template) => this.#row(template))}</ul>`}
      <form class="form" @submit=${this.#keep}><label for="template-name">${w.templateName}</label><input id="template-name" maxlength=${NAME_MAX} autocomplete="off">
      <p class="choices"><button>${w.templateKeep}</button></p></form><p class="small">${w.templatesWhere}</p></details>`;
  }
}

customElements.define("enrum-templates", Templates);
