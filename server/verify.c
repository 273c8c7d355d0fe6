/* verify -- see verify.h. */
#include "verify.h"

#include "base/mailbox.h"
#include "protocol/file.h"
#include "protocol/handshake.h"
#include "protocol/transient.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum {
    THREADS_MAX = 16,
    HEAP_MAX = 16, /* a millisecond's work */
};

struct verify_thread {
    pthread_t thread;
    struct mailbox jobs; /* struct verify_job * */
    bool has_jobs, is_running;
    struct mailbox *answers;
};

struct verify_pool {
    size_t count;
    struct mailbox answers; /* struct verify_job * */
    struct verify_thread threads[THREADS_MAX];
};

/* -- The checks -- */

static enum enrum_err prove_check(struct verify_job *job, const struct msg_prove *prove)
{
    struct certificate certificate;
    enum enrum_err err = chain_check(&job->board, &job->root_key, prove->certificate, prove->issuer,
                                     &certificate);
    if (err == ENRUM_OK) {
        err = certificate_in_time(&certificate, job->now_ms);
    }
    if (err != ENRUM_OK) {
        return err;
    }
    struct handshake_proof proof = {job->client_nonce, job->server_nonce, job->board, job->host_key,
                                    certificate.hash};
    if (!handshake_proof_is_good(&certificate.body.sign_key, &proof, &prove->sig)) {
        return ENRUM_SIGNATURE_WRONG;
    }
    job->certificate = certificate;
    return ENRUM_OK;
}

/* room: NULL when it is not known yet (the room is being made; the journal compares). */
static enum enrum_err entries_check(const struct verify_job *job, const struct id *room,
                                    struct slice entries)
{
    size_t count = 0;
    while (entries.len > 0) {
        struct entry entry;
        enum enrum_err err = entry_next(&entries, &entry);
        if (err != ENRUM_OK) {
            return err;
        }
        if (++count > ENTRIES_PER_APPEND_MAX) {
            return ENRUM_OVERSIZED;
        }
        if (!id_equal(&entry.head.certificate, &job->identity.certificate)) {
            return ENRUM_DEVICE_OTHER;
        }
        if (room != NULL && !id_equal(&entry.head.room, room)) {
            return ENRUM_ROOM_UNKNOWN;
        }
        if (!entry_signature_is_good(&entry, &job->sign_key)) {
            return ENRUM_SIGNATURE_WRONG;
        }
    }
    return ENRUM_OK;
}

static enum enrum_err transient_check(const struct verify_job *job,
                                      const struct msg_transient_send *message)
{
    struct transient_frame frame;
    enum enrum_err err = transient_decode(message->frame, &frame);
    if (err != ENRUM_OK) {
        return err;
    }
    if (!id_equal(&frame.head.certificate, &job->identity.certificate)) {
        return ENRUM_DEVICE_OTHER;
    }
    if (!id_equal(&frame.head.room, &message->room)) {
        return ENRUM_ROOM_UNKNOWN;
    }
    return transient_signature_is_good(&frame, &job->sign_key) ? ENRUM_OK : ENRUM_SIGNATURE_WRONG;
}

static enum enrum_err signed_check(const struct verify_job *job, struct slice bytes,
                                   enum label label)
{
    struct slice body;
    return signed_decode(bytes, &job->sign_key, label, &body);
}

/* The loop has decoded each of these frames before, so that they decode is no question any more. */
void verify_run(struct verify_job *job)
{
    union {
        struct msg_prove prove;
        struct msg_append append;
        struct msg_room_create create;
        struct msg_transient_send transient;
        struct msg_call_join join;
        struct msg_call_admit admit;
        struct msg_blob_put blob;
    } message;
    struct slice frame = parcel_slice(job->frame);
    switch (job->type) {
    case VERIFY_PROVE:
        job->err = layout_decode(&message_prove, frame, &message.prove);
        job->err = job->err == ENRUM_OK ? prove_check(job, &message.prove) : job->err;
        break;
    case VERIFY_APPEND:
        job->err = layout_decode(&message_append, frame, &message.append);
        job->err = job->err == ENRUM_OK
                       ? entries_check(job, &message.append.room, message.append.entries)
                       : job->err;
        break;
    case VERIFY_CREATE:
        job->err = layout_decode(&message_room_create, frame, &message.create);
        job->err = job->err == ENRUM_OK ? entries_check(job, NULL, message.create.entries)
                                        : job->err;
        break;
    case VERIFY_TRANSIENT:
        job->err = layout_decode(&message_transient_send, frame, &message.transient);
        job->err = job->err == ENRUM_OK ? transient_check(job, &message.transient) : job->err;
        break;
    case VERIFY_CALL_JOIN:
        job->err = layout_decode(&message_call_join, frame, &message.join);
        job->err = job->err == ENRUM_OK ? signed_check(job, message.join.key, LABEL_CALL_KEY)
                                        : job->err;
        break;
    case VERIFY_CALL_ADMIT:
        job->err = layout_decode(&message_call_admit, frame, &message.admit);
        job->err = job->err == ENRUM_OK
                       ? signed_check(job, message.admit.statement, LABEL_CALL_ADMISSION)
                       : job->err;
        break;
    case VERIFY_BLOB:
        job->err = layout_decode(&message_blob_put, frame, &message.blob);
        if (job->err == ENRUM_OK) {
            file_blob_id(message.blob.bytes, &job->blob);
        }
        break;
    }
}

