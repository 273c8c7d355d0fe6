// The attack itself, without anybody who stands against it: the same bytes, two keys, two texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { entryDecode, entryOpen, entrySignatureIsGood, type EntryDraft } from "../../client-sdk/web/protocol/entry.ts";
import { layoutDecode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutBodyText } from "../../client-sdk/web/protocol/layouts.ts";
import { deriveKeyImport, signPairNew, suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { ID_BYTES, KEY_BYTES, ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { errorOf } from "../interop/vectors.ts";
import { message } from "./forger.ts";
import { entryOfTwoReadings, TWO_KEYS, TWO_TEXTS } from "./tworeadings.ts";

test("one entry says one thing under each of two keys, and opens under no third", async () => {
  const author = await signPairNew();
  const [room, certificate] = [suiteRandom(ID_BYTES), suiteRandom(ID_BYTES)];
  const head = { room, generation: 1, certificate, device_seq: 7, seen_seq: 0, seen_hash: room, time: Date.now() };
  const entry = await entryDecode(await entryOfTwoReadings({ ...message(ROLES.CITIZEN), head } as EntryDraft, author));
  assert.ok(await entrySignatureIsGood(entry, author.publicKey));
  const read: string[] = [];
  for (const key of TWO_KEYS) read.push(layoutDecode(layoutBodyText, (await entryOpen(entry, await deriveKeyImport(key))).body).text);
  assert.deepEqual(read, TWO_TEXTS);
  assert.equal(await errorOf(async () => entryOpen(entry, await deriveKeyImport(suiteRandom(KEY_BYTES)))), "OPEN_FAILED");
});
