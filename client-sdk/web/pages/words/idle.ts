// idle -- what is said before somebody else's device is logged out from, in every language of the citizen's pages: loaded with that part only.
// As for all words but the Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface IdleWords {
  title: string;
  text: string;
  /** To somebody who has not logged in. */
  adviceText: string;
  stay: string;
}

export const IDLE: Record<Language, IdleWords> = {
  sv: {
    title: "Är du kvar?", stay: "Jag är kvar",
    text: "Ingen har rört sidan på en stund. Om ungefär två minuter loggas du ut, och det du inte har skickat försvinner.",
    adviceText: "Ingen har rört sidan på en stund. Om ungefär två minuter avslutas samtalet och går inte att hitta igen.",
  },
  en: {
    title: "Are you still here?", stay: "I am still here",
    text: "Nobody has touched the page for a while. In about two minutes you are logged out, and what you have not sent is lost.",
    adviceText: "Nobody has touched the page for a while. In about two minutes the conversation ends and cannot be found again.",
  },
  easy: {
    title: "Är du kvar här?", stay: "Ja, jag är kvar",
    text: "Ingen har gjort något på sidan på en stund. Om ungefär 2 minuter loggas du ut. Det du inte har skickat försvinner då.",
    adviceText: "Ingen har gjort något på sidan på en stund. Om ungefär 2 minuter är samtalet slut. Du kan inte hitta det igen.",
  },
  ar: {
    title: "هل ما زلت هنا؟", stay: "ما زلت هنا",
    text: "لم يلمس أحد الصفحة منذ فترة. بعد دقيقتين تقريبًا يتم تسجيل خروجك، وتفقد ما لم ترسله.",
    adviceText: "لم يلمس أحد الصفحة منذ فترة. بعد دقيقتين تقريبًا تنتهي المحادثة ولا يمكن العثور عليها من جديد.",
  },
  fi: {
    title: "Oletko vielä paikalla?", stay: "Olen paikalla",
    text: "Kukaan ei ole koskenut sivuun hetkeen. Noin kahden minuutin kuluttua sinut kirjataan ulos, ja se, mitä et ole lähettänyt, katoaa.",
    adviceText: "Kukaan ei ole koskenut sivuun hetkeen. Noin kahden minuutin kuluttua keskustelu päättyy, eikä sitä enää löydä.",
  },
  so: {
    title: "Weli ma joogtaa?", stay: "Waan joogaa",
    text: "Muddo cidina ma taaban bogga. Qiyaastii laba daqiiqo ka dib waad ka baxaysaa akoonka, wixii aadan dirinna way lumayaan.",
    adviceText: "Muddo cidina ma taaban bogga. Qiyaastii laba daqiiqo ka dib wada-hadalku wuu dhammaanayaa, mar kalena lama heli karo.",
  },
  fa: {
    title: "هنوز اینجا هستید؟", stay: "بله، هستم",
    text: "مدتی است کسی به صفحه دست نزده است. حدود دو دقیقهٔ دیگر از حساب خارج می‌شوید و آنچه نفرستاده‌اید از بین می‌رود.",
    adviceText: "مدتی است کسی به صفحه دست نزده است. حدود دو دقیقهٔ دیگر گفت‌وگو تمام می‌شود و دیگر نمی‌توان آن را پیدا کرد.",
  },
  uk: {
    title: "Ви ще тут?", stay: "Так, я тут",
    text: "Ніхто вже якийсь час не торкався сторінки. Приблизно за дві хвилини ви вийдете із системи, і те, що ви не надіслали, зникне.",
    adviceText: "Ніхто вже якийсь час не торкався сторінки. Приблизно за дві хвилини розмова завершиться, і знайти її знову буде неможливо.",
  },
  ti: {
    title: "ክሳብ ሕጂ ኣብዚ ኣለኹም ዲኹም?", stay: "እወ፡ ኣለኹ",
    text: "ንገለ ግዜ ነዚ ገጽ ዝተንከፎ የለን። ድሕሪ ዳርጋ ክልተ ደቒቕ ትወጹ፡ ዘይለኣኽምዎ ድማ ይጠፍእ።",
    adviceText: "ንገለ ግዜ ነዚ ገጽ ዝተንከፎ የለን። ድሕሪ ዳርጋ ክልተ ደቒቕ እቲ ዝርርብ ይውዳእ፡ ደጊሙ ድማ ኣይርከብን።",
  },
};

export function idleWords(): IdleWords {
  return IDLE[languageChosen()];
}
