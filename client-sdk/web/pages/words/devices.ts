// devices -- what a person's devices are called, in every language; loaded with the page that lists them. As for all words but the
// Swedish and the English, nobody whose language it is has read them: docs/TRANSLATING.md.
import type { Language } from "./languages.ts";

export interface DeviceWords {
  about: string;
  thisOne: string;
  /** One that has not said what it is. */
  another: string;
  types: { phone: string; tablet: string; computer: string; program: string };
  /** A telephone with this browser. */
  with: (type: string, browser: string) => string;
  borrowed: string;
  loggedIn: (when: string) => string;
  /** It was in use then; perhaps later, too. */
  used: (when: string) => string;
  /** Of this device's login. */
  until: (when: string) => string;
  unknown: string;
  out: string;
  outTitle: string;
  outText: string;
  isOut: string;
}

export const DEVICES: Record<Language, DeviceWords> = {
  sv: {
    about: "Telefoner och datorer där du är eller har varit inloggad hos den här nämnden.", thisOne: "Den här enheten", another: "En annan enhet",
    types: { phone: "Telefon", tablet: "Surfplatta", computer: "Dator", program: "Program" }, with: (type, browser) => `${type}, ${browser}`,
    borrowed: "Lånad, inte din egen", loggedIn: (when) => `Inloggad ${when}`, used: (when) => `Användes så sent som ${when}`,
    until: (when) => `Inloggningen på den här enheten gäller till ${when} och förlängs när du använder sidan.`,
    unknown: "Känner du inte igen en enhet? Ring oss, så stänger vi den.",
    out: "Logga ut enheten", outTitle: "Logga ut den andra enheten?", isOut: "Utloggad",
    outText: "Den kan inte läsa något mer, och det som finns på den tas bort när den har nät. Där krävs en ny inloggning för att komma in igen.",
  },
  en: {
    about: "Phones and computers where you are or have been logged in at this board.", thisOne: "This device", another: "Another device",
    types: { phone: "Phone", tablet: "Tablet", computer: "Computer", program: "Program" }, with: (type, browser) => `${type}, ${browser}`,
    borrowed: "Borrowed, not your own", loggedIn: (when) => `Logged in ${when}`, used: (when) => `In use as late as ${when}`,
    until: (when) => `The login on this device is good until ${when} and is prolonged while you use the page.`,
    unknown: "Do you not recognise a device? Call us, and we close it.",
    out: "Log this device out", outTitle: "Log the other device out?", isOut: "Logged out",
    outText: "It cannot read anything more, and what is on it is deleted when it has a network. It takes a new login to come in there again.",
  },
  easy: {
    about: "Här ser du var du har loggat in.", thisOne: "Den här", another: "En annan",
    types: { phone: "Telefon", tablet: "Surfplatta", computer: "Dator", program: "Program" }, with: (type, browser) => `${type}, ${browser}`,
    borrowed: "Du lånade den", loggedIn: (when) => `Du loggade in ${when}`, used: (when) => `Någon använde den ${when} eller senare`,
    until: (when) => `Du är inloggad till ${when}. Tiden blir längre när du använder sidan.`,
    unknown: "Är det någon du inte känner igen? Ring oss. Då stänger vi den.",
    out: "Logga ut den", outTitle: "Vill du logga ut den?", isOut: "Utloggad",
    outText: "Den kan inte läsa mer. Det som finns på den tas bort när den har internet. Man måste logga in där igen för att läsa.",
  },
  fi: {
    about: "Puhelimet ja tietokoneet, joilla olet tai olet ollut kirjautuneena tähän lautakuntaan.", thisOne: "Tämä laite", another: "Toinen laite",
    types: { phone: "Puhelin", tablet: "Tabletti", computer: "Tietokone", program: "Ohjelma" }, with: (type, browser) => `${type}, ${browser}`,
    borrowed: "Lainattu, ei omasi", loggedIn: (when) => `Kirjautunut ${when}`, used: (when) => `Käytössä vielä ${when}`,
    until: (when) => `Kirjautuminen tällä laitteella on voimassa ${when} asti, ja se pitenee, kun käytät sivua.`,
    unknown: "Etkö tunnista jotakin laitetta? Soita meille, niin suljemme sen.",
    out: "Kirjaa laite ulos", outTitle: "Kirjataanko toinen laite ulos?", isOut: "Kirjattu ulos",
    outText: "Se ei voi enää lukea mitään, ja sen sisältö poistetaan, kun sillä on verkkoyhteys. Sille pääsee takaisin vain kirjautumalla uudelleen.",
  },
  ar: {
    about: "الهواتف وأجهزة الكمبيوتر التي سجّلت الدخول عليها لدى هذه الجهة، الآن أو سابقًا.", thisOne: "هذا الجهاز", another: "جهاز آخر",
    types: { phone: "هاتف", tablet: "جهاز لوحي", computer: "كمبيوتر", program: "برنامج" }, with: (type, browser) => `${type}، ${browser}`,
    borrowed: "جهاز مستعار ليس لك", loggedIn: (when) => `تسجيل الدخول: ${when}`, used: (when) => `كان قيد الاستخدام حتى ${when} على الأقل`,
    until: (when) => `تسجيل الدخول على هذا الجهاز صالح حتى ${when} ويُمدَّد عند استخدام الصفحة.`,
    unknown: "هل هناك جهاز لا تعرفه؟ اتصل بنا لنغلقه.",
    out: "تسجيل خروج الجهاز", outTitle: "هل تريد تسجيل خروج الجهاز الآخر؟", isOut: "سُجّل خروجه",
    outText: "لن يستطيع قراءة أي شيء بعد ذلك، ويُحذف ما عليه عندما يتصل بالشبكة. ويلزم تسجيل دخول جديد لاستعماله ثانيةً.",
  },
  fa: {
    about: "تلفن‌ها و کامپیوترهایی که با آن‌ها در این اداره وارد شده‌اید، حالا یا قبلاً.", thisOne: "این دستگاه", another: "دستگاه دیگر",
    types: { phone: "تلفن", tablet: "تبلت", computer: "کامپیوتر", program: "برنامه" }, with: (type, browser) => `${type}، ${browser}`,
    borrowed: "امانتی، مال خودتان نیست", loggedIn: (when) => `ورود: ${when}`, used: (when) => `دست‌کم تا ${when} از آن استفاده شده است`,
    until: (when) => `ورود شما روی این دستگاه تا ${when} اعتبار دارد و با استفاده از صفحه تمدید می‌شود.`,
    unknown: "آیا دستگاهی را نمی‌شناسید؟ به ما زنگ بزنید تا آن را ببندیم.",
    out: "خروج از این دستگاه", outTitle: "از دستگاه دیگر خارج می‌شوید؟", isOut: "خارج شده",
    outText: "آن دستگاه دیگر چیزی نمی‌تواند بخواند و آنچه در آن است، وقتی به شبکه وصل شود، پاک می‌شود. برای ورود دوباره باید آنجا از نو وارد شد.",
  },
  so: {
    about: "Telefoonnada iyo kombiyuutarrada aad kaga gashay hay’addan, hadda ama hore.", thisOne: "Qalabkan", another: "Qalab kale",
    types: { phone: "Telefoon", tablet: "Taableet", computer: "Kombiyuutar", program: "Barnaamij" }, with: (type, browser) => `${type}, ${browser}`,
    borrowed: "Waa la amaahday, adigu ma lihid", loggedIn: (when) => `La galay ${when}`, used: (when) => `Waxaa la isticmaalayay ugu yaraan ilaa ${when}`,
    until: (when) => `Gelitaanka qalabkani wuxuu shaqaynayaa ilaa ${when}, wuuna kordhayaa markaad bogga isticmaasho.`,
    unknown: "Ma jiraa qalab aadan garanayn? Naga soo wac, waanu xiraynaa.",
    out: "Ka saar qalabka", outTitle: "Ma laga saaraa qalabka kale?", isOut: "Waa laga saaray",
    outText: "Wax dambe ma akhrin karo, waxa ku jirana waa la tirtirayaa marka uu shabakad helo. Si loogu soo laabto waa in mar kale la soo galo.",
  },
  ti: {
    about: "ናብዚ ቤት ጽሕፈት ዝኣተኹምሎም ተሌፎናትን ኮምፕዩተራትን፡ ሕጂ ወይ ቅድም።", thisOne: "እዚ መሳርሒ", another: "ካልእ መሳርሒ",
    types: { phone: "ተሌፎን", tablet: "ታብለት", computer: "ኮምፕዩተር", program: "ፕሮግራም" }, with: (type, browser) => `${type}፡ ${browser}`,
    borrowed: "ዝተለቅሐ፡ ናትኩም ኣይኮነን", loggedIn: (when) => `ዝኣተኹምሉ ${when}`, used: (when) => `ብውሑዱ ክሳብ ${when} ተጠቒሞምሉ`,
    until: (when) => `ኣብዚ መሳርሒ ምእታውኩም ክሳብ ${when} ይሰርሕ፡ ነቲ ገጽ ክትጥቀምሉ ከለኹም ድማ ይናዋሕ።`,
    unknown: "ዘይትፈልጥዎ መሳርሒ ኣሎ ድዩ? ደውሉልና፡ ክንዓጽዎ ኢና።",
    out: "ካብዚ መሳርሒ ውጻእ", outTitle: "ካብቲ ካልእ መሳርሒ ክትወጽእ ዲኻ?", isOut: "ወጺኡ",
    outText: "ድሕሪ ሕጂ ዋላ ሓንቲ ከንብብ ኣይክእልን፡ ኣብኡ ዘሎ ድማ መርበብ ምስ ረኸበ ይድምሰስ። እንደገና ንምእታው ሓድሽ ምእታው የድሊ።",
  },
  uk: {
    about: "Телефони й комп’ютери, на яких ви входили до цієї установи, зараз чи раніше.", thisOne: "Цей пристрій", another: "Інший пристрій",
    types: { phone: "Телефон", tablet: "Планшет", computer: "Комп’ютер", program: "Програма" }, with: (type, browser) => `${type}, ${browser}`,
    borrowed: "Позичений, не ваш", loggedIn: (when) => `Вхід: ${when}`, used: (when) => `Ним користувалися щонайменше до ${when}`,
    until: (when) => `Вхід на цьому пристрої діє до ${when} і продовжується, коли ви користуєтеся сторінкою.`,
    unknown: "Не впізнаєте якийсь пристрій? Зателефонуйте нам, і ми його заблокуємо.",
    out: "Вийти з цього пристрою", outTitle: "Вийти з іншого пристрою?", isOut: "Вихід здійснено",
    outText: "Він більше нічого не зможе читати, а те, що на ньому є, буде видалено, коли з’явиться мережа. Щоб користуватися ним знову, треба увійти наново.",
  },
};
