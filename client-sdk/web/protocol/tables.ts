// Made by tools/tables.mjs from protocol/*.def and tables.h. Do not edit: change those, and run it again.
import * as wire from "./layouts.ts";

export const PROTOCOL_VERSION = 1;
export const SUITE_1 = 1;
export const ID_BYTES = 32;
export const SIG_BYTES = 64;
export const KEY_BYTES = 32;
export const UINT_ANY = 9007199254740991;

/** Every limit of the protocol, with its reason. */
export const LIMITS = {
  /** One WebSocket message. Holds a batch of entries; bounds what a session can make the server hold. */
  FRAME_BYTES_MAX: 262144,
  /** One encoded entry: 64 KiB of text in the worst padding (12 %), head, open part and signature. */
  ENTRY_BYTES_MAX: 98304,
  /** The longest text one entry carries, in UTF-8. */
  TEXT_BYTES_MAX: 65536,
  /** Plaintext of one entry before padding: a login's evidence (token and key) fits beside a text. */
  CONTENT_BYTES_MAX: 81920,
  /** The encoded head; today's is about 190 bytes. */
  HEAD_BYTES_MAX: 512,
  /** The encoded open part: 256 members of 40 bytes, or a grant of 256 generations. */
  OPEN_BYTES_MAX: 16384,
  /** A certificate with its signature; today's is about 290 bytes. */
  CERTIFICATE_BYTES_MAX: 512,
  /** Elements of one array: known fields and those a later version appends. */
  ELEMENTS_MAX: 32,
  /** Members of a room; a room has 2-20, a large unit fewer than 256. */
  MEMBERS_MAX: 256,
  /** Conversations of one case: one for each guardian, child and other party. */
  CASE_ROOMS_MAX: 32,
  /** Devices that have written in a room over its life, in the memory of the server. */
  DEVICES_PER_ROOM_MAX: 1024,
  /** Room keys in one grant: 256 keys of 32 bytes. */
  GENERATIONS_PER_GRANT_MAX: 256,
  /** One append is one transaction: a new generation and a grant for each device fit. */
  ENTRIES_PER_APPEND_MAX: 64,
  /** Entries in one answer; the frame limit cuts earlier when entries are large. */
  ENTRIES_PER_FETCH_MAX: 256,
  /** Blobs named by one entry: the largest file has so many, and their ids fit its open part. */
  BLOBS_PER_ENTRY_MAX: 400,
  /** One attached file: 25 MB, 400 chunks. */
  FILE_BYTES_MAX: 26214400,
  /** A file's chunk before sealing. Its blob passes a line of 64 kbit/s before its answer is given up, and words wait behind one or two. */
  CHUNK_BYTES_MAX: 65536,
  /** A blob: one chunk and its tag. */
  BLOB_BYTES_MAX: 65552,
  /** A small picture within a file's entry: read with the log by everybody, also on a slow line. */
  PREVIEW_BYTES_MAX: 8192,
  /** Refused entries named by one checkpoint. */
  REFUSALS_MAX: 1024,
  /** A letter to a keeper: an authorization code may be long; nothing else is. */
  LETTER_BYTES_MAX: 32768,
  /** A transient frame: a line of real-time text, or typed call parameters. */
  TRANSIENT_BYTES_MAX: 16384,
  /** Keeper certificates of one board that a client must know at once. */
  KEEPERS_MAX: 16,
  /** Root changes a client follows from its pinned root. */
  SUCCESSORS_MAX: 8,
  /** Names, titles, units. */
  NAME_BYTES_MAX: 256,
  /** Authorization code, verifier, redirect address. */
  CODE_BYTES_MAX: 4096,
  /** An ID token kept as evidence. */
  TOKEN_BYTES_MAX: 24576,
  /** Name and version of a program. */
  SOFTWARE_BYTES_MAX: 64,
  /** A sentence beside an error; never content. */
  DETAIL_BYTES_MAX: 256,
  /** Padding floor: 'yes', 'no' and any short sentence are of one size. */
  PADDED_BYTES_MIN: 256,
  /** A keeper refuses an entry received further than this from its own clock. */
  CLOCK_SKEW_MS_MAX: 120000,
  /** Merkle path of a receipt: batches of up to 65,536 appends. */
  PATH_MAX_NODES: 16,
  /** Rows of the fetch log in one answer. */
  FETCH_LOG_ITEMS_MAX: 512,
  /** Rooms in one answer; a person has fewer, a keeper asks again from the last. */
  ROOMS_PER_ANSWER_MAX: 1024,
  /** Devices in one call, those who wait among them. */
  CALL_PARTICIPANTS_MAX: 12,
  /** Streams that one device sends in a call: voice, camera, screen. */
  CALL_STREAMS_MAX: 3,
  /** So long what one device or person does in a call is counted together: the next four. */
  CALL_PACE_MS: 10000,
  /** Of one person to one call with new keys; else TOO_FAST. */
  CALL_COMINGS_MAX: 20,
  /** Of what one device sends, or of its connection; else TOO_FAST. */
  CALL_LEG_CHANGES_MAX: 30,
  /** Frames of one device that is in a call; else TOO_FAST. */
  CALL_SENT_BYTES_MAX: 2097152,
  /** Frames of one device that waits; else TOO_FAST. */
  CALL_SENT_WAITING_BYTES_MAX: 262144,
  /** Admissions and their ends of one call that are shown to those in it. */
  CALL_ADMISSIONS_MAX: 64,
  /** A call frame: a key, a line of text, a state. */
  CALL_FRAME_BYTES_MAX: 16384,
  /** The state of a call: 12 participants with certificates and statements. */
  CALL_STATE_BYTES_MAX: 65536,
  /** A call rings so long before it is missed. */
  CALL_RING_MS: 45000,
  /** Somebody who was rung in a call is rung again no sooner; else TOO_FAST. */
  CALL_RING_AGAIN_MS: 10000,
  /** Calls that one person takes part in or waits for; else TOO_MANY. Who opens many rooms does not take all places. */
  CALLS_PER_PERSON_MAX: 4,
  /** Devices of one person in one call, those that wait among them; else TOO_MANY. */
  CALL_PLACES_PER_PERSON_MAX: 4,
  /** Whose connection is lost keeps the place in the call so long. */
  CALL_AWAY_MS: 60000,
  /** A call frame further than this from the receiver's clock is not believed. */
  CALL_FRAME_AGE_MS_MAX: 120000,
} as const;

