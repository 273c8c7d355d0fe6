// bare -- what becomes of a file that this browser does not draw anew: what a camera wrote into it beside the picture, the film or the
// sound is taken out, where that can be done surely; else whoever sends it is asked. Loaded with the first file that is chosen.
import type { Bytes } from "../protocol/field.ts";
import { LIMITS } from "../protocol/tables.ts";
import { bareBoxes } from "./barebox.ts";
import { bareGif, bareJpeg, barePng, bareWebp } from "./barepicture.ts";
import { formatOf, HEAD_BYTES, isPicture, isRecorded, type Format } from "./magic.ts";

const BARES: Readonly<Record<Format, (bytes: Bytes) => Bytes>> = { jpeg: bareJpeg, png: barePng, webp: bareWebp, gif: bareGif, boxes: bareBoxes };

/** What can be said of a file: nothing hidden is left; a picture, or a film or a sound, that may tell where it was made; something else. */
export type Bared = { state: "bare"; blob: Blob } | { state: "picture" | "recording" | "whole" };

/** undefined: it is not sure. */
function bareOf(bytes: Bytes): Bytes | undefined {
  const format = formatOf(bytes);
  try {
    return format === undefined ? undefined : BARES[format](bytes);
  } catch {
    // Cut off, broken, or of a kind that is not known.
    return undefined;
  }
}

/** Rejects when it cannot be read. */
export async function bareMake(file: Blob): Promise<Bared> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (!isRecorded(head, file.type)) return { state: "whole" };
  const isSendable = formatOf(head) !== undefined && file.size <= LIMITS.FILE_BYTES_MAX;
  const bytes = isSendable ? bareOf(new Uint8Array(await file.arrayBuffer())) : undefined;
  if (bytes !== undefined) return { state: "bare", blob: new Blob([bytes], { type: file.type }) };
  return { state: isPicture(head, file.type) ? "picture" : "recording" };
}
