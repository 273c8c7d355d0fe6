// search -- looks for words in bytes as somebody who wants to find them would: plain, in other character sets, as base64 at each
// alignment, as hexadecimal, and inside compressed data.
import { inflateRawSync, inflateSync, constants } from "node:zlib";

export interface Find {
  needle: string;
  as: string;
  at: number;
}

interface Pattern {
  needle: string;
  as: string;
  bytes: Buffer;
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

/** The characters of base64 that stand for these bytes whatever surrounds them, for each of the three alignments. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").replace(/=+$/, "");
    const first = Math.ceil((shift * 8) / 6);
    const bits = (shift + bytes.length) * 8;
    return text.slice(first, Math.floor(bits / 6));
  });
}

function patternsOf(needle: string): Pattern[] {
  const utf8 = Buffer.from(needle, "utf8");
  const forms: [string, Buffer][] = [
    ["UTF-8", utf8],
    ["Latin-1", Buffer.from(needle, "latin1")],
    ["UTF-16LE", Buffer.from(needle, "utf16le")],
    ["UTF-16BE", utf16be(needle)],
    ["hex", Buffer.from(utf8.toString("hex"))],
    ["HEX", Buffer.from(utf8.toString("hex").toUpperCase())],
  ];
  for (const [name, bytes] of [["UTF-8", utf8], ["UTF-16LE", Buffer.from(needle, "utf16le")]] as const) {
    for (const core of base64Cores(bytes)) {
      forms.push([`base64 of ${name}`, Buffer.from(core)]);
      const url = core.replaceAll("+", "-").replaceAll("/", "_");
      if (url !== core) forms.push([`base64url of ${name}`, Buffer.from(url)]);
    }
  }
  const seen = new Set<string>();
  return forms
    .filter(([, bytes]) => !seen.has(bytes.toString("hex")) && seen.add(bytes.toString("hex")))
    .map(([as, bytes]) => ({ needle, as, bytes }));
}

function gzipHeaderBytes(bytes: Buffer): number {
  const [flags = 0] = bytes.subarray(3, 4);
  let at = 10;
  if (flags & 4) at += 2 + bytes.readUInt16LE(at);
  for (const bit of [8, 16]) if (flags & bit) at = bytes.indexOf(0, at) + 1;
  return at;
}

const partial = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 4 << 20 };

type Inflate = (bytes: Buffer) => Buffer;
const magics: [string, Buffer, Inflate][] = [
  // Raw deflate behind the header (RFC 1952), so that what follows the stream does not matter.
  ["gzip", Buffer.from([0x1f, 0x8b, 0x08]), (b) => inflateRawSync(b.subarray(gzipHeaderBytes(b)), partial)],
  ...[0x01, 0x5e, 0x9c, 0xda].map(
    (level) => ["zlib", Buffer.from([0x78, level]), (b: Buffer) => inflateSync(b, partial)] as [string, Buffer, Inflate],
  ),
  // A member of a zip file: 30 bytes, file name and extra field, then raw deflate.
  [
    "zip",
    Buffer.from([0x50, 0x4b, 0x03, 0x04]),
    (b) => inflateRawSync(b.subarray(30 + b.readUInt16LE(26) + b.readUInt16LE(28)), partial),
  ],
];

/** What compressed streams inside these bytes hold. */
function* inflated(bytes: Buffer): Generator<{ as: string; at: number; bytes: Buffer }> {
  for (const [as, magic, inflate] of magics) {
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      try {
        const out = inflate(bytes.subarray(at, at + (1 << 20)));
        if (out.length > 0) yield { as, at, bytes: out };
      } catch {
        // Not a stream after all.
      }
    }
  }
}

/** Everything found; compressed streams are searched to this depth. `binary` needles are looked for as they are. */
export function search(
  bytes: Buffer,
  needles: string[],
  binary: { name: string; bytes: Buffer }[] = [],
  depth = 2,
): Find[] {
  const patterns = [
    ...needles.flatMap(patternsOf),
    ...binary.map((b) => ({ needle: b.name, as: "bytes", bytes: b.bytes })),
  ];
  const finds: Find[] = [];
  for (const pattern of patterns) {
    const at = bytes.indexOf(pattern.bytes);
    if (at >= 0) finds.push({ needle: pattern.needle, as: pattern.as, at });
  }
  if (depth > 0) {
    for (const stream of inflated(bytes)) {
      for (const find of search(stream.bytes, needles, binary, depth - 1)) {
        finds.push({ ...find, as: `${find.as} in ${stream.as}`, at: stream.at });
      }
    }
  }
  return finds;
}
