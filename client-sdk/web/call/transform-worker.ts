// transform-worker -- the entry of the worker that seals and opens the frames of one call, in RTCRtpScriptTransforms. It fails
// closed: without a key, without a slot's stream, or after any error a frame is dropped, and the next one is tried.
import { FrameReceiver, FrameSender, isKeyFrame, type Use } from "./framecrypt.ts";
import type { FrameAsk, FrameTell, TransformOptions } from "./framewire.ts";
import type { Bytes } from "../protocol/field.ts";
import { CALL_USES } from "../protocol/tables.ts";

const STATE_EVERY_MS = 500;
const KEY_FRAME_AGAIN_MS = 300;

/** Either medium's encoded frame, as a transform sees it. */
interface EncodedFrame {
  data: ArrayBuffer;
}

/** Of the WebRTC encoded transform's worker side, which the library of types for pages leaves out. */
interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  readonly options: TransformOptions;
  /** Where the browser has it. */
  sendKeyFrameRequest?(): Promise<void>;
}

interface TransformEvent extends Event {
  readonly transformer: Transformer;
}

let sender = new FrameSender();
let receiver = new FrameReceiver(() => performance.now());
const slots = new Map<number, Extract<FrameAsk, { type: "slot" }>["stream"]>();
/** Of the slots. */
const transformers = new Map<number, Transformer>();
let missing: FrameTell["missing"] = [];
let isTelling = false;

function tell(): void {
  isTelling = false;
  const received = receiver.participants().map((participant) => ({ participant, ...receiver.counts(participant) }));
  self.postMessage({ type: "state", sent: { ...sender.counts }, received, missing } satisfies FrameTell);
  missing = [];
}

function tellSoon(): void {
  if (isTelling) return;
  isTelling = true;
  setTimeout(tell, STATE_EVERY_MS);
}

const keyMissing = (participant: number, kid: bigint) => missing.push({ participant, kid });
receiver.onKeyMissing = keyMissing;

/** A call is over: the next one begins with nothing. */
function wipe(): void {
  sender = new FrameSender();
  receiver = new FrameReceiver(() => performance.now());
  receiver.onKeyMissing = keyMissing;
}

/** The frame that may go on; undefined when none may. */
async function cryptFrame(options: TransformOptions, data: Bytes): Promise<Bytes | undefined> {
  if (options.side === "send") return sender.seal(options.use, data);
  const stream = slots.get(options.slot);
  if (stream === undefined) return undefined;
  const opened = await receiver.open(stream.participant, stream.use, data);
  keyFrameAsk(options.slot, stream.use, opened);
  return opened;
}

/** What could not be opened is lost: a picture begins with a key frame, and the next one may be far. When it was asked for, by slot. */
const lacking = new Map<number, number>();

function keyFrameAsk(slot: number, use: Use, opened: Bytes | undefined): void {
  if (use === CALL_USES.VOICE) return;
  const askedAt = lacking.get(slot);
  if (opened === undefined) {
    if (askedAt === undefined) lacking.set(slot, -Infinity);
  } else if (isKeyFrame(opened)) {
    lacking.delete(slot);
  } else if (askedAt !== undefined && performance.now() - askedAt >= KEY_FRAME_AGAIN_MS) {
    // Its frames open now, so a key frame will too.
    lacking.set(slot, performance.now());
    transformers.get(slot)?.sendKeyFrameRequest?.().catch(() => {});
  }
}

function transformOf(options: TransformOptions): TransformStream<EncodedFrame, EncodedFrame> {
  return new TransformStream({
    async transform(frame, controller) {
      // What throws here would end the stream: the frame is dropped in its place.
      const data = await cryptFrame(options, new Uint8Array(frame.data)).catch(() => undefined);
      tellSoon();
      if (data === undefined) return;
      frame.data = data.buffer;
      controller.enqueue(frame);
    },
  });
}

self.addEventListener("rtctransform", (event) => {
  const { transformer } = event as TransformEvent;
  const { readable, writable, options } = transformer;
  if (options.side === "receive") transformers.set(options.slot, transformer);
  // It ends with its sender or receiver; nothing passes after that.
  readable.pipeThrough(transformOf(options)).pipeTo(writable).catch(() => {});
});

async function onAsk(ask: FrameAsk): Promise<void> {
  switch (ask.type) {
    case "port":
      ask.port.onmessage = ({ data }: MessageEvent<FrameAsk>) => void onAsk(data);
      break;
    case "sendKey":
      await sender.setSendKey(ask.kid, ask.key);
      ask.key.fill(0);
      break;
    case "receiveKey":
      await receiver.setReceiveKey(ask.participant, ask.kid, ask.key);
      ask.key.fill(0);
      break;
    case "slot":
      slots.set(ask.slot, ask.stream);
      lacking.set(ask.slot, -Infinity);
      break;
    case "forget":
      receiver.forget(ask.participant);
      break;
    case "wipe":
      wipe();
      break;
  }
}

self.addEventListener("message", ({ data }: MessageEvent<FrameAsk>) => void onAsk(data));
