// journey -- where a case stands: the fold of its room's entries that tell of it. Pure; the specification is section 13 of the
// protocol. An entry that is refused, or does not fit what stands before it, changes nothing.
import { CLOCKS, STAGES, type ClockName, type MatterName, type StageName } from "../protocol/journey.ts";
import type { CapacityName } from "../protocol/tables.ts";
import { clockDue } from "./clocks.ts";
import type { CaseWhat } from "./casebody.ts";
import type { ItemView, RoomView } from "./view.ts";

type Of<K extends CaseWhat["kind"]> = Extract<CaseWhat, { kind: K }>;

/** Something with an end of its own: who wrote the entry is its item's author. */
interface Ending {
  item: ItemView;
  /** The entry that says that it is done, or is not to be. */
  done?: ItemView;
  cancelled?: ItemView;
}

export interface JourneyTask extends Ending {
  what: Of<"task">;
}

export interface JourneyMeeting extends Ending {
  what: Of<"meeting">;
}

export interface JourneyClock {
  clock: ClockName;
  due: number;
  isExtended: boolean;
  /** When what it asks for was there. */
  endedAt?: number;
}

export interface Journey {
  matter?: MatterName;
  stage?: StageName;
  /** The newest step, and its entry. */
  step?: { what: Of<"step">; item: ItemView };
  /** When each stage was first said. */
  since: ReadonlyMap<StageName, number>;
  /** In the order of their entries. */
  tasks: readonly JourneyTask[];
  meetings: readonly JourneyMeeting[];
  /** Those that run, or ran, for the matter; which comes first is first. */
  clocks: readonly JourneyClock[];
}

/** What is to be done next, and by when. */
export interface Deadline {
  due: number;
  /** Undefined: a task. */
  clock?: ClockName;
}

export const STAGE_NAMES = Object.keys(STAGES) as StageName[];
export const CLOCK_NAMES = Object.keys(CLOCKS) as ClockName[];

/** A support person is there to help and an interpreter to interpret: neither decides anything for the one whom it is about. */
export function mayMark(capacity: CapacityName | undefined): boolean {
  return capacity !== "SUPPORT" && capacity !== "INTERPRETER";
}

/** Is this reader here to interpret? They say what others say, and have nothing of their own to ask or to object to. */
export function isInterpreting({ members }: RoomView): boolean {
  return members.some(({ isMe, capacity }) => isMe && capacity === "INTERPRETER");
}

/** The stages that a case passes; all of them while nobody has said what it is. */
export function stagesOf(matter: MatterName | undefined): StageName[] {
  return STAGE_NAMES.filter((name) => matter === undefined || (STAGES[name].matters as readonly string[]).includes(matter));
}

class JourneyFold {
  readonly #receivedAt: number;
  readonly #tasks = new Map<number, JourneyTask>();
  readonly #meetings = new Map<number, JourneyMeeting>();
  readonly #since = new Map<StageName, number>();
  readonly #extended = new Map<ClockName, number>();
  /** In which somebody was in at this place of the log, whatever came later. */
  readonly #capacities = new Map<string, CapacityName>();
  #step: Journey["step"];

  constructor(receivedAt: number) {
    this.#receivedAt = receivedAt;
  }

  next(item: ItemView): void {
    const { what, author } = item;
    if (item.refused !== undefined) return;
    switch (what.kind) {
      case "step":
        this.#step = { what, item };
        if (!this.#since.has(what.stage)) this.#since.set(what.stage, item.eventTime || item.receivedAt);
        return;
      case "task":
        this.#tasks.set(item.seq, { what, item });
        return;
      case "meeting":
        this.#meetings.set(item.seq, { what, item });
        return;
      case "extension":
        if (CLOCKS[what.clock].isExtendable) this.#extended.set(what.clock, what.until);
        return;
      case "done":
        if (mayMark(this.#capacities.get(author.person))) this.#done(what.aboutSeq, item);
        return;
      case "cancelled":
        if (mayMark(this.#capacities.get(author.person))) this.#cancelled(what.aboutSeq, item);
        return;
      case "access":
        if (what.isGiven) this.#capacities.set(what.person.person, what.capacity);
        return;
    }
  }

  /** Done by the one it is for; once. */
  #done(seq: number, item: ItemView): void {
    const task = this.#tasks.get(seq);
    if (task !== undefined && task.what.for === item.author.role && task.cancelled === undefined) task.done ??= item;
  }

  /** Both may call a meeting off; what staff have asked for, staff alone. */
  #cancelled(seq: number, item: ItemView): void {
    const meeting = this.#meetings.get(seq);
    if (meeting !== undefined) meeting.cancelled ??= item;
    const task = this.#tasks.get(seq);
    if (task !== undefined && item.author.role === "staff" && task.done === undefined) task.cancelled ??= item;
  }

  #endedAt(clock: ClockName): number | undefined {
    const { until } = CLOCKS[clock];
    if (until === "TASK") {
      // What the law asks of the board, no citizen's "done" ends.
      const done = [...this.#tasks.values()].find(({ what, done: mark }) => what.clock === clock && what.for === "staff" && mark !== undefined);
      return done?.done?.receivedAt;
    }
    const later = [...this.#since].filter(([name]) => STAGES[name].number >= STAGES[until].number).map(([, at]) => at);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  #clock(clock: ClockName): JourneyClock | undefined {
    const { matters, from } = CLOCKS[clock];
    const matter = this.#step?.what.matter;
    const fromMs = from === "RECEIVED" ? this.#receivedAt : this.#since.get(from);
    if (matter === undefined || fromMs === undefined || !(matters as readonly string[]).includes(matter)) return undefined;
    const until = this.#extended.get(clock);
    const endedAt = this.#endedAt(clock);
    return { clock, due: until ?? clockDue(clock, fromMs), isExtended: until !== undefined, ...(endedAt === undefined ? {} : { endedAt }) };
  }

  get journey(): Journey {
    const step = this.#step;
    return {
      ...(step === undefined ? {} : { step, stage: step.what.stage }),
      ...(step?.what.matter === undefined ? {} : { matter: step.what.matter }),
      since: this.#since,
      tasks: [...this.#tasks.values()],
      meetings: [...this.#meetings.values()],
      clocks: CLOCK_NAMES.map((clock) => this.#clock(clock)).filter((clock) => clock !== undefined).sort((a, b) => a.due - b.due),
    };
  }
}

/** `receivedAt`: of the room's first entry. Items that do not tell of the case may be left out. */
export function journeyOf(items: readonly ItemView[], receivedAt: number): Journey {
  const fold = new JourneyFold(receivedAt);
  for (const item of items) fold.next(item);
  return fold.journey;
}

/** What staff must do first: a clock that runs, or a task of theirs. Undefined when nothing waits, or the case is closed. */
export function deadlineOf({ clocks, tasks, stage }: Journey): Deadline | undefined {
  if (stage === "CLOSED") return undefined;
  const running = clocks.filter(({ endedAt }) => endedAt === undefined).map(({ clock, due }): Deadline => ({ clock, due }));
  const open = tasks.filter(({ what, done, cancelled }) => what.for === "staff" && what.due > 0 && done === undefined && cancelled === undefined)
    .map(({ what: { due, clock } }): Deadline => ({ due, ...(clock === undefined ? {} : { clock }) }));
  return [...running, ...open].sort((a, b) => a.due - b.due)[0];
}
