// Made by tools/tables.mjs from protocol/*.def and tables.h. Do not edit: change those, and run it again.
import { bytes, id, ids, opt, seq, sig, text, uint, message, type ValueOf } from "./field.ts";

/** First message of a connection. */
export const messageHello = message("HELLO", 1, "CLIENT", ["CONNECTED"], {
  /** protocol versions the client speaks, a byte each */ versions: bytes(1, 8),
  /** random */ nonce: id(),
  /** name and version of the program */ software: text(0, 64),
});
/** First message of a connection. */
export interface MsgHello extends ValueOf<typeof messageHello> {}

/** Answer to HELLO: the host shows that it holds the key that the board names. */
export const messageChallenge = message("CHALLENGE", 2, "SERVER", ["CONNECTED"], {
  /** the highest version both speak */ version: uint(1, 255),
  /** random */ nonce: id(),
  /** host's Ed25519 public key: it also signs receipts */ host_key: id(),
  /** host's clock, ms since 1970 */ time: uint(0, 9007199254740991),
  /** by host_key over label, both nonces and time (8 bytes, big-endian) */ sig: sig(),
});
/** Answer to HELLO: the host shows that it holds the key that the board names. */
export interface MsgChallenge extends ValueOf<typeof messageChallenge> {}

/** A device of one board; once for each board. */
export const messageProve = message("PROVE", 3, "CLIENT", ["GREETED", "READY"], {
  /** board id */ board: id(),
  /** device's certificate */ certificate: bytes(1, 512),
  /** certificate of the keeper that signed it; empty when the root did */ issuer: bytes(0, 512),
  /** by the device over label, both nonces, board, host_key and certificate hash */ sig: sig(),
});
/** A device of one board; once for each board. */
export interface MsgProve extends ValueOf<typeof messageProve> {}

/** Answer to PROVE. */
export const messageReady = message("READY", 4, "SERVER", ["GREETED", "READY"], {
  /** board id */ board: id(),
  /** 1 while a keeper of the board is connected */ keeper_here: uint(0, 1),
});
/** Answer to PROVE. */
export interface MsgReady extends ValueOf<typeof messageReady> {}

/** The request is refused and has changed nothing. Unasked, with request 0, to a device that has been revoked: CERTIFICATE_REVOKED. */
export const messageError = message("ERROR", 5, "SERVER", ["CONNECTED", "GREETED", "READY"], {
  /** errors */ code: uint(1, 65535),
  /** for developers; never content */ detail: text(0, 256),
});
/** The request is refused and has changed nothing. Unasked, with request 0, to a device that has been revoked: CERTIFICATE_REVOKED. */
export interface MsgError extends ValueOf<typeof messageError> {}

/** The request is carried out. */
export const messageDone = message("DONE", 6, "SERVER", ["GREETED", "READY"], {
});
/** The request is carried out. */
export interface MsgDone extends ValueOf<typeof messageDone> {}

/** Are you there? */
export const messagePing = message("PING", 7, "CLIENT", ["GREETED", "READY"], {
});
/** Are you there? */
export interface MsgPing extends ValueOf<typeof messagePing> {}

/** Answer to PING. */
export const messagePong = message("PONG", 8, "SERVER", ["GREETED", "READY"], {
  /** host's clock, ms since 1970 */ time: uint(0, 9007199254740991),
});
/** Answer to PING. */
export interface MsgPong extends ValueOf<typeof messagePong> {}

/** Which keepers does the board have? */
export const messageBoardGet = message("BOARD_GET", 9, "CLIENT", ["GREETED", "READY"], {
  /** board id */ board: id(),
});
/** Which keepers does the board have? */
export interface MsgBoardGet extends ValueOf<typeof messageBoardGet> {}

/** Answer to BOARD_GET; a client checks the certificates against its pinned root. */
export const messageBoard = message("BOARD", 10, "SERVER", ["GREETED", "READY"], {
  /** board id */ board: id(),
  /** 1 while a keeper of the board is connected */ keeper_here: uint(0, 1),
  /** signed ...: certificates of keepers, newest first */ keepers: seq(0, 16384),
  /** signed ...: revocations of keepers, by the root */ revocations: seq(0, 16384),
});
/** Answer to BOARD_GET; a client checks the certificates against its pinned root. */
export interface MsgBoard extends ValueOf<typeof messageBoard> {}

