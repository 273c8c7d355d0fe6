/* writer -- see writer.h. */
#include "store/writer.h"

#include "base/check.h"
#include "store/progress.h"

#include <stdlib.h>

/* Pages of the write-ahead log, beyond which it is taken into the file. */
enum { LOG_PAGES_MAX = 1000 };

static void answer(struct writer *writer, const struct store_answer *answer)
{
    writer->answered[writer->answered_count++] = *answer;
}

static void answer_message(struct writer *writer, uint64_t session, const struct layout *layout,
                           const void *message)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    struct store_answer out = {.type = STORE_MESSAGE, .message = {.session = session}};
    if (layout_encode(layout, message, &bytes) == ENRUM_OK) {
        out.message.message = parcel_new(bytes.at, bytes.len);
    }
    buffer_fini(&bytes);
    answer(writer, &out);
}

static void answer_outcome(struct writer *writer, const struct job *job, enum enrum_err err)
{
    if (err == ENRUM_OK) {
        struct msg_done done = {.request = job->request};
        answer_message(writer, job->session, &message_done, &done);
    } else {
        struct msg_error error = {.request = job->request, .code = (uint64_t)err};
        answer_message(writer, job->session, &message_error, &error);
    }
}

/* -- A board's part of a batch -- */

/* Nothing of it stands: appends say what does, if that can be read, and the others that it failed.
 */
static void board_refuse(struct desk *desk, size_t board, struct progress *progress, size_t count)
{
    struct database *database = &desk->database;
    for (size_t i = 0; i < count; i++) {
        struct progress *each = &progress[i];
        if (each->job->board != board) {
            continue;
        }
        room_snapshot_free(&each->room);
        each->room = (struct room_snapshot){.board = database->board, .room = each->job->room};
        each->outcome = APPEND_FAILED;
        each->err = ENRUM_STORE_FAILED;
        each->found.exists = false;
        each->is_unknown = each->job->type != JOB_APPEND || database->connection == NULL ||
                           !progress_room(database, each);
        each->outcome = APPEND_FAILED;
        desk->refused++;
    }
}

static bool kept_run(struct desk *desk)
{
    bool good = desk->kept_count == 0 || database_begin(&desk->database);
    for (size_t i = 0; good && i < desk->kept_count; i++) {
        good = progress_certificate(&desk->database, desk->kept[i]);
    }
    return good;
}

/* After a failure the first commit is to be a real one, also when nothing is to be written. */
static bool trial_run(struct desk *desk)
{
    struct database *database = &desk->database;
    return desk->state != DESK_TRIED ||
           (database_begin(database) &&
            database_run(database, database_statement(database, STATEMENT_TRY)));
}

static bool board_run(struct writer *writer, size_t board, struct progress *progress, size_t count)
{
    struct desk *desk = &writer->desks[board];
    if (!trial_run(desk) || !kept_run(desk)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (progress[i].job->board == board &&
            !progress_run(&desk->database, &progress[i], writer)) {
            return false;
        }
    }
    return database_commit(&desk->database);
}

static void board_do(struct writer *writer, size_t board, struct progress *progress, size_t count)
{
    struct desk *desk = &writer->desks[board];
    uint64_t began_ms = clock_monotonic_ms(&writer->clock);
    if (!desk_try(desk, writer->folder)) {
        board_refuse(desk, board, progress, count);
    } else if (board_run(writer, board, progress, count)) {
        writer->commits++;
        latency_add(&writer->latency, clock_monotonic_ms(&writer->clock) - began_ms);
        desk_kept_free(desk);
        desk_good(desk);
    } else {
        database_rollback(&desk->database);
        board_refuse(desk, board, progress, count);
        desk_fail(desk);
    }
}

static void boards_run(struct writer *writer, struct progress *progress, size_t count)
{
    for (size_t board = 0; board < writer->board_count; board++) {
        bool is_here = false;
        for (size_t i = 0; i < count && !is_here; i++) {
            is_here = progress[i].job->board == board;
        }
        if (is_here) {
            board_do(writer, board, progress, count);
        }
    }
}

/* Behind the answers, so that nobody waits for it. What it fails to take into the file is safe in
 * the log; but the log must not grow without end. */
static void checkpoints_run(struct writer *writer)
{
    for (size_t board = 0; board < writer->board_count; board++) {
        struct desk *desk = &writer->desks[board];
        if (desk->state == DESK_OPEN && desk->database.log_pages >= LOG_PAGES_MAX &&
            !database_checkpoint(&desk->database, SQLITE_CHECKPOINT_PASSIVE)) {
            desk_fail(desk);
        }
    }
}

void writer_idle(struct writer *writer)
{
    for (size_t board = 0; board < writer->board_count; board++) {
        if (writer->desks[board].state != DESK_OPEN) {
            board_do(writer, board, NULL, 0);
        }
    }
}

/* -- Receipts and answers -- */

static struct receipt_leaf leaf_of(const struct append_job *job)
{
    return (struct receipt_leaf){.room = job->room,
                                 .count = job->entry_count,
                                 .seq = job->after.head_seq,
                                 .hash = job->after.head_hash,
                                 .received_at = job->received_at};
}

/* One tree over all appends that are on disk. NULL: none, or no memory (then nobody is
 * acknowledged: they ask again). */
