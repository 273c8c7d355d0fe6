/* The disk fills up, fails, lies and is slow: the store never acknowledges what is not there, says
 * what is wrong, refuses what it cannot do, and goes on by itself when the disk does. */
#include "tests/fault/ear.h"
#include "tests/fault/scribe.h"
#include "tests/fault/vfs.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>

struct place {
    struct scribe scribe;
    struct ear ear;
};

static void place_init(struct place *place, uint64_t seed)
{
    *place = (struct place){0};
    ear_open(&place->ear);
    scribe_init(&place->scribe, seed);
    vfs_disk(place->scribe.folder, seed);
    assert_true(scribe_open(&place->scribe));
}

static void place_fini(struct place *place)
{
    vfs_faults(NULL);
    scribe_fini(&place->scribe);
    vfs_fini();
    ear_close(&place->ear);
}

static bool is_failing(const struct place *place)
{
    struct store_health health;
    store_health(place->scribe.store, &health);
    assert_int_equal(health.is_failing, health.why[0] != '\0');
    return health.is_failing;
}

/* Appends to rooms that are known, a few at a time. */
static void write_some(struct place *place, size_t rounds)
{
    struct scribe *scribe = &place->scribe;
    for (size_t i = 0; i < rounds; i++) {
        scribe_relearn(scribe);
        for (size_t j = 0; j < 6; j++) {
            size_t room = (size_t)scribe_choose(scribe, SCRIBE_ROOMS);
            if (!scribe->rooms[room].is_unknown) {
                (void)scribe_append(scribe, room, 1 + j % SCRIBE_ENTRIES_MAX);
            }
        }
        scribe_take(scribe, SIZE_MAX);
    }
}

/* Tries until something is acknowledged, as clients do. */
static void recover(struct place *place)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    size_t before = scribe_promised(&place->scribe);
    for (int i = 0; i < 4000 && scribe_promised(&place->scribe) == before; i++) {
        write_some(place, 1);
        nanosleep(&pause, NULL);
    }
    assert_true(scribe_promised(&place->scribe) > before);
    assert_false(is_failing(place));
}

static void lose_power(struct place *place, enum disk_loss loss)
{
    vfs_off();
    scribe_close(&place->scribe);
    vfs_on_after_loss(loss);
    assert_true(scribe_open(&place->scribe));
}

static void all_stands(struct place *place)
{
    scribe_send_again(&place->scribe);
    struct verdict verdict = scribe_judge(&place->scribe);
    assert_int_equal(verdict.lost, 0);
    assert_int_equal(verdict.unkept, 0);
    assert_int_equal(verdict.broken, 0);
    assert_true(verdict.is_whole);
    assert_int_equal(place->scribe.lies, 0);
}

/* -- The disk fails -- */

struct fault {
    const char *name;
    struct vfs_faults faults;
    bool stops_all; /* nothing can be acknowledged */
};

static const struct fault faults[] = {
    {"the disk is full", {.full = VFS_ANY}, true},
    {"writes fail", {.writes_fail = VFS_ANY}, true},
    {"writes to the log fail", {.writes_fail = VFS_WAL}, true},
    {"reads fail", {.reads_fail = VFS_ANY}, false},
    {"syncs fail", {.syncs_fail = VFS_ANY}, true},
    {"syncs of the log fail", {.syncs_fail = VFS_WAL}, true},
    {"syncs fail and the old bytes are back",
     {.syncs_fail = VFS_ANY, .failed_sync_reverts = true},
     true},
    {"syncs of the file fail and the old bytes are back",
     {.syncs_fail = VFS_MAIN, .failed_sync_reverts = true},
     false},
};

static void fault_begins(struct place *place, const struct fault *fault)
{
    size_t before = scribe_promised(&place->scribe);
    vfs_faults(&fault->faults);
    write_some(place, 4);
    if (!fault->stops_all) {
        return;
    }
    assert_int_equal(scribe_promised(&place->scribe), before);
    assert_true(is_failing(place));
    /* What is refused does not wear the disk out, and does not fill the log. */
    uint64_t operations = vfs_counts().operations;
    write_some(place, 100);
    for (size_t i = 0; i < 200; i++) {
        scribe_letter(&place->scribe);
        scribe_blob(&place->scribe, 0);
        scribe_fetch(&place->scribe, 0);
        scribe_take(&place->scribe, SIZE_MAX);
    }
    assert_true(vfs_counts().operations - operations < 300);
    assert_int_equal(scribe_promised(&place->scribe), before);
    assert_int_equal(place->scribe.letters_promised, 0);
    assert_int_equal(place->scribe.blobs_promised, 0);
    assert_in_range(ear_count(&place->ear, "event=store_failed"), 1, 3);
    assert_int_equal(ear_count(&place->ear, "event=store_recovered"), 0);
}

static void fault_ends(struct place *place, const struct fault *fault)
{
    vfs_faults(NULL);
    recover(place);
    if (fault->stops_all) {
        assert_int_equal(ear_count(&place->ear, "event=store_recovered"), 1);
    }
    write_some(place, 3);
    all_stands(place);
}

