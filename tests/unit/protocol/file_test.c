/* file_test -- attachments as sealed chunks: what was sealed opens, and nothing else does. */
#include "protocol/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BLOBS_MAX = 4 };

static const struct secret32 key = {{7}};

struct sealed {
    uint64_t size;
    size_t count;
    struct buffer plain, blobs[BLOBS_MAX];
    struct id hash;
};

static void seal(struct sealed *sealed, uint64_t size)
{
    struct file_pass pass;
    *sealed = (struct sealed){.size = size};
    buffer_init(&sealed->plain, FILE_BYTES_MAX);
    uint8_t *bytes = buffer_extend(&sealed->plain, size + 1);
    assert_non_null(bytes);
    for (uint64_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(i * 7 + 1);
    }
    assert_int_equal(file_pass_begin(&pass, &key, size), ENRUM_OK);
    while (!file_is_whole(&pass)) {
        struct buffer *blob = &sealed->blobs[sealed->count];
        assert_true(sealed->count < BLOBS_MAX);
        buffer_init(blob, BLOB_BYTES_MAX);
        struct slice next = {bytes + sealed->count * CHUNK_BYTES_MAX, file_next_bytes(&pass)};
        assert_int_equal(file_seal_next(&pass, next, blob), ENRUM_OK);
        sealed->count++;
    }
    assert_int_equal(file_hash(&pass, &sealed->hash), ENRUM_OK);
    file_pass_end(&pass);
    assert_int_equal(sealed->count, file_blob_count(size));
}

static void sealed_fini(struct sealed *sealed)
{
    buffer_fini(&sealed->plain);
    for (size_t i = 0; i < sealed->count; i++) {
        buffer_fini(&sealed->blobs[i]);
    }
}

static void files_of_every_length_about_a_chunk_open_again(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 256, 257, 65535, 65536, 65537, 131071, 131073};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct sealed sealed;
        struct file_pass pass;
        struct buffer plain;
        struct id hash, bare;
        seal(&sealed, sizes[i]);
        buffer_init(&plain, FILE_BYTES_MAX);
        assert_int_equal(file_pass_begin(&pass, &key, sizes[i]), ENRUM_OK);
        for (size_t at = 0; at < sealed.count; at++) {
            struct slice blob = buffer_slice(&sealed.blobs[at]);
            assert_int_equal(file_open_next(&pass, blob, &plain), ENRUM_OK);
        }
        assert_true(file_is_whole(&pass));
        struct slice expected = {sealed.plain.at, (size_t)sizes[i]};
        assert_true(slice_equal(buffer_slice(&plain), expected));
        assert_int_equal(file_hash(&pass, &hash), ENRUM_OK);
        suite_hash_bare(&expected, 1, &bare);
        assert_true(id_equal(&hash, &sealed.hash) && id_equal(&hash, &bare));
        file_pass_end(&pass);
        buffer_fini(&plain);
        sealed_fini(&sealed);
    }
}

static enum enrum_err open_first(const struct secret32 *with, uint64_t size, struct slice blob)
{
    struct file_pass pass;
    struct buffer plain;
    buffer_init(&plain, FILE_BYTES_MAX);
    assert_int_equal(file_pass_begin(&pass, with, size), ENRUM_OK);
    enum enrum_err err = file_open_next(&pass, blob, &plain);
    assert_true(err == ENRUM_OK || (plain.len == 0 && pass.next == 0));
    file_pass_end(&pass);
    buffer_wipe(&plain);
    return err;
}

static void a_chunk_in_another_place_or_under_another_key_does_not_open(void **state)
{
    (void)state;
    static const struct secret32 other = {{8}};
    struct sealed two, one;
    seal(&two, 2 * CHUNK_BYTES_MAX);
    seal(&one, CHUNK_BYTES_MAX);
    struct slice first = buffer_slice(&two.blobs[0]), second = buffer_slice(&two.blobs[1]);
    assert_int_equal(open_first(&key, two.size, first), ENRUM_OK);
    assert_int_equal(open_first(&other, two.size, first), ENRUM_OPEN_FAILED);
    assert_int_equal(open_first(&key, two.size, second), ENRUM_OPEN_FAILED);
    /* A file that ends where it goes on, and one that goes on where it ends. */
    assert_int_equal(open_first(&key, one.size, first), ENRUM_OPEN_FAILED);
    assert_int_equal(open_first(&key, two.size, buffer_slice(&one.blobs[0])), ENRUM_OPEN_FAILED);
    sealed_fini(&two);
    sealed_fini(&one);
}

