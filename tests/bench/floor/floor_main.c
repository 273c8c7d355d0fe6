/* bench-floor -- what a durable append of one signed entry costs where there is no server: the
 * signature checked, the chain's hash made, the same row written by SQLite (WAL, synchronous=FULL),
 * one commit and one signed tree of receipts for a whole batch. One thread, no network, no room.
 *   bench-floor FOLDER NAME=VALUE ...      batch, entries, window
 * Prints one line of JSON, as bench-load does. */
#include "../load/line.h"
#include "../load/spread.h"
#include "../load/town.h"
#include "protocol/receipt.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { BATCH_MAX = 65536, TEXT_BYTES = 512, PATH_BYTES = 512 };

/* Table and indexes of the server's own schema that an entry's row stands in. */
static const char schema[] =
    "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE entry (ref INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL,"
    "  device INTEGER NOT NULL, device_seq INTEGER NOT NULL, received_at INTEGER NOT NULL,"
    "  hash BLOB NOT NULL, bytes_hash BLOB NOT NULL, certificate BLOB NOT NULL,"
    "  append_count INTEGER NOT NULL, head BLOB NOT NULL, open BLOB NOT NULL,"
    "  sealed BLOB NOT NULL, sig BLOB NOT NULL);"
    "CREATE UNIQUE INDEX entry_seq ON entry (room, seq);"
    "CREATE UNIQUE INDEX entry_device ON entry (room, device, device_seq);";

struct floor {
    sqlite3 *connection;
    sqlite3_stmt *begin, *insert, *commit;
    struct town town;
    struct town_room room;
    struct resident author;
    struct sign_pair host;
    struct buffer entries; /* encoded, joined */
    struct id last;        /* hash of the entry before */
    uint64_t seq;
    struct id *leaves;
    struct receipt_proof *proofs;
};

static void must(const struct floor *floor, bool holds, const char *what)
{
    if (!holds) {
        give_up("%s: %s", what, sqlite3_errmsg(floor->connection));
    }
}

static sqlite3_stmt *prepare(struct floor *floor, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    must(floor, sqlite3_prepare_v2(floor->connection, sql, -1, &statement, NULL) == SQLITE_OK, sql);
    return statement;
}

static void run(const struct floor *floor, sqlite3_stmt *statement)
{
    must(floor, sqlite3_step(statement) == SQLITE_DONE, "a statement");
    sqlite3_reset(statement);
}

static void floor_open(struct floor *floor, const char *folder, size_t batch, uint64_t entries)
{
    char path[PATH_BYTES], text[TEXT_BYTES];
    snprintf(path, sizeof path, "%s/floor.db", folder);
    must(floor, sqlite3_open(path, &floor->connection) == SQLITE_OK, path);
    must(floor, sqlite3_exec(floor->connection, schema, NULL, NULL, NULL) == SQLITE_OK, "schema");
    floor->begin = prepare(floor, "BEGIN IMMEDIATE");
    floor->commit = prepare(floor, "COMMIT");
    floor->insert = prepare(floor,
                            "INSERT INTO entry (room, seq, device, device_seq, received_at, hash,"
                            " bytes_hash, certificate, append_count, head, open, sealed, sig)"
                            " VALUES (1, ?1, 1, ?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9)");
    floor->leaves = calloc(batch, sizeof *floor->leaves);
    floor->proofs = calloc(batch, sizeof *floor->proofs);
    town_init(&floor->town);
    town_room_init(&floor->room, &floor->town);
    resident_init(&floor->author, &floor->town, 0);
    sign_pair_new(&floor->host);
    floor->last = floor->room.room;
    buffer_init(&floor->entries, SIZE_MAX / 2);
    memset(text, 'a', sizeof text);
    for (uint64_t n = 1; n <= entries; n++) {
        town_room_entry(&floor->room, &floor->author, n, slice_of(text, sizeof text),
                        &floor->entries);
    }
}

static void floor_close(struct floor *floor)
{
    sqlite3_finalize(floor->begin);
    sqlite3_finalize(floor->insert);
    sqlite3_finalize(floor->commit);
    sqlite3_close(floor->connection);
    buffer_fini(&floor->entries);
    resident_fini(&floor->author);
    town_fini(&floor->town);
    free(floor->leaves);
    free(floor->proofs);
}

