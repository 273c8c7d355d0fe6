// staffbar -- above a caseworker's lists: the order in which they stand. Defined on the caseworkers' page only.
import { html, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { LIST_ORDERS, listOrder, listOrderSet, type ListOrder } from "./listorder.ts";
import { casework } from "./words/casework.ts";

class StaffBar extends Base {
  #choose(event: Event): void {
    listOrderSet((event.target as HTMLSelectElement).value as ListOrder);
    this.dispatchEvent(new CustomEvent("enrum-order"));
  }

  protected override render(): TemplateResult {
    const w = casework();
    const chosen = listOrder();
    return html`<p class="order"><label for="order">${w.order}</label><select id="order" @change=${this.#choose}>${LIST_ORDERS.map((order) =>
      html`<option value=${order} ?selected=${order === chosen}>${w.orders[order]}</option>`)}</select></p>`;
  }
}

customElements.define("enrum-staff-bar", StaffBar);
