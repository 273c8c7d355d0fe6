// asking -- what the parts of the page that change who is in a conversation have in common: one thing is asked at a time, and what
// goes wrong is said beside it. Loaded by caseworkers only.
import { nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { ErrorName } from "../protocol/tables.ts";
import type { RoomView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { errorWords } from "./words/words.ts";
import { staffPeopleWords } from "./words/staffpeople.ts";

export abstract class Asking extends Base {
  static override properties = { ...Base.properties, view: { attribute: false }, isBusy: { state: true }, failure: { state: true } };
  declare view: RoomView;
  declare isBusy: boolean;
  declare failure: string | undefined;

  /** True when it went well. `says`: what an error means here, where that is something else than everywhere. */
  protected async ask(what: () => Promise<unknown>, says: Partial<Record<ErrorName, string>> = {}): Promise<boolean> {
    this.isBusy = true;
    this.failure = undefined;
    try {
      await what();
      return true;
    } catch (error) {
      const code = error instanceof EnrumError ? error.code : "MEMORY";
      this.failure = says[code] ?? `${staffPeopleWords().failed}. ${errorWords(code)}`;
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  protected field(id: string): string {
    return this.querySelector<HTMLInputElement>(`#${id}`)?.value.trim() ?? "";
  }

  protected problem(): TemplateResult | typeof nothing {
    return this.failure === undefined ? nothing : problem(this.failure);
  }
}
