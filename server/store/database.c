/* database -- see database.h. */
#include "store/database.h"

#include "base/clock.h"
#include "base/slog.h"
#include "store/durable.h"
#include "store/steps.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUSY_WAIT_MS = 10000, TOLD_AGAIN_MS = 60000 };

static const char *const statement_texts[] = {
#define STATEMENT(name, sql) sql,
#include "store/statements.def"
#undef STATEMENT
};

/* -- Trouble -- */

bool database_told(struct database *database, const char *what, int code)
{
    const struct clock clock = clock_system();
    struct trouble *trouble = &database->trouble;
    uint64_t now = clock_monotonic_ms(&clock);
    if (trouble->code != 0 && now - trouble->told_ms < TOLD_AGAIN_MS) {
        trouble->untold++;
        return false;
    }
    slog(SLOG_ERROR, "store_failed", slog_str("what", what),
         slog_hex("board", database->board.bytes, 8), slog_i64("code", code),
         slog_str("message", sqlite3_errstr(code)), slog_u64("untold", trouble->untold));
    *trouble = (struct trouble){.code = code, .told_ms = now};
    return false;
}

void database_trouble_end(struct database *database)
{
    database->trouble = (struct trouble){0};
}

static bool told(struct database *database, const char *what)
{
    return database_told(database, what, sqlite3_extended_errcode(database->connection));
}

/* -- Opening -- */

static bool run_text(struct database *database, const char *sql, const char *what)
{
    return sqlite3_exec(database->connection, sql, NULL, NULL, NULL) == SQLITE_OK ||
           told(database, what);
}

/* What SQLite says of a failing disk is told as all of its failures are, not each time. */
static void on_news(void *context, const struct schema_news *news)
{
    struct database *database = context;
    const char *type = schema_news_name(news->type);
    if (news->type == SCHEMA_UNUSABLE && news->code != 0) {
        (void)database_told(database, type, news->code);
        return;
    }
    slog(news->why == NULL ? SLOG_INFO : SLOG_ERROR, "schema", slog_str("what", type),
         slog_hex("board", database->board.bytes, 8), slog_i64("from", news->from),
         slog_i64("to", news->to), slog_u64("percent", news->percent), slog_str("copy", news->file),
         slog_str("why", news->why));
}

/* The newest schema, on the disk. Steps build only on what is there for certain. */
static bool schema_make(struct database *database, const char *folder)
{
    struct schema schema = {.keeps_copy = true,
                            .tell_every_ms = SCHEMA_TELL_EVERY_MS,
                            .tell = on_news,
                            .context = database};
    schema.steps = store_steps(&schema.newest);
    enum schema_state state = schema_look(&schema, database->connection);
    return state != SCHEMA_REFUSED &&
           run_text(database,
                    "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
                    "open") &&
           (state != SCHEMA_OLDER || durable_make(database, folder)) &&
           schema_raise(&schema, database->connection);
}

static bool statements_prepare(struct database *database)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (sqlite3_prepare_v3(database->connection, statement_texts[i], -1,
                               SQLITE_PREPARE_PERSISTENT, &database->statements[i],
                               NULL) != SQLITE_OK) {
            return told(database, statement_texts[i]);
        }
    }
    return true;
}

/* After each commit; its checkpoints are the writer's own, so that their failures are seen. */
static int on_commit(void *context, sqlite3 *connection, const char *name, int pages)
{
    struct database *database = context;
    (void)connection, (void)name;
    database->log_pages = pages;
    return SQLITE_OK;
}

static bool writer_prepare(struct database *database, const char *folder)
{
    if (!schema_make(database, folder) || !statements_prepare(database)) {
        return false;
    }
    (void)sqlite3_wal_hook(database->connection, on_commit, database);
    return durable_make(database, folder);
}

bool database_open(struct database *database, const char *folder, const struct id *board,
                   bool is_reader)
{
    char hex[65], path[4096];
    id_hex(board, hex);
    *database = (struct database){.board = *board, .trouble = database->trouble};
    if (snprintf(path, sizeof path, "%s/%s.db", folder, hex) >= (int)sizeof path) {
        return false;
    }
    int flags = SQLITE_OPEN_NOMUTEX |
                (is_reader ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    bool good = sqlite3_open_v2(path, &database->connection, flags, NULL) == SQLITE_OK ||
                told(database, "open");
    if (good) {
        sqlite3_busy_timeout(database->connection, BUSY_WAIT_MS);
        good = is_reader ? run_text(database, "PRAGMA query_only = 1", "open") &&
                               statements_prepare(database)
                         : writer_prepare(database, folder);
    }
    if (!good) {
        database_close(database);
    }
    return good;
}

void database_close(struct database *database)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(database->statements[i]);
        database->statements[i] = NULL;
    }
    sqlite3_close(database->connection);
    database->connection = NULL;
    database->is_in_transaction = false;
}

