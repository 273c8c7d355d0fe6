/* append -- see append.h. */
#include "store/append.h"

#include "base/check.h"

struct appending {
    struct database *database;
    const struct append_job *job;
    uint64_t room_ref, device_ref;
};

/* Finds the room's row; one that is to be made is not there yet. CONFLICT_HEAD when what stands is
 * not what the job was judged against. */
static enum append_outcome room_find(struct appending *appending)
{
    struct database *database = appending->database;
    const struct append_job *job = appending->job;
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ROOM_GET);
    bind_id(statement, 1, &job->room);
    bool has_row = false;
    if (!database_row(database, statement, &has_row)) {
        return APPEND_FAILED;
    }
    if (has_row != !job->creates_room) {
        sqlite3_reset(statement);
        return APPEND_CONFLICT_HEAD;
    }
    if (has_row) {
        struct id hash;
        bool is_base = column_number(statement, 1) == job->base_seq &&
                       column_id(statement, 2, &hash) && id_equal(&hash, &job->base_hash);
        appending->room_ref = column_number(statement, 0);
        sqlite3_reset(statement);
        return is_base ? APPEND_DONE : APPEND_CONFLICT_HEAD;
    }
    return APPEND_DONE;
}

static bool room_make(struct appending *appending)
{
    struct database *database = appending->database;
    if (!appending->job->creates_room) {
        return true;
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ROOM_ADD);
    bind_id(statement, 1, &appending->job->room);
    if (!database_run(database, statement)) {
        return false;
    }
    appending->room_ref = (uint64_t)sqlite3_last_insert_rowid(database->connection);
    return true;
}

static bool device_set(const struct appending *appending, const struct room_device *device)
{
    sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_DEVICE_SET);
    bind_number(statement, 1, appending->room_ref);
    bind_id(statement, 2, &device->device);
    bind_number(statement, 3, device->last_seq);
    bind_number(statement, 4, device->is_removed);
    return database_run(appending->database, statement);
}

static bool author_set(struct appending *appending)
{
    const struct append_job *job = appending->job;
    struct room_device author = {.device = job->device,
                                 .last_seq = job->first_device_seq + job->entry_count - 1};
    bool has_row = false;
    if (!device_set(appending, &author)) {
        return false;
    }
    sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_DEVICE_GET);
    bind_number(statement, 1, appending->room_ref);
    bind_id(statement, 2, &job->device);
    if (!database_row(appending->database, statement, &has_row) || !has_row) {
        return false;
    }
    appending->device_ref = column_number(statement, 0);
    sqlite3_reset(statement);
    return true;
}

/* Does the entry name the history that stands? */
static enum append_outcome seen_check(const struct appending *appending, const struct entry *entry)
{
    const struct append_job *job = appending->job;
    const struct wire_head *head = &entry->head;
    struct id hash = job->room;
    if (head->seen_seq > job->base_seq) {
        uint64_t index = head->seen_seq - job->base_seq - 1;
        if (index >= job->entry_count) {
            return APPEND_CONFLICT_SEEN;
        }
        hash = job->entries[index].hash;
    } else if (head->seen_seq > 0) {
        sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_ENTRY_HASH);
        bind_number(statement, 1, appending->room_ref);
        bind_number(statement, 2, head->seen_seq);
        bool has_row = false;
        if (!database_row(appending->database, statement, &has_row) || !has_row ||
            !column_id(statement, 0, &hash)) {
            sqlite3_reset(statement);
            return APPEND_FAILED;
        }
        sqlite3_reset(statement);
    }
    return id_equal(&hash, &head->seen_hash) ? APPEND_DONE : APPEND_CONFLICT_SEEN;
}

static struct entry entry_at(const struct appending *appending, size_t index)
{
    struct entry entry;
    struct slice bytes = parcel_slice(appending->job->entries[index].bytes);
    CHECK(entry_next_bare(&bytes, &entry) == ENRUM_OK && bytes.len == 0);
    return entry;
}

/* A cause is there once: in what stands, and in the append itself. */
static enum append_outcome cause_check(const struct appending *appending, const struct entry *entry,
                                       size_t index)
{
    bool has_row = false;
    if (entry->cause.len == 0) {
        return APPEND_DONE;
    }
    for (size_t i = 0; i < index; i++) {
        if (slice_equal(entry_at(appending, i).cause, entry->cause)) {
            return APPEND_CONFLICT_CAUSE;
        }
    }
    sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_ENTRY_CAUSE);
    bind_number(statement, 1, appending->room_ref);
    bind_slice(statement, 2, entry->cause);
    bool good = database_row(appending->database, statement, &has_row);
    sqlite3_reset(statement);
    if (!good) {
        return APPEND_FAILED;
    }
    return has_row ? APPEND_CONFLICT_CAUSE : APPEND_DONE;
}