/** One label for each kind of signature, hash and derived key; fed with one zero byte behind it. */
export const LABELS = {
  /** board id = hash of the first root key */
  BOARD: "enrum/1 board",
  /** pseudonym = HMAC under the board secret */
  PERSON: "enrum/1 person",
  /** device id = hash of its two public keys */
  DEVICE: "enrum/1 device",
  /** signature over a certificate body; also the certificate's hash */
  CERTIFICATE: "enrum/1 certificate",
  /** signature over a revocation body */
  REVOCATION: "enrum/1 revocation",
  /** signature over a root successor body */
  SUCCESSOR: "enrum/1 successor",
  /** room id */
  GENESIS: "enrum/1 genesis",
  /** hash of head, open and sealed, each */
  ENTRY_PART: "enrum/1 entry part",
  /** signature of an entry by its device */
  ENTRY_SIGNATURE: "enrum/1 entry signature",
  /** additional data of the sealed part */
  ENTRY_SEAL: "enrum/1 entry seal",
  /** HKDF info: key of one entry */
  ENTRY_KEY: "enrum/1 entry key",
  /** hash of a stored entry */
  CHAIN: "enrum/1 chain",
  /** commitment of a generation to its room key */
  COMMITMENT: "enrum/1 commitment",
  /** HPKE info of a grant */
  GRANT: "enrum/1 grant",
  /** leaf data of a receipt */
  RECEIPT_LEAF: "enrum/1 receipt leaf",
  /** host's signature over a tree head of receipts */
  RECEIPT: "enrum/1 receipt",
  /** host's signature in the hello exchange */
  CHALLENGE: "enrum/1 challenge",
  /** device's signature in the hello exchange */
  PROOF: "enrum/1 proof",
  /** HKDF info: key of one transient frame */
  TRANSIENT_KEY: "enrum/1 transient key",
  /** signature of a transient frame */
  TRANSIENT: "enrum/1 transient",
  /** HPKE info of a letter */
  LETTER: "enrum/1 letter",
  /** signature inside a letter */
  LETTER_SIGNATURE: "enrum/1 letter signature",
  /** nonce of the OpenID Connect request */
  LOGIN_NONCE: "enrum/1 login nonce",
  /** cause id of a keeper's entry */
  CAUSE: "enrum/1 cause",
  /** blob id = hash of the sealed bytes */
  BLOB: "enrum/1 blob",
  /** HKDF info: key of one file's chunks */
  FILE: "enrum/1 file",
  /** signature of a device over its call key */
  CALL_KEY: "enrum/1 call key",
  /** signature of an admission to a call, or of its end */
  CALL_ADMISSION: "enrum/1 call admission",
  /** HPKE info of a call frame */
  CALL_FRAME: "enrum/1 call frame",
  /** signature inside a call frame */
  CALL_FRAME_SIGNATURE: "enrum/1 call frame signature",
  /** signature of a keeper over who somebody is */
  PROFILE: "enrum/1 profile",
  /** what the register keeps of a printed code, under the board's secret */
  CODE: "enrum/1 code",
  /** HPKE info of what a device keeps for itself: never sent */
  OWN: "enrum/1 own",
} as const;
export type LabelName = keyof typeof LABELS;

