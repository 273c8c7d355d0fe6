// hidden -- the words for what a file may hide, in every language; loaded with the first file that is chosen. As for all words but the
// Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";

export interface HiddenWords {
  bare: string;
  whole: string;
  /** Asked of what cannot be made bare; the two answers. */
  picture: string;
  recording: string;
  remove: string;
  include: string;
}

export const HIDDEN: Record<Language, HiddenWords> = {
  sv: {
    bare: "Plats och annat dolt är borttaget.", whole: "Skickas som den är. Plats och annat kan stå i filen.",
    picture: "Bilden kan avslöja var den är tagen. Ska den skickas ändå?",
    recording: "Filen kan avslöja var den är inspelad. Ska den skickas ändå?",
    remove: "Nej, ta bort den", include: "Ja, ta med den",
  },
  easy: {
    bare: "Vi har tagit bort platsen.", whole: "Vi skickar filen som den är. Platsen kan stå i filen.",
    picture: "Andra kan kanske se var bilden är tagen. Vill du skicka den ändå?",
    recording: "Andra kan kanske se var filen är inspelad. Vill du skicka den ändå?",
    remove: "Nej, ta bort den", include: "Ja, ta med den",
  },
  en: {
    bare: "Place and other hidden details are removed.", whole: "Sent as it is. Place and other details may stand in the file.",
    picture: "The picture may reveal where it was taken. Send it anyway?",
    recording: "The file may reveal where it was recorded. Send it anyway?",
    remove: "No, remove it", include: "Yes, include it",
  },
  ar: {
    bare: "أُزيل المكان والمعلومات المخفية الأخرى.", whole: "يُرسل كما هو. قد يحتوي الملف على المكان ومعلومات أخرى.",
    picture: "قد تكشف الصورة المكان الذي التُقطت فيه. هل تريد إرسالها مع ذلك؟",
    recording: "قد يكشف الملف المكان الذي سُجّل فيه. هل تريد إرساله مع ذلك؟",
    remove: "لا، إزالة", include: "نعم، إرسال مع ذلك",
  },
  fi: {
    bare: "Paikka ja muut piilotiedot on poistettu.", whole: "Lähetetään sellaisenaan. Tiedostossa voi olla paikka ja muita tietoja.",
    picture: "Kuva voi paljastaa, missä se on otettu. Lähetetäänkö se silti?",
    recording: "Tiedosto voi paljastaa, missä se on nauhoitettu. Lähetetäänkö se silti?",
    remove: "Ei, poista se", include: "Kyllä, ota mukaan",
  },
  so: {
    bare: "Goobta iyo macluumaadka kale ee qarsoon waa laga saaray.", whole: "Sidiisa ayaa loo dirayaa. Goobta iyo macluumaad kale ayaa ku jiri kara faylka.",
    picture: "Sawirku wuxuu muujin karaa goobta lagu qaaday. Ma la diraa si kastaba?",
    recording: "Faylku wuxuu muujin karaa goobta lagu duubay. Ma la diraa si kastaba?",
    remove: "Maya, ka saar", include: "Haa, ku dar",
  },
  fa: {
    bare: "مکان و دیگر چیزهای پنهان برداشته شد.", whole: "همان‌طور که هست فرستاده می‌شود. شاید مکان و چیزهای دیگر در فایل باشد.",
    picture: "عکس ممکن است نشان دهد کجا گرفته شده است. با این حال فرستاده شود؟",
    recording: "فایل ممکن است نشان دهد کجا ضبط شده است. با این حال فرستاده شود؟",
    remove: "نه، برداشته شود", include: "بله، همراه شود",
  },
  uk: {
    bare: "Місце та інші приховані дані вилучено.", whole: "Надсилається як є. У файлі можуть бути місце та інші дані.",
    picture: "Зображення може видати, де його зроблено. Усе одно надіслати?",
    recording: "Файл може видати, де його записано. Усе одно надіслати?",
    remove: "Ні, вилучити", include: "Так, додати",
  },
  ti: {
    bare: "ቦታን ካልእ ሕቡእ ሓበሬታን ተኣልዩ።", whole: "ከምዘለዎ ይስደድ። ቦታን ካልእ ሓበሬታን ኣብቲ ፋይል ክህሉ ይኽእል።",
    picture: "እቲ ስእሊ ኣበይ ከምዝተላዕለ ከርኢ ይኽእል። ይኹን እምበር ይስደድ?",
    recording: "እቲ ፋይል ኣበይ ከምዝተቐድሐ ከርኢ ይኽእል። ይኹን እምበር ይስደድ?",
    remove: "ኣይፋል፡ ይወገድ", include: "እወ፡ ይተሓወስ",
  },
};
