// pictures -- files that people send: a photo as a telephone makes it, with where it was taken; made by the browser's own encoder.
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
function exif(orientation: number): Buffer {
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

/** Width and height that a JPEG says it has. */
export function jpegSize(jpeg: Buffer): [number, number] {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  throw new Error("no JPEG");
}
