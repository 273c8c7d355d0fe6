// call -- one call that this device takes part in, or waits for: protocol/README.md, section 21. Everything but the media
// themselves, which are the tab's (call/media.ts); it gets this device's and the others' keys into the worker of frames.
//
//   COMING --[CALL]--> WAITING --[admitted]--> IN --[left, ended, put out]--> OVER
//      '---------------[CALL: staff of the room]---^
//
// The host's CALL says who is shown where. What is believed of it, call/attendance.ts says.
import { Attendance, type Attendee } from "../call/attendance.ts";
import { MediaKeys } from "../call/mediakeys.ts";
import { Peers, type Peer } from "../call/peers.ts";
import {
  callAdmissionEncode, callFrameDecode, callFrameEncode, callKeyEncode, type CallAuthor,
} from "../protocol/call.ts";
import { certificateTimeError, type Certificate } from "../protocol/certificate.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutDecode, layoutEncode, layoutSeq } from "../protocol/layout.ts";
import {
  layoutCallMediaKey, layoutCallMediaKeyHere, layoutCallPresence, layoutCallRung, layoutCallText, type WireCallInner,
  type WireCallPresence, type WireCallRung,
} from "../protocol/layouts.ts";
import {
  messageCall, messageCallAdmit, messageCallJoin, messageCallLeave, messageCallSend, type MsgCall, type MsgCallIn,
} from "../protocol/messages.ts";
import { sealPairNew, type SealPair } from "../protocol/suite.ts";
import { CALL_ENDS, CALL_KINDS, CALL_STATES, CAPACITIES, LIMITS, ROLES, type ErrorName } from "../protocol/tables.ts";
import type { Answer } from "./contact.ts";
import type { Enrum } from "./enrum.ts";
import type { Room } from "./roomcopy.ts";

export type CallPhase = "COMING" | "WAITING" | "IN" | "OVER";
export type CallEndName = keyof typeof CALL_ENDS;

/** The worker that seals and opens this call's frames. What it is given it wipes. */
export interface FramesPort {
  sendKey(kid: number, key: Bytes): void;
  receiveKey(participant: number, kid: number, key: Bytes): void;
  /** None of this participant's keys opens anything any more. */
  forget(participant: number): void;
  close(): void;
}

/** What is on at this device. */
export type OwnPresence = Omit<WireCallPresence, "profile">;

/** A line of text between this device and others of the call. It is not kept anywhere. */
export interface CallLine {
  /** The writer; undefined: this device. */
  from: Peer | undefined;
  /** Of own lines: to whom alone; undefined: to all. */
  to: Peer | undefined;
  line: number;
  text: string;
  isDone: boolean;
  /** Own: handed over to everybody it is for. */
  isSent: boolean;
  at: number;
}

/** Somebody who was admitted, for the call's entry. */
export interface Attended {
  certificate: Certificate;
  isInterpreter: boolean;
  name: string;
}

const ADMITTED = 1;
const PUT_OUT = 2;
const RETRY_MS = 1_000;
/** What depends on the time or on the room's log is looked at again so often. */
const REVIEW_MS = 5_000;
/** Who was rung and has not come is let in unasked so long, and then knocks as anybody does. */
const EXPECTED_MS = LIMITS.CALL_RING_MS + 5 * 60_000;
const LINES_MAX = 500;
const NO_BYTES: Bytes = new Uint8Array(0);
/** Errors of CALL_JOIN that may be over in a moment, when this device was in the call already. */
const PASSING: ReadonlySet<ErrorName> = new Set(["CALL_UNKNOWN", "ROOM_UNKNOWN", "TOO_FAST", "OUTBOX_FULL", "MEMORY"]);

