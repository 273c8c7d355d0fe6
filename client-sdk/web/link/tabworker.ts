// tabworker -- a tab's worker: waits for the lock of this site and role, and is then the engine of all its tabs, until
// its own is closed or another one comes to a call. Everything that computes is here, so that the page never stutters.
//
// The tab that is in a call has the call's media, and the call's keys are in memory only: so it runs the engine too, and no other
// tab that is closed takes the call with it. It holds a second lock as long as the call lasts; whoever gets the engine's lock
// while another tab holds that one gives it back (docs/decisions/calling-tab-runs-the-engine.md).
import { IndexedDbStore } from "../sdk/indexeddb.ts";
import { systemClock, webSocketOpen } from "../sdk/environment.ts";
import type { StaffParts } from "../sdk/staffparts.ts";
import type { Role } from "../sdk/view.ts";
import { Engine } from "./engine.ts";
import { framesPort } from "./frames.ts";
import { boardFetch, linkName, type Ask, type MediaTell, type Tell, type WorkerAsk } from "./wire.ts";

const START_AGAIN_MS = 3_000;
const HAND_OVER_AGAIN_MS = 500;
/** Then the tab that runs the engine does not hear, or cannot end it. */
const HAND_OVER_TRIES = 20;
/** Another tab's call has just ended, and its lock is on its way back. */
const CALL_LOCK_WAIT_MS = 2_000;

/** The page asks for board.json beside its scripts, a whole way there and back before this worker can; then it is its own to ask. */
const BOARD_FRESH_MS = 10_000;

const base = new URL(".", self.location.href);
const ROLES: readonly Role[] = ["citizen", "staff", "guest"];
const role = ROLES.find((one) => one === self.name) ?? "citizen";
const name = linkName(base, role);
const callName = `${name} call`;
const channel = new BroadcastChannel(name);

/** This tab's media, while it is in a call; `end` gives the call's lock back. */
let media: { id: string; port: MessagePort; end: () => void } | undefined;
const { promise: boardOfPage, resolve: boardGiven } = Promise.withResolvers<string | undefined>();
let engine: Engine | undefined;
let staff: StaffParts | undefined;
/** Ends the engine of this worker: it is another tab's turn. */
let handOver: () => void = () => undefined;

// -- The engine -----------------------------------------------------------------------------------------------------

/** What the page has read, as long as that is fresh: a tab may wait for hours until the engine is its. */
async function boardText(): Promise<string | undefined> {
  const text = performance.now() < BOARD_FRESH_MS ? await boardOfPage : undefined;
  return text ?? await boardFetch(base, { cache: "no-store", credentials: "omit" });
}

/** An engine on this site's database; `onLost` when the browser takes that away, as when the site's data is deleted. */
async function engineStart(onLost: () => void): Promise<Engine> {
  for (;;) {
    let store: IndexedDbStore | undefined;
    try {
      store = await IndexedDbStore.open(name);
      store.onLost = onLost;
      return await Engine.start({ channel, boardFetch: boardText, base, role, store, clock: systemClock, socketOpen: webSocketOpen, staff, software: "enrum-web/1" });
    } catch (error) {
      store?.close();
      console.warn("enrum: cannot start yet", error);
      await new Promise((resolve) => setTimeout(resolve, START_AGAIN_MS));
    }
  }
}

/** One engine's life. */
async function engineRun(handedOver: Promise<void>): Promise<void> {
  const { promise: lost, resolve } = Promise.withResolvers<"lost">();
  const running = await engineStart(() => resolve("lost"));
  const online = () => running.enrum.event(() => running.enrum.contact.retry());
  const offline = () => running.enrum.event(() => running.enrum.contact.drop("NETWORK"));
  engine = running;
  self.addEventListener("online", online);
  self.addEventListener("offline", offline);
  channel.postMessage({ to: "tabs", type: "begun" } satisfies Tell);
  if (media !== undefined) mediaAdd(running, media);
  const end = await Promise.race([lost, handedOver]);
  engine = undefined;
  self.removeEventListener("online", online);
  self.removeEventListener("offline", offline);
  if (end === "lost") channel.postMessage({ to: "tabs", type: "lost" } satisfies Tell);
  await running.close();
}

async function isCallElsewhere(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return media === undefined && held.some((lock) => lock.name === callName);
}

async function withEngineLock(): Promise<void> {
  const { promise: handedOver, resolve } = Promise.withResolvers<void>();
  handOver = resolve;
  let isHanded = false;
  void handedOver.then(() => isHanded = true);
  // The lock is held as long as the worker lives. Whoever deletes the site's data gets a device without memory, at once.
  while (!isHanded && !await isCallElsewhere()) await engineRun(handedOver);
}

// -- This tab's media -----------------------------------------------------------------------------------------------

function mediaTell(tell: MediaTell): void {
  self.postMessage(tell);
}

function mediaAdd(running: Engine, { id, port }: NonNullable<typeof media>): void {
  running.mediaAdd(id, framesPort(port));
  mediaTell({ type: "mediaReady", id });
}

/** Asks whichever tab runs the engine to give it up, until it runs here. */
async function engineFetch(id: string): Promise<void> {
  for (let tries = 0; engine === undefined && media?.id === id; tries++) {
    if (tries >= HAND_OVER_TRIES) {
      mediaTell({ type: "mediaRefused", id, error: "TIMEOUT" });
      return mediaEnd(id);
    }
    channel.postMessage({ to: "engine", type: "handOver" } satisfies Ask);
    await new Promise((resolve) => setTimeout(resolve, HAND_OVER_AGAIN_MS));
  }
}

async function mediaBegin(id: string, port: MessagePort): Promise<void> {
  if (media !== undefined) return mediaTell({ type: "mediaRefused", id, error: "OUT_OF_STATE" });
  try {
    await navigator.locks.request(callName, { signal: AbortSignal.timeout(CALL_LOCK_WAIT_MS) }, async () => {
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      media = { id, port, end };
      if (engine === undefined) void engineFetch(id);
      else mediaAdd(engine, media);
      await ended;
    });
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    mediaTell({ type: "mediaRefused", id, error: "OUT_OF_STATE" });
  }
}

function mediaEnd(id: string): void {
  if (media?.id !== id) return;
  engine?.mediaRemove(id);
  media.port.close();
  media.end();
  media = undefined;
}

self.onmessage = ({ data }: MessageEvent<WorkerAsk>) => {
  if (data.type === "board") boardGiven(data.text);
  else if (data.type === "mediaBegin") void mediaBegin(data.id, data.port);
  else mediaEnd(data.id);
};

channel.onmessage = ({ data }: MessageEvent<Ask | Tell>) => {
  if (data.to !== "engine") return;
  if (data.type !== "handOver") void engine?.onAsk(data);
  // What is in this worker's memory alone would be gone with it.
  else if (media === undefined && engine?.enrum.isShared !== true) handOver();
};

/** Never ends. */
export async function tabWorker(parts?: StaffParts): Promise<never> {
  staff = parts;
  for (;;) {
    await navigator.locks.request(name, withEngineLock);
    // Another tab is in a call: its worker is in the queue, and this one gets in line again when the call is over.
    await navigator.locks.request(callName, { mode: "shared" }, () => undefined);
  }
}
