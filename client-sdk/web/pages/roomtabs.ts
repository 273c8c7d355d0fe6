// roomtabs -- the conversations that a caseworker has open, in a strip above the one that is shown: arrows go from one to the next,
// Alt and a digit to one of them, Delete closes. In this tab's memory only. Defined on the caseworkers' page only.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { RoomSummary } from "../sdk/view.ts";
import { Base } from "./base.ts";
import { Opened } from "./opened.ts";
import { go, routeOf } from "./route.ts";
import { hasUnsent } from "./unsent.ts";
import { casework } from "./words/casework.ts";
import { words } from "./words/words.ts";

/** In the order in which they were opened. */
let open: string[] = [];

const TO: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

class RoomTabs extends Base {
  constructor() {
    super();
    new Opened(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#draw);
    addEventListener("keydown", this.#onDigit);
  }

  override disconnectedCallback(): void {
    removeEventListener("hashchange", this.#draw);
    removeEventListener("keydown", this.#onDigit);
    super.disconnectedCallback();
  }

  #draw = (): void => this.requestUpdate();

  get #shown(): string | undefined {
    const route = routeOf(location.hash);
    return "room" in route ? route.room : undefined;
  }

  /** Those that are still there, or hold something unsent: whoever has logged in since has others. */
  #rooms(): RoomSummary[] {
    const { session } = this;
    const shown = this.#shown;
    if (shown !== undefined && !open.includes(shown)) open = [...open, shown];
    return open.map((room) => session?.rooms.find((one) => one.room === room && (!one.isDenied || hasUnsent(one)))).filter((room) => room !== undefined);
  }

  #onDigit = (event: KeyboardEvent): void => {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (digit === undefined || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // On a Mac, Alt and a digit write a character: "@" on a Swedish keyboard.
    if (event.key !== digit && (event.target as Element).closest?.("input, textarea, select") !== null) return;
    const room = this.#rooms()[Number(digit) - 1];
    if (room === undefined) return;
    event.preventDefault();
    go({ page: "room", room: room.room });
  };

  async #onKey(event: KeyboardEvent, rooms: readonly RoomSummary[], at: number): Promise<void> {
    if (event.key === "Delete") {
      event.preventDefault();
      return this.#close(rooms, at);
    }
    const isRtl = document.documentElement.dir === "rtl";
    const key = isRtl && event.key.startsWith("Arrow") ? { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key] ?? event.key : event.key;
    const next = rooms[TO[key]?.(at, rooms.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    // The focus first: the page that comes leaves it where it is then.
    this.querySelector<HTMLElement>(`#tab-${next.room}`)?.focus();
    go({ page: "room", room: next.room });
  }

  /** The one beside it is shown in its place. */
  async #close(rooms: readonly RoomSummary[], at: number): Promise<void> {
    const closed = rooms[at]?.room;
    const beside = rooms[at + 1] ?? rooms[at - 1];
    open = open.filter((room) => room !== closed);
    if (closed === this.#shown && beside !== undefined) {
      this.querySelector<HTMLElement>(`#tab-${beside.room}`)?.focus();
      go({ page: "room", room: beside.room });
    }
    this.requestUpdate();
  }

  #tab(rooms: readonly RoomSummary[], at: number): TemplateResult {
    const w = words();
    const { room, title, unread, caseRooms } = rooms[at] as RoomSummary;
    const name = title || w.untitled;
    const isShown = room === this.#shown;
    return html`<button role="tab" id="tab-${room}" aria-selected=${isShown} aria-controls="room-panel" tabindex=${isShown ? 0 : -1} aria-keyshortcuts=${at < 9 ? `Alt+${at + 1}` : nothing}
      @click=${() => go({ page: "room", room })} @keydown=${(event: KeyboardEvent) => void this.#onKey(event, rooms, at)}><bdi class="cut">${caseRooms === undefined ? name : `${w.staffOnly}: ${name}`}</bdi>${unread > 0 ? html` <span class="badge">${w.unread(unread)}</span>` : nothing}</button>`;
  }

  protected override updated(): void {
    const panel = this.nextElementSibling;
    const isStrip = this.querySelector("[role=tab]") !== null;
    if (isStrip) panel?.setAttribute("role", "tabpanel");
    else panel?.removeAttribute("role");
    if (isStrip && this.#shown !== undefined) panel?.setAttribute("aria-labelledby", `tab-${this.#shown}`);
    else panel?.removeAttribute("aria-labelledby");
  }

  protected override render(): TemplateResult | typeof nothing {
    const rooms = this.#rooms();
    const at = rooms.findIndex(({ room }) => room === this.#shown);
    if (rooms.length < 2 || at < 0) return nothing;
    const w = casework();
    const close = w.closeRoom(rooms[at]?.title || words().untitled);
    return html`<div class="tabs"><div role="tablist" aria-label=${w.openRooms}>${repeat(rooms, ({ room }) => room, (_room, index) => this.#tab(rooms, index))}</div>
      <button class="quiet" aria-label=${close} title=${close} @click=${() => void this.#close(rooms, at)}>×</button></div>`;
  }
}

customElements.define("enrum-room-tabs", RoomTabs);
