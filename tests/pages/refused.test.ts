// A browser that refuses this page its storage: the page says so, with the telephone number, and "Lämna sidan" works all the same; as it
// does where the storage fails later.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { look } from "./browser.ts";
import { Firefox, press, see, until } from "./firefox.ts";
import { Stage } from "./stage.ts";

let neutral: Server;
let neutralUrl: string;
let stage: Stage;

before(async () => {
  neutral = createServer((_request, response) => response.setHeader("content-type", "text/html; charset=utf-8").end("<title>Vädret</title><h1>Uppehåll</h1>"));
  await new Promise<void>((resolve) => neutral.listen(0, "127.0.0.1", resolve));
  neutralUrl = `http://127.0.0.1:${(neutral.address() as AddressInfo).port}/`;
  stage = await Stage.set({ leave: neutralUrl });
});

after(async () => {
  await stage?.strike();
  neutral?.close();
});

/** A tab in which asking for the storage throws, as browsers do that refuse it. */
async function refused(): Promise<Page> {
  const page = await stage.phone.tab("about:blank");
  await page.addInitScript(() => {
    for (const name of ["sessionStorage", "localStorage"]) Object.defineProperty(window, name, { get: () => { throw new DOMException("refused", "SecurityError"); } });
  });
  await page.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  return page;
}

test("it says what is missing and whom to call, and can be left", async () => {
  const page = await refused();
  await page.getByRole("heading", { name: "Den här webbläsaren räcker inte" }).waitFor();
  await page.getByText("Det som saknas: sessionStorage").waitFor();
  assert.equal(await page.getByRole("link", { name: /^Ring oss på/ }).getAttribute("href"), "tel:042000002");
  await look(page, "refused-360");
  await page.getByRole("link", { name: "Lämna sidan" }).click();
  await page.waitForURL(neutralUrl);
  await page.close();
});

test("Esc three times does it, too", async () => {
  const page = await refused();
  await page.getByRole("heading", { name: "Den här webbläsaren räcker inte" }).waitFor();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Escape");
  await page.waitForURL(neutralUrl);
  await page.close();
});

test("a storage that fails later holds nobody: the page is blank before all else", async () => {
  const page = await stage.citizenIn("test.foralder");
  await page.getByRole("link", { name: "Starta ett samtal" }).click();
  await page.getByLabel("Ditt meddelande").fill("Han kommer hem");
  const shown: string[] = [];
  page.on("console", (message) => shown.push(message.text()));
  // From the press on: what the page does before it, with all its text, is no concern of this.
  await page.evaluate(() => addEventListener("click", () => {
    for (const name of ["setItem", "removeItem"] as const) {
      Storage.prototype[name] = () => {
        console.info(`shown: ${document.body.innerText.trim()}`);
        throw new DOMException("full", "QuotaExceededError");
      };
    }
  }, { capture: true, once: true }));
  await page.getByRole("link", { name: "Lämna sidan" }).click();
  await page.waitForURL(neutralUrl);
  assert.deepEqual([...new Set(shown.filter((line) => line.startsWith("shown:")))], ["shown: "], "nothing was on the page any more");
  await page.close();
});

test("in Firefox that refuses all of it the same is said, and the page can be left", async () => {
  // As somebody sets it who lets no site keep anything.
  const firefox = await Firefox.open({ "network.cookie.cookieBehavior": 2 });
  try {
    const tab = await firefox.tab(stage.installation.pagesUrl("bjuv", "citizen"));
    await see(tab.mainFrame(), "h1", /^Den här webbläsaren räcker inte$/);
    await see(tab.mainFrame(), "a.call", /^Ring oss på/);
    await press(tab.mainFrame(), "a.leave", /^Lämna sidan$/);
    await until("the neutral page", async () => tab.url() === neutralUrl);
  } finally {
    await firefox.close();
  }
});
