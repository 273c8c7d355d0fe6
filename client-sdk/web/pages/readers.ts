// readers -- who has opened a citizen's conversations, all of them on one page: read marks and grants of every room, as verified,
// by person.
import { html, type TemplateResult } from "lit";
import type { RoomSummary } from "../sdk/view.ts";
import { Base } from "./base.ts";
import { readerName, readerParts, readerPost, readersOf, type Reader } from "./reader.ts";
import { hrefOf } from "./route.ts";
import { journalWords } from "./words/journal.ts";
import { ofCaseWords } from "./words/ofcase.ts";
import { words } from "./words/words.ts";

interface InRoom {
  reader: Reader;
  room: string;
  title: string;
}

/** The newest visit of any; 0 where none is told. */
function newest(rows: readonly InRoom[]): number {
  return Math.max(...rows.map(({ reader }) => reader.visits.at(-1)?.[1] ?? 0));
}

class Readers extends Base {
  #watched = new Map<string, () => void>();

  override disconnectedCallback(): void {
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    for (const { room } of this.session?.rooms ?? []) if (!this.#watched.has(room)) this.#watched.set(room, this.client.watch(room));
  }

  /** By person; employees by when they were here last, then everybody else, whose times are not told, as they came. */
  #people(): InRoom[][] {
    const rows = (this.session?.rooms ?? []).flatMap(({ room, title }) => {
      const view = this.client.room(room);
      return view === undefined ? [] : readersOf(view, this.session?.role).map((reader) => ({ reader, room, title }));
    });
    return [...Map.groupBy(rows, ({ reader }) => reader.key).values()].sort((a, b) => newest(b) - newest(a));
  }

  /** Those of which not everything is here. */
  get #missing(): RoomSummary[] {
    return (this.session?.rooms ?? []).filter(({ room, isUnborn, isDenied }) => !isUnborn && !isDenied && !this.client.room(room)?.isCurrent);
  }

  get #isWhole(): boolean {
    return (this.session?.isListed ?? false) && this.#missing.length === 0;
  }

  /** Without a connection nothing comes, and a conversation in trouble is followed no further. */
  get #isLoading(): boolean {
    return this.session?.contact === "ready" && (!this.session.isListed || this.#missing.some(({ trouble }) => trouble === undefined));
  }

  #person(rows: readonly InRoom[]): TemplateResult {
    const w = words();
    // Somebody may be one thing here and another there.
    const posts = new Set(rows.map(({ reader }) => readerPost(reader.person, this.session?.board.name ?? "")));
    return html`<li class="card"><strong><bdi>${rows.slice(0, 1).map(({ reader }) => readerName(reader.person))}</bdi></strong>
      ${[...posts].map((post) => html`<span class="small">${post}</span>`)}
      ${rows.map(({ reader, room, title }) => html`<a href=${hrefOf({ page: "room", room })}><bdi>${title || w.untitled}</bdi></a>${readerParts(reader)}`)}</li>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const people = this.#people();
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${w.back}</a><h1 tabindex="-1">${w.journey.readers}</h1><p>${ofCaseWords().readersAbout}</p>
      ${this.#isLoading ? html`<p class="empty" role="status">${w.loading}</p>` : ""}
      ${people.length === 0 && this.#isWhole ? html`<p class="empty">${journalWords().readersNone}</p>` : html`<ul class="cards">${people.map((rows) => this.#person(rows))}</ul>`}`;
  }
}

customElements.define("enrum-readers", Readers);
