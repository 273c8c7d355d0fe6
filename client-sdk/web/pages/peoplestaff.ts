// peoplestaff -- what a caseworker changes about who is in a conversation: a colleague comes too, it is handed over, somebody's
// access ends. Letting in people from outside stands in invite.ts. Loaded by caseworkers only.
import { html, nothing, type TemplateResult } from "lit";
import type { PersonView, UnitView } from "../sdk/view.ts";
import { Asking } from "./asking.ts";
import "./invite.ts";
import type { Participant } from "./peopleof.ts";
import { go } from "./route.ts";
import { personName, words } from "./words/words.ts";
import { staffPeopleWords } from "./words/staffpeople.ts";

const WHY_MAX = 240;
const QUEUE = "queue";
const GROUNDS = ["LEFT", "REQUEST", "ABUSE"] as const;

class PeopleStaff extends Asking {
  static override properties = { ...Asking.properties, sure: { state: true }, units: { state: true } };
  /** Whom it is handed over to, once that is to be confirmed. */
  declare sure: { to: string; why: string } | undefined;
  /** Those that it can be handed over to; empty while the keeper has not said. */
  declare units: readonly UnitView[];

  constructor() {
    super();
    this.units = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.client.units().then((units) => this.units = units, () => undefined);
  }

  /** Whose the conversation is, as its own log says: handed over to last, begun for, the unit of the employee who began it then; the board's first. Undefined: one that the board has no more. */
  #unitHere(): UnitView | undefined {
    const { items } = this.view;
    const named = (name: string) => this.units.find((one) => one.name === name);
    const moved = items.findLast(({ what, refused }) => what.kind === "moved" && refused === undefined)?.what;
    if (moved?.kind === "moved") return named(moved.name);
    const opened = items.find(({ what, refused }) => what.kind === "opened" && refused === undefined)?.what;
    if (opened?.kind === "opened" && opened.unit !== "") return this.units.find(({ unit }) => unit === opened.unit);
    const [first] = items;
    if (first?.author.role !== "staff") return this.units[0];
    const then = items.find(({ what, author }) => what.kind === "profile" && author.role === "keeper" && what.person.person === first.author.person)?.what;
    // Not introduced yet: whoever has just begun it is where they were.
    return named(then?.kind === "profile" ? then.unit : first.author.unit);
  }

  /** The name of this employee's own, as the keeper has introduced them last; empty: not known. */
  get #mine(): string {
    return this.view.members.find(({ isMe }) => isMe)?.unit ?? "";
  }

  /** It has stayed another unit's while this employee has changed units: that one's colleagues come, and no others. */
  get #isElsewhere(): boolean {
    const [here, mine] = [this.#unitHere(), this.#mine];
    return here === undefined ? this.units.some(({ name }) => name === mine) : mine !== "" && here.name !== mine;
  }

  #otherUnits(): readonly UnitView[] {
    const here = this.#unitHere();
    return this.units.filter((unit) => unit !== here);
  }

  /** Whom the keeper takes. Of another unit only those are known who are in the conversation. */
  #colleagues(): readonly PersonView[] {
    if (!this.#isElsewhere) return this.session?.colleagues ?? [];
    const here = this.#unitHere()?.name;
    return this.view.members.filter(({ role, isMe, unit }) => role === "staff" && !isMe && unit === here);
  }

  #isIn({ person }: PersonView): boolean {
    return this.view.members.some((member) => member.person === person);
  }

  // -- A colleague --------------------------------------------------------------------------------------------------

  #add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const person = this.field("add-who");
    if (person === "") return void (this.failure = staffPeopleWords().mustChoose);
    const form = event.target as HTMLFormElement;
    // Where nobody is left to be added the form is gone when the answer comes.
    const details = form.closest("details") as HTMLDetailsElement;
    if (await this.ask(() => this.client.addColleague(this.view.room, person, this.field("add-why")))) {
      form.reset();
      details.open = false;
    }
  };

  #addForm(): TemplateResult {
    const w = staffPeopleWords();
    const choice = this.#colleagues().filter((person) => !this.#isIn(person));
    return html`<details class="people-do" name="people-do"><summary>${w.add}</summary>
      ${choice.length === 0 ? html`<p>${this.#isElsewhere ? html`${this.#elsewhere()} ${w.elsewhereAdd}` : w.noColleagues}</p>` : html`<form class="form" @submit=${this.#add}><p class="small">${w.addAbout}</p>
      <label for="add-who">${w.colleague}</label><select id="add-who"><option value="">${w.choose}</option>${choice.map(this.#option)}</select>
      ${this.#why("add-why")}${this.problem()}<button class="primary" ?disabled=${this.isBusy}>${w.addDo}</button></form>`}</details>`;
  }

  #option = (person: PersonView): TemplateResult => html`<option value=${person.person}>${[personName(person), person.title].filter((part) => part !== "").join(", ")}</option>`;

  #why(id: string): TemplateResult {
    const w = staffPeopleWords();
    return html`<label for=${id}>${w.why}</label><p class="small" id="${id}-hint">${w.whyHint}</p><textarea id=${id} rows="2" maxlength=${WHY_MAX} aria-describedby="${id}-hint"></textarea>`;
  }

  #elsewhere(): string {
    return staffPeopleWords().elsewhere(this.#unitHere()?.name, this.#mine);
  }

  // -- Handing over -------------------------------------------------------------------------------------------------

  #handAsk = (event: Event): void => {
    event.preventDefault();
    const [to, why] = [this.field("hand-who"), this.field("hand-why")];
    if (to === "") return void (this.failure = staffPeopleWords().mustChoose);
    if (why === "") return void (this.failure = staffPeopleWords().whyMust);
    this.failure = undefined;
    this.sure = { to, why };
    void this.updateComplete.then(() => this.querySelector("dialog")?.showModal());
  };

  #handOver = async (): Promise<void> => {
    const { to, why } = this.sure ?? { to: "", why: "" };
    const unit = this.units.find((one) => one.unit === to);
    const { room } = this.view;
    const isGood = await this.ask(() => unit === undefined ? this.client.handOver(room, to === QUEUE ? undefined : to, why) : this.client.moveToUnit(room, unit.unit, why));
    this.#unsure();
    // Whoever is of that unit themself stays.
    if (isGood) go(unit?.name === this.#mine ? { page: "room", room } : { page: "home" });
  };

  #unsure = (): void => {
    this.querySelector("dialog")?.close();
    this.sure = undefined;
  };

  #handForm(): TemplateResult {
    const w = staffPeopleWords();
    const here = this.#isElsewhere ? this.#unitHere() : undefined;
    return html`<details class="people-do" name="people-do"><summary>${w.hand}</summary><form class="form" @submit=${this.#handAsk}>${this.#isElsewhere ? html`<p>${this.#elsewhere()}</p>` : nothing}<p class="small">${w.handAbout}</p>
      <label for="hand-who">${w.handTo}</label><select id="hand-who"><option value="">${w.choose}</option>${this.#colleagues().map(this.#option)}<option value=${QUEUE}>${here === undefined ? w.toQueue : w.toQueueOf(here.name)}</option>${this.#unitOptions()}</select>
      ${this.#why("hand-why")}${this.problem()}<button class="primary" ?disabled=${this.isBusy}>${w.handDo}</button></form></details>`;
  }

  #unitOptions(): TemplateResult | typeof nothing {
    const units = this.#otherUnits();
    if (units.length === 0) return nothing;
    return html`<optgroup label=${staffPeopleWords().otherUnits}>${units.map(({ unit, name }) => html`<option value=${unit}>${name}</option>`)}</optgroup>`;
  }

  #sureText(to: string): string {
    const w = staffPeopleWords();
    const unit = this.units.find((one) => one.unit === to);
    if (unit !== undefined) return unit.name === this.#mine ? w.unitMineSure(unit.name) : w.unitSure(unit.name);
    const colleague = this.#colleagues().find(({ person }) => person === to);
    if (colleague !== undefined) return w.handSure(personName(colleague));
    return this.view.members.some(({ role, isMe }) => role === "staff" && !isMe) ? w.leaveSure : w.queueSure;
  }

  protected override render(): TemplateResult {
    const w = words();
    return html`<section class="people-part" @toggle=${{ handleEvent: () => this.failure = undefined, capture: true }}>
      ${this.view.isAdvice ? nothing : html`<enrum-invite .client=${this.client} .view=${this.view}></enrum-invite>`}${this.#addForm()}${this.#handForm()}</section>
      <dialog aria-labelledby="hand-sure" @close=${() => this.sure = undefined}>
        <h2 id="hand-sure">${this.sure === undefined ? "" : this.#sureText(this.sure.to)}</h2>
        <p class="choices"><button class="primary" ?disabled=${this.isBusy} @click=${this.#handOver}>${staffPeopleWords().handDo}</button>
        <button @click=${this.#unsure}>${w.cancel}</button></p></dialog>`;
  }
}

