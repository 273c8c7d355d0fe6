/* reader -- what the reading threads do: messages made from what is committed.
 * Thread: a reader, with connections of its own. */
#pragma once

#include "base/mailbox.h"
#include "store/database.h"
#include "store/job.h"

struct reader {
    size_t board_count;
    struct database *databases;
    struct mailbox *answers;         /* struct store_answer */
    struct mailbox *writes;          /* struct job *: for a row of the fetch log */
    _Atomic uint64_t *fetched_bytes; /* of the answers among them */
    uint64_t fetched_bytes_max;
};

/* Does one job, and frees it. */
void reader_run(struct reader *reader, struct job *job);