/** Everything that can go wrong: number on the wire, and class. The sentences for people are in sentences.ts and meningar.ts. */
export const ERRORS = {
  MALFORMED: { number: 1, class: "PEER" },
  OVERSIZED: { number: 2, class: "PEER" },
  UNKNOWN_TYPE: { number: 3, class: "PEER" },
  OUT_OF_STATE: { number: 4, class: "PEER" },
  VERSION_UNSUPPORTED: { number: 5, class: "PEER" },
  SUITE_UNSUPPORTED: { number: 6, class: "PEER" },
  SIGNATURE_WRONG: { number: 7, class: "PEER" },
  CERTIFICATE_EXPIRED: { number: 8, class: "PEER" },
  CERTIFICATE_NOT_YET: { number: 9, class: "PEER" },
  CERTIFICATE_REVOKED: { number: 10, class: "PEER" },
  CERTIFICATE_OTHER_BOARD: { number: 11, class: "PEER" },
  CERTIFICATE_UNTRUSTED: { number: 12, class: "PEER" },
  BOARD_UNKNOWN: { number: 13, class: "PEER" },
  ROOM_UNKNOWN: { number: 14, class: "PEER" },
  GENERATION_TOO_OLD: { number: 15, class: "PEER" },
  GENERATION_TOO_NEW: { number: 16, class: "PEER" },
  DEVICE_SEQ_GAP: { number: 17, class: "PEER" },
  SAME_ID_OTHER_BYTES: { number: 18, class: "PEER" },
  SEEN_WRONG: { number: 19, class: "PEER" },
  MAY_NOT: { number: 20, class: "PEER" },
  CAUSE_TAKEN: { number: 21, class: "GONE" },
  ROOM_EXISTS: { number: 22, class: "PEER" },
  BASE_WRONG: { number: 23, class: "GONE" },
  DEVICE_OTHER: { number: 24, class: "PEER" },
  PROVIDER_UNKNOWN: { number: 32, class: "PEER" },
  CODE_REFUSED: { number: 33, class: "PEER" },
  TOKEN_MALFORMED: { number: 34, class: "PEER" },
  TOKEN_NONCE: { number: 35, class: "PEER" },
  TOKEN_AUDIENCE: { number: 36, class: "PEER" },
  TOKEN_ISSUER: { number: 37, class: "PEER" },
  TOKEN_ALGORITHM: { number: 38, class: "PEER" },
  TOKEN_SIGNATURE: { number: 39, class: "PEER" },
  TOKEN_EXPIRED: { number: 40, class: "PEER" },
  TOKEN_NOT_YET: { number: 41, class: "PEER" },
  TOKEN_CLAIM_MISSING: { number: 42, class: "PEER" },
  LEVEL_TOO_LOW: { number: 43, class: "PEER" },
  DEVICE_BOUND: { number: 44, class: "PEER" },
  NOT_STAFF: { number: 45, class: "PEER" },
  LETTER_OLD: { number: 46, class: "PEER" },
  NOT_QUEUED: { number: 47, class: "GONE" },
  CALL_UNKNOWN: { number: 48, class: "GONE" },
  CALL_OTHER: { number: 49, class: "GONE" },
  CALL_GONE: { number: 50, class: "GONE" },
  CALLS_OFF: { number: 51, class: "PEER" },
  BLOB_MISSING: { number: 52, class: "GONE" },
  BLOB_UNKNOWN: { number: 53, class: "PEER" },
  FILE_OVERSIZED: { number: 54, class: "PEER" },
  FILE_EXISTS: { number: 55, class: "PEER" },
  FILE_CHANGED: { number: 56, class: "PEER" },
  CANCELLED: { number: 57, class: "GONE" },
  CODE_WRONG: { number: 58, class: "PEER" },
  CODE_ENDED: { number: 59, class: "PEER" },
  PERSON_THERE: { number: 60, class: "GONE" },
  UNIT_UNKNOWN: { number: 61, class: "PEER" },
  TOO_FAST: { number: 64, class: "LIMIT" },
  TOO_MANY: { number: 65, class: "LIMIT" },
  OUTBOX_FULL: { number: 66, class: "LIMIT" },
  MAILBOX_FULL: { number: 67, class: "LIMIT" },
  BUSY: { number: 68, class: "LIMIT" },
  CALL_FULL: { number: 69, class: "LIMIT" },
  RELAY_FULL: { number: 70, class: "LIMIT" },
  BLOBS_FULL: { number: 71, class: "LIMIT" },
  STORE_FAILED: { number: 96, class: "OURS" },
  MEMORY: { number: 97, class: "OURS" },
  FILE_FAILED: { number: 98, class: "OURS" },
  PROVIDER_UNREACHABLE: { number: 99, class: "OURS" },
  CONFIG: { number: 100, class: "OURS" },
  NETWORK: { number: 101, class: "GONE" },
  KEEPER_AWAY: { number: 102, class: "GONE" },
  CLOSING: { number: 103, class: "GONE" },
  TIMEOUT: { number: 104, class: "GONE" },
  NOT_LOGGED_IN: { number: 105, class: "PEER" },
  KEY_MISSING: { number: 106, class: "GONE" },
  USAGE: { number: 107, class: "PEER" },
  NOTICE_CODE_WRONG: { number: 108, class: "PEER" },
  MAIL_FAILED: { number: 109, class: "OURS" },
  FILE_FLAGGED: { number: 110, class: "PEER" },
  HOST_UNTRUSTED: { number: 128, class: "TRUST" },
  ROOT_CHANGED: { number: 129, class: "TRUST" },
  CHAIN_BROKEN: { number: 130, class: "TRUST" },
  RECEIPT_WRONG: { number: 131, class: "TRUST" },
  ROLLBACK: { number: 132, class: "TRUST" },
  FORK: { number: 133, class: "TRUST" },
  COMMITMENT_WRONG: { number: 134, class: "TRUST" },
  OPEN_FAILED: { number: 135, class: "TRUST" },
  PAYLOAD_MISSING: { number: 136, class: "TRUST" },
  ENTRY_FORGED: { number: 137, class: "TRUST" },
  CHECKPOINT_WRONG: { number: 138, class: "TRUST" },
  KEEPER_UNTRUSTED: { number: 139, class: "TRUST" },
} as const;
export type ErrorName = keyof typeof ERRORS;
export type ErrorClass = "PEER" | "LIMIT" | "OURS" | "GONE" | "TRUST";

