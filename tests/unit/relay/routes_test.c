/* routes_test -- streams between legs that have keys but no network: what a device that is let in
 * can make the relay keep and do. */
#include "relay/route.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <srtp2/srtp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LEGS = 2, STREAMS = 8, PACKETS = 4096, TYPE = 96, OUT = 1000 };
enum { SENDER, HEARER };

/* The relay's side of each leg, and the device's. */
struct stage {
    struct relay_options options;
    struct packet_pool packets;
    struct batch batch;
    struct counts counts;
    struct routes *routes;
    struct leg legs[LEGS];
    struct srtp_pair devices[LEGS];
    uint64_t last_stream, now_us;
};

static void leg_make(struct stage *stage, size_t at)
{
    struct leg *leg = &stage->legs[at];
    struct srtp_keys keys = {.profile = SRTP_PROFILE_GCM}, turned;
    memset(keys.in, (int)at + 1, sizeof keys.in);
    memset(keys.out, (int)at + 100, sizeof keys.out);
    turned = keys;
    memcpy(turned.in, keys.out, sizeof turned.in);
    memcpy(turned.out, keys.in, sizeof turned.out);
    leg->setup.id = UINT64_C(1) << 32 | at;
    leg->state = LEG_OPEN;
    leg->place_count = 1;
    leg->places[0].tuple = (struct tuple){.family = AF_INET, .port = 9};
    assert_true(srtp_pair_open(&leg->srtp, &keys));
    assert_true(srtp_pair_open(&stage->devices[at], &turned));
}

static int set_up(void **state)
{
    static struct stage stage;
    stage = (struct stage){.options = relay_options_usual(), .now_us = 1000000};
    stage.options.legs_max = LEGS;
    stage.options.streams_max = STREAMS;
    assert_true(packet_pool_init(&stage.packets, PACKETS));
    batch_init(&stage.batch, -1, &stage.packets); /* what goes out is counted, and goes nowhere */
    stage.routes = routes_new(&stage.options, &stage.packets, &stage.batch, &stage.counts);
    assert_non_null(stage.routes);
    leg_make(&stage, SENDER);
    leg_make(&stage, HEARER);
    *state = &stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    for (size_t at = 0; at < LEGS; at++) {
        routes_leave(stage->routes, &stage->legs[at]);
        srtp_pair_close(&stage->legs[at].srtp);
        srtp_pair_close(&stage->devices[at]);
    }
    assert_int_equal(stage->packets.used, 0);
    routes_free(stage->routes);
    packet_pool_fini(&stage->packets);
    return 0;
}

static uint64_t publish(struct stage *stage, uint32_t ssrc, uint32_t out_ssrc)
{
    struct relay_stream wanted = {.kind = RELAY_VIDEO,
                                  .ssrc = ssrc,
                                  .payload_type = TYPE,
                                  .clock_rate = 90000,
                                  .out_ssrc = out_ssrc};
    uint64_t id = ++stage->last_stream << 32 | out_ssrc % STREAMS;
    routes_publish(stage->routes, &stage->legs[SENDER], id, &wanted);
    routes_subscribe(stage->routes, &stage->legs[HEARER], id);
    return id;
}

static void send_rtp(struct stage *stage, uint32_t ssrc, uint16_t seq)
{
    struct packet *packet = packet_take(&stage->packets);
    assert_non_null(packet);
    const uint8_t head[] = {0x80,
                            TYPE,
                            (uint8_t)(seq >> 8),
                            (uint8_t)seq,
                            0,
                            0,
                            0,
                            1,
                            (uint8_t)(ssrc >> 24),
                            (uint8_t)(ssrc >> 16),
                            (uint8_t)(ssrc >> 8),
                            (uint8_t)ssrc};
    size_t len = 112;
    memset(packet->bytes, 0x55, len);
    memcpy(packet->bytes, head, sizeof head);
    assert_int_equal(srtp_pair_protect(&stage->devices[SENDER], packet->bytes, &len), SRTP_FINE);
    packet->len = (uint16_t)len;
    routes_on_rtp(stage->routes, &stage->legs[SENDER], packet, stage->now_us);
    packet_unref(&stage->packets, packet);
}

/* Bytes of one compound packet, as the device of this leg sends them. */
static void send_rtcp(struct stage *stage, size_t from, const uint8_t *bytes, size_t len)
{
    struct packet *packet = packet_take(&stage->packets);
    assert_non_null(packet);
    memcpy(packet->bytes, bytes, len);
    assert_int_equal(srtp_pair_protect_rtcp(&stage->devices[from], packet->bytes, &len), SRTP_FINE);
    packet->len = (uint16_t)len;
    routes_on_rtcp(stage->routes, &stage->legs[from], packet, stage->now_us);
    packet_unref(&stage->packets, packet);
}