static void a_chunk_that_is_cut_or_flipped_does_not_open(void **state)
{
    (void)state;
    struct sealed sealed;
    seal(&sealed, 100);
    struct slice blob = buffer_slice(&sealed.blobs[0]);
    for (size_t len = 0; len < blob.len; len++) {
        assert_int_equal(open_first(&key, 100, slice_of(blob.at, len)), ENRUM_OPEN_FAILED);
    }
    for (size_t bit = 0; bit < blob.len * 8; bit++) {
        sealed.blobs[0].at[bit / 8] ^= (uint8_t)(1 << (bit % 8));
        assert_int_equal(open_first(&key, 100, blob), ENRUM_OPEN_FAILED);
        sealed.blobs[0].at[bit / 8] ^= (uint8_t)(1 << (bit % 8));
    }
    assert_int_equal(open_first(&key, 100, blob), ENRUM_OK);
    sealed_fini(&sealed);
}

static void padding_that_says_something_does_not_open(void **state)
{
    (void)state;
    struct sealed sealed;
    seal(&sealed, 256);
    assert_int_equal(open_first(&key, 255, buffer_slice(&sealed.blobs[0])), ENRUM_OPEN_FAILED);
    assert_int_equal(open_first(&key, 256, buffer_slice(&sealed.blobs[0])), ENRUM_OK);
    sealed_fini(&sealed);
}

static void the_largest_file_fits_one_entry_and_a_larger_one_is_none(void **state)
{
    (void)state;
    struct file_pass pass;
    assert_int_equal(file_blob_count(FILE_BYTES_MAX), BLOBS_PER_ENTRY_MAX);
    assert_int_equal(file_padded_bytes(FILE_BYTES_MAX), FILE_BYTES_MAX);
    assert_int_equal(BLOB_BYTES_MAX, CHUNK_BYTES_MAX + TAG_BYTES);
    assert_true(BLOBS_PER_ENTRY_MAX * ID_BYTES + 64 < OPEN_BYTES_MAX);
    assert_int_equal(file_pass_begin(&pass, &key, FILE_BYTES_MAX + 1), ENRUM_FILE_OVERSIZED);
}

static void files_of_about_one_length_are_of_one_size(void **state)
{
    (void)state;
    assert_int_equal(file_padded_bytes(0), file_padded_bytes(256));
    assert_int_equal(file_padded_bytes(1000001), file_padded_bytes(1000002));
    for (uint64_t size = 1; size < FILE_BYTES_MAX; size += 977) {
        assert_true(file_padded_bytes(size) >= size);
        assert_true(size < PADDED_BYTES_MIN || file_padded_bytes(size) <= size + size / 8);
    }
}

static void a_body_must_name_the_blobs_of_its_size_and_of_its_open_part(void **state)
{
    (void)state;
    static const uint8_t ids[3 * ID_BYTES], others[2 * ID_BYTES] = {[2 * ID_BYTES - 1] = 1};
    struct slice two = {ids, 2 * ID_BYTES};
    struct wire_body_file body = {.size = CHUNK_BYTES_MAX + 1, .blobs = two};
    assert_true(file_body_holds(&body, two));
    assert_false(file_body_holds(&body, slice_of(others, sizeof others)));
    assert_false(file_body_holds(&body, slice_of(ids, sizeof ids)));
    assert_false(file_body_holds(&body, slice_of("", 0)));
    body.size = CHUNK_BYTES_MAX;
    assert_false(file_body_holds(&body, two));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_every_length_about_a_chunk_open_again),
        cmocka_unit_test(a_chunk_in_another_place_or_under_another_key_does_not_open),
        cmocka_unit_test(a_chunk_that_is_cut_or_flipped_does_not_open),
        cmocka_unit_test(padding_that_says_something_does_not_open),
        cmocka_unit_test(the_largest_file_fits_one_entry_and_a_larger_one_is_none),
        cmocka_unit_test(files_of_about_one_length_are_of_one_size),
        cmocka_unit_test(a_body_must_name_the_blobs_of_its_size_and_of_its_open_part),
    };
    return suite_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
