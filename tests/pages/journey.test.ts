// The way of a case on both screens: where it is, what happens next, tasks, meetings, times that apply; and who may do what.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { clockDue } from "../../client-sdk/web/sdk/clocks.ts";
import { languageChoose, look } from "./browser.ts";
import { conversationNew, day, entry, holds, isRecorded, journalBegin, journalSave, Stage, take } from "./stage.ts";
import { writingKept } from "./writingkept.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLE = "Oro";
const NEXT = "Vi ringer dig om ett besök.";
const QUESTION = "Finns det något i mitt ärende som jag inte får se? Jag vill läsa det, eller få veta varför jag inte får det.";

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Jag är orolig för grannens barn.");
  await take(worker, TITLE);
  await isRecorded(worker, "Jag är orolig för grannens barn.");
});

after(() => stage?.strike());

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

test("before anything is said the page says so, and asks nothing of anybody", async () => {
  await citizen.getByRole("link", { name: "Ditt ärende" }).click();
  await citizen.getByRole("heading", { name: "Ditt ärende" }).waitFor();
  await citizen.getByText("Det står inte än hur långt ärendet har kommit.").waitFor();
  await citizen.getByText("Inget att göra just nu.").waitFor();
  await look(citizen, "case-empty-phone");
});

test("staff say where it is and what happens next: the citizen sees it at once, and a child's protection is to be judged today", async () => {
  await journalBegin(worker, "Var ärendet är");
  await worker.getByLabel("Vad det är").selectOption({ label: "Oro för ett barn" });
  await worker.getByLabel("Steg").selectOption({ label: "Ska det utredas?" });
  await worker.getByLabel("Senast").fill(day(5));
  await worker.getByLabel("Av vem").fill("Testina");
  await worker.getByLabel("Vad händer härnäst?").fill(NEXT);
  await look(worker, "step-form-desk");
  await journalSave(worker);
  const now = section(citizen, "Här är ärendet nu");
  assert.equal(await now.locator("[aria-current=step]").innerText().then((text) => text.split("\n")[0]?.trim().startsWith("Ska det utredas?")), true);
  assert.deepEqual(await now.locator("li > span:first-child").allInnerTexts(),
    ["Det har kommit in", "Behövs skydd genast?", "Ska det utredas?", "Utredning", "Läsa och svara", "Beslut", "Stöd och uppföljning", "Avslutat"]);
  await section(citizen, "Vad händer härnäst").getByText(NEXT).waitFor();
  await section(citizen, "Vad händer härnäst").getByText("5 dagar kvar").waitFor();
  await section(citizen, "Vad händer härnäst").getByText("Görs av Testina").waitFor();
  await section(citizen, "Tider som gäller").getByText("Sista dagen är idag").waitFor();
  await section(citizen, "Tider som gäller").getByText("14 dagar kvar").waitFor();
  await section(citizen, "Att göra").getByText("Bedöm omedelbart om barnet behöver skydd.").waitFor();
  assert.equal(await section(citizen, "Att göra").getByRole("button").count(), 0, "it is not the citizen's to do");
  await look(citizen, "case-phone");
});

test("the protection task is done with words only, by staff, on the case's page", async () => {
  await worker.getByRole("link", { name: /^Ärendet/ }).click();
  await worker.getByRole("heading", { name: "Ärendet", exact: true }).waitFor();
  await look(worker, "case-desk");
  await section(worker, "Att göra").getByRole("button", { name: /^Det är gjort/ }).click();
  await section(worker, "Att göra").getByRole("button", { name: "Det är gjort" }).click();
  assert.equal(await section(worker, "Tider som gäller").getByText("Sista dagen är idag").count(), 1, "nothing is saved without words");
  await worker.getByLabel("Ja eller nej, och varför?").fill("Nej. Barnet är hos mormor.");
  await section(worker, "Att göra").getByRole("button", { name: "Det är gjort" }).click();
  for (const page of [worker, citizen]) {
    await section(page, "Tider som gäller").locator("li", { hasText: "Bedöma om skydd behövs" }).getByText("Klart", { exact: true }).waitFor();
  }
});

