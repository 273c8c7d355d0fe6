/* work -- what the journal's files share: rooms in memory, what waits in them, and what the store
 * is doing. Only the files of this folder see it. */
#pragma once

#include "journal/answer.h"
#include "journal/audience.h"
#include "journal/journal.h"
#include "journal/room.h"

enum { RETRIES_MAX = 3 };

struct room_key {
    struct id board, room;
};

enum room_state {
    ROOM_LOADING,    /* the store has been asked; events wait */
    ROOM_LOADED,     /* `now` is the head with all appends on their way */
    ROOM_UNKNOWN,    /* the store could not say what stands: the next event asks again */
    ROOM_RECOVERING, /* an append failed: those behind it must fail too; events wait until they have
                      */
};

struct room {
    struct room_key key;
    enum room_state state;
    bool is_unknown; /* RECOVERING: the last answer did not say what stands */
    struct room_snapshot now;
    struct list waiting; /* struct event: in order of arrival */
    struct list pending; /* struct pending: with the store, in order */
    struct list failed;  /* struct pending: to be judged again, in order */
    struct list follows;
    size_t waiting_count;
};

enum event_type {
    EVENT_FOLLOW,
    EVENT_FETCH,
    EVENT_APPEND,
    EVENT_TRANSIENT,
    EVENT_BLOB_PUT,
    EVENT_BLOB_ASK,
    EVENT_BLOB_GET,
};

/* Something a session wants of a room; kept while the room cannot answer. */
struct event {
    struct list link;
    enum event_type type;
    uint64_t session, request, now_ms, after, limit;
    struct identity identity;
    struct parcel *bytes;       /* entries, the transient frame, a blob, or the ids of some */
    struct id blob;             /* of BLOB_PUT and BLOB_GET */
    struct parcel *certificate; /* the author's; of APPEND and TRANSIENT only */
    struct parcel *issuer;      /* NULL: a keeper's */
    uint64_t *held;             /* the journal's sum that `bytes` are counted in; NULL: in none */
    bool creates;
    unsigned retries;
};

enum pending_type { PENDING_APPEND, PENDING_FIND, PENDING_BLOB };

/* An event that the store is working on. */
struct pending {
    struct list link;
    uint64_t ticket;
    struct event *event; /* owned */
    struct room *room;
    enum pending_type type;
    size_t count;
    uint64_t base_seq, received_at;
    struct id last_hash, last_bytes_hash;
    size_t added_count;
    struct id *added; /* persons that become members */
};

struct journal {
    struct journal_limits limits;
    struct table rooms;   /* room_key -> room */
    struct table tickets; /* ticket -> pending */
    struct table revoked; /* board and subject -> anything */
    struct audience audience;
    uint64_t last_ticket;
    uint64_t held_bytes; /* of appends and blobs that wait, or are with the store */
    struct journal_counts counts;
};

void event_free(struct event *event);
void pending_free(struct pending *pending);
/* Nobody needs it: nothing waits, nothing is on its way, nobody follows. */
bool room_is_idle(const struct room *room);
/* Asks the store for what stands. */
void room_load(struct room *room, struct effects *out);
/* Out of memory; the store still has it. */
void room_forget(struct journal *journal, struct room *room);
/* Answers with an error, and counts it. */
void work_refuse(struct journal *journal, const struct event *event, enum enrum_err err,
                 struct effects *out);
bool is_revoked(const struct journal *journal, const struct identity *who);
/* Judges an event against a loaded room. Takes it. */
void judge_event(struct journal *journal, struct room *room, struct event *event,
                 struct effects *out);
/* And what has waited, as long as the room can answer. */
void judge_waiting(struct journal *journal, struct room *room, struct effects *out);
