// barepicture -- JPEG, PNG, WebP and GIF without what does not belong to the picture: place, time, camera, words, thumbnails, and all
// that stands behind the picture's end. The picture itself is copied as it is, not drawn anew; which way up it is shown stays. What is
// kept is listed, not what is taken out. Each throws when a part is unknown that may be needed, or cut off.
import type { Bytes } from "../protocol/field.ts";
import { ascii } from "./magic.ts";

/** It is not sure that only the picture would be left. */
export class Unsure extends Error {}

function viewOf(bytes: Bytes): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// -- Which way up -----------------------------------------------------------------------------------------------------

const ORIENTATION = 0x0112;
const UPRIGHT = 1;
const ROW_BYTES = 12;

/** 1 ... 8, as an Exif part (a TIFF) says in its first directory. */
function orientationOf(tiff: Bytes): number {
  if (tiff.length < 10) return UPRIGHT;
  const view = viewOf(tiff);
  const isLittle = ascii(tiff, 0, 2) === "II";
  const rows = view.getUint32(4, isLittle) + 2;
  if (rows > tiff.length) return UPRIGHT;
  const end = Math.min(tiff.length, rows + ROW_BYTES * view.getUint16(rows - 2, isLittle));
  for (let row = rows; row + ROW_BYTES <= end; row += ROW_BYTES) {
    const value = view.getUint16(row + 8, isLittle);
    if (view.getUint16(row, isLittle) === ORIENTATION) return value <= 8 ? Math.max(value, UPRIGHT) : UPRIGHT;
  }
  return UPRIGHT;
}

/** An Exif part that says this alone. */
function orientationTiff(orientation: number): Bytes {
  return Uint8Array.of(0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);
}

// -- JPEG (ITU-T T.81, T.871) -----------------------------------------------------------------------------------------

const [APP0, APP1, APP2, APP14, APP15, COMMENT, SCAN, END] = [0xe0, 0xe1, 0xe2, 0xee, 0xef, 0xfe, 0xda, 0xd9] as const;
/** Frames, tables, restarts' distance, lines. */
const DECODED = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, SCAN, 0xdb, 0xdc, 0xdd]);
const EXIF = "Exif\0\0";
const [JFIF_BYTES, ADOBE_BYTES] = [16, 14] as const;

/** A segment whose words end after so many bytes, its length among them. */
function cut(segment: Bytes, length: number): Bytes {
  if (segment.length < length + 2) throw new Unsure("a short segment");
  const part = segment.slice(0, length + 2);
  viewOf(part).setUint16(2, length);
  return part;
}

/** Of the segments that programs add, what the colours need. */
function appKept(marker: number, segment: Bytes): Bytes | undefined {
  if (marker === APP0 && ascii(segment, 4, 5) === "JFIF\0") {
    const part = cut(segment, JFIF_BYTES);
    // The thumbnail's width and height.
    part.fill(0, JFIF_BYTES);
    return part;
  }
  if (marker === APP2 && ascii(segment, 4, 12) === "ICC_PROFILE\0") return segment;
  return marker === APP14 && ascii(segment, 4, 5) === "Adobe" ? cut(segment, ADOBE_BYTES) : undefined;
}

/** Where the coded picture that begins here ends: at the next marker that is neither a restart nor a byte of its own. */
function scanEnd(bytes: Bytes, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0xff;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw new Unsure("no end");
}

export function bareJpeg(bytes: Bytes): Bytes {
  const view = viewOf(bytes);
  const kept: Bytes[] = [];
  let orientation = UPRIGHT;
  for (let at = 2, end = at; ; at = end) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    const marker = view.getUint16(at) - 0xff00;
    if (marker === END) break;
    end = at + 2 + view.getUint16(at + 2);
    if (end < at + 4 || end > bytes.length) throw new Unsure("a segment");
    const segment = bytes.subarray(at, end);
    if (marker === SCAN) end = scanEnd(bytes, end);
    if (DECODED.has(marker)) kept.push(bytes.subarray(at, end));
    else if (marker !== COMMENT && (marker < APP0 || marker > APP15)) throw new Unsure("a marker");
    else if (marker === APP1 && ascii(segment, 4, 6) === EXIF) orientation = orientationOf(segment.subarray(10));
    else kept.push(appKept(marker, segment) ?? new Uint8Array(0));
  }
  const tiff = orientationTiff(orientation);
  const exif = joined([Uint8Array.of(0xff, APP1, 0, 2 + EXIF.length + tiff.length), new TextEncoder().encode(EXIF), tiff]);
  return joined([bytes.subarray(0, 2), ...(orientation === UPRIGHT ? [] : [exif]), ...kept, Uint8Array.of(0xff, END)]);
}

// -- PNG (W3C, third edition) -----------------------------------------------------------------------------------------

const PNG_KEPT = new Set([
  "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs", "bKGD", "cICP", "mDCV", "cLLI", "acTL", "fcTL", "fdAT",
]);
const PNG_HEAD = 8;
const PNG_FRAME = 12;

function crc32(bytes: Bytes): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function pngChunk(type: string, body: Bytes): Bytes {
  const chunk = joined([new Uint8Array(4), new TextEncoder().encode(type), body, new Uint8Array(4)]);
  viewOf(chunk).setUint32(0, body.length);
  viewOf(chunk).setUint32(8 + body.length, crc32(chunk.subarray(4, 8 + body.length)));
  return chunk;
}

