// login -- OpenID Connect's code flow with PKCE (RFC 7636), bound to this device's keys: the address for the browser, and then
// the code as a letter to the keeper, which redeems it and answers with a certificate. The page is left in between, so the
// verifier waits in the local store.
import { certificateTimeError } from "../protocol/certificate.ts";
import { EnrumError } from "../protocol/error.ts";
import { handshakeLoginNonce } from "../protocol/handshake.ts";
import { bytesEqual, layoutSeq } from "../protocol/layout.ts";
import { layoutRoomHead, type WireLetterLoggedIn } from "../protocol/layouts.ts";
import type { LetterBody } from "../protocol/letter.ts";
import { suiteBase64url, suiteHashBare, suiteRandom } from "../protocol/suite.ts";
import { ID_BYTES, LIMITS, ROLES, type ErrorName } from "../protocol/tables.ts";
import type { Question } from "./ask.ts";
import type { Provider } from "./board.ts";
import type { Enrum } from "./enrum.ts";
import type { LoginRow } from "./localstore.ts";
import type { DeviceWord, Role } from "./view.ts";

const KEEPER_WAIT_MS = 15_000;

/** What is left of a certificate's life when it is renewed: a third, as the first try. */
const RENEW_PART = 3;
const RENEW_AGAIN_MS = 10 * 60_000;
const REVOKED_AGAIN_MS = 60_000;
/** Bounds of letter_redeem. */
const REDEEMED_BYTES_MAX = 64;

const utf8 = new TextEncoder();

