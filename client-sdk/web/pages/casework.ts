// casework -- where a caseworker writes in the journal beside messages: contacts, notes, decisions, and the way of the case. Defined
// on the caseworkers' page only.
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import { CHANNELS, CLOCKS, MATTERS, type ChannelName, type ClockName, type MatterName, type StageName } from "../protocol/journey.ts";
import type { Writing } from "../sdk/casebody.ts";
import { clockDue, dayEnd, dayOf, daysLeft, isDayBefore } from "../sdk/clocks.ts";
import { isDoneSince, journeyOf, runsFromArrival, runsFromInquiry, STAGE_NAMES, stagesOf, type Journey } from "../sdk/journey.ts";
import type { ItemWhat, RoomView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { KeptFields } from "./keptfields.ts";
import { lacksParty } from "./peopleof.ts";
import { readsMark } from "./reads.ts";
import { hrefOf } from "./route.ts";
import "./templates.ts";
import { casework } from "./words/casework.ts";
import { ofCaseWords } from "./words/ofcase.ts";
import { errorWords, language, words } from "./words/words.ts";
import { journalFieldsPlace, journalPlace, writtenSet, writtenTake } from "./writing.ts";
import { writtenText } from "./writtentext.ts";

const TEXT_MAX = 16_000;
/** Bytes; a name's letter may take two of them. */
const NAME_MAX = 100;
const MEETING_MS = 60 * 60_000;
const MEETING_MAX_MS = 12 * MEETING_MS;

const KINDS = ["contact", "note", "decision", "step", "task", "meeting", "extension"] as const;
/** Those of a room that no citizen reads. */
const STAFF_KINDS: readonly Kind[] = ["contact", "note", "decision"];
type Kind = (typeof KINDS)[number];
/** Those beside somebody whom nobody knows: there is no case. */
const ADVICE_KINDS: readonly Kind[] = ["note", "contact"];
/** These may be saved without words. */
const WORDLESS: readonly Kind[] = ["step", "meeting"];

function viewJourney({ items }: RoomView): Journey {
  return journeyOf(items, items[0]?.receivedAt ?? Date.now());
}

function isProtection(what: ItemWhat | undefined): boolean {
  return what?.kind === "task" && what.clock === "PROTECTION";
}

/** As <input type="datetime-local"> has it: this device's own time. */
function localMinute(ms: number): string {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such a field says, as if it were UTC: for lengths by the clock on the wall. NaN: nothing whole. */
function wallMs(field: string): number {
  return field.length === "2026-12-31T23:59".length ? Date.parse(`${field}Z`) : Number.NaN;
}

/** Within the day that <input type="date"> names. */
function noonOf(day: string): number {
  return Date.parse(`${day}T12:00:00Z`);
}

/** The end of that day; 0: none. */
function endOfDay(day: string): number {
  return day === "" ? 0 : dayEnd(noonOf(day), 0, "DAY");
}

class Casework extends Base {
  static override properties = {
    ...Base.properties, view: { attribute: false }, hasTemplates: { attribute: false }, isOpen: { state: true }, kind: { state: true }, isVideo: { state: true }, matter: { state: true }, stage: { state: true },
    isBusy: { state: true }, saved: { state: true }, failure: { state: true },
  };
  declare view: RoomView;
  /** There is something being written that a text can be put into. */
  declare hasTemplates: boolean;
  declare isOpen: boolean;
  declare kind: Kind;
  declare isVideo: boolean;
  /** Chosen in the form; undefined: as it stands. */
  declare matter: MatterName | "" | undefined;
  declare stage: StageName | undefined;
  declare isBusy: boolean;
  /** What was saved last. */
  declare saved: readonly string[];
  declare failure: string | undefined;

  constructor() {
    super();
    this.isOpen = this.isBusy = this.hasTemplates = false;
    this.saved = [];
    this.kind = "contact";
    this.isVideo = true;
  }

  /** Chosen and written in the form beside its text. */
  #filled = new KeptFields();
  /** The conversation as it was told before that. */
  #before: RoomView | undefined;
  /** Where the fields of a meeting stand at first; and where it begins, as those say last. */
  #soon = 0;
  #begins = Number.NaN;

  // -- Saving -------------------------------------------------------------------------------------------------------

  get #kept(): string {
    return journalPlace(this.view.room);
  }

  /** What the form says. Undefined where something is missing. */
  #writing(form: HTMLFormElement): Writing | undefined {
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const moment = (name: string) => field(name) === "" ? Number.NaN : new Date(field(name)).getTime();
    const text = field("text");
    const { kind } = this;
    if (text === "" && !WORDLESS.includes(kind)) return undefined;
    switch (kind) {
      case "note": case "decision":
        return { kind, text };
      case "contact": {
        const at = moment("happened");
        return Number.isNaN(at) ? undefined : { kind, text, channel: field("channel") as ChannelName, isOutgoing: field("direction") === "out", people: field("people"), at };
      }
      case "step": {
        const matter = field("matter");
        const { cameIn: said, arrivedAt } = viewJourney(this.view);
        // Said once, each step says it: whoever is let in from now on counts from the same day.
        const at = data.has("cameIn") && field("cameIn") !== dayOf(arrivedAt) ? noonOf(field("cameIn")) : said;
        const opened = data.has("opened") ? noonOf(field("opened")) : undefined;
        if (Number.isNaN(at) || Number.isNaN(opened)) return undefined;
        return {
          kind, text, matter: matter === "" ? undefined : matter as MatterName, stage: field("stage") as StageName, byWhen: endOfDay(field("byWhen")), byWhom: field("byWhom"),
          ...(opened === undefined ? {} : { opened }), ...(at === undefined ? {} : { at }),
        };
      }
      case "task": {
        const clock = field("clock");
        const whom = field("whom") === "staff" ? "staff" : "citizen";
        return { kind, text, for: whom, due: endOfDay(field("due")), clock: clock === "" || whom === "citizen" ? undefined : clock as ClockName };
      }
      case "meeting": {
        const [begins, ends] = [moment("begins"), moment("ends")];
        const place = this.isVideo ? "" : field("place");
        if (Number.isNaN(begins) || Number.isNaN(ends) || (!this.isVideo && place === "")) return undefined;
        return { kind, text, begins, ends, isVideo: this.isVideo, place, people: field("people") };
      }
      case "extension": {
        const [clock, until] = [field("clock"), endOfDay(field("until"))];
        return clock === "" || until === 0 ? undefined : { kind, text, clock: clock as ClockName, until };
      }
    }
  }

  /** Why it is not saved as it is. Undefined: it is. */
  #wrong(writing: Writing | undefined): string | undefined {
    const w = casework();
    if (writing === undefined) return w.missing;
    if (writing.kind === "meeting") {
      const length = writing.ends - writing.begins;
      return length <= 0 ? w.endBeforeBegin : length > MEETING_MAX_MS ? w.meetingLong : undefined;
    }
    // No entry can say an earlier time than 1970.
    const isWrong = (at = 0) => at < 0 || isDayBefore(Date.now(), at);
    if (writing.kind === "contact") return writing.at !== undefined && (writing.at < 0 || writing.at > Date.now()) ? w.happenedWrong : undefined;
    if (writing.kind !== "step") return undefined;
    if (isWrong(writing.at)) return w.cameInWrong;
    const { arrivedAt, matter, stage } = viewJourney(this.view);
    const { opened } = writing;
    if (opened === undefined) return undefined;
    // What comes in while an inquiry is going on comes later than that was opened.
    const isGoing = matter !== undefined && stage !== undefined && runsFromInquiry(matter, stage) && dayOf(opened) === this.#openedOn;
    return isWrong(opened) || (!isGoing && isDayBefore(opened, writing.at ?? arrivedAt)) ? w.openedWrong : undefined;
  }

  /** Whether a child needs protection is judged the same day: with what it is, the task to do so is there, or waits to be sent. */
  #first(writing: Writing): Writing[] {
    if (writing.kind !== "step" || writing.matter !== "CHILD") return [];
    const { tasks, arrivedAt } = viewJourney(this.view);
    const cameIn = writing.at ?? arrivedAt;
    const isThere = tasks.some((task) => isProtection(task.what) && task.cancelled === undefined && (task.done === undefined || isDoneSince(task, cameIn)));
    if (isThere || this.view.drafts.some(({ says, state }) => state !== "failed" && isProtection(says?.what))) return [];
    return [{ kind: "task", text: casework().protectionTask, for: "staff", due: clockDue("PROTECTION", cameIn), clock: "PROTECTION" }];
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isBusy) return;
    const writing = this.#writing(event.target as HTMLFormElement);
    this.failure = this.#wrong(writing);
    if (writing === undefined || this.failure !== undefined) return;
    this.isBusy = true;
    try {
      // What must be done first: should the other not be saved, saving it again does not ask for it twice.
      const ids: string[] = [];
      for (const one of [...this.#first(writing), writing]) {
        const id = crypto.randomUUID();
        await this.client.write(id, this.view.room, one, language());
        ids.push(id);
      }
      writtenSet(this.#kept, "");
      this.#filled.forget();
      this.saved = ids;
      this.#before = this.view;
      await this.#close();
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.isBusy = false;
    }
  }

  // -- Opening and closing ------------------------------------------------------------------------------------------

  async #open(): Promise<void> {
    // What an earlier visit has left is there before anything is typed.
    await Promise.all([writtenTake(this.#kept), this.#filled.take(journalFieldsPlace(this.view.room))]);
    this.isOpen = true;
    this.saved = [];
    this.failure = undefined;
    const kinds = this.#kinds();
    this.kind = this.#filled.among("kind", kinds, kinds.includes(this.kind) ? this.kind : "contact");
    this.matter = this.#filled.among("step matter", [...Object.keys(MATTERS) as MatterName[], "", undefined], undefined);
    this.stage = this.#filled.among("step stage", STAGE_NAMES, undefined);
    this.isVideo = this.#filled.get("meeting where") !== "place";
    this.#soon = Math.ceil(Date.now() / MEETING_MS) * MEETING_MS + 24 * MEETING_MS;
    this.#begins = wallMs(this.#filled.get("meeting begins") ?? localMinute(this.#soon));
    await this.updateComplete;
    this.querySelector<HTMLElement>("select")?.focus();
  }

  async #close(): Promise<void> {
    this.isOpen = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("button")?.focus();
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      void this.#close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.querySelector("form")?.requestSubmit();
    }
  };

  /** A field is its kind's own: who was met is not who comes next. */
  #keyOf(name: string): string {
    return name === "kind" ? name : `${this.kind} ${name}`;
  }

  /** The text is kept by itself. */
  #note = ({ target }: Event): void => {
    const { name, value } = target as HTMLInputElement;
    if (name !== "text") this.#filled.set(this.#keyOf(name), value);
    if (name === "begins") this.#moved(value);
  };

  /** A meeting that begins at another time is as long as before, as in any calendar; where the fields do not say a meeting's length, its end stays. */
  #moved(value: string): void {
    const begins = wallMs(value);
    const ends = this.querySelector<HTMLInputElement>("#cw-ends");
    if (ends === null || Number.isNaN(begins)) return;
    const length = wallMs(ends.value) - this.#begins;
    this.#begins = begins;
    if (!(length > 0 && length <= MEETING_MAX_MS)) return;
    ends.value = new Date(begins + length).toISOString().slice(0, 16);
    this.#filled.set(this.#keyOf("ends"), ends.value);
  }

  // -- Fields -------------------------------------------------------------------------------------------------------

  #select<N extends string>(name: string, label: string, choices: readonly (readonly [N, string])[], chosen?: N, onChange?: (value: N) => void): TemplateResult {
    const kept = this.#filled.among<N | undefined>(this.#keyOf(name), choices.map(([value]) => value), chosen);
    return html`<label for="cw-${name}">${label}</label><select id="cw-${name}" name=${name}
      @change=${(event: Event) => onChange?.((event.target as HTMLSelectElement).value as N)}>${choices.map(([value, text]) =>
      html`<option value=${value} .selected=${value === kept}>${text}</option>`)}</select>`;
  }

  #input(name: string, label: string, type: "text" | "date" | "datetime-local", value = "", hint = ""): TemplateResult {
    const hinted = hint === "" ? nothing : `cw-${name}-hint`;
    return html`<label for="cw-${name}">${label}</label>${hint === "" ? nothing : html`<span class="small" id=${hinted}>${hint}</span>`}
      <input id="cw-${name}" name=${name} type=${type} dir="auto" maxlength=${type === "text" ? NAME_MAX : nothing} autocomplete="off" .value=${this.#filled.get(this.#keyOf(name)) ?? value} aria-describedby=${hinted}>`;
  }

  #contact(): TemplateResult {
    const w = casework();
    const { channels } = words().journey;
    return html`${this.#select("channel", w.channel, (Object.keys(CHANNELS) as ChannelName[]).map((name) => [name, channels[name]]))}
      ${this.#select("direction", w.direction, [["in", w.inbound], ["out", w.outbound]])}
      ${this.#input("happened", w.happened, "datetime-local", localMinute(Date.now()))}${this.#input("people", w.people, "text", "", w.peopleHint)}`;
  }

  /** The day on which the inquiry was opened, as it stands, or stood before a slip of today; empty: it has not been. */
  get #openedOn(): string {
    const { since, tookBack } = viewJourney(this.view);
    const opened = since.get("INQUIRY") ?? (tookBack !== undefined && daysLeft(tookBack.at, Date.now()) === 0 ? tookBack.began : undefined);
    return opened === undefined ? "" : dayOf(opened);
  }

  #step(): TemplateResult {
    const w = casework();
    const { stages } = words().journey;
    const { matters } = ofCaseWords();
    const journey = viewJourney(this.view);
    const matter = this.matter ?? journey.matter ?? "";
    const passed = stagesOf(matter === "" ? undefined : matter);
    const stage = passed.find((name) => name === (this.stage ?? journey.stage)) ?? "RECEIVED";
    return html`${this.#select<MatterName | "">("matter", w.matter, [["", w.matterNone], ...(Object.keys(MATTERS) as MatterName[]).map((name) => [name, matters[name]] as const)], matter, (value) => this.matter = value)}
      ${matter !== "" && runsFromArrival(matter) ? this.#input("cameIn", w.cameIn, "date", dayOf(journey.arrivedAt), w.cameInHint) : nothing}
      ${this.#select("stage", w.stage, passed.map((name) => [name, stages[name]]), stage, (value) => this.stage = value)}
      ${matter !== "" && runsFromInquiry(matter, stage) ? this.#input("opened", w.opened, "date", this.#openedOn || dayOf(Date.now()), w.openedHint) : nothing}
      ${this.#input("byWhen", w.byWhen, "date")}${this.#input("byWhom", w.byWhom, "text")}`;
  }

  #clocks(isExtendable: boolean): (readonly [ClockName, string])[] {
    const { clocks } = words().journey;
    return viewJourney(this.view).clocks.filter(({ clock, endedAt }) => endedAt === undefined && (isExtendable ? CLOCKS[clock].isExtendable : CLOCKS[clock].until === "TASK"))
      .map(({ clock }) => [clock, clocks[clock]]);
  }

  #task(): TemplateResult {
    const w = casework();
    const clocks = this.#clocks(false);
    return html`${this.#select("whom", w.whom, [["citizen", w.forCitizen], ["staff", w.forStaff]])}${this.#input("due", w.due, "date")}
      ${clocks.length === 0 ? nothing : this.#select<ClockName | "">("clock", w.ends, [["", w.endsNone], ...clocks])}`;
  }

  #meeting(): TemplateResult {
    const w = casework();
    return html`${this.#input("begins", w.begins, "datetime-local", localMinute(this.#soon))}${this.#input("ends", w.endsAt, "datetime-local", localMinute(this.#soon + MEETING_MS))}
      ${this.#select("where", w.where, [["video", w.byVideo], ["place", w.atPlace]], this.isVideo ? "video" : "place", (value) => this.isVideo = value === "video")}
      ${this.isVideo ? nothing : this.#input("place", w.place, "text")}${this.#input("people", w.comes, "text")}`;
  }

  #extension(): TemplateResult {
    const w = casework();
    const clocks = this.#clocks(true);
    if (clocks.length === 0) return html`<p>${w.nothingToExtend}</p>`;
    return html`${this.#select("clock", w.clock, clocks)}${this.#input("until", w.until, "date")}<p class="small">${w.lawyer}</p>`;
  }

  #fields(): TemplateResult | typeof nothing {
    switch (this.kind) {
      case "note": case "decision": return nothing;
      case "contact": return this.#contact();
      case "step": return this.#step();
      case "task": return this.#task();
      case "meeting": return this.#meeting();
      case "extension": return this.#extension();
    }
  }

  #kinds(): readonly Kind[] {
    if (this.view.isAdvice) return ADVICE_KINDS;
    return this.view.caseRooms === undefined ? KINDS : STAFF_KINDS;
  }

  /** In the conversation, who reads stands above it. */
  #form(): TemplateResult {
    const w = casework();
    return html`<form class="form casework" aria-labelledby="cw-title" @submit=${(event: Event) => void this.#save(event)} @input=${this.#note} @change=${this.#note} @keydown=${this.#onKey}>
      <h2 id="cw-title">${w.title}</h2>${this.#readers() ?? html`<p class="small">${w.seenAtOnce}</p>${this.hasTemplates ? nothing : readsMark(this.view)}`}
      ${this.#select("kind", w.kind, this.#kinds().map((kind) => [kind, w.kinds[kind]]), this.kind, (kind) => this.kind = kind)}
      ${this.#fields()}
      <label for="cw-text">${w.text[this.kind]}</label>
      ${writtenText({ id: "cw-text", name: "text", place: this.#kept, rows: 4, max: TEXT_MAX })}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy}>${w.save}</button>
      <button type="button" @click=${() => void this.#close()}>${words().cancel}</button></p></form>`;
  }

  /** Nobody reads what is written before somebody is let in; and in the employees' own room no citizen ever does. */
  #readers(): TemplateResult | undefined {
    if (this.view.caseRooms !== undefined) return html`<p class="lacking">${casework().caseRooms.whoReads}</p>`;
    if (!lacksParty(this.view)) return undefined;
    const w = casework().begin;
    return html`<p class="lacking" role="status">${w.lacksParty} <a href=${hrefOf({ page: "people", room: this.view.room })}>${w.letIn}</a></p>`;
  }

  /** That it is being recorded is said when the host has it. */
  #told(): string {
    const w = casework();
    const left = this.view.drafts.filter(({ id }) => this.saved.includes(id));
    if (this.saved.length === 0 || this.#before === this.view || left.some(({ state }) => state === "failed")) return "";
    return left.some(({ state }) => state !== "received") ? w.savedHere : w.saved;
  }

  protected override render(): TemplateResult {
    if (this.isOpen) return this.#form();
    const w = casework();
    return html`${this.#readers() ?? nothing}<div class="row staffrow"><button @click=${() => void this.#open()}>${w.title}</button><span role="status" class="small done">${this.#told()}</span>
      ${this.hasTemplates ? html`<enrum-templates .client=${this.client} .room=${this.view.room}></enrum-templates>` : nothing}</div>`;
  }
}

customElements.define("enrum-casework", Casework);
