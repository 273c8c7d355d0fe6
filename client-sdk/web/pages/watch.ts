// watch -- the conversation that a page shows: the engine keeps it at hand as long as the page is there; when it is opened anew
// under another id, the page goes along.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { EnrumClient } from "../sdk/view.ts";
import { goInstead, type Route } from "./route.ts";

type Host = ReactiveControllerHost & { client: EnrumClient; room: string };
type RoomPage = Extract<Route, { room: string }>["page"];

interface Steps {
  /** Another conversation than before, or the first: before it is drawn. */
  begin?: () => void;
  /** Before the page goes along to another id. */
  move?: (to: string) => void;
}

export class Watch implements ReactiveController {
  #host: Host;
  #page: RoomPage;
  #steps: Steps;
  #room = "";
  #end: (() => void) | undefined;

  constructor(host: Host, page: RoomPage, steps: Steps = {}) {
    this.#host = host;
    this.#page = page;
    this.#steps = steps;
    host.addController(this);
  }

  hostUpdate(): void {
    const { client, room } = this.#host;
    if (this.#room === room) return;
    this.#end?.();
    this.#end = client.watch(room);
    this.#room = room;
    this.#steps.begin?.();
  }

  hostUpdated(): void {
    const movedTo = this.#host.client.room(this.#host.room)?.movedTo;
    if (movedTo === undefined) return;
    this.#steps.move?.(movedTo);
    goInstead({ page: this.#page, room: movedTo });
  }

  hostDisconnected(): void {
    this.#end?.();
    this.#end = undefined;
    this.#room = "";
  }
}
