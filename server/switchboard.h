/* switchboard -- routes: a client's frame to the one who deals with it, an answer to the one who
 * asked. Holds no rooms and no sessions; what it knows is which sessions are keepers, and where
 * letters came from. Thread: the loop. */
#pragma once

#include "config.h"
#include "effect.h"
#include "verify.h"

enum { KEEPER_SESSIONS_MAX = 8, ORIGINS_MAX = 4096 };

/* Where an answer to a letter goes. A number is never given twice. */
struct origin {
    uint64_t number, session;
};

struct switchboard {
    const struct config *config;
    struct clock clock;
    struct gate *gate;
    struct store *store;
    struct journal *journal;
    struct verify_pool *pool;
    struct outlet outlet;
    uint64_t keepers[CONFIG_BOARDS_MAX][KEEPER_SESSIONS_MAX]; /* sessions; 0: none */
    struct origin origins[ORIGINS_MAX];
    uint64_t last_origin;
    uint64_t refused[256]; /* by error number: what was refused before the journal saw it */
    size_t verifying;      /* jobs that the pool has */
    bool is_leaving;       /* what comes now is refused; what is under way is finished */
};

/* What the gate calls. `context` is the switchboard. */
void switchboard_frame(void *context, struct session *session, struct slice frame);
void switchboard_closed(void *context, struct session *session);
void switchboard_oversized(void *context, struct session *session);

/* Everything that the pool and the store have answered. */
void switchboard_verified(struct switchboard *board);
void switchboard_stored(struct switchboard *board);
