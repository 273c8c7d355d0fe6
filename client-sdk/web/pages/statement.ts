// statement -- how accessible these pages are, what is lacking, and where one says so (lag 2018:1937, 10 and 13 §§). Loaded when
// somebody opens it.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { telephoneLink } from "./alarm.ts";
import { Base } from "./base.ts";
import { hrefOf } from "./route.ts";
import { STATEMENT } from "./words/statement.ts";
import { dateName, languageChosen, machineWhen, words } from "./words/words.ts";

/** When the pages were gone through last. */
const TESTED = Date.UTC(2026, 10, 29, 12);
const AUTHORITY = "https://www.digg.se/tdosanmalan";

/** Where the municipality takes what people say of it: site.mjs writes it into the page. */
function feedbackAddress(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="enrum-feedback"]')?.content ?? "";
}

class Statement extends Base {
  #tell(): TemplateResult {
    const w = STATEMENT[languageChosen()];
    const address = feedbackAddress();
    const isIn = this.session?.login === "in" && this.session.role === "citizen";
    return html`<p>${w.tellText}</p><p class="choices">
      ${address === "" ? nothing : html`<a class="button" href=${address} rel="noreferrer">${w.tellForm}</a>`}
      ${isIn ? html`<a class="button" href=${hrefOf({ page: "new" })}>${w.tellRoom}</a>` : nothing}</p>
      ${telephoneLink(this.session?.board.telephone ?? "")}`;
  }

  protected override render(): TemplateResult {
    const w = STATEMENT[languageChosen()];
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${words().back}</a>
      <h1 tabindex="-1">${words().statement}</h1><p>${w.about}</p>
      <h2>${w.how}</h2><p>${w.howText}</p>
      <h2>${w.lacks}</h2><ul class="points">${w.lacksList.map((lack) => html`<li>${lack}</li>`)}</ul>
      <h2>${w.tested}</h2><p>${w.testedText(dateName(TESTED))}</p>
      <h2>${w.other}</h2><p>${w.otherText}</p>
      <h2>${w.tell}</h2>${this.#tell()}
      <h2>${w.authority}</h2><p>${w.authorityText}</p><p><a href=${AUTHORITY} rel="noreferrer">${w.authorityLink}</a></p>
      <p class="small"><time datetime=${machineWhen(TESTED)}>${dateName(TESTED)}</time></p>`;
  }
}

customElements.define("enrum-statement", Statement);
