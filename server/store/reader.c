/* reader -- see reader.h. */
#include "store/reader.h"

#include "base/check.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Room for the message around the entries. */
enum { ENTRIES_AROUND_BYTES = 512, CERTIFICATES_BYTES_MAX = 65536 };

static void answer_parcel(struct reader *reader, uint64_t session, struct parcel *parcel)
{
    struct store_answer out = {.type = STORE_MESSAGE, .message = {session, parcel}};
    answers_put(reader->answers, &out, 1);
}

static struct parcel *message_make(const struct layout *layout, const void *message)
{
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    struct parcel *parcel = layout_encode(layout, message, &bytes) == ENRUM_OK
                                ? parcel_new(bytes.at, bytes.len)
                                : NULL;
    buffer_fini(&bytes);
    return parcel;
}

static void answer_error(struct reader *reader, const struct job *job, enum enrum_err err)
{
    struct msg_error error = {.request = job->request, .code = (uint64_t)err};
    answer_parcel(reader, job->session, message_make(&message_error, &error));
}

/* -- Fetch -- */

struct fetching {
    struct database *database;
    const struct job *job;
    struct buffer entries, certificates;
    struct id known[2 * ENTRIES_PER_FETCH_MAX]; /* certificates that are in already */
    size_t known_count;
    uint64_t first, last;
};

static bool certificate_add(struct fetching *fetching, const struct id *hash, unsigned depth)
{
    for (size_t i = 0; i < fetching->known_count; i++) {
        if (id_equal(&fetching->known[i], hash)) {
            return true;
        }
    }
    bool has_row = false;
    struct id issuer;
    sqlite3_stmt *statement = database_statement(fetching->database, STATEMENT_CERTIFICATE_GET);
    bind_id(statement, 1, hash);
    if (!database_row(fetching->database, statement, &has_row)) {
        return false;
    }
    bool has_issuer = has_row && column_id(statement, 1, &issuer);
    if (has_row) {
        fetching->known[fetching->known_count++] = *hash;
        buffer_append_slice(&fetching->certificates, column_slice(statement, 0));
    }
    sqlite3_reset(statement);
    return !has_issuer || depth == 0 || certificate_add(fetching, &issuer, depth - 1);
}

static bool stored_add(struct fetching *fetching, sqlite3_stmt *statement)
{
    struct wire_stored wire = {.seq = column_number(statement, 0),
                               .received_at = column_number(statement, 1),
                               .head = column_slice(statement, 2),
                               .open = column_slice(statement, 3),
                               .sealed = column_slice(statement, 4),
                               .sealed_hash = column_slice(statement, 6)};
    struct slice sig = column_slice(statement, 5);
    if (sig.len != SIG_BYTES) {
        return false;
    }
    memcpy(wire.sig.bytes, sig.at, SIG_BYTES);
    if (layout_encode(&layout_stored, &wire, &fetching->entries) != ENRUM_OK) {
        return false;
    }
    fetching->first = fetching->first == 0 ? wire.seq : fetching->first;
    fetching->last = wire.seq;
    return true;
}

/* Entries until the limit or the frame is full. False: the database failed. */
static bool entries_collect(struct fetching *fetching, uint64_t room_ref)
{
    const struct job *job = fetching->job;
    sqlite3_stmt *statement = database_statement(fetching->database, STATEMENT_ENTRIES);
    bind_number(statement, 1, room_ref);
    bind_number(statement, 2, job->number);
    bind_number(statement, 3, job->limit);
    for (;;) {
        bool has_row = false;
        struct id certificate;
        if (!database_row(fetching->database, statement, &has_row)) {
            return false;
        }
        size_t before = fetching->entries.len;
        if (!has_row || !stored_add(fetching, statement)) {
            break;
        }
        if (before > 0 && fetching->entries.len + fetching->certificates.len >
                              FRAME_BYTES_MAX - ENTRIES_AROUND_BYTES - 2 * CERTIFICATE_BYTES_MAX) {
            buffer_truncate(&fetching->entries, before);
            fetching->last--;
            break;
        }
        if (!column_id(statement, 7, &certificate) || !certificate_add(fetching, &certificate, 1)) {
            return false;
        }
    }
    sqlite3_reset(statement);
    return true;
}

