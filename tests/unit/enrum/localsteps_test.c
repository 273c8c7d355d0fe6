/* A step that was released is never changed: files were made by it, and what follows builds on it.
 * A new step adds its line here in the commit that releases it. */
#include "client-sdk/c/localsteps.h"

#include "protocol/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* SHA-256 of each step's SQL. */
static const char *const released[] = {
    "8f064a0366ab22cdbf81188a6fffe006cf08adf3101afc18a1f7263ad2b29cb2",
    "5ead913baf5dabc8aa757811f79c5c61b9aadbe98518bf65e91342d92a7081b3",
};

static void released_steps_are_as_they_were(void **state)
{
    int count = 0;
    const struct schema_step *steps = localstore_steps(&count);
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
