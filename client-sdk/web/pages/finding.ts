// finding -- what the board's virus scanner says of a file, in words; and the question before such a file is brought.
import type { FindingView } from "../sdk/view.ts";
import { isolate, words } from "./words/words.ts";

export function findingWords({ isUnscanned, name }: FindingView): string {
  const { warns, cannot } = words().finding;
  return isUnscanned ? cannot : warns(isolate(name));
}

/** Does the reader want it all the same? Asked each time; without a finding nothing is. */
export function findingAsk(finding: FindingView | undefined): boolean {
  return finding === undefined || confirm(`${findingWords(finding)}\n\n${words().finding.ask}`);
}
