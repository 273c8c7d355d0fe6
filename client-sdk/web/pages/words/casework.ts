// casework -- the words of the caseworkers' forms and lists, in their two languages. Not among those of sv.ts: a citizen's first load
// has no use for them.
import { language } from "./words.ts";

const sv = {
  title: "Skriv i journalen", seenAtOnce: "Allt du sparar här kan de som är med läsa genast. Det kan rättas, men inte tas bort.",
  kind: "Vad vill du skriva?", save: "Spara i journalen", saved: "Sparat. Det journalförs nu.", savedHere: "Sparat här. Det skickas så snart det går.",
  kinds: {
    contact: "Kontakt utanför Enrum", note: "Journalanteckning", decision: "Beslut med skäl", step: "Var ärendet är", task: "Något att göra", meeting: "Möte",
    extension: "Förlängd tid",
  },
  text: {
    contact: "Vad sades?", note: "Anteckning", decision: "Beslut och skäl", step: "Vad händer härnäst?", task: "Vad ska göras?", meeting: "Vad gäller mötet?", extension: "Skäl",
  },
  channel: "Hur", direction: "Åt vilket håll", inbound: "Till oss", outbound: "Från oss", happened: "När det hände", people: "Vilka var med",
  peopleHint: "Med egna ord, till exempel: mamman och rektorn",
  matter: "Vad det är", matterNone: "Inte bestämt än", cameIn: "Kom in", cameInHint: "Dagen då ansökan eller oron nådde kommunen, läst eller inte. Lagens tider räknas från den.",
  cameInWrong: "Dagen då det kom in kan inte vara i framtiden, och inte före 1970.", stage: "Steg",
  opened: "Utredningen inleddes", openedHint: "Dagen då det beslutades. Lagens tid för utredningen räknas från den.",
  openedWrong: "Utredningen kan inte ha inletts i framtiden, och inte innan det kom in.", happenedWrong: "Det som redan har hänt kan inte ligga i framtiden, och inte före 1970.",
  byWhen: "Senast", byWhom: "Av vem",
  whom: "För vem", forCitizen: "Den det gäller", forStaff: "Handläggaren", due: "Senast", ends: "Vilken tid den gäller", endsNone: "Ingen",
  begins: "Börjar", endsAt: "Slutar", where: "Var", byVideo: "Video här i samtalet", atPlace: "På en plats", place: "Plats", comes: "Vilka kommer",
  clock: "Vilken tid", until: "Nytt sista datum", nothingToExtend: "Ingen tid som löper kan förlängas.",
  missing: "Fyll i det som saknas.", endBeforeBegin: "Mötet slutar innan det börjar.", meetingLong: "Mötet är längre än 12 timmar. Se efter när det börjar och slutar.",
  protectionTask: "Bedöm omedelbart om barnet behöver skydd. Skriv ja eller nej, och varför.",
  lawyer: "Tiderna är ett förslag ur lagen. Kommunens jurist bekräftar dem.",
  order: "Ordning", orders: { due: "Det som ska vara klart först", waits: "Väntat längst", newest: "Senaste först" },
  templates: "Mallar", templateInsert: "Infoga", templateKeep: "Spara texten som mall", templateName: "Mallens namn", templateRemove: "Ta bort",
  templatesNone: "Du har inga mallar än.", templatesWhere: "Mallarna finns bara på den här enheten, och tas bort när du loggar ut.",
  notify: "Avisera när något nytt kommer", notifyAbout: "Aviseringen säger bara ”Du har ett nytt meddelande”.", notifyDenied: "Webbläsaren tillåter inte aviseringar härifrån.",
  notifyText: "Du har ett nytt meddelande", openRooms: "Öppna samtal", closeRoom: (title: string) => `Stäng ${title}`,
  waited: (time: string) => `Väntat ${time}`,
  queue: {
    title: "Nya samtal", empty: "Inga nya samtal väntar.", cameNow: "Kom nyss", take: "Ta samtalet", taking: "Tar …",
    takenElse: "Någon annan hann före. Samtalet är taget.", takenBy: (name: string) => `Taget av ${name}`, takenLately: "Tagna nyligen", aColleague: "en kollega",
    takeFailed: "Det gick inte att ta samtalet",
  },
  begin: {
    newRoom: "Börja ett samtal", newAbout: "Med någon som du har träffat eller talat med, och som inte har skrivit hit. Samtalet blir ditt. I nästa steg tar du med personen.",
    newTitle: "Vad gäller det?", newTitleHint: "Din enhet ser det i kön. Skriv inget namn.", newText: "Första meddelandet", newTextHint: "Personen läser det när hen har loggat in.",
    newSend: "Börja samtalet", newEmpty: "Skriv ett första meddelande.",
    lacksParty: "Den det gäller är inte med än, och kan inte läsa det här.", letIn: "Ta med personen",
  },
  caseRooms: {
    title: "Ärendets rum", about: "Ett ärende kan ha flera samtal, till exempel ett för varje vårdnadshavare. I rummet för personalen är de anställda som är med i något av dem, och ingen annan.",
    open: "Öppna ett rum för personalen", none: "Du har inget annat samtal att lägga till.", add: "Lägg till ett samtal i ärendet", addDo: "Lägg till",
    addAbout: "De anställda som är med i samtalet läser sedan också rummet för personalen. Den samtalet är med får inte veta det. Samtalet kan tas ur igen, men det som är läst är läst.", choose: "Välj ett samtal", added: (name: string) => `Tillagt: ${name}`,
    others: (count: number) => count === 1 ? "Ärendet har ett samtal till, som du inte är med i." : `Ärendet har ${count} samtal till, som du inte är med i.`,
    full: (most: number) => `Ett ärende kan ha högst ${most} samtal.`,
    whoReads: "Här läser bara de anställda som är med i ärendets samtal. Det hör till akten, och kan begäras ut.",
    out: "Ta ett samtal ur ärendet", outDo: "Ta ur ärendet", outWhy: "Varför?", outMissing: "Välj ett samtal, och skriv varför.",
    outAbout: "De anställda som bara är med i det samtalet läser inte längre rummet för personalen. Samtalet självt finns kvar.",
    outLast: "Ärendets sista samtal kan inte tas ur: då läser ingen anteckningarna.", outOthers: "Du är bara med i ett av ärendets samtal. En kollega som är med i ett annat kan ta ur det.",
    outAsked: (name: string) => `Tas ur ärendet: ${name}`,
    lineIn: (title: string) => `Ett samtal i ärendet: ${title}`, lineOut: (title: string, why: string) => `Inte längre i ärendet: ${title}. Skäl: ${why}`,
    several: "Två kollegor har öppnat var sitt rum för personalen. Allt står kvar i båda. Skriv helst i det första.",
  },
  // Showing a party a note that stands in the employees' own room.
  release: {
    begin: "Visa för en part", title: "Visa för en part", nobody: "Du är inte med i något av ärendets samtal som någon part läser.",
    where: "I vilket samtal?", choose: "Välj ett samtal", text: "Texten som visas", masked: "Något är utelämnat", ground: "På vilken grund?", groundHint: "Till exempel: uppgifter om någon annan, 26 kap. 1 § OSL",
    notedBy: "Antecknat av, som parten läser det", asked: "Svar på en begäran", askedNone: "Nej", askedThis: (n: number, text: string) => `Nr ${n}: ${text}`,
    reads: (names: string) => `Läses genast av: ${names}. Det kan rättas, men inte tas tillbaka. Parten får inte veta att det här rummet finns.`,
    show: "Visa nu", shown: "Sparat. Texten visas i samtalet.",
    missing: "Välj ett samtal och skriv texten. Är något utelämnat, skriv på vilken grund.", changed: "Texten är ändrad. Kryssa för att något är utelämnat, och skriv på vilken grund.",
    lineShown: (who: string, title: string, when: string) => `Visat för ${who} (${title}) ${when}.`, lineToShow: (who: string, title: string) => `Ska visas för ${who} (${title}).`,
    notThere: "Texten har inte kommit fram till samtalet.", again: "Visa nu", open: "Öppna samtalet", about: (n: number) => `Gäller nr ${n}.`,
  },
};

