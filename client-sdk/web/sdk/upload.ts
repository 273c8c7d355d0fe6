// upload -- the blobs of a draft on their way to the host: which are missing is asked, those are put, and when the host has all of
// them the entry gets its number. So what is written meanwhile does not wait for a file, and stands before it. The blobs lie in the
// local store until the entry is sent.
//
//   UNASKED --[BLOB_ASK]--> ASKED --[BLOBS]--> PUTTING --[none is missing]--> DONE
//      '<----- lost, refused as busy, or the host says BLOB_MISSING of the entry -----'
import { bytesHex, layoutDecode } from "../protocol/layout.ts";
import { messageBlobAsk, messageBlobPut, messageBlobs } from "../protocol/messages.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { ID_BYTES, LIMITS, type ErrorName } from "../protocol/tables.ts";
import type { Answer } from "./contact.ts";
import type { Enrum } from "./enrum.ts";
import type { Draft } from "./outbox.ts";
import type { Room } from "./roomcopy.ts";
import { isFinal } from "./settle.ts";

const IN_FLIGHT_MAX = 2;
const RETRY_MS = 1_000;

export interface Upload {
  state: "UNASKED" | "ASKED" | "PUTTING" | "DONE";
  /** Ids, joined. */
  blobs: Bytes;
  /** Places of those that the host has not. */
  missing: Set<number>;
  /** Of those, on their way. */
  underWay: Set<number>;
  retryAt: number;
}

export type FileDraft = Draft & { upload: Upload };

export function hasUpload(draft: Draft): draft is FileDraft {
  return draft.upload !== undefined;
}

/** A draft that has a number was given it because the host had all blobs. */
export function uploadOf(blobs: Bytes, deviceSeq: number): Upload | undefined {
  if (blobs.length === 0) return undefined;
  const missing = new Set(deviceSeq === 0 ? Array.from({ length: blobs.length / ID_BYTES }, (_, place) => place) : []);
  return { state: deviceSeq === 0 ? "UNASKED" : "DONE", blobs, missing, underWay: new Set(), retryAt: 0 };
}

/** How much of the file the host has. */
export function uploadedBytes({ blobs, missing }: Upload, size: number): number {
  return Math.min(size, (blobs.length / ID_BYTES - missing.size) * LIMITS.CHUNK_BYTES_MAX);
}

export class Uploads {
  #enrum: Enrum;
  #inFlight = 0;

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  #beginAgain({ upload }: FileDraft, pauseMs: number): void {
    upload.state = "UNASKED";
    upload.retryAt = this.#enrum.clock.monoMs() + pauseMs;
  }

  /** Is the host being given any just now? */
  get isUnderWay(): boolean {
    return this.#inFlight > 0;
  }

  /** The host has refused the entry for want of a blob. */
  again(draft: FileDraft): void {
    this.#beginAgain(draft, RETRY_MS);
  }

  #refused(room: Room, draft: FileDraft, error: ErrorName): void {
    if (error === "NETWORK") this.#beginAgain(draft, 0);
    else if (!isFinal(error)) this.again(draft);
    // Whether one that has a number is in the log is found out by sending it.
    else if (draft.row.deviceSeq > 0) draft.upload.state = "DONE";
    else this.#enrum.outbox.giveBack(room, draft, error);
  }

  // -- Asking and putting -------------------------------------------------------------------------------------------

  #ask(room: Room, draft: FileDraft): void {
    const { contact, board } = this.#enrum;
    contact.ask(messageBlobAsk, { board: board.id, room: room.id, blobs: draft.upload.blobs }, (answer) => this.#onBlobs(room, draft, answer));
    draft.upload.state = "ASKED";
  }

  #onBlobs(room: Room, draft: FileDraft, answer: Answer): void {
    const { upload } = draft;
    if (upload.state !== "ASKED") return;
    if (answer.error !== undefined) return this.#refused(room, draft, answer.error);
    const { missing } = layoutDecode(messageBlobs, answer.frame);
    const ids = new Set(Array.from({ length: missing.length / ID_BYTES }, (_, i) => bytesHex(missing.subarray(i * ID_BYTES, (i + 1) * ID_BYTES))));
    upload.missing.clear();
    for (let place = 0; place * ID_BYTES < upload.blobs.length; place++) {
      if (ids.has(bytesHex(upload.blobs.subarray(place * ID_BYTES, (place + 1) * ID_BYTES)))) upload.missing.add(place);
    }
    upload.state = upload.missing.size > 0 ? "PUTTING" : "DONE";
    this.#enrum.changed(room);
  }

  async #put(room: Room, draft: FileDraft, place: number): Promise<void> {
    const { contact, board, store } = this.#enrum;
    const bytes = await store.blob(draft.row.id, place);
    if (bytes === undefined) throw new EnrumError("FILE_FAILED", "a blob of the outbox");
    contact.ask(messageBlobPut, { board: board.id, room: room.id, bytes }, (answer) => this.#onPut(room, draft, place, answer));
    draft.upload.underWay.add(place);
    this.#inFlight++;
  }

  #onPut(room: Room, draft: FileDraft, place: number, answer: Answer): void {
    const { upload } = draft;
    this.#inFlight--;
    upload.underWay.delete(place);
    if (answer.error !== undefined) return this.#refused(room, draft, answer.error);
    upload.missing.delete(place);
    if (upload.state === "PUTTING" && upload.missing.size === 0) upload.state = "DONE";
    this.#enrum.changed(room);
  }

  async #putSome(room: Room, draft: FileDraft): Promise<void> {
    const { missing, underWay } = draft.upload;
    for (const place of missing) {
      if (this.#inFlight >= IN_FLIGHT_MAX) return;
      if (!underWay.has(place)) await this.#put(room, draft, place);
    }
  }

  // -- Steps --------------------------------------------------------------------------------------------------------

  async #oneStep(room: Room, draft: FileDraft): Promise<void> {
    switch (draft.upload.state) {
      case "UNASKED":
        return this.#ask(room, draft);
      case "ASKED":
        return;
      case "PUTTING":
        return this.#putSome(room, draft);
      case "DONE":
        if (draft.row.deviceSeq === 0) await this.#enrum.outbox.number(room, draft);
    }
  }

  /** One notch further. A network that takes no more just then throws, as all that is sent. */
  async step(room: Room, draft: FileDraft): Promise<void> {
    const mayNot = room.isUnborn || room.trouble !== undefined || room.stall !== undefined || draft.row.error !== undefined;
    if (mayNot || this.#enrum.clock.monoMs() < draft.upload.retryAt) return;
    try {
      await this.#oneStep(room, draft);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      this.again(draft);
      if (error.code === "NETWORK" || error.code === "MALFORMED") throw error;
    }
  }

  /** When step has something to do next, monotonic ms. */
  get dueMs(): number {
    const now = this.#enrum.clock.monoMs();
    const times = this.#enrum.outbox.drafts.filter(hasUpload).map(({ upload }) => upload.retryAt).filter((at) => at > now);
    return Math.min(Infinity, ...times);
  }
}
