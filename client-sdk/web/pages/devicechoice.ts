// devicechoice -- which microphone, camera and speaker are used: before a call and in it. Kept for the next one, as the browser's ids;
// on somebody else's device for as long as the login there.
import { html, nothing, type TemplateResult } from "lit";
import { deviceOptions, type DeviceChoice, type DeviceKind, type DeviceOption } from "../call/devices.ts";
import type { SessionView } from "../sdk/view.ts";
import { Base } from "./base.ts";
import { words } from "./words/words.ts";

const KEPT = "enrum devices";

/** On somebody else's device: in this tab, by the keys of the login, which are nobody's after it. */
let borrowed: { device: string | undefined; choice: DeviceChoice } | undefined;

/** What was chosen last on this device. */
export function choiceKept(session: SessionView | undefined): DeviceChoice {
  if (session?.isShared) return borrowed?.device === session.me?.device ? borrowed?.choice ?? {} : {};
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as DeviceChoice;
  } catch {
    return {};
  }
}

/** Tells "enrum-devices" with the new DeviceChoice. */
export class DevicesChosen extends Base {
  static override properties = { ...Base.properties, options: { state: true } };
  declare options: DeviceOption[];

  constructor() {
    super();
    this.options = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    navigator.mediaDevices?.addEventListener("devicechange", this.list);
    void this.list();
  }

  override disconnectedCallback(): void {
    navigator.mediaDevices?.removeEventListener("devicechange", this.list);
    super.disconnectedCallback();
  }

  /** Once more: the browser names devices only when it has been allowed one. */
  list = async (): Promise<void> => {
    this.options = await deviceOptions();
  };

  #chosen(kind: DeviceKind, id: string): void {
    const { [kind]: _before, ...others } = choiceKept(this.session);
    const choice = id === "" ? others : { ...others, [kind]: id };
    if (this.session?.isShared) borrowed = { device: this.session.me?.device, choice };
    else localStorage.setItem(KEPT, JSON.stringify(choice));
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent("enrum-devices", { detail: choice }));
  }

  #select(kind: DeviceKind): TemplateResult | typeof nothing {
    const w = words().video;
    const options = this.options.filter((option) => option.kind === kind && option.label !== "");
    const chosen = choiceKept(this.session)[kind];
    if (options.length < 2) return nothing;
    return html`<label class="field"><span>${w[kind]}</span><select @change=${(event: Event) => this.#chosen(kind, (event.target as HTMLSelectElement).value)}>
      <option value="" ?selected=${chosen === undefined}>${w.chosenByBrowser}</option>
      ${options.map(({ id, label }) => html`<option value=${id} ?selected=${chosen === id}>${label}</option>`)}
    </select></label>`;
  }

  protected override render(): TemplateResult {
    const hasSpeakers = "setSinkId" in HTMLMediaElement.prototype;
    return html`${this.#select("microphone")}${this.#select("camera")}${hasSpeakers ? this.#select("speaker") : nothing}`;
  }
}

customElements.define("enrum-device-choice", DevicesChosen);
