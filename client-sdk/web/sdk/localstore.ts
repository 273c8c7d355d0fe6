// localstore -- what one device keeps between visits: its keys (not readable), the board as pinned, certificates, verified
// entries as they came (sealed), heads, the outbox (sealed), receipts, and what is being written (sealed). No plaintext of any entry. This file: the rows, the
// interface, and a store in memory for programs that keep nothing; indexeddb.ts is the browser's.
import type { Bytes } from "../protocol/field.ts";
import type { SealPair, SignPair } from "../protocol/suite.ts";
import type { ErrorName } from "../protocol/tables.ts";
import type { Question } from "./ask.ts";
import type { DeviceWord } from "./view.ts";

/** The device's keys. */
export interface KeysRow {
  key: "keys";
  sign: SignPair;
  seal: SealPair;
}

/** board.json as it was last accepted: what a later one is held against. */
export interface BoardRow {
  key: "board";
  text: string;
}

/** The device's certificate, and its issuer's. */
export interface MeRow {
  key: "me";
  certificate: Bytes;
  issuer: Bytes;
  /** What a login of before calls has not brought. */
  profile?: Bytes;
  name: string;
  /** Of the first login with these keys. */
  at: number;
  /** What they were answers to; a login of before has not noted it. */
  ways?: readonly Question["kind"][];
}

/** A login that is away at the e-ID provider. */
export interface LoginRow {
  key: "login";
  provider: string;
  verifier: string;
  state: string;
  random: Bytes;
  redirect: string;
  /** The device is not the person's own. */
  isShared?: boolean;
  device?: DeviceWord;
}

/** Staff's own texts, sealed to the device's key: see templates.ts. */
export interface TemplatesRow {
  key: "templates";
  enc: Bytes;
  sealed: Bytes;
}

/** What texts that are being written are sealed with. */
export interface WritingsKeyRow {
  key: "writings";
  seal: CryptoKey;
}

export type MetaRow = KeysRow | BoardRow | MeRow | LoginRow | WritingsKeyRow | TemplatesRow;

export interface LocalHead {
  seq: number;
  hash: Bytes;
}

export interface RoomRow {
  room: string;
  id: Bytes;
  /** At least so far, said the keeper at the login; seq 0: nothing said. */
  keeperHead: LocalHead;
  /** Newest device_seq that was given out. */
  sentSeq: number;
  trouble?: ErrorName;
  /** The host never had it, and its conversation was opened anew as this room: see reopening.ts. */
  movedTo?: string;
}

export interface EntryRow {
  room: string;
  seq: number;
  hash: Bytes;
  /** Encoded `stored`. */
  bytes: Bytes;
}

export interface CertificateRow {
  hash: string;
  isKeeper: boolean;
  bytes: Bytes;
}

/** An entry, or all entries of a new room, that no receipt has come for. Sealed: what it says is opened with the room's key. */
export interface DraftRow {
  id: string;
  /** Its place among all drafts; those of a room have their numbers in this order. */
  order: number;
  room: string;
  isCreate: boolean;
  /** Of a new room. */
  random: Bytes;
  /** The draft of another room that the host must have before this one is numbered. */
  after?: string;
  /** 0: not numbered yet, its file or what it is to come after is on its way. `bytes` then says what it will say, and is never sent. */
  deviceSeq: number;
  bytes: Bytes;
  time: number;
  /** Refused for good: kept for the person, not sent. */
  error?: ErrorName;
}

/** A blob of a draft's file, sealed, by its place in it. */
export interface BlobRow {
  draft: string;
  place: number;
  bytes: Bytes;
}

/** The ACK that held the receipt of an own entry. */
export interface ReceiptRow {
  room: string;
  seq: number;
  deviceSeq: number;
  hash: Bytes;
  frame: Bytes;
  /** Of the draft it was: asked for once more, it is not written once more. */
  draft: string;
}

/** A text that is being written: of one tab, in one place. */
export interface WritingRow {
  id: string;
  place: string;
  tab: string;
  at: number;
  /** Nonce, then the padded text under the key of WritingsKeyRow, with the id beside it. */
  sealed: Bytes;
}

export interface Rows {
  meta: MetaRow;
  rooms: RoomRow;
  entries: EntryRow;
  certificates: CertificateRow;
  drafts: DraftRow;
  blobs: BlobRow;
  receipts: ReceiptRow;
  writings: WritingRow;
}
export type Table = keyof Rows;

/** The fields that make a row's key. */
export const ROW_KEYS: { [T in Table]: readonly (keyof Rows[T] & string)[] } = {
  meta: ["key"], rooms: ["room"], entries: ["room", "seq"], certificates: ["hash"], drafts: ["id"], blobs: ["draft", "place"],
  receipts: ["room", "seq"], writings: ["id"],
};

export type Change = { [T in Table]: { table: T; put: Rows[T] } | { table: T; remove: string | [string, number] } }[Table];

export interface LocalStore {
  /** All rows of a table, in the order of their keys. Throws FILE_FAILED. */
  all<T extends Table>(table: T): Promise<Rows[T][]>;
  /** The entries first ... last of a room, in order. Throws FILE_FAILED. */
  entries(room: string, first: number, last: number): Promise<EntryRow[]>;
  /** Throws FILE_FAILED. */
  blob(draft: string, place: number): Promise<Bytes | undefined>;
  /** All or nothing, and on disk when it resolves. Throws FILE_FAILED. */
  write(changes: readonly Change[]): Promise<void>;
  /** Deletes everything. The store is empty, and open, behind it. Throws FILE_FAILED. */
  clear(): Promise<void>;
  /** From here on all of it is in memory only, and nothing of it on the disk: for a device that is not one's own. Throws FILE_FAILED. */
  toMemory(): Promise<void>;
  close(): void;
}

function keyOf<T extends Table>(table: T, row: Rows[T]): string {
  return JSON.stringify(ROW_KEYS[table].map((field) => row[field]));
}

/** Keeps everything until it is let go. */
export class MemoryStore implements LocalStore {
  #tables = new Map<Table, Map<string, unknown>>();

  #table<T extends Table>(table: T): Map<string, Rows[T]> {
    const found = this.#tables.get(table) ?? new Map<string, unknown>();
    this.#tables.set(table, found);
    return found as Map<string, Rows[T]>;
  }

  async all<T extends Table>(table: T): Promise<Rows[T][]> {
    return [...this.#table(table).values()].map((row) => ({ ...row }));
  }

  async entries(room: string, first: number, last: number): Promise<EntryRow[]> {
    return (await this.all("entries")).filter((row) => row.room === room && row.seq >= first && row.seq <= last)
      .sort((a, b) => a.seq - b.seq);
  }

  async blob(draft: string, place: number): Promise<Bytes | undefined> {
    return this.#table("blobs").get(JSON.stringify([draft, place]))?.bytes;
  }

  async write(changes: readonly Change[]): Promise<void> {
    for (const change of changes) {
      const rows: Map<string, unknown> = this.#table(change.table);
      if ("put" in change) rows.set(keyOf(change.table, change.put as never), { ...change.put });
      else rows.delete(JSON.stringify([change.remove].flat()));
    }
  }

  async clear(): Promise<void> {
    this.#tables.clear();
  }

  async toMemory(): Promise<void> {}

  close(): void {}
}
