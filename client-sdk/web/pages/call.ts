// call -- the page of a call, from before it to after it: devices are tried, one comes, waits, talks, and it is over.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { CallPersonView, CallView, RoomSummary } from "../sdk/view.ts";
import { problem, telephoneLink } from "./alarm.ts";
import { CallBase, callErrorWords } from "./callbase.ts";
import "./callroom.ts";
import "./calltext.ts";
import { callName } from "./calltile.ts";
import "./devicecheck.ts";
import type { DeviceCheck } from "./devicecheck.ts";
import { hrefOf } from "./route.ts";
import { INTERPRETED, language, languageName, listOf, personName, words } from "./words/words.ts";
import { journalPlace, writtenSet, writtenTake } from "./writing.ts";
import { writtenText } from "./writtentext.ts";

const NOTE_MAX = 16_000;

class Call extends CallBase {
  static override properties = {
    ...CallBase.properties, room: { attribute: false }, guestCall: { attribute: false }, failure: { state: true }, hasAsked: { state: true }, hasRung: { state: true }, noted: { state: true },
    isInterpreter: { state: true },
  };
  /** Of a member. */
  declare room: string | undefined;
  /** Of a guest, who knows nothing else. */
  declare guestCall: string | undefined;
  declare failure: string | undefined;
  /** Has asked to be called instead of waiting. */
  declare hasAsked: boolean;
  /** Staff have been rung; who waits is not told what becomes of it. */
  declare hasRung: boolean;
  declare noted: "no" | "busy" | "yes";
  declare isInterpreter: boolean;
  /** Rung as soon as this device is in. */
  #toRing: string[] = [];
  #language = "";
  #phase: CallView["phase"] | undefined;

  constructor() {
    super();
    this.hasAsked = this.hasRung = false;
    this.noted = "no";
    this.isInterpreter = true;
  }

