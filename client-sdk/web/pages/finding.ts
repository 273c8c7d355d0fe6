// finding -- what the board's virus scanner says of a file, in words.
import type { FindingView } from "../sdk/view.ts";
import { isolate, words } from "./words/words.ts";

export function findingWords({ isUnscanned, name }: FindingView): string {
  const { warns, cannot } = words().finding;
  return isUnscanned ? cannot : warns(isolate(name));
}
