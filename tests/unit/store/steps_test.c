/* A step that was released is never changed: files were made by it, and what follows builds on it.
 * A new step adds its line here in the commit that releases it. */
#include "store/steps.h"

#include "protocol/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* SHA-256 of each step's SQL. */
static const char *const released[] = {
    "8adbda009d82d858f20da5fc68f049df0500bff8514ec2209903f85b11cb983c",
    "065ff3a330dd41c96667b45959d2d63a47bc1167bd3496eeb544b0280ea4fd06",
};

static void released_steps_are_as_they_were(void **state)
{
    int count = 0;
    const struct schema_step *steps = store_steps(&count);
    (void)state;
    assert_int_equal(count, sizeof released / sizeof released[0]);
    for (int i = 0; i < count; i++) {
        struct id hash;
        char hex[65];
        struct slice sql = slice_of_text(steps[i].sql);
        suite_hash_bare(&sql, 1, &hash);
        id_hex(&hash, hex);
        assert_string_equal(hex, released[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(released_steps_are_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
