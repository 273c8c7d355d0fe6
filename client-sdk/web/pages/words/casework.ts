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
  matter: "Vad det är", matterNone: "Inte bestämt än", stage: "Steg", byWhen: "Senast", byWhom: "Av vem",
  whom: "För vem", forCitizen: "Den det gäller", forStaff: "Handläggaren", due: "Senast", ends: "Vilken tid den gäller", endsNone: "Ingen",
  begins: "Börjar", endsAt: "Slutar", where: "Var", byVideo: "Video här i samtalet", atPlace: "På en plats", place: "Plats", comes: "Vilka kommer",
  clock: "Vilken tid", until: "Nytt sista datum", nothingToExtend: "Ingen tid som löper kan förlängas.",
  missing: "Fyll i det som saknas.", endBeforeBegin: "Mötet slutar innan det börjar.",
  protectionTask: "Bedöm omedelbart om barnet behöver skydd. Skriv ja eller nej, och varför.",
  lawyer: "Tiderna är ett förslag ur lagen. Kommunens jurist bekräftar dem.",
  order: "Ordning", orders: { due: "Det som ska vara klart först", waits: "Väntat längst", newest: "Senaste först" },
  templates: "Mallar", templateInsert: "Infoga", templateKeep: "Spara texten som mall", templateName: "Mallens namn", templateRemove: "Ta bort",
  templatesNone: "Du har inga mallar än.", templatesWhere: "Mallarna finns bara på den här enheten, och tas bort när du loggar ut.",
  notify: "Avisera när något nytt kommer", notifyAbout: "Aviseringen säger bara ”Du har ett nytt meddelande”.", notifyDenied: "Webbläsaren tillåter inte aviseringar härifrån.",
  notifyText: "Du har ett nytt meddelande", openRooms: "Öppna samtal", closeRoom: (title: string) => `Stäng ${title}`,
  begin: {
    newRoom: "Börja ett samtal", newAbout: "Med någon som du har träffat eller talat med, och som inte har skrivit hit. Samtalet blir ditt. I nästa steg tar du med personen.",
    newTitle: "Vad gäller det?", newTitleHint: "Din enhet ser det i kön. Skriv inget namn.", newText: "Första meddelandet", newTextHint: "Personen läser det när hen har loggat in.",
    newSend: "Börja samtalet", newEmpty: "Skriv ett första meddelande.",
    lacksParty: "Den det gäller är inte med än, och kan inte läsa det här.", letIn: "Ta med personen",
  },
  caseRooms: {
    title: "Ärendets rum", about: "Ett ärende kan ha flera samtal, till exempel ett för varje vårdnadshavare. I rummet för personalen är de anställda som är med i något av dem, och ingen annan.",
    open: "Öppna ett rum för personalen", none: "Du har inget annat samtal att lägga till.", add: "Lägg till ett samtal i ärendet", addDo: "Lägg till",
    addAbout: "De anställda som är med i samtalet läser sedan också rummet för personalen. Den samtalet är med får inte veta det. Det går inte att ta tillbaka.", choose: "Välj ett samtal", added: (name: string) => `Tillagt: ${name}`,
    others: (count: number) => count === 1 ? "Ärendet har ett samtal till, som du inte är med i." : `Ärendet har ${count} samtal till, som du inte är med i.`,
    whoReads: "Här läser bara de anställda som är med i ärendets samtal. Det hör till akten, och kan begäras ut.",
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
  matter: "What it is", matterNone: "Not decided yet", stage: "Step", byWhen: "At the latest", byWhom: "By whom",
  whom: "For whom", forCitizen: "The person it is about", forStaff: "The caseworker", due: "At the latest", ends: "Which time it is for", endsNone: "None",
  begins: "Begins", endsAt: "Ends", where: "Where", byVideo: "Video here in the conversation", atPlace: "At a place", place: "Place", comes: "Who comes",
  clock: "Which time", until: "New last day", nothingToExtend: "No time that runs can be extended.",
  missing: "Fill in what is missing.", endBeforeBegin: "The meeting ends before it begins.",
  protectionTask: "Judge at once whether the child needs protection. Write yes or no, and why.",
  lawyer: "The times are proposed from the law. The municipality's lawyer confirms them.",
  order: "Order", orders: { due: "What is due first", waits: "Has waited longest", newest: "Newest first" },
  templates: "Templates", templateInsert: "Insert", templateKeep: "Keep the text as a template", templateName: "Name of the template", templateRemove: "Remove",
  templatesNone: "You have no templates yet.", templatesWhere: "The templates are on this device only, and go when you log out.",
  notify: "Notify me of what is new", notifyAbout: "The notification only says “You have a new message”.", notifyDenied: "The browser allows no notifications from here.",
  notifyText: "You have a new message", openRooms: "Open conversations", closeRoom: (title) => `Close ${title}`,
  begin: {
    newRoom: "Begin a conversation", newAbout: "With somebody whom you have met or spoken with, and who has not written here. The conversation is yours. The next step is to let the person in.",
    newTitle: "What is it about?", newTitleHint: "Your unit sees it in the queue. Write no name.", newText: "The first message", newTextHint: "The person reads it once logged in.",
    newSend: "Begin the conversation", newEmpty: "Write a first message.",
    lacksParty: "The person concerned is not in yet, and cannot read this.", letIn: "Let the person in",
  },
  caseRooms: {
    title: "Rooms of the case", about: "A case may have several conversations, for example one for each guardian. In the room for employees are those who are in any of them, and nobody else.",
    open: "Open a room for employees", none: "You have no other conversation to add.", add: "Add a conversation to the case", addDo: "Add",
    addAbout: "The employees who are in the conversation then read the room for employees, too. Whom the conversation is with is not told. It cannot be undone.", choose: "Choose a conversation", added: (name) => `Added: ${name}`,
    others: (count) => count === 1 ? "The case has one more conversation, which you are not in." : `The case has ${count} more conversations, which you are not in.`,
    whoReads: "Only the employees who are in the case's conversations read this. It is part of the record, and may be asked for.",
  },
};

export function casework(): CaseworkWords {
  return language() === "sv" ? sv : en;
}
