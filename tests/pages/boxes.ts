// boxes -- a film, a picture of telephones' newer kind and its open sister, each with where it was made in all the places that there
// are for it; of what this browser's own encoders make (ISO/IEC 14496-12, 23008-12; QuickTime's metadata).
import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { exif, SECRET_PLACE } from "./pictures.ts";

const HIDDEN = Buffer.from(SECRET_PLACE);

function u(bytes: 1 | 2 | 4, ...values: number[]): Buffer {
  const all = Buffer.alloc(bytes * values.length);
  for (const [index, value] of values.entries()) all.writeUIntBE(value, bytes * index, bytes);
  return all;
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u(4, 8 + body.length), Buffer.from(type, "latin1"), body]);
}

/** With a version and flags. */
function full(type: string, version: number, flags: number, ...parts: Buffer[]): Buffer {
  return box(type, u(4, version * 2 ** 24 + flags), ...parts);
}

function handler(type: string): Buffer {
  return full("hdlr", 0, 0, Buffer.alloc(4), Buffer.from(type), Buffer.alloc(12), Buffer.from(`${SECRET_PLACE}\0`));
}

const SOURCE = box("dinf", full("dref", 0, 0, u(4, 1), full("url ", 0, 1)));
/** One to one, nothing turned. */
const MATRIX = u(4, 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
/** When it was made, and changed: since 1904, s. */
export const WHEN = u(4, 3_850_000_000, 3_850_000_000);

// -- Film -------------------------------------------------------------------------------------------------------------

const [WIDTH, HEIGHT, FRAMES] = [64, 48, 20] as const;

/** Pictures of a film that turns from red to blue, coded. */
async function framesEncode(page: Page, codec: string, count: number): Promise<Buffer[]> {
  const chunks = await page.evaluate(async ([name, width, height, frames]) => {
    const done: number[][] = [];
    const encoder = new VideoEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        done.push([...bytes]);
      },
      error: (error) => { throw error; },
    });
    encoder.configure({ codec: name, width, height, bitrate: 200_000, framerate: 10 });
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d")!;
    for (let index = 0; index < frames; index++) {
      context.fillStyle = index < frames / 2 ? "#c02020" : "#2020c0";
      context.fillRect(0, 0, width, height);
      const frame = new VideoFrame(canvas, { timestamp: index * 100_000 });
      encoder.encode(frame, { keyFrame: index === 0 });
      frame.close();
    }
    await encoder.flush();
    return done;
  }, [codec, WIDTH, HEIGHT, count] as const);
  return chunks.map((chunk) => Buffer.from(chunk));
}

function samples(entry: Buffer, sizes: number[], at: number): Buffer {
  return box("stbl", full("stsd", 0, 0, u(4, 1), entry), full("stts", 0, 0, u(4, 1, sizes.length, 100)), full("stsc", 0, 0, u(4, 1, 1, sizes.length, 1)),
    full("stsz", 0, 0, u(4, 0, sizes.length, ...sizes)), full("stco", 0, 0, u(4, 1, at)), full("stss", 0, 0, u(4, 1, 1)));
}

function track(id: number, type: string, media: Buffer, table: Buffer): Buffer {
  const duration = FRAMES * 100;
  const header = full("tkhd", 0, 3, WHEN, u(4, id, 0, duration, 0, 0), u(2, 0, 0, 0, 0), MATRIX, u(4, WIDTH * 0x10000, HEIGHT * 0x10000));
  const mdia = box("mdia", full("mdhd", 0, 0, WHEN, u(4, 1000, duration), u(2, 0x55c4, 0)), handler(type), box("minf", media, SOURCE, table));
  return box("trak", header, box("tref", box("cdsc", u(4, 1))), mdia, box("udta", box("name", HIDDEN)));
}

