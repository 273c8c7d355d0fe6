// framewire -- what a page and its worker of frames say to each other. Keys go to the worker only; out of it come counts.
import type { Bytes } from "../protocol/field.ts";
import type { ReceiveCounts, SendCounts, Use } from "./framecrypt.ts";

/** Options of an RTCRtpScriptTransform: what a sender sends, or which slot a receiver is. */
export type TransformOptions = { side: "send"; use: Use } | { side: "receive"; slot: number };

/** To the worker, on its own or through a port that it was given. The keys' bytes are wiped there; their buffers are transferred. */
export type FrameAsk =
  /** From here the engine says what follows: no key passes the page. */
  | { type: "port"; port: MessagePort }
  | { type: "sendKey"; kid: number; key: Bytes }
  | { type: "receiveKey"; participant: number; kid: number; key: Bytes }
  /** Whose stream the slot carries from now on; without one it shows nothing. */
  | { type: "slot"; slot: number; stream: { participant: number; use: Use } | undefined }
  | { type: "forget"; participant: number }
  /** All keys are forgotten: nothing is sealed or opened until others come. */
  | { type: "wipe" };

/** From the worker, when something has changed, at most twice a second. */
export interface FrameTell {
  type: "state";
  sent: SendCounts;
  received: ({ participant: number } & ReceiveCounts)[];
  /** Keys that have not come, since the last word: of whom, and which. */
  missing: { participant: number; kid: bigint }[];
}
