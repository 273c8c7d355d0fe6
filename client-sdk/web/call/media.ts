// media -- the tab's side of one call: this device's sources, the connection to the relay, and what comes from the others. All
// frames pass the worker of frames, which alone has keys; what it does not seal is not sent, what it does not open is not shown.
//
// A connection that fails is made anew, with a new leg: nothing of the old one is needed.
import { EnrumError } from "../protocol/error.ts";
import { CALL_USES, type ErrorName } from "../protocol/tables.ts";
import { sourceOpen, SourceFailed, type DeviceChoice, type Source, type SourceError } from "./devices.ts";
import type { Use } from "./framecrypt.ts";
import type { FrameAsk, TransformOptions } from "./framewire.ts";
import { answerMake, offerRead, offerShape, OWN_USES, type LegOffer, type RelayLeg } from "./sdp.ts";
import { Slots, type ReceivedStream } from "./slots.ts";

export interface CallMediaOptions {
  /** The worker of frames. The engine gives it the keys, past this page. */
  frames: Worker;
  /** CALL_LEG. Throws EnrumError. */
  leg(offer: LegOffer): Promise<RelayLeg>;
  /** Has the worker a key, so that what is on leaves? */
  isSending(): boolean;
  onChange(): void;
}

/** blocked: nothing comes through to the relay from here. */
export type MediaState = "connecting" | "connected" | "lost" | "blocked";

/** Something of another participant that can be shown or heard. */
export interface RemoteMedia {
  participant: number;
  use: Use;
  stream: MediaStream;
  /** Of a voice, 0 ... 1. */
  level: number;
  /** Frames come and are shown. */
  isFlowing: boolean;
}

export interface MediaFigures {
  /** Decoded and shown since the beginning, of all others. */
  framesDecoded: number;
  voiceSamples: number;
  packetsSent: number;
  packetsReceived: number;
  packetsLost: number;
  /** To the relay and back, seconds; undefined: not known yet. */
  roundTrip: number | undefined;
}

const USE_OF: Readonly<Record<Source, Use>> = { voice: CALL_USES.VOICE, camera: CALL_USES.CAMERA, screen: CALL_USES.SCREEN };
const AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** A connection that has not come about so long after the relay's answer does not come about, and the next is tried. */
const CONNECT_MS = 12_000;
/** A connection that is disturbed so long is lost. */
const DISTURBED_MS = 6_000;
const LOOK_MS = 500;
/** Looks in a row at which nothing of a source has left, though frames are sealed: the connection has got stuck, and another one is made. */
const STUCK_LOOKS = 12;
/** What leaves all the time while it is on. Of a screen on which nothing moves nothing may leave. */
const STEADY = ["voice", "camera"] as const satisfies readonly Source[];
/** What a browser takes as a person's wish to hear: a finger that touches is none before it has left. */
const PRESSES = ["click", "keydown"] as const;

interface Inbound {
  level: number;
  /** Frames decoded, or samples heard. */
  count: number;
}

/** Of getStats, as far as it is used here. */
interface StatsRow {
  type: string;
  kind?: string;
  mid?: string;
  audioLevel?: number;
  framesDecoded?: number;
  totalSamplesReceived?: number;
  concealedSamples?: number;
  packetsReceived?: number;
  packetsLost?: number;
  packetsSent?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
}