/** As a telephone makes one: what it says of the whole, a track that says where it was in each second, and a note of an editor's. */
export async function filmTake(page: Page): Promise<Buffer> {
  const frames = await framesEncode(page, "vp09.00.10.08", FRAMES);
  const places = Array.from({ length: 5 }, (_none, second) => Buffer.from(`${SECRET_PLACE} ${second}`));
  const before = Buffer.concat([box("ftyp", Buffer.from("isom\0\0\x02\0isommp41", "latin1")), box("free", HIDDEN)]);
  const media = before.length + 8 + HIDDEN.length;
  const video = box("vp09", Buffer.alloc(6), u(2, 1), Buffer.alloc(16), u(2, WIDTH, HEIGHT), u(4, 0x480000, 0x480000, 0), u(2, 1), Buffer.alloc(32), u(2, 0x18, 0xffff),
    full("vpcC", 1, 0, u(1, 0, 10, 0x82, 1, 1, 1), u(2, 0)));
  const size = (parts: Buffer[]) => parts.map(({ length }) => length);
  const behind = media + Buffer.concat(frames).length;
  const movie = box("moov", full("mvhd", 0, 0, WHEN, u(4, 1000, FRAMES * 100, 0x10000), u(2, 0x100), Buffer.alloc(10), MATRIX, Buffer.alloc(24), u(4, 3)),
    track(1, "vide", full("vmhd", 0, 1, Buffer.alloc(8)), samples(video, size(frames), media)),
    track(2, "meta", full("nmhd", 0, 0), samples(box("mett", Buffer.alloc(6), u(2, 1), HIDDEN), size(places), behind)),
    box("udta", box("\xa9xyz", u(2, HIDDEN.length, 0x15c7), HIDDEN)), box("meta", handler("mdta"), box("keys", HIDDEN), box("ilst", HIDDEN)));
  return Buffer.concat([before, box("mdat", HIDDEN, ...frames, ...places), movie, box("uuid", randomBytes(16), HIDDEN)]);
}

// -- Pictures ---------------------------------------------------------------------------------------------------------

interface Item {
  type: string;
  name: string;
  bytes: Buffer;
}

/** One picture, its Exif and its XMP, and what some telephones append: the film of its seconds. */
function pictureBoxes(brand: string, picture: Item, own: Buffer[]): Buffer {
  const items: Item[] = [
    picture, { type: "Exif", name: SECRET_PLACE, bytes: Buffer.concat([u(4, 6), exif(1)]) },
    { type: "mime", name: `${SECRET_PLACE}\0application/rdf+xml`, bytes: Buffer.from(`<x:xmpmeta>${SECRET_PLACE}</x:xmpmeta>`) },
  ];
  const before = box("ftyp", Buffer.from(`${brand}\0\0\0\0mif1${brand}`, "latin1"));
  const metaOf = (at: number) => {
    let next = at;
    const places = items.map(({ bytes }, index) => Buffer.concat([u(2, index + 1, 0, 0, 1), u(4, (next += bytes.length) - bytes.length, bytes.length)]));
    const names = items.map(({ type, name }, index) => full("infe", 2, 0, u(2, index + 1, 0), Buffer.from(`${type}${name}\0`)));
    const properties = [full("ispe", 0, 0, u(4, WIDTH, HEIGHT)), full("pixi", 0, 0, u(1, 3, 8, 8, 8)), ...own, box("udes", HIDDEN)];
    const uses = u(1, ...properties.map((_box, index) => index + 1));
    return full("meta", 0, 0, handler("pict"), full("pitm", 0, 0, u(2, 1)), full("iloc", 1, 0, u(1, 0x44, 0), u(2, items.length), ...places),
      full("iinf", 0, 0, u(2, items.length), ...names), full("iref", 0, 0, box("cdsc", u(2, 2, 1, 1)), box("cdsc", u(2, 3, 1, 1))),
      box("iprp", box("ipco", ...properties), full("ipma", 0, 0, u(4, 1), u(2, 1), u(1, properties.length), uses)), box("uuid", randomBytes(16), HIDDEN));
  };
  const meta = metaOf(before.length + metaOf(0).length + 8);
  return Buffer.concat([before, meta, box("mdat", ...items.map(({ bytes }) => bytes), HIDDEN), box("mpvd", HIDDEN)]);
}

/** Not one that anything could show: no browser here makes the codec. Returns the part that is the picture, too. */
export function heicTake(): { heic: Buffer; picture: Buffer } {
  const picture = randomBytes(500);
  return { heic: pictureBoxes("heic", { type: "hvc1", name: "", bytes: picture }, [box("hvcC", randomBytes(30))]), picture };
}

/** One that is shown. */
export async function avifTake(page: Page): Promise<Buffer> {
  const [frame = Buffer.alloc(0)] = await framesEncode(page, "av01.0.00M.08", 1);
  // Without the mark between pictures of a film.
  const bytes = frame.subarray(frame[0] === 0x12 ? 2 : 0);
  return pictureBoxes("avif", { type: "av01", name: "", bytes }, [box("av1C", u(1, 0x81, 0, 0x0c, 0))]);
}
