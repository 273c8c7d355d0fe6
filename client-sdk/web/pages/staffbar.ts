// staffbar -- above a caseworker's lists: the order in which they stand, and whether something new is notified. Defined on the
// caseworkers' page only.
import { html, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { LIST_ORDERS, listOrder, listOrderSet, type ListOrder } from "./listorder.ts";
import { isNotifying, newCount, notify, notifyingSet } from "./notify.ts";
import { hrefOf } from "./route.ts";
import { casework } from "./words/casework.ts";

class StaffBar extends Base {
  static override properties = { ...Base.properties, isRefused: { state: true } };
  /** The browser allows no notifications. */
  declare isRefused: boolean;
  /** So many when somebody looked last; undefined: the list is not whole yet. */
  #seen: number | undefined;

  protected override told(): void {
    super.told();
    const { session } = this;
    if (session === undefined || !session.isListed) return;
    const count = newCount(session);
    const isMore = this.#seen !== undefined && count > this.#seen;
    this.#seen = count;
    if (isMore && document.visibilityState !== "visible" && isNotifying()) notify(casework().notifyText);
  }

  #choose(event: Event): void {
    listOrderSet((event.target as HTMLSelectElement).value as ListOrder);
    this.dispatchEvent(new CustomEvent("enrum-order"));
  }

  async #notifying(event: Event): Promise<void> {
    const box = event.target as HTMLInputElement;
    const wanted = box.checked;
    box.checked = await notifyingSet(wanted);
    this.isRefused = wanted && !box.checked;
  }

  protected override render(): TemplateResult {
    const w = casework();
    const chosen = listOrder();
    return html`<p class="order"><a class="button" href=${hrefOf({ page: "new" })}>${w.begin.newRoom}</a></p>
      <p class="order"><label for="order">${w.order}</label><select id="order" @change=${this.#choose}>${LIST_ORDERS.map((order) =>
      html`<option value=${order} ?selected=${order === chosen}>${w.orders[order]}</option>`)}</select></p>
      <p><label class="check"><input type="checkbox" .checked=${isNotifying()} aria-describedby="notify-about" @change=${(event: Event) => void this.#notifying(event)}> ${w.notify}</label>
      <br><span class="small" id="notify-about" role="status">${this.isRefused ? w.notifyDenied : w.notifyAbout}</span></p>`;
  }
}

customElements.define("enrum-staff-bar", StaffBar);
