/* The store: what it answers as done is on disk, one job's conflict is its own, and a failing disk
 * never says yes. */
#include "base/clock.h"
#include "store/store.h"

#include <poll.h>
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

struct place {
    char folder[64];
    struct store_board board;
    struct sign_pair host, author;
    struct secret32 key;
    struct store *store;
    uint64_t ticket;
    struct store_answer answer; /* the last one taken */
};

static void place_open(struct place *place)
{
    struct store_options options = {.folder = place->folder,
                                    .boards = &place->board,
                                    .board_count = 1,
                                    .host = &place->host,
                                    .readers = 2,
                                    .waiting_max = 1024,
                                    .letters_max = 2};
    assert_int_equal(store_open(&options, &place->store), ENRUM_OK);
}

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    assert_true(suite_init());
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/enrum-store-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    memset(place->board.board.bytes, 7, ID_BYTES);
    sign_pair_new(&place->host);
    sign_pair_new(&place->author);
    secret_random(&place->key);
    place_open(place);
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;
    if (place->store != NULL) {
        store_close(place->store);
    }
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", place->folder, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    free(place);
    return 0;
}

/* -- Jobs -- */

struct line {
    struct id room, hash, device;
    uint64_t seq, device_seq;
};

static struct line line_of(const struct place *place, uint8_t mark)
{
    struct line line = {0};
    memset(line.room.bytes, mark, ID_BYTES);
    memset(line.device.bytes, 9, ID_BYTES);
    line.hash = line.room;
    (void)place;
    return line;
}

struct wish {
    size_t count;
    const struct id *cause, *seen;
};

static void entry_make(struct place *place, const struct line *line, const struct wish *wish,
                       uint64_t device_seq, struct buffer *out)
{
    struct wire_open_record open = {0};
    struct wire_content content = {
        .kind = KIND_MESSAGE, .role = ROLE_CITIZEN, .body = slice_of("\x92\xa1x\0", 4)};
    if (wish->cause != NULL) {
        open.cause = id_slice(wish->cause);
    }
    struct entry_draft draft = {
        .head = {.room = line->room,
                 .class = CLASS_RECORD,
                 .generation = 1,
                 .device_seq = device_seq,
                 .seen_seq = line->seq,
                 .seen_hash = wish->seen != NULL ? *wish->seen : line->hash},
        .open = &open,
        .content = &content};
    assert_int_equal(entry_encode(&draft, &place->key, &place->author, out), ENRUM_OK);
}

/* An append of `count` records behind what the line says; the line is then as if it had been done.
 */
static struct append_job *job_make(struct place *place, struct line *line, const struct wish *wish)
{
    struct append_job *job = calloc(1, sizeof *job);
    *job = (struct append_job){.ticket = ++place->ticket,
                               .board = place->board.board,
                               .room = line->room,
                               .creates_room = line->seq == 0,
                               .base_seq = line->seq,
                               .base_hash = line->hash,
                               .received_at = 1000 + line->seq,
                               .entry_count = wish->count,
                               .entries = calloc(wish->count, sizeof *job->entries),
                               .device = line->device,
                               .first_device_seq = line->device_seq + 1};
    struct line before = *line;
    for (size_t i = 0; i < wish->count; i++) {
        struct buffer bytes;
        struct entry entry;
        buffer_init(&bytes, ENTRY_BYTES_MAX);
        entry_make(place, &before, wish, ++line->device_seq, &bytes);
        assert_int_equal(entry_decode(buffer_slice(&bytes), &entry), ENRUM_OK);
        line->seq++;
        entry_chain(&entry, &line->hash, line->seq, job->received_at, &job->entries[i].hash);
        entry_bytes_hash(&entry, &job->entries[i].bytes_hash);
        line->hash = job->entries[i].hash;
        job->entries[i].bytes = parcel_new(bytes.at, bytes.len);
        buffer_fini(&bytes);
    }
    job->after = (struct room_snapshot){
        .exists = true, .head_seq = line->seq, .head_hash = line->hash, .generation = 1};
    return job;
}

static void answer_free(struct place *place)
{
    store_answer_free(&place->answer);
    place->answer = (struct store_answer){.type = STORE_FOUND};
}

/* Takes the next answers until `count` have come; keeps the last. Calls back for each. */
static void take(struct place *place, size_t count,
                 void (*each)(void *context, const struct store_answer *answer), void *context)
{
    while (count > 0) {
        struct pollfd poll_fd = {.fd = store_wake_fd(place->store), .events = POLLIN};
        struct store_answer *answers = NULL;
        size_t n = 0;
        assert_int_equal(poll(&poll_fd, 1, 10000), 1);
        store_take(place->store, &answers, &n);
        assert_true(n <= count);
        for (size_t i = 0; i < n; i++) {
            if (each != NULL) {
                each(context, &answers[i]);
            }
            answer_free(place);
            place->answer = answers[i];
        }
        count -= n;
    }
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
    struct line line = line_of(place, 1);
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
    struct line line = line_of(place, 1);
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
    struct line line = line_of(place, 1), other = line_of(place, 2);
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
    struct line twice = line_of(place, 1);
    assert_int_equal(append(place, &twice, &one), APPEND_CONFLICT_HEAD);
    /* None of it touched what stands, nor another room. */
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    assert_int_equal(append(place, &other, &one), APPEND_DONE);
}

static void everything_is_there_after_it_is_opened_again(void **state)
{
    struct place *place = *state;
    struct line line = line_of(place, 1);
    const struct wish three = {.count = 3};
    assert_int_equal(append(place, &line, &three), APPEND_DONE);
    answer_free(place);
    store_close(place->store);
    place_open(place);
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
    struct line line = line_of(place, 1);
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
    struct line line = line_of(place, 1);
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
    /* There is space again: it goes on from what stands. */
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    line = before;
    assert_int_equal(append(place, &line, &one), APPEND_DONE);
    store_health(place->store, &health);
    assert_false(health.is_failing);
    answer_free(place);
}

static void a_full_disk_is_told_and_recovered_from(void **state)
{
    struct place *place = *state;
    int status = 1;
    store_close(place->store);
    place->store = NULL;
    pid_t pid = fork();
    if (pid == 0) {
        place_open(place);
        full_disk_story(place);
        store_close(place->store);
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
        TEST(letters_are_kept_once_up_to_the_limit_until_they_are_dealt_with),
        TEST(a_full_disk_is_told_and_recovered_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
