// indexeddb -- the browser's localstore. The only file that speaks to IndexedDB. Keys are kept as CryptoKeys that cannot be
// read out; each write is one transaction with strict durability: flushed when it has completed.
import { EnrumError } from "../protocol/error.ts";
import { ROW_KEYS, type Change, type EntryRow, type LocalStore, type Rows, type Table } from "./localstore.ts";

const VERSION = 1;

function fileFailed(cause: unknown): EnrumError {
  return new EnrumError("FILE_FAILED", "IndexedDB", cause);
}

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(fileFailed(asked.error));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(fileFailed(transaction.error));
  });
}

function tablesMake(database: IDBDatabase): void {
  for (const table of Object.keys(ROW_KEYS) as Table[]) {
    const [first, ...more] = ROW_KEYS[table];
    database.createObjectStore(table, { keyPath: more.length > 0 ? [...ROW_KEYS[table]] : first as string });
  }
}

function databaseOpen(name: string): Promise<IDBDatabase> {
  const asked = indexedDB.open(name, VERSION);
  asked.onupgradeneeded = () => tablesMake(asked.result);
  return request(asked);
}

export class IndexedDbStore implements LocalStore {
  #database: IDBDatabase;
  /** Called when the browser or another page takes the database away, as when the site's data is deleted. */
  onLost: () => void = () => undefined;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    database.onversionchange = () => {
      // Closed from here, it says nothing of it itself.
      database.close();
      this.onLost();
    };
    database.onclose = () => this.onLost();
  }

  /** Throws FILE_FAILED. */
  static async open(name: string): Promise<IndexedDbStore> {
    return new IndexedDbStore(await databaseOpen(name));
  }

  #transaction(tables: readonly Table[], mode: "readonly" | "readwrite"): IDBTransaction {
    try {
      return this.#database.transaction(tables, mode, { durability: "strict" });
    } catch (cause) {
      throw fileFailed(cause);
    }
  }

  all<T extends Table>(table: T): Promise<Rows[T][]> {
    return request<Rows[T][]>(this.#transaction([table], "readonly").objectStore(table).getAll());
  }

  entries(room: string, first: number, last: number): Promise<EntryRow[]> {
    const range = IDBKeyRange.bound([room, first], [room, last]);
    return request<EntryRow[]>(this.#transaction(["entries"], "readonly").objectStore("entries").getAll(range));
  }

  async write(changes: readonly Change[]): Promise<void> {
    const transaction = this.#transaction([...new Set(changes.map(({ table }) => table))], "readwrite");
    const done = completed(transaction);
    for (const change of changes) {
      const table = transaction.objectStore(change.table);
      if ("put" in change) table.put(change.put);
      else table.delete(change.remove);
    }
    await done;
  }

  async clear(): Promise<void> {
    const tables = Object.keys(ROW_KEYS) as Table[];
    const transaction = this.#transaction(tables, "readwrite");
    const done = completed(transaction);
    for (const table of tables) transaction.objectStore(table).clear();
    await done;
  }

  close(): void {
    this.#database.close();
  }
}
