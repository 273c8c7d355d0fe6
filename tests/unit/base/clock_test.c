/* clock_test -- the time. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>

static void the_system_clock_runs(void **state)
{
    (void)state;
    struct clock clock = clock_system();
    uint64_t before = clock_monotonic_ms(&clock);
    assert_true(clock_wall_ms(&clock) > UINT64_C(1700000000000));
    assert_true(clock_wall_ms(&clock) < UINT64_C(9000000000000));
    poll(NULL, 0, 20);
    assert_true(clock_monotonic_ms(&clock) >= before + 19);
}

static void a_manual_clock_stands_still_until_it_is_moved(void **state)
{
    (void)state;
    struct clock_manual manual = {.wall_ms = 1000, .monotonic_ms = 5};
    struct clock clock = clock_of_manual(&manual);
    assert_int_equal(clock_wall_ms(&clock), 1000);
    assert_int_equal(clock_wall_ms(&clock), 1000);
    clock_manual_advance(&manual, 250);
    assert_int_equal(clock_wall_ms(&clock), 1250);
    assert_int_equal(clock_monotonic_ms(&clock), 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_clock_runs),
        cmocka_unit_test(a_manual_clock_stands_still_until_it_is_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
