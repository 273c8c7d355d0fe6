// A film and a voice are played within the page and nowhere else: neither on a full screen, nor in a small window above others, nor on a
// television, where "Lämna sidan" is not, or which stay when the page is left; and nothing saves them that does not say what stays.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { Page as FirefoxPage } from "puppeteer-core";
import { eventually } from "../../demo/device.ts";
import { filmTake } from "./boxes.ts";
import { look } from "./browser.ts";
import { freePorts, madeUpServe, type MadeUp } from "./embedding.ts";
import { Firefox, press, see } from "./firefox.ts";
import { login, open } from "./firefoxstage.ts";
import { conversationNew, entry, Stage, take } from "./stage.ts";

const TITLE = "Filmen hemifrån";
const FILM = "visning.mp4";
let neutral: MadeUp;
let stage: Stage;
let firefox: Firefox;
let citizen: Page;
let worker: Page;

before(async () => {
  const [at = 0] = await freePorts(1);
  neutral = await madeUpServe(at, () => ({ "/": "<h1>Uppehåll</h1>" }));
  stage = await Stage.set({ leave: `http://127.0.0.1:${at}/` });
  firefox = await Firefox.open();
  [citizen, worker] = await stage.bothIn("test.testsson", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Jag skickar en film");
  await take(worker, TITLE);
  await entry(worker, "Jag skickar en film").waitFor();
  await worker.locator("enrum-composer input.files").setInputFiles([{ name: FILM, mimeType: "video/mp4", buffer: await filmTake(worker) }]);
  await worker.locator(".chosen .bare").waitFor();
  await worker.getByRole("button", { name: "Skicka", exact: true }).click();
  await citizen.locator("enrum-attachment", { hasText: FILM }).waitFor();
});

after(async () => {
  await firefox?.close();
  await stage?.strike();
  neutral?.close();
});

const dialog = () => citizen.getByRole("dialog", { name: FILM });
const film = () => dialog().locator("video");

async function opened(): Promise<void> {
  await citizen.getByRole("button", { name: `Öppna: ${FILM}` }).click();
  await film().waitFor();
  await film().evaluate((video: HTMLVideoElement) => new Promise<void>((resolve) => {
    if (video.readyState >= 2) resolve();
    else video.onloadeddata = () => resolve();
  }));
}

interface Node {
  attributes?: string[];
  children?: Node[];
  shadowRoots?: Node[];
}

/** Of what the browser's controls offer beside playing: what would leave the page. */
const OUT = ["cast", "download", "fullscreen", "picture-in-picture"];

/** What the browser itself offers to do with what it plays: the buttons of its controls, and what its menu has. */
async function offered(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { root } = await session.send("DOM.getDocument", { depth: -1, pierce: true });
  await session.detach();
  const found: string[] = [];
  const visit = (node: Node, isHidden: boolean): void => {
    const { attributes = [] } = node;
    const of = (name: string) => attributes[attributes.findIndex((one, index) => index % 2 === 0 && one === name) + 1] ?? "";
    const has = (name: string) => attributes.some((one, index) => index % 2 === 0 && one === name);
    const pseudo = has("pseudo") ? of("pseudo") : "";
    const isOff = (has("style") && of("style").includes("display: none")) || has("disabled");
    const name = /media-controls-([a-z-]+)-button$/.exec(pseudo)?.[1];
    if (name !== undefined && !isHidden && !isOff) found.push(name);
    // The menu is shut, and has what it has.
    for (const below of [...node.children ?? [], ...node.shadowRoots ?? []]) visit(below, isHidden || (isOff && !pseudo.endsWith("menu-list")));
  };
  visit(root as Node, false);
  assert.ok(found.includes("play"), "the controls are there");
  return OUT.filter((name) => found.includes(name));
}

async function isAway(): Promise<void> {
  await citizen.getByText("Uppehåll").waitFor();
}

test("of a film the browser offers nothing that leaves the page", async () => {
  await opened();
  assert.deepEqual(await offered(citizen), []);
  await look(citizen, "player-film-360");
  await film().dblclick();
  assert.equal(await citizen.evaluate(() => document.fullscreenElement), null);
  assert.deepEqual(await film().evaluate((video: HTMLVideoElement) => [video.disablePictureInPicture, (video as HTMLVideoElement & { disableRemotePlayback: boolean }).disableRemotePlayback]), [true, true]);
  // What it offers otherwise is seen here; the small window the page's headers forbid as well.
  await film().evaluate((video) => ["controlslist", "disablepictureinpicture"].forEach((name) => video.removeAttribute(name)));
  await eventually("all of it", async () => `${await offered(citizen)}` === "download,fullscreen");
  await dialog().getByRole("button", { name: "Stäng" }).click();
});

test("a full screen that a browser offers all the same ends by itself, and the film is within the page", async () => {
  await opened();
  await film().evaluate((video: HTMLVideoElement) => {
    document.addEventListener("fullscreenchange", () => document.documentElement.dataset.times = `${Number(document.documentElement.dataset.times ?? 0) + 1}`);
    return video.requestFullscreen();
  });
  await citizen.locator("html[data-times='2']").waitFor({ state: "attached" });
  assert.equal(await citizen.evaluate(() => document.fullscreenElement), null);
  await dialog().getByRole("link", { name: "Lämna sidan" }).waitFor();
});

test("Esc three times leaves the page from the film, which is gone with it", async () => {
  const url = await film().evaluate((video: HTMLVideoElement) => {
    video.focus();
    return video.src;
  });
  for (let n = 0; n < 3; n++) await citizen.keyboard.press("Escape");
  await isAway();
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  assert.equal(await citizen.evaluate((gone) => new Promise((resolve) => Object.assign(document.createElement("video"), { src: gone, onerror: () => resolve("gone"), onloadeddata: () => resolve("there") })), url), "gone");
  stage.phone.complaints.splice(0).forEach((complaint) => assert.match(complaint, /ERR_FILE_NOT_FOUND/));
});

test("the link leaves it while the film plays", async () => {
  await opened();
  await film().evaluate((video: HTMLVideoElement) => Object.assign(video, { muted: true, loop: true }).play());
  await dialog().getByRole("link", { name: "Lämna sidan" }).click();
  await isAway();
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
});

test("of a voice, too, one's own before it is sent and another's, there is nothing to save beside the button that says what stays", async () => {
  await citizen.getByRole("button", { name: "Spela in" }).click();
  await citizen.getByRole("timer").filter({ hasText: /0:(0[2-9]|[1-5]\d)/ }).waitFor();
  await citizen.getByRole("button", { name: "Stoppa" }).click();
  await citizen.locator(".voice audio").waitFor();
  await eventually("it can be played", () => citizen.locator(".voice audio").evaluate((audio: HTMLAudioElement) => audio.readyState >= 2));
  assert.deepEqual(await offered(citizen), []);
  await citizen.getByRole("button", { name: "Skicka", exact: true }).click();
  await worker.getByRole("button", { name: /^Lyssna: rost-/ }).click();
  await worker.locator("enrum-attachment audio").waitFor();
  await eventually("it can be played", () => worker.locator("enrum-attachment audio").evaluate((audio: HTMLAudioElement) => audio.readyState >= 2));
  assert.deepEqual(await offered(worker), []);
});

test("in Firefox, whose controls have a button for it, a full screen ends by itself, too", async () => {
  const page: FirefoxPage = await firefox.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await login(page, "test.testsson");
  await open(page, TITLE);
  await press(page.mainFrame(), "enrum-attachment button", new RegExp(`^Öppna: ${FILM}$`));
  await see(page.mainFrame(), "dialog[open] a.leave", /^Lämna sidan$/);
  await page.evaluate(() => document.addEventListener("fullscreenchange", () => document.documentElement.dataset.times = `${Number(document.documentElement.dataset.times ?? 0) + 1}`));
  // Only whoever presses something gets one.
  await page.$eval("dialog[open] video", (video) => addEventListener("keydown", () => void video.requestFullscreen(), { once: true }));
  await page.keyboard.press("f");
  await see(page.mainFrame(), "html[data-times='2']", /^/);
  assert.equal(await page.evaluate(() => document.fullscreenElement === null), true);
  await page.focus("dialog[open] video");
  for (let n = 0; n < 3; n++) await page.keyboard.press("Escape");
  await see(page.mainFrame(), "h1", /^Uppehåll$/);
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean(`http://127.0.0.1:${neutral.port}`));
