/* handcore -- the server's core (switchboard, sessions, journal, the checks of the pool) with a
 * gate and a store that the test holds in its hands: frames go in, what goes out is judged at once,
 * and the store answers what and when the test says. No sockets, no files, no threads. What it
 * judges of everything that goes out: it decodes; it is a server's; a request is answered once; an
 * acknowledgement and live entries come after their commit, and the receipt is good; live entries
 * come in order, once, and to members. What it judges of what is stored: the chain, and that
 * libenrum's fold takes each entry. */
#pragma once

#include "client-sdk/c/fold.h"
#include "switchboard.h"

enum {
    CORE_SESSIONS_MAX = 8,
    CORE_PERSONS_MAX = 6,
    CORE_ROOMS_MAX = 4,
    CORE_ENTRIES_MAX = 128,
    CORE_JOBS_MAX = 256,
    CORE_REQUESTS_MAX = 512,
};

struct core_person {
    struct sign_pair sign;
    struct buffer certificate;
    struct certificate me;
};

/* What the store has of a room. */
struct core_room {
    struct room_snapshot stands;
    struct fold fold;
    bool is_spoilt; /* a keeper has written what only readers judge: the fold stops here */
    struct secret32 key;
    size_t count, sizes[CORE_ENTRIES_MAX]; /* sizes: of the append whose last entry this is */
    struct append_entry entries[CORE_ENTRIES_MAX];
    uint64_t received_at[CORE_ENTRIES_MAX];
};

struct core_session {
    struct session session;
    bool is_open, is_ending;
    size_t person; /* whom it means to prove */
    uint64_t last_request;
    uint8_t answers[CORE_REQUESTS_MAX]; /* so often answered; CORE_UNASKED: not asked */
    uint64_t live[CORE_ROOMS_MAX];      /* the last entry that came unasked */
};
enum { CORE_UNASKED = 255 };

enum core_job_type { CORE_JOB_EFFECT, CORE_JOB_MESSAGE };

struct core_job {
    enum core_job_type type;
    struct effect effect;   /* APPEND, ROOM_LOAD, FIND */
    uint64_t session;       /* MESSAGE: its answer ... */
    struct parcel *message; /* ... is this */
};

struct core {
    struct switchboard board;
    struct config config;
    struct id board_id;
    struct sign_pair root;
    struct core_person persons[CORE_PERSONS_MAX]; /* 0: the keeper; 1, 2: citizens; 3, 4: staff; 5:
                                                     a second keeper */
    struct core_session sessions[CORE_SESSIONS_MAX];
    struct core_room rooms[CORE_ROOMS_MAX];
    size_t room_count;
    uint64_t last_session;
    struct core_job jobs[CORE_JOBS_MAX];
    size_t job_count;
    struct verify_job *verified[CORE_JOBS_MAX];
    size_t verified_count;
    struct store_answer answer;
    bool has_answer;
    bool is_store_busy, is_lenient; /* lenient: memory is short, answers may be lost */
    uint64_t acks;
    /* NULL, or called whenever the core's own code begins to run, and when it is the test's again.
     */
    void (*on_edge)(bool is_into_core);
};
extern struct core core;

void core_begin(const struct journal_limits *limits);
void core_end(void);

/* A session, or NULL when all places are taken. */
struct core_session *core_connect(size_t person);
void core_disconnect(struct core_session *session);
/* A whole or broken frame; its request number, if it is one that may be told apart, is waited for.
 */
void core_frame(struct core_session *session, struct slice frame);
/* The next request number of a session. */
uint64_t core_request(struct core_session *session);
void core_message(struct core_session *session, const struct layout *layout, const void *message);

/* The pool has checked all that it was given. */
void core_verify(void);
/* The store answers its first job; an append so. False: it has none. */
bool core_answer(enum append_outcome outcome);
/* Both, until nothing waits; then every request must have been answered. */
void core_settle(void);

void core_edge(bool is_into_core);

/* The room of this id as it stands; NULL: it has never been stored. */
struct core_room *core_room_find(const struct id *room);
