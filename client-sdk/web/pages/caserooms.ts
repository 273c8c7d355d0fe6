// caserooms -- the rooms of a case, as tabs of the one that is shown; and where a caseworker opens the one for employees alone
// and says which conversations are of the case. Defined on the caseworkers' page only.
import { html, nothing, type TemplateResult } from "lit";
import { EnrumError } from "../protocol/error.ts";
import { LIMITS } from "../protocol/tables.ts";
import type { RoomSummary, SessionView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { go, hrefOf } from "./route.ts";
import { casework } from "./words/casework.ts";
import { errorWords, listOf, personName, words } from "./words/words.ts";

/** The staff room of the case that this room is of. Where two employees have opened one each, the first. */
function staffRoomOf({ rooms }: SessionView, room: string): RoomSummary | undefined {
  return rooms.filter((one) => !one.isDenied && (one.room === room ? one.caseRooms !== undefined : one.caseRooms?.includes(room)))
    .sort((a, b) => a.openedAt - b.openedAt)[0];
}

/** May it be of a case? A conversation that the host has, with somebody known. */
function mayBeOfCase({ caseRooms, others, isDenied, isAdvice, isUnborn }: RoomSummary): boolean {
  return caseRooms === undefined && !isDenied && !isAdvice && !isUnborn && others.some(({ role }) => role === "citizen");
}

/** Those of this person's that are of no case yet. */
function addable({ rooms }: SessionView): RoomSummary[] {
  const taken = new Set(rooms.flatMap(({ caseRooms = [] }) => caseRooms));
  return rooms.filter((room) => mayBeOfCase(room) && !taken.has(room.room));
}

/** A conversation by whom it is with: its title may be the same as another's. */
function nameOf({ title, others }: RoomSummary): string {
  const people = others.filter(({ role }) => role !== "staff").map(personName);
  return [people.length === 0 ? "" : listOf(people), title || words().untitled].filter((part) => part !== "").join(": ");
}

class CaseRooms extends Base {
  static override properties = { ...Base.properties, room: { attribute: false } };
  declare room: string;

  #link({ room, unread }: RoomSummary, name: string): TemplateResult {
    return html`<li><a class="button" href=${hrefOf({ page: "room", room })} aria-current=${location.hash === hrefOf({ page: "room", room }) ? "page" : nothing}><bdi class="cut">${name}</bdi>${unread > 0 ? html` <span class="badge">${words().unread(unread)}</span>` : nothing}</a></li>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    const own = session === undefined ? undefined : staffRoomOf(session, this.room);
    if (session === undefined || own === undefined) return nothing;
    const all = own.caseRooms ?? [];
    const rooms = all.map((room) => session.rooms.find((one) => one.room === room && !one.isDenied)).filter((room) => room !== undefined);
    return html`<nav class="case-rooms" aria-label=${casework().caseRooms.title}><ul>${rooms.map((room) => this.#link(room, nameOf(room)))}${this.#link(own, words().staffOnly)}</ul>
      ${all.length > rooms.length ? html`<p class="small">${casework().caseRooms.others(all.length - rooms.length)}</p>` : nothing}</nav>`;
  }
}

class CaseRoomsEdit extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, failure: { state: true }, isBusy: { state: true }, added: { state: true } };
  declare room: string;
  declare failure: string | undefined;
  declare isBusy: boolean;
  /** What has been added last. */
  declare added: string;
  #id = crypto.randomUUID();

  async #do(what: (id: string) => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = undefined;
    try {
      await what(this.#id);
      this.#id = crypto.randomUUID();
    } catch (error) {
      const code = error instanceof EnrumError ? error.code : "MEMORY";
      this.failure = code === "OVERSIZED" ? casework().caseRooms.full(LIMITS.CASE_ROOMS_MAX) : errorWords(code);
    } finally {
      this.isBusy = false;
    }
  }

  #open = (): Promise<void> => this.#do(async (id) => go({ page: "room", room: await this.client.openStaffRoom(id, this.room) }));

  #add = async (event: Event, own: string): Promise<void> => {
    event.preventDefault();
    const room = this.querySelector<HTMLSelectElement>("#case-room-add")?.value ?? "";
    if (room === "") return void (this.failure = casework().caseRooms.choose);
    const name = this.querySelector<HTMLSelectElement>("#case-room-add")?.selectedOptions[0]?.textContent ?? "";
    await this.#do((id) => this.client.addToCase(id, own, room));
    if (this.failure === undefined) this.added = name;
  };

  #addForm(session: SessionView, own: string): TemplateResult {
    const w = casework().caseRooms;
    const choice = addable(session);
    if (choice.length === 0) return html`<p>${w.none}</p>`;
    return html`<form class="form" @submit=${(event: Event) => void this.#add(event, own)}><label for="case-room-add">${w.add}</label><p class="small" id="case-room-hint">${w.addAbout}</p>
      <select id="case-room-add" aria-describedby="case-room-hint" @change=${() => this.failure = undefined}><option value="">${w.choose}</option>${choice.map((room) => html`<option value=${room.room}>${nameOf(room)}</option>`)}</select>
      ${this.failure === undefined ? nothing : problem(this.failure)}<button ?disabled=${this.isBusy}>${w.addDo}</button></form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    const shown = session?.rooms.find(({ room }) => room === this.room);
    if (session === undefined || shown === undefined || !mayBeOfCase(shown)) return nothing;
    const w = casework().caseRooms;
    const own = staffRoomOf(session, this.room);
    return html`<section aria-labelledby="case-rooms"><h2 id="case-rooms">${w.title}</h2><p>${w.about}</p><enrum-case-rooms .client=${this.client} .room=${this.room}></enrum-case-rooms>
      ${own === undefined ? html`${this.failure === undefined ? nothing : problem(this.failure)}<p class="choices"><button ?disabled=${this.isBusy} @click=${() => void this.#open()}>${w.open}</button></p>` : this.#addForm(session, own.room)}<p role="status">${this.added ? w.added(this.added) : ""}</p></section>`;
  }
}

customElements.define("enrum-case-rooms", CaseRooms);
customElements.define("enrum-case-rooms-edit", CaseRoomsEdit);
