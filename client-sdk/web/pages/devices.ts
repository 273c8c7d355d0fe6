// devices -- where this person is or has been logged in, and where another one is logged out from.
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { DeviceView } from "../sdk/view.ts";
import { problem, telephoneLink } from "./alarm.ts";
import { Base } from "./base.ts";
import { leaveLink } from "./leave.ts";
import { hrefOf } from "./route.ts";
import { errorWords, fullWhen, words } from "./words/words.ts";

class Devices extends Base {
  static override properties = { ...Base.properties, asked: { state: true }, isBusy: { state: true }, failure: { state: true } };
  /** The device that is to be logged out, once that is confirmed. */
  declare asked: string | undefined;
  declare isBusy: boolean;
  declare failure: string | undefined;

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
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.isBusy = false;
    }
  };

  #device(device: DeviceView): TemplateResult {
    const w = words();
    const out = device.isOut ? html`<span class="small">${w.people.deviceIsOut}</span>` : html`<span class="choices"><button @click=${() => void this.#ask(device.device)}>${w.people.deviceOut}<span class="unseen"> ${device.device.slice(0, 12)}</span></button></span>`;
    return html`<li class="card"><strong>${device.isThis ? w.thisDevice : w.anotherDevice}</strong>
      <span>${w.firstSeen(fullWhen(device.at))}</span><span class="small">${w.level(device.level)} · ${w.fingerprint} <code>${device.device.slice(0, 12)}</code></span>${device.isThis ? nothing : out}</li>`;
  }

  #dialog(): TemplateResult {
    const w = words();
    return html`<dialog aria-labelledby="device-out" @close=${this.#close}><h2 id="device-out">${w.people.deviceOutTitle}</h2><p>${w.people.deviceOutText}</p>
      ${this.failure === undefined ? nothing : problem(this.failure)}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy} @click=${this.#logOut}>${w.people.deviceOut}</button><button @click=${this.#close}>${w.cancel}</button></p>${leaveLink()}</dialog>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${w.back}</a>
      <h1 tabindex="-1">${w.devices}</h1><p>${w.devicesAbout}</p>
      <ul class="cards">${(this.session?.devices ?? []).map((device) => this.#device(device))}</ul>
      <p>${w.logoutUntil(fullWhen(this.session?.me?.until ?? 0))}</p>
      <p>${w.devicesUnknown}</p>${telephoneLink(this.session?.board.telephone ?? "")}${this.asked === undefined ? nothing : this.#dialog()}`;
  }
}

customElements.define("enrum-devices", Devices);
