// bring -- a part of the pages that is loaded when it is needed. A browser may hold a module that could not be fetched for failed as
// long as the page is open (those from before 2026 do, https://github.com/whatwg/html/issues/6768), and would never try again: so its
// files are fetched first, which may be tried as often as one likes, and are in the browser's cache when they are imported.

/** As the bundle names them: kept for ever, so that nothing is fetched twice. */
const IMPORTED_LATER = /\bimport\("\.\/(part-[A-Z0-9]{8}\.js)"\)/g;
const IMPORTED = /\b(?:from|import)"\.\/(part-[A-Z0-9]{8}\.js)"/g;

/** A line on which nothing comes for so long is dead: who waits is told. */
const DEAD_AFTER_MS = 30_000;

/** Those that are there or on their way. */
const brought = new Map<string, Promise<void>>();

async function fileFetch(name: string): Promise<void> {
  const file = await fetch(new URL(name, import.meta.url), { signal: AbortSignal.timeout(DEAD_AFTER_MS) });
  if (!file.ok) throw new Error(`${name}: ${file.status}`);
  await filesFetch(await file.text(), IMPORTED);
}

/** Once, however many ask for it; one that did not come is fetched anew. */
function fileBring(name: string): Promise<void> {
  const known = brought.get(name);
  if (known !== undefined) return known;
  // What the page has begun with is there.
  const isThere = document.querySelector(`link[href$="${name}"]`) !== null;
  const coming = isThere ? Promise.resolve() : fileFetch(name);
  brought.set(name, coming);
  coming.catch(() => brought.delete(name));
  return coming;
}

async function filesFetch(script: string, pattern: RegExp): Promise<void> {
  await Promise.all([...script.matchAll(pattern)].map(([, name]) => fileBring(name!)));
}

/** What `load` imports: `() => import("./x.ts")`, whose own text says in the bundle which file that is. Rejects when it cannot be had just now. */
export async function bring<T>(load: () => Promise<T>): Promise<T> {
  await filesFetch(String(load), IMPORTED_LATER);
  return load();
}
