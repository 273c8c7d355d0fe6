// vectors -- the shared vectors as the tests of TypeScript read them: tests/vectors/NOUN.json, and its made-up parties.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Bytes, Layout, ValueOf } from "../../client-sdk/web/protocol/field.ts";
import { bytesHex, bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { LAYOUTS } from "../../client-sdk/web/protocol/layouts.ts";
import { MESSAGES } from "../../client-sdk/web/protocol/messages.ts";
import { deriveKeyImport, sealPairOfSecret, signPairOfSeed, type SealPair, type SignPair } from "../../client-sdk/web/protocol/suite.ts";

export type JsonValue = Record<string, string | number>;

export function loadVectors<T>(noun: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${noun}.json`, import.meta.url), "utf8")) as T;
}

/** The layout or message of this name. */
export function layoutNamed(name: string): Layout {
  const found = (LAYOUTS as Record<string, Layout>)[name] ?? (MESSAGES as unknown as Record<string, Layout>)[name];
  assert.ok(found, `no layout ${name}`);
  return found;
}

/** A value as the vectors write it (numbers, texts, hexadecimal digits) as one of this layout. */
export function valueOfJson<L extends Layout>(layout: L, json: JsonValue): ValueOf<L> {
  assert.deepEqual(Object.keys(json), Object.keys(layout.fields));
  return Object.fromEntries(Object.entries(layout.fields).map(([name, { type }]) => [
    name, type === "UINT" || type === "TEXT" ? json[name] : bytesOfHex(json[name] as string),
  ])) as ValueOf<L>;
}

export function jsonOfValue(value: object): JsonValue {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, one instanceof Uint8Array ? bytesHex(one) : one as string | number]));
}

interface PartyJson {
  sign_seed: string;
  seal_secret: string;
  sign_key: string;
  seal_key: string;
  certificate: string;
  hash: string;
  device: string;
}

export interface CastJson {
  root_seed: string;
  root_key: string;
  host_seed: string;
  host_key: string;
  board: string;
  room: string;
  random: string;
  room_key: string;
  keeper: PartyJson;
  citizen: PartyJson;
  staff: PartyJson;
}

export type PartyName = "keeper" | "citizen" | "staff";

export interface Party {
  sign: SignPair;
  seal: SealPair;
  certificate: Bytes;
  hash: Bytes;
  device: Bytes;
}

export interface Cast extends Record<PartyName, Party> {
  root: SignPair;
  host: SignPair;
  board: Bytes;
  room: Bytes;
  random: Bytes;
  roomKeyBytes: Bytes;
  roomKey: CryptoKey;
}

async function partyOf(json: PartyJson): Promise<Party> {
  const sign = await signPairOfSeed(bytesOfHex(json.sign_seed));
  const seal = await sealPairOfSecret(bytesOfHex(json.seal_secret));
  assert.equal(bytesHex(sign.publicKey), json.sign_key);
  assert.equal(bytesHex(seal.publicKey), json.seal_key);
  return { sign, seal, certificate: bytesOfHex(json.certificate), hash: bytesOfHex(json.hash), device: bytesOfHex(json.device) };
}

export async function castOf(json: CastJson): Promise<Cast> {
  const roomKeyBytes = bytesOfHex(json.room_key);
  return {
    root: await signPairOfSeed(bytesOfHex(json.root_seed)),
    host: await signPairOfSeed(bytesOfHex(json.host_seed)),
    board: bytesOfHex(json.board), room: bytesOfHex(json.room), random: bytesOfHex(json.random),
    roomKeyBytes, roomKey: await deriveKeyImport(roomKeyBytes),
    keeper: await partyOf(json.keeper), citizen: await partyOf(json.citizen), staff: await partyOf(json.staff),
  };
}

export function assertHex(bytes: Uint8Array, expected: string, what?: string): void {
  assert.equal(bytesHex(bytes), expected, what);
}

/** The code of the EnrumError that this throws; "OK" when it throws none. Anything else is thrown on. */
export async function errorOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return "OK";
  } catch (error) {
    if (error instanceof EnrumError) return error.code;
    throw error;
  }
}
