// Made by tools/tables.mjs from protocol/*.def and tables.h. Do not edit: change those, and run it again.
import { bytes, id, ids, late, opt, seq, sig, text, uint, layout, type ValueOf } from "./field.ts";

/** A body and the Ed25519 signature over it, under the label of its kind. */
export const layoutSigned = layout("signed", {
  /** the bytes that are signed, as sent */ body: bytes(1, 512),
  /** Ed25519 over label and body */ sig: sig(),
});
/** A body and the Ed25519 signature over it, under the label of its kind. */
export interface WireSigned extends ValueOf<typeof layoutSigned> {}

/** Body of a certificate: root signs a keeper's, a keeper signs a device's. */
export const layoutCertificate = layout("certificate", {
  /** 1 */ version: uint(1, 1),
  /** 1 */ suite: uint(1, 9007199254740991),
  /** board id */ board: id(),
  /** board id when the root signs; else the hash of the keeper's certificate */ issuer: id(),
  /** Ed25519 public key */ sign_key: id(),
  /** X25519 public key */ seal_key: id(),
  /** pseudonym; the board id for a keeper */ person: id(),
  /** roles */ role: uint(1, 255),
  /** level of assurance of the login; 4 for a keeper */ level: uint(0, 4),
  /** ms since 1970, inclusive */ not_before: uint(0, 9007199254740991),
  /** ms since 1970, exclusive */ not_after: uint(0, 9007199254740991),
});
/** Body of a certificate: root signs a keeper's, a keeper signs a device's. */
export interface WireCertificate extends ValueOf<typeof layoutCertificate> {}

/** Body of a revocation, signed by the issuer of what is revoked. */
export const layoutRevocation = layout("revocation", {
  /** 1 */ version: uint(1, 1),
  /** board id */ board: id(),
  /** device id whose certificates are all revoked */ device: id(),
  /** ms since 1970: nothing received later counts */ at: uint(0, 9007199254740991),
  /** grounds */ ground: uint(1, 255),
});
/** Body of a revocation, signed by the issuer of what is revoked. */
export interface WireRevocation extends ValueOf<typeof layoutRevocation> {}

/** Body of a root change, signed by the old root. */
export const layoutSuccessor = layout("successor", {
  /** 1 */ version: uint(1, 1),
  /** board id: stays */ board: id(),
  /** Ed25519 public key of the old root */ old_key: id(),
  /** Ed25519 public key of the new root */ new_key: id(),
  /** ms since 1970 */ at: uint(0, 9007199254740991),
});
/** Body of a root change, signed by the old root. */
export interface WireSuccessor extends ValueOf<typeof layoutSuccessor> {}

/** Head of an entry. */
export const layoutHead = layout("head", {
  /** 1 */ version: uint(1, 1),
  /** 1 */ suite: uint(1, 9007199254740991),
  /** room id */ room: id(),
  /** classes */ class: uint(1, 255),
  /** generation whose key seals this entry; a generation entry names itself */ generation: uint(1, 9007199254740991),
  /** hash of the author's certificate */ certificate: id(),
  /** this device in this room: 1, 2, 3 ... */ device_seq: uint(1, 9007199254740991),
  /** last entry the author saw; 0 when the room is opened */ seen_seq: uint(0, 9007199254740991),
  /** its hash; the room id when seen_seq is 0 */ seen_hash: id(),
  /** author's clock, ms since 1970 */ time: uint(0, 9007199254740991),
  /** random; with the room key makes the entry's key */ salt: id(),
});
/** Head of an entry. */
export interface WireHead extends ValueOf<typeof layoutHead> {}

/** An entry as its author sends it. */
export const layoutEntry = layout("entry", {
  /** encoded head */ head: bytes(1, 512),
  /** encoded open part of the class */ open: bytes(1, 16384),
  /** ciphertext and tag; empty where the class has none */ sealed: bytes(0, 98304),
  /** Ed25519 by the author's device */ sig: sig(),
});
/** An entry as its author sends it. */
export interface WireEntry extends ValueOf<typeof layoutEntry> {}

/** An entry as the server keeps and delivers it. */
export const layoutStored = layout("stored", {
  /** number in the room: 1, 2, 3 ... */ seq: uint(1, 9007199254740991),
  /** host's clock, ms since 1970; never falls within a room */ received_at: uint(0, 9007199254740991),
  /** as sent */ head: bytes(1, 512),
  /** as sent */ open: bytes(1, 16384),
  /** as sent; empty when erased */ sealed: bytes(0, 98304),
  /** as sent */ sig: sig(),
  /** only when erased: the hash that stood for the sealed part */ sealed_hash: opt(),
});
/** An entry as the server keeps and delivers it. */
export interface WireStored extends ValueOf<typeof layoutStored> {}

/** Open part of a record. */
export const layoutOpenRecord = layout("open_record", {
  /** cause id; keepers only */ cause: opt(),
  /** blob ids of the attachments */ blobs: ids(0, 400),
});
/** Open part of a record. */
export interface WireOpenRecord extends ValueOf<typeof layoutOpenRecord> {}

/** Open part of a member entry. */
export const layoutOpenMember = layout("open_member", {
  /** cause id; keepers only */ cause: opt(),
  /** 1 add a person, 2 remove from this room, 3 revoke in the whole board (register room only) */ operation: uint(1, 3),
  /** 1 person, 2 device */ subject_type: uint(1, 2),
  /** pseudonym or device id */ subject: id(),
  /** role of an added person; else 0 */ role: uint(0, 255),
  /** ground of a revocation; else 0 */ ground: uint(0, 255),
});
/** Open part of a member entry. */
export interface WireOpenMember extends ValueOf<typeof layoutOpenMember> {}

/** A member in a generation's list. */
export const layoutMember = layout("member", {
  /** pseudonym; the board id for the keepers */ person: id(),
  /** roles */ role: uint(1, 255),
});
/** A member in a generation's list. */
export interface WireMember extends ValueOf<typeof layoutMember> {}

/** Open part of a generation: the whole membership from here on. */
export const layoutOpenGeneration = layout("open_generation", {
  /** cause id; keepers only */ cause: opt(),
  /** 1 in the register room, else 0 */ purpose: uint(0, 1),
  /** one more than the generation before */ number: uint(1, 9007199254740991),
  /** hash that binds the room key */ commitment: id(),
  /** entry this stands directly behind; 0 for the first */ base_seq: uint(0, 9007199254740991),
  /** its hash; the room id for the first */ base_hash: id(),
  /** member ... */ members: seq(1, 16384),
});
/** Open part of a generation: the whole membership from here on. */
export interface WireOpenGeneration extends ValueOf<typeof layoutOpenGeneration> {}

