// waiting -- beside what it is about: what was pressed or written there and does not stand in the log yet, instead of what one
// would press again.
import { html, nothing, type TemplateResult } from "lit";
import type { DraftView, EnrumClient, ItemWhat } from "../sdk/view.ts";
import { draftLate, draftState } from "./unsent.ts";
import { errorWords, words } from "./words/words.ts";

/** What of one's own says this of an entry, and does not stand in the log yet. */
export function draftAbout(drafts: readonly DraftView[], seq: number, kinds: readonly ItemWhat["kind"][]): DraftView | undefined {
  return drafts.find(({ says }) => says !== undefined && "aboutSeq" in says.what && says.what.aboutSeq === seq && kinds.includes(says.what.kind));
}

/** `what`: in a word. `giveBack`: refused, and taken away by its author. */
export function waiting(client: EnrumClient, what: string, draft: DraftView, giveBack: () => void = () => undefined): TemplateResult {
  const w = words();
  // Kept before it is gone here, whatever comes meanwhile.
  const discard = () => {
    giveBack();
    void client.discard(draft.id);
  };
  return html`<div class="waiting"><p class="small" role="status">${what} · ${draftState(draft)}</p>
    ${draft.text === "" ? nothing : html`<p class="text" dir="auto">${draft.text}</p>`}${draftLate(draft, client.session)}
    ${draft.state !== "failed" ? nothing : html`<p class="small bad">${draft.error === undefined ? "" : errorWords(draft.error)}</p>
      <p class="choices"><button @click=${discard}>${w.discard}</button></p>`}</div>`;
}
