/* libenrum as a whole, over a real connection to a host that does as it is told. */
#include "client-sdk/c/home.h"
#include "clienttold.h"

#include <stdio.h>

/* -- Connecting -- */

static void host_without_the_key_is_not_believed(void **state)
{
    (void)state;
    struct told told;
    host.has_wrong_key = true;
    client_new(&told);
    UNTIL(&told, told.warning == ENRUM_HOST_UNTRUSTED);
    UNTIL(&told, told.state_err == ENRUM_HOST_UNTRUSTED);
    assert_int_equal(enrum_state(told.enrum), ENRUM_OFFLINE);
    enrum_close(told.enrum);
}

static void plain_connection_beyond_loopback_is_refused(void **state)
{
    (void)state;
    struct told told;
    (void)snprintf(stage.board.host_url, sizeof stage.board.host_url, "ws://192.0.2.1:7000/");
    client_new(&told);
    UNTIL(&told, told.state_err == ENRUM_CONFIG);
    enrum_close(told.enrum);
}

static void login_gives_a_certificate_that_stays(void **state)
{
    (void)state;
    struct told told;
    struct enrum_self self;
    client_new(&told);
    client_login(&told, "good-code");
    assert_int_equal(told.login_err, ENRUM_OK);
    client_reopen(&told);
    enrum_self(told.enrum, &self);
    assert_true(self.is_logged_in);
    assert_string_equal(self.name, "Test Testsson");
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    enrum_close(told.enrum);
}

static void certificate_that_ends_soon_is_taken_and_one_that_has_ended_is_not(void **state)
{
    (void)state;
    static const struct {
        uint64_t ms;
        enum enrum_err err;
    } rows[] = {{60000, ENRUM_OK}, {1, ENRUM_CERTIFICATE_EXPIRED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct told told;
        host.certificate_ms = rows[i].ms;
        client_new(&told);
        client_login(&told, "good-code");
        assert_int_equal(told.login_err, rows[i].err);
        enrum_close(told.enrum);
    }
}

static void refused_code_is_told(void **state)
{
    (void)state;
    struct told told;
    client_new(&told);
    client_login(&told, "bad-code");
    assert_int_equal(told.login_err, ENRUM_CODE_REFUSED);
    enrum_close(told.enrum);
}

/* -- Rooms -- */

static void room_is_opened_and_read_back(void **state)
{
    (void)state;
    struct told told;
    struct enrum_report report;
    client_with_room(&told);
    assert_string_equal(told.texts, "ett|");
    assert_int_equal(told.entries, 5);
    assert_int_equal(told.unopened, 0);
    assert_int_equal(enrum_verify(told.enrum, &room, &report), ENRUM_OK);
    assert_int_equal(report.err, ENRUM_OK);
    assert_int_equal(report.entries, 5);
    enrum_close(told.enrum);
}

static void many_entries_in_flight_stay_in_order(void **state)
{
    (void)state;
    struct told told;
    char expected[1024] = "ett|", text[16];
    uint64_t outbox;
    client_with_room(&told);
    for (int i = 0; i < 100; i++) {
        (void)snprintf(text, sizeof text, "%d", i);
        assert_int_equal(enrum_send_text(told.enrum, &room, text, &outbox), ENRUM_OK);
        size_t len = strlen(expected);
        (void)snprintf(expected + len, sizeof expected - len, "%s|", text);
    }
    UNTIL(&told, told.sent == 102 && told.entries == 105);
    assert_string_equal(told.texts, expected);
    assert_int_equal(enrum_outbox_count(told.enrum), 0);
    enrum_close(told.enrum);
}

static void staff_is_granted_the_keys_when_it_opens_the_room(void **state)
{
    (void)state;
    struct told told;
    host.grants_on_letter = true;
    client_staff_with_room(&told);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 1);
    assert_string_equal(told.texts, "hemligt|");
    assert_int_equal(told.unopened, 0);
    assert_int_equal(told.entries, 7);
    struct enrum_room found;
    assert_int_equal(enrum_room_find(told.enrum, &room, &found), ENRUM_OK);
    assert_string_equal(found.title, "Ett samtal");
    assert_int_equal(found.type, ROOM_TYPE_PARTY);
    enrum_close(told.enrum);
}

