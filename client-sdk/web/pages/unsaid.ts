// unsaid -- what was not sent: what is done with words that were refused; and what cannot be sent any more from where it was written
// or chosen, since the conversation is closed to whoever did: shown, to be copied, saved or taken away. Loaded behind the first page.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { EnrumError } from "../protocol/error.ts";
import type { DraftView, RoomView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import type { Composer } from "./composer.ts";
import { unsaidWords } from "./words/unsaid.ts";
import { errorWords, words } from "./words/words.ts";
import { fileStays } from "./filesave.ts";
import { aboutPlace, chosen, client, journalFieldsPlace, journalPlace, written, writtenAdd, writtenOf, writtenSet, writtenTake } from "./writing.ts";

/** Closed conversations of which it has been asked what an earlier visit left. */
const asked = new Set<string>();

/** What an earlier visit has left in these conversations, wherever in them, is this tab's from here on. */
async function leftTake(rooms: readonly string[]): Promise<void> {
  const isOfThem = (place: string) => rooms.some((room) => place.includes(room) && place !== journalFieldsPlace(room));
  const places = await client?.writingPlaces().catch(() => []) ?? [];
  await Promise.all(places.filter(isOfThem).map(writtenTake));
}

/** Where nothing can be written any more nobody comes upon it by writing: the list says that it is there. */
async function closedLook(): Promise<void> {
  const rooms = (client?.session?.rooms ?? []).filter(({ room, isDenied, trouble }) => (isDenied || trouble !== undefined) && !asked.has(room)).map(({ room }) => room);
  if (rooms.length === 0) return;
  for (const room of rooms) asked.add(room);
  await leftTake(rooms);
  for (const list of document.querySelectorAll<Base>("enrum-home, enrum-room-tabs, enrum-unsaid")) list.requestUpdate();
}

client?.subscribe(() => void closedLook());
void closedLook();

/** Beside a text of a list. */
class Copy extends Base {
  static override properties = { ...Base.properties, text: { attribute: false }, outcome: { state: true } };
  declare text: string;
  declare outcome: "copied" | "marked" | undefined;

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
      this.outcome = "copied";
    } catch {
      // Not allowed within another page, or by the browser: then by hand.
      const shown = this.closest("li")?.querySelector(".text");
      if (shown != null) getSelection()?.selectAllChildren(shown);
      this.outcome = "marked";
    }
  }

  protected override render(): TemplateResult {
    const w = unsaidWords();
    return html`<button @click=${() => void this.#copy()}>${w.copy}</button> <span class="small" role="status">${this.outcome === undefined ? "" : w[this.outcome]}</span>`;
  }
}

/**
 * Where the words of one that is taken away are kept: those that were to stand beside a file are not lost with it; those of another
 * form are in it again, and what was to be shown of a note is in its own still.
 */
function keptPlace(room: string, { file, says }: DraftView): string | undefined {
  if (file !== undefined) return room;
  if (says === undefined || says.what.kind === "message" || says.what.kind === "release") return undefined;
  return "aboutSeq" in says.what ? aboutPlace(says.what.kind, room, says.what.aboutSeq) : journalPlace(room);
}

/** Below something of one's own that was refused. */
class Refused extends Base {
  static override properties = { ...Base.properties, view: { attribute: false }, draft: { attribute: false }, mayWrite: { attribute: false }, isBusy: { state: true }, failure: { state: true } };
  declare view: RoomView;
  declare draft: DraftView;
  declare mayWrite: boolean;
  declare isBusy: boolean;
  declare failure: string | undefined;

