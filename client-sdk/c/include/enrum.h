/* enrum.h -- libenrum: one device of one board talks in private, and the journal has it.
 *
 * An `enrum` is one device: its keys, its folder, its connection. It is driven by one thread that
 * calls enrum_step in a loop; everything else is called from that thread too, but for enrum_wake.
 * What happens is told by one callback. All texts are UTF-8. Times are ms since 1970 (UTC). Ids are
 * 32 bytes.
 *
 * Nothing is believed before it is verified: an entry reaches the callback only when its signature,
 * its author's certificate (up to the pinned root), its place in the chain and its device's own
 * numbering hold. What does not hold is a warning (class TRUST) and the room is not followed
 * further. */
#pragma once

#include "protocol/entry.h"
#include "protocol/grant.h"
#include "protocol/handshake.h"
#include "protocol/letter.h"
#include "protocol/receipt.h"
#include "protocol/transient.h"

struct enrum;

/* -- board.json -- */

enum { ENRUM_PROVIDERS_MAX = 8, ENRUM_TEXT_MAX = 256, ENRUM_SUCCESSOR_MAX = 512 };

/* An e-ID provider that the board takes: what a login asks it for. */
struct enrum_provider {
    char id[64], name[ENRUM_TEXT_MAX], issuer[ENRUM_TEXT_MAX], client_id[ENRUM_TEXT_MAX];
    char authorization_endpoint[ENRUM_TEXT_MAX], scope[ENRUM_TEXT_MAX];
    char acr_values[ENRUM_TEXT_MAX * 2]; /* asked for in the request; space-separated */
    unsigned roles;                      /* 1u << role: who logs in with it */
};

/* What a board offers beside conversations of people who log in. */
enum { ENRUM_OFFER_ADVICE = 1, ENRUM_OFFER_NOTICES = 2 };

/* What board.json says, checked. Colours are #rrggbb. */
struct enrum_board {
    char name[ENRUM_TEXT_MAX], host_url[ENRUM_TEXT_MAX], telephone[64];
    char primary_colour[16], on_primary_colour[16];
    struct id id, root_key, host_key; /* root_key: the newest, followed over successors */
    struct id first_root_key;
    size_t root_count; /* roots[0] is the first, the last is root_key */
    struct id roots[SUCCESSORS_MAX + 1];
    /* The signed statements between them, base64url: root_count - 1. */
    char successors[SUCCESSORS_MAX][ENRUM_SUCCESSOR_MAX];
    size_t provider_count;
    struct enrum_provider providers[ENRUM_PROVIDERS_MAX];
    unsigned offers; /* ENRUM_OFFER_ bits: for the pages; what its keeper does is its own matter */
};

/* Reads a board.json (protocol/README.md). Errors: FILE_FAILED, MALFORMED, SIGNATURE_WRONG (a
 * successor). */
enum enrum_err enrum_board_read(const char *path, struct enrum_board *out);
/* Writes it; successors of an existing file at this path are kept. Errors: FILE_FAILED. */
enum enrum_err enrum_board_write(const char *path, const struct enrum_board *board);

/* -- Events -- */