export class Call {
  phase: CallPhase = "COMING";
  /** Why it is OVER: as the host says, or what went wrong. */
  end: CallEndName | undefined;
  error: ErrorName | undefined;
  readonly id: Bytes;
  /** Undefined for a guest. */
  readonly room: Room | undefined;
  /** The newest state. */
  state: MsgCall | undefined;
  rung: WireCallRung[] = [];
  readonly peers = new Peers();
  readonly mediaKeys = new MediaKeys();
  readonly lines: CallLine[] = [];
  /** Everybody else who was seen in the call, by person. */
  readonly attended = new Map<string, Attended>();
  presence: OwnPresence = { language: "", interpreter: 0, voice: 0, camera: 0, screen: 0 };
  /** Frames of this device are sealed with a key of this call. */
  isSending = false;
  /** Joined on this connection, and shown the call. */
  isConnected = false;
  readonly #enrum: Enrum;
  readonly #frames: FramesPort;
  /** The one that this device came with, also when it has been renewed: the others know no other. */
  readonly #certificate: Certificate;
  readonly #attendance: Attendance;
  readonly #own: SealPair;
  readonly #key: Bytes;
  /** People whom this device has rung, by when they are to have come: until then they are let in, and from then on when they come again. */
  readonly #expected = new Map<string, number>();
  /** Own statements, by the peer's name: repeated when a host has lost them. */
  readonly #admitted = new Map<string, Bytes>();
  readonly #putOut = new Map<string, Bytes>();
  /** Statements that are on their way to the host. */
  readonly #telling = new Set<string>();
  #isJoining = false;
  #joinAt = 0;
  /** When the connection was lost, or the call was come to: after CALL_AWAY_MS a passing error is none. */
  #lostAt: number;
  #foldSeq = -1;
  #reviewAt = 0;
  #wasThere = false;
  #hasTriedAgain = false;
  #wasIn = false;

