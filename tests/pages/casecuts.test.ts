// On "Ditt ärende" without a network: what is pressed there waits and says so, cannot be pressed again, and stands once when the network
// is back, wherever that broke: as it is sent, at its receipt, at its entry, also with the page loaded anew in between.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { messageAck, messageAppend, messageEntries } from "../../client-sdk/web/protocol/messages.ts";
import { languageChoose, loginDone, look } from "./browser.ts";
import { conversationNew, day, entry, isRecorded, journalBegin, journalSave, Stage, take } from "./stage.ts";
import { Wire } from "./wire.ts";

/** What breaks: its name, the message, whether the page sends it, and behind which it counts. Its own entry comes behind its receipt. */
type Step = [string, number, boolean, number?];

const STEPS: Step[] = [["posten", messageAppend.number, true], ["kvittot", messageAck.number, false], ["journalföringen", messageEntries.number, false, messageAck.number]];
/** Whether the network stays away until the page has been loaded anew. */
const STAYS = [false, true];
const TITLE = "Hyran";
const BEHIND_MS = 10 * 60_000;
const ASKED = "Är det något du inte får se?";

let stage: Stage;
let wire: Wire;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  wire = await Wire.lay(stage.installation, "bjuv");
  citizen = await stage.phone.tab(wire.address);
  await loginDone(citizen, "test.testsson");
  await conversationNew(citizen, TITLE, "Jag kan inte betala hyran.");
  worker = await stage.staffIn("bjuv.handlaggare");
  await take(worker, TITLE);
  await isRecorded(worker, "Jag kan inte betala hyran.");
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await citizen.getByRole("link", { name: "Ditt ärende" }).click();
});

after(async () => {
  await wire?.strike();
  await stage?.strike();
});

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const card = (page: Page, text: string) => page.locator("li.card", { hasText: text });

async function task(text: string, who = "Den det gäller"): Promise<void> {
  await journalBegin(worker, "Något att göra");
  await worker.getByLabel("För vem").selectOption({ label: who });
  await worker.getByLabel("Vad ska göras?").fill(text);
  await journalSave(worker);
}

async function meeting(text: string, days: number): Promise<void> {
  await journalBegin(worker, "Möte");
  await worker.getByLabel("Börjar").fill(`${day(days)}T10:00`);
  await worker.getByLabel("Slutar").fill(`${day(days)}T11:00`);
  await worker.getByLabel("Vad gäller mötet?").fill(text);
  await journalSave(worker);
}

/** How many entries of this kind the conversation has: as the caseworker's journal counts them. */
async function lines(line: string, count: number): Promise<void> {
  await worker.getByRole("link", { name: "Journal", exact: true }).click();
  await worker.getByRole("heading", { name: `Journal: ${TITLE}` }).waitFor();
  await worker.getByLabel("Sök i samtalet").fill(line);
  const found = worker.locator("li.record", { has: worker.locator(".kind", { hasText: line }) });
  await found.nth(count - 1).waitFor();
  assert.equal(await found.count(), count, line);
  await worker.goBack();
  await worker.getByRole("heading", { name: "Ärendet", exact: true }).waitFor();
}

/** The network is back, and nobody waits for the page to find that out. */
async function mended(page: Page): Promise<void> {
  wire.mend();
  await page.getByRole("button", { name: "Försök nu" }).click({ timeout: 1_000 }).catch(() => undefined);
}

/** Breaks at this step of what is done, looks at what is shown meanwhile, and comes back. */
async function cutWhile([, type, isOut, behind]: Step, stays: boolean, act: () => Promise<void>, waits: () => Promise<void>): Promise<void> {
  const isCut = wire.cutAt(type, isOut, 1, stays, behind);
  isCut.catch(() => undefined);
  await act();
  await isCut;
  if (stays) {
    await waits();
    await citizen.reload();
    await waits();
  }
  await mended(citizen);
}

