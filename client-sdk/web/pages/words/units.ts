// units -- what a citizen is asked of the board's units, in every language; loaded with that question. As for all words but the
// Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";

export interface UnitWords {
  ask: string;
  hint: string;
  unsure: string;
}

export const UNITS: Record<Language, UnitWords> = {
  sv: { ask: "Vem ska få det?", hint: "Är det fel lämnar kommunen det vidare. Du behöver inte skriva igen.", unsure: "Jag vet inte" },
  en: { ask: "Who is it for?", hint: "If it is the wrong one, the municipality passes it on. You need not write again.", unsure: "I don't know" },
  easy: { ask: "Vem ska läsa det du skriver?", hint: "Det gör inget om du väljer fel. Då lämnar kommunen ditt samtal till rätt personer.", unsure: "Jag vet inte" },
  fi: { ask: "Kenelle viesti on tarkoitettu?", hint: "Jos valitset väärin, kunta siirtää viestin eteenpäin. Sinun ei tarvitse kirjoittaa uudestaan.", unsure: "En tiedä" },
  ar: { ask: "لمن هذه الرسالة؟", hint: "إذا اخترت خطأً فستحيلها البلدية إلى الجهة الصحيحة. لا تحتاج إلى الكتابة مرة أخرى.", unsure: "لا أعرف" },
  fa: { ask: "این پیام برای کیست؟", hint: "اگر اشتباه انتخاب کنید، کمون آن را به جای درست می‌فرستد. لازم نیست دوباره بنویسید.", unsure: "نمی‌دانم" },
  so: { ask: "Yaa loogu talagalay?", hint: "Haddii aad khalad doorato, degmada ayaa u gudbinaysa meesha saxda ah. Uma baahnid inaad mar kale qorto.", unsure: "Ma garanayo" },
  ti: { ask: "እዚ መልእኽቲ ንመን እዩ?", hint: "ጌጋ እንተ መሪጽካ፡ ኮሙን ናብቲ ልክዕ ቦታ የመሓላልፎ። ዳግማይ ክትጽሕፍ ኣየድልየካን።", unsure: "ኣይፈልጥን" },
  uk: { ask: "Кому це адресовано?", hint: "Якщо ви виберете не те, муніципалітет передасть далі. Писати ще раз не потрібно.", unsure: "Я не знаю" },
};