/** Open part of a grant. */
export const layoutOpenGrant = layout("open_grant", {
  /** cause id; keepers only */ cause: opt(),
  /** device id that can open it */ device: id(),
  /** first generation granted */ first: uint(1, 9007199254740991),
  /** last generation granted */ last: uint(1, 9007199254740991),
  /** HPKE encapsulated key */ enc: id(),
  /** HPKE ciphertext of the room keys, joined, 32 bytes each */ wrapped: bytes(48, 16384),
});
/** Open part of a grant. */
export interface WireOpenGrant extends ValueOf<typeof layoutOpenGrant> {}

/** Open part of a checkpoint. */
export const layoutOpenCheckpoint = layout("open_checkpoint", {
  /** cause id */ cause: opt(),
  /** checked up to and with this entry */ seq: uint(1, 9007199254740991),
  /** its hash */ hash: id(),
  /** keeper's clock, ms since 1970 */ time: uint(0, 9007199254740991),
  /** the checkpoint before (its own number); 0 if none */ previous_seq: uint(0, 9007199254740991),
  /** its hash; the room id if none */ previous_hash: id(),
});
/** Open part of a checkpoint. */
export interface WireOpenCheckpoint extends ValueOf<typeof layoutOpenCheckpoint> {}

/** Open part of a read mark. */
export const layoutOpenRead = layout("open_read", {
  /** empty */ cause: opt(),
  /** opened up to and with this entry */ seq: uint(1, 9007199254740991),
  /** its hash */ hash: id(),
});
/** Open part of a read mark. */
export interface WireOpenRead extends ValueOf<typeof layoutOpenRead> {}

/** Open part of an erasure. */
export const layoutOpenErase = layout("open_erase", {
  /** cause id */ cause: opt(),
  /** the entry whose sealed part is erased */ seq: uint(1, 9007199254740991),
  /** its hash */ hash: id(),
  /** grounds */ ground: uint(1, 255),
});
/** Open part of an erasure. */
export interface WireOpenErase extends ValueOf<typeof layoutOpenErase> {}

/** Plaintext of a sealed part, before padding. */
export const layoutContent = layout("content", {
  /** kinds */ kind: uint(1, 65535),
  /** the capacity in which the author writes */ role: uint(1, 255),
  /** version of the rule tables the author's program used */ rule_version: uint(0, 9007199254740991),
  /** when what it tells of happened; 0: when it was written */ event_time: uint(0, 9007199254740991),
  /** BCP 47; empty when there is no text */ language: text(0, 35),
  /** encoded body of the kind */ body: bytes(1, 81920),
});
/** Plaintext of a sealed part, before padding. */
export interface WireContent extends ValueOf<typeof layoutContent> {}

/** A text. */
export const layoutBodyText = layout("body_text", {
  /** what is said */ text: text(1, 65536),
  /** entry it answers; 0 if none */ reply_seq: uint(0, 9007199254740991),
});
/** A text. */
export interface WireBodyText extends ValueOf<typeof layoutBodyText> {}

/** A text about another entry of this room. */
export const layoutBodyAbout = layout("body_about", {
  /** the entry */ seq: uint(1, 9007199254740991),
  /** its hash */ hash: id(),
  /** own words */ text: text(1, 65536),
});
/** A text about another entry of this room. */
export interface WireBodyAbout extends ValueOf<typeof layoutBodyAbout> {}

/** A note that was held. Nothing in it says where it was copied from. */
export const layoutBodyRelease = layout("body_release", {
  /** copied, or with parts left out */ text: text(1, 65536),
  /** 1 when something is left out */ masked: uint(0, 1),
  /** on what ground it is, in own words; empty when nothing is */ ground: text(0, 256),
  /** when it was noted, as staff state it, ms since 1970 */ noted_at: uint(0, 9007199254740991),
  /** by whom, as staff state it */ noted_by: text(0, 256),
  /** entry of this room that asked for it; 0 if none */ reply_seq: uint(0, 9007199254740991),
  /** random, so that no two are the same */ mark: id(),
});
/** A note that was held. Nothing in it says where it was copied from. */
export interface WireBodyRelease extends ValueOf<typeof layoutBodyRelease> {}

/** An attachment: its chunks are sealed one by one, each a blob. */
export const layoutBodyFile = layout("body_file", {
  /** file name */ name: text(0, 256),
  /** RFC 6838 */ media_type: text(0, 256),
  /** bytes of the whole */ size: uint(0, 26214400),
  /** SHA-256 of the whole plaintext */ hash: id(),
  /** random key of this file */ key: id(),
  /** the same ids as in the open part, in order */ blobs: ids(1, 400),
  /** words beside it */ text: text(0, 65536),
  /** a small picture of it, JPEG or WebP; empty: none */ preview: bytes(0, 8192),
});
/** An attachment: its chunks are sealed one by one, each a blob. */
export interface WireBodyFile extends ValueOf<typeof layoutBodyFile> {}

/** What a scanner says of an attachment. */
export const layoutBodyFinding = layout("body_finding", {
  /** the attachment's entry */ seq: uint(1, 9007199254740991),
  /** its hash */ hash: id(),
  /** 1 something was found, 2 it could not be scanned */ result: uint(1, 2),
  /** what was found, as the scanner calls it; or why it could not scan */ name: text(0, 256),
  /** name and version of the scanner */ scanner: text(0, 256),
  /** ms since 1970 */ time: uint(0, 9007199254740991),
});
/** What a scanner says of an attachment. */
export interface WireBodyFinding extends ValueOf<typeof layoutBodyFinding> {}

/** A call that was held. */
export const layoutBodyCall = layout("body_call", {
  /** call id */ call: id(),
  /** ms since 1970 */ began: uint(0, 9007199254740991),
  /** ms since 1970 */ ended: uint(0, 9007199254740991),
  /** participant ... */ participants: seq(0, 16384),
});
/** A call that was held. */
export interface WireBodyCall extends ValueOf<typeof layoutBodyCall> {}

/** Somebody in a call. */
export const layoutParticipant = layout("participant", {
  /** pseudonym; empty for a guest without one */ person: opt(),
  /** name or alias */ name: text(0, 256),
  /** roles */ role: uint(1, 255),
  /** level of assurance */ level: uint(0, 4),
  /** 1 for an interpreter */ interpreter: uint(0, 1),
});
/** Somebody in a call. */
export interface WireParticipant extends ValueOf<typeof layoutParticipant> {}

