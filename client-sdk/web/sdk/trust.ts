// trust -- the certificates of one board that lead to its pinned root, and who of its keepers has been revoked. What does not
// lead to the root is not kept: to find a certificate here is to believe who holds its keys.
import { certificateDecode, chainCheck, signedDecode, type Certificate } from "../protocol/certificate.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutDecode, layoutNext } from "../protocol/layout.ts";
import { layoutProfile, layoutRevocation, layoutSigned, type WireProfile } from "../protocol/layouts.ts";
import { LIMITS, ROLES } from "../protocol/tables.ts";
import type { Board } from "./board.ts";

export interface Trusted {
  certificate: Certificate;
  bytes: Bytes;
  /** The keeper's certificate; empty for a keeper's own. */
  issuer: Bytes;
}

const NO_BYTES: Bytes = new Uint8Array(0);

/** What was refused on purpose is passed over; a bug is not. */
function passOver(error: unknown): void {
  if (!(error instanceof EnrumError)) throw error;
}

/** The elements of a SEQ of signed things, as bytes, up to the first that is none. */
function signedElements(seq: Bytes): Bytes[] {
  const elements: Bytes[] = [];
  try {
    for (let at = 0; at < seq.length;) {
      const { end } = layoutNext(layoutSigned, seq, at);
      elements.push(seq.subarray(at, end));
      at = end;
    }
  } catch (error) {
    passOver(error);
  }
  return elements;
}

function isKeeper({ certificate }: Trusted): boolean {
  return certificate.body.role === ROLES.KEEPER;
}

export class Trust {
  readonly #board: Board;
  readonly #byHash = new Map<string, Trusted>();
  /** One of each device's: they name the same holder. */
  readonly #byDevice = new Map<string, Trusted>();
  /** By device: nothing received later counts. */
  readonly #revocations = new Map<string, number>();

  constructor(board: Board) {
    this.#board = board;
  }

  /** Undefined when no such certificate leads to the root. */
  find(hash: Bytes): Trusted | undefined {
    return this.findHex(bytesHex(hash));
  }

  findHex(hashHex: string): Trusted | undefined {
    return this.#byHash.get(hashHex);
  }

  /** Of whoever holds this device; undefined when none has been told. */
  ofDevice(device: Bytes): Trusted | undefined {
    return this.#byDevice.get(bytesHex(device));
  }

  /**
   * One certificate whose issuer is the root, or is known already; `isNew` when it itself was not.
   * Throws those of chainCheck, KEEPER_UNTRUSTED (its issuer is not known).
   */
  async add(bytes: Bytes): Promise<{ trusted: Trusted; isNew: boolean }> {
    if (bytes.length > LIMITS.CERTIFICATE_BYTES_MAX) throw new EnrumError("MALFORMED", "certificate: too large");
    // A copy: what is kept must not hold the frame that it came in.
    const own = bytes.slice();
    const { body, hash } = await certificateDecode(own);
    const known = this.find(hash);
    if (known !== undefined) return { trusted: known, isNew: false };
    const issuer = this.#issuerBytes(body.issuer);
    return this.#remember({ certificate: await this.#checkUnderRoots(own, issuer), bytes: own, issuer });
  }

  #issuerBytes(issuer: Bytes): Bytes {
    if (bytesEqual(issuer, this.#board.id)) return NO_BYTES;
    const keeper = this.find(issuer);
    if (keeper === undefined) throw new EnrumError("KEEPER_UNTRUSTED");
    return keeper.bytes;
  }

  /** Under any of the roots, newest first: what an old root signed in its time stands. */
  async #checkUnderRoots(bytes: Bytes, issuer: Bytes): Promise<Certificate> {
    let refused: unknown = new EnrumError("CERTIFICATE_UNTRUSTED", "no root");
    for (const root of this.#board.roots.toReversed()) {
      try {
        return await chainCheck(this.#board.id, root, bytes, issuer);
      } catch (error) {
        passOver(error);
        refused = error;
      }
    }
    throw refused;
  }

  #remember(trusted: Trusted): { trusted: Trusted; isNew: boolean } {
    const key = bytesHex(trusted.certificate.hash);
    // Another call may have brought the same one while this one was checked.
    const known = this.#byHash.get(key);
    if (known !== undefined) return { trusted: known, isNew: false };
    this.#byHash.set(key, trusted);
    this.#byDevice.set(bytesHex(trusted.certificate.device), trusted);
    return { trusted, isNew: true };
  }

