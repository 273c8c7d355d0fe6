// The accessibility statement: read before anybody logs in, in every language, and where one says what is lacking.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LANGUAGES, type Language } from "../../client-sdk/web/pages/words/languages.ts";
import { STATEMENT } from "../../client-sdk/web/pages/words/statement.ts";
import { axe, languageChoose, overflow, screenshot } from "./browser.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
before(async () => stage = await Stage.set());
after(() => stage?.strike());

test("it is a link away for whoever comes, in each language", async () => {
  const page = await stage.citizen();
  await page.getByRole("link", { name: "Tillgänglighet" }).click();
  await page.getByRole("heading", { name: "Tillgänglighet", level: 1 }).waitFor();
  assert.equal(await page.getByRole("link", { name: STATEMENT.sv.authorityLink }).getAttribute("href"), "https://www.digg.se/tdosanmalan");
  assert.equal(await page.getByRole("link", { name: STATEMENT.sv.tellRoom }).count(), 0, "nobody is logged in");
  assert.equal(await page.getByRole("link", { name: /^Ring oss/ }).count(), 1);
  for (const [language, { name, direction }] of Object.entries(LANGUAGES)) {
    await languageChoose(page, name);
    await page.getByText(STATEMENT[language as Language].about).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dir), direction);
    await screenshot(page, `statement-${language}-phone`);
    assert.deepEqual(await axe(page), [], language);
    assert.ok(await overflow(page) <= 0, language);
  }
  await languageChoose(page, "Svenska");
  await page.close();
});

test("a citizen who is logged in writes about it where they write of everything else", async () => {
  const page = await stage.citizenIn("test.foralder");
  await page.getByText("Meny").click();
  await page.getByRole("link", { name: "Tillgänglighet" }).click();
  await page.getByRole("link", { name: STATEMENT.sv.tellRoom }).click();
  await page.getByLabel("Ditt meddelande").waitFor();
});

test("a caseworker finds it too", async () => {
  const page = await stage.staff();
  await page.getByRole("link", { name: "Tillgänglighet" }).click();
  await page.getByText(STATEMENT.sv.about).waitFor();
  await screenshot(page, "statement-wide");
});

test("nothing of it was complained of", () => stage.assertClean());
