// attendance -- who of those that the host shows in a call may have this device's media key: protocol/README.md, section 21.
// The host's word counts for nothing here; what staff have signed does. Statements once seen are never forgotten, so that a
// host that shows an older state lets nobody back in.
import { callAdmissionBy, callAdmissionDecode, callKeyCertificate, callKeyDecode } from "../protocol/call.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutSeq, layoutSeqBytes } from "../protocol/layout.ts";
import {
  layoutCallParticipant, layoutCallStream, layoutSigned, type WireCallAdmission, type WireCallParticipant, type WireCallStream,
} from "../protocol/layouts.ts";
import type { MsgCall } from "../protocol/messages.ts";
import { CALL_STATES, LIMITS, ROLES } from "../protocol/tables.ts";
import type { Certificate } from "../protocol/certificate.ts";
import { peerName } from "./peers.ts";

const ADMITTED = 1;

/** What the SDK knows and the call does not. */
export interface AttendanceKnows {
  /** A certificate that leads to the board's root, is in its period and not revoked; else undefined. */
  certificateOf(hash: Bytes): Certificate | undefined;
  /** By the own fold of the room: is this person a member of it as staff? False for a guest, who has no room. */
  isStaffOfRoom(person: Bytes): boolean;
  /** By the own fold of the room: is this person a member of it? Not asked of a guest. */
  isMemberOfRoom(person: Bytes): boolean;
}

/** This device in the call. */
export interface Self {
  board: Bytes;
  call: Bytes;
  certificate: Bytes;
  key: Bytes;
  isGuest: boolean;
}

export interface Attendee {
  number: number;
  isIn: boolean;
  isAway: boolean;
  isMember: boolean;
  certificate: Certificate;
  key: Bytes;
  /** When it came, by the host's clock, ms since 1970. */
  since: number;
  streams: WireCallStream[];
  /** May have this device's media key, and its own is believed. */
  isEntitled: boolean;
}

/** What was refused on purpose is passed over; a bug is not. */
async function refused<T>(check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof EnrumError) return undefined;
    throw error;
  }
}

export class Attendance {
  readonly #self: Self;
  readonly #knows: AttendanceKnows;
  readonly #onOut: (certificate: Bytes) => void;
  /** By certificate and key: the statements about it. */
  readonly #statements = new Map<string, WireCallAdmission[]>();
  /** Put out by one whose statements counted then: for good, whatever becomes of that one's certificate or membership. */
  readonly #out = new Set<string>();
  /** Signed bytes that have been checked already. */
  readonly #seen = new Set<string>();
  /** For a guest: hash of the certificate of whoever let it in first. */
  #host: Bytes | undefined;

  /** `onOut` is told, once for each key, that a device of this certificate is put out. */
  constructor(self: Self, knows: AttendanceKnows, onOut: (certificate: Bytes) => void = () => undefined) {
    this.#self = self;
    this.#knows = knows;
    this.#onOut = onOut;
  }

