// view -- what the engine tells the pages, and what the pages may ask of it: plain values that a structured clone carries
// between tabs. No keys, and no bytes but of small pictures (Blob); ids and hashes are lower-case hexadecimal digits, times are ms since 1970.
import type { Use } from "../call/framecrypt.ts";
import type { LegOffer, RelayLeg } from "../call/sdp.ts";
import type { CapacityName, ErrorName } from "../protocol/tables.ts";
import type { Question } from "./ask.ts";
import type { CaseWhat, Writing } from "./casebody.ts";
import type { Deadline } from "./journey.ts";

/** A guest takes part in calls that they are let in to, and sees no room. */
export type Role = "citizen" | "staff" | "guest";

/** An e-ID provider that the board takes. `id` is what loginBegin is given. */
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
  /** What it offers beside: advice to people who do not log in, and notices by e-mail. */
  offers: { advice: boolean; notices: boolean };
}

/** Who is logged in on this device. */
export interface MeView {
  person: string;
  device: string;
  name: string;
  /** Level of assurance of the login, 1 ... 4; 0: not logged in, and nobody knows who it is. */
  level: number;
  /** What this person's certificates here were answers to: LOGIN, by an e-ID; REDEEM, by a printed code. Without either it was not noted. */
  ways: readonly Question["kind"][];
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

/** What a device says that it is: numbers of protocol/devices.ts, and no words. 0: not said. */
export interface DeviceWord {
  type: number;
  browser: number;
}

/** A device of this person's, as the keeper tells them and nobody else. */
export interface OwnDeviceView extends DeviceWord {
  device: string;
  /** Whoever logged in said that it was not theirs. */
  isBorrowed: boolean;
  level: number;
  /** The last time. */
  loggedInAt: number;
  /** Its login was prolonged, so it was in use then; perhaps later, too. */
  usedAt: number;
  isOut: boolean;
}

/** A device of this person's, as the rooms show it. */
export interface DeviceView {
  device: string;
  /** First seen, or logged in. */
  at: number;
  level: number;
  isThis: boolean;
  /** Logged out for good: from another device, or by staff. */
  isOut: boolean;
}

/** Somebody of a room. The name comes from the keeper; it is empty until that has said it. */
export interface PersonView {
  person: string;
  role: "keeper" | "citizen" | "staff" | "guest";
  name: string;
  title: string;
  unit: string;
  isMe: boolean;
  /** Staff have let them in. */
  capacity?: CapacityName;
}

/** A file's name, which does no harm, and its type: one that a browser shows, or application/octet-stream. */
export interface FileName {
  name: string;
  mediaType: string;
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
  /** Its text, cut; empty when it cannot be read yet, or says that a call was held. */
  lastText: string;
  /** It is a file: `lastText` are the words beside it. */
  lastFile?: FileName;
  isLastCall: boolean;
  isLastMine: boolean;
  /** Entries that others wrote and that this person has not opened on any device. */
  unread: number;
  /** Own entries that wait to be sent. */
  waiting: number;
  /** Staff: since when somebody's words are unanswered; and what is to be done first, as far as this device can read. */
  unansweredSince?: number;
  deadline?: Deadline;
  /** Citizens: which entries `way` gives; absent while nothing has been said of a case. */
  way?: string;
  /** The other side: names of those that are in it beside me and the keeper. */
  others: PersonView[];
  /** What was found wrong with it: class TRUST. It is not followed further. */
  trouble?: ErrorName;
  /** The person has been taken out of it, or it is gone. */
  isDenied: boolean;
  /** Somebody else has opened it, and this person was let in: that holds also for whoever is out of it again. */
  isOthers: boolean;
  /** The case is this person's own: who opened it, or is in it as the one whom it is about. Never an employee's. */
  isOwn: boolean;
  /** Whoever opened it has not logged in: nobody knows who it is. */
  isAdvice: boolean;
  /** Of a case's room for employees alone: the conversations of the case. */
  caseRooms?: string[];
}

/** Whether notices are sent to this person, and where to: most of the name is left out of the address. */
export interface NoticeView {
  state: "off" | "asked" | "on";
  address: string;
}

/** A conversation of the unit's queue (staff). */
export interface QueueRow {
  room: string;
  title: string;
  /** When it reached the host: waiting time counts from here. */
  receivedAt: number;
  /** With somebody who has not logged in. */
  isAdvice: boolean;
  /** When taken: by whom. */
  takenBy?: PersonView;
}

/** A unit that takes conversations. */
export interface UnitView {
  unit: string;
  name: string;
  /** Staff: it is this person's. */
  isMine: boolean;
}

/** A caseworker's own text, to be used again. */
export interface TemplateView {
  name: string;
  text: string;
}

/** Somebody who was in a call, as its entry says. */
export interface CallAttended extends PersonView {
  /** Level of assurance of the login, 0 ... 4. */
  level: number;
  isInterpreter: boolean;
}

/** What the board's virus scanner says of a file. */
export interface FindingView {
  /** It could not be scanned; else something was found. */
  isUnscanned: boolean;
  /** What was found, as the scanner calls it; or why it could not be scanned. */
  name: string;
  scanner: string;
}

/** How a note that was held is shown to a party. */
export interface ReleaseSaid {
  text: string;
  isMasked: boolean;
  /** On what ground something is left out. */
  ground: string;
  /** Who noted it, as the party is to read. */
  notedBy: string;
  /** The entry of the conversation that asked for it; 0: none. */
  replySeq: number;
}

/** Of what is shown: noted when and by whom, as staff state it. */
interface Noted {
  notedAt: number;
  notedBy: string;
  isMasked: boolean;
  ground: string;
}

/** What an entry is about. `text` only where it is named. */
export type ItemWhat =
  | { kind: "message" | "application" | "notification" | "note" | "decision"; text: string; replySeq: number }
  /** `aboutSeq`: the entry it is about; 0 when it names one that this room does not have. */
  | { kind: "objection" | "correction"; text: string; aboutSeq: number }
  | CaseWhat
  /** An attachment: openFile brings it. `preview`: a small JPEG or WebP that its sender says it looks like. */
  | { kind: "file"; size: number; text: string; preview?: Blob; finding?: FindingView } & FileName
  /** The board's virus scanner warns of the file of this entry. */
  | { kind: "finding"; aboutSeq: number; finding: FindingView }
  /** `unit`: that it was begun for; empty: none named. */
  | { kind: "opened"; title: string; unit: string }
  /** The conversation is this unit's from here on. */
  | { kind: "moved"; unit: string; name: string; by: PersonView; why: string }
  /** A call was held: began and ended by the clock of whoever wrote it. */
  | { kind: "call"; call: string; began: number; ended: number; people: CallAttended[] }
  /** `unit`: an employee's as of this entry. */
  | { kind: "profile"; person: PersonView; level: number; unit: string }
  | { kind: "device"; person: PersonView; level: number; at: number; isThis: boolean }
  /** `ground` and `why` where it is open. `isTold`: an access entry directly before says the same, and more. `device`: of the person's, this one only. */
  | { kind: "added" | "removed"; person: PersonView; ground?: string; why?: string; isTold: boolean; device?: string }
  /** Staff have let somebody in, or ended it. `fromSeq`: nothing before this entry can be read. `until`: 0, or when it ends by itself. */
  | { kind: "access"; isGiven: boolean; person: PersonView; capacity: CapacityName; by: PersonView; fromSeq: number; until: number; hasCode: boolean; why: string }
  | { kind: "generation"; number: number }
  /** Keys were handed to one device: from now on it can read. `person` is absent when whose it is cannot be told. */
  | { kind: "granted"; device: string; isThis: boolean; fromSeq: number; person?: PersonView }
  | { kind: "checkpoint"; upTo: number; refused: { seq: number; ground: string }[] }
  /** Somebody has opened the log up to here. */
  | { kind: "read"; upTo: number }
  | { kind: "erased"; seq: number; ground: string }
  /** The sealed part was erased lawfully, or cannot be opened: KEY_MISSING, OPEN_FAILED, MALFORMED, PAYLOAD_MISSING. */
  | { kind: "unreadable"; error: ErrorName }
  /** The case of this staff room has a conversation, or has it no longer: its title, where this device knows it. */
  | { kind: "caseRoom" | "caseRoomOut"; title: string; why: string }
  /** A note that was held, shown here. `aboutSeq`: the entry that asked for it, or 0. */
  | { kind: "release"; text: string; aboutSeq: number } & Noted
  /** In a staff room: entry `aboutSeq` is shown in a conversation of the case, in these words. `shownSeq`, `shownAt`: the entry there, once it is. */
  | { kind: "released"; shown: string; aboutSeq: number; room: string; person: PersonView; title: string; shownSeq?: number; shownAt?: number } & Noted
  /** A kind that these pages do not know or do not show. */
  | { kind: "other"; name: string };

/** An entry of a room's log, verified. */
export interface ItemView {
  seq: number;
  hash: string;
  receivedAt: number;
  /** The author's own clock. */
  time: number;
  /** When what it tells of happened, as its author says; 0: when it was written. */
  eventTime: number;
  author: PersonView;
  /** Level of assurance of the author's login, 0 ... 4. */
  level: number;
  /** The author's device is this one. */
  isThisDevice: boolean;
  what: ItemWhat;
  /** BCP 47: of the words, as the page was that they were written on; empty when that did not say. */
  language: string;
  /** Why the keeper, or this reader, refuses it: GROUNDS. */
  refused?: string;
  /** While its file is being brought: bytes that are here. */
  received?: number;
  /** The host's receipt for it is kept here (own entries of this device). */
  hasReceipt: boolean;
}

/** An own entry that does not stand in the log yet. */
export interface DraftView {
  /** As given to send or open. */
  id: string;
  text: string;
  time: number;
  /** It sends this file; `sent`: bytes that the host has. Until it has them all, discard gives it up. */
  file?: { size: number; sent: number; preview?: Blob } & FileName;
  /** What it will say as an entry; absent where that is a file, what opens a conversation, or cannot be read here. */
  says?: Pick<ItemView, "what" | "author" | "eventTime" | "receivedAt">;
  /** waiting: for a connection or its turn. sending: with the host. received: the host has it. failed: refused for good, kept here until discarded. */
  state: "waiting" | "sending" | "received" | "failed";
  error?: ErrorName;
}

/** A room as these pages show it. */
export interface RoomView extends RoomSummary {
  /** It has become this room, and nothing more is told of it here: see reopening.ts. */
  movedTo?: string;
  /** Everything that the host has is here and told. */
  isCurrent: boolean;
  /** What is written now can be sealed: not before the first entries of a conversation that this person has just come to are here. */
  hasKey: boolean;
  /** Verified so far. */
  headSeq: number;
  headHash: string;
  /** How far this person has been shown it, on whatever device: by their read marks alone. */
  seenSeq: number;
  /** Entries up to here are recorded (journalförda), unless refused. */
  coveredSeq: number;
  coveredAt: number;
  members: PersonView[];
  /** Nothing before this entry is for this person, who came later; 0: everything is. */
  fromSeq: number;
  /** Who else writes just now. */
  typing: PersonView[];
  /** In order of seq. The same object as before when nothing about it has changed. */
  items: readonly ItemView[];
  drafts: readonly DraftView[];
}

/** What rings in a room for this person, or goes on there. */
export interface RingView {
  room: string;
  call: string;
  /** missed: nobody came while it rang, and perhaps it goes on still. */
  state: "ringing" | "goesOn" | "missed";
  caller: PersonView;
  at: number;
}

/** A stream of somebody in the call, as the relay sends it. */
export interface CallStreamView {
  use: Use;
  ssrc: number;
}

/** Another device in the call, or waiting to be let in. */
export interface CallPersonView extends PersonView {
  /** This device's own number for it: what it is asked about by. It stays for the whole call. */
  participant: number;
  /** Level of assurance of the login, 0 ... 4. */
  level: number;
  state: "waiting" | "in" | "away";
  /** A member of the room; else a guest. */
  isMember: boolean;
  isLead: boolean;
  /** Since when it is here, by the host's clock. */
  since: number;
  /** False: shown by the host, and let in by nobody who may. It hears and sees nothing of this device. */
  isEntitled: boolean;
  isInterpreter: boolean;
  /** BCP 47; empty when it has not said. */
  language: string;
  voice: boolean;
  camera: boolean;
  screen: boolean;
  /** It sends, and its key has not come yet: nothing of it can be shown. */
  isKeyMissing: boolean;
  /** It has the key that this device's frames are sealed with. */
  hasKey: boolean;
  streams: CallStreamView[];
}

/** A line of text in the call or its waiting room. Kept nowhere. */
export interface CallLineView {
  /** undefined: this device. */
  from?: number;
  /** Own, to one alone. */
  to?: number;
  line: number;
  text: string;
  isDone: boolean;
  isSent: boolean;
  at: number;
}

/** Why a call is over for this device. lost: this device was away for too long. member: the person is no longer in the room. empty: nobody else was left. */
export type CallEnd = "ended" | "left" | "put_out" | "empty" | "lost" | "member";

/** The call that this device is in, or was in last until it is dismissed. */
export interface CallView {
  call: string;
  /** Absent for a guest. */
  room?: string;
  /** The tab's media that it has, by the name that the tab gave them; others show that it goes on elsewhere. */
  media: string;
  phase: "coming" | "waiting" | "in" | "over";
  end?: CallEnd;
  error?: ErrorName;
  /** The host knows this device here just now; else it comes back by itself. */
  isConnected: boolean;
  began: number;
  /** Somebody else was in it with this device: it leaves an entry, and a note is due. */
  wasHeld: boolean;
  /** While waiting: 1 is next. */
  position: number;
  isLead: boolean;
  /** May let in, put out and end the call for all. */
  isHost: boolean;
  /** Frames of this device are sealed and sent. */
  isSending: boolean;
  own: { voice: boolean; camera: boolean; screen: boolean; isInterpreter: boolean; language: string };
  people: CallPersonView[];
  rung: { person: PersonView; state: "ringing" | "answered" | "declined" | "busy" | "missed" | "cancelled" }[];
  lines: CallLineView[];
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
  /** The device is not the person's own: nothing is kept on it, and who reloads the page is logged out. */
  isShared: boolean;
  /** Such a device: nobody has touched it for long, and in some two minutes it is logged out from. */
  isIdle?: boolean;
  rooms: RoomSummary[];
  /** Staff: waiting first, longest first; then those taken lately, newest first. */
  queue: QueueRow[];
  /** Staff: the employees of the unit, but this one. */
  colleagues: PersonView[];
  /** Of this person, newest first. */
  devices: DeviceView[];
  rings: RingView[];
  call?: CallView;
}

/** Own microphone, camera and screen, and how this person takes part. What is left out stays as it is. */
export interface CallPresence {
  voice?: boolean;
  camera?: boolean;
  screen?: boolean;
  isInterpreter?: boolean;
  language?: string;
}

/** Somebody whom staff let in. */
export interface Invitation {
  capacity: CapacityName;
  name: string;
  /** Twelve digits; undefined: comes with a printed code. */
  number?: string;
  /** Came with a code, and needs another one. */
  person?: string;
  /** Reads what was written before, too. */
  hasHistory: boolean;
  /** 0: until it is ended. */
  until: number;
  why: string;
}

/**
 * What the pages ask. Each promise settles when the engine has done its part (for send and open: when the entry is on this
 * device's disk, not when the host has it), and rejects with an EnrumError.
 */
export interface Verbs {
  /** The address to send the browser to. `redirect` is where the provider sends it back: these pages. `device`: what it says that it is. */
  loginBegin(provider: string, redirect: string, isShared: boolean, device?: DeviceWord): Promise<string>;
  /** What came back behind `#`. Ends in login "in", or "out" with loginError. */
  loginFinish(code: string, state: string): Promise<void>;
  /** Without an e-ID: somebody whom nobody knows. Ends in login "in" with level 0, or "out" with loginError. Rejects with MAY_NOT. */
  adviceBegin(isShared: boolean): Promise<void>;
  /** Does this person get notices by e-mail? Rejects with MAY_NOT where they may not, KEEPER_AWAY. */
  noticeAsk(): Promise<NoticeView>;
  /** A code is mailed to the address; notices begin when it is given. Empty: none any more. Rejects with MALFORMED, TOO_FAST, MAIL_FAILED. */
  noticeSet(address: string): Promise<void>;
  /** Rejects with NOTICE_CODE_WRONG. */
  noticeCode(code: string): Promise<void>;
  /** The keys, the drafts and the copies of the logs are deleted from this device. Rejects with FILE_FAILED: then they are not. */
  logout(): Promise<void>;
  /**
   * A new conversation with its first message; its room id. `id`: random, of the caller; twice is once. `language` of the text: BCP 47,
   * where it is known. `unit`: whom a citizen turns to; undefined: none named.
   */
  open(id: string, title: string, text: string, language?: string, unit?: string): Promise<string>;
  /**
   * A conversation that was refused, with all that stands behind it, in its order: opened as another one, which the room's view says it
   * has become. Rejects with KEEPER_AWAY, FILE_FAILED: then it is as it was.
   */
  openAgain(room: string): Promise<void>;
  /** The units that take conversations, in the board's order. Rejects with KEEPER_AWAY, TIMEOUT. */
  units(): Promise<UnitView[]>;
  /** Staff: a new room for the employees of this conversation alone, for its case; its room id. `id`: as for open. */
  openStaffRoom(id: string, room: string): Promise<string>;
  /** Staff: the case of this staff room has this conversation, too; whoever is in it is in the staff room. `id`: as for open. */
  addToCase(id: string, staffRoom: string, room: string): Promise<void>;
  /** Staff: the case of this staff room has this conversation no longer; whoever was in the staff room by it alone is out. Rejects with MAY_NOT when this person is in no other one of the case. `id`: as for open. */
  takeOutOfCase(id: string, staffRoom: string, room: string, why: string): Promise<void>;
  /** Staff: shows entry `seq` of a staff room in a conversation of its case, in these words. Rejects with MAY_NOT where there is nobody to show it to. `id`: as for open. */
  release(id: string, staffRoom: string, seq: number, room: string, said: ReleaseSaid): Promise<void>;
  /** Staff: what entry `seq` of a staff room says is to be shown, and has not come there: once more. Rejects as release. `id`: as for open. */
  releaseAgain(id: string, staffRoom: string, seq: number): Promise<void>;
  /** A message. `id` and `language` as for open. */
  send(id: string, room: string, text: string, language?: string): Promise<void>;
  /**
   * A file of up to 25 MB (FILE_OVERSIZED), with words beside it or none. Settles when it is sealed on this device's disk: the tab may
   * be closed, and it is sent by whichever is open next. What is written meanwhile does not wait for it. `id` and `language` as for open.
   * `preview`: a JPEG or WebP of 8 kB at most, shown before the file is opened.
   */
  sendFile(id: string, room: string, file: Blob, name: string, mediaType: string, text: string, language?: string, preview?: Blob): Promise<void>;
  /** Brings the file of an entry, and checks it whole; the item's `received` shows how far it is. Rejects with CANCELLED, OPEN_FAILED. */
  openFile(room: string, seq: number): Promise<Blob>;
  /** Gives up what openFile brings. */
  cancelFile(room: string, seq: number): Promise<void>;
  /** Words about an entry of the room, that stand beside it for as long as it does. A citizen objects; a correction is its author's own. `id` and `language` as for open. */
  about(id: string, room: string, seq: number, kind: "objection" | "correction", text: string, language?: string): Promise<void>;
  /** The person writes in this room just now; asked as often as one likes. */
  type(room: string): Promise<void>;
  /** Keeps what a tab writes in some place of the pages, sealed, until it is empty; not on a device that is not the person's own. */
  writingKeep(place: string, tab: string, text: string): Promise<void>;
  /** The places in which something is kept, by any tab. */
  writingPlaces(): Promise<string[]>;
  /** What tabs that are gone have left in this place: from here on it is this tab's. `tabs`: those that are there. */
  writingTake(place: string, tab: string, tabs: readonly string[]): Promise<string>;
  /** A file that failed goes to the host once more. Rejects with FILE_FAILED: then it is as it was. */
  sendAgain(id: string): Promise<void>;
  /** Takes a failed draft away, or a file that the host does not have whole; one that should have opened a conversation, with all that was written behind it. */
  discard(id: string): Promise<void>;
  /** Staff: takes a conversation from the queue. Settles when the keeper has answered. Rejects with NOT_QUEUED when somebody was quicker. */
  take(room: string): Promise<void>;
  /** Staff: a colleague of the conversation's unit comes too. Settles when the keeper has answered, as the next ones do. Rejects with NOT_STAFF. */
  addColleague(room: string, person: string, why: string): Promise<void>;
  /** Staff: the conversation is this colleague's from now on, or the queue's, and this person's no more. */
  handOver(room: string, person: string | undefined, why: string): Promise<void>;
  /** Staff: the conversation is this other unit's from now on, in its queue; employees of other units are out. Rejects with MAY_NOT when it is that unit's, UNIT_UNKNOWN when it takes none. */
  moveToUnit(room: string, unit: string, why: string): Promise<void>;
  /** Staff: somebody is out of the room, and has none of the keys that come. Rejects with MAY_NOT for the citizen whose room it is. */
  endAccess(room: string, person: string, ground: "LEFT" | "REQUEST" | "ABUSE"): Promise<void>;
  /** Staff: lets somebody in. Resolves to the code that is to be printed, for somebody who gets one. Rejects with PERSON_THERE. */
  invite(room: string, invitation: Invitation): Promise<string | undefined>;
  /** Where this person is logged in: also devices that no room shows. Rejects with KEEPER_AWAY, TIMEOUT, and MALFORMED where the keeper is older than the question. */
  ownDevices(): Promise<OwnDeviceView[]>;
  /** Logs another device of this person's out for good. */
  logOutDevice(device: string): Promise<void>;
  /** Logs in with a printed code. Ends as loginFinish does. `device`: as for loginBegin. */
  redeem(code: string, isShared: boolean, device?: DeviceWord): Promise<void>;
  /**
   * Citizens: where the case of a room has come is told by these entries, and whether employees have asked something since this person
   * wrote last. A list asks for them when the summary's `way` is another one, and needs no view of the room.
   */
  way(room: string): Promise<ItemView[]>;
  /** The person has been shown the room up to here: a signed read mark, for the journal and for the other devices. */
  markRead(room: string, seq: number): Promise<void>;
  /** Staff: the room, its journal or its case has been opened, whatever is shown of it. Nothing within an hour of this person's last mark there. */
  markOpened(room: string): Promise<void>;
  /** Tries to connect at once. */
  retry(): Promise<void>;
  /** Staff: texts of their own, kept sealed on this device only. */
  templates(): Promise<TemplateView[]>;
  /** Staff: `to` in the place of `from`, which was shown here; either may be missing. One that another tab has changed stays beside it. All of them, then. Rejects with OVERSIZED, FILE_FAILED. */
  templatesChange(from: TemplateView | undefined, to: TemplateView | undefined): Promise<TemplateView[]>;
  /** Anything else that people write in a room, each as their role may (MAY_NOT). `id` and `language` as for open. */
  write(id: string, room: string, writing: Writing, language?: string): Promise<void>;

