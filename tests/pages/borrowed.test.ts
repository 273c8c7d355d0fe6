// On somebody else's computer what leaves a file behind says so beforehand, and files are read within the page without leaving one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { login } from "../../demo/browse.ts";
import { filmTake } from "./boxes.ts";
import { languageChoose, look } from "./browser.ts";
import { conversationNew, day, entry, journalBegin, journalSave, Stage, take } from "./stage.ts";

let stage: Stage;
let borrowed: Page;
let own: Page;
const TITLE = "Ett möte";
const STAYS = "Det du sparar ligger kvar på den här datorn eller telefonen.";
const RUNS = "<script>document.title = 'körd'; parent.document.title = 'körd'</script>";

before(async () => {
  stage = await Stage.set();
  own = await stage.staffIn("bjuv.handlaggare");
  borrowed = await stage.citizen();
  await borrowed.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await login(borrowed, "test.foralder");
  await borrowed.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await conversationNew(borrowed, TITLE, "Kan vi träffas?");
  await take(own, TITLE);
  await entry(own, "Kan vi träffas?").waitFor();
});

after(() => stage?.strike());

const open = (page: Page, name: string) => page.getByRole("button", { name: `Öppna: ${name}` }).click();
const close = (page: Page) => page.getByRole("dialog").getByRole("button", { name: "Stäng" }).click();

test("the record and a meeting for the calendar say what stays, and on one's own device nothing does", async () => {
  await journalBegin(own, "Möte");
  await own.getByLabel("Börjar").fill(`${day(3)}T10:00`);
  await own.getByLabel("Slutar").fill(`${day(3)}T11:00`);
  await own.getByLabel("Vad gäller mötet?").fill("Hur ni har det");
  await journalSave(own);
  await borrowed.getByRole("link", { name: "Ditt ärende" }).click();
  await borrowed.locator("li", { has: borrowed.getByRole("button", { name: "Lägg i kalendern" }) }).getByText(STAYS).waitFor();
  await look(borrowed, "borrowed-case-360");
  await borrowed.getByRole("link", { name: "Journal", exact: true }).click();
  await borrowed.locator("p", { has: borrowed.getByRole("button", { name: "Spara som fil" }) }).getByText(STAYS).waitFor();
  await look(borrowed, "borrowed-journal-360");
  await own.getByRole("link", { name: "Journal", exact: true }).click();
  await own.getByRole("button", { name: "Spara som fil" }).waitFor();
  assert.equal(await own.getByText(STAYS).count(), 0);
  for (const page of [borrowed, own]) await page.getByRole("link", { name: "Till samtalet" }).click();
});

test("a text and a film are opened within the page, as what they are, and no file is left", async () => {
  const downloads: string[] = [];
  borrowed.on("download", (download) => downloads.push(download.suggestedFilename()));
  await own.locator("enrum-composer input.files").setInputFiles([
    { name: "svar.txt", mimeType: "text/plain", buffer: Buffer.from(`Vi ses på torsdag.\n${RUNS}`) }, { name: "visning.mp4", mimeType: "video/mp4", buffer: await filmTake(own) },
  ]);
  await own.getByRole("button", { name: "Skicka", exact: true }).click();
  await borrowed.locator("enrum-attachment", { hasText: "visning.mp4" }).waitFor();
  await open(borrowed, "svar.txt");
  await borrowed.getByRole("region", { name: "svar.txt" }).getByText(RUNS).waitFor();
  await look(borrowed, "borrowed-text-360");
  await close(borrowed);
  await open(borrowed, "visning.mp4");
  const film = borrowed.getByRole("dialog", { name: "visning.mp4" }).locator("video");
  await film.evaluate((video: HTMLVideoElement) => new Promise((resolve) => {
    Object.assign(video, { muted: true, onended: resolve });
    void video.play();
  }));
  await look(borrowed, "borrowed-film-360");
  await close(borrowed);
  await film.waitFor({ state: "detached" });
  assert.match(await borrowed.title(), /Mina sidor$/);
  assert.deepEqual(downloads, []);
});

test("at a desk, and in Arabic", async () => {
  await open(own, "svar.txt");
  await own.getByRole("region", { name: "svar.txt" }).waitFor();
  await look(own, "look-text-1280");
  await close(own);
  await languageChoose(borrowed, "العربية");
  await borrowed.getByRole("button", { name: "فتح: svar.txt" }).click();
  await borrowed.getByRole("region", { name: "svar.txt" }).waitFor();
  await look(borrowed, "borrowed-text-ar-360");
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
