// The keeper gives attachments to the board's virus scanner, a real clamd, and what that warns of stands beside the file.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device, eventually, type Entry } from "../../demo/device.ts";
import { axe, overflow, screenshot } from "./browser.ts";
import { Clamd, EICAR, FOUND } from "./clamd.ts";
import { Stage, take } from "./stage.ts";

const TITLE = "Papper till ansökan";
/** One grey pixel, with a block behind it that nothing draws. */
const gif = (block: string) => Buffer.concat([Buffer.from("R0lGODlhAQABAIAAAICAgAAAACwAAAAAAQABAAACAkQB", "base64"), Buffer.from([block.length]), Buffer.from(`${block}\0;`, "latin1")]);

let folder: string;
let clamd: Clamd;
let stage: Stage;
let citizen: Device;
let staff: Device;
let room: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "enrum-scan-"));
  clamd = Clamd.make();
  stage = await Stage.set({ clamd: clamd.socket });
  citizen = new Device(stage.installation, "citizen", "bjuv", "test.testsson", "citizen");
  staff = new Device(stage.installation, "staff", "bjuv", "bjuv.handlaggare", "staff");
  await citizen.login();
  await staff.login();
  room = (await citizen.must(["new", TITLE, "Här kommer mina papper."])).trim().split(/\s/)[0] as string;
  await eventually("the queue", async () => (await staff.run(["take", room])).code === 0);
});

after(async () => {
  await stage?.strike();
  await clamd.remove();
  rmSync(folder, { recursive: true, force: true });
});

const keeperLog = () => readFileSync(stage.installation.path("logs", "keeper-bjuv.log"), "utf8");
const scansOf = (result: string) => keeperLog().split("\n").filter((line) => line.includes("event=scan") && line.includes(`result="${result}"`)).length;
const findings = async () => (await staff.read(room)).filter(({ kind }) => kind === "finding");

async function send(name: string, content: string | Buffer): Promise<number> {
  writeFileSync(join(folder, name), content);
  await citizen.must(["send", room, "--file", join(folder, name)]);
  const entries = await staff.read(room) as (Entry & { file?: { name: string } })[];
  return entries.find(({ file }) => file?.name === name)?.seq ?? 0;
}

let flagged: number;

test("a scanner that is away is waited for; then it warns of one file, and says nothing of the other", async () => {
  const clean = await send("hyresavi.txt", "Hyra för november.");
  await eventually("a try without a scanner", async () => scansOf("away") > 0);
  assert.deepEqual(await findings(), []);
  await clamd.start();
  flagged = await send("kvitto.com", EICAR);
  await eventually("a finding", async () => (await findings()).length === 1, 60_000);
  await eventually("the clean one scanned", async () => scansOf("clean") === 1, 60_000);
  const [finding] = await findings() as [Entry];
  assert.deepEqual([finding.role, finding.text], ["keeper", FOUND]);
  await eventually("recorded", async () => (await findings())[0]?.recorded === true);
  assert.ok(clean > 0 && flagged > clean);
});

test("one that is too large for the scanner is said to be unscanned", async () => {
  await send("film.bin", Buffer.alloc(3_000_000, "0123456789abcdef"));
  await eventually("a finding", async () => (await findings()).length === 2, 60_000);
  assert.match((await findings())[1]?.text ?? "", /size limit exceeded/);
});

test("the command line saves what is warned of only when it is asked to anyway", async () => {
  const to = join(folder, "saved.com");
  const refused = await staff.run(["save", room, `${flagged}`, to]);
  assert.notEqual(refused.code, 0);
  assert.match(refused.err, new RegExp(FOUND));
  assert.match(refused.err, /FILE_FLAGGED/);
  assert.throws(() => readFileSync(to));
  assert.equal(await staff.must(["save", room, `${flagged}`, to, "--anyway"]), `${to}\n`);
  assert.equal(readFileSync(to, "latin1"), EICAR);
});

