import assert from "node:assert/strict";
import { test } from "node:test";
import {
  boardId, certificateDecode, certificateEncode, certificateTimeError, chainCheck, personId, signedDecode, signedEncode, type SignedLabel,
} from "../../client-sdk/web/protocol/certificate.ts";
import {
  classMayWrite, entryBytesHash, entryChain, entryDecode, entryEncodeWith, entryOpen, entrySeq, entrySignatureIsGood, kindMayWrite,
  roomId, storedEncode, storedSeq, type EntryDraft,
} from "../../client-sdk/web/protocol/entry.ts";
import { causeId, grantCommitment, grantOpen, grantUnwrap, grantWrap } from "../../client-sdk/web/protocol/grant.ts";
import { bytesHex, bytesJoin, bytesOfHex, layoutDecode, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutCertificate, layoutContent, layoutHead, layoutOpenGrant, type WireOpenGrant } from "../../client-sdk/web/protocol/layouts.ts";
import { deriveKeyImport, macKeyImport, sealPairOfSecret } from "../../client-sdk/web/protocol/suite.ts";
import { CLASSES, KINDS, ROLES, ROOM_TYPES, type ClassName } from "../../client-sdk/web/protocol/tables.ts";
import { assertHex, castOf, errorOf, jsonOfValue, layoutNamed, loadVectors, valueOfJson, type CastJson, type JsonValue, type PartyName } from "./vectors.ts";

interface CertificateVectors {
  cast: CastJson;
  chains: { what: string; device: string; issuer: string; value?: JsonValue; hash?: string; device_id?: string; error?: string }[];
  signed: { layout: string; label: SignedLabel; value: JsonValue; bytes: string }[];
  persons: { secret: string; role: number; identity: string; person: string }[];
  times: { at: number; error: string }[];
}

interface EntryJson {
  author: PartyName; class: ClassName; head: JsonValue; open: JsonValue; content: JsonValue | null; bytes: string; head_hash: string;
  open_hash: string; sealed_hash: string; bytes_hash: string; seq: number; received_at: number; hash: string;
}

interface EntryVectors {
  cast: CastJson;
  entries: EntryJson[];
  stored: string;
  erased: string;
  refused: { what: string; bytes: string; error: string }[];
}

interface GrantVectors {
  cast: CastJson;
  grants: { ephemeral: string; keys: string[]; commitments: string[]; value: JsonValue }[];
  refused: { what: string; value: JsonValue; error: string }[];
  causes: { verb: string; parts: string[]; cause: string }[];
}

const certificates = loadVectors<CertificateVectors>("certificates");
const log = loadVectors<EntryVectors>("entries");
const grants = loadVectors<GrantVectors>("grants");

test("certificates and chains are judged as in C", async () => {
  const cast = await castOf(certificates.cast);
  assertHex(await boardId(cast.root.publicKey), certificates.cast.board);
  for (const row of certificates.chains) {
    const check = () => chainCheck(cast.board, cast.root.publicKey, bytesOfHex(row.device), bytesOfHex(row.issuer));
    if (row.error !== undefined) {
      assert.equal(await errorOf(check), row.error, row.what);
      continue;
    }
    const certificate = await check();
    assert.deepEqual(jsonOfValue(certificate.body), row.value);
    assertHex(certificate.hash, row.hash!);
    assertHex(certificate.device, row.device_id!);
    const issuer = row.issuer === "" ? cast.root : cast.keeper.sign;
    assertHex(await certificateEncode(issuer, valueOfJson(layoutCertificate, row.value!)), row.device);
  }
});

test("revocations and successors have the bytes of C", async () => {
  const cast = await castOf(certificates.cast);
  for (const { layout: name, label, value, bytes } of certificates.signed) {
    const layout = layoutNamed(name);
    assertHex(await signedEncode(cast.root, label, layoutEncode(layout, valueOfJson(layout, value))), bytes);
    const body = await signedDecode(bytesOfHex(bytes), cast.root.publicKey, label);
    assert.deepEqual(jsonOfValue(layoutDecode(layout, body)), value);
    assert.equal(await errorOf(() => signedDecode(bytesOfHex(bytes), cast.host.publicKey, label)), "SIGNATURE_WRONG");
    assert.equal(await errorOf(() => signedDecode(bytesOfHex(bytes), cast.root.publicKey, "CERTIFICATE")), "SIGNATURE_WRONG");
  }
});

