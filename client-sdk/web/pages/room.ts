// room -- a conversation: what was said, by whom, and whether it is recorded; and where one writes.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { EnrumError } from "../protocol/error.ts";
import type { DraftView, ItemView, RoomView } from "../sdk/view.ts";
import { mayWrite, problem, standing } from "./alarm.ts";
import { Base } from "./base.ts";
import "./composer.ts";
import type { Composer } from "./composer.ts";
import { fileOf, fileOfDraft } from "./fileentry.ts";
import { aboutThis, caseTitle, groundWords, isQuietLine, isSaying, lineOf, stageLine } from "./line.ts";
import { Parts } from "./parts.ts";
import { prose } from "./prose.ts";
import { readsMark } from "./reads.ts";
import { hrefOf } from "./route.ts";
import { draftLate, draftState } from "./unsent.ts";
import { Watch } from "./watch.ts";
import { capacityWords, clockTime, dayName, errorWords, language, listOf, machineWhen, personName, words } from "./words/words.ts";
import { writtenAdd } from "./writing.ts";

/** An entry that is unrecorded for longer than this is worth a word. */
const UNRECORDED_MS = 2 * 60_000;
const MARK_AFTER_MS = 800;
/** Lines that were read out stay for a while: one that is gone too soon may not be. */
const SPOKEN_KEPT = 4;
/** How near the end counts as being there, px. */
const NEAR_END = 80;

/** What others have written behind this entry. */
function unreadOf(view: RoomView, seq: number): ItemView[] {
  return view.items.filter((item) => item.seq > seq && isSaying(item) && !item.author.isMe);
}

function spokenOf(item: ItemView): string {
  const { what, author } = item;
  return `${personName(author)}: ${what.kind === "file" ? `${lineOf(item)}. ` : ""}${"text" in what ? what.text : ""}`;
}

