/* cache_test -- kept packets and their references. */
#include "relay/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PACKETS = 2000 };

static void put(struct cache *cache, struct packet_pool *pool, uint64_t index, uint64_t now_us)
{
    struct packet *packet = packet_take(pool);
    assert_non_null(packet);
    packet->len = (uint16_t)(index % 1000);
    cache_put(cache, pool, packet, index, now_us);
    packet_unref(pool, packet);
}

static void the_newest_are_kept_and_the_rest_given_back(void **state)
{
    (void)state;
    static struct cache cache;
    struct packet_pool pool;
    assert_true(packet_pool_init(&pool, PACKETS));
    for (uint64_t index = 5000; index < 5000 + 2 * CACHE_PACKETS; index++) {
        put(&cache, &pool, index, 0);
    }
    assert_int_equal(pool.used, CACHE_PACKETS);
    assert_null(cache_find(&cache, 5000));
    assert_null(cache_find(&cache, 4999 + CACHE_PACKETS));
    assert_non_null(cache_find(&cache, 5000 + CACHE_PACKETS));
    assert_int_equal(cache_find(&cache, 4999 + 2 * CACHE_PACKETS)->len,
                     (4999 + 2 * CACHE_PACKETS) % 1000);
    put(&cache, &pool, 5000, 0); /* too old: takes no newer one's place */
    assert_null(cache_find(&cache, 5000));
    assert_int_equal(pool.used, CACHE_PACKETS);
    cache_empty(&cache, &pool);
    assert_int_equal(pool.used, 0);
    packet_pool_fini(&pool);
}

static void what_is_old_is_let_go_of(void **state)
{
    (void)state;
    static struct cache cache;
    struct packet_pool pool;
    assert_true(packet_pool_init(&pool, PACKETS));
    put(&cache, &pool, 70000, 1000);
    put(&cache, &pool, 70003, 2000); /* with a gap before it */
    put(&cache, &pool, 70001, 3000); /* repaired later */
    cache_age(&cache, &pool, 999 + CACHE_LIFE_US);
    assert_int_equal(pool.used, 3);
    cache_age(&cache, &pool, 1000 + CACHE_LIFE_US);
    assert_null(cache_find(&cache, 70000));
    assert_non_null(cache_find(&cache, 70001));
    cache_age(&cache, &pool, 3000 + CACHE_LIFE_US);
    assert_int_equal(pool.used, 0);
    packet_pool_fini(&pool);
}

/* A stream that leaps and then is silent holds no buffers that others need. */
static void what_lies_before_a_leap_is_given_back(void **state)
{
    (void)state;
    static struct cache cache;
    struct packet_pool pool;
    assert_true(packet_pool_init(&pool, PACKETS));
    for (uint64_t index = 70000; index < 70000 + CACHE_PACKETS; index++) {
        put(&cache, &pool, index, 0);
    }
    put(&cache, &pool, 90000, 1000);
    assert_int_equal(pool.used, 1);
    cache_age(&cache, &pool, 1000 + CACHE_LIFE_US);
    assert_int_equal(pool.used, 0);
    /* One so late that nothing would let go of it is not kept at all. */
    put(&cache, &pool, 70000, 2 * CACHE_LIFE_US);
    assert_int_equal(pool.used, 0);
    cache_empty(&cache, &pool);
    packet_pool_fini(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_are_kept_and_the_rest_given_back),
        cmocka_unit_test(what_lies_before_a_leap_is_given_back),
        cmocka_unit_test(what_is_old_is_let_go_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
