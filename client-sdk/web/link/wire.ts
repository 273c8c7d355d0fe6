// wire -- what the tabs of one person say to each other over a BroadcastChannel. One of them runs the engine (engine.ts); every
// one of them, that one too, asks and listens here (client.ts). Only values that a structured clone carries.
import type { ErrorName } from "../protocol/tables.ts";
import type { ItemView, Role, RoomView, SessionView, Verbs } from "../sdk/view.ts";

export type VerbName = keyof Verbs;

/** To the engine. `tab` is random, of the tab; `id` of the call: asked again until it is answered, and done once. */
export type EngineAsk =
  | { to: "engine"; type: "call"; tab: string; id: string; verb: VerbName; args: readonly unknown[] }
  /** The rooms this tab looks at, all of them. Also a greeting: the engine answers with everything it tells. */
  | { to: "engine"; type: "watch"; tab: string; rooms: readonly string[] }
  | { to: "engine"; type: "bye"; tab: string }
  /** Somebody is at this tab. */
  | { to: "engine"; type: "touched" };

export type Ask = EngineAsk
  /** Of a worker whose tab comes to a call: whoever runs the engine ends it in peace and gives the lock up. */
  | { to: "engine"; type: "handOver" };

/** From a tab to its own worker. `port` leads to the tab's worker of frames. */
export type WorkerAsk =
  /** What the page has read of board.json when it began, for an engine that starts with it. */
  | { type: "board"; text: string | undefined }
  | { type: "mediaBegin"; id: string; port: MessagePort }
  | { type: "mediaEnd"; id: string };

/** From a tab's own worker. Ready: the engine runs here, and has the port. Refused: another tab of this person is in a call. */
export type MediaTell =
  | { type: "mediaReady"; id: string }
  | { type: "mediaRefused"; id: string; error: ErrorName };

/** From the engine, to all tabs. */
export type Tell =
  | { to: "tabs"; type: "answer"; id: string; value?: unknown; error?: { code: ErrorName; detail: string } }
  | { to: "tabs"; type: "session"; view: SessionView }
  /** A watched room: the items from number `from` on replace those that the tab has. `base` of them it must have from before. */
  | { to: "tabs"; type: "room"; view: Omit<RoomView, "items">; from: number; items: readonly ItemView[] }
  /** An engine has begun, perhaps another one than before: tabs say again what they look at, and ask again what is unanswered. */
  | { to: "tabs"; type: "begun" }
  /** The person has logged out: nothing of what was told stands any more. */
  | { to: "tabs"; type: "ended" }
  /** The browser has closed the database: what is known next says whether anybody is logged in still. */
  | { to: "tabs"; type: "lost" };

/** One engine for each site and role: the name of the channel, of the lock, and of the database. */
export function linkName(base: URL, role: Role): string {
  return `enrum ${base.pathname} ${role}`;
}

/** A server that says nothing for so long is as one that is away. */
const BOARD_WITHIN_MS = 10_000;

/** The text of board.json; undefined when it cannot be had. */
export async function boardFetch(base: URL, how?: RequestInit): Promise<string | undefined> {
  try {
    const response = await fetch(new URL("board.json", base), { signal: AbortSignal.timeout(BOARD_WITHIN_MS), ...how });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
