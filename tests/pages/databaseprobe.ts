// databaseprobe -- what database.test.ts does inside of the browser: the SDK's own store, with steps of the test's behind today's version.
import { IndexedDbStore, type Step } from "../../client-sdk/web/sdk/indexeddb.ts";
import { ROW_KEYS, type Change, type EntryRow, type Table } from "../../client-sdk/web/sdk/localstore.ts";

const NAME = "enrum probe";
const never: Step = () => {
  throw new Error("a step of a version that is there already");
};

function roomsCount(_: IDBDatabase, transaction: IDBTransaction): void {
  const entries = transaction.objectStore("entries");
  entries.openCursor().onsuccess = ({ target }) => {
    const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
    if (cursor === null) return;
    cursor.update({ ...cursor.value as EntryRow, length: (cursor.value as EntryRow).bytes.length });
    cursor.continue();
  };
}

const steps: Record<string, readonly Step[]> = {
  third: [never, never, never, (database) => database.createObjectStore("labels", { keyPath: "name" }), roomsCount],
  broken: [never, never, never, (database, transaction) => {
    database.createObjectStore("labels", { keyPath: "name" });
    transaction.objectStore("entries").clear();
    throw new Error("in the middle");
  }],
};

/** The database as a page of today's version leaves it, with keys that cannot be read out. */
async function make(): Promise<void> {
  const store = await IndexedDbStore.open(NAME);
  const sign = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]) as CryptoKeyPair;
  const entries = Array.from({ length: 50 }, (_, index): EntryRow =>
    ({ room: "room", seq: index + 1, hash: new Uint8Array(32), bytes: new Uint8Array(index + 1) }));
  await store.write([{ table: "meta", put: { key: "keys", sign, seal: sign } as never }, ...entries.map((put) => ({ table: "entries" as const, put }))]);
  store.close();
}

/** Opens it so; what it holds, or why not. */
async function look(how: string): Promise<string> {
  try {
    const store = await (how === "first" ? IndexedDbStore.open(NAME) : IndexedDbStore.open(NAME, steps[how]));
    const entries = await store.entries("room", 1, 1000) as (EntryRow & { length?: number })[];
    const [meta] = await store.all("meta");
    store.close();
    const key = meta?.key === "keys" ? (meta.sign as unknown as CryptoKeyPair).privateKey : undefined;
    const signature = key === undefined ? undefined : await crypto.subtle.sign("Ed25519", key, new Uint8Array(1));
    return `${entries.length} entries, ${entries.filter(({ bytes, length }) => length === bytes.length).length} counted, ${signature?.byteLength}`;
  } catch (error) {
    return String(error);
  }
}

async function version(): Promise<number | undefined> {
  return (await indexedDB.databases()).find(({ name }) => name === NAME)?.version;
}

/** Rows of each table that are on the disk. */
async function onDisk(): Promise<Record<string, number>> {
  const store = await IndexedDbStore.open(NAME);
  const rows: Record<string, number> = {};
  for (const table of Object.keys(ROW_KEYS) as Table[]) rows[table] = (await store.all(table)).length;
  store.close();
  return rows;
}

/** Each clearing is broken off, as by a disk that fails. */
async function broken(task: () => Promise<void>): Promise<string> {
  const { clear } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.clear = function () {
    const asked = clear.call(this);
    if (this.name === Object.keys(ROW_KEYS).at(-1)) this.transaction.abort();
    return asked;
  };
  try {
    return await task().then(() => "done", String);
  } finally {
    IDBObjectStore.prototype.clear = clear;
  }
}

/** One row in each table, then all of it to memory, then one more in each: what is on the disk at each step, and what the store says that it has; then a clearing with a disk that fails, and a row more. */
async function borrow(): Promise<{ before: Record<string, number>; after: Record<string, number>; rows: Record<string, number>; blobs: (number | undefined)[]; entries: number; cleared: string; kept: Record<string, number> }> {
  const store = await IndexedDbStore.open(NAME);
  await store.clear();
  const tables = Object.keys(ROW_KEYS) as Table[];
  const row = (table: Table, key: string) => ({
    table, put: { bytes: new Uint8Array(7), ...Object.fromEntries(ROW_KEYS[table].map((field) => [field, field === "seq" || field === "place" ? 1 : key])) },
  }) as unknown as Change;
  await store.write(tables.map((table) => row(table, "first")));
  const before = await onDisk();
  await store.toMemory();
  await store.write(tables.map((table) => row(table, "second")));
  const after = await onDisk();
  const rows: Record<string, number> = {};
  for (const table of tables) rows[table] = (await store.all(table)).length;
  const blobs = await Promise.all(["first", "second", "third"].map(async (draft) => (await store.blob(draft, 1))?.length));
  const entries = (await store.entries("first", 1, 9)).length;
  const cleared = await broken(() => store.clear());
  await store.write(tables.map((table) => row(table, "third")));
  const kept = await onDisk();
  store.close();
  return { before, after, rows, blobs, entries, cleared, kept };
}

/** Tables whose keys are other than what the rows say. */
async function odd(): Promise<string[]> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const asked = indexedDB.open(NAME);
    asked.onsuccess = () => resolve(asked.result);
  });
  const tables = Object.keys(ROW_KEYS) as Table[];
  const transaction = database.transaction(tables);
  const found = tables.filter((table) => String([transaction.objectStore(table).keyPath].flat()) !== String(ROW_KEYS[table]));
  database.close();
  return found;
}

Object.assign(globalThis, { probe: { make, look, version, odd, borrow } });