test("pseudonyms and periods are those of C", async () => {
  const cast = await castOf(certificates.cast);
  const certificate = await certificateDecode(cast.citizen.certificate);
  for (const { secret, role, identity, person } of certificates.persons) {
    assertHex(await personId(await macKeyImport(bytesOfHex(secret)), role, bytesOfHex(identity)), person);
  }
  for (const { at, error } of certificates.times) assert.equal(certificateTimeError(certificate, at) ?? "OK", error);
});

function draftOf(row: EntryJson): { draft: EntryDraft; salt: Uint8Array<ArrayBuffer> } {
  const { salt, ...head } = valueOfJson(layoutHead, row.head);
  const open = valueOfJson(layoutNamed(CLASSES[row.class].open.name), row.open);
  const content = row.content === null ? {} : { content: valueOfJson(layoutContent, row.content) };
  return { draft: { class: row.class, head, open, ...content } as unknown as EntryDraft, salt };
}

test("entries of each class have the bytes and hashes of C, open and chain", async () => {
  const cast = await castOf(log.cast);
  assert.deepEqual(new Set(log.entries.map((row) => row.class)), new Set(Object.keys(CLASSES)));
  assertHex(await roomId(cast.board, cast.citizen.hash, cast.random), log.cast.room);
  let previous = cast.room;
  for (const row of log.entries) {
    const { draft, salt } = draftOf(row);
    assertHex(await entryEncodeWith(draft, salt, cast.roomKey, cast[row.author].sign), row.bytes, row.class);
    const entry = await entryDecode(bytesOfHex(row.bytes));
    assert.equal(entry.open.class, row.class);
    assert.deepEqual(jsonOfValue(entry.head), row.head);
    assert.deepEqual(jsonOfValue(entry.open.value), row.open);
    assert.deepEqual([entry.headHash, entry.openHash, entry.sealedHash, await entryBytesHash(entry)].map(bytesHex),
      [row.head_hash, row.open_hash, row.sealed_hash, row.bytes_hash]);
    assert.equal(await entrySignatureIsGood(entry, cast[row.author].sign.publicKey), true);
    assert.equal(await entrySignatureIsGood(entry, cast.staff.sign.publicKey), false);
    previous = await entryChain(entry, previous, row.seq, row.received_at);
    assertHex(previous, row.hash);
    if (row.content === null) assert.equal(await errorOf(() => entryOpen(entry, cast.roomKey)), "PAYLOAD_MISSING");
    else assert.deepEqual(jsonOfValue(await entryOpen(entry, cast.roomKey)), row.content);
  }
});

test("a stored log is read and written as in C", async () => {
  const stored = await storedSeq(bytesOfHex(log.stored));
  assert.deepEqual(stored.map(({ seq, receivedAt }) => [seq, receivedAt]), log.entries.map((row) => [row.seq, row.received_at]));
  assertHex(bytesJoin(stored.map(storedEncode)), log.stored);
  const sent = await entrySeq(bytesOfHex(log.entries.map((row) => row.bytes).join("")));
  assert.deepEqual(sent, stored.map(({ entry }) => entry));
});

test("an erased entry keeps its signature and its place in the chain", async () => {
  const cast = await castOf(log.cast);
  const row = log.entries[2]!;
  const [stored] = await storedSeq(bytesOfHex(log.erased));
  const entry = stored!.entry;
  assert.equal(entry.isErased, true);
  assertHex(storedEncode(stored!), log.erased);
  assert.equal(await entrySignatureIsGood(entry, cast[row.author].sign.publicKey), true);
  assertHex(await entryChain(entry, bytesOfHex(log.entries[1]!.hash), row.seq, row.received_at), row.hash);
  assert.equal(await errorOf(() => entryOpen(entry, cast.roomKey)), "PAYLOAD_MISSING");
});

test("entries that C refuses are refused, with the same error", async () => {
  for (const { what, bytes, error } of log.refused) {
    assert.equal(await errorOf(() => entryDecode(bytesOfHex(bytes))), error, what);
  }
});

test("an entry opens with its own key only, and not when its head or open part is another", async () => {
  const cast = await castOf(log.cast);
  const entry = await entryDecode(bytesOfHex(log.entries[2]!.bytes));
  const other = await deriveKeyImport(new Uint8Array(32).fill(0x56));
  assert.equal(await errorOf(() => entryOpen(entry, other)), "OPEN_FAILED");
  assert.equal(await errorOf(() => entryOpen({ ...entry, openHash: entry.headHash }, cast.roomKey)), "OPEN_FAILED");
  assert.equal(await errorOf(() => entryOpen({ ...entry, headHash: entry.openHash }, cast.roomKey)), "OPEN_FAILED");
});

