// writtentext -- the field of a form whose text is kept while it is being written (writing.ts), and is there again with the form.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
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

export function writtenText({ id, place, rows, max, otherwise = "", name, labelledBy, isRequired = false }: WrittenText): TemplateResult {
  return html`<textarea id=${id} name=${name ?? nothing} rows=${rows} dir="auto" autocomplete="off" maxlength=${max} aria-labelledby=${labelledBy ?? nothing} ?required=${isRequired}
    .defaultValue=${written(place) || otherwise} @input=${(event: Event) => writtenSet(place, (event.target as HTMLTextAreaElement).value)}></textarea>`;
}