test("a task is done once, whatever breaks, and is not to be done again while that waits", async () => {
  let count = 0;
  for (const step of STEPS) for (const stays of STAYS) {
    const text = `Skicka hyresavin: ${step[0]} ${stays}`;
    await task(text);
    const mine = card(citizen, text);
    const button = mine.getByRole("button", { name: /^Det är gjort/ });
    await cutWhile(step, stays, () => button.click(), async () => {
      await mine.locator(".waiting").getByText(/^Det är gjort · (Väntar på nät|Framme)$/).waitFor();
      assert.equal(await button.count(), 0, "it cannot be pressed again");
    });
    for (const page of [citizen, worker]) await section(page, "Att göra").locator("details li.card", { hasText: text }).getByText("Klart", { exact: true }).waitFor({ state: "attached" });
    await lines("Klart", ++count);
  }
});

test("a meeting is called off once, with its words", async () => {
  let count = 0;
  for (const step of STEPS) {
    const [text, why] = [`Budget: ${step[0]}`, `Jag är sjuk: ${step[0]}.`];
    await meeting(text, 3 + count);
    const mine = card(citizen, text);
    const act = async () => {
      await mine.getByRole("button", { name: /^Ställ in/ }).click();
      await mine.getByLabel("Vill du säga varför?").fill(why);
      await mine.getByRole("button", { name: "Ställ in", exact: true }).click();
    };
    await cutWhile(step, true, act, async () => {
      await mine.locator(".waiting").getByText(why).waitFor();
      assert.equal(await mine.getByRole("button", { name: /^Ställ in/ }).count(), 0);
    });
    for (const page of [citizen, worker]) await card(page, text).getByText("Inställt").waitFor();
    await lines("Inställt", ++count);
  }
});

test("a question is asked once, and is not said to be sent before it is", async () => {
  const asking = section(citizen, ASKED);
  const sent = asking.getByText("Frågan är skickad.");
  for (const step of STEPS) {
    const text = `Vad får jag inte se? ${step[0]}`;
    await citizen.reload();
    await asking.getByRole("textbox").fill(text);
    await cutWhile(step, true, () => asking.getByRole("button", { name: "Skicka frågan" }).click(), async () => {
      await asking.locator(".waiting").getByText(text).waitFor();
      assert.equal(await asking.getByRole("button").count(), 0);
      assert.equal(await sent.count(), 0);
    });
    await asking.locator(".waiting").waitFor({ state: "detached" });
    await worker.getByRole("link", { name: "Till samtalet" }).click();
    await isRecorded(worker, text);
    assert.equal(await entry(worker, text).count(), 1);
    await worker.getByRole("link", { name: "Ärendet" }).click();
  }
});

test("without a network all of it waits in plain words, and after half a minute says where to call", async () => {
  await task("Ring hyresvärden.");
  await meeting("Uppföljning", 20);
  await card(citizen, "Ring hyresvärden.").waitFor();
  await card(citizen, "Uppföljning").waitFor();
  const { clock } = citizen;
  await clock.install();
  await citizen.reload();
  await card(citizen, "Uppföljning").waitFor();
  // Behind, so that half a minute has not passed before that is said, however long all of this takes.
  await clock.setSystemTime(Date.now() - BEHIND_MS);
  wire.down();
  await citizen.getByText(/^Ingen kontakt just nu/).waitFor();
  await card(citizen, "Ring hyresvärden.").getByRole("button", { name: /^Det är gjort/ }).click();
  await card(citizen, "Uppföljning").getByRole("button", { name: /^Ställ in/ }).click();
  await citizen.getByLabel("Vill du säga varför?").fill("Barnen är sjuka.");
  await look(citizen, "case-mark-phone");
  await card(citizen, "Uppföljning").getByRole("button", { name: "Ställ in", exact: true }).click();
  await section(citizen, ASKED).getByRole("button", { name: "Skicka frågan" }).click();
  const waits = citizen.locator(".waiting");
  await waits.nth(2).getByText(/Väntar på nät$/).waitFor();
  assert.equal(await waits.count(), 3);
  assert.equal(await citizen.getByText("Frågan är skickad.").count(), 0);
  await look(citizen, "case-waits-phone");
  assert.equal(await citizen.locator(".unsent").count(), 0);
  await clock.setSystemTime(Date.now());
  await clock.fastForward("00:31");
  await citizen.locator(".unsent").nth(2).getByText(/^Inte mottaget än\./).waitFor();
  assert.match(await citizen.locator(".unsent").first().getByRole("link").getAttribute("href") ?? "", /^tel:042/);
  await waits.first().scrollIntoViewIfNeeded();
  await look(citizen, "case-late-phone");
  await languageChoose(citizen, "العربية");
  await citizen.locator(".waiting").first().scrollIntoViewIfNeeded();
  await look(citizen, "case-late-ar-phone");
  await languageChoose(citizen, "Svenska");
});

