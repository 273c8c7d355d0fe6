// invite -- a caseworker lets in somebody from outside: in a stated capacity, by personal number or with a printed code, which is
// shown once. Loaded by caseworkers only.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { CapacityName } from "../protocol/tables.ts";
import type { Invitation } from "../sdk/view.ts";
import { Asking } from "./asking.ts";
import { lacksParty, mayHaveParty, type Participant } from "./peopleof.ts";
import { capacityWords, listOf, personName } from "./words/words.ts";
import { staffPeopleWords } from "./words/staffpeople.ts";

const OUTSIDERS = ["GUARDIAN", "OMBUD", "TRUSTEE", "SUPPORT", "INTERPRETER"] as const satisfies readonly CapacityName[];
const NAME_MAX = 120;
/** What a caseworker writes here, and would have to write again. */
const WRITTEN = ["invite-name", "invite-number", "invite-until", "invite-why"] as const;

/** Twelve digits whose last is the check digit (Luhn, over the last ten), as typed with or without a dash; else undefined. */
export function personalNumber(typed: string): string | undefined {
  const digits = typed.replaceAll(/[\s-]/g, "");
  if (!/^(19|20)\d{10}$/.test(digits)) return undefined;
  const sum = [...digits.slice(2)].reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + Math.floor(doubled / 10) + doubled % 10;
  }, 0);
  return sum % 10 === 0 ? digits : undefined;
}

/** The end of the day that was chosen, 0 for none, undefined for one that is over. */
function endOf(day: string): number | undefined {
  if (day === "") return 0;
  const date = new Date(`${day}T00:00`);
  // A day may have 23 or 25 hours.
  const end = date.setDate(date.getDate() + 1);
  return end > Date.now() ? end : undefined;
}

/** As <input type="date"> has it. */
function today(): string {
  return new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** The code on a sheet, until it is put away. */
abstract class WithCode extends Asking {
  static override properties = { ...Asking.properties, code: { state: true } };
  declare code: { name: string; code: string } | undefined;

  protected async show(name: string, code: string): Promise<void> {
    this.code = { name, code };
    await this.updateComplete;
    this.querySelector<HTMLDialogElement>(".codesheet")?.showModal();
  }

  #done = (): void => {
    this.querySelector<HTMLDialogElement>(".codesheet")?.close();
    this.code = undefined;
  };

  protected sheet(): TemplateResult | typeof nothing {
    if (this.code === undefined) return nothing;
    const w = staffPeopleWords();
    const { name, code } = this.code;
    return html`<dialog class="codesheet" aria-labelledby="code-title" @close=${this.#done}><h2 id="code-title">${w.codeTitle}</h2>
      <p class="tools">${w.codeOnce}</p><p>${w.codeHow(name, new URL("..", location.href).href)}</p><p class="code"><code>${code}</code></p><p>${w.codeRules}</p>
      <p class="choices tools"><button class="primary" @click=${() => print()}>${w.print}</button><button @click=${this.#done}>${w.done}</button></p></dialog>`;
  }
}

class Invite extends WithCode {
  static override properties = { ...WithCode.properties, as: { state: true }, isByCode: { state: true }, isAll: { state: true }, until: { state: true }, isOvertaken: { state: true } };
  /** As was chosen; undefined: as is likeliest. */
  declare as: CapacityName | undefined;
  declare isByCode: boolean;
  /** Reads what was written before, too: as was chosen; undefined: as is likeliest. */
  declare isAll: boolean | undefined;
  /** The last day, as was chosen; undefined: as is likeliest. */
  declare until: string | undefined;
  /** Somebody else was let in while this was being written: as what this one comes is to be chosen anew. */
  declare isOvertaken: boolean;
  #wasLacking = false;

  constructor() {
    super();
    this.isByCode = this.isOvertaken = false;
  }

