/* What a keeper does with libenrum: appends, new generations, rooms of its own. */
#include "clienthost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct stage stage;
static struct stage_host host;
static struct stage_log room_log;
static struct id room;
static struct enrum *keeper;
static char home[256];

static struct {
    unsigned entries, opened, up_to_date, appended;
    enum enrum_err append_err, warning;
    uint64_t append_seq;
} told;

static void on_event(void *context, const struct enrum_event *event)
{
    (void)context;
    if (event->type == ENRUM_EVENT_ENTRY) {
        told.entries++;
        told.opened += event->item->is_open;
    } else if (event->type == ENRUM_EVENT_UP_TO_DATE) {
        told.up_to_date++;
    } else if (event->type == ENRUM_EVENT_APPENDED) {
        told.appended++;
        told.append_err = event->err;
        told.append_seq = event->seq;
    } else if (event->type == ENRUM_EVENT_WARNING) {
        told.warning = event->err;
    }
}

static void keeper_open(void)
{
    struct enrum_keys keys = {.sign = stage.keeper.sign,
                              .seal = stage.keeper.seal,
                              .certificate = buffer_slice(&stage.keeper.certificate)};
    struct enrum_options options = {
        .home = home, .board = &stage.board, .keys = &keys, .on_event = on_event};
    assert_int_equal(enrum_open(&options, &keeper), ENRUM_OK);
}

