// indexeddb -- the browser's localstore. The only file that speaks to IndexedDB. Keys are kept as CryptoKeys that cannot be
// read out; each write is one transaction with strict durability: flushed when it has completed.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { MemoryStore, ROW_KEYS, type BlobRow, type Change, type EntryRow, type LocalStore, type Rows, type Table } from "./localstore.ts";

/** What leads from one version of the tables to the next, in the transaction that opens them: all of it, or nothing. */
export type Step = (database: IDBDatabase, transaction: IDBTransaction) => void;

/** [n] leads from version n to n + 1. One that has been released is never changed: databases were made by it. */
const STEPS: readonly Step[] = [
  (database) => {
    database.createObjectStore("meta", { keyPath: "key" });
    database.createObjectStore("rooms", { keyPath: "room" });
    database.createObjectStore("entries", { keyPath: ["room", "seq"] });
    database.createObjectStore("certificates", { keyPath: "hash" });
    database.createObjectStore("drafts", { keyPath: "id" });
    database.createObjectStore("receipts", { keyPath: ["room", "seq"] });
  },
  (database) => database.createObjectStore("blobs", { keyPath: ["draft", "place"] }),
  (database) => database.createObjectStore("writings", { keyPath: "id" }),
];

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

/** A database of a newer version is refused by the browser, and stays as it is. */
function openFailed(cause: DOMException | null): EnrumError {
  return new EnrumError("FILE_FAILED", cause?.name === "VersionError" ? "the database was made by a newer page" : "IndexedDB", cause);
}

function databaseOpen(name: string, steps: readonly Step[]): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, steps.length);
    asked.onupgradeneeded = ({ oldVersion }) => {
      for (const step of steps.slice(oldVersion)) step(asked.result, asked.transaction as IDBTransaction);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(openFailed(asked.error));
  });
}

export class IndexedDbStore implements LocalStore {
  #database: IDBDatabase;
  /** Since toMemory: what there is. */
  #memory: MemoryStore | undefined;
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

  /** Takes an older database to the newest version first. Throws FILE_FAILED: then it is as it was, also when it is newer. */
  static async open(name: string, steps: readonly Step[] = STEPS): Promise<IndexedDbStore> {
    return new IndexedDbStore(await databaseOpen(name, steps));
  }

  #transaction(tables: readonly Table[], mode: "readonly" | "readwrite"): IDBTransaction {
    try {
      return this.#database.transaction(tables, mode, { durability: "strict" });
    } catch (cause) {
      throw fileFailed(cause);
    }
  }

  all<T extends Table>(table: T): Promise<Rows[T][]> {
    if (this.#memory !== undefined) return this.#memory.all(table);
    return request<Rows[T][]>(this.#transaction([table], "readonly").objectStore(table).getAll());
  }

  entries(room: string, first: number, last: number): Promise<EntryRow[]> {
    if (this.#memory !== undefined) return this.#memory.entries(room, first, last);
    const range = IDBKeyRange.bound([room, first], [room, last]);
    return request<EntryRow[]>(this.#transaction(["entries"], "readonly").objectStore("entries").getAll(range));
  }

  async blob(draft: string, place: number): Promise<Bytes | undefined> {
    if (this.#memory !== undefined) return this.#memory.blob(draft, place);
    const row = await request<BlobRow | undefined>(this.#transaction(["blobs"], "readonly").objectStore("blobs").get([draft, place]));
    return row?.bytes;
  }

  async write(changes: readonly Change[]): Promise<void> {
    if (this.#memory !== undefined) return this.#memory.write(changes);
    const transaction = this.#transaction([...new Set(changes.map(({ table }) => table))], "readwrite");
    const done = completed(transaction);
    for (const change of changes) {
      const table = transaction.objectStore(change.table);
      if ("put" in change) table.put(change.put);
      else table.delete(change.remove);
    }
    await done;
  }

  async toMemory(): Promise<void> {
    if (this.#memory !== undefined) return;
    const memory = new MemoryStore();
    for (const table of Object.keys(ROW_KEYS) as Table[]) {
      const rows = await this.all(table);
      await memory.write(rows.map((row) => ({ table, put: row }) as Change));
    }
    await this.clear();
    this.#memory = memory;
  }

  async clear(): Promise<void> {
    // What is logged out from is this device's again: the next person's choice. The disk has had nothing since.
    if (this.#memory !== undefined) return void (this.#memory = undefined);
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
