/* A host that lies to libenrum is noticed, and what was noticed stays. */
#include "client-sdk/c/localstore.h"
#include "clienttold.h"

#include <stdio.h>

/* -- Receipts -- */

static void wrong_receipt_is_not_believed(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.has_wrong_receipts = true;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_RECEIPT_WRONG);
    assert_int_equal(told.sent, 2);
    enrum_close(told.enrum);
}

static void receipt_for_what_the_log_does_not_hold_is_noticed(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.signs_other_hash = true;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_RECEIPT_WRONG);
    enrum_close(told.enrum);
}

static void receipt_of_another_time_than_the_log_is_noticed(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.signs_other_time = true;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_RECEIPT_WRONG);
    enrum_close(told.enrum);
}

static void receipt_of_what_was_refused_is_not_the_next_ones(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.keeps_refused = true;
    host.refuse_appends = ENRUM_MAY_NOT;
    host.refuse_count = 1;
    host.hide_after = host.own[0].seq;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.not_sents == 1);
    host.hide_after = 0;
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &outbox), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_RECEIPT_WRONG);
    enrum_close(told.enrum);
}

static void what_is_refused_and_kept_is_sent(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.keeps_refused = true;
    host.refuse_appends = ENRUM_MAY_NOT;
    host.refuse_count = 1;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &outbox), ENRUM_OK);
    UNTIL(&told, told.sent == 4 && told.entries == 7);
    assert_int_equal(told.not_sents, 0);
    assert_string_equal(told.texts, "ett|två|tre|");
    assert_int_equal(host.own[0].seq, 7);
    enrum_close(told.enrum);
}

/* -- Logs and lists -- */

static void older_log_is_a_rollback(void **state)
{
    (void)state;
    struct told told;
    client_with_room(&told);
    enrum_drop(told.enrum);
    host.hide_after = 4;
    UNTIL(&told, told.warning == ENRUM_ROLLBACK);
    struct enrum_room found;
    assert_int_equal(enrum_room_find(told.enrum, &room, &found), ENRUM_OK);
    assert_true(found.is_untrusted);
    client_reopen(&told);
    assert_int_equal(enrum_room_find(told.enrum, &room, &found), ENRUM_OK);
    assert_int_equal(found.trouble, ENRUM_ROLLBACK);
    enrum_close(told.enrum);
}

static void hidden_room_is_a_rollback(void **state)
{
    (void)state;
    struct told told;
    client_with_room(&told);
    enrum_drop(told.enrum);
    host.room_count = 0;
    UNTIL(&told, told.warning == ENRUM_ROLLBACK);
    enrum_close(told.enrum);
}

static void acknowledged_entry_that_never_comes_is_a_rollback(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.hide_after = host.own[0].seq;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.sent == 3);
    UNTIL(&told, told.warning == ENRUM_ROLLBACK);
    enrum_close(told.enrum);
}

static void hidden_room_of_which_only_a_receipt_is_held_is_a_rollback(void **state)
{
    (void)state;
    struct told told;
    client_new(&told);
    client_login(&told, "good-code");
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    assert_int_equal(enrum_room_new(told.enrum, "Ett samtal", &room), ENRUM_OK);
    UNTIL(&told, told.sent == 1);
    client_reopen(&told);
    host.room_count = 0;
    UNTIL(&told, told.warning == ENRUM_ROLLBACK);
    enrum_close(told.enrum);
}

static void refused_list_is_asked_again_and_hides_nothing(void **state)
{
    (void)state;
    struct told told;
    client_with_room(&told);
    client_reopen(&told);
    host.refuse_lists = 2;
    UNTIL(&told, host.refuse_lists == 0);
    assert_int_not_equal(enrum_state(told.enrum), ENRUM_READY);
    host.room_count = 0;
    UNTIL(&told, told.warning == ENRUM_ROLLBACK);
    enrum_close(told.enrum);
}

static void list_without_end_is_not_listened_to(void **state)
{
    (void)state;
    struct told told;
    client_with_room(&told);
    client_reopen(&told);
    host.lists_without_end = true;
    UNTIL(&told, told.state_err == ENRUM_MALFORMED);
    enrum_close(told.enrum);
}

