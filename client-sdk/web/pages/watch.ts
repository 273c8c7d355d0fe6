// watch -- the conversation that a page shows: the engine keeps it at hand as long as the page is there; when it is opened anew
// under another id, the page goes along, and what is being written there. And whoever is within the page with the keyboard stays so.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { EnrumClient } from "../sdk/view.ts";
import { goInstead, type Route } from "./route.ts";
import { writingMove } from "./writing.ts";

type Host = ReactiveControllerHost & HTMLElement & { client: EnrumClient; room: string };
type RoomPage = Extract<Route, { room: string }>["page"];

export class Watch implements ReactiveController {
  #host: Host;
  #page: RoomPage;
  #begin: () => void;
  #room = "";
  #end: (() => void) | undefined;
  /** The focus is within the page, before it is drawn anew. */
  #isWithin = false;

  /** `begin`: another conversation than before, or the first; before it is drawn. */
  constructor(host: Host, page: RoomPage, begin: () => void = () => undefined) {
    this.#host = host;
    this.#page = page;
    this.#begin = begin;
    host.addController(this);
  }

  hostUpdate(): void {
    const { client, room, isConnected } = this.#host;
    this.#isWithin = this.#host.contains(document.activeElement);
    // A page that has just been removed is drawn once more.
    if (this.#room === room || !isConnected) return;
    this.#end?.();
    this.#end = client.watch(room);
    this.#room = room;
    this.#begin();
  }

  hostUpdated(): void {
    const { client, room } = this.#host;
    if (this.#isWithin && !this.#host.contains(document.activeElement)) this.#refocus();
    const movedTo = client.room(room)?.movedTo;
    if (movedTo === undefined) return;
    writingMove(room, movedTo);
    goInstead({ page: this.#page, room: movedTo });
  }

  /** What had the focus is gone: to why that is, or to what was said last. */
  #refocus(): void {
    const place = this.#host.querySelector<HTMLElement>(".why") ?? [...this.#host.querySelectorAll<HTMLElement>(".log > li:not(.readers)")].at(-1);
    if (place === undefined) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }

  hostDisconnected(): void {
    this.#end?.();
    this.#end = undefined;
    this.#room = "";
  }
}
