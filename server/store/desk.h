/* desk -- a board as the writer has it: its database, and whether that may be trusted.
 *
 *   OPEN ----[desk_fail: something of a commit or checkpoint failed]----> FAILING
 *   FAILING --[desk_try: it is time, and the files open and are on the disk]--> TRIED
 *   TRIED ---[desk_good: a commit has worked]--> OPEN        TRIED --[desk_fail]--> FAILING
 *
 *   OPEN:    the connection is there.
 *   FAILING: it is closed, since after a failed sync nobody knows what of it the disk has. Work is
 *            refused at once, and the files are tried again at growing intervals.
 *   TRIED:   the connection is there and nothing has been committed by it.
 * Thread: the writer; is_failing and code may be read by any. */
#pragma once

#include "store/database.h"
#include "store/job.h"

#include <stdatomic.h>

enum desk_state { DESK_OPEN, DESK_FAILING, DESK_TRIED };

struct desk {
    struct database database;
    enum desk_state state;
    uint64_t failed_ms, good_ms, try_ms, pause_ms; /* monotonic */
    uint64_t refused;                              /* jobs, since it failed */
    struct job **kept;                             /* certificates that are to be written first */
    size_t kept_count;
    atomic_bool is_failing, is_full;
    atomic_int code; /* SQLite's: why it is failing */
};

bool desk_open(struct desk *desk, const char *folder, const struct id *board);
void desk_close(struct desk *desk);

/* May jobs be run? Tries the files again when it is time. */
bool desk_try(struct desk *desk, const char *folder);
void desk_fail(struct desk *desk);
void desk_good(struct desk *desk);

/* Takes a certificate's job: nobody will send it again, and entries will need it. */
void desk_keep(struct desk *desk, struct job *job);
/* They are written. */
void desk_kept_free(struct desk *desk);