  /** A statement, from the host or past it. One that holds is kept for the whole call. */
  async hear(bytes: Bytes): Promise<void> {
    const name = bytesHex(bytes);
    if (this.#seen.has(name)) return;
    const statement = await refused(async () => {
      const by = this.#knows.certificateOf(callAdmissionBy(bytes));
      return by?.body.role === ROLES.STAFF ? callAdmissionDecode(bytes, by.body.sign_key) : undefined;
    });
    const isOfCall = statement !== undefined && bytesEqual(statement.call, this.#self.call) && bytesEqual(statement.board, this.#self.board);
    if (!isOfCall) return;
    this.#seen.add(name);
    const key = peerName(statement.certificate, statement.key);
    this.#statements.set(key, [...this.#statements.get(key) ?? [], statement]);
    if (statement.operation !== ADMITTED && this.#counts(statement.by)) this.#putOut(key, statement.certificate);
    const isAboutMe = key === peerName(this.#self.certificate, this.#self.key);
    if (this.#self.isGuest && isAboutMe && statement.operation === ADMITTED) this.#host ??= statement.by;
  }

  /** Everybody whose call key holds, as the host shows them; whose does not is left out. Throws MALFORMED. */
  async read(message: MsgCall): Promise<Attendee[]> {
    for (const statement of layoutSeqBytes(layoutSigned, message.admissions)) await this.hear(statement);
    const shown = layoutSeq(layoutCallParticipant, message.participants, LIMITS.CALL_PARTICIPANTS_MAX);
    const attendees = await Promise.all(shown.map((participant) => this.#attendee(participant)));
    return attendees.filter((attendee) => attendee !== undefined);
  }

  async #attendee(shown: WireCallParticipant): Promise<Attendee | undefined> {
    const checked = await refused(async () => {
      const certificate = this.#knows.certificateOf(callKeyCertificate(shown.key));
      return certificate && { certificate, key: await callKeyDecode(shown.key, certificate.body.sign_key) };
    });
    if (checked === undefined) return undefined;
    const { certificate, key } = checked;
    const isTrue = bytesEqual(key.call, this.#self.call) && bytesEqual(key.board, this.#self.board)
      && bytesEqual(certificate.body.person, shown.person) && certificate.body.role === shown.role;
    if (!isTrue) return undefined;
    return {
      number: shown.number,
      isIn: shown.state !== CALL_STATES.WAITING,
      isAway: shown.state === CALL_STATES.AWAY,
      isMember: shown.is_member === 1,
      certificate,
      key: key.key,
      since: shown.since,
      streams: layoutSeq(layoutCallStream, shown.streams, LIMITS.CALL_STREAMS_MAX),
      isEntitled: this.#isEntitled(certificate, key.key),
    };
  }

  #isEntitled(certificate: Certificate, key: Bytes): boolean {
    // A citizen who has been taken out of the room is out of its call too, whoever let them in before.
    const { role, person } = certificate.body;
    if (!this.#self.isGuest && role === ROLES.CITIZEN && !this.#knows.isMemberOfRoom(person)) return false;
    const name = peerName(certificate.hash, key);
    const statements = (this.#statements.get(name) ?? []).filter(({ by }) => this.#counts(by));
    if (statements.some(({ operation }) => operation !== ADMITTED)) this.#putOut(name, certificate.hash);
    if (this.#out.has(name)) return false;
    return statements.length > 0 || this.#isHost(certificate);
  }

  #putOut(name: string, certificate: Bytes): void {
    if (this.#out.has(name)) return;
    this.#out.add(name);
    this.#onOut(certificate);
  }

  /** Put out for good: a certificate and key, by their name (peers.ts). */
  isOut(name: string): boolean {
    return this.#out.has(name);
  }

  /** Somebody who is in by itself: a member of staff; for a guest, the one that let it in. */
  #isHost({ body, hash }: Certificate): boolean {
    if (body.role !== ROLES.STAFF) return false;
    return this.#self.isGuest ? this.#host !== undefined && bytesEqual(this.#host, hash) : this.#knows.isStaffOfRoom(body.person);
  }

  /** Whose statements count: those who are in by themselves; for a guest, also staff that its host has admitted. */
  #counts(by: Bytes): boolean {
    const certificate = this.#knows.certificateOf(by);
    if (certificate === undefined) return false;
    if (this.#isHost(certificate)) return true;
    if (!this.#self.isGuest || certificate.body.role !== ROLES.STAFF || this.#host === undefined) return false;
    const host = this.#host;
    const prefix = bytesHex(by);
    return [...this.#statements].some(([key, statements]) => key.startsWith(prefix)
      && statements.some((statement) => bytesEqual(statement.by, host) && statement.operation === ADMITTED)
      && !statements.some((statement) => bytesEqual(statement.by, host) && statement.operation !== ADMITTED));
  }
}
