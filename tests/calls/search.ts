// search -- is an address in what somebody has received? In each form that a protocol of calls might give it.
import type { Datagram } from "./capture.ts";

/** STUN mixes it into addresses (RFC 8489, section 14.2). */
const STUN_COOKIE = Buffer.from([0x21, 0x12, 0xa4, 0x42]);

export interface Form {
  name: string;
  address: string;
  bytes: Buffer;
}

/** So short that noise has them by chance: among a million random bytes once in four thousand times. */
const SHORT_BYTES = 4;

function formsV4(address: string): Form[] {
  const bytes = Buffer.from(address.split(".").map(Number));
  const mixed = bytes.map((byte, at) => byte ^ (STUN_COOKIE[at] ?? 0));
  return [
    { name: "bytes", bytes }, { name: "bytes from the end", bytes: Buffer.from(bytes).reverse() }, { name: "bytes mixed as STUN does", bytes: Buffer.from(mixed) },
    ...[address, address.replaceAll(".", "-"), bytes.toString("hex")].map((text) => ({ name: `text "${text}"`, bytes: Buffer.from(text) })),
  ].map((form) => ({ ...form, address }));
}

/** Of an IPv6 address without an IPv4 one in it. */
function bytesV6(address: string): Buffer {
  const [head = [], tail] = address.split("::").map((half) => half.split(":").filter((word) => word !== ""));
  const zeros = tail === undefined ? [] : Array<string>(8 - head.length - tail.length).fill("0");
  return Buffer.from([...head, ...zeros, ...(tail ?? [])].map((word) => word.padStart(4, "0")).join(""), "hex");
}

/** All forms of an address of IPv4, of IPv6, or of the link. */
export function formsOf(address: string): Form[] {
  if (address.includes(".")) return formsV4(address);
  const isLink = /^(..:){5}..$/.test(address);
  const bytes = isLink ? Buffer.from(address.replaceAll(":", ""), "hex") : bytesV6(address);
  return [{ name: "bytes", address, bytes }, { name: "text", address, bytes: Buffer.from(address) }];
}

/** What of a datagram is no ciphertext of media: all of it but the body of SRTP and SRTCP packets. */
export function clearPart({ payload }: Datagram): Buffer {
  const [first = 0, second = 0] = payload;
  if (first < 128 || first > 191) return payload;
  if (second >= 192 && second <= 223) return payload.subarray(0, 8);
  const extensionAt = 12 + 4 * (first & 15);
  const hasExtension = (first & 16) !== 0 && payload.length >= extensionAt + 4;
  return payload.subarray(0, hasExtension ? extensionAt + 4 + 4 * payload.readUInt16BE(extensionAt + 2) : extensionAt);
}

/** What of one direction of a connection is no noise: of HTTP the first head, since what comes after it is compressed. */
export function clearPartOfHttp(bytes: Buffer): Buffer {
  const isHttp = /^HTTP\/1\.1 |^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(bytes.subarray(0, 4_096).toString("latin1"));
  return isHttp ? bytes.subarray(0, bytes.indexOf("\r\n\r\n")) : bytes;
}

/** A line for each form that is in there. `clear`: the part of it that is no noise. */
export function found(forms: readonly Form[], where: string, whole: Buffer, clear: Buffer = whole): string[] {
  return forms.flatMap(({ name, address, bytes }) => {
    const place = bytes.length <= SHORT_BYTES ? clear : whole;
    const at = place.indexOf(bytes);
    return at < 0 ? [] : [`${address} as ${name} in ${where}, at ${at}: ${place.subarray(Math.max(0, at - 16), at + 32).toString("hex")}`];
  });
}
