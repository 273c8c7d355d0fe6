import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import {
  bytesOfHex, framePeek, layoutDecode, layoutEncode, layoutSeq, messageEncode, messageFind,
} from "../../client-sdk/web/protocol/layout.ts";
import { LAYOUTS, layoutBodyText, layoutFetched, layoutMember, layoutRefusal } from "../../client-sdk/web/protocol/layouts.ts";
import { MESSAGES, messageFetch } from "../../client-sdk/web/protocol/messages.ts";
import { LIMITS } from "../../client-sdk/web/protocol/tables.ts";
import { suiteHashBare } from "../../client-sdk/web/protocol/suite.ts";
import { assertHex, errorOf, jsonOfValue, layoutNamed, loadVectors, valueOfJson, type JsonValue } from "./vectors.ts";

interface LayoutVectors {
  values: { layout: string; value: JsonValue; bytes: string }[];
  flips: { layout: string; bytes: string; decodes: string }[];
  long: { layout: string; value: JsonValue; field: string; length: number; bytes_length: number; sha256: string }[];
}

interface RefusedVectors {
  refused: { what: string; layout: string; bytes: string; error: string }[];
  accepted: { what: string; layout: string; bytes: string }[];
  frames: { bytes: string; error: string | null; type?: number; request?: number }[];
}

const layouts = loadVectors<LayoutVectors>("layouts");
const refused = loadVectors<RefusedVectors>("refused");

test("every layout and message has vectors", () => {
  const named = new Set(layouts.values.map(({ layout }) => layout));
  assert.deepEqual([...named].sort(), [...Object.keys(LAYOUTS), ...Object.keys(MESSAGES)].sort());
});

test("every layout and message has the bytes that C gives it, and their meaning", () => {
  for (const { layout: name, value, bytes } of layouts.values) {
    const layout = layoutNamed(name);
    assertHex(layoutEncode(layout, valueOfJson(layout, value)), bytes, name);
    assert.deepEqual(jsonOfValue(layoutDecode(layout, bytesOfHex(bytes))), value, name);
  }
});

test("no layout decodes when it is cut", async () => {
  for (const { layout, bytes } of layouts.values) {
    const good = bytesOfHex(bytes);
    for (let length = 0; length < good.length; length++) {
      assert.equal(await errorOf(() => layoutDecode(layoutNamed(layout), good.subarray(0, length))), "MALFORMED", `${layout} ${length}`);
    }
  }
});

test("with any bit flipped, TypeScript says what C says", async () => {
  let bits = 0;
  for (const { layout: name, bytes, decodes } of layouts.flips) {
    const layout = layoutNamed(name);
    const flipped = bytesOfHex(bytes);
    const verdicts = bytesOfHex(decodes);
    for (let bit = 0; bit < flipped.length * 8; bit++, bits++) {
      const [at, mask] = [bit >> 3, 1 << (bit & 7)];
      flipped[at] = (flipped[at] as number) ^ mask;
      const expected = ((verdicts[at] as number) & mask) === 0 ? "MALFORMED" : "OK";
      assert.equal(await errorOf(() => layoutDecode(layout, flipped)), expected, `${name} bit ${bit}`);
      flipped[at] = (flipped[at] as number) ^ mask;
    }
  }
  assert.ok(bits > 50_000);
});

test("long fields have the bytes that C gives them", async () => {
  for (const row of layouts.long) {
    const layout = layoutNamed(row.layout);
    const value = valueOfJson(layout, row.value) as Record<string, unknown>;
    value[row.field] = layout.fields[row.field]?.type === "TEXT" ? "e".repeat(row.length) : new Uint8Array(row.length).fill(0x65);
    const bytes = layoutEncode(layout, value as never);
    assert.equal(bytes.length, row.bytes_length);
    assertHex(await suiteHashBare(bytes), row.sha256);
    assert.deepEqual(layoutDecode(layout, bytes), value);
  }
});

