// pictures -- files that people send: a photo as a telephone makes it, with where it was taken; made by the browser's own encoder.
import { crc32 } from "node:zlib";
import type { Page } from "playwright-core";

export interface Picked {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Stands in the photo's hidden part. */
export const SECRET_PLACE = "HEMLIG-PLATS-57N42-11E58";

/** A picture as the page's canvas encodes it: left half red, right half blue; `isOpen`: the rest shows through. */
export async function pictureDraw(page: Page, type: "image/jpeg" | "image/png" | "image/webp", width: number, height: number, isOpen = false): Promise<Buffer> {
  const bytes = await page.evaluate(async ([kind, w, h, open]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h });
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#c02020";
    context.fillRect(0, 0, w / 2, open ? h / 2 : h);
    context.fillStyle = "#2020c0";
    context.fillRect(w / 2, 0, w / 2, open ? h / 2 : h);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, kind, 0.9));
    return [...new Uint8Array(await blob!.arrayBuffer())];
  }, [type, width, height, isOpen] as const);
  return Buffer.from(bytes);
}

/** An Exif part (TIFF, most significant first): turned by `orientation`, and with a GPS directory that names a place. */
export function exif(orientation: number): Buffer {
  const text = Buffer.from(`${SECRET_PLACE}\0`);
  const tiff = Buffer.alloc(8 + 2 + 3 * 12 + 4 + 2 + 12 + 4);
  const entry = (at: number, tag: number, type: number, count: number, value: number, isShort = false) => {
    tiff.writeUInt16BE(tag, at);
    tiff.writeUInt16BE(type, at + 2);
    tiff.writeUInt32BE(count, at + 4);
    if (isShort) tiff.writeUInt16BE(value, at + 8);
    else tiff.writeUInt32BE(value, at + 8);
  };
  const gps = 8 + 2 + 3 * 12 + 4;
  tiff.write("MM\0*", 0, "latin1");
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(3, 8);
  entry(10, 0x010e, 2, text.length, tiff.length);
  entry(22, 0x0112, 3, 1, orientation, true);
  entry(34, 0x8825, 4, 1, gps);
  tiff.writeUInt16BE(1, gps);
  entry(gps + 2, 0x001b, 7, text.length, tiff.length);
  return Buffer.concat([Buffer.from("Exif\0\0"), tiff, text]);
}

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** As a telephone that was held upright makes it: lying, with the word that it is to be turned, where it was, and XMP beside. */
export async function photoTake(page: Page, width = 1600, height = 1200): Promise<Buffer> {
  const jpeg = await pictureDraw(page, "image/jpeg", width, height);
  const xmp = Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/">${SECRET_PLACE}</x:xmpmeta>`);
  return Buffer.concat([jpeg.subarray(0, 2), segment(0xe1, exif(6)), segment(0xe1, xmp), segment(0xfe, Buffer.from(SECRET_PLACE)), jpeg.subarray(2), Buffer.from(SECRET_PLACE)]);
}

function pngChunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** With words, and where it was, in each way that PNG has; and behind its end. */
export async function pngTake(page: Page): Promise<Buffer> {
  const png = await pictureDraw(page, "image/png", 300, 200);
  const head = 8 + 12 + 13;
  const hidden = [["tEXt", `Comment\0${SECRET_PLACE}`], ["iTXt", `XML:com.adobe.xmp\0\0\0\0\0${SECRET_PLACE}`], ["prIv", SECRET_PLACE]] as const;
  const chunks = [...hidden.map(([type, text]) => pngChunk(type, Buffer.from(text))), pngChunk("eXIf", exif(6).subarray(6))];
  return Buffer.concat([png.subarray(0, head), ...chunks, png.subarray(head), Buffer.from(SECRET_PLACE)]);
}

function riffChunk(type: string, body: Buffer): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** In the extended form, with Exif and XMP. */
export async function webpTake(page: Page): Promise<Buffer> {
  const webp = await pictureDraw(page, "image/webp", 300, 200);
  const chunks = webp.toString("latin1", 12, 16) === "VP8X" ? webp.subarray(12 + 18) : webp.subarray(12);
  const extended = Buffer.from([0x0c, 0, 0, 0, 299 & 255, 299 >> 8, 0, 199, 0, 0]);
  const body = Buffer.concat([Buffer.from("WEBP"), riffChunk("VP8X", extended), chunks, riffChunk("EXIF", exif(6)), riffChunk("XMP ", Buffer.from(SECRET_PLACE)), riffChunk("odd ", Buffer.from(SECRET_PLACE))]);
  return riffChunk("RIFF", body);
}

/** Two pictures that take turns for ever; with a comment, XMP, and words behind the end. */
export function gifTake(): Buffer {
  const image = Buffer.from("21f904000a000000" + "2c00000000010001000002024401" + "00", "hex");
  const loops = Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from("NETSCAPE2.0"), Buffer.from([3, 1, 0, 0, 0])]);
  const said = (label: readonly number[], name: string) => Buffer.concat([Buffer.from(label), Buffer.from(name), Buffer.from([SECRET_PLACE.length]), Buffer.from(SECRET_PLACE), Buffer.from([0])]);
  const head = Buffer.concat([Buffer.from("GIF89a"), Buffer.from([1, 0, 1, 0, 0x80, 0, 0, 200, 30, 30, 30, 30, 200])]);
  return Buffer.concat([head, loops, said([0x21, 0xfe], ""), said([0x21, 0xff, 11], "XMP DataXMP"), image, image, Buffer.from(";"), Buffer.from(SECRET_PLACE)]);
}

/** Width and height that a JPEG says it has. */
export function jpegSize(jpeg: Buffer): [number, number] {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  throw new Error("no JPEG");
}
