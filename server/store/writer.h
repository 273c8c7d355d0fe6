/* writer -- what the one writing thread does with a batch of jobs: all of them in one transaction
 * per board, one signature over all appends, and the answers only after the commit. Thread: the
 * writer. */
#pragma once

#include "base/clock.h"
#include "base/mailbox.h"
#include "store/desk.h"
#include "store/latency.h"

struct writer {
    size_t board_count;
    const char *folder;
    struct desk *desks; /* one per board */
    const struct sign_pair *host;
    struct mailbox *answers;       /* struct store_answer */
    struct store_answer *answered; /* of the batch at hand: they go to the loop together */
    size_t answered_count;
    size_t letters_max, unnamed_blobs_max;
    /* Set before a batch is answered; read by any thread. */
    _Atomic uint64_t commits, appends, blobs;
    _Atomic uint64_t fetched_bytes; /* of readers' answers that wait here */
    struct latency latency;         /* of commits */
    struct clock clock;
};

/* Does the jobs, in order, and frees them. */
void writer_run(struct writer *writer, struct job **jobs, size_t count);
/* When nothing is to be done: boards that fail are tried again. */
void writer_idle(struct writer *writer);
