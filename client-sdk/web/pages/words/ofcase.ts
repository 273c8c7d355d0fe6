// ofcase -- what the case's page says and nothing else shows, in every language of the citizen's pages: loaded with that page only.
// ask…: to whom the case is not about; own…: to whom it is.
import type { MatterName } from "../../protocol/journey.ts";
import type { Language } from "./languages.ts";
import { languageChosen } from "./words.ts";

interface OfCaseWords {
  nextNone: string;
  tasksNone: string;
  readersAbout: string;
  matters: Record<MatterName, string>;
  yours: string;
  markDone: string;
  meetings: string;
  calendar: string;
  callOff: string;
  documents: string;
  documentsNone: string;
  times: string;
  law(source: string): string;
  ask: string;
  askSend: string;
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

export const OF_CASE: Record<Language, OfCaseWords> = {
  sv: {
    nextNone: "Inget är sagt än.",
    tasksNone: "Inget att göra just nu.", readersAbout: "Alla som har öppnat något av dina samtal, eller har kunnat göra det.",
    matters: { APPLICATION: "Ansökan", CHILD: "Oro för ett barn", ADULT: "Oro för en vuxen", ADVICE: "Råd och stöd" },
    yours: "För dig", markDone: "Det är gjort", meetings: "Möten", calendar: "Lägg i kalendern", callOff: "Ställ in",
    documents: "Dokument", documentsNone: "Inga dokument än.", times: "Tider som gäller", law: (source) => `Enligt ${source}`,
    ask: "Är det något du inte får se?", askSend: "Skicka frågan",
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
    nextNone: "Nothing is said yet.",
    tasksNone: "Nothing to do just now.", readersAbout: "Everybody who has opened any of your conversations, or could have.",
    matters: { APPLICATION: "Application", CHILD: "Concern for a child", ADULT: "Concern for an adult", ADVICE: "Advice and support" },
    yours: "For you", markDone: "It is done", meetings: "Meetings", calendar: "Add to calendar", callOff: "Call off",
    documents: "Documents", documentsNone: "No documents yet.", times: "Times that apply", law: (source) => `By ${source}`,
    ask: "Is there something you may not see?", askSend: "Send the question",
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
    nextNone: "Ingen har skrivit det än.",
    tasksNone: "Du behöver inte göra något nu.",
    readersAbout: "Här står alla som har läst dina samtal, eller som kunde göra det.",
    matters: { APPLICATION: "Du ansöker om något", CHILD: "Någon är orolig för ett barn", ADULT: "Någon är orolig för en vuxen", ADVICE: "Du får råd och stöd" },
    yours: "Du gör det", markDone: "Jag har gjort det", meetings: "Möten", calendar: "Spara i min kalender",
    callOff: "Jag kan inte komma", documents: "Papper och filer", documentsNone: "Det finns inga än.",
    times: "Så lång tid får det ta", law: (source) => `Det står i lagen: ${source}`, ask: "Är det något du inte får läsa?",
    askSend: "Skicka frågan",
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
    nextNone: "لم يُذكر شيء بعد.",
    tasksNone: "لا يوجد شيء مطلوب الآن.", readersAbout: "كل من فتح إحدى محادثاتك أو كان بإمكانه ذلك.",
    matters: { APPLICATION: "طلب", CHILD: "قلق على طفل", ADULT: "قلق على شخص بالغ", ADVICE: "نصيحة ودعم" },
    yours: "منك", markDone: "تم إنجازه", meetings: "المواعيد", calendar: "إضافة إلى التقويم", callOff: "إلغاء الموعد",
    documents: "المستندات", documentsNone: "لا توجد مستندات بعد.", times: "المهل المعمول بها",
    law: (source) => `بحسب القانون ${source}`, ask: "هل هناك شيء لا يُسمح لك برؤيته؟", askSend: "إرسال السؤال",
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
    nextNone: "Siitä ei ole vielä kerrottu.",
    tasksNone: "Juuri nyt ei ole tehtävää.",
    readersAbout: "Kaikki, jotka ovat avanneet jonkin keskusteluistasi tai olisivat voineet.",
    matters: { APPLICATION: "Hakemus", CHILD: "Huoli lapsesta", ADULT: "Huoli aikuisesta", ADVICE: "Neuvonta ja tuki" },
    yours: "Sinulle", markDone: "Se on tehty", meetings: "Tapaamiset", calendar: "Lisää kalenteriin", callOff: "Peruuta",
    documents: "Asiakirjat", documentsNone: "Ei vielä asiakirjoja.", times: "Määräajat",
    law: (source) => `Lain mukaan: ${source}`, ask: "Onko jotain, mitä et saa nähdä?", askSend: "Lähetä kysymys",
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
    nextNone: "Weli waxba lama sheegin.",
    tasksNone: "Hadda wax la qabanayo ma jiraan.", readersAbout: "Dhammaan dadka furay wada-hadalladaada, ama furi karayay.",
    matters: { APPLICATION: "Codsi", CHILD: "Walaac ku saabsan ilmo", ADULT: "Walaac ku saabsan qof weyn", ADVICE: "Talo iyo taageero" },
    yours: "Adiga ayay ku saaran tahay", markDone: "Waa la qabtay", meetings: "Kulamo", calendar: "Ku dar jadwalkaaga",
    callOff: "Baaji kulanka", documents: "Dukumentiyo", documentsNone: "Weli dukumentiyo ma jiraan.", times: "Wakhtiyada jira",
    law: (source) => `Sida uu qabo sharciga ${source}`, ask: "Ma jiraan wax aan laguu oggolayn inaad aragto?",
    askSend: "Dir su’aasha",
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
    nextNone: "هنوز چیزی گفته نشده است.",
    tasksNone: "اکنون کاری لازم نیست.", readersAbout: "همهٔ کسانی که یکی از گفت‌وگوهای شما را باز کرده‌اند یا می‌توانستند.",
    matters: { APPLICATION: "درخواست", CHILD: "نگرانی برای یک کودک", ADULT: "نگرانی برای یک بزرگسال", ADVICE: "مشاوره و کمک" },
    yours: "برای شما", markDone: "انجام شده است", meetings: "قرارها", calendar: "افزودن به تقویم", callOff: "لغو قرار",
    documents: "مدارک", documentsNone: "هنوز مدرکی نیست.", times: "مهلت‌ها", law: (source) => `طبق قانون ${source}`,
    ask: "آیا چیزی هست که اجازهٔ دیدنش را ندارید؟", askSend: "فرستادن پرسش",
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
    nextNone: "Ще нічого не сказано.",
    tasksNone: "Зараз нічого робити не треба.", readersAbout: "Усі, хто відкривав будь-яку з ваших розмов або міг це зробити.",
    matters: { APPLICATION: "Заява", CHILD: "Занепокоєння через дитину", ADULT: "Занепокоєння через дорослу людину", ADVICE: "Порада й підтримка" },
    yours: "Для вас", markDone: "Це зроблено", meetings: "Зустрічі", calendar: "Додати до календаря", callOff: "Скасувати",
    documents: "Документи", documentsNone: "Документів ще немає.", times: "Строки", law: (source) => `За законом: ${source}`,
    ask: "Чи є щось, чого вам не показують?", askSend: "Надіслати запитання",
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
    nextNone: "ገና ዝተባህለ የለን።",
    tasksNone: "ሕጂ ዝግበር የለን።", readersAbout: "ሓደ ካብ ዝርርባትኩም ዝኸፈቱ ወይ ክኸፍቱ ዝኽእሉ ዝነበሩ ኩሎም።",
    matters: { APPLICATION: "ምልክታ", CHILD: "ስክፍታ ብዛዕባ ቆልዓ", ADULT: "ስክፍታ ብዛዕባ ዓቢ ሰብ", ADVICE: "ምኽርን ሓገዝን" },
    yours: "ንዓኹም", markDone: "ተገይሩ እዩ", meetings: "ቆጸራታት", calendar: "ናብ ካላንደር ወስኹ", callOff: "ሰርዙ", documents: "ሰነዳት",
    documentsNone: "ገና ሰነዳት የለን።", times: "ዝሰርሑ ግዜያት", law: (source) => `ብመሰረት ሕጊ ${source}`, ask: "ክትርእይዎ ዘይፍቀደልኩም ነገር ኣሎ ዶ፧",
    askSend: "ነቲ ሕቶ ስደዱ",
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
  return OF_CASE[languageChosen()];
}
