/* Power goes at any moment: what the store has acknowledged is there when it is back, and nothing
 * else has come about. Each run is one seed; `power_test FIRST COUNT` runs others. The kill of a
 * process proves nothing of this: the system would still write what it was given. */
#include "base/slog.h"
#include "disk.h"
#include "place.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    LINES = 4,
    ENTRIES_MAX = 4096, /* of a line */
    LIVES = 5,          /* power losses of one seed, on the same disk */
    OPERATIONS = 400,   /* of one life, at most */
    UNDER_WAY = 12,     /* appends at a time */
    IDLE_WAITS = 200,
};

/* A line, every hash that it was ever going to have, and how far it has been acknowledged. */
struct told_line {
    struct line line;
    struct id hashes[ENTRIES_MAX];
    uint64_t acknowledged;
};

static struct {
    struct place place;
    struct told_line lines[LINES];
    size_t under_way;
    uint64_t acknowledged, lost; /* in all */
    bool is_wrong;
} run;

/* -- A life -- */

/* Which line, and up to where: the ticket. */
static uint64_t ticket_of(size_t line, uint64_t seq)
{
    return line * ENTRIES_MAX + seq;
}

static void on_answer(void *context, const struct store_answer *answer)
{
    (void)context;
    if (answer->type != STORE_APPENDED) {
        return;
    }
    run.under_way--;
    if (answer->appended.outcome == APPEND_DONE) {
        struct told_line *told = &run.lines[answer->appended.ticket / ENTRIES_MAX];
        uint64_t seq = answer->appended.ticket % ENTRIES_MAX;
        told->acknowledged = seq > told->acknowledged ? seq : told->acknowledged;
        run.acknowledged++;
    }
}

static bool line_append(size_t which)
{
    struct told_line *told = &run.lines[which];
    struct wish wish = {.count = 1 + disk_chance(3)};
    if (told->line.seq + wish.count >= ENTRIES_MAX) {
        return false;
    }
    struct append_job *job = job_make(&run.place, &told->line, &wish);
    for (size_t i = 0; i < wish.count; i++) {
        told->hashes[job->base_seq + 1 + i] = job->entries[i].hash;
    }
    job->ticket = ticket_of(which, told->line.seq);
    if (store_append(run.place.store, job) != ENRUM_OK) {
        append_job_free(job);
        return false;
    }
    run.under_way++;
    return true;
}

static void live(void)
{
    disk_cut_after(1 + disk_chance(OPERATIONS));
    while (!disk_is_cut()) {
        while (run.under_way < UNDER_WAY && line_append(disk_chance(LINES))) {
        }
        (void)take_some(&run.place, 1000, on_answer, NULL);
    }
    /* What was acknowledged in the last moment counts too. */
    for (unsigned i = 0; i < IDLE_WAITS && run.under_way > 0; i++) {
        (void)take_some(&run.place, 20, on_answer, NULL);
    }
    place_close(&run.place);
    run.under_way = 0;
}

/* -- What is there -- */

static void wrong(uint64_t seed, const char *what, size_t line, uint64_t seq)
{
    print_message("seed %llu: %s (line %zu, entry %llu, acknowledged %llu)\n",
                  (unsigned long long)seed, what, line, (unsigned long long)seq,
                  (unsigned long long)run.lines[line].acknowledged);
    run.is_wrong = true;
}

static sqlite3 *database_look(void)
{
    char hex[65], path[200];
    sqlite3 *connection = NULL;
    id_hex(&run.place.board.board, hex);
    (void)snprintf(path, sizeof path, "%s/%s.db", run.place.folder, hex);
    assert_int_equal(sqlite3_open(path, &connection), SQLITE_OK);
    return connection;
}

static void integrity_check(uint64_t seed, sqlite3 *connection)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(connection, "PRAGMA integrity_check", -1, &statement, NULL),
                     SQLITE_OK);
    if (sqlite3_step(statement) != SQLITE_ROW ||
        strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        wrong(seed, "the file is corrupt", 0, 0);
    }
    sqlite3_finalize(statement);
}

/* The log on the disk: a beginning of what was written, without a gap, and no shorter than what was
 * acknowledged. The line goes on from there. */