static void a_disk_that_fails_is_told_of_refused_for_and_recovered_from(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        for (uint64_t seed = 1; seed <= 2; seed++) {
            struct place place;
            place_init(&place, seed);
            write_some(&place, 5);
            fault_begins(&place, &faults[i]);
            fault_ends(&place, &faults[i]);
            lose_power(&place, seed % 2 == 0 ? DISK_LOSES_ALL : DISK_LOSES_SOME);
            all_stands(&place);
            write_some(&place, 2);
            place_fini(&place);
        }
    }
}

static void power_that_goes_while_the_disk_fails_takes_nothing_acknowledged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        for (uint64_t seed = 1; seed <= 12; seed++) {
            struct place place;
            place_init(&place, seed);
            write_some(&place, 1 + seed % 5);
            vfs_faults(&faults[i].faults);
            write_some(&place, 3);
            if (seed % 3 == 0) {
                /* The process starts again instead, and the power goes once it has answered. */
                vfs_off();
                scribe_close(&place.scribe);
                vfs_on();
                assert_true(scribe_open(&place.scribe));
                all_stands(&place);
            }
            lose_power(&place, (enum disk_loss)(seed % DISK_LOSS_COUNT));
            all_stands(&place);
            write_some(&place, 2);
            place_fini(&place);
        }
    }
}

/* A board that nobody writes to is well again without anybody's help. */
static void a_quiet_store_recovers_by_itself(void **state)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    struct place place;
    (void)state;
    place_init(&place, 1);
    vfs_faults(&(struct vfs_faults){.syncs_fail = VFS_WAL});
    write_some(&place, 1);
    assert_true(is_failing(&place));
    vfs_faults(NULL);
    for (int i = 0; i < 1000 && is_failing(&place); i++) {
        nanosleep(&pause, NULL);
    }
    assert_false(is_failing(&place));
    place_fini(&place);
}

/* -- The disk is slow -- */

static void a_slow_disk_is_waited_for_and_what_is_too_much_is_refused(void **state)
{
    struct place place;
    (void)state;
    place_init(&place, 1);
    write_some(&place, 1);
    struct scribe *scribe = &place.scribe;
    size_t before = scribe_promised(scribe), taken = 0, refused = 0;
    vfs_faults(&(struct vfs_faults){.syncs_wait = VFS_WAL});
    assert_int_equal(scribe_append(scribe, 0, 1), ENRUM_OK);
    vfs_wait_for_waiting();
    for (size_t i = 0; i < 1000; i++) {
        enum enrum_err err = scribe_append(scribe, i % SCRIBE_ROOMS, 1);
        assert_true(err == ENRUM_OK || err == ENRUM_BUSY);
        taken += err == ENRUM_OK;
        refused += err == ENRUM_BUSY;
    }
    assert_int_equal(taken, SCRIBE_WAITING_MAX);
    assert_int_equal(refused, 1000 - taken);
    assert_int_equal(scribe_take_ready(scribe), 0);
    /* All of it is written, and nothing is synced: nobody is answered. */
    struct pollfd poll_fd = {.fd = store_wake_fd(scribe->store), .events = POLLIN};
    assert_int_equal(poll(&poll_fd, 1, 100), 0);
    vfs_faults(NULL);
    scribe_take(scribe, SIZE_MAX);
    assert_int_equal(scribe_promised(scribe), before + 1 + taken);
    assert_false(is_failing(&place));
    all_stands(&place);
    place_fini(&place);
}

static void answers_that_wait_for_a_slow_disk_are_bounded_in_bytes(void **state)
{
    enum { FETCHES = 60 };
    struct place place;
    (void)state;
    place_init(&place, 1);
    write_some(&place, 12);
    struct scribe *scribe = &place.scribe;
    vfs_faults(&(struct vfs_faults){.syncs_wait = VFS_WAL});
    assert_int_equal(scribe_append(scribe, 0, 1), ENRUM_OK);
    vfs_wait_for_waiting();
    for (size_t i = 0; i < FETCHES; i++) {
        scribe_fetch(scribe, i % SCRIBE_ROOMS);
    }
    /* The readers go on: some answers wait for their row, the others are refused now. */
    size_t waiting = scribe->waiting;
    assert_int_equal(waiting, 1 + FETCHES);
    scribe_take(scribe, 1);
    assert_true(scribe->errors > 0);
    vfs_faults(NULL);
    scribe_take(scribe, SIZE_MAX);
    assert_true(scribe->errors < FETCHES);
    /* What was answered waits no more. */
    scribe->errors = 0;
    scribe_fetch(scribe, 0);
    scribe_take(scribe, SIZE_MAX);
    assert_int_equal(scribe->errors, 0);
    place_fini(&place);
}

/* -- The log cannot be taken into the file -- */

