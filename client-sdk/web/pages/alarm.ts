// alarm -- what a person is told when the host, the record or the board itself cannot be trusted; and lesser notices.
import { html, nothing, type TemplateResult } from "lit";
import type { ErrorName } from "../protocol/tables.ts";
import type { RoomView, SessionView } from "../sdk/view.ts";
import { errorWords, words } from "./words/words.ts";

export function telephoneLink(telephone: string): TemplateResult | typeof nothing {
  if (telephone === "") return nothing;
  return html`<p><a class="call" href="tel:${telephone.replaceAll(/[^+0-9]/g, "")}">${words().callUs(telephone.replaceAll(" ", "\u00a0").replaceAll("-", "-\u2060"))}</a></p>`;
}

/** What is not to be trusted. PAGE: and nothing else is shown. */
export type AlarmOf = "PAGE" | "HOST" | "ROOM";

/** Unmistakable, and announced. */
export function alarm(error: ErrorName, session: SessionView | undefined, of: AlarmOf): TemplateResult {
  const w = words();
  const heading = of === "PAGE" ? html`<h1 tabindex="-1">${w.alarmTitle}</h1>` : html`<h2>${of === "ROOM" ? w.alarmRoomTitle : w.alarmTitle}</h2>`;
  return html`<section class="alarm" role="alert">
    ${heading}
    <p>${errorWords(error)}</p>
    <p><strong>${w.alarmStop}</strong> ${w.alarmDo}</p>
    ${telephoneLink(session?.board.telephone ?? "")}
    <p class="small">${w.alarmName(error)}</p>
  </section>`;
}

export function problem(text: string, more: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="problem" role="alert"><p>${text}</p>${more}</div>`;
}

/** Whoever has not opened it was let in, and is let out when their part is done; whoever has is out of it by this device alone. */
export function isOut({ isOthers }: Pick<RoomView, "isOthers">, session: SessionView | undefined): boolean {
  return isOthers || session?.role === "staff";
}

function denied(view: RoomView, session: SessionView | undefined): TemplateResult {
  const w = words();
  return isOut(view, session) ? html`<p class="problem" role="status">${w.denied}</p>` : problem(w.deniedDevice, telephoneLink(session?.board.telephone ?? ""));
}

export function mayWrite({ hasKey, isDenied, trouble, isLocked, isUnborn }: RoomView): boolean {
  return hasKey && !isDenied && trouble === undefined && (!isLocked || isUnborn);
}

/** That a conversation is on its way; or why nothing can be written in it: there the focus goes of whoever was writing (watch.ts). */
export function standing(view: RoomView, session: SessionView | undefined): TemplateResult | typeof nothing {
  const w = words();
  const { trouble, isDenied, isCurrent, isLocked, isUnborn } = view;
  if (trouble === undefined && !isDenied && !(isCurrent && isLocked)) {
    return isCurrent || isUnborn || session?.contact !== "ready" ? nothing : html`<p class="empty" role="status">${isLocked ? w.openingKeys : w.loading}</p>`;
  }
  return html`<div class="why" tabindex="-1">${trouble !== undefined ? alarm(trouble, session, "ROOM") : isDenied ? denied(view, session) : html`<p class="problem" role="status">${w.lockedLong}</p>`}</div>`;
}
