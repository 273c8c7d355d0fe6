// way -- where a case has come: the fold of its steps, tasks and meetings, which is all that a citizen's list shows. The times that the
// law sets are journey.ts's. An entry that is refused, or does not fit what stands before it, changes nothing.
import { STAGES, type ClockName, type MatterName, type StageName } from "../protocol/journey.ts";
import type { CapacityName } from "../protocol/tables.ts";
import type { CaseWhat } from "./casebody.ts";
import { daysLeft, isDayBefore } from "./clocks.ts";
import type { ItemView } from "./view.ts";

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

export interface Way {
  matter?: MatterName;
  stage?: StageName;
  /** The newest step, and its entry. */
  step?: { what: Of<"step">; item: ItemView };
  /** When each stage was first said, of those that no step back has taken back; the inquiry's, when staff have said that it was opened. */
  since: ReadonlyMap<StageName, number>;
  /** When the inquiry had begun that a step back has taken back, and when that step was said. */
  tookBack?: { began: number; at: number };
  /** When what it is about came in, where staff have said so. */
  cameIn?: number;
  /** In the order of their entries. */
  tasks: readonly JourneyTask[];
  meetings: readonly JourneyMeeting[];
  /** Until when a time has been said to run, and when that was said; whether it may, its own row says. */
  extended: ReadonlyMap<ClockName, { until: number; saidAt: number }>;
}

/** A support person is there to help and an interpreter to interpret: neither decides anything for the one whom it is about. */
export function mayMark(capacity: CapacityName | undefined): boolean {
  return capacity !== "SUPPORT" && capacity !== "INTERPRETER";
}

export function isOpen({ done, cancelled }: Ending): boolean {
  return done === undefined && cancelled === undefined;
}

/** When each stage began. */
class Stages {
  readonly since = new Map<StageName, number>();
  #takenBack = new Map<StageName, number>();
  #takenBackAt = 0;

  /** Something else came in on this day: what began on an earlier one was of what was there before. Where the case stands still, it still stands. */
  arrived(cameIn: number, standing: StageName | undefined): void {
    for (const [name, was] of this.since) if (name !== standing && isDayBefore(was, cameIn)) this.since.delete(name);
    for (const [name, was] of this.#takenBack) if (isDayBefore(was, cameIn)) this.#takenBack.delete(name);
  }

  /**
   * What stands later has not begun: it was a slip, or begins anew. Gone on from the same day, the step back was the slip: what it took
   * back has run all the while.
   */
  said(stage: StageName, at: number): void {
    const isLater = (name: StageName) => STAGES[name].number > STAGES[stage].number;
    if (daysLeft(this.#takenBackAt, at) !== 0) this.#takenBack.clear();
    for (const [name, was] of this.#takenBack) if (!isLater(name)) this.since.set(name, was);
    for (const [name, was] of this.since) {
      if (!isLater(name)) continue;
      this.since.delete(name);
      this.#takenBack.set(name, was);
      this.#takenBackAt = at;
    }
    if (!this.since.has(stage)) this.since.set(stage, at);
  }

  /** Decided on Friday, entered on Monday: the inquiry's time runs from Friday. So it does where a case came to a later stage at once. */
  opened(stage: StageName, at: number): void {
    if (STAGES[stage].number < STAGES.INQUIRY.number) return;
    this.since.set("INQUIRY", at);
    this.#takenBack.delete("INQUIRY");
  }

  get tookBack(): Way["tookBack"] {
    const began = this.since.has("INQUIRY") ? undefined : this.#takenBack.get("INQUIRY");
    return began === undefined ? undefined : { began, at: this.#takenBackAt };
  }
}

/** Items that do not tell of the case may be left out (tell.ts has which do). */
export function wayOf(items: readonly ItemView[]): Way {
  const tasks = new Map<number, JourneyTask>();
  const meetings = new Map<number, JourneyMeeting>();
  const stages = new Stages();
  const extended = new Map<ClockName, { until: number; saidAt: number }>();
  /** In which somebody was in at this place of the log, whatever came later. */
  const capacities = new Map<string, CapacityName>();
  let step: Way["step"];
  let cameIn: number | undefined;

  /** By the one it is for; once. */
  const done = (task: JourneyTask | undefined, item: ItemView) => {
    if (task !== undefined && task.what.for === item.author.role && task.cancelled === undefined) task.done ??= item;
  };
  /** Both may call a meeting off; what staff have asked for, staff alone. */
  const cancelled = (seq: number, item: ItemView) => {
    const [meeting, task] = [meetings.get(seq), tasks.get(seq)];
    if (meeting !== undefined) meeting.cancelled ??= item;
    if (task !== undefined && item.author.role === "staff" && task.done === undefined) task.cancelled ??= item;
  };

  for (const item of items) {
    const { what, author, seq } = item;
    if (item.refused !== undefined) continue;
    switch (what.kind) {
      case "step": {
        const isStill = step?.what.stage === what.stage;
        if (item.eventTime > 0) {
          cameIn = item.eventTime;
          stages.arrived(cameIn, isStill ? what.stage : undefined);
        }
        stages.said(what.stage, item.receivedAt);
        if (what.opened !== undefined) stages.opened(what.stage, what.opened);
        step = { what, item };
        break;
      }
      case "task":
        tasks.set(seq, { what, item });
        break;
      case "meeting":
        meetings.set(seq, { what, item });
        break;
      case "extension":
        extended.set(what.clock, { until: what.until, saidAt: item.receivedAt });
        break;
      case "done":
        if (mayMark(capacities.get(author.person))) done(tasks.get(what.aboutSeq), item);
        break;
      case "cancelled":
        if (mayMark(capacities.get(author.person))) cancelled(what.aboutSeq, item);
        break;
      case "access":
        if (what.isGiven) capacities.set(what.person.person, what.capacity);
        break;
    }
  }
  return {
    ...(step === undefined ? {} : { step, stage: step.what.stage }),
    ...(step?.what.matter === undefined ? {} : { matter: step.what.matter }),
    ...(cameIn === undefined ? {} : { cameIn }),
    ...(stages.tookBack === undefined ? {} : { tookBack: stages.tookBack }),
    since: stages.since, tasks: [...tasks.values()], meetings: [...meetings.values()], extended,
  };
}
