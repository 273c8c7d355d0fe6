// voice -- a voice message: recorded, listened to, and sent as a file like any other. Loaded when somebody wants to record. The
// microphone is given back as soon as the recording ends, however it ends.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { SourceFailed, sourceOpen, type SourceError } from "../call/devices.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { leaveIsUnderWay } from "./leave.ts";
import { voicePlayer } from "./player.ts";
import { clockSpan, words } from "./words/words.ts";
import { recordingBegin, recordingEnd } from "./writing.ts";

const LENGTH_MAX_MS = 5 * 60_000;
const DRAW_EVERY_MS = 250;
/** Speech; five minutes are little more than a megabyte. */
const BITS_PER_SECOND = 32_000;
/** What browsers record, and the ending that says what opens it. */
const TYPES: readonly [type: string, ending: string][] = [["audio/webm;codecs=opus", "webm"], ["audio/ogg;codecs=opus", "ogg"], ["audio/mp4", "m4a"]];

export interface Recording {
  blob: Blob;
  name: string;
}

function bareType(type: string): string {
  return type.split(";", 1)[0] ?? "";
}

function nameNow(ending: string): string {
  const now = new Date();
  const two = (n: number) => String(n).padStart(2, "0");
  return `rost-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}.${ending}`;
}

/** Fires enrum-recorded with a Recording, or enrum-not when the person does not want it; enrum-left with what was said until they went elsewhere. */
class Voice extends Base {
  static override properties = { ...Base.properties, phase: { state: true }, failure: { state: true }, now: { state: true } };
  /** asking: for the microphone. done: it can be listened to. */
  declare phase: "asking" | "recording" | "done" | "failed";
  declare failure: SourceError | undefined;
  declare now: number;
  #track: MediaStreamTrack | undefined;
  #recorder: MediaRecorder | undefined;
  #began = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #recording: Recording | undefined;
  #url: string | undefined;
  #isGone = false;
  /** Sent, or not wanted: else what was said stays. */
  #isDecided = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#isGone = this.#isDecided = false;
    void this.#begin();
  }

  override disconnectedCallback(): void {
    this.#isGone = true;
    this.#giveBack();
    this.#leave();
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    super.disconnectedCallback();
  }

  /** The microphone, and what runs with it. */
  #giveBack(): void {
    clearInterval(this.#timer);
    if (this.#recorder !== undefined && this.#recorder.state !== "inactive") this.#recorder.stop();
    this.#track?.stop();
    this.#track = undefined;
  }

  async #begin(): Promise<void> {
    this.phase = "asking";
    this.failure = undefined;
    try {
      const found = "MediaRecorder" in globalThis ? TYPES.find(([type]) => MediaRecorder.isTypeSupported(type)) : undefined;
      if (found === undefined) throw new SourceFailed("unsupported", undefined);
      const track = await sourceOpen("voice", {});
      if (this.#isGone) return track.stop();
      this.#record(track, ...found);
    } catch (error) {
      this.#giveBack();
      this.phase = "failed";
      this.failure = error instanceof SourceFailed ? error.reason : "unsupported";
    }
  }

  #record(track: MediaStreamTrack, type: string, ending: string): void {
    // First: what follows may fail, and then it is given back too.
    this.#track = track;
    const parts: Blob[] = [];
    const recorder = new MediaRecorder(new MediaStream([track]), { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => this.#done(new Blob(parts, { type: bareType(recorder.mimeType || type) }), ending);
    // A microphone that is pulled out ends it too; what was said until then is there.
    track.onended = () => this.#stop();
    this.#recorder = recorder;
    recorder.start();
    recordingBegin(this);
    this.#began = this.now = Date.now();
    this.phase = "recording";
    this.#timer = setInterval(() => {
      this.now = Date.now();
      if (this.now - this.#began >= LENGTH_MAX_MS) this.#stop();
    }, DRAW_EVERY_MS);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("button.primary")?.focus());
  }

  #stop(): void {
    if (this.phase !== "recording") return;
    this.now = Date.now();
    this.#giveBack();
  }

  /** Neither sent nor discarded: it stays with what is chosen. Not for whoever leaves the page at once, or logs out. */
  #leave(): void {
    recordingEnd(this);
    const isKept = !this.#isDecided && !leaveIsUnderWay() && this.session?.login !== "out";
    if (this.#recording !== undefined && this.#recording.blob.size > 0 && isKept) this.dispatchEvent(new CustomEvent("enrum-left", { detail: this.#recording }));
    this.#recording = undefined;
  }

  #done(blob: Blob, ending: string): void {
    this.#giveBack();
    this.#recording = { blob, name: nameNow(ending) };
    if (this.#isGone) return this.#leave();
    this.#url = URL.createObjectURL(blob);
    this.phase = "done";
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("audio")?.focus());
  }

  #again(): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.#url = this.#recording = undefined;
    void this.#begin();
  }

  #send(): void {
    this.#isDecided = true;
    this.dispatchEvent(new CustomEvent("enrum-recorded", { detail: this.#recording }));
  }

  #not(): void {
    this.#isDecided = true;
    this.dispatchEvent(new CustomEvent("enrum-not"));
  }

  #state(): TemplateResult | typeof nothing {
    const { voice, video } = words();
    switch (this.phase) {
      case "asking": return html`<p role="status">${voice.asking}</p>`;
      case "recording": return html`<p><span class="recording" role="status">${voice.recording}</span> <span role="timer">${clockSpan(this.now - this.#began)}</span> <span class="small">${voice.atMost}</span></p>`;
      case "done": return voicePlayer(this.#url ?? "", voice.listen);
      case "failed": return this.failure === undefined ? nothing : problem(video.sources.voice[this.failure], html`<p>${video.sourceDo[this.failure]}</p>`);
    }
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<section class="voice" aria-label=${w.voice.message}>${this.#state()}<p class="choices">
      ${this.phase === "recording" ? html`<button type="button" class="primary" @click=${() => this.#stop()}>${w.voice.stop}</button>` : nothing}
      ${this.phase === "done" ? html`<button type="button" class="primary" @click=${() => this.#send()}>${w.send}</button><button type="button" @click=${() => this.#again()}>${w.voice.again}</button>` : nothing}
      <button type="button" class="quiet" @click=${() => this.#not()}>${this.phase === "done" ? w.discard : w.cancel}</button></p></section>`;
  }
}

customElements.define("enrum-voice", Voice);
