// What is being written outlives a reload, is nobody else's, and is gone when it is sent or when somebody logs out; and what is new
// when one comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "../../demo/device.ts";
import { axe, Browser, loginDone, screenshot } from "./browser.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLE = "Det jag skriver";
const SECRET = "Något som jag inte vågar skicka än";

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.testsson", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Hej");
  await take(worker, TITLE);
  await entry(worker, "Hej").waitFor();
});

after(() => stage?.strike());

const field = (page: Page) => page.getByLabel("Skriv ett meddelande");

async function holds(page: Page, text: string, label = "Skriv ett meddelande"): Promise<void> {
  await eventually(`“${text}” in the field`, async () => await page.getByLabel(label).inputValue() === text);
}

interface Kept {
  table: string;
  rows: unknown[];
}

/** All that the site keeps in this browser, keys too, as far as a script can read it. */
function keptHere(page: Page): Promise<Kept[]> {
  return page.evaluate(async () => {
    const found = (await indexedDB.databases()).find(({ name }) => name?.startsWith("enrum /"));
    const database = await new Promise<IDBDatabase>((resolve) => {
      const asked = indexedDB.open(found?.name ?? "");
      asked.onsuccess = () => resolve(asked.result);
    });
    const readable = (value: unknown): unknown => {
      if (value instanceof CryptoKey) return { isKey: true, extractable: value.extractable };
      if (value instanceof Uint8Array) return new TextDecoder().decode(value);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, readable(part)]));
    };
    const tables = await Promise.all([...database.objectStoreNames].map((table) => new Promise<{ table: string; rows: unknown[] }>((resolve) => {
      const asked = database.transaction(table).objectStore(table).getAll();
      asked.onsuccess = () => resolve({ table, rows: asked.result.map(readable) });
    })));
    database.close();
    return tables;
  });
}

async function writings(page: Page): Promise<number> {
  return (await keptHere(page)).find(({ table }) => table === "writings")?.rows.length ?? -1;
}

const keeps = (page: Page, count: number) => eventually(`${count} kept`, async () => await writings(page) === count);

test("a text that is being written is there again after a reload, and lies on the device sealed", async () => {
  await field(citizen).fill(SECRET);
  await keeps(citizen, 1);
  const kept = await keptHere(citizen);
  assert.doesNotMatch(JSON.stringify(kept), /vågar skicka/);
  const key = kept.find(({ table }) => table === "meta")?.rows.find((row) => (row as { key: string }).key === "writings");
  assert.deepEqual(key, { key: "writings", seal: { isKey: true, extractable: false } });
  await citizen.reload();
  await holds(citizen, SECRET);
  await citizen.reload();
  await holds(citizen, SECRET);
  await screenshot(citizen, "drafts-again-360");
});

test("it is sent once, and is not there any more", async () => {
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  await entry(worker, SECRET).waitFor();
  await keeps(citizen, 0);
  await citizen.reload();
  await entry(citizen, SECRET).waitFor();
  await holds(citizen, "");
});

test("a database that the browser closes is no log-out: what is being written stays, where one is", async () => {
  await field(citizen).fill(SECRET);
  await keeps(citizen, 1);
  const where = citizen.url();
  // For a moment nothing is known.
  await citizen.evaluate(() => new Promise<void>((resolve) => {
    const look = () => document.querySelector("enrum-app .entry") === null && resolve();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
    new BroadcastChannel("enrum / citizen").postMessage({ to: "tabs", type: "lost" });
  }));
  // The engine tells anew how things stand.
  await write(worker, "Är du kvar?");
  await entry(citizen, "Är du kvar?").waitFor();
  assert.equal(citizen.url(), where);
  await holds(citizen, SECRET);
  assert.equal(await writings(citizen), 1);
  await field(citizen).fill("");
  await keeps(citizen, 0);
});

test("two tabs write in one conversation, and neither writes over the other", async () => {
  const other = await stage.phone.tab(citizen.url());
  await entry(other, SECRET).waitFor();
  await field(citizen).fill("från den ena");
  await field(other).fill("från den andra");
  await keeps(citizen, 2);
  await other.reload();
  await holds(other, "från den andra");
  await holds(citizen, "från den ena");
  await citizen.reload();
  await holds(citizen, "från den ena");
  await other.close();
  // What the tab that is gone has left comes to whichever opens the conversation next.
  await citizen.reload();
  await eventually("both", async () => {
    const text = await field(citizen).inputValue();
    return text.includes("från den ena") && text.includes("från den andra");
  });
  await field(citizen).fill("");
  await keeps(citizen, 0);
});

