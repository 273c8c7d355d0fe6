// journal -- what the journal's page, who has opened it and what stands behind an entry say, in every language of the citizen's pages: loaded with those only.
// As for all words but the Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface JournalWords {
  /** What stands behind one. */
  entry: {
    who: string;
    level: string;
    received: string;
    written: string;
    opened: string;
    nobody: string;
    proof: string;
    proofHolds: string;
    proofReceipt: string;
    recordedAt(when: string, n: number): string;
  };
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
    entry: {
      who: "Skrivet av", level: "Hur säkert vi vet vem", received: "Kom in", written: "Skrivet enligt avsändarens klocka",
      opened: "Öppnat av", nobody: "Ingen annan har öppnat det än.", proof: "Bevis",
      proofHolds: "Underskrift och plats i ordningen är kontrollerade på den här enheten.",
      proofReceipt: "Serverns kvitto finns här.", recordedAt: (when, n) => `${when}, i nr ${n}`,
    },
    search: "Sök i samtalet", print: "Skriv ut", fingerprint: "Fingeravtryck",
    checked: "Kontrollerad på den här enheten: ordning, underskrifter och kvitton stämmer.",
    titleOf: (title) => `Journal: ${title}`, none: "Inget är journalfört än.", onlyMessages: "Visa bara meddelanden",
    about: "Allt som står i samtalets journal, i ordning. Inget kan ändras eller tas bort i efterhand utan att det syns.",
    to: (n, when) => `Journalförd till och med nr ${n}, ${when}.`,
    readers: "Vem har öppnat journalen", readersNone: "Ingen annan har öppnat journalen än.",
    couldReadFrom: (when) => `Kunde läsa från ${when}`, readTo: (n) => `Läst till och med nr ${n}`, notRead: "Har inte läst", earlier: "Visa tidigare",
  },
  en: {
    entry: {
      who: "Written by", level: "How sure we are who", received: "Received", written: "Written, by the sender's clock",
      opened: "Opened by", nobody: "Nobody else has opened it yet.", proof: "Proof",
      proofHolds: "Signature and place in the order have been checked on this device.",
      proofReceipt: "The server's receipt is here.", recordedAt: (when, n) => `${when}, in no. ${n}`,
    },
    search: "Search in this conversation", print: "Print", fingerprint: "Fingerprint",
    checked: "Checked on this device: order, signatures and receipts are right.",
    titleOf: (title) => `Record: ${title}`, none: "Nothing is recorded yet.", onlyMessages: "Show messages only",
    about: "All that stands in the conversation's record, in order. Nothing can be changed or removed afterwards without it being seen.",
    to: (n, when) => `Recorded up to and including no. ${n}, ${when}.`,
    readers: "Who has opened the record", readersNone: "Nobody else has opened the record yet.",
    couldReadFrom: (when) => `Could read from ${when}`, readTo: (n) => `Read up to no. ${n}`, notRead: "Has not read", earlier: "Show earlier",
  },
  easy: {
    entry: {
      who: "Vem skrev", level: "Hur säkert vi vet vem det är", received: "Kom hit", written: "Skrevs enligt den andras klocka",
      opened: "Vem har öppnat", nobody: "Ingen annan har öppnat det än.", proof: "Bevis",
      proofHolds: "Sidan har kontrollerat att det är äkta.", proofReceipt: "Kvitto finns.",
      recordedAt: (when, n) => `${when}, i nummer ${n}`,
    },
    search: "Sök i samtalet", print: "Skriv ut", fingerprint: "Kod för kontroll",
    checked: "Sidan har kontrollerat journalen. Allt stämmer.",
    titleOf: (title) => `Journal: ${title}`, none: "Inget är sparat i journalen än.", onlyMessages: "Visa bara meddelanden",
    about: "Här står allt som finns i journalen om det här samtalet. Om någon ändrar något så syns det.",
    to: (n, when) => `Sparat i journalen till och med nummer ${n}, ${when}.`,
    readers: "Vem har öppnat journalen", readersNone: "Ingen annan har öppnat journalen än.",
    couldReadFrom: (when) => `Kunde läsa från ${when}`, readTo: (n) => `Läste till och med nummer ${n}`, notRead: "Har inte läst", earlier: "Visa tidigare",
  },
  ar: {
    entry: {
      who: "الكاتب", level: "مدى تأكدنا من هويته", received: "وقت الوصول", written: "وقت الكتابة بحسب ساعة المرسل",
      opened: "من فتحها", nobody: "لم يفتحها أحد آخر بعد.", proof: "الإثبات",
      proofHolds: "تم التحقق من التوقيع ومن الموضع في الترتيب على هذا الجهاز.", proofReceipt: "إيصال الخادم موجود هنا.",
      recordedAt: (when, n) => `${when}، في الرقم ${n}`,
    },
    search: "البحث في المحادثة", print: "طباعة", fingerprint: "البصمة الرقمية",
    checked: "تم التحقق على هذا الجهاز: الترتيب والتوقيعات والإيصالات صحيحة.",
    titleOf: (title) => `السجل: ${title}`, none: "لم يُثبَّت شيء في السجل بعد.", onlyMessages: "عرض الرسائل فقط",
    about: "كل ما هو مكتوب في سجل هذه المحادثة، بالترتيب. لا يمكن تغيير شيء أو حذفه لاحقًا دون أن يظهر ذلك.",
    to: (n, when) => `مثبَّت في السجل حتى الرقم ${n}، ${when}.`,
    readers: "من فتح السجل", readersNone: "لم يفتح أحد آخر السجل بعد.",
    couldReadFrom: (when) => `القراءة ممكنة منذ ${when}`, readTo: (n) => `القراءة حتى الرقم ${n}`, notRead: "لم يقرأ", earlier: "عرض الأوقات السابقة",
  },
  fi: {
    entry: {
      who: "Kirjoittaja", level: "Kuinka varmasti tiedämme, kuka hän on", received: "Saapunut",
      written: "Kirjoitettu lähettäjän kellon mukaan", opened: "Avannut", nobody: "Kukaan muu ei ole vielä avannut tätä.",
      proof: "Todiste", proofHolds: "Allekirjoitus ja paikka järjestyksessä on tarkistettu tällä laitteella.",
      proofReceipt: "Palvelimen kuittaus on täällä.", recordedAt: (when, n) => `${when}, numerossa ${n}`,
    },
    search: "Hae tästä keskustelusta", print: "Tulosta", fingerprint: "Tunniste",
    checked: "Tarkistettu tällä laitteella: järjestys, allekirjoitukset ja kuittaukset ovat oikein.",
    titleOf: (title) => `Asiakaskertomus: ${title}`, none: "Mitään ei ole vielä kirjattu.", onlyMessages: "Näytä vain viestit",
    about: "Kaikki, mitä tämän keskustelun asiakaskertomuksessa on, järjestyksessä. Mitään ei voi muuttaa tai poistaa jälkikäteen niin, ettei se näkyisi.",
    to: (n, when) => `Kirjattu numeroon ${n} asti, ${when}.`,
    readers: "Kuka on avannut asiakaskertomuksen", readersNone: "Kukaan muu ei ole vielä avannut asiakaskertomusta.",
    couldReadFrom: (when) => `On voinut lukea alkaen ${when}`, readTo: (n) => `Lukenut numeroon ${n} asti`, notRead: "Ei ole lukenut", earlier: "Näytä aiemmat",
  },
  so: {
    entry: {
      who: "Waxaa qoray", level: "Sida loogu kalsoon yahay cidda ay tahay", received: "Goorta la helay",
      written: "Goorta la qoray, saacadda diraha", opened: "Waxaa furay", nobody: "Cid kale weli ma furin.", proof: "Caddayn",
      proofHolds: "Saxiixa iyo booskiisa waxaa lagu hubiyey qalabkan.", proofReceipt: "Rasiidhka serferku waa halkan.",
      recordedAt: (when, n) => `${when}, lambarka ${n}`,
    },
    search: "Ka raadi wada-hadalkan", print: "Daabac", fingerprint: "Calaamadda gaarka ah",
    checked: "Qalabkan ayaa lagu hubiyey: kala horreynta, saxiixyada iyo rasiidhyadu waa sax.",
    titleOf: (title) => `Diiwaanka: ${title}`, none: "Weli waxba lama diiwaangelin.", onlyMessages: "Fariimaha oo keliya tus",
    about: "Dhammaan waxa ku qoran diiwaanka wada-hadalkan, sida ay u kala horreeyaan. Waxba mar dambe lama beddeli karo lamana tirtiri karo iyada oo aan la arkin.",
    to: (n, when) => `Waa la diiwaangeliyey ilaa lambarka ${n}, ${when}.`,
    readers: "Cidda diiwaanka furtay", readersNone: "Cid kale weli ma furin diiwaanka.",
    couldReadFrom: (when) => `Waa la akhrin karayey laga bilaabo ${when}`, readTo: (n) => `Waxaa la akhriyey ilaa lambarka ${n}`, notRead: "Lama akhrin", earlier: "Tus kuwii hore",
  },
  fa: {
    entry: {
      who: "نویسنده", level: "چقدر از هویت او مطمئنیم", received: "زمان رسیدن", written: "زمان نوشتن، به ساعت فرستنده",
      opened: "باز شده توسط", nobody: "هنوز هیچ کس دیگری آن را باز نکرده است.", proof: "مدرک",
      proofHolds: "امضا و جای آن در ترتیب روی این دستگاه بررسی شده است.", proofReceipt: "رسید سرور اینجا هست.",
      recordedAt: (when, n) => `${when}، در شمارهٔ ${n}`,
    },
    search: "جست‌وجو در این گفت‌وگو", print: "چاپ", fingerprint: "اثر انگشت دیجیتال",
    checked: "روی این دستگاه بررسی شد: ترتیب، امضاها و رسیدها درست است.",
    titleOf: (title) => `پرونده: ${title}`, none: "هنوز چیزی در پرونده ثبت نشده است.", onlyMessages: "فقط پیام‌ها را نشان بده",
    about: "همهٔ آنچه در پروندهٔ این گفت‌وگو هست، به ترتیب. هیچ چیز را نمی‌توان بعداً عوض یا پاک کرد بدون آنکه دیده شود.",
    to: (n, when) => `تا شمارهٔ ${n} در پرونده ثبت شده است، ${when}.`,
    readers: "چه کسی پرونده را باز کرده است", readersNone: "هنوز هیچ کس دیگری پرونده را باز نکرده است.",
    couldReadFrom: (when) => `از ${when} می‌توانست بخواند`, readTo: (n) => `تا شمارهٔ ${n} خوانده است`, notRead: "نخوانده است", earlier: "نمایش زمان‌های قبلی",
  },
  uk: {
    entry: {
      who: "Автор", level: "Наскільки надійно встановлено особу", received: "Отримано",
      written: "Написано, за годинником відправника", opened: "Хто відкривав", nobody: "Ще ніхто інший цього не відкривав.",
      proof: "Доказ", proofHolds: "Підпис і місце в порядку перевірено на цьому пристрої.",
      proofReceipt: "Тут є підтвердження сервера.", recordedAt: (when, n) => `${when}, у № ${n}`,
    },
    search: "Пошук у цій розмові", print: "Друкувати", fingerprint: "Цифровий відбиток",
    checked: "Перевірено на цьому пристрої: порядок, підписи й підтвердження правильні.",
    titleOf: (title) => `Справа: ${title}`, none: "Ще нічого не внесено до справи.", onlyMessages: "Показувати лише повідомлення",
    about: "Усе, що записано у справі щодо цієї розмови, за порядком. Нічого не можна змінити чи вилучити згодом так, щоб цього не було видно.",
    to: (n, when) => `Внесено до справи до № ${n} включно, ${when}.`,
    readers: "Хто відкривав справу", readersNone: "Ще ніхто інший не відкривав справи.",
    couldReadFrom: (when) => `Могли читати з: ${when}`, readTo: (n) => `Прочитано до № ${n} включно`, notRead: "Не прочитано", earlier: "Показати раніші",
  },
  ti: {
    entry: {
      who: "ጸሓፊ", level: "መን ምዃኑ ክሳብ ክንደይ ርግጸኛታት ኢና", received: "ዝበጽሐሉ", written: "ዝተጻሕፈሉ፡ ብሰዓት ናይ ሰዳዲ", opened: "ዝኸፈቶ",
      nobody: "ገና ካልእ ሰብ ኣይከፈቶን።", proof: "መረጋገጺ", proofHolds: "ፊርማን ቦታን ኣብ ተርታ ኣብዚ መሳርሒ ተረጋጊጹ።",
      proofReceipt: "ቅብሊት ናይ ሰርቨር ኣብዚ ኣሎ።", recordedAt: (when, n) => `${when}፡ ኣብ ቁጽሪ ${n}`,
    },
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
