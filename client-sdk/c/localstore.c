/* localstore -- see localstore.h. */
#include "localstore.h"

#include "localsteps.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum statement {
    META_GET,
    META_PUT,
    CERTIFICATE_PUT,
    CERTIFICATES,
    ROOM_PUT,
    ROOM_REMOVE,
    ROOMS,
    ENTRY_PUT,
    ENTRIES,
    DRAFT_ADD,
    DRAFT_PUT,
    DRAFT_REMOVE,
    DRAFTS,
    BLOB_PUT,
    BLOB_GET,
    BLOBS_REMOVE,
    RECEIPT_PUT,
    RECEIPTS,
    STATEMENT_COUNT,
};

static const char *const statement_texts[STATEMENT_COUNT] = {
    [META_GET] = "SELECT value FROM meta WHERE name = ?1",
    [META_PUT] = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)",
    [CERTIFICATE_PUT] =
        "INSERT OR IGNORE INTO certificate (hash, is_keeper, bytes) VALUES (?1, ?2, ?3)",
    [CERTIFICATES] = "SELECT bytes FROM certificate ORDER BY is_keeper DESC, rowid",
    [ROOM_PUT] = "INSERT OR REPLACE INTO room (room, keeper_seq, keeper_hash, sent_seq, type, "
                 "trouble, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ROOM_REMOVE] = "DELETE FROM room WHERE room = ?1",
    [ROOMS] = "SELECT room, keeper_seq, keeper_hash, sent_seq, type, trouble, title FROM room "
              "ORDER BY room",
    [ENTRY_PUT] = "INSERT INTO entry (room, seq, hash, stored) VALUES (?1, ?2, ?3, ?4)",
    [ENTRIES] = "SELECT seq, hash, stored FROM entry WHERE room = ?1 AND seq >= ?2 "
                "ORDER BY seq LIMIT ?3",
    [DRAFT_ADD] = "INSERT INTO outbox (room, is_create, random, class, device_seq, open, content, "
                  "bytes) VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [DRAFT_PUT] = "UPDATE outbox SET room = ?2, is_create = ?3, random = ?4, class = ?5, "
                  "device_seq = ?6, open = ?7, content = ?8, bytes = ?9 WHERE id = ?1",
    [DRAFT_REMOVE] = "DELETE FROM outbox WHERE id = ?1",
    [DRAFTS] = "SELECT id, room, is_create, random, class, device_seq, open, content, bytes "
               "FROM outbox ORDER BY device_seq, id",
    [BLOB_PUT] = "INSERT INTO outbox_blob (draft, place, id, bytes) VALUES (?1, ?2, ?3, ?4)",
    [BLOB_GET] = "SELECT bytes FROM outbox_blob WHERE draft = ?1 AND place = ?2",
    [BLOBS_REMOVE] = "DELETE FROM outbox_blob WHERE draft = ?1",
    [RECEIPT_PUT] =
        "INSERT OR IGNORE INTO receipt (room, seq, device_seq, ack) VALUES (?1, ?2, ?3, ?4)",
    [RECEIPTS] = "SELECT seq, device_seq, ack FROM receipt WHERE room = ?1 ORDER BY seq",
};