static struct parcel *fetch_make(struct fetching *fetching, const struct room_snapshot *room,
                                 uint64_t room_ref)
{
    if (!entries_collect(fetching, room_ref)) {
        return NULL;
    }
    struct msg_entries message = {.request = fetching->job->request,
                                  .board = fetching->database->board,
                                  .room = fetching->job->room,
                                  .head_seq = room->head_seq,
                                  .head_hash = room->head_hash,
                                  .certificates = buffer_slice(&fetching->certificates),
                                  .entries = buffer_slice(&fetching->entries)};
    return message_make(&message_entries, &message);
}

static bool room_get(struct database *database, const struct id *id, struct room_snapshot *room,
                     uint64_t *ref)
{
    bool has_row = false;
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ROOM_GET);
    bind_id(statement, 1, id);
    if (!database_row(database, statement, &has_row)) {
        return false;
    }
    *room = (struct room_snapshot){.exists = has_row, .head_hash = *id};
    *ref = 0;
    if (has_row) {
        *ref = column_number(statement, 0);
        room->head_seq = column_number(statement, 1);
        has_row = column_id(statement, 2, &room->head_hash);
    }
    sqlite3_reset(statement);
    return true;
}

/* The answer waits until the writer has the fetch in its log: a read is never unlogged. */
static void fetched_hand_over(struct reader *reader, struct job *job, struct parcel *message,
                              uint64_t first, uint64_t last)
{
    if (first == 0) {
        answer_parcel(reader, job->session, message); /* nothing was read */
        job_free(job);
        return;
    }
    job->type = JOB_FETCHED;
    job->bytes = message;
    job->first = first;
    job->last = last;
    /* Counted before the writer can have it, and taken back when it does not get it. */
    uint64_t bytes = parcel_slice(message).len;
    uint64_t waiting = atomic_fetch_add(reader->fetched_bytes, bytes) + bytes;
    bool has_room = waiting <= reader->fetched_bytes_max;
    if (!has_room || !mailbox_put(reader->writes, &job)) {
        *reader->fetched_bytes -= bytes;
        answer_error(reader, job, ENRUM_BUSY);
        job_free(job);
    }
}

static void fetch_run(struct reader *reader, struct job *job)
{
    struct fetching *fetching = calloc(1, sizeof *fetching);
    struct room_snapshot room;
    uint64_t ref = 0;
    struct parcel *message = NULL;
    if (fetching != NULL) {
        fetching->database = &reader->databases[job->board];
        fetching->job = job;
        buffer_init(&fetching->entries, FRAME_BYTES_MAX);
        buffer_init(&fetching->certificates, CERTIFICATES_BYTES_MAX);
        if (room_get(fetching->database, &job->room, &room, &ref)) {
            message = fetch_make(fetching, &room, ref);
        }
        buffer_fini(&fetching->entries);
        buffer_fini(&fetching->certificates);
    }
    if (message != NULL) {
        fetched_hand_over(reader, job, message, fetching->first, fetching->last);
    } else {
        answer_error(reader, job, ENRUM_STORE_FAILED);
        job_free(job);
    }
    free(fetching);
}

/* -- Blobs -- */

