// Every page and state is looked at: on a phone of 360 pixels and on a wide screen, in Swedish and English, light and dark.
// Screenshots go to build/screens for people to judge; axe-core and the width judge here.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { login } from "../../demo/browse.ts";
import { allowedOrigins, axe, Browser, languageChoose, loginDone, overflow, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;

const WIDTHS = { phone: { width: 360, height: 740 }, wide: { width: 1280, height: 800 } };
const LONG = "Jag heter Testina och arbetar som socialsekreterare i Bjuv. Kan du komma hit på torsdag klockan tre? Du kan läsa allt vi skriver här i din journal.\n\nhttps://exempel.invalid/en-mycket-lång-adress-som-inte-får-göra-sidan-bredare-än-fönstret";

before(async () => {
  stage = await Stage.set();
  citizen = await stage.citizen();
  worker = await stage.staff();
});

after(() => stage?.strike());

/** Both widths, light; the last one dark too. */
async function look(page: Page, name: string): Promise<void> {
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    await screenshot(page, `${name}-${width}`);
    assert.deepEqual(await axe(page), [], `${name}, ${width}`);
    assert.ok(await overflow(page) <= 0, `${name} is wider than the ${width} window`);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, `${name}-dark`);
  assert.deepEqual((await axe(page)).filter((line) => line.startsWith("color-contrast")), [], `${name}, dark`);
  await page.emulateMedia({ colorScheme: "light" });
}

test("what this is, and the way in", async () => {
  await citizen.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await look(citizen, "login");
  await languageChoose(citizen, "English");
  await look(citizen, "login-english");
  await languageChoose(citizen, "Svenska");
  await worker.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await look(worker, "login-staff");
});

test("a login that is broken off, and one that is refused", async () => {
  await citizen.getByRole("button", { name: /^Logga in med/ }).click();
  await citizen.getByRole("button", { name: "Avbryt" }).click();
  await citizen.getByText("Inloggningen avbröts").waitFor();
  await look(citizen, "login-aborted");
  await login(citizen, "test.lagniva");
  await citizen.getByText(/för låg tillitsnivå/).waitFor();
  await look(citizen, "login-refused");
});

test("empty lists", async () => {
  await loginDone(citizen, "test.foralder");
  await citizen.getByText("Du har inga samtal än.").waitFor();
  await look(citizen, "list-empty");
  await loginDone(worker, "bjuv.handlaggare");
  await worker.getByText("Inga nya samtal väntar.").waitFor();
  await look(worker, "staff-empty");
});

test("starting a conversation", async () => {
  await citizen.getByRole("link", { name: "Starta ett samtal" }).click();
  await citizen.getByRole("button", { name: "Skicka" }).click();
  await citizen.getByText("Skriv något först.").waitFor();
  await look(citizen, "new");
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await conversationNew(citizen, "Skolan och min son", "Hej! Min son går inte till skolan längre och jag vet inte vad jag ska göra.\n\nKan jag få prata med någon?");
  await citizen.getByText("Journalförd", { exact: true }).waitFor();
  await look(citizen, "room-waiting");
});

test("the queue, and a conversation under way on both screens", async () => {
  await worker.getByRole("button", { name: /^Ta samtalet/ }).waitFor();
  await look(worker, "queue");
  await take(worker, "Skolan och min son");
  await write(worker, "Hej Testa! Vad bra att du hör av dig.");
  await write(worker, LONG);
  await entry(citizen, "Hej Testa! Vad bra att du hör av dig.").waitFor();
  await write(citizen, "Ja tack, torsdag klockan tre går bra.");
  await isRecorded(worker, "Ja tack, torsdag klockan tre går bra.");
  await citizen.getByText(/^Läst av/).waitFor();
  await look(citizen, "room");
  await look(worker, "room-staff");
  await languageChoose(citizen, "English");
  await look(citizen, "room-english");
  await languageChoose(citizen, "Svenska");
});

test("the journal", async () => {
  for (const [page, name] of [[citizen, "journal"], [worker, "journal-staff"]] as const) {
    await page.getByRole("link", { name: "Journal" }).click();
    await page.getByText(/^Journalförd till och med nr/).waitFor();
    await look(page, name);
  }
  await citizen.getByLabel("Visa bara meddelanden").check();
  assert.equal(await citizen.locator(".record").count(), 4);
});

test("devices, the menu and logging out", async () => {
  await citizen.getByText("Meny").click();
  await look(citizen, "menu");
  await citizen.getByRole("link", { name: "Mina enheter" }).click();
  await citizen.getByText("Den här enheten", { exact: true }).waitFor();
  await look(citizen, "devices");
  await citizen.getByText("Meny").click();
  await citizen.getByRole("button", { name: "Logga ut" }).first().click();
  await look(citizen, "logout");
  await citizen.getByRole("dialog").getByRole("button", { name: "Avbryt" }).click();
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await citizen.getByRole("link", { name: /Skolan och min son/ }).waitFor();
  await look(citizen, "list");
});

