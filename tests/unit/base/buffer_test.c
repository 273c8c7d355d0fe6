/* buffer_test -- growing bytes, and slices. */
#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void appended_bytes_stand_in_order(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 100000);
    for (int i = 0; i < 10000; i++) {
        uint8_t byte = (uint8_t)i;
        buffer_append(&buffer, &byte, 1);
    }
    assert_false(buffer.failed);
    assert_int_equal(buffer.len, 10000);
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(buffer.at[i], (uint8_t)i);
    }
    buffer_fini(&buffer);
    assert_int_equal(buffer.len, 0);
}

static void exactly_the_limit_fits_and_one_byte_more_does_not(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 300);
    uint8_t bytes[300] = {1};
    buffer_append(&buffer, bytes, 300);
    assert_false(buffer.failed);
    buffer_append(&buffer, bytes, 0);
    assert_false(buffer.failed);
    buffer_append(&buffer, bytes, 1);
    assert_true(buffer.failed);
    assert_int_equal(buffer.len, 300);
    buffer_fini(&buffer);
}

static void the_first_failure_sticks(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 4);
    buffer_append(&buffer, "ab", 2);
    buffer_append(&buffer, "cde", 3);
    buffer_append(&buffer, "f", 1);
    assert_true(buffer.failed);
    assert_true(slice_equal(buffer_slice(&buffer), slice_of_text("ab")));
    buffer_truncate(&buffer, 1);
    assert_true(buffer.failed);
    buffer_reset(&buffer);
    buffer_append_slice(&buffer, slice_of_text("wxyz"));
    assert_false(buffer.failed);
    assert_true(slice_equal(buffer_slice(&buffer), slice_of_text("wxyz")));
    buffer_fini(&buffer);
}

static void a_length_that_would_overflow_is_refused(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 1000);
    buffer_append(&buffer, "a", 1);
    buffer_append(&buffer, "b", SIZE_MAX);
    assert_true(buffer.failed);
    assert_int_equal(buffer.len, 1);
    buffer_fini(&buffer);
}

static void slices_are_equal_by_their_bytes(void **state)
{
    (void)state;
    assert_true(slice_equal(slice_of(NULL, 0), slice_of("x", 0)));
    assert_true(slice_equal(slice_of("abc", 2), slice_of("abd", 2)));
    assert_false(slice_equal(slice_of("abc", 3), slice_of("abd", 3)));
    assert_false(slice_equal(slice_of("abc", 3), slice_of("abc", 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_bytes_stand_in_order),
        cmocka_unit_test(exactly_the_limit_fits_and_one_byte_more_does_not),
        cmocka_unit_test(the_first_failure_sticks),
        cmocka_unit_test(a_length_that_would_overflow_is_refused),
        cmocka_unit_test(slices_are_equal_by_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
