// What a camera writes into a file beside the picture does not leave the device: where the browser cannot, or may not, draw a picture anew,
// and in films. What is not known surely is asked about first.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { bareBoxes } from "../../client-sdk/web/pages/barebox.ts";
import { bareGif, bareJpeg, barePng, bareWebp } from "../../client-sdk/web/pages/barepicture.ts";
import { HIDDEN } from "../../client-sdk/web/pages/words/hidden.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { avifTake, filmTake, heicTake, WHEN } from "./boxes.ts";
import { languageChoose, look } from "./browser.ts";
import { gifTake, photoTake, pictureDraw, pngTake, SECRET_PLACE, webpTake, type Picked } from "./pictures.ts";
import { conversationNew, entry, Stage, take } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
let photos: Picked[];
let film: Picked;
const TITLE = "Var vi bor";

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.testsson", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Jag skickar bilder");
  await take(worker, TITLE);
  await entry(worker, "Jag skickar bilder").waitFor();
  photos = [
    { name: "foto.jpg", mimeType: "image/jpeg", buffer: await photoTake(citizen, 320, 240) }, { name: "foto.png", mimeType: "image/png", buffer: await pngTake(citizen) },
    { name: "foto.webp", mimeType: "image/webp", buffer: await webpTake(citizen) }, { name: "foto.gif", mimeType: "image/gif", buffer: gifTake() },
    { name: "foto.avif", mimeType: "image/avif", buffer: await avifTake(citizen) },
  ];
  film = { name: "film.mp4", mimeType: "video/mp4", buffer: await filmTake(citizen) };
});

after(() => stage?.strike());

/** As a browser that guards against fingerprints: what is read of a canvas is noise. */
async function canvasGuard(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { getImageData } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.getImageData = function(...given: Parameters<typeof getImageData>) {
      const read = getImageData.apply(this, given);
      read.data.fill(255);
      return read;
    };
  });
  await page.reload();
}

const chips = (page: Page) => page.locator(".chosen li");
const chip = (page: Page, name: string) => chips(page).filter({ hasText: name });
const file = (page: Page, name: string): Locator => page.locator(".entry:not(.draft)", { has: page.locator("enrum-attachment", { hasText: name }) });
const send = (page: Page) => page.getByRole("button", { name: "Skicka", exact: true });

async function choose(page: Page, ...files: Picked[]): Promise<void> {
  await page.locator("enrum-composer input.files").setInputFiles(files);
}

async function arrived(name: string): Promise<Buffer> {
  await file(worker, name).getByText("Journalförd", { exact: true }).waitFor();
  const [download] = await Promise.all([worker.waitForEvent("download"), file(worker, name).getByRole("button", { name: `Spara: ${name}` }).click()]);
  return readFileSync(await download.path());
}

/** Chosen, said to be bare, sent, and searched by the other one for where it was made. */
async function goesBare(...files: Picked[]): Promise<Buffer[]> {
  for (const { buffer } of files) assert.ok(buffer.includes(SECRET_PLACE), "it tells where it was made");
  await choose(citizen, ...files);
  for (const { name } of files) await chip(citizen, name).filter({ hasText: HIDDEN.sv.bare }).waitFor();
  await send(citizen).click();
  const bytes: Buffer[] = [];
  for (const { name } of files) bytes.push(await arrived(name));
  for (const [index, got] of bytes.entries()) assert.equal(got.includes("HEMLIG"), false, files[index]?.name);
  return bytes;
}

/** How it is shown: its sides, and what is in the middle of its upper and lower quarter. */
async function shown(bytes: Buffer, type: string): Promise<{ sides: number[]; upper: string; lower: string; frames: number }> {
  return worker.evaluate(async ([given, kind]) => {
    const data = new Uint8Array(given);
    const bitmap = await createImageBitmap(new Blob([data], { type: kind }), { imageOrientation: "from-image" });
    const { width, height } = bitmap;
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const at = (y: number) => {
      const [red = 0, , blue = 0] = context.getImageData(Math.floor(width / 2), Math.floor(y), 1, 1).data;
      return red > blue ? "red" : "blue";
    };
    const decoder = new ImageDecoder({ data, type: kind });
    await decoder.tracks.ready;
    return { sides: [width, height], upper: at(height / 4), lower: at(height * 3 / 4), frames: decoder.tracks.selectedTrack?.frameCount ?? 0 };
  }, [[...bytes], type] as const);
}

test("a browser that guards its canvas sends photos as they were, the right way up, and without where they were taken", async () => {
  const before = await Promise.all(photos.map(({ buffer, mimeType }) => shown(buffer, mimeType)));
  await canvasGuard(citizen);
  await entry(citizen, "Jag skickar bilder").waitFor();
  const got = await goesBare(...photos);
  const now = await Promise.all(got.map((bytes, index) => shown(bytes, photos[index]?.mimeType ?? "")));
  assert.deepEqual(now, before);
  assert.deepEqual(now[0], { sides: [240, 320], upper: "red", lower: "blue", frames: 1 });
  assert.deepEqual(now.map(({ frames }) => frames), [1, 1, 1, 2, 1]);
  // Which way up is all that an Exif part says, where there is one still.
  for (const bytes of got.slice(0, 3)) assert.equal(bytes.includes("MM\0*\0\0\0\x08\0\x01\x01\x12", 0, "latin1"), bytes.includes("MM\0*"));
});