/* What has happened. Behind each: the members of struct enrum_event that are set. */
enum enrum_event_type {
    ENRUM_EVENT_STATE,     /* state; err says why when OFFLINE (also when a first try failed), or
                              why GREETED is not READY (CERTIFICATE_EXPIRED, _REVOKED ...) */
    ENRUM_EVENT_LOGGED_IN, /* err OK or why not */
    ENRUM_EVENT_ROOM,      /* room: the host has it for this person; once for each room in the life
                              of this enrum object */
    ENRUM_EVENT_ENTRY,    /* item: a verified entry, in order, once in the life of this enrum object
                             for each followed room. Entries whose key is missing are held back
                             until the keeper has answered the asking for it, at most 5 s after the
                             room is all here; then they are told with open_err KEY_MISSING, and
                             once more when a later grant opens them */
    ENRUM_EVENT_SENT,     /* room, outbox: on the host's disk, with a good receipt; seq */
    ENRUM_EVENT_NOT_SENT, /* room, outbox, err: refused for good; taken out of the outbox */
    ENRUM_EVENT_UP_TO_DATE, /* room: everything the host has is here and told; or err ROOM_UNKNOWN:
                               it denies the room */
    ENRUM_EVENT_ANSWER,     /* request, err, seq, invited, notice: a keeper's answer to enrum_ask */
    ENRUM_EVENT_LETTER,     /* keepers: letter */
    ENRUM_EVENT_CALL,       /* keepers: call, as the host shows it; who is in it is to be checked */
    ENRUM_EVENT_APPENDED, /* request, err, seq: outcome of enrum_append or enrum_room_create_with */
    ENRUM_EVENT_TRANSIENT, /* room, item.author, transient */
    ENRUM_EVENT_WARNING,   /* room (or zero), err of class TRUST */
    /* During enrum_open: the database in home is of another version. detail says what is done to
     * it; err FILE_FAILED: why it cannot be used, or not be taken to the newest version. */
    ENRUM_EVENT_DATABASE,
    /* room, moved_to: a room that waited to be opened has become another one; see enrum_room_new */
    ENRUM_EVENT_MOVED,
    ENRUM_EVENT_PROGRESS, /* room; outbox of a file that is sent, or request of one that is saved;
                             done of total bytes */
    ENRUM_EVENT_SAVED, /* room, seq, request: outcome of enrum_save_file; err OPEN_FAILED: what came
                          is not the file that the entry names */
};

/* GREETED: the host has proved itself. READY: it knows this device, and what is followed comes. */
enum enrum_state { ENRUM_OFFLINE, ENRUM_GREETED, ENRUM_READY };

/* A verified entry. Slices are valid during the callback. */
struct enrum_item {
    struct id room, hash;
    uint64_t seq, received_at, time;
    uint64_t class, generation, device_seq;
    struct certificate author; /* certificate.body.person, .role, .level; certificate.device */
    const struct entry *entry; /* open part and all */
    bool is_open;              /* content and body are there */
    enum enrum_err open_err;   /* why not: KEY_MISSING, OPEN_FAILED, COMMITMENT_WRONG,
                                  PAYLOAD_MISSING; OK for no content */
    struct wire_content content;
    uint64_t recorded_seq;   /* entries up to here stand under a checkpoint known so far */
    uint64_t refused_ground; /* 0, or why the keeper refused it (when known already) */
};

/* What a device has asked a keeper. Valid during the callback. */
struct enrum_letter {
    uint64_t origin; /* for enrum_letter_answer; 0 when nobody waits */
    struct id id;    /* for enrum_letter_done */
    bool is_durable;
    struct wire_letter_inner inner; /* opened, signature good */
};

/* Given to on_event. What the type does not name is zero. */
struct enrum_event {
    enum enrum_event_type type;
    enum enrum_err err;
    enum enrum_state state;
    struct id room;
    uint64_t seq, outbox, request;
    const struct enrum_item *item;
    const struct enrum_letter *letter;
    const struct msg_call *call;
    const struct wire_transient_content *transient;
    /* In an answer: the printed code, told this once; whether notices are on; the person's devices,
     * to be read with layout_next and layout_own_device. NULL: not said. */
    const struct wire_letter_invited *invited;
    const struct wire_letter_notice_state *notice;
    const struct wire_letter_devices *devices;
    const char *detail; /* "" or a sentence for developers */
    struct id moved_to;
    uint64_t done, total;
    struct slice units; /* in an answer to UNITS_ASK: body_unit ...; gone after the call */
};

/* -- Opening -- */

/* Given by a keeper, whose keys live in its own sealed file. */
struct enrum_keys {
    struct sign_pair sign;
    struct seal_pair seal;
    struct slice certificate;
};