  /**
   * Comes to the room's call, or begins it. `media`: of this tab, as it gave its engine the port of its worker of frames.
   * Settles when the host is being asked; what becomes of it, the session's call says. Rejects with OUT_OF_STATE when this device is in
   * a call, or when the engine does not run in this tab.
   */
  callJoin(media: string, room: string): Promise<void>;
  /** Comes as a guest, who knows the call's id only. */
  callJoinAsGuest(media: string, call: string): Promise<void>;
  /** Rings for these members of the room, who are not in the call yet. */
  callRing(persons: string[]): Promise<void>;
  /** Rings for them no more. */
  callRingCancel(persons: string[]): Promise<void>;
  /** Does not come to what rings in this room; a missed one is put away. */
  callRefuse(room: string): Promise<void>;
  /** Staff: lets somebody in who waits. */
  callAdmit(participant: number): Promise<void>;
  /** Staff: puts somebody out of the call or of its waiting room. */
  callPutOut(participant: number): Promise<void>;
  /** Staff who lead: hands the lead over. */
  callLead(participant: number): Promise<void>;
  /** Leaves the call; `isForAll`, for whoever may: ends it for everybody. */
  callLeave(isForAll: boolean): Promise<void>;
  /** A line of text: to one, or (undefined) to all in the call. The same `line` again takes its place. */
  callText(participant: number | undefined, line: number, text: string, isDone: boolean): Promise<void>;
  /** Tells the others what this device shows of itself. */
  callPresence(presence: CallPresence): Promise<void>;
  /** This tab's media: what the host's relay answers. */
  callLeg(offer: LegOffer): Promise<RelayLeg>;
  /** A call that is over is no longer shown. */
  callDismiss(): Promise<void>;
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
  /** Somebody is at this tab; told as often as one likes. A device that is not the person's own is logged out from where nobody is. */
  touched(): void;
  /**
   * This tab comes to a call: the engine runs in its worker from now on, and has the port that leads to its worker of frames. Settles
   * with the name for callJoin. Rejects with OUT_OF_STATE when another tab of this person is in a call.
   */
  mediaBegin(port: MessagePort): Promise<string>;
  /** The tab's media are gone, and its call with them. */
  mediaEnd(id: string): void;
  /** Ends everything of this tab. */
  close(): void;
}
