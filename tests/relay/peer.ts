// peer -- a device of a call by node-datachannel (libdatachannel, libjuice, OpenSSL): it offers, its offer becomes typed
// parameters, and the relay's answer is written for it out of what the relay says of a leg. What a browser's page does.
import datachannel, { type PeerConnection, type Track } from "node-datachannel";
import { RelayHost, until, type LegAnswer } from "./host.ts";
import { isRtcp } from "./packet.ts";

export const VIDEO_TYPE = 96;
export const RTX_TYPE = 97;
export const AUDIO_TYPE = 111;

export interface PeerOptions {
  /** What it sends, by SSRC. */
  sends?: { kind: "audio" | "video"; ssrc: number }[];
  /** The outgoing SSRCs that it receives. */
  receives?: { kind: "audio" | "video"; ssrc: number }[];
  /** Instead of its own: the announced one. */
  fingerprint?: string;
  /** Where it believes that the relay is: a proxy's port. */
  port?: number;
}

export interface Offer {
  ufrag: string;
  password: string;
  fingerprint: string;
  media: { kind: string; mid: string; direction: string; lines: string[] }[];
}

function value(sdp: string, name: string): string {
  const found = new RegExp(`^a=${name}:(.*)$`, "m").exec(sdp);
  if (found === null) throw new Error(`the offer has no ${name}`);
  return found[1]!.trim();
}

export function readOffer(sdp: string): Offer {
  const media = sdp.split(/^(?=m=)/m).slice(1).map((section) => ({
    kind: /^m=(\w+)/.exec(section)![1]!,
    mid: value(section, "mid"),
    direction: /^a=(sendonly|recvonly|sendrecv|inactive)/m.exec(section)![1]!,
    lines: section.split(/\r?\n/).filter((line) => /^a=(rtpmap|rtcp-fb|fmtp):/.test(line)),
  }));
  return {
    ufrag: value(sdp, "ice-ufrag"), password: value(sdp, "ice-pwd"),
    fingerprint: value(sdp, "fingerprint").replace(/^sha-256 /i, "").replaceAll(":", "").toLowerCase(), media,
  };
}

/** The relay's answer: passive, ICE-lite, one candidate, and the SSRCs that it will send. */
export function writeAnswer(offer: Offer, relay: { address: string; port: number; fingerprint: string }, leg: LegAnswer, ssrcs: number[]): string {
  const turned: Record<string, string> = { sendonly: "recvonly", recvonly: "sendonly", sendrecv: "sendrecv", inactive: "inactive" };
  const left = [...ssrcs];
  const sections = offer.media.map((media) => {
    const types = [...new Set(media.lines.filter((line) => line.startsWith("a=rtpmap:")).map((line) => /\d+/.exec(line)![0]))];
    const ssrc = media.direction === "recvonly" ? left.shift() : undefined;
    return [
      `m=${media.kind} ${relay.port} UDP/TLS/RTP/SAVPF ${types.join(" ")}`, `c=IN IP4 ${relay.address}`, `a=mid:${media.mid}`,
      `a=${turned[media.direction]}`, "a=rtcp-mux", ...media.lines, `a=ice-ufrag:${leg.ufrag}`, `a=ice-pwd:${leg.password}`,
      `a=fingerprint:sha-256 ${relay.fingerprint.toUpperCase().match(/../g)!.join(":")}`, "a=setup:passive",
      ...(ssrc === undefined ? [] : [`a=ssrc:${ssrc} cname:relay`]),
      `a=candidate:1 1 UDP 2122260223 ${relay.address} ${relay.port} typ host`, "a=end-of-candidates",
    ].join("\r\n");
  });
  const group = offer.media.map((media) => media.mid).join(" ");
  return ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", `a=group:BUNDLE ${group}`, "a=ice-lite", ...sections, ""].join("\r\n");
}

let isQuiet = false;

export class Peer {
  readonly leg: LegAnswer;
  readonly offer: Offer;
  /** RTP by the SSRC that it came under. */
  readonly received = new Map<number, Buffer[]>();
  readonly reports: Buffer[] = [];
  #host: RelayHost;
  #connection: PeerConnection;
  #tracks: Track[];

  private constructor(host: RelayHost, connection: PeerConnection, tracks: Track[], leg: LegAnswer, offer: Offer) {
    this.#host = host;
    this.#connection = connection;
    this.#tracks = tracks;
    this.leg = leg;
    this.offer = offer;
    for (const track of tracks) track.onMessage((packet) => this.#take(packet));
  }

  static async join(host: RelayHost, call: string, options: PeerOptions): Promise<Peer> {
    if (!isQuiet) datachannel.initLogger("Fatal", () => {});
    isQuiet = true;
    const connection = new datachannel.PeerConnection("peer", { iceServers: [], bindAddress: host.address });
    const tracks = [
      ...(options.sends ?? []).map((stream, at) => ({ ...stream, mid: `s${at}`, direction: "SendOnly" as const })),
      ...(options.receives ?? []).map((stream, at) => ({ ...stream, mid: `r${at}`, direction: "RecvOnly" as const })),
    ].map((stream) => {
      const media = stream.kind === "audio" ? new datachannel.Audio(stream.mid, stream.direction) : new datachannel.Video(stream.mid, stream.direction);
      if ("addVP8Codec" in media) media.addVP8Codec(VIDEO_TYPE);
      else media.addOpusCodec(AUDIO_TYPE);
      if (stream.direction === "SendOnly") media.addSSRC(stream.ssrc, "peer");
      return connection.addTrack(media);
    });
    const sdp = await new Promise<string>((resolve) => {
      connection.onLocalDescription((text) => resolve(text));
      connection.setLocalDescription("offer");
    });
    const offer = readOffer(sdp);
    const leg = await host.leg(call, offer.ufrag, options.fingerprint ?? offer.fingerprint);
    const at = { address: host.address, port: options.port ?? host.port, fingerprint: host.fingerprint };
    const peer = new Peer(host, connection, tracks, leg, offer);
    connection.setRemoteDescription(writeAnswer(offer, at, leg, (options.receives ?? []).map((stream) => stream.ssrc)), "answer");
    return peer;
  }

  /** Both sides say so: the relay is done with the handshake first. */
  async connected(): Promise<void> {
    await this.#host.event(`connected ${this.leg.leg}`);
    await until("open tracks", () => this.#tracks.every((track) => track.isOpen()));
  }

  #take(packet: Buffer): void {
    if (isRtcp(packet)) {
      this.reports.push(packet);
      return;
    }
    const ssrc = packet.readUInt32BE(8);
    const list = this.received.get(ssrc);
    if (list === undefined) this.received.set(ssrc, [packet]);
    else list.push(packet);
  }

  /** How many packets have come under this SSRC. */
  count(ssrc: number): number {
    return this.received.get(ssrc)?.length ?? 0;
  }

  /** RTP or RTCP, on its track of this number: those that send come first. False: it is not open. */
  send(packet: Buffer, track = 0): boolean {
    return this.#tracks[track]!.isOpen() && this.#tracks[track]!.sendMessageBinary(packet);
  }

  get state(): string {
    return this.#connection.state();
  }

  close(): void {
    this.#connection.close();
  }
}
