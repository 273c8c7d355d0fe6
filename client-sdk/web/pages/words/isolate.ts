// isolate -- names, telephone numbers and what people have written keep their own direction wherever they stand in a sentence:
// a Swedish name in an Arabic one, an Arabic name in a Swedish one. Where a template can, it says <bdi> or dir="auto" instead.
import type { Direction } from "./languages.ts";

const FIRST_STRONG = "\u2068";
const POP = "\u2069";
/** Letters of scripts that are written from right to left. */
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

export function isolate(text: string, direction: Direction): string {
  const isAtHome = direction === "ltr" && !FROM_RIGHT.test(text);
  return text === "" || isAtHome ? text : `${FIRST_STRONG}${text}${POP}`;
}

/** The same words; what their functions are given is isolated in what they say. */
export function wordsIsolated<W>(words: W, direction: Direction): W {
  if (typeof words === "function") {
    const say = words as unknown as (...values: unknown[]) => string;
    return ((...values: unknown[]) => say(...values.map((value) => typeof value === "string" ? isolate(value, direction) : value))) as W;
  }
  if (typeof words !== "object" || words === null || Array.isArray(words)) return words;
  return Object.fromEntries(Object.entries(words).map(([key, word]) => [key, wordsIsolated(word as unknown, direction)])) as W;
}
