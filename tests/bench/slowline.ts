// slowline -- a slow line between a browser and whatever it asks on this machine: all connections share its bits, and every byte is
// under way for as long as half of there and back. It is for all of a browser, its workers too, which the browser's own
// slowing-down of one page is not. It has TCP's first way there and back for each connection, and none of TCP's slow start.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** One Ethernet frame's worth: connections take turns by these, bytes. */
const SEGMENT = 1_400;
/** A sender that is so far ahead of the line waits, bytes. */
const AHEAD_MAX = 65_536;

/** Each way; there and back. */
export interface Speed {
  kilobits: number;
  latencyMs: number;
}

interface Flow {
  from: Socket;
  to: Socket;
  /** What waits for its turn on the line; undefined is the end. */
  waiting: (Buffer | undefined)[];
  bytes: number;
}

/** All that goes one way. */
class Way {
  bytes = 0;
  #bytesPerMs: number;
  #delayMs: number;
  #flows: Flow[] = [];
  #freeAt = 0;
  #isBusy = false;

  constructor(bytesPerMs: number, delayMs: number) {
    this.#bytesPerMs = bytesPerMs;
    this.#delayMs = delayMs;
  }

  /** From now on, or `afterMs` later: what comes before that waits. */
  join(from: Socket, to: Socket, afterMs = 0): void {
    const flow: Flow = { from, to, waiting: [], bytes: 0 };
    from.on("data", (data: Buffer) => {
      for (let at = 0; at < data.length; at += SEGMENT) flow.waiting.push(data.subarray(at, at + SEGMENT));
      flow.bytes += data.length;
      if (flow.bytes > AHEAD_MAX) from.pause();
      this.#run();
    });
    from.on("end", () => {
      flow.waiting.push(undefined);
      this.#run();
    });
    setTimeout(() => {
      this.#flows.push(flow);
      this.#run();
    }, afterMs);
  }

  #run(): void {
    if (this.#isBusy) return;
    const at = this.#flows.findIndex(({ waiting }) => waiting.length > 0);
    if (at < 0) return;
    // Whoever had its turn is the last one next time.
    const [flow] = this.#flows.splice(at, 1) as [Flow];
    const segment = flow.waiting.shift();
    if (segment === undefined) {
      setTimeout(() => flow.to.end(), this.#delayMs);
      return this.#run();
    }
    this.#flows.push(flow);
    this.bytes += segment.length;
    flow.bytes -= segment.length;
    if (flow.bytes <= AHEAD_MAX) flow.from.resume();
    this.#isBusy = true;
    // Of the time at which the line is free again, not of that at which a timer was late.
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + segment.length / this.#bytesPerMs;
    setTimeout(() => {
      this.#isBusy = false;
      setTimeout(() => flow.to.write(segment), this.#delayMs);
      this.#run();
    }, this.#freeAt - now);
  }
}

export class SlowLine {
  #servers: { port: number; server: Server }[] = [];
  #up: Way;
  #down: Way;

  private constructor({ kilobits, latencyMs }: Speed) {
    [this.#up, this.#down] = [new Way(kilobits / 8, latencyMs / 2), new Way(kilobits / 8, latencyMs / 2)];
  }

  /** To these ports of 127.0.0.1. */
  static async lay(ports: readonly number[], speed: Speed): Promise<SlowLine> {
    const line = new SlowLine(speed);
    for (const port of ports) {
      const server = createServer({ allowHalfOpen: true }, (near) => line.#join(near, port, speed.latencyMs));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      line.#servers.push({ port, server });
    }
    return line;
  }

  #join(near: Socket, port: number, latencyMs: number): void {
    const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    near.setNoDelay();
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
    // The browser believes that it is connected: that alone takes one way there and back.
    this.#up.join(near, far, latencyMs);
    this.#down.join(far, near);
  }

  /** What has Chromium take this line, to the same addresses as without it. */
  get flag(): string {
    const rules = this.#servers.map(({ port, server }) => `MAP 127.0.0.1:${port} 127.0.0.1:${(server.address() as AddressInfo).port}`);
    return `--host-resolver-rules=${rules.join(",")}`;
  }

  /** That have gone to the browser, with all that surrounds them. */
  get bytesDown(): number {
    return this.#down.bytes;
  }

  close(): void {
    for (const { server } of this.#servers) server.close();
  }
}