/** Open a room: its first entries, all or nothing. Answer: ACK. */
export const messageRoomCreate = message("ROOM_CREATE", 16, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** random that went into the room id */ random: id(),
  /** entry ...: the first is generation 1 */ entries: seq(1, 262144),
});
/** Open a room: its first entries, all or nothing. Answer: ACK. */
export interface MsgRoomCreate extends ValueOf<typeof messageRoomCreate> {}

/** Which rooms is my person a member of? Answer: ROOMS. */
export const messageRoomList = message("ROOM_LIST", 17, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** last room of the answer before; empty at first */ after: opt(),
});
/** Which rooms is my person a member of? Answer: ROOMS. */
export interface MsgRoomList extends ValueOf<typeof messageRoomList> {}

/** Answer to ROOM_LIST, ordered by room id. */
export const messageRooms = message("ROOMS", 18, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** 1 when there are more behind these */ more: uint(0, 1),
  /** room_head ... */ rooms: seq(0, 262144),
});
/** Answer to ROOM_LIST, ordered by room id. */
export interface MsgRooms extends ValueOf<typeof messageRooms> {}

/** Unasked: your person, or this device, is in this room now, or no longer: ask for it. */
export const messageRoomNew = message("ROOM_NEW", 19, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
});
/** Unasked: your person, or this device, is in this room now, or no longer: ask for it. */
export interface MsgRoomNew extends ValueOf<typeof messageRoomNew> {}

/** Send me what is appended to this room from now on. Answer: DONE. */
export const messageFollow = message("FOLLOW", 20, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
});
/** Send me what is appended to this room from now on. Answer: DONE. */
export interface MsgFollow extends ValueOf<typeof messageFollow> {}

/** No more of this room. Answer: DONE. */
export const messageUnfollow = message("UNFOLLOW", 21, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
});
/** No more of this room. Answer: DONE. */
export interface MsgUnfollow extends ValueOf<typeof messageUnfollow> {}

/** The entries behind number N. Answer: ENTRIES. Written to the fetch log. */
export const messageFetch = message("FETCH", 22, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** N; 0 for all */ after: uint(0, 9007199254740991),
  /** at most so many */ limit: uint(1, 256),
});
/** The entries behind number N. Answer: ENTRIES. Written to the fetch log. */
export interface MsgFetch extends ValueOf<typeof messageFetch> {}

/** Answer to FETCH; also unasked, for a followed room, after the commit. */
export const messageEntries = message("ENTRIES", 23, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** the room's last entry: more to fetch when it is behind these */ head_seq: uint(0, 9007199254740991),
  /** its hash */ head_hash: id(),
  /** signed ...: certificates of the authors, each once, and of their keepers */ certificates: seq(0, 262144),
  /** stored ..., in order without gaps */ entries: seq(0, 262144),
});
/** Answer to FETCH; also unasked, for a followed room, after the commit. */
export interface MsgEntries extends ValueOf<typeof messageEntries> {}

/** Entries of this device for one room: all or nothing. Answer: ACK. */
export const messageAppend = message("APPEND", 32, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** entry ... */ entries: seq(1, 262144),
});
/** Entries of this device for one room: all or nothing. Answer: ACK. */
export interface MsgAppend extends ValueOf<typeof messageAppend> {}

/** The entries are on disk. With the host's receipt for the last of them. */
export const messageAck = message("ACK", 33, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** number of entries; they have the numbers seq - count + 1 ... seq */ count: uint(1, 64),
  /** number of the last */ seq: uint(1, 9007199254740991),
  /** its hash */ hash: id(),
  /** host's clock, ms since 1970, the same for all of them */ received_at: uint(0, 9007199254740991),
  /** leaves of the batch's Merkle tree (RFC 9162) */ tree_size: uint(1, 65536),
  /** this receipt's leaf */ leaf_index: uint(0, 65535),
  /** inclusion proof */ path: ids(0, 16),
  /** by the host over label, tree size (8 bytes, big-endian) and root hash */ sig: sig(),
});
/** The entries are on disk. With the host's receipt for the last of them. */
export interface MsgAck extends ValueOf<typeof messageAck> {}

/** A blob for an entry of this room that is to come. Answer: DONE, on disk, also when it is there already. */
export const messageBlobPut = message("BLOB_PUT", 80, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** the blob; its id is its hash */ bytes: bytes(1, 65552),
});
/** A blob for an entry of this room that is to come. Answer: DONE, on disk, also when it is there already. */
export interface MsgBlobPut extends ValueOf<typeof messageBlobPut> {}

/** Which of these has the room not? Answer: BLOBS. */
export const messageBlobAsk = message("BLOB_ASK", 81, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** blob ids */ blobs: ids(1, 400),
});
/** Which of these has the room not? Answer: BLOBS. */
export interface MsgBlobAsk extends ValueOf<typeof messageBlobAsk> {}

