/* Each time falls into the first step whose bound it does not exceed. */
#include "store/latency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_time_falls_into_the_step_that_bounds_it(void **state)
{
    (void)state;
    static const uint64_t steps[LATENCY_STEPS] = LATENCY_STEPS_MS;
    struct latency latency = {0};
    uint64_t sum = 0;
    latency_add(&latency, 0);
    for (unsigned i = 0; i < LATENCY_STEPS; i++) {
        latency_add(&latency, steps[i]);
        latency_add(&latency, steps[i] + 1);
        sum += 2 * steps[i] + 1;
    }
    struct latency_counts counts = latency_read(&latency);
    /* 0, 1 | 2, 2 | 3, 5 | ... | 5001 */
    for (unsigned i = 0; i < LATENCY_STEPS; i++) {
        assert_int_equal(counts.counts[i], 2);
    }
    assert_int_equal(counts.counts[LATENCY_STEPS], 1);
    assert_int_equal(counts.sum_ms, sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_falls_into_the_step_that_bounds_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
