/* event -- what happens to the journal, and what it wants done: the values that cross its edge.
 * The journal is a pure machine: an event and the time go in, effects come out. It opens no file,
 * sends no byte, asks no clock and checks no signature: who gives it an append has checked each
 * entry's signature against the session's device. */
#pragma once

#include "base/parcel.h"
#include "protocol/entry.h"
#include "protocol/receipt.h"

/* Who a session is for one board, as its certificate says. The gate keeps one per session and board
 * proved. */
struct identity {
    struct id board, person, device, certificate; /* certificate: its hash */
    uint64_t role, not_before, not_after;
};

/* -- What is kept of a room -- */

struct room_member {
    struct id person;
    uint64_t role;
};

struct room_device {
    struct id device;
    uint64_t last_seq; /* device_seq of its newest entry */
    bool is_removed;
};

/* A room as the store knows it: everything the journal needs to judge the next entry. Arrays are
 * the value's own. */
struct room_snapshot {
    struct id board, room;
    bool exists;
    uint64_t head_seq, generation, purpose, received_at;
    struct id head_hash;
    size_t member_count, device_count;
    struct room_member *members;
    struct room_device *devices; /* those that wrote, or were removed */
};
void room_snapshot_free(struct room_snapshot *snapshot); /* the arrays; NULL pointers are fine */

/* -- Jobs for the store -- */

/* One entry of an append, with its place in the chain. */
struct append_entry {
    struct parcel *bytes; /* the encoded wire_entry */
    struct id hash;       /* its chain hash */
    struct id bytes_hash; /* entry_bytes_hash */
};

/* One transaction. The membership it leaves is given with it, so that the store indexes rooms by
 * person without a fold. */
struct append_job {
    uint64_t ticket; /* the journal's name for this job; comes back with the answer */
    struct id board, room;
    bool creates_room;
    uint64_t base_seq; /* expected head */
    struct id base_hash;
    uint64_t received_at;
    size_t entry_count;
    struct append_entry *entries; /* numbers base_seq + 1 ... */
    struct id certificate;        /* hash; the store has its bytes from CERTIFICATE_KEEP */
    struct id device;
    uint64_t first_device_seq;
    bool membership_changes;
    struct room_snapshot after; /* members, devices, generation, purpose: valid when
                                   membership_changes; head fields always */
};
void append_job_free(struct append_job *job);

enum append_outcome {
    APPEND_DONE,           /* on disk: receipt is the proof */
    APPEND_CONFLICT_HEAD,  /* the room's head is another: `snapshot` is what stands */
    APPEND_CONFLICT_CAUSE, /* a cause id is taken */
    APPEND_CONFLICT_SEEN,  /* an entry names a hash that the room does not have at that number */
    APPEND_CONFLICT_BLOB,  /* an entry names a blob that is not there, or is another entry's */
    APPEND_FAILED,         /* disk: nothing changed */
};

struct append_answer {
    uint64_t ticket;
    enum append_outcome outcome;
    struct receipt_proof receipt;
    struct room_snapshot snapshot; /* CONFLICT_*, FAILED: what stands */
    bool is_unknown;               /* FAILED: what stands could not be read; no snapshot */
};

/* -- Effects -- */

enum effect_type {
    EFFECT_SEND,      /* a message to a session */
    EFFECT_ROOM_LOAD, /* answer: journal_room_loaded */
    EFFECT_APPEND,    /* answer: journal_append_answered */
    EFFECT_FIND,      /* the stored entry with an id, asked behind all appends: journal_found */
    EFFECT_FETCH,     /* the reader answers the session itself with ENTRIES, and logs the fetch */
    EFFECT_BLOB_PUT,  /* answer: journal_blob_kept */
    EFFECT_BLOB_ASK,  /* the reader answers the session itself with BLOBS */
    EFFECT_BLOB_GET,  /* the reader answers the session itself with BLOB, and logs the fetch */
};

struct effect {
    enum effect_type type;
    union {
        struct {
            uint64_t session;
            struct parcel
                *message; /* one reference for the effect; the same parcel may go to many */
        } send;
        struct {
            struct id board, room;
        } room_load;
        struct append_job *append; /* owned by the effect */
        struct {
            uint64_t ticket;
            struct id board, room, device;
            uint64_t device_seq; /* of the last entry of the append */
        } find;
        struct {
            uint64_t session, request, after, limit;
            struct id board, room, device;
        } fetch;
        struct {
            uint64_t ticket;
            struct id board, room, person, blob;
            struct parcel *bytes; /* owned by the effect */
        } blob_put;
        struct {
            uint64_t session, request;
            struct id board, room;
            struct parcel *blobs; /* ids, joined; owned by the effect */
        } blob_ask;
        struct {
            uint64_t session, request;
            struct id board, room, device, blob;
        } blob_get;
    };
};
/* What the effect owns. */
void effect_free(struct effect *effect);

/* Taken in order by the caller, who then owns what each effect holds. */
struct effects {
    struct effect *items;
    size_t count, capacity;
    bool failed; /* memory: the events' changes stand, a message or a fetch is lost: whoever waits
                    for it asks again. Never what the journal itself waits for. */
};
void effects_init(struct effects *effects);
void effects_fini(struct effects *effects); /* frees what nobody took */

struct found {
    bool exists;
    struct id bytes_hash;
    struct receipt_leaf leaf;     /* count is 1 */
    struct receipt_proof receipt; /* signed anew by the host over a tree of one leaf, when exists */
};
