// offlineworker -- the service worker: with it the pages open without a network, as they were when there last was one.
// The network's answer goes first, so that nobody is kept on an old version; what is kept answers when none comes. It keeps the
// site's public files and nothing of a person, and only what a page has named (offline.ts). The file has a plain name: offline.js.

/** What of a service worker is used here: TypeScript's own description does not go together with that of a page. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<{ focus(): Promise<unknown> }[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install", listener: (event: Event & Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: Event & Fetch) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Keep> & Extendable) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Event & Extendable & { notification: { data: string; close(): void } }) => void): void;
}
interface Fetch {
  readonly request: Request;
  readonly clientId: string;
  readonly resultingClientId: string;
  respondWith(answer: Promise<Response>): void;
}
interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}
/** From a page: these files of the site are what it needs. */
export interface Keep {
  page: string;
  files: string[];
}

/** As long as somebody looks at an empty page before they think that it is broken. */
const NETWORK_MS = 4_000;
/** Of headers.mjs, as the build puts it in here. */
declare const HASH: string;
const HASHED = new RegExp(`[\\w-]+${HASH}\\.(?:js|css)`, "g");
const scope = self as unknown as Scope;

/** Its name has the hash of its content. */
function isForEver(file: Response): boolean {
  return file.headers.get("Cache-Control")?.includes("immutable") ?? false;
}

/** Kept under its address without a query. Its answer has no address of its own: a page's is what was asked for, with its query. */
async function kept(url: string): Promise<Response | undefined> {
  const file = await caches.match(url.split("?")[0]!, { ignoreVary: true });
  return file && new Response(file.body, file);
}

/** Pages that came from here, which also get the rest from here: what is kept is one version, and so is what a page is made of. */
const ours = new Set<string>();

async function answer({ request, clientId, resultingClientId }: Fetch): Promise<Response> {
  const file = await kept(request.url);
  if (file === undefined) return fetch(request);
  if (isForEver(file) || ours.has(clientId)) return file;
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, NETWORK_MS));
  const fresh = await Promise.race([fetch(request).catch(() => undefined), late]);
  if (fresh !== undefined && fresh.status < 500) return fresh;
  if (request.mode === "navigate") ours.add(resultingClientId);
  return file;
}

/** Are all hashed files that a page names among those that it has loaded? A page from before a new version has others. */
async function isOfOneVersion(page: Response, files: readonly string[]): Promise<boolean> {
  const named = (await page.text()).match(HASHED) ?? [];
  return named.every((name) => files.some((url) => url.endsWith(`/${name}`)));
}

/** All of a page's files or none: what is kept is one version. */
async function keep({ page, files }: Keep): Promise<void> {
  const name = `${page} ${crypto.randomUUID()}`;
  const cache = await caches.open(name);
  try {
    for (const url of files) {
      const before = await kept(url);
      const file = before !== undefined && isForEver(before) ? before : await fetch(url);
      if (!file.ok || (url.endsWith(page) && !await isOfOneVersion(file.clone(), files))) throw new Error(url);
      await cache.put(url, file);
    }
  } catch {
    await caches.delete(name);
    return;
  }
  const others = (await caches.keys()).filter((other) => other.startsWith(`${page} `) && other !== name);
  await Promise.all(others.map((other) => caches.delete(other)));
}

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(scope.registration.scope)) event.respondWith(answer(event));
});
/** One at a time: two tabs may name the same page's. */
let keeping = Promise.resolve();
scope.addEventListener("message", (event) => event.waitUntil(keeping = keeping.then(() => keep(event.data))));
scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(scope.clients.matchAll({ type: "window", includeUncontrolled: true }).then(
    ([open]) => open === undefined ? scope.clients.openWindow(event.notification.data) : open.focus()));
});
