// notices -- what is said of notices by e-mail, in every language; loaded with their page. As for all words but the Swedish and the
// English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { ErrorName } from "../../protocol/tables.ts";
import type { Language } from "./languages.ts";

export interface NoticeWords {
  about: string;
  mail: string;
  warning: string;
  kept: string;
  address: string;
  send: string;
  codeSent: (address: string) => string;
  code: string;
  confirm: string;
  other: string;
  on: (address: string) => string;
  stop: string;
  off: string;
  wrong: Partial<Record<ErrorName, string>>;
}

export const NOTICES: Record<Language, NoticeWords> = {
  sv: {
    about: "Kommunen kan skicka ett kort mejl när det finns något nytt att läsa här och du inte har läst det efter en stund. Det kommer högst ett mejl tills du har varit inne och läst.",
    mail: "I mejlet står bara: ”Du har ett nytt meddelande i din e-tjänst.” Det står inte vem som har skrivit eller vad det gäller, och det finns ingen länk.",
    warning: "Den som kan läsa din e‑post ser att mejlet har kommit. Använd en adress som bara du läser.",
    kept: "Bara kommunens registrator har adressen. Handläggaren ser den inte. Den står krypterad i kommunens register, och finns kvar där även om du slutar.",
    address: "Din e‑postadress", send: "Skicka en kod till adressen",
    codeSent: (address) => `En kod är skickad till ${address}. Skriv den här inom en kvart.`,
    code: "Kod", confirm: "Slå på", other: "Avbryt",
    on: (address) => `På: mejl skickas till ${address}.`, stop: "Sluta skicka mejl", off: "Av: inga mejl skickas.",
    wrong: {
      MALFORMED: "Det ser inte ut som en e‑postadress.", TOO_FAST: "Du har bett om en kod nyss. Vänta en stund och försök igen.",
      NOTICE_CODE_WRONG: "Koden stämmer inte, eller är för gammal.", MAIL_FAILED: "Mejlet gick inte att skicka. Kontrollera adressen, eller försök senare.",
    },
  },
  en: {
    about: "The municipality can send you a short e-mail when there is something new to read here and you have not read it after a while. No more than one comes until you have been here and read.",
    mail: "The e-mail says only, in Swedish: “Du har ett nytt meddelande i din e-tjänst.” (You have a new message in your e-service.) It does not say who has written or what it is about, and there is no link.",
    warning: "Anybody who can read your e-mail sees that it has come. Use an address that only you read.",
    kept: "Only the municipality's record system has the address. The caseworker does not see it. It is kept encrypted in the municipality's register, and stays there even if you stop.",
    address: "Your e‑mail address", send: "Send a code to the address",
    codeSent: (address) => `A code has been sent to ${address}. Enter it here within 15 minutes.`,
    code: "Code", confirm: "Turn on", other: "Cancel",
    on: (address) => `On: e-mails are sent to ${address}.`, stop: "Stop sending e-mails", off: "Off: no e-mails are sent.",
    wrong: {
      MALFORMED: "That does not look like an e‑mail address.", TOO_FAST: "You asked for a code just now. Wait a while and try again.",
      NOTICE_CODE_WRONG: "The code is wrong, or too old.", MAIL_FAILED: "The e-mail could not be sent. Check the address, or try later.",
    },
  },
  easy: {
    about: "Kommunen kan skicka ett mejl till dig. Mejlet kommer när det finns något nytt att läsa här. Du får bara ett mejl. Nästa kommer när du har varit här och läst.",
    mail: "I mejlet står det: ”Du har ett nytt meddelande i din e-tjänst.” Där står inget mer. Där står inte vem som har skrivit. Där finns ingen länk.",
    warning: "Kan någon annan läsa din e‑post? Då ser den personen mejlet. Välj en adress som bara du läser.",
    kept: "Kommunens dator sparar adressen. Handläggaren ser den inte. Adressen finns kvar låst hos kommunen, också om du ångrar dig.",
    address: "Din e‑postadress", send: "Skicka en kod till mig",
    codeSent: (address) => `Vi har skickat en kod till ${address}. Skriv koden här. Du har 15 minuter.`,
    code: "Kod", confirm: "Sätt på", other: "Avbryt",
    on: (address) => `På. Vi mejlar till ${address}.`, stop: "Sluta mejla mig", off: "Av. Vi skickar inga mejl.",
    wrong: {
      MALFORMED: "Det är ingen e‑postadress. Se om du har skrivit rätt.", TOO_FAST: "Du har fått en kod nyss. Vänta lite. Försök sedan igen.",
      NOTICE_CODE_WRONG: "Koden är fel eller för gammal.", MAIL_FAILED: "Det gick inte att mejla. Se om adressen är rätt. Eller försök senare.",
    },
  },
  fi: {
    about: "Kunta voi lähettää sinulle lyhyen sähköpostin, kun täällä on uutta luettavaa etkä ole lukenut sitä vähään aikaan. Viestejä tulee enintään yksi, kunnes olet käynyt täällä lukemassa.",
    mail: "Sähköpostissa lukee vain ruotsiksi: ”Du har ett nytt meddelande i din e-tjänst.” (Sinulle on uusi viesti sähköisessä asioinnissa.) Siinä ei lue, kuka on kirjoittanut tai mistä on kyse, eikä siinä ole linkkiä.",
    warning: "Se, joka voi lukea sähköpostisi, näkee viestin tulleen. Käytä osoitetta, jota vain sinä luet.",
    kept: "Osoite on vain kunnan kirjausjärjestelmällä. Käsittelijä ei näe sitä. Se on salattuna kunnan rekisterissä ja jää sinne, vaikka lopettaisit.",
    address: "Sähköpostiosoitteesi", send: "Lähetä koodi osoitteeseen",
    codeSent: (address) => `Koodi on lähetetty osoitteeseen ${address}. Kirjoita se tähän 15 minuutin kuluessa.`,
    code: "Koodi", confirm: "Ota käyttöön", other: "Peruuta",
    on: (address) => `Käytössä: viestit lähetetään osoitteeseen ${address}.`, stop: "Lopeta sähköpostit", off: "Pois käytöstä: sähköposteja ei lähetetä.",
    wrong: {
      MALFORMED: "Tämä ei näytä sähköpostiosoitteelta.", TOO_FAST: "Pyysit koodin juuri äsken. Odota hetki ja yritä uudelleen.",
      NOTICE_CODE_WRONG: "Koodi on väärä tai liian vanha.", MAIL_FAILED: "Sähköpostia ei voitu lähettää. Tarkista osoite tai yritä myöhemmin.",
    },
  },
  ar: {
    about: "يمكن للبلدية أن ترسل إليك رسالة قصيرة بالبريد الإلكتروني عندما يكون هنا شيء جديد لم تتم قراءته بعد مدة. لا تصل أكثر من رسالة واحدة حتى تدخل إلى هنا وتقرأ.",
    mail: "في الرسالة جملة واحدة فقط بالسويدية: ”\u2066Du har ett nytt meddelande i din e-tjänst.\u2069“ (لديك رسالة جديدة في خدمتك الإلكترونية). لا يُذكر فيها من كتب ولا موضوع الكتابة، ولا يوجد فيها رابط.",
    warning: "من يستطيع قراءة بريدك الإلكتروني يرى أن الرسالة وصلت. استخدم عنوانًا لا يقرؤه أحد غيرك.",
    kept: "العنوان محفوظ لدى نظام التسجيل في البلدية وحده، ولا يراه الموظف. يُحفظ مشفَّرًا في سجل البلدية ويبقى فيه حتى لو أوقفت الإشعارات.",
    address: "عنوان بريدك الإلكتروني", send: "إرسال رمز إلى العنوان",
    codeSent: (address) => `أُرسل رمز إلى ${address}. اكتبه هنا خلال 15 دقيقة.`,
    code: "الرمز", confirm: "تشغيل", other: "إلغاء",
    on: (address) => `مفعّلة: تُرسل الرسائل إلى ${address}.`, stop: "إيقاف إرسال الرسائل", off: "متوقفة: لا تُرسل أي رسائل.",
    wrong: {
      MALFORMED: "هذا لا يبدو عنوان بريد إلكتروني.", TOO_FAST: "طُلب رمز قبل قليل. انتظر قليلًا ثم حاول من جديد.",
      NOTICE_CODE_WRONG: "الرمز غير صحيح أو قديم.", MAIL_FAILED: "تعذّر إرسال الرسالة. تحقق من العنوان أو حاول لاحقًا.",
    },
  },
  fa: {
    about: "کمون می‌تواند وقتی چیز تازه‌ای اینجا هست و شما پس از مدتی آن را نخوانده‌اید، یک ایمیل کوتاه برایتان بفرستد. تا وقتی به اینجا نیامده و نخوانده‌اید، بیش از یک ایمیل نمی‌آید.",
    mail: "در ایمیل فقط این جمله به سوئدی نوشته شده است: ”\u2066Du har ett nytt meddelande i din e-tjänst.\u2069“ (پیام تازه‌ای در خدمت الکترونیکی خود دارید.) نوشته نمی‌شود چه کسی نوشته یا دربارهٔ چیست، و لینکی در آن نیست.",
    warning: "هر کس بتواند ایمیل شما را بخواند، می‌بیند که این ایمیل آمده است. از نشانی‌ای استفاده کنید که فقط خودتان می‌خوانید.",
    kept: "نشانی فقط نزد سامانهٔ ثبت کمون است. کارمند آن را نمی‌بیند. رمزگذاری‌شده در دفتر کمون می‌ماند، حتی اگر این کار را متوقف کنید.",
    address: "نشانی ایمیل شما", send: "فرستادن کد به این نشانی",
    codeSent: (address) => `یک کد به ${address} فرستاده شد. آن را تا 15 دقیقه اینجا بنویسید.`,
    code: "کد", confirm: "روشن کردن", other: "لغو",
    on: (address) => `روشن: ایمیل‌ها به ${address} فرستاده می‌شوند.`, stop: "دیگر ایمیل نفرستید", off: "خاموش: ایمیلی فرستاده نمی‌شود.",
    wrong: {
      MALFORMED: "این شبیه نشانی ایمیل نیست.", TOO_FAST: "همین حالا کد خواسته‌اید. کمی صبر کنید و دوباره تلاش کنید.",
      NOTICE_CODE_WRONG: "کد درست نیست یا قدیمی شده است.", MAIL_FAILED: "ایمیل فرستاده نشد. نشانی را بررسی کنید یا بعداً تلاش کنید.",
    },
  },
  so: {
    about: "Degmadu waxay kuu soo diri kartaa iimayl gaaban marka ay halkan wax cusub yaallaan oo aadan muddo akhriyin. Wax ka badan hal iimayl kuma iman doono ilaa aad soo gasho oo aad akhrido.",
    mail: "Iimaylka waxaa ku qoran keliya, af Iswiidhish: ”Du har ett nytt meddelande i din e-tjänst.” (Fariin cusub ayaa kuugu jirta adeeggaaga elektaroonigga ah.) Kuma qorna cidda wax qortay ama waxa ay ku saabsan tahay, linkina ma leh.",
    warning: "Qofka akhrin kara iimaylkaaga wuu arki karaa in uu yimid. Isticmaal cinwaan adiga oo keliya aad akhrido.",
    kept: "Cinwaanka waxaa haya nidaamka diiwaangelinta degmada oo keliya. Shaqaaluhu ma arko. Isagoo sir ah ayuu ku jiraa diiwaanka degmada, wuuna ku harayaa xitaa haddaad joojiso.",
    address: "Cinwaanka iimaylkaaga", send: "U dir kood cinwaanka",
    codeSent: (address) => `Kood ayaa loo diray ${address}. Halkan ku qor 15 daqiiqo gudahood.`,
    code: "Koodka", confirm: "Shid", other: "Ka noqo",
    on: (address) => `Waa shidan yahay: iimaylka waxaa loo diraa ${address}.`, stop: "Jooji iimaylka", off: "Waa damsan yahay: iimayl lama diro.",
    wrong: {
      MALFORMED: "Tani uma eka cinwaan iimayl.", TOO_FAST: "Dhawaan ayaad kood codsatay. Sug yara oo mar kale isku day.",
      NOTICE_CODE_WRONG: "Koodku waa khalad ama waa duug.", MAIL_FAILED: "Iimaylka lama diri karin. Hubi cinwaanka ama goor dambe isku day.",
    },
  },
  ti: {
    about: "ሓድሽ ዝንበብ ነገር ኣብዚ ምስ ዝህሉን ንግዜኡ ምስ ዘየንበብኩምዎን፡ ኮሙን ሓጺር ኢመይል ክትሰደልኩም ትኽእል። ኣቲኹም ክሳብ እተንብቡ ካብ ሓደ ኢመይል ንላዕሊ ኣይመጽእን።",
    mail: "ኣብቲ ኢመይል ብሽወደንኛ እዚ ጥራይ ኣሎ፦ ”Du har ett nytt meddelande i din e-tjänst.” (ኣብ ኤለክትሮኒካዊ ኣገልግሎትኩም ሓድሽ መልእኽቲ ኣለኩም።) መን ከም ዝጸሓፈን ብዛዕባ እንታይ ምዃኑን ኣይተጻሕፈን፡ ሊንክ እውን የለን።",
    warning: "ኢመይልኩም ከንብብ ዝኽእል ሰብ እቲ ኢመይል ከም ዝመጸ ይርኢ። ንስኹም ጥራይ እተንብብዎ ኣድራሻ ተጠቐሙ።",
    kept: "እቲ ኣድራሻ ኣብ ስርዓተ ምዝገባ ናይ ኮሙን ጥራይ ኣሎ። እቲ ሰራሕተኛ ኣይርእዮን። ብምስጢር ተዓጽዩ ኣብ መዝገብ ኮሙን ይቕመጥ፡ እንተ ኣቋረጽኩምዎ እውን ኣብኡ ይተርፍ።",
    address: "ኣድራሻ ኢመይልኩም", send: "ናብቲ ኣድራሻ ኮድ ስደዱ",
    codeSent: (address) => `ናብ ${address} ኮድ ተላኢኹ ኣሎ። ኣብ ውሽጢ 15 ደቓይቕ ኣብዚ ጽሓፍዎ።`,
    code: "ኮድ", confirm: "ወልዑ", other: "ግደፉ",
    on: (address) => `ተወሊዑ ኣሎ፦ ኢመይል ናብ ${address} ይስደድ።`, stop: "ኢመይል ምስዳድ ኣቋርጹ", off: "ጠፊኡ ኣሎ፦ ኢመይል ኣይስደድን።",
    wrong: {
      MALFORMED: "እዚ ኣድራሻ ኢመይል ኣይመስልን።", TOO_FAST: "ቅድሚ ሕጂ ኮድ ሓቲትኩም። ቁሩብ ተጸበዩ እሞ ደጊምኩም ፈትኑ።",
      NOTICE_CODE_WRONG: "እቲ ኮድ ጌጋ እዩ ወይ ኣረጊት እዩ።", MAIL_FAILED: "እቲ ኢመይል ክስደድ ኣይከኣለን። ነቲ ኣድራሻ ርኣዩ ወይ ደሓር ፈትኑ።",
    },
  },
  uk: {
    about: "Муніципалітет може надіслати вам короткий електронний лист, коли тут є щось нове, а ви певний час цього не прочитали. Прийде не більше одного листа, доки ви не зайдете сюди й не прочитаєте.",
    mail: "У листі написано лише шведською: «Du har ett nytt meddelande i din e-tjänst.» (У вашому електронному сервісі є нове повідомлення.) Там не сказано, хто написав і про що, і немає посилання.",
    warning: "Той, хто може читати вашу пошту, побачить, що лист прийшов. Вкажіть адресу, яку читаєте лише ви.",
    kept: "Адресу має лише система реєстрації муніципалітету. Працівник її не бачить. Вона зберігається зашифрованою в реєстрі муніципалітету й залишається там, навіть якщо ви вимкнете сповіщення.",
    address: "Ваша електронна адреса", send: "Надіслати код на адресу",
    codeSent: (address) => `Код надіслано на ${address}. Введіть його тут протягом 15 хвилин.`,
    code: "Код", confirm: "Увімкнути", other: "Скасувати",
    on: (address) => `Увімкнено: листи надсилаються на ${address}.`, stop: "Більше не надсилати листів", off: "Вимкнено: листи не надсилаються.",
    wrong: {
      MALFORMED: "Це не схоже на електронну адресу.", TOO_FAST: "Ви щойно просили код. Зачекайте трохи й спробуйте ще раз.",
      NOTICE_CODE_WRONG: "Код неправильний або застарілий.", MAIL_FAILED: "Не вдалося надіслати лист. Перевірте адресу або спробуйте пізніше.",
    },
  },
};
