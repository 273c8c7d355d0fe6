// journal -- the record of a conversation: every entry in order, who and when, what is recorded; to read and to print.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { ItemView, RoomView } from "../sdk/view.ts";
import { standing } from "./alarm.ts";
import { Base } from "./base.ts";
import { fileOf, type FileWhat } from "./fileentry.ts";
import { fileStays } from "./filesave.ts";
import { aboutThis, groundWords, isSaying, lineOf } from "./line.ts";
import { Parts } from "./parts.ts";
import { prose } from "./prose.ts";
import { isTimeless, readerName, readerParts, readerPost, readersOf } from "./reader.ts";
import { hrefOf } from "./route.ts";
import { transcriptSave } from "./transcript.ts";
import { Watch } from "./watch.ts";
import { journalWords } from "./words/journal.ts";
import { fullWhen, language, machineWhen, personAs, personName, words } from "./words/words.ts";

const FINGERPRINT_DIGITS = 12;

/** Made once for each entry, in the language of the pages: asked for all of them at each letter. */
let searchable = { language: "", texts: new WeakMap<ItemView, string>() };

/** What can be searched for in an entry: its words and who wrote it. */
function searched(item: ItemView): string {
  if (searchable.language !== language()) searchable = { language: language(), texts: new WeakMap() };
  const text = searchable.texts.get(item) ?? `${personName(item.author)} ${lineOf(item)} ${"text" in item.what ? item.what.text : ""}`.toLocaleLowerCase();
  searchable.texts.set(item, text);
  return text;
}

class Journal extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, isShort: { state: true }, wanted: { state: true }, opened: { state: true } };
  declare room: string;
  /** Messages only. */
  declare isShort: boolean;
  /** Searched for, in this conversation only. */
  declare wanted: string;
  /** The entry that is looked at closely. */
  declare opened: number | undefined;
  #parts = new Parts(this, "first");

  constructor() {
    super();
    new Watch(this, "journal", () => {
      this.wanted = "";
      this.opened = undefined;
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (["room", "isShort", "wanted"].some((name) => changed.has(name))) this.#parts.clear();
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
      <div><p><strong>${item.seq < view.fromSeq && item.what.kind === "unreadable" ? w.people.fromHere : isSaying(item) ? item.author.capacity === undefined || item.author.isMe ? personName(item.author) : personAs(item.author) : lineOf(item)}</strong>
        ${isSaying(item) && item.what.kind !== "message" && item.what.kind !== "file" ? html`<span class="kind">${lineOf(item)}</span>` : nothing}</p>
      ${item.what.kind === "file" ? fileOf(this.client, view.room, item as ItemView & { what: FileWhat }, () => this.requestUpdate()) : nothing}
      ${text === undefined || text === "" ? nothing : html`<p class="text" dir="auto" lang=${item.language || nothing}>${prose(text)}</p>`}
      <p class="meta">${isTimeless(item, this.session?.role) ? nothing : html`<time datetime=${machineWhen(item.receivedAt)}>${fullWhen(item.receivedAt)}</time> · `}${this.#state(view, item)}${isSaying(item) && item.level === 1 ? html` · ${w.level(1)}` : nothing}${item.hasReceipt ? html` · ${w.receipt}` : nothing}<br>${journalWords().fingerprint} <code>${item.hash.slice(0, FINGERPRINT_DIGITS)}</code>${this.#more(item)}</p>
      ${this.#beside(view, item)}${view.caseRooms === undefined ? nothing : html`<enrum-released .client=${this.client} .view=${view} .seq=${item.seq}></enrum-released>`}${this.#about(view, item)}</div>
    </li>`;
  }

  #more({ seq }: ItemView): TemplateResult {
    const { about } = words();
    const isOpen = this.opened === seq;
    return html` <button class="more" aria-expanded=${isOpen} aria-label=${about.moreOf(seq)} @click=${() => this.opened = isOpen ? undefined : seq}>${about.more}</button>`;
  }

  #about(view: RoomView, item: ItemView): TemplateResult | typeof nothing {
    if (this.opened !== item.seq) return nothing;
    return html`<enrum-about-entry class="about" .client=${this.client} .view=${view} .item=${item}></enrum-about-entry>`;
  }

  /** What is said about an entry stands wherever it does, also on paper. */
  #beside(view: RoomView, { seq }: ItemView): TemplateResult | typeof nothing {
    const about = aboutThis(view, seq);
    if (about.length === 0) return nothing;
    return html`<ul class="said">${about.map((item) => html`<li><p class="kind">${personName(item.author)}: ${lineOf(item)} (${words().number} ${item.seq})</p>
      ${"text" in item.what ? html`<p class="text" dir="auto" lang=${item.language || nothing}>${item.what.text}</p>` : nothing}</li>`)}</ul>`;
  }

  /** Whoever was handed a key could read from then on; who has marked it has read. */
  #readers(view: RoomView): TemplateResult {
    const w = words();
    const readers = readersOf(view, this.session?.role);
    return html`<details class="readers-of"><summary>${journalWords().readers}</summary>
      ${readers.length === 0 ? html`<p>${journalWords().readersNone}</p>` : html`<ul class="cards">${readers.map((reader) => html`<li class="card"><strong><bdi>${readerName(reader.person)}</bdi></strong>
        <span class="small">${readerPost(reader.person, this.session?.board.name ?? "")}</span>${readerParts(reader)}</li>`)}</ul>`}</details>`;
  }

  #list(view: RoomView): TemplateResult {
    const w = words();
    const wanted = this.wanted.trim().toLocaleLowerCase();
    const items = view.items.filter((item) => (!this.isShort || isSaying(item)) && (wanted === "" || searched(item).includes(wanted)));
    return html`<p>${journalWords().about}</p>${view.isAdvice ? html`<p><strong>${w.advice.journal}</strong></p>` : nothing}
      <p>${view.coveredSeq > 0 ? html`<span class="done">${journalWords().to(view.coveredSeq, fullWhen(view.coveredAt))}</span>` : journalWords().none} ${view.trouble === undefined && view.isCurrent ? journalWords().checked : ""}</p>
      <p class="row tools"><label class="check"><input type="checkbox" .checked=${this.isShort} @change=${(event: Event) => this.isShort = (event.target as HTMLInputElement).checked}> ${journalWords().onlyMessages}</label>
      <button @click=${() => print()}>${journalWords().print}</button> <button @click=${() => transcriptSave(view, this.session)}>${w.save}</button> ${fileStays(this.session)}</p>
      <p class="field tools"><label for="search">${journalWords().search}</label><input id="search" type="search" autocomplete="off" .value=${live(this.wanted)} @input=${(event: Event) => this.wanted = (event.target as HTMLInputElement).value}>
      <span role="status">${wanted === "" ? "" : w.found(items.length)}</span></p>
      ${this.#readers(view)}
      ${standing(view, this.session)}
      <div>${this.#parts.render(items.length, "records", (index) => items[index]?.seq, (index) => this.#item(view, items[index] as ItemView))}</div>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const view = this.client.room(this.room);
    return html`<a class="back" href=${hrefOf({ page: "room", room: this.room })}>${w.showRoom}</a>
      <h1 tabindex="-1">${journalWords().titleOf(view?.title || w.untitled)}</h1>
      ${view === undefined ? html`<p class="empty" role="status">${w.loading}</p>` : this.#list(view)}`;
  }
}

customElements.define("enrum-journal", Journal);
