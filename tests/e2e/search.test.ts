// The search itself: it finds what is hidden in each of the ways that it claims to know.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { search } from "./search.ts";

const word = "Kållagatan är hemlig";
const around = (bytes: Buffer) => Buffer.concat([Buffer.alloc(1000, 7), bytes, Buffer.alloc(1000, 9)]);

for (const [name, bytes] of Object.entries({
  "UTF-8": Buffer.from(word),
  "Latin-1": Buffer.from(word, "latin1"),
  "UTF-16LE": Buffer.from(word, "utf16le"),
  "UTF-16BE": Buffer.from(word, "utf16le").swap16(),
  hexadecimal: Buffer.from(Buffer.from(word).toString("hex")),
  "base64, no shift": Buffer.from(Buffer.from(word).toString("base64")),
  "base64, one byte before": Buffer.from(Buffer.from("x" + word + "yz").toString("base64")),
  "base64, two bytes before": Buffer.from(Buffer.from("xy" + word + "z").toString("base64")),
  "base64url of UTF-16": Buffer.from(Buffer.from(word, "utf16le").toString("base64url")),
  gzip: gzipSync(Buffer.from(word.repeat(3))),
  "zlib of base64": deflateSync(Buffer.from(Buffer.from(word).toString("base64"))),
  "gzip in zlib": deflateSync(gzipSync(Buffer.from(word))),
})) {
  test(`a word is found as ${name}`, () => {
    assert.notEqual(search(around(bytes), [word]).length, 0);
  });
}

test("nothing is found where nothing is", () => {
  assert.deepEqual(search(around(Buffer.from("Kållagatan är öppen")), [word]), []);
});
