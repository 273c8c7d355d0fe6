// clocks -- the last moments that journey.def gives: days and months of the board's own calendar. Pure: what time it is, is passed in.
import { CLOCKS, type ClockName } from "../protocol/journey.ts";

/** Swedish authorities count days here, wherever the device is. */
const ZONE = "Europe/Stockholm";
const DAY_MS = 24 * 60 * 60_000;

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23",
});

/** The board's clock as if it were UTC. */
function localMs(ms: number): number {
  const part = Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
  return Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"], part["second"]);
}

/** The moment at which the board's clock shows this. */
function momentOf(local: number): number {
  const guess = local - (localMs(local) - local);
  return local - (localMs(guess) - guess);
}

/** The last moment of the day that is so many days, or months, behind the day of `ms`. A month that has no such day ends with its last. */
export function dayEnd(ms: number, length: number, unit: "DAY" | "MONTH"): number {
  const from = new Date(localMs(ms));
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()];
  if (unit === "DAY") return momentOf(Date.UTC(year, month, day + length + 1)) - 1;
  const last = new Date(Date.UTC(year, month + length + 1, 0)).getUTCDate();
  return momentOf(Date.UTC(year, month + length, Math.min(day, last) + 1)) - 1;
}

export function clockDue(clock: ClockName, fromMs: number): number {
  const { length, unit } = CLOCKS[clock];
  return dayEnd(fromMs, length, unit);
}

/** As <input type="date"> has it. */
export function dayOf(ms: number): string {
  return new Date(localMs(ms)).toISOString().slice(0, 10);
}

/** Days of the calendar from now to then: 0 the same day, below 0 when it is over. */
export function daysLeft(dueMs: number, nowMs: number): number {
  return Math.floor(localMs(dueMs) / DAY_MS) - Math.floor(localMs(nowMs) / DAY_MS);
}

/** On an earlier day of the board's. */
export function isDayBefore(atMs: number, otherMs: number): boolean {
  return daysLeft(atMs, otherMs) < 0;
}
