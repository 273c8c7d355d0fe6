// people -- what the page of who is in a conversation says, in every language of the citizen's pages: loaded with that page only.
// As for all words but the Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface PeopleWords {
  of(title: string): string;
  about: string;
  now: string;
  before: string;
  since(when: string): string;
  left(when: string): string;
  ends(when: string): string;
  readsAll: string;
  readsFrom(when: string): string;
  readsNot: string;
  byCode: string;
}

export const PEOPLE: Record<Language, PeopleWords> = {
  sv: {
    of: (title) => `Personer: ${title}`, about: "De som är med kan läsa det som skrivs. Alla ändringar står i journalen.",
    now: "Med i samtalet", before: "Har varit med", since: (when) => `Med sedan ${when}`, left: (when) => `Med till ${when}`,
    ends: (when) => `Slutar av sig självt ${when}`, readsAll: "Kan läsa allt från början",
    readsFrom: (when) => `Kan läsa det som är skrivet från ${when}`, readsNot: "Har inte öppnat samtalet än",
    byCode: "Loggar in med en kod, utan e‑legitimation",
  },
  en: {
    of: (title) => `People: ${title}`, about: "Those who are in it can read what is written. Every change stands in the record.",
    now: "In the conversation", before: "Have been in it", since: (when) => `Since ${when}`, left: (when) => `Until ${when}`,
    ends: (when) => `Ends by itself ${when}`, readsAll: "Can read everything from the beginning",
    readsFrom: (when) => `Can read what was written from ${when}`, readsNot: "Has not opened the conversation yet",
    byCode: "Logs in with a code, without an e‑ID",
  },
  easy: {
    of: (title) => `Personer: ${title}`, about: "De som är med kan läsa det ni skriver. Ändringar syns i journalen.",
    now: "De här är med", before: "De här har varit med", since: (when) => `Med sedan ${when}`,
    left: (when) => `Med till ${when}`, ends: (when) => `Slutar ${when}`, readsAll: "Kan läsa allt",
    readsFrom: (when) => `Kan läsa det som är skrivet efter ${when}`, readsNot: "Har inte öppnat samtalet än",
    byCode: "Loggar in med en kod. Har ingen e‑legitimation.",
  },
  ar: {
    of: (title) => `الأشخاص: ${title}`, about: "من يشارك في المحادثة يستطيع قراءة ما يُكتب فيها. كل تغيير مثبَّت في السجل.",
    now: "في المحادثة الآن", before: "كانوا في المحادثة", since: (when) => `منذ ${when}`, left: (when) => `حتى ${when}`,
    ends: (when) => `ينتهي تلقائيًا ${when}`, readsAll: "يمكن قراءة كل شيء من البداية",
    readsFrom: (when) => `يمكن قراءة ما كُتب ابتداءً من ${when}`, readsNot: "لم تُفتح المحادثة بعد",
    byCode: "الدخول برمز مطبوع، دون هوية إلكترونية",
  },
  fi: {
    of: (title) => `Henkilöt: ${title}`,
    about: "Mukana olevat voivat lukea sen, mitä täällä kirjoitetaan. Kaikki muutokset näkyvät asiakaskertomuksessa.",
    now: "Mukana keskustelussa", before: "Ovat olleet mukana", since: (when) => `Mukana alkaen ${when}`,
    left: (when) => `Mukana asti: ${when}`, ends: (when) => `Päättyy itsestään ${when}`,
    readsAll: "Voi lukea kaiken alusta alkaen", readsFrom: (when) => `Voi lukea sen, mitä on kirjoitettu tästä alkaen: ${when}`,
    readsNot: "Ei ole vielä avannut keskustelua", byCode: "Kirjautuu koodilla, ilman sähköistä henkilötodistusta",
  },
  so: {
    of: (title) => `Dadka: ${title}`,
    about: "Dadka ku jira way akhrin karaan waxa la qoro. Isbeddel kasta wuxuu ku qoran yahay diiwaanka.",
    now: "Ku jira wada-hadalka", before: "Hore ugu jiray", since: (when) => `Laga bilaabo ${when}`,
    left: (when) => `Ilaa ${when}`, ends: (when) => `Iskeed ayay u dhammaanaysaa ${when}`,
    readsAll: "Wuu akhrin karaa wax walba bilowgii ilaa hadda",
    readsFrom: (when) => `Wuxuu akhrin karaa wixii la qoray laga bilaabo ${when}`, readsNot: "Weli ma furin wada-hadalka",
    byCode: "Wuxuu ku galaa kood, isaga oo aan lahayn aqoonsiga elektaroonigga ah",
  },
  fa: {
    of: (title) => `افراد: ${title}`,
    about: "کسانی که در گفت‌وگو هستند می‌توانند آنچه را نوشته می‌شود بخوانند. همهٔ تغییرها در پرونده می‌ماند.", now: "در گفت‌وگو",
    before: "پیش‌تر در گفت‌وگو", since: (when) => `از ${when}`, left: (when) => `تا ${when}`,
    ends: (when) => `خودبه‌خود پایان می‌یابد: ${when}`, readsAll: "می‌تواند همه چیز را از آغاز بخواند",
    readsFrom: (when) => `می‌تواند آنچه را از ${when} نوشته شده بخواند`, readsNot: "هنوز گفت‌وگو را باز نکرده است",
    byCode: "با کد چاپی وارد می‌شود، بدون شناسهٔ الکترونیکی",
  },
  uk: {
    of: (title) => `Люди: ${title}`, about: "Учасники можуть читати те, що тут пишуть. Кожну зміну внесено до справи.",
    now: "Беруть участь у розмові", before: "Брали участь раніше", since: (when) => `Від ${when}`, left: (when) => `До ${when}`,
    ends: (when) => `Завершиться саме: ${when}`, readsAll: "Може читати все від початку",
    readsFrom: (when) => `Може читати написане від ${when}`, readsNot: "Розмову ще не відкрито",
    byCode: "Входить за кодом, без електронного посвідчення особи",
  },
  ti: {
    of: (title) => `ሰባት: ${title}`, about: "ኣብ ዝርርብ ዘለዉ ሰባት ዝጽሓፍ ከንብቡ ይኽእሉ። ኩሉ ለውጢ ኣብ መዝገብ ኣሎ።", now: "ኣብ ዝርርብ ዘለዉ",
    before: "ቅድም ዝነበሩ", since: (when) => `ካብ ${when}`, left: (when) => `ክሳብ ${when}`, ends: (when) => `ባዕሉ ዝውዳእ: ${when}`,
    readsAll: "ካብ መጀመርታ ኩሉ ከንብብ ይኽእል", readsFrom: (when) => `ካብ ${when} ዝተጻሕፈ ከንብብ ይኽእል`, readsNot: "ዝርርብ ገና ኣይተኸፍተን",
    byCode: "ብኮድ ይኣቱ፡ ብዘይ ኤሌክትሮኒካዊ መንነት",
  },
};

export function peopleWords(): PeopleWords {
  return PEOPLE[languageChosen()];
}