/** What came, or was said, outside. When: event_time of the content. */
export const layoutBodyContact = layout("body_contact", {
  /** CHANNEL of journey.def */ channel: uint(1, 255),
  /** 1 to the board, 2 from the board */ direction: uint(1, 2),
  /** who took part, in own words */ people: text(0, 256),
  /** what was said */ text: text(1, 65536),
});
/** What came, or was said, outside. When: event_time of the content. */
export interface WireBodyContact extends ValueOf<typeof layoutBodyContact> {}

/** Where the case stands. The newest one counts. When it came in: event_time of the content. */
export const layoutBodyStep = layout("body_step", {
  /** MATTER of journey.def; 0: not said yet */ matter: uint(0, 255),
  /** STAGE of journey.def */ stage: uint(1, 255),
  /** until when what comes next is done, ms since 1970; 0: not said */ by_when: uint(0, 9007199254740991),
  /** by whom, in own words */ by_whom: text(0, 256),
  /** what happens next, in own words */ text: text(0, 65536),
  /** the day on which the inquiry was opened, where the stage is INQUIRY or a later one, ms since 1970; 0: not said */ opened: late(0, 9007199254740991),
});
/** Where the case stands. The newest one counts. When it came in: event_time of the content. */
export interface WireBodyStep extends ValueOf<typeof layoutBodyStep> {}

/** Something to do. */
export const layoutBodyTask = layout("body_task", {
  /** roles: whom it is for */ role: uint(1, 255),
  /** ms since 1970; 0: when it can be */ due: uint(0, 9007199254740991),
  /** CLOCK of journey.def that ends when it is done, where it is for staff; 0: none */ clock: uint(0, 255),
  /** what, in own words */ text: text(1, 65536),
});
/** Something to do. */
export interface WireBodyTask extends ValueOf<typeof layoutBodyTask> {}

/** A task is done, or a task or meeting is not to be. */
export const layoutBodyMark = layout("body_mark", {
  /** its entry */ seq: uint(1, 9007199254740991),
  /** that one's hash */ hash: id(),
  /** own words */ text: text(0, 65536),
});
/** A task is done, or a task or meeting is not to be. */
export interface WireBodyMark extends ValueOf<typeof layoutBodyMark> {}

/** A meeting that is to be. */
export const layoutBodyMeeting = layout("body_meeting", {
  /** ms since 1970 */ begins: uint(1, 9007199254740991),
  /** ms since 1970 */ ends: uint(1, 9007199254740991),
  /** 1: by video, in this room */ is_video: uint(0, 1),
  /** where, when it is not by video */ place: text(0, 256),
  /** who comes, in own words */ people: text(0, 256),
  /** what it is about */ text: text(0, 65536),
});
/** A meeting that is to be. */
export interface WireBodyMeeting extends ValueOf<typeof layoutBodyMeeting> {}

/** A clock's other last day. */
export const layoutBodyExtension = layout("body_extension", {
  /** CLOCK of journey.def */ clock: uint(1, 255),
  /** its last moment, ms since 1970 */ until: uint(1, 9007199254740991),
  /** why */ text: text(1, 65536),
});
/** A clock's other last day. */
export interface WireBodyExtension extends ValueOf<typeof layoutBodyExtension> {}

/** What a room is. */
export const layoutBodyRoom = layout("body_room", {
  /** types of room */ type: uint(1, 255),
  /** the opener's own words, for the list of rooms */ title: text(0, 256),
  /** the unit's room it is meant for; empty: the board's first */ unit: opt(),
});
/** What a room is. */
export interface WireBodyRoom extends ValueOf<typeof layoutBodyRoom> {}

/** Who a member is. */
export const layoutBodyProfile = layout("body_profile", {
  /** pseudonym */ person: id(),
  /** roles */ role: uint(1, 255),
  /** name, or alias */ name: text(1, 256),
  /** title of an employee */ title: text(0, 256),
  /** unit of an employee */ unit: text(0, 256),
  /** empty: a personal number leads to an address, and all in the room read this */ number: text(0, 32),
  /** level of assurance */ level: uint(0, 4),
});
/** Who a member is. */
export interface WireBodyProfile extends ValueOf<typeof layoutBodyProfile> {}

/** A new device of a member. */
export const layoutBodyDevice = layout("body_device", {
  /** pseudonym */ person: id(),
  /** device id */ device: id(),
  /** level of assurance of its login */ level: uint(0, 4),
  /** ms since 1970 */ at: uint(0, 9007199254740991),
});
/** A new device of a member. */
export interface WireBodyDevice extends ValueOf<typeof layoutBodyDevice> {}

/** A new conversation. */
export const layoutBodyQueued = layout("body_queued", {
  /** party room */ room: id(),
  /** when it reached the host */ received_at: uint(0, 9007199254740991),
  /** the opener's own words */ title: text(0, 256),
});
/** A new conversation. */
export interface WireBodyQueued extends ValueOf<typeof layoutBodyQueued> {}

/** A conversation of the queue is taken. */
export const layoutBodyTaken = layout("body_taken", {
  /** party room */ room: id(),
  /** pseudonym of the employee */ person: id(),
});
/** A conversation of the queue is taken. */
export interface WireBodyTaken extends ValueOf<typeof layoutBodyTaken> {}

/** A conversation has left the queue for another unit's. */
export const layoutBodyQueueLeft = layout("body_queue_left", {
  /** party room */ room: id(),
  /** the other unit's room */ unit: id(),
});
/** A conversation has left the queue for another unit's. */
export interface WireBodyQueueLeft extends ValueOf<typeof layoutBodyQueueLeft> {}

/** A conversation is another unit's. */
export const layoutBodyMoved = layout("body_moved", {
  /** that unit's room */ unit: id(),
  /** its name */ name: text(1, 256),
  /** pseudonym of the employee who handed it over */ by: id(),
  /** why, in own words */ text: text(1, 256),
});
/** A conversation is another unit's. */
export interface WireBodyMoved extends ValueOf<typeof layoutBodyMoved> {}

/** A party room of the case. */
export const layoutBodyCaseRoom = layout("body_case_room", {
  /** party room */ room: id(),
  /** pseudonym of the party */ person: id(),
});
/** A party room of the case. */
export interface WireBodyCaseRoom extends ValueOf<typeof layoutBodyCaseRoom> {}

