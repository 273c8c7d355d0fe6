// unsent -- what is told of something of one's own that does not stand in the log yet: that it waits, and from when on another way
// may be needed.
import { html, nothing, type TemplateResult } from "lit";
import type { DraftView, RoomSummary, SessionView } from "../sdk/view.ts";
import { telephoneLink } from "./alarm.ts";
import { words } from "./words/words.ts";
import { chosen, writtenOf } from "./writing.ts";

/** Words that the host has not acknowledged for so long may need another way. */
const UNSENT_MS = 30_000;

/** Something of this person's own has not come into the log, or is being written still, or chosen. */
export function hasUnsent({ room, waiting }: RoomSummary): boolean {
  return waiting > 0 || writtenOf(room).length > 0 || chosen(room)?.isEmpty === false;
}

export function draftState({ state }: DraftView): TemplateResult {
  const w = words();
  const told = { waiting: w.draftWaiting, sending: w.draftSending, received: w.arrived, failed: w.draftFailed }[state];
  return html`<span class=${state === "failed" ? "bad" : ""}>${told}</span>`;
}

/** A file, too: how far it is says nothing of whether it arrives. */
export function draftLate({ state, time }: DraftView, session: SessionView | undefined): TemplateResult | typeof nothing {
  const isUnderWay = state === "waiting" || state === "sending";
  if (!isUnderWay || Date.now() - time <= UNSENT_MS) return nothing;
  return html`<div class="unsent" role="status"><p class="bad">${words().unreceived}</p>${telephoneLink(session?.board.telephone ?? "")}</div>`;
}