/** Answer to BLOB_ASK. */
export const messageBlobs = message("BLOBS", 82, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** those of the asked that are not there, in the order asked */ missing: ids(0, 400),
});
/** Answer to BLOB_ASK. */
export interface MsgBlobs extends ValueOf<typeof messageBlobs> {}

/** A blob that an entry of this room names. Answer: BLOB. Written to the fetch log. */
export const messageBlobGet = message("BLOB_GET", 83, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** blob id */ blob: id(),
});
/** A blob that an entry of this room names. Answer: BLOB. Written to the fetch log. */
export interface MsgBlobGet extends ValueOf<typeof messageBlobGet> {}

/** Answer to BLOB_GET. */
export const messageBlob = message("BLOB", 84, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** the blob */ bytes: bytes(1, 65552),
});
/** Answer to BLOB_GET. */
export interface MsgBlob extends ValueOf<typeof messageBlob> {}

/** A transient frame to those who follow the room. Answer: DONE. */
export const messageTransientSend = message("TRANSIENT_SEND", 48, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** encoded transient */ frame: bytes(1, 16384),
});
/** A transient frame to those who follow the room. Answer: DONE. */
export interface MsgTransientSend extends ValueOf<typeof messageTransientSend> {}

/** Unasked: a transient frame of a followed room. */
export const messageTransientIn = message("TRANSIENT_IN", 49, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** encoded transient */ frame: bytes(1, 16384),
  /** author's certificate */ certificate: bytes(1, 512),
});
/** Unasked: a transient frame of a followed room. */
export interface MsgTransientIn extends ValueOf<typeof messageTransientIn> {}

/** A letter to a keeper. Answer: DONE when handed over or, if durable, on disk. */
export const messageLetterSend = message("LETTER_SEND", 50, "CLIENT", ["GREETED", "READY"], {
  /** board id */ board: id(),
  /** random; sent twice, a durable letter is kept once */ id: id(),
  /** 1: keep it in the mailbox until a keeper says LETTER_DONE (only when READY) */ durable: uint(0, 1),
  /** encoded letter */ letter: bytes(1, 32768),
});
/** A letter to a keeper. Answer: DONE when handed over or, if durable, on disk. */
export interface MsgLetterSend extends ValueOf<typeof messageLetterSend> {}

/** Unasked, to a keeper: a letter. */
export const messageLetterIn = message("LETTER_IN", 51, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** where an answer goes; 0 when the sender is gone */ origin: uint(0, 9007199254740991),
  /** id of the letter */ id: id(),
  /** 1: say LETTER_DONE when it is dealt with */ durable: uint(0, 1),
  /** encoded letter */ letter: bytes(1, 32768),
});
/** Unasked, to a keeper: a letter. */
export interface MsgLetterIn extends ValueOf<typeof messageLetterIn> {}

/** A keeper's answer. Answer: DONE. */
export const messageLetterAnswer = message("LETTER_ANSWER", 52, "KEEPER", ["READY"], {
  /** board id */ board: id(),
  /** as in LETTER_IN */ origin: uint(1, 9007199254740991),
  /** encoded letter */ letter: bytes(1, 32768),
});
/** A keeper's answer. Answer: DONE. */
export interface MsgLetterAnswer extends ValueOf<typeof messageLetterAnswer> {}

/** Unasked: a keeper's answer to a letter of this connection. */
export const messageLetterBack = message("LETTER_BACK", 53, "SERVER", ["GREETED", "READY"], {
  /** board id */ board: id(),
  /** encoded letter */ letter: bytes(1, 32768),
});
/** Unasked: a keeper's answer to a letter of this connection. */
export interface MsgLetterBack extends ValueOf<typeof messageLetterBack> {}

/** Take this letter out of the mailbox. Answer: DONE, on disk. */
export const messageLetterDone = message("LETTER_DONE", 54, "KEEPER", ["READY"], {
  /** board id */ board: id(),
  /** id of the letter */ id: id(),
});
/** Take this letter out of the mailbox. Answer: DONE, on disk. */
export interface MsgLetterDone extends ValueOf<typeof messageLetterDone> {}

/** Which devices fetched from this room? Answer: FETCH_LOG. */
export const messageFetchLogGet = message("FETCH_LOG_GET", 55, "KEEPER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** rows later than this, ms since 1970 */ after: uint(0, 9007199254740991),
});
/** Which devices fetched from this room? Answer: FETCH_LOG. */
export interface MsgFetchLogGet extends ValueOf<typeof messageFetchLogGet> {}

