// board -- board.json: what a client believes before it has heard anybody. The root that the file names is followed from the
// first one, whose hash is the board's id, over signed successors. Reads text; fetching and keeping it is not done here.
import { boardId, signedDecode } from "../protocol/certificate.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, layoutDecode } from "../protocol/layout.ts";
import { layoutSigned, layoutSuccessor } from "../protocol/layouts.ts";
import { suiteBase64urlDecode } from "../protocol/suite.ts";
import { ID_BYTES, LIMITS } from "../protocol/tables.ts";

export type ProviderRole = "citizen" | "staff" | "guest";

/** An e-ID provider. */
export interface Provider {
  id: string;
  name: string;
  issuer: string;
  clientId: string;
  authorizationEndpoint: string;
  scope: string;
  /** Asked for in the request; blank-separated. */
  acrValues: string;
  /** Who logs in with it. */
  roles: ProviderRole[];
}

export interface Board {
  id: Bytes;
  name: string;
  hostUrl: string;
  hostKey: Bytes;
  /** Empty when there is none. */
  telephone: string;
  /** When both are given, and are `#rrggbb`. */
  colours?: { primary: string; onPrimary: string };
  /** First ... newest. */
  roots: Bytes[];
  /** The signed statements between the roots. */
  successors: Bytes[];
  providers: Provider[];
  offers: Offers;
}

/** What the board offers beside conversations of people who log in. */
export interface Offers {
  /** Advice to people who do not log in. */
  advice: boolean;
  /** Notices by e-mail. */
  notices: boolean;
}

/** The longest texts, in bytes of UTF-8: those that the C side has room for. */
const TEXT_BYTES_MAX = 255;
const SHORT_BYTES_MAX = 63;
const COLOUR_BYTES_MAX = 15;
const ACR_BYTES_MAX = 511;
const SUCCESSOR_CHARACTERS_MAX = 511;
const PROVIDERS_MAX = 8;
const ROLES_KNOWN: readonly ProviderRole[] = ["citizen", "staff", "guest"];

const utf8 = new TextEncoder();

function malformed(what: string): EnrumError {
  return new EnrumError("MALFORMED", `board.json: ${what}`);
}

// -- JSON, stricter than the platform's -----------------------------------------------------------------------------

/** A text of JSON, a bracket or colon, or a number or word. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]|[^\s"{}[\]:,]+/g;

/** In text that is JSON: no member twice, no broken or zero characters, no number that is too large. */
function strictCheck(text: string): void {
  const names: Set<string>[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") names.push(new Set());
    else if (token === "}" || token === "]") names.pop();
    else if (token === ":") nameTake(last, names.at(-1));
    else valueCheck(JSON.parse(token));
    last = token;
  }
}

function nameTake(token: string, names: Set<string> | undefined): void {
  const name = JSON.parse(token) as string;
  if (names === undefined || names.has(name)) throw malformed(`a member twice: ${name}`);
  names.add(name);
}

function valueCheck(value: unknown): void {
  if (typeof value === "string" && (!value.isWellFormed() || value.includes("\0"))) throw malformed("a text");
  if (typeof value === "number" && !Number.isFinite(value)) throw malformed("a number");
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonRead(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EnrumError("MALFORMED", "board.json", cause);
  }
  strictCheck(text);
  if (!isMembers(value)) throw malformed("no object");
  return value;
}

// -- Members --------------------------------------------------------------------------------------------------------

function textNeeded(members: Members, name: string, bytesMax: number = TEXT_BYTES_MAX): string {
  const value = members[name];
  if (typeof value !== "string" || utf8.encode(value).length > bytesMax) throw malformed(name);
  return value;
}

/** A text that may be left out, or null: then it is empty. */
function textRead(members: Members, name: string, bytesMax: number = TEXT_BYTES_MAX): string {
  return members[name] === undefined || members[name] === null ? "" : textNeeded(members, name, bytesMax);
}

function idRead(members: Members, name: string): Bytes {
  const value = members[name];
  if (typeof value !== "string") throw malformed(name);
  return suiteBase64urlDecode(value, ID_BYTES);
}

function rolesRead(roles: unknown): ProviderRole[] {
  if (!Array.isArray(roles)) throw malformed("roles");
  return ROLES_KNOWN.filter((role) => roles.includes(role));
}

function providerRead(members: unknown): Provider {
  if (!isMembers(members)) throw malformed("a provider");
  return {
    id: textNeeded(members, "id", SHORT_BYTES_MAX),
    name: textRead(members, "name"),
    issuer: textNeeded(members, "issuer"),
    clientId: textNeeded(members, "client_id"),
    authorizationEndpoint: textNeeded(members, "authorization_endpoint"),
    scope: textRead(members, "scope"),
    acrValues: textRead(members, "acr_values", ACR_BYTES_MAX),
    roles: rolesRead(members.roles),
  };
}

