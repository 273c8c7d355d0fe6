// bring -- a part of the pages that is loaded when it is needed. A browser may hold a module that could not be fetched for failed as
// long as the page is open (those from before 2026 do, https://github.com/whatwg/html/issues/6768), and would never try again: so its
// files are fetched first, which may be tried as often as one likes, and are in the browser's cache when they are imported.

/** As the bundle names them: kept for ever, so that nothing is fetched twice. */
const IMPORTED_LATER = /\bimport\("\.\/(part-[A-Z0-9]{8}\.js)"\)/g;
const IMPORTED = /\b(?:from|import)"\.\/(part-[A-Z0-9]{8}\.js)"/g;

const brought = new Set<string>();

async function fileFetch(name: string): Promise<void> {
  // What the page has begun with is there.
  if (brought.has(name) || document.querySelector(`link[href$="${name}"]`) !== null) return;
  const file = await fetch(new URL(name, import.meta.url));
  if (!file.ok) throw new Error(`${name}: ${file.status}`);
  await filesFetch(await file.text(), IMPORTED);
  brought.add(name);
}

async function filesFetch(script: string, pattern: RegExp): Promise<void> {
  await Promise.all([...script.matchAll(pattern)].map(([, name]) => fileFetch(name!)));
}

/** What `load` imports: `() => import("./x.ts")`, whose own text says in the bundle which file that is. Rejects when it cannot be had just now. */
export async function bring<T>(load: () => Promise<T>): Promise<T> {
  await filesFetch(String(load), IMPORTED_LATER);
  return load();
}