/** Answer to FETCH_LOG_GET, in order of time. */
export const messageFetchLog = message("FETCH_LOG", 56, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** fetched ... */ rows: seq(0, 262144),
});
/** Answer to FETCH_LOG_GET, in order of time. */
export interface MsgFetchLog extends ValueOf<typeof messageFetchLog> {}

/** Come to a call, or back to it. A member who follows the room begins it when there is none. Answer: CALL. */
export const messageCallJoin = message("CALL_JOIN", 64, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** room id; empty for a guest, who knows the call id only */ room: opt(),
  /** call id: random, of whoever begins it */ call: id(),
  /** signed call_key: the same bytes when a device comes back */ key: bytes(1, 512),
});
/** Come to a call, or back to it. A member who follows the room begins it when there is none. Answer: CALL. */
export interface MsgCallJoin extends ValueOf<typeof messageCallJoin> {}

/** I leave the call. Answer: DONE, also when the call is over already. */
export const messageCallLeave = message("CALL_LEAVE", 65, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** 1: the call ends for all (staff who are in it) */ for_all: uint(0, 1),
});
/** I leave the call. Answer: DONE, also when the call is over already. */
export interface MsgCallLeave extends ValueOf<typeof messageCallLeave> {}

/** Ring all devices of these people that follow the room. Answer: DONE. */
export const messageCallRing = message("CALL_RING", 66, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** pseudonyms */ persons: ids(1, 12),
  /** 1: ring them no longer */ cancel: uint(0, 1),
});
/** Ring all devices of these people that follow the room. Answer: DONE. */
export interface MsgCallRing extends ValueOf<typeof messageCallRing> {}

/** I do not come to the call that rings. Answer: DONE. */
export const messageCallRefuse = message("CALL_REFUSE", 67, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** 1: in another call */ busy: uint(0, 1),
});
/** I do not come to the call that rings. Answer: DONE. */
export interface MsgCallRefuse extends ValueOf<typeof messageCallRefuse> {}

/** Staff: this device is in the call, or is put out of it. Answer: DONE. */
export const messageCallAdmit = message("CALL_ADMIT", 68, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** signed call_admission, by the device that sends it */ statement: bytes(1, 512),
});
/** Staff: this device is in the call, or is put out of it. Answer: DONE. */
export interface MsgCallAdmit extends ValueOf<typeof messageCallAdmit> {}

/** Staff who lead the call: hand it over to other staff in it. Answer: DONE. */
export const messageCallLead = message("CALL_LEAD", 69, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** participant who leads from now on */ number: uint(1, 9007199254740991),
});
/** Staff who lead the call: hand it over to other staff in it. Answer: DONE. */
export interface MsgCallLead extends ValueOf<typeof messageCallLead> {}

/** A frame to one device of the call. Answer: DONE when it is handed over. */
export const messageCallSend = message("CALL_SEND", 70, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** participant */ to: uint(1, 9007199254740991),
  /** encoded call_frame */ frame: bytes(1, 16384),
});
/** A frame to one device of the call. Answer: DONE when it is handed over. */
export interface MsgCallSend extends ValueOf<typeof messageCallSend> {}

/** My media: how to reach it is asked of the relay. Again, with the same ufrag, when streams change. Answer: CALL_LEG_READY. */
export const messageCallLeg = message("CALL_LEG", 71, "CLIENT", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** ICE user name fragment (RFC 8839) */ ufrag: text(4, 256),
  /** ICE password */ pwd: text(22, 256),
  /** SHA-256 of the device's DTLS certificate (RFC 8122) */ fingerprint: id(),
  /** id of the header extension for transport-wide congestion control; 0: none */ transport_cc: uint(0, 14),
  /** call_stream ... */ streams: seq(0, 512),
});
/** My media: how to reach it is asked of the relay. Again, with the same ufrag, when streams change. Answer: CALL_LEG_READY. */
export interface MsgCallLeg extends ValueOf<typeof messageCallLeg> {}

/** Answer to CALL_LEG: where the relay is. */
export const messageCallLegReady = message("CALL_LEG_READY", 72, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** the relay's, for this leg */ ufrag: text(4, 256),
  /** the relay's, for this leg */ pwd: text(22, 256),
  /** SHA-256 of the relay's DTLS certificate */ fingerprint: id(),
  /** IP addresses of the relay, with a space between */ addresses: text(2, 256),
  /** UDP port */ port: uint(1, 65535),
});
/** Answer to CALL_LEG: where the relay is. */
export interface MsgCallLegReady extends ValueOf<typeof messageCallLegReady> {}

