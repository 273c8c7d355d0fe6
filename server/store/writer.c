/* writer -- see writer.h. */
#include "store/writer.h"

#include "base/check.h"
#include "store/append.h"

#include <stdlib.h>

/* Pages of the write-ahead log, beyond which it is taken into the file. */
enum { LOG_PAGES_MAX = 1000 };

/* What becomes of one job of the batch, until the commit has said. */
struct progress {
    struct job *job;
    enum append_outcome outcome;
    enum enrum_err err; /* of jobs other than appends */
    struct found found;
    struct room_snapshot room;
    bool is_unknown; /* `room` could not be read */
    bool has_leaf;
    size_t leaf;
};

static void answer(struct writer *writer, struct store_answer *answer)
{
    answer_put(writer->answers, answer);
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

/* -- Jobs inside the transaction: false when the database failed -- */

static bool room_ref(struct database *database, const struct id *room, uint64_t *ref)
{
    bool has_row = false;
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ROOM_GET);
    bind_id(statement, 1, room);
    bool good = database_row(database, statement, &has_row);
    *ref = good && has_row ? column_number(statement, 0) : 0;
    sqlite3_reset(statement);
    return good;
}

/* The entry of the row, out of its own bytes: what its hashes must be, behind `previous`. */
static bool row_is_sound(sqlite3_stmt *statement, const struct id *previous,
                         const struct found *found)
{
    struct entry entry;
    struct sig sig;
    struct id hash, bytes_hash;
    struct slice bytes = column_slice(statement, 8);
    if (bytes.len != SIG_BYTES) {
        return false;
    }
    memcpy(sig.bytes, bytes.at, SIG_BYTES);
    if (entry_of_parts(column_slice(statement, 5), column_slice(statement, 6),
                       column_slice(statement, 7), &sig, column_slice(statement, 9),
                       &entry) != ENRUM_OK) {
        return false;
    }
    entry_chain(&entry, previous, found->leaf.seq, found->leaf.received_at, &hash);
    entry_bytes_hash(&entry, &bytes_hash);
    return id_equal(&hash, &found->leaf.hash) && id_equal(&bytes_hash, &found->bytes_hash);
}

/* False: the database failed. `previous` is the room for the first entry. */
static bool previous_hash(struct database *database, uint64_t ref, uint64_t seq,
                          struct id *previous)
{
    bool has_row = false;
    if (seq <= 1) {
        return true;
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ENTRY_HASH);
    bind_number(statement, 1, ref);
    bind_number(statement, 2, seq - 1);
    if (!database_row(database, statement, &has_row)) {
        return false;
    }
    if (!has_row || !column_id(statement, 0, previous)) {
        *previous = (struct id){0};
    }
    sqlite3_reset(statement);
    return true;
}

/* A receipt is signed again only over what is read back and proves itself: a page that the disk
 * gives wrongly must not become the host's word. */
static bool found_read(struct database *database, struct progress *progress, uint64_t ref,
                       sqlite3_stmt *statement)
{
    struct found *found = &progress->found;
    struct id previous = progress->job->room;
    found->leaf.room = progress->job->room;
    found->leaf.seq = column_number(statement, 0);
    found->leaf.received_at = column_number(statement, 3);
    found->leaf.count = column_number(statement, 4);
    found->exists = column_id(statement, 1, &found->leaf.hash) &&
                    column_id(statement, 2, &found->bytes_hash);
    if (!previous_hash(database, ref, found->leaf.seq, &previous)) {
        return false;
    }
    if (!found->exists || !row_is_sound(statement, &previous, found)) {
        found->exists = false;
        progress->err = ENRUM_STORE_FAILED;
        (void)database_told(database, "entry altered", SQLITE_CORRUPT);
    }
    return true;
}

static bool find_run(struct database *database, struct progress *progress)
{
    const struct job *job = progress->job;
    uint64_t ref = 0;
    bool has_row = false;
    if (!room_ref(database, &job->room, &ref)) {
        return false;
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ENTRY_FIND);
    bind_number(statement, 1, ref);
    bind_id(statement, 2, &job->subject);
    bind_number(statement, 3, job->number);
    if (!database_row(database, statement, &has_row) ||
        (has_row && !found_read(database, progress, ref, statement))) {
        return false;
    }
    sqlite3_reset(statement);
    return true;
}

/* The room as it stands, for who asks or has to know after a conflict. */
static bool room_run(struct database *database, struct progress *progress)
{
    bool holds = false;
    if (!database_room(database, &progress->job->room, &progress->room) ||
        !database_room_holds(database, &progress->room, &holds)) {
        return false;
    }
    if (!holds) {
        room_snapshot_free(&progress->room);
        progress->room = (struct room_snapshot){.board = database->board,
                                                .room = progress->job->room};
        progress->err = ENRUM_STORE_FAILED;
        progress->outcome = APPEND_FAILED;
        progress->is_unknown = true;
        (void)database_told(database, "room altered", SQLITE_CORRUPT);
    }
    return true;
}

