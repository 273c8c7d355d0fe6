/* A disk that is full, fails, is slow, or gives back something else: the store never says yes to
 * what is not there, says that it fails, and goes on when the fault is gone. */
#include "disk.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 40, ROUNDS = 8 };

static const struct wish one = {.count = 1};

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    disk_format(1);
    place_init(place, "/disk");
    assert_true(place_open(place));
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;
    disk_fault_set(DISK_GOOD);
    place_close(place);
    free(place);
    return 0;
}

static enum append_outcome append(struct place *place, struct line *line)
{
    assert_int_equal(store_append(place->store, job_make(place, line, &one)), ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_int_equal(place->answer.type, STORE_APPENDED);
    return place->answer.appended.outcome;
}

static bool is_failing(struct place *place)
{
    struct store_health health;
    store_health(place->store, &health);
    return health.is_failing;
}

static uint64_t head_on_disk(struct place *place, const struct line *line)
{
    assert_int_equal(store_room_load(place->store, &place->board.board, &line->room), ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_int_equal(place->answer.type, STORE_ROOM);
    assert_int_equal(place->answer.err, ENRUM_OK);
    return place->answer.room.head_seq;
}

/* While the fault lasts nothing is acknowledged; when it is gone the same line goes on from what
 * was, and a loss of power then takes nothing of it. */
static void fault_story(struct place *place, enum disk_fault fault)
{
    struct line line = line_of(1);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(append(place, &line), APPEND_DONE);
    }
    for (int round = 0; round < ROUNDS; round++) {
        struct line before = line;
        disk_fault_set(fault);
        for (int i = 0; i < MANY; i++) {
            line = before;
            assert_int_equal(append(place, &line), APPEND_FAILED);
            assert_true(is_failing(place));
        }
        disk_fault_set(DISK_GOOD);
        line = before;
        assert_int_equal(append(place, &line), APPEND_DONE);
        assert_false(is_failing(place));
    }
    place_close(place);
    disk_power_on();
    assert_true(place_open(place));
    assert_int_equal(head_on_disk(place, &line), line.seq);
    assert_int_equal(append(place, &line), APPEND_DONE);
}

static void a_disk_that_cannot_write_acknowledges_nothing(void **state)
{
    fault_story(*state, DISK_WRITE_FAILS);
}

static void a_disk_that_cannot_sync_acknowledges_nothing(void **state)
{
    fault_story(*state, DISK_SYNC_FAILS);
}

/* What is in the log file already may be written over: so long it can go on. */
static void a_full_disk_acknowledges_only_what_is_there(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1), before = line;
    enum append_outcome outcome = APPEND_DONE;
    assert_int_equal(append(place, &line), APPEND_DONE);
    disk_fault_set(DISK_FULL);
    for (int i = 0; i < 10000 && outcome == APPEND_DONE; i++) {
        before = line;
        outcome = append(place, &line);
    }
    assert_int_equal(outcome, APPEND_FAILED);
    assert_true(is_failing(place));
    assert_int_equal(place->answer.appended.snapshot.head_seq, before.seq);
    disk_fault_set(DISK_GOOD);
    line = before;
    assert_int_equal(append(place, &line), APPEND_DONE);
    assert_false(is_failing(place));
    place_close(place);
    disk_power_on();
    assert_true(place_open(place));
    assert_int_equal(head_on_disk(place, &line), line.seq);
}

static void a_slow_disk_is_waited_for_and_fills_its_commits(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    struct store_health before, after;
    assert_int_equal(append(place, &line), APPEND_DONE);
    struct append_job *jobs[MANY];
    for (int i = 0; i < MANY; i++) {
        jobs[i] = job_make(place, &line, &one);
    }
    store_health(place->store, &before);
    disk_fault_set(DISK_SYNC_SLOW);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(store_append(place->store, jobs[i]), ENRUM_OK);
    }
    take(place, MANY, NULL, NULL);
    store_health(place->store, &after);
    assert_int_equal(after.appends - before.appends, MANY);
    assert_true(after.commits - before.commits < MANY / 2);
    assert_false(is_failing(place));
}

/* So much may wait and no more: the rest is told to come again, at once. */
static void what_a_standing_disk_cannot_take_is_refused_at_once(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    size_t taken = 0;
    enum enrum_err err = ENRUM_OK;
    assert_int_equal(append(place, &line), APPEND_DONE);
    disk_fault_set(DISK_SYNC_SLOW);
    while (err == ENRUM_OK && taken < 100000) {
        struct append_job *job = job_make(place, &line, &one);
        err = store_append(place->store, job);
        if (err == ENRUM_OK) {
            taken++;
        } else {
            append_job_free(job);
        }
    }
    assert_int_equal(err, ENRUM_BUSY);
    disk_fault_set(DISK_GOOD);
    take(place, taken, NULL, NULL);
    assert_int_equal(head_on_disk(place, &line), taken + 1);
}

/* A page that reads as something else, or does not read: an error, and no answer made of it. */
static void unreadable_story(struct place *place, enum disk_fault fault)
{
    struct line line = line_of(1);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(append(place, &line), APPEND_DONE);
    }
    place_close(place);
    /* Reopened, so that nothing is in a cache; the schema is read while the disk is good. */
    assert_true(place_open(place));
    disk_fault_set(fault);
    struct line wrong = line;
    assert_int_equal(append(place, &wrong), APPEND_FAILED);
    assert_true(is_failing(place));
    disk_fault_set(DISK_GOOD);
    place_close(place);
    assert_true(place_open(place));
    assert_int_equal(head_on_disk(place, &line), line.seq);
    assert_int_equal(append(place, &line), APPEND_DONE);
    assert_false(is_failing(place));
}

static void a_page_that_reads_as_another_is_an_error(void **state)
{
    unreadable_story(*state, DISK_READ_CORRUPT);
}

static void a_page_that_does_not_read_is_an_error(void **state)
{
    unreadable_story(*state, DISK_READ_FAILS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_disk_that_cannot_write_acknowledges_nothing),
        TEST(a_disk_that_cannot_sync_acknowledges_nothing),
        TEST(a_full_disk_acknowledges_only_what_is_there),
        TEST(a_slow_disk_is_waited_for_and_fills_its_commits),
        TEST(what_a_standing_disk_cannot_take_is_refused_at_once),
        TEST(a_page_that_reads_as_another_is_an_error),
        TEST(a_page_that_does_not_read_is_an_error),
    };
    disk_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