  async #do(work: () => Promise<void>): Promise<void> {
    // Pressed twice, it counts once.
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = undefined;
    try {
      await work();
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
      this.isBusy = false;
    }
  }

  /** Kept before it is gone here: whatever comes meanwhile, it is in one of the two. */
  async #discard(place: string | undefined): Promise<void> {
    const { client, view: { room }, draft: { id, text } } = this;
    if (place !== undefined && text !== "") writtenAdd(place, text);
    if (place === room) this.#toComposer();
    await client.discard(id);
  }

  /** What is pressed here goes: to where one writes. */
  #toComposer(): void {
    this.closest("enrum-room")?.querySelector<Composer>("enrum-composer")?.put("");
  }

  /** As it is. */
  async #fileAgain(): Promise<void> {
    this.#toComposer();
    await this.client.sendAgain(this.draft.id);
    // It may be refused again.
    this.isBusy = false;
  }

  /** Words are looked over first; a conversation that was not opened goes as it is, with all that stands behind it, and the page goes along (watch.ts). */
  #again(): Promise<void> {
    const { room, isUnborn } = this.view;
    if (isUnborn) return this.client.openAgain(room);
    return this.draft.file === undefined ? this.#discard(room) : this.#fileAgain();
  }

  protected override render(): TemplateResult {
    const w = unsaidWords();
    const { client, view, draft: { file, text, error, says } } = this;
    const isBare = file === undefined && (says === undefined || says.what.kind === "message");
    const isFirst = view.drafts[0]?.id === this.draft.id;
    // What stands behind one that opens a conversation goes with that one; and would go with it if it were taken away.
    const isAgain = view.isUnborn ? isFirst : (isBare || file !== undefined) && this.mayWrite;
    const opensOthers = view.isUnborn && view.caseRooms === undefined && isFirst && view.drafts.length > 1;
    const again = isAgain ? html`<button @click=${() => void this.#do(() => this.#again())}>${w.again}</button>` : isBare ? html`<enrum-copy .client=${client} .text=${text}></enrum-copy>` : nothing;
    return html`<p class="meta bad">${error === undefined ? "" : errorWords(error)}</p>${this.failure === undefined ? nothing : problem(this.failure)}
      <p class="choices">${again}${opensOthers ? nothing : html`<button class="quiet" @click=${() => void this.#do(() => this.#discard(keptPlace(view.room, this.draft)))}>${words().discard}</button>`}</p>`;
  }
}

class Unsaid extends Base {
  static override properties = { ...Base.properties, room: { attribute: false } };
  declare room: string;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("room")) return;
    void leftTake([this.room]).then(() => this.requestUpdate());
  }

  /** One that is on its way, or whose keys are, will be open again. */
  get #isClosed(): boolean {
    const view = this.client.room(this.room);
    return view !== undefined && (view.isDenied || view.trouble !== undefined || (view.isLocked && view.isCurrent));
  }

  #remove(place: string): void {
    writtenSet(place, "");
    this.requestUpdate();
    void this.#removed();
  }

  async #removed(): Promise<void> {
    await this.updateComplete;
    (this.querySelector("button") ?? this.parentElement?.querySelector<HTMLElement>(".why"))?.focus();
  }

  #texts(): TemplateResult | typeof nothing {
    const places = writtenOf(this.room);
    if (places.length === 0) return nothing;
    return html`<section aria-labelledby="unsaid"><h2 id="unsaid">${unsaidWords().title}</h2>
      <ul class="cards">${repeat(places, (place) => place, (place) => html`<li class="card"><p class="text" dir="auto">${written(place)}</p>
      <p class="choices"><enrum-copy .client=${this.client} .text=${written(place)}></enrum-copy> <button class="quiet" @click=${() => this.#remove(place)}>${words().discard}</button></p></li>`)}</ul></section>`;
  }

  #chosen(): TemplateResult | typeof nothing {
    const files = chosen(this.room);
    if (files?.isEmpty !== false) return nothing;
    return html`<section aria-labelledby="unsaid-chosen"><h2 id="unsaid-chosen">${unsaidWords().chosen}</h2>${files.renderClosed(fileStays(this.session), () => void this.#removed())}</section>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    return this.#isClosed ? html`${this.#texts()}${this.#chosen()}` : nothing;
  }
}

customElements.define("enrum-copy", Copy);
customElements.define("enrum-refused", Refused);
customElements.define("enrum-unsaid", Unsaid);