async function address(enrum: Enrum, provider: Provider, row: LoginRow): Promise<string> {
  const { keys, board } = enrum;
  const url = new URL(provider.authorizationEndpoint);
  const parameters = {
    response_type: "code",
    // Behind #, the code does not reach the web server that serves the pages, nor its log.
    response_mode: "fragment",
    client_id: provider.clientId,
    redirect_uri: row.redirect,
    scope: provider.scope || "openid",
    state: row.state,
    nonce: await handshakeLoginNonce(board.id, keys.sign.publicKey, keys.seal.publicKey, row.random),
    code_challenge: suiteBase64url(await suiteHashBare(utf8.encode(row.verifier))),
    code_challenge_method: "S256",
    ...(provider.acrValues === "" ? {} : { acr_values: provider.acrValues }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** What the keeper is told of this device. */
function deviceSaid(isShared: boolean, { type, browser }: DeviceWord = { type: 0, browser: 0 }) {
  return { device_type: type, browser, is_borrowed: Number(isShared) };
}

export class Login {
  #enrum: Enrum;
  /** What waits for a keeper to be known: an e-ID's code, a printed one, or the wish to be nobody. */
  #waiting: { question: Question; deadline: number } | undefined;
  #isAsked = false;
  #renewAt = 0;
  #revokedAt = -Infinity;
  /** A code was sent, and no keeper has said what became of it. */
  #isUnanswered = false;

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  get isBusy(): boolean {
    return this.#waiting !== undefined || this.#isAsked;
  }

  /** Where to send the browser. Throws PROVIDER_UNKNOWN, FILE_FAILED. */
  async begin(providerId: string, redirect: string, isShared: boolean, device?: DeviceWord): Promise<string> {
    const { board, role, store } = this.#enrum;
    const provider = board.providers.find(({ id, roles }) => id === providerId && roles.includes(role));
    if (provider === undefined) throw new EnrumError("PROVIDER_UNKNOWN");
    await this.#unansweredEnd();
    const [verifier, state] = [suiteBase64url(suiteRandom(ID_BYTES)), suiteBase64url(suiteRandom(ID_BYTES))];
    const row: LoginRow = { key: "login", provider: provider.id, verifier, state, random: suiteRandom(ID_BYTES), redirect, isShared, ...(device === undefined ? {} : { device }) };
    await store.write([{ table: "meta", put: row }]);
    return address(this.#enrum, provider, row);
  }

  /** The code is good for one try. Throws OUT_OF_STATE (no such login was begun here), OVERSIZED, FILE_FAILED. */
  async finish(code: string, state: string): Promise<void> {
    const { store } = this.#enrum;
    const row = (await store.all("meta")).find((meta) => meta.key === "login");
    if (row === undefined || row.state !== state || this.isBusy) throw new EnrumError("OUT_OF_STATE", "login");
    if (code === "" || utf8.encode(code).length > LIMITS.CODE_BYTES_MAX) throw new EnrumError("OVERSIZED", "code");
    await store.write([{ table: "meta", remove: "login" }]);
    const { provider, verifier, redirect, random, isShared = false } = row;
    const body = { provider, code, verifier, redirect, random, role: this.#enrum.roleNumber, ...deviceSaid(isShared, row.device) };
    await this.#wait({ kind: "LOGIN", body }, isShared);
  }

  /** Somebody whom nobody knows, at level 0. Throws MAY_NOT (not at this board, not in this role), OUT_OF_STATE, FILE_FAILED. */
  async unknown(isShared: boolean): Promise<void> {
    const { board, role, me } = this.#enrum;
    if (!board.offers.advice || role !== "citizen") throw new EnrumError("MAY_NOT");
    if (me !== undefined || this.isBusy) throw new EnrumError("OUT_OF_STATE", "login");
    await this.#wait({ kind: "ADVICE", body: { version: 1 } }, isShared);
  }

  /**
   * With a printed code, and no provider; also by somebody who is known here, and whose login has ended. Throws OUT_OF_STATE,
   * CODE_WRONG (it is none at all), FILE_FAILED.
   */
  async redeem(code: string, isShared: boolean, device?: DeviceWord): Promise<void> {
    if (this.isBusy) throw new EnrumError("OUT_OF_STATE", "login");
    if (code === "" || utf8.encode(code).length > REDEEMED_BYTES_MAX) throw new EnrumError("CODE_WRONG");
    await this.#wait({ kind: "REDEEM", body: { code, ...deviceSaid(isShared, device) } }, isShared);
  }

  /** `isShared`: before anything is known of the person. The keys of the login go along. */
  async #wait(question: Question, isShared: boolean): Promise<void> {
    if (question.kind !== "REDEEM" || !isShared) await this.#unansweredEnd();
    if (isShared) await this.#enrum.store.toMemory();
    this.#enrum.isShared = isShared;
    this.#waiting = { question, deadline: this.#enrum.clock.monoMs() + KEEPER_WAIT_MS };
    this.#enrum.loginError = undefined;
    this.#enrum.changed();
  }

  async step(): Promise<void> {
    const { asks, contact, clock } = this.#enrum;
    const waiting = this.#waiting;
    if (waiting !== undefined && contact.isGreeted && asks.hasKeeper) {
      this.#waiting = undefined;
      this.#isAsked = true;
      await this.#ask(waiting.question);
    } else if (waiting !== undefined && clock.monoMs() >= waiting.deadline) {
      this.#waiting = undefined;
      const away = asks.isBefore ? "CERTIFICATE_NOT_YET" : "KEEPER_AWAY";
      await this.#end(contact.isGreeted ? away : "NETWORK");
    }
    await this.#renewStep();
  }

  get dueMs(): number {
    return this.#waiting?.deadline ?? Infinity;
  }

  #ask(question: Question): Promise<void> {
    return this.#enrum.asks.put(question, async (error, answer, time) => {
      this.#isAsked = false;
      // The keeper may have taken the code all the same: it gives the answer once more to the same device, and to no other.
      this.#isUnanswered = question.kind === "REDEEM" && error !== undefined && answer === undefined;
      await this.#end(error === "LETTER_OLD" ? this.#oldBy(time) : error ?? await this.#take(answer, question.kind));
    });
  }

  /** A letter of just now is too old where this clock is not the keeper's, or when it came twice, since the first answer was lost. */
  #oldBy(time: number | undefined): ErrorName {
    const isOff = time !== undefined && Math.abs(this.#enrum.clock.wallMs() - time) > LIMITS.CLOCK_SKEW_MS_MAX;
    return isOff ? "CERTIFICATE_NOT_YET" : "OUT_OF_STATE";
  }

  async #end(error: ErrorName | undefined): Promise<void> {
    this.#enrum.loginError = error;
    try {
      await this.#anew(error);
    } catch (cause) {
      // A disk that fails is no word of a keeper's.
      if (!(cause instanceof EnrumError)) throw cause;
    }
    this.#enrum.changed();
  }

  /** Nobody has come in: what the next try leaves the page with must be there when it comes back. Not the keys: the keeper may have certified them. */
  async #sharedAnew(): Promise<void> {
    const { store } = this.#enrum;
    this.#isUnanswered = false;
    const rows = await store.all("meta");
    await store.clear();
    await this.#enrum.keysRenew(rows.filter(({ key }) => key !== "keys").map((put) => ({ table: "meta", put })));
  }

  /** Somebody goes another way than by the code that nobody has answered. */
  async #unansweredEnd(): Promise<void> {
    const { me, isShared } = this.#enrum;
    if (this.#isUnanswered && me === undefined && isShared) await this.#sharedAnew();
  }

  /** Behind a login by which nobody has come in. */
  async #anew(error: ErrorName | undefined): Promise<void> {
    const { me, isShared } = this.#enrum;
    if (me === undefined && isShared) {
      if (!this.#isUnanswered) await this.#sharedAnew();
    } else if (error === "DEVICE_BOUND" && me === undefined) {
      // These keys were another person's before a logout that was never finished: nothing hangs on them here.
      await this.#enrum.keysRenew();
    }
  }

  // -- The answer ---------------------------------------------------------------------------------------------------

  /** Installs what the keeper has answered; the error when it does not hold. */
  async #take(answer: LetterBody | undefined, way: Question["kind"]): Promise<ErrorName | undefined> {
    if (answer?.kind !== "LOGGED_IN") return "MALFORMED";
    try {
      await this.#install(answer.value, way);
      return undefined;
    } catch (error) {
      if (error instanceof EnrumError) return error.code;
      throw error;
    }
  }

  async #install(body: WireLetterLoggedIn, way: Question["kind"]): Promise<void> {
    const { trust, clock, device, roleNumber, me } = this.#enrum;
    await trust.add(body.issuer);
    const { trusted } = await trust.add(body.certificate);
    const { certificate } = trusted;
    if (!bytesEqual(certificate.device, device)) throw new EnrumError("DEVICE_OTHER");
    if (certificate.body.role !== roleNumber) throw new EnrumError("MALFORMED", "role");
    // What is kept here is this person's.
    if (me !== undefined && !bytesEqual(certificate.body.person, me.certificate.body.person)) throw new EnrumError("DEVICE_BOUND");
    const now = clock.wallMs();
    // This clock may be behind the keeper's. How short a certificate lives is the keeper's matter.
    const at = Math.max(now, Math.min(now + LIMITS.CLOCK_SKEW_MS_MAX, certificate.body.not_before));
    const timeError = certificateTimeError(certificate, at);
    if (timeError !== undefined) throw new EnrumError(timeError);
    // In the store in one write with the certificate: whoever is logged in has the heads.
    for (const head of layoutSeq(layoutRoomHead, body.heads)) await this.#enrum.keeperHead(head);
    await this.#enrum.certify(body, way);
    await this.#enrum.contact.prove();
  }

  // -- Put out ------------------------------------------------------------------------------------------------------

  /**
   * The host says that this device has been logged out for good. Only the keeper's word on it makes the device forget: a host that
   * lies must not be able to delete what is kept here.
   */
  async judgeRevoked(): Promise<void> {
    const { clock } = this.#enrum;
    if (this.#enrum.me === undefined || clock.monoMs() - this.#revokedAt < REVOKED_AGAIN_MS) return;
    this.#revokedAt = clock.monoMs();
    await this.#renew(() => {
      // Nobody has answered: asked again with the next refusal.
      this.#revokedAt = -Infinity;
    });
  }

  // -- Renewal ------------------------------------------------------------------------------------------------------

  async #renewStep(): Promise<void> {
    const { me, clock, contact } = this.#enrum;
    if (me === undefined || contact.phase !== "READY" || clock.monoMs() < this.#renewAt) return;
    const { not_before: from, not_after: until } = me.certificate.body;
    if (until - clock.wallMs() > (until - from) / RENEW_PART) return;
    this.#renewAt = clock.monoMs() + RENEW_AGAIN_MS;
    await this.#renew((error) => {
      // While the old one is good there is nothing to do yet.
      if (error === "CERTIFICATE_EXPIRED" && clock.wallMs() >= until) this.#enrum.onProofRefused(error);
    });
  }

  #renew(failed: (error: ErrorName) => void): Promise<void> {
    return this.#enrum.asks.put({ kind: "RENEW", body: { role: this.#enrum.roleNumber } }, async (error, answer) => {
      if (error === undefined) await this.#take(answer, "RENEW");
      // Logged out for good, in the keeper's own answer: the host can refuse a letter with the same error, and may have hidden that one.
      else if (error === "CERTIFICATE_REVOKED" && answer?.kind === "REFUSED") this.#enrum.putOut();
      else failed(error);
    });
  }
}

/** The role's number in letters and certificates. */
export function roleNumberOf(role: Role): number {
  return { citizen: ROLES.CITIZEN, staff: ROLES.STAFF, guest: ROLES.GUEST }[role];
}
