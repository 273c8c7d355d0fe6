/* store -- see store.h. This file: the threads, the mailboxes, and how jobs get to them. */
#include "store/store.h"

#include "base/mailbox.h"
#include "base/slog.h"
#include "store/reader.h"
#include "store/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { READERS_MAX = 8 };

/* A reader has a mailbox of its own; a session's questions all go to one, so that they are answered
 * in order. */
struct reader_thread {
    pthread_t thread;
    bool is_running, has_jobs;
    struct mailbox jobs; /* struct job * */
    struct reader reader;
};

struct store {
    char *folder;
    size_t board_count;
    struct id *boards;
    struct writer writer;
    pthread_t writer_thread;
    bool is_writing, has_writes, has_answers;
    size_t reader_count;
    struct reader_thread readers[READERS_MAX];
    struct mailbox writes, answers;
};

void job_free(struct job *job)
{
    append_job_free(job->append);
    parcel_unref(job->bytes);
    parcel_unref(job->more);
    free(job);
}

void answers_put(struct mailbox *answers, struct store_answer *items, size_t count)
{
    const struct timespec pause = {.tv_nsec = 200000};
    size_t put = mailbox_put_all(answers, items, count);
    while (put < count && !mailbox_is_closed(answers)) {
        nanosleep(&pause, NULL);
        put += mailbox_put_all(answers, items + put, count - put);
    }
    for (; put < count; put++) {
        store_answer_free(&items[put]);
    }
}

/* -- Threads -- */

static void *writer_main(void *context)
{
    struct store *store = context;
    void *items = NULL;
    size_t count = 0;
    while (mailbox_take_all(&store->writes, 1000, &items, &count)) {
        if (count > 0) {
            writer_run(&store->writer, items, count);
        } else {
            writer_idle(&store->writer);
        }
    }
    return NULL;
}

static void *reader_main(void *context)
{
    struct reader_thread *thread = context;
    void *items = NULL;
    size_t count = 0;
    while (mailbox_take_all(&thread->jobs, 1000, &items, &count)) {
        struct job **jobs = items;
        for (size_t i = 0; i < count; i++) {
            reader_run(&thread->reader, jobs[i]);
        }
    }
    return NULL;
}

/* -- Opening and closing -- */

static struct database *databases_open(const struct store_options *options)
{
    struct database *databases = calloc(options->board_count, sizeof *databases);
    for (size_t i = 0; databases != NULL && i < options->board_count; i++) {
        if (!database_open(&databases[i], options->folder, &options->boards[i].board, true)) {
            while (i > 0) {
                database_close(&databases[--i]);
            }
            free(databases);
            return NULL;
        }
    }
    return databases;
}

static void databases_close(struct database *databases, size_t count)
{
    for (size_t i = 0; databases != NULL && i < count; i++) {
        database_close(&databases[i]);
    }
    free(databases);
}

static struct desk *desks_open(const struct store_options *options)
{
    struct desk *desks = calloc(options->board_count, sizeof *desks);
    for (size_t i = 0; desks != NULL && i < options->board_count; i++) {
        if (!desk_open(&desks[i], options->folder, &options->boards[i].board)) {
            while (i > 0) {
                desk_close(&desks[--i]);
            }
            free(desks);
            return NULL;
        }
    }
    return desks;
}

static void desks_close(struct desk *desks, size_t count)
{
    for (size_t i = 0; desks != NULL && i < count; i++) {
        desk_close(&desks[i]);
    }
    free(desks);
}

static bool writer_start(struct store *store, const struct store_options *options)
{
    store->has_answers = mailbox_init(&store->answers, sizeof(struct store_answer),
                                      options->waiting_max, true);
    store->has_writes = mailbox_init(&store->writes, sizeof(struct job *), options->waiting_max,
                                     false);
    store->writer = (struct writer){.board_count = options->board_count,
                                    .folder = store->folder,
                                    .desks = desks_open(options),
                                    .host = options->host,
                                    .answers = &store->answers,
                                    .letters_max = options->letters_max,
                                    .unnamed_blobs_max = options->unnamed_blobs_max,
                                    .clock = clock_system()};
    store->is_writing = store->has_answers && store->has_writes && store->writer.desks != NULL &&
                        pthread_create(&store->writer_thread, NULL, writer_main, store) == 0;
    return store->is_writing;
}

