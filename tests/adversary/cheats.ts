// cheats -- what a member may write that no host can see is wrong: it is sealed, and the host takes it. One row each: what is
// written, how each reader shows it by itself, and why the keeper's next checkpoint refuses it. docs/SECURITY.md shows the same
// rows. What a host must help with stands in attacks.ts.
import type { Bytes, Field, Layout } from "../../client-sdk/web/protocol/field.ts";
import { layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import type { WireContent } from "../../client-sdk/web/protocol/layouts.ts";
import { suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import {
  GROUNDS, ID_BYTES, KINDS, ROLES, type ErrorName, type KindName, type RoleName, type RoomTypeName,
} from "../../client-sdk/web/protocol/tables.ts";
import { contentOf, FORGED } from "./forger.ts";

export type Ground = keyof typeof GROUNDS;
export const WRITERS = ["CITIZEN", "STAFF"] as const;
export type Writer = (typeof WRITERS)[number];

export interface Cheat {
  /** What is written: "a citizen writes ..." */
  name: string;
  writer: Writer;
  content: WireContent;
  /** Sealed under a key that nobody has been granted. */
  isUnderOtherKey?: true;
  /** How a reader shows it before any checkpoint: refused, or as what cannot be read. */
  shown: { refused: Ground } | { error: ErrorName };
  /** Why the keeper's checkpoint refuses it. */
  ground: Ground;
}

/** The kinds of an entry that stands for itself; REFUSALS and CHANGE are parts of control entries. */
const PARTS_OF_CONTROL: readonly KindName[] = ["REFUSALS", "CHANGE"];
const UNKNOWN_KIND = 999;

function valueOf({ type, min, max }: Field): number | string | Bytes {
  if (type === "UINT") return Math.max(min, 1);
  if (type === "TEXT") return FORGED.slice(0, Math.floor(max / 2)).padEnd(min, "x");
  if (type === "ID") return suiteRandom(ID_BYTES);
  if (type === "IDS") return suiteRandom(min * ID_BYTES);
  return new Uint8Array(type === "OPT" ? 0 : min);
}

/** Something of this kind: every field has a value that its layout allows. */
function contentMade(kind: KindName, writer: Writer): WireContent {
  const body = KINDS[kind].body as Layout;
  const values = Object.fromEntries(Object.entries(body.fields).map(([name, field]) => [name, valueOf(field)]));
  return { ...contentOf("MESSAGE", ROLES[writer], { text: FORGED, reply_seq: 0 }), kind: KINDS[kind].number, body: layoutEncode(body, values as never) };
}

function mayWrite(kind: KindName, writer: Writer): boolean {
  const { writers, rooms } = KINDS[kind];
  return (writers as readonly RoleName[]).includes(writer) && (rooms as readonly RoomTypeName[]).includes("PARTY")
    && !PARTS_OF_CONTROL.includes(kind);
}

const WHO: { [W in Writer]: string } = { CITIZEN: "a citizen", STAFF: "a caseworker" };

/** Each kind that this writer may not write in a party room. */
function kinds(writer: Writer): Cheat[] {
  return (Object.keys(KINDS) as KindName[]).filter((kind) => !mayWrite(kind, writer)).map((kind) => ({
    name: `${WHO[writer]} writes ${kind}`, writer, content: contentMade(kind, writer),
    shown: { refused: "KIND_NOT_ALLOWED" }, ground: "KIND_NOT_ALLOWED",
  }));
}

function forms(writer: Writer): Cheat[] {
  const honest = contentMade("MESSAGE", writer);
  const other = WRITERS.find((role) => role !== writer) as Writer;
  const unreadable = { writer, shown: { error: "MALFORMED" }, ground: "UNREADABLE" } as const;
  return [
    { name: `${WHO[writer]} says to be ${WHO[other]} in what they write`, writer, content: { ...honest, role: ROLES[other] }, shown: { refused: "KIND_NOT_ALLOWED" }, ground: "KIND_NOT_ALLOWED" },
    ...mayWrite("ROOM", writer) ? [{
      name: `${WHO[writer]} says anew what the conversation is`, writer, content: contentMade("ROOM", writer),
      shown: { refused: "KIND_NOT_ALLOWED" }, ground: "KIND_NOT_ALLOWED",
    } as const] : [],
    { ...unreadable, name: `${WHO[writer]} writes a kind that nobody knows`, content: { ...honest, kind: UNKNOWN_KIND } },
    { ...unreadable, name: `${WHO[writer]} writes a message that has no message's form`, content: { ...honest, body: new Uint8Array([1]) } },
    { ...unreadable, name: `${WHO[writer]} writes a file whose parts its entry does not name`, content: contentMade("FILE", writer) },
    { ...unreadable, name: `${WHO[writer]} seals under a key that no reader has`, content: honest, isUnderOtherKey: true, shown: { error: "OPEN_FAILED" } },
  ];
}

export const CHEATS: readonly Cheat[] = WRITERS.flatMap((writer) => [...kinds(writer), ...forms(writer)]);

/**
 * What a device is granted by whoever opens a conversation. OTHER: a key that the generation does not commit to. SECOND: such a
 * one too, and the message opens under it, to another text (tworeadings.ts).
 */
export type Given = "COMMITTED" | "OTHER" | "SECOND" | "GARBAGE";

/** A citizen who opens a conversation with keys that are not the same for everybody. */
export interface Unequal {
  name: string;
  /** To the citizen's other devices, and to the board's keeper. */
  devices: Given;
  keeper: Given;
  /** What those devices tell of the conversation; absent: they read it, with a key that the keeper grants where need be. */
  toldByDevices?: ErrorName;
  /** What the keeper's log says. It then records nothing. */
  toldByKeeper?: ErrorName;
}

export const UNEQUALS: readonly Unequal[] = [
  { name: "gives their other devices a key that it does not commit to", devices: "OTHER", keeper: "COMMITTED", toldByDevices: "COMMITMENT_WRONG" },
  { name: "gives their other devices garbage for a key", devices: "GARBAGE", keeper: "COMMITTED" },
  { name: "gives the keeper a key that it does not commit to", devices: "COMMITTED", keeper: "OTHER", toldByKeeper: "COMMITMENT_WRONG" },
  { name: "gives the keeper garbage for a key", devices: "COMMITTED", keeper: "GARBAGE", toldByKeeper: "OPEN_FAILED" },
  { name: "writes a message that reads otherwise under a second key, and gives that to their other devices", devices: "SECOND", keeper: "COMMITTED", toldByDevices: "COMMITMENT_WRONG" },
  { name: "writes a message that reads otherwise under a second key, and gives that to the keeper", devices: "COMMITTED", keeper: "SECOND", toldByKeeper: "COMMITMENT_WRONG" },
];
