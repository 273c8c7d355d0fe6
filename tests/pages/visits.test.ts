// A browser is closed and opened again, as phones do by themselves: what its profile keeps is there, what waited is sent once, and
// nothing of a person is left for the next one.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { allowedOrigins, Browser, loginDone } from "./browser.ts";
import { lastLines } from "./diagnosis.ts";
import { conversationNew, entry, isRecorded, texts, write } from "./stage.ts";

const TITLE = "Flera besök";
const folder = mkdtempSync(join(tmpdir(), "enrum-visits-"));
const profile = join(folder, "profile");
let installation: Installation;
let browser: Browser;
let page: Page;
let room: string;
const complaints: string[] = [];
const origins = new Set<string>();

async function close(): Promise<void> {
  complaints.push(...browser.complaints);
  for (const origin of browser.origins) origins.add(origin);
  await browser.close();
}

async function visit(path = ""): Promise<void> {
  browser = await Browser.open({ phone: true, profile });
  page = await browser.tab(installation.pagesUrl("bjuv", "citizen") + path);
}

before(async () => {
  installation = await Installation.start({ folder: join(folder, "installation"), programs: programs(), tls: false, boards: ["bjuv"], pages: true });
  await visit();
  await loginDone(page, "test.testsson");
  await conversationNew(page, TITLE, "ett");
  await isRecorded(page, "ett");
  room = /[0-9a-f]{64}/.exec(page.url())?.[0] ?? "";
});

afterEach((t) => lastLines(t, installation));

after(async () => {
  await browser?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

test("a browser that is opened again is still logged in, and goes on", async () => {
  await close();
  await visit();
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await entry(page, "ett").waitFor();
  await write(page, "två");
  await isRecorded(page, "två");
});

test("a browser that is opened without a server shows what it has read, and says that it is alone", async () => {
  await close();
  await installation.stopHost();
  await visit(`#/samtal/${room}`);
  await entry(page, "två").waitFor();
  await page.getByText(/^Ingen kontakt just nu/).waitFor();
  assert.deepEqual(await texts(page), ["ett", "två"]);
});

test("what waited when the browser was closed is sent when it is opened again, once and in order", async () => {
  for (const text of ["tre", "fyra"]) {
    await write(page, text);
    await entry(page, text).waitFor();
  }
  await close();
  await installation.startHost();
  await visit(`#/samtal/${room}`);
  await isRecorded(page, "fyra");
  assert.deepEqual(await texts(page), ["ett", "två", "tre", "fyra"]);
  const witness = new Device(installation, "witness", "bjuv", "test.testsson", "citizen");
  await eventually("the keeper is back", async () => (await witness.tryLogin()).code === 0);
  const said = (await witness.read(room)).filter(({ kind }) => kind === "message").map(({ text }) => text);
  assert.deepEqual(said, ["ett", "två", "tre", "fyra"]);
});

test("after logging out, the next person at the same browser finds nothing of the one before", async () => {
  await page.getByText("Meny").click();
  await page.getByRole("button", { name: "Logga ut" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Logga ut" }).click();
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await close();
  await visit();
  await loginDone(page, "test.foralder");
  await page.getByText("Du har inga samtal än.").waitFor();
  await page.goto(`${installation.pagesUrl("bjuv", "citizen")}#/samtal/${room}`);
  await page.waitForTimeout(1_000);
  assert.deepEqual(await texts(page), [], "the address of the conversation shows nothing to somebody else");
  assert.equal(await page.getByText(TITLE).count(), 0);
});

test("no visit has made the page complain, or speak to anybody else", async () => {
  await close();
  const allowed = allowedOrigins(installation, "bjuv");
  assert.deepEqual(complaints, []);
  assert.deepEqual([...origins].filter((origin) => !allowed.includes(origin)), []);
});
