// offline -- has the service worker keep what this page needs to open without a network, as long as somebody is logged in on a
// device of their own; and leaves nothing of it behind when they are not.
import { offlineWorkerUrl, workerNames } from "../link/client.ts";
import type { EnrumClient, Role } from "../sdk/view.ts";
import type { Keep } from "./offlineworker.ts";

/** Parts come one after the other: they are named once when it is quiet. */
const QUIET_MS = 2_000;

/** What the workers load is not in the page's own list. */
function filesOf(role: Role, base: URL): string[] {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name.split("?")[0]!);
  const all = [location.pathname, ...[...workerNames(role), "board.json"].map((name) => new URL(name, base).href), ...loaded];
  return [...new Set(all.map((url) => new URL(url, location.href).href))].filter((url) => url.startsWith(base.href));
}

/** This page's files, and the worker when no other page has any: caseworkers and citizens share it. */
async function forget(base: URL): Promise<void> {
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith(`${location.pathname} `));
  await Promise.all(own.map((name) => caches.delete(name)));
  if (names.some((name) => name.startsWith(base.pathname) && !own.includes(name))) return;
  await (await navigator.serviceWorker.getRegistration(base.href))?.unregister();
}

export function offlineBegin(client: EnrumClient, role: Role, base: URL): void {
  // Plain http, and private windows of some browsers, have none.
  if (!("serviceWorker" in navigator)) return;
  let isKeeping: boolean | undefined;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const name = async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (isKeeping) active?.postMessage({ page: location.pathname, files: filesOf(role, base) } satisfies Keep);
  };
  const later = () => {
    clearTimeout(quiet);
    if (isKeeping) quiet = setTimeout(() => void name(), QUIET_MS);
  };
  const begin = async () => {
    await navigator.serviceWorker.register(offlineWorkerUrl(base), { scope: base.href, updateViaCache: "none" });
    later();
  };
  let turn = Promise.resolve();
  const settle = () => {
    const { session } = client;
    if (session === undefined) return;
    const isOwn = session.login === "in" && !session.isShared && (session.me?.level ?? 0) > 0;
    if (isOwn === isKeeping) return;
    isKeeping = isOwn;
    clearTimeout(quiet);
    // Where a browser forbids it the pages need a network, as any others do.
    turn = turn.then(isOwn ? begin : () => forget(base)).catch(() => undefined);
  };
  client.subscribe(settle);
  settle();
  new PerformanceObserver(later).observe({ type: "resource" });
}
