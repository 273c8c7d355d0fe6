// Two people send each other files from their browsers: photos without what the camera writes into them, and everything else.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { eventually } from "../../demo/device.ts";
import { axe, Browser, languageChoose, loginDone, overflow, screenshot } from "./browser.ts";
import { heardAll, listen } from "./hearing.ts";
import { jpegSize, photoTake, pictureDraw, SECRET_PLACE, type Picked } from "./pictures.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
const TITLE = "Kvitton och intyg";

before(async () => {
  stage = await Stage.set();
  [citizen, worker] = await stage.bothIn("test.testsson", "bjuv.handlaggare");
  await conversationNew(citizen, TITLE, "Jag skickar filer");
  await take(worker, TITLE);
  await entry(worker, "Jag skickar filer").waitFor();
});

after(() => stage?.strike());

async function choose(page: Page, ...files: Picked[]): Promise<void> {
  await page.locator("enrum-composer input.files").setInputFiles(files);
}

/** Files on this machine's disk, as large ones are. */
async function chooseLarge(page: Page, files: Record<string, Buffer>): Promise<void> {
  const paths = Object.entries(files).map(([name, bytes]) => {
    const path = stage.installation.path(name);
    writeFileSync(path, bytes);
    return path;
  });
  await page.locator("enrum-composer input.files").setInputFiles(paths);
}

const send = (page: Page) => page.getByRole("button", { name: "Skicka", exact: true }).click();
const chips = (page: Page) => page.locator(".chosen li");
/** The entry of the file of this name, once it is acknowledged. */
const file = (page: Page, name: string): Locator => page.locator(".entry:not(.draft)", { has: page.locator("enrum-attachment", { hasText: name }) });

async function saved(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  // Then nothing moves under the pointer any more.
  await file(page, name).getByText("Journalförd", { exact: true }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), file(page, name).getByRole("button", { name: `Spara: ${name}` }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const pdf = (name: string, bytes: Buffer): Picked => ({ name, mimeType: "application/pdf", buffer: bytes });

test("a photo is sent upright and without what the camera wrote into it, with a small picture of it", async () => {
  const photo = await photoTake(citizen);
  assert.ok(photo.includes("Exif") && photo.includes(SECRET_PLACE), "the photo tells where it was taken");
  await choose(citizen, { name: "IMG_2041.jpg", mimeType: "image/jpeg", buffer: photo });
  await chips(citizen).filter({ hasText: "Plats och annat dolt är borttaget." }).waitFor();
  await screenshot(citizen, "files-chosen-360");
  assert.deepEqual(await axe(citizen), []);
  assert.ok(await overflow(citizen) <= 0);
  await citizen.getByLabel("Skriv ett meddelande").fill("Här är kvittot");
  await send(citizen);
  await file(worker, "IMG_2041.jpg").getByText("Här är kvittot").waitFor();
  assert.equal(await chips(citizen).count(), 0);
  const thumb = file(worker, "IMG_2041.jpg").getByRole("img", { name: "IMG_2041.jpg" });
  const { width, height } = await thumb.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  });
  assert.ok(height > width && height <= 320, `${width} x ${height}`);
  const { bytes, name } = await saved(worker, "IMG_2041.jpg");
  assert.equal(name, "IMG_2041.jpg");
  for (const hidden of ["Exif", SECRET_PLACE, "xmp", "http"]) assert.equal(bytes.includes(hidden), false, hidden);
  assert.deepEqual(jpegSize(bytes), [1200, 1600]);
  assert.ok(bytes.length <= photo.length);
});

test("where there is a finger there is a camera to send from, and elsewhere only files", async () => {
  await citizen.getByRole("button", { name: "Ta foto" }).waitFor();
  assert.deepEqual(await citizen.locator("enrum-composer input.camera").evaluate((input: HTMLInputElement) => [input.accept, input.getAttribute("capture")]), ["image/*", "environment"]);
  await citizen.locator("enrum-composer input.camera").setInputFiles([{ name: "image.jpg", mimeType: "image/jpeg", buffer: await photoTake(citizen, 200, 100) }]);
  await chips(citizen).getByRole("button", { name: "Ta bort: image.jpg" }).click();
  await chips(citizen).waitFor({ state: "detached" });
  await worker.getByRole("button", { name: "Bifoga fil" }).waitFor();
  assert.equal(await worker.getByRole("button", { name: "Ta foto" }).count(), 0);
});

