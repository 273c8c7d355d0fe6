// devices -- where this person is or has been logged in, what each device has said that it is, and where another one is logged out
// from. Which there are, the rooms show; what they are, the board's keeper tells this person alone.
import { html, nothing, type TemplateResult } from "lit";
import { DEVICE_BROWSERS, DEVICE_TYPES } from "../protocol/devices.ts";
import { EnrumError } from "../protocol/error.ts";
import type { DeviceView, DeviceWord, OwnDeviceView } from "../sdk/view.ts";
import { problem, telephoneLink } from "./alarm.ts";
import { Base } from "./base.ts";
import { leaveLink } from "./leave.ts";
import { hrefOf } from "./route.ts";
import { DEVICES, type DeviceWords } from "./words/devices.ts";
import { journalWords } from "./words/journal.ts";
import { errorWords, fullWhen, isolate, languageChosen, words } from "./words/words.ts";

/** Nobody is told apart by what was prolonged as soon as it began. */
const USED_AFTER_MS = 60_000;

const TYPES = new Map<number, keyof DeviceWords["types"]>([
  [DEVICE_TYPES.PHONE, "phone"], [DEVICE_TYPES.TABLET, "tablet"], [DEVICE_TYPES.COMPUTER, "computer"], [DEVICE_TYPES.PROGRAM, "program"],
]);
const BROWSERS = new Map<number, string>([
  [DEVICE_BROWSERS.CHROME, "Chrome"], [DEVICE_BROWSERS.FIREFOX, "Firefox"], [DEVICE_BROWSERS.SAFARI, "Safari"], [DEVICE_BROWSERS.EDGE, "Edge"],
  [DEVICE_BROWSERS.SAMSUNG, "Samsung Internet"], [DEVICE_BROWSERS.OPERA, "Opera"],
]);

/** `own`: what the keeper says of it. */
interface Row {
  device: DeviceView;
  own: OwnDeviceView | undefined;
}

function wordOf({ type, browser }: DeviceWord): string | undefined {
  const w = DEVICES[languageChosen()];
  const [kind, name] = [TYPES.get(type), BROWSERS.get(browser)];
  if (kind === undefined) return undefined;
  return name === undefined ? w.types[kind] : w.with(w.types[kind], isolate(name));
}

class Devices extends Base {
  static override properties = { ...Base.properties, asked: { state: true }, isBusy: { state: true }, failure: { state: true }, own: { state: true } };
  /** The device that is to be logged out, once that is confirmed. */
  declare asked: string | undefined;
  declare isBusy: boolean;
  declare failure: string | undefined;
  /** As the keeper has said; undefined until it has. */
  declare own: readonly OwnDeviceView[] | undefined;
  /** How many devices the rooms showed when the keeper was asked; undefined: it could not be. */
  #askedOf: number | undefined;

  /** Again when there are others, or it could not answer and can. Without an answer the page shows what the rooms do. */
  protected override willUpdate(): void {
    const { contact, isKeeperAway, devices = [] } = this.session ?? {};
    const now = contact === "ready" && !isKeeperAway ? devices.length : undefined;
    if (now !== undefined && now !== this.#askedOf) void this.#bring();
    this.#askedOf = now;
  }

  async #bring(): Promise<void> {
    this.own = await this.client.ownDevices().catch(() => this.own);
  }

  /** This one first; then those that are logged in, the newest first. */
  #rows(): Row[] {
    const own = new Map((this.own ?? []).map((one) => [one.device, one]));
    const rows = (this.session?.devices ?? []).map((device): Row => ({ device, own: own.get(device.device) }));
    for (const { device } of rows) own.delete(device.device);
    const further = [...own.values()].map((one): Row => (
      { device: { device: one.device, at: one.loggedInAt, level: one.level, isThis: false, isOut: one.isOut }, own: one }));
    const isOut = ({ device, own: told }: Row) => device.isOut || told?.isOut === true;
    const at = ({ device, own: told }: Row) => told?.loggedInAt ?? device.at;
    return [...rows, ...further].map((row) => ({ ...row, device: { ...row.device, isOut: isOut(row), at: at(row) } }))
      .sort(({ device: a }, { device: b }) => Number(b.isThis) - Number(a.isThis) || Number(a.isOut) - Number(b.isOut) || b.at - a.at);
  }

  async #ask(device: string): Promise<void> {
    this.asked = device;
    this.failure = undefined;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  #close = (): void => {
    this.querySelector("dialog")?.close();
    this.asked = undefined;
  };

  #logOut = async (): Promise<void> => {
    this.isBusy = true;
    try {
      await this.client.logOutDevice(this.asked ?? "");
      this.#close();
      await this.#bring();
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.isBusy = false;
    }
  };

  /** Its word, and when it was there. */
  #about({ device, own }: Row): TemplateResult {
    const w = DEVICES[languageChosen()];
    const word = own === undefined ? undefined : wordOf(own);
    const isUsedLater = own !== undefined && own.usedAt - own.loggedInAt > USED_AFTER_MS;
    return html`<strong>${word ?? (device.isThis ? w.thisOne : w.another)}</strong>
      ${device.isThis && word !== undefined ? html`<span>${w.thisOne}</span>` : nothing}
      ${own?.isBorrowed ? html`<span>${w.borrowed}</span>` : nothing}
      <span>${w.loggedIn(isolate(fullWhen(device.at)))}</span>
      ${isUsedLater ? html`<span>${w.used(isolate(fullWhen(own.usedAt)))}</span>` : nothing}`;
  }

  #row(row: Row): TemplateResult {
    const { device, own } = row;
    const w = DEVICES[languageChosen()];
    const short = device.device.slice(0, 12);
    const named = [own === undefined ? undefined : wordOf(own), short].filter((part) => part !== undefined).join(" ");
    const out = device.isOut ? html`<span class="small">${w.isOut}</span>` : html`<span class="choices"><button @click=${() => void this.#ask(device.device)}>${w.out}<span class="unseen"> ${named}</span></button></span>`;
    return html`<li class="card">${this.#about(row)}
      <span class="small">${words().level(device.level)} · ${journalWords().fingerprint} <code>${short}</code></span>${device.isThis ? nothing : out}</li>`;
  }

  #dialog(): TemplateResult {
    const w = DEVICES[languageChosen()];
    const row = this.#rows().find(({ device }) => device.device === this.asked);
    return html`<dialog aria-labelledby="device-out" @close=${this.#close}><h2 id="device-out">${w.outTitle}</h2>
      ${row === undefined ? nothing : html`<p class="card">${this.#about(row)}</p>`}<p>${w.outText}</p>
      ${this.failure === undefined ? nothing : problem(this.failure)}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy} @click=${this.#logOut}>${w.out}</button><button @click=${this.#close}>${words().cancel}</button></p>${leaveLink()}</dialog>`;
  }

  protected override render(): TemplateResult {
    const w = DEVICES[languageChosen()];
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${words().back}</a>
      <h1 tabindex="-1">${words().devices}</h1><p>${w.about}</p>
      <ul class="cards">${this.#rows().map((row) => this.#row(row))}</ul>
      <p>${w.until(isolate(fullWhen(this.session?.me?.until ?? 0)))}</p>
      <p>${w.unknown}</p>${telephoneLink(this.session?.board.telephone ?? "")}${this.asked === undefined ? nothing : this.#dialog()}`;
  }
}

customElements.define("enrum-devices", Devices);
