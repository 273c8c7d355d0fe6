// translation -- what is asked of a language beside Swedish and English: every word that a citizen or a guest can meet. What
// only caseworkers meet is not, and stands in Swedish.
import type { VideoWords } from "./video-sv.ts";
import type { Words } from "./sv.ts";

/** reviewed: by somebody whose language it is. Readers of the others are told, and shown the way to Swedish and English. */
export type Review = "reviewed" | "unreviewed";

/** What a language's file exports. */
export interface LanguageModule<W> {
  review: Review;
  words: W;
}

export const STAFF_WORDS = [
  "introStaffTitle", "introStaff", "noRoomsStaff", "choose",
  "caseWhy", "staffOnly",
] as const satisfies readonly (keyof Words)[];

export const STAFF_VIDEO_WORDS = [
  "waits", "prepareStaff", "ring", "ringAgain", "ringStop", "rung", "knocks", "admit", "refuse", "sayHello", "textTo",
  "putOut", "putOutAsk", "giveLead", "endForAll", "screenOn", "screenOff", "invite", "inviteText", "copy", "copied",
  "noteTitle", "noteHint", "noteSave", "noteSaved",
] as const satisfies readonly (keyof VideoWords)[];

export type VideoTranslation = Omit<VideoWords, (typeof STAFF_VIDEO_WORDS)[number]>;
export type Translation = Omit<Words, (typeof STAFF_WORDS)[number] | "video"> & { video: VideoTranslation };

/** All words: those that are not translated stand as in `base`. */
export function wordsComplete(base: Words, { video, ...words }: Translation): Words {
  return { ...base, ...words, video: { ...base.video, ...video } };
}