static void bind(sqlite3_stmt *statement, int at, struct slice bytes)
{
    sqlite3_bind_blob64(statement, at, bytes.at, bytes.len, SQLITE_STATIC);
}

static void row_add(struct floor *floor, const struct entry *entry, uint64_t received_at)
{
    struct id bytes_hash;
    sqlite3_stmt *insert = floor->insert;
    entry_bytes_hash(entry, &bytes_hash);
    entry_chain(entry, &floor->last, floor->seq, received_at, &floor->last);
    sqlite3_bind_int64(insert, 1, (sqlite3_int64)floor->seq);
    sqlite3_bind_int64(insert, 2, (sqlite3_int64)received_at);
    bind(insert, 3, id_slice(&floor->last));
    bind(insert, 4, id_slice(&bytes_hash));
    bind(insert, 5, id_slice(&entry->head.certificate));
    bind(insert, 6, entry->head_bytes);
    bind(insert, 7, entry->open_bytes);
    bind(insert, 8, entry->sealed);
    bind(insert, 9, slice_of(entry->sig.bytes, SIG_BYTES));
    run(floor, insert);
}

/* One commit and its receipts. */
static void batch_append(struct floor *floor, struct slice *rest, size_t batch)
{
    run(floor, floor->begin);
    for (size_t i = 0; i < batch; i++) {
        struct entry entry;
        uint64_t received_at = now_ns() / 1000000;
        must(floor, entry_next(rest, &entry) == ENRUM_OK, "an entry");
        must(floor, entry_signature_is_good(&entry, &floor->author.sign.public), "a signature");
        floor->seq++;
        row_add(floor, &entry, received_at);
        struct receipt_leaf leaf = {floor->room.room, 1, floor->seq, floor->last, received_at};
        receipt_leaf_hash(&leaf, &floor->leaves[i]);
    }
    run(floor, floor->commit);
    memset(floor->proofs, 0, batch * sizeof *floor->proofs);
    must(floor, receipt_sign(&floor->host, floor->leaves, batch, floor->proofs), "receipts");
}

static double cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void floor_measure(struct floor *floor, size_t batch, double window_s)
{
    static struct spread ack;
    struct slice rest = buffer_slice(&floor->entries);
    uint64_t began = now_ns(), end = began + (uint64_t)(window_s * 1e9), at = began;
    double cpu_before = cpu_us();
    while (rest.len > 0 && at < end) {
        batch_append(floor, &rest, batch);
        uint64_t done = now_ns();
        for (size_t i = 0; i < batch; i++) {
            spread_add(&ack, done - at);
        }
        at = done;
    }
    double seconds = (double)(at - began) / 1e9, cpu = cpu_us() - cpu_before;
    printf("{\"scenario\":\"write\",\"server\":\"floor\",\"clients\":%zu,\"fanout\":0,"
           "\"seconds\":%.3f,\"appends\":%" PRIu64 ",\"appends_per_s\":%.1f,\"ack_p50_us\":%.1f,"
           "\"ack_p99_us\":%.1f,\"cpu_us_per_append\":%.2f}\n",
           batch, seconds, floor->seq, (double)floor->seq / seconds, spread_us(&ack, 500),
           spread_us(&ack, 990), cpu / (double)floor->seq);
}

static double word_number(char **words, const char *name, double otherwise)
{
    size_t len = strlen(name);
    for (; *words != NULL; words++) {
        if (strncmp(*words, name, len) == 0 && (*words)[len] == '=') {
            return strtod(*words + len + 1, NULL);
        }
    }
    return otherwise;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        give_up("bench-floor FOLDER NAME=VALUE ...");
    }
    static struct floor floor;
    size_t batch = (size_t)word_number(argv + 2, "batch", 1);
    uint64_t entries = (uint64_t)word_number(argv + 2, "entries", 20000);
    batch = batch < 1 ? 1 : batch > BATCH_MAX ? BATCH_MAX : batch;
    floor_open(&floor, argv[1], batch, entries - entries % batch);
    floor_measure(&floor, batch, word_number(argv + 2, "window", 3));
    floor_close(&floor);
    return 0;
}