/** A party room that is no longer of the case. */
export const layoutBodyCaseRoomOut = layout("body_case_room_out", {
  /** party room */ room: id(),
  /** pseudonym of the employee who asked for it */ by: id(),
  /** why, in own words */ text: text(0, 256),
});
/** A party room that is no longer of the case. */
export interface WireBodyCaseRoomOut extends ValueOf<typeof layoutBodyCaseRoomOut> {}

/** An entry of this room is to be shown to a party. It is shown when the party's room has a RELEASE with these bytes. */
export const layoutBodyReleased = layout("body_released", {
  /** the entry */ seq: uint(1, 9007199254740991),
  /** its hash */ hash: id(),
  /** party room */ room: id(),
  /** pseudonym of the party */ person: id(),
  /** encoded body_release */ shown: bytes(1, 81920),
});
/** An entry of this room is to be shown to a party. It is shown when the party's room has a RELEASE with these bytes. */
export interface WireBodyReleased extends ValueOf<typeof layoutBodyReleased> {}

/** What a checkpoint refuses. */
export const layoutBodyRefusals = layout("body_refusals", {
  /** refusal ... */ refused: seq(0, 81920),
});
/** What a checkpoint refuses. */
export interface WireBodyRefusals extends ValueOf<typeof layoutBodyRefusals> {}

/** One refused entry. */
export const layoutRefusal = layout("refusal", {
  /** the entry */ seq: uint(1, 9007199254740991),
  /** grounds */ ground: uint(1, 255),
});
/** One refused entry. */
export interface WireRefusal extends ValueOf<typeof layoutRefusal> {}

/** Why a membership changed. */
export const layoutBodyChange = layout("body_change", {
  /** grounds */ ground: uint(1, 255),
  /** own words */ text: text(0, 256),
});
/** Why a membership changed. */
export interface WireBodyChange extends ValueOf<typeof layoutBodyChange> {}

/** Staff have let somebody in, or ended it. */
export const layoutBodyAccess = layout("body_access", {
  /** 1 let in, 2 ended */ operation: uint(1, 2),
  /** pseudonym */ person: id(),
  /** capacities */ capacity: uint(1, 255),
  /** name as staff have stated it; empty for employees */ name: text(0, 256),
  /** 1: comes with a printed code, not with an e-ID */ has_code: uint(0, 1),
  /** pseudonym of the employee who asked for it; the board id when its time was over */ by: id(),
  /** first generation that the person may read; 0 when it ends */ first: uint(0, 9007199254740991),
  /** ms since 1970: it ends by itself; 0: it does not */ until: uint(0, 9007199254740991),
  /** why, in own words */ text: text(0, 256),
});
/** Staff have let somebody in, or ended it. */
export interface WireBodyAccess extends ValueOf<typeof layoutBodyAccess> {}

/** A device bound to a person, with the evidence. */
export const layoutBodyBinding = layout("body_binding", {
  /** pseudonym */ person: id(),
  /** device id */ device: id(),
  /** certificate that was issued */ certificate: bytes(1, 512),
  /** roles */ role: uint(1, 255),
  /** level of assurance */ level: uint(0, 4),
  /** name from the ID token */ name: text(0, 256),
  /** personal number from the ID token, if any */ number: text(0, 32),
  /** provider's id in the board's configuration */ provider: text(0, 256),
  /** random of the login, so that the nonce can be made again */ random: id(),
  /** the ID token; empty on renewal */ token: bytes(0, 24576),
  /** the provider's key that checked it (JWK) */ provider_key: bytes(0, 4096),
  /** TYPE of devices.def, as the device says; 0: not said */ device_type: late(0, 255),
  /** BROWSER of devices.def, as the device says; 0: none, or not said */ browser: late(0, 255),
  /** 1: whoever logs in says that the device is not theirs */ is_borrowed: late(0, 1),
});
/** A device bound to a person, with the evidence. */
export interface WireBodyBinding extends ValueOf<typeof layoutBodyBinding> {}

/** Somebody is, or is no longer, staff. */
export const layoutBodyEmployee = layout("body_employee", {
  /** 1 is staff, 2 no longer */ operation: uint(1, 2),
  /** pseudonym */ person: id(),
  /** identity at the provider, as in the login */ identity: text(1, 256),
  /** name */ name: text(1, 256),
  /** title */ title: text(0, 256),
  /** the unit's room */ unit: id(),
});
/** Somebody is, or is no longer, staff. */
export interface WireBodyEmployee extends ValueOf<typeof layoutBodyEmployee> {}

/** Under which name others know an employee. */
export const layoutBodyAlias = layout("body_alias", {
  /** pseudonym */ person: id(),
  /** the alias; empty: none any more */ name: text(0, 256),
});
/** Under which name others know an employee. */
export interface WireBodyAlias extends ValueOf<typeof layoutBodyAlias> {}

/** A unit. */
export const layoutBodyUnit = layout("body_unit", {
  /** its room */ room: id(),
  /** name */ name: text(1, 256),
});
/** A unit. */
export interface WireBodyUnit extends ValueOf<typeof layoutBodyUnit> {}

/** Which keeper acts. */
export const layoutBodyLease = layout("body_lease", {
  /** device id of the keeper */ device: id(),
  /** ms since 1970 */ until: uint(0, 9007199254740991),
});
/** Which keeper acts. */
export interface WireBodyLease extends ValueOf<typeof layoutBodyLease> {}

/** Somebody may act for somebody else. */
export const layoutBodyMandate = layout("body_mandate", {
  /** pseudonym of the one who acts */ holder: id(),
  /** pseudonym of the one acted for */ subject: id(),
  /** roles */ capacity: uint(1, 255),
  /** what it covers */ scope: text(0, 256),
  /** where it comes from */ source: text(0, 256),
  /** ms since 1970, inclusive */ not_before: uint(0, 9007199254740991),
  /** ms since 1970, exclusive */ not_after: uint(0, 9007199254740991),
});
/** Somebody may act for somebody else. */
export interface WireBodyMandate extends ValueOf<typeof layoutBodyMandate> {}

/** Days and rule tables. */
export const layoutBodyCalendar = layout("body_calendar", {
  /** table */ name: text(1, 256),
  /** ms since 1970 */ valid_from: uint(0, 9007199254740991),
  /** the table, CSV (RFC 4180) */ rows: text(0, 65536),
});
/** Days and rule tables. */
export interface WireBodyCalendar extends ValueOf<typeof layoutBodyCalendar> {}

