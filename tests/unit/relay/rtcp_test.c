/* rtcp_test -- compound packets read, and the relay's own written. */
#include "relay/rtcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_compound_packet_is_walked_and_ends_where_it_is_cut(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x80, 201, 0, 1, 0, 0, 0, 5, 0x81, 206,
                                    0,    2,   0, 0, 0, 5, 0, 0, 3,    0xea};
    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct slice rest = slice_of(bytes, len), behind;
        struct rtcp rtcp;
        uint32_t ssrc;
        size_t n = 0;
        while (rtcp_next(&rest, &rtcp)) {
            n++;
        }
        assert_int_equal(n, len < 8 ? 0 : len < sizeof bytes ? 1 : 2);
        if (n == 2) {
            assert_int_equal(rtcp.type, RTCP_PSFB);
            assert_int_equal(rtcp.count, RTCP_PSFB_PLI);
            assert_true(rtcp_subject(&rtcp, &ssrc, &behind));
            assert_int_equal(ssrc, 1002);
            assert_int_equal(behind.len, 0);
        }
    }
}

static void a_packet_shorter_than_its_sender_is_none(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x80, 203, 0, 0, 0, 0, 0, 5};
    struct slice rest = slice_of(bytes, sizeof bytes);
    struct rtcp rtcp;
    assert_false(rtcp_next(&rest, &rtcp));
}

static void numbers_near_one_another_share_an_element(void **state)
{
    (void)state;
    static const uint16_t seqs[] = {65530, 65531, 2, 10, 11, 500};
    uint8_t out[RTCP_WRITTEN_BYTES_MAX];
    size_t len = rtcp_nack(out, 1, 2, seqs, 6);
    struct slice rest = slice_of(out, len), elements;
    struct rtcp rtcp;
    uint32_t ssrc;
    uint16_t seq, following;
    assert_true(rtcp_next(&rest, &rtcp) && rest.len == 0);
    assert_true(rtcp_subject(&rtcp, &ssrc, &elements));
    assert_int_equal(ssrc, 2);
    assert_true(rtcp_nack_next(&elements, &seq, &following));
    assert_int_equal(seq, 65530);
    assert_int_equal(following, 1 << 0 | 1 << 7 | 1 << 15); /* 65531, 2, 10 */
    assert_true(rtcp_nack_next(&elements, &seq, &following));
    assert_int_equal(seq, 11);
    assert_int_equal(following, 0);
    assert_true(rtcp_nack_next(&elements, &seq, &following));
    assert_int_equal(seq, 500);
    assert_false(rtcp_nack_next(&elements, &seq, &following));
}

static void the_most_numbers_fit(void **state)
{
    (void)state;
    uint16_t seqs[RTCP_NACKS_MAX];
    uint8_t out[RTCP_WRITTEN_BYTES_MAX];
    for (uint16_t i = 0; i < RTCP_NACKS_MAX; i++) {
        seqs[i] = (uint16_t)(i * 100);
    }
    assert_int_equal(rtcp_nack(out, 1, 2, seqs, RTCP_NACKS_MAX), RTCP_WRITTEN_BYTES_MAX);
}

static void a_senders_report_goes_on_without_its_blocks(void **state)
{
    (void)state;
    uint8_t bytes[52] = {0x81, 200, 0, 12, 0, 0, 0, 9}, out[RTCP_WRITTEN_BYTES_MAX];
    for (uint8_t i = 8; i < sizeof bytes; i++) {
        bytes[i] = i;
    }
    struct slice rest = slice_of(bytes, sizeof bytes);
    struct rtcp rtcp;
    uint32_t middle = 0;
    static const uint8_t head[] = {0x80, 200, 0, 6, 0, 0, 3, 0xea};
    assert_true(rtcp_next(&rest, &rtcp));
    assert_true(rtcp_ntp_middle(&rtcp, &middle));
    assert_int_equal(middle, 0x0a0b0c0d);
    assert_int_equal(rtcp_sender_report(out, &rtcp, 1002), 28);
    assert_memory_equal(out, head, sizeof head);
    assert_memory_equal(out + 8, bytes + 8, 20);
    rtcp.body.len = 19;
    assert_int_equal(rtcp_sender_report(out, &rtcp, 1002), 0);
    assert_false(rtcp_ntp_middle(&rtcp, &middle));
}

static void a_block_says_what_was_lost_since_the_last_one(void **state)
{
    (void)state;
    struct reception reception = {.received = 0};
    struct reception_block block;
    assert_false(reception_block(&reception, 0, &block));
    for (uint64_t i = 0; i < 100; i++) {
        if (i % 4 != 3) {
            reception_packet(&reception, 70000 + i, (uint32_t)i * 90, 90000, i * 1000);
        }
    }
    reception_packet(&reception, 70100, 9000, 90000, 100000);
    reception_sender_report(&reception, 0x12345678, 200000);
    assert_true(reception_block(&reception, 700000, &block));
    assert_int_equal(block.lost, 25);
    assert_int_equal(block.fraction_lost, 25 * 256 / 101);
    assert_int_equal(block.highest, 70100);
    assert_int_equal(block.jitter, 0); /* as evenly as they were sent */
    assert_int_equal(block.last_sr, 0x12345678);
    assert_int_equal(block.since_last_sr, 32768);
    reception_packet(&reception, 70101, 9090, 90000, 101000);
    assert_true(reception_block(&reception, 700000, &block));
    assert_int_equal(block.fraction_lost, 0);
    assert_int_equal(block.lost, 25);
}

static void uneven_arrival_is_jitter(void **state)
{
    (void)state;
    struct reception reception = {.received = 0};
    struct reception_block block;
    for (uint64_t i = 0; i < 200; i++) {
        reception_packet(&reception, 1 + i, (uint32_t)i * 900, 90000, i * 10000 + i % 2 * 2000);
    }
    assert_true(reception_block(&reception, 0, &block));
    /* Each packet moves by 2 ms, 180 ticks. */
    assert_in_range(block.jitter, 170, 190);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compound_packet_is_walked_and_ends_where_it_is_cut),
        cmocka_unit_test(a_packet_shorter_than_its_sender_is_none),
        cmocka_unit_test(numbers_near_one_another_share_an_element),
        cmocka_unit_test(the_most_numbers_fit),
        cmocka_unit_test(a_senders_report_goes_on_without_its_blocks),
        cmocka_unit_test(a_block_says_what_was_lost_since_the_last_one),
        cmocka_unit_test(uneven_arrival_is_jitter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
