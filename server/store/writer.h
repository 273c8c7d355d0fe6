/* writer -- what the one writing thread does with a batch of jobs: all of them in one transaction
 * per board, one signature over all appends, and the answers only after the commit. Thread: the
 * writer. */
#pragma once

#include "base/clock.h"
#include "base/mailbox.h"
#include "store/database.h"
#include "store/job.h"
#include "store/latency.h"

#include <stdatomic.h>

struct writer {
    size_t board_count;
    struct database *databases; /* one per board, the writer's own connections */
    const struct sign_pair *host;
    struct mailbox *answers; /* struct store_answer */
    size_t letters_max;
    /* Set before a batch is answered; read by any thread. */
    _Atomic uint64_t commits, appends;
    atomic_bool is_failing;
    struct latency latency;
    struct clock clock;
};

/* Does the jobs, in order, and frees them. */
void writer_run(struct writer *writer, struct job **jobs, size_t count);