export function barePng(bytes: Bytes): Bytes {
  const view = viewOf(bytes);
  const kept: Bytes[] = [];
  let orientation = UPRIGHT;
  for (let at: number = PNG_HEAD, type = ""; type !== "IEND";) {
    const end = at + PNG_FRAME + view.getUint32(at);
    if (end > bytes.length) throw new Unsure("a chunk");
    type = ascii(bytes, at + 4, 4);
    if (PNG_KEPT.has(type)) kept.push(bytes.subarray(at, end));
    else if (/^[A-Z]/.test(type)) throw new Unsure("a critical chunk");
    else if (type === "eXIf") orientation = orientationOf(bytes.subarray(at + 8, end - 4));
    at = end;
  }
  const [first, ...others] = kept as [Bytes, ...Bytes[]];
  return joined([bytes.subarray(0, PNG_HEAD), first, ...(orientation === UPRIGHT ? [] : [pngChunk("eXIf", orientationTiff(orientation))]), ...others]);
}

// -- WebP (RFC 9649) --------------------------------------------------------------------------------------------------

const WEBP_KEPT = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);
const FRAME_KEPT = new Set(["VP8 ", "VP8L", "ALPH"]);
const [RIFF_HEAD, FRAME_HEAD, FLAGS_AT, HAS_EXIF, HAS_XMP] = [12, 16, 8, 0x08, 0x04] as const;

function* riffChunks(bytes: Bytes, from: number): Generator<{ type: string; chunk: Bytes }> {
  const view = viewOf(bytes);
  for (let at = from, end = at; at < bytes.length; at = end) {
    const length = view.getUint32(at + 4, true);
    end = at + 8 + length + length % 2;
    if (end > bytes.length) throw new Unsure("a chunk");
    yield { type: ascii(bytes, at, 4), chunk: bytes.subarray(at, end) };
  }
}

/** A frame of a picture that moves has chunks of its own. */
function frameCheck(frame: Bytes): void {
  for (const { type } of riffChunks(frame, 8 + FRAME_HEAD)) if (!FRAME_KEPT.has(type)) throw new Unsure("in a frame");
}

function riffExif(orientation: number): Bytes {
  const tiff = orientationTiff(orientation);
  return joined([new TextEncoder().encode("EXIF"), Uint8Array.of(tiff.length, 0, 0, 0), tiff]);
}

export function bareWebp(bytes: Bytes): Bytes {
  const length = 8 + viewOf(bytes).getUint32(4, true);
  if (length > bytes.length) throw new Unsure("its length");
  const kept: Bytes[] = [];
  let orientation = UPRIGHT;
  for (const { type, chunk } of riffChunks(bytes.subarray(0, length), RIFF_HEAD)) {
    if (type === "ANMF") frameCheck(chunk);
    if (type === "EXIF") orientation = orientationOf(chunk.subarray(ascii(chunk, 8, 6) === EXIF ? 14 : 8));
    else if (WEBP_KEPT.has(type)) kept.push(chunk.slice());
  }
  // Only the extended form has an Exif part at all.
  const [extended] = kept.filter((chunk) => ascii(chunk, 0, 4) === "VP8X");
  const isTurned = extended !== undefined && orientation !== UPRIGHT;
  if (extended !== undefined) extended[FLAGS_AT] = ((extended[FLAGS_AT] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (isTurned ? HAS_EXIF : 0);
  const whole = joined([bytes.subarray(0, RIFF_HEAD), ...kept, ...(isTurned ? [riffExif(orientation)] : [])]);
  viewOf(whole).setUint32(4, whole.length - 8, true);
  return whole;
}

// -- GIF (89a) --------------------------------------------------------------------------------------------------------

const [GIF_HEAD, GIF_EXTENSION, GIF_IMAGE, GIF_END, GIF_CONTROL, GIF_APPLICATION, GIF_COMMENT] = [13, 0x21, 0x2c, 0x3b, 0xf9, 0xff, 0xfe] as const;
/** How often it moves through. */
const GIF_LOOPS = ["NETSCAPE2.0", "ANIMEXTS1.0"];

function paletteBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
}

/** Behind the blocks that begin here, the last of which is empty. */
function blocksEnd(view: DataView, from: number): number {
  let at = from;
  for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length;
  return at + 1;
}

function isGifKept(bytes: Bytes, at: number): boolean {
  const label = bytes[at + 1];
  if (label === GIF_APPLICATION) return GIF_LOOPS.includes(ascii(bytes, at + 3, 11));
  if (label !== GIF_CONTROL && label !== GIF_COMMENT) throw new Unsure("an extension");
  return label === GIF_CONTROL;
}

export function bareGif(bytes: Bytes): Bytes {
  const view = viewOf(bytes);
  let end = GIF_HEAD + paletteBytes(view.getUint8(10));
  const kept = [bytes.subarray(0, end)];
  for (let at = end; view.getUint8(at) !== GIF_END; at = end) {
    const begin = view.getUint8(at);
    if (begin !== GIF_IMAGE && begin !== GIF_EXTENSION) throw new Unsure("a block");
    // An image's head and palette, and the size of its first code; an extension's label.
    end = blocksEnd(view, begin === GIF_IMAGE ? at + 11 + paletteBytes(view.getUint8(at + 9)) : at + 2);
    if (begin === GIF_IMAGE || isGifKept(bytes, at)) kept.push(bytes.subarray(at, end));
  }
  return joined([...kept, Uint8Array.of(GIF_END)]);
}
