/* A conversation that waits while its certificate is renewed is opened anew as another room, with
 * all that waits in it, once. */
#include "clienttold.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

/* A conversation is opened and written in, no host takes it, and then the certificate is renewed.
 */
static void conversation_that_waits(struct told *told, bool is_crash)
{
    uint64_t outbox;
    client_new(told);
    client_login(told, "good-code");
    UNTIL(told, enrum_state(told->enrum) == ENRUM_READY);
    host.refuse_appends = ENRUM_BUSY;
    host.refuse_count = UINT_MAX;
    assert_int_equal(enrum_room_new(told->enrum, "Ett samtal", &room), ENRUM_OK);
    assert_int_equal(enrum_send_text(told->enrum, &room, "ett", &outbox), ENRUM_OK);
    assert_int_equal(enrum_send_text(told->enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(told, host.appends_seen > 0);
    if (is_crash) {
        client_reopen(told);
        UNTIL(told, enrum_state(told->enrum) == ENRUM_READY);
    }
    assert_int_equal(enrum_follow(told->enrum, &room), ENRUM_OK);
    client_renew(told);
    assert_int_equal(enrum_outbox_count(told->enrum), 3);
}

/* All of it once, in order, under either id. */
static void assert_opened_anew(struct told *told)
{
    struct enrum_room found;
    struct enrum_report report;
    uint64_t outbox;
    UNTIL(told, told->sent == 3 && told->up_to_date == 1);
    assert_int_equal(host.own_count, 1);
    assert_int_equal(told->moves, 1);
    assert_true(id_equal(&told->moved, &room) && id_equal(&told->moved_to, &host.own[0].room));
    assert_false(id_equal(&host.own[0].room, &room));
    assert_int_equal(enrum_send_text(told->enrum, &room, "tre", &outbox), ENRUM_OK);
    UNTIL(told, told->sent == 4 && told->last_seq == host.own[0].seq);
    assert_string_equal(told->texts, "ett|två|tre|");
    assert_int_equal(told->not_sents, 0);
    assert_int_equal(enrum_outbox_count(told->enrum), 0);
    client_reopen(told);
    assert_int_equal(enrum_room_find(told->enrum, &room, &found), ENRUM_OK);
    assert_true(id_equal(&found.room, &host.own[0].room));
    assert_string_equal(found.title, "Ett samtal");
    assert_int_equal(enrum_verify(told->enrum, &room, &report), ENRUM_OK);
    assert_int_equal(report.err, ENRUM_OK);
    assert_int_equal(report.entries, host.own[0].seq);
    UNTIL(told, enrum_state(told->enrum) == ENRUM_READY);
    assert_int_equal(told->moves, 0);
    assert_int_equal(host.own_count, 1);
}

static void room_that_waits_under_an_outlived_certificate_is_opened_anew_once(void **state)
{
    (void)state;
    for (int is_crash = 0; is_crash <= 1; is_crash++) {
        struct told told;
        conversation_that_waits(&told, is_crash);
        host.refuse_count = 0;
        assert_opened_anew(&told);
        enrum_close(told.enrum);
        assert_int_equal(told_teardown(state), 0);
        assert_int_equal(told_setup(state), 0);
    }
}

/* Two blobs. Told of as a path in the client's home. */
static void file_write(const struct told *told, char path[300])
{
    enum { FILE_BYTES = CHUNK_BYTES_MAX + 1 };
    (void)snprintf(path, 300, "%s/intyg.bin", told->home);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    for (size_t i = 0; i < FILE_BYTES; i++) {
        assert_int_not_equal(fputc((int)(i % 251), file), EOF);
    }
    assert_int_equal(fclose(file), 0);
}

/* It has no number in either room, and its blobs lie in the local store until it is sent. */
static void file_that_waits_goes_along_into_the_room_that_is_opened_anew(void **state)
{
    for (int is_crash = 0; is_crash <= 1; is_crash++) {
        struct told told;
        char path[300];
        uint64_t outbox;
        conversation_that_waits(&told, false);
        file_write(&told, path);
        const struct enrum_file file = {.path = path, .text = "Intyget"};
        assert_int_equal(enrum_send_file(told.enrum, &room, &file, &outbox), ENRUM_OK);
        assert_int_equal(unlink(path), 0);
        if (is_crash) {
            client_reopen(&told);
            assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
        }
        assert_int_equal(enrum_outbox_count(told.enrum), 4);
        host.refuse_count = 0;
        UNTIL(&told, told.sent == 4 && told.last_seq == host.own[0].seq);
        assert_int_equal(told.moves, 1);
        assert_int_equal(told.not_sents, 0);
        assert_int_equal(host.own_count, 1);
        assert_int_equal(host.blobs_put, 2);
        assert_string_equal(told.texts, "ett|två|");
        assert_int_equal(told.last_sent_seq, host.own[0].seq);
        /* Under either id: this one is of before. */
        assert_int_equal(enrum_save_file(told.enrum, &room, told.last_seq, path, &outbox),
                         ENRUM_OK);
        assert_int_equal(enrum_save_cancel(told.enrum, outbox), ENRUM_OK);
        enrum_close(told.enrum);
        assert_int_equal(told_teardown(state), 0);
        assert_int_equal(told_setup(state), 0);
    }
}

/* The certificate is renewed twice before any host has it. */
static void room_that_was_opened_anew_is_opened_anew_again(void **state)
{
    (void)state;
    struct told told;
    struct id first;
    conversation_that_waits(&told, false);
    host.refuse_appends = ENRUM_DEVICE_OTHER;
    host.refuse_count = 1;
    UNTIL(&told, told.moves == 1);
    first = room;
    room = told.moved_to;
    host.refuse_appends = ENRUM_BUSY;
    host.refuse_count = UINT_MAX;
    client_renew(&told);
    told.moves = 0;
    host.refuse_count = 0;
    assert_opened_anew(&told);
    struct enrum_room found;
    assert_int_equal(enrum_room_find(told.enrum, &first, &found), ENRUM_OK);
    assert_true(id_equal(&found.room, &host.own[0].room));
    enrum_close(told.enrum);
}

/* What the host took on a lost connection, it lists only later: both are there, each with its own.
 */
static void room_that_is_there_after_all_stands_beside_the_one_opened_anew(void **state)
{
    (void)state;
    struct told told;
    struct enrum_room found;
    struct enrum_report report;
    client_new(&told);
    client_login(&told, "good-code");
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    host.hides_rooms = true;
    host.cut_before_ack = 1;
    assert_int_equal(enrum_room_new(told.enrum, "Ett samtal", &room), ENRUM_OK);
    UNTIL(&told, host.appends_kept == 1);
    client_renew(&told);
    UNTIL(&told, told.sent == 1);
    assert_int_equal(told.moves, 1);
    assert_int_equal(host.own_count, 2);
    host.hides_rooms = false;
    client_reopen(&told);
    UNTIL(&told, told.rooms == 2);
    for (size_t i = 0; i < host.own_count; i++) {
        const struct id *id = &host.own[i].room;
        assert_int_equal(enrum_follow(told.enrum, id), ENRUM_OK);
        UNTIL(&told, told.up_to_date == i + 1);
        assert_int_equal(enrum_room_find(told.enrum, id, &found), ENRUM_OK);
        assert_true(id_equal(&found.room, id));
        assert_int_equal(enrum_verify(told.enrum, id, &report), ENRUM_OK);
        assert_int_equal(report.err, ENRUM_OK);
        assert_int_equal(report.entries, host.own[i].seq);
    }
    assert_int_equal(told.warning, ENRUM_OK);
    enrum_close(told.enrum);
}

/* The last thing that is written fails: nothing of it is there. */
static void room_that_cannot_be_written_down_anew_is_opened_when_it_can(void **state)
{
    (void)state;
    struct told told;
    char path[300];
    sqlite3 *db = NULL;
    conversation_that_waits(&told, false);
    (void)snprintf(path, sizeof path, "%s/enrum.db", told.home);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "CREATE TRIGGER full BEFORE INSERT ON meta WHEN NEW.name LIKE "
                                  "'moved%' BEGIN SELECT RAISE(FAIL, 'full'); END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    host.refuse_count = 0;
    UNTIL(&told, told.warning == ENRUM_FILE_FAILED);
    client_reopen(&told);
    assert_int_equal(enrum_outbox_count(told.enrum), 3);
    UNTIL(&told, told.warning == ENRUM_FILE_FAILED);
    assert_int_equal(told.moves, 0);
    assert_int_equal(host.own_count, 0);
    assert_int_equal(sqlite3_exec(db, "DROP TRIGGER full", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    assert_opened_anew(&told);
    enrum_close(told.enrum);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, told_setup, told_teardown)
    const struct CMUnitTest tests[] = {
        TEST(room_that_waits_under_an_outlived_certificate_is_opened_anew_once),
        TEST(file_that_waits_goes_along_into_the_room_that_is_opened_anew),
        TEST(room_that_was_opened_anew_is_opened_anew_again),
        TEST(room_that_is_there_after_all_stands_beside_the_one_opened_anew),
        TEST(room_that_cannot_be_written_down_anew_is_opened_when_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
