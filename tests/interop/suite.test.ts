import assert from "node:assert/strict";
import { createHash, hkdfSync } from "node:crypto";
import { test } from "node:test";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import {
  NONCE_BYTES, deriveKeyImport, hpkeOpen, hpkeSeal, labelBytes, macKeyImport, sealKeyImport, sealPairNew, sealPairOfSecret,
  signPairNew, signPairOfSeed, suiteBase64url, suiteBase64urlDecode, suiteDerive, suiteHash, suiteMac, suiteOpen, suitePad,
  suitePaddedBytes, suiteSeal, suiteSign, suiteUnpad, suiteVerify,
} from "../../client-sdk/web/protocol/suite.ts";
import { LABELS, type LabelName } from "../../client-sdk/web/protocol/tables.ts";
import { assertHex, errorOf, loadVectors } from "./vectors.ts";

interface Signature { what?: string; sign_key: string; label: LabelName; parts: string[]; sig: string; seed: string }
interface Hpke { what?: string; ephemeral: string; secret: string; to: string; info: string; aad: string; plain: string; enc: string; sealed: string; error?: string }
interface SuiteVectors {
  labels: {
    name: LabelName; bytes: string; parts: string[]; hash: string; key: string; mac: string; salt: string; derived: string; sealed: string;
  }[];
  signatures: Signature[];
  signatures_refused: Signature[];
  pads: { length: number; size: number; sha256: string }[];
  pads_refused: { what: string; bytes: string; error: string }[];
  hpke: Hpke[];
  hpke_published: Hpke;
  hpke_refused: Hpke[];
  base64url: { bytes: string; text: string }[];
  base64url_refused: string[];
}

const suite = loadVectors<SuiteVectors>("suite");
const nonce = new Uint8Array(NONCE_BYTES);

test("labels, hashes, codes and derived keys are those of C", async () => {
  assert.deepEqual(suite.labels.map(({ name }) => name), Object.keys(LABELS));
  for (const row of suite.labels) {
    const parts = row.parts.map(bytesOfHex);
    assertHex(labelBytes(row.name), row.bytes);
    assertHex(await suiteHash(row.name, ...parts), row.hash);
    assertHex(await suiteMac(await macKeyImport(bytesOfHex(row.key)), row.name, ...parts), row.mac);
    const derived = await suiteDerive(await deriveKeyImport(bytesOfHex(row.key)), bytesOfHex(row.salt), row.name);
    assertHex(await suiteSeal(derived, nonce, parts[0]!, parts[2]!), row.sealed);
    const again = hkdfSync("sha256", bytesOfHex(row.key), bytesOfHex(row.salt), labelBytes(row.name), 32);
    assertHex(new Uint8Array(again), row.derived);
  }
});

test("Ed25519 signs as in C", async () => {
  for (const { seed, sign_key, label, parts, sig } of suite.signatures) {
    const pair = await signPairOfSeed(bytesOfHex(seed));
    assertHex(pair.publicKey, sign_key);
    assertHex(await suiteSign(pair, label, ...parts.map(bytesOfHex)), sig);
    assert.equal(await suiteVerify(pair.publicKey, bytesOfHex(sig), label, ...parts.map(bytesOfHex)), true);
  }
});

test("signatures that C refuses are refused", async () => {
  for (const { what, sign_key, label, parts, sig } of suite.signatures_refused) {
    assert.equal(await suiteVerify(bytesOfHex(sign_key), bytesOfHex(sig), label, ...parts.map(bytesOfHex)), false, what);
  }
  assert.ok(suite.signatures_refused.length > 15);
});

test("padding is that of C", async () => {
  for (const { length, size, sha256 } of suite.pads) {
    const content = new Uint8Array(length).fill(0x65);
    const padded = suitePad(content);
    assert.equal(padded.length, size);
    assert.equal(suitePaddedBytes(length), size);
    assert.equal(createHash("sha256").update(padded).digest("hex"), sha256);
    assert.deepEqual(suiteUnpad(padded), content);
  }
  for (const { what, bytes, error } of suite.pads_refused) {
    assert.equal(await errorOf(() => suiteUnpad(bytesOfHex(bytes))), error, what);
  }
  assert.equal(await errorOf(() => suitePad(new Uint8Array(262_145))), "OVERSIZED");
  assert.equal(await errorOf(() => suitePad(new Uint8Array(253), 256)), "OVERSIZED");
});

