// In Firefox, also with its own guard against fingerprints (privacy.resistFingerprinting), what a camera writes into a file beside the
// picture does not leave the device without a word; what cannot be made bare surely is asked about, and goes only when it is wanted.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { ElementHandle, Page } from "puppeteer-core";
import { HIDDEN } from "../../client-sdk/web/pages/words/hidden.ts";
import { avifTake, filmTake, heicTake, WHEN } from "./boxes.ts";
import { Browser } from "./browser.ts";
import { Firefox, FINGER, look, press, see, seeOnly, type, until } from "./firefox.ts";
import { conversationNew, exactly, FirefoxStage, login, recorded, take } from "./firefoxstage.ts";
import { gifTake, photoTake, pngTake, SECRET_PLACE, webpTake } from "./pictures.ts";

const TITLE = "Var vi bor";
const FIRST = "Jag skickar bilder";

let stage: FirefoxStage;
/** With the guard. */
let guarded: Firefox;
let citizen: Page;
let wary: Page;
let worker: Page;
let photos: Record<string, Buffer>;
let film: Buffer;

before(async () => {
  stage = await FirefoxStage.set({}, FINGER);
  // The encoders of another browser make them.
  const maker = await Browser.open({ phone: false });
  try {
    const page = await maker.tab(stage.installation.pagesUrl("bjuv", "citizen"));
    photos = { "foto.jpg": await photoTake(page, 320, 240), "foto.png": await pngTake(page), "foto.webp": await webpTake(page), "foto.gif": gifTake(), "foto.avif": await avifTake(page) };
    film = await filmTake(page);
  } finally {
    await maker.close();
  }
  [citizen, worker] = await Promise.all([stage.in(stage.phone, "citizen", "test.foralder"), stage.in(stage.desk, "staff", "bjuv.handlaggare")]);
  await citizen.setViewport({ width: 360, height: 740 });
  await conversationNew(citizen, TITLE, FIRST);
  await take(worker, TITLE);
  await recorded(worker, FIRST);
});

after(async () => {
  await guarded?.close();
  await stage?.strike();
});

async function choose(page: Page, files: Record<string, Buffer>): Promise<void> {
  const paths = Object.entries(files).map(([name, bytes]) => {
    const path = stage.installation.path(name);
    writeFileSync(path, bytes);
    return path;
  });
  const input = await until("the field for files", () => page.$("enrum-composer input.files")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(...paths);
}

const chip = (page: Page, name: string, words: string) => see(page.mainFrame(), ".chosen li", new RegExp(`${exactly(name)}.*${exactly(words)}`));

/** What the caseworker saves. */
async function arrived(name: string): Promise<Buffer> {
  await press(worker.mainFrame(), "enrum-attachment button", new RegExp(`^Spara: ${exactly(name)}$`));
  return readFileSync(await stage.desk.saved(new RegExp(`^${exactly(name)}$`)));
}

/** Chosen, said to be bare, sent, and searched by the other one for where it was made. */
async function goesBare(page: Page, files: Record<string, Buffer>): Promise<Record<string, Buffer>> {
  for (const [name, bytes] of Object.entries(files)) assert.ok(bytes.includes(SECRET_PLACE), `${name} tells where it was made`);
  await choose(page, files);
  for (const name of Object.keys(files)) await chip(page, name, HIDDEN.sv.bare);
  await press(page.mainFrame(), "enrum-composer button", /^Skicka$/);
  const got: Record<string, Buffer> = {};
  for (const name of Object.keys(files)) {
    got[name] = await arrived(name);
    assert.equal(got[name].includes("HEMLIG"), false, name);
  }
  return got;
}

/** How it is shown: its sides, and what is in the middle of its upper and lower quarter. */
function shown(bytes: Buffer): Promise<{ sides: number[]; upper: string; lower: string }> {
  return worker.evaluate(async (given) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0))]), { imageOrientation: "from-image" });
    const { width, height } = bitmap;
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const at = (y: number) => {
      const [red = 0, , blue = 0] = context.getImageData(Math.floor(width / 2), Math.floor(y), 1, 1).data;
      return red > blue ? "red" : "blue";
    };
    return { sides: [width, height], upper: at(height / 4), lower: at(height * 3 / 4) };
  }, bytes.toString("base64"));
}

