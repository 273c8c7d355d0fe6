// frames -- the worker of frames of somebody in a call, as far as signalling goes: which keys it was given.
import type { FramesPort } from "../../client-sdk/web/sdk/call.ts";
import { bytesHex } from "../../client-sdk/web/protocol/layout.ts";

/** What a worker of frames is given: the keys as it would seal and open with them. */
export class Frames implements FramesPort {
  sent: { kid: number; key: string } | undefined;
  kids: number[] = [];
  /** By participant. */
  readonly received = new Map<number, { kid: number; key: string }>();
  isClosed = false;

  sendKey(kid: number, key: Uint8Array<ArrayBuffer>): void {
    this.sent = { kid, key: bytesHex(key) };
    this.kids.push(kid);
    key.fill(0);
  }

  receiveKey(participant: number, kid: number, key: Uint8Array<ArrayBuffer>): void {
    this.received.set(participant, { kid, key: bytesHex(key) });
    key.fill(0);
  }

  forget(participant: number): void {
    this.received.delete(participant);
  }

  close(): void {
    this.isClosed = true;
  }
}