static void keys_that_come_late_open_what_was_told_unopened(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_staff_with_room(&told);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 1);
    assert_int_equal(told.entries, 6);
    assert_int_equal(told.unopened, 3);
    assert_string_equal(told.texts, "");
    assert_int_equal(enrum_send_text(told.enrum, &room, "x", &outbox), ENRUM_KEY_MISSING);
    log_grant(&stage, &room_log, &stage.keeper, &stage.staff);
    host_deliver(&host, 0, 6);
    UNTIL(&told, told.entries == 10);
    assert_string_equal(told.texts, "hemligt|");
    assert_int_equal(enrum_send_text(told.enrum, &room, "nu", &outbox), ENRUM_OK);
    UNTIL(&told, told.sent == 1 && told.entries == 11);
    enrum_close(told.enrum);
}

static void key_that_is_not_the_committed_one_stops_the_room(void **state)
{
    (void)state;
    struct told told;
    client_staff_with_room(&told);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 1);
    struct secret32 good = room_log.key;
    secret_random(&room_log.key);
    log_grant(&stage, &room_log, &stage.keeper, &stage.staff);
    room_log.key = good;
    host_deliver(&host, 0, 6);
    UNTIL(&told, told.warning == ENRUM_COMMITMENT_WRONG);
    enrum_close(told.enrum);
}

static void gap_in_live_entries_is_fetched(void **state)
{
    (void)state;
    struct told told;
    host.grants_on_letter = true;
    client_staff_with_room(&told);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 1);
    log_say(&stage, &room_log, &stage.citizen, "ett");
    log_say(&stage, &room_log, &stage.citizen, "två");
    host_deliver(&host, 0, room_log.seq - 1);
    UNTIL(&told, told.entries == 9);
    assert_string_equal(told.texts, "hemligt|ett|två|");
    enrum_close(told.enrum);
}

static void altered_entry_stops_the_room(void **state)
{
    (void)state;
    struct told told;
    host.grants_on_letter = true;
    client_staff_with_room(&told);
    struct buffer *stored = &room_log.stored[4];
    stored->at[stored->len - 80] ^= 1;
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_ENTRY_FORGED);
    run_for(&told, 20);
    assert_int_equal(told.up_to_date, 0);
    assert_true(told.last_seq < 5);
    struct enrum_report report;
    assert_int_equal(enrum_verify(told.enrum, &room, &report), ENRUM_OK);
    assert_int_equal(report.err, ENRUM_ENTRY_FORGED);
    assert_int_equal(report.seq, 5);
    enrum_close(told.enrum);
}

/* The host empties the sealed part of an entry. */
static void log_empty(struct stage_log *log, uint64_t seq)
{
    struct stored_entry stored;
    struct buffer bytes;
    log_at(log, seq, &stored);
    stored.entry.is_erased = true;
    stored.entry.sealed = (struct slice){NULL, 0};
    buffer_init(&bytes, FRAME_BYTES_MAX);
    assert_int_equal(stored_encode(&stored, &bytes), ENRUM_OK);
    buffer_fini(&log->stored[seq - 1]);
    log->stored[seq - 1] = bytes;
}

static void erased_entry_without_a_decision_is_noticed(void **state)
{
    (void)state;
    struct told told;
    host.grants_on_letter = true;
    client_staff_with_room(&told);
    log_empty(&room_log, 5);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_PAYLOAD_MISSING);
    enrum_close(told.enrum);
}

static void entry_that_comes_emptied_is_noticed(void **state)
{
    (void)state;
    struct told told;
    host.grants_on_letter = true;
    client_staff_with_room(&told);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 1);
    uint64_t before = room_log.seq;
    log_say(&stage, &room_log, &stage.citizen, "tomt");
    log_empty(&room_log, room_log.seq);
    host_deliver(&host, 0, before);
    UNTIL(&told, told.warning == ENRUM_PAYLOAD_MISSING);
    enrum_close(told.enrum);
}

