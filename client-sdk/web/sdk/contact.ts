// contact -- one connection's conversation with the host: hello, proof, requests by number, pings.
//
//   OFFLINE --[due]--> CONNECTING --[socket open, HELLO]--> HELLO_SENT --[good CHALLENGE]--> GREETED --[PROVE, READY]--> READY
//      '<---- lost, silent, or a host that is not the board's; the next try when the back-off says so ----'
//
// GREETED: the host has shown the key that the board names. READY: and this device's certificate is accepted.
import { EnrumError, errorFind } from "../protocol/error.ts";
import type { Bytes, Message, ValueOf } from "../protocol/field.ts";
import { handshakeChallengeIsGood, handshakeProofSign } from "../protocol/handshake.ts";
import { framePeek, layoutDecode, messageEncode } from "../protocol/layout.ts";
import {
  messageBoard, messageBoardGet, messageChallenge, messageError, messageHello, messagePing, messageProve, messageReady,
} from "../protocol/messages.ts";
import { suiteRandom } from "../protocol/suite.ts";
import { ERRORS, ID_BYTES, PROTOCOL_VERSION, type ErrorName } from "../protocol/tables.ts";
import { Backoff } from "./backoff.ts";
import type { Enrum } from "./enrum.ts";
import type { Socket } from "./environment.ts";

export type ContactPhase = "OFFLINE" | "CONNECTING" | "HELLO_SENT" | "GREETED" | "READY";

const PING_EVERY_MS = 10_000;
const ANSWER_WAIT_MS = 20_000;
const CONNECT_WAIT_MS = 20_000;
/** While no keeper is known that answers, or it is away. */
const BOARD_EVERY_MS = 2_000;
/** A keeper that is there has recorded an entry long before. */
const DOUBT_MS = 10_000;
const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 30_000;

/** `error` is the code of an ERROR, or NETWORK when the connection was lost first; else type and frame are the answer's. */
export interface Answer {
  error?: ErrorName;
  type: number;
  frame: Bytes;
}

interface Request {
  deadline: number;
  done: (answer: Answer) => Promise<void> | void;
}

/** Encoders take what they are given: the caller's value is checked by its type. */
type Unnumbered<M extends Message> = Omit<ValueOf<M>, "type" | "request">;

const NO_BYTES: Bytes = new Uint8Array(0);

