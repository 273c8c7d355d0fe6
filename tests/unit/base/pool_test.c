/* pool_test -- slots and their ids. */
#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct session {
    uint8_t key[24];
    int number;
};

static void stale_id_is_gone_also_when_the_slot_is_used_again(void **state)
{
    (void)state;
    struct pool pool;
    uint64_t first, second;
    assert_true(pool_init(&pool, sizeof(struct session), 1));
    struct session *session = pool_add(&pool, &first);
    session->number = 1;
    pool_remove(&pool, first);
    assert_null(pool_find(&pool, first));
    struct session *other = pool_add(&pool, &second);
    assert_ptr_equal(other, session);
    assert_true(first != second);
    assert_null(pool_find(&pool, first));
    assert_ptr_equal(pool_find(&pool, second), other);
    pool_remove(&pool, first);
    assert_int_equal(pool.count, 1);
    pool_fini(&pool);
}

static void a_new_item_is_zeroed_and_a_removed_one_is_wiped(void **state)
{
    (void)state;
    struct pool pool;
    uint64_t id;
    assert_true(pool_init(&pool, sizeof(struct session), 1));
    struct session *session = pool_add(&pool, &id);
    memset(session, 0xaa, sizeof *session);
    pool_remove(&pool, id);
    const struct session zero = {.number = 0};
    assert_memory_equal(session, &zero, sizeof zero);
    session = pool_add(&pool, &id);
    assert_memory_equal(session, &zero, sizeof zero);
    pool_fini(&pool);
}

static void a_full_pool_gives_nothing(void **state)
{
    (void)state;
    struct pool pool;
    uint64_t ids[3] = {0};
    assert_true(pool_init(&pool, 1, 2));
    assert_non_null(pool_add(&pool, &ids[0]));
    assert_non_null(pool_add(&pool, &ids[1]));
    assert_null(pool_add(&pool, &ids[2]));
    assert_int_equal(ids[2], 0);
    pool_remove(&pool, ids[0]);
    assert_non_null(pool_add(&pool, &ids[2]));
    pool_fini(&pool);
}

static void ids_that_were_never_given_find_nothing(void **state)
{
    (void)state;
    struct pool pool;
    uint64_t id;
    assert_true(pool_init(&pool, 8, 4));
    assert_null(pool_find(&pool, 0));
    assert_null(pool_find(&pool, UINT64_MAX));
    assert_non_null(pool_add(&pool, &id));
    assert_null(pool_find(&pool, 0));
    assert_null(pool_find(&pool, id + 1));
    assert_null(pool_find(&pool, id + 4));
    assert_null(pool_find(&pool, id + (UINT64_C(1) << 32)));
    assert_null(pool_find(&pool, id + (UINT64_C(2) << 32)));
    pool_fini(&pool);
}

static void a_walk_meets_each_item_also_when_it_removes_them(void **state)
{
    (void)state;
    struct pool pool;
    uint64_t id;
    assert_true(pool_init(&pool, sizeof(struct session), 10));
    for (int i = 0; i < 10; i++) {
        struct session *session = pool_add(&pool, &id);
        session->number = 1 << i;
    }
    int met = 0;
    uint32_t cursor = 0;
    for (struct session *at; (at = pool_next(&pool, &cursor, &id)) != NULL;) {
        assert_ptr_equal(pool_find(&pool, id), at);
        met += at->number;
        pool_remove(&pool, id);
    }
    assert_int_equal(met, 1023);
    assert_int_equal(pool.count, 0);
    pool_fini(&pool);
}

static void items_of_any_size_are_aligned(void **state)
{
    (void)state;
    struct pool pool;
    uint64_t id;
    assert_true(pool_init(&pool, 3, 5));
    for (int i = 0; i < 5; i++) {
        assert_int_equal((uintptr_t)pool_add(&pool, &id) % _Alignof(max_align_t), 0);
    }
    pool_fini(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stale_id_is_gone_also_when_the_slot_is_used_again),
        cmocka_unit_test(a_new_item_is_zeroed_and_a_removed_one_is_wiped),
        cmocka_unit_test(a_full_pool_gives_nothing),
        cmocka_unit_test(ids_that_were_never_given_find_nothing),
        cmocka_unit_test(a_walk_meets_each_item_also_when_it_removes_them),
        cmocka_unit_test(items_of_any_size_are_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
