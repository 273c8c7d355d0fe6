// opened -- a caseworker who opens a conversation, its journal or its case leaves a mark there, also where nothing in it is new.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { EnrumClient } from "../sdk/view.ts";
import { routeOf } from "./route.ts";

const SHOWING: ReadonlySet<string> = new Set(["room", "journal", "case"]);

/** Its host is there wherever a conversation is shown, and is drawn anew with each change. */
export class Opened implements ReactiveController {
  #host: ReactiveControllerHost & { client: EnrumClient };
  /** What is in front and has been told of: once for each time that it is opened, or come back to. */
  #told = "";

  constructor(host: ReactiveControllerHost & { client: EnrumClient }) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.#look);
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.#look);
    this.#told = "";
  }

  hostUpdated(): void {
    this.#look();
  }

  #look = (): void => {
    const route = routeOf(location.hash);
    const room = document.visibilityState === "visible" && "room" in route && SHOWING.has(route.page) ? route.room : "";
    const place = `${route.page} ${room}`;
    if (this.#told === place) return;
    this.#told = "";
    const view = room === "" ? undefined : this.#host.client.room(room);
    // Only what can be read is opened.
    if (view === undefined || !view.isCurrent || view.isLocked || view.isDenied || view.trouble !== undefined) return;
    this.#told = place;
    void this.#host.client.markOpened(room).catch(() => this.#told = "");
  };
}
