// calls -- what rings for this person or goes on in its rooms, the one call that this device is in, and the entry behind it.
import type { LegOffer, RelayLeg } from "../call/sdp.ts";
import { callsEntry } from "./callentry.ts";
import { EnrumError } from "../protocol/error.ts";
import type { Bytes, Message, ValueOf } from "../protocol/field.ts";
import { bytesEqual, bytesHex, layoutDecode, layoutEncode, bytesJoin } from "../protocol/layout.ts";
import { layoutCallStream } from "../protocol/layouts.ts";
import {
  messageCall, messageCallIn, messageCallLead, messageCallLeg, messageCallLegReady, messageCallRefuse, messageCallRing,
  messageCallRings,
} from "../protocol/messages.ts";
import { suiteRandom } from "../protocol/suite.ts";
import { CALL_RINGS, ID_BYTES, ROLES } from "../protocol/tables.ts";
import { Call, type FramesPort } from "./call.ts";
import type { Answer } from "./contact.ts";
import type { Enrum } from "./enrum.ts";
import type { Room } from "./roomcopy.ts";
import type { CallPresence } from "./view.ts";

/** A call of a room, as the host tells it to those who follow the room. */
export interface Ring {
  call: Bytes;
  /** RINGING or GOES_ON; MISSED once it has rung for nothing. */
  state: number;
  caller: Bytes;
  /** This device's clock. */
  at: number;
}

/** A tab's worker of frames, by the tab's own name for it. */
export interface Media {
  id: string;
  frames: FramesPort;
}

/** A message without what every message to the host has. */
type Asked<M extends Message> = Omit<ValueOf<M>, "type" | "request" | "board">;

export class Calls {
  /** By room. */
  readonly rings = new Map<string, Ring>();
  /** The call that this device takes part in, and afterwards the one that it was in last. */
  current: Call | undefined;
  readonly #enrum: Enrum;
  /** Whose media the current call has, or had. */
  mediaId = "";
  #frames: FramesPort | undefined;

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  // -- What the host tells ------------------------------------------------------------------------------------------

  async onCall(frame: Bytes): Promise<void> {
    const message = layoutDecode(messageCall, frame);
    const call = this.#here(message.board, message.call);
    await call?.onCall(message);
  }

  async onIn(frame: Bytes): Promise<void> {
    const message = layoutDecode(messageCallIn, frame);
    await this.#here(message.board, message.call)?.onIn(message);
  }

  #here(board: Bytes, id: Bytes): Call | undefined {
    const { current } = this;
    const isIt = current !== undefined && bytesEqual(board, this.#enrum.board.id) && bytesEqual(id, current.id);
    return isIt ? current : undefined;
  }

  onRings(frame: Bytes): void {
    const { board, room, call, state, caller } = layoutDecode(messageCallRings, frame);
    const hex = bytesHex(room);
    if (!bytesEqual(board, this.#enrum.board.id) || !this.#enrum.rooms.has(hex)) return;
    const before = this.rings.get(hex);
    const isOther = before !== undefined && !bytesEqual(before.call, call);
    const isRing = state === CALL_RINGS.RINGING || state === CALL_RINGS.GOES_ON;
    if (isRing) this.rings.set(hex, { call: call.slice(), state, caller: caller.slice(), at: this.#enrum.clock.wallMs() });
    else if (!isOther) this.#ringEnds(hex, before, state);
    this.#enrum.changed();
  }

  /** Who did not answer may still come: the call goes on until it is CANCELLED. That it rang for nothing is kept. */
  #ringEnds(hex: string, ring: Ring | undefined, state: number): void {
    if (ring === undefined) return;
    if (state === CALL_RINGS.MISSED) ring.state = CALL_RINGS.MISSED;
    else if (state === CALL_RINGS.CANCELLED && ring.state === CALL_RINGS.RINGING) ring.state = CALL_RINGS.MISSED;
    else if (state === CALL_RINGS.CANCELLED && ring.state !== CALL_RINGS.MISSED) this.rings.delete(hex);
    else if (state !== CALL_RINGS.CANCELLED) ring.state = CALL_RINGS.GOES_ON;
  }

  onLost(): void {
    // What goes on and what rings is told anew when the rooms are followed again.
    for (const [hex, { state }] of [...this.rings]) if (state !== CALL_RINGS.MISSED) this.rings.delete(hex);
    this.current?.onLost();
  }

  async step(): Promise<void> {
    await this.current?.step();
  }

  get dueMs(): number {
    return this.current?.dueMs ?? Infinity;
  }

  // -- Asking -------------------------------------------------------------------------------------------------------

  /** A question about the current call. Throws CALL_UNKNOWN, NETWORK, and what the host answers. */
  async #ask<M extends Message>(message: M, value: Omit<Asked<M>, "call">): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    await this.#enrum.turn(() => {
      const { id: call } = this.#now();
      this.#enrum.contact.ask(message, { ...value, board: this.#enrum.board.id, call } as unknown as Omit<ValueOf<M>, "type" | "request">, resolve);
    });
    const answer = await promise;
    if (answer.error !== undefined) throw new EnrumError(answer.error);
    return answer;
  }