static bool reader_start(struct store *store, const struct store_options *options,
                         struct reader_thread *thread)
{
    thread->reader = (struct reader){.board_count = options->board_count,
                                     .databases = databases_open(options),
                                     .answers = &store->answers,
                                     .writes = &store->writes,
                                     .fetched_bytes = &store->writer.fetched_bytes,
                                     .fetched_bytes_max = options->fetched_bytes_max};
    thread->has_jobs = mailbox_init(&thread->jobs, sizeof(struct job *), options->waiting_max,
                                    false);
    thread->is_running = thread->has_jobs && thread->reader.databases != NULL &&
                         pthread_create(&thread->thread, NULL, reader_main, thread) == 0;
    return thread->is_running;
}

enum enrum_err store_open(const struct store_options *options, struct store **out)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return ENRUM_MEMORY;
    }
    store->board_count = options->board_count;
    store->reader_count = options->readers < READERS_MAX ? options->readers : READERS_MAX;
    store->boards = calloc(options->board_count, sizeof *store->boards);
    store->folder = strdup(options->folder);
    bool good = store->boards != NULL && store->folder != NULL;
    for (size_t i = 0; good && i < options->board_count; i++) {
        store->boards[i] = options->boards[i].board;
    }
    good = good && writer_start(store, options);
    for (size_t i = 0; good && i < store->reader_count; i++) {
        good = reader_start(store, options, &store->readers[i]);
    }
    if (!good) {
        store_close(store);
        return ENRUM_STORE_FAILED;
    }
    *out = store;
    return ENRUM_OK;
}

static void reader_stop(struct store *store, struct reader_thread *thread)
{
    if (thread->is_running) {
        mailbox_close(&thread->jobs);
        pthread_join(thread->thread, NULL);
    }
    if (thread->has_jobs) {
        mailbox_fini(&thread->jobs);
    }
    databases_close(thread->reader.databases, store->board_count);
}

static void answers_drop(struct store *store)
{
    struct store_answer *answers = NULL;
    size_t count = 0;
    store_take(store, &answers, &count);
    for (size_t i = 0; i < count; i++) {
        store_answer_free(&answers[i]);
    }
}

void store_close(struct store *store)
{
    /* Nobody takes answers any more; what is written is written all the same. */
    if (store->has_answers) {
        mailbox_close(&store->answers);
    }
    for (size_t i = 0; i < store->reader_count; i++) {
        reader_stop(store, &store->readers[i]);
    }
    if (store->is_writing) {
        mailbox_close(&store->writes);
        pthread_join(store->writer_thread, NULL);
    }
    if (store->has_writes) {
        mailbox_fini(&store->writes);
    }
    if (store->has_answers) {
        answers_drop(store);
        mailbox_fini(&store->answers);
    }
    desks_close(store->writer.desks, store->board_count);
    free(store->boards);
    free(store->folder);
    free(store);
}

/* -- Jobs -- */

static struct job *job_new(struct store *store, enum job_type type, const struct id *board)
{
    for (size_t i = 0; i < store->board_count; i++) {
        if (id_equal(&store->boards[i], board)) {
            struct job *job = calloc(1, sizeof *job);
            if (job != NULL) {
                job->type = type;
                job->board = i;
            }
            return job;
        }
    }
    return NULL;
}

/* Takes the job, always. */
static enum enrum_err job_put(struct store *store, struct job *job)
{
    if (job == NULL) {
        return ENRUM_BUSY;
    }
    bool is_read = job->type >= JOB_FETCH;
    struct mailbox *mailbox = is_read ? &store->readers[job->session % store->reader_count].jobs
                                      : &store->writes;
    if (!mailbox_put(mailbox, &job)) {
        job_free(job);
        return ENRUM_BUSY;
    }
    return ENRUM_OK;
}

enum enrum_err store_append(struct store *store, struct append_job *append)
{
    struct job *job = job_new(store, JOB_APPEND, &append->board);
    if (job == NULL) {
        return ENRUM_BUSY;
    }
    job->room = append->room;
    job->append = append;
    if (!mailbox_put(&store->writes, &job)) {
        free(job); /* the append stays the caller's */
        return ENRUM_BUSY;
    }
    return ENRUM_OK;
}