/** A printed code. */
export const layoutBodyCode = layout("body_code", {
  /** 1 made, 2 void */ operation: uint(1, 2),
  /** the room that its holder was let into */ room: id(),
  /** pseudonym of its holder */ person: id(),
  /** the first group, by which it is found */ place: text(4, 4),
  /** MAC(board secret, CODE, the whole code) */ mac: id(),
  /** name as staff have stated it */ name: text(1, 256),
  /** ms since 1970: not after this */ until: uint(0, 9007199254740991),
});
/** A printed code. */
export interface WireBodyCode extends ValueOf<typeof layoutBodyCode> {}

/** Where somebody wants notices. */
export const layoutBodyNotice = layout("body_notice", {
  /** pseudonym */ person: id(),
  /** 1 notices from now on, 2 none any more */ operation: uint(1, 2),
  /** e-mail address that the person has shown to be theirs; empty for none */ address: text(0, 256),
});
/** Where somebody wants notices. */
export interface WireBodyNotice extends ValueOf<typeof layoutBodyNotice> {}

/** A notice, about to be sent. */
export const layoutBodyNotified = layout("body_notified", {
  /** pseudonym */ person: id(),
  /** where something waits */ room: id(),
  /** the newest entry that waits there */ seq: uint(1, 9007199254740991),
});
/** A notice, about to be sent. */
export interface WireBodyNotified extends ValueOf<typeof layoutBodyNotified> {}

/** What a letter was answered. */
export const layoutBodyLetterAnswered = layout("body_letter_answered", {
  /** the entry's cause: `answered`, of the letter's id, its author's device and 0 */ letter: id(),
  /** 0 done, without anything to do; else why it was refused */ code: uint(0, 255),
});
/** What a letter was answered. */
export interface WireBodyLetterAnswered extends ValueOf<typeof layoutBodyLetterAnswered> {}

/** Head of a transient frame. */
export const layoutTransientHead = layout("transient_head", {
  /** 1 */ version: uint(1, 1),
  /** 1 */ suite: uint(1, 9007199254740991),
  /** room id */ room: id(),
  /** generation whose key seals it */ generation: uint(1, 9007199254740991),
  /** hash of the author's certificate */ certificate: id(),
  /** author's clock, ms since 1970 */ time: uint(0, 9007199254740991),
  /** random; with the room key makes the frame's key */ salt: id(),
});
/** Head of a transient frame. */
export interface WireTransientHead extends ValueOf<typeof layoutTransientHead> {}

/** A transient frame: delivered, never logged. */
export const layoutTransient = layout("transient", {
  /** encoded transient_head */ head: bytes(1, 512),
  /** ciphertext and tag */ sealed: bytes(1, 16384),
  /** Ed25519 by the author's device */ sig: sig(),
});
/** A transient frame: delivered, never logged. */
export interface WireTransient extends ValueOf<typeof layoutTransient> {}

/** Plaintext of a transient frame, before padding. */
export const layoutTransientContent = layout("transient_content", {
  /** 1 typing, 2 real-time text */ kind: uint(1, 65535),
  /** body of the kind */ body: bytes(0, 16384),
});
/** Plaintext of a transient frame, before padding. */
export interface WireTransientContent extends ValueOf<typeof layoutTransientContent> {}

/** The mailbox frame: between one device and one keeper, either way. */
export const layoutLetter = layout("letter", {
  /** 1 */ version: uint(1, 1),
  /** 1 */ suite: uint(1, 9007199254740991),
  /** device id of the receiver */ to: id(),
  /** HPKE encapsulated key */ enc: id(),
  /** HPKE ciphertext of an encoded signed letter_inner, padded */ sealed: bytes(1, 32768),
});
/** The mailbox frame: between one device and one keeper, either way. */
export interface WireLetter extends ValueOf<typeof layoutLetter> {}

/** What a letter's ciphertext holds. */
export const layoutLetterSigned = layout("letter_signed", {
  /** encoded letter_inner */ inner: bytes(1, 32768),
  /** Ed25519 by sign_key over label, receiver's device id and inner */ sig: sig(),
});
/** What a letter's ciphertext holds. */
export interface WireLetterSigned extends ValueOf<typeof layoutLetterSigned> {}

/** Who writes, and what. */
export const layoutLetterInner = layout("letter_inner", {
  /** random; an answer repeats the id of the question */ id: id(),
  /** board id */ board: id(),
  /** letters */ kind: uint(1, 255),
  /** author's clock, ms since 1970 */ time: uint(0, 9007199254740991),
  /** author's Ed25519 public key */ sign_key: id(),
  /** author's X25519 public key: the answer is sealed to it */ seal_key: id(),
  /** author's certificate; empty before the first login */ certificate: bytes(0, 512),
  /** encoded body of the kind of letter */ body: bytes(1, 32768),
});
/** Who writes, and what. */
export interface WireLetterInner extends ValueOf<typeof layoutLetterInner> {}

/** An OpenID Connect code to redeem. */
export const layoutLetterLogin = layout("letter_login", {
  /** provider's id in board.json */ provider: text(1, 256),
  /** authorization code */ code: text(1, 4096),
  /** PKCE code verifier (RFC 7636) */ verifier: text(43, 128),
  /** redirect_uri of the authorization request */ redirect: text(1, 4096),
  /** random that went into the nonce */ random: id(),
  /** role asked for */ role: uint(2, 255),
  /** TYPE of devices.def, as the device says; 0: not said */ device_type: late(0, 255),
  /** BROWSER of devices.def, as the device says; 0: none, or not said */ browser: late(0, 255),
  /** 1: whoever logs in says that the device is not theirs */ is_borrowed: late(0, 1),
});
/** An OpenID Connect code to redeem. */
export interface WireLetterLogin extends ValueOf<typeof layoutLetterLogin> {}

/** Another period for the same keys. */
export const layoutLetterRenew = layout("letter_renew", {
  /** role of the certificate */ role: uint(2, 255),
});
/** Another period for the same keys. */
export interface WireLetterRenew extends ValueOf<typeof layoutLetterRenew> {}

/** A room. */
export const layoutLetterRoom = layout("letter_room", {
  /** room id */ room: id(),
});
/** A room. */
export interface WireLetterRoom extends ValueOf<typeof layoutLetterRoom> {}

/** Somebody to take out. */
export const layoutLetterRemove = layout("letter_remove", {
  /** room id */ room: id(),
  /** 1 person, 2 device */ subject_type: uint(1, 2),
  /** pseudonym or device id */ subject: id(),
  /** grounds */ ground: uint(1, 255),
});
/** Somebody to take out. */
export interface WireLetterRemove extends ValueOf<typeof layoutLetterRemove> {}

