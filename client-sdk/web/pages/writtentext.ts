// writtentext -- the field of a form whose text is kept while it is being written (writing.ts), and is there again with the form. What
// comes to the same place meanwhile, as a note that was refused and is taken back, stands in the field above what is being written.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";
import { written, writtenSet } from "./writing.ts";

export interface WrittenText {
  id: string;
  /** Where its text is kept. */
  place: string;
  rows: number;
  /** Characters. */
  max: number;
  /** What stands there as long as nothing is kept. */
  otherwise?: string;
  name?: string;
  /** The id of what names it, where that is no label. */
  labelledBy?: string;
  isRequired?: boolean;
}

class Kept extends Directive {
  #place = "";
  /** What is kept there and stands in the field. */
  #text: string | undefined;
  #isHeard = false;

  render(_place: string): typeof nothing {
    return nothing;
  }

  override update({ element }: ElementPart, [place]: [string]): typeof nothing {
    const field = element as HTMLTextAreaElement;
    if (!this.#isHeard) field.addEventListener("input", () => this.#typed(field));
    this.#isHeard = true;
    if (place !== this.#place) this.#text = undefined;
    this.#place = place;
    const text = written(place);
    if (text === this.#text) return nothing;
    if (this.#text && text.endsWith(this.#text)) this.#above(field, text);
    else if (text !== "" || field.value !== field.defaultValue) field.value = text || field.defaultValue;
    this.#text = text;
    return nothing;
  }

  /** Whoever is writing goes on where they are. */
  #above(field: HTMLTextAreaElement, text: string): void {
    const before = this.#text ?? "";
    const come = before !== "" && text.endsWith(before) ? text.slice(0, -before.length) : `${text}\n`;
    field.setRangeText(come, 0, 0, "preserve");
  }

  #typed(field: HTMLTextAreaElement): void {
    const text = written(this.#place);
    // It has come since the field was drawn.
    if (text !== "" && text !== this.#text) this.#above(field, text);
    this.#text = field.value;
    writtenSet(this.#place, field.value);
  }
}

const kept = directive(Kept);

export function writtenText({ id, place, rows, max, otherwise = "", name, labelledBy, isRequired = false }: WrittenText): TemplateResult {
  return html`<textarea id=${id} name=${name ?? nothing} rows=${rows} dir="auto" autocomplete="off" maxlength=${max} aria-labelledby=${labelledBy ?? nothing} ?required=${isRequired}
    .defaultValue=${otherwise} ${kept(place)}></textarea>`;
}