test("refused bytes are refused, and their neighbours decode", async () => {
  for (const { what, layout, bytes, error } of refused.refused) {
    assert.equal(await errorOf(() => layoutDecode(layoutNamed(layout), bytesOfHex(bytes))), error, what);
  }
  for (const { what, layout, bytes } of refused.accepted) {
    assert.equal(await errorOf(() => layoutDecode(layoutNamed(layout), bytesOfHex(bytes))), "OK", what);
  }
  assert.ok(refused.refused.length > 100 && refused.accepted.length > 20);
});

test("a frame says its type and request, or is malformed", async () => {
  for (const { bytes, error, type, request } of refused.frames) {
    if (error === null) assert.deepEqual(framePeek(bytesOfHex(bytes)), { type, request });
    else assert.equal(await errorOf(() => framePeek(bytesOfHex(bytes))), error, bytes);
  }
});

test("a byte order mark stays in the text", () => {
  const text = `\ufeff${"e".repeat(300)}`;
  assert.equal(layoutDecode(layoutBodyText, layoutEncode(layoutBodyText, { text, reply_seq: 0 })).text, text);
});

test("what is outside its limits is not encoded", async () => {
  const member = { person: new Uint8Array(32), role: 2 };
  const texts = ["", "a\0b", "\ud800", "a\udc00", "e".repeat(LIMITS.TEXT_BYTES_MAX + 1), "å".repeat(LIMITS.TEXT_BYTES_MAX / 2 + 1)];
  for (const text of texts) {
    assert.equal(await errorOf(() => layoutEncode(layoutBodyText, { text, reply_seq: 0 })), "MALFORMED", text.slice(0, 9));
  }
  for (const role of [0, 256, -1, 1.5, NaN, "2" as unknown as number, 2n as unknown as number]) {
    assert.equal(await errorOf(() => layoutEncode(layoutMember, { ...member, role })), "MALFORMED", String(role));
  }
  for (const seq of [0, 2 ** 53, Infinity]) {
    assert.equal(await errorOf(() => layoutEncode(layoutRefusal, { seq, ground: 1 })), "MALFORMED", String(seq));
  }
  for (const person of [new Uint8Array(31), new Uint8Array(33), "person" as unknown as Bytes, undefined as unknown as Bytes]) {
    assert.equal(await errorOf(() => layoutEncode(layoutMember, { ...member, person })), "MALFORMED");
  }
  assert.equal(await errorOf(() => layoutEncode(layoutMember, member, 35)), "OVERSIZED");
  assert.equal(await errorOf(() => layoutEncode(layoutMember, member, 36)), "OK");
});

test("a SEQ gives its values in order, and not more than asked for", async () => {
  const rows = [1, 2, 300].map((first) => ({ device: new Uint8Array(32).fill(first), first, last: first + 1, at: 5e9 }));
  const joined = Uint8Array.from(rows.flatMap((row) => [...layoutEncode(layoutFetched, row)]));
  assert.deepEqual(layoutSeq(layoutFetched, joined, 3), rows);
  assert.deepEqual(layoutSeq(layoutFetched, new Uint8Array(0)), []);
  assert.equal(await errorOf(() => layoutSeq(layoutFetched, joined, 2)), "MALFORMED");
  assert.equal(await errorOf(() => layoutSeq(layoutFetched, joined.subarray(0, joined.length - 1))), "MALFORMED");
});

test("a message's number is filled in, and found again", () => {
  const value = { request: 7, board: new Uint8Array(32), room: new Uint8Array(32), after: 0, limit: 9 };
  const frame = messageEncode(messageFetch, value);
  assert.deepEqual(framePeek(frame), { type: 22, request: 7 });
  assert.equal(messageFind(22), messageFetch);
  assert.deepEqual(layoutDecode(messageFetch, frame), { type: 22, ...value });
  assert.equal(messageFind(4096), undefined);
});