struct localstore {
    sqlite3 *db;
    bool is_gathering;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* -- Opening -- */

static bool run(struct localstore *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool prepare_all(struct localstore *store)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        if (sqlite3_prepare_v3(store->db, statement_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

static bool schema_make(struct localstore *store, const struct localstore_watch *watch)
{
    struct schema schema = {.tell_every_ms = SCHEMA_TELL_EVERY_MS};
    if (watch != NULL) {
        schema.keeps_copy = watch->keeps_copy;
        schema.tell = watch->tell;
        schema.context = watch->context;
    }
    schema.steps = localstore_steps(&schema.newest);
    return schema_look(&schema, store->db) != SCHEMA_REFUSED &&
           run(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                      "PRAGMA secure_delete = ON; PRAGMA busy_timeout = 2000") &&
           schema_raise(&schema, store->db);
}

enum enrum_err localstore_open(const char *path, const struct localstore_watch *watch,
                               struct localstore **out)
{
    struct localstore *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return ENRUM_MEMORY;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK || !schema_make(store, watch) ||
        !prepare_all(store)) {
        localstore_close(store);
        return ENRUM_FILE_FAILED;
    }
    *out = store;
    return ENRUM_OK;
}

void localstore_close(struct localstore *store)
{
    if (store == NULL) {
        return;
    }
    if (store->is_gathering) {
        (void)localstore_commit(store);
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
    }
    sqlite3_close(store->db);
    free(store);
}

enum enrum_err localstore_commit(struct localstore *store)
{
    if (!store->is_gathering) {
        return ENRUM_OK;
    }
    store->is_gathering = false;
    if (run(store, "COMMIT")) {
        return ENRUM_OK;
    }
    (void)run(store, "ROLLBACK");
    return ENRUM_FILE_FAILED;
}

void localstore_undo(struct localstore *store)
{
    if (store->is_gathering) {
        store->is_gathering = false;
        (void)run(store, "ROLLBACK");
    }
}

/* -- Statements -- */

/* A reset statement with nothing bound. */
static sqlite3_stmt *take(struct localstore *store, enum statement which)
{
    sqlite3_stmt *statement = store->statements[which];
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

static void bind_slice(sqlite3_stmt *statement, int at, struct slice bytes)
{
    if (bytes.len == 0) {
        sqlite3_bind_zeroblob(statement, at, 0);
    } else {
        sqlite3_bind_blob64(statement, at, bytes.at, bytes.len, SQLITE_STATIC);
    }
}

static void bind_id(sqlite3_stmt *statement, int at, const struct id *id)
{
    bind_slice(statement, at, id_slice(id));
}

static void bind_u64(sqlite3_stmt *statement, int at, uint64_t number)
{
    sqlite3_bind_int64(statement, at, (sqlite3_int64)number);
}

static struct slice column_slice(sqlite3_stmt *statement, int at)
{
    const void *bytes = sqlite3_column_blob(statement, at);
    return (struct slice){bytes, (size_t)sqlite3_column_bytes(statement, at)};
}

static struct id column_id(sqlite3_stmt *statement, int at)
{
    struct id id = {{0}};
    (void)id_of_opt(column_slice(statement, at), &id);
    return id;
}

static uint64_t column_u64(sqlite3_stmt *statement, int at)
{
    return (uint64_t)sqlite3_column_int64(statement, at);
}

/* Runs a statement that answers nothing, in the transaction that gathers. */
static enum enrum_err write_run(struct localstore *store, sqlite3_stmt *statement)
{
    if (!store->is_gathering) {
        if (!run(store, "BEGIN IMMEDIATE")) {
            return ENRUM_FILE_FAILED;
        }
        store->is_gathering = true;
    }
    bool good = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return good ? ENRUM_OK : ENRUM_FILE_FAILED;
}

/* After the last row. */
static enum enrum_err read_end(sqlite3_stmt *statement, int result)
{
    sqlite3_reset(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW ? ENRUM_OK : ENRUM_FILE_FAILED;
}

/* -- Meta, certificates -- */

enum enrum_err localstore_meta_get(struct localstore *store, const char *name, struct buffer *out)
{
    sqlite3_stmt *statement = take(store, META_GET);
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        buffer_append_slice(out, column_slice(statement, 0));
    }
    enum enrum_err err = read_end(statement, result);
    return err == ENRUM_OK && out->failed ? ENRUM_MEMORY : err;
}

enum enrum_err localstore_meta_put(struct localstore *store, const char *name, struct slice value)
{
    sqlite3_stmt *statement = take(store, META_PUT);
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    bind_slice(statement, 2, value);
    return write_run(store, statement);
}

enum enrum_err localstore_certificate_put(struct localstore *store, const struct id *hash,
                                          bool is_keeper, struct slice bytes)
{
    sqlite3_stmt *statement = take(store, CERTIFICATE_PUT);
    bind_id(statement, 1, hash);
    bind_u64(statement, 2, is_keeper);
    bind_slice(statement, 3, bytes);
    return write_run(store, statement);
}

enum enrum_err localstore_certificates(struct localstore *store,
                                       void (*each)(void *context, struct slice bytes),
                                       void *context)
{
    sqlite3_stmt *statement = take(store, CERTIFICATES);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        each(context, column_slice(statement, 0));
    }
    return read_end(statement, result);
}

/* -- Rooms -- */

enum enrum_err localstore_room_put(struct localstore *store, const struct local_room *room)
{
    sqlite3_stmt *statement = take(store, ROOM_PUT);
    bind_id(statement, 1, &room->room);
    bind_u64(statement, 2, room->keeper_head.seq);
    bind_id(statement, 3, &room->keeper_head.hash);
    bind_u64(statement, 4, room->sent_seq);
    bind_u64(statement, 5, room->type);
    bind_u64(statement, 6, room->trouble);
    sqlite3_bind_text(statement, 7, room->title, -1, SQLITE_STATIC);
    return write_run(store, statement);
}

enum enrum_err localstore_room_remove(struct localstore *store, const struct id *room)
{
    sqlite3_stmt *statement = take(store, ROOM_REMOVE);
    bind_id(statement, 1, room);
    return write_run(store, statement);
}

enum enrum_err localstore_rooms(struct localstore *store,
                                void (*each)(void *context, const struct local_room *room),
                                void *context)
{
    sqlite3_stmt *statement = take(store, ROOMS);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct local_room room = {
            .room = column_id(statement, 0),
            .keeper_head = {column_u64(statement, 1), column_id(statement, 2)},
            .sent_seq = column_u64(statement, 3),
            .type = column_u64(statement, 4),
            .trouble = column_u64(statement, 5),
        };
        const char *title = (const char *)sqlite3_column_text(statement, 6);
        (void)snprintf(room.title, sizeof room.title, "%s", title != NULL ? title : "");
        each(context, &room);
    }
    return read_end(statement, result);
}

/* -- Entries -- */

enum enrum_err localstore_entry_put(struct localstore *store, const struct id *room, uint64_t seq,
                                    const struct id *hash, struct slice stored)
{
    sqlite3_stmt *statement = take(store, ENTRY_PUT);
    bind_id(statement, 1, room);
    bind_u64(statement, 2, seq);
    bind_id(statement, 3, hash);
    bind_slice(statement, 4, stored);
    return write_run(store, statement);
}

enum enrum_err localstore_entries(struct localstore *store, const struct id *room, uint64_t first,
                                  uint64_t limit,
                                  bool (*each)(void *context, uint64_t seq, const struct id *hash,
                                               struct slice stored),
                                  void *context)
{
    /* Its own statement: what is called back may walk entries too. */
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, statement_texts[ENTRIES], -1, &statement, NULL) !=
        SQLITE_OK) {
        return ENRUM_FILE_FAILED;
    }
    bind_id(statement, 1, room);
    bind_u64(statement, 2, first);
    bind_u64(statement, 3, limit);
    int result;
    bool goes_on = true;
    while (goes_on && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct id hash = column_id(statement, 1);
        goes_on = each(context, column_u64(statement, 0), &hash, column_slice(statement, 2));
    }
    enum enrum_err err = !goes_on || result == SQLITE_DONE ? ENRUM_OK : ENRUM_FILE_FAILED;
    sqlite3_finalize(statement);
    return err;
}

