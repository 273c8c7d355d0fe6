/* verdict -- the tables as they stand, read with a connection of its own. See scribe.h. */
#include "tests/fault/scribe.h"

#include <sqlite3.h>
#include <string.h>

static struct slice column(sqlite3_stmt *statement, int at)
{
    const void *bytes = sqlite3_column_blob(statement, at);
    return slice_of(bytes, (size_t)sqlite3_column_bytes(statement, at));
}

static bool column_is(sqlite3_stmt *statement, int at, const struct id *id)
{
    struct slice bytes = column(statement, at);
    return bytes.len == ID_BYTES && memcmp(bytes.at, id->bytes, ID_BYTES) == 0;
}

static sqlite3_stmt *prepare(sqlite3 *connection, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    (void)sqlite3_prepare_v2(connection, sql, -1, &statement, NULL);
    return statement;
}

static bool entry_read(sqlite3_stmt *statement, struct entry *out)
{
    struct sig sig;
    struct slice bytes = column(statement, 4);
    if (bytes.len != SIG_BYTES) {
        return false;
    }
    memcpy(sig.bytes, bytes.at, SIG_BYTES);
    return entry_of_parts(column(statement, 1), column(statement, 2), column(statement, 3), &sig,
                          slice_of("", 0), out) == ENRUM_OK;
}

/* One row of the log, at its place behind `hash`, which becomes its own. */
static bool row_follows(sqlite3_stmt *statement, uint64_t seq, struct id *hash)
{
    struct entry entry;
    bool good = (uint64_t)sqlite3_column_int64(statement, 0) == seq &&
                entry_read(statement, &entry);
    if (good) {
        struct id next;
        entry_chain(&entry, hash, seq, (uint64_t)sqlite3_column_int64(statement, 5), &next);
        good = column_is(statement, 6, &next);
        *hash = next;
    }
    return good;
}

/* Every entry of the room, from 1, without a gap and in one chain, up to the head that the room's
 * row says. */
static void room_judge_rows(sqlite3 *connection, const struct id *id, struct verdict *verdict)
{
    sqlite3_stmt *statement = prepare(
        connection, "SELECT e.seq, e.head, e.open, e.sealed, e.sig, e.received_at, e.hash,"
                    " r.head_seq, r.head_hash FROM entry e JOIN room r ON r.ref = e.room"
                    " WHERE r.id = ?1 ORDER BY e.seq");
    sqlite3_bind_blob(statement, 1, id->bytes, ID_BYTES, SQLITE_STATIC);
    struct id hash = *id;
    uint64_t seq = 0, head_seq = 0;
    bool is_head = true;
    int code = SQLITE_DONE;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        verdict->broken += !row_follows(statement, ++seq, &hash);
        head_seq = (uint64_t)sqlite3_column_int64(statement, 7);
        is_head = column_is(statement, 8, &hash);
    }
    verdict->broken += code != SQLITE_DONE || head_seq != seq || !is_head;
    verdict->entries += seq;
    sqlite3_finalize(statement);
}

/* Is the entry there that was promised, with its bytes, number and hash? */
static bool stands(sqlite3_stmt *statement, const struct scribe *scribe, const struct sent *sent,
                   size_t index)
{
    struct entry sent_entry, entry;
    uint64_t seq = sent->leaf.seq - sent->count + 1 + index;
    sqlite3_reset(statement);
    sqlite3_bind_blob(statement, 1, scribe->rooms[sent->room].room.bytes, ID_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)seq);
    if (sqlite3_step(statement) != SQLITE_ROW || !entry_read(statement, &entry) ||
        entry_decode(parcel_slice(sent->entries[index]), &sent_entry) != ENRUM_OK) {
        return false;
    }
    struct id bytes_hash, sent_hash;
    entry_bytes_hash(&entry, &bytes_hash);
    entry_bytes_hash(&sent_entry, &sent_hash);
    bool is_last = index + 1 == sent->count;
    return id_equal(&bytes_hash, &sent_hash) && column_is(statement, 7, &bytes_hash) &&
           (uint64_t)sqlite3_column_int64(statement, 5) == sent->leaf.received_at &&
           (!is_last || column_is(statement, 6, &sent->leaf.hash));
}

static void promises_judge(sqlite3 *connection, const struct scribe *scribe,
                           struct verdict *verdict)
{
    sqlite3_stmt *statement = prepare(
        connection, "SELECT e.seq, e.head, e.open, e.sealed, e.sig, e.received_at, e.hash,"
                    " e.bytes_hash FROM entry e JOIN room r ON r.ref = e.room"
                    " WHERE r.id = ?1 AND e.seq = ?2");
    for (size_t i = 0; i < scribe->sent_count; i++) {
        const struct sent *sent = &scribe->sents[i];
        bool is_there = true;
        for (size_t j = 0; sent->state == SENT_PROMISED && j < sent->count; j++) {
            is_there = is_there && stands(statement, scribe, sent, j);
        }
        verdict->promises += sent->state == SENT_PROMISED;
        verdict->lost += !is_there;
    }
    sqlite3_finalize(statement);
}

static void letters_judge(sqlite3 *connection, const struct scribe *scribe, struct verdict *verdict)
{
    sqlite3_stmt *statement = prepare(connection, "SELECT id FROM letter");
    uint64_t there = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        struct slice id = column(statement, 0);
        there |= id.len == ID_BYTES ? 1ull << (id.at[0] - 1) : 0;
    }
    sqlite3_finalize(statement);
    verdict->lost += (scribe->letters_promised & ~there) != 0;
}

/* Every blob that was taken, byte for byte. */
static void blobs_judge(sqlite3 *connection, const struct scribe *scribe, struct verdict *verdict)
{
    sqlite3_stmt *statement = prepare(
        connection,
        "SELECT c.bytes FROM blob b JOIN blob_bytes c ON c.ref = b.ref WHERE b.id = ?1");
    for (uint64_t number = 1; number <= scribe->blobs_sent; number++) {
        struct slice bytes = scribe_blob_bytes(number);
        struct id id;
        suite_hash(LABEL_BLOB, &bytes, 1, &id);
        sqlite3_bind_blob(statement, 1, id.bytes, ID_BYTES, SQLITE_TRANSIENT);
        bool is_there = sqlite3_step(statement) == SQLITE_ROW &&
                        slice_equal(column(statement, 0), bytes);
        sqlite3_reset(statement);
        verdict->lost += (scribe->blobs_promised >> (number - 1) & 1) != 0 && !is_there;
    }
    sqlite3_finalize(statement);
}

static bool is_whole(sqlite3 *connection)
{
    sqlite3_stmt *statement = prepare(connection, "PRAGMA integrity_check");
    bool good = sqlite3_step(statement) == SQLITE_ROW &&
                strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    return good;
}

struct verdict scribe_judge(struct scribe *scribe)
{
    struct verdict verdict = {.unkept = scribe_unkept(scribe)};
    char hex[65], path[192];
    sqlite3 *connection = NULL;
    id_hex(&scribe->board.board, hex);
    (void)snprintf(path, sizeof path, "%s/%s.db", scribe->folder, hex);
    if (sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
        verdict.is_whole = is_whole(connection);
        for (size_t i = 0; i < SCRIBE_ROOMS; i++) {
            room_judge_rows(connection, &scribe->rooms[i].room, &verdict);
        }
        promises_judge(connection, scribe, &verdict);
        letters_judge(connection, scribe, &verdict);
        blobs_judge(connection, scribe, &verdict);
    }
    sqlite3_close(connection);
    return verdict;
}
