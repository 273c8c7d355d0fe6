// environment -- what the SDK takes from the outside: a clock and a socket. Passed in, so that the whole of it runs in a
// browser's worker, in Node, and in tests with their own time.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { LIMITS } from "../protocol/tables.ts";

export interface Clock {
  /** ms since 1970. */
  wallMs(): number;
  /** ms since some moment; never jumps. */
  monoMs(): number;
  /** Calls once, after so many ms; the returned function prevents it. */
  after(ms: number, call: () => void): () => void;
}

export interface SocketEvents {
  open(): void;
  frame(frame: Bytes): void;
  /** Once, also when it never opened; not after drop. `reason` is for developers. */
  lost(reason: string): void;
}

export interface Socket {
  /** Throws OUTBOX_FULL when the network takes no more just then. */
  send(frame: Bytes): void;
  drop(): void;
}

/** Begins to connect. */
export type SocketOpen = (url: string, events: SocketEvents) => Socket;

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export const SUBPROTOCOL = "enrum.1";

/** Unsent bytes above which nothing more is handed to the network. */
const UNSENT_BYTES_MAX = 8 * LIMITS.FRAME_BYTES_MAX;

/** The platform's WebSocket: a browser's, or Node's. */
export const webSocketOpen: SocketOpen = (url, events) => {
  const socket = new WebSocket(url, SUBPROTOCOL);
  let isOver = false;
  const end = (reason: string) => {
    if (isOver) return;
    isOver = true;
    events.lost(reason);
  };
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    if (!isOver) events.open();
  };
  socket.onmessage = ({ data }) => {
    if (isOver) return;
    if (data instanceof ArrayBuffer) events.frame(new Uint8Array(data));
    else socket.close();
  };
  socket.onclose = ({ code }) => end(`closed with ${code}`);
  socket.onerror = () => end("no connection");
  return {
    send: (frame) => {
      if (socket.bufferedAmount > UNSENT_BYTES_MAX) throw new EnrumError("OUTBOX_FULL", "socket");
      socket.send(frame);
    },
    drop: () => {
      isOver = true;
      socket.close();
    },
  };
};