static uint64_t counted(const struct stage *stage, enum counter which)
{
    return counts_get(&stage->counts, which);
}

static bool is_kept(struct srtp_ctx_t_ *context, uint32_t ssrc)
{
    uint32_t round;
    return srtp_get_stream_roc(context, ssrc, &round) == srtp_err_status_ok;
}

/* A device may say a thousand times that it sends something new: neither its own keys nor those of
 * the others grow by it. */
static void streams_that_have_ended_leave_nothing(void **state)
{
    struct stage *stage = *state;
    size_t kept = 0;
    for (uint32_t i = 1; i <= 4 * SRTP_SOURCES_MAX; i++) {
        uint64_t id = publish(stage, i, OUT + i);
        send_rtp(stage, i, 1);
        if (i <= SRTP_SOURCES_MAX) {
            assert_int_equal(counted(stage, COUNTER_FORWARDED), i);
            assert_true(is_kept(stage->legs[HEARER].srtp.out, OUT + i));
        }
        routes_unpublish(stage->routes, id);
        assert_false(is_kept(stage->legs[HEARER].srtp.out, OUT + i));
    }
    for (uint32_t i = 1; i <= 4 * SRTP_SOURCES_MAX; i++) {
        kept += is_kept(stage->legs[SENDER].srtp.in, i);
    }
    assert_int_equal(kept, SRTP_SOURCES_MAX);
    assert_int_equal(counted(stage, COUNTER_UNANNOUNCED), 3 * SRTP_SOURCES_MAX);
    /* One that it has had goes on as before. */
    (void)publish(stage, 1, OUT + 8 * SRTP_SOURCES_MAX);
    send_rtp(stage, 1, 2);
    assert_int_equal(counted(stage, COUNTER_FORWARDED), SRTP_SOURCES_MAX + 1);
}

/* One datagram full of reports is not many times as many datagrams for everybody else. */
static void a_clock_is_told_of_once_in_a_while(void **state)
{
    struct stage *stage = *state;
    uint8_t reports[28 * 50] = {0};
    for (size_t at = 0; at < sizeof reports; at += 28) {
        const uint8_t head[] = {0x80, 200, 0, 6, 0, 0, 0, 7};
        memcpy(reports + at, head, sizeof head);
    }
    (void)publish(stage, 7, OUT);
    send_rtp(stage, 7, 1);
    for (int i = 0; i < 20; i++) {
        send_rtcp(stage, SENDER, reports, sizeof reports);
    }
    uint64_t first = counted(stage, COUNTER_REPORTS_OUT);
    assert_in_range(first, 1, 2); /* with the wish for a key frame */
    stage->now_us += 1000000;
    send_rtcp(stage, SENDER, reports, 28);
    assert_int_equal(counted(stage, COUNTER_REPORTS_OUT), first + 1);
}

/* What one leg is sent again within a step is bounded, however many streams it hears. */
static void resends_are_bounded_for_a_leg(void **state)
{
    struct stage *stage = *state;
    enum { SEEN = 64 };
    for (uint32_t stream = 1; stream <= 3; stream++) {
        (void)publish(stage, stream, OUT + stream);
        for (uint16_t seq = 1; seq <= SEEN; seq++) {
            send_rtp(stage, stream, seq);
        }
    }
    for (int turn = 0; turn < 20; turn++) {
        for (uint8_t stream = 1; stream <= 3; stream++) {
            uint8_t nack[12 + 4 * 4] = {0x81,
                                        205,
                                        0,
                                        6,
                                        0,
                                        0,
                                        0,
                                        1,
                                        0,
                                        0,
                                        (uint8_t)((OUT + stream) >> 8),
                                        (uint8_t)(OUT + stream)};
            for (uint8_t i = 0; i < 4; i++) {
                const uint8_t element[] = {0, (uint8_t)(1 + 16 * i), 0xff, 0xff};
                memcpy(nack + 12 + 4 * i, element, sizeof element);
            }
            send_rtcp(stage, HEARER, nack, sizeof nack);
        }
    }
    uint64_t first = counted(stage, COUNTER_RESENT);
    assert_in_range(first, SEEN, ROUTE_RESENDS_MAX);
    stage->now_us += 20000;
    routes_step(stage->routes, stage->now_us);
    const uint8_t one[] = {0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, (OUT + 1) >> 8, (uint8_t)(OUT + 1),
                           0,    5,   0, 0};
    send_rtcp(stage, HEARER, one, sizeof one);
    assert_int_equal(counted(stage, COUNTER_RESENT), first + 1);
}

static int start(void **state)
{
    (void)state;
    return srtp_library_init() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    srtp_library_fini();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(streams_that_have_ended_leave_nothing),
        TEST(a_clock_is_told_of_once_in_a_while),
        TEST(resends_are_bounded_for_a_leg),
#undef TEST
    };
    return cmocka_run_group_tests(tests, start, end);
}