/* -- Outbox -- */

enum enrum_err localstore_draft_put(struct localstore *store, struct local_draft *draft)
{
    sqlite3_stmt *statement = take(store, draft->id == 0 ? DRAFT_ADD : DRAFT_PUT);
    if (draft->id != 0) {
        bind_u64(statement, 1, draft->id);
    }
    bind_id(statement, 2, &draft->room);
    bind_u64(statement, 3, draft->is_create);
    bind_id(statement, 4, &draft->random);
    bind_u64(statement, 5, draft->class);
    bind_u64(statement, 6, draft->device_seq);
    bind_slice(statement, 7, draft->open);
    bind_slice(statement, 8, draft->content);
    bind_slice(statement, 9, draft->bytes);
    enum enrum_err err = write_run(store, statement);
    if (err == ENRUM_OK && draft->id == 0) {
        draft->id = (uint64_t)sqlite3_last_insert_rowid(store->db);
    }
    return err;
}

enum enrum_err localstore_draft_remove(struct localstore *store, uint64_t id)
{
    static const enum statement removals[] = {BLOBS_REMOVE, DRAFT_REMOVE};
    enum enrum_err err = ENRUM_OK;
    for (size_t i = 0; err == ENRUM_OK && i < sizeof removals / sizeof removals[0]; i++) {
        sqlite3_stmt *statement = take(store, removals[i]);
        bind_u64(statement, 1, id);
        err = write_run(store, statement);
    }
    return err;
}

