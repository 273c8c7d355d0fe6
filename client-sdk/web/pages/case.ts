// case -- "Ditt ärende": where a case stands, what happens next, by when and by whom; tasks, meetings, documents, the times that
// apply, and a way to ask. Staff see the same page, and write there what it shows.
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { EnrumError } from "../protocol/error.ts";
import { CLOCKS } from "../protocol/journey.ts";
import { journeyOf, stagesOf, type Journey, type JourneyClock } from "../sdk/journey.ts";
import type { ItemView, RoomView } from "../sdk/view.ts";
import { mayMark, type JourneyMeeting, type JourneyTask } from "../sdk/way.ts";
import { mayWrite, problem, standing } from "./alarm.ts";
import { Base } from "./base.ts";
import { calendarKeep } from "./calendar.ts";
import { dueMark } from "./due.ts";
import { fileOf } from "./fileentry.ts";
import { fileStays } from "./filesave.ts";
import { caseTitle, isInterpreting, lineOf } from "./line.ts";
import { prose } from "./prose.ts";
import { readsMark } from "./reads.ts";
import { hrefOf } from "./route.ts";
import { draftAbout, waiting } from "./waiting.ts";
import { Watch } from "./watch.ts";
import { ofCaseWords } from "./words/ofcase.ts";
import { errorWords, fullDay, fullWhen, language, machineWhen, personName, words } from "./words/words.ts";
import { aboutPlace, askingPlace, journalPlace, writtenAdd, writtenSet, writtenTake } from "./writing.ts";
import { writtenText } from "./writtentext.ts";

const TEXT_MAX = 4_000;
/** Of a decision that is open from the beginning. */
const CUT = 300;
/** How the id of a question begins that was asked here: it is known again after a reload. */
const ASKING = "ask ";

type Mark = "done" | "cancelled";

