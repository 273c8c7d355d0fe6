// entries -- what a client does with each entry, in TypeScript: seal (and sign), verify (read, check the signature, chain), open.
// The same in Node and, as a bundle, in a browser. One entry after the other.
import {
  entryChain, entryDecode, entryEncode, entryOpen, entrySignatureIsGood, type Entry,
} from "../../../client-sdk/web/protocol/entry.ts";
import type { Bytes } from "../../../client-sdk/web/protocol/field.ts";
import { layoutEncode } from "../../../client-sdk/web/protocol/layout.ts";
import { deriveKeyImport, signPairNew, suiteRandom } from "../../../client-sdk/web/protocol/suite.ts";
import { ID_BYTES, KINDS, ROLES } from "../../../client-sdk/web/protocol/tables.ts";

export interface Figures {
  entries: number;
  seal_us: number;
  verify_us: number;
  open_us: number;
}

const TEXT_BYTES = 512;

const usEach = (began: number, count: number) => ((performance.now() - began) * 1000) / count;

export async function measureEntries(count: number): Promise<Figures> {
  const author = await signPairNew();
  const room = suiteRandom(ID_BYTES);
  const roomKey = await deriveKeyImport(suiteRandom(ID_BYTES));
  const body = layoutEncode(KINDS.MESSAGE.body, { text: "a".repeat(TEXT_BYTES), reply_seq: 0 });
  const content = { kind: KINDS.MESSAGE.number, role: ROLES.CITIZEN, rule_version: 0, event_time: 0, language: "sv", body };
  const head = { room, generation: 1, certificate: suiteRandom(ID_BYTES), seen_seq: 1, seen_hash: suiteRandom(ID_BYTES), time: Date.now() };
  const none: Bytes = new Uint8Array(0);

  const sealed: Bytes[] = [];
  let began = performance.now();
  for (let n = 1; n <= count; n++) {
    const draft = { class: "RECORD" as const, head: { ...head, device_seq: n }, open: { cause: none, blobs: none }, content };
    sealed.push(await entryEncode(draft, roomKey, author));
  }
  const seal = usEach(began, count);

  const entries: Entry[] = [];
  let last = room;
  began = performance.now();
  for (const [i, bytes] of sealed.entries()) {
    const entry = await entryDecode(bytes);
    if (!(await entrySignatureIsGood(entry, author.publicKey))) throw new Error("a signature is wrong");
    last = await entryChain(entry, last, i + 1, 0);
    entries.push(entry);
  }
  const verify = usEach(began, count);

  began = performance.now();
  for (const entry of entries) await entryOpen(entry, roomKey);
  return { entries: count, seal_us: seal, verify_us: verify, open_us: usEach(began, count) };
}
