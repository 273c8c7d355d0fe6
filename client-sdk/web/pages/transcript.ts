// transcript -- a conversation's whole journal as a text that one keeps: every entry with number, time, author, words and hash, and
// beside each what was said against it or corrected.
import type { ItemView, RoomView, SessionView } from "../sdk/view.ts";
import { fileSave } from "./filesave.ts";
import { aboutThis, isSaying, lineOf } from "./line.ts";
import { isTimeless, levelWords, postOf } from "./reader.ts";
import { journalWords } from "./words/journal.ts";
import { fullWhen, personName, words } from "./words/words.ts";

const INDENT = "    ";

function indented({ what }: ItemView, by: string): string[] {
  return "text" in what && what.text !== "" ? what.text.split("\n").map((line) => `${by}${line}`) : [];
}

/** By name, also whoever saves it: others read the file. Of the board itself there is no more to say than that. */
function writtenBy(item: ItemView, board: string): string {
  const { author } = item;
  const who = author.role === "keeper" ? board || personName(author) : `${author.name || personName(author)}, ${postOf(author, board)}`;
  return `${journalWords().entry.who}: ${who}. ${levelWords(item)}.`;
}

/** Wherever an entry is printed, so is what somebody does not agree with. */
function beside(view: RoomView, { seq }: ItemView): string[] {
  return aboutThis(view, seq).flatMap((item) => [`${INDENT}${personName(item.author)}: ${lineOf(item)} (${words().number} ${item.seq})`, ...indented(item, INDENT + INDENT)]);
}

export function transcriptText(view: RoomView, session: SessionView | undefined): string {
  const w = words();
  const board = session?.board.name ?? "";
  const lines = [journalWords().titleOf(view.title || w.untitled), view.coveredSeq > 0 ? journalWords().to(view.coveredSeq, fullWhen(view.coveredAt)) : journalWords().none, ...(view.isAdvice ? [w.advice.journal] : []), ""];
  for (const item of view.items) {
    const state = item.refused !== undefined ? w.refused : item.seq <= view.coveredSeq ? w.recorded : w.notYetRecorded;
    lines.push([`${w.number} ${item.seq}`, ...(isTimeless(item, session?.role) ? [] : [fullWhen(item.receivedAt)]), `${state}.`].join(". "));
    lines.push(writtenBy(item, board), isSaying(item) ? `${personName(item.author)}: ${lineOf(item)}` : lineOf(item), ...indented(item, INDENT));
    lines.push(...beside(view, item), `${journalWords().fingerprint} ${item.hash}`, "");
  }
  return lines.join("\n");
}

export function transcriptSave(view: RoomView, session: SessionView | undefined): void {
  fileSave(new Blob([transcriptText(view, session)], { type: "text/plain;charset=utf-8" }), `${new Date().toISOString().slice(0, 10)}.txt`);
}
