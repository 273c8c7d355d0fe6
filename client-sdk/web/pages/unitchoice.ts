// unitchoice -- whom a new conversation is for, where the board has several units: asked below what is written, so that nothing
// moves when the keeper's answer comes. Whoever does not know chooses nothing, and it goes to the board's first unit. Loaded with the
// page that begins a conversation.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { UnitView } from "../sdk/view.ts";
import { Base } from "./base.ts";
import { unitLinked, unitLinkForget } from "./route.ts";
import { languageChosen } from "./words/words.ts";
import { UNITS } from "./words/units.ts";
import { written, writtenSet, writtenTake } from "./writing.ts";

const UNIT = "new unit";
/** Whoever is quicker than the keeper is not held up longer. */
const WAIT_MS = 2_000;

/** The name that the municipality's link has. */
function linked(): string | undefined {
  try {
    return decodeURIComponent(unitLinked() ?? "").toLowerCase();
  } catch {
    // It was typed wrongly: as if there were none.
    return undefined;
  }
}

export class UnitChoice extends Base {
  static override properties = { ...Base.properties, units: { state: true } };
  declare units: readonly UnitView[];
  #asked: Promise<void> | undefined;

  constructor() {
    super();
    this.units = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#asked ??= this.#ask();
  }

  /** Without an answer nobody is asked, and it goes to the first unit: that one hands it over. */
  async #ask(): Promise<void> {
    await writtenTake(UNIT);
    const units = await this.client.units().catch(() => undefined);
    if (units === undefined) return;
    this.units = units;
    if (this.#chosen() === undefined) this.#choose(units.find(({ name }) => name.toLowerCase() === linked()));
    // From here on it is a choice like any other, and not the next one's in this tab.
    unitLinkForget();
  }

  #chosen(): UnitView | undefined {
    return this.units.find(({ unit }) => unit === written(UNIT));
  }

  #choose(chosen: UnitView | undefined): void {
    writtenSet(UNIT, chosen?.unit ?? "");
    this.requestUpdate();
  }

  /** The unit; undefined: none named. */
  async chosen(): Promise<string | undefined> {
    await Promise.race([this.#asked, new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
    return this.#chosen()?.unit;
  }

  /** The conversation is begun. */
  done(): void {
    unitLinkForget();
    this.#choose(undefined);
  }

  #option(unit: UnitView | undefined, name: string): TemplateResult {
    return html`<label class="check"><input type="radio" name="unit" .checked=${this.#chosen() === unit} @change=${() => this.#choose(unit)}> <span dir="auto">${name}</span></label>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const w = UNITS[languageChosen()];
    if (this.units.length < 2) return nothing;
    return html`<fieldset class="units" aria-describedby="unit-hint"><legend>${w.ask}</legend><span class="small" id="unit-hint">${w.hint}</span>
      ${this.units.map((unit) => this.#option(unit, unit.name))}${this.#option(undefined, w.unsure)}</fieldset>`;
  }
}

customElements.define("enrum-unit-choice", UnitChoice);
