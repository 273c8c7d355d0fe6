// preview -- the small picture within a file's entry. Its sender's device has made it; to a reader it is bytes of somebody else:
// only two kinds of picture, told by how they begin, are shown, and the page shows them as nothing but a picture.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { LIMITS } from "../protocol/tables.ts";

const NONE: Bytes = new Uint8Array(0);

function isAt(bytes: Bytes, at: number, ascii: string): boolean {
  return [...ascii].every((character, index) => bytes[at + index] === character.charCodeAt(0));
}

function typeOf(bytes: Bytes): "image/jpeg" | "image/webp" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg";
  return isAt(bytes, 0, "RIFF") && isAt(bytes, 8, "WEBP") ? "image/webp" : undefined;
}

/** What goes into the entry; nothing where it is too large or no such picture. Throws FILE_CHANGED. */
export async function previewRead(preview: Blob | undefined): Promise<Bytes> {
  if (preview === undefined || preview.size > LIMITS.PREVIEW_BYTES_MAX) return NONE;
  const bytes = new Uint8Array(await preview.arrayBuffer().catch((cause: unknown) => {
    throw new EnrumError("FILE_CHANGED", "a preview", cause);
  }));
  return typeOf(bytes) === undefined ? NONE : bytes;
}

/** What is shown of an entry's preview. */
export function previewShown(bytes: Bytes): { preview?: Blob } {
  const type = typeOf(bytes);
  return type === undefined ? {} : { preview: new Blob([bytes], { type }) };
}