test("without a keeper, and without a server", async () => {
  await stage.installation.stopKeeper("bjuv");
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await worker.reload();
  await worker.getByText(/^Kommunens registrator svarar inte/).waitFor();
  await look(worker, "keeper-away");
  await stage.installation.stopHost();
  await citizen.getByText(/^Ingen kontakt just nu/).waitFor();
  await citizen.getByRole("link", { name: /Skolan och min son/ }).click();
  await write(citizen, "Skrivet utan nät");
  await citizen.getByText("Väntar på nät").waitFor();
  await look(citizen, "room-offline");
  await stage.installation.startHost();
  await stage.installation.startKeeper("bjuv");
  await isRecorded(citizen, "Skrivet utan nät");
  await worker.getByText(/^Kommunens registrator svarar inte/).waitFor({ state: "detached" });
});

test("everything can be done from the keyboard", async () => {
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.setViewportSize(WIDTHS.wide);
  await citizen.getByRole("link", { name: /Skolan och min son/ }).waitFor();
  await citizen.keyboard.press("Tab");
  assert.equal(await citizen.evaluate(() => document.activeElement?.textContent), "Lämna sidan");
  await citizen.keyboard.press("Tab");
  assert.equal(await citizen.evaluate(() => document.activeElement?.textContent), "Hoppa till innehållet");
  await citizen.keyboard.press("Enter");
  assert.equal(await citizen.evaluate(() => document.activeElement?.tagName), "H1");
  await citizen.keyboard.press("Tab");
  await citizen.keyboard.press("Tab");
  await citizen.keyboard.press("Enter");
  await citizen.getByLabel("Skriv ett meddelande").focus();
  await citizen.keyboard.type("Med tangentbordet");
  await citizen.keyboard.press("Tab");
  await citizen.keyboard.press("Enter");
  await isRecorded(citizen, "Med tangentbordet");
});

/** With the Tab key, to what is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const { activeElement } = document;
      const label = (activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent;
      return (activeElement?.ariaLabel ?? label ?? activeElement?.textContent ?? "").trim();
    });
    if (at === name) return;
  }
  assert.fail(`Tab does not lead to ${name}`);
}

test("a caseworker takes from the queue, answers and comes back, from the keyboard alone", async () => {
  const title = "Med bara tangenter";
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await conversationNew(citizen, title, "Hej?");
  await worker.setViewportSize(WIDTHS.wide);
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await worker.getByRole("button", { name: `Ta samtalet: ${title}` }).waitFor();
  await tabTo(worker, `Ta samtalet: ${title}`);
  await worker.keyboard.press("Enter");
  await worker.getByRole("heading", { name: title }).waitFor();
  await tabTo(worker, "Skriv ett meddelande");
  await worker.keyboard.type("Hej, jag är här");
  await tabTo(worker, "Skicka");
  await worker.keyboard.press("Enter");
  await isRecorded(citizen, "Hej, jag är här");
  await worker.goBack();
  await worker.getByRole("heading", { level: 1 }).waitFor();
  await worker.getByRole("link", { name: new RegExp(title) }).first().waitFor();
});

test("whoever wants no movement has none", async () => {
  const movement = () => entry(citizen, "Hej, jag är här").evaluate((found) => getComputedStyle(found).animationName);
  assert.equal(await movement(), "appear");
  await citizen.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await movement(), "none");
  const moving = () => citizen.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
    const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
    return animationName !== "none" || parseFloat(transitionDuration) > 0 || scrollBehavior === "smooth";
  }).map((one) => one.localName));
  assert.deepEqual(await moving(), []);
  await citizen.emulateMedia({ reducedMotion: "no-preference" });
});

test("a browser that cannot keep a secret is told so kindly, with the telephone number", async () => {
  const old = await Browser.open({ phone: true });
  await old.context.addInitScript("delete Navigator.prototype.locks");
  try {
    const page = await old.tab(stage.installation.pagesUrl("bjuv", "citizen"));
    await page.getByRole("heading", { name: "Den här webbläsaren räcker inte" }).waitFor();
    await page.getByText(/Web Locks/).waitFor();
    await page.getByText(/^Ring oss på/).waitFor();
    await look(page, "too-old");
    assert.deepEqual([...old.origins].filter((origin) => !allowedOrigins(stage.installation, "bjuv").includes(origin)), []);
  } finally {
    await old.close();
  }
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