test("the pages warn at the file, in the conversation and in the journal", async () => {
  const page = await stage.staffIn("bjuv.handlaggare");
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  const warning = `Kommunens virusskydd varnar för den här filen: ${FOUND}`;
  const entry = page.locator(`#e${flagged}`);
  await entry.getByText(warning).waitFor();
  assert.equal(await page.getByText(warning).count(), 1);
  await page.getByText("Kommunens virusskydd kunde inte kontrollera den här filen.", { exact: true }).waitFor();
  await entry.scrollIntoViewIfNeeded();
  await screenshot(page, "scan-room-1280");
  assert.deepEqual(await axe(page), []);
  // Asked each time: no is no, yes brings it, and of a file that nothing is found in nothing is asked.
  const question = entry.getByRole("group", { name: /^Den kan skada din dator eller telefon/ });
  await entry.getByRole("button", { name: "Spara: kvitto.com" }).click();
  await screenshot(page, "scan-asked-1280");
  assert.deepEqual(await axe(page), []);
  await question.locator("button:focus", { hasText: /^Avbryt$/ }).waitFor();
  await question.getByRole("button", { name: "Avbryt" }).click();
  await question.waitFor({ state: "detached" });
  await entry.locator("[aria-label='Spara: kvitto.com']:focus").waitFor();
  await entry.getByRole("button", { name: "Spara: kvitto.com" }).click();
  const download = page.waitForEvent("download");
  await question.getByRole("button", { name: "Spara" }).click();
  assert.equal(readFileSync(await (await download).path(), "latin1"), EICAR);
  const clean = page.waitForEvent("download");
  await page.getByRole("button", { name: "Spara: hyresavi.txt" }).click();
  await clean;
  assert.equal(await question.count(), 0);
  await page.getByRole("link", { name: "Journal" }).click();
  await page.getByText(`Virusskydd: nr ${flagged}. ${warning}`).waitFor();
  await page.setViewportSize({ width: 360, height: 800 });
  await screenshot(page, "scan-journal-360");
  assert.equal(await overflow(page), 0);
});

test("the focus comes back to the button that asked: of a picture, when it is not to be opened, not to be saved, and when it is closed", async () => {
  const page = await stage.staff();
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  // One that may move is not drawn anew, so what stands among its pixels is still there.
  await page.locator("input.files").setInputFiles({ name: "bild.gif", mimeType: "image/gif", buffer: gif(EICAR) });
  await page.getByRole("button", { name: "Skicka", exact: true }).click();
  const picture = page.locator(".entry", { has: page.locator("enrum-attachment", { hasText: "bild.gif" }) });
  await picture.getByText(FOUND).waitFor();
  const focused = (label: string) => page.waitForFunction((wanted) => document.activeElement?.ariaLabel === wanted, label);
  for (const label of ["Öppna: bild.gif", "Spara: bild.gif"]) {
    await picture.getByRole("button", { name: label }).press("Enter");
    await picture.getByRole("button", { name: "Avbryt" }).press("Enter");
    await focused(label);
  }
  await page.keyboard.press("Enter");
  const download = page.waitForEvent("download");
  await picture.getByRole("group").getByRole("button", { name: "Spara" }).press("Enter");
  await download;
  await focused("Spara: bild.gif");
  await picture.getByRole("button", { name: "Öppna: bild.gif" }).press("Enter");
  await picture.getByRole("group").getByRole("button", { name: "Öppna" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Stäng" }).press("Enter");
  await focused("Öppna: bild.gif");
  await page.close();
});

test("a keeper that starts anew scans again, and warns of nothing twice", async () => {
  const before = scansOf("clean");
  const found = (await findings()).length;
  await stage.installation.stopKeeper("bjuv");
  stage.installation.forgetKeeperDatabase("bjuv");
  await stage.installation.startKeeper("bjuv");
  await eventually("scanned again", async () => scansOf("clean") > before, 60_000);
  await send("till.txt", "Ett papper till.");
  await eventually("the next", async () => scansOf("clean") > before + 1, 60_000);
  assert.equal((await findings()).length, found);
});