enum enrum_err store_find(struct store *store, uint64_t ticket, const struct id *board,
                          const struct id *room, const struct id *device, uint64_t device_seq)
{
    struct job *job = job_new(store, JOB_FIND, board);
    if (job != NULL) {
        job->ticket = ticket;
        job->room = *room;
        job->subject = *device;
        job->number = device_seq;
    }
    return job_put(store, job);
}

enum enrum_err store_room_load(struct store *store, const struct id *board, const struct id *room)
{
    struct job *job = job_new(store, JOB_ROOM_LOAD, board);
    if (job != NULL) {
        job->room = *room;
    }
    return job_put(store, job);
}

/* A job that ends in a message to a session. */
static struct job *question_new(struct store *store, enum job_type type, uint64_t session,
                                uint64_t request, const struct id *board)
{
    struct job *job = job_new(store, type, board);
    if (job != NULL) {
        job->session = session;
        job->request = request;
    }
    return job;
}

enum enrum_err store_fetch(struct store *store, uint64_t session, uint64_t request,
                           const struct id *board, const struct id *room, const struct id *device,
                           uint64_t after, uint64_t limit, uint64_t now_ms)
{
    struct job *job = question_new(store, JOB_FETCH, session, request, board);
    if (job != NULL) {
        job->room = *room;
        job->subject = *device;
        job->number = after;
        job->limit = limit;
        job->now_ms = now_ms;
    }
    return job_put(store, job);
}

enum enrum_err store_room_list(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, const struct id *person,
                               const struct id *after)
{
    struct job *job = question_new(store, JOB_ROOM_LIST, session, request, board);
    if (job != NULL) {
        job->subject = *person;
        job->flag = after != NULL;
        job->room = after != NULL ? *after : (struct id){0};
    }
    return job_put(store, job);
}

enum enrum_err store_fetch_log(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, const struct id *room, uint64_t after)
{
    struct job *job = question_new(store, JOB_FETCH_LOG, session, request, board);
    if (job != NULL) {
        job->room = *room;
        job->number = after;
    }
    return job_put(store, job);
}

enum enrum_err store_certificate_keep(struct store *store, const struct id *board,
                                      struct slice certificate, struct slice issuer)
{
    struct job *job = job_new(store, JOB_CERTIFICATE, board);
    if (job != NULL && store->writer.desks[job->board].is_full) {
        job_free(job);
        return ENRUM_BUSY;
    }
    if (job != NULL) {
        job->bytes = parcel_new(certificate.at, certificate.len);
        job->more = issuer.len > 0 ? parcel_new(issuer.at, issuer.len) : NULL;
        if (job->bytes == NULL || (issuer.len > 0 && job->more == NULL)) {
            job_free(job);
            return ENRUM_MEMORY;
        }
    }
    return job_put(store, job);
}

enum enrum_err store_board_get(struct store *store, uint64_t session, uint64_t request,
                               const struct id *board, bool keeper_here)
{
    struct job *job = question_new(store, JOB_BOARD_GET, session, request, board);
    if (job != NULL) {
        job->flag = keeper_here;
    }
    return job_put(store, job);
}

enum enrum_err store_letter_put(struct store *store, uint64_t session, uint64_t request,
                                const struct id *board, const struct id *id, struct slice letter,
                                uint64_t now_ms)
{
    struct job *job = question_new(store, JOB_LETTER_PUT, session, request, board);
    if (job != NULL) {
        job->subject = *id;
        job->now_ms = now_ms;
        job->bytes = parcel_new(letter.at, letter.len);
        if (job->bytes == NULL) {
            job_free(job);
            return ENRUM_MEMORY;
        }
    }
    return job_put(store, job);
}

enum enrum_err store_letter_done(struct store *store, uint64_t session, uint64_t request,
                                 const struct id *board, const struct id *id)
{
    struct job *job = question_new(store, JOB_LETTER_DONE, session, request, board);
    if (job != NULL) {
        job->subject = *id;
    }
    return job_put(store, job);
}