/* How a device is opened. */
struct enrum_options {
    const char *home; /* folder, made if missing, mode 0700; its files 0600 */
    const struct enrum_board
        *board; /* NULL: the one pinned in home. Given: pinned at first use; a root other than the
                   pinned one that no successor explains is ROOT_CHANGED */
    const char *ca_file;           /* NULL: the system's */
    const struct enrum_keys *keys; /* NULL: the home's own (made when missing) */
    const char *software;          /* "enrum 0.1" */
    void (*on_event)(void *context, const struct enrum_event *event);
    void *context;
};

/* Opens a device: its home, made if missing, stays locked until enrum_close. Connects with the
 * first enrum_step. Errors: FILE_FAILED, ROOT_CHANGED, CONFIG (no board given or pinned), BUSY
 * (home in use), MEMORY.
 */
enum enrum_err enrum_open(const struct enrum_options *options, struct enrum **out);
/* Sends nothing more; what waits in the outbox stays there. */
void enrum_close(struct enrum *enrum);
/* Connects when it should (back-off 0.25 s doubling to 30 s, with jitter), reads, writes, calls
 * back. Returns after at most wait_ms. */
void enrum_step(struct enrum *enrum, unsigned wait_ms);
/* Wipes a home that is not open: keys, certificate, and everything kept of rooms. The pinned board
 * stays. What waited in the outbox is lost: ask enrum_outbox_count first. Errors: FILE_FAILED, BUSY
 * (home in use). */
enum enrum_err enrum_forget(const char *home);
/* From any thread: makes a waiting enrum_step return. */
void enrum_wake(struct enrum *enrum);
/* Drops the connection at once; it is made again as after any loss. */
void enrum_drop(struct enrum *enrum);

/* Who this device is; level: of assurance, 1 ... 4; not_after: of its certificate. */
struct enrum_self {
    struct id board, person, device;
    uint64_t role, level, not_after;
    bool is_logged_in;
    char name[ENRUM_TEXT_MAX];
    const struct enrum_board *board_info;
};
/* Who this device is. Before a login: ids of zeros and an empty name, but for the board. */
void enrum_self(const struct enrum *enrum, struct enrum_self *out);
/* As the last STATE event said it. */
enum enrum_state enrum_state(const struct enrum *enrum);
/* Milliseconds since anything was heard from the host; UINT64_MAX while OFFLINE. A ping goes out
 * every 10 s. */
uint64_t enrum_silence_ms(const struct enrum *enrum);

/* -- Login (OpenID Connect code flow with PKCE; RFC 8252 for native programs) -- */

/* Makes verifier, state and nonce, and the address to open. provider NULL: the first for this role.
 * Errors: PROVIDER_UNKNOWN, OVERSIZED. */
enum enrum_err enrum_login_begin(struct enrum *enrum, const char *provider, uint64_t role,
                                 const char *redirect_uri, char *url, size_t url_bytes);
/* What this device says that it is at each login from now on (but the one without a name), for the
 * list in which its person tells one from another: a TYPE of devices.def (DEVICE_TYPE_PROGRAM until
 * then; 0: nothing), and whether it is somebody else's. The keeper learns it, the host does not. */
void enrum_login_say(struct enrum *enrum, uint64_t device_type, bool is_borrowed);
/* With what came back to redirect_uri. Sends code and verifier to the keeper; LOGGED_IN tells the
 * outcome. The answer's heads become the least that the rooms must hold (else ROLLBACK). Errors:
 * OUT_OF_STATE (no login begun, or state is another). */
enum enrum_err enrum_login_finish(struct enrum *enrum, const char *code, const char *state);
/* As a citizen with a printed code, and no e-ID. LOGGED_IN tells the outcome: CODE_WRONG,
 * CODE_ENDED, TOO_FAST (too many have tried), DEVICE_BOUND (these keys are somebody's). Errors:
 * CODE_WRONG (it is none at all), OUT_OF_STATE (logged in already, or being it). */
