// janus -- Debian's Janus with its video room, beside our relay. It takes an offer or makes one, as for a browser; of its
// description a device gets what it needs to connect.
import { randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { until } from "../relay/host.ts";
import { packageVersion } from "./place.ts";
import type { Devices, Spot, StartRelay } from "./relays.ts";
import { begin } from "./servers.ts";

const LIBRARIES = "/usr/lib/x86_64-linux-gnu/janus";
const ROOM = 1;
const WIDE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

/** Its files, as the package has them, but for where it listens; 0 loops: one for each device, which is what it does unasked. */
const files = (folder: string, address: string, loops: number): Record<string, string> => ({
  "janus.jcfg": `
general: { configs_folder = "${folder}", debug_level = 4, session_timeout = 0, event_loops = ${loops}, plugins_folder = "${folder}/plugins",
  transports_folder = "${folder}/transports", events_folder = "${folder}/none", loggers_folder = "${folder}/none" }
nat: { ice_lite = true, full_trickle = false, ice_enforce_list = "${address}" }
`,
  "janus.transport.websockets.jcfg": `general: { json = "compact", ws = true, ws_unix = "${folder}/socket", wss = false }\n`,
  "janus.plugin.videoroom.jcfg": `
room-${ROOM}: { publishers = 1, bitrate = 0, fir_freq = 0, videocodec = "vp8", transport_wide_cc_ext = true }
`,
});

interface Answer {
  janus: string;
  transaction?: string;
  sender?: number;
  data?: { id: number };
  error?: { reason: string };
  plugindata?: { data: Record<string, unknown> };
  jsep?: { type: string; sdp: string };
}

/** Its API. What is asked carries an id that the answer has, too; an event is of a handle. */
class Api {
  #socket: WebSocket;
  #session = 0;
  #answers = new Map<string, Answer>();
  /** Handles whose connection is up. */
  #up = new Set<number>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (text: Buffer) => this.#take(JSON.parse(text.toString()) as Answer));
  }

  static async open(path: string): Promise<Api> {
    const socket = new WebSocket(`ws+unix:${path}:/`, "janus-protocol");
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const api = new Api(socket);
    api.#session = (await api.#ask({ janus: "create" })).data!.id;
    return api;
  }

  #take(answer: Answer): void {
    if (answer.janus === "webrtcup") this.#up.add(answer.sender!);
    // Of what is done later, there is first said that it will be.
    if (answer.janus !== "ack" && answer.transaction !== undefined) this.#answers.set(answer.transaction, answer);
  }

  async #ask(words: Record<string, unknown>): Promise<Answer> {
    const transaction = randomBytes(8).toString("hex");
    this.#socket.send(JSON.stringify({ ...words, transaction, ...(this.#session > 0 ? { session_id: this.#session } : {}) }));
    await until(`Janus's answer to ${String(words.janus)}`, () => this.#answers.has(transaction));
    const answer = this.#answers.get(transaction)!;
    this.#answers.delete(transaction);
    const wrong = answer.error?.reason ?? answer.plugindata?.data.error;
    if (wrong !== undefined) throw new Error(`Janus: ${String(wrong)}`);
    return answer;
  }

  async attach(): Promise<number> {
    return (await this.#ask({ janus: "attach", plugin: "janus.plugin.videoroom" })).data!.id;
  }

  message(handle: number, body: Record<string, unknown>, jsep?: { type: string; sdp: string }): Promise<Answer> {
    return this.#ask({ janus: "message", handle_id: handle, body, ...(jsep ? { jsep } : {}) });
  }

  connected(handle: number): Promise<void> {
    return until("a connection of Janus", () => this.#up.has(handle));
  }

  close(): void {
    this.#socket.close();
  }
}

/** A device's description of itself: one video, sent or received. */
function description({ ufrag, password, fingerprint, payloadType: type }: Devices, direction: "sendonly" | "recvonly", lines: string[]): string {
  return [
    "v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0", `m=video 9 UDP/TLS/RTP/SAVPF ${type}`, "c=IN IP4 0.0.0.0",
    "a=mid:0", `a=${direction}`, "a=rtcp-mux", `a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${fingerprint.toUpperCase().match(/../g)!.join(":")}`, "a=setup:active",
    `a=rtpmap:${type} VP8/90000`, `a=rtcp-fb:${type} nack`, `a=rtcp-fb:${type} nack pli`, ...lines, "",
  ].join("\r\n");
}

function found(sdp: string, pattern: RegExp): string {
  const match = pattern.exec(sdp);
  if (match === null) throw new Error(`Janus's description has no ${pattern.source}:\n${sdp}`);
  return match[1]!;
}

export const janusWith = (loops: number): StartRelay => async (place, namespace, devices) => {
  const folder = place.make("janus");
  for (const [kind, library] of [["plugins", "videoroom"], ["transports", "websockets"]] as const) {
    const name = `libjanus_${library}.so`;
    mkdirSync(join(folder, kind));
    symlinkSync(join(LIBRARIES, kind, name), join(folder, kind, name));
  }
  for (const [name, text] of Object.entries(files(folder, namespace.address, loops))) writeFileSync(join(folder, name), text);
  const program = await begin({
    name: "janus",
    // It ends when this program does, and with it the namespace.
    command: [...namespace.words, "setpriv", "--pdeathsig", "KILL", "janus", "--disable-colors", "--configs-folder", folder],
    log: join(folder, "janus.log"),
    ready: /WebSockets thread started/,
  });
  const api = await Api.open(join(folder, "socket")).catch(async (error: unknown) => {
    await program.stop();
    throw error;
  });
  let feed: unknown;

  const spot = (handle: number, sdp: string): Spot => ({
    port: Number(found(sdp, /^a=candidate:\S+ 1 udp \d+ \S+ (\d+) typ host/im)),
    ufrag: found(sdp, /^a=ice-ufrag:(\S+)/m),
    password: found(sdp, /^a=ice-pwd:(\S+)/m),
    connected: () => api.connected(handle),
  });
  const sender = async (): Promise<Spot> => {
    const handle = await api.attach();
    const joined = await api.message(handle, { request: "join", ptype: "publisher", room: ROOM });
    feed = joined.plugindata!.data.id;
    const lines = [`a=rtcp-fb:${devices.payloadType} transport-cc`, `a=extmap:${devices.extension} ${WIDE}`, `a=ssrc:${devices.ssrc} cname:load`];
    const sdp = description(devices, "sendonly", lines);
    const { jsep } = await api.message(handle, { request: "publish" }, { type: "offer", sdp });
    return spot(handle, jsep!.sdp);
  };
  const receiver = async (): Promise<Spot> => {
    const handle = await api.attach();
    const { jsep } = await api.message(handle, { request: "join", ptype: "subscriber", room: ROOM, streams: [{ feed }] });
    const made = spot(handle, jsep!.sdp);
    await api.message(handle, { request: "start" }, { type: "answer", sdp: description(devices, "recvonly", []) });
    return made;
  };
  return {
    version: packageVersion("janus"),
    pid: program.pid,
    does:
      `${loops > 0 ? "one thread for the media of all devices" : "a thread for each device"}, a port for each; packets go out under a new SSRC, number and ` +
      "timestamp, without header extensions, as the receivers want none; NACK is answered from a buffer of each receiver's; to the sender go " +
      "NACK for gaps, transport-cc feedback and receiver reports, to receivers sender reports of Janus's own",
    sender,
    receiver,
    stop: async () => {
      api.close();
      await program.stop();
    },
  };
};