static void line_check(uint64_t seed, sqlite3 *connection, size_t which)
{
    static const char sql[] = "SELECT e.seq, e.hash FROM entry e JOIN room r ON e.room = r.ref "
                              "WHERE r.id = ? ORDER BY e.seq";
    struct told_line *told = &run.lines[which];
    sqlite3_stmt *statement = NULL;
    uint64_t seq = 0;
    assert_int_equal(sqlite3_prepare_v2(connection, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_blob(statement, 1, told->line.room.bytes, ID_BYTES, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        seq++;
        if ((uint64_t)sqlite3_column_int64(statement, 0) != seq ||
            memcmp(sqlite3_column_blob(statement, 1), told->hashes[seq].bytes, ID_BYTES) != 0) {
            wrong(seed, "the log is not what was written", which, seq);
            break;
        }
    }
    sqlite3_finalize(statement);
    if (seq < told->acknowledged) {
        wrong(seed, "acknowledged, and not there", which, seq);
        run.lost += told->acknowledged - seq;
    }
    told->line.seq = told->line.device_seq = told->acknowledged = seq;
    told->line.hash = seq > 0 ? told->hashes[seq] : told->line.room;
}

/* Sent once more, it gets the receipt of what stands. */
static void again_check(uint64_t seed, size_t which)
{
    struct told_line *told = &run.lines[which];
    if (told->line.seq == 0) {
        return;
    }
    assert_int_equal(store_find(run.place.store, 1, &run.place.board.board, &told->line.room,
                                &told->line.device, told->line.seq),
                     ENRUM_OK);
    take(&run.place, 1, NULL, NULL);
    const struct found *found = &run.place.answer.found.found;
    if (!found->exists || !id_equal(&found->leaf.hash, &told->line.hash) ||
        !receipt_check(&run.place.host.public, &found->leaf, &found->receipt)) {
        wrong(seed, "sent once more, it gets no receipt", which, told->line.seq);
    }
}

static void everything_check(uint64_t seed)
{
    sqlite3 *connection = database_look();
    integrity_check(seed, connection);
    for (size_t i = 0; i < LINES; i++) {
        line_check(seed, connection, i);
    }
    sqlite3_close(connection);
    for (size_t i = 0; i < LINES && !run.is_wrong; i++) {
        again_check(seed, i);
    }
}

/* True when everything that was acknowledged was there each time. */
static bool seed_run(uint64_t seed, bool loses_syncs)
{
    memset(&run, 0, sizeof run);
    place_init(&run.place, "/disk");
    disk_format(seed);
    for (size_t i = 0; i < LINES; i++) {
        run.lines[i].line = line_of((uint8_t)(i + 1));
    }
    assert_true(place_open(&run.place));
    disk_loses_syncs(loses_syncs);
    for (unsigned life = 0; life < LIVES && !run.is_wrong; life++) {
        live();
        disk_power_on();
        if (!place_open(&run.place)) {
            wrong(seed, "the store does not open", 0, 0);
            return false;
        }
        everything_check(seed);
    }
    place_close(&run.place);
    return !run.is_wrong;
}

/* -- Tests -- */

static uint64_t seed_first = 1, seed_count = 20;

static void what_is_acknowledged_survives(void **state)
{
    (void)state;
    uint64_t acknowledged = 0;
    unsigned bad = 0;
    for (uint64_t seed = seed_first; seed < seed_first + seed_count; seed++) {
        bad += !seed_run(seed, false);
        acknowledged += run.acknowledged;
    }
    print_message("%llu seeds of %d power losses: %llu appends acknowledged\n",
                  (unsigned long long)seed_count, LIVES, (unsigned long long)acknowledged);
    assert_true(acknowledged > seed_count);
    assert_int_equal(bad, 0);
}

/* The same on a disk that lies about its syncs: the test would see a loss. */
static void a_disk_without_syncs_is_seen_to_lose(void **state)
{
    (void)state;
    unsigned bad = 0;
    print_message("(what follows is wanted)\n");
    for (uint64_t seed = 1; seed <= 10 && bad == 0; seed++) {
        bad += !seed_run(seed, true);
    }
    assert_true(bad > 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_acknowledged_survives),
        cmocka_unit_test(a_disk_without_syncs_is_seen_to_lose),
    };
    if (argc == 3) {
        seed_first = strtoull(argv[1], NULL, 10);
        seed_count = strtoull(argv[2], NULL, 10);
    }
    disk_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
