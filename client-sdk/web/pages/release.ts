// release -- where an employee shows a party a note that stands in the employees' own room of the case: in which conversation, in
// which words, who reads it; and what has been shown, beside the note. Defined on the caseworkers' page only.
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { ItemView, RoomSummary, RoomView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { nameOf } from "./caserooms.ts";
import { staffLines, type StaffWhat } from "./line.ts";
import { hrefOf } from "./route.ts";
import { casework } from "./words/casework.ts";
import { errorWords, fullWhen, isolate, listOf, personAs, personName, words } from "./words/words.ts";
import { writtenSet, writtenTake } from "./writing.ts";
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
    const released = this.view.items.filter(isReleased).filter(({ what, refused }) => what.aboutSeq === this.seq && refused === undefined);
    if (released.length === 0) return nothing;
    return html`<ul class="said small">${released.map((item) => this.#one(item))}</ul>${this.failure === undefined ? nothing : problem(this.failure)}`;
  }
}

// -- Showing ---------------------------------------------------------------------------------------------------------

class Release extends Base {
  static override properties = {
    ...Base.properties, view: { attribute: false }, item: { attribute: false }, isOpen: { state: true }, party: { state: true }, isMasked: { state: true }, isBusy: { state: true }, isShown: { state: true },
    failure: { state: true },
  };
  declare view: RoomView;
  declare item: ItemView;
  declare isOpen: boolean;
  /** The conversation that is chosen. */
  declare party: string;
  declare isMasked: boolean;
  declare isBusy: boolean;
  declare isShown: boolean;
  declare failure: string | undefined;
  #unwatch: (() => void) | undefined;

  constructor() {
    super();
    this.party = "";
    this.isOpen = this.isMasked = this.isBusy = this.isShown = false;
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

  #choose(party: string): void {
    this.#unwatch?.();
    // What they have asked for is read there, with the conversation's keys.
    this.#unwatch = party === "" ? undefined : this.client.watch(party);
    this.party = party;
    this.failure = undefined;
  }

  async #begin(): Promise<void> {
    await writtenTake(this.#place);
    const parties = this.#parties();
    this.isShown = false;
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
    if (this.party === "" || text === "" || field("notedBy") === "" || (this.isMasked && field("ground") === "")) return void (this.failure = w.missing);
    if (!this.isMasked && text !== textOf(this.item).trim()) return void (this.failure = w.changed);
    this.isBusy = true;
    try {
      const said = { text, isMasked: this.isMasked, ground: field("ground"), notedBy: field("notedBy"), replySeq: Number(field("asked")) };
      await this.client.release(crypto.randomUUID(), this.view.room, this.item.seq, this.party, said);
      writtenSet(this.#place, "");
      this.isShown = true;
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

  /** What the party has written lately, newest first. */
  #asked(): TemplateResult | typeof nothing {
    const w = casework().release;
    const written = this.client.room(this.party)?.items.filter(({ what, author }) => author.role === "citizen" && what.kind === "message").slice(-ASKED_MAX).reverse() ?? [];
    if (written.length === 0) return nothing;
    return html`<label for="release-asked">${w.asked}</label><select id="release-asked" name="asked"><option value="0">${w.askedNone}</option>
      ${written.map((item) => html`<option value=${item.seq}>${w.askedThis(item.seq, textOf(item).slice(0, CUT))}</option>`)}</select>`;
  }

  #form(): TemplateResult {
    const w = casework().release;
    const parties = this.#parties();
    if (parties.length === 0) return html`<p>${w.nobody}</p><p class="choices"><button type="button" @click=${() => void this.#end()}>${words().cancel}</button></p>`;
    const { author } = this.item;
    return html`<form class="form" aria-label=${w.title} @submit=${(event: Event) => void this.#show(event)}>
      <label for="release-where">${w.where}</label><select id="release-where" @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
        <option value="">${w.choose}</option>${parties.map((party) => html`<option value=${party.room} ?selected=${party.room === this.party}>${nameOf(party)}</option>`)}</select>
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
    return html`<p class="choices"><button @click=${() => void this.#begin()}>${w.begin}</button></p><p role="status">${this.isShown ? w.shown : ""}</p>`;
  }
}

customElements.define("enrum-released", ReleasedTo);
customElements.define("enrum-release", Release);
