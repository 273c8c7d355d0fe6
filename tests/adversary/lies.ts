// lies -- what a host may try, and what must be noticed. One row each.
import { entryOfParts } from "../../client-sdk/web/protocol/entry.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { layoutDecode, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutHead, type WireStored } from "../../client-sdk/web/protocol/layouts.ts";
import { receiptOfAck, receiptSign, receiptLeafHash, receiptToAck } from "../../client-sdk/web/protocol/receipt.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import { CLASSES, SIG_BYTES, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import type { Lie } from "./liar.ts";

export interface LieRow {
  /** What the host does. */
  name: string;
  lie: Lie;
  /** One of these must be told. */
  noticed: readonly ErrorName[];
  /** Who notices: a device that has read the room before; one without memory, which the keeper's heads help; who writes. */
  by: readonly ("memory" | "fresh" | "writer")[];
}

function classOf(stored: WireStored): number {
  return layoutDecode(layoutHead, stored.head).class;
}

/** Index of the newest entry but `back` that somebody wrote. */
function recordAt(log: readonly WireStored[], back = 0): number {
  const records = log.flatMap((stored, index) => classOf(stored) === CLASSES.RECORD.number ? [index] : []);
  return records.at(-1 - back) ?? 0;
}

function changed(bytes: Bytes, at: number): Bytes {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function swapped(log: readonly WireStored[], a: number, b: number): WireStored[] {
  return log.map((stored, index) => (index === a ? log[b] : index === b ? log[a] : stored) as WireStored);
}

/** One part of the newest written entry replaced. */
function altered(part: (stored: WireStored) => Partial<WireStored> | Promise<Partial<WireStored>>): Lie {
  return {
    log: async (log) => {
      const at = recordAt(log);
      const stored = log[at] as WireStored;
      return log.with(at, { ...stored, ...await part(stored) });
    },
  };
}

async function emptied(stored: WireStored): Promise<Partial<WireStored>> {
  const { sealedHash } = await entryOfParts(stored.head, stored.open, stored.sealed, stored.sig);
  return { sealed: new Uint8Array(0), sealed_hash: sealedHash };
}

export const LIES: LieRow[] = [
  { name: "changes a word of a sealed text", lie: altered(({ sealed }) => ({ sealed: changed(sealed, 40) })), noticed: ["ENTRY_FORGED"], by: ["fresh"] },
  { name: "changes a signature", lie: altered(({ sig }) => ({ sig: changed(sig, 3) })), noticed: ["ENTRY_FORGED"], by: ["fresh"] },
  { name: "changes the author's time", lie: altered(({ head }) => ({ head: layoutEncode(layoutHead, { ...layoutDecode(layoutHead, head), time: 1 }) })), noticed: ["ENTRY_FORGED"], by: ["fresh"] },
  { name: "leaves out an entry in the middle", lie: { log: (log) => log.toSpliced(recordAt(log, 1), 1) }, noticed: ["CHAIN_BROKEN", "FORK", "CHECKPOINT_WRONG"], by: ["fresh"] },
  { name: "shows two entries in the other order", lie: { log: (log) => swapped(log, recordAt(log), recordAt(log, 1)) }, noticed: ["CHAIN_BROKEN", "FORK"], by: ["fresh"] },
  { name: "tells an entry twice", lie: { log: (log) => log.toSpliced(recordAt(log), 0, log[recordAt(log)] as WireStored) }, noticed: ["CHAIN_BROKEN", "FORK"], by: ["fresh"] },
  { name: "keeps back the newest entries for ever", lie: { isCut: true, log: (log) => log.slice(0, recordAt(log)) }, noticed: ["ROLLBACK"], by: ["memory"] },
  { name: "goes back to the first entries", lie: { isCut: true, log: (log) => log.slice(0, 6) }, noticed: ["ROLLBACK"], by: ["memory", "fresh"] },
  { name: "hides the room", lie: { isHidden: true }, noticed: ["ROLLBACK"], by: ["memory", "fresh"] },
  { name: "empties an entry that nobody has erased", lie: altered(emptied), noticed: ["PAYLOAD_MISSING"], by: ["fresh"] },
  { name: "stamps an entry years later", lie: altered(({ received_at }) => ({ received_at: received_at + 3 * 365 * 86_400_000 })), noticed: ["ENTRY_FORGED", "CHAIN_BROKEN"], by: ["fresh"] },
  { name: "acknowledges with a signature that is not its own", lie: { ack: (ack) => ({ ...ack, sig: new Uint8Array(SIG_BYTES) }) }, noticed: ["RECEIPT_WRONG"], by: ["writer"] },
  {
    name: "acknowledges something else, properly signed", noticed: ["RECEIPT_WRONG"], by: ["writer"],
    lie: {
      ack: async (ack, host) => {
        const leaf = { ...receiptOfAck(ack).leaf, hash: suiteRandom(32) };
        const [proof] = await receiptSign(host, [await receiptLeafHash(leaf)]);
        return { ...ack, ...receiptToAck(leaf, proof as NonNullable<typeof proof>) };
      },
    },
  },
];