type CaseworkWords = typeof sv;

const en: CaseworkWords = {
  title: "Write in the journal", seenAtOnce: "Everything that you save here can be read at once by those who are in. It can be corrected, but not taken away.",
  kind: "What do you want to write?", save: "Save in the journal", saved: "Saved. It is being recorded.", savedHere: "Saved here. It is sent as soon as it can be.",
  kinds: {
    contact: "Contact outside Enrum", note: "Journal note", decision: "Decision with reasons", step: "Where the case is", task: "Something to do", meeting: "Meeting",
    extension: "Extended time",
  },
  text: {
    contact: "What was said?", note: "Note", decision: "Decision and reasons", step: "What happens next?", task: "What is to be done?", meeting: "What is the meeting about?", extension: "Reasons",
  },
  channel: "How", direction: "Which way", inbound: "To us", outbound: "From us", happened: "When it happened", people: "Who took part",
  peopleHint: "In your own words, for example: the mother and the headmaster",
  matter: "What it is", matterNone: "Not decided yet", cameIn: "Came in", cameInHint: "The day on which the application or the concern reached the municipality, read or not. The law's times run from it.",
  cameInWrong: "The day on which it came in cannot be in the future, and not before 1970.", stage: "Step",
  opened: "The inquiry was opened", openedHint: "The day on which it was decided. The law's time for the inquiry runs from it.",
  openedWrong: "The inquiry cannot have been opened in the future, and not before what it is about came in.", happenedWrong: "What has happened cannot lie in the future, and not before 1970.",
  byWhen: "At the latest", byWhom: "By whom",
  whom: "For whom", forCitizen: "The person it is about", forStaff: "The caseworker", due: "At the latest", ends: "Which time it is for", endsNone: "None",
  begins: "Begins", endsAt: "Ends", where: "Where", byVideo: "Video here in the conversation", atPlace: "At a place", place: "Place", comes: "Who comes",
  clock: "Which time", until: "New last day", nothingToExtend: "No time that runs can be extended.",
  missing: "Fill in what is missing.", endBeforeBegin: "The meeting ends before it begins.", meetingLong: "The meeting is longer than 12 hours. Check when it begins and ends.",
  protectionTask: "Judge at once whether the child needs protection. Write yes or no, and why.",
  lawyer: "The times are proposed from the law. The municipality's lawyer confirms them.",
  order: "Order", orders: { due: "What is due first", waits: "Has waited longest", newest: "Newest first" },
  templates: "Templates", templateInsert: "Insert", templateKeep: "Keep the text as a template", templateName: "Name of the template", templateRemove: "Remove",
  templatesNone: "You have no templates yet.", templatesWhere: "The templates are on this device only, and go when you log out.",
  notify: "Notify me of what is new", notifyAbout: "The notification only says “You have a new message”.", notifyDenied: "The browser allows no notifications from here.",
  notifyText: "You have a new message", openRooms: "Open conversations", closeRoom: (title) => `Close ${title}`,
  waited: (time) => `Waited ${time}`,
  queue: {
    title: "New conversations", empty: "No new conversations are waiting.", cameNow: "Came just now", take: "Take it", taking: "Taking …",
    takenElse: "Somebody else was quicker. The conversation is taken.", takenBy: (name) => `Taken by ${name}`, takenLately: "Taken lately", aColleague: "a colleague",
    takeFailed: "The conversation could not be taken",
  },
  begin: {
    newRoom: "Begin a conversation", newAbout: "With somebody whom you have met or spoken with, and who has not written here. The conversation is yours. The next step is to let the person in.",
    newTitle: "What is it about?", newTitleHint: "Your unit sees it in the queue. Write no name.", newText: "The first message", newTextHint: "The person reads it once logged in.",
    newSend: "Begin the conversation", newEmpty: "Write a first message.",
    lacksParty: "The person concerned is not in yet, and cannot read this.", letIn: "Let the person in",
  },
  caseRooms: {
    title: "Rooms of the case", about: "A case may have several conversations, for example one for each guardian. In the room for employees are those who are in any of them, and nobody else.",
    open: "Open a room for employees", none: "You have no other conversation to add.", add: "Add a conversation to the case", addDo: "Add",
    addAbout: "The employees who are in the conversation then read the room for employees, too. Whom the conversation is with is not told. It can be taken out again, but what is read is read.", choose: "Choose a conversation", added: (name) => `Added: ${name}`,
    others: (count) => count === 1 ? "The case has one more conversation, which you are not in." : `The case has ${count} more conversations, which you are not in.`,
    full: (most) => `A case can have ${most} conversations at most.`,
    whoReads: "Only the employees who are in the case's conversations read this. It is part of the record, and may be asked for.",
    out: "Take a conversation out of the case", outDo: "Take it out", outWhy: "Why?", outMissing: "Choose a conversation, and write why.",
    outAbout: "The employees who are in that conversation only no longer read the room for employees. The conversation itself stays.",
    outLast: "The last conversation of a case cannot be taken out: nobody would read the notes then.", outOthers: "You are in one of the case's conversations only. A colleague who is in another one can take it out.",
    outAsked: (name) => `Being taken out of the case: ${name}`,
    lineIn: (title) => `A conversation of the case: ${title}`, lineOut: (title, why) => `No longer of the case: ${title}. Reason: ${why}`,
    several: "Two colleagues have opened a room for employees each. All stays in both. Write in the first one, preferably.",
  },
  release: {
    begin: "Show to a party", title: "Show to a party", nobody: "You are in none of the case's conversations that a party reads.",
    where: "In which conversation?", choose: "Choose a conversation", text: "The text that is shown", masked: "Something is left out", ground: "On what ground?", groundHint: "For example: about somebody else, chapter 26 section 1 OSL",
    notedBy: "Noted by, as the party reads it", asked: "Answers a request", askedNone: "No", askedThis: (n, text) => `No. ${n}: ${text}`,
    reads: (names) => `Read at once by: ${names}. It can be corrected, but not taken back. The party is not told that this room exists.`,
    show: "Show now", shown: "Saved. The text is shown in the conversation.",
    missing: "Choose a conversation and write the text. Where something is left out, write on what ground.", changed: "The text has been changed. Tick that something is left out, and write on what ground.",
    lineShown: (who, title, when) => `Shown to ${who} (${title}) ${when}.`, lineToShow: (who, title) => `To be shown to ${who} (${title}).`,
    notThere: "The text has not come to the conversation.", again: "Show now", open: "Open the conversation", about: (n) => `About no. ${n}.`,
  },
};

export function casework(): CaseworkWords {
  return language() === "sv" ? sv : en;
}