enum enrum_err enrum_login_redeem(struct enrum *enrum, const char *code);
/* As somebody whom nobody knows, at level 0, for as long as the board lets them: to ask before one
 * says who one is. LOGGED_IN tells the outcome: MAY_NOT, TOO_FAST. Errors: MAY_NOT (the board does
 * not offer it), OUT_OF_STATE (logged in already, or being it). */
enum enrum_err enrum_login_unknown(struct enrum *enrum);

/* -- Rooms -- */

/* A room as this device knows it. */
struct enrum_room {
    struct id room;
    uint64_t type; /* ROOM_TYPE_*, 0 while unknown */
    char title[ENRUM_TEXT_MAX];
    uint64_t head_seq, recorded_seq, generation;
    bool is_followed, has_key, is_untrusted;
    enum enrum_err trouble; /* when untrusted */
};
/* Rooms this device knows of (READY is told when the host's list of them has come). Calls back for
 * each; no changes meanwhile. */
void enrum_rooms(struct enrum *enrum, void (*each)(void *context, const struct enrum_room *room),
                 void *context);
/* One of them; a room that has become another one is found under its old id too. Errors:
 * ROOM_UNKNOWN. */
enum enrum_err enrum_room_find(struct enrum *enrum, const struct id *room, struct enrum_room *out);

/* Opens a party room with the keeper: generation, grants to itself and to the board's keepers, what
 * the room is. One that an employee opens is theirs, in their unit's queue; whom it is about is let
 * in with LETTER_INVITE. Kept until the host has it, as the outbox is. Needs to have been GREETED
 * once (to know the keepers). Tells ROOM when it stands. A room's id comes from the certificate
 * that opens it: when that was renewed before the host had the room, all that waits in it is sealed
 * anew for another one, which the old id then stands for in every call here, and MOVED tells.
 * Errors: NOT_LOGGED_IN, KEEPER_AWAY (no keeper known yet), OVERSIZED, FILE_FAILED. */
enum enrum_err enrum_room_new(struct enrum *enrum, const char *title, struct id *room);
/* Fetches what is missing, tells every entry from the first (also those here already), then
 * follows. Staff and new devices ask the keeper for keys by themselves when they find none. Errors:
 * NOT_LOGGED_IN. */
enum enrum_err enrum_follow(struct enrum *enrum, const struct id *room);

/* -- A case's room for its employees alone -- */

/* Opens one for the employees of this conversation, which it names; who is in it from then on
 * follows from who is in the conversations that it names. Otherwise as enrum_room_new. Errors:
 * those of enrum_room_new, MAY_NOT (who is no employee; it is no conversation), ROOM_UNKNOWN (the
 * host does not have the conversation yet, or has it no more for this person). */
enum enrum_err enrum_staff_room_new(struct enrum *enrum, const struct id *party, struct id *room);
/* The case has this conversation, too: asked for through the outbox, and so when the keeper has
 * named it, of somebody who is in it. Errors: those of enrum_send and enrum_staff_room_new,
 * OVERSIZED (it has as many as a case may have). */
enum enrum_err enrum_case_add(struct enrum *enrum, const struct id *staff_room,
                              const struct id *party, uint64_t *outbox);
/* The case has this conversation no more: asked for through the outbox, and so when the keeper has
 * said so, of somebody who is in another one of the case. `why`: in own words. Errors: those of
 * enrum_send, ROOM_UNKNOWN (it is not of the case), MAY_NOT (the keeper would say no). */
enum enrum_err enrum_case_take_out(struct enrum *enrum, const struct id *staff_room,
                                   const struct id *party, const char *why, uint64_t *outbox);
/* A conversation of a case. */
struct enrum_case_room {
    struct id room, person; /* whom it is about; of zeros while nobody is */
    bool is_named;          /* by the keeper; false: this person has asked for it */
};
/* Those that a staff room names, as far as its log is here; calls back for each, once. Errors:
 * ROOM_UNKNOWN, FILE_FAILED, MEMORY. */
