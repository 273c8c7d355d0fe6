// The network breaks at each step of what a caseworker writes into the journal by a form, of a letter that lets somebody in, and of one
// that hands a conversation over: nothing is lost, everything stands once, and the page says what is true.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { messageLetterBack, messageLetterSend } from "../../client-sdk/web/protocol/messages.ts";
import { Browser, loginDone } from "./browser.ts";
import { cutWhile, SAID, standsOnce, type Step } from "./cutting.ts";
import { conversationNew, day, entry, isRecorded, journalBegin, journalSave, Stage, take } from "./stage.ts";
import { Wire } from "./wire.ts";

let stage: Stage;
let wire: Wire;
let third: Browser;
let citizen: Page;
/** Through the network that breaks. */
let worker: Page;
const TITLES = ["Barnet", "Boendet", "Ekonomin"];
const LETTER: readonly Step[] = [["brevet", messageLetterSend.number, true], ["svaret", messageLetterBack.number, false]];

before(async () => {
  stage = await Stage.set();
  wire = await Wire.lay(stage.installation, "bjuv");
  third = await Browser.open({ phone: true });
  citizen = await stage.citizenIn("test.testsson");
  worker = await stage.desk.tab(`${wire.address}personal/`);
  await loginDone(worker, "bjuv.handlaggare");
  for (const title of TITLES.toReversed()) {
    await conversationNew(citizen, title, `Om ${title}.`);
    await take(worker, title);
    await isRecorded(worker, `Om ${title}.`);
    if (title !== TITLES[0]) await citizen.locator("a.back").click();
  }
});

after(async () => {
  await third?.close();
  await wire?.strike();
  await stage?.strike();
});

async function formCut(kind: string, field: string, fill: () => Promise<unknown>): Promise<void> {
  for (const step of SAID) {
    const text = `${kind}: ${step[0]}`;
    await cutWhile(wire, step, worker, async () => {
      await journalBegin(worker, kind);
      await fill();
      await worker.getByLabel(field).fill(text);
      await journalSave(worker);
    });
    await standsOnce(text, worker, citizen);
  }
}

test("a telephone call that is registered stands once, whatever breaks", () =>
  formCut("Kontakt utanför Enrum", "Vad sades?", () => worker.getByLabel("Vilka var med").fill("Rektorn")));

test("a step of the case stands once, whatever breaks", () =>
  formCut("Var ärendet är", "Vad händer härnäst?", () => worker.getByLabel("Vad det är").selectOption({ label: "Oro för ett barn" })));

test("a task stands once, whatever breaks", () =>
  formCut("Något att göra", "Vad ska göras?", () => worker.getByLabel("Senast").fill(day(2))));

test("a meeting stands once, whatever breaks", () =>
  formCut("Möte", "Vad gäller mötet?", async () => {
    await worker.getByLabel("Börjar").fill(`${day(3)}T10:00`);
    await worker.getByLabel("Slutar").fill(`${day(3)}T11:00`);
  }));

test("somebody is let in once, whatever breaks, and the code that is shown is good", async () => {
  await worker.getByRole("link", { name: "Personer" }).click();
  for (const step of LETTER) {
    const [named, type] = step;
    const name = `Test ${named}`;
    await cutWhile(wire, step, worker, async () => {
      await worker.getByText("Ta med någon utanför kommunen").click();
      await worker.getByLabel("Namn", { exact: true }).fill(name);
      await worker.getByRole("radio", { name: "Med en utskriven kod" }).check();
      await worker.getByRole("button", { name: "Ta med", exact: true }).last().click();
    });
    const cards = worker.locator(".people-part .card", { has: worker.getByText(name, { exact: true }) });
    if (type === messageLetterBack.number) {
      // The code was in the answer, which the keeper gives once: the page says what to do.
      await worker.getByRole("alert").getByText(`Svaret kom inte fram. Står ${name} bland dem som är med`, { exact: false }).waitFor();
      await cards.getByRole("button", { name: "Ny kod" }).click();
    }
    const sheet = worker.getByRole("dialog", { name: "Koden" });
    const code = await sheet.locator("code").innerText();
    await sheet.getByRole("button", { name: "Klart" }).click();
    await cards.first().waitFor();
    assert.equal(await cards.count(), 1, `${name} is in it once`);
    const page = await third.tab(stage.installation.pagesUrl("bjuv", "citizen"));
    await page.getByText("Jag har en kod").click();
    await page.getByLabel("Din kod").fill(code);
    await page.getByRole("button", { name: "Logga in med koden" }).click();
    await page.getByRole("link", { name: new RegExp(TITLES[0] as string) }).waitFor();
    await third.forget(page);
    await page.close();
  }
});

test("a conversation is handed over once, whatever breaks, and the page says that it is", async () => {
  for (const [at, step] of LETTER.entries()) {
    const title = TITLES[at + 1] as string;
    const why = `Ledig: ${step[0]}.`;
    await worker.getByRole("link", { name: new RegExp(`^${title}`) }).first().click();
    await entry(worker, `Om ${title}.`).waitFor();
    await worker.getByRole("link", { name: "Personer" }).click();
    await worker.getByText("Lämna över samtalet").first().click();
    await worker.locator("#hand-who").selectOption({ index: 1 });
    await worker.locator("#hand-why").fill(why);
    await worker.getByRole("button", { name: "Lämna över", exact: true }).click();
    await cutWhile(wire, step, worker, () => worker.getByRole("dialog").getByRole("button", { name: "Lämna över" }).click());
    // Back on the list, where it is no more.
    await worker.getByText("Välj ett samtal i listan.").waitFor();
    await worker.getByRole("link", { name: new RegExp(`^${title}`) }).first().waitFor({ state: "detached" });
    assert.equal(await worker.getByRole("alert").count(), 0);
    await citizen.locator("a.back").click();
    await citizen.getByRole("link", { name: new RegExp(`^${title}`) }).click();
    const told = citizen.getByText(`Skäl: ${why}`).filter({ hasText: "Samtalet är överlämnat" });
    await told.first().waitFor();
    assert.equal(await told.count(), 1, `${title} is handed over once`);
  }
});
