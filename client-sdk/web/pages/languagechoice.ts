// languagechoice -- which language the pages are read in: the languages by their own names; and a line for whoever reads one that
// nobody whose language it is has checked, with the way to those that are.
import { html, nothing, svg, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { languageRow, STAFF_LANGUAGES, type Language } from "./words/languages.ts";
import { isUnreviewed, languageChoices, languageChosen, languageSet, words } from "./words/words.ts";

/** Known to those who cannot read the page. */
const GLOBE = svg`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9.5"/><ellipse cx="12" cy="12" rx="4" ry="9.5"/><path d="M3 9h18M3 15h18"/></svg>`;

class LanguageChoice extends Base {
  static override properties = { ...Base.properties, isInMenu: { attribute: false }, hasFailed: { state: true } };
  /** Else it is a menu of its own. */
  declare isInMenu: boolean;
  declare hasFailed: boolean;

  async #choose(language: Language): Promise<void> {
    const menu = this.closest("details") ?? this.querySelector("details") as HTMLDetailsElement;
    try {
      await languageSet(language, this.session?.isShared === true);
      this.hasFailed = false;
      (this.querySelector("details") as HTMLDetailsElement).open = menu.open = false;
      menu.querySelector("summary")?.focus();
    } catch {
      this.hasFailed = menu.open = true;
    }
  }

  #choice(language: Language): TemplateResult {
    const { name, tag, direction } = languageRow(language);
    return html`<button class="quiet" lang=${tag} dir=${direction} aria-current=${language === languageChosen() ? "true" : nothing}
      @click=${() => void this.#choose(language)}>${name}</button>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<details class="languages ${this.isInMenu ? "" : "menu"}"><summary>${GLOBE}<span><span class="unseen">${w.languageChoose}: </span>${languageRow(languageChosen()).name}</span></summary>
      <div role="group" aria-label=${w.languageChoose}>${languageChoices().map((language) => this.#choice(language))}
      ${this.hasFailed ? html`<p class="bad" role="alert">${w.languageFailed}</p>` : nothing}</div></details>`;
  }
}

customElements.define("enrum-languages", LanguageChoice);

/** Nobody shall rely blindly on a translation that nobody has checked. */
export function unreviewedNotice(isBorrowed: boolean): TemplateResult | typeof nothing {
  if (!isUnreviewed()) return nothing;
  const w = words();
  // Those that caseworkers write and read are the ones that are checked; a failure to load one leaves this line where it is.
  return html`<aside class="notice" aria-label=${w.languageChoose}><p>${w.unreviewed}</p>${STAFF_LANGUAGES.map((language) => {
    const { name, tag, direction } = languageRow(language);
    return html`<button lang=${tag} dir=${direction} @click=${() => void languageSet(language, isBorrowed).catch(() => undefined)}>${name}</button>`;
  })}</aside>`;
}
