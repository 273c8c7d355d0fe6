// The rooms of a case as tabs: two guardians' conversations, and the employees' own room, which neither of them hears of.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, loginDone, look } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let secondPhone: Browser;
let narrowDesk: Browser;
let mother: Page;
let father: Page;
let worker: Page;
const NOTE = "Ring skolan först.";

before(async () => {
  stage = await Stage.set();
  secondPhone = await Browser.open({ phone: true });
  narrowDesk = await Browser.open({ phone: true });
  mother = await stage.citizenIn("test.foralder");
  father = await secondPhone.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await loginDone(father, "test.testsson");
  worker = await stage.staffIn("bjuv.handlaggare");
  await conversationNew(mother, "Skolan", "Hej från mamma.");
  await take(worker, "Skolan");
  await conversationNew(father, "Boendet", "Hej från pappa.");
  await take(worker, "Boendet");
  await entry(worker, "Hej från pappa.").waitFor();
});

after(async () => {
  await secondPhone?.close();
  await narrowDesk?.close();
  await stage?.strike();
});

const strip = (page: Page) => page.getByRole("navigation", { name: "Ärendets rum" });

test("a case has no rooms beside its conversation before somebody opens one", async () => {
  assert.equal(await strip(worker).count(), 0);
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await worker.getByRole("heading", { name: "Ärendets rum" }).waitFor();
  await worker.getByRole("button", { name: "Öppna ett rum för personalen" }).scrollIntoViewIfNeeded();
  await look(worker, "case-rooms-none-desk");
  await worker.getByRole("button", { name: "Öppna ett rum för personalen" }).click();
  await worker.getByText(/^Här läser bara de anställda/).waitFor();
});

test("in the employees' own room notes are written, and nobody is let in", async () => {
  await strip(worker).getByRole("link", { name: "Bara personal" }).and(worker.locator("[aria-current]")).waitFor();
  await strip(worker).getByRole("link", { name: "Test Testsson: Boendet" }).waitFor();
  await write(worker, NOTE);
  await isRecorded(worker, NOTE);
  await worker.getByRole("button", { name: "Skriv i journalen" }).click();
  await worker.getByLabel("Vad vill du skriva?").waitFor();
  assert.deepEqual(await worker.getByLabel("Vad vill du skriva?").locator("option").allInnerTexts(), ["Kontakt utanför Enrum", "Journalanteckning", "Beslut med skäl"]);
  await worker.getByRole("button", { name: "Avbryt" }).click();
  await look(worker, "case-rooms-staff-desk");
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.getByText("Med i samtalet").waitFor();
  await look(worker, "case-rooms-people-desk");
  assert.equal(await worker.getByText("Ta med någon utanför kommunen").count(), 0);
  assert.equal(await worker.getByText("Lämna över samtalet").count(), 0);
  await worker.getByRole("link", { name: "Till samtalet" }).click();
});

test("the other guardian's conversation is added, and each is a tab", async () => {
  await strip(worker).getByRole("link", { name: "Test Testsson: Boendet" }).click();
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await worker.getByRole("button", { name: "Lägg till", exact: true }).click();
  await worker.getByRole("alert").getByText("Välj ett samtal").waitFor();
  await worker.getByLabel("Lägg till ett samtal i ärendet").selectOption({ label: "Testa Förälder: Skolan" });
  await look(worker, "case-rooms-add-desk");
  await worker.getByRole("button", { name: "Lägg till", exact: true }).click();
  await strip(worker).getByRole("link", { name: "Testa Förälder: Skolan" }).click();
  await entry(worker, "Hej från mamma.").waitFor();
  await look(worker, "case-rooms-tabs-desk");
});

test("what is chosen stays chosen when the conversations are sorted anew", async () => {
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await worker.locator("details", { has: worker.locator("#case-room-out") }).locator("summary").click();
  const select = worker.locator("#case-room-out");
  await select.selectOption({ label: "Testa Förälder: Skolan" });
  for (const [page, first] of [[father, "Test Testsson: Boendet"], [mother, "Testa Förälder: Skolan"]] as const) {
    await write(page, "Hej igen.");
    await select.locator("option").nth(1).getByText(first).waitFor({ state: "attached" });
    assert.equal(await select.locator("option:checked").innerText(), "Testa Förälder: Skolan");
  }
  await worker.getByRole("link", { name: "Till samtalet" }).click();
});

test("neither guardian hears of the other, or of the employees' room", async () => {
  for (const page of [mother, father]) {
    await page.getByRole("link", { name: "Personer" }).click();
    await page.locator(".people-part .card").nth(1).waitFor();
    assert.equal(await page.locator(".people-part .card").count(), 2);
    const seen = await page.locator("body").innerText();
    assert.doesNotMatch(seen, /Bara personal|Ärendets rum|Ring skolan/);
    await page.getByRole("link", { name: "Till samtalet" }).click();
    assert.equal(await page.getByText(NOTE).count(), 0);
  }
  assert.doesNotMatch(await mother.locator("body").innerText(), /Testsson|Boendet/);
  assert.doesNotMatch(await father.locator("body").innerText(), /Förälder|Skolan/);
});

test("a colleague who takes one of them over has the case's rooms on a small screen, and what was noted", async () => {
  await strip(worker).getByRole("link", { name: "Test Testsson: Boendet" }).click();
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.getByText("Lämna över samtalet").first().click();
  await worker.locator("#hand-who").selectOption({ index: 1 });
  await worker.locator("#hand-why").fill("Jag är ledig nästa vecka.");
  await worker.getByRole("button", { name: "Lämna över", exact: true }).click();
  await worker.getByRole("dialog").getByRole("button", { name: "Lämna över" }).click();
  const colleague = await narrowDesk.tab(stage.installation.pagesUrl("bjuv", "staff"));
  await loginDone(colleague, "bjuv.handlaggare2");
  await colleague.getByRole("link", { name: /Bara personal/ }).waitFor();
  await look(colleague, "case-rooms-list-phone");
  await colleague.getByRole("link", { name: /^Boendet/ }).filter({ hasNotText: "Bara personal" }).click();
  await strip(colleague).getByRole("link", { name: "Bara personal" }).click();
  await entry(colleague, NOTE).waitFor();
  await look(colleague, "case-rooms-staff-phone");
  assert.equal(await strip(colleague).getByRole("link").count(), 2, "the conversation that is not the colleague's is not shown");
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
