/* job -- what the loop asks of the store's threads. A job is one piece of heap that passes from the
 * loop to a thread. */
#pragma once

#include "store/store.h"

enum job_type {
    JOB_APPEND,
    JOB_FIND,
    JOB_ROOM_LOAD,
    JOB_CERTIFICATE,
    JOB_LETTER_PUT,
    JOB_LETTER_DONE,
    JOB_BLOB_PUT,
    JOB_BLOBS_SWEEP,
    JOB_FETCHED, /* a reader's answer that waits for its row in the fetch log */
    JOB_FETCH,   /* from here on: for readers */
    JOB_ROOM_LIST,
    JOB_FETCH_LOG,
    JOB_BOARD_GET,
    JOB_LETTER_LIST,
    JOB_BLOB_ASK,
    JOB_BLOB_GET,
};

struct job {
    enum job_type type;
    size_t board; /* index */
    uint64_t session, request, ticket, number, limit, now_ms;
    struct id room, subject; /* subject: device, person, letter, "after" */
    struct id blob;
    bool flag;
    struct append_job *append;
    struct parcel *bytes,
        *more;            /* letter, certificate and issuer, a blob, ids, a finished message */
    uint64_t first, last; /* of a fetch */
};

void job_free(struct job *job);

/* Puts answers into the loop's mailbox, together, and waits while that is full: the loop never
 * waits for the store, so it drains. Takes the answers; once the mailbox is closed nobody wants
 * them. */
struct mailbox;
void answers_put(struct mailbox *answers, struct store_answer *items, size_t count);