enum enrum_err enrum_case_rooms(struct enrum *enrum, const struct id *staff_room,
                                void (*each)(void *context, const struct enrum_case_room *room),
                                void *context);

/* -- Writing -- */

/* Seals and puts into the outbox: on this disk when it returns. Sent once, in order, also over a
 * crash: with the same id; sealed anew only if the host has refused it (GENERATION_TOO_OLD,
 * SEEN_WRONG, DEVICE_OTHER after a new login, a number that an entry before it gave up) and the
 * log, read to its end, does not hold it (or the host has no such room: see enrum_room_new). Tells
 * SENT or NOT_SENT (refused for good, and not in the log either: a host may keep what it refuses);
 * SENT may be told again after a crash. So that it can be sealed anew, its plaintext stays in the
 * home until it is sent: the home is the owner's alone. Not for keepers (MAY_NOT): theirs is
 * enrum_append. `body` is the struct of the kind's layout. Errors: NOT_LOGGED_IN, ROOM_UNKNOWN,
 * KEY_MISSING, MALFORMED, OVERSIZED, OUTBOX_FULL (4,096 wait), FILE_FAILED, the trouble of an
 * untrusted room. */
enum enrum_err enrum_send(struct enrum *enrum, const struct id *room, uint64_t kind,
                          const void *body, const char *language, uint64_t *outbox);
/* A MESSAGE with this text, without a language. Errors: those of enrum_send. */
enum enrum_err enrum_send_text(struct enrum *enrum, const struct id *room, const char *text,
                               uint64_t *outbox);
/* -- Files (up to FILE_BYTES_MAX) -- */

/* A file to be sent. */
struct enrum_file {
    const char *path;       /* a regular file: read once, and not needed any more */
    const char *name;       /* NULL: the path's last part */
    const char *media_type; /* RFC 6838; NULL: not said */
    const char *text;       /* words beside it; NULL: none */
    const char *language;   /* of the words; NULL: none */
};
/* Seals the file and puts it into the outbox: on this disk when it returns, and sent once, also
 * over a crash and a lost connection. Its entry is sealed when the host has the file: what is
 * written meanwhile goes before it. PROGRESS tells how far it is, SENT or NOT_SENT the end. Errors:
 * those of enrum_send, FILE_FAILED, FILE_OVERSIZED, FILE_CHANGED (while it was read). */
enum enrum_err enrum_send_file(struct enrum *enrum, const struct id *room,
                               const struct enrum_file *file, uint64_t *outbox);
/* A file that the host does not have whole is taken out of the outbox; NOT_SENT tells CANCELLED.
 * Errors: OUT_OF_STATE (its entry is on its way, or sent, or there is none). */
enum enrum_err enrum_send_cancel(struct enrum *enrum, uint64_t outbox);
/* Brings the file of an entry that is here already, and writes it to `path` (mode 0600), which must
 * not be there. It has no name before the whole is checked, and goes on after a lost connection.
 * PROGRESS and SAVED tell. Errors: ROOM_UNKNOWN, BLOB_UNKNOWN (no such entry, or no file), why the
 * entry does not open, FILE_EXISTS, FILE_FAILED, MEMORY. */
enum enrum_err enrum_save_file(struct enrum *enrum, const struct id *room, uint64_t seq,
                               const char *path, uint64_t *request);
/* Who takes the bytes of a file, piece by piece, in order. Taking must not call into the enrum;
 * false ends it with FILE_FAILED. */
struct enrum_sink {
    bool (*take)(void *context, struct slice bytes);
    void *context;
};
/* As enrum_save_file, for whoever wants the bytes alone: they are to be believed when SAVED says
 * OK. Errors: ROOM_UNKNOWN, BLOB_UNKNOWN, why the entry does not open, MEMORY. */
