// view -- what the engine tells the pages, and what the pages may ask of it: plain values that a structured clone carries
// between tabs. No keys, no bytes; ids and hashes are lower-case hexadecimal digits, times are ms since 1970.
import type { ErrorName } from "../protocol/tables.ts";

export type Role = "citizen" | "staff";

export interface ProviderView {
  id: string;
  name: string;
}

/** The board, as its board.json says. */
export interface BoardView {
  id: string;
  name: string;
  telephone: string;
  /** Who may be logged in with, for the role of these pages. */
  providers: ProviderView[];
  /** The pages come from the host itself, which could have changed them: a trial. */
  isFromHost: boolean;
}

export interface MeView {
  person: string;
  device: string;
  name: string;
  /** Level of assurance of the login, 1 ... 4. */
  level: number;
  /** The certificate's last moment; it is renewed by itself while the pages are used. */
  until: number;
}

/**
 * starting: the device's own store is being read. out: nobody is logged in here. busy: a login is with the keeper.
 * in: logged in on this device, also without a connection.
 */
export type LoginState = "starting" | "out" | "busy" | "in";

/** connecting: not yet, or again. offline: tried and failed. ready: the host knows this device (or, logged out, it answers). */
export type ContactState = "connecting" | "offline" | "ready";

export interface DeviceView {
  device: string;
  /** First seen, or logged in. */
  at: number;
  level: number;
  isThis: boolean;
}

/** Somebody of a room. The name comes from the keeper; it is empty until that has said it. */
export interface PersonView {
  person: string;
  role: "keeper" | "citizen" | "staff" | "guest";
  name: string;
  title: string;
  unit: string;
  isMe: boolean;
}

/** A conversation in the list. */
export interface RoomSummary {
  room: string;
  title: string;
  /** Not acknowledged by the host yet. */
  isUnborn: boolean;
  /** Opened here, and its keys are missing still: what it says cannot be shown. */
  isLocked: boolean;
  openedAt: number;
  /** Of the newest entry that somebody wrote. */
  lastAt: number;
  /** Its text, cut; empty when it cannot be read yet. */
  lastText: string;
  isLastMine: boolean;
  /** Entries that others wrote and that this person has not opened on any device. */
  unread: number;
  /** Own entries that wait to be sent. */
  waiting: number;
  /** The other side: names of those that are in it beside me and the keeper. */
  others: PersonView[];
  /** What was found wrong with it: class TRUST. It is not followed further. */
  trouble?: ErrorName;
  /** The person has been taken out of it, or it is gone. */
  isDenied: boolean;
}

/** A conversation of the unit's queue (staff). */
export interface QueueRow {
  room: string;
  title: string;
  /** When it reached the host: waiting time counts from here. */
  receivedAt: number;
  /** When taken: by whom. */
  takenBy?: PersonView;
}

/** What an entry is about. `text` only where it is named. */
export type ItemWhat =
  | { kind: "message" | "application" | "notification" | "note" | "decision"; text: string; replySeq: number }
  | { kind: "objection" | "correction"; text: string; aboutSeq: number }
  | { kind: "opened"; title: string }
  | { kind: "profile"; person: PersonView }
  | { kind: "device"; person: PersonView; level: number; at: number; isThis: boolean }
  | { kind: "added" | "removed"; person: PersonView }
  | { kind: "generation"; number: number }
  /** Keys were handed to one device: from now on it can read. `person` is absent when whose it is cannot be told. */
  | { kind: "granted"; device: string; isThis: boolean; person?: PersonView }
  | { kind: "checkpoint"; upTo: number; refused: { seq: number; ground: string }[] }
  /** Somebody has opened the log up to here. */
  | { kind: "read"; upTo: number }
  | { kind: "erased"; seq: number; ground: string }
  /** The sealed part was erased lawfully, or cannot be opened: KEY_MISSING, OPEN_FAILED, MALFORMED, PAYLOAD_MISSING. */
  | { kind: "unreadable"; error: ErrorName }
  /** A kind that these pages do not know or do not show. */
  | { kind: "other"; name: string };

