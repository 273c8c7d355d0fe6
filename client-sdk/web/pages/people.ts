// people -- who is in a conversation: in which capacity, how sure that is, since when, and what they can read. Caseworkers change
// it here (peoplestaff).
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { bring } from "../link/bring.ts";
import type { RoomView } from "../sdk/view.ts";
import { standing } from "./alarm.ts";
import { Base } from "./base.ts";
import { peopleOf, type Participant } from "./peopleof.ts";
import { hrefOf } from "./route.ts";
import { Watch } from "./watch.ts";
import { peopleWords } from "./words/people.ts";
import { capacityWords, fullWhen, personName, words } from "./words/words.ts";

class People extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, hasStaffPart: { state: true } };
  declare room: string;
  declare hasStaffPart: boolean;
  #isLoading = false;

  constructor() {
    super();
    new Watch(this, "people");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#staffPartLoad();
  }

  /** A citizen changes nothing here, and loads nothing for it. */
  #staffPartLoad(): void {
    if (this.session?.role !== "staff" || this.hasStaffPart || this.#isLoading) return;
    this.#isLoading = true;
    void bring(() => import("./peoplestaff.ts")).then(() => this.hasStaffPart = true, () => undefined).finally(() => this.#isLoading = false);
  }

  /** What could not be fetched before may be there now. */
  protected override told(): void {
    this.#staffPartLoad();
    super.told();
  }

  #reads(view: RoomView, { readsFrom }: Participant): string {
    const people = peopleWords();
    if (readsFrom === undefined) return people.readsNot;
    const from = view.items.find(({ seq }) => seq === readsFrom);
    return from === undefined ? people.readsAll : people.readsFrom(fullWhen(from.receivedAt));
  }

  #person(view: RoomView, row: Participant): TemplateResult {
    const w = words();
    const { person, level, since, left, ends } = row;
    const as = [row.capacity === undefined ? person.title || w.roles[person.role] : capacityWords(row.capacity), row.capacity === undefined ? "" : person.title, person.unit];
    return html`<li class="card"><strong>${personName(person)}</strong>
      <span class="as">${as.filter((part) => part !== "").join(", ")}</span>
      ${level === 0 ? nothing : html`<span class="small">${w.about.levels[level] ?? w.level(level)}</span>`}
      ${row.hasCode ? html`<span class="small">${peopleWords().byCode}</span>` : nothing}
      <span class="small">${peopleWords().since(fullWhen(since))}${left > 0 ? html`<br>${peopleWords().left(fullWhen(left))}` : nothing}</span>
      <span class="small">${this.#reads(view, row)}</span>
      ${row.isIn && ends > 0 ? html`<span class="small">${peopleWords().ends(fullWhen(ends))}</span>` : nothing}
      ${this.hasStaffPart && row.isIn && view.caseRooms === undefined ? html`<enrum-person-staff .client=${this.client} .view=${view} .row=${row}></enrum-person-staff>` : nothing}</li>`;
  }

  /** What is being asked about one of them stays with that one, whoever comes and goes meanwhile. */
  #persons(view: RoomView, rows: readonly Participant[]): TemplateResult {
    return html`<ul class="cards">${repeat(rows, ({ person }) => person.person, (row) => this.#person(view, row))}</ul>`;
  }

  #list(view: RoomView): TemplateResult {
    const people = peopleWords();
    const rows = peopleOf(view);
    const before = rows.filter(({ isIn }) => !isIn);
    // Who is in the employees' own room follows from who is in the conversations.
    const mayChange = this.hasStaffPart && !view.isDenied && view.trouble === undefined && view.caseRooms === undefined;
    return html`<p>${people.about}</p>${standing(view, this.session)}
      <section aria-labelledby="people-now" class="people-part"><h2 id="people-now">${people.now}</h2>
      ${this.#persons(view, rows.filter(({ isIn }) => isIn))}</section>
      ${mayChange ? html`<enrum-people-staff .client=${this.client} .view=${view}></enrum-people-staff>` : nothing}
      ${before.length === 0 ? nothing : html`<section aria-labelledby="people-before" class="people-part"><h2 id="people-before">${people.before}</h2>
      ${this.#persons(view, before)}</section>`}`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const view = this.client.room(this.room);
    return html`<a class="back" href=${hrefOf({ page: "room", room: this.room })}>${w.showRoom}</a>
      <h1 tabindex="-1">${peopleWords().of(view?.title || w.untitled)}</h1>
      ${view === undefined ? html`<p class="empty" role="status">${w.loading}</p>` : this.#list(view)}`;
  }
}

customElements.define("enrum-people", People);