test("what came by letter some days ago has the times of that day, for both; a day that is still to come is refused in words", async () => {
  await journalBegin(worker, "Var ärendet är");
  const cameIn = worker.getByLabel("Kom in");
  assert.equal(await cameIn.inputValue(), day(0), "the day on which the conversation began");
  await worker.getByLabel("Vad det är").selectOption({ label: "Oro för en vuxen" });
  assert.equal(await cameIn.count(), 0, "no time runs from it");
  await worker.getByLabel("Vad det är").selectOption({ label: "Oro för ett barn" });
  for (const wrong of [day(2), "1899-12-31"]) {
    await cameIn.fill(wrong);
    await worker.getByRole("button", { name: "Spara i journalen" }).click();
    await worker.getByText("Dagen då det kom in kan inte vara i framtiden, och inte före 1970.").waitFor();
  }
  await look(worker, "step-came-in-desk");
  await cameIn.fill(day(-3));
  await worker.getByLabel("Vad händer härnäst?").fill("Brevet kom i fredags.");
  await journalSave(worker);
  for (const page of [worker, citizen]) {
    await section(page, "Tider som gäller").getByText("11 dagar kvar").waitFor();
    await section(page, "Tider som gäller").locator("li", { hasText: "Bedöma om skydd behövs" }).getByText("Klart", { exact: true }).waitFor();
  }
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await entry(citizen, "Brevet kom i fredags.").getByText(/^Nu: Ska det utredas\? · Det har kommit in: \d/).waitFor();
  await citizen.getByRole("link", { name: "Ditt ärende" }).click();
});

test("a step that was chosen by slip ends no time, and starts none, once the right one is saved", async () => {
  const times = () => section(citizen, "Tider som gäller");
  await journalBegin(worker, "Var ärendet är");
  assert.equal(await worker.getByLabel("Kom in").inputValue(), day(-3), "what stands");
  await worker.getByLabel("Steg").selectOption({ label: "Utredning" });
  await journalSave(worker);
  await times().getByText("Utredningen ska vara klar").waitFor();
  await times().locator("li", { hasText: "Bestämma om det ska utredas" }).getByText("Klart", { exact: true }).waitFor();
  await journalBegin(worker, "Var ärendet är");
  await worker.getByLabel("Steg").selectOption({ label: "Ska det utredas?" });
  await journalSave(worker);
  await times().getByText("11 dagar kvar").waitFor();
  assert.equal(await times().getByText("Utredningen ska vara klar").count(), 0);
  await citizen.getByRole("heading", { name: "Här är ärendet nu" }).waitFor();
  // The form begins with what the worker's own page knows.
  await section(worker, "Tider som gäller").getByText("11 dagar kvar").waitFor();
});

test("an inquiry that was opened yesterday, or some days ago, runs from that day", async () => {
  const times = (page: Page) => section(page, "Tider som gäller").locator("li", { hasText: "Utredningen ska vara klar" });
  const opened = worker.getByLabel("Utredningen inleddes");
  await journalBegin(worker, "Var ärendet är");
  assert.equal(await opened.count(), 0, "there is none");
  await worker.getByLabel("Steg").selectOption({ label: "Läsa och svara" });
  assert.equal(await opened.inputValue(), day(0));
  for (const wrong of [day(1), day(-4)]) {
    await opened.fill(wrong);
    await worker.getByRole("button", { name: "Spara i journalen" }).click();
    await worker.getByText("Utredningen kan inte ha inletts i framtiden, och inte innan det kom in.").waitFor();
  }
  await look(worker, "step-opened-desk");
  await opened.fill(day(-2));
  await worker.getByLabel("Vad händer härnäst?").fill("Läs det vi har skrivit.");
  await journalSave(worker);
  for (const page of [worker, citizen]) await times(page).locator(`time[datetime^="${new Date(clockDue("INQUIRY", Date.parse(day(-2)))).toISOString().slice(0, 10)}"]`).waitFor();
  await journalBegin(worker, "Var ärendet är");
  assert.equal(await opened.inputValue(), day(-2), "what stands");
  // Chosen back and forth, a step is what it is called.
  for (const [matter, stage] of [["Ansökan", "Läsa och svara"], ["Oro för ett barn", "Ska det utredas?"]] as const) {
    await worker.getByLabel("Vad det är").selectOption({ label: matter });
    assert.equal(await worker.getByLabel("Steg").evaluate((list: HTMLSelectElement) => list.selectedOptions[0]?.text), "Läsa och svara");
    await worker.getByLabel("Steg").selectOption({ label: stage });
  }
  await journalSave(worker);
  await times(citizen).waitFor({ state: "detached" });
  await journalBegin(worker, "Var ärendet är");
  await worker.getByLabel("Steg").selectOption({ label: "Utredning" });
  assert.equal(await opened.inputValue(), day(-2), "what stood before the slip");
  await worker.getByRole("button", { name: "Avbryt" }).click();
});