test("a picture is opened within the page, and nothing of it is held when it is closed", async () => {
  await file(worker, "IMG_2041.jpg").getByRole("button", { name: "Öppna: IMG_2041.jpg" }).click();
  const dialog = worker.getByRole("dialog", { name: "IMG_2041.jpg" });
  const image = dialog.getByRole("img");
  await image.evaluate((shown: HTMLImageElement) => shown.decode());
  await screenshot(worker, "files-picture-1280");
  assert.deepEqual(await axe(worker), []);
  const url = await image.evaluate((shown: HTMLImageElement) => shown.src);
  assert.match(url, /^blob:/);
  await worker.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  // The browser takes an address back in its own time; and what has come by one it holds, so that each try has its own.
  let tries = 0;
  await eventually("it is gone", () => worker.evaluate((gone) => {
    const again = Object.assign(new Image(), { src: gone });
    return again.decode().then(() => false, () => true);
  }, `${url}#${tries++}`));
  await eventually("the browser's complaint of it", async () => stage.desk.complaints.length > 0);
  assert.match(stage.desk.complaints.splice(0).join(), /^Failed to load resource: net::ERR_FILE_NOT_FOUND [^,]*$/);
});

test("what shows through stays, what cannot be made bare goes when that is wanted, what is no photo as it is, and all that is said", async () => {
  const gif = Buffer.concat([Buffer.from("GIF89a\x02\0\x02\0\x80\0\0\xff\0\0\0\0\xff", "latin1"), Buffer.from(SECRET_PLACE), Buffer.from(";")]);
  const heic = Buffer.concat([Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"), randomBytes(500)]);
  const open = await pictureDraw(citizen, "image/png", 300, 200, true);
  await choose(citizen,
    { name: "genomskinlig.png", mimeType: "image/png", buffer: open }, { name: "bred.webp", mimeType: "image/webp", buffer: await pictureDraw(citizen, "image/webp", 5000, 200) },
    { name: "rorlig.gif", mimeType: "image/gif", buffer: gif },
    { name: "IMG_2042.HEIC", mimeType: "image/heic", buffer: heic }, pdf("intyg.pdf", Buffer.from("%PDF-1.4 intyg")));
  await assertNotes([/genomskinlig.*borttaget/, /bred.*borttaget/, /rorlig[^]*Ska den skickas ändå\?/, /HEIC[^]*Ska den skickas ändå\?/, /intyg.*Skickas som den är/]);
  await screenshot(citizen, "files-chosen-many-360");
  for (const name of ["rorlig.gif", "IMG_2042.HEIC"]) await citizen.getByRole("button", { name: `Ja, ta med den: ${name}` }).click();
  await assertNotes([/genomskinlig/, /bred/, /rorlig.*Skickas som den är. Plats och annat kan stå i filen/, /HEIC.*Skickas som den är/]);
  await send(citizen);
  await isRecorded(citizen, "Här är kvittot");
  for (const [name, bytes] of [["rorlig.gif", gif], ["IMG_2042.HEIC", heic], ["intyg.pdf", Buffer.from("%PDF-1.4 intyg")]] as const) {
    await file(worker, name).waitFor();
    assert.deepEqual((await saved(worker, name)).bytes, bytes, name);
  }
  assert.deepEqual(jpegSize((await saved(worker, "bred.jpg")).bytes), [4096, 164]);
  const { bytes: png } = await saved(worker, "genomskinlig.png");
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  const alpha = await worker.evaluate(async (given) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(given)]));
    const context = Object.assign(document.createElement("canvas"), { width: 300, height: 200 }).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    return [context.getImageData(10, 190, 1, 1).data[3], context.getImageData(10, 10, 1, 1).data[3]];
  }, [...png]);
  assert.deepEqual(alpha, [0, 255]);
});

async function assertNotes(notes: RegExp[]): Promise<void> {
  for (const [index, note] of notes.entries()) await chips(citizen).nth(index).filter({ hasText: note }).waitFor();
}

