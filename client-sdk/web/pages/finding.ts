// finding -- what the board's virus scanner says of a file, where the file is shown; and the question before it is opened.
import { html, nothing, type TemplateResult } from "lit";
import type { FindingView, ItemView } from "../sdk/view.ts";
import { isolate, words } from "./words/words.ts";

export function findingWords({ isUnscanned, name }: FindingView): string {
  const { warns, cannot } = words().finding;
  return isUnscanned ? cannot : warns(isolate(name));
}

/** Beside the file of an entry. */
export function findingOf({ what }: ItemView): TemplateResult | typeof nothing {
  if (what.kind !== "file" || what.finding === undefined) return nothing;
  return html`<p class="bad finding">${findingWords(what.finding)}</p>`;
}

/** Does the reader want it all the same? Asked each time; without a finding nothing is. */
export function findingAsk(finding: FindingView | undefined): boolean {
  return finding === undefined || confirm(`${findingWords(finding)}\n\n${words().finding.ask}`);
}