test("what no browser here can draw goes without where it was taken, and each byte of the picture is there", async () => {
  const { heic, picture } = heicTake();
  // Some systems have no name for its type.
  const [got = Buffer.alloc(0)] = await goesBare({ name: "IMG_2042.HEIC", mimeType: "", buffer: heic });
  assert.equal(got.length, heic.length);
  assert.equal(got.indexOf(picture), heic.indexOf(picture));
  assert.equal(got.includes("Exif"), false);
});

test("a film goes without where it was made, when, and the way its camera went, and is played", async () => {
  const [got = Buffer.alloc(0)] = await goesBare(film);
  assert.equal(got.length, film.buffer.length);
  assert.ok(film.buffer.includes(WHEN));
  assert.equal(got.includes(WHEN), false, "when");
  const played = await worker.evaluate(async (given) => {
    const video = Object.assign(document.createElement("video"), { muted: true, src: URL.createObjectURL(new Blob([new Uint8Array(given)], { type: "video/mp4" })) });
    await new Promise((resolve, reject) => Object.assign(video, { onended: resolve, onerror: () => reject(new Error(video.error?.message)) }) && void video.play());
    return [video.videoWidth, video.videoHeight, video.duration, video.getVideoPlaybackQuality().corruptedVideoFrames];
  }, [...got]);
  assert.deepEqual(played, [64, 48, 2, 0]);
});

test("what cannot be made bare surely is asked about, the safe answer first, and goes only when it is wanted", async () => {
  const { heic } = heicTake();
  const doubted: Picked[] = [
    { name: "avbruten.heic", mimeType: "image/heic", buffer: heic.subarray(0, heic.length - 40) },
    { name: "inspelning.webm", mimeType: "video/webm", buffer: Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.from(SECRET_PLACE)]) },
  ];
  await choose(citizen, ...doubted, { name: "skannad.tif", mimeType: "", buffer: Buffer.from(`II*\0${SECRET_PLACE}`) });
  await citizen.getByLabel("Skriv ett meddelande").fill("Vill ni se?");
  for (const [name, asked] of [["avbruten.heic", HIDDEN.sv.picture], ["inspelning.webm", HIDDEN.sv.recording], ["skannad.tif", HIDDEN.sv.picture]] as const) {
    await chip(citizen, name).getByRole("group", { name: asked }).waitFor();
    assert.deepEqual(await chip(citizen, name).locator(".tells button").allTextContents(), [HIDDEN.sv.remove, HIDDEN.sv.include]);
  }
  assert.equal(await send(citizen).isDisabled(), true);
  await citizen.getByLabel("Skriv ett meddelande").press("Enter");
  await look(citizen, "hidden-asked-360");
  await citizen.getByRole("button", { name: `${HIDDEN.sv.remove}: inspelning.webm` }).press("Enter");
  await citizen.getByRole("button", { name: `${HIDDEN.sv.remove}: skannad.tif` }).press("Enter");
  await citizen.locator("textarea:focus").waitFor();
  assert.equal(await send(citizen).isDisabled(), true);
  await citizen.getByRole("button", { name: `${HIDDEN.sv.include}: avbruten.heic` }).press("Enter");
  await chip(citizen, "avbruten.heic").filter({ hasText: HIDDEN.sv.whole }).waitFor();
  await send(citizen).click();
  assert.deepEqual(await arrived("avbruten.heic"), doubted[0]?.buffer);
  await file(worker, "avbruten.heic").getByText("Vill ni se?").waitFor();
  assert.equal(await worker.getByText("inspelning.webm").count() + await worker.getByText("skannad.tif").count(), 0);
});

test("the question is asked at a desk, and in Arabic", async () => {
  const doubted = { name: "avbruten.jpg", mimeType: "image/jpeg", buffer: (await pictureDraw(citizen, "image/jpeg", 60, 40)).subarray(0, 300) };
  await choose(worker, doubted);
  await chips(worker).getByRole("group", { name: HIDDEN.sv.picture }).waitFor();
  await look(worker, "hidden-asked-1280");
  await worker.getByRole("button", { name: `${HIDDEN.sv.remove}: avbruten.jpg` }).click();
  await chips(worker).waitFor({ state: "detached" });
  await languageChoose(citizen, "العربية");
  await choose(citizen, doubted);
  await chips(citizen).getByRole("group", { name: HIDDEN.ar.picture }).waitFor();
  await look(citizen, "hidden-asked-ar-360");
});

test("of a file that is cut off anywhere, or has a bit turned, the reading comes to an end, and a cut one never shows the place", async () => {
  const { heic } = heicTake();
  const all: [Buffer, (bytes: Bytes) => Bytes][] = [
    [photos[0]?.buffer as Buffer, bareJpeg], [photos[1]?.buffer as Buffer, barePng], [photos[2]?.buffer as Buffer, bareWebp], [gifTake(), bareGif], [heic, bareBoxes], [film.buffer, bareBoxes],
  ];
  for (const [whole, bare] of all) {
    const tried = (bytes: Buffer) => {
      try {
        return Buffer.from(bare(Uint8Array.from(bytes)));
      } catch {
        return Buffer.alloc(0);
      }
    };
    assert.equal(tried(whole).includes("HEMLIG"), false);
    assert.ok(tried(whole).length > 0);
    for (let length = 0; length < whole.length; length++) assert.equal(tried(whole.subarray(0, length)).includes("HEMLIG"), false, `${bare.name} at ${length}`);
    for (let bit = 0; bit < Math.min(whole.length, 3_000) * 8; bit += 3) {
      const turned = Buffer.from(whole);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      tried(turned);
    }
  }
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