/** The call as it stands, whole: answer to CALL_JOIN, and unasked at each change. */
export const messageCall = message("CALL", 73, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id; empty for a guest */ room: opt(),
  /** call id */ call: id(),
  /** goes up: what is not higher than the last one is old */ change: uint(1, 9007199254740991),
  /** STATE of calls.def: the receiver's own */ state: uint(1, 4),
  /** the receiver's number; 0 for a keeper, and for whoever is no longer in the call */ you: uint(0, 9007199254740991),
  /** number of the staff who lead the call; 0 while none of them is in it */ lead: uint(0, 9007199254740991),
  /** while waiting: 1 is next; else 0 */ position: uint(0, 9007199254740991),
  /** host's clock, ms since 1970 */ began: uint(0, 9007199254740991),
  /** END of calls.def, when state is OVER; else 0 */ end: uint(0, 255),
  /** call_participant ...: to those who wait, themselves and the staff only */ participants: seq(0, 65536),
  /** call_rung ...; empty to those who wait */ rung: seq(0, 65536),
  /** signed call_admission ... */ admissions: seq(0, 65536),
  /** signed ...: of all who take part or have signed, and of their keepers */ certificates: seq(0, 65536),
});
/** The call as it stands, whole: answer to CALL_JOIN, and unasked at each change. */
export interface MsgCall extends ValueOf<typeof messageCall> {}

/** Unasked: a frame of another device of the call. */
export const messageCallIn = message("CALL_IN", 74, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** participant */ from: uint(1, 9007199254740991),
  /** encoded call_frame */ frame: bytes(1, 16384),
});
/** Unasked: a frame of another device of the call. */
export interface MsgCallIn extends ValueOf<typeof messageCallIn> {}

/** Unasked, to devices that follow the room: the call rings for you, or no longer does; or one goes on. */
export const messageCallRings = message("CALL_RINGS", 75, "SERVER", ["READY"], {
  /** board id */ board: id(),
  /** room id */ room: id(),
  /** call id */ call: id(),
  /** RING of calls.def: RINGING, or how it ended; GOES_ON */ state: uint(1, 7),
  /** pseudonym of whoever rings, or began the call */ caller: id(),
});
/** Unasked, to devices that follow the room: the call rings for you, or no longer does; or one goes on. */
export interface MsgCallRings extends ValueOf<typeof messageCallRings> {}

/** Every message by its name in messages.def. */
export const MESSAGES = {
  HELLO: messageHello,
  CHALLENGE: messageChallenge,
  PROVE: messageProve,
  READY: messageReady,
  ERROR: messageError,
  DONE: messageDone,
  PING: messagePing,
  PONG: messagePong,
  BOARD_GET: messageBoardGet,
  BOARD: messageBoard,
  ROOM_CREATE: messageRoomCreate,
  ROOM_LIST: messageRoomList,
  ROOMS: messageRooms,
  ROOM_NEW: messageRoomNew,
  FOLLOW: messageFollow,
  UNFOLLOW: messageUnfollow,
  FETCH: messageFetch,
  ENTRIES: messageEntries,
  APPEND: messageAppend,
  ACK: messageAck,
  BLOB_PUT: messageBlobPut,
  BLOB_ASK: messageBlobAsk,
  BLOBS: messageBlobs,
  BLOB_GET: messageBlobGet,
  BLOB: messageBlob,
  TRANSIENT_SEND: messageTransientSend,
  TRANSIENT_IN: messageTransientIn,
  LETTER_SEND: messageLetterSend,
  LETTER_IN: messageLetterIn,
  LETTER_ANSWER: messageLetterAnswer,
  LETTER_BACK: messageLetterBack,
  LETTER_DONE: messageLetterDone,
  FETCH_LOG_GET: messageFetchLogGet,
  FETCH_LOG: messageFetchLog,
  CALL_JOIN: messageCallJoin,
  CALL_LEAVE: messageCallLeave,
  CALL_RING: messageCallRing,
  CALL_REFUSE: messageCallRefuse,
  CALL_ADMIT: messageCallAdmit,
  CALL_LEAD: messageCallLead,
  CALL_SEND: messageCallSend,
  CALL_LEG: messageCallLeg,
  CALL_LEG_READY: messageCallLegReady,
  CALL: messageCall,
  CALL_IN: messageCallIn,
  CALL_RINGS: messageCallRings,
};
