/* gaps_test -- what is lacking, what is asked for, and that each number is taken once. */
#include "relay/gaps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_gap_is_closed_once(void **state)
{
    (void)state;
    struct gaps gaps = {.count = 0};
    gaps_open(&gaps, 10, 13, 0);
    assert_int_equal(gaps.count, 3);
    assert_false(gaps_close(&gaps, 9));
    assert_false(gaps_close(&gaps, 13));
    assert_true(gaps_close(&gaps, 11));
    assert_false(gaps_close(&gaps, 11));
    assert_int_equal(gaps.count, 2);
}

static void a_gap_is_asked_for_after_patience_and_a_bounded_number_of_times(void **state)
{
    (void)state;
    struct gaps gaps = {.count = 0};
    uint16_t seqs[4];
    gaps_open(&gaps, 65536 + 7, 65536 + 8, 1000);
    assert_int_equal(gaps_due(&gaps, 1000, seqs, 4), 0);
    assert_int_equal(gaps_due(&gaps, 1000 + GAP_PATIENCE_US, seqs, 4), 1);
    assert_int_equal(seqs[0], 7);
    assert_int_equal(gaps_due(&gaps, 1000 + GAP_PATIENCE_US, seqs, 4), 0);
    size_t asked = 1;
    for (uint64_t now = 20000; now < 5000000; now += 1000) {
        asked += gaps_due(&gaps, now, seqs, 4);
    }
    assert_int_equal(asked, GAP_TRIES_MAX);
    assert_int_equal(gaps.count, 0);
    assert_false(gaps_close(&gaps, 65536 + 7));
}

static void no_more_than_has_a_place_is_asked_for_at_a_time(void **state)
{
    (void)state;
    struct gaps gaps = {.count = 0};
    uint16_t seqs[4];
    gaps_open(&gaps, 100, 110, 0);
    assert_int_equal(gaps_due(&gaps, GAP_PATIENCE_US, seqs, 4), 4);
    assert_int_equal(gaps_due(&gaps, GAP_PATIENCE_US, seqs, 4), 4);
    assert_int_equal(gaps_due(&gaps, GAP_PATIENCE_US, seqs, 4), 2);
    assert_int_equal(seqs[1], 109);
}

static void a_leap_keeps_the_newest(void **state)
{
    (void)state;
    struct gaps gaps = {.count = 0};
    gaps_open(&gaps, 1, 5, 0);
    gaps_open(&gaps, 6, 30000, 0);
    assert_int_equal(gaps.count, GAPS_MAX);
    assert_false(gaps_close(&gaps, 4));
    assert_false(gaps_close(&gaps, 29999 - GAPS_MAX));
    assert_true(gaps_close(&gaps, 29999));
    assert_true(gaps_close(&gaps, 30000 - GAPS_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_is_closed_once),
        cmocka_unit_test(a_gap_is_asked_for_after_patience_and_a_bounded_number_of_times),
        cmocka_unit_test(no_more_than_has_a_place_is_asked_for_at_a_time),
        cmocka_unit_test(a_leap_keeps_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
