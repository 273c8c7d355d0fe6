/* clienttold -- see clienttold.h. */
#include "clienttold.h"

#include <stdio.h>

struct stage stage;
struct stage_host host;
struct stage_log room_log;
struct id room;

static void on_event(void *context, const struct enrum_event *event)
{
    struct told *told = context;
    struct wire_body_text text;
    if (event->type == ENRUM_EVENT_STATE) {
        told->state_err = event->err;
    } else if (event->type == ENRUM_EVENT_LOGGED_IN) {
        told->logins++;
        told->login_err = event->err;
        if (told->on_login != NULL) {
            told->on_login(told);
        }
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
    } else if (event->type == ENRUM_EVENT_MOVED) {
        told->moves++;
        told->moved = event->room;
        told->moved_to = event->moved_to;
    } else if (event->type == ENRUM_EVENT_WARNING) {
        told->warning = event->err;
    }
}

void client_open(struct told *told)
{
    struct enrum_options options = {.home = told->home,
                                    .board = &stage.board,
                                    .software = "test",
                                    .on_event = on_event,
                                    .context = told};
    assert_int_equal(enrum_open(&options, &told->enrum), ENRUM_OK);
}

void client_new(struct told *told)
{
    memset(told, 0, sizeof *told);
    stage_folder(told->home);
    client_open(told);
}

void client_reopen(struct told *told)
{
    char home[256];
    memcpy(home, told->home, sizeof home);
    enrum_close(told->enrum);
    memset(told, 0, sizeof *told);
    memcpy(told->home, home, sizeof home);
    client_open(told);
}

void run_for(struct told *told, int steps)
{
    for (int i = 0; i < steps; i++) {
        host_step(&host);
        enrum_step(told->enrum, 5);
    }
}

void client_login_as(struct told *told, const char *code, uint64_t role)
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

void client_login(struct told *told, const char *code)
{
    client_login_as(told, code, ROLE_CITIZEN);
}

void client_renew(struct told *told)
{
    struct id before = stage.citizen.me.hash;
    host.certificate_ms = (host.certificate_ms != 0 ? host.certificate_ms : 86400000) / 2;
    told->logins = 0;
    client_login(told, "good-code");
    assert_int_equal(told->login_err, ENRUM_OK);
    assert_false(id_equal(&before, &stage.citizen.me.hash));
}

void client_with_room(struct told *told)
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

void client_staff_with_room(struct told *told)
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

int told_setup(void **state)
{
    (void)state;
    stage_init(&stage);
    host_open(&host, &stage);
    suite_random(room.bytes, ID_BYTES);
    return 0;
}

int told_teardown(void **state)
{
    (void)state;
    host_close(&host);
    log_fini(&room_log);
    memset(&room_log, 0, sizeof room_log);
    stage_fini(&stage);
    return 0;
}
