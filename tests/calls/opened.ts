// opened -- a captured TLS 1.3 connection (RFC 8446), opened with the secrets that the browser has noted of it, and the messages of a
// WebSocket in it (RFC 6455).
import { createDecipheriv, createHmac, type CipherChaCha20Poly1305Types, type CipherGCMTypes } from "node:crypto";
import type { Stream } from "./capture.ts";

const [HANDSHAKE, APPLICATION_DATA] = [22, 23];
const RECORD_HEADER = 5;
/** Of a hello's random bytes: behind the headers of record and handshake, and the version. */
const RANDOM_AT = RECORD_HEADER + 4 + 2;
const RANDOM_BYTES = 32;
const [IV_BYTES, TAG_BYTES] = [12, 16];

interface Suite {
  cipher: CipherGCMTypes | CipherChaCha20Poly1305Types;
  keyBytes: number;
  hash: "sha256" | "sha384";
}

const SUITES: Readonly<Record<number, Suite>> = {
  0x1301: { cipher: "aes-128-gcm", keyBytes: 16, hash: "sha256" },
  0x1302: { cipher: "aes-256-gcm", keyBytes: 32, hash: "sha384" },
  0x1303: { cipher: "chacha20-poly1305", keyBytes: 32, hash: "sha256" },
};

/** HKDF-Expand-Label without a context (section 7.1): no longer than the hash. */
function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0])]);
  return createHmac(hash, secret).update(info).update(Buffer.from([1])).digest().subarray(0, length);
}

/** The records of one direction that one secret protects, from the first one on. */
class Opener {
  readonly #suite: Suite;
  readonly #key: Buffer;
  readonly #iv: Buffer;
  #number = 0n;

  constructor(suite: Suite, secret: Buffer) {
    this.#suite = suite;
    this.#key = expandLabel(suite.hash, secret, "key", suite.keyBytes);
    this.#iv = expandLabel(suite.hash, secret, "iv", IV_BYTES);
  }

  /** Content and its type; undefined when it is not the next one under this secret. */
  open(record: Buffer): { type: number; content: Buffer } | undefined {
    const nonce = Buffer.from(this.#iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(IV_BYTES - 8) ^ this.#number, IV_BYTES - 8);
    const decipher = createDecipheriv(this.#suite.cipher as CipherGCMTypes, this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(record.subarray(0, RECORD_HEADER));
    decipher.setAuthTag(record.subarray(record.length - TAG_BYTES));
    const plain = decipher.update(record.subarray(RECORD_HEADER, record.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    this.#number += 1n;
    const end = plain.findLastIndex((byte) => byte !== 0);
    return { type: plain[end] ?? 0, content: plain.subarray(0, end) };
  }
}

function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + RECORD_HEADER <= bytes.length;) {
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    if (end <= bytes.length) found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

const isHello = ({ bytes }: Stream) => bytes[0] === HANDSHAKE;

/** What was said in one direction of a connection. A connection that is not TLS says it as it stands. */
function contentOf(stream: Stream, suite: Suite, secrets: readonly Buffer[]): Buffer {
  const openers = secrets.map((secret) => new Opener(suite, secret));
  const parts: Buffer[] = [];
  for (const record of records(stream.bytes).filter((one) => one[0] === APPLICATION_DATA)) {
    let opened = openers[0]?.open(record);
    // The next secret takes over when the handshake is done.
    while (opened === undefined && openers.length > 1) {
      openers.shift();
      opened = openers[0]?.open(record);
    }
    if (opened === undefined) throw new Error(`a record from ${stream.from}:${stream.fromPort} does not open`);
    if (opened.type === APPLICATION_DATA) parts.push(opened.content);
  }
  return Buffer.concat(parts);
}

/** All these streams with what was said in them. `keyLog` is what the browser wrote because of SSLKEYLOGFILE. */
export function openedAll(streams: readonly Stream[], keyLog: string): Stream[] {
  const secrets = new Map(keyLog.split("\n").filter((line) => !line.startsWith("#")).map((line) => line.trim().split(" ")).map(([label, random, secret = ""]) => [`${label} ${random}`, Buffer.from(secret, "hex")]));
  const nameOf = (from: string, fromPort: number, to: string, toPort: number) => `${from}:${fromPort} ${to}:${toPort}`;
  const byName = new Map(streams.map((stream) => [nameOf(stream.from, stream.fromPort, stream.to, stream.toPort), stream]));
  return streams.map((stream) => {
    const other = byName.get(nameOf(stream.to, stream.toPort, stream.from, stream.fromPort));
    // One that ended before both have said hello has said nothing else.
    if (!isHello(stream) || other === undefined || !isHello(other)) return stream;
    const isClient = stream.bytes[RECORD_HEADER] === 1;
    const [client, server] = isClient ? [stream.bytes, other.bytes] : [other.bytes, stream.bytes];
    const random = client.subarray(RANDOM_AT, RANDOM_AT + RANDOM_BYTES).toString("hex");
    const sessionAt = RANDOM_AT + RANDOM_BYTES;
    const suite = SUITES[server.readUInt16BE(sessionAt + 1 + (server[sessionAt] ?? 0))];
    const side = isClient ? "CLIENT" : "SERVER";
    const own = [`${side}_HANDSHAKE_TRAFFIC_SECRET`, `${side}_TRAFFIC_SECRET_0`].map((label) => secrets.get(`${label} ${random}`));
    const known = own.filter((secret) => secret !== undefined);
    if (suite === undefined || known.length !== own.length) throw new Error(`no secrets of the connection from ${stream.from}:${stream.fromPort}`);
    return { ...stream, bytes: contentOf(stream, suite, known) };
  });
}

// -- WebSocket --------------------------------------------------------------------------------------------------------

/** The messages in one direction of an opened connection; undefined when it is no WebSocket's. */
export function messagesOf({ bytes }: Stream): Buffer[] | undefined {
  const start = bytes.indexOf("\r\n\r\n");
  if (start < 0 || !/^upgrade: websocket$/im.test(bytes.subarray(0, start).toString("latin1"))) return undefined;
  const messages: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = start + 4; at + 2 <= bytes.length;) {
    const [first = 0, second = 0] = bytes.subarray(at, at + 2);
    at += 2;
    let length = second & 127;
    if (length === 126) length = bytes.readUInt16BE((at += 2) - 2);
    else if (length === 127) length = Number(bytes.readBigUInt64BE((at += 8) - 8));
    const mask = second >= 128 ? bytes.subarray(at, at += 4) : undefined;
    const payload = Buffer.from(bytes.subarray(at, at += length));
    if (mask !== undefined) payload.forEach((byte, index) => payload[index] = byte ^ (mask[index % 4] ?? 0));
    parts.push(payload);
    if (first >= 128) {
      messages.push(Buffer.concat(parts));
      parts = [];
    }
  }
  return messages;
}
