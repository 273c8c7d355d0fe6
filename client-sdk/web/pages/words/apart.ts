// apart -- what a frame says whose storage the browser keeps apart, in every language of the citizen's pages: loaded where one logs in beside it.
// As for all words but the Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface ApartWords {
  apart: string;
  open: string;
}

export const APART: Record<Language, ApartWords> = {
  sv: { apart: "Den här webbläsaren håller samtalet skilt från sidan som du läser. Fortsätt i ett eget fönster.", open: "Öppna i eget fönster" },
  en: { apart: "This browser keeps the conversation apart from the page that you are reading. Go on in a window of its own.", open: "Open in its own window" },
  easy: { apart: "Det går inte att prata här på sidan. Fortsätt i ett eget fönster.", open: "Öppna ett eget fönster" },
  ar: { apart: "هذا المتصفح يفصل المحادثة عن الصفحة التي تقرؤها. تابع في نافذة مستقلة.", open: "فتح في نافذة مستقلة" },
  fi: { apart: "Tämä selain pitää keskustelun erillään sivusta, jota luet. Jatka omassa ikkunassa.", open: "Avaa omassa ikkunassa" },
  so: { apart: "Barowsarkani wuxuu wada hadalka ka soocayaa bogga aad akhrinayso. Ku sii wad daaqad gaar ah.", open: "Ku fur daaqad gaar ah" },
  fa: { apart: "این مرورگر گفتگو را از صفحه‌ای که می‌خوانید جدا نگه می‌دارد. در پنجره‌ای جداگانه ادامه دهید.", open: "باز کردن در پنجره‌ای جداگانه" },
  uk: { apart: "Цей браузер тримає розмову окремо від сторінки, яку ви читаєте. Продовжте в окремому вікні.", open: "Відкрити в окремому вікні" },
  ti: { apart: "እዚ ብራውዘር ነቲ ዝርርብ ካብቲ እተንብብዎ ዘለኹም ገጽ ፈልዩ ይሕዞ። ኣብ ፍሉይ መስኮት ቀጽሉ።", open: "ኣብ ፍሉይ መስኮት ክፈት" },
};

export function apartWords(): ApartWords {
  return APART[languageChosen()];
}