  /** All certificates of a SEQ that hold; the others are passed over. Returns those that are new, keepers' first. */
  async addAll(seq: Bytes): Promise<Trusted[]> {
    const added: Trusted[] = [];
    let waiting = signedElements(seq);
    // A device's certificate may stand before its keeper's: the first pass finds the keepers.
    for (let pass = 0; pass < 2; pass++) {
      const refused: Bytes[] = [];
      for (const bytes of waiting) {
        try {
          const { trusted, isNew } = await this.add(bytes);
          if (isNew) added.push(trusted);
        } catch (error) {
          passOver(error);
          refused.push(bytes);
        }
      }
      waiting = refused;
    }
    return [...added.filter(isKeeper), ...added.filter((trusted) => !isKeeper(trusted))];
  }

  /** A revocation of a keeper, when a root has signed it; what is none changes nothing. */
  async revoke(bytes: Bytes): Promise<void> {
    for (const root of this.#board.roots) {
      try {
        this.#revokeBody(await signedDecode(bytes, root, "REVOCATION"));
        return;
      } catch (error) {
        passOver(error);
      }
    }
  }

  #revokeBody(body: Bytes): void {
    const revocation = layoutDecode(layoutRevocation, body);
    const device = bytesHex(revocation.device);
    if (!bytesEqual(revocation.board, this.#board.id) || this.#revocations.has(device)) return;
    if (this.#revocations.size < LIMITS.KEEPERS_MAX) this.#revocations.set(device, revocation.at);
  }

  #isDeviceRevoked(device: Bytes, atMs: number): boolean {
    const at = this.#revocations.get(bytesHex(device));
    return at !== undefined && atMs > at;
  }

  /** Was the certificate's holder, or the keeper that issued it, revoked before this? */
  isRevoked(certificate: Certificate, atMs: number): boolean {
    if (this.#isDeviceRevoked(certificate.device, atMs)) return true;
    const issuer = this.find(certificate.body.issuer);
    return issuer !== undefined && this.#isDeviceRevoked(issuer.certificate.device, certificate.body.not_before);
  }

  /**
   * A keeper's statement who a person is, as it stands now. Throws MALFORMED, KEEPER_UNTRUSTED, SIGNATURE_WRONG, CERTIFICATE_OTHER_BOARD,
   * CERTIFICATE_EXPIRED.
   */
  async profile(bytes: Bytes, atMs: number): Promise<WireProfile> {
    const keeper = this.find(layoutDecode(layoutProfile, layoutDecode(layoutSigned, bytes).body).issuer);
    if (keeper === undefined || !isKeeper(keeper) || this.isRevoked(keeper.certificate, atMs)) throw new EnrumError("KEEPER_UNTRUSTED", "profile");
    const profile = layoutDecode(layoutProfile, await signedDecode(bytes, keeper.certificate.body.sign_key, "PROFILE"));
    if (!bytesEqual(profile.board, this.#board.id)) throw new EnrumError("CERTIFICATE_OTHER_BOARD", "profile");
    if (atMs >= profile.not_after) throw new EnrumError("CERTIFICATE_EXPIRED", "profile");
    return { ...profile, person: profile.person.slice() };
  }

  /** The keepers' certificates, newest first. */
  keepers(): Trusted[] {
    return [...this.#byHash.values()].filter(isKeeper)
      .sort((a, b) => b.certificate.body.not_before - a.certificate.body.not_before);
  }
}
