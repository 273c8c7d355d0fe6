// advice -- a citizen asks without logging in: what that means, and the way in. Loaded when it is opened.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { ErrorName } from "../protocol/tables.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { hrefOf, unitLinked } from "./route.ts";
import { errorWords, languageBorrow, words } from "./words/words.ts";

class Advice extends Base {
  static override properties = { ...Base.properties, isGone: { state: true }, failed: { state: true } };
  declare isGone: boolean;
  declare failed: ErrorName | undefined;

  async #begin(event: Event): Promise<void> {
    event.preventDefault();
    this.isGone = true;
    this.failed = undefined;
    try {
      const isShared = this.querySelector<HTMLInputElement>("#keep-nothing")?.checked ?? true;
      if (isShared) languageBorrow();
      await this.client.adviceBegin(isShared);
      // Behind it comes the list, once the keeper has answered; or what the municipality's link led to.
      location.hash = hrefOf({ page: unitLinked() === null ? "home" : "new" });
    } catch (error) {
      this.failed = error instanceof EnrumError ? error.code : "MEMORY";
    } finally {
      this.isGone = false;
    }
  }

  protected override render(): TemplateResult {
    const w = words();
    const error = this.failed ?? this.session?.loginError;
    return html`<section class="intro"><a class="back" href=${hrefOf({ page: "home" })}>${w.back}</a>
      <h1 tabindex="-1">${w.advice.title}</h1>${w.advice.about.map((sentence) => html`<p class="lead">${sentence}</p>`)}
      ${error === undefined ? nothing : problem(errorWords(error))}
      <form @submit=${(event: Event) => void this.#begin(event)}>
        <label class="check"><input type="checkbox" id="keep-nothing" checked aria-describedby="keep-about"> ${w.advice.keepNothing}</label>
        <p class="small" id="keep-about">${w.advice.keepAbout}</p>
        <button class="primary wide" ?disabled=${this.isGone}>${w.advice.start}</button></form></section>
      <footer class="foot"><p>${w.acute}</p></footer>`;
  }
}

customElements.define("enrum-advice", Advice);