export class CallMedia {
  state: MediaState = "connecting";
  /** The browser lets nobody be heard before the person has pressed something. */
  isSoundBlocked = false;
  /** Why the host does not give a leg, while it does not. */
  error: ErrorName | undefined;
  /** Why a source cannot be had: of the newest try. */
  readonly failures = new Map<Source, SourceError>();
  /** Level of the own voice, 0 ... 1. */
  ownLevel = 0;
  figures: MediaFigures = { framesDecoded: 0, voiceSamples: 0, packetsSent: 0, packetsReceived: 0, packetsLost: 0, roundTrip: undefined };
  readonly #options: CallMediaOptions;
  #choice: DeviceChoice;
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  /** Sources that have been on: their section goes on being sent, with nothing in it while they are off. */
  readonly #published = new Set<Source>(["voice"]);
  #wanted: readonly ReceivedStream[] = [];
  #slots = new Slots();
  #connection: RTCPeerConnection | undefined;
  /** The fingerprint of the relay that the connection leads to. */
  #relay: string | undefined;
  /** This connection has come about. */
  #hasConnected = false;
  /** By slot, as what follows. */
  readonly #streams = new Map<number, MediaStream>();
  readonly #voices = new Map<number, HTMLAudioElement>();
  readonly #volumes = new Map<number, number>();
  readonly #inbound = new Map<number, Inbound>();
  readonly #flowing = new Set<number>();
  #isNegotiating = false;
  #isStale = false;
  #tries = 0;
  #isClosed = false;
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #look: ReturnType<typeof setInterval>;
  /** By source: what has left, and at how many looks in a row nothing has. */
  readonly #left = new Map<Source, { packets: number; stuck: number }>();

  constructor(options: CallMediaOptions, choice: DeviceChoice = {}) {
    this.#options = options;
    this.#choice = choice;
    this.#look = setInterval(() => void this.#lookAt(), LOOK_MS);
    addEventListener("online", this.#onOnline);
    for (const press of PRESSES) addEventListener(press, this.#onPress);
    this.#connect();
  }

  // -- Own sources --------------------------------------------------------------------------------------------------

  isOn(source: Source): boolean {
    const track = this.#tracks.get(source);
    return track !== undefined && track.enabled;
  }

  /** To look at oneself; undefined while it is off. */
  preview(source: "camera" | "screen"): MediaStream | undefined {
    const track = this.#tracks.get(source);
    return track === undefined ? undefined : this.#previewOf(source, track);
  }

  #previews = new Map<Source, MediaStream>();

  #previewOf(source: Source, track: MediaStreamTrack): MediaStream {
    const known = this.#previews.get(source);
    if (known?.getTracks()[0] === track) return known;
    const stream = new MediaStream([track]);
    this.#previews.set(source, stream);
    return stream;
  }

  /** Turns it on or off. False when it cannot be had: `failures` says why. A voice that is off is muted; a camera is given back. */
  async turn(source: Source, isOn: boolean): Promise<boolean> {
    const track = this.#tracks.get(source);
    this.failures.delete(source);
    if (source === "voice" && track !== undefined) track.enabled = isOn;
    else if (!isOn) await this.#give(source, undefined);
    else if (track === undefined) await this.#open(source);
    this.#changed();
    return this.isOn(source) === isOn;
  }

  async #open(source: Source): Promise<void> {
    try {
      await this.#give(source, await sourceOpen(source, this.#choice));
    } catch (error) {
      if (!(error instanceof SourceFailed)) throw error;
      this.failures.set(source, error.reason);
    }
  }

  async #give(source: Source, track: MediaStreamTrack | undefined): Promise<void> {
    this.#tracks.get(source)?.stop();
    if (track === undefined || this.#isClosed) {
      track?.stop();
      this.#tracks.delete(source);
    } else {
      this.#tracks.set(source, track);
      // It is pulled out, or the browser's own bar ends it.
      track.onended = () => void (this.#tracks.get(source) === track && this.turn(source, false));
    }
    await this.#senderOf(source)?.replaceTrack(track ?? null);
    if (track !== undefined && !this.#published.has(source)) {
      this.#published.add(source);
      this.#negotiateSoon();
    }
  }

