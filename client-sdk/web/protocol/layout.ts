// layout -- bytes become meaning here, and meaning becomes bytes, for every row of layouts.def and messages.def. The only
// file that speaks to @msgpack/msgpack. It accepts only shortest forms, so that one meaning has one encoding; the rules are
// those of protocol/layout.c, and the shared vectors hold the two equal. Decoded bytes are views into what was decoded.
import { decode, encode } from "@msgpack/msgpack";
import { EnrumError } from "./error.ts";
import type { Bytes, Field, Layout, Message, ValueOf } from "./field.ts";
import { MESSAGES } from "./messages.ts";
import { ID_BYTES, LIMITS, SIG_BYTES, UINT_ANY } from "./tables.ts";

const utf8 = new TextEncoder();
// A byte order mark is text like any other: dropped, the text would not be the one that was signed.
const utf8Strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function malformed(layout: Layout, what: string): EnrumError {
  return new EnrumError("MALFORMED", `${layout.name}: ${what}`);
}

// -- Limits of a row: the same for both ways ------------------------------------------------------------------------

function fitsNumber(field: Field, value: number): boolean {
  return Number.isInteger(value) && value >= field.min && value <= field.max;
}

function fitsLength(field: Field, length: number): boolean {
  switch (field.type) {
    case "ID": return length === ID_BYTES;
    case "SIG": return length === SIG_BYTES;
    case "OPT": return length === 0 || length === ID_BYTES;
    case "IDS": return length % ID_BYTES === 0 && length / ID_BYTES >= field.min && length / ID_BYTES <= field.max;
    case "BYTES": case "SEQ": case "TEXT": return length >= field.min && length <= field.max;
    case "UINT": return false;
  }
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes("\0");
}

// -- Encoding -------------------------------------------------------------------------------------------------------

/** A value that may go to the packer: it takes numbers, strings and bytes and gives each its shortest form. */
function isEncodable(field: Field, value: unknown): boolean {
  switch (field.type) {
    case "UINT": return typeof value === "number" && fitsNumber(field, value);
    case "TEXT": return typeof value === "string" && isText(value) && fitsLength(field, utf8.encode(value).length);
    default: return value instanceof Uint8Array && fitsLength(field, value.length);
  }
}

/**
 * Encodes a value of this layout. A value outside its row's limits is a bug of the caller.
 * Throws MALFORMED; OVERSIZED above bytesMax.
 */
export function layoutEncode<L extends Layout>(layout: L, value: ValueOf<L>, bytesMax: number = LIMITS.FRAME_BYTES_MAX): Bytes {
  const given = value as Record<string, unknown>;
  const elements = Object.entries(layout.fields).map(([name, field]) => {
    if (!isEncodable(field, given[name])) throw malformed(layout, `${name} is not within its limits`);
    return given[name];
  });
  const bytes = encode(elements);
  if (bytes.length > bytesMax) throw new EnrumError("OVERSIZED", layout.name);
  return bytes;
}

/** A frame: the message's number is filled in from the table. Throws as layoutEncode. */
export function messageEncode<M extends Message>(message: M, value: Omit<ValueOf<M>, "type">): Bytes {
  return layoutEncode(message, { ...value, type: message.number } as unknown as ValueOf<M>);
}

// -- Decoding -------------------------------------------------------------------------------------------------------

type ItemType = "UINT" | "BYTES" | "TEXT";

interface Item {
  type: ItemType;
  /** Where the next item begins. */
  end: number;
}

interface Span {
  /** Of the elements, in order. */
  types: ItemType[];
  end: number;
}

/** A number of `width` bytes, most significant first; undefined when there are fewer, or a shorter form would have done. */
function numberAt(bytes: Bytes, at: number, width: number, atLeast: number): number | undefined {
  if (bytes.length - at < width) return undefined;
  let number = 0;
  for (let i = 0; i < width; i++) number = number * 256 + (bytes[at + i] as number);
  return number >= atLeast ? number : undefined;
}

function uintAt(bytes: Bytes, at: number, width: number, atLeast: number): Item | undefined {
  const number = numberAt(bytes, at + 1, width, atLeast);
  return number === undefined || number > UINT_ANY ? undefined : { type: "UINT", end: at + 1 + width };
}

function bytesAt(bytes: Bytes, at: number, type: ItemType, width: number, atLeast: number): Item | undefined {
  const length = numberAt(bytes, at + 1, width, atLeast);
  const end = at + 1 + width + (length ?? 0);
  return length === undefined || end > bytes.length ? undefined : { type, end };
}

/**
 * One element: an unsigned integer, a binary string or a string, in its shortest form. Everything else (nesting, maps,
 * floats, signs, extensions) is refused before the library sees it.
 */
function itemAt(bytes: Bytes, at: number): Item | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first <= 0x7f) return { type: "UINT", end: at + 1 };
  if (first >= 0xa0 && first <= 0xbf) {
    const end = at + 1 + (first & 0x1f);
    return end > bytes.length ? undefined : { type: "TEXT", end };
  }
  switch (first) {
    case 0xcc: return uintAt(bytes, at, 1, 0x80);
    case 0xcd: return uintAt(bytes, at, 2, 0x100);
    case 0xce: return uintAt(bytes, at, 4, 0x10000);
    case 0xcf: return uintAt(bytes, at, 8, 0x100000000);
    case 0xc4: return bytesAt(bytes, at, "BYTES", 1, 0);
    case 0xc5: return bytesAt(bytes, at, "BYTES", 2, 0x100);
    case 0xc6: return bytesAt(bytes, at, "BYTES", 4, 0x10000);
    case 0xd9: return bytesAt(bytes, at, "TEXT", 1, 32);
    case 0xda: return bytesAt(bytes, at, "TEXT", 2, 0x100);
    case 0xdb: return bytesAt(bytes, at, "TEXT", 4, 0x10000);
    default: return undefined;
  }
}

