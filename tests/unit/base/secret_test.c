/* secret_test -- keys. */
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void random_keys_differ_and_are_not_zero(void **state)
{
    (void)state;
    struct secret32 a = {{0}}, b = {{0}};
    assert_true(secret_is_zero(&a));
    secret_random(&a);
    secret_random(&b);
    assert_false(secret_is_zero(&a));
    assert_false(secret_equal(&a, &b));
    secret_copy(&b, &a);
    assert_true(secret_equal(&a, &b));
}

static void each_single_bit_makes_a_key_unequal(void **state)
{
    (void)state;
    struct secret32 a, b;
    secret_random(&a);
    for (int bit = 0; bit < 256; bit++) {
        secret_copy(&b, &a);
        b.bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_false(secret_equal(&a, &b));
    }
}

static void a_wiped_key_is_zero(void **state)
{
    (void)state;
    struct secret32 secret;
    secret_random(&secret);
    secret_wipe(&secret);
    assert_true(secret_is_zero(&secret));
}

static void taking_wipes_the_source(void **state)
{
    (void)state;
    const uint8_t zero[SECRET_BYTES] = {0};
    uint8_t raw[SECRET_BYTES], copy[SECRET_BYTES];
    memset(raw, 0x5a, sizeof raw);
    memset(copy, 0x5a, sizeof copy);
    struct secret32 secret;
    secret_take(&secret, raw);
    assert_memory_equal(secret.bytes, copy, sizeof copy);
    assert_memory_equal(raw, zero, sizeof zero);
    secret_take(&secret, secret.bytes);
    assert_memory_equal(secret.bytes, copy, sizeof copy);
}

static void a_secret_buf_is_empty_after_its_end(void **state)
{
    (void)state;
    struct secret_buf buf;
    assert_true(secret_buf_init(&buf, 100));
    for (size_t i = 0; i < buf.len; i++) {
        assert_int_equal(buf.bytes[i], 0);
    }
    memset(buf.bytes, 1, buf.len);
    secret_buf_fini(&buf);
    assert_null(buf.bytes);
    assert_int_equal(buf.len, 0);
    secret_buf_fini(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_keys_differ_and_are_not_zero),
        cmocka_unit_test(each_single_bit_makes_a_key_unequal),
        cmocka_unit_test(a_wiped_key_is_zero),
        cmocka_unit_test(taking_wipes_the_source),
        cmocka_unit_test(a_secret_buf_is_empty_after_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
