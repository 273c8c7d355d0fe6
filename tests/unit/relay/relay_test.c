/* relay_test -- orders that wait while the worker is busy: what is to end always ends. */
#include "relay/batch.h"
#include "relay/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <errno.h>

enum { LEGS = 32, STREAMS = 64, TURNS_MAX = 3000 };

struct stage {
    struct mailbox events;
    struct relay *relay;
};

static int set_up(void **state)
{
    static struct stage stage;
    struct relay_options options = relay_options_usual();
    options.legs_max = LEGS;
    options.streams_max = STREAMS;
    options.packets_max = 256;
    assert_true(mailbox_init(&stage.events, sizeof(struct relay_event), 4 * LEGS, true));
    stage.relay = relay_new(&options, &stage.events);
    assert_non_null(stage.relay);
    *state = &stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    relay_free(stage->relay);
    mailbox_fini(&stage->events);
    return 0;
}

static bool leg_open(struct stage *stage, uint64_t call, uint64_t *leg)
{
    const struct relay_offer offer = {.ufrag = "them"};
    struct relay_answer answer;
    bool good = relay_leg_open(stage->relay, call, &offer, &answer);
    *leg = answer.leg;
    return good;
}

static uint64_t publish(struct stage *stage, uint64_t leg, uint32_t out_ssrc)
{
    const struct relay_stream wanted = {
        .kind = RELAY_VIDEO, .ssrc = 7, .clock_rate = 90000, .out_ssrc = out_ssrc};
    uint64_t stream;
    assert_true(relay_publish(stage->relay, leg, &wanted, &stream));
    return stream;
}

/* The worker does nothing yet, as one does that is in the middle of many handshakes. */
static void what_ends_has_a_place_however_much_waits(void **state)
{
    struct stage *stage = *state;
    uint64_t call, legs[LEGS], stream, none;
    assert_true(relay_call_open(stage->relay, &call));
    for (size_t i = 0; i < LEGS; i++) {
        assert_true(leg_open(stage, call, &legs[i]));
    }
    assert_true(relay_has_place(stage->relay));
    stream = publish(stage, legs[0], 1000);
    while (relay_subscribe(stage->relay, legs[1], stream)) {
    }
    assert_false(relay_has_place(stage->relay));
    assert_true(relay_unpublish(stage->relay, stream));
    for (size_t i = 1; i < LEGS; i++) {
        assert_true(relay_leg_close(stage->relay, legs[i]));
    }
    assert_false(leg_open(stage, call, &none));
    assert_true(relay_call_close(stage->relay, call));
    /* Calls without legs need no place. */
    for (int i = 0; i < 100000; i++) {
        assert_true(relay_call_open(stage->relay, &call));
        assert_true(relay_call_close(stage->relay, call));
    }
    /* Then it does all of it, and each leg can be had again. */
    assert_true(relay_start(stage->relay));
    assert_true(relay_call_open(stage->relay, &call));
    for (int turn = 0; !relay_has_place(stage->relay); turn++) {
        const struct timespec pause = {.tv_nsec = 10000000};
        assert_true(turn < TURNS_MAX);
        nanosleep(&pause, NULL);
    }
    for (size_t i = 0; i < LEGS; i++) {
        assert_true(leg_open(stage, call, &legs[i]));
    }
    assert_false(leg_open(stage, call, &none));
}

/* Two of them would each get a part of what comes to the port, and nobody would know. */
static void a_port_that_is_in_use_is_told(void **state)
{
    (void)state;
    struct mailbox events;
    struct relay_options options = relay_options_usual();
    options.packets_max = 256;
    int other = batch_socket(options.address, &options.port);
    assert_true(other >= 0);
    assert_true(mailbox_init(&events, sizeof(struct relay_event), 1, false));
    assert_null(relay_new(&options, &events));
    assert_int_equal(errno, EADDRINUSE);
    mailbox_fini(&events);
    close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_that_is_in_use_is_told),
        cmocka_unit_test_setup_teardown(what_ends_has_a_place_however_much_waits, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