  #senderOf(source: Source): RTCRtpSender | undefined {
    return this.#connection?.getTransceivers()[OWN_USES.indexOf(USE_OF[source])]?.sender;
  }

  /** Another microphone, camera or speaker: what is on goes on with it. */
  async choose(choice: DeviceChoice): Promise<void> {
    const before = this.#choice;
    this.#choice = choice;
    for (const voice of this.#voices.values()) void this.#speak(voice);
    const changed: Source[] = [
      ...(choice.microphone === before.microphone ? [] : ["voice" as const]), ...(choice.camera === before.camera ? [] : ["camera" as const]),
    ];
    for (const source of changed) {
      const track = this.#tracks.get(source);
      if (track === undefined) continue;
      const { enabled } = track;
      await this.#open(source);
      const now = this.#tracks.get(source);
      if (now !== undefined) now.enabled = enabled;
    }
    this.#changed();
  }

  // -- Others -------------------------------------------------------------------------------------------------------

  /** These are the streams of the others from now on, as the host shows them and as far as they are believed. */
  streamsSet(streams: readonly ReceivedStream[]): void {
    const name = (list: readonly ReceivedStream[]) => list.map(({ participant, use, ssrc }) => `${participant} ${use} ${ssrc}`).sort().join();
    if (name(streams) === name(this.#wanted)) return;
    this.#wanted = [...streams];
    this.#negotiateSoon();
  }

  get remotes(): RemoteMedia[] {
    return this.#slots.all.flatMap(({ stream }, slot) => {
      const media = this.#streams.get(slot);
      if (stream === undefined || media === undefined) return [];
      const { participant, use } = stream;
      return [{ participant, use, stream: media, level: this.#inbound.get(slot)?.level ?? 0, isFlowing: this.#flowing.has(slot) }];
    });
  }

  /** How loud a participant is here, 0 ... 1. */
  volumeOf(participant: number): number {
    return this.#volumes.get(participant) ?? 1;
  }

  volumeSet(participant: number, volume: number): void {
    this.#volumes.set(participant, volume);
    this.#volumesApply();
    this.#changed();
  }

  #volumesApply(): void {
    for (const [slot, { stream }] of this.#slots.all.entries()) {
      const voice = this.#voices.get(slot);
      if (voice !== undefined && stream !== undefined) voice.volume = this.volumeOf(stream.participant);
    }
  }

  async #speak(voice: HTMLAudioElement): Promise<void> {
    try {
      if (this.#choice.speaker !== undefined && "setSinkId" in voice) await voice.setSinkId(this.#choice.speaker);
    } catch {
      // One that is gone: the browser's own choice then.
    }
    try {
      await voice.play();
    } catch (error) {
      // Also when it is taken away meanwhile, which is no trouble.
      if ((error as DOMException).name !== "NotAllowedError" || this.#isClosed) return;
      this.isSoundBlocked = true;
      this.#changed();
    }
  }

  #onPress = (): void => {
    if (!this.isSoundBlocked) return;
    this.isSoundBlocked = false;
    for (const voice of this.#voices.values()) void this.#speak(voice);
    this.#changed();
  };

  // -- The connection -----------------------------------------------------------------------------------------------

  #changed(): void {
    if (!this.#isClosed) this.#options.onChange();
  }

  #after(ms: number, task: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#isClosed) task();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }

  #tell(ask: FrameAsk): void {
    this.#options.frames.postMessage(ask);
  }

  #transform(options: TransformOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#options.frames, options);
  }

  #connect(): void {
    this.#disconnect();
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    this.#connection = connection;
    this.#relay = undefined;
    this.#hasConnected = false;
    this.#slots = new Slots();
    for (const use of OWN_USES) {
      const { sender } = connection.addTransceiver(use === CALL_USES.VOICE ? "audio" : "video", { direction: "inactive" });
      // Before anything can be sent: what no transform has sealed does not leave.
      sender.transform = this.#transform({ side: "send", use });
    }
    for (const [source, track] of this.#tracks) void this.#senderOf(source)?.replaceTrack(track);
    connection.onconnectionstatechange = () => this.#onState(connection);
    this.#negotiateSoon();
  }

  #disconnect(): void {
    this.#deadlineEnd();
    if (this.#connection !== undefined) this.#connection.onconnectionstatechange = null;
    this.#connection?.close();
    this.#connection = undefined;
    for (const voice of this.#voices.values()) voice.srcObject = null;
    this.#voices.clear();
    this.#streams.clear();
    this.#inbound.clear();
    this.#flowing.clear();
    this.#left.clear();
  }

  #onState(connection: RTCPeerConnection): void {
    if (connection !== this.#connection) return;
    if (connection.connectionState === "connected") {
      this.#deadlineEnd();
      this.#hasConnected = true;
      this.state = "connected";
      this.#tries = 0;
    } else if (connection.connectionState === "failed") {
      this.#again(this.#hasConnected ? "lost" : "blocked");
    } else if (connection.connectionState === "disconnected") {
      this.#deadlineEnd();
      this.state = "lost";
      this.#deadline = this.#after(DISTURBED_MS, () => this.#again("lost"));
    }
    this.#changed();
  }

  #deadlineEnd(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  /** Another try, later each time. */
  #again(state: MediaState): void {
    this.state = state;
    this.#disconnect();
    const wait = AGAIN_MS[Math.min(this.#tries++, AGAIN_MS.length - 1)] ?? 0;
    this.#deadline = this.#after(wait, () => this.#connect());
    this.#changed();
  }

  /** Another network: the way that is known may be gone. */
  #onOnline = (): void => {
    if (this.state !== "connected") this.#connect();
  };

  // -- Negotiation --------------------------------------------------------------------------------------------------

  #negotiateSoon(): void {
    this.#isStale = true;
    if (!this.#isNegotiating) void this.#negotiations();
  }

  /** One at a time; the next has everything that was asked for in between. */
  async #negotiations(): Promise<void> {
    this.#isNegotiating = true;
    while (this.#isStale && !this.#isClosed && this.#connection !== undefined) {
      this.#isStale = false;
      const connection = this.#connection;
      try {
        await this.#negotiate(connection);
        this.error = undefined;
      } catch (error) {
        this.#onRefused(connection, error);
      }
    }
    this.#isNegotiating = false;
    this.#changed();
  }

  #onRefused(connection: RTCPeerConnection, error: unknown): void {
    if (!(error instanceof EnrumError) && !(error instanceof DOMException)) throw error;
    // One that has been closed meanwhile: the next one negotiates for itself.
    if (this.#isClosed || connection !== this.#connection) return;
    this.error = error instanceof EnrumError ? error.code : undefined;
    this.#again("lost");
  }

  async #negotiate(connection: RTCPeerConnection): Promise<void> {
    this.#slots.place(this.#wanted);
    const transceivers = connection.getTransceivers();
    for (const [at, use] of OWN_USES.entries()) {
      const source = (Object.keys(USE_OF) as Source[]).find((name) => USE_OF[name] === use) as Source;
      (transceivers[at] as RTCRtpTransceiver).direction = this.#published.has(source) ? "sendonly" : "inactive";
    }
    for (const [slot, { medium, stream }] of this.#slots.all.entries()) {
      const transceiver = transceivers[OWN_USES.length + slot] ?? this.#slotAdd(connection, slot, medium);
      transceiver.direction = stream === undefined ? "inactive" : "recvonly";
      this.#tell({ type: "slot", slot, stream: stream && { participant: stream.participant, use: stream.use } });
    }
    this.#volumesApply();
    const { sdp = "" } = await connection.createOffer();
    const offer = offerShape(sdp);
    await connection.setLocalDescription({ type: "offer", sdp: offer });
    const slots = this.#slots.all.map(({ medium, stream }) => ({ medium, stream }));
    const relay = await this.#options.leg(offerRead(offer));
    if (connection !== this.#connection) return;
    const fingerprint = String(relay.fingerprint);
    // A host that has begun anew has another relay: nothing of a connection to the one before holds there.
    if (this.#relay !== undefined && this.#relay !== fingerprint) return this.#connect();
    this.#relay = fingerprint;
    await connection.setRemoteDescription({ type: "answer", sdp: answerMake(offer, relay, slots) });
    if (connection !== this.#connection || this.#hasConnected) return;
    this.#deadline ??= this.#after(CONNECT_MS, () => this.#again("blocked"));
  }

  #slotAdd(connection: RTCPeerConnection, slot: number, medium: "audio" | "video"): RTCRtpTransceiver {
    const transceiver = connection.addTransceiver(medium, { direction: "recvonly" });
    const { receiver } = transceiver;
    receiver.transform = this.#transform({ side: "receive", slot });
    const stream = new MediaStream([receiver.track]);
    this.#streams.set(slot, stream);
    if (medium === "audio") {
      const voice = Object.assign(new Audio(), { srcObject: stream, autoplay: true });
      this.#voices.set(slot, voice);
      void this.#speak(voice);
    }
    return transceiver;
  }

  // -- Looking ------------------------------------------------------------------------------------------------------

  async #lookAt(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    const rows = [...(await connection.getStats()).values()] as StatsRow[];
    if (connection !== this.#connection || this.#isClosed) return;
    const inbound = rows.filter(({ type }) => type === "inbound-rtp");
    const sum = (list: StatsRow[], of: (row: StatsRow) => number | undefined) => list.reduce((all, row) => all + (of(row) ?? 0), 0);
    const heard = ({ totalSamplesReceived = 0, concealedSamples = 0 }: StatsRow) => totalSamplesReceived - concealedSamples;
    this.figures = {
      framesDecoded: sum(inbound, ({ framesDecoded }) => framesDecoded),
      voiceSamples: sum(inbound, heard),
      packetsSent: sum(rows.filter(({ type }) => type === "outbound-rtp"), ({ packetsSent }) => packetsSent),
      packetsReceived: sum(inbound, ({ packetsReceived }) => packetsReceived),
      packetsLost: sum(inbound, ({ packetsLost }) => packetsLost),
      roundTrip: rows.find(({ type, nominated }) => type === "candidate-pair" && nominated)?.currentRoundTripTime,
    };
    if (STEADY.some((source) => this.#isStuck(connection, source, rows))) return this.#again("lost");
    this.ownLevel = this.isOn("voice") ? Math.max(0, ...rows.filter(({ type, kind }) => type === "media-source" && kind === "audio").map(({ audioLevel = 0 }) => audioLevel)) : 0;
    const mids = connection.getTransceivers().slice(OWN_USES.length).map(({ mid }) => mid);
    for (const row of inbound) {
      const slot = mids.indexOf(row.mid ?? "");
      if (slot < 0) continue;
      const count = row.kind === "audio" ? heard(row) : row.framesDecoded ?? 0;
      const before = this.#inbound.get(slot)?.count ?? 0;
      this.#inbound.set(slot, { level: row.audioLevel ?? 0, count });
      if (count > before) this.#flowing.add(slot);
      else this.#flowing.delete(slot);
    }
    this.#changed();
  }

  /** A voice that leaves says nothing of a camera that does not. */
  #isStuck(connection: RTCPeerConnection, source: Source, rows: readonly StatsRow[]): boolean {
    const { mid, currentDirection } = connection.getTransceivers()[OWN_USES.indexOf(USE_OF[source])] ?? {};
    const packets = rows.filter((row) => row.type === "outbound-rtp" && row.mid === mid).reduce((all, { packetsSent = 0 }) => all + packetsSent, 0);
    // One that the system has silenced gives nothing to be sent.
    const isToBeSent = this.state === "connected" && this.#options.isSending() && currentDirection === "sendonly" && this.#tracks.get(source)?.muted === false;
    const before = this.#left.get(source);
    const stuck = isToBeSent && packets === before?.packets ? before.stuck + 1 : 0;
    this.#left.set(source, { packets, stuck });
    return stuck >= STUCK_LOOKS;
  }

  // -- The end ------------------------------------------------------------------------------------------------------

  /** All sources are given back; the worker of frames is the caller's to end. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#look);
    for (const timer of this.#timers) clearTimeout(timer);
    removeEventListener("online", this.#onOnline);
    for (const press of PRESSES) removeEventListener(press, this.#onPress);
    for (const track of this.#tracks.values()) track.stop();
    this.#tracks.clear();
    this.#disconnect();
  }
}
