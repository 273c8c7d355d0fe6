// board_maker -- a board with made-up people, for the tests of the browser's SDK: its root, host, keeper and devices, with real
// keys and certificates, its board.json, root changes and revocations. What they write is room_maker.ts.
import { boardRead, type Board } from "../../client-sdk/web/sdk/board.ts";
import type { Trusted } from "../../client-sdk/web/sdk/trust.ts";
import { boardId, certificateDecode, certificateEncode, signedEncode } from "../../client-sdk/web/protocol/certificate.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { bytesHex, bytesJoin, layoutEncode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutRevocation, layoutSuccessor } from "../../client-sdk/web/protocol/layouts.ts";
import {
  sealPairNew, signPairNew, suiteBase64url, suiteRandom, type SealPair, type SignPair,
} from "../../client-sdk/web/protocol/suite.ts";
import { GROUNDS, ID_BYTES, ROLES } from "../../client-sdk/web/protocol/tables.ts";

export const DAY_MS = 86_400_000;

/** A device with its keys. Its person is in its certificate. */
export interface Device extends Trusted {
  sign: SignPair;
  seal: SealPair;
}

export interface CertificateWishes {
  /** Left out: somebody new; of a keeper always the board. */
  person?: Bytes;
  level?: number;
  notBefore?: number;
  notAfter?: number;
  /** Who certifies; left out: the board's first keeper. */
  keeper?: Device;
}

/** The same signed thing with an element of a later version behind it: still good, as long as there is room for it. */
export function signedLengthen(signed: Bytes, length: number): Bytes {
  const extra = new Uint8Array(length - signed.length - 2);
  return bytesJoin([Uint8Array.of(0x93), signed.subarray(1), Uint8Array.of(0xc4, extra.length), extra]);
}

export class BoardMaker {
  /** What the clocks of this board show: tests may move it. */
  now: number;
  /** The newest root. */
  root: SignPair;
  readonly host: SignPair;
  readonly id: Bytes;
  readonly #firstRoot: Bytes;
  readonly #successors: Bytes[] = [];
  readonly #issued = new Map<string, Trusted>();
  #people: { keeper: Device; citizen: Device; staff: Device; stranger: Device } | undefined;

  private constructor(now: number, root: SignPair, host: SignPair, id: Bytes) {
    this.now = now;
    this.root = root;
    this.host = host;
    this.id = id;
    this.#firstRoot = root.publicKey;
  }

  /** With one keeper, one citizen, one of the staff, and a stranger: staff who is in no room. */
  static async make(now: number = Date.now()): Promise<BoardMaker> {
    const root = await signPairNew();
    const maker = new BoardMaker(now, root, await signPairNew(), await boardId(root.publicKey));
    // A keeper's certificate is the longest: tests move the clock and certify again.
    const keeper = await maker.device(ROLES.KEEPER, { notBefore: now - 30 * DAY_MS, notAfter: now + 30 * DAY_MS });
    maker.#people = { keeper, citizen: keeper, staff: keeper, stranger: keeper };
    maker.#people.citizen = await maker.device(ROLES.CITIZEN);
    maker.#people.staff = await maker.device(ROLES.STAFF);
    maker.#people.stranger = await maker.device(ROLES.STAFF);
    return maker;
  }

  get keeper(): Device {
    return this.#people!.keeper;
  }

  get citizen(): Device {
    return this.#people!.citizen;
  }

  get staff(): Device {
    return this.#people!.staff;
  }

  get stranger(): Device {
    return this.#people!.stranger;
  }

  // -- Certificates -------------------------------------------------------------------------------------------------

  /** A new device with new keys. */
  async device(role: number, wishes: CertificateWishes = {}): Promise<Device> {
    const [sign, seal] = [await signPairNew(), await sealPairNew()];
    return { sign, seal, ...await this.certify(sign.publicKey, seal.publicKey, role, wishes) };
  }

  /** The same device with a new certificate. */
  async renew(device: Device, wishes: CertificateWishes = {}): Promise<Device> {
    const { person, role } = device.certificate.body;
    return { ...device, ...await this.certify(device.sign.publicKey, device.seal.publicKey, role, { person, ...wishes }) };
  }

  /** A certificate for keys that somebody else holds, as at a login. */
  async certify(signKey: Bytes, sealKey: Bytes, role: number, wishes: CertificateWishes = {}): Promise<Trusted> {
    const isKeeper = role === ROLES.KEEPER;
    const keeper = isKeeper ? undefined : wishes.keeper ?? this.keeper;
    const bytes = await certificateEncode(keeper?.sign ?? this.root, {
      board: this.id, issuer: keeper?.certificate.hash ?? this.id, sign_key: signKey, seal_key: sealKey,
      person: isKeeper ? this.id : wishes.person ?? suiteRandom(ID_BYTES), role, level: wishes.level ?? (isKeeper ? 4 : 3),
      not_before: wishes.notBefore ?? this.now - DAY_MS, not_after: wishes.notAfter ?? this.now + DAY_MS,
    });
    const trusted = { certificate: await certificateDecode(bytes), bytes, issuer: keeper?.bytes ?? new Uint8Array(0) };
    this.#issued.set(bytesHex(trusted.certificate.hash), trusted);
    return trusted;
  }

  /** A certificate of this board by its hash. */
  find(hash: Bytes): Trusted | undefined {
    return this.#issued.get(bytesHex(hash));
  }

  /** Signed by the newest root unless by somebody else. */
  revocation(device: Bytes, at: number, signer: SignPair = this.root, board: Bytes = this.id): Promise<Bytes> {
    const body = { version: 1, board, device, at, ground: GROUNDS.LOST };
    return signedEncode(signer, "REVOCATION", layoutEncode(layoutRevocation, body));
  }

  // -- board.json ---------------------------------------------------------------------------------------------------

  /** From now on another root signs. The signer and the contents may be told to be wrong. */
  async rootChange(lies: { signer?: SignPair; board?: Bytes; oldKey?: Bytes; next?: SignPair } = {}): Promise<void> {
    const next = lies.next ?? await signPairNew();
    const body = {
      version: 1, board: lies.board ?? this.id, old_key: lies.oldKey ?? this.root.publicKey, new_key: next.publicKey, at: this.now,
    };
    this.#successors.push(await signedEncode(lies.signer ?? this.root, "SUCCESSOR", layoutEncode(layoutSuccessor, body)));
    this.root = next;
  }

  /** Of its members, those given stand for the usual ones. */
  json(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const provider = {
      id: "test", name: "Test", issuer: "http://127.0.0.1:1", client_id: "c", authorization_endpoint: "http://127.0.0.1:1/auth",
      scope: "openid", acr_values: "", roles: ["citizen", "staff"],
    };
    return {
      version: 1, name: "Testnämnden", board: suiteBase64url(this.id), root: suiteBase64url(this.root.publicKey),
      host: { url: "ws://127.0.0.1:9/", key: suiteBase64url(this.host.publicKey) }, telephone: "08-000 00 00",
      colours: { primary: "#123456", on_primary: "#FFFFFF" }, providers: [provider],
      successors: this.#successors.map(suiteBase64url), ...changes,
    };
  }

  /** board.json as it is served. */
  text(changes: Readonly<Record<string, unknown>> = {}): string {
    return JSON.stringify(this.json(changes), undefined, 2);
  }

  board(changes: Readonly<Record<string, unknown>> = {}): Promise<Board> {
    return boardRead(this.text(changes));
  }

  get firstRoot(): Bytes {
    return this.#firstRoot;
  }
}
