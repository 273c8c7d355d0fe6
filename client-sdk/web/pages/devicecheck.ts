// devicecheck -- before a call: is the microphone heard, which devices are used, what do I look like. Nothing is sent; the camera
// is off until the person turns it on.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { sourceOpen, SourceFailed, type DeviceChoice, type Source, type SourceError } from "../call/devices.ts";
import { Base } from "./base.ts";
import { choiceKept, type DevicesChosen } from "./devicechoice.ts";
import { tonePlay } from "./tone.ts";
import { words } from "./words/words.ts";

const HEARD_LEVEL = 0.04;
const LOOK_MS = 100;

/** Loudest of the last samples, 0 ... 1. */
function levelOf(analyser: AnalyserNode): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return Math.min(1, samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
}

export class DeviceCheck extends Base {
  static override properties = {
    ...Base.properties, level: { state: true }, isHeard: { state: true }, failures: { state: true }, hasCameraFirst: { state: true },
  };
  declare level: number;
  declare isHeard: boolean;
  declare failures: Partial<Record<Source, SourceError>>;
  declare hasCameraFirst: boolean;
  /** What the person has chosen, by the browser's ids. */
  choice: DeviceChoice = {};
  #voice: MediaStreamTrack | undefined;
  #camera: MediaStreamTrack | undefined;
  #preview: MediaStream | undefined;
  #context: AudioContext | undefined;
  #analyser: AnalyserNode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.level = 0;
    this.isHeard = this.hasCameraFirst = false;
    this.failures = {};
  }

  /** What is to be on when the call begins. */
  get first(): Source[] {
    return ["voice", ...(this.hasCameraFirst ? ["camera" as const] : [])];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.choice = choiceKept(this.session);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    this.#voiceEnd();
    this.#cameraEnd();
    void this.#context?.close();
    this.#context = undefined;
    super.disconnectedCallback();
  }

  #look(): void {
    if (this.#analyser === undefined) return;
    this.level = levelOf(this.#analyser);
    this.isHeard ||= this.level > HEARD_LEVEL;
  }

  async #open(source: "voice" | "camera"): Promise<MediaStreamTrack | undefined> {
    const { [source]: _before, ...others } = this.failures;
    this.failures = others;
    try {
      const track = await sourceOpen(source, this.choice);
      await this.querySelector<DevicesChosen>("enrum-device-choice")?.list();
      if (this.isConnected) return track;
      track.stop();
    } catch (error) {
      if (!(error instanceof SourceFailed)) throw error;
      this.failures = { ...this.failures, [source]: error.reason };
    }
    return undefined;
  }

  #voiceEnd(): void {
    this.#voice?.stop();
    this.#voice = this.#analyser = undefined;
    this.level = 0;
  }

  #voiceTry = async (): Promise<void> => {
    this.isHeard = false;
    const voice = await this.#open("voice");
    // Another press may have been quicker: one track at a time is held.
    this.#voiceEnd();
    this.#voice = voice;
    // What is silent changes no level, and is shown all the same.
    this.requestUpdate();
    if (this.#voice === undefined) return;
    this.#context ??= new AudioContext();
    void this.#context.resume();
    this.#analyser = new AnalyserNode(this.#context, { fftSize: 1024 });
    new MediaStreamAudioSourceNode(this.#context, { mediaStream: new MediaStream([this.#voice]) }).connect(this.#analyser);
  };

  #cameraEnd(): void {
    this.#camera?.stop();
    this.#camera = this.#preview = undefined;
    this.requestUpdate();
  }

  #cameraTurn = async (): Promise<void> => {
    if (this.#camera !== undefined) return this.#cameraEnd();
    const camera = await this.#open("camera");
    this.#cameraEnd();
    this.#camera = camera;
    this.#preview = this.#camera === undefined ? undefined : new MediaStream([this.#camera]);
    this.requestUpdate();
  };

  #chosen(choice: DeviceChoice): void {
    const before = this.choice;
    this.choice = choice;
    if (choice.microphone !== before.microphone && this.#voice !== undefined) void this.#voiceTry();
    if (choice.camera !== before.camera && this.#camera !== undefined) void this.#cameraTurn().then(this.#cameraTurn);
  }

  #failure(source: "voice" | "camera"): TemplateResult | typeof nothing {
    const reason = this.failures[source];
    const w = words().video;
    return reason === undefined ? nothing : html`<p class="problem" role="alert">${w.sources[source][reason]} ${w.sourceDo[reason]}</p>`;
  }

  #microphone(): TemplateResult {
    const w = words().video;
    const meter = html`<p class="meter"><meter min="0" max="1" .value=${Math.min(1, this.level * 2)} aria-label=${w.level}></meter>
      <span role="status">${this.isHeard ? w.heard : w.saySomething}</span></p>`;
    return html`${this.#voice === undefined ? html`<button @click=${this.#voiceTry}>${w.microphoneTry}</button>` : meter}
      ${this.#failure("voice")}`;
  }

  #cameraPart(): TemplateResult {
    const w = words().video;
    return html`${this.#preview === undefined ? nothing : html`<video class="preview mirror" .srcObject=${live(this.#preview)} .muted=${true} autoplay playsinline aria-label=${w.previewOf}></video>`}
      <button aria-pressed=${this.#camera !== undefined} @click=${this.#cameraTurn}>${this.#camera === undefined ? w.cameraTry : w.cameraHide}</button>
      ${this.#failure("camera")}
      <label class="check"><input type="checkbox" .checked=${this.hasCameraFirst} @change=${(event: Event) => this.hasCameraFirst = (event.target as HTMLInputElement).checked}>${w.cameraFirst}</label>`;
  }

  protected override render(): TemplateResult {
    const w = words().video;
    return html`<fieldset class="devices"><legend>${w.checkTitle}</legend>
      ${this.#microphone()}${this.#cameraPart()}
      <p class="choices"><button @click=${() => void tonePlay(this.choice.speaker)}>${w.speakerTry}</button></p>
      <enrum-device-choice .client=${this.client} @enrum-devices=${(event: CustomEvent<DeviceChoice>) => this.#chosen(event.detail)}></enrum-device-choice>
    </fieldset>`;
  }
}

customElements.define("enrum-device-check", DeviceCheck);
