// callbase -- what the elements of a call share: the tab's part in it, and drawing anew when it changes.
import type { CallSession } from "../call/session.ts";
import type { ErrorName } from "../protocol/tables.ts";
import { Base } from "./base.ts";
import { errorWords, words } from "./words/words.ts";

export abstract class CallBase extends Base {
  static override properties = { ...Base.properties, calls: { attribute: false } };
  declare calls: CallSession;
  #end: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = this.calls.subscribe(() => this.told());
  }

  override disconnectedCallback(): void {
    this.#end?.();
    super.disconnectedCallback();
  }
}

/** What an error means for a call. */
export function callErrorWords(error: ErrorName): string {
  return words().video.errors[error] ?? errorWords(error);
}

/** How sure it is who somebody is. */
export function callLevel(level: number): string {
  return level === 0 ? words().advice.level : words().video.levelOf(level);
}