async function hpkeBothWays(row: Hpke): Promise<void> {
  const pair = await sealPairOfSecret(bytesOfHex(row.secret));
  const [info, aad, plain] = [row.info, row.aad, row.plain].map(bytesOfHex) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  assertHex(pair.publicKey, row.to);
  const made = await hpkeSeal(pair.publicKey, info, aad, plain, await sealPairOfSecret(bytesOfHex(row.ephemeral)));
  assertHex(made.enc, row.enc);
  assertHex(made.sealed, row.sealed);
  assertHex(await hpkeOpen(pair, bytesOfHex(row.enc), info, aad, bytesOfHex(row.sealed)), row.plain);
}

test("HPKE is that of C, both ways", async () => {
  for (const row of suite.hpke) await hpkeBothWays(row);
});

test("HPKE is that of the published vector", () => hpkeBothWays(suite.hpke_published));

test("HPKE refuses what C refuses, with the same error", async () => {
  for (const row of suite.hpke_refused) {
    const pair = await sealPairOfSecret(bytesOfHex(row.secret));
    const open = () => hpkeOpen(pair, bytesOfHex(row.enc), bytesOfHex(row.info), bytesOfHex(row.aad), bytesOfHex(row.sealed));
    assert.equal(await errorOf(open), row.error, row.what);
    if (row.error === "MALFORMED") {
      assert.equal(await errorOf(() => hpkeSeal(bytesOfHex(row.enc), nonce, nonce, nonce)), "MALFORMED");
    }
  }
});

test("AES-GCM opens only what was sealed", async () => {
  const key = await sealKeyImport(new Uint8Array(32).fill(5));
  const sealed = await suiteSeal(key, nonce, nonce, new Uint8Array(0));
  assert.equal((await suiteOpen(key, nonce, nonce, sealed)).length, 0);
  assert.equal(await errorOf(() => suiteOpen(key, nonce, new Uint8Array(0), sealed)), "OPEN_FAILED");
  assert.equal(await errorOf(() => suiteOpen(key, nonce, nonce, sealed.subarray(1))), "OPEN_FAILED");
  assert.equal(await errorOf(() => suiteOpen(key, nonce, nonce, new Uint8Array(0))), "OPEN_FAILED");
});

test("base64url is that of C", async () => {
  for (const { bytes, text } of suite.base64url) {
    assert.equal(suiteBase64url(bytesOfHex(bytes)), text);
    assertHex(suiteBase64urlDecode(text, bytes.length / 2), bytes);
  }
  for (const text of suite.base64url_refused) {
    assert.equal(await errorOf(() => suiteBase64urlDecode(text, 2)), "MALFORMED", text);
  }
});

test("no private key can be read out", async () => {
  const [sign, seal] = [await signPairNew(), await sealPairNew()];
  const derive = await deriveKeyImport(new Uint8Array(32));
  const keys = [
    sign.privateKey, seal.keys.privateKey, (await signPairOfSeed(new Uint8Array(32))).privateKey,
    (await sealPairOfSecret(new Uint8Array(32).fill(1))).keys.privateKey, derive, await macKeyImport(new Uint8Array(32)),
    await suiteDerive(derive, new Uint8Array(32), "ENTRY_KEY"), await sealKeyImport(new Uint8Array(32)),
  ];
  for (const key of keys) {
    assert.equal(key.extractable, false);
    for (const format of ["raw", "pkcs8", "jwk"] as const) await assert.rejects(crypto.subtle.exportKey(format as "raw", key));
  }
  const { enc, sealed } = await hpkeSeal(seal.publicKey, nonce, nonce, new Uint8Array(9));
  assert.equal((await hpkeOpen(seal, enc, nonce, nonce, sealed)).length, 9);
});
