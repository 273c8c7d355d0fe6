// transcript -- a conversation's whole journal as a text that one keeps: every entry with number, time, author, words and hash.
import type { RoomView } from "../sdk/view.ts";
import { fileSave } from "./filesave.ts";
import { isSaying, lineOf } from "./line.ts";
import { fullWhen, personName, words } from "./words/words.ts";

export function transcriptText(view: RoomView): string {
  const w = words();
  const lines = [w.journalOf(view.title || w.untitled), view.coveredSeq > 0 ? w.journalTo(view.coveredSeq, fullWhen(view.coveredAt)) : w.journalNone, ...(view.isAdvice ? [w.advice.journal] : []), ""];
  for (const item of view.items) {
    const state = item.refused !== undefined ? w.refused : item.seq <= view.coveredSeq ? w.recorded : w.notYetRecorded;
    lines.push(`${w.number} ${item.seq}. ${fullWhen(item.receivedAt)}. ${state}.`);
    lines.push(isSaying(item) ? `${personName(item.author)}: ${lineOf(item)}` : lineOf(item));
    if ("text" in item.what && item.what.text !== "") lines.push(...item.what.text.split("\n").map((line) => `    ${line}`));
    lines.push(`${w.fingerprint} ${item.hash}`, "");
  }
  return lines.join("\n");
}

export function transcriptSave(view: RoomView): void {
  fileSave(new Blob([transcriptText(view)], { type: "text/plain;charset=utf-8" }), `${new Date().toISOString().slice(0, 10)}.txt`);
}
