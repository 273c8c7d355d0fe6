// A part of the pages that could not be fetched is fetched at the next try, on the same page: a browser may hold a module that failed
// once for failed as long as the page is open, and a reload is no way out for whoever is logged in on a borrowed computer.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Installation } from "../../demo/installation.ts";
import { axe, Browser, languageChoose } from "./browser.ts";
import { lastLines } from "./diagnosis.ts";
import { Firefox, press, see } from "./firefox.ts";
import { installationSet, installationStrike } from "./stage.ts";

let installation: Installation;

before(async () => installation = await installationSet({}));

afterEach((t) => lastLines(t, installation));

after(() => installationStrike(installation));

test("Chromium: a page and a language that failed are there at the next press", async () => {
  const browser = await Browser.open({ phone: true });
  try {
    const page = await browser.tab(installation.pagesUrl("bjuv", "citizen"));
    await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
    await installation.stopPages();
    await page.getByRole("link", { name: "Tillgänglighet" }).click();
    await page.getByRole("heading", { name: "Det gick inte" }).waitFor();
    assert.deepEqual(await axe(page), []);
    await page.locator(".languages > summary").click();
    await page.locator(".languages").getByRole("button", { name: "ትግርኛ" }).click();
    await page.getByText("Språket kunde inte hämtas.").waitFor();
    assert.deepEqual(await axe(page), []);
    await page.locator(".languages > summary").click();
    await installation.startPages();
    await page.getByRole("button", { name: "Försök nu" }).click();
    await page.getByRole("heading", { name: "Tillgänglighet", level: 1 }).waitFor();
    await languageChoose(page, "ትግርኛ");
    await page.locator("html[lang=ti]").waitFor();
  } finally {
    await browser.close();
  }
});

test("Firefox: the same", async () => {
  const firefox = await Firefox.open();
  try {
    const page = await firefox.tab(installation.pagesUrl("bjuv", "citizen"));
    const frame = page.mainFrame();
    await see(frame, "button", /^Logga in med/);
    await installation.stopPages();
    await press(frame, "a", /^Tillgänglighet$/);
    await see(frame, "h1", /^Det gick inte$/);
    await press(frame, "summary", /^Språk/);
    await press(frame, ".languages button", /^ትግርኛ$/);
    await see(frame, ".languages", /Språket kunde inte hämtas/);
    await installation.startPages();
    await press(frame, "button", /^Försök nu$/);
    await see(frame, "h1", /^Tillgänglighet$/);
    await press(frame, ".languages button", /^ትግርኛ$/);
    await see(frame, "html[lang=ti]", /^/);
  } finally {
    await firefox.close();
  }
});