/** Somebody of a room, and why. */
export const layoutLetterPerson = layout("letter_person", {
  /** room id */ room: id(),
  /** pseudonym; empty: nobody */ person: opt(),
  /** own words */ text: text(0, 256),
});
/** Somebody of a room, and why. */
export interface WireLetterPerson extends ValueOf<typeof layoutLetterPerson> {}

/** A device. */
export const layoutLetterDevice = layout("letter_device", {
  /** device id */ device: id(),
});
/** A device. */
export interface WireLetterDevice extends ValueOf<typeof layoutLetterDevice> {}

/** Somebody to let in. */
export const layoutLetterInvite = layout("letter_invite", {
  /** room id */ room: id(),
  /** capacities */ capacity: uint(3, 255),
  /** pseudonym of somebody who came with a code, and needs another one; else empty */ person: opt(),
  /** personal number, 12 digits; empty: a code is made */ number: text(0, 32),
  /** name */ name: text(1, 256),
  /** 1: reads what was written before, too */ history: uint(0, 1),
  /** ms since 1970: the access ends by itself; 0: it does not */ until: uint(0, 9007199254740991),
  /** why, in own words */ text: text(0, 256),
});
/** Somebody to let in. */
export interface WireLetterInvite extends ValueOf<typeof layoutLetterInvite> {}

/** A printed code. */
export const layoutLetterRedeem = layout("letter_redeem", {
  /** as it was typed */ code: text(1, 64),
  /** TYPE of devices.def, as the device says; 0: not said */ device_type: late(0, 255),
  /** BROWSER of devices.def, as the device says; 0: none, or not said */ browser: late(0, 255),
  /** 1: whoever logs in says that the device is not theirs */ is_borrowed: late(0, 1),
});
/** A printed code. */
export interface WireLetterRedeem extends ValueOf<typeof layoutLetterRedeem> {}

/** A printed code, told once. */
export const layoutLetterInvited = layout("letter_invited", {
  /** the entry that let its holder in; 0: in before */ seq: uint(0, 9007199254740991),
  /** groups of four */ code: text(1, 64),
  /** ms since 1970: not after this */ until: uint(0, 9007199254740991),
});
/** A printed code, told once. */
export interface WireLetterInvited extends ValueOf<typeof layoutLetterInvited> {}

/** The question which units there are. */
export const layoutLetterUnitsAsk = layout("letter_units_ask", {
  /** 1 */ version: uint(1, 1),
});
/** The question which units there are. */
export interface WireLetterUnitsAsk extends ValueOf<typeof layoutLetterUnitsAsk> {}

/** The units that take conversations. */
export const layoutLetterUnits = layout("letter_units", {
  /** body_unit ... in the board's own order */ units: seq(0, 32768),
});
/** The units that take conversations. */
export interface WireLetterUnits extends ValueOf<typeof layoutLetterUnits> {}

/** A conversation for another unit, and why. */
export const layoutLetterMove = layout("letter_move", {
  /** room id */ room: id(),
  /** the unit's room */ unit: id(),
  /** own words */ text: text(0, 256),
});
/** A conversation for another unit, and why. */
export interface WireLetterMove extends ValueOf<typeof layoutLetterMove> {}

/** The question whether notices are on. */
export const layoutLetterNoticeAsk = layout("letter_notice_ask", {
  /** 1 */ version: uint(1, 1),
});
/** The question whether notices are on. */
export interface WireLetterNoticeAsk extends ValueOf<typeof layoutLetterNoticeAsk> {}

/** Where to send notices. */
export const layoutLetterNoticeSet = layout("letter_notice_set", {
  /** e-mail address; empty: none any more */ address: text(0, 256),
});
/** Where to send notices. */
export interface WireLetterNoticeSet extends ValueOf<typeof layoutLetterNoticeSet> {}

/** The code that was sent to the address. */
export const layoutLetterNoticeCode = layout("letter_notice_code", {
  /** as typed */ code: text(1, 32),
});
/** The code that was sent to the address. */
export interface WireLetterNoticeCode extends ValueOf<typeof layoutLetterNoticeCode> {}

/** Whether notices are on. */
export const layoutLetterNoticeState = layout("letter_notice_state", {
  /** 0 off, 1 a code is awaited, 2 on */ state: uint(0, 2),
  /** the address, most of its name left out; empty when off */ address: text(0, 256),
});
/** Whether notices are on. */
export interface WireLetterNoticeState extends ValueOf<typeof layoutLetterNoticeState> {}

/** The question where the asker's person is logged in. */
export const layoutLetterDevicesAsk = layout("letter_devices_ask", {
  /** 1 */ version: uint(1, 1),
});
/** The question where the asker's person is logged in. */
export interface WireLetterDevicesAsk extends ValueOf<typeof layoutLetterDevicesAsk> {}

/** The devices that the asker's person has logged in with. */
export const layoutLetterDevices = layout("letter_devices", {
  /** own_device ...: the newest, in the order of their first login */ devices: seq(0, 32768),
});
/** The devices that the asker's person has logged in with. */
export interface WireLetterDevices extends ValueOf<typeof layoutLetterDevices> {}

/** The wish to be nobody. */
export const layoutLetterAdvice = layout("letter_advice", {
  /** 1 */ version: uint(1, 1),
});
/** The wish to be nobody. */
export interface WireLetterAdvice extends ValueOf<typeof layoutLetterAdvice> {}

/** Certificate and heads. */
export const layoutLetterLoggedIn = layout("letter_logged_in", {
  /** device's certificate */ certificate: bytes(1, 512),
  /** keeper's certificate that signed it */ issuer: bytes(1, 512),
  /** the person's name */ name: text(0, 256),
  /** room_head ...: at least so far did the keeper see */ heads: seq(0, 32768),
  /** signed profile, to be shown in calls; empty when the name is too long for one */ profile: bytes(0, 512),
});
/** Certificate and heads. */
export interface WireLetterLoggedIn extends ValueOf<typeof layoutLetterLoggedIn> {}

/** It is done. */
export const layoutLetterDone = layout("letter_done", {
  /** the entry that did it, in the room asked about */ seq: uint(0, 9007199254740991),
});
/** It is done. */
export interface WireLetterDone extends ValueOf<typeof layoutLetterDone> {}

/** It is refused. */
export const layoutLetterRefused = layout("letter_refused", {
  /** errors */ code: uint(1, 65535),
  /** never content */ detail: text(0, 256),
});
/** It is refused. */
export interface WireLetterRefused extends ValueOf<typeof layoutLetterRefused> {}

