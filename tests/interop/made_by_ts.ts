// made_by_ts -- what TypeScript seals and signs with fresh randomness, for C to open: node tests/interop/made_by_ts.ts FILE
// The people and keys are those of the vectors; the shape of the file is interop_test.c's.
import { writeFileSync } from "node:fs";
import { boardId, certificateDecode, certificateEncode } from "../../client-sdk/web/protocol/certificate.ts";
import { entryEncode, type EntryDraft } from "../../client-sdk/web/protocol/entry.ts";
import { grantWrap } from "../../client-sdk/web/protocol/grant.ts";
import { handshakeProofSign } from "../../client-sdk/web/protocol/handshake.ts";
import { bytesHex, bytesJoin, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutBodyText, layoutContent, layoutHead, layoutLetterRoom, layoutOpenGrant } from "../../client-sdk/web/protocol/layouts.ts";
import { letterEncode } from "../../client-sdk/web/protocol/letter.ts";
import { messageAck } from "../../client-sdk/web/protocol/messages.ts";
import { receiptLeafHash, receiptSign, receiptToAck } from "../../client-sdk/web/protocol/receipt.ts";
import { hpkeSeal, sealPairNew, sealPairOfSecret, signPairNew, suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { CLASSES, ROLES, type ClassName } from "../../client-sdk/web/protocol/tables.ts";
import { transientEncode } from "../../client-sdk/web/protocol/transient.ts";
import { castOf, layoutNamed, loadVectors, valueOfJson, type Cast, type CastJson, type JsonValue } from "./vectors.ts";

interface EntryJson {
  class: ClassName;
  head: JsonValue;
  open: JsonValue;
  content: JsonValue | null;
}

const vectors = loadVectors<{ cast: CastJson; entries: EntryJson[] }>("entries");

/** The vectors' entries, by the citizen and under new salts. */
async function entries(cast: Cast): Promise<object[]> {
  return Promise.all(
    vectors.entries.map(async (row) => {
      const { salt: _, ...head } = valueOfJson(layoutHead, row.head);
      const open = valueOfJson(layoutNamed(CLASSES[row.class].open.name), row.open);
      const content = row.content === null ? undefined : valueOfJson(layoutContent, row.content);
      const draft = { class: row.class, head, open, ...(content ? { content } : {}) } as unknown as EntryDraft;
      const bytes = await entryEncode(draft, cast.roomKey, cast.citizen.sign);
      return { class: row.class, bytes: bytesHex(bytes), ...(content ? { body: bytesHex(content.body) } : {}) };
    }),
  );
}

async function grants(cast: Cast): Promise<object[]> {
  return Promise.all(
    [1, 3, 256].map(async (count) => {
      const keys = Array.from({ length: count }, () => suiteRandom(32));
      const grant = await grantWrap(cast.room, 7, keys, cast.citizen.device, cast.citizen.seal.publicKey);
      return { bytes: bytesHex(layoutEncode(layoutOpenGrant, grant)), keys: bytesHex(bytesJoin(keys)) };
    }),
  );
}

async function letters(cast: Cast): Promise<object[]> {
  const body = { room: cast.room };
  const { sign, seal } = cast.keeper;
  const bytes = await letterEncode(
    cast.citizen,
    { kind: "GRANT", board: cast.board, id: suiteRandom(32), timeMs: Date.now(), body },
    { signKey: sign.publicKey, sealKey: seal.publicKey },
  );
  return [{ kind: "GRANT", bytes: bytesHex(bytes), body: bytesHex(layoutEncode(layoutLetterRoom, body)) }];
}

async function transients(cast: Cast): Promise<object[]> {
  const body = layoutEncode(layoutBodyText, { text: "skriver …", reply_seq: 0 });
  const head = { room: cast.room, generation: 1, certificate: cast.citizen.hash, time: Date.now() };
  const bytes = await transientEncode(head, { kind: 2, body }, cast.roomKey, cast.citizen.sign);
  return [{ bytes: bytesHex(bytes), body: bytesHex(body) }];
}

async function hpke(): Promise<object[]> {
  return Promise.all(
    [0, 1, 100, 5000].map(async (length) => {
      const secret = suiteRandom(32);
      const [info, aad, plain] = [suiteRandom(20), suiteRandom(length % 50), suiteRandom(length)];
      const { enc, sealed } = await hpkeSeal((await sealPairOfSecret(secret)).publicKey, info, aad, plain);
      return Object.fromEntries(
        Object.entries({ secret, info, aad, plain, enc, sealed }).map(([name, bytes]) => [name, bytesHex(bytes)]),
      );
    }),
  );
}

async function certificates(): Promise<object[]> {
  const [root, keeper, device] = await Promise.all([signPairNew(), signPairNew(), signPairNew()]);
  const [keeperSeal, deviceSeal] = await Promise.all([sealPairNew(), sealPairNew()]);
  const board = await boardId(root.publicKey);
  const common = { board, level: 4, not_before: 1000, not_after: 9000 };
  const issuer = await certificateEncode(root, {
    ...common, issuer: board, sign_key: keeper.publicKey, seal_key: keeperSeal.publicKey, person: board, role: ROLES.KEEPER,
  });
  const bytes = await certificateEncode(keeper, {
    ...common, issuer: (await certificateDecode(issuer)).hash, sign_key: device.publicKey, seal_key: deviceSeal.publicKey,
    person: suiteRandom(32), role: ROLES.CITIZEN,
  });
  const { hash } = await certificateDecode(bytes);
  return [{ root_key: bytesHex(root.publicKey), device: bytesHex(bytes), issuer: bytesHex(issuer), hash: bytesHex(hash) }];
}

async function receipts(cast: Cast): Promise<object[]> {
  const leaves = Array.from({ length: 5 }, (_, i) => ({
    room: cast.room, count: i + 1, seq: 10 * i + 9, hash: suiteRandom(32), receivedAt: Date.now(),
  }));
  const proofs = await receiptSign(cast.host, await Promise.all(leaves.map(receiptLeafHash)));
  return leaves.map((leaf, i) => ({
    bytes: bytesHex(
      layoutEncode(messageAck, { type: 33, request: 1, board: cast.board, ...receiptToAck(leaf, proofs[i]!) }),
    ),
  }));
}

async function proof(cast: Cast): Promise<object> {
  const [clientNonce, serverNonce] = [suiteRandom(32), suiteRandom(32)];
  const sig = await handshakeProofSign(cast.citizen.sign, {
    clientNonce, serverNonce, board: cast.board, hostKey: cast.host.publicKey, certificate: cast.citizen.hash,
  });
  return { client_nonce: bytesHex(clientNonce), server_nonce: bytesHex(serverNonce), sig: bytesHex(sig) };
}

const file = process.argv[2];
if (!file) throw new Error("usage: made_by_ts.ts FILE");
const cast = await castOf(vectors.cast);
writeFileSync(
  file,
  JSON.stringify({
    entries: await entries(cast),
    grants: await grants(cast),
    letters: await letters(cast),
    transients: await transients(cast),
    hpke: await hpke(),
    certificates: await certificates(),
    receipts: await receipts(cast),
    proof: await proof(cast),
  }),
);
