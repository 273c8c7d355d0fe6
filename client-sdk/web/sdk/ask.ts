// ask -- letters to the board's keepers, and their answers. A question goes to the newest keeper first, and to the next when
// that one is away.
import { certificateTimeError } from "../protocol/certificate.ts";
import { EnrumError, errorFind } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, layoutDecode, layoutSeqBytes } from "../protocol/layout.ts";
import { layoutSigned } from "../protocol/layouts.ts";
import { letterBody, letterDecode, letterEncode, type LetterBody, type LetterDraft } from "../protocol/letter.ts";
import { messageLetterBack, messageLetterSend, type MsgBoard } from "../protocol/messages.ts";
import { suiteRandom } from "../protocol/suite.ts";
import { ID_BYTES, type ErrorName } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import type { Trusted } from "./trust.ts";

const ASK_WAIT_MS = 30_000;
/** What is good once: a lost answer is asked for with the same letter, whose id the keeper remembers. */
const ONCE: readonly Question["kind"][] = ["LOGIN", "INVITE"];
const NO_BYTES: Bytes = new Uint8Array(0);

/** What is asked: kind and body of a letter. */
export type Question = { [K in LetterDraft["kind"]]: { kind: K; body: Extract<LetterDraft, { kind: K }>["body"] } }[LetterDraft["kind"]];

/**
 * A keeper's answer; or why there is none: REFUSED's code, KEEPER_AWAY, TIMEOUT, MALFORMED, or what the host says. With a REFUSED
 * of the keeper's comes its answer, too: the host alone can name any error. `time`: the keeper's, when it answered.
 */
export type AskEnd = (error: ErrorName | undefined, answer: LetterBody | undefined, time?: number) => Promise<void> | void;

interface Ask {
  question: Question;
  id: Bytes;
  deadline: number;
  isSent: boolean;
  /** Index of the keeper asked. */
  keeper: number;
  end: AskEnd;
}

/** Asked by who has no certificate yet, and need not be known to the host. */
const BEFORE_LOGIN: readonly Question["kind"][] = ["LOGIN", "ADVICE", "REDEEM"];
const ANSWERS: readonly (LetterBody["kind"] | undefined)[] = ["DONE", "LOGGED_IN", "NOTICE_STATE", "DEVICES", "INVITED", "UNITS"];

export class Asks {
  #enrum: Enrum;
  #list: Ask[] = [];
  #keepers: Trusted[] = [];
  /** BOARD has been answered, on this connection or an earlier one. */
  #isKnown = false;
  /** The last of them was away: there may be others by now. */
  #isStale = false;

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  /** The keepers that earlier connections told of. */
  open(): void {
    const now = this.#enrum.clock.wallMs();
    this.#keepers = this.#enrum.trust.keepers().filter(({ certificate }) => certificateTimeError(certificate, now) === undefined);
  }

  get keepers(): readonly Trusted[] {
    return this.#keepers;
  }

  /** Is a keeper known that may answer? */
  get hasKeeper(): boolean {
    return this.#keepers.length > 0 && !this.#isStale;
  }

  /** There are keepers, and by this clock none of them is one yet. */
  get isBefore(): boolean {
    const now = this.#enrum.clock.wallMs();
    return this.#keepers.length === 0 && this.#enrum.trust.keepers().some(({ certificate }) => certificateTimeError(certificate, now) === "CERTIFICATE_NOT_YET");
  }

  /** `end` is called once. */
  async put(question: Question, end: AskEnd): Promise<void> {
    if (this.#isKnown && this.#keepers.length === 0) return end("KEEPER_AWAY", undefined);
    const deadline = this.#enrum.clock.monoMs() + ASK_WAIT_MS;
    this.#list.push({ question, id: suiteRandom(ID_BYTES), deadline, isSent: false, keeper: 0, end });
  }

  async #end(ask: Ask, error: ErrorName | undefined, answer?: LetterBody, time?: number): Promise<void> {
    this.#list = this.#list.filter((other) => other !== ask);
    this.#enrum.changed();
    if (error === undefined && answer?.kind === "REFUSED") {
      await ask.end(errorFind(answer.value.code) ?? "STORE_FAILED", answer, time);
    } else if (error === undefined && !ANSWERS.includes(answer?.kind)) {
      await ask.end("MALFORMED", undefined);
    } else {
      await ask.end(error, answer);
    }
  }

  // -- Sending ------------------------------------------------------------------------------------------------------