#define UNTIL(condition)                                                                           \
    do {                                                                                           \
        int steps_ = 0;                                                                            \
        while (!(condition) && steps_++ < 2000) {                                                  \
            host_step(&host);                                                                      \
            enrum_step(keeper, 5);                                                                 \
        }                                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

static int setup(void **state)
{
    (void)state;
    memset(&told, 0, sizeof told);
    stage_init(&stage);
    host_open(&host, &stage);
    suite_random(room.bytes, ID_BYTES);
    log_init(&room_log, &room);
    log_open_room(&stage, &room_log);
    host.rooms[host.room_count++] = &room_log;
    stage_folder(home);
    keeper_open();
    UNTIL(enrum_state(keeper) == ENRUM_READY);
    assert_int_equal(enrum_follow(keeper, &room), ENRUM_OK);
    UNTIL(told.up_to_date == 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    enrum_close(keeper);
    host_close(&host);
    log_fini(&room_log);
    memset(&room_log, 0, sizeof room_log);
    stage_fini(&stage);
    return 0;
}

static void checkpoint_append(uint64_t *request)
{
    struct wire_open_checkpoint open = {
        .seq = room_log.seq, .hash = room_log.hash, .time = stage.now, .previous_hash = room};
    struct wire_body_refusals body = {.refused = {NULL, 0}};
    struct buffer bytes;
    buffer_init(&bytes, 64);
    assert_int_equal(layout_encode(&layout_body_refusals, &body, &bytes), ENRUM_OK);
    struct wire_content content = {
        .kind = KIND_REFUSALS, .role = ROLE_KEEPER, .body = buffer_slice(&bytes)};
    struct enrum_append entry = {CLASS_CHECKPOINT, &open, &content};
    assert_int_equal(enrum_append(keeper, &room, &entry, 1, NULL, request), ENRUM_OK);
    buffer_fini(&bytes);
}

/* Generation 2 for the citizen and the keeper, and the keys to both devices. */
static void generation_append(struct secret32 *key, uint64_t *request)
{
    struct wire_member members[] = {{stage.citizen.me.body.person, ROLE_CITIZEN},
                                    {stage.board.id, ROLE_KEEPER}};
    struct wire_open_generation open = {.number = 2};
    struct wire_open_grant grants[2];
    struct buffer list, wrapped[2];
    const struct stage_device *devices[] = {&stage.citizen, &stage.keeper};
    buffer_init(&list, OPEN_BYTES_MAX);
    secret_random(key);
    for (size_t i = 0; i < 2; i++) {
        buffer_init(&wrapped[i], OPEN_BYTES_MAX);
        assert_int_equal(layout_encode(&layout_member, &members[i], &list), ENRUM_OK);
        assert_int_equal(grant_wrap(&room, 2, key, 1, &devices[i]->me.device,
                                    &devices[i]->seal.public, &wrapped[i], &grants[i]),
                         ENRUM_OK);
    }
    open.members = buffer_slice(&list);
    grant_commitment(&room, 2, key, &open.commitment);
    struct enrum_append entries[] = {{CLASS_GENERATION, &open, NULL},
                                     {CLASS_GRANT, &grants[0], NULL},
                                     {CLASS_GRANT, &grants[1], NULL}};
    assert_int_equal(enrum_append(keeper, &room, entries, 3, key, request), ENRUM_OK);
    buffer_fini(&list);
    buffer_fini(&wrapped[0]);
    buffer_fini(&wrapped[1]);
}

static void keeper_reads_what_a_citizen_opened(void **state)
{
    (void)state;
    struct secret32 key;
    assert_int_equal(told.entries, 4);
    assert_int_equal(told.opened, 1);
    assert_int_equal(enrum_room_keys(keeper, &room, 1, 1, &key), ENRUM_OK);
    assert_true(secret_equal(&key, &room_log.key));
}

static void checkpoint_is_appended_and_read(void **state)
{
    (void)state;
    uint64_t request;
    struct enrum_room found;
    checkpoint_append(&request);
    UNTIL(told.appended == 1 && told.entries == 5);
    assert_int_equal(told.append_err, ENRUM_OK);
    assert_int_equal(told.append_seq, 5);
    assert_int_equal(enrum_room_find(keeper, &room, &found), ENRUM_OK);
    assert_int_equal(found.recorded_seq, 4);
}

static void append_without_an_answer_is_done_once(void **state)
{
    (void)state;
    uint64_t request;
    host.cut_before_ack = 1;
    checkpoint_append(&request);
    UNTIL(told.appended == 1);
    assert_int_equal(told.append_err, ENRUM_OK);
    UNTIL(told.entries == 5);
    assert_int_equal(room_log.seq, 5);
    assert_int_equal(told.warning, ENRUM_OK);
}

static void new_generation_is_made_anew_when_the_room_has_moved_on(void **state)
{
    (void)state;
    struct secret32 key, kept;
    uint64_t request;
    host.refuse_appends = ENRUM_BASE_WRONG;
    host.refuse_count = 2;
    generation_append(&key, &request);
    UNTIL(told.appended == 1 && told.entries == 7);
    assert_int_equal(told.append_err, ENRUM_OK);
    assert_int_equal(enrum_room_keys(keeper, &room, 2, 2, &kept), ENRUM_OK);
    assert_true(secret_equal(&key, &kept));
    assert_int_equal(told.warning, ENRUM_OK);
}

static void cause_that_is_taken_is_told(void **state)
{
    (void)state;
    uint64_t request;
    host.refuse_appends = ENRUM_CAUSE_TAKEN;
    host.refuse_count = 1;
    checkpoint_append(&request);
    checkpoint_append(&request);
    UNTIL(told.appended == 1);
    assert_int_equal(told.append_err, ENRUM_CAUSE_TAKEN);
    UNTIL(told.appended == 2);
    assert_int_equal(told.append_err, ENRUM_OK);
}

static void room_of_its_own_is_opened(void **state)
{
    (void)state;
    struct wire_member member = {stage.board.id, ROLE_KEEPER};
    struct id random, id;
    struct secret32 key;
    struct wire_open_grant grant;
    struct buffer list, wrapped;
    uint64_t request;
    buffer_init(&list, 128);
    buffer_init(&wrapped, OPEN_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_member, &member, &list), ENRUM_OK);
    suite_random(random.bytes, ID_BYTES);
    secret_random(&key);
    room_id(&stage.board.id, &stage.keeper.me.hash, &random, &id);
    struct wire_open_generation open = {
        .number = 1, .purpose = 1, .base_hash = id, .members = buffer_slice(&list)};
    grant_commitment(&id, 1, &key, &open.commitment);
    assert_int_equal(grant_wrap(&id, 1, &key, 1, &stage.keeper.me.device, &stage.keeper.seal.public,
                                &wrapped, &grant),
                     ENRUM_OK);
    struct enrum_append entries[] = {{CLASS_GENERATION, &open, NULL}, {CLASS_GRANT, &grant, NULL}};
    struct id made;
    assert_int_equal(enrum_room_create_with(keeper, &random, entries, 2, &key, &made, &request),
                     ENRUM_OK);
    assert_true(id_equal(&made, &id));
    UNTIL(told.appended == 1);
    assert_int_equal(told.append_err, ENRUM_OK);
    assert_int_equal(enrum_follow(keeper, &id), ENRUM_OK);
    UNTIL(told.up_to_date == 2);
    assert_int_equal(told.entries, 6);
    buffer_fini(&list);
    buffer_fini(&wrapped);
}

static void generation_behind_another_entry_is_malformed(void **state)
{
    (void)state;
    struct wire_open_read read = {.seq = 1};
    struct wire_open_generation open = {.number = 2};
    struct secret32 key;
    uint64_t request;
    struct enrum_append entries[] = {{CLASS_READ, &read, NULL}, {CLASS_GENERATION, &open, NULL}};
    secret_random(&key);
    assert_int_equal(enrum_append(keeper, &room, entries, 2, &key, &request), ENRUM_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(keeper_reads_what_a_citizen_opened),
        TEST(checkpoint_is_appended_and_read),
        TEST(append_without_an_answer_is_done_once),
        TEST(new_generation_is_made_anew_when_the_room_has_moved_on),
        TEST(cause_that_is_taken_is_told),
        TEST(room_of_its_own_is_opened),
        TEST(generation_behind_another_entry_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