class Case extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, marking: { state: true }, opened: { state: true }, isAsked: { state: true }, outcome: { state: true }, isBusy: { state: true }, failure: { state: true } };
  declare room: string;
  /** The entry whose form is open, and what it will say of it. */
  declare marking: { seq: number; mark: Mark } | undefined;
  /** The document that is looked at closely. */
  declare opened: number | undefined;
  declare isAsked: boolean;
  /** What has come of what was pressed last, once it stands in the log. */
  declare outcome: string;
  declare isBusy: boolean;
  declare failure: string | undefined;
  protected override isTicking = true;
  /** The conversation as it was told before what was pressed last: as long as it is, what was pressed is not to be seen in it. */
  #before: RoomView | undefined;
  /** What was pressed last, until it stands in the log. */
  #pressed: { seq: number; mark: Mark } | undefined;
  /** The card that the focus is in, before it is drawn anew. */
  #focused: string | undefined;

  constructor() {
    super();
    new Watch(this, "case", () => this.#begin());
  }

  #begin(): void {
    this.marking = this.opened = this.failure = this.#before = undefined;
    this.isAsked = this.isBusy = false;
    this.#pressed = this.#focused = undefined;
    this.outcome = "";
    void writtenTake(askingPlace(this.room)).then(() => this.requestUpdate());
  }

  protected override willUpdate(): void {
    this.#focused = this.querySelector("li.card[tabindex]:focus-within")?.id;
    const view = this.client.room(this.room);
    if (view !== undefined) this.#tell(view);
  }

  /** A card that was done with has gone to the others, and the focus with it. */
  protected override updated(): void {
    if (this.#focused !== undefined && !this.contains(document.activeElement)) this.#focusCard(this.#focused);
  }

  /** What shows a card, where that is shut. */
  #focusCard(id: string): void {
    const card = this.querySelector<HTMLElement>(`#${id}`);
    (card?.closest("details:not([open])")?.querySelector("summary") ?? card)?.focus();
  }

  /** What was waiting, and stands in the log now, is said: its card may have gone, and the line that it waits has. */
  #tell({ items, drafts }: RoomView): void {
    // Also what was pressed before the page was loaded anew.
    for (const { says } of drafts) {
      if (says?.what.kind === "done" || says?.what.kind === "cancelled") this.#pressed = { seq: says.what.aboutSeq, mark: says.what.kind };
    }
    const pressed = this.#pressed;
    if (!items.some(({ what, author, refused }) => what.kind === pressed?.mark && "aboutSeq" in what && what.aboutSeq === pressed.seq && author.isMe && refused === undefined)) return;
    const { done, calledOff } = words().journey;
    const what = items.find(({ seq }) => seq === pressed?.seq)?.what;
    const text = what !== undefined && "text" in what ? what.text : "";
    this.outcome = `${pressed?.mark === "done" ? done : calledOff}${text === "" ? "" : `: ${text}`}`;
    this.#pressed = undefined;
  }

  get #isStaff(): boolean {
    return this.session?.role === "staff";
  }

  /** What is pressed is pressed once: nothing else is, before it shows. */
  get #isHeld(): boolean {
    return this.isBusy || (this.#before !== undefined && this.#before === this.client.room(this.room));
  }

  #mayMark({ members }: RoomView): boolean {
    return members.every((member) => !member.isMe || mayMark(member.capacity));
  }

  // -- What one does here -------------------------------------------------------------------------------------------

  async #do(work: () => Promise<void>): Promise<boolean> {
    if (this.#isHeld) return false;
    this.isBusy = true;
    this.failure = undefined;
    try {
      await work();
      this.#before = this.client.room(this.room);
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
    this.#pressed = { seq, mark };
    this.outcome = "";
    writtenSet(aboutPlace(mark, this.room, seq), "");
    await this.#markEnd(seq);
  }

  /** The form is gone, and the focus stays where it was. */
  async #markEnd(seq: number): Promise<void> {
    this.marking = undefined;
    await this.updateComplete;
    this.#focusCard(`c${seq}`);
  }

  async #ask(event: Event): Promise<void> {
    event.preventDefault();
    const text = this.querySelector<HTMLTextAreaElement>("#case-ask")?.value.trim() ?? "";
    if (text === "") return;
    const { room } = this;
    const isAsked = await this.#do(() => this.client.send(`${ASKING}${crypto.randomUUID()}`, room, text, language()));
    if (isAsked) writtenSet(askingPlace(room), "");
    if (room !== this.room) return;
    this.isAsked = isAsked;
    await this.updateComplete;
    // The form is gone, or its button was.
    this.querySelector<HTMLElement>("#case-asking")?.focus({ preventScroll: true });
  }

  async #markBegin(seq: number, mark: Mark): Promise<void> {
    await writtenTake(aboutPlace(mark, this.room, seq));
    this.marking = { seq, mark };
    await this.updateComplete;
    this.querySelector<HTMLElement>("#case-mark")?.focus();
  }

  /** Words beside it: they must be there where a clock of the law ends with them. */
  #markForm(view: RoomView, seq: number, mark: Mark, isRequired: boolean): TemplateResult {
    const w = words();
    const submit = (event: Event) => {
      event.preventDefault();
      void this.#mark(seq, mark, this.querySelector<HTMLTextAreaElement>("#case-mark")?.value.trim());
    };
    return html`<form class="form" @submit=${submit}><label for="case-mark">${isRequired ? w.caseWhy : ofCaseWords().callOffWhy}</label>
      ${writtenText({ id: "case-mark", place: aboutPlace(mark, this.room, seq), rows: 3, max: TEXT_MAX, isRequired })}${readsMark(view)}
      <p class="choices"><button class="primary" ?disabled=${this.#isHeld}>${mark === "done" ? ofCaseWords().markDone : ofCaseWords().callOff}</button>
      <button type="button" @click=${() => void this.#markEnd(seq)}>${w.cancel}</button></p></form>`;
  }

  /** What was said of it and waits, where else it would be said. */
  #waiting({ drafts }: RoomView, seq: number): TemplateResult | undefined {
    const draft = draftAbout(drafts, seq, ["done", "cancelled"]);
    if (draft?.says === undefined) return undefined;
    const { kind } = draft.says.what;
    const { markDone, callOff } = ofCaseWords();
    return waiting(this.client, kind === "done" ? markDone : callOff, draft, () => writtenAdd(aboutPlace(kind, this.room, seq), draft.text));
  }

  /** What was written in the journal's form, here or in the conversation. */
  #written({ drafts }: RoomView): TemplateResult | typeof nothing {
    const found = drafts.filter(({ says }) => says !== undefined && says.what.kind !== "message" && !("aboutSeq" in says.what));
    if (found.length === 0) return nothing;
    return html`<ul class="cards">${repeat(found, ({ id }) => id, (draft) => html`<li class="card">${waiting(this.client, draft.says === undefined ? "" : lineOf(draft.says), draft, () => writtenAdd(journalPlace(this.room), draft.text))}</li>`)}</ul>`;
  }

  // -- Where it stands ----------------------------------------------------------------------------------------------

  #where({ matter, stage, since }: Journey): TemplateResult {
    const w = words().journey;
    if (stage === undefined) return html`<p>${ofCaseWords().notSaid}</p>`;
    const stages = stagesOf(matter);
    // One that this matter does not pass is shown all the same, where staff have set it.
    if (!stages.includes(stage)) stages.push(stage);
    const at = stages.indexOf(stage);
    return html`${matter === undefined ? nothing : html`<p>${ofCaseWords().matters[matter]}</p>`}
      <ol class="stages">${stages.map((name, index) => html`<li aria-current=${index === at ? "step" : nothing} class=${index < at ? "past" : index === at ? "now" : "ahead"}>
        <span>${w.stages[name]}</span>${index > at || !since.has(name) ? nothing : html` <span class="small">${w.since(fullDay(since.get(name) ?? 0))}</span>`}${index < at ? html`<span class="unseen"> ${w.done}</span>` : nothing}</li>`)}</ol>`;
  }

  #next({ step }: Journey): TemplateResult {
    const w = words().journey;
    if (step === undefined) return html`<p>${ofCaseWords().nextNone}</p>`;
    const { text, byWhen, byWhom } = step.what;
    return html`<p class="text lead" dir="auto" lang=${step.item.language || nothing}>${text === "" ? ofCaseWords().nextNone : prose(text)}</p>
      ${byWhen === 0 ? nothing : html`<p><time datetime=${machineWhen(byWhen)}>${w.by(fullDay(byWhen))}</time> · ${dueMark(byWhen, Date.now())}</p>`}
      ${byWhom === "" ? nothing : html`<p>${w.byWhom(byWhom)}</p>`}`;
  }

  // -- Tasks and meetings -------------------------------------------------------------------------------------------

  #task(view: RoomView, { what, item: { seq, language: tag }, done, cancelled }: JourneyTask): TemplateResult {
    const w = words().journey;
    const isMine = (what.for === "staff") === this.#isStaff && this.#mayMark(view);
    const isOpen = done === undefined && cancelled === undefined;
    const isSigned = what.clock !== undefined;
    const form = this.#waiting(view, seq) ?? (this.marking?.seq === seq ? this.#markForm(view, seq, this.marking.mark, isSigned && this.marking.mark === "done") : undefined);
    const begin = () => void (isSigned ? this.#markBegin(seq, "done") : this.#mark(seq, "done"));
    return html`<li class="card" id="c${seq}" tabindex="-1"><span class="row"><span class="small">${what.for === "staff" ? w.theirs : view.isOwn ? ofCaseWords().yours : words().ofCase.forParty}</span>
      ${isOpen ? what.due === 0 ? nothing : dueMark(what.due, Date.now()) : html`<span class=${done === undefined ? "" : "done"}>${done === undefined ? w.calledOff : w.done}</span>`}</span>
      <p class="text" dir="auto" lang=${tag || nothing}>${prose(what.text)}</p>
      ${what.due === 0 ? nothing : html`<time class="small" datetime=${machineWhen(what.due)}>${w.by(fullDay(what.due))}</time>`}
      ${this.#said(done ?? cancelled)}
      ${!isOpen || !mayWrite(view) ? nothing : form ?? html`<p class="choices">${isMine ? html`<button class="primary" ?disabled=${this.#isHeld} @click=${begin}>${ofCaseWords().markDone}<span class="unseen">: ${what.text}</span></button>` : nothing}
        ${this.#isStaff ? html`<button @click=${() => void this.#markBegin(seq, "cancelled")}>${ofCaseWords().callOff}<span class="unseen">: ${what.text}</span></button>` : nothing}</p>`}</li>`;
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
    return html`${open.length === 0 ? html`<p>${ofCaseWords().tasksNone}</p>` : html`<ul class="cards">${repeat(open, ({ item }) => item.seq, (task) => this.#task(view, task))}</ul>`}
      ${ended.length === 0 ? nothing : html`<details class="taken"><summary>${w.done}</summary><ul class="cards">${repeat(ended, ({ item }) => item.seq, (task) => this.#task(view, task))}</ul></details>`}`;
  }

  #meeting(view: RoomView, { what, item: { seq, hash, language: tag }, cancelled }: JourneyMeeting): TemplateResult {
    const w = words().journey;
    const isAhead = cancelled === undefined && what.ends > Date.now();
    const form = this.#waiting(view, seq) ?? (this.marking?.seq === seq ? this.#markForm(view, seq, "cancelled", false) : undefined);
    return html`<li class="card" id="c${seq}" tabindex="-1"><span class="row"><strong><time datetime=${machineWhen(what.begins)}>${fullWhen(what.begins)}</time></strong>${cancelled === undefined ? nothing : html`<span class="bad">${w.calledOff}</span>`}</span>
      <span>${what.isVideo ? w.byVideo : html`<bdi>${what.place}</bdi>`}</span>${what.people === "" ? nothing : html`<span class="small"><bdi>${what.people}</bdi></span>`}
      ${what.text === "" ? nothing : html`<p class="text" dir="auto" lang=${tag || nothing}>${prose(what.text)}</p>`}${this.#said(cancelled)}
      ${!isAhead ? nothing : form ?? html`<p class="choices">${what.isVideo ? html`<a class="button" href=${hrefOf({ page: "call", room: this.room })}>${words().video.call}</a>` : nothing}
        <button @click=${() => calendarKeep(what.begins, what.ends, hash)}>${ofCaseWords().calendar}</button> ${fileStays(this.session)}
        ${mayWrite(view) && this.#mayMark(view) ? html`<button @click=${() => void this.#markBegin(seq, "cancelled")}>${ofCaseWords().callOff}<span class="unseen">: ${fullWhen(what.begins)}</span></button>` : nothing}</p>`}</li>`;
  }

  #meetings(view: RoomView, { meetings }: Journey): TemplateResult {
    const sorted = [...meetings].sort((a, b) => a.what.begins - b.what.begins);
    return sorted.length === 0 ? html`<p>${ofCaseWords().meetingsNone}</p>` : html`<ul class="cards">${repeat(sorted, ({ item }) => item.seq, (meeting) => this.#meeting(view, meeting))}</ul>`;
  }

  // -- Documents, times, asking -------------------------------------------------------------------------------------

  #documents(view: RoomView): TemplateResult {
    const w = words();
    const found = view.items.filter(({ what, refused }) => (what.kind === "file" || what.kind === "decision") && refused === undefined);
    if (found.length === 0) return html`<p>${ofCaseWords().documentsNone}</p>`;
    return html`<ul class="cards">${repeat(found, ({ seq }) => seq, (item) => html`<li class="card">${item.what.kind === "file" ? fileOf(this.client, view.room, { ...item, what: item.what }, () => this.requestUpdate()) : this.#decision(item)}
      <span class="small">${personName(item.author)}, ${fullWhen(item.receivedAt)}, ${w.number} ${item.seq}</span>${this.#more(view, item)}</li>`)}</ul>`;
  }

  /** All of it; a long one is opened. */
  #decision(item: ItemView): TemplateResult {
    const text = "text" in item.what ? item.what.text : "";
    return html`<details ?open=${text.length <= CUT}><summary>${lineOf(item)}</summary><p class="text" dir="auto" lang=${item.language || nothing}>${prose(text)}</p></details>`;
  }

  /** What stands behind it, and where one says that one does not agree. */
  #more(view: RoomView, item: ItemView): TemplateResult {
    const { about } = words();
    const isOpen = this.opened === item.seq;
    return html`<p class="choices"><button aria-expanded=${isOpen} aria-label=${about.moreOf(item.seq)} @click=${() => this.opened = isOpen ? undefined : item.seq}>${about.more}</button></p>
      ${isOpen ? html`<enrum-about-entry class="about" .client=${this.client} .view=${view} .item=${item}></enrum-about-entry>` : nothing}`;
  }

  #clock({ clock, due, isExtended, endedAt }: JourneyClock): TemplateResult {
    const w = words().journey;
    return html`<li class="card"><span class="row"><strong>${w.clocks[clock]}</strong>${endedAt === undefined ? dueMark(due, Date.now()) : html`<span class="done">${w.done}</span>`}</span>
      <time datetime=${machineWhen(due)}>${w.by(fullDay(due))}</time>${isExtended ? html`<span class="small">${w.extended}</span>` : nothing}<span class="small">${ofCaseWords().law(CLOCKS[clock].source)}</span></li>`;
  }

  /** What was asked, while it waits; that it was; or where one asks. */
  #question(view: RoomView): TemplateResult {
    const draft = view.drafts.find(({ id }) => id.startsWith(ASKING));
    const again = () => {
      this.isAsked = false;
      writtenAdd(askingPlace(this.room), draft?.text ?? "");
    };
    if (draft !== undefined) return waiting(this.client, ofCaseWords().ask, draft, again);
    if (this.isAsked) return html`<p role="status" class="done">${this.#isHeld ? "" : ofCaseWords().asked}</p>`;
    const otherwise = view.isOwn ? ofCaseWords().ownWords : ofCaseWords().askWords;
    return html`${keyed(this.room, html`<form class="form" @submit=${(event: Event) => void this.#ask(event)}>${writtenText({ id: "case-ask", place: askingPlace(this.room), rows: 5, max: TEXT_MAX, otherwise, labelledBy: "case-held" })}${readsMark(view)}
      <p class="choices"><button ?disabled=${this.#isHeld}>${ofCaseWords().askSend}</button></p></form>`)}`;
  }

  #asking(view: RoomView): TemplateResult | typeof nothing {
    if (this.#isStaff || !mayWrite(view) || isInterpreting(view)) return nothing;
    return html`<section aria-labelledby="case-held"><h2 id="case-held">${ofCaseWords().ask}</h2><p>${view.isOwn ? ofCaseWords().ownAbout : ofCaseWords().askAbout}</p><div id="case-asking" tabindex="-1">${this.#question(view)}</div></section>`;
  }

  #section(id: string, title: string, content: TemplateResult): TemplateResult {
    return html`<section aria-labelledby="case-${id}"><h2 id="case-${id}">${title}</h2>${content}</section>`;
  }

  #body(view: RoomView): TemplateResult {
    const w = words();
    const { journey: j } = w;
    const journey = journeyOf(view.items, view.items[0]?.receivedAt ?? 0);
    return html`${standing(view, this.session)}${mayWrite(view) ? nothing : html`<enrum-unsaid .client=${this.client} .room=${this.room}></enrum-unsaid>`}
      ${this.failure === undefined ? nothing : problem(this.failure)}<p class="unseen" role="status">${this.outcome}</p>
      ${this.#section("now", j.now, this.#where(journey))}${this.#section("next", j.next, this.#next(journey))}
      ${this.#isStaff && mayWrite(view) ? html`<enrum-casework .client=${this.client} .view=${view}></enrum-casework>` : nothing}${this.#written(view)}
      ${this.#section("tasks", j.tasks, this.#tasks(view, journey))}${this.#section("meetings", ofCaseWords().meetings, this.#meetings(view, journey))}
      ${this.#isStaff ? html`<enrum-case-rooms-edit .client=${this.client} .room=${this.room}></enrum-case-rooms-edit>` : nothing}
      ${this.#section("documents", ofCaseWords().documents, this.#documents(view))}
      ${journey.clocks.length === 0 ? nothing : this.#section("times", ofCaseWords().times, html`<ul class="cards">${journey.clocks.map((clock) => this.#clock(clock))}</ul>`)}
      ${this.#asking(view)}
      <p class="choices"><a class="button" href=${hrefOf({ page: "journal", room: this.room })}>${w.showJournal}</a>
      ${this.#isStaff ? nothing : html`<a class="button" href=${hrefOf({ page: "readers" })}>${j.readers}</a>`}</p>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const view = this.client.room(this.room);
    return html`<a class="back" href=${hrefOf({ page: "room", room: this.room })}>${w.showRoom}</a>
      <div><h1 tabindex="-1">${view === undefined ? w.ofCase.other : caseTitle(view)}</h1><p><bdi>${view?.title || w.untitled}</bdi></p></div>
      ${view === undefined ? html`<p class="empty" role="status">${w.loading}</p>` : view.isAdvice ? html`<p>${ofCaseWords().none}</p>` : this.#body(view)}`;
  }
}

customElements.define("enrum-case", Case);
