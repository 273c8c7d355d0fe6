// What a person sees in the browser when the host lies, or the page says that it is another board.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { boardId } from "../../client-sdk/web/protocol/certificate.ts";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { signPairNew, suiteBase64url } from "../../client-sdk/web/protocol/suite.ts";
import { freePort } from "../../demo/installation.ts";
import { Program } from "../../demo/process.ts";
import { Liar } from "../adversary/liar.ts";
import { ATTACKS } from "../adversary/attacks.ts";
import { axe, loginDone, overflow, screenshot } from "./browser.ts";
import { conversationNew, isRecorded, Stage, write } from "./stage.ts";

const root = new URL("../..", import.meta.url).pathname;
let stage: Stage;
let liar: Liar;
let pages: Program;
let address: string;
let port: number;
let page: Page;

/** The board's site, with the host that lies, or with whatever else is said of it. */
async function siteServe(change: Record<string, unknown>): Promise<void> {
  const folder = stage.installation.path("lied-site");
  const board = JSON.parse(readFileSync(stage.installation.boardJson("bjuv"), "utf8"));
  writeFileSync(`${folder}.json`, JSON.stringify({ ...board, host: { ...board.host, url: liar.url }, ...change }));
  execFileSync(process.execPath, ["client-sdk/web/site.mjs", "--board", `${folder}.json`, "--out", folder], { cwd: root });
  await pages?.stop();
  pages = await Program.start({
    name: "pages of the lied board", command: [process.execPath, "demo/pages.ts", "--site", `${folder}:${port}`],
    log: stage.installation.path("logs", "lied-pages.log"), ready: /^ready/,
  });
}

before(async () => {
  stage = await Stage.set();
  liar = await Liar.start(stage.installation.hostUrl, stage.installation.path("host", "host.key"));
  port = await freePort();
  address = `http://127.0.0.1:${port}/`;
  await siteServe({});
  page = await stage.phone.tab(address);
  await loginDone(page, "test.testsson");
});

after(async () => {
  await liar?.stop();
  await pages?.stop();
  await stage?.strike();
});

/** A new conversation of three honest messages, open on the page. */
async function talk(title: string): Promise<void> {
  liar.lie = undefined;
  await page.goto(address);
  await conversationNew(page, title, "ett");
  for (const text of ["två", "tre"]) await write(page, text);
  await isRecorded(page, "tre");
  liar.room = bytesOfHex(/[0-9a-f]{64}/.exec(page.url())?.[0] ?? "");
}

function lieNamed(name: string): NonNullable<Liar["lie"]> {
  const lie = ATTACKS.find((attack) => attack.name === name)?.lie;
  assert.ok(typeof lie === "object", name);
  return lie;
}

async function assertAlarm(words: RegExp, name: string): Promise<void> {
  const alarm = page.getByRole("alert").filter({ hasText: words });
  await alarm.waitFor();
  await alarm.getByRole("link", { name: /^Ring oss på/ }).waitFor();
  await alarm.getByText("Inget mer skickas härifrån.").waitFor();
  assert.equal(await page.getByLabel("Skriv ett meddelande").count(), 0, "nothing can be written there");
  await alarm.scrollIntoViewIfNeeded();
  for (const [width, size] of Object.entries({ phone: { width: 360, height: 740 }, wide: { width: 1280, height: 800 } })) {
    await page.setViewportSize(size);
    await screenshot(page, `alarm-${name}-${width}`);
    assert.deepEqual(await axe(page), []);
    assert.ok(await overflow(page) <= 0);
  }
  await page.setViewportSize({ width: 360, height: 740 });
}

/** The same person on a device without memory, while the host lies. */
async function anew(): Promise<void> {
  await stage.phone.forget(page);
  await page.goto("about:blank");
  await page.goto(address);
  await loginDone(page, "test.testsson");
  await page.getByRole("link", { name: /Något stämmer inte/ }).first().click();
}

test("a changed entry is told, and not shown", async () => {
  await talk("Ändrad");
  liar.lie = lieNamed("changes a byte of a sealed text");
  await anew();
  await assertAlarm(/inte är underskriven av någon som får/, "changed");
  assert.equal(await page.getByText("tre", { exact: true }).count(), 0);
});

test("a dropped entry is told", async () => {
  await talk("Bortlämnad");
  liar.lie = lieNamed("leaves out an entry in the middle");
  await anew();
  await assertAlarm(/ändrad|två olika versioner|stämmer inte med journalen/, "dropped");
});

test("a wrong receipt is told", async () => {
  await talk("Kvitto");
  liar.lie = lieNamed("acknowledges something else, properly signed");
  await write(page, "fyra");
  await assertAlarm(/kvitto som inte stämmer/, "receipt");
});

test("a message that the host drops, with an older receipt for it, is told", async () => {
  await talk("Sväljd");
  liar.lie = lieNamed("keeps nothing of what is sent, and acknowledges with an older receipt of its own");
  await write(page, "fyra");
  await assertAlarm(/kvitto som inte stämmer/, "swallowed");
});

test("a conversation that the host says is not there stays in the list, and the person is told what to do", async () => {
  await talk("Borta");
  liar.lie = lieNamed("says that there is no such conversation");
  liar.drop();
  const told = page.getByRole("alert").filter({ hasText: /den här enheten inte får läsa samtalet mer/ });
  await told.waitFor();
  await told.getByRole("link", { name: /^Ring oss på/ }).waitFor();
  assert.equal(await page.getByLabel("Skriv ett meddelande").count(), 0);
  await screenshot(page, "denied-phone");
  assert.deepEqual(await axe(page), []);
  await page.goto(address);
  await page.getByRole("link", { name: /Borta.*Öppnas inte på den här enheten/s }).waitFor();
});

test("a log that goes back in time is told", async () => {
  await talk("Igår");
  liar.lie = lieNamed("goes back to the first entries");
  liar.drop();
  await assertAlarm(/visar ett äldre samtal/, "rollback");
});

test("a page that is another board on the second visit is told, and nothing is sent", async () => {
  liar.lie = undefined;
  const { publicKey } = await signPairNew();
  await siteServe({ board: suiteBase64url(await boardId(publicKey)), root: suiteBase64url(publicKey) });
  await page.goto("about:blank");
  await page.goto(address);
  await assertAlarm(/annan nämnd än förra gången/, "root");
});
