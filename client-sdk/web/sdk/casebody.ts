// casebody -- what people write in a room beside messages, as values and as the bytes of its kind: notes, decisions, contacts, and
// the way of the case. One place for both directions, so that what is written is what is told.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes, Layout } from "../protocol/field.ts";
import { CHANNELS, CLOCKS, MATTERS, STAGES, type ChannelName, type ClockName, type MatterName, type StageName } from "../protocol/journey.ts";
import { layoutEncode } from "../protocol/layout.ts";
import type {
  WireBodyContact, WireBodyExtension, WireBodyMark, WireBodyMeeting, WireBodyStep, WireBodyTask,
} from "../protocol/layouts.ts";
import { KINDS, LIMITS, ROLES, type KindName } from "../protocol/tables.ts";

/** What stands in the way of a case; `text` is in own words. Times are ms since 1970; 0: not said. */
export type CaseWhat =
  /** What came, or was said, outside: when, says the item's eventTime. */
  | { kind: "contact"; text: string; channel: ChannelName; isOutgoing: boolean; people: string }
  /** When what the case is about came in, says the item's eventTime; 0: as it stood. `opened`: the day on which the inquiry was, where the stage is within it or later. */
  | { kind: "step"; text: string; matter: MatterName | undefined; stage: StageName; byWhen: number; byWhom: string; opened?: number }
  | { kind: "task"; text: string; for: "citizen" | "staff"; due: number; clock: ClockName | undefined }
  | { kind: "meeting"; text: string; begins: number; ends: number; isVideo: boolean; place: string; people: string }
  /** `aboutSeq`: the task's or meeting's entry; 0 when it names one that this room does not have. */
  | { kind: "done" | "cancelled"; text: string; aboutSeq: number }
  | { kind: "extension"; text: string; clock: ClockName; until: number };

/** What may be written with Verbs.write. `at`: when what it tells of happened. */
export type Writing = ({ kind: "note" | "decision"; text: string } | CaseWhat) & { at?: number };

const KIND_OF = {
  note: "NOTE", decision: "DECISION", contact: "CONTACT", step: "STEP", task: "TASK", meeting: "MEETING", done: "TASK_DONE",
  cancelled: "CANCELLED", extension: "EXTENSION",
} as const satisfies Record<Writing["kind"], KindName>;

export function writingKind({ kind }: Writing): KindName {
  return KIND_OF[kind];
}

// -- Out -------------------------------------------------------------------------------------------------------------

function valueOf(writing: Writing, hashAt: (seq: number) => Bytes | undefined): object {
  switch (writing.kind) {
    case "note": case "decision":
      return { text: writing.text, reply_seq: 0 };
    case "contact":
      return { channel: CHANNELS[writing.channel], direction: writing.isOutgoing ? 2 : 1, people: writing.people, text: writing.text } satisfies WireBodyContact;
    case "step": {
      const { matter, stage, byWhen, byWhom, text, opened = 0 } = writing;
      return { matter: matter === undefined ? 0 : MATTERS[matter], stage: STAGES[stage].number, by_when: byWhen, by_whom: byWhom, text, opened } satisfies WireBodyStep;
    }
    case "task": {
      const { due, clock, text } = writing;
      return { role: writing.for === "staff" ? ROLES.STAFF : ROLES.CITIZEN, due, clock: clock === undefined ? 0 : CLOCKS[clock].number, text } satisfies WireBodyTask;
    }
    case "meeting": {
      const { begins, ends, isVideo, place, people, text } = writing;
      return { begins, ends, is_video: isVideo ? 1 : 0, place, people, text } satisfies WireBodyMeeting;
    }
    case "done": case "cancelled": {
      const hash = writing.aboutSeq < 1 ? undefined : hashAt(writing.aboutSeq);
      if (hash === undefined) throw new EnrumError("MALFORMED", `no entry ${writing.aboutSeq}`);
      return { seq: writing.aboutSeq, hash, text: writing.text } satisfies WireBodyMark;
    }
    case "extension":
      return { clock: CLOCKS[writing.clock].number, until: writing.until, text: writing.text } satisfies WireBodyExtension;
  }
}

/** The encoded body. Throws MALFORMED (empty where it may not be, no such entry), OVERSIZED. */
export function writingBody(writing: Writing, hashAt: (seq: number) => Bytes | undefined): Bytes {
  return layoutEncode(KINDS[writingKind(writing)].body as Layout, valueOf(writing, hashAt) as never, LIMITS.CONTENT_BYTES_MAX);
}

// -- In --------------------------------------------------------------------------------------------------------------

function nameOf<N extends string>(table: Record<N, number | { number: number }>, number: number): N | undefined {
  return (Object.keys(table) as N[]).find((name) => {
    const row = table[name];
    return (typeof row === "number" ? row : row.number) === number;
  });
}

/** Undefined for other kinds, and for one that names what this version does not know. `isEntry`: the room has that entry under that hash. */
export function caseWhat(kind: KindName, body: unknown, isEntry: (seq: number, hash: Bytes) => boolean): CaseWhat | undefined {
  switch (kind) {
    case "CONTACT": {
      const { channel: number, direction, people, text } = body as WireBodyContact;
      const channel = nameOf(CHANNELS, number) ?? "OTHER";
      return { kind: "contact", text, channel, isOutgoing: direction === 2, people };
    }
    case "STEP": {
      const { matter, stage: number, by_when: byWhen, by_whom: byWhom, text, opened } = body as WireBodyStep;
      const stage = nameOf(STAGES, number);
      return stage === undefined ? undefined : { kind: "step", text, matter: nameOf(MATTERS, matter), stage, byWhen, byWhom, ...(opened === 0 ? {} : { opened }) };
    }
    case "TASK": {
      const { role, due, clock, text } = body as WireBodyTask;
      return { kind: "task", text, for: role === ROLES.STAFF ? "staff" : "citizen", due, clock: nameOf(CLOCKS, clock) };
    }
    case "MEETING": {
      const { begins, ends, is_video: video, place, people, text } = body as WireBodyMeeting;
      return { kind: "meeting", text, begins, ends, isVideo: video === 1, place, people };
    }
    case "TASK_DONE": case "CANCELLED": {
      const { seq, hash, text } = body as WireBodyMark;
      return { kind: kind === "CANCELLED" ? "cancelled" : "done", text, aboutSeq: isEntry(seq, hash) ? seq : 0 };
    }
    case "EXTENSION": {
      const { clock: number, until, text } = body as WireBodyExtension;
      const clock = nameOf(CLOCKS, number);
      return clock === undefined ? undefined : { kind: "extension", text, clock, until };
    }
    default:
      return undefined;
  }
}
