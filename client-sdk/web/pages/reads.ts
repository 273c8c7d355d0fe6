// reads -- before anything is sent: who will read it.
import { html, nothing, type TemplateResult } from "lit";
import type { RoomView } from "../sdk/view.ts";
import { listOf, personAs, words } from "./words/words.ts";

export function readsMark({ others }: RoomView): TemplateResult | typeof nothing {
  return others.length === 0 ? nothing : html`<p class="small reads">${words().people.reads(listOf(others.map(personAs)))}</p>`;
}
