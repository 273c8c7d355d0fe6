// aboutentry -- what stands behind an entry: who wrote it and how sure that is, when it came and was recorded, who has opened it,
// what proves it; and where one says that one does not agree, or corrects what one has written oneself.
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { ItemView, RoomView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { aboutThis, isInterpreting, isSaying, lineOf } from "./line.ts";
import { isTimeless, levelWords, openedBy, postOf } from "./reader.ts";
import { draftAbout, waiting } from "./waiting.ts";
import { journalWords } from "./words/journal.ts";
import { errorWords, fullWhen, language, machineWhen, personName, words } from "./words/words.ts";
import { aboutPlace, writtenAdd, writtenSet, writtenTake } from "./writing.ts";
import { writtenText } from "./writtentext.ts";

const TEXT_MAX = 16_000;
/** An author's clock that is further off than this from the host's is worth a line of its own. */
const CLOCK_MS = 2 * 60_000;

type Words = "objection" | "correction";

/** Something that people have said or done, which one may not agree with: not what programs note of keys and of the record. */
function isDisputable(item: ItemView): boolean {
  return isSaying(item) || ["access", "added", "removed", "call", "erased", "read", "moved"].includes(item.what.kind);
}

class AboutEntry extends Base {
  static override properties = { ...Base.properties, view: { attribute: false }, item: { attribute: false }, writing: { state: true }, saidAfter: { state: true }, isBusy: { state: true }, failure: { state: true } };
  declare view: RoomView;
  declare item: ItemView;
  declare writing: Words | undefined;
  /** How long the conversation was when something was said here: what has become of that is told. */
  declare saidAfter: number | undefined;
  declare isBusy: boolean;
  declare failure: string | undefined;
  protected override isTicking = true;

  // -- What one says of it ------------------------------------------------------------------------------------------

  /** A citizen, but no interpreter, may object to everything that others have written or done; whoever wrote a text may correct it. */
  #may(): Words | undefined {
    const { item, view } = this;
    if (view.isDenied || view.isLocked || view.trouble !== undefined) return undefined;
    if (item.author.isMe) return isSaying(item) && item.refused === undefined ? "correction" : undefined;
    return this.session?.role === "citizen" && !isInterpreting(view) && isDisputable(item) ? "objection" : undefined;
  }

  async #send(event: Event, kind: Words): Promise<void> {
    event.preventDefault();
    const text = this.querySelector("textarea")?.value.trim() ?? "";
    if (text === "") return;
    const place = aboutPlace(kind, this.view.room, this.item.seq);
    const { headSeq } = this.view;
    this.isBusy = true;
    this.failure = undefined;
    try {
      await this.client.about(crypto.randomUUID(), this.view.room, this.item.seq, kind, text, language());
      writtenSet(place, "");
      this.writing = undefined;
      this.saidAfter = headSeq;
      await this.updateComplete;
      this.querySelector<HTMLElement>(".said-here")?.focus();
    } catch (error) {
      this.failure = errorWords(error instanceof EnrumError ? error.code : "MEMORY");
    } finally {
      this.isBusy = false;
    }
  }

  /** What was begun here and not saved is there again. */
  async #write(kind: Words): Promise<void> {
    await writtenTake(aboutPlace(kind, this.view.room, this.item.seq));
    this.writing = kind;
    this.saidAfter = undefined;
    await this.updateComplete;
    this.querySelector("textarea")?.focus();
  }

  /** The form is gone, and what opens it has come back. */
  async #cancel(): Promise<void> {
    this.writing = undefined;
    await this.updateComplete;
    this.querySelector<HTMLElement>(".said-here button")?.focus();
  }

  #form(kind: Words): TemplateResult {
    const w = words();
    const { label, hint, send } = kind === "objection" ? w.objection : w.correction;
    return html`<form class="form" @submit=${(event: Event) => void this.#send(event, kind)}>
      <label for="about-text">${label}</label><p class="small">${hint}</p>
      ${writtenText({ id: "about-text", place: aboutPlace(kind, this.view.room, this.item.seq), rows: 4, max: TEXT_MAX, otherwise: kind === "correction" && "text" in this.item.what ? this.item.what.text : "" })}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      <p class="choices"><button class="primary" ?disabled=${this.isBusy}>${send}</button>
      <button type="button" @click=${() => void this.#cancel()}>${w.cancel}</button></p></form>`;
  }

  #saying(): TemplateResult | typeof nothing {
    const kind = this.#may();
    if (kind === undefined) return nothing;
    const draft = draftAbout(this.view.drafts, this.item.seq, [kind]);
    if (draft?.says !== undefined) return waiting(this.client, lineOf(draft.says), draft, () => writtenAdd(aboutPlace(kind, this.view.room, this.item.seq), draft.text));
    if (this.writing !== undefined) return this.#form(this.writing);
    const w = words();
    const said = aboutThis(this.view, this.item.seq).findLast(({ seq, what, author, refused }) => seq > (this.saidAfter ?? Infinity) && what.kind === kind && author.isMe && refused === undefined);
    return html`${said === undefined ? nothing : html`<p class="small" role="status">${lineOf(said)} · ${w.arrived}</p>`}<p class="choices"><button @click=${() => void this.#write(kind)}>${kind === "objection" ? w.objection.begin : w.correction.begin}</button></p>`;
  }

  // -- What is known of it ------------------------------------------------------------------------------------------

  #who(): string {
    const { author } = this.item;
    return `${personName(author)}, ${postOf(author)}`;
  }

  #recorded(): string {
    const w = words();
    const { item, view } = this;
    if (item.refused !== undefined) return w.refused;
    const by = view.items.find(({ what }) => what.kind === "checkpoint" && what.upTo >= item.seq);
    return by === undefined || item.seq > view.coveredSeq ? w.notYetRecorded : journalWords().entry.recordedAt(fullWhen(by.receivedAt), by.seq);
  }

  #opened(): TemplateResult {
    const opened = openedBy(this.view, this.item);
    if (opened.length === 0) return html`${journalWords().entry.nobody}`;
    return html`<ul>${opened.map((mark) => html`<li><bdi>${personName(mark.author)}</bdi>${isTimeless(mark, this.session?.role) ? nothing : html`, <time datetime=${machineWhen(mark.receivedAt)}>${fullWhen(mark.receivedAt)}</time>`}</li>`)}</ul>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const { entry, fingerprint } = journalWords();
    const { item } = this;
    const hasTimes = !isTimeless(item, this.session?.role);
    const isClockOff = hasTimes && Math.abs(item.time - item.receivedAt) > CLOCK_MS;
    return html`<dl class="facts">
      <dt>${entry.who}</dt><dd>${this.#who()}</dd>
      <dt>${entry.level}</dt><dd>${levelWords(item)}</dd>
      ${!hasTimes ? nothing : html`<dt>${entry.received}</dt><dd><time datetime=${machineWhen(item.receivedAt)}>${fullWhen(item.receivedAt)}</time></dd>`}
      ${item.what.kind === "contact" ? html`<dt>${w.journey.channels[item.what.channel]}</dt><dd>${lineOf(item)}</dd>` : nothing}
      ${isClockOff ? html`<dt>${entry.written}</dt><dd><time datetime=${machineWhen(item.time)}>${fullWhen(item.time)}</time></dd>` : nothing}
      <dt>${w.number}</dt><dd>${item.seq}</dd>
      ${!hasTimes ? nothing : html`<dt>${w.recorded}</dt><dd>${this.#recorded()}</dd>`}
      <dt>${entry.opened}</dt><dd>${this.#opened()}</dd>
      <dt>${entry.proof}</dt><dd>${entry.proofHolds}${item.hasReceipt ? ` ${entry.proofReceipt}` : ""}<br>${fingerprint} <code>${item.hash}</code></dd>
    </dl><div class="said-here" tabindex="-1">${this.#saying()}</div>${this.view.caseRooms === undefined ? nothing : html`<enrum-release .client=${this.client} .view=${this.view} .item=${item}></enrum-release>`}`;
  }
}

customElements.define("enrum-about-entry", AboutEntry);
