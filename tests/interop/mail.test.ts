import assert from "node:assert/strict";
import { test } from "node:test";
import { handshakeChallengeIsGood, handshakeChallengeSign, handshakeLoginNonce, handshakeProofIsGood, handshakeProofSign } from "../../client-sdk/web/protocol/handshake.ts";
import { bytesOfHex, layoutDecode, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutTransientContent, layoutTransientHead } from "../../client-sdk/web/protocol/layouts.ts";
import { letterBody, letterDecode, letterEncode, letterTo, type LetterDraft } from "../../client-sdk/web/protocol/letter.ts";
import { messageAck, messageChallenge } from "../../client-sdk/web/protocol/messages.ts";
import { receiptCheck, receiptLeafHash, receiptOfAck, receiptSign, receiptToAck } from "../../client-sdk/web/protocol/receipt.ts";
import { deriveKeyImport, sealPairOfSecret } from "../../client-sdk/web/protocol/suite.ts";
import { LETTERS, type LetterName } from "../../client-sdk/web/protocol/tables.ts";
import { transientDecode, transientEncodeWith, transientOpen, transientSignatureIsGood } from "../../client-sdk/web/protocol/transient.ts";
import { assertHex, castOf, errorOf, jsonOfValue, loadVectors, valueOfJson, type CastJson, type JsonValue, type PartyName } from "./vectors.ts";

interface AckJson { value: JsonValue; leaf_hash: string; bytes: string }
interface ReceiptVectors { cast: CastJson; trees: AckJson[][]; refused: AckJson[] }
interface HandshakeVectors { cast: CastJson; client_nonce: string; challenge: JsonValue; proof_sig: string; random: string; login_nonce: string }
interface LetterVectors {
  cast: CastJson;
  letters: { from: PartyName; to: PartyName; kind: LetterName; ephemeral: string; inner: JsonValue; body: JsonValue; bytes: string }[];
  refused: { what: string; bytes: string; error: string }[];
}
interface TransientVectors { cast: CastJson; transients: { head: JsonValue; content: JsonValue; bytes: string }[] }

const receipts = loadVectors<ReceiptVectors>("receipts");
const handshake = loadVectors<HandshakeVectors>("handshake");
const letters = loadVectors<LetterVectors>("letters");
const transients = loadVectors<TransientVectors>("transients");

test("receipts of trees of one to nine leaves are those of C, and good", async () => {
  const cast = await castOf(receipts.cast);
  assert.deepEqual(receipts.trees.map((tree) => tree.length), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const tree of receipts.trees) {
    const acks = tree.map((row) => receiptOfAck(layoutDecode(messageAck, bytesOfHex(row.bytes))));
    const hashes = await Promise.all(acks.map(({ leaf }) => receiptLeafHash(leaf)));
    const proofs = await receiptSign(cast.host, hashes);
    for (const [index, row] of tree.entries()) {
      const { leaf, proof } = acks[index]!;
      assertHex(hashes[index]!, row.leaf_hash);
      assert.equal(await receiptCheck(cast.host.publicKey, leaf, proof), true);
      assert.equal(await receiptCheck(cast.root.publicKey, leaf, proof), false);
      const ack = { type: 33, request: 7, board: cast.board, ...receiptToAck(leaf, proofs[index]!) };
      assertHex(layoutEncode(messageAck, ack), row.bytes);
    }
  }
});

test("receipts that C refuses are refused", async () => {
  const cast = await castOf(receipts.cast);
  for (const row of receipts.refused) {
    const { leaf, proof } = receiptOfAck(layoutDecode(messageAck, bytesOfHex(row.bytes)));
    assert.equal(await receiptCheck(cast.host.publicKey, leaf, proof), false, JSON.stringify(row.value));
  }
  assert.ok(receipts.refused.length >= 9);
});