test("content is given exactly where the class has it", async () => {
  const cast = await castOf(log.cast);
  const record = draftOf(log.entries[2]!).draft;
  const read = draftOf(log.entries.find((row) => row.class === "READ")!).draft;
  const without = { ...record } as Partial<EntryDraft>;
  delete without.content;
  const salt = new Uint8Array(32);
  assert.equal(await errorOf(() => entryEncodeWith(without as EntryDraft, salt, cast.roomKey, cast.citizen.sign)), "MALFORMED");
  assert.equal(await errorOf(() => entryEncodeWith({ ...read, content: record.content! } as EntryDraft, salt, cast.roomKey, cast.citizen.sign)), "MALFORMED");
  assert.equal(await errorOf(() => entryEncodeWith(record, salt, undefined, cast.citizen.sign)), "MALFORMED");
});

test("grants have the bytes of C, open, and are compared with their commitments", async () => {
  const cast = await castOf(grants.cast);
  for (const row of grants.grants) {
    const value = valueOfJson(layoutOpenGrant, row.value);
    const keys = row.keys.map(bytesOfHex);
    const made = await grantWrap(cast.room, value.first, keys, cast.citizen.device, cast.citizen.seal.publicKey,
      await sealPairOfSecret(bytesOfHex(row.ephemeral)));
    assert.deepEqual(jsonOfValue(made), row.value);
    assert.deepEqual(await grantUnwrap(cast.room, value, cast.citizen.seal), keys);
    for (const [index, key] of keys.entries()) {
      assertHex(await grantCommitment(cast.room, value.first + index, key), row.commitments[index]!);
    }
    const commitmentOf = (generation: number) => bytesOfHex(row.commitments[generation - value.first]!);
    const opened = await grantOpen(cast.room, value, cast.citizen.seal, commitmentOf);
    assert.deepEqual([...opened.keys()], keys.map((_key, index) => value.first + index));
    assert.equal(opened.get(value.first)!.extractable, false);
    assert.equal(await errorOf(() => grantOpen(cast.room, value, cast.citizen.seal, () => cast.room)), "COMMITMENT_WRONG");
    assert.equal(await errorOf(() => grantOpen(cast.room, value, cast.citizen.seal, () => undefined)), "COMMITMENT_WRONG");
    assert.equal(await errorOf(() => grantUnwrap(cast.board, value, cast.citizen.seal)), "OPEN_FAILED");
    assert.equal(await errorOf(() => grantUnwrap(cast.room, value, cast.staff.seal)), "OPEN_FAILED");
  }
});

test("grants that C refuses are refused, with the same error", async () => {
  const cast = await castOf(grants.cast);
  for (const { what, value, error } of grants.refused) {
    const grant: WireOpenGrant = valueOfJson(layoutOpenGrant, value);
    assert.equal(await errorOf(() => grantUnwrap(cast.room, grant, cast.citizen.seal)), error, what);
  }
  const device = cast.citizen.device;
  assert.equal(await errorOf(() => grantWrap(cast.room, 1, [], device, cast.citizen.seal.publicKey)), "OVERSIZED");
  assert.equal(await errorOf(() => grantWrap(cast.room, 1, [cast.room], device, new Uint8Array(32))), "MALFORMED");
});

test("cause ids are those of C", async () => {
  for (const { verb, parts, cause } of grants.causes) assertHex(await causeId(verb, ...parts.map(bytesOfHex)), cause);
});

test("who may write what is asked of the tables", () => {
  assert.equal(classMayWrite(CLASSES.READ.number, ROLES.CITIZEN), true);
  assert.equal(classMayWrite(CLASSES.READ.number, ROLES.KEEPER), false);
  assert.equal(classMayWrite(CLASSES.ERASE.number, ROLES.STAFF), false);
  assert.equal(classMayWrite(99, ROLES.KEEPER), false);
  assert.equal(kindMayWrite(KINDS.DECISION.number, ROLES.STAFF, ROOM_TYPES.PARTY), true);
  assert.equal(kindMayWrite(KINDS.DECISION.number, ROLES.CITIZEN, ROOM_TYPES.PARTY), false);
  assert.equal(kindMayWrite(KINDS.MESSAGE.number, ROLES.CITIZEN, ROOM_TYPES.REGISTER), false);
  assert.equal(kindMayWrite(99, ROLES.STAFF, ROOM_TYPES.PARTY), false);
});