static bool certificate_put(struct database *database, struct slice bytes)
{
    struct certificate certificate;
    if (certificate_decode(bytes, &certificate) != ENRUM_OK) {
        return true; /* the gate has checked it; nothing to keep */
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_CERTIFICATE_ADD);
    bind_id(statement, 1, &certificate.hash);
    bind_slice(statement, 2, bytes);
    bind_id(statement, 3, &certificate.body.issuer);
    bind_number(statement, 4, certificate.body.role);
    bind_number(statement, 5, certificate.body.not_before);
    return database_run(database, statement);
}

static bool certificate_run(struct database *database, const struct job *job)
{
    return (job->more == NULL || certificate_put(database, parcel_slice(job->more))) &&
           certificate_put(database, parcel_slice(job->bytes));
}

static bool letter_put_run(struct writer *writer, struct database *database,
                           struct progress *progress)
{
    bool has_row = false;
    sqlite3_stmt *statement = database_statement(database, STATEMENT_LETTER_COUNT);
    if (!database_row(database, statement, &has_row) || !has_row) {
        return false;
    }
    uint64_t count = column_number(statement, 0);
    sqlite3_reset(statement);
    if (count >= writer->letters_max) {
        progress->err = ENRUM_MAILBOX_FULL;
        return true;
    }
    statement = database_statement(database, STATEMENT_LETTER_ADD);
    bind_id(statement, 1, &progress->job->subject);
    bind_slice(statement, 2, parcel_slice(progress->job->bytes));
    bind_number(statement, 3, progress->job->now_ms);
    return database_run(database, statement);
}

static bool letter_done_run(struct database *database, const struct job *job)
{
    sqlite3_stmt *statement = database_statement(database, STATEMENT_LETTER_DROP);
    bind_id(statement, 1, &job->subject);
    return database_run(database, statement);
}

static bool fetched_run(struct database *database, const struct job *job)
{
    uint64_t ref = 0;
    if (!room_ref(database, &job->room, &ref)) {
        return false;
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_FETCH_ADD);
    bind_number(statement, 1, ref);
    bind_id(statement, 2, &job->subject);
    bind_number(statement, 3, job->first);
    bind_number(statement, 4, job->last);
    bind_number(statement, 5, job->now_ms);
    return database_run(database, statement);
}

static bool job_run(struct writer *writer, struct database *database, struct progress *progress)
{
    struct job *job = progress->job;
    switch (job->type) {
    case JOB_APPEND:
        progress->outcome = append_run(database, job->append);
        if (progress->outcome == APPEND_FAILED) {
            return false;
        }
        return progress->outcome == APPEND_DONE || room_run(database, progress);
    case JOB_FIND:
        return find_run(database, progress);
    case JOB_ROOM_LOAD:
        return room_run(database, progress);
    case JOB_CERTIFICATE:
        return database_begin(database) && certificate_run(database, job);
    case JOB_LETTER_PUT:
        return database_begin(database) && letter_put_run(writer, database, progress);
    case JOB_LETTER_DONE:
        return database_begin(database) && letter_done_run(database, job);
    case JOB_FETCHED:
        return database_begin(database) && fetched_run(database, job);
    case JOB_FETCH:
    case JOB_ROOM_LIST:
    case JOB_FETCH_LOG:
    case JOB_BOARD_GET:
    case JOB_LETTER_LIST:
        break;
    }
    CHECK(false);
    return false;
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
                           !room_run(database, each);
        each->outcome = APPEND_FAILED;
        desk->refused++;
    }
}

static bool kept_run(struct desk *desk)
{
    bool good = desk->kept_count == 0 || database_begin(&desk->database);
    for (size_t i = 0; good && i < desk->kept_count; i++) {
        good = certificate_run(&desk->database, desk->kept[i]);
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
        if (progress[i].job->board == board && !job_run(writer, &desk->database, &progress[i])) {
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
    case JOB_CERTIFICATE:
    case JOB_FETCH:
    case JOB_ROOM_LIST:
    case JOB_FETCH_LOG:
    case JOB_BOARD_GET:
    case JOB_LETTER_LIST:
        break;
    }
}

void writer_run(struct writer *writer, struct job **jobs, size_t count)
{
    struct progress *progress = calloc(count, sizeof *progress);
    /* Without memory for its own bookkeeping the writer cannot even refuse. */
    CHECK(progress != NULL);
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
    free(proofs);
    free(progress);
    checkpoints_run(writer);
}
