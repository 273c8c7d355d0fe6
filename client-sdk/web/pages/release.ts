// release -- where an employee shows a party a note that stands in the employees' own room of the case: in which conversation, in
// which words, who reads it; and what has been shown, beside the note. Defined on the caseworkers' page only.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { EnrumError } from "../protocol/error.ts";
import { textCut } from "../sdk/cut.ts";
import type { DraftView, ItemView, RoomSummary, RoomView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { nameOf } from "./caserooms.ts";
import { staffLines, type StaffWhat } from "./line.ts";
import { hrefOf } from "./route.ts";
import { casework } from "./words/casework.ts";
import { errorWords, fullWhen, isolate, listOf, personAs, personName, words } from "./words/words.ts";
import { written, writtenSet, writtenTake } from "./writing.ts";
import { writtenText } from "./writtentext.ts";

const TEXT_MAX = 16_000;
/** Bytes; a name's letter may take two of them. */
const NAME_MAX = 100;
/** How many of a party's latest entries a note may answer, and how much is shown of each. */
const ASKED_MAX = 12;
const CUT = 60;

// -- What stands in the staff room -----------------------------------------------------------------------------------

staffLines.of = (what: StaffWhat): string => {
  const w = casework();
  const title = isolate(what.title || words().untitled);
  switch (what.kind) {
    case "caseRoom": return w.caseRooms.lineIn(title);
    case "caseRoomOut": return w.caseRooms.lineOut(title, isolate(what.why || "–"));
    case "released": {
      const { masked } = words().release;
      const who = personName(what.person);
      const line = what.shownAt === undefined ? w.release.lineToShow(who, title) : w.release.lineShown(who, title, fullWhen(what.shownAt));
      return [what.aboutSeq === 0 ? "" : w.release.about(what.aboutSeq), line, what.isMasked ? masked(isolate(what.ground || "–")) : ""].filter((part) => part !== "").join(" ");
    }
  }
};

type Released = ItemView & { what: Extract<ItemView["what"], { kind: "released" }> };

function isReleased(item: ItemView): item is Released {
  return item.what.kind === "released";
}

/** What is recorded of this note's being shown. */
function releasedOf({ items }: RoomView, seq: number): Released[] {
  return items.filter(isReleased).filter(({ what, refused }) => what.aboutSeq === seq && refused === undefined);
}

/** What can be said of an entry, and is no file. */
function textOf({ what, refused }: ItemView): string {
  return "text" in what && what.kind !== "file" && refused === undefined ? what.text : "";
}

/** Beside a note: to whom it has been shown, and when. */
class ReleasedTo extends Base {
  static override properties = { ...Base.properties, view: { attribute: false }, seq: { attribute: false }, failure: { state: true }, isBusy: { state: true } };
  declare view: RoomView;
  declare seq: number;
  declare failure: string | undefined;
  declare isBusy: boolean;
  #id = crypto.randomUUID();

  async #again({ seq }: Released): Promise<void> {
    this.isBusy = true;
    this.failure = undefined;
    try {
      await this.client.releaseAgain(this.#id, this.view.room, seq);
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.#id = crypto.randomUUID();
      this.isBusy = false;
    }
  }

  /** Not there although the conversation is of the case, and this device reads all that is, and has nothing more on its way: whoever began it has not ended it. */
  #isStuck({ what: { shownAt, room } }: Released): boolean {
    const party = this.session?.rooms.find((one) => one.room === room);
    return shownAt === undefined && this.view.caseRooms?.includes(room) === true && party !== undefined && !party.isDenied && !party.isLocked && party.waiting === 0 && this.session?.contact === "ready";
  }

  #one(item: Released): TemplateResult {
    const w = casework().release;
    const { what } = item;
    const isOwn = this.session?.rooms.some(({ room, isDenied }) => room === what.room && !isDenied);
    return html`<li><span>${staffLines.of?.({ ...what, aboutSeq: 0 })}</span> ${isOwn ? html`<a href=${hrefOf({ page: "room", room: what.room })}>${w.open}</a>` : nothing}
      ${this.#isStuck(item) ? html`<p class="bad">${w.notThere}</p><p class="choices"><button ?disabled=${this.isBusy} @click=${() => void this.#again(item)}>${w.again}</button></p>` : nothing}</li>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const released = releasedOf(this.view, this.seq);
    if (released.length === 0) return nothing;
    return html`<ul class="said small">${released.map((item) => this.#one(item))}</ul>${this.failure === undefined ? nothing : problem(this.failure)}`;
  }
}

