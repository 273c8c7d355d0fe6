/* leg_test -- the addresses of one leg: each has to ask anew that it may be sent to (RFC 7675). */
#include "relay/leg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CONSENT_MS = 30000, STEP_MS = 5000 };

static const struct leg_limits limits = {.absent_ms = 1000000, .consent_ms = CONSENT_MS};

struct stage {
    struct dtls_identity identity;
    struct packet_pool packets;
    struct batch batch;
    struct table tuples;
    struct leg leg, other;
};

static void leg_make(struct stage *stage, struct leg *leg, uint64_t id)
{
    const struct leg_setup setup = {
        .id = id, .ufrag = "here", .password = "0123456789012345678901", .remote_ufrag = "them"};
    assert_true(leg_open(leg, &setup, &stage->identity, &stage->batch, &stage->tuples, 0));
}

/* Its keys, as the handshake would have left them. */
static void leg_shake(struct leg *leg)
{
    struct srtp_keys keys = {.profile = SRTP_PROFILE_GCM};
    memset(keys.in, 1, sizeof keys.in);
    memset(keys.out, 2, sizeof keys.out);
    assert_true(srtp_pair_open(&leg->srtp, &keys));
    leg->state = LEG_OPEN;
}

static int set_up(void **state)
{
    static struct stage stage;
    stage = (struct stage){.batch = {.fd = -1}};
    assert_true(srtp_library_init() && dtls_identity_init(&stage.identity));
    assert_true(packet_pool_init(&stage.packets, 256));
    batch_init(&stage.batch, -1, &stage.packets);
    table_init(&stage.tuples, sizeof(struct tuple), 64);
    leg_make(&stage, &stage.leg, 1);
    leg_make(&stage, &stage.other, 2);
    *state = &stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    leg_close(&stage->leg);
    leg_close(&stage->other);
    assert_int_equal(stage->tuples.count, 0);
    table_fini(&stage->tuples);
    packet_pool_fini(&stage->packets);
    dtls_identity_fini(&stage->identity);
    srtp_library_fini();
    return 0;
}

static struct tuple tuple_at(uint16_t port)
{
    return (struct tuple){.ip = {127, 0, 0, 1}, .port = port, .family = AF_INET};
}

static bool check(struct leg *leg, uint16_t port, bool has_use_candidate, uint64_t now_ms)
{
    struct tuple from = tuple_at(port);
    return leg_on_check(leg, &from, has_use_candidate, now_ms);
}

/* Media went to an address that had asked once, for as long as another one asked. */
static void an_address_that_no_longer_asks_gets_nothing(void **state)
{
    struct stage *stage = *state;
    struct leg *leg = &stage->leg;
    assert_true(check(leg, 1, true, 0));
    leg_shake(leg);
    assert_true(check(leg, 2, true, 1000));
    assert_int_equal(leg_address(leg)->port, 2);
    for (uint64_t now = STEP_MS; now < 1000 + CONSENT_MS; now += STEP_MS) {
        assert_true(check(leg, 1, false, now));
        leg_step(leg, &limits, now);
        assert_int_equal(leg_address(leg)->port, 2);
    }
    leg_step(leg, &limits, 1000 + CONSENT_MS);
    assert_int_equal(leg->state, LEG_OPEN);
    assert_int_equal(leg_address(leg)->port, 1);
    assert_int_equal(leg->place_count, 1);
    /* And then nobody asks. */
    leg_step(leg, &limits, STEP_MS + 2 * CONSENT_MS);
    assert_int_equal(leg->state, LEG_LOST);
    assert_int_equal(leg->reason, RELAY_CONSENT);
    assert_int_equal(stage->tuples.count, 0);
}

/* A network gives the address to the next one: it is not kept by a device that has moved on. */
static void an_address_that_was_left_is_free_for_another_leg(void **state)
{
    struct stage *stage = *state;
    assert_true(check(&stage->leg, 1, true, 0));
    leg_shake(&stage->leg);
    assert_true(check(&stage->leg, 2, true, 1000));
    assert_false(check(&stage->other, 1, true, 2000));
    for (uint64_t now = STEP_MS; now <= CONSENT_MS; now += STEP_MS) {
        assert_true(check(&stage->leg, 2, false, now));
        leg_step(&stage->leg, &limits, now);
    }
    assert_true(check(&stage->other, 1, true, CONSENT_MS + 1));
    assert_int_equal(stage->other.state, LEG_REACHED);
    assert_int_equal(leg_address(&stage->leg)->port, 2);
}

static void the_oldest_address_gives_way_and_never_the_chosen_one(void **state)
{
    struct stage *stage = *state;
    struct leg *leg = &stage->leg;
    for (uint16_t port = 1; port <= 2 * LEG_TUPLES_MAX; port++) {
        assert_true(check(leg, port, port == 1, port));
    }
    leg_shake(leg);
    assert_int_equal(leg->place_count, LEG_TUPLES_MAX);
    assert_int_equal(leg_address(leg)->port, 1);
    assert_int_equal(stage->tuples.count, LEG_TUPLES_MAX);
    for (uint16_t port = 1; port <= 2 * LEG_TUPLES_MAX; port++) {
        struct tuple tuple = tuple_at(port);
        bool is_known = port == 1 || port > LEG_TUPLES_MAX + 1;
        assert_int_equal(table_find(&stage->tuples, &tuple) == leg, is_known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(an_address_that_no_longer_asks_gets_nothing),
        TEST(an_address_that_was_left_is_free_for_another_leg),
        TEST(the_oldest_address_gives_way_and_never_the_chosen_one),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