  async #send(ask: Ask): Promise<void> {
    const { board, keys, me, clock } = this.#enrum;
    const keeper = this.#keepers[ask.keeper] as Trusted;
    const certificate = me !== undefined && !BEFORE_LOGIN.includes(ask.question.kind) ? me.bytes : NO_BYTES;
    const draft = { ...ask.question, board: board.id, id: ask.id, timeMs: clock.wallMs() } as LetterDraft;
    const { sign_key: signKey, seal_key: sealKey } = keeper.certificate.body;
    const letter = await letterEncode({ sign: keys.sign, seal: keys.seal, certificate }, draft, { signKey, sealKey });
    ask.isSent = true;
    this.#enrum.contact.ask(messageLetterSend, { board: board.id, id: ask.id, durable: 0, letter },
      ({ error }) => this.#onSent(ask, error));
  }

  async #onSent(ask: Ask, error: ErrorName | undefined): Promise<void> {
    if (error === undefined || !this.#list.includes(ask)) return;
    if (error === "NETWORK") {
      // The same letter again: its id is remembered by who has had it.
      ask.isSent = false;
    } else if (error === "KEEPER_AWAY" && ask.keeper + 1 < this.#keepers.length) {
      ask.keeper++;
      ask.isSent = false;
    } else {
      this.#isStale ||= error === "KEEPER_AWAY";
      await this.#end(ask, error);
    }
  }

  #maySend({ isSent, question: { kind } }: Ask): boolean {
    const { contact } = this.#enrum;
    // Of a device that the host knows no longer, the keeper says why.
    const isOpen = BEFORE_LOGIN.includes(kind) || kind === "RENEW" ? contact.isGreeted : contact.phase === "READY";
    return !isSent && isOpen && this.#keepers.length > 0;
  }

  async step(): Promise<void> {
    for (const ask of [...this.#list]) {
      if (this.#enrum.clock.monoMs() >= ask.deadline) await this.#end(ask, "TIMEOUT");
      else if (this.#maySend(ask)) await this.#send(ask);
    }
  }

  get dueMs(): number {
    return Math.min(Infinity, ...this.#list.map((ask) => this.#maySend(ask) ? 0 : ask.deadline));
  }

  onLost(): void {
    for (const ask of this.#list) {
      ask.isSent = false;
      ask.keeper = 0;
      // An answer goes to the connection that asked: asked again.
      if (!ONCE.includes(ask.question.kind)) ask.id = suiteRandom(ID_BYTES);
    }
  }

  // -- Keepers and answers ------------------------------------------------------------------------------------------

  /** The answer to BOARD_GET: keepers in time and not revoked become the ones that are asked. */
  async onBoard(board: MsgBoard): Promise<void> {
    const { trust, clock } = this.#enrum;
    if (!bytesEqual(board.board, this.#enrum.board.id)) return;
    for (const bytes of layoutSeqBytes(layoutSigned, board.revocations)) await trust.revoke(bytes);
    await this.#enrum.certificatesTake(board.keepers);
    const named = layoutSeqBytes(layoutSigned, board.keepers);
    const now = clock.wallMs();
    const ofBoard = trust.keepers().filter((keeper) => named.some((bytes) => bytesEqual(bytes, keeper.bytes)));
    if (named.length > 0 && ofBoard.length === 0) this.#enrum.troubleSet("KEEPER_UNTRUSTED");
    this.#keepers = ofBoard.filter((keeper) => certificateTimeError(keeper.certificate, now) === undefined
      && !trust.isRevoked(keeper.certificate, now));
    this.#isKnown = true;
    this.#isStale = false;
    this.#enrum.isKeeperAway = board.keeper_here === 0;
    this.#enrum.changed();
  }

  async onLetterBack(frame: Bytes): Promise<void> {
    const { keys, board } = this.#enrum;
    try {
      const inner = await letterDecode(layoutDecode(messageLetterBack, frame).letter, keys.sign, keys.seal);
      const isOfKeeper = this.#keepers.some(({ certificate }) => bytesEqual(certificate.body.sign_key, inner.sign_key));
      if (!isOfKeeper || !bytesEqual(inner.board, board.id)) throw new EnrumError("KEEPER_UNTRUSTED");
      const ask = this.#list.find(({ id }) => bytesEqual(id, inner.id));
      if (ask !== undefined) await this.#end(ask, undefined, letterBody(inner), inner.time);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      this.#enrum.troubleSet("KEEPER_UNTRUSTED");
    }
  }
}
