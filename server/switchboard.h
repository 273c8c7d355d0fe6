/* switchboard -- routes: a client's frame to the one who deals with it, an answer to the one who
 * asked. Holds no rooms and no sessions. Thread: the loop. */
#pragma once

#include "calldesk.h"
#include "courier.h"
#include "effect.h"
#include "verify.h"

struct switchboard {
    const struct config *config;
    struct clock clock;
    struct gate *gate;
    struct store *store;
    struct journal *journal;
    struct verify_pool *pool;
    struct outlet outlet;
    struct courier courier;
    struct calldesk desk;
    uint64_t refused[256]; /* by error number: what was refused before the journal saw it */
    size_t verifying;      /* jobs that the pool has */
    uint64_t swept_ms;     /* monotonic: blobs that nobody named were looked for */
    bool is_leaving;       /* what comes now is refused; what is under way is finished */
};

/* What the gate calls. `context` is the switchboard. */
void switchboard_frame(void *context, struct session *session, struct slice frame);
void switchboard_closed(void *context, struct session *session);
void switchboard_oversized(void *context, struct session *session);

/* Everything that the pool and the store have answered. */
void switchboard_verified(struct switchboard *board);
void switchboard_stored(struct switchboard *board);
/* Once a second. */
void switchboard_tick(struct switchboard *board);