test("challenge, proof and login nonce are those of C", async () => {
  const cast = await castOf(handshake.cast);
  const clientNonce = bytesOfHex(handshake.client_nonce);
  const challenge = valueOfJson(messageChallenge, handshake.challenge);
  assert.deepEqual(await handshakeChallengeSign(cast.host, clientNonce, challenge), challenge.sig);
  assert.equal(await handshakeChallengeIsGood(cast.host.publicKey, clientNonce, challenge), true);
  assert.equal(await handshakeChallengeIsGood(cast.root.publicKey, clientNonce, challenge), false);
  assert.equal(await handshakeChallengeIsGood(cast.host.publicKey, challenge.nonce, challenge), false);
  assert.equal(await handshakeChallengeIsGood(cast.host.publicKey, clientNonce, { ...challenge, time: challenge.time + 1 }), false);
  const proof = { clientNonce, serverNonce: challenge.nonce, board: cast.board, hostKey: cast.host.publicKey, certificate: cast.citizen.hash };
  const sig = await handshakeProofSign(cast.citizen.sign, proof);
  assertHex(sig, handshake.proof_sig);
  assert.equal(await handshakeProofIsGood(cast.citizen.sign.publicKey, proof, sig), true);
  assert.equal(await handshakeProofIsGood(cast.citizen.sign.publicKey, { ...proof, board: cast.room }, sig), false);
  const { sign, seal } = cast.citizen;
  assert.equal(await handshakeLoginNonce(cast.board, sign.publicKey, seal.publicKey, bytesOfHex(handshake.random)), handshake.login_nonce);
});

test("letters of every kind have the bytes of C, and open", async () => {
  const cast = await castOf(letters.cast);
  assert.deepEqual(letters.letters.map(({ kind }) => kind).sort(), Object.keys(LETTERS).sort());
  for (const row of letters.letters) {
    const [from, to] = [cast[row.from], cast[row.to]];
    const body = valueOfJson(LETTERS[row.kind].body, row.body);
    const inner = await letterDecode(bytesOfHex(row.bytes), to.sign, to.seal);
    assert.deepEqual(jsonOfValue(inner), row.inner);
    assert.deepEqual(letterBody(inner), { kind: row.kind, value: body });
    assertHex(letterTo(bytesOfHex(row.bytes)), letters.cast[row.to].device);
    const draft = { kind: row.kind, board: inner.board, id: inner.id, timeMs: inner.time, body } as LetterDraft;
    const made = await letterEncode({ ...from, certificate: inner.certificate }, draft,
      { signKey: to.sign.publicKey, sealKey: to.seal.publicKey }, await sealPairOfSecret(bytesOfHex(row.ephemeral)));
    assertHex(made, row.bytes);
  }
});

test("letters that C refuses are refused, with the same error", async () => {
  const { keeper } = await castOf(letters.cast);
  for (const { what, bytes, error } of letters.refused) {
    assert.equal(await errorOf(() => letterDecode(bytesOfHex(bytes), keeper.sign, keeper.seal)), error, what);
  }
});

test("transient frames have the bytes of C, and open", async () => {
  const cast = await castOf(transients.cast);
  for (const row of transients.transients) {
    const { salt, ...head } = valueOfJson(layoutTransientHead, row.head);
    const content = valueOfJson(layoutTransientContent, row.content);
    assertHex(await transientEncodeWith(head, salt, content, cast.roomKey, cast.citizen.sign), row.bytes);
    const frame = transientDecode(bytesOfHex(row.bytes));
    assert.equal(await transientSignatureIsGood(frame, cast.citizen.sign.publicKey), true);
    assert.equal(await transientSignatureIsGood(frame, cast.staff.sign.publicKey), false);
    assert.deepEqual(jsonOfValue(await transientOpen(frame, cast.roomKey)), row.content);
    const other = await deriveKeyImport(new Uint8Array(32));
    assert.equal(await errorOf(() => transientOpen(frame, other)), "OPEN_FAILED");
    const suite2 = { ...frame.head, suite: 2 };
    assert.equal(await errorOf(() => transientDecode(bytesOfHex(row.bytes.slice(0, -2)))), "MALFORMED");
    const head2 = layoutEncode(layoutTransientHead, suite2);
    assert.equal(layoutDecode(layoutTransientHead, head2).suite, 2);
    assert.equal(await errorOf(() => transientOpen({ ...frame, headBytes: head2 }, cast.roomKey)), "OPEN_FAILED");
  }
});