/** What may be done about one person. */
class PersonStaff extends Asking {
  static override properties = { ...Asking.properties, row: { attribute: false }, isAsking: { state: true } };
  declare row: Participant;
  declare isAsking: boolean;

  async #show(): Promise<void> {
    this.isAsking = true;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  #end = async (event: Event): Promise<void> => {
    event.preventDefault();
    const ground = GROUNDS.find((one) => one === this.field("end-ground")) ?? "LEFT";
    if (await this.ask(() => this.client.endAccess(this.view.room, this.row.person.person, ground))) this.#close();
  };

  #close = (): void => {
    this.querySelector("dialog")?.close();
    this.isAsking = false;
  };

  #dialog(): TemplateResult {
    const w = staffPeopleWords();
    return html`<dialog aria-labelledby="end-title" @close=${this.#close}><h2 id="end-title">${w.endSure(personName(this.row.person))}</h2><p>${w.endAbout}</p>
      <form class="form" @submit=${this.#end}><label for="end-ground">${w.ground}</label>
      <select id="end-ground">${GROUNDS.map((ground) => html`<option value=${ground}>${w.grounds[ground]}</option>`)}</select>${this.problem()}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy}>${w.end}</button><button type="button" @click=${this.#close}>${words().cancel}</button></p></form></dialog>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const w = staffPeopleWords();
    const { person, capacity, hasCode } = this.row;
    // Whose conversation it is stays; a caseworker leaves by handing over.
    const mayEnd = !person.isMe && (person.role === "staff" || capacity !== undefined);
    if (!mayEnd) return nothing;
    return html`<p class="choices tools"><button aria-label=${w.endOf(personName(person))} @click=${() => void this.#show()}>${w.end}</button></p>
      ${hasCode ? html`<enrum-code-again .client=${this.client} .view=${this.view} .row=${this.row}></enrum-code-again>` : nothing}
      ${this.isAsking ? this.#dialog() : nothing}`;
  }
}

customElements.define("enrum-people-staff", PeopleStaff);
customElements.define("enrum-person-staff", PersonStaff);