test("in Firefox a picture of telephones' newer kind and a film go without where they were made, and the film is played", async () => {
  const { heic, picture } = heicTake();
  const got = await goesBare(citizen, { "IMG_2042.HEIC": heic, "film.mp4": film });
  assert.equal(got["IMG_2042.HEIC"]?.indexOf(picture), heic.indexOf(picture));
  assert.equal(got["IMG_2042.HEIC"]?.includes("Exif"), false);
  assert.ok(film.includes(WHEN));
  assert.equal(got["film.mp4"]?.includes(WHEN), false, "when");
  const played = await worker.evaluate(async (given) => {
    const bytes = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
    const video = Object.assign(document.createElement("video"), { muted: true, src: URL.createObjectURL(new Blob([bytes], { type: "video/mp4" })) });
    await new Promise((resolve, reject) => Object.assign(video, { onended: resolve, onerror: () => reject(new Error(video.error?.message)) }) && void video.play());
    return [video.videoWidth, video.videoHeight, video.duration];
  }, got["film.mp4"]?.toString("base64") ?? "");
  assert.deepEqual(played, [64, 48, 2]);
});

test("in Firefox what cannot be made bare surely is asked about, and goes only when it is wanted", async () => {
  const { heic } = heicTake();
  const cut = heic.subarray(0, heic.length - 40);
  const webm = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.from(SECRET_PLACE)]);
  await choose(citizen, { "avbruten.heic": cut, "inspelning.webm": webm, "skannad.tif": Buffer.from(`II*\0${SECRET_PLACE}`) });
  for (const [name, asked] of [["avbruten.heic", HIDDEN.sv.picture], ["inspelning.webm", HIDDEN.sv.recording], ["skannad.tif", HIDDEN.sv.picture]] as const) await chip(citizen, name, asked);
  await type(citizen.mainFrame(), "enrum-composer textarea", "Vill ni se?");
  await citizen.keyboard.press("Enter");
  await look(citizen);
  for (const name of ["inspelning.webm", "skannad.tif"]) await press(citizen.mainFrame(), ".chosen button", new RegExp(`^${exactly(`${HIDDEN.sv.remove}: ${name}`)}$`));
  await seeOnly(citizen.mainFrame(), 1, ".chosen li", /^/);
  assert.equal(await citizen.$$eval("enrum-composer button:disabled", (all) => all.some(({ textContent }) => textContent?.trim() === "Skicka")), true);
  await press(citizen.mainFrame(), ".chosen button", new RegExp(`^${exactly(`${HIDDEN.sv.include}: avbruten.heic`)}$`));
  await chip(citizen, "avbruten.heic", HIDDEN.sv.whole);
  await press(citizen.mainFrame(), "enrum-composer button", /^Skicka$/);
  assert.deepEqual(await arrived("avbruten.heic"), cut);
  await see(worker.mainFrame(), ".entry:not(.draft)", /Vill ni se\?/);
  await seeOnly(worker.mainFrame(), 0, "enrum-attachment", /inspelning|skannad/);
});

test("a Firefox that guards itself against fingerprints sends photos as they were, the right way up, and without where they were taken", async () => {
  guarded = await Firefox.open({ ...FINGER, "privacy.resistFingerprinting": true, "privacy.spoof_english": 1 });
  wary = await guarded.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  // The guard is on: what is read of a canvas is not what was drawn.
  assert.equal(await wary.evaluate(() => {
    const context = Object.assign(document.createElement("canvas"), { width: 16, height: 16 }).getContext("2d")!;
    context.fillStyle = "#204060";
    context.fillRect(0, 0, 16, 16);
    return context.getImageData(0, 0, 16, 16).data.every((value, index) => value === [0x20, 0x40, 0x60, 0xff][index % 4]);
  }), false);
  await login(wary, "test.foralder");
  await press(wary.mainFrame(), "a.card", new RegExp(TITLE));
  await recorded(wary, FIRST);
  const got = await goesBare(wary, photos);
  for (const [name, bytes] of Object.entries(got)) assert.deepEqual(await shown(bytes), await shown(photos[name] as Buffer), name);
  assert.deepEqual(await shown(got["foto.jpg"] as Buffer), { sides: [240, 320], upper: "red", lower: "blue" });
});

test("a Firefox that guards itself asks about a photo that is broken, and sends nothing of it without the answer", async () => {
  await choose(wary, { "avbruten.jpg": (photos["foto.jpg"] as Buffer).subarray(0, 600) });
  await chip(wary, "avbruten.jpg", HIDDEN.sv.picture);
  await wary.focus("enrum-composer textarea");
  await wary.keyboard.type("Utan bilden");
  await wary.keyboard.press("Enter");
  await press(wary.mainFrame(), ".chosen button", new RegExp(`^${exactly(`${HIDDEN.sv.remove}: avbruten.jpg`)}$`));
  await press(wary.mainFrame(), "enrum-composer button", /^Skicka$/);
  await recorded(worker, "Utan bilden");
  await seeOnly(worker.mainFrame(), 0, "enrum-attachment", /avbruten\.jpg/);
});
