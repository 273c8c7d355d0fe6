/* progress -- see progress.h. */
#include "store/progress.h"

#include "base/check.h"
#include "store/append.h"
#include "store/writer.h"

#include <stdlib.h>

enum { UNNAMED_MS_MAX = 86400000, SWEPT_AT_ONCE = 256, READING_MS = 3600000 };

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
bool progress_room(struct database *database, struct progress *progress)
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

bool progress_certificate(struct database *database, const struct job *job)
{
    return (job->more == NULL || certificate_put(database, parcel_slice(job->more))) &&
           certificate_put(database, parcel_slice(job->bytes));
}

static bool letter_put_run(struct database *database, struct progress *progress, size_t letters_max)
{
    bool has_row = false;
    sqlite3_stmt *statement = database_statement(database, STATEMENT_LETTER_COUNT);
    if (!database_row(database, statement, &has_row) || !has_row) {
        return false;
    }
    uint64_t count = column_number(statement, 0);
    sqlite3_reset(statement);
    if (count >= letters_max) {
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
    /* A file has hundreds of blobs: reading it is one reading. */
    sqlite3_stmt *statement = database_statement(database, job->flag ? STATEMENT_FETCH_ADD_ONCE
                                                                     : STATEMENT_FETCH_ADD);
    bind_number(statement, 1, ref);
    bind_id(statement, 2, &job->subject);
    bind_number(statement, 3, job->first);
    bind_number(statement, 4, job->last);
    bind_number(statement, 5, job->now_ms);
    if (job->flag) {
        bind_number(statement, 6, READING_MS);
    }
    return database_run(database, statement);
}

/* -- Blobs -- */

static bool number_of(struct database *database, sqlite3_stmt *statement, uint64_t *out)
{
    bool has_row = false;
    bool good = database_row(database, statement, &has_row);
    *out = good && has_row ? column_number(statement, 0) : 0;
    sqlite3_reset(statement);
    return good;
}

static bool blob_add(struct database *database, const struct job *job, uint64_t room)
{
    sqlite3_stmt *statement = database_statement(database, STATEMENT_BLOB_ADD);
    bind_number(statement, 1, room);
    bind_id(statement, 2, &job->blob);
    bind_id(statement, 3, &job->subject);
    bind_number(statement, 4, job->now_ms);
    if (!database_run(database, statement)) {
        return false;
    }
    uint64_t ref = (uint64_t)sqlite3_last_insert_rowid(database->connection);
    statement = database_statement(database, STATEMENT_BLOB_BYTES_ADD);
    bind_number(statement, 1, ref);
    bind_slice(statement, 2, parcel_slice(job->bytes));
    return database_run(database, statement);
}

static bool blob_put_run(struct database *database, struct progress *progress, size_t unnamed_max)
{
    const struct job *job = progress->job;
    uint64_t room = 0, is_there = 0, unnamed = 0;
    if (!room_ref(database, &job->room, &room)) {
        return false;
    }
    if (room == 0) {
        progress->err = ENRUM_ROOM_UNKNOWN;
        return true;
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_BLOB_HAS);
    bind_number(statement, 1, room);
    bind_id(statement, 2, &job->blob);
    if (!number_of(database, statement, &is_there)) {
        return false;
    }
    if (is_there != 0) {
        return true;
    }
    statement = database_statement(database, STATEMENT_BLOB_COUNT);
    bind_id(statement, 1, &job->subject);
    if (!number_of(database, statement, &unnamed)) {
        return false;
    }
    if (unnamed >= unnamed_max) {
        progress->err = ENRUM_BLOBS_FULL;
        return true;
    }
    return blob_add(database, job, room);
}

/* Some at a time: what is written waits for it. */
static bool blobs_sweep_run(struct database *database, const struct job *job)
{
    static const enum statement drops[] = {STATEMENT_BLOB_OLD_BYTES_DROP, STATEMENT_BLOB_OLD_DROP};
    bool good = true;
    for (size_t i = 0; good && i < sizeof drops / sizeof drops[0]; i++) {
        sqlite3_stmt *statement = database_statement(database, drops[i]);
        bind_number(statement, 1, job->now_ms > UNNAMED_MS_MAX ? job->now_ms - UNNAMED_MS_MAX : 0);
        bind_number(statement, 2, SWEPT_AT_ONCE);
        good = database_run(database, statement);
    }
    return good;
}

bool progress_run(struct database *database, struct progress *progress, const struct writer *writer)
{
    struct job *job = progress->job;
    switch (job->type) {
    case JOB_APPEND:
        progress->outcome = append_run(database, job->append);
        if (progress->outcome == APPEND_FAILED) {
            return false;
        }
        return progress->outcome == APPEND_DONE || progress_room(database, progress);
    case JOB_FIND:
        return find_run(database, progress);
    case JOB_ROOM_LOAD:
        return progress_room(database, progress);
    case JOB_CERTIFICATE:
        return database_begin(database) && progress_certificate(database, job);
    case JOB_LETTER_PUT:
        return database_begin(database) && letter_put_run(database, progress, writer->letters_max);
    case JOB_LETTER_DONE:
        return database_begin(database) && letter_done_run(database, job);
    case JOB_FETCHED:
        return database_begin(database) && fetched_run(database, job);
    case JOB_BLOB_PUT:
        return database_begin(database) &&
               blob_put_run(database, progress, writer->unnamed_blobs_max);
    case JOB_BLOBS_SWEEP:
        return database_begin(database) && blobs_sweep_run(database, job);
    case JOB_FETCH:
    case JOB_ROOM_LIST:
    case JOB_FETCH_LOG:
    case JOB_BOARD_GET:
    case JOB_LETTER_LIST:
    case JOB_BLOB_ASK:
    case JOB_BLOB_GET:
        break;
    }
    CHECK(false);
    return false;
}