static void host_that_makes_up_rooms_is_not_listened_to(void **state)
{
    (void)state;
    struct told told;
    client_new(&told);
    host.makes_up_rooms = true;
    client_login(&told, "good-code");
    UNTIL(&told, told.state_err == ENRUM_MALFORMED);
    assert_int_equal(told.rooms, 1 << 13);
    run_for(&told, 200);
    assert_int_equal(told.rooms, 1 << 13);
    enrum_close(told.enrum);
}

static void other_history_is_a_fork(void **state)
{
    (void)state;
    struct told told;
    client_with_room(&told);
    enrum_drop(told.enrum);
    host.own[0].hashes[5].bytes[0] ^= 1;
    UNTIL(&told, told.warning == ENRUM_FORK);
    enrum_close(told.enrum);
}

/* -- What the keeper says with a login -- */

static void each_head(void *context, const struct local_room *local)
{
    uint64_t *seq = context;
    *seq = local->keeper_head.seq;
}

/* By another connection to the database: as a crash would leave it now. */
static void heads_are_with_the_certificate(struct told *told)
{
    char path[300];
    struct localstore *store = NULL;
    struct buffer certificate;
    uint64_t seq = 0;
    (void)snprintf(path, sizeof path, "%s/enrum.db", told->home);
    buffer_init(&certificate, CERTIFICATE_BYTES_MAX);
    assert_int_equal(localstore_open(path, NULL, &store), ENRUM_OK);
    assert_int_equal(localstore_meta_get(store, "certificate", &certificate), ENRUM_OK);
    assert_int_equal(localstore_rooms(store, each_head, &seq), ENRUM_OK);
    localstore_close(store);
    assert_true(certificate.len > 0);
    assert_int_equal(seq, 5);
    buffer_fini(&certificate);
}

static void heads_are_on_disk_with_the_certificate_and_tell_what_is_hidden(void **state)
{
    (void)state;
    struct told told;
    struct buffer heads;
    struct wire_room_head head = {.room = room, .seq = 5, .hash = room, .generation = 1};
    buffer_init(&heads, 256);
    assert_int_equal(layout_encode(&layout_room_head, &head, &heads), ENRUM_OK);
    host.heads = buffer_slice(&heads);
    client_new(&told);
    told.on_login = heads_are_with_the_certificate;
    client_login(&told, "good-code");
    client_reopen(&told);
    UNTIL(&told, told.warning == ENRUM_ROLLBACK);
    enrum_close(told.enrum);
    buffer_fini(&heads);
}

/* -- Keepers -- */

static void host_that_names_keepers_of_its_own_gets_nothing_more(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    enrum_drop(told.enrum);
    host.names_own_keeper = true;
    UNTIL(&told, told.warning == ENRUM_KEEPER_UNTRUSTED);
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    unsigned appends = host.appends_seen;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    run_for(&told, 50);
    /* Also when it has thought better of it. */
    host.names_own_keeper = false;
    enrum_drop(told.enrum);
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    run_for(&told, 50);
    assert_int_equal(host.appends_seen, appends);
    assert_int_equal(enrum_outbox_count(told.enrum), 1);
    assert_int_equal(told.not_sents, 0);
    enrum_close(told.enrum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, told_setup, told_teardown)
        TEST(wrong_receipt_is_not_believed),
        TEST(receipt_for_what_the_log_does_not_hold_is_noticed),
        TEST(receipt_of_another_time_than_the_log_is_noticed),
        TEST(receipt_of_what_was_refused_is_not_the_next_ones),
        TEST(what_is_refused_and_kept_is_sent),
        TEST(older_log_is_a_rollback),
        TEST(hidden_room_is_a_rollback),
        TEST(acknowledged_entry_that_never_comes_is_a_rollback),
        TEST(hidden_room_of_which_only_a_receipt_is_held_is_a_rollback),
        TEST(refused_list_is_asked_again_and_hides_nothing),
        TEST(list_without_end_is_not_listened_to),
        TEST(host_that_makes_up_rooms_is_not_listened_to),
        TEST(other_history_is_a_fork),
        TEST(heads_are_on_disk_with_the_certificate_and_tell_what_is_hidden),
        TEST(host_that_names_keepers_of_its_own_gets_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
