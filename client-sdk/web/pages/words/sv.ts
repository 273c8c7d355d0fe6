// sv -- every word of the pages in Swedish, the first language. The other languages have the same keys: a missing one does not
// compile. What only caseworkers meet is named in translation.ts, and asked of English alone.
import type { ErrorName } from "../../protocol/tables.ts";
import { videoSv } from "./video-sv.ts";

/** What is told beside an error's own sentence of errors.def, or instead of it. */
export type ErrorWords = Partial<Record<ErrorName, string>>;

export const sv = {
  languageChoose: "Språk", languageFailed: "Språket kunde inte hämtas. Kontrollera nätet och försök igen.",
  // Behind it come buttons for Swedish and English. Not shown in a language that is reviewed.
  unreviewed: "Ingen som har språket som modersmål har granskat översättningen än. Är något oklart:",
  skip: "Hoppa till innehållet", menu: "Meny", back: "Tillbaka", close: "Stäng", cancel: "Avbryt",
  starting: "Startar …",
  leave: "Lämna sidan", leaveHint: "Lämna sidan genast. Det går också att trycka tre gånger på Esc.",
  neutralTitle: "Mina sidor", neutralRings: "Någon söker dig",
  startingLong: "Det tar längre tid än vanligt. Kontrollera att du har nät, eller ladda om sidan.",

  // What this is
  introTitle: "Prata privat med socialtjänsten",
  intro: [
    "Här skriver du med en socialsekreterare, direkt i webbläsaren.",
    "Det ni skriver är krypterat hela vägen till kommunen. Ingen däremellan kan läsa det, inte ens den som driver tjänsten.",
    "Kommunen måste spara det i din journal, och du kan själv läsa hela journalen här.",
  ],
  introStaffTitle: "Samtal för handläggare",
  introStaff: ["Här tar du emot nya samtal, svarar och läser journalen. Allt du skriver journalförs och kan läsas av den det gäller."],
  introGuestTitle: "Du är inbjuden till ett videosamtal",
  introGuest: ["Logga in med din e‑legitimation, så ser handläggaren vem du är och kan släppa in dig.", "Ljud och bild är krypterade hela vägen. Inget spelas in. Du ser ingen journal och inga tidigare meddelanden."],
  guestNoLink: "Öppna länken som du har fått till samtalet. Har du ingen, be den som bjöd in dig om en.",
  shared: "Jag lånar den här datorn eller telefonen",
  sharedAbout: "Då sparas inget här. Du loggas ut när du stänger eller laddar om sidan, eller inte har rört den på en kvart.",
  sharedNow: "Lånad dator eller telefon: inget sparas här. Stänger du eller laddar om sidan loggas du ut.",
  login: (name: string) => `Logga in med ${name}`,
  loginOf: (name: string) => `Du är inloggad som ${name}`,
  loginBusy: "Loggar in …", loginBusyLong: "Kommunen kontrollerar din inloggning. Det tar oftast några sekunder.",
  loginAway: "Du skickas till e‑legitimationen …",
  loginAborted: "Inloggningen avbröts. Försök igen när du vill.",
  loginFailed: "Inloggningen gick inte",
  loginAgain: "Logga in igen",
  loginNeeded: "Du behöver logga in igen. Det du har skrivit finns kvar.",
  acute: "Är du eller någon annan i fara just nu? Ring 112.",
  callUs: (telephone: string) => `Ring oss på ${telephone}`,
  noProvider: "Inloggning är inte påslagen för den här nämnden.",

  // Conversations
  myRooms: "Mina samtal", myCases: "Mina ärenden", noRooms: "Du har inga samtal än.", noRoomsStaff: "Du har inte tagit något samtal än.",
  listing: "Hämtar dina samtal …",
  newRoom: "Starta ett samtal", newTitle: "Vad gäller det?", newTitleHint: "Några ord, om du vill",
  newText: "Ditt meddelande", newTextHint: "Berätta så mycket eller lite du vill. Du kan skriva mer sen.",
  newSend: "Skicka", newEmpty: "Skriv något först.",
  untitled: "Samtal utan rubrik", you: "Du", unread: (n: number) => n === 1 ? "1 nytt" : `${n} nya`,
  unsent: "Väntar på att skickas", locked: "Öppna för att läsa",
  noneYet: "Ingen handläggare har svarat än. Du kan skriva mer, och gå härifrån: allt finns kvar.",
  with: (names: string) => `Med ${names}`, waitingForStaff: "Väntar på handläggare",
  write: "Skriv ett meddelande", send: "Skicka", newer: "Nya meddelanden",
  loading: "Hämtar …", openingKeys: "Öppnar samtalet …",
  lockedLong: "Samtalet kan inte läsas på den här enheten än. Det öppnas så snart kommunens registrator svarar.",
  denied: "Du är inte längre med i det här samtalet.", deniedShort: "Öppnas inte på den här enheten",
  deniedDevice: "Servern säger att den här enheten inte får läsa samtalet mer. Har du inte själv bett om det: logga ut och logga in igen. Hjälper det inte, ring oss.", gone: "Samtalet finns inte här.",
  typing: (names: string) => `${names} skriver …`,
  unreceived: "Inte mottaget än. Det skickas så snart det går. Är det bråttom?",
  draftWaiting: "Väntar på nät", draftSending: "Skickas …", draftFailed: "Kunde inte skickas",
  discard: "Ta bort", arrived: "Framme", recorded: "Journalförd",
  notYetRecorded: "Ännu inte journalförd", refused: "Journalförs inte",
  readBy: (names: string) => `Läst av ${names}`,
  showJournal: "Journal", showRoom: "Till samtalet",

  // Calls
  video: videoSv,

  // In a list
  staffOnly: "Bara personal",
  choose: "Välj ett samtal i listan.", caseWhy: "Ja eller nej, och varför?",

  // The journal
  journal: "Journal",
  number: "Nr", receipt: "Kvitto finns",
  found: (n: number) => n === 1 ? "1 träff" : `${n} träffar`, save: "Spara som fil",
  readersOpened: "Öppnat",

  // Journal lines
  lineOpened: (who: string, title: string) => title === "" ? `${who} startade samtalet` : `${who} startade samtalet ”${title}”`,
  lineCall: (who: string, when: string, howLong: string) => `Videosamtal ${when}, ${howLong}: ${who}`,
  callInterpreterNamed: (who: string) => `${who} (tolk)`,
  lineProfile: (who: string) => `Kommunen antecknade vem ${who} är`,
  lineDeviceMine: (when: string) => `Du loggade in på en ny enhet ${when}`,
  lineDeviceThis: (when: string) => `Du loggade in på den här enheten ${when}`,
  lineDevice: (who: string) => `${who} loggade in på en ny enhet`,
  lineAdded: (who: string) => `${who} är med i samtalet`,
  lineRemoved: (who: string) => `${who} är inte längre med i samtalet`,
  lineGeneration: (n: number) => `Ny nyckel nr ${n} till samtalet`,
  lineGranted: (who: string) => `${who} fick nyckeln till en enhet och kan läsa`,
  lineGrantedThis: "Den här enheten fick nyckeln och kan läsa",
  lineCheckpoint: (n: number) => `Kommunen journalförde till och med nr ${n}`,
  lineRead: (who: string, n: number) => `${who} läste till och med nr ${n}`,
  lineErased: (n: number, ground: string) => `Innehållet i nr ${n} är gallrat (${ground})`,
  lineOther: "En anteckning som den här sidan inte kan visa",
  lineObjection: (n: number) => n === 0 ? "Invändning" : `Håller inte med om nr ${n}`, lineCorrection: (n: number) => n === 0 ? "Rättelse" : `Rättar nr ${n}`,
  lineUnreadable: "Innehållet kan inte läsas på den här enheten",
  lineKeyMissing: "Innehållet kan inte läsas än: nyckeln saknas på den här enheten",
  board: "Kommunen", unknownPerson: "Okänd person", someone: "Någon", staffSomeone: "En handläggare", citizenSomeone: "Den det gäller",
  roles: { keeper: "Kommunen", citizen: "Medborgare", staff: "Handläggare", guest: "Gäst" },
  sayings: { message: "Meddelande", application: "Ansökan", notification: "Orosanmälan", note: "Journalanteckning", decision: "Beslut" },
  grounds: {
    RETENTION: "gallringstiden är slut", ARCHIVED: "lämnat till arkivet", COURT: "beslut av domstol eller myndighet",
    LEFT: "har slutat", LOST: "enheten är borta", REQUEST: "på egen begäran", HANDED_OVER: "uppgiften är överlämnad", ABUSE: "missbruk",
    KIND_NOT_ALLOWED: "den som skrev får inte skriva sådant här", CLOCK: "tiden stämmer inte", UNREADABLE: "kan inte läsas",
    NOT_A_MEMBER: "den som skrev är inte med", SEEN_OTHER: "hänvisar till en annan historia", SEQUENCE: "en egen post fattas",
  } as Record<string, string>,

  // Files and voice messages
  files: {
    attach: "Bifoga fil", photo: "Ta foto", chosen: "Valda filer", preparing: "Förbereds …",
    empty: (name: string) => `${name} är tom.`, tooLarge: (name: string) => `${name} är för stor. En fil får vara högst 25 MB.`,
    unreadable: (name: string) => `${name} går inte att läsa. Välj den igen.`,
    kinds: { image: "Bild", audio: "Ljud", video: "Film", text: "Text", other: "Fil" },
    sending: "Skickar", bringing: "Hämtar", open: "Öppna", save: "Spara",
    stays: "Det du sparar ligger kvar på den här datorn eller telefonen.",
    broken: "Filen kan inte visas här. Du kan spara den.",
    failed: "Det gick inte med filen. Försök igen om en stund.",
  },
  voice: {
    record: "Spela in", message: "Röstmeddelande", asking: "Väntar på mikrofonen …", recording: "Spelar in",
    atMost: "Högst 5 minuter", listen: "Lyssna", stop: "Stoppa", again: "Spela in igen",
  },
  recordingLeft: { waits: "Din inspelning är inte skickad än. Den följer med när du skickar.", send: "Skicka med inspelningen" },

  // What stands behind an entry
  about: {
    more: "Mer", moreOf: (n: number) => `Mer om nr ${n}`,
    levelBoard: "Kommunen själv", levels: { 1: "Nivå 1: låg", 2: "Nivå 2: e‑legitimation", 3: "Nivå 3: e‑legitimation med hög säkerhet", 4: "Nivå 4: högsta nivån" } as Record<number, string>,
    to: (n: number) => `Gäller nr ${n}`, hasObjection: (n: number) => `Invändning i nr ${n}`, hasCorrection: (n: number) => `Rättat i nr ${n}`,
  },
  objection: {
    begin: "Jag håller inte med", label: "Vad stämmer inte?",
    hint: "Skriv med egna ord. Det du skriver står kvar bredvid så länge journalen finns, och kan inte tas bort av någon.", send: "Spara det jag har skrivit",
  },
  correction: { begin: "Rätta", label: "Så här ska det stå", hint: "Rättelsen läggs bredvid. Det du skrev först finns kvar.", send: "Spara rättelsen" },
  // A note that was held, and is shown in the conversation now.
  release: { line: (noted: string, by: string, shown: string) => `Antecknat ${noted} av ${by}, visat här ${shown}.`, whole: "Hela texten är med.", masked: (ground: string) => `Delar är utelämnade: ${ground}` },

  // Who is in a conversation; other devices; printed codes. What only caseworkers say is in staffpeople.ts.
  people: {
    title: "Personer",
    capacities: { COLLEAGUE: "kollega", HANDLER: "handläggare", GUARDIAN: "vårdnadshavare", OMBUD: "ombud", TRUSTEE: "god man eller förvaltare", SUPPORT: "stödperson", PARTY: "den det gäller", INTERPRETER: "tolk" },
    reads: (names: string) => `Läses av: ${names}`,
    lineIn: (who: string, as: string, by: string) => `Ny i samtalet: ${who}, ${as}. Tillagd av: ${by}.`,
    lineHandedOver: (who: string, by: string) => `Samtalet är överlämnat. Ny handläggare: ${who}. Överlämnat av: ${by}.`,
    lineMoved: (unit: string, by: string) => `Samtalet är nu hos ${unit}. Överlämnat av: ${by}.`,
    lineLeft: (who: string) => `Har lämnat samtalet: ${who}.`, lineOut: (who: string, by: string) => `Inte längre med: ${who}. Avslutat av: ${by}.`,
    why: (text: string) => `Skäl: ${text}`,
    lineDeviceOut: (who: string) => `En enhet är utloggad: ${who}`,
    fromHere: "Det som skrevs innan du kom med visas inte för dig.",
    putOut: "Du är utloggad från den här enheten, och allt är borttaget härifrån. Det gjordes från en annan av dina enheter eller av kommunen. Inget är borta ur journalen.",
    haveCode: "Jag har en kod", code: "Din kod", codeHint: "Fyra grupper med fyra tecken, från papperet du har fått. Mellanslag och små bokstäver går bra.",
    codeSend: "Logga in med koden",
  },

  // The way of the case
  journey: {
    title: "Ditt ärende", strip: (stage: string) => `Nu: ${stage}`,
    now: "Här är ärendet nu",
    done: "Klart", since: (when: string) => `från ${when}`,
    stages: {
      RECEIVED: "Det har kommit in", PROTECTION: "Behövs skydd genast?", ASSESSMENT: "Ska det utredas?", INQUIRY: "Utredning", HEARING: "Läsa och svara",
      DECIDED: "Beslut", SUPPORT: "Stöd och uppföljning", CLOSED: "Avslutat",
    },
    channels: { TELEPHONE: "Telefonsamtal", LETTER: "Brev", VISIT: "Besök", MAIL: "E‑post", OTHER: "Annan kontakt" },
    inbound: (channel: string) => `${channel} till kommunen`, outbound: (channel: string) => `${channel} från kommunen`,
    next: "Vad händer härnäst", by: (when: string) => `Senast ${when}`, byWhom: (who: string) => `Görs av ${who}`,
    tasks: "Att göra", theirs: "För handläggaren",
    meeting: "Möte", byVideo: "Videosamtal här",
    calledOff: "Inställt",
    extended: "Tiden är förlängd",
    clocks: { PROTECTION: "Bedöma om skydd behövs", ASSESSMENT: "Bestämma om det ska utredas", INQUIRY: "Utredningen ska vara klar", DEMAND: "Efter det kan beslut krävas" },
    left: (days: string) => `${days} kvar`, lastDay: "Sista dagen är idag", late: (days: string) => `${days} för sent`,
    readers: "Vem har öppnat min journal",
  },
  // Its reader is not the one whom it is about: an employee, an ombud, a guardian. More in ofcase.ts.
  ofCase: { other: "Ärendet", forParty: "För den det gäller" },

  // Devices, leaving
  statement: "Tillgänglighet",
  devices: "Mina enheter",
  level: (n: number) => `Tillitsnivå ${n}`,
  logout: "Logga ut", logoutTitle: "Logga ut från den här enheten?",
  logoutText: "Allt tas bort från den här enheten. Inget tas bort ur journalen. När du loggar in igen kan du läsa allt.",
  logoutUnsent: (n: number) => n === 1 ? "Ett meddelande är inte skickat än och försvinner." : `${n} meddelanden är inte skickade än och försvinner.`,
  logoutFailed: "Det gick inte att logga ut. Stäng webbläsarens alla fönster och be personalen om hjälp.",

  // What a virus scanner says of a file
  finding: {
    line: (n: number, says: string) => `Virusskydd: nr ${n}. ${says}`, warns: (name: string) => `Kommunens virusskydd varnar för den här filen: ${name}`,
    cannot: "Kommunens virusskydd kunde inte kontrollera den här filen.", ask: "Den kan skada din dator eller telefon. Vill du öppna den ändå?",
  },

  // Advice without a login
  advice: {
    begin: "Fråga utan att logga in", title: "Fråga utan att säga vem du är",
    about: [
      "Vi vet inte vem du är, om du inte berättar det. Du kan fråga om vad som helst.",
      "När du stänger sidan eller avslutar går samtalet inte att hitta igen, inte heller på en annan enhet. Läs svaret innan du går.",
      "Kommunen sparar det ni skriver, utan ditt namn.",
      "Berättar du något som gör att ett barn kan vara i fara kan vi behöva göra något åt det. Då säger vi det till dig.",
    ],
    keepNothing: "Spara inget på den här datorn eller telefonen", keepAbout: "Tar du bort bocken kan du komma tillbaka till samtalet härifrån inom ett dygn.",
    start: "Börja", name: "Du är anonym: vi vet inte vem du är.",
    logout: "Avsluta", logoutTitle: "Avsluta samtalet?", logoutText: "Det går inte att hitta igen, varken här eller på en annan enhet. Kommunen har kvar det som är skrivet.",
    over: "Samtalet är avslutat och går inte att öppna igen. Vill du fråga något mer kan du börja om.", again: "Börja om",
    badge: "Anonym rådgivning", level: "Inte inloggad: ingen vet vem",
    journal: "Den som började samtalet har inte loggat in. Ingen vet vem det är.",
  },

  // Notices by e-mail
  notices: { title: "Aviseringar" },

  // Without contact
  offline: "Ingen kontakt just nu. Det du skriver sparas här och skickas sen.",
  offlineShared: "Ingen kontakt just nu. Låt sidan vara öppen, så skickas det du skriver sen.",
  offlineOut: "Ingen kontakt med servern just nu.",
  connecting: "Ansluter …", retry: "Försök nu", retryIn: (s: number) => `Försöker igen om ${s} s`,
  keeperAway: "Kommunens registrator svarar inte just nu. Du kan skriva som vanligt; det journalförs när den är tillbaka.",
  fromHost: "Försök: sidorna kommer från driftleverantören och är inte skyddade från den.",
  failed: "Det gick inte",

  // When something is wrong with the record or the host
  alarmTitle: "Något stämmer inte",
  alarmRoomTitle: "Något stämmer inte med det här samtalet",
  alarmStop: "Inget mer skickas härifrån.",
  alarmDo: "Skriv inget hemligt här. Berätta för oss vad som står på den här rutan.",
  alarmName: (name: string) => `Teknisk benämning: ${name}`,
  alarms: {
    CHAIN_BROKEN: "Servern har visat en journal som är ändrad. En post fattas, är bytt eller står på fel plats.",
    ENTRY_FORGED: "Servern har visat en post som inte är underskriven av någon som får skriva här. Den visas inte.",
    FORK: "Servern har visat två olika versioner av samtalet.",
    ROLLBACK: "Servern visar ett äldre samtal än det som fanns förut. Något som var framme är borta.",
    RECEIPT_WRONG: "Servern har lämnat ett kvitto som inte stämmer med det du skrev.",
    COMMITMENT_WRONG: "Samtalets nyckel är inte den som var utlovad.",
    OPEN_FAILED: "En post går inte att öppna. Den kan vara förstörd.",
    PAYLOAD_MISSING: "Innehållet i en post är borta utan att någon har beslutat om det.",
    CHECKPOINT_WRONG: "En journalföring stämmer inte med journalen.",
    SUITE_UNSUPPORTED: "Ett inlägg är krypterat på ett sätt som sidan inte känner till. Ladda om sidan. Kommer det tillbaka kan inlägget vara förfalskat.",
    KEEPER_UNTRUSTED: "Någon utger sig för att vara kommunens registrator.",
    HOST_UNTRUSTED: "Du är ansluten till en annan server än den som kommunen har angett.",
    ROOT_CHANGED: "Den här sidan säger att den är en annan nämnd än förra gången, och det är inte intygat. Det kan vara en förfalskad sida.",
  } as ErrorWords,
  errors: {
    NOT_STAFF: "Du är inte upplagd som handläggare här. Kontakta den som sköter systemet hos er.",
    LEVEL_TOO_LOW: "Den e‑legitimationen har för låg tillitsnivå. Använd en annan e‑legitimation.",
    DEVICE_BOUND: "Den här webbläsaren används redan av någon annan. Logga ut den personen först.",
    KEEPER_AWAY: "Kommunens registrator svarar inte just nu. Försök igen om en stund.",
    NETWORK: "Ingen kontakt med servern. Kontrollera nätet och försök igen.",
    TIMEOUT: "Det kom inget svar i tid. Försök igen.",
    CODE_REFUSED: "E-legitimationen godtog inte inloggningen. Försök igen.",
    OUT_OF_STATE: "Inloggningen började i ett annat fönster, eller är för gammal. Försök igen.",
    CERTIFICATE_EXPIRED: "Din inloggning på den här enheten har gått ut.",
    CERTIFICATE_REVOKED: "Den här enheten är spärrad. Ring oss om du inte vet varför.",
    CERTIFICATE_NOT_YET: "Klockan på den här enheten går fel. Ställ den och försök igen.",
    FILE_FAILED: "Webbläsaren kan inte spara. Kontrollera att det finns plats och att du inte använder privat läge.",
    KEY_MISSING: "Samtalet är inte öppnat på den här enheten än. Försök igen om en stund.",
    ROOM_UNKNOWN: "Du är inte längre med i det här samtalet.",
    OVERSIZED: "Texten är för lång. Dela upp den.",
    CODE_WRONG: "Koden stämmer inte. Kontrollera varje tecken och försök igen.",
    CODE_ENDED: "Koden är använd eller för gammal. Be handläggaren om en ny.",
    NOT_QUEUED: "Någon annan hann före. Samtalet är taget.",
  } as ErrorWords,

  // A browser that is too old
  oldTitle: "Den här webbläsaren räcker inte",
  oldText: "För att ingen annan ska kunna läsa vad du skriver behövs en nyare webbläsare. Uppdatera den, eller prova en annan telefon eller dator.",
  oldMissing: (what: string) => `Det som saknas: ${what}`,

  // Time
  today: "Idag", yesterday: "Igår",
  minutes: (n: number) => `${n} min`, hours: (n: number) => `${n} tim`, days: (n: number) => n === 1 ? "1 dag" : `${n} dagar`,
};

export type Words = typeof sv;
