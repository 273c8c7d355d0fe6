/* grant_test -- room keys on their way to one device, their commitment, and cause ids. */
#include "cast.h"
#include "protocol/grant.h"
#include "sample.h"

#include <string.h>

static struct cast cast;

struct made {
    struct secret32 keys[GENERATIONS_PER_GRANT_MAX];
    struct buffer bytes;
    struct wire_open_grant grant;
};

static enum enrum_err wrap(struct made *made, uint64_t first, size_t count)
{
    for (size_t i = 0; i < GENERATIONS_PER_GRANT_MAX; i++) {
        memset(made->keys[i].bytes, (int)i + 1, KEY_BYTES);
    }
    buffer_init(&made->bytes, OPEN_BYTES_MAX);
    return grant_wrap(&cast.room, first, made->keys, count, &cast.citizen.checked.device,
                      &cast.citizen.seal.public, &made->bytes, &made->grant);
}

static enum enrum_err unwrap(const struct made *made, const struct wire_open_grant *grant,
                             const struct id *room, const struct seal_pair *pair)
{
    static struct secret32 keys[GENERATIONS_PER_GRANT_MAX];
    size_t count = 0;
    memset(keys, 0, sizeof keys);
    enum enrum_err err = grant_unwrap(room, grant, pair, keys, &count);
    if (err == ENRUM_OK) {
        assert_int_equal(count, grant->last - grant->first + 1);
        assert_memory_equal(keys, made->keys, count * sizeof keys[0]);
    } else {
        assert_int_equal(count, 0);
        assert_true(secret_is_zero(&keys[0]));
    }
    return err;
}

static void granted_keys_come_out_for_one_generation_and_for_the_most(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, GENERATIONS_PER_GRANT_MAX};
    for (size_t i = 0; i < 3; i++) {
        struct made made;
        assert_int_equal(wrap(&made, 4, counts[i]), ENRUM_OK);
        assert_int_equal(made.grant.wrapped.len, counts[i] * KEY_BYTES + TAG_BYTES);
        assert_int_equal(unwrap(&made, &made.grant, &cast.room, &cast.citizen.seal), ENRUM_OK);
        buffer_fini(&made.bytes);
    }
}

static void no_keys_or_too_many_are_not_wrapped(void **state)
{
    (void)state;
    struct made made;
    assert_int_equal(wrap(&made, 1, 0), ENRUM_OVERSIZED);
    assert_int_equal(wrap(&made, 1, (size_t)GENERATIONS_PER_GRANT_MAX + 1), ENRUM_OVERSIZED);
}

