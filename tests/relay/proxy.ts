// proxy -- a network between a device and the relay, on this machine, that loses and sends on what a test says.
import { createSocket, type Socket } from "node:dgram";

export type Way = "up" | "down";

/** RFC 7983's line: media, sealed, of either kind. */
export function isMedia(datagram: Buffer): boolean {
  return datagram[0]! >= 128 && datagram[0]! <= 191;
}

/** Numbers that come back the same in each run. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export class Proxy {
  readonly port: number;
  lost = 0;
  /** Is this datagram lost? */
  loses: (way: Way, datagram: Buffer) => boolean = () => false;
  #near: Socket;
  #far: Socket;
  #relay: { address: string; port: number };
  #device: { address: string; port: number } | undefined;

  private constructor(near: Socket, far: Socket, relay: { address: string; port: number }) {
    this.#near = near;
    this.#far = far;
    this.#relay = relay;
    this.port = near.address().port;
    near.on("message", (datagram, from) => {
      this.#device = from;
      this.#pass("up", datagram);
    });
    this.#listen();
  }

  static async start(relay: { address: string; port: number }): Promise<Proxy> {
    return new Proxy(await bound(), await bound(), relay);
  }

  #listen(): void {
    this.#far.on("message", (datagram) => this.#pass("down", datagram));
  }

  #pass(way: Way, datagram: Buffer): void {
    if (this.loses(way, datagram)) {
      this.lost++;
      return;
    }
    this.inject(way, datagram);
  }

  /** One more datagram, as if it had come by itself; it is never lost. */
  inject(way: Way, datagram: Buffer): void {
    if (way === "up") this.#far.send(datagram, this.#relay.port, this.#relay.address);
    else if (this.#device) this.#near.send(datagram, this.#device.port, this.#device.address);
  }

  /** The device's datagrams come from another port from now on, as if it had changed its network. */
  async move(): Promise<void> {
    const before = this.#far;
    this.#far = await bound();
    this.#listen();
    before.close();
  }

  close(): void {
    this.#near.close();
    this.#far.close();
  }
}

function bound(): Promise<Socket> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => socket.bind(0, "127.0.0.1", () => resolve(socket)));
}
