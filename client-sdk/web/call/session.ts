// session -- a tab's part in a call, from the moment it wants to come until the call is over: its media and its worker of frames
// beside what the engine tells. The pages hold one, and draw what is here.
import { EnrumError } from "../protocol/error.ts";
import { bring } from "../link/bring.ts";
import type { CallView, EnrumClient } from "../sdk/view.ts";
import type { DeviceChoice, Source } from "./devices.ts";
import type { FrameTell } from "./framewire.ts";
import type { CallMedia } from "./media.ts";
import { Unopened } from "./unopened.ts";

/** Which call. */
export type CallWhere = { room: string } | { call: string };

export class CallSession {
  media: CallMedia | undefined;
  /** The person has asked to come, and the engine is being fetched. */
  isBeginning = false;
  /** Where the pages of this board are. */
  readonly base: URL;
  readonly #client: EnrumClient;
  readonly #framesMake: () => Promise<Worker>;
  readonly #listeners = new Set<() => void>();
  #id: string | undefined;
  /** The engine has told of the call. */
  #wasTold = false;
  #frames: Worker | undefined;
  /** For good: the page is on its way out. */
  #isLeft = false;
  #unopened = new Unopened();
  /** Loaded when somebody comes to a call. */
  #makeMedia: typeof CallMedia | undefined;
  #wakeLock: WakeLockSentinel | undefined;
  /** What was on before the call had media: turned on with them. */
  #first: { choice: DeviceChoice; on: readonly Source[] } = { choice: {}, on: [] };

  /** `framesMake`: a new worker of frames; rejects when there is none to be had. */
  constructor(client: EnrumClient, base: URL, framesMake: () => Promise<Worker>) {
    this.#client = client;
    this.base = base;
    this.#framesMake = framesMake;
    client.subscribe(() => this.#told());
    document.addEventListener("visibilitychange", () => void this.#awake());
  }

  /** The call that this tab is in, or was in last. */
  get view(): CallView | undefined {
    const call = this.#client.session?.call;
    return call !== undefined && call.media === this.#id ? call : undefined;
  }

  /** This tab's call in another room than this. */
  otherThan(room: string | undefined): CallView | undefined {
    const { view } = this;
    return view !== undefined && view.phase !== "over" && view.room !== room ? view : undefined;
  }

  /** Something comes of this participant, and cannot be opened. */
  isUnopened(participant: number): boolean {
    return this.#unopened.has(participant);
  }

  /** A call of this device that another tab has. */
  get elsewhere(): CallView | undefined {
    const call = this.#client.session?.call;
    return call !== undefined && call.phase !== "over" && call.media !== this.#id ? call : undefined;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed = (): void => {
    for (const listener of [...this.#listeners]) listener();
  };

  /** Comes to the call. `on`: what is turned on when it has media. Throws EnrumError: OUT_OF_STATE while this tab is in one. */
  async begin(where: CallWhere, on: readonly Source[], choice: DeviceChoice): Promise<void> {
    if (this.isBeginning) return;
    if (this.#frames !== undefined) throw new EnrumError("OUT_OF_STATE", "this tab is in a call");
    this.isBeginning = true;
    this.#wasTold = false;
    this.#first = { choice, on };
    this.#changed();
    try {
      this.#makeMedia = (await bring(() => import("./media.ts"))).CallMedia;
      const { port1, port2 } = new MessageChannel();
      this.#frames = await this.#framesMake();
      this.#stay();
      this.#unopened = new Unopened();
      this.#frames.onmessage = ({ data }: MessageEvent<FrameTell>) => {
        if (this.#unopened.take(data)) this.#changed();
      };
      this.#frames.postMessage({ type: "port", port: port1 }, [port1]);
      this.#id = await this.#client.mediaBegin(port2);
      this.#stay();
      await ("room" in where ? this.#client.callJoin(this.#id, where.room) : this.#client.callJoinAsGuest(this.#id, where.call));
      // Joined behind the end of its media: nobody has left it yet.
      if (this.#isLeft) await this.#client.callLeave(false).catch(ignoreRefusal);
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      this.isBeginning = false;
      this.#changed();
    }
  }

  /** At once: nobody is heard here, or seen and heard from here, and what is on its way does not come to the call. */
  leave(): void {
    this.#isLeft = true;
    this.#end();
  }

  #stay(): void {
    if (this.#isLeft) throw new EnrumError("OUT_OF_STATE", "the page is left");
  }

  /** Turns a source on or off, and tells the others. False when it cannot be had. */
  async turn(source: Source, isOn: boolean): Promise<boolean> {
    const { media } = this;
    if (media === undefined) return false;
    const isDone = await media.turn(source, isOn);
    await this.#presenceTell();
    return isDone;
  }

  async #presenceTell(): Promise<void> {
    const { media } = this;
    if (media === undefined) return;
    const presence = { voice: media.isOn("voice"), camera: media.isOn("camera"), screen: media.isOn("screen") };
    await this.#client.callPresence(presence).catch(ignoreRefusal);
  }

  #told(): void {
    const { view } = this;
    // An engine that has ended, as behind a logout, has taken the call with it.
    if (view === undefined ? this.#wasTold : view.phase === "over") this.#end();
    if (view === undefined) return;
    this.#wasTold = true;
    if (view.phase === "in") this.#inCall(view);
    this.#changed();
  }

  #inCall(view: CallView): void {
    if (this.media === undefined && this.#frames !== undefined && this.#makeMedia !== undefined) {
      const leg = (offer: Parameters<EnrumClient["callLeg"]>[0]) => this.#client.callLeg(offer);
      this.media = new this.#makeMedia({ frames: this.#frames, leg, isSending: () => this.view?.isSending === true, onChange: this.#onMedia }, this.#first.choice);
      void this.#turnFirst();
      void this.#awake();
    }
    this.media?.streamsSet(view.people.flatMap(({ participant, streams }) => streams.map(({ use, ssrc }) => ({ participant, use, ssrc }))));
  }

  async #turnFirst(): Promise<void> {
    for (const source of this.#first.on) await this.media?.turn(source, true);
    await this.#presenceTell();
  }

  #onMedia = (): void => {
    const { view, media } = this;
    // The browser's own bar ends a screen, a camera is pulled out: the others are told.
    const isOther = view !== undefined && media !== undefined && view.phase === "in" && (["voice", "camera", "screen"] as const).some((source) => view.own[source] !== media.isOn(source));
    if (isOther) void this.#presenceTell();
    this.#changed();
  };

  /** A phone that is only looked at does not go dark. The browser takes this back from a page that is hidden. */
  async #awake(): Promise<void> {
    if (this.media === undefined || document.visibilityState !== "visible") return;
    try {
      this.#wakeLock = await navigator.wakeLock.request("screen");
    } catch {
      // A browser that has none, or does not give it now.
    }
    if (this.media === undefined) this.#wakeLockEnd();
  }

  #wakeLockEnd(): void {
    void this.#wakeLock?.release().catch(() => undefined);
    this.#wakeLock = undefined;
  }

  #end(): void {
    if (this.#frames === undefined) return;
    this.media?.close();
    this.media = undefined;
    this.#wakeLockEnd();
    this.#frames.terminate();
    this.#frames = undefined;
    if (this.#id !== undefined) this.#client.mediaEnd(this.#id);
  }
}

/** The call is over, or the connection is lost: what was to be said is said with the next change. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof EnrumError)) throw error;
}
