// readers -- who has opened a citizen's conversations, all of them on one page: read marks and grants of every room, as verified.
import { html, type TemplateResult } from "lit";
import { Base } from "./base.ts";
import { readersOf, readerWords, type Reader } from "./reader.ts";
import { hrefOf } from "./route.ts";
import { fullWhen, machineWhen, words } from "./words/words.ts";

interface Row extends Reader {
  room: string;
  title: string;
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

  #rows(): Row[] {
    const rows = (this.session?.rooms ?? []).flatMap(({ room, title }) => {
      const view = this.client.room(room);
      return view === undefined ? [] : readersOf(view).map((reader) => ({ ...reader, room, title }));
    });
    return rows.sort((a, b) => (b.read?.at ?? 0) - (a.read?.at ?? 0));
  }

  get #isWhole(): boolean {
    return (this.session?.isListed ?? false) && (this.session?.rooms ?? []).every(({ room, isUnborn, isDenied }) => isUnborn || isDenied || this.client.room(room)?.isCurrent);
  }

  #row(reader: Row): TemplateResult {
    const w = words();
    const { keyAt, read, room, title } = reader;
    const { name, post } = readerWords(reader);
    const who = [...post, this.session?.board.name ?? ""].filter((part) => part !== "").join(", ");
    return html`<li class="card"><strong><bdi>${name}</bdi></strong><span class="small">${who}</span>
      <a href=${hrefOf({ page: "room", room })}><bdi>${title || w.untitled}</bdi></a>
      <span>${read === undefined ? w.readersNotRead : html`<time datetime=${machineWhen(read.at)}>${w.readersRead(fullWhen(read.at), read.upTo)}</time>`}</span>
      ${keyAt === undefined ? "" : html`<span class="small">${w.readersKey(fullWhen(keyAt))}</span>`}</li>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    const rows = this.#rows();
    return html`<a class="back" href=${hrefOf({ page: "home" })}>${w.back}</a><h1 tabindex="-1">${w.journey.readers}</h1><p>${w.journey.readersAbout}</p>
      ${this.#isWhole ? "" : html`<p class="empty" role="status">${w.loading}</p>`}
      ${rows.length === 0 && this.#isWhole ? html`<p class="empty">${w.readersNone}</p>` : html`<ul class="cards">${rows.map((row) => this.#row(row))}</ul>`}`;
  }
}

customElements.define("enrum-readers", Readers);