test("what was said outside has been said: a time that is still to come is refused in words", async () => {
  await journalBegin(worker, "Kontakt utanför Enrum");
  await worker.getByLabel("Vad sades?").fill("Mamman ringde.");
  await worker.getByLabel("När det hände").fill(`${day(1)}T10:00`);
  await worker.getByRole("button", { name: "Spara i journalen" }).click();
  await worker.getByText("Det som redan har hänt kan inte ligga i framtiden, och inte före 1970.").waitFor();
  await worker.getByLabel("När det hände").fill(`${day(-1)}T10:00`);
  await journalSave(worker);
});

test("a task for the citizen is done by the citizen, and staff see it", async () => {
  await journalBegin(worker, "Något att göra");
  await worker.getByLabel("Vad ska göras?").fill("Skicka en kopia av hyresavin.");
  await worker.getByLabel("Senast").fill(day(2));
  await journalSave(worker);
  await section(citizen, "Att göra").getByText("Skicka en kopia av hyresavin.").first().waitFor();
  await section(citizen, "Att göra").getByText("2 dagar kvar").waitFor();
  assert.equal(await section(worker, "Att göra").getByRole("button", { name: "Det är gjort: Skicka" }).count(), 0);
  await section(citizen, "Att göra").locator("li", { hasText: "hyresavin" }).getByText("För dig", { exact: true }).waitFor();
  await section(worker, "Att göra").locator("li", { hasText: "hyresavin" }).getByText("För den det gäller", { exact: true }).waitFor();
  await look(citizen, "case-task-phone");
  await section(citizen, "Att göra").getByRole("button", { name: /^Det är gjort/ }).click();
  await section(citizen, "Att göra").getByText("Inget att göra just nu.").waitFor();
  await citizen.getByRole("status").getByText("Klart: Skicka en kopia av hyresavin.", { exact: true }).waitFor({ state: "attached" });
  await section(citizen, "Att göra").locator("summary:focus", { hasText: "Klart" }).waitFor();
  await section(worker, "Att göra").getByText("Inget att göra just nu.").waitFor();
});

test("a meeting goes into a calendar that says nothing, and is called off by who cannot come", async () => {
  await journalBegin(worker, "Möte");
  await worker.getByLabel("Börjar").fill(`${day(3)}T10:00`);
  const ends = worker.getByLabel("Slutar");
  assert.equal(await ends.inputValue(), `${day(3)}T11:00`, "a meeting that is moved is as long as before");
  // The end says first that it is another day: it stays when the beginning follows.
  await ends.fill(`${day(4)}T14:30`);
  await worker.getByLabel("Börjar").fill(`${day(4)}T13:45`);
  assert.equal(await ends.inputValue(), `${day(4)}T14:30`);
  await worker.getByLabel("Börjar").fill(`${day(3)}T10:00`);
  assert.equal(await ends.inputValue(), `${day(3)}T10:45`);
  await ends.fill(`${day(4)}T10:45`);
  await worker.getByLabel("Vad gäller mötet?").fill("Hur barnet har det");
  await worker.getByRole("button", { name: "Spara i journalen" }).click();
  await worker.getByText("Mötet är längre än 12 timmar. Se efter när det börjar och slutar.").waitFor();
  await ends.fill(`${day(3)}T09:00`);
  await worker.getByRole("button", { name: "Spara i journalen" }).click();
  await worker.getByText("Mötet slutar innan det börjar.").waitFor();
  await worker.getByLabel("Slutar").fill(`${day(3)}T11:00`);
  await journalSave(worker);
  const meeting = section(citizen, "Möten").locator("li");
  await meeting.getByText("Hur barnet har det").waitFor();
  await meeting.getByRole("link", { name: "Videosamtal" }).waitFor();
  await look(citizen, "case-meeting-phone");
  const [file] = await Promise.all([citizen.waitForEvent("download"), meeting.getByRole("button", { name: "Lägg i kalendern" }).click()]);
  assert.match(file.suggestedFilename(), /^\d{4}-\d\d-\d\d\.ics$/);
  const text = readFileSync(await file.path(), "utf8");
  assert.match(text, /^BEGIN:VCALENDAR\r\n[^]*DTSTART:\d{8}T\d{6}Z\r\nDTEND:\d{8}T\d{6}Z\r\nSUMMARY:Möte\r\n[^]*END:VCALENDAR\r\n$/);
  assert.doesNotMatch(text, /barn|social|enrum|oro/i);
  await meeting.getByRole("button", { name: /^Ställ in/ }).click();
  await citizen.getByLabel("Vill du säga varför?").fill("Jag är sjuk.");
  // Half written, it outlives a look at another page.
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await citizen.getByRole("link", { name: "Ditt ärende" }).click();
  await meeting.getByRole("button", { name: /^Ställ in/ }).click();
  assert.equal(await citizen.getByLabel("Vill du säga varför?").inputValue(), "Jag är sjuk.");
  await meeting.getByRole("button", { name: "Ställ in", exact: true }).click();
  for (const page of [citizen, worker]) await section(page, "Möten").locator("li", { hasText: "Inställt" }).getByText("Jag är sjuk.").waitFor();
});

