/* feedback_test -- transport-wide feedback, read back by hand. */
#include "relay/feedback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static unsigned get16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static void arrivals_and_what_lacks_are_told(void **state)
{
    (void)state;
    struct feedback feedback = {.span = 0};
    uint8_t out[FEEDBACK_BYTES_MAX];
    assert_int_equal(feedback_write(&feedback, 1, 2, 0, out), 0);
    feedback_packet(&feedback, 65535, 128000);
    feedback_packet(&feedback, 0, 128500); /* +2 ticks */
    feedback_packet(&feedback, 3, 228500); /* +400 ticks: two bytes */
    feedback_packet(&feedback, 2, 128250); /* earlier than the one before it in number */
    size_t len = feedback_write(&feedback, 1, 2, 300000, out);
    static const uint8_t head[] = {0x8f, 205, 0, 6, 0, 0, 0, 1, 0, 0, 0, 2};
    assert_int_equal(len, 28);
    assert_memory_equal(out, head, sizeof head);
    assert_int_equal(get16(out + 12), 65535);
    assert_int_equal(get16(out + 14), 5);
    assert_int_equal((unsigned)out[16] << 16 | get16(out + 17), 2); /* 128 ms */
    assert_int_equal(out[19], 0);
    /* small, small, none, large (back by one tick), large */
    assert_int_equal(get16(out + 20), 0xc000 | 1 << 12 | 1 << 10 | 2 << 6 | 2 << 4);
    assert_int_equal(out[22], 0);
    assert_int_equal(out[23], 2);
    assert_int_equal((int16_t)get16(out + 24), -1);
    assert_int_equal(get16(out + 26), 401);
}

static void a_report_goes_on_where_the_last_one_ended(void **state)
{
    (void)state;
    struct feedback feedback = {.span = 0};
    uint8_t out[FEEDBACK_BYTES_MAX];
    feedback_packet(&feedback, 10, 64000);
    assert_true(feedback_write(&feedback, 1, 2, 64000, out) > 0);
    feedback_packet(&feedback, 10, 65000);
    assert_int_equal(feedback_write(&feedback, 1, 2, 66000, out), 0);
    feedback_packet(&feedback, 12, 70000);
    assert_true(feedback_write(&feedback, 1, 2, 71000, out) > 0);
    assert_int_equal(get16(out + 12), 11);
    assert_int_equal(get16(out + 14), 2);
    assert_int_equal(out[19], 1);
}

static void a_leap_or_a_full_report_stays_within_its_bytes(void **state)
{
    (void)state;
    struct feedback feedback = {.span = 0};
    uint8_t out[FEEDBACK_BYTES_MAX];
    for (unsigned i = 0; i < FEEDBACK_PACKETS_MAX; i++) {
        /* Each delta needs two bytes. */
        feedback_packet(&feedback, (uint16_t)i, 1000000 + (uint64_t)i * 100000);
    }
    size_t len = feedback_write(&feedback, 1, 2, 0, out);
    assert_true(len > 2 * FEEDBACK_PACKETS_MAX && len <= FEEDBACK_BYTES_MAX);
    assert_int_equal(len % 4, 0);
    feedback_packet(&feedback, FEEDBACK_PACKETS_MAX, 1);
    feedback_packet(&feedback, 20000, 2);
    assert_true(feedback_write(&feedback, 1, 2, 0, out) > 0);
    assert_int_equal(get16(out + 12), 20000);
    assert_int_equal(get16(out + 14), 1);
}

static void it_is_due_by_time_or_by_number(void **state)
{
    (void)state;
    struct feedback feedback = {.span = 0};
    uint8_t out[FEEDBACK_BYTES_MAX];
    assert_false(feedback_is_due(&feedback, 10 * FEEDBACK_PAUSE_US));
    feedback_packet(&feedback, 1, 10 * FEEDBACK_PAUSE_US);
    assert_true(feedback_is_due(&feedback, 10 * FEEDBACK_PAUSE_US));
    assert_true(feedback_write(&feedback, 1, 2, 10 * FEEDBACK_PAUSE_US, out) > 0);
    feedback_packet(&feedback, 2, 10 * FEEDBACK_PAUSE_US);
    assert_false(feedback_is_due(&feedback, 11 * FEEDBACK_PAUSE_US - 1));
    assert_true(feedback_is_due(&feedback, 11 * FEEDBACK_PAUSE_US));
    for (unsigned i = 3; i < 300; i++) {
        feedback_packet(&feedback, (uint16_t)i, 10 * FEEDBACK_PAUSE_US);
    }
    assert_true(feedback_is_due(&feedback, 10 * FEEDBACK_PAUSE_US));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrivals_and_what_lacks_are_told),
        cmocka_unit_test(a_report_goes_on_where_the_last_one_ended),
        cmocka_unit_test(a_leap_or_a_full_report_stays_within_its_bytes),
        cmocka_unit_test(it_is_due_by_time_or_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
