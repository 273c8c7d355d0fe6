/* The store: what it answers as done is on disk, one job's conflict is its own, and a failing disk
 * never says yes. */
#include "base/clock.h"
#include "place.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char folder[] = "/tmp/enrum-store-XXXXXX";
    assert_non_null(mkdtemp(folder));
    place_init(place, folder);
    assert_true(place_open(place));
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;
    place_close(place);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", place->folder, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    free(place);
    return 0;
}

static enum append_outcome append(struct place *place, struct line *line, const struct wish *wish)
{
    assert_int_equal(store_append(place->store, job_make(place, line, wish)), ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_int_equal(place->answer.type, STORE_APPENDED);
    return place->answer.appended.outcome;
}

static const struct wish one = {.count = 1};

static uint64_t message_type(const struct place *place)
{
    uint64_t type = 0, request = 0;
    assert_int_equal(place->answer.type, STORE_MESSAGE);
    assert_int_equal(frame_peek(parcel_slice(place->answer.message.message), &type, &request),
                     ENRUM_OK);
    return type;
}

/* -- Tests -- */

struct counts {
    unsigned done;
    uint64_t tree_size_max;
};

static void count_done(void *context, const struct store_answer *answer)
{
    struct counts *counts = context;
    counts->done += answer->appended.outcome == APPEND_DONE;
    uint64_t size = answer->appended.receipt.tree_size;
    counts->tree_size_max = size > counts->tree_size_max ? size : counts->tree_size_max;
}

static void what_waits_goes_into_one_commit_under_one_signature(void **state)
{
    enum { JOBS = 200 };
    struct place *place = *state;
    struct line line = line_of(1);
    struct counts counts = {0};
    struct store_health health;
    struct append_job *jobs[JOBS];
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = job_make(place, &line, &one);
    }
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(store_append(place->store, jobs[i]), ENRUM_OK);
    }
    take(place, JOBS, count_done, &counts);
    store_health(place->store, &health);
    assert_int_equal(counts.done, JOBS);
    assert_true(counts.tree_size_max > 1);
    assert_true(health.commits < JOBS);
    assert_false(health.is_failing);
}

static void a_receipt_is_the_hosts_over_what_stands(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct wish three = {.count = 3};
    assert_int_equal(append(place, &line, &three), APPEND_DONE);
    struct receipt_leaf leaf = {line.room, 3, 3, line.hash, 1000};
    assert_true(receipt_check(&place->host.public, &leaf, &place->answer.appended.receipt));
    leaf.seq = 2;
    assert_false(receipt_check(&place->host.public, &leaf, &place->answer.appended.receipt));
}

static void another_head_a_taken_cause_and_another_history_are_conflicts_of_their_own(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1), other = line_of(2);
    const struct wish caused = {.count = 1, .cause = &place->board.board};
    const struct wish lying = {.count = 1, .seen = &place->board.board};
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    struct line stale = line;
    assert_int_equal(append(place, &line, &caused), APPEND_DONE);
    assert_int_equal(append(place, &stale, &one), APPEND_CONFLICT_HEAD);
    assert_int_equal(place->answer.appended.snapshot.head_seq, 2);
    struct line again = line;
    assert_int_equal(append(place, &again, &caused), APPEND_CONFLICT_CAUSE);
    again = line;
    assert_int_equal(append(place, &again, &lying), APPEND_CONFLICT_SEEN);
    struct line twice = line_of(1);
    assert_int_equal(append(place, &twice, &one), APPEND_CONFLICT_HEAD);
    /* None of it touched what stands, nor another room. */
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(append(place, &other, &one), APPEND_DONE);
}

