// relays -- what passes media on, as the benchmark has it: one stream, one device that sends it, others that receive it.
import { RelayHost } from "../relay/host.ts";
import type { Namespace } from "./namespace.ts";
import type { Place } from "./place.ts";
import { ownVersion } from "./servers.ts";

/** What all devices are, their certificate's fingerprint in hexadecimal; and the sending one's stream, VP8 with the transport-wide number. */
export interface Devices {
  ufrag: string;
  password: string;
  fingerprint: string;
  ssrc: number;
  payloadType: number;
  extension: number;
}

/** What a device needs to know to connect; it has the DTLS client's role. */
export interface Spot {
  port: number;
  ufrag: string;
  password: string;
  /** The server says that this device is connected. */
  connected(): Promise<void>;
}

export interface Relay {
  version: string;
  pid: number;
  /** How it is built, and what it does besides opening, sealing and sending packets. */
  does: string;
  sender(): Promise<Spot>;
  /** After the sender has connected. */
  receiver(): Promise<Spot>;
  stop(): Promise<void>;
}

export type StartRelay = (place: Place, namespace: Namespace, devices: Devices) => Promise<Relay>;

const OUT_SSRC = 1002;

export const startEnrum: StartRelay = async (place, namespace, devices) => {
  const host = await RelayHost.start({
    before: namespace.words, address: namespace.address, program: place.program("relayhost"), args: ["--consent", "600000"],
  });
  const call = await host.call();
  let stream = "";
  const spot = async (joined: (leg: string) => Promise<unknown>): Promise<Spot> => {
    const { leg, ufrag, password } = await host.leg(call, devices.ufrag, devices.fingerprint);
    await joined(leg);
    return { port: host.port, ufrag, password, connected: () => host.event(`connected ${leg}`).then(() => {}) };
  };
  return {
    version: ownVersion(),
    pid: host.pid,
    does:
      "one thread and one port for all devices; packets go out under a new SSRC, without header extensions; NACK is answered from one cache " +
      "for all; to the sender go NACK for gaps, transport-cc feedback and receiver reports; what a sender reports of its clock passes (here none does)",
    sender: () => spot(async (leg) => (stream = await host.publish(leg, { kind: "video", ...devices, outSsrc: OUT_SSRC }))),
    receiver: () => spot((leg) => host.subscribe(leg, stream)),
    stop: () => host.stop().then(() => {}),
  };
};