/** Body of a device's signature over its key for one call. Made anew each time a device comes to a call. */
export const layoutCallKey = layout("call_key", {
  /** 1 */ version: uint(1, 1),
  /** 1 */ suite: uint(1, 9007199254740991),
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** hash of the device's certificate */ certificate: id(),
  /** X25519 public key: frames of this call are sealed to it */ key: id(),
  /** author's clock, ms since 1970 */ time: uint(0, 9007199254740991),
});
/** Body of a device's signature over its key for one call. Made anew each time a device comes to a call. */
export interface WireCallKey extends ValueOf<typeof layoutCallKey> {}

/** Body of a statement of staff: this device with this key is in the call, or no longer. The later one counts. */
export const layoutCallAdmission = layout("call_admission", {
  /** 1 */ version: uint(1, 1),
  /** board id */ board: id(),
  /** call id */ call: id(),
  /** 1 admitted, 2 put out */ operation: uint(1, 2),
  /** hash of the certificate of the device it is about */ certificate: id(),
  /** its call key */ key: id(),
  /** hash of the certificate of the device that signs */ by: id(),
  /** author's clock, ms since 1970 */ time: uint(0, 9007199254740991),
});
/** Body of a statement of staff: this device with this key is in the call, or no longer. The later one counts. */
export interface WireCallAdmission extends ValueOf<typeof layoutCallAdmission> {}

/** A stream that a device sends in a call. */
export const layoutCallStream = layout("call_stream", {
  /** USE of calls.def */ use: uint(1, 3),
  /** SSRC: the sender's own in CALL_LEG, the relay's in CALL */ ssrc: uint(1, 4294967295),
  /** SSRC of retransmissions (RFC 4588); 0: none */ rtx_ssrc: uint(0, 4294967295),
  /** RTP payload type */ payload_type: uint(0, 127),
  /** of retransmissions; 0: none */ rtx_payload_type: uint(0, 127),
});
/** A stream that a device sends in a call. */
export interface WireCallStream extends ValueOf<typeof layoutCallStream> {}

/** A device in a call, or waiting to be let in. */
export const layoutCallParticipant = layout("call_participant", {
  /** its number in the call: frames are addressed with it; never given twice */ number: uint(1, 9007199254740991),
  /** STATE of calls.def */ state: uint(1, 3),
  /** pseudonym */ person: id(),
  /** roles */ role: uint(1, 255),
  /** 1: a member of the room; 0: a guest */ is_member: uint(0, 1),
  /** signed call_key */ key: bytes(1, 512),
  /** host's clock, ms since 1970: when it came */ since: uint(0, 9007199254740991),
  /** call_stream ... */ streams: seq(0, 512),
});
/** A device in a call, or waiting to be let in. */
export interface WireCallParticipant extends ValueOf<typeof layoutCallParticipant> {}

/** Somebody who is rung. */
export const layoutCallRung = layout("call_rung", {
  /** pseudonym */ person: id(),
  /** RING of calls.def */ state: uint(1, 7),
});
/** Somebody who is rung. */
export interface WireCallRung extends ValueOf<typeof layoutCallRung> {}

/** A frame between two devices of a call: HPKE to the receiver's call key. */
export const layoutCallFrame = layout("call_frame", {
  /** 1 */ version: uint(1, 1),
  /** 1 */ suite: uint(1, 9007199254740991),
  /** HPKE encapsulated key */ enc: id(),
  /** HPKE ciphertext of an encoded signed call_inner, padded */ sealed: bytes(1, 16384),
});
/** A frame between two devices of a call: HPKE to the receiver's call key. */
export interface WireCallFrame extends ValueOf<typeof layoutCallFrame> {}

/** What a call frame's ciphertext holds. */
export const layoutCallFrameSigned = layout("call_frame_signed", {
  /** encoded call_inner */ inner: bytes(1, 16384),
  /** Ed25519 by the sender's device over label, the receiver's call key and inner */ sig: sig(),
});
/** What a call frame's ciphertext holds. */
export interface WireCallFrameSigned extends ValueOf<typeof layoutCallFrameSigned> {}

/** What one device says to another in a call. */
export const layoutCallInner = layout("call_inner", {
  /** call id */ call: id(),
  /** hash of the sender's certificate */ certificate: id(),
  /** sender's call key */ key: id(),
  /** 1, 2, 3 ... from this sender to this receiver: what is not higher than the last one was sent before */ number: uint(1, 9007199254740991),
  /** author's clock, ms since 1970 */ time: uint(0, 9007199254740991),
  /** KIND of calls.def */ kind: uint(1, 255),
  /** encoded body of the kind */ body: bytes(1, 16384),
});
/** What one device says to another in a call. */
export interface WireCallInner extends ValueOf<typeof layoutCallInner> {}

/** The key that opens the sender's media from now on. */
export const layoutCallMediaKey = layout("call_media_key", {
  /** key id of SFrame (RFC 9605); goes up by one with each new key of this sender */ kid: uint(0, 9007199254740991),
  /** base key of SFrame */ key: id(),
});
/** The key that opens the sender's media from now on. */
export interface WireCallMediaKey extends ValueOf<typeof layoutCallMediaKey> {}

/** The key has arrived. */
export const layoutCallMediaKeyHere = layout("call_media_key_here", {
  /** as in call_media_key */ kid: uint(0, 9007199254740991),
});
/** The key has arrived. */
export interface WireCallMediaKeyHere extends ValueOf<typeof layoutCallMediaKeyHere> {}

/** What the sender shows of itself. */
export const layoutCallPresence = layout("call_presence", {
  /** signed profile of the sender's person; empty when it has none */ profile: bytes(0, 512),
  /** BCP 47: the language it would speak */ language: text(0, 35),
  /** 1: comes as an interpreter */ interpreter: uint(0, 1),
  /** 1 while the microphone is on */ voice: uint(0, 1),
  /** 1 while the camera is on */ camera: uint(0, 1),
  /** 1 while a screen is shown */ screen: uint(0, 1),
});
/** What the sender shows of itself. */
export interface WireCallPresence extends ValueOf<typeof layoutCallPresence> {}

/** A line between somebody who waits and staff, or real-time text. */
export const layoutCallText = layout("call_text", {
  /** the line as it stands */ text: text(0, 65536),
  /** number of the line of this sender */ line: uint(1, 9007199254740991),
  /** 0 while it is being written (real-time text) */ is_done: uint(0, 1),
});
/** A line between somebody who waits and staff, or real-time text. */
export interface WireCallText extends ValueOf<typeof layoutCallText> {}