/** The array at `at`; undefined when it is not one of ours. */
function spanAt(bytes: Bytes, at: number): Span | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const isLong = first === 0xdc;
  const count = isLong ? numberAt(bytes, at + 1, 2, 16) : first >= 0x90 && first <= 0x9f ? first & 0x0f : undefined;
  if (count === undefined || count > LIMITS.ELEMENTS_MAX) return undefined;
  const types: ItemType[] = [];
  let end = at + (isLong ? 3 : 1);
  for (let i = 0; i < count; i++) {
    const item = itemAt(bytes, end);
    if (item === undefined) return undefined;
    types.push(item.type);
    end = item.end;
  }
  return { types, end };
}

/** The elements of a span. Texts come as bytes: this file decodes them itself, strictly. */
function unpack(bytes: Bytes, at: number, span: Span): (number | Bytes)[] {
  return decode(bytes.subarray(at, span.end), { rawStrings: true }) as (number | Bytes)[];
}

function textOf(raw: Bytes): string | undefined {
  try {
    const value = utf8Strict.decode(raw);
    return value.includes("\0") ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The value of an element that is right for its field; else undefined. `type`: undefined where the array has ended. */
function valueOf(field: Field, type: ItemType | undefined, element: number | Bytes): number | string | Bytes | undefined {
  if (type === undefined && field.isLate) return 0;
  const wanted: ItemType = field.type === "UINT" || field.type === "TEXT" ? field.type : "BYTES";
  if (type !== wanted) return undefined;
  if (typeof element === "number") return fitsNumber(field, element) ? element : undefined;
  if (!fitsLength(field, element.length)) return undefined;
  return field.type === "TEXT" ? textOf(element) : element;
}

/** Decodes the value that begins at `at`, as in a SEQ, and says where the next one begins. Throws MALFORMED. */
export function layoutNext<L extends Layout>(layout: L, bytes: Bytes, at: number): { value: ValueOf<L>; end: number } {
  const fields = Object.entries(layout.fields);
  const span = spanAt(bytes, at);
  if (span === undefined) throw malformed(layout, "not an array of its elements");
  const elements = unpack(bytes, at, span);
  const value: Record<string, unknown> = {};
  fields.forEach(([name, field], index) => {
    const one = valueOf(field, span.types[index], elements[index] as number | Bytes);
    if (one === undefined) throw malformed(layout, `${name} is not within its limits`);
    value[name] = one;
  });
  return { value: value as ValueOf<L>, end: span.end };
}

/** Decodes bytes that hold exactly one value. Throws MALFORMED. */
export function layoutDecode<L extends Layout>(layout: L, bytes: Bytes): ValueOf<L> {
  const { value, end } = layoutNext(layout, bytes, 0);
  if (end !== bytes.length) throw malformed(layout, "bytes behind it");
  return value;
}

/** The values of a SEQ. Throws MALFORMED, also when there are more than `max`. */
export function layoutSeq<L extends Layout>(layout: L, seq: Bytes, max: number = Infinity): ValueOf<L>[] {
  const values: ValueOf<L>[] = [];
  for (let at = 0; at < seq.length;) {
    if (values.length >= max) throw malformed(layout, `more than ${max} of them`);
    const { value, end } = layoutNext(layout, seq, at);
    values.push(value);
    at = end;
  }
  return values;
}

/** The values of a SEQ as the bytes they came in. Throws MALFORMED. */
export function layoutSeqBytes(layout: Layout, seq: Bytes): Bytes[] {
  const values: Bytes[] = [];
  for (let at = 0; at < seq.length;) {
    const { end } = layoutNext(layout, seq, at);
    values.push(seq.subarray(at, end));
    at = end;
  }
  return values;
}

/** Type and request number of a frame, before its layout is known. Throws MALFORMED. */
export function framePeek(frame: Bytes): { type: number; request: number } {
  const span = spanAt(frame, 0);
  if (span === undefined || span.end !== frame.length || span.types[0] !== "UINT" || span.types[1] !== "UINT") {
    throw new EnrumError("MALFORMED", "frame");
  }
  const [type, request] = unpack(frame, 0, span);
  return { type: type as number, request: request as number };
}

/** The message of this number; undefined when there is none. */
export function messageFind(type: number): Message | undefined {
  return Object.values(MESSAGES).find((message) => message.number === type) as Message | undefined;
}

// -- Bytes ----------------------------------------------------------------------------------------------------------

/** Ids, hashes and public keys are public: an ordinary comparison. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export function bytesJoin(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Lower-case hexadecimal digits. */
export function bytesHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Throws MALFORMED unless the text is pairs of lower-case hexadecimal digits. */
export function bytesOfHex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new EnrumError("MALFORMED", "hexadecimal digits");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
