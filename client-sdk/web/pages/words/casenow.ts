// casenow -- sentences of the list that stand beside a case, in every language of the citizen's pages: loaded with that part only.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface CaseNowWords {
  /** Employees have asked something. */
  asked: string;
  /** How many tasks there are beside the one that is shown. */
  more(count: string): string;
}

const ALL: Record<Language, CaseNowWords> = {
  sv: { asked: "Det finns en fråga att svara på i samtalet.", more: (count) => `Och mer att göra: ${count}` },
  en: { asked: "There is a question to answer in the conversation.", more: (count) => `And more to do: ${count}` },
  easy: { asked: "Någon har frågat något i samtalet. Svara där.", more: (count) => `Det finns mer att göra: ${count}` },
  ar: { asked: "في المحادثة سؤال ينتظر الجواب.", more: (count) => `وهناك أمور أخرى مطلوبة: ${count}` },
  fi: { asked: "Keskustelussa on kysymys, johon odotetaan vastausta.", more: (count) => `Lisäksi muuta tehtävää: ${count}` },
  so: { asked: "Wada-hadalka waxaa ku jirta su’aal jawaab sugaysa.", more: (count) => `Waxyaabo kale oo la qabanayo: ${count}` },
  fa: { asked: "در گفت‌وگو پرسشی هست که منتظر پاسخ است.", more: (count) => `و کارهای لازم دیگر: ${count}` },
  uk: { asked: "У розмові є запитання, на яке треба відповісти.", more: (count) => `І ще зробити: ${count}` },
  ti: { asked: "ኣብቲ ዝርርብ መልሲ ዝጽበ ሕቶ ኣሎ።", more: (count) => `ካልእ ዝግበር፦ ${count}` },
};

export function caseNowWords(): CaseNowWords {
  return ALL[languageChosen()];
}
