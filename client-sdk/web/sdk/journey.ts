// journey -- where a case stands: its way (way.ts) and the times that the law sets for it. Pure; the specification is section 13 of
// the protocol.
import { CLOCKS, STAGES, type ClockName, type MatterName, type StageName } from "../protocol/journey.ts";
import { clockDue, isDayBefore } from "./clocks.ts";
import type { ItemView } from "./view.ts";
import { isOpen, wayOf, type JourneyTask, type Way } from "./way.ts";

export interface JourneyClock {
  clock: ClockName;
  due: number;
  isExtended: boolean;
  /** When what it asks for was there. */
  endedAt?: number;
}

export interface Journey extends Way {
  /** When what it is about came in: where nobody has said so, with the room's first entry. */
  arrivedAt: number;
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

/** The stages that a case passes; all of them while nobody has said what it is. */
export function stagesOf(matter: MatterName | undefined): StageName[] {
  return STAGE_NAMES.filter((name) => matter === undefined || (STAGES[name].matters as readonly string[]).includes(matter));
}

/** A time of this matter runs from when it came in. */
export function runsFromArrival(matter: MatterName): boolean {
  return CLOCK_NAMES.some((name) => CLOCKS[name].from === "RECEIVED" && (CLOCKS[name].matters as readonly string[]).includes(matter));
}

/** A time of this matter runs from when the inquiry was opened, and has not ended when this stage begins. */
export function runsFromInquiry(matter: MatterName, stage: StageName): boolean {
  return CLOCK_NAMES.map((name) => CLOCKS[name]).some(({ matters, from, until }) => from === "INQUIRY" && (matters as readonly string[]).includes(matter)
    && STAGES[stage].number >= STAGES.INQUIRY.number && STAGES[stage].number < STAGES[until].number);
}

/** Whether it was done for what began at `fromMs`: what was done on an earlier day was for something else. */
export function isDoneSince({ done }: JourneyTask, fromMs: number): boolean {
  return done !== undefined && !isDayBefore(done.receivedAt, fromMs);
}

/** Undefined: it has not ended. */
function endedAt({ tasks, since }: Way, clock: ClockName, fromMs: number): number | undefined {
  const { until } = CLOCKS[clock];
  if (until === "TASK") {
    // What the law asks of the board, no citizen's "done" ends.
    return tasks.find((task) => task.what.clock === clock && task.what.for === "staff" && isDoneSince(task, fromMs))?.done?.receivedAt;
  }
  const later = [...since].filter(([name, at]) => STAGES[name].number >= STAGES[until].number && !isDayBefore(at, fromMs)).map(([, at]) => at);
  return later.length === 0 ? undefined : Math.min(...later);
}

function clockOf(way: Way, clock: ClockName, arrivedAt: number): JourneyClock | undefined {
  const { matters, from, isExtendable } = CLOCKS[clock];
  const fromMs = from === "RECEIVED" ? arrivedAt : way.since.get(from);
  if (way.matter === undefined || fromMs === undefined || !(matters as readonly string[]).includes(way.matter)) return undefined;
  const extension = isExtendable ? way.extended.get(clock) : undefined;
  // Of a time that began later it was not said.
  const until = extension === undefined || isDayBefore(extension.saidAt, fromMs) ? undefined : extension.until;
  const ended = endedAt(way, clock, fromMs);
  return { clock, due: until ?? clockDue(clock, fromMs), isExtended: until !== undefined, ...(ended === undefined ? {} : { endedAt: ended }) };
}

/** `receivedAt`: of the room's first entry, which came in then unless staff have said another day. Items that do not tell of the case may be left out. */
export function journeyOf(items: readonly ItemView[], receivedAt: number): Journey {
  const way = wayOf(items);
  const arrivedAt = way.cameIn ?? receivedAt;
  return { ...way, arrivedAt, clocks: CLOCK_NAMES.map((clock) => clockOf(way, clock, arrivedAt)).filter((clock) => clock !== undefined).sort((a, b) => a.due - b.due) };
}

/** What staff must do first: a clock that runs, or a task of theirs. Undefined when nothing waits, or the case is closed. */
export function deadlineOf({ clocks, tasks, stage }: Journey): Deadline | undefined {
  if (stage === "CLOSED") return undefined;
  const running = clocks.filter(({ endedAt }) => endedAt === undefined).map(({ clock, due }): Deadline => ({ clock, due }));
  const open = tasks.filter((task) => task.what.for === "staff" && task.what.due > 0 && isOpen(task))
    .map(({ what: { due, clock } }): Deadline => ({ due, ...(clock === undefined ? {} : { clock }) }));
  return [...running, ...open].sort((a, b) => a.due - b.due)[0];
}