class Room extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, failure: { state: true }, isBehind: { state: true }, spoken: { state: true }, opened: { state: true }, divider: { state: true } };
  declare room: string;
  declare failure: string | undefined;
  /** The reader has scrolled up, and there is something new below. */
  declare isBehind: boolean;
  /** What has come last from somebody else while the conversation is open: for a screen reader, each once. */
  declare spoken: readonly { seq: number; text: string }[];
  /** The entry that is looked at closely. */
  declare opened: number | undefined;
  /** The first entry that was new when the conversation was opened, or come back to. */
  declare divider: number | undefined;
  protected override isTicking = true;
  #parts = new Parts(this, "last");
  #grows = new ResizeObserver(() => this.#stick());
  #isAtEnd = true;
  #scrolled = 0;
  /** The others' entries up to here have been in sight. */
  #seenTo = 0;
  #isDivided = false;
  #isPlaced = false;
  #lastKey = "";
  #markTimer: ReturnType<typeof setTimeout> | undefined;
  /** Marks what is being looked at just now. */
  #marking: (() => void) | undefined;
  #marked = 0;
  /** The newest entry that is told, or was there before. */
  #spokenSeq: number | undefined;

  constructor() {
    super();
    new Watch(this, "room", () => this.#begin());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#onVisible);
    addEventListener("scroll", this.#onScroll, { passive: true });
    addEventListener("resize", this.#stick);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#onVisible);
    removeEventListener("scroll", this.#onScroll);
    removeEventListener("resize", this.#stick);
    this.#markEnd();
    this.#grows.disconnect();
    super.disconnectedCallback();
  }

  protected override update(changed: PropertyValues): void {
    const view = this.client.room(this.room);
    if (view?.isCurrent && !this.#isDivided) this.#divide(view);
    // The browser tells of scrolling at its next frame; what comes before that shall not take the reader back.
    this.#leaveEnd();
    super.update(changed);
  }

  #begin(): void {
    this.#markEnd();
    this.#isAtEnd = true;
    this.#scrolled = 0;
    this.#lastKey = "";
    this.#marked = this.#seenTo = 0;
    this.#isDivided = this.#isPlaced = false;
    this.#parts.clear();
    this.#spokenSeq = undefined;
    this.spoken = [];
    this.failure = this.opened = this.divider = undefined;
  }

  // -- What is new --------------------------------------------------------------------------------------------------

  /** Nothing divides a conversation that is new as a whole. */
  #divide(view: RoomView): void {
    const first = unreadOf(view, view.seenSeq)[0]?.seq;
    this.#isDivided = true;
    this.divider = view.items.some((item) => isSaying(item) && item.seq < (first ?? 0)) ? first : undefined;
    this.#isPlaced = this.divider === undefined;
  }

  /** From the end on, where what is new begins is not in sight: so it begins there. */
  #place(): void {
    if (this.#isPlaced || !this.#isAtEnd || !this.#isDivided) return;
    const line = this.querySelector(".divider");
    // Far up: drawn first, and then come back to.
    const index = line === null ? this.#shown(this.client.room(this.room)).findIndex(({ seq }) => seq === this.divider) : -1;
    if (index >= 0) return void this.#parts.reach(index);
    this.#isPlaced = true;
    // What it stood before is not shown any more.
    if (line === null) return;
    if (line.getBoundingClientRect().top >= (this.querySelector(".room-head")?.getBoundingClientRect().bottom ?? 0)) return;
    this.#isAtEnd = false;
    this.#seenTo = 0;
    this.isBehind = true;
    line.scrollIntoView({ block: "start" });
  }

  #onVisible = (): void => {
    const view = this.client.room(this.room);
    if (document.visibilityState === "visible" && this.#isAtEnd && (view?.unread ?? 0) > 0) {
      this.#isDivided = this.#isPlaced = false;
      this.requestUpdate();
    }
    this.#mark();
  };

  #newer(): TemplateResult | typeof nothing {
    const view = this.client.room(this.room);
    if (!this.isBehind || view === undefined) return nothing;
    const count = unreadOf(view, Math.max(this.#seenTo, view.seenSeq)).length;
    return html`<button class="newer" @click=${this.#toEnd}>${words().newer}${count === 0 ? "" : ` (${count})`} <span aria-hidden="true">↓</span></button>`;
  }

  // -- Scrolling and marking ----------------------------------------------------------------------------------------

  #onScroll = (): void => {
    if (this.#isNearEnd()) this.#atEnd();
    this.#leaveEnd();
    this.#scrolled = scrollY;
    this.#mark();
  };

  #isNearEnd(): boolean {
    return document.documentElement.scrollHeight - scrollY - innerHeight < NEAR_END;
  }

  /** What has grown below is not scrolled away from. */
  #leaveEnd(): void {
    if (scrollY < this.#scrolled && !this.#isNearEnd()) this.#isAtEnd = false;
  }

  #stick = (): void => {
    if (this.#isAtEnd) this.#scrollToEnd();
  };

  /** What has shrunk since is not scrolled away from either. */
  #scrollToEnd(): void {
    scrollTo(0, document.documentElement.scrollHeight);
    this.#scrolled = scrollY;
  }

  protected override updated(): void {
    const view = this.client.room(this.room);
    if (view?.movedTo !== undefined) return;
    const last = view?.drafts.at(-1)?.id ?? String(view?.items.findLast(isSaying)?.seq ?? "");
    if (last !== this.#lastKey) {
      this.#lastKey = last;
      const isMine = (view?.drafts.length ?? 0) > 0;
      if (this.#isAtEnd || isMine) this.#toEnd();
      else this.isBehind = true;
    }
    this.#place();
    this.#stick();
    this.#mark();
    this.#speak(view);
    for (const part of this.querySelectorAll(".room-body, .room-foot")) this.#grows.observe(part);
  }

  /** What others have written and has just come, each entry a line of its own; those that were there when the conversation was opened are not read out. */
  #speak(view: RoomView | undefined): void {
    const newest = view?.items.findLast(isSaying)?.seq ?? 0;
    const before = this.#spokenSeq;
    if (view === undefined || !view.isCurrent || newest === before) return;
    this.#spokenSeq = newest;
    const came = before === undefined ? [] : unreadOf(view, before);
    if (came.length > 0) this.spoken = [...this.spoken.slice(-SPOKEN_KEPT), ...came.map((item) => ({ seq: item.seq, text: spokenOf(item) }))];
  }

  #atEnd(): void {
    const view = this.client.room(this.room);
    this.#isAtEnd = true;
    this.isBehind = false;
    if (view !== undefined) this.#seenTo = unreadOf(view, this.#seenTo).at(-1)?.seq ?? this.#seenTo;
  }

  #toEnd = (): void => {
    this.#atEnd();
    this.#scrollToEnd();
  };

  /** Seen: the conversation is open, in front, and read to its end. */
  #mark = (): void => {
    const view = this.client.room(this.room);
    const newest = view?.isLocked ? 0 : this.#shown(view).findLast(({ author }) => !author.isMe)?.seq ?? 0;
    if (document.visibilityState !== "visible" || !this.#isAtEnd || newest <= this.#marked || (view?.unread ?? 0) === 0) return;
    this.#marked = newest;
    this.#markEnd();
    const { room } = this;
    this.#marking = () => {
      this.#markEnd();
      void this.client.markRead(room, newest).catch(() => {
        if (room === this.room) this.#marked = 0;
      });
    };
    this.#markTimer = setTimeout(this.#marking, MARK_AFTER_MS);
  };

  /** Looked at too briefly, or marked. */
  #markEnd(): void {
    clearTimeout(this.#markTimer);
    this.#marking = undefined;
  }

  // -- Sending ------------------------------------------------------------------------------------------------------

  #send = async (event: CustomEvent<string>): Promise<void> => {
    this.failure = undefined;
    const { room } = this;
    // Whoever answers has seen it, however quickly.
    this.#marking?.();
    try {
      await this.client.send(crypto.randomUUID(), room, event.detail, language());
    } catch (error) {
      // In the conversation that it was written in, whichever is shown by now.
      writtenAdd(room, event.detail);
      if (room !== this.room) return;
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
      this.querySelector<Base>("enrum-composer, enrum-unsaid")?.requestUpdate?.();
    }
  };

  // -- Entries ------------------------------------------------------------------------------------------------------

  #state(view: RoomView, item: ItemView): TemplateResult {
    const w = words();
    if (item.refused !== undefined) return html`<span class="bad">${w.refused}: ${groundWords(item.refused)}</span>`;
    if (item.seq <= view.coveredSeq) return html`<span class="done">${w.recorded}</span>`;
    const isLate = Date.now() - item.receivedAt > UNRECORDED_MS;
    return isLate ? html`<span class="bad">${w.notYetRecorded}</span>` : html`<span>${w.arrived}</span>`;
  }

  #saying(view: RoomView, item: ItemView, before: ItemView | undefined): TemplateResult {
    const w = words();
    const { what, author } = item;
    if (!("text" in what)) return html``;
    const isSame = before !== undefined && isSaying(before) && before.author.person === author.person;
    const kind = what.kind === "message" || what.kind === "file" ? "" : lineOf(item);
    const as = author.capacity !== undefined && author.role === "citizen" ? capacityWords(author.capacity) : author.title.toLowerCase();
    const title = as === "" ? "" : `, ${as}`;
    return html`<li class="entry ${author.isMe ? "mine" : "theirs"} ${isSame ? "same" : ""}" id="e${item.seq}">
      ${isSame ? nothing : html`<p class="author">${author.isMe ? w.you : html`${personName(author)}${title}`}</p>`}
      <div class="bubble ${item.refused === undefined ? "" : "refused"}">${kind === "" ? nothing : html`<p class="kind">${kind}</p>`}${what.kind === "file" ? fileOf(this.client, view.room, { ...item, what }, this.#redraw) : nothing}${what.text === "" ? nothing : html`<p class="text" dir="auto" lang=${item.language || nothing}>${prose(what.text)}</p>`}</div>
      <p class="meta"><time datetime=${machineWhen(item.receivedAt)}>${clockTime(item.receivedAt)}</time> · ${this.#state(view, item)}${item.level === 1 ? html` · ${w.level(1)}` : nothing}${this.#more(item)}</p>
      ${this.#beside(view, item)}${view.caseRooms === undefined ? nothing : html`<enrum-released .client=${this.client} .view=${view} .seq=${item.seq}></enrum-released>`}${this.#about(view, item)}
    </li>`;
  }

  #redraw = (): void => this.requestUpdate();

  #more({ seq }: ItemView): TemplateResult {
    const { about } = words();
    const isOpen = this.opened === seq;
    return html` <button class="more" aria-expanded=${isOpen} aria-label=${about.moreOf(seq)} @click=${() => this.#open(isOpen ? undefined : seq)}>${about.more}</button>`;
  }

  /** What is looked at stays where it is, whatever comes below. */
  #open(seq: number | undefined): void {
    this.opened = seq;
    if (seq !== undefined) this.#isAtEnd = false;
  }

  /** What it is about, and what is said about it elsewhere in the room. */
  #beside(view: RoomView, { seq, what }: ItemView): TemplateResult | typeof nothing {
    const { about } = words();
    const to = "aboutSeq" in what && what.aboutSeq > 0 ? [{ seq: what.aboutSeq, text: about.to(what.aboutSeq) }] : [];
    const from = aboutThis(view, seq).map((item) => ({ seq: item.seq, text: (item.what.kind === "objection" ? about.hasObjection : about.hasCorrection)(item.seq) }));
    const links = [...to, ...from];
    if (links.length === 0) return nothing;
    return html`<p class="beside">${links.map((link) => html`<button class="quiet" @click=${() => void this.#show(link.seq)}>${link.text}</button>`)}</p>`;
  }

  #about(view: RoomView, item: ItemView): TemplateResult | typeof nothing {
    if (this.opened !== item.seq) return nothing;
    return html`<enrum-about-entry class="about" .client=${this.client} .view=${view} .item=${item}></enrum-about-entry>`;
  }

  async #show(seq: number): Promise<void> {
    const index = this.#shown(this.client.room(this.room)).findIndex((item) => item.seq === seq);
    if (index >= 0) await this.#parts.reach(index);
    const place = this.querySelector<HTMLElement>(`#e${seq}`);
    place?.scrollIntoView({ block: "center" });
    place?.querySelector<HTMLElement>(".more")?.focus({ preventScroll: true });
  }

  #quiet(view: RoomView, item: ItemView): TemplateResult {
    return html`<li class="quiet" id="e${item.seq}">${lineOf(item)}${this.#more(item)}${this.#beside(view, item)}${this.#about(view, item)}</li>`;
  }

  #item(view: RoomView, items: readonly ItemView[], index: number): TemplateResult {
    const item = items[index] as ItemView;
    const before = items[index - 1];
    const day = dayName(item.receivedAt, Date.now());
    const isNewDay = before === undefined || dayName(before.receivedAt, Date.now()) !== day;
    return html`${isNewDay ? html`<li class="day"><span>${day}</span></li>` : nothing}
      ${item.seq === this.divider ? html`<li class="divider"><span>${words().newer}</span></li>` : nothing}
      ${isSaying(item) ? this.#saying(view, item, isNewDay || item.seq === this.divider ? undefined : before) : this.#quiet(view, item)}`;
  }

  #draft(view: RoomView, draft: DraftView): TemplateResult {
    const { says } = draft;
    const kind = says === undefined || says.what.kind === "message" ? "" : lineOf(says);
    return html`<li class="entry mine draft">
      <div class="bubble ${draft.state === "failed" ? "refused" : ""}">${kind === "" ? nothing : html`<p class="kind">${kind}</p>`}${fileOfDraft(this.client, draft, this.#redraw) ?? nothing}${draft.text === "" && (draft.file !== undefined || kind !== "") ? nothing : html`<p class="text" dir="auto">${draft.text || "…"}</p>`}</div>
      ${draftLate(draft, this.session)}
      <p class="meta">${clockTime(draft.time)} · ${draftState(draft)}</p>
      ${draft.state !== "failed" ? nothing : html`<enrum-refused class="unsent" .client=${this.client} .view=${view} .draft=${draft} .mayWrite=${mayWrite(view)}></enrum-refused>`}
    </li>`;
  }

  /** Who else has read what I wrote last. */
  #readers(view: RoomView, items: readonly ItemView[]): TemplateResult | typeof nothing {
    const last = items.findLast((item) => isSaying(item) && item.author.isMe)?.seq;
    if (last === undefined || view.drafts.length > 0) return nothing;
    const names = new Set(view.items.flatMap(({ what, author }) => what.kind === "read" && what.upTo >= last && !author.isMe ? [personName(author)] : []));
    return names.size === 0 ? nothing : html`<li class="readers">${words().readBy(listOf([...names]))}</li>`;
  }

  /** That a conversation is locked is said once, below, not at each entry. */
  #shown(view: RoomView | undefined): ItemView[] {
    const isShut = (item: ItemView) => view !== undefined && (view.isLocked || item.seq < view.fromSeq) && item.what.kind === "unreadable" && item.what.error === "KEY_MISSING";
    return view?.items.filter((item) => isSaying(item) || (isQuietLine(item) && !isShut(item))) ?? [];
  }

  /** The log itself is not live: parts of it come and go while somebody reads back. What is new is said beside it. */
  #log(view: RoomView): TemplateResult {
    const w = words();
    const shown = this.#shown(view);
    const isUnanswered = this.session?.role === "citizen" && view.others.length === 0 && view.isCurrent;
    return html`<div role="log" aria-live="off" aria-label=${view.title || w.untitled}>
      ${view.fromSeq === 0 ? nothing : html`<p class="quiet-line small">${w.people.fromHere}</p>`}
      ${this.#parts.render(shown.length, "log", (index) => shown[index]?.seq, (index) => this.#item(view, shown, index))}
      <ol class="log">${repeat(view.drafts, ({ id }) => id, (draft) => this.#draft(view, draft))}
      ${this.#readers(view, shown)}
      ${isUnanswered ? html`<li class="quiet">${w.noneYet}</li>` : nothing}
    </ol></div><div class="unseen spoken" aria-live="polite">${repeat(this.spoken, ({ seq }) => seq, ({ text }) => html`<p>${text}</p>`)}</div>`;
  }

  // -- The whole ----------------------------------------------------------------------------------------------------

  #head(view: RoomView | undefined): TemplateResult {
    const w = words();
    const isAdvice = view?.isAdvice === true && this.session?.role === "staff";
    const people = view?.caseRooms !== undefined ? w.staffOnly : isAdvice ? w.advice.badge : view === undefined || view.others.length === 0 ? "" : w.with(listOf(view.others.map(personName)));
    return html`<header class="room-head"><a class="back" href=${hrefOf({ page: "home" })}><span class="unseen">${w.back}</span></a>
      <div><h1 tabindex="-1"><bdi>${view?.title || w.untitled}</bdi></h1><p class="small cut">${[people, view === undefined ? "" : stageLine(view)].filter((part) => part !== "").join(" · ")}</p></div>
      <div class="ways">${view !== undefined && view.others.length > 0 && !view.isDenied ? html`<a class="button" href=${hrefOf({ page: "call", room: this.room })}>${w.video.call}</a>` : nothing}
        ${view?.isUnborn ? nothing : html`<a class="button" href=${hrefOf({ page: "people", room: this.room })}>${w.people.title}</a>`}
        <a class="button" href=${hrefOf({ page: "journal", room: this.room })}>${w.showJournal}</a>
        ${view === undefined || view.caseRooms !== undefined || view.isAdvice ? nothing : html`<a class="button" href=${hrefOf({ page: "case", room: this.room })}>${caseTitle(view)}</a>`}</div>
      ${this.session?.role === "staff" ? html`<enrum-case-rooms .client=${this.client} .room=${this.room}></enrum-case-rooms>` : nothing}</header>`;
  }

  #body(view: RoomView | undefined): TemplateResult {
    const w = words();
    const isKnown = this.session?.rooms.some(({ room }) => room === this.room) ?? false;
    if (view === undefined) return html`<p class="empty" role="status">${isKnown || !this.session?.isListed ? w.loading : w.gone}</p>`;
    return html`${this.#log(view)}${standing(view, this.session)}${mayWrite(view) ? nothing : html`<enrum-unsaid .client=${this.client} .room=${this.room}></enrum-unsaid>`}`;
  }

  protected override render(): TemplateResult {
    const view = this.client.room(this.room);
    const isOpen = view !== undefined && mayWrite(view);
    return html`<article class="room">${this.#head(view)}<div class="room-body">${this.#body(view)}</div>
      <div class="room-foot">${this.#newer()}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      ${view === undefined || view.typing.length === 0 ? nothing : html`<p class="small typing">${words().typing(listOf(view.typing.map(personName)))}</p>`}
      ${isOpen ? readsMark(view) : nothing}
      ${isOpen && this.session?.role === "staff" ? html`<enrum-casework .client=${this.client} .view=${view} .hasTemplates=${true} @enrum-insert=${(event: CustomEvent<string>) => this.querySelector<Composer>("enrum-composer")?.put(event.detail)}></enrum-casework>` : nothing}
      ${isOpen ? html`<enrum-composer .client=${this.client} .room=${this.room} @enrum-send=${this.#send}></enrum-composer>` : nothing}</div>
    </article>`;
  }
}

customElements.define("enrum-room", Room);