enum enrum_err localstore_blob_put(struct localstore *store, uint64_t draft, size_t place,
                                   const struct id *id, struct slice bytes)
{
    sqlite3_stmt *statement = take(store, BLOB_PUT);
    bind_u64(statement, 1, draft);
    bind_u64(statement, 2, place);
    bind_id(statement, 3, id);
    bind_slice(statement, 4, bytes);
    return write_run(store, statement);
}

enum enrum_err localstore_blob_get(struct localstore *store, uint64_t draft, size_t place,
                                   struct buffer *out)
{
    sqlite3_stmt *statement = take(store, BLOB_GET);
    bind_u64(statement, 1, draft);
    bind_u64(statement, 2, place);
    bool has_row = sqlite3_step(statement) == SQLITE_ROW;
    if (has_row) {
        buffer_append_slice(out, column_slice(statement, 0));
    }
    sqlite3_reset(statement);
    if (!has_row) {
        return ENRUM_FILE_FAILED;
    }
    return out->failed ? ENRUM_MEMORY : ENRUM_OK;
}

enum enrum_err localstore_drafts(struct localstore *store,
                                 void (*each)(void *context, const struct local_draft *draft),
                                 void *context)
{
    sqlite3_stmt *statement = take(store, DRAFTS);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct local_draft draft = {
            .id = column_u64(statement, 0),
            .room = column_id(statement, 1),
            .is_create = column_u64(statement, 2) != 0,
            .random = column_id(statement, 3),
            .class = column_u64(statement, 4),
            .device_seq = column_u64(statement, 5),
            .open = column_slice(statement, 6),
            .content = column_slice(statement, 7),
            .bytes = column_slice(statement, 8),
        };
        each(context, &draft);
    }
    return read_end(statement, result);
}

/* -- Receipts -- */

enum enrum_err localstore_receipt_put(struct localstore *store, const struct id *room, uint64_t seq,
                                      uint64_t device_seq, struct slice ack)
{
    sqlite3_stmt *statement = take(store, RECEIPT_PUT);
    bind_id(statement, 1, room);
    bind_u64(statement, 2, seq);
    bind_u64(statement, 3, device_seq);
    bind_slice(statement, 4, ack);
    return write_run(store, statement);
}

enum enrum_err localstore_receipts(struct localstore *store, const struct id *room,
                                   void (*each)(void *context, uint64_t seq, uint64_t device_seq,
                                                struct slice ack),
                                   void *context)
{
    sqlite3_stmt *statement = take(store, RECEIPTS);
    bind_id(statement, 1, room);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        each(context, column_u64(statement, 0), column_u64(statement, 1),
             column_slice(statement, 2));
    }
    return read_end(statement, result);
}
