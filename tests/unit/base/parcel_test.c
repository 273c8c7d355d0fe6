/* parcel_test -- shared outgoing bytes. */
#include "base/parcel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

enum { HOLDERS = 4, ROUNDS = 20000 };

static void a_parcel_copies_its_bytes(void **state)
{
    (void)state;
    uint8_t bytes[] = {1, 2, 3};
    struct parcel *parcel = parcel_new(bytes, sizeof bytes);
    assert_non_null(parcel);
    bytes[0] = 9;
    assert_true(slice_equal(parcel_slice(parcel), slice_of("\1\2\3", 3)));
    parcel_unref(parcel);
    parcel_unref(NULL);
}

static void an_empty_parcel_is_a_parcel(void **state)
{
    (void)state;
    struct parcel *parcel = parcel_new(NULL, 0);
    assert_non_null(parcel);
    assert_int_equal(parcel_slice(parcel).len, 0);
    parcel_unref(parcel);
}

static void a_length_beyond_memory_is_refused(void **state)
{
    (void)state;
    assert_null(parcel_new("x", SIZE_MAX));
}

static void the_bytes_live_until_the_last_reference(void **state)
{
    (void)state;
    struct parcel *parcel = parcel_new("abc", 3);
    struct parcel *second = parcel_ref(parcel);
    parcel_unref(parcel);
    assert_true(slice_equal(parcel_slice(second), slice_of_text("abc")));
    parcel_unref(second);
}

static void *hold_and_let_go(void *argument)
{
    struct parcel *parcel = argument;
    uintptr_t sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct parcel *more = parcel_ref(parcel);
        sum += parcel_slice(more).at[0];
        parcel_unref(more);
    }
    parcel_unref(parcel);
    return (void *)sum;
}

static void threads_may_share_a_parcel(void **state)
{
    (void)state;
    struct parcel *parcel = parcel_new("\1", 1);
    pthread_t threads[HOLDERS];
    for (int i = 0; i < HOLDERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, hold_and_let_go, parcel_ref(parcel)), 0);
    }
    parcel_unref(parcel);
    for (int i = 0; i < HOLDERS; i++) {
        void *sum;
        assert_int_equal(pthread_join(threads[i], &sum), 0);
        assert_int_equal((uintptr_t)sum, ROUNDS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parcel_copies_its_bytes),
        cmocka_unit_test(an_empty_parcel_is_a_parcel),
        cmocka_unit_test(a_length_beyond_memory_is_refused),
        cmocka_unit_test(the_bytes_live_until_the_last_reference),
        cmocka_unit_test(threads_may_share_a_parcel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