/* -- Threads -- */

void verify_job_free(struct verify_job *job)
{
    parcel_unref(job->frame);
    free(job);
}

static void answer(struct mailbox *answers, struct verify_job **jobs, size_t count)
{
    const struct timespec pause = {.tv_nsec = 200000};
    size_t put = mailbox_put_all(answers, jobs, count);
    while (put < count && !mailbox_is_closed(answers)) {
        nanosleep(&pause, NULL);
        put += mailbox_put_all(answers, jobs + put, count - put);
    }
    for (; put < count; put++) {
        verify_job_free(jobs[put]);
    }
}

/* What has waited is answered in heaps: to call the loop for each would cost as much as a tenth of
 * the check. */
static void jobs_run(struct mailbox *answers, struct verify_job **jobs, size_t count)
{
    while (count > 0) {
        size_t heap = count < HEAP_MAX ? count : HEAP_MAX;
        for (size_t i = 0; i < heap; i++) {
            verify_run(jobs[i]);
        }
        answer(answers, jobs, heap);
        jobs += heap;
        count -= heap;
    }
}

static void *thread_main(void *context)
{
    struct verify_thread *thread = context;
    void *items = NULL;
    size_t count = 0;
    while (mailbox_take_all(&thread->jobs, 1000, &items, &count)) {
        jobs_run(thread->answers, items, count);
    }
    return NULL;
}

struct verify_pool *verify_pool_new(size_t threads, size_t waiting_max)
{
    struct verify_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL ||
        !mailbox_init(&pool->answers, sizeof(struct verify_job *), waiting_max, true)) {
        free(pool);
        return NULL;
    }
    pool->count = threads < THREADS_MAX ? threads : THREADS_MAX;
    bool good = pool->count > 0;
    for (size_t i = 0; good && i < pool->count; i++) {
        struct verify_thread *thread = &pool->threads[i];
        thread->answers = &pool->answers;
        thread->has_jobs = mailbox_init(&thread->jobs, sizeof(struct verify_job *), waiting_max,
                                        false);
        thread->is_running = thread->has_jobs &&
                             pthread_create(&thread->thread, NULL, thread_main, thread) == 0;
        good = thread->is_running;
    }
    if (!good) {
        verify_pool_free(pool);
        return NULL;
    }
    return pool;
}

void verify_pool_free(struct verify_pool *pool)
{
    mailbox_close(&pool->answers);
    for (size_t i = 0; i < pool->count; i++) {
        struct verify_thread *thread = &pool->threads[i];
        if (thread->is_running) {
            mailbox_close(&thread->jobs);
            pthread_join(thread->thread, NULL);
        }
        if (thread->has_jobs) {
            mailbox_fini(&thread->jobs);
        }
    }
    struct verify_job **jobs = NULL;
    size_t count = 0;
    verify_take(pool, &jobs, &count);
    for (size_t i = 0; i < count; i++) {
        verify_job_free(jobs[i]);
    }
    mailbox_fini(&pool->answers);
    free(pool);
}

enum enrum_err verify_put(struct verify_pool *pool, struct verify_job *job)
{
    struct mailbox *jobs = &pool->threads[job->session % pool->count].jobs;
    return mailbox_put(jobs, &job) ? ENRUM_OK : ENRUM_BUSY;
}

int verify_wake_fd(const struct verify_pool *pool)
{
    return mailbox_wake_fd(&pool->answers);
}

void verify_take(struct verify_pool *pool, struct verify_job ***jobs, size_t *count)
{
    void *items = NULL;
    *count = 0;
    if (mailbox_take_all(&pool->answers, 0, &items, count)) {
        *jobs = items;
    }
}
