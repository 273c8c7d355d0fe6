// calendar -- a meeting for somebody's own calendar (RFC 5545), made on this device. Others may see that calendar: it says when, and
// no word of what, where or with whom.
import { fileSave } from "./filesave.ts";
import { words } from "./words/words.ts";

function utc(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** `uid`: the same meeting is put in once. */
export function calendarText(begins: number, ends: number, uid: string, summary: string, nowMs: number): string {
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//-//-//", "BEGIN:VEVENT", `UID:${uid}`, `DTSTAMP:${utc(nowMs)}`,
    `DTSTART:${utc(begins)}`, `DTEND:${utc(ends)}`, `SUMMARY:${summary}`, "CLASS:PRIVATE", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");
}

export function calendarKeep(begins: number, ends: number, uid: string): void {
  const text = calendarText(begins, ends, uid, words().journey.meeting, Date.now());
  fileSave(new Blob([text], { type: "text/calendar;charset=utf-8" }), `${new Date(begins).toISOString().slice(0, 10)}.ics`);
}