/** Body of a keeper's statement who a person is, shown to those in a call who do not share a room with them. */
export const layoutProfile = layout("profile", {
  /** 1 */ version: uint(1, 1),
  /** board id */ board: id(),
  /** hash of the keeper's certificate */ issuer: id(),
  /** pseudonym */ person: id(),
  /** roles */ role: uint(1, 255),
  /** level of assurance of the login */ level: uint(0, 4),
  /** name, or alias */ name: text(0, 256),
  /** title of an employee */ title: text(0, 256),
  /** ms since 1970, exclusive */ not_after: uint(0, 9007199254740991),
});
/** Body of a keeper's statement who a person is, shown to those in a call who do not share a room with them. */
export interface WireProfile extends ValueOf<typeof layoutProfile> {}

/** The head of a room. */
export const layoutRoomHead = layout("room_head", {
  /** room id */ room: id(),
  /** its last entry */ seq: uint(0, 9007199254740991),
  /** its hash */ hash: id(),
  /** current generation */ generation: uint(0, 9007199254740991),
});
/** The head of a room. */
export interface WireRoomHead extends ValueOf<typeof layoutRoomHead> {}

/** A device of the person who asks. */
export const layoutOwnDevice = layout("own_device", {
  /** device id */ device: id(),
  /** TYPE of devices.def, as the device said; 0: it did not */ device_type: uint(0, 255),
  /** BROWSER of devices.def, as the device said; 0: none, or it did not */ browser: uint(0, 255),
  /** 1: whoever logged in said that the device was not theirs */ is_borrowed: uint(0, 1),
  /** level of assurance of its login */ level: uint(0, 4),
  /** when it logged in last, ms since 1970 */ logged_in_at: uint(0, 9007199254740991),
  /** when its newest certificate was issued: it was in use then */ certified_at: uint(0, 9007199254740991),
  /** 1: it is revoked */ is_out: uint(0, 1),
});
/** A device of the person who asks. */
export interface WireOwnDevice extends ValueOf<typeof layoutOwnDevice> {}

/** A row of the fetch log. */
export const layoutFetched = layout("fetched", {
  /** device id */ device: id(),
  /** first entry delivered */ first: uint(1, 9007199254740991),
  /** last entry delivered */ last: uint(1, 9007199254740991),
  /** host's clock, ms since 1970 */ at: uint(0, 9007199254740991),
});
/** A row of the fetch log. */
export interface WireFetched extends ValueOf<typeof layoutFetched> {}

/** Every layout by its name in layouts.def. */
export const LAYOUTS = {
  signed: layoutSigned,
  certificate: layoutCertificate,
  revocation: layoutRevocation,
  successor: layoutSuccessor,
  head: layoutHead,
  entry: layoutEntry,
  stored: layoutStored,
  open_record: layoutOpenRecord,
  open_member: layoutOpenMember,
  member: layoutMember,
  open_generation: layoutOpenGeneration,
  open_grant: layoutOpenGrant,
  open_checkpoint: layoutOpenCheckpoint,
  open_read: layoutOpenRead,
  open_erase: layoutOpenErase,
  content: layoutContent,
  body_text: layoutBodyText,
  body_about: layoutBodyAbout,
  body_release: layoutBodyRelease,
  body_file: layoutBodyFile,
  body_finding: layoutBodyFinding,
  body_call: layoutBodyCall,
  participant: layoutParticipant,
  body_contact: layoutBodyContact,
  body_step: layoutBodyStep,
  body_task: layoutBodyTask,
  body_mark: layoutBodyMark,
  body_meeting: layoutBodyMeeting,
  body_extension: layoutBodyExtension,
  body_room: layoutBodyRoom,
  body_profile: layoutBodyProfile,
  body_device: layoutBodyDevice,
  body_queued: layoutBodyQueued,
  body_taken: layoutBodyTaken,
  body_queue_left: layoutBodyQueueLeft,
  body_moved: layoutBodyMoved,
  body_case_room: layoutBodyCaseRoom,
  body_case_room_out: layoutBodyCaseRoomOut,
  body_released: layoutBodyReleased,
  body_refusals: layoutBodyRefusals,
  refusal: layoutRefusal,
  body_change: layoutBodyChange,
  body_access: layoutBodyAccess,
  body_binding: layoutBodyBinding,
  body_employee: layoutBodyEmployee,
  body_alias: layoutBodyAlias,
  body_unit: layoutBodyUnit,
  body_lease: layoutBodyLease,
  body_mandate: layoutBodyMandate,
  body_calendar: layoutBodyCalendar,
  body_code: layoutBodyCode,
  body_notice: layoutBodyNotice,
  body_notified: layoutBodyNotified,
  body_letter_answered: layoutBodyLetterAnswered,
  transient_head: layoutTransientHead,
  transient: layoutTransient,
  transient_content: layoutTransientContent,
  letter: layoutLetter,
  letter_signed: layoutLetterSigned,
  letter_inner: layoutLetterInner,
  letter_login: layoutLetterLogin,
  letter_renew: layoutLetterRenew,
  letter_room: layoutLetterRoom,
  letter_remove: layoutLetterRemove,
  letter_person: layoutLetterPerson,
  letter_device: layoutLetterDevice,
  letter_invite: layoutLetterInvite,
  letter_redeem: layoutLetterRedeem,
  letter_invited: layoutLetterInvited,
  letter_units_ask: layoutLetterUnitsAsk,
  letter_units: layoutLetterUnits,
  letter_move: layoutLetterMove,
  letter_notice_ask: layoutLetterNoticeAsk,
  letter_notice_set: layoutLetterNoticeSet,
  letter_notice_code: layoutLetterNoticeCode,
  letter_notice_state: layoutLetterNoticeState,
  letter_devices_ask: layoutLetterDevicesAsk,
  letter_devices: layoutLetterDevices,
  letter_advice: layoutLetterAdvice,
  letter_logged_in: layoutLetterLoggedIn,
  letter_done: layoutLetterDone,
  letter_refused: layoutLetterRefused,
  call_key: layoutCallKey,
  call_admission: layoutCallAdmission,
  call_stream: layoutCallStream,
  call_participant: layoutCallParticipant,
  call_rung: layoutCallRung,
  call_frame: layoutCallFrame,
  call_frame_signed: layoutCallFrameSigned,
  call_inner: layoutCallInner,
  call_media_key: layoutCallMediaKey,
  call_media_key_here: layoutCallMediaKeyHere,
  call_presence: layoutCallPresence,
  call_text: layoutCallText,
  profile: layoutProfile,
  room_head: layoutRoomHead,
  own_device: layoutOwnDevice,
  fetched: layoutFetched,
};
