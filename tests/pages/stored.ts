// stored -- what a browser keeps of the pages, asked from within one of them: given to the evaluate of any driver.

/** Of every table of every database that has any: its rows as text, bytes read as if they were words. */
export async function stored(): Promise<Record<string, string[]>> {
  const done = <T>(asked: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const asText = (row: unknown) => JSON.stringify(row, (_key, value: unknown) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
  const rows: Record<string, string[]> = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name ?? ""));
    for (const table of database.objectStoreNames) {
      const found = await done(database.transaction([table]).objectStore(table).getAll());
      if (found.length > 0) rows[table] = found.map(asText);
    }
    database.close();
  }
  return rows;
}

/** With which the pages would open without a network: service workers, and the names of what these keep. */
export async function offline(): Promise<{ workers: number; caches: string[] }> {
  return { workers: (await navigator.serviceWorker.getRegistrations()).length, caches: await caches.keys() };
}

/** Rows that are there where nobody has logged in: which board it is, its keeper's certificates, and keys that are nobody's yet. */
function isNobodys(table: string, row: string): boolean {
  const { key, isKeeper } = JSON.parse(row) as { key?: string; isKeeper?: boolean };
  return table === "meta" ? key === "board" || key === "keys" : table === "certificates" && isKeeper === true;
}

/** Tables that have rows of a person. */
export function personal(rows: Record<string, string[]>): string[] {
  return Object.keys(rows).filter((table) => rows[table]?.some((row) => !isNobodys(table, row)));
}
