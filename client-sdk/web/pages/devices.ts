// devices -- where this person is or has been logged in.
import { html, type TemplateResult } from "lit";
import type { DeviceView } from "../sdk/view.ts";
import { telephoneLink } from "./alarm.ts";
import { Base } from "./base.ts";
import { hrefOf } from "./route.ts";
import { fullWhen, words } from "./words/words.ts";

class Devices extends Base {
  #device(device: DeviceView): TemplateResult {
    const w = words();
    return html`<li class="card"><strong>${device.isThis ? w.thisDevice : w.anotherDevice}</strong>
      <span>${w.firstSeen(fullWhen(device.at))}</span><span class="small">${w.level(device.level)} · ${w.fingerprint} <code>${device.device.slice(0, 12)}</code></span></li>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${w.back}</a>
      <h1 tabindex="-1">${w.devices}</h1><p>${w.devicesAbout}</p>
      <ul class="cards">${(this.session?.devices ?? []).map((device) => this.#device(device))}</ul>
      <p>${w.logoutUntil(fullWhen(this.session?.me?.until ?? 0))}</p>
      <p>${w.devicesUnknown}</p>${telephoneLink(this.session?.board.telephone ?? "")}`;
  }
}

customElements.define("enrum-devices", Devices);
