/* transient_test -- frames that are delivered and never logged. */
#include "cast.h"
#include "protocol/transient.h"
#include "sample.h"

#include <stdlib.h>
#include <string.h>

static struct cast cast;

static enum enrum_err make(struct slice words, struct buffer *out)
{
    struct wire_transient_head head = {.room = cast.room,
                                       .generation = 1,
                                       .certificate = cast.citizen.checked.hash,
                                       .time = CAST_BEGIN};
    struct wire_transient_content content = {.kind = 2, .body = words};
    buffer_init(out, TRANSIENT_BYTES_MAX);
    return transient_encode(&head, &content, &cast.room_key, &cast.citizen.sign, out);
}

static enum enrum_err open_with(struct slice bytes, const struct secret32 *key)
{
    struct transient_frame frame;
    struct wire_transient_content content;
    struct buffer plain;
    enum enrum_err err = transient_decode(bytes, &frame);
    if (err != ENRUM_OK) {
        return err;
    }
    buffer_init(&plain, TRANSIENT_BYTES_MAX);
    err = transient_open(&frame, key, &plain, &content);
    if (err == ENRUM_OK) {
        assert_int_equal(content.kind, 2);
        assert_true(slice_equal(content.body, slice_of_text("hej")));
    }
    buffer_wipe(&plain);
    return err;
}

static void a_frame_opens_with_the_room_key_and_is_its_authors(void **state)
{
    (void)state;
    struct buffer bytes;
    struct transient_frame frame;
    struct secret32 other = {{9}};
    assert_int_equal(make(slice_of_text("hej"), &bytes), ENRUM_OK);
    assert_int_equal(open_with(buffer_slice(&bytes), &cast.room_key), ENRUM_OK);
    assert_int_equal(open_with(buffer_slice(&bytes), &other), ENRUM_OPEN_FAILED);
    assert_int_equal(transient_decode(buffer_slice(&bytes), &frame), ENRUM_OK);
    assert_true(transient_signature_is_good(&frame, &cast.citizen.sign.public));
    assert_false(transient_signature_is_good(&frame, &cast.staff.sign.public));
    buffer_fini(&bytes);
}

static struct slice whole;

static bool is_refused(struct slice bytes)
{
    struct transient_frame frame;
    return transient_decode(bytes, &frame) != ENRUM_OK ||
           !transient_signature_is_good(&frame, &cast.citizen.sign.public);
}

static bool flip_is_refused(struct slice bytes)
{
    return slice_equal(bytes, whole) || is_refused(bytes);
}

/* The head is the additional data: nobody with the room key can put the words under another. */
static bool head_flip_does_not_open(struct slice bytes)
{
    return slice_equal(bytes, whole) || open_with(bytes, &cast.room_key) != ENRUM_OK ||
           memcmp(bytes.at + bytes.len - SIG_BYTES, whole.at + whole.len - SIG_BYTES, SIG_BYTES) !=
               0;
}

static void a_frame_that_is_cut_or_altered_is_refused(void **state)
{
    (void)state;
    struct buffer bytes;
    assert_int_equal(make(slice_of_text("hej"), &bytes), ENRUM_OK);
    whole = buffer_slice(&bytes);
    sample_cut(whole, is_refused);
    sample_flip(whole, flip_is_refused);
    sample_flip(whole, head_flip_does_not_open);
    buffer_fini(&bytes);
}

static void a_frame_of_another_suite_is_named_as_such(void **state)
{
    (void)state;
    struct wire_transient_head head = {.version = 1, .suite = 2, .generation = 1};
    struct buffer inside, bytes;
    struct transient_frame frame;
    buffer_init(&inside, HEAD_BYTES_MAX);
    buffer_init(&bytes, TRANSIENT_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_transient_head, &head, &inside), ENRUM_OK);
    struct wire_transient wire = {.head = buffer_slice(&inside), .sealed = slice_of("x", 1)};
    assert_int_equal(layout_encode(&layout_transient, &wire, &bytes), ENRUM_OK);
    assert_int_equal(transient_decode(buffer_slice(&bytes), &frame), ENRUM_SUITE_UNSUPPORTED);
    buffer_fini(&inside);
    buffer_fini(&bytes);
}

static void typed_lines_of_every_usual_length_are_of_one_size(void **state)
{
    (void)state;
    struct buffer one, many;
    static const uint8_t line[200];
    assert_int_equal(make(slice_of("h", 1), &one), ENRUM_OK);
    assert_int_equal(make(slice_of(line, sizeof line), &many), ENRUM_OK);
    assert_int_equal(one.len, many.len);
    buffer_fini(&one);
    buffer_fini(&many);
}

static void what_is_too_large_for_a_frame_is_not_made(void **state)
{
    (void)state;
    uint8_t *body = calloc(1, TRANSIENT_BYTES_MAX);
    assert_non_null(body);
    struct buffer out;
    assert_int_equal(make(slice_of(body, TRANSIENT_BYTES_MAX), &out), ENRUM_OVERSIZED);
    assert_int_equal(out.len, 0);
    buffer_fini(&out);
    free(body);
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
        cmocka_unit_test(a_frame_opens_with_the_room_key_and_is_its_authors),
        cmocka_unit_test(a_frame_that_is_cut_or_altered_is_refused),
        cmocka_unit_test(a_frame_of_another_suite_is_named_as_such),
        cmocka_unit_test(typed_lines_of_every_usual_length_are_of_one_size),
        cmocka_unit_test(what_is_too_large_for_a_frame_is_not_made),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
