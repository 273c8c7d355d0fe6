// home -- the list: a citizen's conversations; for staff the unit's queue (queue.ts), and the conversations they have taken.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { RoomSummary } from "../sdk/view.ts";
import { bring } from "../link/bring.ts";
import { isOut } from "./alarm.ts";
import { Base } from "./base.ts";
import { fileShort } from "./fileentry.ts";
import { listOrder, roomsInOrder } from "./listorder.ts";
import { hrefOf, routeOf } from "./route.ts";
import { hasUnsent } from "./unsent.ts";
import { isolate, listOf, machineWhen, personName, shortWhen, words } from "./words/words.ts";

/** Is anything known of its case? Of a conversation that one is out of, or that does not add up, nothing new is known. */
function hasCase({ way, isDenied, trouble }: RoomSummary): boolean {
  return way !== undefined && !isDenied && trouble === undefined;
}

class Home extends Base {
  static override properties = { ...Base.properties, isStaff: { attribute: false }, isAside: { attribute: false } };
  declare isStaff: boolean;
  /** Beside an open conversation: then it is not the page's main heading. */
  declare isAside: boolean;
  protected override isTicking = true;

  #people(room: RoomSummary): string {
    const w = words();
    if (room.isAdvice && this.isStaff) return w.advice.badge;
    if (room.caseRooms !== undefined) return w.staffOnly;
    if (room.others.length > 0) return w.with(listOf(room.others.map(personName)));
    return this.isStaff ? "" : w.waitingForStaff;
  }

  #lastLine(room: RoomSummary): string {
    const w = words();
    const said = [room.lastFile === undefined ? "" : fileShort(room.lastFile), isolate(room.lastText)].filter((part) => part !== "").join(". ");
    if (room.waiting > 0) return `${w.unsent}: ${said}`;
    if (room.isLastCall) return w.video.call;
    if (said === "") return room.isLocked ? w.locked : "";
    return room.isLastMine ? `${w.you}: ${said}` : said;
  }

  /** Why it does not open; and that something was not sent. */
  #deniedLine(room: RoomSummary): TemplateResult {
    const w = words();
    return html`<span class="small cut">${isOut(room, this.session) ? w.denied : w.deniedShort}</span>${hasUnsent(room) ? html`<span class="small bad">${w.draftFailed}</span>` : nothing}`;
  }

  #room(room: RoomSummary): TemplateResult {
    const w = words();
    const isOpen = location.hash === hrefOf({ page: "room", room: room.room });
    return html`<li><a class="card ${room.unread > 0 ? "new" : ""}" href=${hrefOf({ page: "room", room: room.room })} aria-current=${isOpen ? "page" : nothing}>
      <span class="row"><strong class="title" id="title-${room.room}"><bdi>${room.title || w.untitled}</bdi></strong>
        <time class="small" datetime=${machineWhen(room.lastAt || room.openedAt)}>${shortWhen(room.lastAt || room.openedAt, Date.now())}</time></span>
      <span class="row"><span class="small cut">${this.#people(room)}</span>${room.unread > 0 ? html`<span class="badge">${w.unread(room.unread)}</span>` : nothing}</span>
      ${room.trouble !== undefined ? html`<span class="small bad">${w.alarmTitle}</span>` : room.isDenied ? this.#deniedLine(room) : html`<span class="small cut">${this.#lastLine(room)}</span>`}
      ${this.isStaff && !room.isDenied ? html`<enrum-due class="duties" .client=${this.client} .deadline=${room.deadline} .unansweredSince=${room.unansweredSince}></enrum-due>` : nothing}
    </a>${hasCase(room) ? this.#case(room) : nothing}</li>`;
  }

  /** What shows it is read behind the first page; where there is a case, it is brought at once. */
  #case(room: RoomSummary): TemplateResult | typeof nothing {
    if (customElements.get("enrum-case-now") !== undefined) return html`<enrum-case-now class="card" .client=${this.client} .room=${room}></enrum-case-now>`;
    bring(() => import("./casepages.ts")).then(() => this.requestUpdate(), () => undefined);
    return nothing;
  }

  #rooms(): TemplateResult {
    const w = words();
    // Staff are taken out when their part is done; what they have written there and not sent is told. A citizen's conversation never goes away without a word.
    const all = this.session?.rooms ?? [];
    const rooms = this.isStaff ? roomsInOrder(all.filter((room) => !room.isDenied || hasUnsent(room)), listOrder()) : all;
    if (rooms.length > 0) return html`<ul class="cards">${repeat(rooms, ({ room }) => room, (room) => this.#room(room))}</ul>`;
    const isListing = !this.session?.isListed && this.session?.contact !== "offline";
    return html`<p class="empty" role="status">${isListing ? w.listing : this.isStaff ? w.noRoomsStaff : w.noRooms}</p>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    if (this.isStaff) {
      const isHome = routeOf(location.hash).page === "home";
      const heading = isHome ? html`<h1 tabindex="-1" class="unseen">${w.introStaffTitle}</h1>` : nothing;
      return html`${heading}<enrum-staff-bar .client=${this.client} @enrum-order=${() => this.requestUpdate()}></enrum-staff-bar><enrum-queue .client=${this.client} .order=${listOrder()}></enrum-queue><section aria-labelledby="mine"><h2 id="mine">${w.myRooms}</h2>${this.#rooms()}</section>`;
    }
    return html`<div class="row head"><h1 tabindex="-1">${this.session?.rooms.some(hasCase) ? w.myCases : w.myRooms}</h1></div>
      <a class="button primary wide" href=${hrefOf({ page: "new" })}>${w.newRoom}</a>${this.#rooms()}
      ${(this.session?.rooms.length ?? 0) === 0 ? nothing : html`<p><a class="button" href=${hrefOf({ page: "readers" })}>${w.journey.readers}</a></p>`}`;
  }
}

customElements.define("enrum-home", Home);