static struct receipt_proof *receipts_make(struct writer *writer, struct progress *progress,
                                           size_t count, size_t *leaf_count)
{
    struct id *leaves = calloc(count, sizeof *leaves);
    struct receipt_proof *proofs = calloc(count, sizeof *proofs);
    size_t n = 0;
    for (size_t i = 0; leaves != NULL && proofs != NULL && i < count; i++) {
        if (progress[i].job->type == JOB_APPEND && progress[i].outcome == APPEND_DONE) {
            struct receipt_leaf leaf = leaf_of(progress[i].job->append);
            receipt_leaf_hash(&leaf, &leaves[n]);
            progress[i].has_leaf = true;
            progress[i].leaf = n++;
        }
    }
    bool good = n > 0 && receipt_sign(writer->host, leaves, n, proofs);
    free(leaves);
    if (!good) {
        free(proofs);
        return NULL;
    }
    *leaf_count = n;
    return proofs;
}

static void append_answer(struct writer *writer, struct progress *progress,
                          const struct receipt_proof *proofs)
{
    struct store_answer out = {.type = STORE_APPENDED,
                               .appended = {.ticket = progress->job->append->ticket,
                                            .outcome = progress->outcome,
                                            .snapshot = progress->room,
                                            .is_unknown = progress->is_unknown}};
    if (progress->has_leaf) {
        CHECK(proofs != NULL);
        out.appended.receipt = proofs[progress->leaf];
    }
    answer(writer, &out);
}

static void found_answer(struct writer *writer, struct progress *progress)
{
    struct found *found = &progress->found;
    if (found->exists) {
        struct id leaf;
        receipt_leaf_hash(&found->leaf, &leaf);
        if (!receipt_sign(writer->host, &leaf, 1, &found->receipt)) {
            progress->err = ENRUM_MEMORY;
        }
    }
    struct store_answer out = {.type = STORE_FOUND,
                               .err = progress->err,
                               .found = {.ticket = progress->job->ticket, .found = *found}};
    answer(writer, &out);
}

static void room_answer(struct writer *writer, struct progress *progress)
{
    struct store_answer out = {.type = STORE_ROOM, .err = progress->err, .room = progress->room};
    answer(writer, &out);
}

static void fetched_answer(struct writer *writer, struct progress *progress)
{
    if (progress->err != ENRUM_OK) {
        answer_outcome(writer, progress->job, progress->err);
        return;
    }
    struct store_answer out = {
        .type = STORE_MESSAGE,
        .message = {progress->job->session, parcel_ref(progress->job->bytes)}};
    answer(writer, &out);
}

static void blob_answer(struct writer *writer, const struct progress *progress)
{
    writer->blobs += progress->err == ENRUM_OK;
    struct store_answer out = {
        .type = STORE_BLOB_KEPT, .err = progress->err, .blob_kept = progress->job->ticket};
    answer(writer, &out);
}

static void progress_answer(struct writer *writer, struct progress *progress,
                            const struct receipt_proof *proofs)
{
    switch (progress->job->type) {
    case JOB_APPEND:
        append_answer(writer, progress, proofs);
        break;
    case JOB_FIND:
        found_answer(writer, progress);
        break;
    case JOB_ROOM_LOAD:
        room_answer(writer, progress);
        break;
    case JOB_LETTER_PUT:
    case JOB_LETTER_DONE:
        answer_outcome(writer, progress->job, progress->err);
        break;
    case JOB_FETCHED:
        fetched_answer(writer, progress);
        break;
    case JOB_BLOB_PUT:
        blob_answer(writer, progress);
        break;
    case JOB_CERTIFICATE:
    case JOB_BLOBS_SWEEP:
    case JOB_FETCH:
    case JOB_ROOM_LIST:
    case JOB_FETCH_LOG:
    case JOB_BOARD_GET:
    case JOB_LETTER_LIST:
    case JOB_BLOB_ASK:
    case JOB_BLOB_GET:
        break;
    }
}

void writer_run(struct writer *writer, struct job **jobs, size_t count)
{
    struct progress *progress = calloc(count, sizeof *progress);
    writer->answered = calloc(count, sizeof *writer->answered);
    writer->answered_count = 0;
    /* Without memory for its own bookkeeping the writer cannot even refuse. */
    CHECK(progress != NULL && writer->answered != NULL);
    for (size_t i = 0; i < count; i++) {
        progress[i].job = jobs[i];
        if (jobs[i]->type == JOB_ROOM_LOAD) {
            progress[i].room.board = writer->desks[jobs[i]->board].database.board;
            progress[i].room.room = jobs[i]->room;
        }
    }
    boards_run(writer, progress, count);
    size_t leaves = 0;
    struct receipt_proof *proofs = receipts_make(writer, progress, count, &leaves);
    writer->appends += leaves;
    for (size_t i = 0; i < count; i++) {
        progress_answer(writer, &progress[i], proofs);
        if (jobs[i]->type == JOB_FETCHED) {
            writer->fetched_bytes -= parcel_slice(jobs[i]->bytes).len;
        }
        if (jobs[i]->type == JOB_CERTIFICATE && progress[i].err != ENRUM_OK) {
            desk_keep(&writer->desks[jobs[i]->board], jobs[i]);
        } else {
            job_free(jobs[i]);
        }
    }
    answers_put(writer->answers, writer->answered, writer->answered_count);
    free(writer->answered);
    free(proofs);
    free(progress);
    checkpoints_run(writer);
}
