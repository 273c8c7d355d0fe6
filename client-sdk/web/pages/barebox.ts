// barebox -- films, sounds and pictures in boxes (ISO/IEC 14496-12 and 23008-12, QuickTime: MP4, MOV, 3GP, M4A, HEIC, AVIF), in place: each
// box that is not listed here becomes empty, and so does each byte of the media that no picture or sound is made of, as the tracks
// that say where a camera was moving. Nothing changes its place, so that what is found by its offset still is.
import type { Bytes } from "../protocol/field.ts";
import { Unsure } from "./barepicture.ts";
import { ascii } from "./magic.ts";

interface Box {
  type: string;
  at: number;
  body: number;
  end: number;
}

/** From the first byte up to the last one's next. */
type Range = readonly [from: number, to: number];

// -- What is kept -----------------------------------------------------------------------------------------------------

const KEPT_TOP = ["ftyp", "mdat", "moov", "meta"];
const KEPT_MOVIE = ["mvhd", "trak", "iods"];
const KEPT_TRACK = ["tkhd", "edts", "tref", "mdia", "tapt"];
const KEPT_MEDIA = ["mdhd", "hdlr", "minf", "elng"];
const KEPT_INFORMATION = ["vmhd", "smhd", "gmhd", "hdlr", "dinf", "stbl"];
const KEPT_SAMPLES = ["stsd", "stts", "ctts", "cslg", "stsc", "stsz", "stco", "co64", "stss", "stps", "sdtp", "sbgp", "sgpd", "stsh"];
const KEPT_PICTURE = ["hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "idat", "grpl", "dinf"];
const KEPT_PROPERTIES = ["ispe", "pixi", "colr", "hvcC", "lhvC", "av1C", "avcC", "jpgC", "vvcC", "pasp", "irot", "imir", "clap", "auxC", "lsel", "a1op", "a1lx", "clli", "mdcv", "cclv", "amve", "tols", "oinf"];
/** What a property may say in words, and when. */
const TELLING_PROPERTIES = ["udes", "altt", "crtt", "mdft", "uuid", "free", "skip"];
const KEPT_HANDLERS = ["vide", "soun", "pict", "auxv"];
const KEPT_ITEMS = ["hvc1", "av01", "avc1", "vvc1", "jpeg", "grid", "iovl", "iden", "tmap"];
/** In pieces, or pressed together: not read here. */
const UNREAD = ["moof", "cmov"];

// -- Boxes ------------------------------------------------------------------------------------------------------------

class Boxes {
  readonly bytes: Bytes;
  readonly view: DataView;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(at: number, bytes: number): number {
    if (bytes === 0) return 0;
    if (bytes === 4) return this.view.getUint32(at);
    const value = Number(this.view.getBigUint64(at));
    if (bytes !== 8 || !Number.isSafeInteger(value)) throw new Unsure("a number");
    return value;
  }

  #box(at: number, to: number): Box {
    const short = this.number(at, 4);
    const body = short === 1 ? at + 16 : at + 8;
    const end = short === 0 ? to : at + (short === 1 ? this.number(at + 8, 8) : short);
    if (end < body || end > to) throw new Unsure("a box");
    return { type: ascii(this.bytes, at + 4, 4), at, body, end };
  }

  /** Those that stand here. QuickTime ends some lists with four bytes of zero. */
  list(from: number, to: number): Box[] {
    const boxes: Box[] = [];
    let at = from;
    for (; at + 8 <= to; at = (boxes.at(-1) as Box).end) boxes.push(this.#box(at, to));
    if (this.bytes.subarray(at, to).some((byte) => byte !== 0)) throw new Unsure("behind the last box");
    return boxes;
  }

  /** Those of one that has no words of its own. */
  within({ body, end }: Box, skip = 0): Box[] {
    return this.list(body + skip, end);
  }

  one(boxes: readonly Box[], type: string): Box {
    const [found, ...others] = boxes.filter((box) => box.type === type);
    if (found === undefined || others.length > 0) throw new Unsure(`${boxes.length} boxes, and not one ${type}`);
    return found;
  }

  empty({ at, body, end }: Box): void {
    this.bytes.set(new TextEncoder().encode("free"), at + 4);
    this.bytes.fill(0, body, end);
  }

  /** The others become empty. Returns these. */
  keep(boxes: readonly Box[], types: readonly string[]): Box[] {
    if (boxes.some(({ type }) => UNREAD.includes(type))) throw new Unsure("what is not read");
    for (const box of boxes) if (!types.includes(box.type)) this.empty(box);
    return boxes.filter(({ type }) => types.includes(type));
  }

  /** Version 0 counts in 32 bits, version 1 in 64: when it was made, and changed. */
  emptyTimes({ body }: Box): void {
    this.bytes.fill(0, body + 4, body + 4 + (this.bytes[body] === 1 ? 16 : 8));
  }

  /** Of whom a handler is; what it calls itself is emptied. */
  handler(box: Box): string {
    this.bytes.fill(0, Math.min(box.body + 24, box.end), box.end);
    return ascii(this.bytes, box.body + 8, 4);
  }

  /** The media are in this file. A name of another one may have been the path to somebody's folder. */
  checkSource(dinf: Box): void {
    for (const { body, end } of this.within(this.one(this.within(dinf), "dref"), 8)) {
      if (this.bytes.subarray(body + 4, end).some((byte) => byte !== 0)) throw new Unsure("another file");
    }
  }
}

// -- Films and sounds -------------------------------------------------------------------------------------------------

/** How many bytes each of so many samples has. */
function sampleSizes(file: Boxes, { body }: Box, isSound: boolean): (sample: number) => number {
  const same = file.number(body + 4, 4);
  // Of sound that is not coded some programs write 1, whatever it is.
  if (same > 0 && isSound) throw new Unsure("sizes of sound");
  const count = file.number(body + 8, 4);
  return (sample) => {
    if (sample >= count) throw new Unsure("more samples than sizes");
    return same > 0 ? same : file.number(body + 12 + 4 * sample, 4);
  };
}

/** Where the chunks of a track's samples are. */
function chunkOffsets(file: Boxes, samples: readonly Box[]): number[] {
  const [table, ...others] = samples.filter(({ type }) => type === "stco" || type === "co64");
  if (table === undefined || others.length > 0) throw new Unsure("no offsets");
  const width = table.type === "stco" ? 4 : 8;
  return Array.from({ length: entries(file, table, width) }, (_none, index) => file.number(table.body + 8 + width * index, width));
}

/** How many a table has of this width. */
function entries(file: Boxes, { body, end }: Box, width: number): number {
  const count = file.number(body + 4, 4);
  if (body + 8 + count * width > end) throw new Unsure("a table");
  return count;
}

/** Where what a track shows or plays lies. */
function trackRanges(file: Boxes, samples: readonly Box[], isSound: boolean): Range[] {
  const sizeOf = sampleSizes(file, file.one(samples, "stsz"), isSound);
  const runs = file.one(samples, "stsc");
  const last = entries(file, runs, 12) - 1;
  let [run, sample] = [0, 0];
  return chunkOffsets(file, samples).map((from, chunk) => {
    while (run < last && file.number(runs.body + 8 + 12 * (run + 1), 4) <= chunk + 1) run++;
    let to = from;
    for (let left = file.number(runs.body + 12 + 12 * run, 4); left > 0; left--) to += sizeOf(sample++);
    return [from, to] as const;
  });
}

/** undefined: it is no picture or sound, and empty now. */
function track(file: Boxes, box: Box): Range[] | undefined {
  const boxes = file.within(box);
  const media = file.within(file.one(boxes, "mdia"));
  const handler = file.handler(file.one(media, "hdlr"));
  if (!KEPT_HANDLERS.includes(handler)) {
    file.empty(box);
    return undefined;
  }
  file.keep(boxes, KEPT_TRACK);
  file.emptyTimes(file.one(boxes, "tkhd"));
  file.keep(media, KEPT_MEDIA);
  file.emptyTimes(file.one(media, "mdhd"));
  const information = file.keep(file.within(file.one(media, "minf")), KEPT_INFORMATION);
  file.checkSource(file.one(information, "dinf"));
  return trackRanges(file, file.keep(file.within(file.one(information, "stbl")), KEPT_SAMPLES), handler === "soun");
}

function movie(file: Boxes, box: Box): Range[] {
  const boxes = file.keep(file.within(box), KEPT_MOVIE);
  file.emptyTimes(file.one(boxes, "mvhd"));
  const tracks = boxes.filter(({ type }) => type === "trak").map((one) => ({ one, ranges: track(file, one) }));
  const kept = tracks.filter(({ ranges }) => ranges !== undefined);
  // What a track names may be gone.
  if (kept.length < tracks.length) for (const { one } of kept) for (const name of file.within(one)) if (name.type === "tref") file.empty(name);
  return kept.flatMap(({ ranges }) => ranges ?? []);
}

// -- Pictures ---------------------------------------------------------------------------------------------------------

/** Those that are pictures. Of each, what it calls itself is emptied; the others are of no kind any more. */
function pictureItems(file: Boxes, { body, end }: Box): Set<number> {
  const isWide = file.bytes[body] !== 0;
  const found = new Set<number>();
  for (const infe of file.list(body + (isWide ? 8 : 6), end)) {
    const version = file.bytes[infe.body] ?? 0;
    if (infe.type !== "infe" || version < 2) throw new Unsure("an item");
    const type = infe.body + (version === 2 ? 8 : 10);
    const item = version === 2 ? file.view.getUint16(infe.body + 4) : file.view.getUint32(infe.body + 4);
    if (KEPT_ITEMS.includes(ascii(file.bytes, type, 4))) found.add(item);
    else file.bytes.set(new TextEncoder().encode("free"), type);
    file.bytes.fill(0, type + 4, infe.end);
  }
  return found;
}

/** Where each item lies: in the file, or in the box beside. */
function itemRanges(file: Boxes, { body }: Box, isPicture: (item: number) => boolean, beside: number): Range[] {
  const version = file.bytes[body] ?? 0;
  const [sizes = 0, more = 0] = file.bytes.subarray(body + 4, body + 6);
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [sizes >> 4, sizes & 15, more >> 4, version === 0 ? 0 : more & 15];
  let at = body + 6;
  const next = (bytes: number) => {
    at += bytes;
    return bytes === 2 ? file.view.getUint16(at - 2) : file.number(at - bytes, bytes);
  };
  const ranges: Range[] = [];
  for (let left = next(version < 2 ? 2 : 4); left > 0; left--) {
    const item = next(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : next(2) & 15;
    if (next(2) !== 0 || method > 1) throw new Unsure("an item elsewhere");
    const base = next(baseBytes) + (method === 1 ? beside : 0);
    for (let extents = next(2); extents > 0; extents--) {
      next(indexBytes);
      const from = base + next(offsetBytes);
      const length = next(lengthBytes);
      // Without a length it would be all there is.
      if (length === 0) throw new Unsure("an item of no length");
      if (isPicture(item)) ranges.push([from, from + length]);
    }
  }
  return ranges;
}

function properties(file: Boxes, iprp: Box): void {
  for (const property of file.within(file.one(file.within(iprp), "ipco"))) {
    if (TELLING_PROPERTIES.includes(property.type)) file.empty(property);
    else if (!KEPT_PROPERTIES.includes(property.type)) throw new Unsure("a property");
  }
}

/** A picture's own; in a film it would say of the whole what it likes, and is empty now. */
function picture(file: Boxes, box: Box): { ranges: Range[]; beside: Box[] } {
  const boxes = file.within(box, 4);
  if (file.handler(file.one(boxes, "hdlr")) !== "pict") {
    file.empty(box);
    return { ranges: [], beside: [] };
  }
  file.keep(boxes, KEPT_PICTURE);
  for (const dinf of boxes.filter(({ type }) => type === "dinf")) file.checkSource(dinf);
  const items = pictureItems(file, file.one(boxes, "iinf"));
  properties(file, file.one(boxes, "iprp"));
  const beside = boxes.filter(({ type }) => type === "idat");
  return { ranges: itemRanges(file, file.one(boxes, "iloc"), (item) => items.has(item), beside[0]?.body ?? NaN), beside };
}

// -- The whole --------------------------------------------------------------------------------------------------------

/** Empties what none of these reach. Each lies whole in one of the boxes of media. */
function emptyBetween(file: Boxes, media: readonly Box[], ranges: readonly Range[]): void {
  const sorted = ranges.filter(([from, to]) => to > from).sort(([a], [b]) => a - b);
  if (!sorted.every(([from, to]) => media.some(({ body, end }) => from >= body && to <= end))) throw new Unsure("media elsewhere");
  for (const { body, end } of media) {
    let done = body;
    for (const [from, to] of sorted) {
      if (from < body || from >= end) continue;
      if (from > done) file.bytes.fill(0, done, from);
      done = Math.max(done, to);
    }
    file.bytes.fill(0, done, end);
  }
}

/** The same bytes, changed. Throws when something in it is not known: then they are worth nothing. */
export function bareBoxes(bytes: Bytes): Bytes {
  const file = new Boxes(bytes);
  const boxes = file.keep(file.list(0, bytes.length), KEPT_TOP);
  const of = (type: string) => boxes.filter((box) => box.type === type);
  // Raw photos have a form of their own within the same boxes.
  if (of("ftyp").some(({ body }) => ascii(bytes, body, 4) === "crx ")) throw new Unsure("a raw photo");
  const pictures = of("meta").map((box) => picture(file, box));
  const ranges = [...of("moov").flatMap((box) => movie(file, box)), ...pictures.flatMap((one) => one.ranges)];
  if (ranges.length === 0) throw new Unsure("nothing in it");
  emptyBetween(file, [...of("mdat"), ...pictures.flatMap(({ beside }) => beside)], ranges);
  return bytes;
}