/** What a certificate says its holder is. */
export const ROLES = {
  /** the board's keeper */
  KEEPER: 1,
  /** a person in their own matter, or somebody who speaks for them */
  CITIZEN: 2,
  /** an employee of the board, or of another board under an agreement */
  STAFF: 3,
  /** an interpreter, support person or other guest: no history */
  GUEST: 4,
} as const;
export type RoleName = keyof typeof ROLES;

/** Types of room. */
export const ROOM_TYPES = {
  /** one citizen, guardian or child with staff */
  PARTY: 1,
  /** one per case, staff only */
  STAFF: 2,
  /** a unit's queue */
  UNIT: 3,
  /** the board's own state; keepers only */
  REGISTER: 4,
} as const;
export type RoomTypeName = keyof typeof ROOM_TYPES;

/** Who opens a room of each type. */
export const ROOM_OPENERS = {
  PARTY: ["CITIZEN", "STAFF"],
  STAFF: ["STAFF"],
  UNIT: ["KEEPER"],
  REGISTER: ["KEEPER"],
} as const;

/** What the host must see of an entry, and who may append it. */
export const CLASSES = {
  /** Everything people write; its kind is sealed. */
  RECORD: { number: 1, open: wire.layoutOpenRecord, hasContent: true, writers: ["KEEPER", "CITIZEN", "STAFF"] },
  /** A person added, a person or device removed or revoked; staff may only remove persons. */
  MEMBER: { number: 2, open: wire.layoutOpenMember, hasContent: true, writers: ["KEEPER", "STAFF"] },
  /** A new room key; a citizen and staff only the first of a room they open. */
  GENERATION: { number: 3, open: wire.layoutOpenGeneration, hasContent: false, writers: ["KEEPER", "CITIZEN", "STAFF"] },
  /** Room keys handed to one device; a citizen and staff only in the append that opens the room. */
  GRANT: { number: 4, open: wire.layoutOpenGrant, hasContent: false, writers: ["KEEPER", "CITIZEN", "STAFF"] },
  /** The keeper has checked the log up to here. */
  CHECKPOINT: { number: 5, open: wire.layoutOpenCheckpoint, hasContent: true, writers: ["KEEPER"] },
  /** The signer has opened the log up to here. */
  READ: { number: 6, open: wire.layoutOpenRead, hasContent: false, writers: ["CITIZEN", "STAFF"] },
  /** The sealed part of one entry is erased, on a ground in law. */
  ERASE: { number: 7, open: wire.layoutOpenErase, hasContent: false, writers: ["KEEPER"] },
} as const;
export type ClassName = keyof typeof CLASSES;

