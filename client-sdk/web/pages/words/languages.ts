// languages -- the languages that the pages can be read in: their own names, how a browser is told of them, where their words
// stand. Swedish is here from the start; each other one is loaded when somebody chooses it. Caseworkers' pages have the first
// and English only.
import { sv } from "./sv.ts";
import type { LanguageModule, Translation } from "./translation.ts";

export type Direction = "ltr" | "rtl";

interface LanguageRow {
  /** As its readers write it. */
  name: string;
  /** BCP 47: of the text. */
  tag: string;
  direction: Direction;
  /** BCP 47: of dates and numbers. Days, hours and digits are those of the municipality's own letters, in every language. */
  locale: string;
  /** Languages of a browser whose reader this one serves best; the tag's own is among them without a word. */
  alsoFor?: readonly string[];
  load: () => Promise<LanguageModule<Translation>>;
}

const EVERYWHERE = "-u-ca-gregory-hc-h23-nu-latn";

/** Names of months differ between countries of one language: as the reader's own browser has them. */
function regional(tag: string): string {
  const own = typeof navigator === "undefined" ? undefined : navigator.languages.find((one) => one.startsWith(`${tag}-`) && !one.includes("-u-"));
  return `${own ?? tag}${EVERYWHERE}`;
}

export const LANGUAGES = {
  sv: { name: "Svenska", tag: "sv", direction: "ltr", locale: "sv-SE", alsoFor: ["nb", "nn", "no", "da"], load: () => Promise.resolve({ review: "reviewed", words: sv }) },
  easy: { name: "Lättläst svenska", tag: "sv", direction: "ltr", locale: "sv-SE", load: () => import("./easy.ts") },
  en: { name: "English", tag: "en", direction: "ltr", locale: "en-GB", load: () => import("./en.ts") },
  ar: { name: "العربية", tag: "ar", direction: "rtl", locale: regional("ar"), load: () => import("./ar.ts") },
  fi: { name: "Suomi", tag: "fi", direction: "ltr", locale: "fi-FI", load: () => import("./fi.ts") },
  so: { name: "Soomaali", tag: "so", direction: "ltr", locale: `so${EVERYWHERE}`, load: () => import("./so.ts") },
  fa: { name: "فارسی / دری", tag: "fa", direction: "rtl", locale: regional("fa"), alsoFor: ["prs"], load: () => import("./fa.ts") },
  uk: { name: "Українська", tag: "uk", direction: "ltr", locale: "uk-UA", load: () => import("./uk.ts") },
  ti: { name: "ትግርኛ", tag: "ti", direction: "ltr", locale: `ti${EVERYWHERE}`, load: () => import("./ti.ts") },
} as const satisfies Record<string, LanguageRow>;

export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_NAMES = Object.keys(LANGUAGES) as Language[];
export const STAFF_LANGUAGES: readonly Language[] = ["sv", "en"];

export function languageRow(language: Language): LanguageRow {
  return LANGUAGES[language];
}

/** The first of these languages of a browser that somebody who reads it is served in; else English. */
export function languageServing(tags: readonly string[], among: readonly Language[]): Language {
  for (const tag of tags) {
    const spoken = tag.toLowerCase().split("-")[0] as string;
    const serving = among.find((language) => language === spoken || languageRow(language).alsoFor?.includes(spoken));
    if (serving !== undefined) return serving;
  }
  return "en";
}
