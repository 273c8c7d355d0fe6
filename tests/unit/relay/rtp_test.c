/* rtp_test -- what is read of a packet's header, and what goes out in its place. */
#include "relay/rtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Padding, one CSRC, an extension of one-byte elements: padding, id 1 of one byte, id 3 of two. */
static const uint8_t whole[] = {
    0xb1, 0xe0, 0xff, 0xfe, 1,    2,    3, 4,    0,    0,    0, 9, /* header: marker, type 96 */
    0,    0,    0,    5,                                           /* CSRC */
    0xbe, 0xde, 0,    2,    0x10, 0xaa, 0, 0x31, 0x12, 0x34, 0, 0, /* extension */
    'p',  'a',  'y',  2,    0, /* with two bytes of padding told wrongly */
};

static void a_header_is_read(void **state)
{
    (void)state;
    struct rtp rtp;
    uint16_t wide = 0;
    assert_true(rtp_read(slice_of(whole, sizeof whole), &rtp));
    assert_true(rtp.has_marker);
    assert_int_equal(rtp.payload_type, 96);
    assert_int_equal(rtp.seq, 65534);
    assert_int_equal(rtp.timestamp, 0x01020304);
    assert_int_equal(rtp.ssrc, 9);
    assert_int_equal(rtp.payload_at, 28);
    assert_true(rtp_extension_u16(&rtp, 3, &wide));
    assert_int_equal(wide, 0x1234);
    assert_false(rtp_extension_u16(&rtp, 1, &wide)); /* of one byte */
    assert_false(rtp_extension_u16(&rtp, 4, &wide));
}

static void a_header_cut_at_any_byte_is_none(void **state)
{
    (void)state;
    struct rtp rtp;
    for (size_t len = 0; len < 28; len++) {
        assert_false(rtp_read(slice_of(whole, len), &rtp));
    }
    uint8_t other[sizeof whole];
    memcpy(other, whole, sizeof whole);
    other[0] = 0x71;
    assert_false(rtp_read(slice_of(other, sizeof other), &rtp));
}

static void an_element_that_reaches_too_far_is_not_read(void **state)
{
    (void)state;
    struct rtp rtp;
    uint16_t wide;
    uint8_t other[sizeof whole];
    memcpy(other, whole, sizeof whole);
    other[20] = 0x1f; /* sixteen bytes of eight */
    assert_true(rtp_read(slice_of(other, sizeof other), &rtp));
    assert_false(rtp_extension_u16(&rtp, 3, &wide));
    other[20] = 0xf0; /* the end */
    assert_true(rtp_read(slice_of(other, sizeof other), &rtp));
    assert_false(rtp_extension_u16(&rtp, 3, &wide));
}

static void what_goes_out_has_no_extension_and_another_ssrc(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0xa0, 0xe0, 0xff, 0xfe, 1,   2,   3, 4, 0,
                                       0,    0,    77,   'p',  'a', 'y', 2, 0};
    struct rtp rtp;
    uint8_t packet[sizeof whole];
    memcpy(packet, whole, sizeof whole);
    assert_true(rtp_read(slice_of(packet, sizeof packet), &rtp));
    size_t start = rtp_rewrite(packet, &rtp, 77);
    assert_int_equal(sizeof whole - start, sizeof expected);
    assert_memory_equal(packet + start, expected, sizeof expected);
}

static void a_repetition_is_unwrapped_to_the_very_packet(void **state)
{
    (void)state;
    static const uint8_t original[] = {0x80, 0xe0, 0x01, 0x02, 1, 2, 3, 4, 0, 0, 0, 77, 'p', 'a'};
    uint8_t rtx[] = {0x90, 0xe1, 0, 7, 1,    2,    3, 4, 0,    0,    0,   10,
                     0xbe, 0xde, 0, 1, 0x31, 0x12, 0, 0, 0x01, 0x02, 'p', 'a'};
    struct rtp rtp;
    size_t start = 0;
    assert_true(rtp_read(slice_of(rtx, sizeof rtx), &rtp));
    assert_true(rtp_unwrap(rtx, sizeof rtx, &rtp, 77, 96, &start));
    assert_int_equal(sizeof rtx - start, sizeof original);
    assert_memory_equal(rtx + start, original, sizeof original);
    uint8_t empty[] = {0x80, 0xe1, 0, 7, 1, 2, 3, 4, 0, 0, 0, 10, 1};
    assert_true(rtp_read(slice_of(empty, sizeof empty), &rtp));
    assert_false(rtp_unwrap(empty, sizeof empty, &rtp, 77, 96, &start));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_read),
        cmocka_unit_test(a_header_cut_at_any_byte_is_none),
        cmocka_unit_test(an_element_that_reaches_too_far_is_not_read),
        cmocka_unit_test(what_goes_out_has_no_extension_and_another_ssrc),
        cmocka_unit_test(a_repetition_is_unwrapped_to_the_very_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
