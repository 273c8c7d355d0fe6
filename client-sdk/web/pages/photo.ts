// photo -- a picture that somebody chose, drawn anew on this device: upright, no larger than needed, and without what a camera
// writes into it (place, time, owner, thumbnails). Only its pixels go into the new file. Loaded with the first file that is chosen.
import type { Bytes } from "../protocol/field.ts";
import { LIMITS } from "../protocol/tables.ts";
import { ascii, formatOf, HEAD_BYTES, isPicture } from "./magic.ts";

const SIDE_MAX_PX = 4096;
/** What phones' browsers draw without running out of memory. */
const PIXELS_MAX = 12_600_000;
/** From the first on: the first that makes no larger file than the camera did. */
const QUALITIES = [0.88, 0.8, 0.72] as const;
const PREVIEW_SIDES_PX = [320, 240, 160] as const;
const PREVIEW_QUALITIES = [0.7, 0.5, 0.35] as const;
/** Of a picture without transparency, so much more than a JPEG may the sharper PNG weigh: it is a screenshot, a drawing, a page. */
const PNG_WEIGHT_MAX = 1.5;
const PROBE_PX = 64;
/** A camera's is smaller; what is larger is not read into memory. */
const READ_BYTES_MAX = 100_000_000;

export interface Photo {
  blob: Blob;
  preview?: Blob;
}

// -- What it is -------------------------------------------------------------------------------------------------------

/** Its first chunks say so: length, type, so many bytes, checksum. */
function isMovingPng(bytes: Bytes): boolean {
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = ascii(bytes, at + 4, 4);
    if (type === "acTL" || type === "IDAT") return type === "acTL";
  }
  return false;
}

/** Several pictures in one file would become one. */
function isMoving(bytes: Bytes): boolean {
  if (ascii(bytes, 0, 3) === "GIF" || ascii(bytes, 4, 8) === "ftypavis") return true;
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 8) === "WEBPVP8X") return ((bytes[20] ?? 0) & 2) !== 0;
  return ascii(bytes, 1, 3) === "PNG" && isMovingPng(bytes);
}

// -- Drawing ----------------------------------------------------------------------------------------------------------

function draw(source: ImageBitmap, width: number, height: number, ground?: string): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  if (ground !== undefined) {
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
  }
  context.drawImage(source, 0, 0, width, height);
  return canvas;
}

function scaled({ width, height }: ImageBitmap, sideMax: number): [number, number] {
  const factor = Math.min(1, sideMax / Math.max(width, height), Math.sqrt(PIXELS_MAX / (width * height)));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/** A browser that does not write this type writes a PNG. */
async function encode(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  if (blob === null) throw new Error("the canvas gives no picture");
  return blob;
}

async function encodeJpeg(canvas: HTMLCanvasElement, bytesMax: number): Promise<Blob> {
  let blob = await encode(canvas, "image/jpeg", QUALITIES[0]);
  for (const quality of QUALITIES.slice(1)) {
    if (blob.size <= bytesMax) break;
    blob = await encode(canvas, "image/jpeg", quality);
  }
  return blob;
}

/** Of a picture that is scaled down, every place where something shows through does so a little. */
function isSeenThrough(bitmap: ImageBitmap): boolean {
  const { data } = draw(bitmap, PROBE_PX, PROBE_PX).getContext("2d")!.getImageData(0, 0, PROBE_PX, PROBE_PX);
  return data.some((value, index) => index % 4 === 3 && value < 255);
}

/** Some browsers that guard against fingerprints give back noise, or white, for what was drawn (privacy.resistFingerprinting). */
function canvasLies(): boolean {
  const canvas = Object.assign(document.createElement("canvas"), { width: 16, height: 1 });
  const context = canvas.getContext("2d");
  if (context === null) return true;
  for (let x = 0; x < 16; x++) {
    context.fillStyle = `rgb(${x * 16}, ${255 - x * 16}, ${(x * 80) % 256})`;
    context.fillRect(x, 0, 1, 1);
  }
  const { data } = context.getImageData(0, 0, 16, 1);
  return Array.from({ length: 16 }, (_none, x) => data[x * 4] === x * 16 && data[x * 4 + 1] === 255 - x * 16).includes(false);
}

async function previewMake(bitmap: ImageBitmap): Promise<Blob | undefined> {
  for (const side of PREVIEW_SIDES_PX) {
    const canvas = draw(bitmap, ...scaled(bitmap, side), "#fff");
    for (const quality of PREVIEW_QUALITIES) {
      const webp = await encode(canvas, "image/webp", quality);
      const blob = webp.type === "image/webp" ? webp : await encode(canvas, "image/jpeg", quality);
      if (blob.size <= LIMITS.PREVIEW_BYTES_MAX) return blob;
    }
  }
  return undefined;
}

async function redraw(bitmap: ImageBitmap, file: Blob, hasOnlyJpeg: boolean): Promise<Blob> {
  const [width, height] = scaled(bitmap, SIDE_MAX_PX);
  const isSmaller = width < bitmap.width;
  const canvas = draw(bitmap, width, height);
  if (hasOnlyJpeg) return encodeJpeg(canvas, isSmaller ? Infinity : file.size);
  const png = await encode(canvas, "image/png");
  if (isSeenThrough(bitmap)) return png;
  const jpeg = await encodeJpeg(canvas, Infinity);
  return png.size <= PNG_WEIGHT_MAX * jpeg.size ? png : jpeg;
}

/** undefined: no still picture that this browser can draw; see bare.ts. Rejects when it cannot be read. */
export async function photoMake(file: Blob): Promise<Photo | undefined> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (!isPicture(head, file.type) || file.size > READ_BYTES_MAX || canvasLies()) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isMoving(bytes)) return undefined;
  let bitmap: ImageBitmap | undefined;
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type: file.type }), { imageOrientation: "from-image" });
    const preview = await previewMake(bitmap);
    return { blob: await redraw(bitmap, file, formatOf(bytes) === "jpeg"), ...(preview === undefined ? {} : { preview }) };
  } catch {
    // HEIC, TIFF, a picture that is broken.
    return undefined;
  } finally {
    bitmap?.close();
  }
}