test("an objection that waits stands as what it is, and is not written twice", async () => {
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  const task = entry(citizen, "Ring hyresvärden.");
  await task.getByRole("button", { name: /^Mer om nr/ }).click();
  await task.getByRole("button", { name: "Jag håller inte med" }).click();
  await citizen.getByLabel("Vad stämmer inte?").fill("Det har jag redan gjort.");
  await citizen.getByRole("button", { name: "Spara det jag har skrivit" }).click();
  await citizen.locator(".draft", { hasText: "Det har jag redan gjort." }).getByText(/^Håller inte med om nr \d+$/).waitFor();
  await task.locator(".said-here:focus .waiting").getByText(/^Håller inte med om nr \d+ · Väntar på nät$/).waitFor();
  assert.equal(await task.getByRole("button", { name: "Jag håller inte med" }).count(), 0);
  await look(citizen, "objection-waits-phone");
  await citizen.clock.setSystemTime(new Date());
  await mended(citizen);
  // Beside the entry that it is about it stands only as long as it waits.
  await task.locator(".waiting").waitFor({ state: "detached" });
  await task.locator(".said-here [role=status]").getByText(/^Håller inte med om nr \d+ · Framme$/).waitFor();
  await citizen.getByRole("button", { name: /^Nya meddelanden/ }).click();
  await isRecorded(citizen, "Det har jag redan gjort.");
  assert.equal(await entry(citizen, "Det har jag redan gjort.").count(), 1);
  for (const text of ["Ring hyresvärden.", "Uppföljning"]) {
    await section(worker, text === "Uppföljning" ? "Möten" : "Att göra").locator("li.card", { hasText: text }).getByText(text === "Uppföljning" ? "Inställt" : "Klart", { exact: true }).waitFor({ state: "attached" });
  }
});

test("a caseworker's form says that it waits when it waits, and that it is recorded when it is", async () => {
  await worker.close();
  const wired = await stage.desk.tab(`${wire.address}personal/`);
  await loginDone(wired, "bjuv.handlaggare");
  await wired.getByRole("link", { name: new RegExp(TITLE) }).first().click();
  await wired.getByRole("link", { name: "Ärendet" }).click();
  await wired.getByRole("button", { name: "Skriv i journalen" }).waitFor();
  wire.down();
  await wired.getByText(/^Ingen kontakt just nu/).waitFor();
  await journalBegin(wired, "Något att göra");
  await wired.getByLabel("Vad ska göras?").fill("Fyll i blanketten.");
  await wired.getByText(/^Läses av: Test Testsson \(medborgare\)$/).waitFor();
  await look(wired, "casework-form-desk");
  await wired.getByRole("button", { name: "Spara i journalen" }).click();
  await wired.getByText("Sparat här. Det skickas så snart det går.").waitFor();
  assert.equal(await wired.getByText("Sparat. Det journalförs nu.").count(), 0);
  await wired.locator(".waiting").getByText(/^Att göra · För den det gäller · Väntar på nät$/).waitFor();
  await look(wired, "casework-waits-desk");
  await mended(wired);
  await wired.getByText("Sparat. Det journalförs nu.").waitFor();
  await card(citizen, "Fyll i blanketten.").or(entry(citizen, "Fyll i blanketten.")).first().waitFor();
  await wired.locator(".waiting").waitFor({ state: "detached" });
});