enum enrum_err enrum_fetch_file(struct enrum *enrum, const struct id *room, uint64_t seq,
                                const struct enrum_sink *sink, uint64_t *request);
/* SAVED tells CANCELLED, and nothing is left of it. Errors: OUT_OF_STATE (it is over). */
enum enrum_err enrum_save_cancel(struct enrum *enrum, uint64_t request);
/* A file's name as somebody gave it, without what could do harm on this disk or be taken for
 * something else: strokes, leading dots and dashes, control characters, changes of direction. */
void enrum_file_name(struct slice name, char out[ENRUM_TEXT_MAX]);

/* Entries of the outbox that no receipt has come for. */
size_t enrum_outbox_count(struct enrum *enrum);
/* A read mark up to the newest entry, through the outbox: when all of it has been shown to the
 * person. Keepers write none. Errors: those of enrum_send. */
enum enrum_err enrum_mark_read(struct enrum *enrum, const struct id *room);
/* Tells those who are connected, and keeps it nowhere: typing, text in a call. Errors: ROOM_UNKNOWN
 * (not followed), NETWORK (not READY), KEY_MISSING, MALFORMED, OVERSIZED. */
enum enrum_err enrum_transient(struct enrum *enrum, const struct id *room,
                               const struct wire_transient_content *content);

/* Asks the keeper, with the struct of the kind's layout (letters.def):
 * - TAKE: a conversation of the queue; NOT_QUEUED when somebody was quicker.
 * - ADD: a colleague of the unit comes, too; NOT_STAFF.
 * - HAND_OVER: it is the colleague's from now on, or nobody's and the queue's; NOT_STAFF.
 * - MOVE: it is another unit's from now on, and waits in its queue; UNIT_UNKNOWN, MAY_NOT (it is
 *   that unit's already). UNITS_ASK: which units take conversations? `units` says.
 * - INVITE: somebody is let in, by personal number or with a code, which `invited` has this once;
 *   PERSON_THERE, MAY_NOT (in this capacity not here).
 * - REMOVE: somebody is out; MAY_NOT (whose room it is).
 * - GRANT: the keys of a room. RENEW: this device's certificate.
 * - DEVICES_ASK: where this person is logged in, and what each device has said that it is;
 *   `devices` says.
 * - LOG_OUT: another device of this person's, for good.
 * - NOTICE_ASK: are notices on? `notice` says. NOTICE_SET: to this address, once NOTICE_CODE brings
 *   the code that came there; MALFORMED, MAIL_FAILED, TOO_FAST, NOTICE_CODE_WRONG.
 *
 * Who is not in the room is answered ROOM_UNKNOWN. Durable: kept by the host until the keeper has
 * dealt with it; not for MOVE, UNITS_ASK, INVITE, DEVICES_ASK and notices. ANSWER tells (TIMEOUT
 * after 30 s when not durable). Errors: NOT_LOGGED_IN, KEEPER_AWAY (no keeper known), MALFORMED
 * (another kind, or one that is not to be kept), OVERSIZED, MEMORY. */
enum enrum_err enrum_ask(struct enrum *enrum, uint64_t kind, const void *body, bool durable,
                         uint64_t *request);

/* -- Verifying -- */

/* The host's receipt for the append whose last entry has this number, when it is this device's own
 * (not a keeper's). */
bool enrum_receipt_find(struct enrum *enrum, const struct id *room, uint64_t seq,
                        struct receipt_leaf *leaf, struct receipt_proof *proof);

/* What enrum_verify has found; counts are of entries. */
struct enrum_report {
    uint64_t entries, recorded, refused, unopened;
    enum enrum_err err; /* the first thing that does not hold, at `seq` */
    uint64_t seq;
};
/* Checks everything this device holds of the room anew, from the room id on: chain, signatures,
 * certificates, device numbering, seen hashes, commitments, receipts kept, checkpoints, heads from
 * the keeper. Errors: ROOM_UNKNOWN, FILE_FAILED, MEMORY. */
