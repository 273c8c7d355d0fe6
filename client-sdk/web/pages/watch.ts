// watch -- the conversation that a page shows: the engine keeps it at hand as long as the page is there; when it is opened anew
// under another id, the page goes along, and what is being written there.
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

  /** `begin`: another conversation than before, or the first; before it is drawn. */
  constructor(host: Host, page: RoomPage, begin: () => void = () => undefined) {
    this.#host = host;
    this.#page = page;
    this.#begin = begin;
    host.addController(this);
  }

  hostUpdate(): void {
    const { client, room, isConnected } = this.#host;
    // A page that has just been removed is drawn once more.
    if (this.#room === room || !isConnected) return;
    this.#end?.();
    this.#end = client.watch(room);
    this.#room = room;
    this.#begin();
  }

  hostUpdated(): void {
    const { client, room } = this.#host;
    const movedTo = client.room(room)?.movedTo;
    if (movedTo === undefined) return;
    writingMove(room, movedTo);
    goInstead({ page: this.#page, room: movedTo });
  }

  hostDisconnected(): void {
    this.#end?.();
    this.#end = undefined;
    this.#room = "";
  }
}
