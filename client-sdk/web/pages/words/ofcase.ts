// ofcase -- sentences of the case's page that nothing else shows, in every language of the citizen's pages: loaded with that page only.
// ask…: to whom the case is not about; own…: to whom it is.
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface OfCaseWords {
  notSaid: string;
  ownAbout: string;
  ownWords: string;
  callOffWhy: string;
  meetingsNone: string;
  asked: string;
  askAbout: string;
  askWords: string;
  none: string;
}

const ALL: Record<Language, OfCaseWords> = {
  sv: {
    notSaid: "Det står inte än hur långt ärendet har kommit. Det syns här när en handläggare har skrivit det.",
    ownAbout: "Du har rätt att läsa det som rör dig, om inget annat skydd hindrar det.",
    ownWords: "Finns det något i mitt ärende som jag inte får se? Jag vill läsa det, eller få veta varför jag inte får det.",
    callOffWhy: "Vill du säga varför?",
    meetingsNone: "Inga möten är bestämda.",
    asked: "Frågan är skickad. Svaret kommer i samtalet.",
    askAbout: "Du kan fråga om det finns något i ärendet som inte visas för dig.",
    askWords: "Finns det något i ärendet som jag inte får se? Jag vill läsa det, eller få veta varför jag inte får det.",
    none: "Ett samtal utan inloggning hör inte till något ärende.",
  },
  en: {
    notSaid: "It is not said yet how far the case has come. You see it here when a caseworker has written it.",
    ownAbout: "You have the right to read what is about you, unless other protection prevents it.",
    ownWords: "Is there anything in my case that I may not see? I want to read it, or know why I may not.",
    callOffWhy: "Do you want to say why?",
    meetingsNone: "No meetings are set.",
    asked: "The question is sent. The answer comes in the conversation.",
    askAbout: "You may ask whether something in the case is not shown to you.",
    askWords: "Is there anything in the case that I may not see? I want to read it, or know why I may not.",
    none: "A conversation without a login belongs to no case.",
  },
  easy: {
    notSaid: "Ingen har skrivit än hur långt det har gått. Det står här sen.",
    ownAbout: "Du får läsa det som handlar om dig. Ibland finns det saker vi inte får visa.",
    ownWords: "Finns det något om mig som jag inte får läsa? Jag vill läsa det. Om jag inte får det vill jag veta varför.",
    callOffWhy: "Vill du berätta varför?",
    meetingsNone: "Det finns inga möten.",
    asked: "Du har frågat. Svaret kommer i samtalet.",
    askAbout: "Du kan fråga om det finns något som du inte får läsa.",
    askWords: "Finns det något i ärendet som jag inte får läsa? Jag vill läsa det. Om jag inte får det vill jag veta varför.",
    none: "Ingen har loggat in här. Då finns det inget ärende.",
  },
  ar: {
    notSaid: "لم يُكتب بعد إلى أين وصلت القضية. سيظهر هنا عندما يكتبه الموظف.",
    ownAbout: "يحق لك قراءة ما يخصك، إلا إذا منعت ذلك حماية أخرى.",
    ownWords: "هل يوجد في قضيتي شيء لا يُسمح لي برؤيته؟ أريد قراءته، أو معرفة سبب المنع.",
    callOffWhy: "هل تريد ذكر السبب؟",
    meetingsNone: "لا توجد مواعيد محددة.",
    asked: "أُرسل السؤال. سيأتي الجواب في المحادثة.",
    askAbout: "يمكنك أن تسأل إن كان في القضية شيء لا يظهر لك.",
    askWords: "هل يوجد في القضية شيء لا يُسمح لي برؤيته؟ أريد قراءته، أو معرفة سبب المنع.",
    none: "المحادثة دون تسجيل دخول لا تتبع أي قضية.",
  },
  fi: {
    notSaid: "Vielä ei ole kirjoitettu, missä vaiheessa asia on. Se näkyy tässä, kun käsittelijä on kirjoittanut sen.",
    ownAbout: "Sinulla on oikeus lukea se, mikä koskee sinua, jos muu suoja ei sitä estä.",
    ownWords: "Onko asiassani jotain, mitä en saa nähdä? Haluan lukea sen tai tietää, miksi en saa.",
    callOffWhy: "Haluatko kertoa miksi?",
    meetingsNone: "Tapaamisia ei ole sovittu.",
    asked: "Kysymys on lähetetty. Vastaus tulee keskusteluun.",
    askAbout: "Voit kysyä, onko asiassa jotain, mitä sinulle ei näytetä.",
    askWords: "Onko asiassa jotain, mitä en saa nähdä? Haluan lukea sen tai tietää, miksi en saa.",
    none: "Keskustelu ilman kirjautumista ei kuulu mihinkään asiaan.",
  },
  so: {
    notSaid: "Weli lama qorin halka ay arrintu marayso. Halkan ayay ka muuqan doontaa marka shaqaaluhu qoro.",
    ownAbout: "Waxaad xaq u leedahay inaad akhrido waxa adiga kugu saabsan, haddii aan ilaalin kale diidayn.",
    ownWords: "Arrintayda ma ku jiraan wax aan la ii oggolayn inaan arko? Waxaan doonayaa inaan akhriyo, ama inaan ogaado sababta la iigu diiday.",
    callOffWhy: "Ma doonaysaa inaad sababta sheegto?",
    meetingsNone: "Kulan lama qaban.",
    asked: "Su’aasha waa la diray. Jawaabtu waxay iman doontaa wada-hadalka.",
    askAbout: "Waad weydiin kartaa haddii arrinta ay ku jiraan wax aan lagu tusin.",
    askWords: "Arrinta ma ku jiraan wax aan la ii oggolayn inaan arko? Waxaan doonayaa inaan akhriyo, ama inaan ogaado sababta la iigu diiday.",
    none: "Marka aan la gelin, arrin ma jirto.",
  },
  fa: {
    notSaid: "هنوز نوشته نشده که کار به کجا رسیده است. وقتی کارمند بنویسد، اینجا دیده می‌شود.",
    ownAbout: "حق دارید آنچه را دربارهٔ شماست بخوانید، مگر آنکه حفاظت دیگری مانع شود.",
    ownWords: "آیا در موضوع من چیزی هست که اجازهٔ دیدنش را ندارم؟ می‌خواهم آن را بخوانم، یا بدانم چرا نمی‌توانم.",
    callOffWhy: "می‌خواهید بگویید چرا؟",
    meetingsNone: "هیچ قراری گذاشته نشده است.",
    asked: "پرسش فرستاده شد. پاسخ در گفت‌وگو می‌آید.",
    askAbout: "می‌توانید بپرسید آیا در این موضوع چیزی هست که به شما نشان داده نمی‌شود.",
    askWords: "آیا در این موضوع چیزی هست که اجازهٔ دیدنش را ندارم؟ می‌خواهم آن را بخوانم، یا بدانم چرا نمی‌توانم.",
    none: "گفت‌وگوی بدون ورود، بخشی از هیچ موضوعی نیست.",
  },
  uk: {
    notSaid: "Ще не написано, на якому етапі справа. Це з’явиться тут, коли працівник напише.",
    ownAbout: "Ви маєте право читати те, що стосується вас, якщо цьому не заважає інший захист.",
    ownWords: "Чи є в моїй справі щось, чого мені не можна бачити? Я хочу це прочитати або знати, чому не можна.",
    callOffWhy: "Хочете сказати чому?",
    meetingsNone: "Зустрічей не призначено.",
    asked: "Запитання надіслано. Відповідь буде в розмові.",
    askAbout: "Ви можете запитати, чи є у справі щось, чого вам не показують.",
    askWords: "Чи є в цій справі щось, чого мені не можна бачити? Я хочу це прочитати або знати, чому не можна.",
    none: "Розмова без входу не належить до жодної справи.",
  },
  ti: {
    notSaid: "እቲ ጉዳይ ክሳብ ክንደይ ከም ዝበጽሐ ገና ኣይተጻሕፈን። ሰራሕተኛ ምስ ጸሓፎ ኣብዚ ይረአ።",
    ownAbout: "ንዓኹም ዝምልከት ከተንብቡ መሰል ኣለኩም፡ ካልእ ሓለዋ እንተ ዘይከልኪሉ።",
    ownWords: "ኣብ ጉዳየይ ክርእዮ ዘይፍቀደለይ ነገር ኣሎ ዶ፧ ከንብቦ፡ ወይ ስለምንታይ ከም ዘይፍቀደለይ ክፈልጥ እደሊ።",
    callOffWhy: "ስለምንታይ ክትብሉ ትደልዩ ዶ፧",
    meetingsNone: "ዝተቖረጸ ቆጸራ የለን።",
    asked: "እቲ ሕቶ ተላኢኹ። መልሲ ኣብቲ ዝርርብ ይመጽእ።",
    askAbout: "ኣብቲ ጉዳይ ዘይርኣየኩም ነገር እንተሎ ክትሓቱ ትኽእሉ።",
    askWords: "ኣብቲ ጉዳይ ክርእዮ ዘይፍቀደለይ ነገር ኣሎ ዶ፧ ከንብቦ፡ ወይ ስለምንታይ ከም ዘይፍቀደለይ ክፈልጥ እደሊ።",
    none: "እንተ ዘይተኣትዩ ጉዳይ የለን።",
  },
};

export function ofCaseWords(): OfCaseWords {
  return ALL[languageChosen()];
}
