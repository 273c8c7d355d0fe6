// engine -- the one tab's worker that holds the lock runs this: the SDK's handle, its views told to all tabs, their calls done
// once each. Runs in Node too: channel, store, clock and socket are passed in.
import { EnrumError } from "../protocol/error.ts";
import { bytesHex, bytesOfHex } from "../protocol/layout.ts";
import { CAPACITIES, GROUNDS, ROLES, ROOM_TYPES, SUBJECT_TYPES, type ErrorName } from "../protocol/tables.ts";
import type { Question } from "../sdk/ask.ts";
import { Enrum, type EnrumOptions } from "../sdk/enrum.ts";
import type { Room } from "../sdk/roomcopy.ts";
import type { FramesPort } from "../sdk/call.ts";
import type { Media } from "../sdk/calls.ts";
import { noticeAsk, noticeCode, noticeSet } from "../sdk/notices.ts";
import { callView, ringViews } from "../sdk/tellcall.ts";
import { deviceViews, itemView, personView, roomSummary, roomView, wayViews } from "../sdk/tell.ts";
import { ownDevicesAsk } from "../sdk/owndevices.ts";
import { unitsAsk } from "../sdk/units.ts";
import type { BoardView, ContactState, Invitation, ItemView, LoginState, PersonView, QueueRow, SessionView, Verbs } from "../sdk/view.ts";
import type { EngineAsk, Tell } from "./wire.ts";

/** Changes are gathered for so long before they are told. */
const TELL_AFTER_MS = 15;
/** Answers kept, for callers that ask again. */
const ANSWERS_MAX = 1_000;
const TAKEN_SHOWN_MAX = 20;
const NOBODY = new Uint8Array(0);
/** Somebody else's device that nobody has touched for so long is logged out from; so long before, that is said. */
const SHARED_IDLE_MS = 15 * 60_000;
const IDLE_SAID_MS = 2 * 60_000;
/** Who waits for a call, or for a file, and has not touched it for so long has gone. */
const WAIT_MAX_MS = 60 * 60_000;
/** The clock is looked at so often: a timer stands still while the device sleeps. */
const IDLE_LOOK_MS = 15_000;
const OPEN_AGAIN_MS = 3_000;

export interface Channel {
  postMessage(message: Tell): void;
}

export interface EngineOptions extends Omit<EnrumOptions, "board" | "listener"> {
  channel: Channel;
  /** The text of board.json; undefined when it cannot be had right now. */
  boardFetch: () => Promise<string | undefined>;
  /** The pages' own address. */
  base: URL;
}

type Answer = Extract<Tell, { type: "answer" }>;

export class Engine {
  #options: EngineOptions;
  #enrum!: Enrum;
  #calls = new Map<string, Promise<Answer>>();
  /** Rooms that each tab looks at. */
  #watches = new Map<string, readonly string[]>();
  #views = new Map<Room, ItemView[]>();
  #media = new Map<string, FramesPort>();
  #isTelling = false;
  #isClosed = false;
  /** Behind a logout the next one is being opened: what is asked meanwhile waits for it. */
  #opening: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  /** By the wall clock, in any of the tabs. */
  #touchedAt = 0;
  /** By somebody's hand, or in a call. */
  #seenAt = 0;
  #isIdle = false;
  #idleTimer: (() => void) | undefined;

