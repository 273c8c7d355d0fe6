// capture -- what has gone over one cable, read from a file of tcpdump's: datagrams as they are, and TCP connections put together
// again.
import { readFileSync } from "node:fs";

export interface Datagram {
  from: string;
  to: string;
  fromPort: number;
  toPort: number;
  payload: Buffer;
}

/** One direction of a TCP connection. */
export interface Stream {
  from: string;
  to: string;
  fromPort: number;
  toPort: number;
  bytes: Buffer;
}

export interface Capture {
  /** UDP. */
  datagrams: Datagram[];
  streams: Stream[];
  /** Everything that is neither, whole frames: ARP, ICMP, IPv6 of the link. */
  others: Buffer[];
  /** Senders and receivers in IPv4 headers. */
  addresses: Set<string>;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_HEADER = 14;
const IPV4 = 0x0800;
const [TCP, UDP] = [6, 17];

function addressAt(packet: Buffer, at: number): string {
  return [...packet.subarray(at, at + 4)].join(".");
}

interface Segment {
  sequence: number;
  payload: Buffer;
}

/** Bytes in their order; what came twice once. Throws when some are lacking: a search that has not seen all says nothing. */
function joined(segments: readonly Segment[], name: string): Buffer {
  const [first] = segments;
  if (first === undefined) return Buffer.alloc(0);
  // Numbers go round: counted from the first one on.
  const from = (sequence: number) => (sequence - first.sequence) | 0;
  const parts: Buffer[] = [];
  let end = 0;
  const full = segments.filter(({ payload }) => payload.length > 0);
  for (const { sequence, payload } of full.sort((a, b) => from(a.sequence) - from(b.sequence))) {
    const at = from(sequence);
    if (at > end) throw new Error(`${name}: ${at - end} bytes were not captured`);
    if (at + payload.length <= end) continue;
    parts.push(payload.subarray(end - at));
    end = at + payload.length;
  }
  return Buffer.concat(parts);
}

/** Up to the frame that holds `last`. The file is tcpdump's, of Ethernet, in this machine's byte order. */
export function captureRead(file: string, last: string): Capture {
  const bytes = readFileSync(file);
  if (bytes.readUInt32LE(20) !== 1) throw new Error(`${file} is of no Ethernet`);
  const capture: Capture = { datagrams: [], streams: [], others: [], addresses: new Set() };
  const segments = new Map<string, { stream: Stream; segments: Segment[] }>();
  for (let at = FILE_HEADER; at + RECORD_HEADER <= bytes.length;) {
    const [kept, length] = [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)];
    const frame = bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + kept);
    at += RECORD_HEADER + kept;
    if (kept !== length) throw new Error(`${file}: a frame was cut`);
    if (frame.includes(last)) break;
    frameTake(frame, capture, segments);
  }
  for (const [name, { stream, segments: parts }] of segments) capture.streams.push({ ...stream, bytes: joined(parts, name) });
  return capture;
}

function frameTake(frame: Buffer, capture: Capture, segments: Map<string, { stream: Stream; segments: Segment[] }>): void {
  const packet = frame.subarray(ETHERNET_HEADER);
  if (frame.readUInt16BE(12) !== IPV4) return void capture.others.push(frame);
  const [header, total, protocol] = [((packet[0] ?? 0) & 15) * 4, packet.readUInt16BE(2), packet[9]];
  const ends = { from: addressAt(packet, 12), to: addressAt(packet, 16) };
  capture.addresses.add(ends.from).add(ends.to);
  const isFragment = (packet.readUInt16BE(6) & 0x3fff) !== 0;
  if (isFragment || (protocol !== TCP && protocol !== UDP)) return void capture.others.push(frame);
  const body = packet.subarray(header, total);
  const route = { ...ends, fromPort: body.readUInt16BE(0), toPort: body.readUInt16BE(2) };
  if (protocol === UDP) return void capture.datagrams.push({ ...route, payload: body.subarray(8) });
  const name = `${route.from}:${route.fromPort} to ${route.to}:${route.toPort}`;
  const known = segments.get(name) ?? { stream: { ...route, bytes: Buffer.alloc(0) }, segments: [] };
  segments.set(name, known);
  const isSyn = ((body[13] ?? 0) & 2) !== 0;
  const payload = body.subarray(((body[12] ?? 0) >> 4) * 4);
  // The first byte is the one after the SYN.
  known.segments.push({ sequence: (body.readUInt32BE(4) + (isSyn ? 1 : 0)) | 0, payload });
}

