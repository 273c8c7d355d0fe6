// video-sv -- the words of calls in Swedish. video-en.ts has the same keys: a missing one does not compile.
import type { SourceError } from "../../call/devices.ts";
import type { MediaState } from "../../call/media.ts";
import type { ErrorName } from "../../protocol/tables.ts";
import type { CallEnd, CallView } from "../../sdk/view.ts";

type RungState = CallView["rung"][number]["state"];

export const videoSv = {
  call: "Videosamtal", goesOn: "Ett videosamtal pågår", goesOnHere: "Du är med i ett videosamtal", toCall: "Till samtalet",
  elsewhere: "Samtalet är öppet i en annan flik på den här enheten.", inOther: "Du är redan med i ett annat videosamtal. Lägg på där först.",

  waits: (who: string) => `${who} väntar i ett videosamtal`,

  // Ringing
  rings: (who: string) => `${who} ringer`, ringsText: "Videosamtal. Kameran är av tills du sätter på den.",
  answer: "Svara", decline: "Avböj", join: "Gå med",
  missed: (who: string, when: string) => `Missat videosamtal från ${who}, ${when}`, seen: "Okej",

  // Before
  prepareTitle: (who: string) => who === "" ? "Videosamtal" : `Videosamtal med ${who}`,
  prepareStaff: "När du ringer hörs en signal hos den du ringer. Den du har ringt släpps in direkt när hon eller han svarar.",
  prepareCitizen: "Du kommer först till ett väntrum. Handläggaren ser att du är där och släpper in dig.",
  prepareRung: "Den som ringer släpper in dig direkt. Prova gärna ljud och bild först.",
  prepareGuest: "Du kommer till ett väntrum. Handläggaren ser ditt namn från e‑legitimationen och släpper in dig. Du ser ingen journal och inga tidigare meddelanden.",
  private: "Ljud och bild är krypterade hela vägen. Inget spelas in. Att samtalet har hållits antecknas i journalen.",
  ring: (who: string) => who === "" ? "Ring" : `Ring ${who}`, knock: "Gå till väntrummet", coming: "Ansluter till samtalet …",
  interpreterAs: "Jag är med som tolk", languageAs: "Språk som jag vill tala",

  // Microphone and camera
  checkTitle: "Prova ljud och bild",
  microphone: "Mikrofon", camera: "Kamera", speaker: "Högtalare", chosenByBrowser: "Den som webbläsaren väljer",
  level: "Ljudnivå", saySomething: "Säg något. Stapeln ska röra sig.", heard: "Mikrofonen hör dig.",
  microphoneTry: "Prova mikrofonen", cameraTry: "Visa min kamera", cameraHide: "Stäng av kameran", speakerTry: "Spela en ton",
  cameraFirst: "Börja med kameran på", previewOf: "Din egen bild",
  sources: {
    voice: { permission: "Webbläsaren får inte använda mikrofonen.", missing: "Ingen mikrofon hittades.", busy: "Ett annat program använder mikrofonen.", unsupported: "Webbläsaren kan inte använda mikrofonen här." },
    camera: { permission: "Webbläsaren får inte använda kameran.", missing: "Ingen kamera hittades.", busy: "Ett annat program använder kameran.", unsupported: "Webbläsaren kan inte använda kameran här." },
    screen: { permission: "Skärmen delas inte.", missing: "Det finns ingen skärm att dela.", busy: "Skärmen kan inte delas just nu.", unsupported: "Den här webbläsaren kan inte dela skärmen." },
  } as Record<"voice" | "camera" | "screen", Record<SourceError, string>>,
  sourceDo: {
    permission: "Tryck på symbolen till vänster om webbadressen, tillåt, och försök igen. Du kan vara med utan, och skriva i stället.",
    missing: "Koppla in en, eller var med utan. Du kan skriva i stället.",
    busy: "Stäng det andra programmet och försök igen.",
    unsupported: "Prova en annan webbläsare eller enhet. Du kan vara med utan, och skriva i stället.",
  } as Record<SourceError, string>,
  tryAgain: "Försök igen",

  // The waiting room
  waitTitle: "Du är i väntrummet",
  waitPosition: (n: number) => n <= 1 ? "Du är den som står på tur." : `Det är ${n - 1} före dig.`,
  waitSeen: (who: string) => `${who} ser att du väntar och kan släppa in dig.`,
  waitNobody: "Ingen från kommunen är i samtalet just nu. Du kan vänta kvar, skriva ett meddelande, eller be att bli uppringd.",
  waitNobodyGuest: "Ingen från kommunen är i samtalet just nu. Vänta kvar här, eller hör av dig till den som bjöd in dig.",
  waitLeave: "Lämna väntrummet", askCall: "Be att bli uppringd", askCallText: "Jag väntade i videosamtalet och ber att bli uppringd.",
  askedCall: "Du har bett att bli uppringd. Du kan lämna väntrummet.", writeInstead: "Skriv ett meddelande i stället", ringStaff: "Ring handläggaren",
  ringsStaff: "Det ringer hos handläggaren. Svarar ingen kan du be att bli uppringd.",
  textTitle: "Text i samtalet", textHint: "Texten visas bara medan samtalet pågår och sparas inte.", textTo: (who: string) => `Skriv till ${who}`,
  textWrite: "Skriv en rad", writing: "skriver …", textNotSent: "Inte framme än",
  sayHello: "Skriv till den som väntar",

  // In the call
  title: "Videosamtal", microphoneOn: "Mikrofon på", microphoneOff: "Mikrofon av", cameraOn: "Kamera på", cameraOff: "Kamera av",
  screenOn: "Delar skärm", screenOff: "Dela skärm", textShow: "Text", devicesShow: "Enheter", peopleShow: "Deltagare", hangUp: "Lägg på", endForAll: "Avsluta för alla",
  alone: "Du är ensam i samtalet.", you: "Du",
  youElsewhere: "Du på en annan enhet", away: "Tappade kontakten. Kommer tillbaka av sig själv.", keyMissing: "Väntar på nyckeln … Dröjer det, lägg på och gå med igen.",
  keyNotThere: "Har inte fått din nyckel än, och hör och ser dig inte.", connectingOther: "Ansluter …",
  muted: "Mikrofonen av", speaking: "talar", screenOf: (who: string) => `${who} visar sin skärm`,
  volume: (who: string) => `Volym för ${who}`, enlarge: (who: string) => `Visa ${who} stort`, shrink: "Visa alla lika",
  interpreter: "tolk", lead: "leder samtalet", levelOf: (n: number) => `tillitsnivå ${n}`,
  ghost: (who: string) => `Servern visar ${who} i samtalet, men ingen har släppt in den. Den hör och ser inget av dig.`,
  knocks: (who: string) => `${who} väntar på att bli insläppt`, admit: "Släpp in", refuse: "Släpp inte in", putOut: "Ta bort ur samtalet", giveLead: "Lämna över ledningen",
  putOutAsk: (who: string) => `Ta bort ${who} ur samtalet? Nycklarna byts, och hon eller han hör och ser inget mer.`,
  invite: "Bjud in tolk", inviteText: "Ge länken till tolken. Den gäller bara det här samtalet, och tolken väntar tills du släpper in.", copy: "Kopiera länken", copied: "Länken är kopierad",
  ringAgain: (who: string) => `Ring ${who} igen`, ringStop: "Sluta ringa",
  rung: { ringing: "ringer …", answered: "har svarat", declined: "tog inte samtalet", busy: "är upptagen i ett annat samtal", missed: "svarade inte", cancelled: "ringer inte längre" } as Record<RungState, string>,
  states: {
    connecting: "Ansluter ljud och bild …", connected: "", lost: "Ljud och bild är borta just nu. Försöker igen …",
    blocked: "Nätet du är på släpper inte igenom ljud och bild. Prova ett annat nät, till exempel mobilnätet. Texten fungerar.",
  } as Record<MediaState, string>,
  offline: "Ingen kontakt med servern. Samtalet fortsätter så snart den är tillbaka.",
  unsealed: "Din bild och ditt ljud skickas när nyckeln är framme.",
  blockedSound: "Webbläsaren har tystat ljudet. Tryck var som helst, eller på en tangent, för att höra.",

  // After
  overTitle: "Samtalet är slut",
  ends: {
    ended: "Handläggaren avslutade samtalet.", left: "Du har lagt på.", put_out: "Du är inte längre med i samtalet.", empty: "Alla har lämnat samtalet.",
    lost: "Du var utan kontakt för länge. Gå med igen om samtalet pågår.", member: "Du är inte längre med i den här konversationen.",
  } as Record<CallEnd, string>,
  failedTitle: "Samtalet kom inte igång",
  errors: {
    CALLS_OFF: "Videosamtal är inte påslaget här. Skriv ett meddelande, eller ring.",
    CALL_FULL: "Samtalet är fullt: det ryms tolv. Någon måste lämna det först.",
    RELAY_FULL: "Det är många samtal just nu. Försök igen om några minuter.",
    CALL_UNKNOWN: "Samtalet är slut, eller har inte börjat.",
    CALL_OTHER: "Ett annat samtal pågår. Försök igen.",
    MAY_NOT: "Du har tagits bort ur det här samtalet.",
    TOO_MANY: "Du är med i för många samtal på andra enheter.",
    OUT_OF_STATE: "Du är redan med i ett samtal i en annan flik. Lägg på där först.",
    NETWORK: "Ingen kontakt med servern. Kontrollera nätet och försök igen.",
    TOO_FAST: "Det har just ringt. Vänta några sekunder.",
  } as Partial<Record<ErrorName, string>>,
  again: "Försök igen", back: "Till konversationen",
  entryComes: "Vem som var med, när och hur länge antecknas i journalen. Inget av det som sades.",
  noteTitle: "Anteckning om samtalet", noteHint: "Den står i journalen och kan läsas av den det gäller.", noteSave: "Spara anteckningen", noteSaved: "Anteckningen är sparad.",
};

export type VideoWords = typeof videoSv;