test("a decision is among the documents, whole, and one says there that one does not agree with it", async () => {
  const reasons = `Ansökan beviljas. ${"Skälen är dessa. ".repeat(30)}Sist: så här överklagar du.`;
  await journalBegin(worker, "Beslut med skäl");
  await worker.getByText("Läses av: Testa Förälder (medborgare)").waitFor();
  await worker.getByLabel("Beslut och skäl").fill(reasons);
  await journalSave(worker);
  const decision = section(citizen, "Dokument").locator("li");
  await decision.getByText("Beslut", { exact: true }).click();
  await decision.getByText(reasons, { exact: true }).waitFor();
  await look(citizen, "case-decision-phone");
  await decision.getByRole("button", { name: /^Mer om nr/ }).click();
  await decision.getByText("Hur säkert vi vet vem").waitFor();
  await decision.getByRole("button", { name: "Jag håller inte med" }).waitFor();
  await look(citizen, "case-decision-more-phone");
});

test("a time that may be extended is, with reasons; then the citizen asks for what is held back", async () => {
  await journalBegin(worker, "Förlängd tid");
  await worker.getByLabel("Nytt sista datum").fill(day(30));
  await worker.getByLabel("Skäl").fill("Skolan svarar först nästa vecka.");
  await journalSave(worker);
  await section(citizen, "Tider som gäller").getByText("30 dagar kvar").waitFor();
  await section(citizen, "Tider som gäller").getByText("Tiden är förlängd").waitFor();
  await section(citizen, "Är det något du inte får se?").getByRole("textbox").fill("");
  await citizen.reload();
  const asking = section(citizen, "Är det något du inte får se?");
  // One who has written nothing is offered words.
  await holds(asking.getByRole("textbox"), QUESTION);
  await asking.getByRole("textbox").fill(`${QUESTION} Tack.`);
  await writingKept(citizen);
  await citizen.reload();
  await citizen.waitForFunction((wanted) => document.querySelector<HTMLTextAreaElement>("#case-ask")?.value === wanted, `${QUESTION} Tack.`);
  await asking.getByRole("button", { name: "Skicka frågan" }).click();
  await citizen.getByText("Frågan är skickad.").waitFor();
  await citizen.waitForFunction(() => document.activeElement?.id === "case-asking");
  await look(citizen, "case-asked-phone");
});

test("all of it stands in the conversation, where one may disagree with it", async () => {
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await citizen.getByText("Med Testina Bjuvsdotter · Nu: Ska det utredas?").waitFor();
  await entry(citizen, NEXT).getByText(/^Nu: Ska det utredas\? · Senast .* · Görs av Testina$/).waitFor();
  await entry(citizen, `${QUESTION} Tack.`).waitFor();
  await entry(citizen, NEXT).getByRole("button", { name: /^Mer om nr/ }).click();
  await entry(citizen, NEXT).getByRole("button", { name: "Jag håller inte med" }).click();
  await citizen.getByLabel("Vad stämmer inte?").fill("Ni har redan ringt.");
  await citizen.getByRole("button", { name: "Spara det jag har skrivit" }).click();
  await isRecorded(citizen, "Ni har redan ringt.");
  await look(citizen, "case-room-phone");
});

test("in Arabic the page goes the other way, and nothing is lost", async () => {
  await languageChoose(citizen, "العربية");
  await citizen.getByRole("link", { name: /قضيتك/ }).click();
  await citizen.locator("[aria-current=step]").waitFor();
  await look(citizen, "case-ar-phone");
  await languageChoose(citizen, "Svenska");
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
