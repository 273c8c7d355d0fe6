// Neither the pages' server nor the host answers: who is logged in on a device of their own opens the pages all the same, reads what
// was read, and writes what goes out later. Nothing of it is there for whoever is not logged in, or borrows the device.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "playwright-core";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Browser, languageChoose, loginDone, look } from "./browser.ts";
import { lastLines } from "./diagnosis.ts";
import { conversationNew, entry, isRecorded, take, texts, write } from "./stage.ts";

const TITLE = "Utan nät";
const folder = mkdtempSync(join(tmpdir(), "enrum-offline-"));
const bundle = join(folder, "bundle");
let installation: Installation;
let browser: Browser;
let page: Page;
let room: string;

async function visit(role: "citizen" | "staff" = "citizen", path = ""): Promise<void> {
  browser = await Browser.open({ phone: role === "citizen", profile: join(folder, role) });
  page = await browser.tab(installation.pagesUrl("bjuv", role) + path);
}

/** The addresses that are kept, without the site's, and whether a service worker is there. */
function kept(): Promise<{ files: string[]; isRegistered: boolean }> {
  return page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return {
      files: requests.flat().map(({ url }) => new URL(url).pathname),
      isRegistered: (await navigator.serviceWorker.getRegistrations()).length > 0,
    };
  });
}

/** Without the hash of its content. */
function plain(path: string): string {
  return path.replace(/-[A-Z0-9]{8}(?=\.js$)/, "");
}

/** These, and all that the page itself has loaded. */
async function isKept(...files: string[]): Promise<void> {
  await eventually(`${files.join(", ")} are kept`, async () => {
    const have = (await kept()).files;
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name))
      .filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname));
    return loaded.length > 5 && loaded.every((file) => have.includes(file)) && files.every((file) => have.map(plain).includes(file));
  });
}

async function logOut(): Promise<void> {
  await page.getByText("Meny").click();
  await page.getByRole("button", { name: "Logga ut" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Logga ut" }).click();
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
}

async function nothingIsKept(): Promise<void> {
  await eventually("nothing is kept", async () => JSON.stringify(await kept()) === JSON.stringify({ files: [], isRegistered: false }));
}

before(async () => {
  cpSync(new URL("../../build/web", import.meta.url), bundle, { recursive: true, preserveTimestamps: true });
  installation = await Installation.start({ folder: join(folder, "installation"), programs: programs(), tls: false, boards: ["bjuv"], pages: true, bundle });
  await visit();
});

afterEach((t) => lastLines(t, installation));

after(async () => {
  await browser?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

test("before a login nothing is kept", async () => {
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  // What could keep something comes behind the first page, and behind this part of it.
  await page.waitForFunction(() => (document.querySelector("enrum-app") as unknown as { parts?: ReadonlySet<string> } | null)?.parts?.has("case"));
  await page.waitForTimeout(4_000);
  assert.deepEqual(await kept(), { files: [], isRegistered: false });
});

test("logged in on one's own device, the pages open with neither server, and what is written goes out later, once", async () => {
  await loginDone(page, "test.testsson");
  await conversationNew(page, TITLE, "ett");
  await isRecorded(page, "ett");
  room = /[0-9a-f]{64}/.exec(page.url())?.[0] ?? "";
  await isKept("/", "/worker.js", "/frames.js", "/board.json");
  await browser.close();
  await installation.stopHost();
  await installation.stopPages();
  await visit("citizen", `#/samtal/${room}`);
  await entry(page, "ett").waitFor();
  await page.getByText(/^Ingen kontakt just nu/).waitFor();
  await write(page, "två");
  await entry(page, "två").waitFor();
  // What is loaded behind the first page is there too.
  await page.getByRole("link", { name: "Journal", exact: true }).click();
  await page.locator(".record", { hasText: "ett" }).waitFor();
  await look(page, "offline-journal-phone");
  await page.goBack();
  await installation.startHost();
  await isRecorded(page, "två");
  assert.deepEqual(await texts(page), ["ett", "två"]);
});

test("another language is there without a network once it was chosen", async () => {
  await installation.startPages();
  await page.reload();
  await entry(page, "två").waitFor();
  await languageChoose(page, "العربية");
  await page.locator("html[dir=rtl]").waitFor();
  await isKept("/");
  await installation.stopPages();
  await page.reload();
  await page.locator("html[dir=rtl]").waitFor();
  await entry(page, "två").waitFor();
  await installation.startPages();
  await languageChoose(page, "Svenska");
});

test("a page that the server has anew is shown at once, not the one that is kept", async () => {
  const index = join(bundle, "index.html");
  writeFileSync(index, readFileSync(index, "utf8").replace("<html", "<html data-anew"));
  await installation.stopPages();
  await page.reload();
  await entry(page, "två").waitFor();
  assert.equal(await page.locator("html[data-anew]").count(), 0);
  await installation.startPages();
  await page.reload();
  await page.locator("html[data-anew]").waitFor({ state: "attached" });
  await entry(page, "två").waitFor();
});

test("a page that names others of its files than were loaded is not kept in the place of one that is whole", async () => {
  await isKept("/");
  // The page itself names none meanwhile.
  await page.evaluate(() => {
    const { prototype } = ServiceWorker;
    const { postMessage } = prototype;
    Object.assign(globalThis, { give: (worker: ServiceWorker, message: unknown) => postMessage.call(worker, message) });
    prototype.postMessage = () => undefined;
  });
  const { files } = await kept();
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    const { give } = globalThis as unknown as { give(worker: ServiceWorker | null, message: unknown): void };
    const icon = new URL("icon.svg", location.href).href;
    give(active, { page: "/", files: [new URL("/", location.href).href] });
    // One after the other: when this is kept, that is judged.
    give(active, { page: "/elsewhere", files: [icon] });
  });
  await eventually("the second one is kept", () => page.evaluate(async () => (await caches.keys()).some((name) => name.startsWith("/elsewhere "))));
  await page.evaluate(async () => { for (const name of await caches.keys()) if (name.startsWith("/elsewhere ")) await caches.delete(name); });
  assert.deepEqual((await kept()).files.sort(), files.sort());
});

test("who logs out leaves nothing of it behind", async () => {
  await isKept("/");
  await logOut();
  await nothingIsKept();
  await browser.close();
});

test("a caseworker's pages open so, too; and where a page may not show a notification itself, the worker does", async () => {
  await visit("staff");
  await loginDone(page, "bjuv.handlaggare");
  await take(page, TITLE);
  await entry(page, "två").waitFor();
  await isKept("/personal/", "/staffworker.js");
  await installation.stopPages();
  await page.reload();
  await entry(page, "två").waitFor();
  await page.context().grantPermissions(["notifications"]);
  // As on telephones: only the service worker may.
  await page.evaluate(() => {
    Object.assign(globalThis, { Notification: Object.assign(() => { throw new TypeError("Illegal constructor"); }, { permission: "granted", requestPermission: () => Promise.resolve("granted") }) });
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
  });
  await page.getByLabel("Avisera när något nytt kommer").check();
  const citizen = new Device(installation, "citizen", "bjuv", "test.testsson", "citizen");
  await citizen.login();
  await citizen.newRoom("Hemligt tre", "Hemligt fyra");
  const shown = await eventually("it is shown", () => page.evaluate(async () => {
    const all = await (await navigator.serviceWorker.ready).getNotifications();
    return all.length > 0 && all.map(({ title, body, data }) => [title, body, data]);
  }));
  assert.deepEqual(shown, [["Du har ett nytt meddelande", "", "/personal/"]]);
  await installation.startPages();
});
