// A caseworker's open conversations as tabs: by keyboard, with what is being written left in each.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, overflow, screenshot } from "./browser.ts";
import { conversationNew, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLES = ["Boende", "Ekonomi", "Barnet"];

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.foralder", "bjuv.handlaggare");
  for (const title of TITLES) {
    await conversationNew(citizen, title, `Om ${title}.`);
    await isRecorded(citizen, `Om ${title}.`);
    await citizen.getByRole("link", { name: "Tillbaka" }).click();
  }
});

after(() => stage?.strike());

const tab = (title: string) => worker.getByRole("tab", { name: new RegExp(`^${title}`) });
const heading = (title: string) => worker.getByRole("heading", { name: title, exact: true }).waitFor();
const isSelected = async (title: string) => await tab(title).getAttribute("aria-selected") === "true";

test("each conversation that is opened is a tab; one alone has no strip", async () => {
  await take(worker, "Boende");
  assert.equal(await worker.getByRole("tab").count(), 0);
  await take(worker, "Ekonomi");
  // Whoever has gone on before it is theirs is left where they are.
  await worker.evaluate(() => {
    const { client } = document.querySelector("enrum-queue") as unknown as { client: { take(room: string): Promise<void> } };
    const { take } = client;
    client.take = async (room) => {
      client.take = take;
      await new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
      return take(room);
    };
  });
  await worker.getByRole("button", { name: "Ta samtalet: Barnet" }).click();
  await worker.getByRole("link", { name: /^Boende/ }).click();
  await heading("Boende");
  const mine = worker.getByRole("region", { name: "Mina samtal" }).getByRole("link", { name: /^Barnet/ });
  await mine.waitFor();
  await heading("Boende");
  await mine.click();
  await tab("Barnet").waitFor();
  assert.equal(await worker.getByRole("tab").count(), 3);
  assert.equal(await isSelected("Barnet"), true);
  await isRecorded(worker, "Om Barnet.");
  await screenshot(worker, "tabs-desk");
  assert.deepEqual(await axe(worker), []);
  assert.equal(await overflow(worker), 0);
});

test("arrows go from tab to tab and stay on them, around the ends; Home and End too", async () => {
  await tab("Barnet").focus();
  await worker.keyboard.press("ArrowRight");
  await heading("Boende");
  await worker.locator("[role=tab]:focus", { hasText: /^\s*Boende/ }).waitFor();
  await worker.keyboard.press("ArrowLeft");
  await heading("Barnet");
  await worker.keyboard.press("Home");
  await heading("Boende");
  await worker.keyboard.press("End");
  await heading("Barnet");
  assert.equal(await isSelected("Barnet"), true);
});

test("Alt and a digit go to a tab from within the text, which stays with its conversation", async () => {
  await worker.getByLabel("Skriv ett meddelande").fill("Till Barnet");
  await worker.keyboard.press("Alt+Digit2");
  await heading("Ekonomi");
  assert.equal(await worker.getByLabel("Skriv ett meddelande").inputValue(), "");
  await worker.keyboard.press("Alt+Digit3");
  await heading("Barnet");
  assert.equal(await worker.getByLabel("Skriv ett meddelande").inputValue(), "Till Barnet");
  await worker.getByLabel("Skriv ett meddelande").fill("");
});

test("a text that could not be kept is in the field of its own conversation again, whichever is shown by then", async () => {
  await worker.keyboard.press("Alt+Digit1");
  await heading("Boende");
  await worker.evaluate(() => {
    const { client } = document.querySelector("enrum-room") as unknown as { client: { send: unknown } };
    const { send } = client;
    client.send = () => new Promise((_resolve, reject) => Object.assign(globalThis, {
      refuse: () => {
        client.send = send;
        reject(new Error("full"));
      },
    }));
  });
  await write(worker, "Till Boende");
  await worker.keyboard.press("Alt+Digit2");
  await heading("Ekonomi");
  const text = worker.getByLabel("Skriv ett meddelande");
  const before = await text.inputValue();
  await worker.evaluate(() => (globalThis as unknown as { refuse(): void }).refuse());
  assert.equal(await text.inputValue(), before);
  await worker.keyboard.press("Alt+Digit1");
  await heading("Boende");
  assert.equal(await text.inputValue(), "Till Boende");
  await text.fill("");
});

test("what is new in another one is told on its tab", async () => {
  await citizen.getByRole("link", { name: /Boende/ }).click();
  await write(citizen, "Ett till.");
  await worker.getByRole("tab", { name: /^Boende.*nytt|^Boende.*nya/ }).waitFor();
});

test("Delete closes a tab, the button the one that is shown; what is closed is not lost", async () => {
  await tab("Ekonomi").click();
  await heading("Ekonomi");
  await tab("Ekonomi").focus();
  await worker.keyboard.press("Delete");
  await heading("Barnet");
  assert.equal(await worker.getByRole("tab").count(), 2);
  await worker.getByRole("button", { name: "Stäng Barnet" }).click();
  await heading("Boende");
  assert.equal(await worker.getByRole("tab").count(), 0);
  await worker.locator(".card", { hasText: "Ekonomi" }).click();
  await heading("Ekonomi");
  await tab("Ekonomi").waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
