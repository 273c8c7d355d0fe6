// unsaid -- what stands at words, files and recordings that cannot be sent any more, in every language of the citizen's pages: loaded with that part only.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface UnsaidWords {
  title: string;
  /** Above files and recordings. */
  chosen: string;
  copy: string;
  copied: string;
  /** The browser does not let the page copy: the text is marked. */
  marked: string;
  again: string;
}

export const UNSAID: Record<Language, UnsaidWords> = {
  sv: { title: "Det här skrev du, men det är inte skickat", chosen: "Det här valde du eller spelade in, men det är inte skickat", copy: "Kopiera", copied: "Kopierat", marked: "Texten är markerad. Kopiera den själv.", again: "Skicka igen" },
  en: { title: "You wrote this, but it is not sent", chosen: "You chose or recorded this, but it is not sent", copy: "Copy", copied: "Copied", marked: "The text is selected. Copy it yourself.", again: "Send again" },
  easy: { title: "Det här har du skrivit. Det är inte skickat.", chosen: "Det här har du valt eller spelat in. Det är inte skickat.", copy: "Kopiera", copied: "Texten är kopierad", marked: "Texten är markerad. Du får kopiera den själv.", again: "Skicka igen" },
  ar: { title: "كتبتَ هذا ولم يُرسل", chosen: "اخترتَ هذا أو سجّلتَه ولم يُرسل", copy: "نسخ", copied: "نُسخ النص", marked: "حُدِّد النص. انسخه بنفسك.", again: "إعادة الإرسال" },
  fi: { title: "Kirjoitit tämän, mutta sitä ei ole lähetetty", chosen: "Valitsit tai nauhoitit tämän, mutta sitä ei ole lähetetty", copy: "Kopioi", copied: "Kopioitu", marked: "Teksti on valittu. Kopioi se itse.", again: "Lähetä uudelleen" },
  so: { title: "Waxan waad qortay, laakiin lama dirin", chosen: "Waxan waad dooratay ama waad duubtay, laakiin lama dirin", copy: "Koobi garee", copied: "Waa la koobi gareeyey", marked: "Qoraalka waa la doortay. Adigu koobi garee.", again: "Mar kale dir" },
  fa: { title: "این را نوشتید، ولی فرستاده نشده است", chosen: "این را انتخاب یا ضبط کردید، ولی فرستاده نشده است", copy: "رونوشت", copied: "رونوشت گرفته شد", marked: "متن انتخاب شده است. خودتان از آن رونوشت بگیرید.", again: "فرستادن دوباره" },
  uk: { title: "Ви це написали, але воно не надіслане", chosen: "Ви це вибрали або записали, але воно не надіслане", copy: "Копіювати", copied: "Скопійовано", marked: "Текст виділено. Скопіюйте його самі.", again: "Надіслати ще раз" },
  ti: { title: "እዚ ጽሒፍኩም ኣለኹም፡ ግን ኣይተላእከን", chosen: "እዚ መሪጽኩም ወይ ቀዲሕኩም ኣለኹም፡ ግን ኣይተላእከን", copy: "ቅዳሕ", copied: "ተቐዲሑ", marked: "እቲ ጽሑፍ ተመሪጹ ኣሎ። ባዕልኹም ቅድሕዎ።", again: "ደጊምኩም ስደዱ" },
};

export function unsaidWords(): UnsaidWords {
  return UNSAID[languageChosen()];
}
