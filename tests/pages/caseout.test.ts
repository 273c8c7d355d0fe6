// A conversation that was added to a case by mistake is taken out of it again; and two staff rooms that were opened for one conversation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser, loginDone, look } from "./browser.ts";
import { conversationNew, entry, Stage, take, write } from "./stage.ts";

let stage: Stage;
let secondDesk: Browser;
let citizen: Page;
let worker: Page;
let colleague: Page;

before(async () => {
  stage = await Stage.set();
  secondDesk = await Browser.open({ phone: false });
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  colleague = await secondDesk.tab(stage.installation.pagesUrl("bjuv", "staff"));
  await loginDone(colleague, "bjuv.handlaggare2");
  await conversationNew(citizen, "Skolan", "Hej om skolan.");
  await take(worker, "Skolan");
  await citizen.locator("a.back").click();
  await conversationNew(citizen, "Boendet", "Hej om boendet.");
  await take(worker, "Boendet");
});

after(async () => {
  await secondDesk?.close();
  await stage?.strike();
});

const strip = (page: Page) => page.getByRole("navigation", { name: "Ärendets rum" });
const FIRST = /^Bara personal(?! 2)/;
const SECOND = /^Bara personal 2/;

test("two colleagues who open a staff room each for one conversation see both, and what is written in either", async () => {
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.getByText("Ta med en kollega").first().click();
  await worker.locator("#add-who").selectOption({ index: 1 });
  await worker.getByRole("button", { name: "Ta med", exact: true }).first().click();
  await colleague.getByRole("link", { name: /^Boendet/ }).click();
  await entry(colleague, "Hej om boendet.").waitFor();
  await worker.getByRole("link", { name: "Till samtalet" }).click();
  // Both have the page before them on which nobody has opened one yet.
  for (const page of [worker, colleague]) {
    await page.getByRole("link", { name: "Ärendet" }).click();
    await page.getByRole("button", { name: "Öppna ett rum för personalen" }).waitFor();
  }
  // Whoever is later has not heard of the other one's.
  const buttons = await Promise.all([worker, colleague].map((page) => page.getByRole("button", { name: "Öppna ett rum för personalen" }).elementHandle()));
  await Promise.all(buttons.map((button) => button?.evaluate((pressed) => (pressed as HTMLButtonElement).click())));
  for (const [page, text] of [[worker, "Från den ena."], [colleague, "Från den andra."]] as const) {
    await page.getByText(/^Här läser bara de anställda/).waitFor();
    await strip(page).getByRole("link", { name: SECOND }).waitFor();
    await page.getByText(/^Två kollegor har öppnat var sitt rum/).waitFor();
    await write(page, text);
  }
  await look(worker, "case-rooms-two-desk");
  for (const page of [worker, colleague]) {
    const seen: (string | null)[] = [];
    for (const name of [FIRST, SECOND]) {
      await strip(page).getByRole("link", { name }).click();
      await strip(page).getByRole("link", { name }).and(page.locator("[aria-current]")).waitFor();
      const text = page.locator(".entry .text").filter({ hasText: /^Från den (ena|andra)\.$/ });
      await text.waitFor();
      seen.push(await text.textContent());
    }
    assert.equal(new Set(seen).size, 2, "one note in each");
  }
});

test("a conversation that was added by mistake is taken out, with a reason; the last one is not", async () => {
  await strip(worker).getByRole("link", { name: /: Boendet/ }).click();
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await worker.getByText(/^Ärendets sista samtal kan inte tas ur/).waitFor();
  await worker.getByLabel("Lägg till ett samtal i ärendet").selectOption({ label: "Testa Förälder: Skolan" });
  await worker.getByRole("button", { name: "Lägg till", exact: true }).click();
  await strip(worker).getByRole("link", { name: /: Skolan/ }).waitFor();
  await worker.getByText("Ta ett samtal ur ärendet").first().click();
  await worker.getByRole("button", { name: "Ta ur ärendet" }).click();
  await worker.getByRole("alert").getByText(/^Välj ett samtal, och skriv varför/).waitFor();
  await worker.locator("#case-room-out").selectOption({ label: "Testa Förälder: Skolan (Bara personal)" });
  await worker.getByLabel("Varför?").fill("Hör till ett annat ärende.");
  await worker.getByRole("button", { name: "Ta ur ärendet" }).scrollIntoViewIfNeeded();
  await look(worker, "case-rooms-out-desk");
  await worker.getByRole("button", { name: "Ta ur ärendet" }).click();
  await strip(worker).getByRole("link", { name: /: Skolan/ }).waitFor({ state: "detached" });
  await worker.getByText(/^Ärendets sista samtal kan inte tas ur/).waitFor();
  await look(worker, "case-rooms-last-desk");
  await strip(worker).getByRole("link", { name: FIRST }).click();
  await worker.getByText("Inte längre i ärendet: Skolan. Skäl: Hör till ett annat ärende.").waitFor();
});

test("the citizen hears of none of it, and no page has complained", async () => {
  assert.doesNotMatch(await citizen.locator("body").innerText(), /Bara personal|Ärendets rum|Från den/);
  stage.assertClean();
});
