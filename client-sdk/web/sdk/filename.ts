// filename -- what somebody else says of a file, made harmless: its name as libenrum's filename.c makes it, and a type under which
// no page of ours runs it.
import { LIMITS } from "../protocol/tables.ts";

const NAME_KEPT_MAX = 200;
const ENDING_KEPT_MAX = 16;
/** What is not seen, or turns round what is. */
const DROPPED = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const REPLACED = /[/\\:*?"<>|\ufffd]/g;

const utf8 = new TextEncoder();

/** Cut at a whole character; the ending stays, since it says what opens the file. */
function shortened(name: string): string {
  const bytes = utf8.encode(name);
  if (bytes.length <= NAME_KEPT_MAX) return name;
  const dot = bytes.lastIndexOf(0x2e);
  const ending = dot >= 0 && bytes.length - dot <= ENDING_KEPT_MAX ? bytes.subarray(dot) : bytes.subarray(bytes.length);
  let cut = NAME_KEPT_MAX - ending.length;
  while (cut > 0 && ((bytes[cut] as number) & 0xc0) === 0x80) cut--;
  return new TextDecoder().decode(bytes.subarray(0, cut)) + new TextDecoder().decode(ending);
}

/** No path, no hidden file, nothing that shows as something else. */
export function fileNameSafe(name: string): string {
  const seen = name.toWellFormed().replace(DROPPED, "").replace(/^[. ~-]+/, "").replace(REPLACED, "_").replace(/[. ]+$/, "");
  return seen === "" ? "fil" : shortened(seen);
}

/** What a browser shows and does not run. Everything else is only saved. */
const SHOWN = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf", "text/plain", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm", "video/mp4", "video/webm"];

export function mediaTypeSafe(type: string): string {
  const bare = type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return SHOWN.includes(bare) ? bare : "application/octet-stream";
}

/** What a sender says of a file, within the limits of its entry. */
export function mediaTypeSaid(type: string): string {
  return utf8.encode(type).length > LIMITS.NAME_BYTES_MAX ? "" : type.toWellFormed().replaceAll("\u0000", "");
}
