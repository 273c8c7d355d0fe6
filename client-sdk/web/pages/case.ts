// case -- "Ditt ärende": where a case stands, what happens next, by when and by whom; tasks, meetings, documents, the times that
// apply, and a way to ask. Staff see the same page, and write there what it shows.
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { EnrumError } from "../protocol/error.ts";
import { CLOCKS } from "../protocol/journey.ts";
import { journeyOf, mayMark, stagesOf, type Journey, type JourneyClock, type JourneyMeeting, type JourneyTask } from "../sdk/journey.ts";
import type { RoomView } from "../sdk/view.ts";
import { alarm, problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { calendarKeep } from "./calendar.ts";
import { dueMark } from "./due.ts";
import { fileOf } from "./fileentry.ts";
import { fileStays } from "./filesave.ts";
import { lineOf } from "./line.ts";
import { prose } from "./prose.ts";
import { hrefOf } from "./route.ts";
import { Watch } from "./watch.ts";
import { errorWords, fullDay, fullWhen, language, machineWhen, personName, words } from "./words/words.ts";
import { writtenSet, writtenTake } from "./writing.ts";
import { writtenText } from "./writtentext.ts";

const TEXT_MAX = 4_000;
const CUT = 100;

type Mark = "done" | "cancelled";

class Case extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, marking: { state: true }, isAsked: { state: true }, isBusy: { state: true }, failure: { state: true } };
  declare room: string;
  /** The entry whose form is open, and what it will say of it. */
  declare marking: { seq: number; mark: Mark } | undefined;
  declare isAsked: boolean;
  declare isBusy: boolean;
  declare failure: string | undefined;
  protected override isTicking = true;

  constructor() {
    super();
    new Watch(this, "case", () => this.#begin());
  }

  #begin(): void {
    this.marking = this.failure = undefined;
    this.isAsked = this.isBusy = false;
    void writtenTake(this.#askingPlace).then(() => this.requestUpdate());
  }

  get #isStaff(): boolean {
    return this.session?.role === "staff";
  }

  #mayWrite(view: RoomView): boolean {
    return !view.isDenied && !view.isLocked && view.trouble === undefined;
  }

  #mayMark({ members }: RoomView): boolean {
    return members.every((member) => !member.isMe || mayMark(member.capacity));
  }

  // -- What one does here -------------------------------------------------------------------------------------------

  async #do(work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.failure = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  async #mark(seq: number, mark: Mark, text = ""): Promise<void> {
    const isDone = await this.#do(() => this.client.write(crypto.randomUUID(), this.room, { kind: mark, aboutSeq: seq, text }, language()));
    if (!isDone) return;
    writtenSet(this.#markPlace(seq), "");
    await this.#markEnd(seq);
  }

  /** The form is gone, and the focus stays where it was. */
  async #markEnd(seq: number): Promise<void> {
    this.marking = undefined;
    await this.updateComplete;
    this.querySelector<HTMLElement>(`#c${seq}`)?.focus();
  }

  async #ask(event: Event): Promise<void> {
    event.preventDefault();
    const text = this.querySelector<HTMLTextAreaElement>("#case-ask")?.value.trim() ?? "";
    if (text === "") return;
    this.isAsked = await this.#do(() => this.client.send(crypto.randomUUID(), this.room, text, language()));
    if (this.isAsked) writtenSet(this.#askingPlace, "");
  }

  /** Where what is being written here is kept. */
  get #askingPlace(): string {
    return `asking ${this.room}`;
  }

  #markPlace(seq: number): string {
    return `mark ${this.room} ${seq}`;
  }

  async #markBegin(seq: number, mark: Mark): Promise<void> {
    await writtenTake(this.#markPlace(seq));
    this.marking = { seq, mark };
    await this.updateComplete;
    this.querySelector<HTMLElement>("#case-mark")?.focus();
  }

  /** Words beside it: they must be there where a clock of the law ends with them. */
  #markForm(seq: number, mark: Mark, isRequired: boolean): TemplateResult {
    const w = words();
    const submit = (event: Event) => {
      event.preventDefault();
      void this.#mark(seq, mark, this.querySelector<HTMLTextAreaElement>("#case-mark")?.value.trim());
    };
    return html`<form class="form" @submit=${submit}><label for="case-mark">${isRequired ? w.caseWhy : w.journey.callOffWhy}</label>
      ${writtenText({ id: "case-mark", place: this.#markPlace(seq), rows: 3, max: TEXT_MAX, isRequired })}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy}>${mark === "done" ? w.journey.markDone : w.journey.callOff}</button>
      <button type="button" @click=${() => void this.#markEnd(seq)}>${w.cancel}</button></p></form>`;
  }

  // -- Where it stands ----------------------------------------------------------------------------------------------

  #where({ matter, stage, since }: Journey): TemplateResult {
    const w = words().journey;
    if (stage === undefined) return html`<p>${w.notSaid}</p>`;
    const stages = stagesOf(matter);
    // One that this matter does not pass is shown all the same, where staff have set it.
    if (!stages.includes(stage)) stages.push(stage);
    const at = stages.indexOf(stage);
    return html`${matter === undefined ? nothing : html`<p>${w.matters[matter]}</p>`}
      <ol class="stages">${stages.map((name, index) => html`<li aria-current=${index === at ? "step" : nothing} class=${index < at ? "past" : index === at ? "now" : "ahead"}>
        <span>${w.stages[name]}</span>${index > at || !since.has(name) ? nothing : html` <span class="small">${w.since(fullDay(since.get(name) ?? 0))}</span>`}${index < at ? html`<span class="unseen"> ${w.done}</span>` : nothing}</li>`)}</ol>`;
  }

  #next({ step }: Journey): TemplateResult {
    const w = words().journey;
    if (step === undefined) return html`<p>${w.nextNone}</p>`;
    const { text, byWhen, byWhom } = step.what;
    return html`<p class="text lead" dir="auto" lang=${step.item.language || nothing}>${text === "" ? w.nextNone : prose(text)}</p>
      ${byWhen === 0 ? nothing : html`<p><time datetime=${machineWhen(byWhen)}>${w.by(fullDay(byWhen))}</time> ${dueMark(byWhen, Date.now())}</p>`}
      ${byWhom === "" ? nothing : html`<p>${w.byWhom(byWhom)}</p>`}`;
  }

  // -- Tasks and meetings -------------------------------------------------------------------------------------------

  #task(view: RoomView, { what, item: { seq, language: tag }, done, cancelled }: JourneyTask): TemplateResult {
    const w = words().journey;
    const isMine = (what.for === "staff") === this.#isStaff && this.#mayMark(view);
    const isOpen = done === undefined && cancelled === undefined;
    const isSigned = what.clock !== undefined;
    const form = this.marking?.seq === seq ? this.#markForm(seq, this.marking.mark, isSigned && this.marking.mark === "done") : undefined;
    const begin = () => void (isSigned ? this.#markBegin(seq, "done") : this.#mark(seq, "done"));
    return html`<li class="card" id="c${seq}" tabindex="-1"><span class="row"><span class="small">${what.for === "citizen" ? w.yours : w.theirs}</span>
      ${isOpen ? what.due === 0 ? nothing : dueMark(what.due, Date.now()) : html`<span class=${done === undefined ? "" : "done"}>${done === undefined ? w.calledOff : w.done}</span>`}</span>
      <p class="text" dir="auto" lang=${tag || nothing}>${prose(what.text)}</p>
      ${what.due === 0 ? nothing : html`<time class="small" datetime=${machineWhen(what.due)}>${w.by(fullDay(what.due))}</time>`}
      ${this.#said(done ?? cancelled)}
      ${!isOpen || !this.#mayWrite(view) ? nothing : form ?? html`<p class="choices">${isMine ? html`<button class="primary" ?disabled=${this.isBusy} @click=${begin}>${w.markDone}<span class="unseen">: ${what.text}</span></button>` : nothing}
        ${this.#isStaff ? html`<button @click=${() => void this.#markBegin(seq, "cancelled")}>${w.callOff}<span class="unseen">: ${what.text}</span></button>` : nothing}</p>`}</li>`;
  }

  /** Who said that it is done, or off, when, and why. */
  #said(item: JourneyTask["done"]): TemplateResult | typeof nothing {
    if (item === undefined) return nothing;
    const text = "text" in item.what ? item.what.text : "";
    return html`<span class="small">${personName(item.author)}, ${fullWhen(item.receivedAt)}</span>${text === "" ? nothing : html`<p class="text" dir="auto" lang=${item.language || nothing}>${prose(text)}</p>`}`;
  }

  #tasks(view: RoomView, { tasks }: Journey): TemplateResult {
    const w = words().journey;
    const isOpen = ({ done, cancelled }: JourneyTask) => done === undefined && cancelled === undefined;
    const mine = this.#isStaff ? "staff" : "citizen";
    const rank = (task: JourneyTask) => task.what.for === mine ? 0 : 1;
    const open = tasks.filter(isOpen).sort((a, b) => rank(a) - rank(b) || (a.what.due || Infinity) - (b.what.due || Infinity));
    const ended = tasks.filter((task) => !isOpen(task));
    return html`${open.length === 0 ? html`<p>${w.tasksNone}</p>` : html`<ul class="cards">${repeat(open, ({ item }) => item.seq, (task) => this.#task(view, task))}</ul>`}
      ${ended.length === 0 ? nothing : html`<details class="taken"><summary>${w.done}</summary><ul class="cards">${repeat(ended, ({ item }) => item.seq, (task) => this.#task(view, task))}</ul></details>`}`;
  }

  #meeting(view: RoomView, { what, item: { seq, hash, language: tag }, cancelled }: JourneyMeeting): TemplateResult {
    const w = words().journey;
    const isAhead = cancelled === undefined && what.ends > Date.now();
    const form = this.marking?.seq === seq ? this.#markForm(seq, "cancelled", false) : undefined;
    return html`<li class="card" id="c${seq}" tabindex="-1"><span class="row"><strong><time datetime=${machineWhen(what.begins)}>${fullWhen(what.begins)}</time></strong>${cancelled === undefined ? nothing : html`<span class="bad">${w.calledOff}</span>`}</span>
      <span>${what.isVideo ? w.byVideo : html`<bdi>${what.place}</bdi>`}</span>${what.people === "" ? nothing : html`<span class="small"><bdi>${what.people}</bdi></span>`}
      ${what.text === "" ? nothing : html`<p class="text" dir="auto" lang=${tag || nothing}>${prose(what.text)}</p>`}${this.#said(cancelled)}
      ${!isAhead ? nothing : form ?? html`<p class="choices">${what.isVideo ? html`<a class="button" href=${hrefOf({ page: "call", room: this.room })}>${words().video.call}</a>` : nothing}
        <button @click=${() => calendarKeep(what.begins, what.ends, hash)}>${w.calendar}</button> ${fileStays(this.session)}
        ${this.#mayWrite(view) && this.#mayMark(view) ? html`<button @click=${() => void this.#markBegin(seq, "cancelled")}>${w.callOff}<span class="unseen">: ${fullWhen(what.begins)}</span></button>` : nothing}</p>`}</li>`;
  }

  #meetings(view: RoomView, { meetings }: Journey): TemplateResult {
    const w = words().journey;
    const sorted = [...meetings].sort((a, b) => a.what.begins - b.what.begins);
    return sorted.length === 0 ? html`<p>${w.meetingsNone}</p>` : html`<ul class="cards">${repeat(sorted, ({ item }) => item.seq, (meeting) => this.#meeting(view, meeting))}</ul>`;
  }

  // -- Documents, times, asking -------------------------------------------------------------------------------------

  #documents(view: RoomView): TemplateResult {
    const w = words();
    const found = view.items.filter(({ what, refused }) => (what.kind === "file" || what.kind === "decision") && refused === undefined);
    if (found.length === 0) return html`<p>${w.journey.documentsNone}</p>`;
    return html`<ul class="cards">${repeat(found, ({ seq }) => seq, (item) => html`<li class="card">${item.what.kind === "file" ? fileOf(this.client, view.room, { ...item, what: item.what }, () => this.requestUpdate()) : html`<strong>${lineOf(item)}</strong>`}
      ${item.what.kind === "decision" ? html`<span class="cut" dir="auto">${item.what.text.slice(0, CUT)}</span>` : nothing}
      <span class="small">${personName(item.author)}, ${fullWhen(item.receivedAt)}, ${w.number} ${item.seq}</span></li>`)}</ul>`;
  }

  #clock({ clock, due, isExtended, endedAt }: JourneyClock): TemplateResult {
    const w = words().journey;
    return html`<li class="card"><span class="row"><strong>${w.clocks[clock]}</strong>${endedAt === undefined ? dueMark(due, Date.now()) : html`<span class="done">${w.done}</span>`}</span>
      <time datetime=${machineWhen(due)}>${w.by(fullDay(due))}</time>${isExtended ? html`<span class="small">${w.extended}</span>` : nothing}<span class="small">${w.law(CLOCKS[clock].source)}</span></li>`;
  }

  #asking(view: RoomView): TemplateResult | typeof nothing {
    const w = words().journey;
    if (this.#isStaff || !this.#mayWrite(view)) return nothing;
    return html`<section aria-labelledby="case-held"><h2 id="case-held">${w.ask}</h2><p>${w.askAbout}</p>
      <p role="status" class="done">${this.isAsked ? w.asked : ""}</p>
      ${this.isAsked ? nothing : keyed(this.room, html`<form class="form" @submit=${(event: Event) => void this.#ask(event)}>${writtenText({ id: "case-ask", place: this.#askingPlace, rows: 3, max: TEXT_MAX, otherwise: w.askWords, labelledBy: "case-held" })}
      <p class="choices"><button ?disabled=${this.isBusy}>${w.askSend}</button></p></form>`)}</section>`;
  }

  #section(id: string, title: string, content: TemplateResult): TemplateResult {
    return html`<section aria-labelledby="case-${id}"><h2 id="case-${id}">${title}</h2>${content}</section>`;
  }

  #body(view: RoomView): TemplateResult {
    const w = words();
    const { journey: j } = w;
    const journey = journeyOf(view.items, view.items[0]?.receivedAt ?? 0);
    return html`${view.trouble === undefined ? nothing : alarm(view.trouble, this.session, "ROOM")}
      ${view.isCurrent ? nothing : html`<p class="empty" role="status">${w.loading}</p>`}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      ${this.#section("now", j.now, this.#where(journey))}${this.#section("next", j.next, this.#next(journey))}
      ${this.#isStaff && this.#mayWrite(view) ? html`<enrum-casework .client=${this.client} .view=${view}></enrum-casework>` : nothing}
      ${this.#section("tasks", j.tasks, this.#tasks(view, journey))}${this.#section("meetings", j.meetings, this.#meetings(view, journey))}
      ${this.#isStaff ? html`<enrum-case-rooms-edit .client=${this.client} .room=${this.room}></enrum-case-rooms-edit>` : nothing}
      ${this.#section("documents", j.documents, this.#documents(view))}
      ${journey.clocks.length === 0 ? nothing : this.#section("times", j.times, html`<ul class="cards">${journey.clocks.map((clock) => this.#clock(clock))}</ul>`)}
      ${this.#asking(view)}
      <p class="choices"><a class="button" href=${hrefOf({ page: "journal", room: this.room })}>${w.showJournal}</a>
      ${this.#isStaff ? nothing : html`<a class="button" href=${hrefOf({ page: "readers" })}>${j.readers}</a>`}</p>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const view = this.client.room(this.room);
    return html`<a class="back" href=${hrefOf({ page: "room", room: this.room })}>${w.showRoom}</a>
      <div><h1 tabindex="-1">${this.#isStaff ? w.caseOf : w.journey.title}</h1><p><bdi>${view?.title || w.untitled}</bdi></p></div>
      ${view === undefined ? html`<p class="empty" role="status">${w.loading}</p>` : this.#body(view)}`;
  }
}

customElements.define("enrum-case", Case);