enum enrum_err enrum_verify(struct enrum *enrum, const struct id *room, struct enrum_report *out);

/* -- For keepers (role KEEPER; MAY_NOT for others) -- */

/* One entry of an append. */
struct enrum_append {
    uint64_t class;
    const void *open;                   /* struct of the class's open layout, cause included */
    const struct wire_content *content; /* NULL for a class without */
};
/* One append, all or nothing, not kept over a crash: what a keeper does has a cause id and can be
 * done again. device_seq, seen, generation, salt are filled in. A generation among them must be the
 * first (else MALFORMED): room_key is its key (copied), and the entries behind it belong to it; its
 * base is filled in, and the append is made anew when the room has moved on (BASE_WRONG; up to 20
 * times). Appends of a room are carried out one by one, in order; after a lost connection the same
 * bytes go again, so that one without a cause is not done twice either. APPENDED tells: OK,
 * CAUSE_TAKEN (done before) or an error. Errors: MAY_NOT, ROOM_UNKNOWN, MALFORMED, OVERSIZED. */
enum enrum_err enrum_append(struct enrum *enrum, const struct id *room,
                            const struct enrum_append *entries, size_t count,
                            const struct secret32 *room_key, uint64_t *request);
/* Opens a room with these entries (the first is generation 1). Errors: those of enrum_append. */
enum enrum_err enrum_room_create_with(struct enrum *enrum, const struct id *random,
                                      const struct enrum_append *entries, size_t count,
                                      const struct secret32 *room_key, struct id *room,
                                      uint64_t *request);
/* The keys of the room's generations first ... last; `keys` has room for them. Errors:
 * ROOM_UNKNOWN, KEY_MISSING. */
enum enrum_err enrum_room_keys(struct enrum *enrum, const struct id *room, uint64_t first,
                               uint64_t last, struct secret32 *keys);
/* The certificate of this hash, if it leads to the root; whether it is in its period now is not
 * asked. False: there is none. */
bool enrum_certificate(const struct enrum *enrum, const struct id *hash, struct certificate *out);
/* Answers a letter: kind and body as in letters.def. Errors: those of enrum_origin_answer. */
enum enrum_err enrum_letter_answer(struct enrum *enrum, const struct enrum_letter *letter,
                                   uint64_t kind, const void *body);
/* What an answer that comes later needs of its letter. */
struct enrum_origin {
    uint64_t origin;
    struct id id, sign_key, seal_key;
};
/* Copied: the letter lives only during its event. */
void enrum_letter_origin(const struct enrum_letter *letter, struct enrum_origin *out);
/* Like enrum_letter_answer, later; OK also when nobody waits for it any more. Errors: MAY_NOT (no
 * keeper), MALFORMED, OVERSIZED, MEMORY. */
enum enrum_err enrum_origin_answer(struct enrum *enrum, const struct enrum_origin *to,
                                   uint64_t kind, const void *body);
/* A durable letter has been dealt with: the host need not keep it. Errors: MAY_NOT (no keeper),
 * NETWORK (it comes again with the next connection). */
enum enrum_err enrum_letter_done(struct enrum *enrum, const struct id *id);
/* Walks the verified local copy of a room from `first` on (1: all), newest state of checkpoints
 * included; calls back as for ENTRY. Errors: ROOM_UNKNOWN, FILE_FAILED, MEMORY. */
enum enrum_err enrum_walk(struct enrum *enrum, const struct id *room, uint64_t first,
                          void (*each)(void *context, const struct enrum_item *item),
                          void *context);
/* Somebody in a room, in one capacity. */
struct enrum_member {
    struct id person;
    uint64_t role;
};
/* The room's membership as its entries say; calls back for each. Errors: ROOM_UNKNOWN. */
enum enrum_err enrum_members(struct enrum *enrum, const struct id *room,
                             void (*each)(void *context, const struct enrum_member *member),
                             void *context);
