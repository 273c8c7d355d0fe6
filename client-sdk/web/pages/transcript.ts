// transcript -- a conversation's whole journal as a text that one keeps: every entry with number, time, author, words and hash.
import type { Role, RoomView } from "../sdk/view.ts";
import { fileSave } from "./filesave.ts";
import { isSaying, lineOf } from "./line.ts";
import { isTimeless } from "./reader.ts";
import { fullWhen, personName, words } from "./words/words.ts";

export function transcriptText(view: RoomView, viewer: Role | undefined): string {
  const w = words();
  const lines = [w.journalOf(view.title || w.untitled), view.coveredSeq > 0 ? w.journalTo(view.coveredSeq, fullWhen(view.coveredAt)) : w.journalNone, ...(view.isAdvice ? [w.advice.journal] : []), ""];
  for (const item of view.items) {
    const state = item.refused !== undefined ? w.refused : item.seq <= view.coveredSeq ? w.recorded : w.notYetRecorded;
    lines.push([`${w.number} ${item.seq}`, ...(isTimeless(item, viewer) ? [] : [fullWhen(item.receivedAt)]), `${state}.`].join(". "));
    lines.push(isSaying(item) ? `${personName(item.author)}: ${lineOf(item)}` : lineOf(item));
    if ("text" in item.what && item.what.text !== "") lines.push(...item.what.text.split("\n").map((line) => `    ${line}`));
    lines.push(`${w.fingerprint} ${item.hash}`, "");
  }
  return lines.join("\n");
}

export function transcriptSave(view: RoomView, viewer: Role | undefined): void {
  fileSave(new Blob([transcriptText(view, viewer)], { type: "text/plain;charset=utf-8" }), `${new Date().toISOString().slice(0, 10)}.txt`);
}
