/* logbook -- what the keeper knows of one room from its log: members, devices and what they were
 * granted, causes done, queue, and what the next checkpoint must say.
 * Pure: it takes verified entries in order. It owns copies of what it keeps; it writes nothing. */
#pragma once

#include "base/table.h"
#include "enrum.h"

struct logbook_member {
    struct id person;
    uint64_t role;
    /* A generation's list brought them back, though they had been taken out meanwhile. */
    bool is_unwanted;
};

struct logbook_device {
    struct id device;
    uint64_t last_seq;               /* device_seq of its newest entry; 0: none */
    uint64_t granted_first, granted; /* generations it holds; 0: none */
    bool is_removed;
    bool is_hearsay; /* only somebody else than a keeper or itself says that it holds them */
};

struct logbook_queued {
    struct id room;
    bool is_taken;
    struct id taker;
    bool has_left; /* for another unit's queue */
};

/* Somebody whom staff have let in. */
struct logbook_access {
    struct id person;
    uint64_t capacity, first, until; /* first generation that they may read; 0: no end */
    bool has_code;                   /* comes with a printed code */
    char name[NAME_BYTES_MAX + 1];   /* as staff have stated it */
};

/* The keeper's newest word on a conversation: is it of the case? */
struct logbook_case_room {
    struct id room;
    uint64_t seq;
    bool is_out;
};

/* Somebody says that the case has this conversation, or has it no longer: the keeper's word alone
 * counts, and answers all that was asked of that conversation before. */
struct logbook_case_request {
    struct id room, author;
    uint64_t seq;
    bool is_out;
    char why[NAME_BYTES_MAX + 1]; /* out only */
};

struct logbook_refusal {
    uint64_t seq, ground;
};

struct logbook {
    struct id room;
    uint64_t type, purpose, generation;
    uint64_t seq, received_at; /* of the newest entry */
    uint64_t generation_seq, generation_at;
    struct id hash;
    uint64_t opener_role, opener_level, opened_at;
    struct id opener;
    char title[NAME_BYTES_MAX + 1];
    struct id unit;     /* which it was begun for, or handed over to; zero: none named */
    uint64_t moved_seq; /* it was handed over to its unit there; 0: it never was */
    struct id moved_by;
    struct id handler; /* whom it was handed to last; zero: nobody */
    bool has_room_record;
    bool needs_generation; /* somebody was taken out, and still holds the newest key */
    size_t member_count, member_capacity, device_count, device_capacity;
    size_t queued_count, queued_capacity, refusal_count, refusal_capacity, hash_capacity;
    size_t access_count, access_capacity;
    size_t case_room_count, case_room_capacity, case_count, case_capacity;
    size_t case_request_count, case_request_capacity;
    size_t untold_count, untold_capacity;
    struct logbook_member *members;
    struct logbook_device *devices;
    struct logbook_queued *queued;
    struct logbook_access *accesses;
    struct logbook_refusal *refusals;           /* behind the newest checkpoint */
    struct logbook_case_room *case_rooms;       /* in a staff room: the conversations of the case */
    struct logbook_case_request *case_requests; /* in a staff room: of its employees */
    struct id *untold; /* left out by a generation, and no entry says of them that they are out */
    struct id *hashes; /* of entry seq at [seq - 1] */
    struct table causes;

    uint64_t checkpoint_seq, covered_seq; /* newest checkpoint's own number, and how far it says */
    struct id checkpoint_hash;
    uint64_t uncovered; /* entries behind covered_seq that are no checkpoints */

    /* The keeper's, not the log's. */
    struct id *cases; /* of a conversation: the staff rooms that name it */
    bool is_current;
    bool is_untrusted; /* the host or a member has cheated there: nothing more is done in it */
    uint64_t busy;     /* appends of ours under way */
    uint64_t
        wait_seq; /* number of our newest append: what follows from it waits until it is here */
    bool has_checkpoint_under_way, has_duties;
    uint64_t dirty_since, changed_at, checkpoint_at, retry_at; /* monotonic ms */
};

/* NULL: no memory. */
struct logbook *logbook_new(const struct id *room);
void logbook_free(struct logbook *book);
/* The next entry. One that is here already only adds what it can be read to say now. False when
 * memory is short. */
bool logbook_apply(struct logbook *book, const struct enrum_item *item);
/* The next checkpoint will refuse this entry. False when memory is short. */
bool logbook_refuse(struct logbook *book, uint64_t seq, uint64_t ground);

struct logbook_member *logbook_member(const struct logbook *book, const struct id *person);
struct logbook_device *logbook_device(const struct logbook *book, const struct id *device);
struct logbook_queued *logbook_queued(const struct logbook *book, const struct id *room);
bool logbook_has_cause(const struct logbook *book, const struct id *cause);
/* NULL: staff have not let them in, or no longer. */
struct logbook_access *logbook_access(const struct logbook *book, const struct id *person);
bool logbook_access_is_over(const struct logbook *book, const struct id *person, uint64_t now_ms);
/* Who has the conversation: whom it was handed to, else the first employee in it. NULL: nobody. */
const struct logbook_member *logbook_handler(const struct logbook *book);
/* The first generation that the person's device must still be given; 0: it holds all that it may.
 */
uint64_t logbook_grant_first(const struct logbook *book, const struct id *device,
                             const struct id *person);
/* Hash at a number; the room id at 0; NULL beyond the newest. */
const struct id *logbook_hash(const struct logbook *book, uint64_t seq);
/* Of a conversation: this staff room names it. False when memory is short. */
bool logbook_case_note(struct logbook *book, const struct id *room);
/* A conversation. What a citizen has opened is one, whatever else it is said to be. */
bool logbook_is_party(const struct logbook *book);
/* A conversation with somebody who has not logged in: it is no case's. */
bool logbook_is_advice(const struct logbook *book);
