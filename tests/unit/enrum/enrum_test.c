/* libenrum as a whole, over a real connection to a host that does as it is told. */
#include "client-sdk/c/home.h"
#include "clienthost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct stage stage;
static struct stage_host host;
static struct stage_log room_log;
static struct id room;

/* What one client has been told. */
struct told {
    struct enrum *enrum;
    char home[256];
    enum enrum_err state_err, login_err, warning, not_sent, up_to_date_err;
    unsigned logins, entries, unopened, sent, not_sents, up_to_date, rooms;
    uint64_t last_sent_seq, last_seq;
    char texts[4096];
};

static void on_event(void *context, const struct enrum_event *event)
{
    struct told *told = context;
    struct wire_body_text text;
    if (event->type == ENRUM_EVENT_STATE) {
        told->state_err = event->err;
    } else if (event->type == ENRUM_EVENT_LOGGED_IN) {
        told->logins++;
        told->login_err = event->err;
    } else if (event->type == ENRUM_EVENT_ROOM) {
        told->rooms++;
    } else if (event->type == ENRUM_EVENT_ENTRY) {
        told->entries++;
        told->unopened += event->item->open_err != ENRUM_OK;
        told->last_seq = event->item->seq;
        if (event->item->is_open && event->item->content.kind == KIND_MESSAGE &&
            layout_decode(&layout_body_text, event->item->content.body, &text) == ENRUM_OK) {
            size_t len = strlen(told->texts);
            (void)snprintf(told->texts + len, sizeof told->texts - len, "%.*s|", (int)text.text.len,
                           (const char *)text.text.at);
        }
    } else if (event->type == ENRUM_EVENT_SENT) {
        told->sent++;
        told->last_sent_seq = event->seq;
    } else if (event->type == ENRUM_EVENT_NOT_SENT) {
        told->not_sents++;
        told->not_sent = event->err;
    } else if (event->type == ENRUM_EVENT_UP_TO_DATE) {
        told->up_to_date++;
        told->up_to_date_err = event->err;
    } else if (event->type == ENRUM_EVENT_WARNING) {
        told->warning = event->err;
    }
}

static void client_open(struct told *told)
{
    struct enrum_options options = {.home = told->home,
                                    .board = &stage.board,
                                    .software = "test",
                                    .on_event = on_event,
                                    .context = told};
    assert_int_equal(enrum_open(&options, &told->enrum), ENRUM_OK);
}

static void client_new(struct told *told)
{
    memset(told, 0, sizeof *told);
    stage_folder(told->home);
    client_open(told);
}

/* As after a crash: nothing is said to anybody, and what was told is forgotten. */
static void client_reopen(struct told *told)
{
    char home[256];
    memcpy(home, told->home, sizeof home);
    enrum_close(told->enrum);
    memset(told, 0, sizeof *told);
    memcpy(told->home, home, sizeof home);
    client_open(told);
}

