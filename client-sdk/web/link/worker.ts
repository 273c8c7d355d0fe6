// worker -- the entry of a tab's worker: waits for the lock of this site and role, and is then the engine of all its tabs, until
// its own is closed. Everything that computes is here, so that the page never stutters.
import { IndexedDbStore } from "../sdk/indexeddb.ts";
import { systemClock, webSocketOpen } from "../sdk/environment.ts";
import type { Role } from "../sdk/view.ts";
import { Engine } from "./engine.ts";
import { linkName, type Ask, type Tell } from "./wire.ts";

const START_AGAIN_MS = 3_000;

const address = new URL(self.location.href);
const base = new URL(".", address);
const role: Role = address.searchParams.get("role") === "staff" ? "staff" : "citizen";
const name = linkName(base, role);

async function boardFetch(): Promise<string | undefined> {
  try {
    const response = await fetch(new URL("board.json", base), { cache: "no-store", credentials: "omit" });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

/** An engine on this site's database; `onLost` when the browser takes that away, as when the site's data is deleted. */
async function engineStart(channel: BroadcastChannel, onLost: () => void): Promise<Engine> {
  for (;;) {
    let store: IndexedDbStore | undefined;
    try {
      store = await IndexedDbStore.open(name);
      store.onLost = onLost;
      return await Engine.start({ channel, boardFetch, base, role, store, clock: systemClock, socketOpen: webSocketOpen, software: "enrum-web/1" });
    } catch (error) {
      store?.close();
      console.warn("enrum: cannot start yet", error);
      await new Promise((resolve) => setTimeout(resolve, START_AGAIN_MS));
    }
  }
}

/** One engine's life. */
async function engineRun(channel: BroadcastChannel): Promise<void> {
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const engine = await engineStart(channel, resolve);
  const online = () => engine.enrum.event(() => engine.enrum.contact.retry());
  const offline = () => engine.enrum.event(() => engine.enrum.contact.drop("NETWORK"));
  channel.onmessage = ({ data }: MessageEvent<Ask | Tell>) => {
    if (data.to === "engine") void engine.onAsk(data);
  };
  self.addEventListener("online", online);
  self.addEventListener("offline", offline);
  channel.postMessage({ to: "tabs", type: "begun" } satisfies Tell);
  await lost;
  self.removeEventListener("online", online);
  self.removeEventListener("offline", offline);
  engine.enrum.stop();
  channel.postMessage({ to: "tabs", type: "ended" } satisfies Tell);
}

await navigator.locks.request(name, async () => {
  const channel = new BroadcastChannel(name);
  // The lock is held as long as the worker lives. Whoever deletes the site's data gets a device without memory, at once.
  for (;;) await engineRun(channel);
});