export class Contact {
  phase: ContactPhase = "OFFLINE";
  /** Why there is no connection, or why GREETED is not READY. */
  error: ErrorName | undefined;
  readonly backoff: Backoff;
  /** READY, and under the certificate that this device has now: one that was just renewed is not accepted yet. */
  isProved = false;
  #enrum: Enrum;
  #socket: Socket | undefined;
  #requests = new Map<number, Request>();
  #lastNumber = 0;
  /** Of the newest PROVE. */
  #proveNumber = 0;
  #since = 0;
  #pingAt = 0;
  #boardAt = 0;
  /** When it is asked whether the keeper is there still. */
  #doubtAt = Infinity;
  #clientNonce: Bytes = NO_BYTES;
  #serverNonce: Bytes = NO_BYTES;

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
    this.backoff = new Backoff(BACKOFF_FIRST_MS, BACKOFF_MAX_MS, Math.random);
  }

  get isGreeted(): boolean {
    return this.phase === "GREETED" || this.phase === "READY";
  }

  #phaseSet(phase: ContactPhase): void {
    this.phase = phase;
    if (phase !== "READY") this.isProved = false;
    this.#since = this.#enrum.clock.monoMs();
    this.#enrum.changed();
  }

  // -- Requests -----------------------------------------------------------------------------------------------------

  /** Sends a message; its request number is filled in. Throws MALFORMED, OVERSIZED, NETWORK, OUTBOX_FULL; `done` is then not called. */
  ask<M extends Message>(message: M, value: Unnumbered<M>, done: Request["done"] = () => undefined): void {
    // A socket that is not open yet throws what is no error of ours.
    if (this.#socket === undefined || this.phase === "CONNECTING") throw new EnrumError("NETWORK");
    const number = this.#lastNumber + 1;
    this.#socket.send(messageEncode(message, { ...value, request: number } as unknown as Omit<ValueOf<M>, "type">));
    this.#lastNumber = number;
    this.#requests.set(number, { deadline: this.#enrum.clock.monoMs() + ANSWER_WAIT_MS, done });
  }

  async #answer(number: number, type: number, frame: Bytes): Promise<void> {
    const request = this.#requests.get(number);
    if (request === undefined) return;
    const answer = type === messageError.number ? { error: errorFind(layoutDecode(messageError, frame).code) ?? "STORE_FAILED", type, frame } : { type, frame };
    // That the connection is lost is for this side to say: it is asked again without a pause.
    if (answer.error === "NETWORK") throw new EnrumError("MALFORMED", "ERROR: NETWORK");
    this.#requests.delete(number);
    await request.done(answer);
  }

  // -- Losing -------------------------------------------------------------------------------------------------------

  /** Ends the connection; the next try is after the back-off. */
  async drop(error: ErrorName): Promise<void> {
    if (this.phase === "OFFLINE") return;
    this.#socket?.drop();
    this.#socket = undefined;
    this.error = error;
    this.backoff.fail(this.#enrum.clock.monoMs());
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    this.#phaseSet("OFFLINE");
    for (const request of requests) await request.done({ error: "NETWORK", type: 0, frame: NO_BYTES });
    this.#enrum.onLost();
  }

  /** Connects at once, whatever the back-off says. */
  async retry(): Promise<void> {
    this.backoff.reset();
    if (this.phase === "OFFLINE") this.#connect();
  }

  close(): void {
    this.#socket?.drop();
    this.#socket = undefined;
    this.#requests.clear();
    this.phase = "OFFLINE";
  }

  // -- Hello --------------------------------------------------------------------------------------------------------

  #connect(): void {
    const { enrum, socket } = { enrum: this.#enrum, socket: { current: undefined as Socket | undefined } };
    const isCurrent = () => socket.current !== undefined && socket.current === this.#socket;
    this.#phaseSet("CONNECTING");
    socket.current = enrum.socketOpen(enrum.board.hostUrl, {
      open: () => enrum.event(() => isCurrent() ? this.#onOpen() : undefined),
      frame: (frame) => enrum.event(() => isCurrent() ? this.#onFrame(frame) : undefined),
      lost: () => enrum.event(() => isCurrent() ? this.drop("NETWORK") : undefined),
    });
    this.#socket = socket.current;
  }

  #onOpen(): void {
    this.#clientNonce = suiteRandom(ID_BYTES);
    this.#pingAt = this.#enrum.clock.monoMs();
    this.#phaseSet("HELLO_SENT");
    const hello = { versions: Uint8Array.of(PROTOCOL_VERSION), nonce: this.#clientNonce, software: this.#enrum.software };
    this.ask(messageHello, hello, (answer) => this.#onChallenge(answer));
  }

  async #onChallenge(answer: Answer): Promise<void> {
    if (this.phase !== "HELLO_SENT") return;
    if (answer.error !== undefined) return this.drop(answer.error);
    const challenge = layoutDecode(messageChallenge, answer.frame);
    if (challenge.version !== PROTOCOL_VERSION) return this.drop("VERSION_UNSUPPORTED");
    if (!await handshakeChallengeIsGood(this.#enrum.board.hostKey, this.#clientNonce, challenge)) {
      this.#enrum.troubleSet("HOST_UNTRUSTED");
      return this.drop("HOST_UNTRUSTED");
    }
    this.#enrum.troubleClear("HOST_UNTRUSTED");
    this.#serverNonce = challenge.nonce;
    this.#phaseSet("GREETED");
    if (this.#enrum.me === undefined) this.isGood();
    this.#boardAsk();
    await this.prove();
  }

  /** The host does its part: greets whom it does not know, lists their rooms to others. */
  isGood(): void {
    this.backoff.reset();
    this.error = undefined;
  }

  /** Proves this device, or proves it again with a new certificate. */
  async prove(): Promise<void> {
    const { me, board, keys } = this.#enrum;
    if (!this.isGreeted || me === undefined) return;
    const sig = await handshakeProofSign(keys.sign, {
      clientNonce: this.#clientNonce, serverNonce: this.#serverNonce, board: board.id, hostKey: board.hostKey,
      certificate: me.certificate.hash,
    });
    const message = { board: board.id, certificate: me.bytes, issuer: me.issuer, sig };
    this.isProved = false;
    const number = this.#lastNumber + 1;
    this.#proveNumber = number;
    this.ask(messageProve, message, (answer) => this.#onProved(answer, number));
  }

  async #onProved(answer: Answer, number: number): Promise<void> {
    if (!this.isGreeted || answer.error === "NETWORK") return;
    if (answer.error !== undefined && ERRORS[answer.error].class !== "PEER") return this.drop(answer.error);
    this.error = answer.error;
    if (answer.error !== undefined) return this.#enrum.onProofRefused(answer.error);
    this.#enrum.isKeeperAway = layoutDecode(messageReady, answer.frame).keeper_here === 0;
    this.#phaseSet("READY");
    this.isProved = number === this.#proveNumber;
    this.#enrum.onReady();
  }

  /** The host has an entry of this device: if its keeper has gone meanwhile, nobody says so, and nobody records it. */
  keeperDoubt(): void {
    if (this.#doubtAt === Infinity) this.#doubtAt = this.#enrum.clock.monoMs() + DOUBT_MS;
  }

  #boardAsk(): void {
    this.#boardAt = this.#enrum.clock.monoMs();
    this.#doubtAt = Infinity;
    this.ask(messageBoardGet, { board: this.#enrum.board.id }, async (answer) => {
      if (answer.error === undefined) await this.#enrum.asks.onBoard(layoutDecode(messageBoard, answer.frame));
    });
  }

  // -- Frames -------------------------------------------------------------------------------------------------------

  async #onFrame(frame: Bytes): Promise<void> {
    try {
      const { type, request } = framePeek(frame);
      if (request !== 0) await this.#answer(request, type, frame);
      else if (this.isGreeted) await this.#enrum.onUnasked(type, frame);
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      // A host that cannot be understood is not one to go on with; what was asked is asked again.
      await this.drop(error.code === "NETWORK" ? "NETWORK" : "MALFORMED");
    }
  }

  // -- Time ---------------------------------------------------------------------------------------------------------

  async step(): Promise<void> {
    const now = this.#enrum.clock.monoMs();
    if (this.phase === "OFFLINE") {
      if (this.backoff.isDue(now)) this.#connect();
      return;
    }
    const isStuck = (this.phase === "CONNECTING" || this.phase === "HELLO_SENT") && now - this.#since >= CONNECT_WAIT_MS;
    if (isStuck || [...this.#requests.values()].some(({ deadline }) => now >= deadline)) return this.drop("TIMEOUT");
    if (!this.isGreeted) return;
    if (now - this.#pingAt >= PING_EVERY_MS) {
      this.#pingAt = now;
      this.ask(messagePing, {});
    }
    if (now >= this.#boardDueMs) this.#boardAsk();
  }

  get #boardDueMs(): number {
    const isSought = this.#enrum.isKeeperAway || !this.#enrum.asks.hasKeeper;
    return isSought ? this.#boardAt + BOARD_EVERY_MS : this.#doubtAt;
  }

  /** When step has something to do next, monotonic ms. */
  get dueMs(): number {
    if (this.phase === "OFFLINE") return this.backoff.nextAt;
    if (!this.isGreeted) return this.#since + CONNECT_WAIT_MS;
    return Math.min(this.#boardDueMs, this.#pingAt + PING_EVERY_MS, ...[...this.#requests.values()].map(({ deadline }) => deadline));
  }
}
