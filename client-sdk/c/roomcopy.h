/* roomcopy -- one room as this device holds it: what is verified and on its disk, what the host has
 * more of, what has been told. Entries come by FOLLOW (live) and FETCH (what is missing); each
 * passes the fold before it is kept, and is told after. */
#pragma once

#include "base/list.h"
#include "enrum.h"
#include "fold.h"
#include "keyring.h"
#include "localstore.h"

enum key_state {
    KEYS_UNASKED,
    KEYS_ASKED,    /* what cannot be opened is held back until an answer or the deadline */
    KEYS_GIVEN_UP, /* what cannot be opened is told as KEY_MISSING, and again once it opens */
};

enum { KEY_WAIT_MS = 5000, KEY_ASK_AGAIN_MS = 30000, KEY_AWAY_MS = 1000 };

struct room_refusal {
    uint64_t seq, ground;
};

struct trust;

/* An acknowledged entry comes at once. One that has not come for so long is asked for. */
enum { RECEIPT_WAIT_MS = 5000 };

/* What the host has acknowledged to this device; kept in memory while its entry has not come back
 * in the log. */
struct room_receipt {
    uint64_t seq, device_seq, received_at;
    struct id hash;
    struct id sent; /* hash over the bytes that were sent ... */
    bool has_sent;  /* ... but of an earlier life of the handle */
    uint64_t at;    /* when it came (monotonic ms); 0: in an earlier life of the handle */
    bool is_old;    /* from before the log was asked for last: the answer must have it */
};

struct roomcopy {
    struct list link;
    struct local_room local;
    struct id id;
    bool is_loaded, is_known_told;
    struct fold fold;
    struct keyring keyring;
    enum enrum_err trouble;
    bool is_author_unknown; /* the trouble is that a certificate is wanting: it may yet come */

    bool is_followed;  /* the application wants it told */
    bool is_wanted;    /* somebody inside wants it brought up to date */
    bool is_following; /* the host sends what comes */
    bool is_fetching, is_current;
    uint64_t fetches;         /* so many were asked; an answer to an older one says nothing */
    struct local_head listed; /* the host's answer to ROOM_LIST */
    uint64_t shown_seq;       /* the newest number that came live on this connection */
    uint64_t shown_before;    /* shown_seq when the answer that is waited for was asked for */
    uint64_t seq_before;      /* of the fold, when the connection was made */

    uint64_t told_seq;
    uint64_t said_seq;               /* the first entry that said what the room is; 0: none yet */
    bool is_current_told, is_denied; /* denied: the host says there is no such room for us */
    enum key_state key_state;
    uint64_t key_deadline;
    uint64_t key_pause_ms; /* before the last asking, since no keeper was there */
    bool has_new_keys;     /* told entries may open now */
    size_t unopened_count, unopened_capacity;
    uint64_t *unopened;
    size_t refusal_count, refusal_capacity;
    struct room_refusal *refusals;
    size_t receipt_count, receipt_capacity;
    struct room_receipt *receipts;

    bool is_unborn;              /* the host does not have it yet */
    uint64_t pending_generation; /* 1: this device opens it, and its first generation has not come
                                    back in the log */

    /* The outbox's and the appends' view; see outbox.h, appendjob.h. */
    size_t in_flight;
    enum enrum_err stall; /* the first refusal; nothing more is sent until it is settled */
    uint64_t stall_draft, retry_at;
    unsigned reseals;
    uint64_t blocked_in; /* the outbox's step in which a draft of this room had to wait */
    uint64_t acked_seq;  /* of the newest append: the next is made when the log has it */
    struct list appends;
};

void rooms_fini(struct enrum *enrum);
/* All rooms of the disk, not yet loaded. Errors: FILE_FAILED, MEMORY. */
enum enrum_err rooms_open(struct enrum *enrum);
/* NULL when it is not known. */
struct roomcopy *roomcopy_find(const struct enrum *enrum, const struct id *id);
/* A room that this device may write in, loaded. Errors: NOT_LOGGED_IN, MAY_NOT (keepers),
 * ROOM_UNKNOWN, FILE_FAILED, MEMORY, the room's trouble. */
enum enrum_err roomcopy_find_writable(struct enrum *enrum, const struct id *id,
                                      struct roomcopy **out);
/* The room of this id, new if need be; NULL: no memory. */
struct roomcopy *roomcopy_make(struct enrum *enrum, const struct id *id);
/* One that is not among the others yet, and its coming to them. NULL, false: no memory. */
struct roomcopy *roomcopy_new(const struct enrum *enrum, const struct id *id);
bool roomcopy_enter(struct enrum *enrum, struct roomcopy *room);
/* Out of memory; what the disk has of it stays. */
void roomcopy_forget(struct enrum *enrum, struct roomcopy *room);
/* Reads what the disk has into the fold. Errors: FILE_FAILED, MEMORY; what does not hold is the
 * room's trouble. */
enum enrum_err roomcopy_load(struct enrum *enrum, struct roomcopy *room);
/* Forgets what memory holds of the logs: it may be more than the disk does. Read again when
 * needed. */
void rooms_unload(struct enrum *enrum);
/* Writes the room's small row. */
void roomcopy_save(struct enrum *enrum, struct roomcopy *room);
/* The room is not to be trusted any more: warns, and follows no further. */
void roomcopy_fail(struct enrum *enrum, struct roomcopy *room, enum enrum_err err);
/* A connection is made: what was wanting on the last one is asked for anew. */
void roomcopy_on_ready(struct roomcopy *room);
/* At least so far must the host's log reach. */
void roomcopy_keeper_head(struct enrum *enrum, struct roomcopy *room,
                          const struct local_head *head);
/* Not only a true receipt, which an old one is too: of the very entry that was sent, as the disk
 * has it. Errors: RECEIPT_WRONG, FILE_FAILED (it cannot be known now). */
enum enrum_err roomcopy_receipt_judge(const struct enrum *enrum, const struct trust *trust,
                                      const struct id *room, const struct room_receipt *receipt);
/* What an ACK says; the last of the entries sent, or nothing (an earlier life). */
struct room_receipt roomcopy_receipt_of(const struct msg_ack *ack, uint64_t device_seq,
                                        struct slice sent);
/* A receipt of this device: checked against the log now, or when the entry comes. */
void roomcopy_receipt_add(struct enrum *enrum, struct roomcopy *room,
                          const struct room_receipt *receipt);
/* The log is about to be asked for: what is acknowledged by now must be in the answer. */
void roomcopy_on_fetch(struct roomcopy *room);
/* Has an acknowledged entry not come for too long? */
bool roomcopy_is_missing(const struct roomcopy *room, uint64_t now);
/* Is there a receipt from before this moment whose entry has not come? */
bool roomcopy_had_receipt(const struct roomcopy *room, uint64_t before);
/* Judges the room by what the host and the keeper say its head is: FORK, ROLLBACK. */
void roomcopy_judge_heads(struct enrum *enrum, struct roomcopy *room);
/* The next entry: through the fold, and what it brings of keys. It is not yet on disk. Errors:
 * as fold_next. */
enum enrum_err roomcopy_accept(struct enrum *enrum, struct roomcopy *room,
                               const struct stored_entry *stored, bool is_from_disk);
/* An entry's ground of refusal; 0: none known. */
uint64_t roomcopy_refused(const struct roomcopy *room, uint64_t seq);
void roomcopy_refuse(struct roomcopy *room, uint64_t seq, uint64_t ground);