/* -- The outbox -- */

static void entry_acknowledged_to_nobody_is_there_once(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.cut_before_ack = 1;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, host.cut_before_ack == 0);
    client_reopen(&told);
    assert_int_equal(enrum_outbox_count(told.enrum), 1);
    UNTIL(&told, told.sent == 1);
    assert_int_equal(host.own[0].seq, 6);
    assert_int_equal(told.last_sent_seq, 6);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.up_to_date == 1);
    assert_string_equal(told.texts, "ett|två|");
    enrum_close(told.enrum);
}

static void outbox_survives_a_crash_before_anything_is_sent(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    enrum_drop(told.enrum);
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &outbox), ENRUM_OK);
    client_reopen(&told);
    assert_int_equal(enrum_outbox_count(told.enrum), 2);
    UNTIL(&told, told.sent == 2);
    assert_int_equal(host.own[0].seq, 7);
    enrum_close(told.enrum);
}

static void busy_host_is_tried_again(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.refuse_appends = ENRUM_BUSY;
    host.refuse_count = 1;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &outbox), ENRUM_OK);
    UNTIL(&told, told.sent == 4 && told.entries == 7);
    assert_string_equal(told.texts, "ett|två|tre|");
    enrum_close(told.enrum);
}

static void expired_certificate_is_told_and_what_was_written_waits(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.refuse_appends = ENRUM_CERTIFICATE_EXPIRED;
    host.refuse_count = 1;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_CERTIFICATE_EXPIRED);
    assert_int_equal(told.sent, 2);
    enrum_drop(told.enrum);
    UNTIL(&told, told.sent == 3);
    enrum_close(told.enrum);
}

static void host_that_answers_neither_yes_nor_no_is_asked_anew_later(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.refuse_appends = ENRUM_NETWORK;
    host.refuse_count = 1;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.state_err == ENRUM_MALFORMED);
    UNTIL(&told, told.sent == 3 && told.entries == 6);
    assert_int_equal(told.not_sents, 0);
    enrum_close(told.enrum);
}

static void refusal_for_generation_is_sealed_anew_and_sent_once(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.refuse_appends = ENRUM_GENERATION_TOO_OLD;
    host.refuse_count = 2;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &outbox), ENRUM_OK);
    UNTIL(&told, told.sent == 4 && told.entries == 7);
    assert_string_equal(told.texts, "ett|två|tre|");
    assert_int_equal(host.own[0].seq, 7);
    enrum_close(told.enrum);
}

/* As after a new login: the old bytes are refused for their certificate, but the host has had them.
 */
static void entry_found_in_the_log_is_not_sealed_anew(void **state)
{
    (void)state;
    struct told told;
    uint64_t outbox;
    client_with_room(&told);
    host.cut_before_ack = 1;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, host.cut_before_ack == 0);
    host.refuse_appends = ENRUM_DEVICE_OTHER;
    host.refuse_count = 1;
    UNTIL(&told, told.sent == 3);
    run_for(&told, 50);
    assert_int_equal(host.own[0].seq, 6);
    assert_string_equal(told.texts, "ett|två|");
    enrum_close(told.enrum);
}

static void room_opened_unheard_is_found_under_another_certificate(void **state)
{
    (void)state;
    struct told told;
    client_new(&told);
    client_login(&told, "good-code");
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    host.cut_before_ack = 1;
    assert_int_equal(enrum_room_new(told.enrum, "Ett samtal", &room), ENRUM_OK);
    UNTIL(&told, host.appends_kept == 1);
    host.refuse_appends = ENRUM_DEVICE_OTHER;
    host.refuse_count = 1;
    UNTIL(&told, told.sent == 1);
    assert_int_equal(told.not_sents, 0);
    assert_int_equal(told.last_sent_seq, host.own[0].seq);
    enrum_close(told.enrum);
}

