// stun -- binding requests by hand, right and wrong, from sockets of the test's own: a device that only keeps its address.
import { createHmac } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { crc32 } from "node:zlib";
import { setTimeout as pause } from "node:timers/promises";
import type { RelayHost } from "./host.ts";

export interface Binding {
  username: string;
  password: string;
  useCandidate?: boolean;
  /** The role that the relay has. */
  controlled?: boolean;
  /** One more attribute of this type. */
  extra?: number;
  withoutFingerprint?: boolean;
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

export function binding(made: Binding): Buffer {
  let message: Buffer = Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), Buffer.from("transaction1")]);
  const add = (part: Buffer) => (message = Buffer.concat([message, part]));
  const length = (more: number) => message.writeUInt16BE(message.length - 20 + more, 2);
  add(attribute(0x0006, Buffer.from(made.username)));
  add(attribute(0x0024, Buffer.from([0x6e, 0, 1, 0xff])));
  add(attribute(made.controlled ? 0x8029 : 0x802a, Buffer.alloc(8, 7)));
  if (made.useCandidate) add(attribute(0x0025, Buffer.alloc(0)));
  if (made.extra !== undefined) add(attribute(made.extra, Buffer.alloc(4)));
  length(24);
  add(attribute(0x0008, createHmac("sha1", made.password).update(message).digest()));
  if (!made.withoutFingerprint) {
    length(8);
    const value = Buffer.alloc(4);
    value.writeUInt32BE((crc32(message) ^ 0x5354554e) >>> 0);
    add(attribute(0x8028, value));
  }
  length(0);
  return message;
}

/** A socket that speaks to the relay, and what has come back. */
export class Caller {
  readonly answers: Buffer[] = [];
  #socket: Socket;
  #host: RelayHost;

  private constructor(socket: Socket, host: RelayHost) {
    this.#socket = socket;
    this.#host = host;
    socket.on("message", (answer) => this.answers.push(answer));
  }

  static open(host: RelayHost, address = "127.0.0.1"): Promise<Caller> {
    const socket = createSocket("udp4");
    return new Promise((resolve) => socket.bind(0, address, () => resolve(new Caller(socket, host))));
  }

  send(datagram: Buffer): Promise<void> {
    return new Promise((resolve) => this.#socket.send(datagram, this.#host.port, this.#host.address, () => resolve()));
  }

  /** The answer to this, or undefined when the relay has taken it (its count says so) and said nothing. */
  async ask(datagram: Buffer): Promise<Buffer | undefined> {
    const { received: before } = await this.#host.counts();
    const had = this.answers.length;
    await this.send(datagram);
    for (let i = 0; i < 500 && (await this.#host.counts()).received === before; i++) await pause(2);
    // It is counted before it is looked at: an answer is waited for, and the lack of one long enough.
    for (let i = 0; i < 30 && this.answers.length === had; i++) await pause(10);
    return this.answers[had];
  }

  close(): void {
    this.#socket.close();
  }
}

/** 0 for success, else the error code. */
export function errorOf(answer: Buffer): number {
  if (answer.readUInt16BE(0) === 0x0101) return 0;
  for (let at = 20; at + 4 <= answer.length; at += 4 + 4 * Math.ceil(answer.readUInt16BE(at + 2) / 4)) {
    if (answer.readUInt16BE(at) === 0x0009) return answer[at + 6]! * 100 + answer[at + 7]!;
  }
  return -1;
}
