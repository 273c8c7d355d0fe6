// tworeadings -- one sealed part that opens under two keys, and says something else under each. AES-GCM does not commit to its
// key: a tag is the value of a polynomial over GF(2^128) at a point that comes from the key, and whoever knows two keys can
// choose one block of the ciphertext so that both give the same tag. What holds against it is the generation's commitment.
//
// A byte reads under one key as under the other plus the difference of the two key streams. Where one reading may be anything
// (an element behind the known ones, which is ignored; the digits of a number), the other one is written. Where neither may,
// the difference must fit: twokeys.c looks for room keys with which it does, and found these among the first 2^27 numbers.
import { createCipheriv, hkdfSync } from "node:crypto";
import { entryEncodeWith, type EntryDraft } from "../../client-sdk/web/protocol/entry.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesJoin, layoutDecode, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutEntry } from "../../client-sdk/web/protocol/layouts.ts";
import { be64, deriveKeyImport, labelBytes, suiteHash, suiteSign, type SignPair } from "../../client-sdk/web/protocol/suite.ts";
import { ID_BYTES, KEY_BYTES, KINDS, LIMITS, ROLES } from "../../client-sdk/web/protocol/tables.ts";

type Pair<T> = readonly [T, T];

function numbered(number: number): Bytes {
  return bytesJoin([new Uint8Array(KEY_BYTES - 8), be64(number)]);
}

/** The room keys of both readings. */
export const TWO_KEYS: Pair<Bytes> = [numbered(34853661), numbered(132480335)];
/** Of the entry, in its head: the keys were found for this one. */
const SALT: Bytes = new Uint8Array(ID_BYTES);
/** What each key reads. The first is no longer than this: it stands where the second has its number. */
export const TWO_TEXTS: Pair<string> = ["Ja", "Nej, det har jag aldrig sagt"];

const BLOCK = 16;
const SIZE = LIMITS.PADDED_BYTES_MIN;
/** MessagePack: what begins an array and a short text, to which their length is added, a bin, and numbers of 4 and 8 bytes. */
const [ARRAY, TEXT, BIN, NUMBER_4, NUMBER_8] = [0x90, 0xa0, 0xc4, 0xce, 0xcf];

// -- GF(2^128), as in NIST SP 800-38D: the first bit of a block is the lowest power -------------------------------------

const ONE = 1n << 127n;
const REDUCTION = 0xe1n << 120n;

function times(a: bigint, b: bigint): bigint {
  let sum = 0n;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((a >> bit & 1n) === 1n) sum ^= b;
    b = (b & 1n) === 1n ? b >> 1n ^ REDUCTION : b >> 1n;
  }
  return sum;
}

function power(base: bigint, exponent: bigint): bigint {
  let product = ONE;
  for (; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) product = times(product, base);
    base = times(base, base);
  }
  return product;
}

function inverse(a: bigint): bigint {
  return power(a, (1n << 128n) - 2n);
}

