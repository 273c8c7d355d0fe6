// caserooms -- the rooms of a case, as tabs of the one that is shown; and where a caseworker opens the one for employees alone
// and says which conversations are of the case, or are not after all. Defined on the caseworkers' page only.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { EnrumError } from "../protocol/error.ts";
import { LIMITS } from "../protocol/tables.ts";
import type { RoomSummary, SessionView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import { go, hrefOf } from "./route.ts";
import { casework } from "./words/casework.ts";
import { errorWords, listOf, personName, words } from "./words/words.ts";

/** The case that this room is of: its staff rooms, the first one first, and its conversations. Two employees may each have opened a staff room for one conversation. */
interface Case {
  staff: RoomSummary[];
  conversations: string[];
}

function caseOf({ rooms }: SessionView, room: string): Case {
  const all = rooms.filter(({ caseRooms, isDenied }) => caseRooms !== undefined && !isDenied).sort((a, b) => a.openedAt - b.openedAt);
  const known = new Set([room]);
  for (let size = 0; size < known.size;) {
    size = known.size;
    for (const { room: own, caseRooms = [] } of all) if (known.has(own) || caseRooms.some((one) => known.has(one))) for (const one of [own, ...caseRooms]) known.add(one);
  }
  const staff = all.filter(({ room: own }) => known.has(own));
  return { staff, conversations: [...new Set(staff.flatMap(({ caseRooms = [] }) => caseRooms))] };
}

function staffRoomName(place: number): string {
  return place === 0 ? words().staffOnly : `${words().staffOnly} ${place + 1}`;
}

/** May it be of a case? A conversation that the host has, with somebody known. */
function mayBeOfCase({ caseRooms, others, isDenied, isAdvice, isUnborn }: RoomSummary): boolean {
  return caseRooms === undefined && !isDenied && !isAdvice && !isUnborn && others.some(({ role }) => role === "citizen");
}

/** Those of this person's that this staff room does not name, and no other case's does. */
function addable({ rooms }: SessionView, { staff }: Case): RoomSummary[] {
  const taken = new Set(rooms.filter((room) => room === staff[0] || !staff.includes(room)).flatMap(({ caseRooms = [] }) => caseRooms));
  return rooms.filter((room) => mayBeOfCase(room) && !taken.has(room.room));
}

interface Removable {
  own: RoomSummary;
  party: RoomSummary;
}

function valueOf({ own, party }: Removable): string {
  return `${own.room} ${party.room}`;
}

/** What this person may take out of which staff room: not that by which alone they are in it. */
function removable({ rooms }: SessionView, { staff }: Case): Removable[] {
  return staff.flatMap((own) => {
    const mine = rooms.filter(({ room, isDenied }) => own.caseRooms?.includes(room) && !isDenied);
    return mine.length < 2 ? [] : mine.map((party) => ({ own, party }));
  });
}

/** A conversation by whom it is with: its title may be the same as another's. */
export function nameOf({ title, others }: RoomSummary): string {
  const people = others.filter(({ role }) => role !== "staff").map(personName);
  return [people.length === 0 ? "" : listOf(people), title || words().untitled].filter((part) => part !== "").join(": ");
}

/** Bytes; a letter may take two of them. */
const WHY_MAX = 120;

class CaseRooms extends Base {
  static override properties = { ...Base.properties, room: { attribute: false } };
  declare room: string;

  #link({ room, unread }: RoomSummary, name: string): TemplateResult {
    return html`<li><a class="button" href=${hrefOf({ page: "room", room })} aria-current=${location.hash === hrefOf({ page: "room", room }) ? "page" : nothing}><bdi class="cut">${name}</bdi>${unread > 0 ? html` <span class="badge">${words().unread(unread)}</span>` : nothing}</a></li>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session === undefined) return nothing;
    const { staff, conversations } = caseOf(session, this.room);
    if (staff.length === 0) return nothing;
    const w = casework().caseRooms;
    const rooms = conversations.map((room) => session.rooms.find((one) => one.room === room && !one.isDenied)).filter((room) => room !== undefined);
    return html`<nav class="case-rooms" aria-label=${w.title}><ul>${rooms.map((room) => this.#link(room, nameOf(room)))}${staff.map((own, place) => this.#link(own, staffRoomName(place)))}</ul>
      ${staff.length > 1 ? html`<p class="small">${w.several}</p>` : nothing}
      ${conversations.length > rooms.length ? html`<p class="small">${w.others(conversations.length - rooms.length)}</p>` : nothing}</nav>`;
  }
}

class CaseRoomsEdit extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, failure: { state: true }, isBusy: { state: true }, done: { state: true }, adding: { state: true }, takingOut: { state: true } };
  declare room: string;
  declare failure: string | undefined;
  declare isBusy: boolean;
  /** What has been added or taken out last, in words. */
  declare done: string;
  /** What is chosen in each form, as its options name it: the lists are sorted anew whenever somebody writes. */
  declare adding: string;
  declare takingOut: string;
  #id = crypto.randomUUID();

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("room")) this.adding = this.takingOut = "";
  }

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

  #add = async (event: Event, own: string, choice: readonly RoomSummary[]): Promise<void> => {
    event.preventDefault();
    const party = choice.find(({ room }) => room === this.adding);
    if (party === undefined) return void (this.failure = casework().caseRooms.choose);
    await this.#do((id) => this.client.addToCase(id, own, party.room));
    if (this.failure === undefined) this.done = casework().caseRooms.added(nameOf(party));
  };

  #takeOut = async (event: Event, choice: readonly Removable[]): Promise<void> => {
    event.preventDefault();
    const chosen = choice.find((one) => valueOf(one) === this.takingOut);
    const why = String(new FormData(event.target as HTMLFormElement).get("why") ?? "").trim();
    if (chosen === undefined || why === "") return void (this.failure = casework().caseRooms.outMissing);
    const { own, party } = chosen;
    await this.#do((id) => this.client.takeOutOfCase(id, own.room, party.room, why));
    if (this.failure !== undefined) return;
    this.done = casework().caseRooms.outAsked(nameOf(party));
    this.takingOut = "";
    (event.target as HTMLFormElement).reset();
  };

  #choose = (form: "adding" | "takingOut") => ({ target }: Event): void => {
    this[form] = (target as HTMLSelectElement).value;
    this.failure = undefined;
  };

  #outForm(session: SessionView, of: Case): TemplateResult {
    const w = casework().caseRooms;
    const choice = removable(session, of);
    if (choice.length === 0) return html`<p class="small">${of.staff.every(({ caseRooms = [] }) => caseRooms.length < 2) ? w.outLast : w.outOthers}</p>`;
    return html`<details><summary>${w.out}</summary><form class="form" @submit=${(event: Event) => void this.#takeOut(event, choice)}><label for="case-room-out">${w.out}</label><p class="small" id="case-room-out-hint">${w.outAbout}</p>
      <select id="case-room-out" name="room" aria-describedby="case-room-out-hint" @change=${this.#choose("takingOut")}><option value="" .selected=${live(!choice.some((one) => valueOf(one) === this.takingOut))}>${w.choose}</option>
      ${choice.map((one) => html`<option value=${valueOf(one)} .selected=${live(valueOf(one) === this.takingOut)}>${nameOf(one.party)}${of.staff.length > 1 ? ` (${staffRoomName(of.staff.indexOf(one.own))})` : ""}</option>`)}</select>
      <label for="case-room-why">${w.outWhy}</label><input id="case-room-why" name="why" maxlength=${WHY_MAX} autocomplete="off">
      <button ?disabled=${this.isBusy}>${w.outDo}</button></form></details>`;
  }

  #addForm(session: SessionView, of: Case, own: string): TemplateResult {
    const w = casework().caseRooms;
    const choice = addable(session, of);
    if (choice.length === 0) return html`<p>${w.none}</p>`;
    return html`<form class="form" @submit=${(event: Event) => void this.#add(event, own, choice)}><label for="case-room-add">${w.add}</label><p class="small" id="case-room-hint">${w.addAbout}</p>
      <select id="case-room-add" aria-describedby="case-room-hint" @change=${this.#choose("adding")}><option value="" .selected=${live(!choice.some(({ room }) => room === this.adding))}>${w.choose}</option>${choice.map((party) => html`<option value=${party.room} .selected=${live(party.room === this.adding)}>${nameOf(party)}</option>`)}</select>
      <button ?disabled=${this.isBusy}>${w.addDo}</button></form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    const shown = session?.rooms.find(({ room }) => room === this.room);
    if (session === undefined || shown === undefined || !mayBeOfCase(shown)) return nothing;
    const w = casework().caseRooms;
    const of = caseOf(session, this.room);
    const [own] = of.staff;
    return html`<section aria-labelledby="case-rooms"><h2 id="case-rooms">${w.title}</h2><p>${w.about}</p><enrum-case-rooms .client=${this.client} .room=${this.room}></enrum-case-rooms>
      ${this.failure === undefined ? nothing : problem(this.failure)}
      ${own === undefined ? html`<p class="choices"><button ?disabled=${this.isBusy} @click=${() => void this.#open()}>${w.open}</button></p>` : html`${this.#addForm(session, of, own.room)}${this.#outForm(session, of)}`}<p role="status">${this.done ?? ""}</p></section>`;
  }
}

customElements.define("enrum-case-rooms", CaseRooms);
customElements.define("enrum-case-rooms-edit", CaseRoomsEdit);
