// journal -- what the journal's page and who has opened it say, in every language of the citizen's pages: loaded with those only.
// As for all words but the Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface JournalWords {
  titleOf(title: string): string;
  about: string;
  search: string;
  print: string;
  fingerprint: string;
  /** Order, signatures and receipts, on this device. */
  checked: string;
  to(n: number, when: string): string;
  none: string;
  onlyMessages: string;
  readers: string;
  readersNone: string;
  couldReadFrom(when: string): string;
  readTo(n: number): string;
  notRead: string;
  earlier: string;
}

export const JOURNAL: Record<Language, JournalWords> = {
  sv: {
    search: "Sök i samtalet", print: "Skriv ut", fingerprint: "Fingeravtryck",
    checked: "Kontrollerad på den här enheten: ordning, underskrifter och kvitton stämmer.",
    titleOf: (title) => `Journal: ${title}`, none: "Inget är journalfört än.", onlyMessages: "Visa bara meddelanden",
    about: "Allt som står i samtalets journal, i ordning. Inget kan ändras eller tas bort i efterhand utan att det syns.",
    to: (n, when) => `Journalförd till och med nr ${n}, ${when}.`,
    readers: "Vem har öppnat journalen", readersNone: "Ingen annan har öppnat journalen än.",
    couldReadFrom: (when) => `Kunde läsa från ${when}`, readTo: (n) => `Läst till och med nr ${n}`, notRead: "Har inte läst", earlier: "Visa tidigare",
  },
  en: {
    search: "Search in this conversation", print: "Print", fingerprint: "Fingerprint",
    checked: "Checked on this device: order, signatures and receipts are right.",
    titleOf: (title) => `Record: ${title}`, none: "Nothing is recorded yet.", onlyMessages: "Show messages only",
    about: "All that stands in the conversation's record, in order. Nothing can be changed or removed afterwards without it being seen.",
    to: (n, when) => `Recorded up to and with no. ${n}, ${when}.`,
    readers: "Who has opened the journal", readersNone: "Nobody else has opened the journal yet.",
    couldReadFrom: (when) => `Could read from ${when}`, readTo: (n) => `Read up to no. ${n}`, notRead: "Has not read", earlier: "Show earlier",
  },
  easy: {
    search: "Sök i samtalet", print: "Skriv ut", fingerprint: "Kod för kontroll",
    checked: "Sidan har kontrollerat journalen. Allt stämmer.",
    titleOf: (title) => `Journal: ${title}`, none: "Inget är sparat i journalen än.", onlyMessages: "Visa bara meddelanden",
    about: "Här står allt som finns i journalen om det här samtalet. Om någon ändrar något så syns det.",
    to: (n, when) => `Sparat i journalen till och med nummer ${n}, ${when}.`,
    readers: "Vem har öppnat journalen", readersNone: "Ingen annan har öppnat journalen än.",
    couldReadFrom: (when) => `Kunde läsa från ${when}`, readTo: (n) => `Läste till och med nummer ${n}`, notRead: "Har inte läst", earlier: "Visa tidigare",
  },
  ar: {
    search: "البحث في المحادثة", print: "طباعة", fingerprint: "البصمة الرقمية",
    checked: "تم التحقق على هذا الجهاز: الترتيب والتوقيعات والإيصالات صحيحة.",
    titleOf: (title) => `السجل: ${title}`, none: "لم يُثبَّت شيء في السجل بعد.", onlyMessages: "عرض الرسائل فقط",
    about: "كل ما هو مكتوب في سجل هذه المحادثة، بالترتيب. لا يمكن تغيير شيء أو حذفه لاحقًا دون أن يظهر ذلك.",
    to: (n, when) => `مثبَّت في السجل حتى الرقم ${n}، ${when}.`,
    readers: "من فتح السجل", readersNone: "لم يفتح أحد آخر السجل بعد.",
    couldReadFrom: (when) => `القراءة ممكنة منذ ${when}`, readTo: (n) => `القراءة حتى الرقم ${n}`, notRead: "لم يقرأ", earlier: "عرض الأوقات السابقة",
  },
  fi: {
    search: "Hae tästä keskustelusta", print: "Tulosta", fingerprint: "Tunniste",
    checked: "Tarkistettu tällä laitteella: järjestys, allekirjoitukset ja kuittaukset ovat oikein.",
    titleOf: (title) => `Asiakaskertomus: ${title}`, none: "Mitään ei ole vielä kirjattu.", onlyMessages: "Näytä vain viestit",
    about: "Kaikki, mitä tämän keskustelun asiakaskertomuksessa on, järjestyksessä. Mitään ei voi muuttaa tai poistaa jälkikäteen niin, ettei se näkyisi.",
    to: (n, when) => `Kirjattu numeroon ${n} asti, ${when}.`,
    readers: "Kuka on avannut asiakaskertomuksen", readersNone: "Kukaan muu ei ole vielä avannut asiakaskertomusta.",
    couldReadFrom: (when) => `On voinut lukea alkaen ${when}`, readTo: (n) => `Lukenut numeroon ${n} asti`, notRead: "Ei ole lukenut", earlier: "Näytä aiemmat",
  },
  so: {
    search: "Ka raadi wada-hadalkan", print: "Daabac", fingerprint: "Calaamadda gaarka ah",
    checked: "Qalabkan ayaa lagu hubiyey: kala horreynta, saxiixyada iyo rasiidhyadu waa sax.",
    titleOf: (title) => `Diiwaanka: ${title}`, none: "Weli waxba lama diiwaangelin.", onlyMessages: "Fariimaha oo keliya tus",
    about: "Dhammaan waxa ku qoran diiwaanka wada-hadalkan, sida ay u kala horreeyaan. Waxba mar dambe lama beddeli karo lamana tirtiri karo iyada oo aan la arkin.",
    to: (n, when) => `Waa la diiwaangeliyey ilaa lambarka ${n}, ${when}.`,
    readers: "Cidda diiwaanka furtay", readersNone: "Cid kale weli ma furin diiwaanka.",
    couldReadFrom: (when) => `Waa la akhrin karayey laga bilaabo ${when}`, readTo: (n) => `Waxaa la akhriyey ilaa lambarka ${n}`, notRead: "Lama akhrin", earlier: "Tus kuwii hore",
  },
  fa: {
    search: "جست‌وجو در این گفت‌وگو", print: "چاپ", fingerprint: "اثر انگشت دیجیتال",
    checked: "روی این دستگاه بررسی شد: ترتیب، امضاها و رسیدها درست است.",
    titleOf: (title) => `پرونده: ${title}`, none: "هنوز چیزی در پرونده ثبت نشده است.", onlyMessages: "فقط پیام‌ها را نشان بده",
    about: "همهٔ آنچه در پروندهٔ این گفت‌وگو هست، به ترتیب. هیچ چیز را نمی‌توان بعداً عوض یا پاک کرد بدون آنکه دیده شود.",
    to: (n, when) => `تا شمارهٔ ${n} در پرونده ثبت شده است، ${when}.`,
    readers: "چه کسی پرونده را باز کرده است", readersNone: "هنوز هیچ کس دیگری پرونده را باز نکرده است.",
    couldReadFrom: (when) => `از ${when} می‌توانست بخواند`, readTo: (n) => `تا شمارهٔ ${n} خوانده است`, notRead: "نخوانده است", earlier: "نمایش زمان‌های قبلی",
  },
  uk: {
    search: "Пошук у цій розмові", print: "Друкувати", fingerprint: "Цифровий відбиток",
    checked: "Перевірено на цьому пристрої: порядок, підписи й підтвердження правильні.",
    titleOf: (title) => `Справа: ${title}`, none: "Ще нічого не внесено до справи.", onlyMessages: "Показувати лише повідомлення",
    about: "Усе, що записано у справі щодо цієї розмови, за порядком. Нічого не можна змінити чи вилучити згодом так, щоб цього не було видно.",
    to: (n, when) => `Внесено до справи до № ${n} включно, ${when}.`,
    readers: "Хто відкривав справу", readersNone: "Ще ніхто інший не відкривав справи.",
    couldReadFrom: (when) => `Могли читати з: ${when}`, readTo: (n) => `Прочитано до № ${n} включно`, notRead: "Не прочитано", earlier: "Показати раніші",
  },
  ti: {
    search: "ኣብዚ ዝርርብ ድለዩ", print: "ሕተሙ", fingerprint: "ዲጂታላዊ ኣሰር",
    checked: "ኣብዚ መሳርሒ ተረጋጊጹ፦ ተርታ፡ ፊርማታትን ቅብሊታትን ቅኑዕ እዩ።",
    titleOf: (title) => `መዝገብ፦ ${title}`, none: "ገና ዝተመዝገበ ነገር የለን።", onlyMessages: "መልእኽትታት ጥራይ ኣርኢ",
    about: "ኣብ መዝገብ ናይዚ ዝርርብ ዘሎ ኩሉ፡ ብተርታ። ብድሕሪኡ ዝኾነ ነገር ከይተራእየ ክቕየር ወይ ክድምሰስ ኣይክእልን።",
    to: (n, when) => `ክሳብ ቁጽሪ ${n} ኣብ መዝገብ ተመዝጊቡ፡ ${when}።`,
    readers: "ነቲ መዝገብ ዝኸፈቶ", readersNone: "ክሳብ ሕጂ ነቲ መዝገብ ዝኸፈቶ ካልእ ሰብ የለን።",
    couldReadFrom: (when) => `ካብ ${when} ጀሚሩ ከንብብ ይኽእል`, readTo: (n) => `ክሳብ ቁጽሪ ${n} ተነቢቡ`, notRead: "ኣየንበበን", earlier: "ናይ ቅድሚኡ ኣርኢ",
  },
};

export function journalWords(): JournalWords {
  return JOURNAL[languageChosen()];
}