function ofBlock(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function toBlock(element: bigint): Bytes {
  return new Uint8Array(Buffer.from(element.toString(16).padStart(2 * BLOCK, "0"), "hex"));
}

// -- One key --------------------------------------------------------------------------------------------------------

/** What AES-GCM makes of an entry's key and a nonce of zeros. */
interface Stream {
  bytes: Uint8Array;
  /** The point of the polynomial, and what its value is masked with. */
  point: bigint;
  mask: bigint;
}

function streamOf(roomKey: Bytes): Stream {
  const key = new Uint8Array(hkdfSync("sha256", roomKey, SALT, labelBytes("ENTRY_KEY"), KEY_BYTES));
  const counted = (first: number, length: number): Buffer => {
    const counter = new Uint8Array(BLOCK);
    counter[BLOCK - 1] = first;
    return createCipheriv("aes-256-ctr", key, counter).update(new Uint8Array(length));
  };
  return { bytes: counted(2, SIZE), point: ofBlock(counted(0, BLOCK)), mask: ofBlock(counted(1, BLOCK)) };
}

function blocksOf(bytes: Uint8Array): bigint[] {
  const blocks: bigint[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = new Uint8Array(BLOCK);
    block.set(bytes.subarray(at, at + BLOCK));
    blocks.push(ofBlock(block));
  }
  return blocks;
}

function tagOf({ point, mask }: Stream, aad: Uint8Array, cipher: Uint8Array): bigint {
  const lengths = bytesJoin([be64(8 * aad.length), be64(8 * cipher.length)]);
  const blocks = [aad, cipher, lengths].flatMap(blocksOf);
  return blocks.reduce((sum, block) => times(sum ^ block, point), 0n) ^ mask;
}

// -- Both readings --------------------------------------------------------------------------------------------------

/** The ciphertext as it is written, each byte for one of the readings. */
class Cipher {
  readonly bytes: Bytes = new Uint8Array(SIZE);
  readonly #streams: Pair<Stream>;

  constructor(streams: Pair<Stream>) {
    this.#streams = streams;
  }

  /** From `at` on this reading has these bytes. Gives the place behind them. */
  write(reading: 0 | 1, at: number, bytes: ArrayLike<number>): number {
    for (let i = 0; i < bytes.length; i++) this.bytes[at + i] = bytes[i]! ^ this.#streams[reading].bytes[at + i]!;
    return at + bytes.length;
  }

  read(reading: 0 | 1, at: number): number {
    return this.bytes[at]! ^ this.#streams[reading].bytes[at]!;
  }

  /** The block at this place becomes the one with which both tags are the same; gives that tag. */
  solve(at: number, aad: Bytes): Bytes {
    this.bytes.fill(0, at, at + BLOCK);
    const [one, other] = this.#streams;
    const exponent = BigInt((SIZE - at) / BLOCK + 1);
    const difference = tagOf(one, aad, this.bytes) ^ tagOf(other, aad, this.bytes);
    this.bytes.set(toBlock(times(difference, inverse(power(one.point, exponent) ^ power(other.point, exponent)))), at);
    return toBlock(tagOf(one, aad, this.bytes));
  }
}

/**
 * Ciphertext and tag. The first reading is a message of 252 bytes, all of which behind the short text is an ignored element; the
 * second one has its digits where the first has its text, and is written into that element.
 */
function sealTwice(aad: Bytes): Bytes {
  const [short, long] = TWO_TEXTS.map((text) => new TextEncoder().encode(text)) as [Bytes, Bytes];
  const cipher = new Cipher([streamOf(TWO_KEYS[0]), streamOf(TWO_KEYS[1])]);
  // Length, 6 elements, and then as in the second, but for small numbers: kind, role, version of the rules.
  cipher.write(0, 0, [0, 0, 0, SIZE - 4, ARRAY + 6, KINDS.MESSAGE.number, ROLES.CITIZEN]);
  cipher.write(1, 7, [NUMBER_8, 0]);
  // Without a language; a body of 3 elements: the text, what it answers, and what is ignored.
  const behind = cipher.write(0, 9, [TEXT, BIN, SIZE - 12, ARRAY + 3, TEXT + 2, ...short]);
  cipher.write(1, behind, [NUMBER_4]);
  const ignored = cipher.write(0, behind + 1, [BIN, SIZE - behind - 3]);
  // From here on the first may be anything. The second ends where its length says, behind as many elements as it says.
  const end = 4 + cipher.read(1, 3);
  const extra = cipher.read(1, 4) - ARRAY - 6;
  const begin = cipher.write(1, behind + 5, [TEXT, BIN]) + 1;
  cipher.write(1, ignored, new Uint8Array(behind + 5 - ignored));
  cipher.write(1, begin - 1, [end - extra - begin]);
  const free = cipher.write(1, begin, [ARRAY + 3, TEXT + long.length, ...long, 0, BIN]) + 1;
  cipher.write(1, free - 1, [end - extra - free]);
  cipher.write(1, end - extra, new Uint8Array(SIZE - end + extra));
  const tag = cipher.solve(Math.ceil(free / BLOCK) * BLOCK, aad);
  return bytesJoin([cipher.bytes, tag]);
}

/** A citizen's message as drafted, signed and all, but for what it says: one thing under each of the keys. */
export async function entryOfTwoReadings(draft: EntryDraft, author: SignPair): Promise<Bytes> {
  const entry = layoutDecode(layoutEntry, await entryEncodeWith(draft, SALT, await deriveKeyImport(TWO_KEYS[0]), author));
  const hashes = [await suiteHash("ENTRY_PART", entry.head), await suiteHash("ENTRY_PART", entry.open)] as const;
  const sealed = sealTwice(bytesJoin([labelBytes("ENTRY_SEAL"), ...hashes]));
  const sig = await suiteSign(author, "ENTRY_SIGNATURE", ...hashes, await suiteHash("ENTRY_PART", sealed));
  return layoutEncode(layoutEntry, { ...entry, sealed, sig });
}
