/* heldcalls -- what the host has shown of calls, for the entry of those that no client writes one
 * of. Pure: CALL messages and the time go in, what is due comes out. The host's word counts for
 * little: somebody was in a call when their device has signed a call_key for it, and they are staff
 * of the room, or such staff have signed that they are in. */
#pragma once

#include "logbook.h"

enum { HELD_CALLS_MAX = 1024, HELD_PEOPLE_MAX = 32 };

struct held_person {
    struct id person;
    uint64_t role, level;
};

struct held_call {
    struct id call, room;
    uint64_t began;    /* the host's clock, ms since 1970 */
    uint64_t heard;    /* until then it was known to go on: ms since 1970 */
    uint64_t ended;    /* ms since 1970; 0: it goes on */
    uint64_t due;      /* monotonic: the entry is written then; UINT64_MAX: it goes on */
    bool is_over;      /* the host has shown so; else it may yet be shown to go on */
    bool is_under_way; /* the keeper's entry: it stays here until that is answered */
    bool has_entry;    /* meanwhile, somebody's stands in the room */
    size_t people_count;
    struct held_person people[HELD_PEOPLE_MAX];
};

struct heldcalls {
    struct table by_id;
    uint64_t grace_ms; /* a client has so long to write the entry */
};

/* What only others know. */
struct held_knows {
    const struct logbook *book; /* of the room */
    void *context;
    /* False: no such certificate leads to the board's root. */
    bool (*certificate)(void *context, const struct id *hash, struct certificate *out);
    uint64_t wall_ms, mono_ms;
};

void heldcalls_init(struct heldcalls *held, uint64_t grace_ms);
void heldcalls_fini(struct heldcalls *held);
/* A CALL, as keepers get it. Of more than HELD_CALLS_MAX calls at once, the later are not kept. */
void heldcalls_show(struct heldcalls *held, const struct msg_call *message,
                    const struct held_knows *knows);
/* The connection is lost: what goes on was going on until now. */
void heldcalls_lost(struct heldcalls *held, uint64_t wall_ms);
/* The connection is made anew: the host shows what still goes on; what it does not was over when it
 * was heard of last. */
void heldcalls_connected(struct heldcalls *held, uint64_t mono_ms);
/* An entry of this call stands in its room, or has nothing to say. */
void heldcalls_done(struct heldcalls *held, const struct id *id);
/* The keeper's own entry of a call that was under way has been taken, or not. */
void heldcalls_written(struct heldcalls *held, struct held_call *call, bool is_good,
                       uint64_t mono_ms);
/* A call whose entry is due and not under way; NULL: none. One that was not held (fewer than two
 * people were in it) is forgotten here. */
struct held_call *heldcalls_due(struct heldcalls *held, uint64_t mono_ms);