  /** The call of this page that the tab is in, or was in. */
  get #view(): CallView | undefined {
    const { view } = this.calls;
    const isHere = this.room === undefined ? view?.room === undefined : view?.room === this.room;
    return isHere ? view : undefined;
  }

  get #summary(): RoomSummary | undefined {
    return this.session?.rooms.find(({ room }) => room === this.room);
  }

  get #isStaff(): boolean {
    return this.session?.role === "staff";
  }

  /** A call goes on in the room already. */
  get #goesOn(): boolean {
    return this.session?.rings.some(({ room, state }) => room === this.room && state !== "missed") ?? false;
  }

  protected override told(): void {
    const view = this.#view;
    if (view?.phase === "in" && this.#toRing.length > 0) {
      const persons = this.#toRing;
      this.#toRing = [];
      void this.#do(this.client.callRing(persons));
    }
    super.told();
  }

  async #do(task: Promise<unknown>): Promise<void> {
    this.failure = undefined;
    try {
      await task;
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      this.failure = callErrorWords(error.code);
    }
  }

  // -- Before -------------------------------------------------------------------------------------------------------

  #join = async (): Promise<void> => {
    const check = this.querySelector<DeviceCheck>("enrum-device-check");
    const isRinging = this.#isStaff && !this.#goesOn;
    this.hasAsked = this.hasRung = false;
    this.noted = "no";
    this.#toRing = isRinging ? (this.#summary?.others ?? []).filter(({ role }) => role === "citizen").map(({ person }) => person) : [];
    const where = this.room === undefined ? { call: this.guestCall ?? "" } : { room: this.room };
    await this.#do(this.calls.begin(where, check?.first ?? ["voice"], check?.choice ?? {}));
    const presence = { ...(this.room === undefined ? { isInterpreter: this.isInterpreter } : {}), ...(this.#language === "" ? {} : { language: this.#language }) };
    if (this.failure === undefined && Object.keys(presence).length > 0) await this.#do(this.client.callPresence(presence));
  };

  /** This person is rung: whoever rings lets them in at once. */
  get #isRung(): boolean {
    return this.session?.rings.some(({ room, state }) => room === this.room && state === "ringing") ?? false;
  }

  #joinLabel(): string {
    const w = words().video;
    if (this.#isRung) return w.answer;
    if (!this.#isStaff) return w.knock;
    if (this.#goesOn) return w.join;
    return w.ring((this.#summary?.others ?? []).filter(({ role }) => role === "citizen").map(personName).join(", "));
  }

  #prepare(): TemplateResult {
    const w = words().video;
    const { elsewhere, isBeginning } = this.calls;
    const other = this.calls.otherThan(this.room);
    const mine = this.#isRung ? w.prepareRung : w.prepareCitizen;
    const text = this.room === undefined ? w.prepareGuest : this.#isStaff ? w.prepareStaff : mine;
    return html`<p>${text}</p><p class="small">${w.private}</p>
      ${elsewhere === undefined ? nothing : html`<p class="problem" role="status">${w.elsewhere}</p>`}
      ${other?.room === undefined ? nothing : html`<div class="problem" role="status"><p>${w.inOther}</p><p><a class="button" href=${hrefOf({ page: "call", room: other.room })}>${w.toCall}</a></p></div>`}
      ${this.failure === undefined ? nothing : problem(this.failure, telephoneLink(this.session?.board.telephone ?? ""))}
      <enrum-device-check .client=${this.client}></enrum-device-check>
      ${this.room === undefined ? html`<label class="check"><input type="checkbox" .checked=${this.isInterpreter} @change=${(event: Event) => this.isInterpreter = (event.target as HTMLInputElement).checked}>${w.interpreterAs}</label>` : nothing}
      ${this.#isStaff ? nothing : html`<label class="field"><span>${w.languageAs}</span><select @change=${(event: Event) => this.#language = (event.target as HTMLSelectElement).value}>
        <option value="">${languageName("sv")}</option>${INTERPRETED.map((tag) => [tag, languageName(tag)] as const).sort(([, a], [, b]) => a.localeCompare(b)).map(([tag, name]) => html`<option value=${tag}>${name}</option>`)}</select></label>`}
      <div class="join"><button class="primary wide" ?disabled=${isBeginning || elsewhere !== undefined || other !== undefined} @click=${this.#join}>${isBeginning ? w.coming : this.#joinLabel()}</button></div>`;
  }

  // -- Waiting ------------------------------------------------------------------------------------------------------

  #staffHere(view: CallView): CallPersonView[] {
    return view.people.filter(({ role, isMember, state }) => role === "staff" && isMember && state === "in");
  }

  #askCall = async (): Promise<void> => {
    if (this.room === undefined) return;
    await this.#do(this.client.send(crypto.randomUUID(), this.room, words().video.askCallText, language()));
    this.hasAsked = this.failure === undefined;
  };

  #ringStaff = async (): Promise<void> => {
    this.hasRung = false;
    await this.#do(this.client.callRing((this.#summary?.others ?? []).filter(({ role }) => role === "staff").map(({ person }) => person)));
    this.hasRung = this.failure === undefined;
  };

  /** Nobody is there: what else one can do. */
  #alone(): TemplateResult {
    const w = words().video;
    return html`<p>${this.room === undefined ? w.waitNobodyGuest : w.waitNobody}</p>
      <p role="status">${this.hasRung ? w.ringsStaff : ""}</p>
      ${this.room === undefined ? nothing : html`<p class="choices"><button @click=${this.#ringStaff}>${w.ringStaff}</button>
        ${this.hasAsked ? html`<span class="done" role="status">${w.askedCall}</span>` : html`<button @click=${this.#askCall}>${w.askCall}</button>`}
        <a class="button" href=${hrefOf({ page: "room", room: this.room })}>${w.writeInstead}</a></p>`}
      ${telephoneLink(this.session?.board.telephone ?? "")}`;
  }

  #wait(view: CallView): TemplateResult {
    const w = words().video;
    const staff = this.#staffHere(view);
    return html`<section class="waitbox" role="status"><h2>${w.waitTitle}</h2>
        ${staff.length > 0 ? html`<p>${w.waitSeen(listOf(staff.map(callName)))}</p><p>${w.waitPosition(view.position)}</p>` : nothing}
        ${view.isConnected ? nothing : html`<p>${w.offline}</p>`}</section>
      ${staff.length === 0 ? this.#alone() : html`<enrum-call-text .client=${this.client} .calls=${this.calls}></enrum-call-text>`}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      <button @click=${() => void this.#do(this.client.callLeave(false))}>${w.waitLeave}</button>`;
  }

  // -- After --------------------------------------------------------------------------------------------------------

  #note = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = (this.querySelector<HTMLTextAreaElement>("#note"))?.value.trim() ?? "";
    if (text === "" || this.room === undefined) return;
    this.noted = "busy";
    await this.#do(this.client.write(crypto.randomUUID(), this.room, { kind: "note", text }, language()));
    this.noted = this.failure === undefined ? "yes" : "no";
    if (this.noted === "yes") writtenSet(this.#notePlace, "");
  };

  /** Where what is being written of the call is kept. */
  get #notePlace(): string {
    return journalPlace(this.room ?? "");
  }

  #noteForm(): TemplateResult {
    const w = words().video;
    if (this.noted === "yes") return html`<p class="done" role="status">${w.noteSaved}</p>`;
    return html`<form class="form" @submit=${this.#note}><label for="note">${w.noteTitle}</label><p class="small">${w.noteHint}</p>
      ${writtenText({ id: "note", place: this.#notePlace, rows: 6, max: NOTE_MAX })}<button class="primary wide" ?disabled=${this.noted === "busy"}>${w.noteSave}</button></form>`;
  }

  #over(view: CallView): TemplateResult {
    const w = words().video;
    const { error, end, wasHeld } = view;
    const again = error !== undefined || end === "lost" || end === "left" || end === "empty";
    return html`<h2>${error === undefined ? w.overTitle : w.failedTitle}</h2>
      ${error === undefined ? html`<p>${end === undefined ? "" : w.ends[end]}</p>` : problem(callErrorWords(error), telephoneLink(this.session?.board.telephone ?? ""))}
      ${error === undefined && wasHeld ? html`<p class="small">${w.entryComes}</p>` : nothing}
      ${this.#isStaff && wasHeld && error === undefined ? this.#noteForm() : nothing}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      ${this.room === undefined && error === undefined ? telephoneLink(this.session?.board.telephone ?? "") : nothing}
      <p class="choices">${again ? html`<button @click=${() => void this.client.callDismiss()}>${error === undefined ? w.join : w.again}</button>` : nothing}
        ${this.room === undefined ? nothing : html`<a class="button primary" href=${hrefOf({ page: "room", room: this.room })} @click=${() => void this.client.callDismiss()}>${w.back}</a>`}</p>`;
  }

  /** Where the button was that was pressed, there is another part now: who has no pointer goes on from the heading. */
  protected override updated(): void {
    const phase = this.#view?.phase;
    if (phase !== this.#phase && document.activeElement === document.body) this.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    if (phase !== this.#phase && phase === "over") void writtenTake(this.#notePlace).then(() => this.requestUpdate());
    this.#phase = phase;
  }

  // -- The whole ----------------------------------------------------------------------------------------------------

  #body(view: CallView | undefined): TemplateResult {
    const w = words().video;
    switch (view?.phase) {
      case undefined: return this.#prepare();
      case "coming": return html`<p class="empty" role="status">${w.coming}</p><button @click=${() => void this.client.callLeave(false)}>${words().cancel}</button>`;
      case "waiting": return this.#wait(view);
      case "in": return html`${this.failure === undefined ? nothing : problem(this.failure)}<enrum-call-room .client=${this.client} .calls=${this.calls} .view=${view}></enrum-call-room>`;
      case "over": return this.#over(view);
    }
  }

  protected override render(): TemplateResult {
    const w = words().video;
    const view = this.#view;
    const names = listOf((this.#summary?.others ?? []).map(personName));
    return html`<article class="callpage ${view?.phase ?? "prepare"}">
      <header class="room-head">${this.room === undefined ? nothing : html`<a class="back" href=${hrefOf({ page: "room", room: this.room })}><span class="unseen">${words().back}</span></a>`}
        <div><h1 tabindex="-1">${w.prepareTitle(names)}</h1><p class="small cut"><bdi>${this.#summary?.title ?? ""}</bdi></p></div></header>
      <div class="callbody">${this.#body(view)}</div></article>`;
  }
}

customElements.define("enrum-call", Call);