static void a_checkpoint_that_fails_is_told_and_the_log_does_not_grow_without_end(void **state)
{
    struct place place;
    (void)state;
    place_init(&place, 3);
    write_some(&place, 2);
    vfs_faults(&(struct vfs_faults){.full = VFS_MAIN});
    for (size_t i = 0; i < 1000 && !is_failing(&place); i++) {
        write_some(&place, 1);
    }
    assert_true(is_failing(&place));
    size_t before = scribe_promised(&place.scribe);
    write_some(&place, 20);
    assert_int_equal(scribe_promised(&place.scribe), before);
    vfs_faults(NULL);
    recover(&place);
    lose_power(&place, DISK_LOSES_ALL);
    all_stands(&place);
    place_fini(&place);
}

/* -- What is not sent again -- */

static void certificate_make(struct place *place, struct buffer *out)
{
    struct wire_certificate body = {.board = place->scribe.board.board,
                                    .issuer = place->scribe.board.board,
                                    .sign_key = place->scribe.author.public,
                                    .seal_key = place->scribe.author.public,
                                    .person = place->scribe.board.board,
                                    .role = ROLE_KEEPER,
                                    .level = 4,
                                    .not_before = 1,
                                    .not_after = 2};
    buffer_init(out, CERTIFICATE_BYTES_MAX);
    assert_int_equal(certificate_encode(&place->scribe.host, &body, out), ENRUM_OK);
}

static bool is_among_keepers(struct place *place, struct slice certificate)
{
    struct store_answer *answers = NULL;
    size_t count = 0;
    struct msg_board board;
    struct pollfd poll_fd = {.fd = store_wake_fd(place->scribe.store), .events = POLLIN};
    assert_int_equal(store_board_get(place->scribe.store, 1, 1, &place->scribe.board.board, false),
                     ENRUM_OK);
    assert_int_equal(poll(&poll_fd, 1, 60000), 1);
    store_take(place->scribe.store, &answers, &count);
    assert_int_equal(count, 1);
    assert_int_equal(
        layout_decode(&message_board, parcel_slice(answers[0].message.message), &board), ENRUM_OK);
    bool is_there = slice_equal(board.keepers, certificate);
    store_answer_free(&answers[0]);
    return is_there;
}

static void a_certificate_that_came_while_the_disk_failed_is_there_before_its_entries(void **state)
{
    struct place place;
    struct buffer certificate;
    (void)state;
    place_init(&place, 1);
    certificate_make(&place, &certificate);
    write_some(&place, 1);
    vfs_faults(&(struct vfs_faults){.writes_fail = VFS_WAL});
    for (int i = 0; i < 3; i++) {
        assert_int_equal(store_certificate_keep(place.scribe.store, &place.scribe.board.board,
                                                buffer_slice(&certificate), slice_of("", 0)),
                         ENRUM_OK);
        write_some(&place, 1);
    }
    assert_false(is_among_keepers(&place, buffer_slice(&certificate)));
    vfs_faults(NULL);
    recover(&place);
    lose_power(&place, DISK_LOSES_ALL);
    assert_true(is_among_keepers(&place, buffer_slice(&certificate)));
    buffer_fini(&certificate);
    place_fini(&place);
}

/* -- The disk gives other bytes than were written -- */

static void a_page_that_is_read_wrongly_never_becomes_a_receipt(void **state)
{
    enum { ROUNDS = 60 };
    struct place place;
    (void)state;
    place_init(&place, 1);
    write_some(&place, 12);
    size_t altered = 0, good = 0;
    for (int i = 0; i < ROUNDS; i++) {
        /* Each round reads from the disk anew. Nothing is written, so nothing wrong is kept. */
        scribe_close(&place.scribe);
        assert_true(scribe_open(&place.scribe));
        vfs_faults(&(struct vfs_faults){.reads_corrupt = VFS_MAIN});
        size_t unkept = scribe_unkept(&place.scribe);
        altered += unkept;
        good += scribe_promised(&place.scribe) - unkept;
        vfs_faults(NULL);
        assert_int_equal(place.scribe.lies, 0);
    }
    printf("%zu answers altered pages made impossible, %zu were given all the same\n", altered,
           good);
    assert_true(altered > 0 && good > 0);
    place_fini(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_that_fails_is_told_of_refused_for_and_recovered_from),
        cmocka_unit_test(power_that_goes_while_the_disk_fails_takes_nothing_acknowledged),
        cmocka_unit_test(a_quiet_store_recovers_by_itself),
        cmocka_unit_test(a_slow_disk_is_waited_for_and_what_is_too_much_is_refused),
        cmocka_unit_test(answers_that_wait_for_a_slow_disk_are_bounded_in_bytes),
        cmocka_unit_test(a_checkpoint_that_fails_is_told_and_the_log_does_not_grow_without_end),
        cmocka_unit_test(a_certificate_that_came_while_the_disk_failed_is_there_before_its_entries),
        cmocka_unit_test(a_page_that_is_read_wrongly_never_becomes_a_receipt),
    };
    vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
