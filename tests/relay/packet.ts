// packet -- RTP and RTCP packets as the tests make and read them, written out by hand.

export interface Rtp {
  payloadType: number;
  marker: boolean;
  seq: number;
  timestamp: number;
  ssrc: number;
  hasExtension: boolean;
  padding: boolean;
  csrcs: number;
  payload: Buffer;
}

export interface RtpMade {
  payloadType: number;
  seq: number;
  ssrc: number;
  payload: Buffer;
  timestamp?: number;
  marker?: boolean;
  /** Of the transport-wide number, in an element of this id. */
  wide?: { id: number; number: number };
  csrcs?: number[];
}

export function rtp(made: RtpMade): Buffer {
  const csrcs = made.csrcs ?? [];
  const head = Buffer.alloc(12 + 4 * csrcs.length);
  head[0] = 0x80 | (made.wide ? 0x10 : 0) | csrcs.length;
  head[1] = (made.marker ? 0x80 : 0) | made.payloadType;
  head.writeUInt16BE(made.seq & 0xffff, 2);
  head.writeUInt32BE((made.timestamp ?? made.seq * 3000) >>> 0, 4);
  head.writeUInt32BE(made.ssrc, 8);
  csrcs.forEach((csrc, at) => head.writeUInt32BE(csrc, 12 + 4 * at));
  if (made.wide === undefined) return Buffer.concat([head, made.payload]);
  const extension = Buffer.from([0xbe, 0xde, 0, 1, (made.wide.id << 4) | 1, 0, 0, 0]);
  extension.writeUInt16BE(made.wide.number & 0xffff, 5);
  return Buffer.concat([head, extension, made.payload]);
}

export function isRtcp(packet: Buffer): boolean {
  return packet.length >= 2 && packet[1]! >= 192 && packet[1]! <= 223;
}

export function readRtp(packet: Buffer): Rtp {
  const csrcs = packet[0]! & 15;
  let at = 12 + 4 * csrcs;
  const hasExtension = (packet[0]! & 0x10) !== 0;
  if (hasExtension) at += 4 + 4 * packet.readUInt16BE(at + 2);
  return {
    payloadType: packet[1]! & 127, marker: packet[1]! > 127, seq: packet.readUInt16BE(2), timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8), hasExtension, padding: (packet[0]! & 0x20) !== 0, csrcs, payload: packet.subarray(at),
  };
}

export interface Rtcp {
  type: number;
  /** The five bits of the first byte: a count, or a format. */
  count: number;
  /** Of who sends it. */
  ssrc: number;
  body: Buffer;
}

/** The packets of a compound one. */
export function readRtcp(packet: Buffer): Rtcp[] {
  const found: Rtcp[] = [];
  for (let at = 0; at + 8 <= packet.length; ) {
    const bytes = 4 * (packet.readUInt16BE(at + 2) + 1);
    found.push({ count: packet[at]! & 31, type: packet[at + 1]!, ssrc: packet.readUInt32BE(at + 4), body: packet.subarray(at + 8, at + bytes) });
    at += bytes;
  }
  return found;
}

function feedback(type: number, format: number, from: number, of: number, body: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head[0] = 0x80 | format;
  head[1] = type;
  head.writeUInt16BE((8 + body.length) / 4, 2);
  head.writeUInt32BE(from, 4);
  head.writeUInt32BE(of, 8);
  return Buffer.concat([head, body]);
}

export function pli(from: number, of: number): Buffer {
  return feedback(206, 1, from, of, Buffer.alloc(0));
}

/** One element for each number. */
export function nack(from: number, of: number, seqs: number[]): Buffer {
  const body = Buffer.alloc(4 * seqs.length);
  seqs.forEach((seq, at) => body.writeUInt16BE(seq, 4 * at));
  return feedback(205, 1, from, of, body);
}

/** The numbers that a NACK's body (behind the media's SSRC) names. */
export function nackSeqs(body: Buffer): number[] {
  const seqs: number[] = [];
  for (let at = 4; at + 4 <= body.length; at += 4) {
    const first = body.readUInt16BE(at);
    const more = body.readUInt16BE(at + 2);
    seqs.push(first);
    for (let bit = 0; bit < 16; bit++) if (more & (1 << bit)) seqs.push((first + bit + 1) & 0xffff);
  }
  return seqs;
}
