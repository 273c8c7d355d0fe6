// cut -- a text that is cut to what a list has room for: what is one sign to its reader is there whole, or not at all.

const SIGNS = new Intl.Segmenter();

/** At most `most` UTF-16 units of it, and "…" where there is more. */
export function textCut(text: string, most: number): string {
  const end = text.length > most ? SIGNS.segment(text).containing(most)?.index : undefined;
  return end === undefined ? text : `${text.slice(0, end)}…`;
}
