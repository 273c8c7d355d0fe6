// In Firefox neither the pages' server nor the host answers: who is logged in on a device of their own opens the pages all the same, reads
// what was read, and writes what goes out later. Nothing of it is there before a login, on a borrowed device, or after logging out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "puppeteer-core";
import { FINGER, look, press, see, until } from "./firefox.ts";
import { conversationNew, FirefoxStage, languageChoose, login, menu, recorded, take, write } from "./firefoxstage.ts";
import { personal, stored } from "./stored.ts";

const TITLE = "Utan nät";
/** Longer than the page waits before it has anything kept. */
const QUIET_MS = 4_000;

let stage: FirefoxStage;
let citizen: Page;
let room: string;

before(async () => {
  stage = await FirefoxStage.set({}, FINGER);
  citizen = await stage.phone.tab(address());
});

after(() => stage?.strike());

const address = () => stage.installation.pagesUrl("bjuv", "citizen");

/** The addresses that are kept, without the site's, and whether a service worker is there. */
function kept(page: Page): Promise<{ files: string[]; isRegistered: boolean }> {
  return page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return { files: requests.flat().map(({ url }) => new URL(url).pathname), isRegistered: (await navigator.serviceWorker.getRegistrations()).length > 0 };
  });
}

/** Without the hash of its content. */
const plain = (path: string) => path.replace(/-[A-Z0-9]{8}(?=\.js$)/, "");

const NOTHING = { files: [], isRegistered: false };

/** These, and all that the page itself has loaded. */
async function isKept(page: Page, ...files: string[]): Promise<void> {
  await until(`${files.join(", ")} are kept`, async () => {
    const have = (await kept(page)).files;
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name))
      .filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname));
    return loaded.length > 5 && loaded.every((file) => have.includes(file)) && files.every((file) => have.map(plain).includes(file));
  });
}

/** What a page has kept by itself is asked for only when it has had the time to keep it. */
async function assertNothingIsKept(page: Page): Promise<void> {
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), QUIET_MS);
  assert.deepEqual(await kept(page), NOTHING);
}

test("in Firefox nothing is kept before a login, nor on a device that is borrowed", async () => {
  await see(citizen.mainFrame(), "button", /^Logga in med/);
  await assertNothingIsKept(citizen);
  const borrowed = await stage.phone.apart(address());
  await press(borrowed.mainFrame(), "label", /^Jag lånar den här datorn eller telefonen/);
  await login(borrowed, "test.foralder");
  await assertNothingIsKept(borrowed);
  await borrowed.close();
});

test("in Firefox on one's own device the pages open with neither server, and what is written goes out later, once", async () => {
  await login(citizen, "test.testsson");
  await citizen.setViewport({ width: 360, height: 740 });
  room = await conversationNew(citizen, TITLE, "ett");
  await isKept(citizen, "/", "/worker.js", "/frames.js", "/board.json");
  await stage.phone.again(async () => {
    await stage.installation.stopHost();
    await stage.installation.stopPages();
  });
  citizen = await stage.phone.tab(`${address()}#/samtal/${room}`);
  await citizen.setViewport({ width: 360, height: 740 });
  await recorded(citizen, "ett");
  await see(citizen.mainFrame(), "[role=status], [role=alert]", /Ingen kontakt just nu/);
  await write(citizen, "två");
  await see(citizen.mainFrame(), ".draft", /två/);
  // What is loaded behind the first page is there, too.
  await press(citizen.mainFrame(), "a.button", /^Journal$/);
  await see(citizen.mainFrame(), ".record", /ett/);
  await look(citizen);
  await press(citizen.mainFrame(), "a.back", /^Till samtalet$/);
  await stage.installation.startHost();
  await recorded(citizen, "två");
  assert.deepEqual(await citizen.$$eval(".entry .text", (all) => all.map(({ textContent }) => textContent)), ["ett", "två"]);
});

test("in Firefox another language is there without a network once it was chosen", async () => {
  await stage.installation.startPages();
  await citizen.reload();
  await recorded(citizen, "två");
  await languageChoose(citizen, "العربية");
  await isKept(citizen, "/");
  await stage.installation.stopPages();
  await citizen.reload();
  await see(citizen.mainFrame(), "html[dir=rtl] .entry", /två/);
  await stage.installation.startPages();
  await languageChoose(citizen, "Svenska");
});

test("in Firefox a caseworker's pages open so, too", async () => {
  const worker = await stage.in(stage.desk, "staff", "bjuv.handlaggare");
  await take(worker, TITLE);
  await recorded(worker, "två");
  await isKept(worker, "/personal/", "/staffworker.js");
  await stage.installation.stopPages();
  await worker.reload();
  await recorded(worker, "två");
  await write(worker, "Jag läser det.");
  await recorded(citizen, "Jag läser det.");
  await stage.installation.startPages();
});

test("in Firefox who logs out leaves nothing of it behind, and without a server there is no page any more", async () => {
  await citizen.reload();
  await recorded(citizen, "Jag läser det.");
  await isKept(citizen, "/");
  await menu(citizen, /^Logga ut$/);
  await press(citizen.mainFrame(), "dialog[open] button", /^Logga ut$/);
  await see(citizen.mainFrame(), "button", /^Logga in med/);
  await until("nothing is kept", async () => JSON.stringify(await kept(citizen)) === JSON.stringify(NOTHING));
  assert.deepEqual(personal(await citizen.evaluate(stored)), []);
  await stage.installation.stopPages();
  await assert.rejects(stage.phone.tab(address()));
});