sqlite3_stmt *database_statement(struct database *database, enum statement which)
{
    sqlite3_stmt *statement = database->statements[which];
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

void bind_id(sqlite3_stmt *statement, int at, const struct id *id)
{
    sqlite3_bind_blob(statement, at, id->bytes, ID_BYTES, SQLITE_TRANSIENT);
}

void bind_slice(sqlite3_stmt *statement, int at, struct slice bytes)
{
    /* A null pointer would bind NULL, and an empty blob is not that. */
    sqlite3_bind_blob64(statement, at, bytes.len > 0 ? (const void *)bytes.at : "", bytes.len,
                        SQLITE_TRANSIENT);
}

void bind_number(sqlite3_stmt *statement, int at, uint64_t number)
{
    sqlite3_bind_int64(statement, at, (sqlite3_int64)number);
}

struct slice column_slice(sqlite3_stmt *statement, int at)
{
    const void *bytes = sqlite3_column_blob(statement, at);
    return slice_of(bytes, (size_t)sqlite3_column_bytes(statement, at));
}

uint64_t column_number(sqlite3_stmt *statement, int at)
{
    return (uint64_t)sqlite3_column_int64(statement, at);
}

bool column_id(sqlite3_stmt *statement, int at, struct id *out)
{
    return id_of_opt(column_slice(statement, at), out);
}

bool database_row(struct database *database, sqlite3_stmt *statement, bool *has_row)
{
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return told(database, sqlite3_sql(statement));
    }
    *has_row = code == SQLITE_ROW;
    return true;
}

bool database_run(struct database *database, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    bool good = code == SQLITE_DONE || told(database, sqlite3_sql(statement));
    sqlite3_reset(statement);
    return good;
}

bool database_begin(struct database *database)
{
    if (!database->is_in_transaction) {
        database->is_in_transaction = database_run(database,
                                                   database_statement(database, STATEMENT_BEGIN));
    }
    return database->is_in_transaction;
}

bool database_commit(struct database *database)
{
    if (!database->is_in_transaction) {
        return true;
    }
    if (!database_run(database, database_statement(database, STATEMENT_COMMIT))) {
        return false;
    }
    database->is_in_transaction = false;
    return true;
}

void database_rollback(struct database *database)
{
    /* A question that was left in the middle would keep its view of the log. */
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_reset(database->statements[i]);
    }
    if (sqlite3_get_autocommit(database->connection) == 0) {
        (void)database_run(database, database_statement(database, STATEMENT_ROLLBACK));
    }
    database->is_in_transaction = false;
}

bool database_checkpoint(struct database *database, int mode)
{
    int code = sqlite3_wal_checkpoint_v2(database->connection, NULL, mode, NULL, NULL);
    if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED) {
        return told(database, "checkpoint");
    }
    database->log_pages = 0;
    return true;
}

/* -- A room -- */

static bool members_read(struct database *database, uint64_t ref, struct room_snapshot *room)
{
    sqlite3_stmt *statement = database_statement(database, STATEMENT_MEMBERS);
    bind_number(statement, 1, ref);
    for (;;) {
        bool has_row = false;
        if (!database_row(database, statement, &has_row)) {
            return false;
        }
        if (!has_row) {
            sqlite3_reset(statement);
            return true;
        }
        struct room_member *grown = realloc(room->members,
                                            (room->member_count + 1) * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        room->members = grown;
        struct room_member *member = &grown[room->member_count++];
        member->role = column_number(statement, 1);
        if (!column_id(statement, 0, &member->person)) {
            return false;
        }
    }
}

static bool devices_read(struct database *database, uint64_t ref, struct room_snapshot *room)
{
    sqlite3_stmt *statement = database_statement(database, STATEMENT_DEVICES);
    bind_number(statement, 1, ref);
    for (;;) {
        bool has_row = false;
        if (!database_row(database, statement, &has_row)) {
            return false;
        }
        if (!has_row) {
            sqlite3_reset(statement);
            return true;
        }
        struct room_device *grown = realloc(room->devices,
                                            (room->device_count + 1) * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        room->devices = grown;
        struct room_device *device = &grown[room->device_count++];
        device->last_seq = column_number(statement, 1);
        device->is_removed = column_number(statement, 2) != 0;
        if (!column_id(statement, 0, &device->device)) {
            return false;
        }
    }
}

bool database_room(struct database *database, const struct id *room, struct room_snapshot *out)
{
    struct room_snapshot snapshot = {.board = database->board, .room = *room, .head_hash = *room};
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ROOM_GET);
    bind_id(statement, 1, room);
    bool has_row = false;
    if (!database_row(database, statement, &has_row)) {
        return false;
    }
    if (has_row) {
        uint64_t ref = column_number(statement, 0);
        snapshot.exists = true;
        snapshot.head_seq = column_number(statement, 1);
        snapshot.generation = column_number(statement, 3);
        snapshot.purpose = column_number(statement, 4);
        snapshot.received_at = column_number(statement, 5);
        bool good = column_id(statement, 2, &snapshot.head_hash);
        sqlite3_reset(statement);
        if (!good || !members_read(database, ref, &snapshot) ||
            !devices_read(database, ref, &snapshot)) {
            room_snapshot_free(&snapshot);
            return false;
        }
    }
    sqlite3_reset(statement);
    *out = snapshot;
    return true;
}

bool database_room_holds(struct database *database, const struct room_snapshot *room, bool *holds)
{
    bool has_row = false;
    if (!room->exists) {
        *holds = true;
        return true;
    }
    sqlite3_stmt *statement = database_statement(database, STATEMENT_ROOM_LAST);
    bind_id(statement, 1, &room->room);
    if (!database_row(database, statement, &has_row)) {
        return false;
    }
    struct id hash;
    *holds = has_row && column_number(statement, 0) == room->head_seq &&
             column_id(statement, 1, &hash) && id_equal(&hash, &room->head_hash);
    sqlite3_reset(statement);
    return true;
}
