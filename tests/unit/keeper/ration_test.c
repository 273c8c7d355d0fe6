/* ration_test -- so many times in a period that begins with the first. */
#include "../../../client-sdk/keeper/ration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void it_is_so_often_in_a_period(void **state)
{
    (void)state;
    struct ration ration = {0};
    assert_true(ration_take(&ration, 2, 60000, 5000));
    assert_true(ration_take(&ration, 2, 60000, 30000));
    assert_false(ration_take(&ration, 2, 60000, 64999));
    assert_true(ration_take(&ration, 2, 60000, 65000));
    assert_true(ration_take(&ration, 2, 60000, 65001));
    assert_false(ration_take(&ration, 2, 60000, 65002));
}

static void asking_whether_it_may_be_takes_nothing(void **state)
{
    (void)state;
    struct ration ration = {0};
    for (int i = 0; i < 5; i++) {
        assert_false(ration_is_used_up(&ration, 1, 60000, 5000));
    }
    assert_true(ration_take(&ration, 1, 60000, 5000));
    assert_true(ration_is_used_up(&ration, 1, 60000, 64999));
    assert_false(ration_is_used_up(&ration, 1, 60000, 65000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_so_often_in_a_period),
        cmocka_unit_test(asking_whether_it_may_be_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