static bool entry_add(const struct appending *appending, const struct entry *entry, size_t index)
{
    const struct append_job *job = appending->job;
    sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_ENTRY_ADD);
    bind_number(statement, 1, appending->room_ref);
    bind_number(statement, 2, job->base_seq + 1 + index);
    bind_number(statement, 3, appending->device_ref);
    bind_number(statement, 4, entry->head.device_seq);
    if (entry->cause.len > 0) {
        bind_slice(statement, 5, entry->cause);
    }
    bind_number(statement, 6, job->received_at);
    bind_id(statement, 7, &job->entries[index].hash);
    bind_id(statement, 8, &job->entries[index].bytes_hash);
    bind_id(statement, 9, &job->certificate);
    bind_number(statement, 10, job->entry_count);
    bind_slice(statement, 11, entry->head_bytes);
    bind_slice(statement, 12, entry->open_bytes);
    bind_slice(statement, 13, entry->sealed);
    bind_slice(statement, 14, slice_of(entry->sig.bytes, SIG_BYTES));
    return database_run(appending->database, statement);
}

static bool row_drop(const struct appending *appending, enum statement which, uint64_t seq)
{
    sqlite3_stmt *statement = database_statement(appending->database, which);
    bind_number(statement, 1, appending->room_ref);
    bind_number(statement, 2, seq);
    return database_run(appending->database, statement);
}

/* The sealed part goes, the hash that stood for it in the chain stays. What is erased already stays
 * so. */
static bool sealed_erase(const struct appending *appending, uint64_t seq)
{
    sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_ENTRY_SEALED);
    bind_number(statement, 1, appending->room_ref);
    bind_number(statement, 2, seq);
    bool has_row = false;
    if (!database_row(appending->database, statement, &has_row)) {
        return false;
    }
    if (!has_row) {
        sqlite3_reset(statement);
        return true;
    }
    struct slice sealed = column_slice(statement, 0);
    struct id hash;
    suite_hash(LABEL_ENTRY_PART, &sealed, 1, &hash);
    sqlite3_reset(statement);
    statement = database_statement(appending->database, STATEMENT_ENTRY_ERASE);
    bind_number(statement, 1, appending->room_ref);
    bind_number(statement, 2, seq);
    bind_id(statement, 3, &hash);
    return database_run(appending->database, statement);
}

/* With its files. */
static bool erase(const struct appending *appending, uint64_t seq)
{
    return sealed_erase(appending, seq) && row_drop(appending, STATEMENT_BLOB_ERASE_BYTES, seq) &&
           row_drop(appending, STATEMENT_BLOB_ERASE, seq);
}

static bool revoke(const struct appending *appending, const struct id *subject)
{
    sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_REVOKED_ADD);
    bind_id(statement, 1, subject);
    return database_run(appending->database, statement);
}

static enum append_outcome entry_check(const struct appending *appending, size_t index)
{
    const struct entry entry = entry_at(appending, index);
    enum append_outcome outcome = seen_check(appending, &entry);
    return outcome == APPEND_DONE ? cause_check(appending, &entry, index) : outcome;
}

static bool entry_write(const struct appending *appending, size_t index)
{
    const struct entry entry = entry_at(appending, index);
    bool good = entry_add(appending, &entry, index);
    if (good && entry.head.class == CLASS_ERASE) {
        good = erase(appending, entry.open.erase.seq);
    } else if (good && entry.head.class == CLASS_MEMBER &&
               entry.open.member.operation == MEMBER_REVOKE) {
        good = revoke(appending, &entry.open.member.subject);
    }
    return good;
}

