// vp8 -- frames out of RTP packets (RFC 7741), as whoever taps a relay would put them together.
import { readRtp } from "./packet.ts";

export interface Vp8Frame {
  isKey: boolean;
  data: Buffer;
}

/** Bytes of the payload descriptor (section 4.2); undefined when the packet ends within it. */
function descriptorLength(payload: Buffer): number | undefined {
  let length = 1;
  if ((payload[0]! & 0x80) !== 0) {
    const extension = payload[length++] ?? 0;
    if ((extension & 0x80) !== 0) length += ((payload[length] ?? 0) & 0x80) !== 0 ? 2 : 1;
    if ((extension & 0x40) !== 0) length++;
    if ((extension & 0x30) !== 0) length++;
  }
  return length < payload.length ? length : undefined;
}

/** The whole frames of these packets of one stream, in their order; what is padding, or incomplete, is left out. */
export function vp8Frames(packets: readonly Buffer[], payloadType: number): Vp8Frame[] {
  const frames: Vp8Frame[] = [];
  let parts: Buffer[] = [];
  let next = -1;
  for (const packet of packets) {
    const { payload, padding, seq, marker, payloadType: type } = readRtp(packet);
    const body = padding ? payload.subarray(0, payload.length - payload.at(-1)!) : payload;
    if (type !== payloadType || body.length === 0) continue;
    const length = descriptorLength(body);
    if (length === undefined) continue;
    const isBegin = (body[0]! & 0x1f) === 0x10;
    if (isBegin) parts = [];
    else if (seq !== next || parts.length === 0) continue;
    parts.push(body.subarray(length));
    next = (seq + 1) & 0xffff;
    if (!marker) continue;
    const data = Buffer.concat(parts);
    frames.push({ isKey: (data[0]! & 1) === 0, data });
    parts = [];
  }
  return frames;
}
