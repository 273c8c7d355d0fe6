// statement -- the words of the accessibility statement, in every language; loaded when somebody opens it. As for all words but the
// Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";

export interface StatementWords {
  about: string;
  how: string;
  howText: string;
  lacks: string;
  lacksList: readonly string[];
  tested: string;
  testedText: (when: string) => string;
  other: string;
  otherText: string;
  tell: string;
  tellText: string;
  tellForm: string;
  tellRoom: string;
  authority: string;
  authorityText: string;
  authorityLink: string;
}

export const STATEMENT: Record<Language, StatementWords> = {
  sv: {
    about: "Alla ska kunna använda den här tjänsten. Här står hur väl den följer lagen om tillgänglighet till digital offentlig service, vad som brister och hur du berättar om det.",
    how: "Hur tillgänglig är tjänsten?", howText: "Den följer lagen delvis: kraven i EN 301 549 och WCAG 2.2 nivå AA, med bristerna här nedanför.",
    lacks: "Brister som vi känner till",
    lacksList: [
      "Översättningarna till andra språk än svenska och engelska är inte granskade av någon som har språket som modersmål.",
      "I videosamtal går det att skriva i realtid, men talet blir inte text av sig självt. Teckenspråkstolk kan vara med.",
      "Filer och bilder som någon skickar är så tillgängliga som avsändaren har gjort dem.",
    ],
    tested: "Hur den är provad", testedText: (when) => `Med program som letar efter fel, med tangentbord och i stark förstoring, senast ${when}. Inte än av personer som använder skärmläsare till vardags.`,
    other: "Om något inte går", otherText: "Du kan alltid ringa, skicka brev eller komma på besök i stället.",
    tell: "Berätta om brister", tellText: "Är det något du inte kan använda? Berätta, så rättar vi det.", tellForm: "Berätta här", tellRoom: "Skriv till oss i ett samtal",
    authority: "Tillsyn", authorityText: "Myndigheten för digital förvaltning, Digg, ser till att lagen följs. Är du inte nöjd med hur vi svarar kan du anmäla det dit.", authorityLink: "Anmäl till Digg",
  },
  easy: {
    about: "Alla ska kunna använda den här sidan. Här står vad som inte fungerar för alla än, och hur du berättar för oss.",
    how: "Hur bra fungerar sidan?", howText: "Sidan följer det mesta i lagen. Men inte allt.",
    lacks: "Det här fungerar inte bra än",
    lacksList: [
      "Flera språk är inte kontrollerade av någon som har språket som modersmål.",
      "I videosamtal kan du skriva. Men det du säger blir inte text av sig självt. En teckenspråkstolk kan vara med.",
      "Bilder och filer från andra kan vara svåra att läsa.",
    ],
    tested: "Så har vi provat", testedText: (when) => `Vi har provat sidan själva, senast ${when}. Personer som använder skärmläsare varje dag har inte provat den än.`,
    other: "Om något inte går", otherText: "Du kan alltid ringa, skicka brev eller besöka oss.",
    tell: "Berätta för oss", tellText: "Är något svårt att använda? Berätta, så ändrar vi det.", tellForm: "Berätta här", tellRoom: "Skriv till oss i ett samtal",
    authority: "Vem kontrollerar?", authorityText: "En myndighet som heter Digg kontrollerar att lagen följs. Tycker du att vi svarar dåligt kan du anmäla det till Digg.", authorityLink: "Anmäl till Digg",
  },
  en: {
    about: "Everybody should be able to use this service. Here is how well it follows the Swedish act on the accessibility of digital public services, what is lacking, and how to tell us.",
    how: "How accessible is it?", howText: "It follows the act in part: the demands of EN 301 549 and WCAG 2.2 level AA, with what is lacking below.",
    lacks: "What we know is lacking",
    lacksList: [
      "Translations into languages other than Swedish and English have not been reviewed by anybody whose first language it is.",
      "In video calls one can write in real time, but speech does not become text by itself. A sign language interpreter can take part.",
      "Files and pictures that somebody sends are as accessible as their sender has made them.",
    ],
    tested: "How it is tested", testedText: (when) => `With programs that look for faults, with a keyboard, and strongly magnified, last on ${when}. Not yet by people who use a screen reader every day.`,
    other: "If something does not work", otherText: "You can always call, send a letter or visit us instead.",
    tell: "Tell us what is lacking", tellText: "Is there something that you cannot use? Tell us, and we mend it.", tellForm: "Tell us here", tellRoom: "Write to us in a conversation",
    authority: "Supervision", authorityText: "The Swedish Agency for Digital Government, Digg, sees to it that the act is followed. If you are not content with our answer you can report it there.", authorityLink: "Report to Digg",
  },
  ar: {
    about: "يجب أن يتمكن الجميع من استخدام هذه الخدمة. هنا تجد مدى التزامها بالقانون السويدي لإمكانية الوصول إلى الخدمات العامة الرقمية، وما ينقصها، وكيف تخبرنا.",
    how: "ما مدى سهولة الوصول إليها؟", howText: "تتبع الخدمة القانون جزئيًا: متطلبات EN 301 549 و WCAG 2.2 المستوى AA، مع النواقص المذكورة أدناه.",
    lacks: "نواقص نعرفها",
    lacksList: [
      "لم تُراجَع الترجمات إلى لغات غير السويدية والإنجليزية من قبل شخص لغته الأم هي تلك اللغة.",
      "في مكالمات الفيديو يمكن الكتابة مباشرةً، لكن الكلام لا يتحول إلى نص تلقائيًا. يمكن أن يشارك مترجم لغة إشارة.",
      "الملفات والصور التي يرسلها شخص ما سهلة الوصول بقدر ما جعلها مرسلها كذلك.",
    ],
    tested: "كيف جرى اختبارها", testedText: (when) => `ببرامج تبحث عن الأخطاء، وبلوحة المفاتيح، وبتكبير كبير، آخر مرة في ${when}. لم يختبرها بعد أشخاص يستخدمون قارئ الشاشة يوميًا.`,
    other: "إذا لم يعمل شيء ما", otherText: "يمكنك دائمًا الاتصال أو إرسال رسالة بالبريد أو زيارتنا بدلًا من ذلك.",
    tell: "أخبرنا بالنواقص", tellText: "هل هناك شيء لا تستطيع استخدامه؟ أخبرنا وسنصلحه.", tellForm: "أخبرنا هنا", tellRoom: "اكتب إلينا في محادثة",
    authority: "الإشراف", authorityText: "تشرف هيئة الحكومة الرقمية Digg على الالتزام بالقانون. إذا لم تكن راضيًا عن ردنا يمكنك إبلاغها.", authorityLink: "الإبلاغ إلى Digg",
  },
  fi: {
    about: "Kaikkien pitää voida käyttää tätä palvelua. Tässä kerrotaan, miten hyvin se noudattaa Ruotsin lakia digitaalisten julkisten palvelujen saavutettavuudesta, mitä puutteita on ja miten kerrot niistä.",
    how: "Miten saavutettava palvelu on?", howText: "Se noudattaa lakia osittain: EN 301 549 ja WCAG 2.2 taso AA, alla olevin puuttein.",
    lacks: "Puutteet, jotka tunnemme",
    lacksList: [
      "Muita kuin ruotsin- ja englanninkielisiä käännöksiä ei ole tarkistanut kukaan, jonka äidinkieli se on.",
      "Videopuhelussa voi kirjoittaa reaaliajassa, mutta puhe ei muutu itsestään tekstiksi. Viittomakielen tulkki voi olla mukana.",
      "Lähetetyt tiedostot ja kuvat ovat niin saavutettavia kuin lähettäjä on ne tehnyt.",
    ],
    tested: "Miten se on testattu", testedText: (when) => `Virheitä etsivillä ohjelmilla, näppäimistöllä ja suurennettuna, viimeksi ${when}. Ei vielä ihmisten toimesta, jotka käyttävät ruudunlukijaa päivittäin.`,
    other: "Jos jokin ei toimi", otherText: "Voit aina soittaa, lähettää kirjeen tai tulla käymään.",
    tell: "Kerro puutteista", tellText: "Onko jotain, mitä et voi käyttää? Kerro, niin korjaamme sen.", tellForm: "Kerro tässä", tellRoom: "Kirjoita meille keskustelussa",
    authority: "Valvonta", authorityText: "Ruotsin digihallintoviranomainen Digg valvoo lain noudattamista. Jos et ole tyytyväinen vastaukseemme, voit ilmoittaa siitä sinne.", authorityLink: "Ilmoita Diggille",
  },
  so: {
    about: "Qof walba waa inuu isticmaali karaa adeeggan. Halkan waxaa ku qoran sida uu u raaco sharciga Iswiidhan ee helitaanka adeegyada dadweynaha ee dijitaalka ah, waxa ka dhiman, iyo sida aad noogu sheegi karto.",
    how: "Sidee loo heli karaa adeegga?", howText: "Qayb ahaan ayuu sharciga u raacaa: shuruudaha EN 301 549 iyo WCAG 2.2 heerka AA, marka laga reebo waxa hoos ku qoran.",
    lacks: "Waxa aan ognahay inay ka dhiman yihiin",
    lacksList: [
      "Turjumaadaha luqadaha aan ahayn iswiidhish iyo ingiriis ma hubin qof ay luqaddiisa hooyo tahay.",
      "Wicitaanka fiidiyowga waad ku qori kartaa isla markiiba, laakiin hadalku iskiis qoraal uma noqdo. Turjumaan luqadda dhegoolaha ayaa ka qayb geli kara.",
      "Faylasha iyo sawirrada qof soo diray waxay u furan yihiin sida uu diruhu u sameeyay.",
    ],
    tested: "Sida loo tijaabiyay", testedText: (when) => `Barnaamijyo khaladaad raadiya, kiiboodh, iyo weyneyn badan, markii ugu dambaysay ${when}. Weli ma tijaabin dad maalin walba isticmaala akhriyaha shaashadda.`,
    other: "Haddii wax shaqayn waayaan", otherText: "Had iyo jeer waad soo wici kartaa, warqad soo diri kartaa ama na soo booqan kartaa.",
    tell: "Noo sheeg waxa dhiman", tellText: "Ma jiraan wax aadan isticmaali karin? Noo sheeg, waan hagaajinaynaa.", tellForm: "Halkan noogu sheeg", tellRoom: "Noogu soo qor wada hadal",
    authority: "Kormeer", authorityText: "Hay'adda maamulka dijitaalka ah, Digg, ayaa kormeerta in sharciga la raaco. Haddii aadan ku qanacsanayn jawaabtayada waad u sheegi kartaa.", authorityLink: "U sheeg Digg",
  },
  fa: {
    about: "همه باید بتوانند از این خدمت استفاده کنند. اینجا نوشته شده که تا چه اندازه از قانون سوئد دربارهٔ دسترس‌پذیری خدمات عمومی دیجیتال پیروی می‌کند، چه کمبودهایی دارد و چگونه به ما بگویید.",
    how: "چقدر دسترس‌پذیر است؟", howText: "تا اندازه‌ای از قانون پیروی می‌کند: خواست‌های EN 301 549 و WCAG 2.2 سطح AA، با کمبودهای زیر.",
    lacks: "کمبودهایی که می‌دانیم",
    lacksList: [
      "ترجمه‌ها به زبان‌هایی جز سوئدی و انگلیسی را هنوز کسی که زبان مادری‌اش است بازبینی نکرده است.",
      "در گفت‌وگوی تصویری می‌توان همزمان نوشت، اما گفتار خودبه‌خود به متن تبدیل نمی‌شود. مترجم زبان اشاره می‌تواند حاضر باشد.",
      "فایل‌ها و تصویرهایی که کسی می‌فرستد همان اندازه دسترس‌پذیرند که فرستنده آن‌ها را ساخته است.",
    ],
    tested: "چگونه آزموده شده", testedText: (when) => `با برنامه‌هایی که دنبال خطا می‌گردند، با صفحه‌کلید و با بزرگ‌نمایی زیاد، آخرین بار ${when}. هنوز نه توسط کسانی که هر روز از صفحه‌خوان استفاده می‌کنند.`,
    other: "اگر چیزی کار نکرد", otherText: "همیشه می‌توانید تلفن کنید، نامه بفرستید یا حضوری بیایید.",
    tell: "کمبودها را به ما بگویید", tellText: "چیزی هست که نمی‌توانید استفاده کنید؟ بگویید تا درستش کنیم.", tellForm: "اینجا بگویید", tellRoom: "در یک گفت‌وگو به ما بنویسید",
    authority: "نظارت", authorityText: "ادارهٔ حکومت دیجیتال، Digg، بر اجرای قانون نظارت می‌کند. اگر از پاسخ ما راضی نیستید می‌توانید به آن گزارش دهید.", authorityLink: "گزارش به Digg",
  },
  uk: {
    about: "Цією послугою мають змогу користуватися всі. Тут написано, наскільки вона відповідає шведському закону про доступність цифрових державних послуг, чого бракує і як нам про це сказати.",
    how: "Наскільки вона доступна?", howText: "Вона частково відповідає закону: вимогам EN 301 549 і WCAG 2.2 рівня AA, з недоліками, названими нижче.",
    lacks: "Недоліки, про які ми знаємо",
    lacksList: [
      "Переклади іншими мовами, крім шведської та англійської, ще не перевірив ніхто, для кого ця мова рідна.",
      "Під час відеодзвінка можна писати в реальному часі, але мовлення саме не стає текстом. Може брати участь перекладач жестової мови.",
      "Файли та зображення, які хтось надсилає, доступні настільки, наскільки їх такими зробив відправник.",
    ],
    tested: "Як її перевірено", testedText: (when) => `Програмами, що шукають помилки, клавіатурою та з великим збільшенням, востаннє ${when}. Ще не людьми, які щодня користуються екранним диктором.`,
    other: "Якщо щось не виходить", otherText: "Ви завжди можете зателефонувати, надіслати листа або прийти.",
    tell: "Скажіть про недоліки", tellText: "Чимось не можете скористатися? Скажіть, і ми виправимо.", tellForm: "Сказати тут", tellRoom: "Написати нам у розмові",
    authority: "Нагляд", authorityText: "За дотриманням закону наглядає Агентство цифрового врядування Digg. Якщо вас не влаштовує наша відповідь, можна повідомити туди.", authorityLink: "Повідомити Digg",
  },
  ti: {
    about: "ኩሉ ሰብ ነዚ ኣገልግሎት ክጥቀመሉ ክኽእል ኣለዎ። ኣብዚ ክንደይ ከም ዝኽተል ነቲ ናይ ሽወደን ሕጊ ተበጻሕነት ዲጂታላዊ ህዝባዊ ኣገልግሎት፡ እንታይ ከም ዝጎድሎን ብኸመይ ከም እትነግረናን ተጻሒፉ ኣሎ።",
    how: "ክሳብ ክንደይ ተበጻሒ እዩ?", howText: "ነቲ ሕጊ ብኸፊል ይኽተል፦ ናይ EN 301 549 ን WCAG 2.2 ደረጃ AA ን ጠለባት፡ ምስቲ ኣብ ታሕቲ ዘሎ ጉድለታት።",
    lacks: "እንፈልጦም ጉድለታት",
    lacksList: [
      "ትርጉማት ናብ ካልእ ቋንቋታት ብዘይካ ሽወደንኛን እንግሊዝኛን፡ ቋንቋ ኣዲኡ ዝዀነ ሰብ ገና ኣይረኣዮን።",
      "ኣብ ናይ ቪድዮ ጻውዒት ብቀጥታ ክትጽሕፍ ትኽእል ኢኻ፡ ግን ዘረባ ባዕሉ ናብ ጽሑፍ ኣይቅየርን። ተርጓሚ ቋንቋ ምልክት ክሳተፍ ይኽእል።",
      "ሰብ ዝሰደዶም ፋይላትን ስእልታትን ከምቲ ሰዳዲኦም ዝገበሮም እዮም ተበጻሕቲ።",
    ],
    tested: "ብኸመይ ተፈቲኑ", testedText: (when) => `ብጌጋ ዝደልዩ ፕሮግራማት፡ ብኪቦርድን ብዓቢ ምዕባይን፡ ንመወዳእታ ግዜ ${when}። ብመዓልታዊ ኣንባቢ ስክሪን ዝጥቀሙ ሰባት ገና ኣይተፈተነን።`,
    other: "ገለ ነገር እንተዘይሰሪሑ", otherText: "ኩሉ ግዜ ክትድውል፡ ደብዳበ ክትሰድድ ወይ ክትመጽእ ትኽእል ኢኻ።",
    tell: "ጉድለታት ንገረና", tellText: "ክትጥቀመሉ ዘይትኽእል ነገር ኣሎ ድዩ? ንገረና፡ ክነዐርዮ ኢና።", tellForm: "ኣብዚ ንገረና", tellRoom: "ኣብ ዝርርብ ጽሓፈልና",
    authority: "ቁጽጽር", authorityText: "Digg ዝበሃል መንግስታዊ ትካል ነቲ ሕጊ ይቆጻጸር። ብመልስና ዕጉብ እንተዘይኮንካ ናብኡ ክትሕብር ትኽእል ኢኻ።", authorityLink: "ናብ Digg ሓብር",
  },
};
