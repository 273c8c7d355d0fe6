// caseline -- what an entry of the way of the case says beside its words: over its bubble, in the record, on paper.
import type { CaseWhat } from "../sdk/casebody.ts";
import { fullDay, fullWhen, words } from "./words/words.ts";

function line(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

function when(ms: number): string | undefined {
  return ms === 0 ? undefined : words().journey.by(fullDay(ms));
}

/** Neutral in whom it addresses: the same line is read by the citizen, by employees and by whom they have let in. */
export function caseLine(what: CaseWhat, eventTime: number): string {
  const w = words().journey;
  switch (what.kind) {
    case "contact": {
      const channel = w.channels[what.channel];
      return line(what.isOutgoing ? w.outbound(channel) : w.inbound(channel), eventTime === 0 ? undefined : fullWhen(eventTime), what.people);
    }
    case "step":
      return line(w.strip(w.stages[what.stage]), eventTime === 0 ? undefined : `${w.stages.RECEIVED}: ${fullDay(eventTime)}`,
        what.opened === undefined ? undefined : `${w.stages.INQUIRY}: ${fullDay(what.opened)}`, when(what.byWhen), what.byWhom === "" ? undefined : w.byWhom(what.byWhom));
    case "task":
      return line(w.tasks, what.for === "citizen" ? words().ofCase.forParty : w.theirs, when(what.due));
    case "meeting":
      return line(w.meeting, fullWhen(what.begins), what.isVideo ? w.byVideo : what.place, what.people);
    case "done": case "cancelled":
      return what.kind === "done" ? w.done : w.calledOff;
    case "extension":
      return line(w.extended, w.clocks[what.clock], when(what.until));
  }
}