  /** Open of itself while nobody is let in; what has been written in it stays when somebody is. */
  protected override updated(): void {
    const isLacking = lacksParty(this.view);
    const form = this.querySelector("details");
    if (form === null || isLacking === this.#wasLacking) return;
    this.#wasLacking = isLacking;
    const isWritten = !isLacking && form.open && WRITTEN.some((id) => this.field(id) !== "");
    this.isOvertaken = isWritten;
    if (!this.isBusy) form.open = isLacking || isWritten;
  }

  /** The person whom it is about comes first, and reads all of it. */
  get #capacity(): CapacityName | undefined {
    const chosen = this.as === "PARTY" && !mayHaveParty(this.view) ? undefined : this.as;
    return chosen ?? (this.isOvertaken ? undefined : lacksParty(this.view) ? "PARTY" : "OMBUD");
  }

  /** Is there while they interpret: with an end, and without what was written before. */
  get #isInterpreter(): boolean {
    return this.#capacity === "INTERPRETER";
  }

  get #hasHistory(): boolean {
    return !this.#isInterpreter && (this.isAll ?? this.#capacity === "PARTY");
  }

  get #until(): string {
    return this.until ?? (this.#isInterpreter ? today() : "");
  }

  /** What is typed, or what is wrong with it. */
  #invitation(): Invitation | string {
    const w = staffPeopleWords();
    const number = this.isByCode ? undefined : personalNumber(this.field("invite-number"));
    const [capacity, name, until] = [this.#capacity, this.field("invite-name"), endOf(this.#until)];
    if (capacity === undefined) return w.asMust;
    if (name === "") return w.nameMust;
    if (!this.isByCode && number === undefined) return w.numberWrong;
    if (until === undefined) return w.untilWrong;
    if (until === 0 && this.#isInterpreter) return w.untilMust;
    if (capacity === "GUARDIAN" && this.querySelector<HTMLInputElement>("#invite-second")?.checked !== true) return w.inviteSecondMust;
    return { capacity, name, ...(number === undefined ? {} : { number }), hasHistory: this.#hasHistory, until, why: this.field("invite-why") };
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const invitation = this.#invitation();
    if (typeof invitation === "string") return void (this.failure = invitation);
    let code: string | undefined;
    const form = event.target as HTMLFormElement;
    // It may be gone when the answer comes.
    const details = form.closest("details") as HTMLDetailsElement;
    if (!await this.ask(async () => code = await this.client.invite(this.view.room, invitation), { LETTER_OLD: staffPeopleWords().inviteUnknown(invitation.name) })) return;
    form.reset();
    this.as = this.isAll = this.until = undefined;
    this.isByCode = this.isOvertaken = false;
    details.open = false;
    if (code !== undefined) await this.show(invitation.name, code);
  };

  #way(): TemplateResult {
    const w = staffPeopleWords();
    const choose = (isByCode: boolean) => () => this.isByCode = isByCode;
    return html`<fieldset><legend>${w.way}</legend>
      <label class="check"><input type="radio" name="invite-way" .checked=${live(!this.isByCode)} @change=${choose(false)}> ${w.byNumber}</label>
      <label class="check"><input type="radio" name="invite-way" .checked=${live(this.isByCode)} @change=${choose(true)}> ${w.byCode}</label>
      ${this.isByCode ? html`<p class="small">${w.codeAbout}</p>` : html`<label for="invite-number">${w.number}</label><input id="invite-number" inputmode="numeric" autocomplete="off">`}</fieldset>`;
  }

  #history(): TemplateResult {
    const w = staffPeopleWords();
    if (this.#isInterpreter) return html`<p class="small" role="status">${w.interpreterAbout}</p>`;
    return html`<fieldset><legend>${w.history}</legend>
      <label class="check"><input type="radio" name="invite-history" .checked=${live(!this.#hasHistory)} @change=${() => this.isAll = false}> ${w.fromNow}</label>
      <label class="check"><input type="radio" name="invite-history" id="invite-all" .checked=${live(this.#hasHistory)} @change=${() => this.isAll = true}> ${w.everything}</label></fieldset>`;
  }

  #guardian(): TemplateResult | typeof nothing {
    const w = staffPeopleWords();
    if (this.#capacity !== "GUARDIAN") return nothing;
    return html`<div class="problem" role="status"><p>${w.inviteGuardian}</p><label class="check"><input type="checkbox" id="invite-second"> ${w.inviteSecond}</label></div>`;
  }

  /** Whoever else has been let in. Until the answer is here it may be the one who is invited. */
  #overtaken(): TemplateResult | typeof nothing {
    if (!this.isOvertaken || this.isBusy) return nothing;
    const others = this.view.members.filter(({ role }) => role === "citizen").map((person) => `${personName(person)}${person.capacity === undefined ? "" : ` (${capacityWords(person.capacity)})`}`);
    return html`<p class="problem" role="status">${staffPeopleWords().overtaken(listOf(others))}</p>`;
  }

  protected override render(): TemplateResult {
    const w = staffPeopleWords();
    if (this.view.isUnborn) return html`<p class="problem" role="status">${w.inviteLater}</p>`;
    const [chosen, isLacking] = [this.#capacity, lacksParty(this.view)];
    const capacities: readonly CapacityName[] = mayHaveParty(this.view) ? ["PARTY", ...OUTSIDERS] : OUTSIDERS;
    return html`<details class="people-do" name="people-do"><summary>${isLacking ? w.inviteParty : w.invite}</summary><form class="form" @submit=${this.#send}><p class="small">${isLacking ? w.invitePartyAbout : w.inviteAbout}</p>
      ${this.#overtaken()}
      <label for="invite-as">${w.as}</label><select id="invite-as" .value=${chosen ?? ""} @change=${(event: Event) => this.as = (event.target as HTMLSelectElement).value as CapacityName}>
      ${chosen === undefined ? html`<option value="" selected>${w.asChoose}</option>` : nothing}${capacities.map((capacity) => html`<option value=${capacity} ?selected=${capacity === chosen}>${capacityWords(capacity)}</option>`)}</select>${this.#guardian()}
      <label for="invite-name">${w.name}</label><input id="invite-name" autocomplete="off" maxlength=${NAME_MAX}>
      ${this.#way()}
      ${this.#history()}
      <label for="invite-until">${this.#isInterpreter ? w.untilInterpreter : w.until}</label><input id="invite-until" type="date" .value=${live(this.#until)} @change=${() => this.until = this.field("invite-until")}>
      <label for="invite-why">${w.why}</label><p class="small" id="invite-why-hint">${w.whyHint}</p><textarea id="invite-why" rows="2" maxlength="240" aria-describedby="invite-why-hint"></textarea>
      ${this.problem()}<button class="primary" ?disabled=${this.isBusy}>${w.inviteDo}</button></form></details>${this.sheet()}`;
  }
}

/** Another code for somebody who has lost theirs, or has been logged out. */
class CodeAgain extends WithCode {
  static override properties = { ...WithCode.properties, row: { attribute: false } };
  declare row: Participant;

  #again = async (): Promise<void> => {
    const { person, capacity = "SUPPORT", ends } = this.row;
    const name = personName(person);
    let code: string | undefined;
    const isGood = await this.ask(async () => code = await this.client.invite(this.view.room, { capacity, name, person: person.person, hasHistory: false, until: ends, why: "" }));
    if (isGood && code !== undefined) await this.show(name, code);
  };

  protected override render(): TemplateResult {
    const w = staffPeopleWords();
    return html`<p class="choices tools"><button aria-describedby="again-about" ?disabled=${this.isBusy} @click=${this.#again}>${w.codeAgain}</button> <span class="small" id="again-about">${w.codeAgainAbout}</span></p>
      ${this.problem()}${this.sheet()}`;
  }
}

customElements.define("enrum-invite", Invite);
customElements.define("enrum-code-again", CodeAgain);