static void a_grant_opens_for_its_device_room_and_generations_only(void **state)
{
    (void)state;
    struct made made;
    struct id other = cast.room;
    other.bytes[0] ^= 1;
    assert_int_equal(wrap(&made, 4, 3), ENRUM_OK);
    assert_int_equal(unwrap(&made, &made.grant, &cast.room, &cast.staff.seal), ENRUM_OPEN_FAILED);
    assert_int_equal(unwrap(&made, &made.grant, &other, &cast.citizen.seal), ENRUM_OPEN_FAILED);
    struct wire_open_grant grant = made.grant;
    grant.device.bytes[5] ^= 1;
    assert_int_equal(unwrap(&made, &grant, &cast.room, &cast.citizen.seal), ENRUM_OPEN_FAILED);
    grant = made.grant;
    grant.first++;
    grant.last++;
    assert_int_equal(unwrap(&made, &grant, &cast.room, &cast.citizen.seal), ENRUM_OPEN_FAILED);
    grant = made.grant;
    grant.enc.bytes[5] ^= 1;
    assert_int_equal(unwrap(&made, &grant, &cast.room, &cast.citizen.seal), ENRUM_OPEN_FAILED);
    for (size_t bit = 0; bit < made.bytes.len * 8; bit += 7) {
        made.bytes.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(unwrap(&made, &made.grant, &cast.room, &cast.citizen.seal),
                         ENRUM_OPEN_FAILED);
        made.bytes.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    buffer_fini(&made.bytes);
}

static void a_grant_is_hpke_over_what_the_specification_says(void **state)
{
    (void)state;
    struct made made;
    struct buffer info, aad, plain;
    struct be64 first = be64_of(4), last = be64_of(6);
    assert_int_equal(wrap(&made, 4, 3), ENRUM_OK);
    buffer_init(&info, 256);
    buffer_init(&aad, 256);
    buffer_init(&plain, 256);
    buffer_append(&info, "enrum/1 grant", sizeof "enrum/1 grant");
    buffer_append_slice(&info, id_slice(&cast.room));
    buffer_append_slice(&info, id_slice(&cast.citizen.checked.device));
    buffer_append_slice(&aad, be64_slice(&first));
    buffer_append_slice(&aad, be64_slice(&last));
    assert_int_equal(hpke_open(&cast.citizen.seal, &made.grant.enc, buffer_slice(&info),
                               buffer_slice(&aad), made.grant.wrapped, &plain),
                     ENRUM_OK);
    assert_int_equal(plain.len, 3 * KEY_BYTES);
    assert_memory_equal(plain.at, made.keys, 3 * KEY_BYTES);
    buffer_fini(&info);
    buffer_fini(&aad);
    buffer_wipe(&plain);
    buffer_fini(&made.bytes);
}

static void a_grant_with_another_number_of_keys_than_generations_is_malformed(void **state)
{
    (void)state;
    struct made made;
    assert_int_equal(wrap(&made, 4, 3), ENRUM_OK);
    static const struct {
        uint64_t first, last;
    } ranges[] = {{4, 5}, {4, 7}, {4, 3}, {1, GENERATIONS_PER_GRANT_MAX + 1}, {0, UINT64_MAX}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        struct wire_open_grant grant = made.grant;
        grant.first = ranges[i].first;
        grant.last = ranges[i].last;
        assert_int_equal(unwrap(&made, &grant, &cast.room, &cast.citizen.seal), ENRUM_MALFORMED);
    }
    static const uint8_t large[OPEN_BYTES_MAX];
    struct wire_open_grant grant = made.grant;
    grant.wrapped = (struct slice){large, sizeof large};
    assert_int_equal(unwrap(&made, &grant, &cast.room, &cast.citizen.seal), ENRUM_MALFORMED);
    buffer_fini(&made.bytes);
}

static void keys_are_not_wrapped_to_a_public_key_of_small_order(void **state)
{
    (void)state;
    struct id zero = {{0}};
    struct buffer bytes;
    struct wire_open_grant grant;
    buffer_init(&bytes, OPEN_BYTES_MAX);
    assert_int_equal(grant_wrap(&cast.room, 1, &cast.room_key, 1, &cast.citizen.checked.device,
                                &zero, &bytes, &grant),
                     ENRUM_MALFORMED);
    assert_int_equal(bytes.len, 0);
    buffer_fini(&bytes);
}

static void a_commitment_is_of_one_room_generation_and_key(void **state)
{
    (void)state;
    struct id good, again, other, room = cast.room;
    struct secret32 key = cast.room_key;
    grant_commitment(&room, 1, &key, &good);
    grant_commitment(&room, 1, &key, &again);
    assert_true(id_equal(&good, &again));
    grant_commitment(&room, 2, &key, &other);
    assert_false(id_equal(&good, &other));
    room.bytes[0] ^= 1;
    grant_commitment(&room, 1, &key, &other);
    assert_false(id_equal(&good, &other));
    key.bytes[0] ^= 1;
    grant_commitment(&cast.room, 1, &key, &other);
    assert_false(id_equal(&good, &other));
}

static void a_cause_is_of_one_verb_and_its_parts(void **state)
{
    (void)state;
    struct id a, b;
    struct slice parts[] = {id_slice(&cast.room), id_slice(&cast.board)};
    cause_id("queued", parts, 2, &a);
    cause_id("queued", parts, 2, &b);
    assert_true(id_equal(&a, &b));
    cause_id("queued", parts, 1, &b);
    assert_false(id_equal(&a, &b));
    cause_id("taken", parts, 2, &b);
    assert_false(id_equal(&a, &b));
    struct slice text = slice_of("ed", 2);
    cause_id("queu", &text, 1, &a);
    cause_id("queued", NULL, 0, &b);
    assert_false(id_equal(&a, &b));
}

static int start(void **state)
{
    (void)state;
    cast_init(&cast);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(granted_keys_come_out_for_one_generation_and_for_the_most),
        cmocka_unit_test(no_keys_or_too_many_are_not_wrapped),
        cmocka_unit_test(a_grant_opens_for_its_device_room_and_generations_only),
        cmocka_unit_test(a_grant_is_hpke_over_what_the_specification_says),
        cmocka_unit_test(a_grant_with_another_number_of_keys_than_generations_is_malformed),
        cmocka_unit_test(keys_are_not_wrapped_to_a_public_key_of_small_order),
        cmocka_unit_test(a_commitment_is_of_one_room_generation_and_key),
        cmocka_unit_test(a_cause_is_of_one_verb_and_its_parts),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