/** What a sealed content is about, who may write it, and where. */
export const KINDS = {
  /** What somebody said. */
  MESSAGE: { number: 1, body: wire.layoutBodyText, rooms: ["PARTY", "STAFF"], writers: ["CITIZEN", "STAFF"] },
  /** An application: opens a case at once. */
  APPLICATION: { number: 2, body: wire.layoutBodyText, rooms: ["PARTY"], writers: ["CITIZEN"] },
  /** A notification of concern. */
  NOTIFICATION: { number: 3, body: wire.layoutBodyText, rooms: ["PARTY", "STAFF"], writers: ["CITIZEN", "STAFF"] },
  /** A journal note. */
  NOTE: { number: 4, body: wire.layoutBodyText, rooms: ["PARTY", "STAFF"], writers: ["STAFF"] },
  /** A decision with its reasons. */
  DECISION: { number: 5, body: wire.layoutBodyText, rooms: ["PARTY", "STAFF"], writers: ["STAFF"] },
  /** I do not agree with an entry, in own words. */
  OBJECTION: { number: 6, body: wire.layoutBodyAbout, rooms: ["PARTY"], writers: ["CITIZEN"] },
  /** A correction that stands beside the original. */
  CORRECTION: { number: 7, body: wire.layoutBodyAbout, rooms: ["PARTY", "STAFF"], writers: ["CITIZEN", "STAFF"] },
  /** A note that was held is shown to the party, copied or masked. */
  RELEASE: { number: 8, body: wire.layoutBodyRelease, rooms: ["PARTY"], writers: ["STAFF"] },
  /** An attachment. */
  FILE: { number: 9, body: wire.layoutBodyFile, rooms: ["PARTY", "STAFF"], writers: ["CITIZEN", "STAFF"] },
  /** A call was held. */
  CALL: { number: 10, body: wire.layoutBodyCall, rooms: ["PARTY", "STAFF"], writers: ["STAFF", "KEEPER"] },
  /** What came, or was said, outside: by telephone, letter, visit or e-mail. */
  CONTACT: { number: 11, body: wire.layoutBodyContact, rooms: ["PARTY", "STAFF"], writers: ["STAFF"] },
  /** Where the case stands, and what happens next. */
  STEP: { number: 12, body: wire.layoutBodyStep, rooms: ["PARTY"], writers: ["STAFF"] },
  /** Something that somebody is to do. */
  TASK: { number: 13, body: wire.layoutBodyTask, rooms: ["PARTY"], writers: ["STAFF"] },
  /** A task is done. Counts when its author is whom the task is for. */
  TASK_DONE: { number: 14, body: wire.layoutBodyMark, rooms: ["PARTY"], writers: ["CITIZEN", "STAFF"] },
  /** A meeting that is to be. */
  MEETING: { number: 15, body: wire.layoutBodyMeeting, rooms: ["PARTY"], writers: ["STAFF"] },
  /** A meeting or a task that is not to be. A task is cancelled by staff only. */
  CANCELLED: { number: 16, body: wire.layoutBodyMark, rooms: ["PARTY"], writers: ["CITIZEN", "STAFF"] },
  /** A clock that may be extended has another last day, and why. */
  EXTENSION: { number: 17, body: wire.layoutBodyExtension, rooms: ["PARTY"], writers: ["STAFF"] },
  /** What a virus scanner says of an attachment of this room. There is none for a clean one. */
  FINDING: { number: 20, body: wire.layoutBodyFinding, rooms: ["PARTY", "STAFF"], writers: ["KEEPER"] },
  /** What the room is: type, title, unit. Written by the one who opens it. */
  ROOM: { number: 32, body: wire.layoutBodyRoom, rooms: ["PARTY", "STAFF", "UNIT", "REGISTER"], writers: ["KEEPER", "CITIZEN", "STAFF"] },
  /** Who a member is. */
  PROFILE: { number: 33, body: wire.layoutBodyProfile, rooms: ["PARTY", "STAFF", "UNIT"], writers: ["KEEPER"] },
  /** A new device of a member. */
  DEVICE: { number: 34, body: wire.layoutBodyDevice, rooms: ["PARTY", "STAFF", "UNIT"], writers: ["KEEPER"] },
  /** A new conversation waits in the unit's queue. */
  QUEUED: { number: 35, body: wire.layoutBodyQueued, rooms: ["UNIT"], writers: ["KEEPER"] },
  /** A conversation of the queue is somebody's. */
  TAKEN: { number: 36, body: wire.layoutBodyTaken, rooms: ["UNIT"], writers: ["KEEPER"] },
  /** The case has this party room. */
  CASE_ROOM: { number: 37, body: wire.layoutBodyCaseRoom, rooms: ["STAFF"], writers: ["KEEPER", "STAFF"] },
  /** In a checkpoint: the entries that are refused, and why. */
  REFUSALS: { number: 38, body: wire.layoutBodyRefusals, rooms: ["PARTY", "STAFF", "UNIT", "REGISTER"], writers: ["KEEPER"] },
  /** In a member entry: why. */
  CHANGE: { number: 39, body: wire.layoutBodyChange, rooms: ["PARTY", "STAFF", "UNIT", "REGISTER"], writers: ["KEEPER", "STAFF"] },
  /** Staff have let somebody in, or ended it: in which capacity, and why. */
  ACCESS: { number: 40, body: wire.layoutBodyAccess, rooms: ["PARTY", "STAFF"], writers: ["KEEPER"] },
  /** The conversation is another unit's from here on. */
  MOVED: { number: 41, body: wire.layoutBodyMoved, rooms: ["PARTY"], writers: ["KEEPER"] },
  /** A conversation of the queue is another unit's. */
  QUEUE_LEFT: { number: 42, body: wire.layoutBodyQueueLeft, rooms: ["UNIT"], writers: ["KEEPER"] },
  /** An entry of the staff room is to be shown to a party: stands before that one is written. */
  RELEASED: { number: 45, body: wire.layoutBodyReleased, rooms: ["STAFF"], writers: ["STAFF"] },
  /** A conversation is no longer of the case. */
  CASE_ROOM_OUT: { number: 46, body: wire.layoutBodyCaseRoomOut, rooms: ["STAFF"], writers: ["KEEPER", "STAFF"] },
  /** A device is bound to a person; the evidence of the login. */
  BINDING: { number: 64, body: wire.layoutBodyBinding, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** Somebody is, or is no longer, staff of a unit. */
  EMPLOYEE: { number: 65, body: wire.layoutBodyEmployee, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** A unit and its room. */
  UNIT: { number: 66, body: wire.layoutBodyUnit, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** Which of the board's keepers acts, until when. */
  LEASE: { number: 67, body: wire.layoutBodyLease, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** Somebody may act for somebody else. */
  MANDATE: { number: 68, body: wire.layoutBodyMandate, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** Days that clocks skip, and rule tables in force. */
  CALENDAR: { number: 69, body: wire.layoutBodyCalendar, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** A printed code was made for a room, or is void. */
  CODE: { number: 70, body: wire.layoutBodyCode, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** Under which name others know an employee. The real one stays in the register. */
  ALIAS: { number: 71, body: wire.layoutBodyAlias, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** A new conversation with somebody who has not logged in waits in the unit's queue. */
  QUEUED_ADVICE: { number: 50, body: wire.layoutBodyQueued, rooms: ["UNIT"], writers: ["KEEPER"] },
  /** Somebody wants notices by e-mail, or no longer. */
  NOTICE: { number: 80, body: wire.layoutBodyNotice, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** A notice is sent to somebody: the next one when they have been in. */
  NOTIFIED: { number: 81, body: wire.layoutBodyNotified, rooms: ["REGISTER"], writers: ["KEEPER"] },
  /** An employee's letter is answered, and no other entry comes of it: it is answered so for good. */
  LETTER_ANSWERED: { number: 90, body: wire.layoutBodyLetterAnswered, rooms: ["REGISTER"], writers: ["KEEPER"] },
} as const;
export type KindName = keyof typeof KINDS;

/** What a letter to or from a keeper asks or answers. */
export const LETTERS = {
  /** Redeem this authorization code and certify my keys. */
  LOGIN: { number: 1, body: wire.layoutLetterLogin, from: "ANYBODY" },
  /** Certify my keys for another period. */
  RENEW: { number: 2, body: wire.layoutLetterRenew, from: "DEVICE" },
  /** Grant me the keys of this room: I am opening it. */
  GRANT: { number: 3, body: wire.layoutLetterRoom, from: "DEVICE" },
  /** I take this conversation from the queue. */
  TAKE: { number: 4, body: wire.layoutLetterRoom, from: "STAFF" },
  /** Take this person or device out of this room. */
  REMOVE: { number: 5, body: wire.layoutLetterRemove, from: "STAFF" },
  /** Add this colleague, of the conversation's unit, to it. */
  ADD: { number: 6, body: wire.layoutLetterPerson, from: "STAFF" },
  /** I hand this conversation over to this colleague; nobody named: back to the queue. */
  HAND_OVER: { number: 7, body: wire.layoutLetterPerson, from: "STAFF" },
  /** Log out this other device of mine, everywhere. */
  LOG_OUT: { number: 8, body: wire.layoutLetterDevice, from: "DEVICE" },
  /** Let this person into this conversation: by personal number, or with a code. */
  INVITE: { number: 9, body: wire.layoutLetterInvite, from: "STAFF" },
  /** Redeem this printed code and certify my keys. */
  REDEEM: { number: 10, body: wire.layoutLetterRedeem, from: "ANYBODY" },
  /** The code, to be shown once. */
  INVITED: { number: 11, body: wire.layoutLetterInvited, from: "KEEPER" },
  /** Which units has the board? */
  UNITS_ASK: { number: 12, body: wire.layoutLetterUnitsAsk, from: "DEVICE" },
  /** The units that take conversations. */
  UNITS: { number: 13, body: wire.layoutLetterUnits, from: "KEEPER" },
  /** I hand this conversation over to this other unit: into its queue. */
  MOVE: { number: 14, body: wire.layoutLetterMove, from: "STAFF" },
  /** Do I get notices by e-mail? */
  NOTICE_ASK: { number: 16, body: wire.layoutLetterNoticeAsk, from: "DEVICE" },
  /** Send notices to this address, once I have shown that it is mine; or none any more. */
  NOTICE_SET: { number: 17, body: wire.layoutLetterNoticeSet, from: "DEVICE" },
  /** This is the code that came to my address. */
  NOTICE_CODE: { number: 18, body: wire.layoutLetterNoticeCode, from: "DEVICE" },
  /** Whether you get notices by e-mail. */
  NOTICE_STATE: { number: 19, body: wire.layoutLetterNoticeState, from: "KEEPER" },
  /** Certify my keys for somebody whom nobody knows. */
  ADVICE: { number: 20, body: wire.layoutLetterAdvice, from: "ANYBODY" },
  /** Where am I logged in? */
  DEVICES_ASK: { number: 24, body: wire.layoutLetterDevicesAsk, from: "DEVICE" },
  /** Your devices, and what each has said that it is. */
  DEVICES: { number: 25, body: wire.layoutLetterDevices, from: "KEEPER" },
  /** Certificate and the heads last seen of all the person's rooms. */
  LOGGED_IN: { number: 32, body: wire.layoutLetterLoggedIn, from: "KEEPER" },
  /** It is done; the log has it. */
  DONE: { number: 33, body: wire.layoutLetterDone, from: "KEEPER" },
  /** It is refused, and why. */
  REFUSED: { number: 34, body: wire.layoutLetterRefused, from: "KEEPER" },
} as const;
export type LetterName = keyof typeof LETTERS;

/** Why something was erased, removed, revoked or refused. */
export const GROUNDS = {
  /** the retention period is over */
  RETENTION: 1,
  /** handed to the archive */
  ARCHIVED: 2,
  /** ordered by a court or authority */
  COURT: 3,
  /** the person left the task or the employment */
  LEFT: 4,
  /** the device or its keys are lost */
  LOST: 5,
  /** the person asked for it */
  REQUEST: 6,
  /** the task was handed to somebody else */
  HANDED_OVER: 7,
  /** misuse */
  ABUSE: 8,
  /** the writer may not write this kind here */
  KIND_NOT_ALLOWED: 32,
  /** received at a time the keeper's clock denies, or outside the certificate's life */
  CLOCK: 33,
  /** does not open, or its content breaks the format */
  UNREADABLE: 34,
  /** the writer was no member, or had been removed */
  NOT_A_MEMBER: 35,
  /** names another history than the one here */
  SEEN_OTHER: 36,
  /** the device's own numbers have a gap */
  SEQUENCE: 37,
} as const;

/** In which capacity somebody was let into a conversation. */
export const CAPACITIES = {
  /** an employee who was added beside the one who has the conversation */
  COLLEAGUE: 1,
  /** an employee whom the conversation was handed to */
  HANDLER: 2,
  /** a guardian of a child */
  GUARDIAN: 3,
  /** somebody with a power of attorney */
  OMBUD: 4,
  /** a god man or förvaltare, appointed by a court */
  TRUSTEE: 5,
  /** a support person */
  SUPPORT: 6,
  /** whom a conversation is about that an employee has begun */
  PARTY: 7,
  /** an interpreter: reads nothing from before, and for a stated time */
  INTERPRETER: 8,
} as const;
export type CapacityName = keyof typeof CAPACITIES;

/** USE of calls.def. */
export const CALL_USES = {
  /** a microphone: Opus */
  VOICE: 1,
  /** a camera: VP8 */
  CAMERA: 2,
  /** a screen: VP8 */
  SCREEN: 3,
} as const;

/** STATE of calls.def. */
export const CALL_STATES = {
  /** in the waiting room */
  WAITING: 1,
  /** admitted */
  IN: 2,
  /** admitted, and its connection is lost: it comes back without knocking */
  AWAY: 3,
  /** the call is over for the receiver */
  OVER: 4,
} as const;

/** RING of calls.def. */
export const CALL_RINGS = {
  /** rings on all devices that are connected */
  RINGING: 1,
  /** one of the devices came: the others are silent */
  ANSWERED: 2,
  /** one of the devices declined */
  DECLINED: 3,
  /** in another call */
  BUSY: 4,
  /** nobody answered in time, or no device was connected */
  MISSED: 5,
  /** whoever rang has given up, or the call ended */
  CANCELLED: 6,
  /** nobody is rung: there is a call in the room, and who follows it may come */
  GOES_ON: 7,
} as const;

/** END of calls.def. */
export const CALL_ENDS = {
  /** staff ended it for all */
  ENDED: 1,
  /** the receiver left it, on this device or on another */
  LEFT: 2,
  /** staff put the receiver out */
  PUT_OUT: 3,
  /** nobody who was admitted is in it any more */
  EMPTY: 4,
  /** the receiver's connection was away for too long */
  LOST: 5,
  /** the receiver is no longer a member of the room */
  MEMBER: 6,
} as const;

/** KIND of calls.def. */
export const CALL_KINDS = {
  /** call_media_key: the key of my media */
  MEDIA_KEY: 1,
  /** call_media_key_here: your key has arrived */
  MEDIA_KEY_HERE: 2,
  /** call_presence: who I am, and what is on */
  PRESENCE: 3,
  /** call_text: a line in the waiting room, or real-time text */
  TEXT: 4,
  /** signed call_admission of the sender, past the host */
  ADMISSION: 5,
} as const;

/** open_member.operation. */
export const MEMBER_OPERATIONS = {
  ADD: 1,
  REMOVE: 2,
  REVOKE: 3,
} as const;

/** open_member.subject_type and letter_remove.subject_type. */
export const SUBJECT_TYPES = {
  PERSON: 1,
  DEVICE: 2,
} as const;