/* NULL: the database failed, or memory was short; *seq is 0 when there is no such blob. */
static struct parcel *blob_make(struct database *database, const struct job *job, uint64_t *seq)
{
    struct room_snapshot room;
    uint64_t ref = 0;
    bool has_row = false;
    if (!room_get(database, &job->room, &room, &ref)) {
        return NULL;
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_BLOB_READ);
    bind_number(statement, 1, ref);
    bind_id(statement, 2, &job->blob);
    if (!database_row(database, statement, &has_row)) {
        return NULL;
    }
    struct parcel *parcel = NULL;
    if (has_row) {
        struct msg_blob message = {.request = job->request,
                                   .board = database->board,
                                   .room = job->room,
                                   .bytes = column_slice(statement, 1)};
        parcel = message_make(&message_blob, &message);
        *seq = column_number(statement, 0);
    } else {
        struct msg_error error = {.request = job->request, .code = ENRUM_BLOB_UNKNOWN};
        parcel = message_make(&message_error, &error);
    }
    sqlite3_reset(statement);
    return parcel;
}

static void blob_get_run(struct reader *reader, struct job *job)
{
    uint64_t seq = 0;
    struct parcel *message = blob_make(&reader->databases[job->board], job, &seq);
    if (message != NULL) {
        job->flag = true;
        fetched_hand_over(reader, job, message, seq, seq);
    } else {
        answer_error(reader, job, ENRUM_STORE_FAILED);
        job_free(job);
    }
}

static struct parcel *blobs_make(struct database *database, const struct job *job)
{
    struct slice asked = parcel_slice(job->bytes);
    struct room_snapshot room;
    struct buffer missing;
    uint64_t ref = 0;
    if (!room_get(database, &job->room, &room, &ref)) {
        return NULL;
    }
    buffer_init(&missing, (size_t)BLOBS_PER_ENTRY_MAX * ID_BYTES);
    bool good = true;
    for (size_t at = 0; good && at < asked.len; at += ID_BYTES) {
        bool has_row = false;
        struct id blob = id_of(asked.at + at);
        sqlite3_stmt *statement = database_statement(database, STATEMENT_BLOB_HAS);
        bind_number(statement, 1, ref);
        bind_id(statement, 2, &blob);
        good = database_row(database, statement, &has_row);
        sqlite3_reset(statement);
        if (!has_row) {
            buffer_append_slice(&missing, id_slice(&blob));
        }
    }
    struct msg_blobs message = {.request = job->request,
                                .board = database->board,
                                .room = job->room,
                                .missing = buffer_slice(&missing)};
    struct parcel *parcel = good && !missing.failed ? message_make(&message_blobs, &message) : NULL;
    buffer_fini(&missing);
    return parcel;
}

/* -- Lists -- */

static struct parcel *room_list_make(struct database *database, const struct job *job)
{
    struct buffer rooms;
    buffer_init(&rooms, FRAME_BYTES_MAX);
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ROOMS_OF);
    bind_id(statement, 1, &job->subject);
    bind_slice(statement, 2, job->flag ? id_slice(&job->room) : slice_of("", 0));
    bind_number(statement, 3, ROOMS_PER_ANSWER_MAX + 1);
    struct msg_rooms message = {.request = job->request, .board = database->board};
    struct parcel *parcel = NULL;
    for (unsigned count = 0;; count++) {
        bool has_row = false;
        struct wire_room_head head = {0};
        if (!database_row(database, statement, &has_row)) {
            break;
        }
        message.more = has_row && count == ROOMS_PER_ANSWER_MAX;
        if (!has_row || message.more) {
            message.rooms = buffer_slice(&rooms);
            parcel = message_make(&message_rooms, &message);
            break;
        }
        head.seq = column_number(statement, 1);
        head.generation = column_number(statement, 3);
        if (!column_id(statement, 0, &head.room) || !column_id(statement, 2, &head.hash) ||
            layout_encode(&layout_room_head, &head, &rooms) != ENRUM_OK) {
            break;
        }
    }
    sqlite3_reset(statement);
    buffer_fini(&rooms);
    return parcel;
}

