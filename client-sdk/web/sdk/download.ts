// download -- a file of an entry on its way from the host: blob by blob, in order, each checked as it comes; given when the whole is
// checked. A lost connection is waited out. Asked for twice, it is brought once.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { fileBlobId, fileKey, fileOpen } from "../protocol/file.ts";
import { bytesEqual, bytesJoin, layoutDecode } from "../protocol/layout.ts";
import type { WireBodyFile } from "../protocol/layouts.ts";
import { messageBlob, messageBlobGet } from "../protocol/messages.ts";
import { suiteHashBare } from "../protocol/suite.ts";
import { ID_BYTES, LIMITS, type ErrorName } from "../protocol/tables.ts";
import type { Answer } from "./contact.ts";
import type { Enrum } from "./enrum.ts";
import { mediaTypeSafe } from "./filename.ts";
import type { Room } from "./roomcopy.ts";
import { isFinal } from "./settle.ts";

const ASKED_AHEAD_MAX = 2;
const RETRY_MS = 1_000;

export interface Download {
  room: Room;
  seq: number;
  file: Promise<Blob>;
}

interface UnderWay extends Download {
  body: WireBodyFile;
  key: CryptoKey;
  /** Opened, in order. */
  parts: Bytes[];
  /** Came before its turn. */
  early: Map<number, Bytes>;
  /** Place of the next one to be asked for. */
  asked: number;
  inFlight: number;
  retryAt: number;
  isOver: boolean;
  resolve: (file: Blob) => void;
  reject: (error: EnrumError) => void;
}

export class Downloads {
  #enrum: Enrum;
  #list: UnderWay[] = [];

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  /** Is the host being asked for any just now? */
  get isUnderWay(): boolean {
    return this.#list.some(({ inFlight }) => inFlight > 0);
  }

  #find(room: Room, seq: number): UnderWay | undefined {
    return this.#list.find((one) => one.room === room && one.seq === seq);
  }

  /** How much of it is here; undefined when it is not on its way. */
  received(room: Room, seq: number): number | undefined {
    const found = this.#find(room, seq);
    return found === undefined ? undefined : Math.min(found.body.size, found.parts.length * LIMITS.CHUNK_BYTES_MAX);
  }

  /** Throws BLOB_UNKNOWN (no such entry, or no file), and why the entry does not open. */
  async begin(room: Room, seq: number): Promise<Download> {
    const found = this.#find(room, seq);
    if (found !== undefined) return found;
    const item = room.items[seq - 1];
    if (item?.error !== undefined) throw new EnrumError(item.error);
    if (item?.content?.kind !== "FILE") throw new EnrumError("BLOB_UNKNOWN");
    const body = item.content.body as WireBodyFile;
    const { promise: file, resolve, reject } = Promise.withResolvers<Blob>();
    // Whoever asked may have gone: a tab that is closed waits for nothing.
    file.catch(() => undefined);
    const key = await fileKey(body.key.slice());
    const download: UnderWay = { room, seq, file, body, key, parts: [], early: new Map(), asked: 0, inFlight: 0, retryAt: 0, isOver: false, resolve, reject };
    this.#list.push(download);
    this.#enrum.itemChanged(room, seq);
    return download;
  }

  #end(download: UnderWay): void {
    download.isOver = true;
    this.#list = this.#list.filter((one) => one !== download);
    this.#enrum.itemChanged(download.room, download.seq);
  }

  #fail(download: UnderWay, error: ErrorName): void {
    this.#end(download);
    download.reject(new EnrumError(error));
  }

  cancel(room: Room, seq: number): void {
    const found = this.#find(room, seq);
    if (found !== undefined) this.#fail(found, "CANCELLED");
  }

  // -- Blobs --------------------------------------------------------------------------------------------------------

  #idAt({ body }: UnderWay, place: number): Bytes {
    return body.blobs.slice(place * ID_BYTES, (place + 1) * ID_BYTES);
  }

  #ask(download: UnderWay, place: number): void {
    const { contact, board } = this.#enrum;
    const message = { board: board.id, room: download.room.id, blob: this.#idAt(download, place) };
    contact.ask(messageBlobGet, message, (answer) => this.#onBlob(download, place, answer));
    download.inFlight++;
  }

  async #onBlob(download: UnderWay, place: number, answer: Answer): Promise<void> {
    download.inFlight--;
    if (download.isOver) return;
    if (answer.error !== undefined) {
      if (answer.error !== "NETWORK" && isFinal(answer.error)) return this.#fail(download, answer.error);
      download.asked = download.parts.length;
      download.early.clear();
      download.retryAt = this.#enrum.clock.monoMs() + (answer.error === "NETWORK" ? 0 : RETRY_MS);
      return;
    }
    if (place >= download.parts.length) download.early.set(place, layoutDecode(messageBlob, answer.frame).bytes.slice());
    try {
      await this.#takeReady(download);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      this.#fail(download, error.code);
    }
  }

  /** What is next in order. Throws OPEN_FAILED. */
  async #takeReady(download: UnderWay): Promise<void> {
    const { body, key, parts, early } = download;
    for (let blob = early.get(parts.length); blob !== undefined; blob = early.get(parts.length)) {
      const place = parts.length;
      if (!bytesEqual(await fileBlobId(blob), this.#idAt(download, place))) throw new EnrumError("OPEN_FAILED", "another blob");
      parts.push(await fileOpen(key, body.size, place, blob));
      early.delete(place);
    }
    if (parts.length * ID_BYTES === body.blobs.length) await this.#finish(download);
    else this.#enrum.itemChanged(download.room, download.seq);
  }

  async #finish(download: UnderWay): Promise<void> {
    const { body, parts } = download;
    const whole = bytesJoin(parts);
    if (!bytesEqual(await suiteHashBare(whole), body.hash)) throw new EnrumError("OPEN_FAILED", "hash of a file");
    this.#end(download);
    download.resolve(new Blob([whole], { type: mediaTypeSafe(body.media_type) }));
  }

  // -- Steps --------------------------------------------------------------------------------------------------------

  step(): void {
    if (!this.#enrum.contact.isProved) return;
    const now = this.#enrum.clock.monoMs();
    for (const download of this.#list) {
      const { body, parts, retryAt } = download;
      while (now >= retryAt && download.inFlight < ASKED_AHEAD_MAX && download.asked * ID_BYTES < body.blobs.length
        && download.asked < parts.length + ASKED_AHEAD_MAX) {
        this.#ask(download, download.asked);
        download.asked++;
      }
    }
  }

  /** When step has something to do next, monotonic ms. */
  get dueMs(): number {
    const now = this.#enrum.clock.monoMs();
    return Math.min(Infinity, ...this.#list.map(({ retryAt }) => retryAt).filter((at) => at > now));
  }

  /** Nobody is left waiting. */
  stop(): void {
    for (const download of [...this.#list]) this.#fail(download, "CLOSING");
  }
}
