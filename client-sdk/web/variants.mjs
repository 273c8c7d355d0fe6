// variants -- the compressed forms of a file, which lie beside it under its name and a suffix: build.mjs makes those of what
// all boards' sites share, site.mjs those of what is a board's own.
import { existsSync, readFileSync } from "node:fs";
import { brotliCompress, brotliDecompressSync, constants, gunzipSync, gzip } from "node:zlib";
import { promisify } from "node:util";
import { isText } from "./headers.mjs";

const COMPRESSED_BYTES_MIN = 1024;

const FORMS = {
  br: { compress: promisify(brotliCompress), options: { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }, open: brotliDecompressSync },
  gz: { compress: promisify(gzip), options: { level: 9 }, open: gunzipSync },
};

export const SUFFIXES = Object.keys(FORMS).map((form) => `.${form}`);

export function isVariant(path) {
  return SUFFIXES.some((suffix) => path.endsWith(suffix));
}

export function isCompressed({ path, bytes }) {
  return isText(path) && bytes.length > COMPRESSED_BYTES_MIN;
}

/** The form of these bytes that has the suffix: the one in that file, where there is one and it opens to them; else made here. */
export async function variantOf(suffix, bytes, file) {
  const { compress, options, open } = FORMS[suffix.slice(1)];
  if (existsSync(file)) {
    const made = readFileSync(file);
    try {
      if (open(made, { maxOutputLength: bytes.length }).equals(bytes)) return made;
    } catch {
      // It opens to nothing, or to more.
    }
  }
  return compress(bytes, options);
}
