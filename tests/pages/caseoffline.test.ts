// "Ditt ärende" without any network: neither the pages' server nor the host answers. What was pressed there waits, and says so also when the
// page is loaded anew at once; it cannot be pressed again, and goes once when there is a network.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "../../demo/device.ts";
import { look } from "./browser.ts";
import { conversationNew, isRecorded, journalBegin, journalSave, Stage, take } from "./stage.ts";

const TITLE = "Hyran";
/** How long after the press the page is loaded anew, ms. */
const AFTER_MS = [0, 50, 400];
const taskOf = (ms: number) => `Skicka avin nummer ${ms}.`;
let stage: Stage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.testsson", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Jag kan inte betala hyran.");
  await take(worker, TITLE);
  await isRecorded(worker, "Jag kan inte betala hyran.");
  await worker.getByRole("link", { name: "Ärendet" }).click();
  for (const ms of AFTER_MS) {
    await journalBegin(worker, "Något att göra");
    await worker.getByLabel("För vem").selectOption({ label: "Den det gäller" });
    await worker.getByLabel("Vad ska göras?").fill(taskOf(ms));
    await journalSave(worker);
  }
  await citizen.getByRole("link", { name: "Ditt ärende" }).click();
  for (const ms of AFTER_MS) await card(taskOf(ms)).waitFor();
  await eventually("all of it is kept", () => citizen.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    const files = requests.flat().map(({ url }) => new URL(url).pathname);
    const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name)).filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname);
    return ["/", ...loaded].every((file) => files.includes(file)) && files.some((file) => file.startsWith("/worker-"));
  }));
});

after(() => stage?.strike());

const card = (text: string) => citizen.locator("li.card", { hasText: text });
const button = (text: string) => card(text).getByRole("button", { name: /^Det är gjort/ });

/** All buttons that a card has had since the page was loaded. */
function buttonsSeen(): Promise<string[]> {
  return citizen.evaluate(() => (globalThis as unknown as { buttons: string[] }).buttons);
}

test("what was pressed just before the page is loaded anew waits, says so, and is at no moment to be pressed again", async () => {
  await citizen.addInitScript(() => {
    const buttons: string[] = [];
    Object.assign(globalThis, { buttons });
    new MutationObserver(() => buttons.push(...[...document.querySelectorAll("li.card button")].map(({ textContent }) => textContent ?? ""))).observe(document, { subtree: true, childList: true });
  });
  await stage.installation.stopHost();
  await stage.installation.stopPages();
  await citizen.getByText(/^Ingen kontakt just nu/).waitFor();
  for (const [index, ms] of AFTER_MS.entries()) {
    await button(taskOf(ms)).click();
    await citizen.waitForTimeout(ms);
    await citizen.reload();
    for (const before of AFTER_MS.slice(0, index + 1)) {
      await card(taskOf(before)).locator(".waiting").getByText(/^Det är gjort · Väntar på nät$/).waitFor();
      assert.equal(await button(taskOf(before)).count(), 0);
    }
    for (const before of AFTER_MS.slice(index + 1)) await button(taskOf(before)).waitFor();
    const seen = await buttonsSeen();
    assert.deepEqual(seen.filter((text) => AFTER_MS.slice(0, index + 1).some((before) => text.includes(taskOf(before)))), []);
  }
  await look(citizen, "case-offline-waits-phone");
});

test("with a network each goes once, and the last one is told of as it stands in the journal", async () => {
  await stage.installation.startHost();
  await stage.installation.startPages();
  for (const page of [citizen, worker]) {
    for (const ms of AFTER_MS) await page.locator("details li.card", { hasText: taskOf(ms) }).getByText("Klart", { exact: true }).waitFor({ state: "attached" });
  }
  await citizen.locator(".unseen[role=status]", { hasText: `Klart: ${taskOf(AFTER_MS.at(-1) ?? 0)}` }).waitFor({ state: "attached" });
  await citizen.locator(".waiting").first().waitFor({ state: "detached" });
  await worker.getByRole("link", { name: "Journal", exact: true }).click();
  await worker.getByLabel("Sök i samtalet").fill("Klart");
  const found = worker.locator("li.record", { has: worker.locator(".kind", { hasText: "Klart" }) });
  await found.nth(AFTER_MS.length - 1).waitFor();
  assert.equal(await found.count(), AFTER_MS.length);
});

test("where it is saved twice without a network that it is about a child, its protection is to be judged once", async () => {
  await worker.getByRole("link", { name: "Till samtalet" }).click();
  await worker.getByRole("link", { name: "Ärendet" }).click();
  await stage.installation.stopHost();
  await worker.getByText(/^Ingen kontakt just nu/).waitFor();
  const steps = ["Vi ringer dig i dag.", "Vi ringer dig i morgon."];
  for (const text of steps) {
    await journalBegin(worker, "Var ärendet är");
    await worker.getByLabel("Vad det är").selectOption({ label: "Oro för ett barn" });
    await worker.getByLabel("Vad händer härnäst?").fill(text);
    await journalSave(worker);
    await worker.locator(".waiting", { hasText: text }).waitFor();
  }
  await stage.installation.startHost();
  await worker.getByRole("region", { name: "Vad händer härnäst" }).getByText(steps[1]!).waitFor();
  await worker.locator(".waiting").first().waitFor({ state: "detached" });
  assert.equal(await worker.locator("li.card", { hasText: "Bedöm omedelbart om barnet behöver skydd." }).count(), 1);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
