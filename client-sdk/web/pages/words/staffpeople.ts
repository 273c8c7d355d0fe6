// staffpeople -- what caseworkers say of the people of a conversation, in Swedish and English. Citizens never load it.
import { language } from "./words.ts";

const sv = {
  why: "Skäl, med egna ord", whyHint: "Det står i journalen, och den det gäller kan läsa det.", whyMust: "Skriv skälet.",
  colleague: "Kollega", choose: "Välj en kollega", noColleagues: "Det finns ingen annan i enheten.",
  add: "Ta med en kollega", addAbout: "Kollegan ser samtalet bland sina, och kan läsa allt i det när hen öppnar det.", addDo: "Ta med", mustChoose: "Välj vem.",
  hand: "Lämna över samtalet", handAbout: "Den du väljer tar över, och du är inte längre med. Samtalet får en ny nyckel som du inte har.",
  handTo: "Till", toQueue: "Tillbaka till kön", handDo: "Lämna över",
  handSure: (to: string) => `Lämna över till ${to}? Du kan inte läsa samtalet sedan.`, queueSure: "Lämna tillbaka samtalet till kön? Du kan inte läsa det sedan.",
  leaveSure: "Lämna samtalet? Kollegorna är kvar i det. Du kan inte läsa det sedan.",
  end: "Avsluta tillgången", endOf: (who: string) => `Avsluta tillgången för ${who}`, endSure: (who: string) => `Avsluta tillgången för ${who}?`,
  endAbout: "Personen kan inte läsa det som skrivs från nu, och inte hämta samtalet igen. Det som redan är läst kan ingen ta tillbaka.",
  grounds: { LEFT: "Uppdraget är slut", REQUEST: "På egen begäran", ABUSE: "Missbruk" }, ground: "Grund",
  invite: "Ta med någon utanför kommunen", inviteAbout: "Vårdnadshavare, ombud, god man, förvaltare eller stödperson. Den som tas med kan läsa och skriva här.",
  inviteGuardian: "Två vårdnadshavare ska ha var sitt rum: här kan båda läsa allt, också varandras meddelanden. Den andra vårdnadshavaren börjar hellre ett eget samtal.",
  inviteSecond: "Här är redan en medborgare eller vårdnadshavare. Jag har kontrollerat att båda får läsa allt som skrivs här.",
  inviteSecondMust: "Kryssa i att du har kontrollerat det.",
  as: "I vilken egenskap", name: "Namn", nameMust: "Skriv namnet.",
  way: "Hur loggar personen in?", byNumber: "Med e‑legitimation", byCode: "Med en utskriven kod (saknar e‑legitimation)",
  number: "Personnummer, tolv siffror", numberWrong: "Personnumret stämmer inte. Skriv tolv siffror: ÅÅÅÅMMDDNNNN.",
  codeAbout: "Koden visas en gång. Kontrollera vem personen är innan du lämnar den. Inlägg visas med tillitsnivå 1.",
  history: "Vad får personen läsa?", fromNow: "Det som skrivs från nu", everything: "Allt, också det som redan är skrivet",
  until: "Slutar av sig självt (om det ska det)", untilWrong: "Välj en dag som inte har varit.", inviteDo: "Ta med",
  codeTitle: "Koden", codeOnce: "Koden visas bara nu. Skriv ut eller skriv av den, och lämna den till personen själv.",
  codeHow: (name: string, address: string) => `${name}: gå till ${address}, välj ”Jag har en kod” och skriv koden.`,
  codeRules: "Koden gäller en gång och i två veckor. Ge den inte till någon annan. Är den borta: be handläggaren om en ny.",
  print: "Skriv ut", codeAgain: "Ny kod", codeAgainAbout: "En ny kod gör den förra ogiltig.", done: "Klart",
  failed: "Det gick inte",
};

const en: typeof sv = {
  why: "Reason, in your own words", whyHint: "It stands in the record, and those concerned can read it.", whyMust: "Write the reason.",
  colleague: "Colleague", choose: "Choose a colleague", noColleagues: "There is nobody else in the unit.",
  add: "Add a colleague", addAbout: "The colleague sees the conversation among theirs, and can read all of it once opened.", addDo: "Add", mustChoose: "Choose who.",
  hand: "Hand the conversation over", handAbout: "Whom you choose takes over, and you are no longer in it. The conversation gets a new key that you do not have.",
  handTo: "To", toQueue: "Back to the queue", handDo: "Hand over",
  handSure: (to) => `Hand over to ${to}? You cannot read the conversation afterwards.`, queueSure: "Give the conversation back to the queue? You cannot read it afterwards.",
  leaveSure: "Leave the conversation? Your colleagues stay in it. You cannot read it afterwards.",
  end: "End the access", endOf: (who) => `End the access of ${who}`, endSure: (who) => `End the access of ${who}?`,
  endAbout: "The person cannot read what is written from now on, nor fetch the conversation again. What has been read cannot be taken back.",
  grounds: { LEFT: "The assignment is over", REQUEST: "At their own request", ABUSE: "Misuse" }, ground: "Ground",
  invite: "Add somebody from outside", inviteAbout: "A guardian, representative, trustee or support person. Whoever is added can read and write here.",
  inviteGuardian: "Two guardians have a room each: here both can read everything, also each other's messages. The other guardian had better begin a conversation of their own.",
  inviteSecond: "There is a citizen or a guardian here already. I have made sure that both may read everything that is written here.",
  inviteSecondMust: "Tick that you have made sure.",
  as: "In which capacity", name: "Name", nameMust: "Write the name.",
  way: "How does the person log in?", byNumber: "With an e‑ID", byCode: "With a printed code (has no e‑ID)",
  number: "Personal number, twelve digits", numberWrong: "The personal number is not right. Write twelve digits: YYYYMMDDNNNN.",
  codeAbout: "The code is shown once. Make sure who the person is before you hand it over. Entries are shown with level 1.",
  history: "What may the person read?", fromNow: "What is written from now on", everything: "Everything, also what has been written already",
  until: "Ends by itself (if it shall)", untilWrong: "Choose a day that is not over.", inviteDo: "Add",
  codeTitle: "The code", codeOnce: "The code is shown only now. Print or copy it, and hand it to the person.",
  codeHow: (name, address) => `${name}: go to ${address}, choose "I have a code" and type the code.`,
  codeRules: "The code is good once and for two weeks. Give it to nobody else. If it is lost: ask the caseworker for another.",
  print: "Print", codeAgain: "New code", codeAgainAbout: "A new code makes the one before void.", done: "Done",
  failed: "It did not work",
};

export function staffPeopleWords(): typeof sv {
  return language() === "en" ? en : sv;
}
