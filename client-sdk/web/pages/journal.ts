// journal -- the record of a conversation: every entry in order, who and when, what is recorded; to read and to print.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ItemView, RoomView } from "../sdk/view.ts";
import { alarm } from "./alarm.ts";
import { Base } from "./base.ts";
import { groundWords, isSaying, lineOf } from "./line.ts";
import { goInstead, hrefOf } from "./route.ts";
import { fullWhen, machineWhen, personName, words } from "./words/words.ts";

const FINGERPRINT_DIGITS = 12;

class Journal extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, isShort: { state: true } };
  declare room: string;
  /** Messages only. */
  declare isShort: boolean;
  #unwatch: (() => void) | undefined;
  #watched = "";

  protected override willUpdate(): void {
    if (this.#watched === this.room) return;
    this.#unwatch?.();
    this.#unwatch = this.client.watch(this.room);
    this.#watched = this.room;
  }

  override disconnectedCallback(): void {
    this.#unwatch?.();
    this.#watched = "";
    super.disconnectedCallback();
  }

  protected override updated(): void {
    const movedTo = this.client.room(this.room)?.movedTo;
    if (movedTo !== undefined) goInstead({ page: "journal", room: movedTo });
  }

  #state(view: RoomView, item: ItemView): TemplateResult {
    const w = words();
    if (item.refused !== undefined) return html`<span class="bad">${w.refused}: ${groundWords(item.refused)}</span>`;
    if (item.seq > view.coveredSeq) return item.what.kind === "checkpoint" ? html`<span>${w.roles.keeper}</span>` : html`<span>${w.notYetRecorded}</span>`;
    return html`<span class="done">${w.recorded}</span>`;
  }

  #item(view: RoomView, item: ItemView): TemplateResult {
    const w = words();
    const text = "text" in item.what ? item.what.text : undefined;
    return html`<li class="record ${isSaying(item) ? "saying" : ""}">
      <span class="number"><span class="unseen">${w.number} </span>${item.seq}</span>
      <div><p><strong>${isSaying(item) ? personName(item.author) : lineOf(item)}</strong>
        ${isSaying(item) && item.what.kind !== "message" ? html`<span class="kind">${lineOf(item)}</span>` : nothing}</p>
      ${text === undefined ? nothing : html`<p class="text">${text}</p>`}
      <p class="meta"><time datetime=${machineWhen(item.receivedAt)}>${fullWhen(item.receivedAt)}</time> · ${this.#state(view, item)}${item.hasReceipt ? html` · ${w.receipt}` : nothing}<br>${w.fingerprint} <code>${item.hash.slice(0, FINGERPRINT_DIGITS)}</code></p></div>
    </li>`;
  }

  #list(view: RoomView): TemplateResult {
    const w = words();
    const items = this.isShort ? view.items.filter(isSaying) : view.items;
    return html`<p>${w.journalAbout}</p>
      <p>${view.coveredSeq > 0 ? html`<span class="done">${w.journalTo(view.coveredSeq, fullWhen(view.coveredAt))}</span>` : w.journalNone} ${view.trouble === undefined && view.isCurrent ? w.checked : ""}</p>
      <p class="row tools"><label class="check"><input type="checkbox" .checked=${this.isShort} @change=${(event: Event) => this.isShort = (event.target as HTMLInputElement).checked}> ${w.onlyMessages}</label>
      <button @click=${() => print()}>${w.print}</button></p>
      ${view.trouble === undefined ? nothing : alarm(view.trouble, this.session, "ROOM")}
      <ol class="records">${repeat(items, ({ seq }) => seq, (item) => this.#item(view, item))}</ol>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const view = this.client.room(this.room);
    return html`<a class="back" href=${hrefOf({ page: "room", room: this.room })}>${w.showRoom}</a>
      <h1 tabindex="-1">${w.journalOf(view?.title || w.untitled)}</h1>
      ${view === undefined ? html`<p class="empty" role="status">${w.loading}</p>` : this.#list(view)}`;
  }
}

customElements.define("enrum-journal", Journal);
