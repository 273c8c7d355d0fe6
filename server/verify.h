/* verify -- the pool of threads that check signatures, so that the loop does not wait for them.
 * A session's requests go to one thread and come back in the order they were given. Knows keys and
 * bytes, no rooms. */
#pragma once

#include "journal/event.h"

enum verify_type {
    VERIFY_PROVE,
    VERIFY_APPEND,
    VERIFY_CREATE,
    VERIFY_TRANSIENT,
    VERIFY_CALL_JOIN,
    VERIFY_CALL_ADMIT,
    VERIFY_BLOB, /* nothing is signed: its id is made */
};

struct verify_job {
    enum verify_type type;
    enum enrum_err err; /* the answer */
    uint64_t session, request;
    struct parcel *frame;     /* the whole message */
    struct identity identity; /* all but PROVE: who sends it */
    struct id sign_key;       /* its device's */
    struct id client_nonce, server_nonce, host_key, root_key, board; /* PROVE */
    uint64_t now_ms;
    struct certificate certificate; /* PROVE: the answer */
    struct id blob;                 /* BLOB: the answer */
};

struct verify_pool;

/* NULL: no memory, no threads. */
struct verify_pool *verify_pool_new(size_t threads, size_t waiting_max);
/* Ends the threads; what waits is dropped. */
void verify_pool_free(struct verify_pool *pool);
/* Takes the job on OK. Errors: BUSY. */
enum enrum_err verify_put(struct verify_pool *pool, struct verify_job *job);
int verify_wake_fd(const struct verify_pool *pool);
/* Jobs that are done, each now the caller's. The array is the pool's until the next call. */
void verify_take(struct verify_pool *pool, struct verify_job ***jobs, size_t *count);
void verify_job_free(struct verify_job *job);

/* The check itself: sets job->err. */
void verify_run(struct verify_job *job);