  private constructor(enrum: Enrum, id: Bytes, room: Room | undefined, frames: FramesPort, own: SealPair, key: Bytes) {
    this.#enrum = enrum;
    this.id = id;
    this.room = room;
    this.#frames = frames;
    this.#own = own;
    this.#key = key;
    this.#certificate = enrum.certified.certificate;
    this.#lostAt = enrum.clock.monoMs();
    this.#attendance = new Attendance({
      board: enrum.board.id, call: id, certificate: this.#certificate.hash, key: own.publicKey, isGuest: room === undefined,
    }, {
      certificateOf: (hash) => this.#certificateOf(hash),
      isStaffOfRoom: (person) => this.#isStaffOfRoom(person),
      isMemberOfRoom: (person) => this.room?.fold.members.has(bytesHex(person)) === true,
    }, (certificate) => this.#onOut(certificate));
  }

  /** Comes to a call with a key made for it. Throws NOT_LOGGED_IN. */
  static async come(enrum: Enrum, id: Bytes, room: Room | undefined, frames: FramesPort): Promise<Call> {
    const own = await sealPairNew();
    const key = await callKeyEncode(enrum.keys.sign, {
      board: enrum.board.id, call: id, certificate: enrum.certified.certificate.hash, key: own.publicKey, time: enrum.clock.wallMs(),
    });
    return new Call(enrum, id, room, frames, own, key);
  }

  get isOver(): boolean {
    return this.phase === "OVER";
  }

  get isStaffHere(): boolean {
    return this.room !== undefined && this.#enrum.roleNumber === ROLES.STAFF;
  }

  get isLead(): boolean {
    return this.state !== undefined && this.state.you !== 0 && this.state.lead === this.state.you;
  }

  // -- Who is who ---------------------------------------------------------------------------------------------------

  #certificateOf(hash: Bytes): Certificate | undefined {
    const { trust, clock } = this.#enrum;
    const certificate = trust.find(hash)?.certificate;
    if (certificate === undefined || certificateTimeError(certificate, clock.wallMs()) !== undefined) return undefined;
    return trust.isRevoked(certificate, clock.wallMs()) ? undefined : certificate;
  }

  #isStaffOfRoom(person: Bytes): boolean {
    return this.room?.fold.members.get(bytesHex(person))?.role === ROLES.STAFF;
  }

  #isMe(attendee: Attendee): boolean {
    return bytesEqual(attendee.key, this.#own.publicKey) && bytesEqual(attendee.certificate.hash, this.#certificate.hash);
  }

  /** May have this device's media, and be seen and heard. */
  isWithUs(peer: Peer): boolean {
    return peer.isShown && peer.attendee.isIn && peer.attendee.isEntitled;
  }

  /** The peer of this local number that is shown. Throws CALL_GONE. */
  peer(local: number): Peer {
    const peer = this.peers.ofLocal(local);
    if (peer?.isShown !== true) throw new EnrumError("CALL_GONE");
    return peer;
  }

  // -- Coming -------------------------------------------------------------------------------------------------------

  onLost(): void {
    if (this.isConnected) this.#lostAt = this.#enrum.clock.monoMs();
    this.isConnected = this.#isJoining = false;
    this.#joinAt = 0;
    this.#telling.clear();
    this.#enrum.changed();
  }

  get #mayJoin(): boolean {
    const { contact, clock } = this.#enrum;
    const isFollowed = this.room === undefined || this.room.isFollowing;
    return !this.isOver && !this.isConnected && !this.#isJoining && contact.isProved && isFollowed && clock.monoMs() >= this.#joinAt;
  }

  #join(): void {
    const room = this.room?.id ?? NO_BYTES;
    this.#isJoining = true;
    this.#enrum.contact.ask(messageCallJoin, { board: this.#enrum.board.id, room, call: this.id, key: this.#key },
      (answer) => this.#onJoined(answer));
  }

  async #onJoined({ error, frame }: Answer): Promise<void> {
    this.#isJoining = false;
    if (error === undefined) {
      this.isConnected = true;
      // A host that was started again counts from the beginning.
      this.state = undefined;
      // Whoever has not seen this device for a while has forgotten its key: all get another.
      this.mediaKeys.audienceSet(new Set(), this.#enrum.clock.monoMs());
      await this.onCall(layoutDecode(messageCall, frame));
    } else if (error !== "NETWORK") {
      const isTime = this.#wasThere && this.#enrum.clock.monoMs() - this.#lostAt < LIMITS.CALL_AWAY_MS;
      if (error === "CALL_OTHER" && !this.#wasIn && await this.#enrum.calls.comeToOther(this)) return;
      // The call ended when this device came with a new key: it is begun anew.
      const isOver = error === "CALL_UNKNOWN" && this.room !== undefined && !this.#hasTriedAgain;
      this.#hasTriedAgain ||= isOver;
      if (isOver || (isTime && PASSING.has(error))) this.#joinAt = this.#enrum.clock.monoMs() + RETRY_MS;
      else this.close(undefined, error);
    }
  }

  // -- What the host shows ------------------------------------------------------------------------------------------

  async onCall(message: MsgCall): Promise<void> {
    if (!this.isConnected || this.isOver || message.change < (this.state?.change ?? 0)) return;
    if (message.state === CALL_STATES.OVER) {
      const end = (Object.keys(CALL_ENDS) as CallEndName[]).find((name) => CALL_ENDS[name] === message.end);
      return this.close(end);
    }
    await this.#enrum.certificatesTake(message.certificates);
    // What is kept must not hold the frame that it came in.
    this.state = { ...message, participants: message.participants.slice(), admissions: message.admissions.slice(), rung: NO_BYTES, certificates: NO_BYTES };
    this.rung = layoutSeq(layoutCallRung, message.rung, LIMITS.CALL_PARTICIPANTS_MAX).map(({ person, state }) => ({ person: person.slice(), state }));
    this.phase = message.state === CALL_STATES.WAITING ? "WAITING" : "IN";
    this.#wasThere = true;
    this.#wasIn ||= this.phase === "IN";
    await this.#review();
  }

  /** Judges anew who of those that are shown may be here. */
  async #review(): Promise<void> {
    const { state } = this;
    if (state === undefined || this.isOver) return;
    this.#foldSeq = this.room?.fold.seq ?? 0;
    this.#reviewAt = this.#enrum.clock.monoMs() + REVIEW_MS;
    const attendees = await this.#attendance.read(state);
    const before = this.peers.shown;
    const { fresh, back } = this.peers.show(attendees.filter((attendee) => !this.#isMe(attendee)));
    for (const peer of before) if (!peer.isShown) this.#forget(peer);
    for (const peer of fresh) this.#tellPresence(peer);
    for (const peer of back) this.mediaKeys.onBack(peer.name);
    for (const peer of this.peers.shown) this.#attend(peer);
    this.#audienceSet();
    await this.#letIn();
    this.#enrum.changed();
  }

  #forget(peer: Peer): void {
    peer.kid = undefined;
    peer.waiting = [];
    this.#frames.forget(peer.local);
  }

  #attend(peer: Peer): void {
    const { certificate } = peer.attendee;
    // This person on another device is nobody else.
    if (!this.isWithUs(peer) || bytesEqual(certificate.body.person, this.#certificate.body.person)) return;
    const person = bytesHex(certificate.body.person);
    const name = this.#enrum.profiles.get(person)?.name ?? peer.profile?.name ?? "";
    const hasSaid = peer.presence === undefined && this.attended.get(person)?.isInterpreter === true;
    this.attended.set(person, { certificate, isInterpreter: hasSaid || this.interprets(certificate.body.person, peer.presence), name });
  }

  /** By what the person says in the call; or let in to the room as one, by the keeper's word. */
  interprets(person: Bytes, presence: Pick<OwnPresence, "interpreter"> | undefined): boolean {
    return presence?.interpreter === 1 || this.room?.capacities.get(bytesHex(person)) === CAPACITIES.INTERPRETER;
  }

  #audienceSet(): void {
    const audience = this.phase === "IN" ? this.peers.shown.filter((peer) => this.isWithUs(peer)).map(({ name }) => name) : [];
    const isOut = (name: string) => this.#attendance.isOut(name) || this.peers.ofName(name)?.attendee.isEntitled === false;
    this.mediaKeys.audienceSet(new Set(audience), this.#enrum.clock.monoMs(), isOut);
  }

  // -- Letting in ---------------------------------------------------------------------------------------------------

  /** This device rings them, and lets them in when they come; or it no longer does. */
  expect(person: Bytes, isExpected: boolean): void {
    if (isExpected) this.#expected.set(bytesHex(person), this.#enrum.clock.monoMs() + EXPECTED_MS);
    else this.#expected.delete(bytesHex(person));
  }

  #isExpected(person: Bytes): boolean {
    return this.#enrum.clock.monoMs() < (this.#expected.get(bytesHex(person)) ?? 0);
  }

  /** Somebody was put out, by whomever of the staff: that they were rung before lets them in no more. */
  #onOut(certificate: Bytes): void {
    const person = this.#enrum.trust.find(certificate)?.certificate.body.person;
    if (person !== undefined) this.expect(person, false);
  }

  /** What staff sign without being asked: whom this device has rung, each other for a guest, and what a host has lost. */
  async #letIn(): Promise<void> {
    if (this.phase !== "IN" || !this.isStaffHere) return;
    const hasGuest = this.peers.shown.some(({ attendee }) => !attendee.isMember && attendee.isIn);
    for (const peer of this.peers.shown) {
      const { isIn, isMember, certificate } = peer.attendee;
      const { person } = certificate.body;
      const isRung = !isIn && isMember && this.#isExpected(person);
      const isForGuest = hasGuest && isIn && this.#isStaffOfRoom(person);
      if (isRung) this.#expected.set(bytesHex(person), Infinity);
      if (isRung || isForGuest || this.#admitted.has(peer.name)) await this.admit(peer);
    }
    for (const statement of this.#putOut.values()) this.#state(statement);
  }

  /** Signs that this key is in the call. */
  async admit(peer: Peer): Promise<void> {
    if (this.#putOut.has(peer.name)) return;
    const known = this.#admitted.get(peer.name);
    const statement = known ?? await this.#statement(peer, ADMITTED);
    this.#admitted.set(peer.name, statement);
    if (known === undefined) await this.#hearOwn(statement);
    if (known === undefined || !peer.attendee.isIn) this.#tell(statement);
    else this.#state(statement);
  }

  /** Signs that this key is out of the call, for good. From here on it gets no key of this device. */
  async putOut(peer: Peer): Promise<void> {
    this.#expected.delete(bytesHex(peer.attendee.certificate.body.person));
    const statement = await this.#statement(peer, PUT_OUT);
    this.#putOut.set(peer.name, statement);
    await this.#hearOwn(statement);
    peer.attendee = { ...peer.attendee, isEntitled: false };
    this.#forget(peer);
    this.#audienceSet();
    this.#tell(statement);
    this.#enrum.changed();
  }

  #statement({ attendee }: Peer, operation: number): Promise<Bytes> {
    const { keys, board, clock } = this.#enrum;
    return callAdmissionEncode(keys.sign, {
      board: board.id, call: this.id, operation, certificate: attendee.certificate.hash, key: attendee.key,
      by: this.#certificate.hash, time: clock.wallMs(),
    });
  }

  /** The own statements count here at once, and go to each other device past the host, which could hold them back. */
  async #hearOwn(statement: Bytes): Promise<void> {
    await this.#attendance.hear(statement);
    for (const peer of this.peers.shown) {
      if (this.isWithUs(peer)) this.#put(peer, `admission ${bytesHex(statement)}`, CALL_KINDS.ADMISSION, statement);
    }
  }

  /** To the host, unless it shows it already. */
  #state(statement: Bytes): void {
    if (!bytesHex(this.state?.admissions ?? NO_BYTES).includes(bytesHex(statement))) this.#tell(statement);
  }

  /** What does not reach the host is told again with one of its next states. */
  #tell(statement: Bytes): void {
    const name = bytesHex(statement);
    if (this.#telling.has(name) || !this.isConnected) return;
    this.#telling.add(name);
    this.#enrum.contact.ask(messageCallAdmit, { board: this.#enrum.board.id, call: this.id, statement }, () => {
      this.#telling.delete(name);
    });
  }

  // -- Frames to others ---------------------------------------------------------------------------------------------

  #put(peer: Peer, name: string, kind: number, body: Bytes, onSent: () => void = () => undefined): void {
    peer.put({ name, kind, body, onSent });
  }

  /**
   * May the two say anything to each other? Whom the host shows and nobody has let in hears nothing. Staff talk to those who wait,
   * and those who wait to staff; a guest cannot know whether they are of the room.
   */
  #mayTalk(peer: Peer): boolean {
    const { isIn, isMember, certificate: { body } } = peer.attendee;
    if (!peer.isShown) return false;
    if (this.phase === "WAITING") return isIn && isMember && body.role === ROLES.STAFF && (this.room === undefined || this.#isStaffOfRoom(body.person));
    return this.isWithUs(peer) || (this.isStaffHere && !isIn);
  }

  #isReachable(peer: Peer): boolean {
    return this.isConnected && !peer.attendee.isAway && this.#mayTalk(peer);
  }

  async #send(peer: Peer, kind: number, body: Bytes, done: (error: ErrorName | undefined) => void): Promise<void> {
    const { keys, clock, contact, board } = this.#enrum;
    const author: CallAuthor = { sign: keys.sign, certificate: this.#certificate.hash, key: this.#own.publicKey };
    peer.sent += 1;
    const frame = await callFrameEncode(author, { call: this.id, number: peer.sent, time: clock.wallMs(), kind, body }, peer.attendee.key);
    contact.ask(messageCallSend, { board: board.id, call: this.id, to: peer.attendee.number, frame }, ({ error }) => done(error));
  }

  async #flush(peer: Peer): Promise<void> {
    const { clock } = this.#enrum;
    if (!this.#isReachable(peer) || clock.monoMs() < peer.retryAt) return;
    for (let frame = peer.waiting[0]; frame !== undefined; frame = peer.waiting[0]) {
      const { name, kind, body, onSent } = frame;
      // When the network takes no more just then, it stays the first.
      await this.#send(peer, kind, body, (error) => {
        if (error === undefined) return onSent();
        // It was away, or the connection was lost: once more, unless something newer of this name waits.
        peer.retryAt = clock.monoMs() + RETRY_MS;
        if (peer.isShown && !peer.waiting.some((other) => other.name === name)) peer.put({ name, kind, body, onSent });
      });
      peer.waiting.shift();
    }
  }

  async #keysStep(): Promise<void> {
    const { mediaKeys } = this;
    const reachable = (name: string) => {
      const peer = this.peers.ofName(name);
      return peer !== undefined && this.#isReachable(peer);
    };
    const { send, isUsed } = mediaKeys.step(this.#enrum.clock.monoMs(), reachable);
    const { current } = mediaKeys;
    if (current === undefined) return;
    for (const name of send) {
      const peer = this.peers.ofName(name);
      const body = layoutEncode(layoutCallMediaKey, current);
      if (peer !== undefined) await this.#send(peer, CALL_KINDS.MEDIA_KEY, body, () => undefined);
      body.fill(0);
    }
    if (isUsed) {
      this.#frames.sendKey(current.kid, current.key.slice());
      this.isSending = true;
      this.#enrum.changed();
    }
  }

  #tellPresence(peer: Peer): void {
    const body = layoutEncode(layoutCallPresence, { ...this.presence, profile: this.#enrum.certified.profile });
    this.#put(peer, "presence", CALL_KINDS.PRESENCE, body);
  }

  presenceSet(presence: Partial<OwnPresence>): void {
    this.presence = { ...this.presence, ...presence };
    for (const peer of this.peers.shown) this.#tellPresence(peer);
    this.#enrum.changed();
  }

  /** A line to one, or to all who are in. Said again under the same number it takes the place of what it was. */
  textSend(to: Peer | undefined, line: number, text: string, isDone: boolean): void {
    const body = layoutEncode(layoutCallText, { text, line, is_done: isDone ? 1 : 0 }, LIMITS.CALL_FRAME_BYTES_MAX / 2);
    const isHearing = (peer: Peer) => this.phase === "WAITING" ? this.#isReachable(peer) : this.isWithUs(peer);
    const receivers = to === undefined ? this.peers.shown.filter(isHearing) : [to];
    const said: CallLine = { from: undefined, to, line, text, isDone, isSent: false, at: this.#enrum.clock.wallMs() };
    let left = receivers.length;
    for (const peer of receivers) {
      this.#put(peer, `text ${line}`, CALL_KINDS.TEXT, body, () => {
        left -= 1;
        said.isSent = left === 0;
        this.#enrum.changed();
      });
    }
    this.#lineKeep(said);
  }

  #lineKeep(said: CallLine): void {
    const at = this.lines.findIndex(({ from, line }) => from === said.from && line === said.line);
    const before = this.lines[at];
    if (before === undefined) {
      this.lines.push(said);
      if (this.lines.length > LINES_MAX) this.lines.shift();
    } else {
      said.at = before.at;
      this.lines[at] = said;
    }
    this.#enrum.changed();
  }

  // -- Frames from others -------------------------------------------------------------------------------------------

  async onIn({ from, frame }: MsgCallIn): Promise<void> {
    const peer = this.peers.ofNumber(from);
    if (peer === undefined || this.isOver) return;
    try {
      await this.#take(peer, frame);
    } catch (error) {
      // The host may carry anything: what does not hold is as if it had not come, and a key that did not come is sent again.
      if (!(error instanceof EnrumError)) throw error;
      console.warn("enrum: a frame of the call does not hold:", error.code);
    }
  }

  async #take(peer: Peer, frame: Bytes): Promise<void> {
    const { certificate, key } = peer.attendee;
    const inner = await callFrameDecode(frame, this.#own, this.id, { certificate: certificate.hash, key, signKey: certificate.body.sign_key });
    if (inner.number <= peer.received) throw new EnrumError("MALFORMED", "call frame: an old one");
    if (Math.abs(inner.time - this.#enrum.clock.wallMs()) > LIMITS.CALL_FRAME_AGE_MS_MAX) throw new EnrumError("MALFORMED", "call frame: too old");
    peer.received = inner.number;
    await this.#said(peer, inner);
    this.#enrum.changed();
  }

  async #said(peer: Peer, { kind, body }: WireCallInner): Promise<void> {
    switch (kind) {
      case CALL_KINDS.MEDIA_KEY:
        return this.#onMediaKey(peer, body);
      case CALL_KINDS.MEDIA_KEY_HERE:
        return this.mediaKeys.onHere(peer.name, layoutDecode(layoutCallMediaKeyHere, body).kid);
      case CALL_KINDS.PRESENCE:
        return this.#onPresence(peer, body);
      case CALL_KINDS.TEXT: {
        const { text, line, is_done: isDone } = layoutDecode(layoutCallText, body);
        if (!this.#mayTalk(peer)) return;
        return this.#lineKeep({ from: peer, to: undefined, line, text, isDone: isDone === 1, isSent: true, at: this.#enrum.clock.wallMs() });
      }
      case CALL_KINDS.ADMISSION:
        await this.#attendance.hear(body.slice());
        return this.#review();
    }
    // A later version may say more than this one understands.
  }

  async #onMediaKey(peer: Peer, body: Bytes): Promise<void> {
    const { kid, key } = layoutDecode(layoutCallMediaKey, body);
    // Believed only of those to whom this device would give its own. Not acknowledged, it comes again.
    if (this.phase !== "IN" || !this.isWithUs(peer)) return;
    if (kid > (peer.kid ?? -1)) {
      peer.kid = kid;
      this.#frames.receiveKey(peer.local, kid, key.slice());
    }
    body.fill(0);
    await this.#send(peer, CALL_KINDS.MEDIA_KEY_HERE, layoutEncode(layoutCallMediaKeyHere, { kid }), () => undefined);
  }

  async #onPresence(peer: Peer, body: Bytes): Promise<void> {
    const { trust, clock } = this.#enrum;
    const { profile: bytes, ...presence } = layoutDecode(layoutCallPresence, body);
    const { person, role } = peer.attendee.certificate.body;
    const profile = bytes.length === 0 ? undefined : await trust.profile(bytes, clock.wallMs());
    if (profile !== undefined && (!bytesEqual(profile.person, person) || profile.role !== role)) throw new EnrumError("KEEPER_UNTRUSTED", "another's profile");
    peer.profile = profile;
    peer.presence = presence;
    this.#attend(peer);
  }

  // -- Time ---------------------------------------------------------------------------------------------------------

  async step(): Promise<void> {
    if (this.isOver) return;
    if (this.#mayJoin) this.#join();
    const { clock, contact } = this.#enrum;
    if (contact.phase !== "READY" || !this.isConnected) return;
    if (clock.monoMs() >= this.#reviewAt || this.#foldSeq !== (this.room?.fold.seq ?? 0)) await this.#review();
    if (this.phase === "IN") await this.#keysStep();
    for (const peer of this.peers.shown) await this.#flush(peer);
  }

  /** When step has something to do next, monotonic ms. */
  get dueMs(): number {
    if (this.isOver) return Infinity;
    if (!this.isConnected) return this.#isJoining ? Infinity : Math.max(this.#joinAt, this.#enrum.clock.monoMs() + RETRY_MS);
    const keys = this.mediaKeys.dueMs((name) => {
      const peer = this.peers.ofName(name);
      return peer !== undefined && this.#isReachable(peer);
    });
    const waiting = this.peers.shown.filter((peer) => peer.waiting.length > 0 && this.#isReachable(peer)).map(({ retryAt }) => retryAt);
    return Math.min(this.#reviewAt, this.phase === "IN" ? keys : Infinity, ...waiting);
  }

  // -- Going --------------------------------------------------------------------------------------------------------

  /** Somebody else was in it with this device. */
  get wasHeld(): boolean {
    return this.attended.size > 0;
  }

  /** Nobody but this device is left of those who were admitted: when it leaves, the call is over. */
  get isAlone(): boolean {
    return !this.peers.shown.some(({ attendee }) => attendee.isIn);
  }

  /** Tells the host, and is over here at once. What does not reach the host ends there by itself. */
  leave(isForAll: boolean): void {
    if (this.isOver) return;
    try {
      this.#enrum.contact.ask(messageCallLeave, { board: this.#enrum.board.id, call: this.id, for_all: isForAll ? 1 : 0 });
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
    }
    this.close(isForAll ? "ENDED" : "LEFT");
  }

  /** It is over: the keys are gone. */
  close(end: CallEndName | undefined, error?: ErrorName): void {
    if (this.isOver) return;
    const isLast = end === "ENDED" || end === "EMPTY" || (end === "LEFT" && this.isAlone);
    const isMine = this.isLead && isLast;
    const mayGoOn = end === "LEFT" && this.isConnected;
    this.phase = "OVER";
    this.end = end;
    this.error = error;
    this.isConnected = false;
    this.mediaKeys.wipe();
    this.#frames.close();
    this.#enrum.calls.onOver(this, isMine, mayGoOn);
    this.#enrum.changed();
  }
}
