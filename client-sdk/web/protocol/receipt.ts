// receipt -- the host's signed word that entries are on disk: one signature for a whole commit. The appends of one commit
// are leaves of a Merkle tree (RFC 9162 §2.1); the host signs its head, and each sender gets its leaf's inclusion proof.
import type { Bytes } from "./field.ts";
import { bytesJoin } from "./layout.ts";
import type { MsgAck } from "./messages.ts";
import { be64, labelBytes, suiteHashBare, suiteSign, suiteVerify, type SignPair } from "./suite.ts";
import { ID_BYTES, LIMITS } from "./tables.ts";

export interface ReceiptLeaf {
  room: Bytes;
  /** Entries of the append. */
  count: number;
  /** Of the last of them. */
  seq: number;
  hash: Bytes;
  receivedAt: number;
}

export interface ReceiptProof {
  treeSize: number;
  leafIndex: number;
  /** Lowest level first. */
  path: Bytes[];
  sig: Bytes;
}

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** Hash of a leaf: SHA-256 of a zero byte, label, room, count, seq, hash, received_at. */
export function receiptLeafHash(leaf: ReceiptLeaf): Promise<Bytes> {
  return suiteHashBare(LEAF_PREFIX, labelBytes("RECEIPT_LEAF"), leaf.room, be64(leaf.count), be64(leaf.seq), leaf.hash,
    be64(leaf.receivedAt));
}

function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return suiteHashBare(NODE_PREFIX, left, right);
}

/** The level above: a node without a neighbour is carried upwards, as in RFC 9162, where a left part is always full. */
async function levelAbove(level: readonly Bytes[]): Promise<Bytes[]> {
  const above: Bytes[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i] as Bytes, level[i + 1]];
    above.push(right === undefined ? left : await nodeHash(left, right));
  }
  return above;
}

/** Signs the tree of 1 ... 65,536 leaf hashes and makes the proof of each: what a host does, for tests. */
export async function receiptSign(host: SignPair, leaves: readonly Bytes[]): Promise<ReceiptProof[]> {
  const paths: Bytes[][] = leaves.map(() => []);
  let level = [...leaves];
  for (let height = 0; level.length > 1; height++) {
    for (const [leaf, path] of paths.entries()) {
      const sibling = level[Math.floor(leaf / 2 ** height) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    }
    level = await levelAbove(level);
  }
  const sig = await suiteSign(host, "RECEIPT", be64(leaves.length), level[0] as Bytes);
  return paths.map((path, leafIndex) => ({ treeSize: leaves.length, leafIndex, path, sig }));
}

/** RFC 9162 §2.1.3.2; undefined when the path does not fit the tree. */
async function rootOfPath(proof: ReceiptProof, leafHash: Bytes): Promise<Bytes | undefined> {
  let [fn, sn] = [proof.leafIndex, proof.treeSize - 1];
  let r = leafHash;
  const halve = () => {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  };
  for (const node of proof.path) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      r = await nodeHash(node, r);
      while (fn % 2 === 0 && fn !== 0) halve();
    } else {
      r = await nodeHash(r, node);
    }
    halve();
  }
  return sn === 0 ? r : undefined;
}

export async function receiptCheck(hostKey: Bytes, leaf: ReceiptLeaf, proof: ReceiptProof): Promise<boolean> {
  if (proof.treeSize < 1 || proof.leafIndex >= proof.treeSize || proof.path.length > LIMITS.PATH_MAX_NODES) return false;
  const root = await rootOfPath(proof, await receiptLeafHash(leaf));
  return root !== undefined && suiteVerify(hostKey, proof.sig, "RECEIPT", be64(proof.treeSize), root);
}

/** Leaf and proof of a decoded ACK. */
export function receiptOfAck(ack: MsgAck): { leaf: ReceiptLeaf; proof: ReceiptProof } {
  const path = Array.from({ length: ack.path.length / ID_BYTES },
    (_none, index) => ack.path.subarray(index * ID_BYTES, (index + 1) * ID_BYTES));
  return {
    leaf: { room: ack.room, count: ack.count, seq: ack.seq, hash: ack.hash, receivedAt: ack.received_at },
    proof: { treeSize: ack.tree_size, leafIndex: ack.leaf_index, path, sig: ack.sig },
  };
}

/** The fields of an ACK that leaf and proof fill. */
export function receiptToAck(leaf: ReceiptLeaf, proof: ReceiptProof): Omit<MsgAck, "type" | "request" | "board"> {
  return {
    room: leaf.room, count: leaf.count, seq: leaf.seq, hash: leaf.hash, received_at: leaf.receivedAt,
    tree_size: proof.treeSize, leaf_index: proof.leafIndex, path: bytesJoin(proof.path), sig: proof.sig,
  };
}