static void everything_is_there_after_it_is_opened_again(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct wish three = {.count = 3};
    assert_int_equal(append(place, &line, &three), APPEND_DONE);
    place_close(place);
    assert_true(place_open(place));
    assert_int_equal(store_room_load(place->store, &place->board.board, &line.room), ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_int_equal(place->answer.type, STORE_ROOM);
    assert_true(place->answer.room.exists);
    assert_int_equal(place->answer.room.head_seq, 3);
    assert_true(id_equal(&place->answer.room.head_hash, &line.hash));
    assert_int_equal(place->answer.room.devices[0].last_seq, 3);
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(store_find(place->store, 77, &place->board.board, &line.room, &line.device, 3),
                     ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_true(place->answer.found.found.exists);
    assert_int_equal(place->answer.found.found.leaf.count, 3);
    assert_true(receipt_check(&place->host.public, &place->answer.found.found.leaf,
                              &place->answer.found.found.receipt));
    answer_free(place);
}

static void a_fetch_is_logged_before_it_is_answered(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct wish three = {.count = 3};
    struct msg_fetch_log log;
    struct msg_entries entries;
    assert_int_equal(append(place, &line, &three), APPEND_DONE);
    assert_int_equal(
        store_fetch(place->store, 5, 6, &place->board.board, &line.room, &line.device, 1, 10, 4242),
        ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_int_equal(message_type(place), MESSAGE_ENTRIES);
    struct slice frame = parcel_slice(place->answer.message.message);
    assert_int_equal(layout_decode(&message_entries, frame, &entries), ENRUM_OK);
    assert_int_equal(entries.head_seq, 3);
    size_t count = 0;
    assert_int_equal(layout_count(&layout_stored, entries.entries, 10, &count), ENRUM_OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_fetch_log(place->store, 5, 7, &place->board.board, &line.room, 0),
                     ENRUM_OK);
    take(place, 1, NULL, NULL);
    frame = parcel_slice(place->answer.message.message);
    assert_int_equal(layout_decode(&message_fetch_log, frame, &log), ENRUM_OK);
    struct wire_fetched row;
    assert_int_equal(layout_decode(&layout_fetched, log.rows, &row), ENRUM_OK);
    assert_int_equal(row.first, 2);
    assert_int_equal(row.last, 3);
    assert_int_equal(row.at, 4242);
    answer_free(place);
}

/* -- Blobs -- */

static struct id blob_id(const char *bytes)
{
    struct slice slice = slice_of_text(bytes);
    struct id id;
    suite_hash(LABEL_BLOB, &slice, 1, &id);
    return id;
}

static enum enrum_err blob_put(struct place *place, const struct line *line, uint8_t person,
                               const char *bytes, uint64_t now_ms)
{
    struct id who = {{person}}, id = blob_id(bytes);
    struct parcel *parcel = parcel_new(bytes, strlen(bytes));
    assert_non_null(parcel);
    assert_int_equal(store_blob_put(place->store, 55, &place->board.board, &line->room, &who, &id,
                                    parcel, now_ms),
                     ENRUM_OK);
    parcel_unref(parcel);
    take(place, 1, NULL, NULL);
    assert_int_equal(place->answer.type, STORE_BLOB_KEPT);
    assert_int_equal(place->answer.blob_kept, 55);
    return place->answer.err;
}

/* Is the blob given, with these bytes? */
static bool blob_get(struct place *place, const struct line *line, const char *bytes,
                     uint64_t now_ms)
{
    struct id id = blob_id(bytes);
    struct msg_blob blob;
    struct msg_error error;
    assert_int_equal(store_blob_get(place->store, 5, 6, &place->board.board, &line->room,
                                    &line->device, &id, now_ms),
                     ENRUM_OK);
    take(place, 1, NULL, NULL);
    bool is_given = message_type(place) == MESSAGE_BLOB;
    struct slice frame = parcel_slice(place->answer.message.message);
    if (is_given) {
        assert_int_equal(layout_decode(&message_blob, frame, &blob), ENRUM_OK);
        assert_true(slice_equal(blob.bytes, slice_of_text(bytes)));
    } else {
        assert_int_equal(layout_decode(&message_error, frame, &error), ENRUM_OK);
        assert_int_equal(error.code, ENRUM_BLOB_UNKNOWN);
    }
    return is_given;
}

static size_t blobs_missing(struct place *place, const struct line *line, const char *a,
                            const char *b)
{
    struct id ids[] = {blob_id(a), blob_id(b)};
    struct parcel *parcel = parcel_new(ids, sizeof ids);
    struct msg_blobs blobs;
    assert_int_equal(store_blob_ask(place->store, 5, 6, &place->board.board, &line->room, parcel),
                     ENRUM_OK);
    parcel_unref(parcel);
    take(place, 1, NULL, NULL);
    assert_int_equal(message_type(place), MESSAGE_BLOBS);
    assert_int_equal(
        layout_decode(&message_blobs, parcel_slice(place->answer.message.message), &blobs),
        ENRUM_OK);
    return blobs.missing.len / ID_BYTES;
}

static void an_entry_stands_only_with_all_of_its_blobs(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1), other = line_of(2);
    const struct id ids[] = {blob_id("eka"), blob_id("ekb")};
    const struct wish wish = {.count = 1, .blobs = slice_of(ids, sizeof ids)};
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(append(place, &other, &one), APPEND_DONE);
    struct line before = line, tried = line;
    assert_int_equal(blob_put(place, &line, 1, "eka", 1), ENRUM_OK);
    assert_int_equal(blob_put(place, &other, 1, "ekb", 1), ENRUM_OK);
    /* What another room has is not here; and a refused append has taken none. */
    assert_int_equal(append(place, &tried, &wish), APPEND_CONFLICT_BLOB);
    assert_int_equal(place->answer.appended.snapshot.head_seq, 1);
    assert_int_equal(blobs_missing(place, &line, "eka", "ekb"), 1);
    assert_int_equal(blob_put(place, &line, 1, "ekb", 1), ENRUM_OK);
    assert_int_equal(append(place, &before, &wish), APPEND_DONE);
    /* They are that entry's now. */
    assert_int_equal(append(place, &before, &wish), APPEND_CONFLICT_BLOB);
    place_close(place);
    assert_true(place_open(place));
    assert_true(blob_get(place, &line, "eka", 2) && blob_get(place, &line, "ekb", 2));
    assert_false(blob_get(place, &other, "ekb", 2));
    answer_free(place);
}

static void a_blob_named_twice_by_one_entry_is_refused(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct id ids[] = {blob_id("eka"), blob_id("eka")};
    const struct wish wish = {.count = 1, .blobs = slice_of(ids, sizeof ids)};
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(blob_put(place, &line, 1, "eka", 1), ENRUM_OK);
    struct line before = line;
    assert_int_equal(append(place, &line, &wish), APPEND_CONFLICT_BLOB);
    assert_int_equal(place->answer.appended.snapshot.head_seq, 1);
    const struct wish once = {.count = 1, .blobs = slice_of(ids, ID_BYTES)};
    assert_int_equal(append(place, &before, &once), APPEND_DONE);
}

/* The second entry is refused, and the first one with it: it is not there, and has taken nothing.
 */
static void a_blob_named_by_two_entries_of_one_append_is_refused_with_both(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct id ids[] = {blob_id("eka")};
    const struct wish two = {.count = 2, .blobs = slice_of(ids, sizeof ids)};
    const struct wish once = {.count = 1, .blobs = slice_of(ids, sizeof ids)};
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(blob_put(place, &line, 1, "eka", 1), ENRUM_OK);
    struct line before = line;
    assert_int_equal(append(place, &line, &two), APPEND_CONFLICT_BLOB);
    assert_int_equal(place->answer.appended.snapshot.head_seq, 1);
    place_close(place);
    assert_true(place_open(place));
    assert_false(blob_get(place, &before, "eka", 2));
    assert_int_equal(append(place, &before, &once), APPEND_DONE);
    assert_true(blob_get(place, &before, "eka", 2));
    answer_free(place);
}

/* A room that is to be made has no blobs yet, and a refused one is not made. */
static void a_room_is_not_opened_with_a_blob(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1), before = line;
    const struct id ids[] = {blob_id("eka")};
    const struct wish wish = {.count = 1, .blobs = slice_of(ids, sizeof ids)};
    assert_int_equal(append(place, &line, &wish), APPEND_CONFLICT_BLOB);
    assert_int_equal(append(place, &before, &one), APPEND_DONE);
}

static void blobs_that_nobody_names_are_bounded_by_person_and_go_after_a_day(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct id ids[] = {blob_id("eka")};
    const struct wish wish = {.count = 1, .blobs = slice_of(ids, sizeof ids)};
    enum { DAY_MS = 86400000 };
    assert_int_equal(blob_put(place, &line, 1, "eka", 1), ENRUM_ROOM_UNKNOWN);
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(blob_put(place, &line, 1, "eka", 1), ENRUM_OK);
    assert_int_equal(blob_put(place, &line, 1, "eka", 2), ENRUM_OK);
    assert_int_equal(blob_put(place, &line, 1, "ekb", 2), ENRUM_OK);
    assert_int_equal(blob_put(place, &line, 1, "ekc", 2), ENRUM_OK);
    assert_int_equal(blob_put(place, &line, 1, "ekd", 2), ENRUM_BLOBS_FULL);
    assert_int_equal(blob_put(place, &line, 2, "ekd", 2), ENRUM_OK);
    assert_int_equal(append(place, &line, &wish), APPEND_DONE);
    assert_int_equal(blob_put(place, &line, 1, "eke", 3), ENRUM_OK);
    store_blobs_sweep(place->store, DAY_MS + 2);
    assert_int_equal(blob_put(place, &line, 3, "x", 3), ENRUM_OK); /* behind the sweep */
    assert_int_equal(blobs_missing(place, &line, "eka", "ekb"), 0);
    store_blobs_sweep(place->store, DAY_MS + 3);
    assert_int_equal(blob_put(place, &line, 3, "x", 3), ENRUM_OK);
    assert_int_equal(blobs_missing(place, &line, "ekb", "ekc"), 2);
    assert_int_equal(blobs_missing(place, &line, "eka", "eke"), 0);
    assert_true(blob_get(place, &line, "eka", 4));
    assert_false(blob_get(place, &line, "eke", 4)); /* no entry names it */
    answer_free(place);
}

static size_t fetches(struct place *place, const struct line *line)
{
    struct msg_fetch_log log;
    size_t count = 0;
    assert_int_equal(store_fetch_log(place->store, 5, 7, &place->board.board, &line->room, 0),
                     ENRUM_OK);
    take(place, 1, NULL, NULL);
    struct slice frame = parcel_slice(place->answer.message.message);
    assert_int_equal(layout_decode(&message_fetch_log, frame, &log), ENRUM_OK);
    assert_int_equal(layout_count(&layout_fetched, log.rows, 100, &count), ENRUM_OK);
    return count;
}

static void reading_a_file_is_logged_as_reading_its_entry_once_an_hour(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct id ids[] = {blob_id("eka"), blob_id("ekb")};
    const struct wish wish = {.count = 1, .blobs = slice_of(ids, sizeof ids)};
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(blob_put(place, &line, 1, "eka", 1), ENRUM_OK);
    assert_int_equal(blob_put(place, &line, 1, "ekb", 1), ENRUM_OK);
    assert_int_equal(append(place, &line, &wish), APPEND_DONE);
    assert_true(blob_get(place, &line, "eka", 5000000));
    assert_true(blob_get(place, &line, "ekb", 5000001));
    assert_int_equal(fetches(place, &line), 1);
    assert_true(blob_get(place, &line, "eka", 5000000 + 3600000));
    assert_int_equal(fetches(place, &line), 2);
    struct line other = line;
    other.device.bytes[0] = 8;
    assert_true(blob_get(place, &other, "eka", 5000000 + 3600000));
    assert_int_equal(fetches(place, &line), 3);
    answer_free(place);
}

static void what_is_erased_takes_its_blobs_and_no_others(void **state)
{
    struct place *place = *state;
    struct line line = line_of(1);
    const struct id ids[] = {blob_id("eka"), blob_id("ekb")};
    const struct wish first = {.count = 1, .blobs = slice_of(&ids[0], ID_BYTES)};
    const struct wish second = {.count = 1, .blobs = slice_of(&ids[1], ID_BYTES)};
    const struct wish erase = {.count = 1, .erases = 2};
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(blob_put(place, &line, 1, "eka", 1), ENRUM_OK);
    assert_int_equal(blob_put(place, &line, 1, "ekb", 1), ENRUM_OK);
    assert_int_equal(append(place, &line, &first), APPEND_DONE);
    assert_int_equal(append(place, &line, &second), APPEND_DONE);
    assert_int_equal(append(place, &line, &erase), APPEND_DONE);
    assert_false(blob_get(place, &line, "eka", 2));
    assert_true(blob_get(place, &line, "ekb", 2));
    answer_free(place);
}

static void letters_are_kept_once_up_to_the_limit_until_they_are_dealt_with(void **state)
{
    struct place *place = *state;
    struct id ids[3] = {{{1}}, {{2}}, {{3}}};
    const uint64_t expected[] = {MESSAGE_DONE, MESSAGE_DONE, MESSAGE_ERROR};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(store_letter_put(place->store, 1, 1, &place->board.board, &ids[i],
                                          slice_of("brev", 4), 1),
                         ENRUM_OK);
        take(place, 1, NULL, NULL);
        assert_int_equal(message_type(place), expected[i]);
    }
    assert_int_equal(store_letter_list(place->store, 1, &place->board.board), ENRUM_OK);
    take(place, 2, NULL, NULL);
    assert_int_equal(message_type(place), MESSAGE_LETTER_IN);
    assert_int_equal(store_letter_done(place->store, 1, 2, &place->board.board, &ids[0]), ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_int_equal(store_letter_list(place->store, 1, &place->board.board), ENRUM_OK);
    take(place, 1, NULL, NULL);
    assert_int_equal(message_type(place), MESSAGE_LETTER_IN);
    answer_free(place);
}

/* In a process of its own, whose files may not grow: the disk is full. */
static void full_disk_story(struct place *place)
{
    struct line line = line_of(1);
    struct store_health health;
    struct rlimit limit = {.rlim_cur = 200000, .rlim_max = RLIM_INFINITY};
    unsigned done = 0;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    enum append_outcome outcome = APPEND_DONE;
    struct line before = line;
    for (int i = 0; i < 1000 && outcome == APPEND_DONE; i++) {
        before = line;
        outcome = append(place, &line, &one);
        done += outcome == APPEND_DONE;
    }
    assert_int_equal(outcome, APPEND_FAILED);
    assert_int_equal(place->answer.appended.snapshot.head_seq, done);
    store_health(place->store, &health);
    assert_true(health.is_failing);
    assert_string_not_equal(health.why, "");
    /* There is space again: it goes on from what stands, as soon as it has tried the files. */
    const struct timespec pause = {.tv_nsec = 20000000};
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    for (int i = 0; i < 1000 && outcome != APPEND_DONE; i++) {
        nanosleep(&pause, NULL);
        line = before;
        outcome = append(place, &line, &one);
    }
    assert_int_equal(outcome, APPEND_DONE);
    store_health(place->store, &health);
    assert_false(health.is_failing);
    answer_free(place);
}

static void a_full_disk_is_told_and_recovered_from(void **state)
{
    struct place *place = *state;
    int status = 1;
    place_close(place);
    pid_t pid = fork();
    if (pid == 0) {
        assert_true(place_open(place));
        full_disk_story(place);
        place_close(place);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_waits_goes_into_one_commit_under_one_signature),
        TEST(a_receipt_is_the_hosts_over_what_stands),
        TEST(another_head_a_taken_cause_and_another_history_are_conflicts_of_their_own),
        TEST(everything_is_there_after_it_is_opened_again),
        TEST(a_fetch_is_logged_before_it_is_answered),
        TEST(an_entry_stands_only_with_all_of_its_blobs),
        TEST(a_blob_named_twice_by_one_entry_is_refused),
        TEST(a_blob_named_by_two_entries_of_one_append_is_refused_with_both),
        TEST(a_room_is_not_opened_with_a_blob),
        TEST(blobs_that_nobody_names_are_bounded_by_person_and_go_after_a_day),
        TEST(reading_a_file_is_logged_as_reading_its_entry_once_an_hour),
        TEST(what_is_erased_takes_its_blobs_and_no_others),
        TEST(letters_are_kept_once_up_to_the_limit_until_they_are_dealt_with),
        TEST(a_full_disk_is_told_and_recovered_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
