/* keeper -- one board's keeper while it runs: what it holds, and what it does in turn.
 * Owned by the one thread that calls keeper_step; the threads of oidc and control reach it only
 * through their queues. All its state is the fold of the log: a deleted database costs a re-read.
 */
#pragma once

#include "base/clock.h"
#include "base/list.h"
#include "heldcalls.h"
#include "keyfile.h"
#include "logbook.h"
#include "oidc.h"
#include "presence.h"
#include "registry.h"
#include "replay.h"
#include "settings.h"

struct control;
struct notices;
struct scans;

enum { KEEPER_ROOMS_MAX = 1 << 20, ERRORS_MAX = 256 };

/* What has been done since the start; for `staff status` and the log. */
struct keeper_counts {
    uint64_t logins, renewals, grants, checkpoints, refusals, removals;
    uint64_t refused[ERRORS_MAX]; /* letters refused, by error */
};

struct keeper {
    struct enrum *enrum;
    const struct settings *settings;
    const struct keeper_keys *keys;
    struct certificate certificate; /* the keeper's own */
    struct id board;
    struct clock clock;
    struct registry registry;
    struct table logbooks; /* by room id */
    struct list deeds, letters, signins;
    struct replay replay;
    struct presence presence;
    struct heldcalls held;
    struct oidc *oidc;
    struct notices *notices;
    struct scans *scans;
    struct ration advice;  /* new persons whom nobody knows */
    struct ration guesses; /* wrong codes, of all together */
    struct control *control;
    struct keeper_counts counts;
    uint64_t last_ticket;

    struct id register_room; /* zero: not found yet */
    struct id probe;         /* the register room that this keeper would open */
    bool is_probed;          /* the host has said that it has no such room */
    bool has_said_missing;
    uint64_t found_retry_at;

    bool is_ready;             /* everything has been read, rooms exist, work is done */
    uint64_t up_to_date_ms;    /* wall; see struct checkpoint_clock */
    uint64_t connected_at;     /* monotonic; 0: not READY */
    uint64_t level_checked_at; /* monotonic */
};

/* `keys` and `settings` are borrowed. The enrum is opened by the caller with keeper_on_event and
 * handed over with keeper_begin. Errors: MEMORY, CERTIFICATE_*. */
enum enrum_err keeper_init(struct keeper *keeper, const struct settings *settings,
                           const struct keeper_keys *keys, const struct enrum_board *board);
/* False: no memory, or no threads. */
bool keeper_begin(struct keeper *keeper, struct enrum *enrum);
/* Ends its threads. */
void keeper_rest(struct keeper *keeper);
void keeper_fini(struct keeper *keeper);
void keeper_on_event(void *context, const struct enrum_event *event);
/* Does what is due, and waits for the network at most wait_ms. */
void keeper_step(struct keeper *keeper, unsigned wait_ms);
/* Nothing of ours is under way. */
bool keeper_is_idle(const struct keeper *keeper);

/* NULL when there is no such room. */
struct logbook *keeper_book(const struct keeper *keeper, const struct id *room);
/* The rooms of the person or device, and the unit's if it is not zero, have something to do. */
void keeper_touch(struct keeper *keeper, const struct id *subject, const struct id *unit);

static inline uint64_t keeper_mono(const struct keeper *keeper)
{
    return clock_monotonic_ms(&keeper->clock);
}

static inline uint64_t keeper_wall(const struct keeper *keeper)
{
    return clock_wall_ms(&keeper->clock);
}
