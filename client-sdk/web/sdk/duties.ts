// duties -- what staff need to see of a conversation before they open it: who waits since when, and what is due.
import { ROLES, type KindName } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import { deadlineOf, journeyOf } from "./journey.ts";
import type { LogItem, Room } from "./roomcopy.ts";
import { itemView } from "./tell.ts";
import type { RoomSummary } from "./view.ts";

/** Those that journey.ts folds. */
const FOLDED: ReadonlySet<KindName> = new Set(["STEP", "TASK", "MEETING", "TASK_DONE", "CANCELLED", "EXTENSION"]);

/** `written`: what people wrote in the room. */
export function dutiesOf(enrum: Enrum, room: Room, written: readonly LogItem[]): Pick<RoomSummary, "unansweredSince" | "deadline"> {
  const answered = written.findLast(({ seq, author }) => author.body.role === ROLES.STAFF && !room.refusals.has(seq))?.seq ?? 0;
  const unanswered = written.find(({ seq, author }) => seq > answered && author.body.role === ROLES.CITIZEN && !room.refusals.has(seq));
  const told = written.filter(({ content }) => content !== undefined && FOLDED.has(content.kind)).map((item) => itemView(enrum, room, item));
  const deadline = deadlineOf(journeyOf(told, room.items[0]?.receivedAt ?? 0));
  return { ...(unanswered === undefined ? {} : { unansweredSince: unanswered.receivedAt }), ...(deadline === undefined ? {} : { deadline }) };
}
