// field -- the vocabulary in which layouts.ts and messages.ts are written: the types of a field, and what a layout's
// value is in TypeScript. No bytes here: those are layout.ts.

/** Bytes as everything here takes and gives them: never in shared memory, which WebCrypto refuses. */
export type Bytes = Uint8Array<ArrayBuffer>;

export type FieldType = "UINT" | "BYTES" | "TEXT" | "ID" | "SIG" | "OPT" | "IDS" | "SEQ";

/** min and max: the value of a UINT, bytes of BYTES, TEXT and SEQ, number of ids of IDS; else 0. */
export interface Field<T extends FieldType = FieldType> {
  readonly type: T;
  readonly min: number;
  readonly max: number;
  /** A UINT that an earlier program did not write: 0 where the array ends before it. */
  readonly isLate?: true;
}

export type Fields = Readonly<Record<string, Field>>;

export interface Layout<F extends Fields = Fields> {
  readonly name: string;
  /** In the order of the wire. */
  readonly fields: F;
}

export type Sender = "CLIENT" | "KEEPER" | "SERVER";
export type SessionState = "CONNECTED" | "GREETED" | "READY";

export interface Message<F extends Fields = Fields> extends Layout<F> {
  readonly number: number;
  readonly from: Sender;
  readonly states: readonly SessionState[];
}

type ValueOfType<T extends FieldType> = T extends "UINT" ? number : T extends "TEXT" ? string : Bytes;

/** The value of a layout: an object with its fields' names. A message's has `type` and `request` too. */
export type ValueOf<L extends Layout> = { -readonly [K in keyof L["fields"]]: ValueOfType<L["fields"][K]["type"]> };

function field<T extends FieldType>(type: T, min: number, max: number): Field<T> {
  return { type, min, max };
}

export const uint = (min: number, max: number) => field("UINT", min, max);
export const late = (min: number, max: number): Field<"UINT"> => ({ ...uint(min, max), isLate: true });
export const bytes = (min: number, max: number) => field("BYTES", min, max);
export const text = (min: number, max: number) => field("TEXT", min, max);
export const ids = (min: number, max: number) => field("IDS", min, max);
export const seq = (min: number, max: number) => field("SEQ", min, max);
export const id = () => field("ID", 0, 0);
export const sig = () => field("SIG", 0, 0);
export const opt = () => field("OPT", 0, 0);

export function layout<F extends Fields>(name: string, fields: F): Layout<F> {
  return { name, fields };
}

/** A message is a layout whose first two elements are its number and a request number. */
export function message<F extends Fields>(
  name: string, number: number, from: Sender, states: readonly SessionState[], fields: F,
): Message<{ type: Field<"UINT">; request: Field<"UINT"> } & F> {
  const head = { type: uint(number, number), request: uint(0, Number.MAX_SAFE_INTEGER) };
  return { name, number, from, states, fields: { ...head, ...fields } };
}
