// Quiet lines of a conversation: what happened to it, in plain words, and only what whoever says it may say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isQuietLine, lineOf } from "../../client-sdk/web/pages/line.ts";
import type { ItemView, PersonView } from "../../client-sdk/web/sdk/view.ts";

const person = (role: PersonView["role"], name: string): PersonView => ({ person: name, role, name, title: "", unit: "", isMe: false });
const keeper = person("keeper", "");
const worker = person("staff", "Testina");

function item(what: ItemView["what"], more: Partial<ItemView> = {}): ItemView {
  return { seq: 9, hash: "", receivedAt: 0, time: 0, eventTime: 0, level: 3, isThisDevice: false, language: "", hasReceipt: false, author: keeper, what, ...more };
}

const moved = { kind: "moved", unit: "aa", name: "Ekonomiskt bistånd", by: worker, why: "Det gäller hyran." } as const;
const access = { kind: "access", isGiven: false, person: worker, capacity: "HANDLER", by: worker, fromSeq: 0, until: 0, hasCode: false, why: "" } as const;

test("a conversation that is another unit's says so, by whom, and why", () => {
  assert.ok(isQuietLine(item(moved)));
  assert.equal(lineOf(item(moved)).replaceAll(/[\u2066-\u2069]/g, ""), "Samtalet är nu hos Ekonomiskt bistånd. Överlämnat av: Testina. Skäl: Det gäller hyran.");
});

test("what is refused is nobody's word: it stands in the journal, and not as what has happened", () => {
  for (const what of [moved, access]) {
    assert.ok(isQuietLine(item(what)));
    assert.equal(isQuietLine(item(what, { author: person("citizen", "Test"), refused: "KIND_NOT_ALLOWED" })), false);
  }
});
