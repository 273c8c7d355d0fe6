/* table_test -- the hash table. */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { KEY_LEN = 32, MANY = 5000 };

static void key_of(unsigned number, uint8_t key[KEY_LEN])
{
    memset(key, 0, KEY_LEN);
    memcpy(key + 8, &number, sizeof number);
}

static void what_was_inserted_is_found_and_nothing_else(void **state)
{
    (void)state;
    static int values[MANY];
    struct table table;
    uint8_t key[KEY_LEN];
    table_init(&table, KEY_LEN, MANY);
    key_of(0, key);
    assert_null(table_find(&table, key));
    for (unsigned i = 0; i < MANY; i++) {
        key_of(i, key);
        assert_int_equal(table_insert(&table, key, &values[i]), TABLE_OK);
    }
    for (unsigned i = 0; i < 2 * MANY; i++) {
        key_of(i, key);
        assert_ptr_equal(table_find(&table, key), i < MANY ? &values[i] : NULL);
    }
    assert_int_equal(table.count, MANY);
    table_fini(&table);
}

static void a_key_that_exists_is_not_replaced(void **state)
{
    (void)state;
    int first, second;
    struct table table;
    table_init(&table, sizeof(uint64_t), 4);
    assert_int_equal(table_insert_u64(&table, 5, &first), TABLE_OK);
    assert_int_equal(table_insert_u64(&table, 5, &second), TABLE_EXISTS);
    assert_ptr_equal(table_find_u64(&table, 5), &first);
    table_fini(&table);
}

static void the_limit_is_kept_and_room_comes_back(void **state)
{
    (void)state;
    int value;
    struct table table;
    table_init(&table, sizeof(uint64_t), 3);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(table_insert_u64(&table, i, &value), TABLE_OK);
    }
    assert_int_equal(table_insert_u64(&table, 9, &value), TABLE_FULL);
    assert_null(table_find_u64(&table, 9));
    assert_ptr_equal(table_remove_u64(&table, 1), &value);
    assert_int_equal(table_insert_u64(&table, 9, &value), TABLE_OK);
    table_fini(&table);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static void churn_agrees_with_a_plain_array(void **state)
{
    (void)state;
    enum { KEYS = 300, STEPS = 100000 };
    static int values[KEYS];
    bool is_in[KEYS] = {false};
    size_t in = 0;
    uint64_t seed = 1;
    struct table table;
    table_init(&table, sizeof(uint64_t), KEYS);
    for (int step = 0; step < STEPS; step++) {
        uint64_t key = next_random(&seed) % KEYS;
        assert_ptr_equal(table_find_u64(&table, key), is_in[key] ? &values[key] : NULL);
        if (next_random(&seed) % 2 == 0) {
            enum table_result result = table_insert_u64(&table, key, &values[key]);
            assert_int_equal(result, is_in[key] ? TABLE_EXISTS : TABLE_OK);
            in += is_in[key] ? 0 : 1;
            is_in[key] = true;
        } else {
            assert_ptr_equal(table_remove_u64(&table, key), is_in[key] ? &values[key] : NULL);
            in -= is_in[key] ? 1 : 0;
            is_in[key] = false;
        }
        assert_int_equal(table.count, in);
    }
    table_fini(&table);
}

static void a_walk_meets_each_key_once(void **state)
{
    (void)state;
    enum { KEYS = 100 };
    static int values[KEYS];
    int met[KEYS] = {0};
    struct table table;
    table_init(&table, sizeof(uint64_t), KEYS);
    for (uint64_t i = 0; i < KEYS; i++) {
        assert_int_equal(table_insert_u64(&table, i, &values[i]), TABLE_OK);
    }
    size_t cursor = 0;
    const void *key;
    void *value;
    while (table_next(&table, &cursor, &key, &value)) {
        uint64_t number;
        memcpy(&number, key, sizeof number);
        assert_true(number < KEYS);
        assert_ptr_equal(value, &values[number]);
        met[number]++;
    }
    for (int i = 0; i < KEYS; i++) {
        assert_int_equal(met[i], 1);
    }
    table_fini(&table);
    cursor = 0;
    assert_false(table_next(&table, &cursor, NULL, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_inserted_is_found_and_nothing_else),
        cmocka_unit_test(a_key_that_exists_is_not_replaced),
        cmocka_unit_test(the_limit_is_kept_and_room_comes_back),
        cmocka_unit_test(churn_agrees_with_a_plain_array),
        cmocka_unit_test(a_walk_meets_each_key_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
