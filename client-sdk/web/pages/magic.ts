// magic -- what a file is by how it begins: its name and the browser may say nothing of it, or something else.
import type { Bytes } from "../protocol/field.ts";

/** Those that a camera's words can be taken out of. boxes: HEIC, AVIF, MP4, QuickTime, 3GP, M4A (ISO/IEC 14496-12). */
export type Format = "jpeg" | "png" | "webp" | "gif" | "boxes";

/** Others that cameras make: TIFF and raw photos, JPEG XL. */
const PICTURES = /^(II\*\0|MM\0\*|IIRO|IIU\0|\xff\x0a|\0\0\0\x0cJXL )/;
/** Matroska, AVI and WAVE, ASF, MPEG, Ogg, FLAC, MP3. */
const RECORDINGS = /^(\x1a\x45\xdf\xa3|RIFF|\x30\x26\xb2\x75|\0\0\x01[\xb3\xba]|OggS|fLaC|ID3)/;
const TOP_BOXES = ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"];
const PICTURE_BRANDS = /^ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1|avi[fs])/;
/** Of a stream's packets; in a camera's own form each one has four bytes more in front. */
const [TS_SYNC, TS_PACKETS] = [0x47, [[0, 188], [4, 192]]] as const;
/** What it is told by. */
export const HEAD_BYTES = 256;

export function ascii(bytes: Bytes, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

export function formatOf(bytes: Bytes): Format | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "jpeg";
  if (ascii(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") return "png";
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP") return "webp";
  if (/^GIF8[79]a/.test(ascii(bytes, 0, 6))) return "gif";
  return TOP_BOXES.includes(ascii(bytes, 4, 4)) ? "boxes" : undefined;
}

/** Drawings that are written as text are documents, as PDF is. */
function isOfFamily(type: string, families: RegExp): boolean {
  return families.test(type) && !type.startsWith("image/svg");
}

export function isPicture(bytes: Bytes, type: string): boolean {
  const format = formatOf(bytes);
  const isKnown = format === "boxes" ? PICTURE_BRANDS.test(ascii(bytes, 4, 8)) : format !== undefined;
  return isKnown || PICTURES.test(ascii(bytes, 0, 16)) || isOfFamily(type, /^image\//);
}

/** A picture, a film or a sound: made by something that may have known where it was. */
export function isRecorded(bytes: Bytes, type: string): boolean {
  const isStream = TS_PACKETS.some(([first, second]) => bytes[first] === TS_SYNC && bytes[second] === TS_SYNC);
  return isStream || isPicture(bytes, type) || formatOf(bytes) === "boxes" || isOfFamily(type, /^(video|audio)\//) || RECORDINGS.test(ascii(bytes, 0, 16));
}