export interface ItemView {
  seq: number;
  hash: string;
  receivedAt: number;
  /** The author's own clock. */
  time: number;
  author: PersonView;
  /** The author's device is this one. */
  isThisDevice: boolean;
  what: ItemWhat;
  /** Why the keeper, or this reader, refuses it: GROUNDS. */
  refused?: string;
  /** The host's receipt for it is kept here (own entries of this device). */
  hasReceipt: boolean;
}

/** An own entry that the host has not acknowledged. */
export interface DraftView {
  /** As given to send or open. */
  id: string;
  text: string;
  time: number;
  /** waiting: for a connection or its turn. sending: with the host. failed: refused for good, kept here until discarded. */
  state: "waiting" | "sending" | "failed";
  error?: ErrorName;
}

/** A room as these pages show it. */
export interface RoomView extends RoomSummary {
  /** It has become this room, and nothing more is told of it here: see reopening.ts. */
  movedTo?: string;
  /** Everything that the host has is here and told. */
  isCurrent: boolean;
  /** Verified so far. */
  headSeq: number;
  headHash: string;
  /** Entries up to here are recorded (journalförda), unless refused. */
  coveredSeq: number;
  coveredAt: number;
  members: PersonView[];
  /** In order of seq. The same object as before when nothing about it has changed. */
  items: readonly ItemView[];
  drafts: readonly DraftView[];
}

/** Everything but the rooms' entries. */
export interface SessionView {
  board: BoardView;
  role: Role;
  login: LoginState;
  me?: MeView;
  /** Why the last login failed, or why one is needed again (CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED ...). */
  loginError?: ErrorName;
  contact: ContactState;
  /** Why there is no connection. */
  contactError?: ErrorName;
  /** When the next try is made, while offline. */
  retryAt: number;
  /** The board's keeper is not connected: new devices and new keys must wait; writing goes on. */
  isKeeperAway: boolean;
  /** Something is wrong with host, board or keeper itself: class TRUST. Nothing is sent any more. */
  trouble?: ErrorName;
  /** The rooms have been listed at least once since the start. */
  isListed: boolean;
  rooms: RoomSummary[];
  /** Staff: waiting first, longest first; then those taken lately, newest first. */
  queue: QueueRow[];
  /** Of this person, newest first. */
  devices: DeviceView[];
}

/**
 * What the pages ask. Each promise settles when the engine has done its part (for send and open: when the entry is on this
 * device's disk, not when the host has it), and rejects with an EnrumError.
 */
export interface Verbs {
  /** The address to send the browser to. `redirect` is where the provider sends it back: these pages. */
  loginBegin(provider: string, redirect: string): Promise<string>;
  /** What came back behind `#`. Ends in login "in", or "out" with loginError. */
  loginFinish(code: string, state: string): Promise<void>;
  /** The keys, the drafts and the copies of the logs are deleted from this device. */
  logout(): Promise<void>;
  /** A new conversation with its first message; its room id. `id`: random, of the caller; twice is once. */
  open(id: string, title: string, text: string): Promise<string>;
  /** A message. `id` as for open. */
  send(id: string, room: string, text: string): Promise<void>;
  /** Takes a failed draft away; one that should have opened a conversation, with all that was written behind it. */
  discard(id: string): Promise<void>;
  /** Staff: takes a conversation from the queue. Settles when the keeper has answered. Rejects with NOT_QUEUED when somebody was quicker. */
  take(room: string): Promise<void>;
  /** The person has seen the room up to here: a signed read mark, for the journal and for the other devices. */
  markRead(room: string, seq: number): Promise<void>;
  /** Tries to connect at once. */
  retry(): Promise<void>;
}

/** What the pages hold: the newest views, told anew at each change. */
export interface EnrumClient extends Verbs {
  readonly session: SessionView | undefined;
  /** A room's view, once watched and told. */
  room(room: string): RoomView | undefined;
  /** Asks for a room's entries until the returned function is called. Watching asks for its keys too. */
  watch(room: string): () => void;
  /** Called after each change of session or of a watched room. Returns what ends it. */
  subscribe(listener: () => void): () => void;
  /** Ends everything of this tab. */
  close(): void;
}