enum enrum_err store_letter_list(struct store *store, uint64_t session, const struct id *board)
{
    return job_put(store, question_new(store, JOB_LETTER_LIST, session, 0, board));
}

enum enrum_err store_blob_put(struct store *store, uint64_t ticket, const struct id *board,
                              const struct id *room, const struct id *person, const struct id *blob,
                              struct parcel *bytes, uint64_t now_ms)
{
    struct job *job = job_new(store, JOB_BLOB_PUT, board);
    if (job != NULL) {
        job->ticket = ticket;
        job->room = *room;
        job->subject = *person;
        job->blob = *blob;
        job->bytes = parcel_ref(bytes);
        job->now_ms = now_ms;
    }
    return job_put(store, job);
}

enum enrum_err store_blob_ask(struct store *store, uint64_t session, uint64_t request,
                              const struct id *board, const struct id *room, struct parcel *blobs)
{
    struct job *job = question_new(store, JOB_BLOB_ASK, session, request, board);
    if (job != NULL) {
        job->room = *room;
        job->bytes = parcel_ref(blobs);
    }
    return job_put(store, job);
}

enum enrum_err store_blob_get(struct store *store, uint64_t session, uint64_t request,
                              const struct id *board, const struct id *room,
                              const struct id *device, const struct id *blob, uint64_t now_ms)
{
    struct job *job = question_new(store, JOB_BLOB_GET, session, request, board);
    if (job != NULL) {
        job->room = *room;
        job->subject = *device;
        job->blob = *blob;
        job->now_ms = now_ms;
    }
    return job_put(store, job);
}

void store_blobs_sweep(struct store *store, uint64_t now_ms)
{
    for (size_t i = 0; i < store->board_count; i++) {
        struct job *job = job_new(store, JOB_BLOBS_SWEEP, &store->boards[i]);
        if (job != NULL) {
            job->now_ms = now_ms;
        }
        (void)job_put(store, job); /* the next one does it */
    }
}

/* -- At start, and answers -- */

enum enrum_err store_revoked(struct store *store, const struct id *board,
                             void (*each)(void *context, const struct id *board,
                                          const struct id *subject),
                             void *context)
{
    /* Before the loop runs: the first reader's connections are idle. */
    for (size_t i = 0; i < store->board_count; i++) {
        struct database *database = &store->readers[0].reader.databases[i];
        bool has_row = id_equal(&database->board, board);
        sqlite3_stmt *statement = has_row ? database_statement(database, STATEMENT_REVOKED) : NULL;
        while (has_row) {
            struct id subject;
            if (!database_row(database, statement, &has_row)) {
                return ENRUM_STORE_FAILED;
            }
            if (has_row && column_id(statement, 0, &subject)) {
                each(context, board, &subject);
            }
        }
        if (statement != NULL) {
            sqlite3_reset(statement);
        }
    }
    return ENRUM_OK;
}

void store_answer_free(struct store_answer *answer)
{
    switch (answer->type) {
    case STORE_APPENDED:
        room_snapshot_free(&answer->appended.snapshot);
        break;
    case STORE_ROOM:
        room_snapshot_free(&answer->room);
        break;
    case STORE_MESSAGE:
        parcel_unref(answer->message.message);
        break;
    case STORE_FOUND:
    case STORE_BLOB_KEPT:
        break;
    }
}

int store_wake_fd(const struct store *store)
{
    return mailbox_wake_fd(&store->answers);
}

void store_take(struct store *store, struct store_answer **answers, size_t *count)
{
    void *items = NULL;
    *count = 0;
    if (mailbox_take_all(&store->answers, 0, &items, count)) {
        *answers = items;
    }
}

void store_health(struct store *store, struct store_health *out)
{
    *out = (struct store_health){.why = "",
                                 .commits = store->writer.commits,
                                 .appends = store->writer.appends,
                                 .blobs = store->writer.blobs,
                                 .waiting = mailbox_count(&store->writes),
                                 .latency = latency_read(&store->writer.latency)};
    for (size_t i = 0; i < store->board_count && !out->is_failing; i++) {
        const struct desk *desk = &store->writer.desks[i];
        out->is_failing = desk->is_failing;
        out->why = out->is_failing ? sqlite3_errstr(desk->code) : "";
    }
}