#define UNTIL(told, condition)                                                                     \
    do {                                                                                           \
        int steps_ = 0;                                                                            \
        while (!(condition) && steps_++ < 2000) {                                                  \
            host_step(&host);                                                                      \
            enrum_step((told)->enrum, 5);                                                          \
        }                                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

static void run_for(struct told *told, int steps)
{
    for (int i = 0; i < steps; i++) {
        host_step(&host);
        enrum_step(told->enrum, 5);
    }
}

static void client_login_as(struct told *told, const char *code, uint64_t role)
{
    char url[4096];
    assert_int_equal(
        enrum_login_begin(told->enrum, NULL, role, "http://127.0.0.1:1/callback", url, sizeof url),
        ENRUM_OK);
    assert_non_null(strstr(url, "code_challenge_method=S256"));
    char state[64] = "";
    memcpy(state, strstr(url, "&state=") + 7, 43);
    assert_int_equal(enrum_login_finish(told->enrum, code, "another"), ENRUM_OUT_OF_STATE);
    assert_int_equal(enrum_login_finish(told->enrum, code, state), ENRUM_OK);
    UNTIL(told, told->logins == 1);
}

static void client_login(struct told *told, const char *code)
{
    client_login_as(told, code, ROLE_CITIZEN);
}

/* A client that is the stage's citizen, and a room of its own with one text. */
static void client_with_room(struct told *told)
{
    uint64_t outbox;
    client_new(told);
    client_login(told, "good-code");
    assert_int_equal(told->login_err, ENRUM_OK);
    UNTIL(told, enrum_state(told->enrum) == ENRUM_READY);
    assert_int_equal(enrum_room_new(told->enrum, "Ett samtal", &room), ENRUM_OK);
    assert_int_equal(enrum_send_text(told->enrum, &room, "ett", &outbox), ENRUM_OK);
    UNTIL(told, told->sent == 2);
    assert_int_equal(enrum_follow(told->enrum, &room), ENRUM_OK);
    UNTIL(told, told->up_to_date == 1);
}

static int setup(void **state)
{
    (void)state;
    stage_init(&stage);
    host_open(&host, &stage);
    suite_random(room.bytes, ID_BYTES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    host_close(&host);
    log_fini(&room_log);
    memset(&room_log, 0, sizeof room_log);
    stage_fini(&stage);
    return 0;
}

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

/* A room of the stage's citizen, where this staff client is a member without keys. */
static void staff_with_room(struct told *told)
{
    log_init(&room_log, &room);
    log_open_room(&stage, &room_log);
    log_say(&stage, &room_log, &stage.citizen, "hemligt");
    client_new(told);
    client_login_as(told, "good-code", ROLE_STAFF);
    log_add_staff(&stage, &room_log);
    host.rooms[host.room_count++] = &room_log;
    UNTIL(told, enrum_state(told->enrum) == ENRUM_READY);
}

static void staff_is_granted_the_keys_when_it_opens_the_room(void **state)
{
    (void)state;
    struct told told;
    host.grants_on_letter = true;
    staff_with_room(&told);
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
    staff_with_room(&told);
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
    staff_with_room(&told);
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
    staff_with_room(&told);
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
    staff_with_room(&told);
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

static void erased_entry_without_a_decision_is_noticed(void **state)
{
    (void)state;
    struct told told;
    struct stored_entry stored;
    host.grants_on_letter = true;
    staff_with_room(&told);
    log_at(&room_log, 5, &stored);
    stored.entry.is_erased = true;
    stored.entry.sealed = (struct slice){NULL, 0};
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    assert_int_equal(stored_encode(&stored, &bytes), ENRUM_OK);
    struct buffer old = room_log.stored[4];
    room_log.stored[4] = bytes;
    assert_int_equal(enrum_follow(told.enrum, &room), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_PAYLOAD_MISSING);
    buffer_fini(&old);
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

static void room_never_opened_is_given_back_under_another_certificate(void **state)
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
    assert_int_equal(enrum_send_text(told.enrum, &room, "två", &outbox), ENRUM_OK);
    UNTIL(&told, told.not_sents == 1);
    assert_int_equal(enrum_send_text(told.enrum, &room, "tre", &outbox), ENRUM_OK);
    UNTIL(&told, told.warning == ENRUM_RECEIPT_WRONG);
    enrum_close(told.enrum);
}

/* -- A host that lies -- */

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

static void listed_room_that_is_denied_is_a_rollback(void **state)
{
    (void)state;
    struct told told;
    client_with_room(&told);
    enrum_drop(told.enrum);
    host.denies_rooms = true;
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
    UNTIL(&told, told.state_err == ENRUM_STORE_FAILED);
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(host_without_the_key_is_not_believed),
        TEST(plain_connection_beyond_loopback_is_refused),
        TEST(login_gives_a_certificate_that_stays),
        TEST(refused_code_is_told),
        TEST(room_is_opened_and_read_back),
        TEST(many_entries_in_flight_stay_in_order),
        TEST(staff_is_granted_the_keys_when_it_opens_the_room),
        TEST(keys_that_come_late_open_what_was_told_unopened),
        TEST(key_that_is_not_the_committed_one_stops_the_room),
        TEST(gap_in_live_entries_is_fetched),
        TEST(altered_entry_stops_the_room),
        TEST(erased_entry_without_a_decision_is_noticed),
        TEST(entry_acknowledged_to_nobody_is_there_once),
        TEST(outbox_survives_a_crash_before_anything_is_sent),
        TEST(busy_host_is_tried_again),
        TEST(host_that_answers_neither_yes_nor_no_is_asked_anew_later),
        TEST(refusal_for_generation_is_sealed_anew_and_sent_once),
        TEST(entry_found_in_the_log_is_not_sealed_anew),
        TEST(room_opened_unheard_is_found_under_another_certificate),
        TEST(room_never_opened_is_given_back_under_another_certificate),
        TEST(refusal_for_good_is_given_back_and_the_rest_goes_on),
        TEST(wrong_receipt_is_not_believed),
        TEST(receipt_for_what_the_log_does_not_hold_is_noticed),
        TEST(receipt_of_another_time_than_the_log_is_noticed),
        TEST(receipt_of_what_was_refused_is_not_the_next_ones),
        TEST(older_log_is_a_rollback),
        TEST(hidden_room_is_a_rollback),
        TEST(acknowledged_entry_that_never_comes_is_a_rollback),
        TEST(hidden_room_of_which_only_a_receipt_is_held_is_a_rollback),
        TEST(listed_room_that_is_denied_is_a_rollback),
        TEST(refused_list_is_asked_again_and_hides_nothing),
        TEST(list_without_end_is_not_listened_to),
        TEST(other_history_is_a_fork),
        TEST(restored_backup_numbers_its_entries_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
