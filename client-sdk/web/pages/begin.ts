// begin -- a caseworker begins a conversation with somebody who has not written: after a visit or a telephone call. Whom it is
// about is let in on the next page. Defined on the caseworkers' page only.
import { New, type NewTexts } from "./new.ts";
import type { Route } from "./route.ts";
import { casework } from "./words/casework.ts";

class Begin extends New {
  protected override texts(): NewTexts {
    return casework().begin;
  }

  protected override next(room: string): Route {
    return { page: "people", room };
  }
}

customElements.define("enrum-begin", Begin);
