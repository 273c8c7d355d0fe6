// due -- a last day in words: what it is of, when, and how much is left; told by words and a sign, not by colour alone.
import { html, nothing, type TemplateResult } from "lit";
import { clockDue, daysLeft } from "../sdk/clocks.ts";
import type { Deadline } from "../sdk/journey.ts";
import { Base } from "./base.ts";
import { casework } from "./words/casework.ts";
import { shortWhen, span, words } from "./words/words.ts";

const DAY_MS = 24 * 60 * 60_000;
/** From so many days on it is marked, and marked more. */
const SOON_DAYS = 7;
const VERY_SOON_DAYS = 3;

function leftWords(days: number): string {
  const w = words();
  if (days === 0) return w.journey.lastDay;
  // As many whole days, also two, as the reader counts them.
  const counted = w.days(Math.abs(days));
  return days < 0 ? w.journey.late(counted) : w.journey.left(counted);
}

/** "3 dagar kvar", marked when it is near. */
export function dueMark(due: number, nowMs: number): TemplateResult {
  const days = daysLeft(due, nowMs);
  const level = days < 0 ? "late" : days === 0 ? "last" : days <= VERY_SOON_DAYS ? "verysoon" : days <= SOON_DAYS ? "soon" : "far";
  return html`<span class="due ${level}">${leftWords(days)}</span>`;
}

/** In a list: of a conversation. */
class Due extends Base {
  static override properties = { ...Base.properties, deadline: { attribute: false }, receivedAt: { attribute: false }, unansweredSince: { attribute: false } };
  declare deadline: Deadline | undefined;
  /** Of one that nobody has taken: it may be about a child, whose need of protection is judged the same day. */
  declare receivedAt: number | undefined;
  declare unansweredSince: number | undefined;
  protected override isTicking = true;

  protected override render(): TemplateResult | typeof nothing {
    const w = words();
    const { receivedAt, unansweredSince: since } = this;
    const deadline: Deadline | undefined = receivedAt === undefined ? this.deadline : { clock: "PROTECTION", due: clockDue("PROTECTION", receivedAt) };
    const now = Date.now();
    if (deadline === undefined && since === undefined) return nothing;
    return html`${since === undefined ? nothing : html`<span class="small">${casework().waited(span(Math.max(now - since, 0)))}</span>`}
      ${deadline === undefined ? nothing : html`<span class="small">${deadline.clock === undefined ? w.journey.tasks : w.journey.clocks[deadline.clock]}, ${shortWhen(deadline.due, deadline.due + 3 * DAY_MS)}: ${dueMark(deadline.due, now)}</span>`}`;
  }
}

customElements.define("enrum-due", Due);