function providersRead(providers: unknown): Provider[] {
  if (providers === undefined) return [];
  if (!Array.isArray(providers) || providers.length > PROVIDERS_MAX) throw malformed("providers");
  return providers.map(providerRead);
}

/** Those that a later version may name are not known here. */
function offersRead(offers: unknown): Offers {
  if (offers !== undefined && !Array.isArray(offers)) throw malformed("offers");
  const list: readonly unknown[] = offers ?? [];
  return { advice: list.includes("advice"), notices: list.includes("notices") };
}

/** They go into a style sheet: what is no colour is left out. */
function coloursRead(value: unknown): Pick<Board, "colours"> {
  if (!isMembers(value)) return {};
  const primary = textRead(value, "primary", COLOUR_BYTES_MAX);
  const onPrimary = textRead(value, "on_primary", COLOUR_BYTES_MAX);
  const isColour = (text: string) => /^#[0-9a-f]{6}$/i.test(text);
  return isColour(primary) && isColour(onPrimary) ? { colours: { primary, onPrimary } } : {};
}

// -- Roots ----------------------------------------------------------------------------------------------------------

function successorsRead(successors: unknown): Bytes[] {
  if (!Array.isArray(successors)) return [];
  if (successors.length > LIMITS.SUCCESSORS_MAX) throw malformed("successors");
  return successors.map((text: unknown) => {
    if (typeof text !== "string" || text.length > SUCCESSOR_CHARACTERS_MAX) throw malformed("a successor");
    return suiteBase64urlDecode(text, Math.floor(text.length * 3 / 4));
  });
}

/**
 * The first root key is not in the file when there are successors: it is the first one's old key, and its hash the id.
 */
function firstRoot(successors: readonly Bytes[], root: Bytes): Bytes {
  const [first] = successors;
  return first === undefined ? root : layoutDecode(layoutSuccessor, layoutDecode(layoutSigned, first).body).old_key;
}

/** The root that one root change leads to: signed by the root at hand, which it follows. */
async function successorRoot(bytes: Bytes, old: Bytes, board: Bytes): Promise<Bytes> {
  const successor = layoutDecode(layoutSuccessor, await signedDecode(bytes, old, "SUCCESSOR"));
  if (!bytesEqual(successor.board, board) || !bytesEqual(successor.old_key, old)) {
    throw new EnrumError("SIGNATURE_WRONG", "successor of another root");
  }
  return successor.new_key;
}

async function rootsRead(successors: readonly Bytes[], root: Bytes, board: Bytes): Promise<Bytes[]> {
  let newest = firstRoot(successors, root);
  if (!bytesEqual(await boardId(newest), board)) throw malformed("the root is not the board's");
  const roots = [newest];
  for (const bytes of successors) {
    newest = await successorRoot(bytes, newest, board);
    roots.push(newest);
  }
  if (!bytesEqual(newest, root)) throw malformed("the root is not the newest");
  return roots;
}

// -- The host -------------------------------------------------------------------------------------------------------

const LOOPBACK: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

/** TLS, but on this very machine. */
function hostUrlRead(host: Members): string {
  const text = textNeeded(host, "url");
  const url = URL.parse(text);
  const isPlain = url?.protocol === "ws:" && LOOPBACK.includes(url.hostname);
  if (url?.protocol !== "wss:" && !isPlain) throw malformed("host.url");
  return text;
}

// -- The whole ------------------------------------------------------------------------------------------------------

/** Reads a board.json. Throws MALFORMED, SIGNATURE_WRONG (a successor). */
export async function boardRead(text: string): Promise<Board> {
  const file = jsonRead(text);
  if (file.version !== 1) throw malformed("version");
  const host = isMembers(file.host) ? file.host : {};
  const id = idRead(file, "board");
  const root = idRead(file, "root");
  const board = {
    id,
    name: textNeeded(file, "name"),
    hostUrl: hostUrlRead(host),
    hostKey: idRead(host, "key"),
    telephone: textRead(file, "telephone", SHORT_BYTES_MAX),
    ...coloursRead(file.colours),
    providers: providersRead(file.providers),
    offers: offersRead(file.offers),
  };
  const successors = successorsRead(file.successors);
  return { ...board, successors, roots: await rootsRead(successors, root, id) };
}

/**
 * Is `board` the one that was pinned: the same, or one that its signed successors lead to from the pinned newest root?
 * Everything else in it may have changed, the host's address and key too: a board may move to another host.
 * Throws ROOT_CHANGED.
 */
export function boardPinCheck(pinned: Board, board: Board): void {
  const newest = pinned.roots.at(-1);
  if (newest === undefined || !bytesEqual(pinned.id, board.id) || !board.roots.some((root) => bytesEqual(root, newest))) {
    throw new EnrumError("ROOT_CHANGED");
  }
}