// -- Showing ---------------------------------------------------------------------------------------------------------

/** Where a note was to be shown, in which words; and which records of it there were before. */
interface Put {
  party: string;
  text: string;
  before: ReadonlySet<number>;
}

class Release extends Base {
  static override properties = {
    ...Base.properties, view: { attribute: false }, item: { attribute: false }, isOpen: { state: true }, party: { state: true }, asked: { state: true }, isMasked: { state: true }, isBusy: { state: true }, put: { state: true },
    failure: { state: true },
  };
  declare view: RoomView;
  declare item: ItemView;
  declare isOpen: boolean;
  /** The conversation that is chosen. */
  declare party: string;
  /** The entry there that it answers, or 0. Both lists are sorted anew whenever somebody writes. */
  declare asked: number;
  declare isMasked: boolean;
  declare isBusy: boolean;
  /** What was said last, until the form is opened again. */
  declare put: Put | undefined;
  declare failure: string | undefined;
  #unwatch: (() => void) | undefined;

  constructor() {
    super();
    this.party = "";
    this.asked = 0;
    this.isOpen = this.isMasked = this.isBusy = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  get #place(): string {
    return `release ${this.view.room} ${this.item.seq}`;
  }

  /** Those of the case that this person is in, and a party reads. */
  #parties(): RoomSummary[] {
    return this.session?.rooms.filter(({ room, isDenied, others }) => this.view.caseRooms?.includes(room) && !isDenied && others.some(({ role }) => role === "citizen")) ?? [];
  }

  #released(): Released[] {
    return releasedOf(this.view, this.item.seq);
  }

  /** What was written is kept until it stands in the conversation: it may be refused. */
  #settle(): void {
    const kept = written(this.#place).trim();
    if (kept !== "" && this.#released().some(({ what }) => what.shownAt !== undefined && what.shown === kept)) writtenSet(this.#place, "");
  }

  /** That it is shown is said when it stands there. */
  #told(): string {
    const { put } = this;
    const isOfThis = ({ says, state }: DraftView) => state === "failed" && says?.what.kind === "released" && says.what.aboutSeq === this.item.seq;
    if (put === undefined || this.view.drafts.some(isOfThis)) return "";
    const isThere = this.#released().some(({ seq, what }) => !put.before.has(seq) && what.room === put.party && what.shown === put.text && what.shownAt !== undefined);
    return isThere ? casework().release.shown : casework().savedHere;
  }

  #choose(party: string): void {
    this.#unwatch?.();
    // What they have asked for is read there, with the conversation's keys.
    this.#unwatch = party === "" ? undefined : this.client.watch(party);
    this.party = party;
    this.asked = 0;
    this.failure = undefined;
  }

  protected override updated(): void {
    if (!this.isOpen) this.#settle();
  }

  async #begin(): Promise<void> {
    await writtenTake(this.#place);
    const parties = this.#parties();
    this.#settle();
    this.put = undefined;
    this.isOpen = true;
    this.#choose(parties.length === 1 ? parties[0]?.room ?? "" : "");
    await this.updateComplete;
    this.querySelector<HTMLElement>("select, button")?.focus();
  }

  async #end(): Promise<void> {
    this.#choose("");
    this.isOpen = this.isMasked = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("button")?.focus();
  }

  async #show(event: Event): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const text = field("text");
    const w = casework().release;
    this.failure = undefined;
    if (!this.#parties().some(({ room }) => room === this.party) || text === "" || field("notedBy") === "" || (this.isMasked && field("ground") === "")) return void (this.failure = w.missing);
    if (!this.isMasked && text !== textOf(this.item).trim()) return void (this.failure = w.changed);
    this.isBusy = true;
    const put: Put = { party: this.party, text, before: new Set(this.#released().map(({ seq }) => seq)) };
    try {
      const said = { text, isMasked: this.isMasked, ground: field("ground"), notedBy: field("notedBy"), replySeq: this.#askable().find(({ seq }) => seq === this.asked)?.seq ?? 0 };
      await this.client.release(crypto.randomUUID(), this.view.room, this.item.seq, this.party, said);
      this.put = put;
      await this.#end();
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.isBusy = false;
    }
  }

  /** Who reads it there: everybody who is in the conversation, whoever they are. */
  #readers(parties: readonly RoomSummary[]): TemplateResult | typeof nothing {
    const party = parties.find(({ room }) => room === this.party);
    return party === undefined ? nothing : html`<p class="lacking" role="status">${casework().release.reads(listOf(party.others.map(personAs)))}</p>`;
  }

  #askable(): readonly ItemView[] {
    return this.client.room(this.party)?.items.filter(({ what, author }) => author.role === "citizen" && what.kind === "message") ?? [];
  }

  /** What the party has written lately, newest first. What is chosen stays among it. */
  #asked(): TemplateResult | typeof nothing {
    const w = casework().release;
    const all = this.#askable();
    if (all.length === 0) return nothing;
    const isOffered = ({ seq }: ItemView, index: number) => index >= all.length - ASKED_MAX || seq === this.asked;
    const option = (seq: number, name: string) => html`<option value=${seq} .selected=${live(seq === this.asked)}>${name}</option>`;
    return html`<label for="release-asked">${w.asked}</label><select id="release-asked" @change=${(event: Event) => this.asked = Number((event.target as HTMLSelectElement).value)}>${option(0, w.askedNone)}
      ${all.filter(isOffered).reverse().map((item) => option(item.seq, w.askedThis(item.seq, textCut(textOf(item), CUT))))}</select>`;
  }

  #form(): TemplateResult {
    const w = casework().release;
    const parties = this.#parties();
    if (parties.length === 0) return html`<p>${w.nobody}</p><p class="choices"><button type="button" @click=${() => void this.#end()}>${words().cancel}</button></p>`;
    const { author } = this.item;
    return html`<form class="form" aria-label=${w.title} @submit=${(event: Event) => void this.#show(event)}>
      <label for="release-where">${w.where}</label><select id="release-where" @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
        <option value="" .selected=${live(!parties.some(({ room }) => room === this.party))}>${w.choose}</option>${parties.map((party) => html`<option value=${party.room} .selected=${live(party.room === this.party)}>${nameOf(party)}</option>`)}</select>
      ${this.#asked()}
      <label for="release-text">${w.text}</label>${writtenText({ id: "release-text", name: "text", place: this.#place, rows: 6, max: TEXT_MAX, otherwise: textOf(this.item) })}
      <label class="check"><input type="checkbox" .checked=${this.isMasked} @change=${(event: Event) => this.isMasked = (event.target as HTMLInputElement).checked}> ${w.masked}</label>
      ${this.isMasked ? html`<label for="release-ground">${w.ground}</label><p class="small" id="release-ground-hint">${w.groundHint}</p><input id="release-ground" name="ground" maxlength=${NAME_MAX} autocomplete="off" aria-describedby="release-ground-hint">` : nothing}
      <label for="release-by">${w.notedBy}</label><input id="release-by" name="notedBy" maxlength=${NAME_MAX} autocomplete="off" .defaultValue=${[author.name, author.title.toLowerCase()].filter((part) => part !== "").join(", ")}>
      ${this.#readers(parties)}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy}>${w.show}</button><button type="button" @click=${() => void this.#end()}>${words().cancel}</button></p></form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (textOf(this.item) === "" || this.view.isDenied || this.view.isLocked || this.view.trouble !== undefined) return nothing;
    if (this.isOpen) return this.#form();
    const w = casework().release;
    return html`<p class="choices"><button @click=${() => void this.#begin()}>${w.begin}</button></p><p role="status">${this.#told()}</p>`;
  }
}

customElements.define("enrum-released", ReleasedTo);
customElements.define("enrum-release", Release);