static struct parcel *fetch_log_make(struct database *database, const struct job *job)
{
    struct buffer rows;
    struct room_snapshot room;
    uint64_t ref = 0;
    if (!room_get(database, &job->room, &room, &ref)) {
        return NULL;
    }
    buffer_init(&rows, FRAME_BYTES_MAX);
    sqlite3_stmt *statement = database_statement(database, STATEMENT_FETCHES);
    bind_number(statement, 1, ref);
    bind_number(statement, 2, job->number);
    bind_number(statement, 3, FETCH_LOG_ITEMS_MAX);
    struct parcel *parcel = NULL;
    for (;;) {
        bool has_row = false;
        struct wire_fetched row = {0};
        if (!database_row(database, statement, &has_row)) {
            break;
        }
        if (!has_row) {
            struct msg_fetch_log message = {.request = job->request,
                                            .board = database->board,
                                            .room = job->room,
                                            .rows = buffer_slice(&rows)};
            parcel = message_make(&message_fetch_log, &message);
            break;
        }
        row.first = column_number(statement, 1);
        row.last = column_number(statement, 2);
        row.at = column_number(statement, 3);
        if (!column_id(statement, 0, &row.device) ||
            layout_encode(&layout_fetched, &row, &rows) != ENRUM_OK) {
            break;
        }
    }
    sqlite3_reset(statement);
    buffer_fini(&rows);
    return parcel;
}

static struct parcel *board_make(struct database *database, const struct job *job)
{
    struct buffer keepers;
    buffer_init(&keepers, 16384);
    sqlite3_stmt *statement = database_statement(database, STATEMENT_KEEPERS);
    bind_number(statement, 1, KEEPERS_MAX);
    bool has_row = true, good = true;
    while (good && has_row) {
        good = database_row(database, statement, &has_row);
        if (good && has_row) {
            buffer_append_slice(&keepers, column_slice(statement, 0));
        }
    }
    sqlite3_reset(statement);
    struct msg_board message = {.request = job->request,
                                .board = database->board,
                                .keeper_here = job->flag,
                                .keepers = buffer_slice(&keepers)};
    struct parcel *parcel = good && !keepers.failed ? message_make(&message_board, &message) : NULL;
    buffer_fini(&keepers);
    return parcel;
}

/* One message a letter. */
static void letters_tell(struct reader *reader, const struct job *job)
{
    struct database *database = &reader->databases[job->board];
    sqlite3_stmt *statement = database_statement(database, STATEMENT_LETTERS);
    for (;;) {
        bool has_row = false;
        struct msg_letter_in message = {.board = database->board, .durable = 1};
        if (!database_row(database, statement, &has_row) || !has_row) {
            break;
        }
        message.letter = column_slice(statement, 1);
        if (column_id(statement, 0, &message.id)) {
            struct parcel *parcel = message_make(&message_letter_in, &message);
            if (parcel != NULL) {
                answer_parcel(reader, job->session, parcel);
            }
        }
    }
    sqlite3_reset(statement);
}

void reader_run(struct reader *reader, struct job *job)
{
    struct database *database = &reader->databases[job->board];
    struct parcel *message = NULL;
    switch (job->type) {
    case JOB_FETCH:
        fetch_run(reader, job);
        return;
    case JOB_LETTER_LIST:
        letters_tell(reader, job);
        job_free(job);
        return;
    case JOB_BLOB_GET:
        blob_get_run(reader, job);
        return;
    case JOB_BLOB_ASK:
        message = blobs_make(database, job);
        break;
    case JOB_ROOM_LIST:
        message = room_list_make(database, job);
        break;
    case JOB_FETCH_LOG:
        message = fetch_log_make(database, job);
        break;
    case JOB_BOARD_GET:
        message = board_make(database, job);
        break;
    case JOB_APPEND:
    case JOB_FIND:
    case JOB_ROOM_LOAD:
    case JOB_CERTIFICATE:
    case JOB_LETTER_PUT:
    case JOB_LETTER_DONE:
    case JOB_FETCHED:
    case JOB_BLOB_PUT:
    case JOB_BLOBS_SWEEP:
        CHECK(false);
    }
    if (message != NULL) {
        answer_parcel(reader, job->session, message);
    } else {
        answer_error(reader, job, ENRUM_STORE_FAILED);
    }
    job_free(job);
}