test("a new conversation that is being written is there again, title and all", async () => {
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.getByRole("link", { name: "Starta ett samtal" }).click();
  await citizen.getByLabel("Vad gäller det?").fill("Hemma");
  await citizen.getByLabel("Ditt meddelande").fill("Det är svårt just nu");
  await keeps(citizen, 2);
  await citizen.reload();
  await holds(citizen, "Hemma", "Vad gäller det?");
  await holds(citizen, "Det är svårt just nu", "Ditt meddelande");
  await citizen.getByRole("button", { name: "Skicka" }).click();
  await isRecorded(citizen, "Det är svårt just nu");
  await keeps(citizen, 0);
});

test("what came while one was away begins at a line, that is gone at the next visit; and how much is new below is told", async () => {
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  for (let i = 1; i <= 12; i++) await write(citizen, `Rad ${i}\nmed\nfyra\nrader`);
  await isRecorded(citizen, "Rad 12\nmed\nfyra\nrader");
  await worker.getByRole("link", { name: new RegExp(TITLE) }).click();
  const line = worker.locator(".divider");
  await line.getByText("Nya meddelanden").waitFor();
  assert.match(await line.evaluate((shown) => shown.nextElementSibling?.textContent ?? ""), /Rad 1\s/);
  await eventually("the line stands near the top", () => line.evaluate((shown) => {
    const { top } = shown.getBoundingClientRect();
    return top > 60 && top < 400;
  }));
  await worker.getByRole("button", { name: "Nya meddelanden (12)" }).waitFor();
  await screenshot(worker, "drafts-divider-1280");
  assert.deepEqual(await axe(worker), []);
  await worker.getByRole("button", { name: "Nya meddelanden (12)" }).click();
  await worker.getByRole("button", { name: "Nya meddelanden (12)" }).waitFor({ state: "detached" });
  await worker.getByText("12 nya").waitFor({ state: "detached" });
  // Whatever is drawn before the browser tells of the scrolling.
  assert.equal(await worker.locator("enrum-room").evaluate(async (room: HTMLElement & { requestUpdate(): void; updateComplete: Promise<boolean> }) => {
    scrollTo(0, 0);
    room.requestUpdate();
    await room.updateComplete;
    return scrollY;
  }), 0);
  await write(citizen, "Och en till");
  await worker.getByRole("button", { name: "Nya meddelanden (1)" }).waitFor();
  await worker.getByRole("button", { name: "Nya meddelanden (1)" }).click();
  await worker.getByRole("button", { name: /^Nya meddelanden/ }).waitFor({ state: "detached" });
  await worker.locator(".log > li:focus, .log > li:has(:focus)", { hasText: "Och en till" }).waitFor();
  await worker.locator(".card").getByText("1 nytt").waitFor({ state: "detached" });
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await worker.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(worker, "Och en till").waitFor();
  assert.equal(await line.count(), 0);
});

test("whoever logs out leaves nothing of it", async () => {
  await field(citizen).fill("Kvar när jag loggar ut?");
  await keeps(citizen, 1);
  await citizen.getByText("Meny").click();
  await citizen.getByRole("button", { name: "Logga ut" }).first().click();
  await citizen.getByRole("dialog").getByRole("button", { name: "Logga ut" }).click();
  await citizen.getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.equal(await writings(citizen), 0);
  await loginDone(citizen, "test.testsson");
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(citizen, "Och en till").waitFor();
  await holds(citizen, "");
});

test("on a borrowed computer nothing is kept", async () => {
  const borrowed = await Browser.open({ phone: false });
  const page = await borrowed.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await page.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await loginDone(page, "test.testsson");
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(page, "Och en till").waitFor();
  await field(page).fill("Bara här och nu");
  // Longer than it takes anywhere else.
  await page.waitForTimeout(2_000);
  assert.equal(await writings(page), 0);
  assert.doesNotMatch(JSON.stringify(await keptHere(page)), /här och nu/);
  await borrowed.close();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