  /** Throws CALL_UNKNOWN. */
  #now(): Call {
    if (this.current === undefined || this.current.isOver) throw new EnrumError("CALL_UNKNOWN");
    return this.current;
  }

  #in<T>(task: (call: Call) => Promise<T> | T): Promise<T> {
    return this.#enrum.turn(() => task(this.#now()));
  }

  /**
   * Comes to the room's call, or begins one; settles when it is being asked for. Throws OUT_OF_STATE (this device is in a call),
   * ROOM_UNKNOWN, NOT_LOGGED_IN.
   */
  join(hex: string, media: Media): Promise<void> {
    return this.#enrum.turn(async () => {
      const room = this.#enrum.rooms.get(hex);
      if (room === undefined || room.isDenied || room.trouble !== undefined) throw new EnrumError("ROOM_UNKNOWN");
      const ring = this.rings.get(hex);
      await this.#come(ring === undefined || ring.state === CALL_RINGS.MISSED ? suiteRandom(ID_BYTES) : ring.call, room, media);
      this.rings.delete(hex);
    });
  }

  /** Comes to a call as a guest, who knows its id only. Throws as join. */
  joinAsGuest(id: Bytes, media: Media): Promise<void> {
    return this.#enrum.turn(() => this.#come(id, undefined, media));
  }

  async #come(id: Bytes, room: Room | undefined, { id: mediaId, frames }: Media): Promise<void> {
    if (this.current !== undefined && !this.current.isOver) throw new EnrumError("OUT_OF_STATE", "this device is in a call");
    this.#frames = frames;
    this.mediaId = mediaId;
    this.current = await Call.come(this.#enrum, id, room, frames);
    this.#enrum.changed();
  }

  /** Another call goes on in the room, and the host has just told of it: this device comes to that one. False: it has not. */
  async comeToOther(call: Call): Promise<boolean> {
    const { room } = call;
    const ring = room === undefined ? undefined : this.rings.get(room.hex);
    if (room === undefined || ring === undefined || bytesEqual(ring.call, call.id)) return false;
    // It may have been left while it was being asked for.
    if (call !== this.current || this.#frames === undefined) return false;
    this.current = await Call.come(this.#enrum, ring.call, room, this.#frames);
    this.current.presence = call.presence;
    this.rings.delete(room.hex);
    this.#enrum.changed();
    return true;
  }

  /** Rings members of the room, or no longer. Staff let in whom they have rung. */
  async ring(persons: readonly Bytes[], isCancelled: boolean): Promise<void> {
    await this.#in((call) => {
      if (call.isStaffHere) for (const person of persons) call.expect(person, !isCancelled);
    });
    await this.#ask(messageCallRing, { persons: bytesJoin(persons), cancel: isCancelled ? 1 : 0 });
  }

  /** Does not come to what rings in the room; all devices of the person are silent. */
  refuse(hex: string): Promise<void> {
    return this.#enrum.turn(() => {
      const ring = this.rings.get(hex);
      if (ring === undefined) return;
      if (ring.state === CALL_RINGS.MISSED) this.rings.delete(hex);
      else {
        const busy = this.current !== undefined && !this.current.isOver ? 1 : 0;
        this.#enrum.contact.ask(messageCallRefuse, { board: this.#enrum.board.id, call: ring.call, busy });
        ring.state = CALL_RINGS.GOES_ON;
      }
      this.#enrum.changed();
    });
  }

  admit(local: number): Promise<void> {
    return this.#in((call) => {
      if (!call.isStaffHere || call.phase !== "IN") throw new EnrumError("MAY_NOT");
      return call.admit(call.peer(local));
    });
  }

  putOut(local: number): Promise<void> {
    return this.#in((call) => {
      if (!call.isStaffHere || call.phase !== "IN") throw new EnrumError("MAY_NOT");
      return call.putOut(call.peer(local));
    });
  }

  async lead(local: number): Promise<void> {
    const number = await this.#in((call) => call.peer(local).attendee.number);
    await this.#ask(messageCallLead, { number });
  }

  leave(isForAll: boolean): Promise<void> {
    return this.#in((call) => call.leave(isForAll));
  }

  text(local: number | undefined, line: number, text: string, isDone: boolean): Promise<void> {
    return this.#in((call) => call.textSend(local === undefined ? undefined : call.peer(local), line, text, isDone));
  }

  presence({ voice, camera, screen, isInterpreter, language }: CallPresence): Promise<void> {
    const number = (is: boolean) => is ? 1 : 0;
    return this.#in((call) => call.presenceSet({
      ...(voice === undefined ? {} : { voice: number(voice) }),
      ...(camera === undefined ? {} : { camera: number(camera) }),
      ...(screen === undefined ? {} : { screen: number(screen) }),
      ...(isInterpreter === undefined ? {} : { interpreter: number(isInterpreter) }),
      ...(language === undefined ? {} : { language }),
    }));
  }

  /** CALL_LEG. Throws CALL_UNKNOWN, MAY_NOT (not let in), RELAY_FULL, NETWORK. */
  async leg(offer: LegOffer): Promise<RelayLeg> {
    const streams = bytesJoin(offer.streams.map((stream) => layoutEncode(layoutCallStream, stream)));
    const { frame } = await this.#ask(messageCallLeg, { ...offer, streams });
    const { ufrag, pwd, fingerprint, addresses, port } = layoutDecode(messageCallLegReady, frame);
    return { ufrag, pwd, fingerprint: fingerprint.slice(), addresses, port };
  }

  // -- Behind the call ----------------------------------------------------------------------------------------------

  /**
   * `isMine`: this device led the call, and it is over for all: the entry is its to write. `mayGoOn`: this device has left those
   * whom the host shows. When the connection is lost, what it showed is old, and it tells what goes on when it is back.
   */
  onOver(call: Call, isMine: boolean, mayGoOn: boolean): void {
    this.#frames = undefined;
    const { room } = call;
    if (mayGoOn && room !== undefined) this.#goesOn(call, room);
    if (!isMine || !call.wasHeld || room === undefined || this.#enrum.roleNumber !== ROLES.STAFF) return;
    void this.#enrum.turn(() => this.#enrum.outbox.put(`call ${bytesHex(call.id)}`, room, callsEntry(this.#enrum, call), ""))
      // A room whose keys are not here, or a disk that is full: the keeper writes it when no client has.
      .catch((error: unknown) => console.warn("enrum: the call's entry is left to the keeper:", error));
  }

  /** Whoever has hung up may come back to those who are still there. That it goes on the host has told before; that it is over, it will. */
  #goesOn({ id, peers }: Call, room: Room): void {
    const persons = peers.shown.filter(({ attendee }) => attendee.isIn).map(({ attendee }) => attendee.certificate.body);
    const caller = (persons.find(({ role }) => role === ROLES.STAFF) ?? persons[0])?.person;
    if (caller !== undefined) this.rings.set(room.hex, { call: id, state: CALL_RINGS.GOES_ON, caller, at: this.#enrum.clock.wallMs() });
  }

  /** The engine ends here. The call goes on elsewhere, or the host ends it for this device in a while. */
  stop(): void {
    this.#frames?.close();
    this.#frames = undefined;
  }

  /** What the person has seen of a call that is over is put away. */
  dismiss(): Promise<void> {
    return this.#enrum.turn(() => {
      if (this.current?.isOver === true) this.current = undefined;
      this.#enrum.changed();
    });
  }
}