static bool membership_set(const struct appending *appending)
{
    const struct room_snapshot *after = &appending->job->after;
    struct database *database = appending->database;
    sqlite3_stmt *statement = database_statement(database, STATEMENT_MEMBERS_DROP);
    bind_number(statement, 1, appending->room_ref);
    bool good = database_run(database, statement);
    for (size_t i = 0; good && i < after->member_count; i++) {
        statement = database_statement(database, STATEMENT_MEMBER_ADD);
        bind_number(statement, 1, appending->room_ref);
        bind_id(statement, 2, &after->members[i].person);
        bind_number(statement, 3, after->members[i].role);
        good = database_run(database, statement);
    }
    for (size_t i = 0; good && i < after->device_count; i++) {
        good = !after->devices[i].is_removed || device_set(appending, &after->devices[i]);
    }
    return good;
}

static bool head_set(const struct appending *appending)
{
    const struct append_job *job = appending->job;
    sqlite3_stmt *statement = database_statement(appending->database, STATEMENT_ROOM_SET);
    bind_number(statement, 1, appending->room_ref);
    bind_number(statement, 2, job->after.head_seq);
    bind_id(statement, 3, &job->after.head_hash);
    bind_number(statement, 4, job->after.generation);
    bind_number(statement, 5, job->after.purpose);
    bind_number(statement, 6, job->received_at);
    return database_run(appending->database, statement);
}

static bool rows_write(struct appending *appending)
{
    bool good = room_make(appending) && author_set(appending);
    for (size_t i = 0; good && i < appending->job->entry_count; i++) {
        good = entry_write(appending, i);
    }
    return good && (!appending->job->membership_changes || membership_set(appending)) &&
           head_set(appending);
}

/* Each blob becomes its entry's: one that is not there, or another entry's, is a conflict. So what
 * is acknowledged has its files, and what is erased takes nobody else's with it. */
static enum append_outcome blobs_name(const struct appending *appending, struct slice blobs,
                                      uint64_t seq)
{
    struct database *database = appending->database;
    for (size_t at = 0; at < blobs.len; at += ID_BYTES) {
        struct id blob = id_of(blobs.at + at);
        sqlite3_stmt *statement = database_statement(database, STATEMENT_BLOB_NAME);
        bind_number(statement, 1, appending->room_ref);
        bind_id(statement, 2, &blob);
        bind_number(statement, 3, seq);
        if (!database_run(database, statement)) {
            return APPEND_FAILED;
        }
        if (sqlite3_changes(database->connection) == 0) {
            return APPEND_CONFLICT_BLOB;
        }
    }
    return APPEND_DONE;
}

static struct slice blobs_of(const struct appending *appending, size_t index)
{
    const struct entry entry = entry_at(appending, index);
    return entry.head.class == CLASS_RECORD ? entry.open.record.blobs : slice_of(NULL, 0);
}

/* Those of all entries, or none: one that is named twice is found by naming it. */
static enum append_outcome blobs_take(const struct appending *appending)
{
    struct database *database = appending->database;
    enum append_outcome outcome = APPEND_DONE;
    bool has_any = false, good = true;
    for (size_t i = 0; i < appending->job->entry_count; i++) {
        has_any = has_any || blobs_of(appending, i).len > 0;
    }
    if (!has_any) {
        return APPEND_DONE;
    }
    if (!database_run(database, database_statement(database, STATEMENT_SAVE))) {
        return APPEND_FAILED;
    }
    for (size_t i = 0; outcome == APPEND_DONE && i < appending->job->entry_count; i++) {
        outcome = blobs_name(appending, blobs_of(appending, i), appending->job->base_seq + 1 + i);
    }
    if (outcome == APPEND_CONFLICT_BLOB) {
        good = database_run(database, database_statement(database, STATEMENT_SAVE_UNDO));
    }
    if (outcome != APPEND_FAILED) {
        good = good && database_run(database, database_statement(database, STATEMENT_SAVE_END));
    }
    return good ? outcome : APPEND_FAILED;
}

/* All that may be refused is looked at before the first row is written: else each append would need
 * a savepoint, for which SQLite keeps a copy of every page that it touches. One that brings files
 * has one, for their small rows alone. */
enum append_outcome append_run(struct database *database, const struct append_job *job)
{
    struct appending appending = {.database = database, .job = job};
    if (!database_begin(database)) {
        return APPEND_FAILED;
    }
    enum append_outcome outcome = room_find(&appending);
    for (size_t i = 0; outcome == APPEND_DONE && i < job->entry_count; i++) {
        outcome = entry_check(&appending, i);
    }
    if (outcome == APPEND_DONE) {
        outcome = blobs_take(&appending);
    }
    return outcome == APPEND_DONE && !rows_write(&appending) ? APPEND_FAILED : outcome;
}