test("a file is pasted, and another one is dropped on the page", async () => {
  const give = (kind: "paste" | "drop", name: string) => citizen.evaluate(([type, called]) => {
    const data = new DataTransfer();
    data.items.add(new File(["innehåll"], called, { type: "application/pdf" }));
    const target = document.querySelector(type === "paste" ? "enrum-composer textarea" : ".room")!;
    target.dispatchEvent(type === "paste"
      ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [kind, name] as const);
  await give("paste", "klistrad.pdf");
  await chips(citizen).getByText("klistrad.pdf").waitFor();
  await give("drop", "slappt.pdf");
  await chips(citizen).getByText("slappt.pdf").waitFor();
  await chips(citizen).getByRole("button", { name: "Ta bort: klistrad.pdf" }).click();
  assert.equal(await chips(citizen).count(), 1);
  await send(citizen);
  await file(worker, "slappt.pdf").waitFor();
  assert.equal(await file(worker, "klistrad.pdf").count(), 0);
});

test("of what is chosen a short sentence is said, and not the list anew; to discard one leaves the focus on the next, and then where one writes", async () => {
  await listen(citizen);
  await choose(citizen, ...["ett", "tva", "tre"].map((name) => pdf(`${name}.pdf`, Buffer.from(`%PDF-1.4 ${name}`))));
  const summary = (count: number) => `Valda filer: ${count}. Skickas som den är. Plats och annat kan stå i filen.`;
  await citizen.locator(".chosen [role=status]", { hasText: summary(3) }).waitFor();
  const active = () => citizen.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  await citizen.getByRole("button", { name: "Ta bort: ett.pdf" }).focus();
  for (const next of ["Ta bort: tva.pdf", "Ta bort: tre.pdf", "Skriv ett meddelande"]) {
    await citizen.keyboard.press("Enter");
    await eventually("the focus", async () => await active() === next);
  }
  assert.equal(await chips(citizen).count(), 0);
  const said = await heardAll(citizen);
  for (const count of [3, 2, 1]) assert.ok(said.includes(summary(count)), said.join("\n"));
  assert.deepEqual(said.filter((text) => /\.pdf/.test(text)), []);
  // What may tell more than its sender knows is asked aloud.
  await choose(citizen, { name: "rorlig.gif", mimeType: "image/gif", buffer: Buffer.concat([Buffer.from("GIF89a\x02\0\x02\0\x80\0\0\xff\0\0\0\0\xff", "latin1"), randomBytes(100)]) });
  await citizen.getByRole("button", { name: "Nej, ta bort den: rorlig.gif" }).click();
  assert.equal((await heardAll(citizen)).filter((text) => text === "rorlig.gif: Bilden kan avslöja var den är tagen. Ska den skickas ändå?").length, 1);
  await eventually("the focus where one writes", async () => await active() === "Skriv ett meddelande");
});

test("25 MB go; one byte more, nothing at all, and what is there besides are told apart", async () => {
  const largest = randomBytes(LIMITS.FILE_BYTES_MAX);
  await citizen.getByLabel("Skriv ett meddelande").fill("Den största");
  await chooseLarge(citizen, { "storst.pdf": largest, "for-stor.pdf": Buffer.alloc(LIMITS.FILE_BYTES_MAX + 1), "tom.pdf": Buffer.alloc(0) });
  await citizen.getByText("for-stor.pdf är för stor. En fil får vara högst 25 MB.").waitFor();
  await citizen.getByText("tom.pdf är tom.").waitFor();
  await chips(citizen).first().waitFor();
  assert.equal(await chips(citizen).count(), 1);
  assert.equal(await citizen.getByLabel("Skriv ett meddelande").inputValue(), "Den största");
  await screenshot(citizen, "files-refused-360");
  await send(citizen);
  const bar = citizen.getByRole("progressbar", { name: "Skickar: storst.pdf" });
  await bar.waitFor();
  await screenshot(citizen, "files-sending-360");
  assert.deepEqual(await axe(citizen), []);
  await file(worker, "storst.pdf").waitFor();
  const { bytes } = await saved(worker, "storst.pdf");
  assert.ok(bytes.equals(largest));
});

test("a file that is gone before it is sent is told, and the words stay", async () => {
  await chooseLarge(citizen, { "borta.pdf": Buffer.from("%PDF-1.4") });
  await chips(citizen).filter({ hasText: "Skickas som den är" }).waitFor();
  rmSync(stage.installation.path("borta.pdf"));
  await citizen.getByLabel("Skriv ett meddelande").fill("Orden är kvar");
  await send(citizen);
  await citizen.getByText("borta.pdf går inte att läsa. Välj den igen.").waitFor();
  assert.equal(await citizen.getByLabel("Skriv ett meddelande").inputValue(), "Orden är kvar");
  await citizen.getByLabel("Skriv ett meddelande").fill("");
});

test("what is sent and what is brought can be given up", async () => {
  await chooseLarge(citizen, { "angrad.pdf": randomBytes(LIMITS.FILE_BYTES_MAX) });
  await send(citizen);
  await citizen.getByRole("button", { name: "Avbryt: angrad.pdf" }).click();
  await citizen.getByRole("progressbar").waitFor({ state: "detached" });
  // Nothing of it comes before it is given up.
  const host = stage.installation.hostPid;
  process.kill(host, "SIGSTOP");
  try {
    await file(worker, "storst.pdf").getByRole("button", { name: "Spara: storst.pdf" }).click();
    await worker.getByRole("progressbar", { name: "Hämtar: storst.pdf" }).waitFor();
    await screenshot(worker, "files-bringing-1280");
    await worker.getByRole("button", { name: "Avbryt: storst.pdf" }).click();
  } finally {
    process.kill(host, "SIGCONT");
  }
  await file(worker, "storst.pdf").getByRole("button", { name: "Spara: storst.pdf" }).waitFor();
  await write(citizen, "Efter det som ångrades");
  await entry(worker, "Efter det som ångrades").waitFor();
  assert.equal(await worker.getByText("angrad.pdf").count(), 0);
});

test("a name that turns itself round and a type that would run are saved harmlessly, and never opened", async () => {
  const bytes = Buffer.from("<script>document.title = 'körd'</script>");
  await choose(worker, { name: "faktura\u202efdp.html", mimeType: "text/html", buffer: bytes });
  await send(worker);
  const name = "fakturafdp.html";
  await file(citizen, name).waitFor();
  assert.deepEqual(await file(citizen, name).getByRole("button").allTextContents().then((all) => all.filter((text) => text !== "Mer")), ["Spara"]);
  const got = await saved(citizen, name);
  assert.deepEqual(got, { name, bytes });
  assert.match(await citizen.title(), /Mina sidor$/);
});

test("the list, the record, its search, the saved record and what stands behind an entry say what it is", async () => {
  await choose(citizen, { name: "IMG_9.jpg", mimeType: "image/jpeg", buffer: await photoTake(citizen, 400, 300) });
  await send(citizen);
  await file(citizen, "IMG_9.jpg").waitFor();
  await file(citizen, "IMG_9.jpg").getByRole("button", { name: /^Mer om nr/ }).click();
  await citizen.getByText("Skrivet av").waitFor();
  await screenshot(citizen, "files-room-360");
  await worker.goto(stage.installation.pagesUrl("bjuv", "staff"));
  await worker.getByRole("link", { name: new RegExp(TITLE) }).getByText("Bild", { exact: true }).waitFor();
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await citizen.getByText("Du: Bild", { exact: true }).waitFor();
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByLabel("Sök i samtalet").fill("intyg.pdf");
  await citizen.getByText("1 träff").waitFor();
  await citizen.locator(".record").getByText("intyg.pdf").waitFor();
  await citizen.locator(".record").getByText("intyg.pdf").scrollIntoViewIfNeeded();
  await screenshot(citizen, "files-journal-360");
  assert.deepEqual(await axe(citizen), []);
  await citizen.getByLabel("Sök i samtalet").fill("");
  const [download] = await Promise.all([citizen.waitForEvent("download"), citizen.getByRole("button", { name: "Spara som fil" }).click()]);
  const text = readFileSync(await download.path(), "utf8");
  assert.match(text, /Testina Bjuvsdotter: Fil: fakturafdp\.html, 41 B\n/);
  assert.match(text, /Du: PDF: storst\.pdf, 26 MB/);
  assert.match(text, /Du: Bild: IMG_2041\.jpg, [\d,]+ kB\n {4}Här är kvittot/);
});

test("on a borrowed computer it is said that what is saved stays there; and all of it in Arabic", async () => {
  const borrowed = await Browser.open({ phone: true });
  const page = await borrowed.tab(stage.installation.pagesUrl("bjuv", "citizen"));
  await page.getByLabel("Jag lånar den här datorn eller telefonen").check();
  await loginDone(page, "test.testsson");
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await file(page, "IMG_9.jpg").getByText("Det du sparar ligger kvar på den här datorn eller telefonen.").waitFor();
  await languageChoose(page, "العربية");
  await choose(page, pdf("rapport.pdf", Buffer.from("%PDF-1.4")));
  await chips(page).waitFor();
  await screenshot(page, "files-room-ar-360");
  assert.deepEqual(await axe(page), []);
  assert.ok(await overflow(page) <= 0);
  await borrowed.close();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
