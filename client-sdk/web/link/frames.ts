// frames -- the engine's end of the port to a tab's worker of frames: the keys go there and past the page.
import type { FrameAsk } from "../call/framewire.ts";
import type { FramesPort } from "../sdk/call.ts";

export function framesPort(port: MessagePort): FramesPort {
  const post = (ask: FrameAsk, ...transfer: Transferable[]) => port.postMessage(ask, transfer);
  return {
    sendKey: (kid, key) => post({ type: "sendKey", kid, key }, key.buffer),
    receiveKey: (participant, kid, key) => post({ type: "receiveKey", participant, kid, key }, key.buffer),
    forget: (participant) => post({ type: "forget", participant }),
    // A worker without keys seals nothing, and opens nothing.
    close: () => post({ type: "wipe" }),
  };
}
