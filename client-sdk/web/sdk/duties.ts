// duties -- what staff need to see of a conversation before they open it: who waits since when, and what is due.
import { bytesEqual, layoutSeq } from "../protocol/layout.ts";
import { layoutParticipant, type WireBodyAccess, type WireBodyCall } from "../protocol/layouts.ts";
import { CAPACITIES, ROLES, type KindName } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import { deadlineOf, journeyOf, type Deadline } from "./journey.ts";
import type { LogItem, Room } from "./roomcopy.ts";
import { isOfWay, itemView } from "./tell.ts";
import type { RoomSummary } from "./view.ts";

/**
 * What a citizen who waits is told by: words, a file, a voice, a decision, what was held back from them. A note, a step or what was said on a
 * telephone is written for the record, with whomever it was said, and whoever asked has had no answer by it.
 */
const ANSWERS: ReadonlySet<KindName> = new Set(["MESSAGE", "FILE", "DECISION", "RELEASE"]);

/** Whether it is one cannot be told of what this device cannot read: else all that it has not opened would wait since its beginning. */
function isAnswer({ content, author }: LogItem): boolean {
  if (content?.kind === "CALL") return isCallWithCitizen(content.body as WireBodyCall);
  return author.body.role === ROLES.STAFF && (content === undefined || ANSWERS.has(content.kind));
}

/** That a task is done, or a meeting called off, asks for no answer as long as no words stand beside it. */
function isWords({ content }: LogItem): boolean {
  return content === undefined || content.kind === "FILE" || (content.body as { text?: string }).text !== "";
}

/** They have been spoken with; which of those in the call wrote that it was held is all the same. */
function isCallWithCitizen({ participants }: WireBodyCall): boolean {
  const roles = layoutSeq(layoutParticipant, participants).map(({ role }) => role);
  return roles.includes(ROLES.CITIZEN) && roles.includes(ROLES.STAFF);
}

/** Words of somebody who interprets are another's, and are no question of their own. */
function isInterpreted(room: Room, { seq, author }: LogItem): boolean {
  const access = room.items.findLast((item) => item.seq < seq && item.content?.kind === "ACCESS" && bytesEqual((item.content.body as WireBodyAccess).person, author.body.person));
  return access !== undefined && (access.content?.body as WireBodyAccess).capacity === CAPACITIES.INTERPRETER;
}

function deadlineIn(enrum: Enrum, room: Room): Deadline | undefined {
  const told = room.items.filter(isOfWay).map((item) => itemView(enrum, room, item));
  return deadlineOf(journeyOf(told, room.items[0]?.receivedAt ?? 0));
}

/** `written`: what people wrote in the room. */
export function dutiesOf(enrum: Enrum, room: Room, written: readonly LogItem[]): Pick<RoomSummary, "unansweredSince" | "deadline"> {
  const answered = room.items.findLast((item) => item.open.class === "RECORD" && isAnswer(item) && !room.refusals.has(item.seq))?.seq ?? 0;
  const unanswered = written.find((item) => item.seq > answered && item.author.body.role === ROLES.CITIZEN && isWords(item) && !room.refusals.has(item.seq) && !isInterpreted(room, item));
  const deadline = room.isAdvice ? undefined : deadlineIn(enrum, room);
  return { ...(unanswered === undefined ? {} : { unansweredSince: unanswered.receivedAt }), ...(deadline === undefined ? {} : { deadline }) };
}