  private constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Throws as Enrum.open. */
  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    await engine.#open();
    return engine;
  }

  async #open(): Promise<void> {
    this.#views.clear();
    // Somebody may be in before anything has been told, and looked at.
    this.#touchedAt = this.#seenAt = this.#options.clock.wallMs();
    const board = await this.#options.boardFetch();
    this.#enrum = await Enrum.open({ ...this.#options, board, listener: () => this.#tellSoon() });
    if (this.#isClosed) return this.#enrum.stop();
    this.#opening = undefined;
    this.#watchedSet();
    this.#tellSoon();
  }

  /** There is nothing to go back to: tried until it is done. */
  async #openAgain(): Promise<void> {
    while (!this.#isClosed) {
      try {
        return await this.#open();
      } catch {
        await new Promise<void>((resolve) => this.#options.clock.after(OPEN_AGAIN_MS, resolve));
      }
    }
  }

  get enrum(): Enrum {
    return this.#enrum;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#idleTimer?.();
    return this.#enrum.close();
  }

  // -- Asked --------------------------------------------------------------------------------------------------------

  async onAsk(ask: EngineAsk): Promise<void> {
    switch (ask.type) {
      case "call":
        return this.#onCall(ask);
      case "watch":
        this.#watches.set(ask.tab, ask.rooms);
        return this.#onWatches(ask.rooms);
      case "bye":
        this.#watches.delete(ask.tab);
        return this.#onWatches([]);
      case "touched":
        this.#idleLook(true);
    }
  }

  async #onCall({ id, verb, args }: Extract<EngineAsk, { type: "call" }>): Promise<void> {
    const answer = this.#calls.get(id) ?? this.#call(id, verb, args);
    this.#calls.set(id, answer);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > ANSWERS_MAX && oldest !== undefined) this.#calls.delete(oldest);
    this.#options.channel.postMessage(await answer);
    // A file is not kept for callers that ask again: it is brought again.
    if (verb === "openFile") this.#calls.delete(id);
  }

  async #call(id: string, verb: keyof Verbs, args: readonly unknown[]): Promise<Answer> {
    try {
      await this.#opening;
      const value = await (this.#verbs[verb] as (...given: readonly unknown[]) => Promise<unknown>)(...args);
      return { to: "tabs", type: "answer", id, value };
    } catch (error) {
      const known = error instanceof EnrumError ? error : new EnrumError("MEMORY", String(error), error);
      return { to: "tabs", type: "answer", id, error: { code: known.code, detail: known.message } };
    }
  }

  #verbs: Verbs = {
    loginBegin: (...of) => this.#enrum.turn(() => this.#enrum.login.begin(...of)),
    loginFinish: (code, state) => this.#enrum.turn(() => this.#enrum.login.finish(code, state)),
    adviceBegin: (isShared) => this.#enrum.turn(() => this.#enrum.login.unknown(isShared)),
    noticeAsk: () => noticeAsk(this.#enrum),
    noticeSet: (address) => noticeSet(this.#enrum, address),
    noticeCode: (code) => noticeCode(this.#enrum, code),
    logout: () => this.#logout(),
    open: (id, title, text, language, unit) => this.#enrum.openRoom(id, title, text, language, unit),
    openAgain: (room) => this.#enrum.openAgain(room),
    units: () => unitsAsk(this.#enrum),
    openStaffRoom: (id, room) => this.#enrum.asStaff((staff) => staff.staffRoomOpen(this.#enrum, id, room)),
    addToCase: (...of) => this.#enrum.asStaff((staff) => staff.caseAdd(this.#enrum, ...of)),
    takeOutOfCase: (...of) => this.#enrum.asStaff((staff) => staff.caseTakeOut(this.#enrum, ...of)),
    release: (...of) => this.#enrum.asStaff((staff) => staff.releasePut(this.#enrum, ...of)),
    releaseAgain: (...of) => this.#enrum.asStaff((staff) => staff.releaseAgain(this.#enrum, ...of)),
    send: (id, room, text, language) => this.#enrum.send(id, room, text, language),
    sendFile: (id, room, file, name, mediaType, text, language, preview) => this.#enrum.sendFile(id, room, file, name, mediaType, text, language, preview),
    openFile: (room, seq) => this.#enrum.openFile(room, seq),
    cancelFile: (room, seq) => this.#enrum.cancelFile(room, seq),
    about: (id, room, seq, kind, text, language) => this.#enrum.about(id, room, seq, kind === "objection" ? "OBJECTION" : "CORRECTION", text, language),
    type: (room) => this.#enrum.type(room),
    writingKeep: (place, tab, text) => this.#enrum.turn(() => this.#enrum.writings.keep(place, tab, text)),
    writingPlaces: () => this.#enrum.writings.places(),
    writingTake: (place, tab, tabs) => this.#enrum.turn(() => this.#enrum.writings.take(place, tab, tabs)),
    sendAgain: (id) => this.#enrum.sendAgain(id),
    discard: (id) => this.#enrum.discard(id),
    take: (room) => this.#asked({ kind: "TAKE", body: { room: bytesOfHex(room) } }),
    addColleague: (room, person, text) => this.#asked({ kind: "ADD", body: { room: bytesOfHex(room), person: bytesOfHex(person), text } }),
    handOver: (room, person, text) => this.#handedOver(room, { kind: "HAND_OVER", body: { room: bytesOfHex(room), person: person === undefined ? NOBODY : bytesOfHex(person), text } }),
    moveToUnit: (room, unit, text) => this.#handedOver(room, { kind: "MOVE", body: { room: bytesOfHex(room), unit: bytesOfHex(unit), text } }),
    endAccess: (room, person, ground) => this.#asked({
      kind: "REMOVE", body: { room: bytesOfHex(room), subject_type: SUBJECT_TYPES.PERSON, subject: bytesOfHex(person), ground: GROUNDS[ground] },
    }),
    invite: (room, invitation) => this.#invite(room, invitation),
    logOutDevice: (device) => this.#logOutDevice(device),
    redeem: (...of) => this.#enrum.turn(() => this.#enrum.login.redeem(...of)),
    ownDevices: () => ownDevicesAsk(this.#enrum),
    markRead: (room, seq) => this.#enrum.markRead(room, seq),
    way: async (room) => wayViews(this.#enrum, room),
    markOpened: (room) => this.#enrum.markOpened(room),
    retry: () => this.#enrum.turn(() => this.#enrum.contact.retry()),
    write: (id, room, writing, language) => this.#enrum.write(id, room, writing, language),
    templates: () => this.#enrum.asStaff(({ templatesRead }) => templatesRead(this.#enrum)),
    templatesChange: (from, to) => this.#enrum.asStaff(({ templatesChange }) => templatesChange(this.#enrum, from, to)),
    callJoin: (media, room) => this.#enrum.calls.join(room, this.#mediaOf(media)),
    callJoinAsGuest: (media, call) => this.#enrum.calls.joinAsGuest(bytesOfHex(call), this.#mediaOf(media)),
    callRing: (persons) => this.#enrum.calls.ring(persons.map(bytesOfHex), false),
    callRingCancel: (persons) => this.#enrum.calls.ring(persons.map(bytesOfHex), true),
    callRefuse: (room) => this.#enrum.calls.refuse(room),
    callAdmit: (participant) => this.#enrum.calls.admit(participant),
    callPutOut: (participant) => this.#enrum.calls.putOut(participant),
    callLead: (participant) => this.#enrum.calls.lead(participant),
    callLeave: (isForAll) => this.#enrum.calls.leave(isForAll),
    callText: (participant, line, text, isDone) => this.#enrum.calls.text(participant, line, text, isDone),
    callPresence: (presence) => this.#enrum.calls.presence(presence),
    callLeg: (offer) => this.#enrum.calls.leg(offer),
    callDismiss: () => this.#enrum.calls.dismiss(),
  };

  async #asked(question: Question): Promise<void> {
    await this.#enrum.ask(question);
  }

  async #logOutDevice(device: string): Promise<void> {
    await this.#asked({ kind: "LOG_OUT", body: { device: bytesOfHex(device) } });
    this.#enrum.devicesOut.add(device);
    this.#enrum.changed();
  }

  /** Who was in it and is told that they are not has handed it over before, and the answer was lost. */
  async #handedOver(room: string, question: Question): Promise<void> {
    const before = this.#enrum.rooms.get(room);
    const wasIn = before?.isDenied === false && before.type === ROOM_TYPES.PARTY;
    try {
      await this.#asked(question);
    } catch (error) {
      if (!wasIn || !(error instanceof EnrumError) || error.code !== "ROOM_UNKNOWN") throw error;
    }
  }

  async #invite(room: string, { capacity, name, number = "", person, hasHistory, until, why: text }: Invitation): Promise<string | undefined> {
    const answer = await this.#enrum.ask({ kind: "INVITE", body: {
      room: bytesOfHex(room), capacity: CAPACITIES[capacity], person: person === undefined ? NOBODY : bytesOfHex(person), number, name,
      history: hasHistory ? 1 : 0, until, text,
    } });
    return answer?.kind === "INVITED" ? answer.value.code : undefined;
  }

  // -- Media --------------------------------------------------------------------------------------------------------

  /** A tab's worker of frames, under the name that the tab will come to a call with. It closes itself. */
  mediaAdd(id: string, frames: FramesPort): void {
    this.#media.set(id, frames);
  }

  mediaRemove(id: string): void {
    this.#media.delete(id);
    // Without the tab's media there is nobody in the call.
    const { calls } = this.#enrum;
    if (calls.mediaId === id) void calls.leave(false).catch(() => undefined);
  }

  /** Throws OUT_OF_STATE. */
  #mediaOf(id: string): Media {
    const frames = this.#media.get(id);
    if (frames === undefined) throw new EnrumError("OUT_OF_STATE", "the engine does not run in this tab");
    return { id, frames };
  }

  /** Logged out from elsewhere: nothing stays here, and the page says why. */
  async #putOut(): Promise<void> {
    this.#enrum.isPutOut = false;
    await this.#logout();
    await this.#opening;
    this.#enrum.onProofRefused("CERTIFICATE_REVOKED");
  }

  /** Once, for all who ask for it at the same time. Answered when nothing is left here; a server that is slow then holds nobody. */
  #logout(): Promise<void> {
    this.#ending ??= this.#enrum.logout().then(() => {
      this.#options.channel.postMessage({ to: "tabs", type: "ended" });
      this.#opening = this.#openAgain();
    }).finally(() => this.#ending = undefined);
    return this.#ending;
  }

  /**
   * Somebody else's device that nobody has touched for too long is logged out from; tried again while that fails. A call holds it off
   * while it lasts; the wait for one, and a file on its way, for an hour. Whoever comes too late, as after a sleep, does not prolong what was another's.
   */
  #idleLook(isTouched = false): void {
    this.#idleTimer?.();
    if (this.#opening !== undefined) return;
    const { isShared, me, calls, outbox, downloads } = this.#enrum;
    const now = this.#options.clock.wallMs();
    const isOurs = isShared && me !== undefined;
    const isSeen = isTouched || calls.current?.phase === "IN";
    const isWaiting = (calls.current?.isOver === false || outbox.uploads.isUnderWay || downloads.isUnderWay) && now - this.#seenAt < WAIT_MAX_MS;
    if (!isOurs || now < this.#touchedAt || ((isSeen || isWaiting) && now - this.#touchedAt < SHARED_IDLE_MS)) {
      this.#touchedAt = now;
      if (!isWaiting || isSeen) this.#seenAt = now;
    }
    const left = this.#touchedAt + SHARED_IDLE_MS - now;
    const wasIdle = this.#isIdle;
    this.#isIdle = left <= IDLE_SAID_MS;
    if (this.#isIdle !== wasIdle) this.#tellSession();
    if (!isOurs) return;
    this.#idleTimer = this.#options.clock.after(IDLE_LOOK_MS, () => this.#idleLook());
    if (left <= 0) this.#logout().catch(() => undefined);
  }

  #watchedSet(): void {
    this.#enrum.watched = new Set([...this.#watches.values()].flat());
  }

  async #onWatches(wanted: readonly string[]): Promise<void> {
    this.#watchedSet();
    // A turn: what is watched for the first time may need its keys. There is nothing to tell of an engine that has ended meanwhile.
    if (!await this.#enrum.turn(() => true).catch(() => false)) return;
    this.#tellSession();
    for (const hex of wanted) {
      const room = this.#enrum.rooms.get(hex);
      if (room !== undefined) this.#tellRoom(room, 0);
    }
  }

  // -- Told ---------------------------------------------------------------------------------------------------------

  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#options.clock.after(TELL_AFTER_MS, () => {
      this.#isTelling = false;
      this.#tell();
    });
  }

  #tell(): void {
    // What was another's a moment ago is told to nobody.
    if (this.#opening !== undefined || this.#isClosed) return;
    if (this.#enrum.isPutOut) {
      const { me } = this.#enrum;
      return void this.#putOut().catch(() => this.#options.clock.after(IDLE_LOOK_MS, () => this.#enrum.me === me && this.#enrum.putOut()));
    }
    this.#idleLook();
    const { changedRooms, changedItems, watched } = this.#enrum;
    this.#tellSession();
    for (const room of changedRooms) {
      const views = this.#views.get(room);
      const changed = [...changedItems.get(room) ?? []].filter((seq) => seq <= (views?.length ?? 0));
      const from = Math.min(views?.length ?? 0, ...changed.map((seq) => seq - 1));
      for (const seq of changed) if (views !== undefined) views[seq - 1] = itemView(this.#enrum, room, room.items[seq - 1]!);
      if (watched.has(room.hex)) this.#tellRoom(room, from);
    }
    changedRooms.clear();
    changedItems.clear();
  }

  #tellRoom(room: Room, from: number): void {
    const views = this.#views.get(room) ?? [];
    this.#views.set(room, views);
    for (const item of room.items.slice(views.length)) views.push(itemView(this.#enrum, room, item));
    const { items, ...view } = roomView(this.#enrum, room, views.slice(from));
    this.#options.channel.postMessage({ to: "tabs", type: "room", view, from, items });
  }

  #tellSession(): void {
    this.#options.channel.postMessage({ to: "tabs", type: "session", view: this.#session() });
  }

  // -- The session's view -------------------------------------------------------------------------------------------

  #board(): BoardView {
    const { board, role } = this.#enrum;
    const providers = board.providers.filter(({ roles }) => roles.includes(role)).map(({ id, name }) => ({ id, name }));
    const isFromHost = new URL(board.hostUrl).host === this.#options.base.host;
    return { id: bytesHex(board.id), name: board.name, telephone: board.telephone, providers, isFromHost, offers: board.offers };
  }

  #login(): LoginState {
    if (this.#enrum.login.isBusy) return "busy";
    return this.#enrum.me === undefined ? "out" : "in";
  }

  #contact(): { contact: ContactState; contactError?: ErrorName } {
    const { contact, me } = this.#enrum;
    if (contact.phase === "READY" || (contact.phase === "GREETED" && (me === undefined || this.#enrum.loginError !== undefined))) {
      return { contact: "ready" };
    }
    // A page that has lost its connection says so at once, and while it tries again.
    return contact.error === undefined ? { contact: "connecting" } : { contact: "offline", contactError: contact.error };
  }

  /** The rooms of this employee's unit, and of no other: whoever has gone to another one has left the copy behind. */
  #units(): Room[] {
    return [...this.#enrum.rooms.values()].filter(({ openerRole, isDenied }) => openerRole === ROLES.KEEPER && !isDenied);
  }

  #queue(): QueueRow[] {
    const rows = this.#units().flatMap(({ queue }) => [...queue]).map(([room, { title, receivedAt, isAdvice, takenBy }]): QueueRow => ({
      room, title, receivedAt, isAdvice, ...(takenBy === undefined ? {} : { takenBy: personView(this.#enrum, takenBy, ROLES.STAFF) }),
    }));
    const waiting = rows.filter(({ takenBy }) => takenBy === undefined).sort((a, b) => a.receivedAt - b.receivedAt);
    const taken = rows.filter(({ takenBy }) => takenBy !== undefined).sort((a, b) => b.receivedAt - a.receivedAt);
    return [...waiting, ...taken.slice(0, TAKEN_SHOWN_MAX)];
  }

  /** As the units' rooms have them: also those who have never logged in. */
  #colleagues(): PersonView[] {
    const people = this.#units().flatMap(({ fold }) => [...fold.members.values()]).filter(({ role }) => role === ROLES.STAFF)
      .map(({ person, role }) => personView(this.#enrum, person, role)).filter(({ isMe }) => !isMe);
    return people.sort((a, b) => a.name.localeCompare(b.name, "sv"));
  }

  #session(): SessionView {
    const enrum = this.#enrum;
    const { me, loginError, trouble } = enrum;
    // A unit's room is the queue, not a conversation. One that a citizen is denied is theirs: the keeper has named it.
    const isShown = (room: Room) => room.isUnborn || room.trouble !== undefined || (room.isDenied && enrum.role === "citizen") || (room.fold.seq > 0 && room.openerRole !== ROLES.KEEPER && !(room.isAmongStaff && room.type === 0));
    const rooms = [...enrum.rooms.values()].filter(isShown);
    return {
      board: this.#board(),
      role: enrum.role,
      login: this.#login(),
      ...(me === undefined ? {} : { me: {
        person: bytesHex(me.certificate.body.person), device: bytesHex(me.certificate.device), name: me.name,
        level: me.certificate.body.level, ways: me.ways, until: me.certificate.body.not_after,
      } }),
      ...(loginError === undefined ? {} : { loginError }),
      ...this.#contact(),
      retryAt: enrum.clock.wallMs() + Math.max(0, enrum.contact.backoff.nextAt - enrum.clock.monoMs()),
      isKeeperAway: enrum.isKeeperAway,
      ...(trouble === undefined ? {} : { trouble }),
      isListed: enrum.isListed,
      isShared: enrum.isShared,
      isIdle: this.#isIdle,
      rooms: rooms.map((room) => roomSummary(enrum, room)).sort((a, b) => b.lastAt - a.lastAt),
      queue: this.#queue(),
      colleagues: enrum.role === "staff" ? this.#colleagues() : [],
      devices: deviceViews(enrum),
      rings: ringViews(enrum),
      ...(enrum.calls.current === undefined ? {} : { call: callView(enrum, enrum.calls.current) }),
    };
  }
}