static void room_that_the_host_refuses_under_the_certificate_of_now_is_given_back(void **state)
{
    (void)state;
    struct told told;
    client_new(&told);
    client_login(&told, "good-code");
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    host.denies_rooms = true;
    host.refuse_appends = ENRUM_DEVICE_OTHER;
    host.refuse_count = 1;
    assert_int_equal(enrum_room_new(told.enrum, "Ett samtal", &room), ENRUM_OK);
    UNTIL(&told, told.not_sents == 1);
    assert_int_equal(told.not_sent, ENRUM_DEVICE_OTHER);
    enrum_close(told.enrum);
}

static void refusal_for_good_is_given_back_and_the_rest_goes_on(void **state)
{
    (void)state;
    struct told told;
    uint64_t first, second;
    client_with_room(&told);
    host.refuse_appends = ENRUM_MAY_NOT;
    host.refuse_count = 1;
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &first), ENRUM_OK);
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &second), ENRUM_OK);
    UNTIL(&told, told.not_sents == 1 && told.sent == 3 && told.entries == 6);
    assert_int_equal(told.not_sent, ENRUM_MAY_NOT);
    assert_string_equal(told.texts, "ett|tre|");
    enrum_close(told.enrum);
}

static void database_read(const struct told *told, struct buffer *out)
{
    struct home home;
    buffer_init(out, HOME_FILE_BYTES_MAX);
    assert_int_equal(home_open(told->home, &home), ENRUM_OK);
    assert_int_equal(home_read(&home, "enrum.db", out), ENRUM_OK);
    home_close(&home);
}

static void database_write(const struct told *told, struct buffer *bytes)
{
    struct home home;
    assert_int_equal(home_open(told->home, &home), ENRUM_OK);
    assert_int_equal(home_write(&home, "enrum.db", buffer_slice(bytes)), ENRUM_OK);
    home_close(&home);
    buffer_fini(bytes);
}

static void restored_backup_numbers_its_entries_anew(void **state)
{
    (void)state;
    struct told told;
    struct buffer backup;
    uint64_t outbox;
    client_with_room(&told);
    /* The home as it is now comes back after one more entry. */
    enrum_close(told.enrum);
    database_read(&told, &backup);
    client_open(&told);
    UNTIL(&told, enrum_state(told.enrum) == ENRUM_READY);
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.sent == 3);
    enrum_close(told.enrum);
    database_write(&told, &backup);
    client_open(&told);
    told.texts[0] = '\0';
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &outbox), ENRUM_OK);
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.sent == 4);
    run_for(&told, 20);
    assert_string_equal(told.texts, "ett|två|tre|");
    assert_int_equal(told.not_sents, 0);
    enrum_close(told.enrum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, told_setup, told_teardown)
        TEST(host_without_the_key_is_not_believed),
        TEST(plain_connection_beyond_loopback_is_refused),
        TEST(login_gives_a_certificate_that_stays),
        TEST(certificate_that_ends_soon_is_taken_and_one_that_has_ended_is_not),
        TEST(refused_code_is_told),
        TEST(room_is_opened_and_read_back),
        TEST(many_entries_in_flight_stay_in_order),
        TEST(staff_is_granted_the_keys_when_it_opens_the_room),
        TEST(keys_that_come_late_open_what_was_told_unopened),
        TEST(key_that_is_not_the_committed_one_stops_the_room),
        TEST(gap_in_live_entries_is_fetched),
        TEST(altered_entry_stops_the_room),
        TEST(erased_entry_without_a_decision_is_noticed),
        TEST(entry_that_comes_emptied_is_noticed),
        TEST(entry_acknowledged_to_nobody_is_there_once),
        TEST(outbox_survives_a_crash_before_anything_is_sent),
        TEST(busy_host_is_tried_again),
        TEST(expired_certificate_is_told_and_what_was_written_waits),
        TEST(host_that_answers_neither_yes_nor_no_is_asked_anew_later),
        TEST(refusal_for_generation_is_sealed_anew_and_sent_once),
        TEST(entry_found_in_the_log_is_not_sealed_anew),
        TEST(room_opened_unheard_is_found_under_another_certificate),
        TEST(room_that_the_host_refuses_under_the_certificate_of_now_is_given_back),
        TEST(refusal_for_good_is_given_back_and_the_rest_goes_on),
        TEST(restored_backup_numbers_its_entries_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
