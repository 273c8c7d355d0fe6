/* letter_test -- a signed question, sealed to one keeper, and its answer. */
#include "cast.h"
#include "protocol/letter.h"
#include "sample.h"

#include <stdlib.h>
#include <string.h>

static struct cast cast;
static const struct id letter_id = {{7, 7}};

static struct slice made_letter(struct buffer *out)
{
    struct letter_author author = {&cast.citizen.sign, &cast.citizen.seal,
                                   cast.citizen.certificate};
    struct wire_letter_room body = {cast.room};
    buffer_init(out, LETTER_BYTES_MAX);
    assert_int_equal(letter_encode(&author, &cast.board, &letter_id, LETTER_GRANT, CAST_BEGIN,
                                   &body, &cast.keeper.sign.public, &cast.keeper.seal.public, out),
                     ENRUM_OK);
    return buffer_slice(out);
}

static enum enrum_err read_as(const struct cast_party *party, struct slice bytes)
{
    struct buffer plain;
    struct wire_letter_inner inner;
    buffer_init(&plain, LETTER_BYTES_MAX);
    enum enrum_err err = letter_decode(bytes, &party->sign, &party->seal, &plain, &inner);
    if (err == ENRUM_OK) {
        struct wire_letter_room body;
        assert_int_equal(inner.kind, LETTER_GRANT);
        assert_int_equal(inner.time, CAST_BEGIN);
        assert_true(id_equal(&inner.id, &letter_id));
        assert_true(id_equal(&inner.board, &cast.board));
        assert_true(id_equal(&inner.sign_key, &cast.citizen.sign.public));
        assert_true(id_equal(&inner.seal_key, &cast.citizen.seal.public));
        assert_true(slice_equal(inner.certificate, cast.citizen.certificate));
        assert_int_equal(layout_decode(letter_layout(inner.kind), inner.body, &body), ENRUM_OK);
        assert_true(id_equal(&body.room, &cast.room));
    }
    buffer_wipe(&plain);
    return err;
}

static void a_letter_is_read_by_its_receiver_and_names_its_author(void **state)
{
    (void)state;
    struct buffer bytes;
    struct id to;
    made_letter(&bytes);
    assert_int_equal(read_as(&cast.keeper, buffer_slice(&bytes)), ENRUM_OK);
    assert_int_equal(letter_to(buffer_slice(&bytes), &to), ENRUM_OK);
    assert_true(id_equal(&to, &cast.keeper.checked.device));
    buffer_fini(&bytes);
}

static void nobody_else_reads_it(void **state)
{
    (void)state;
    struct buffer bytes, moved;
    struct wire_letter letter;
    made_letter(&bytes);
    assert_int_equal(read_as(&cast.staff, buffer_slice(&bytes)), ENRUM_OPEN_FAILED);
    /* Nor when the host writes another receiver on it. */
    assert_int_equal(layout_decode(&layout_letter, buffer_slice(&bytes), &letter), ENRUM_OK);
    letter.to = cast.staff.checked.device;
    buffer_init(&moved, LETTER_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_letter, &letter, &moved), ENRUM_OK);
    assert_int_equal(read_as(&cast.staff, buffer_slice(&moved)), ENRUM_OPEN_FAILED);
    assert_int_equal(read_as(&cast.keeper, buffer_slice(&moved)), ENRUM_OPEN_FAILED);
    buffer_fini(&moved);
    buffer_fini(&bytes);
}

static struct slice whole;

static bool is_refused(struct slice bytes)
{
    return read_as(&cast.keeper, bytes) != ENRUM_OK;
}

static bool flip_is_refused(struct slice bytes)
{
    return slice_equal(bytes, whole) || is_refused(bytes);
}

static void a_letter_that_is_cut_or_altered_is_refused(void **state)
{
    (void)state;
    struct buffer bytes;
    whole = made_letter(&bytes);
    sample_cut(whole, is_refused);
    sample_flip(whole, flip_is_refused);
    buffer_fini(&bytes);
}

/* A letter whose inside says it is the citizen's, signed by this key for this receiver. */
static enum enrum_err read_forged(const struct sign_pair *signer, const struct id *signed_to)
{
    struct wire_letter_room room = {cast.room};
    struct buffer body, inside, together, padded, sealed, bytes;
    struct buffer *const all[] = {&body, &inside, &together, &padded, &sealed, &bytes};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        buffer_init(all[i], LETTER_BYTES_MAX);
    }
    assert_int_equal(layout_encode(&layout_letter_room, &room, &body), ENRUM_OK);
    struct wire_letter_inner inner = {.id = letter_id,
                                      .board = cast.board,
                                      .kind = LETTER_GRANT,
                                      .time = CAST_BEGIN,
                                      .sign_key = cast.citizen.sign.public,
                                      .seal_key = cast.citizen.seal.public,
                                      .certificate = cast.citizen.certificate,
                                      .body = buffer_slice(&body)};
    assert_int_equal(layout_encode(&layout_letter_inner, &inner, &inside), ENRUM_OK);
    struct wire_letter_signed value = {.inner = buffer_slice(&inside)};
    struct slice parts[] = {id_slice(signed_to), value.inner};
    suite_sign(signer, LABEL_LETTER_SIGNATURE, parts, 2, &value.sig);
    assert_int_equal(layout_encode(&layout_letter_signed, &value, &together), ENRUM_OK);
    assert_int_equal(suite_pad(buffer_slice(&together), &padded), ENRUM_OK);
    struct wire_letter letter = {.version = 1, .suite = 1, .to = cast.keeper.checked.device};
    uint8_t info[64];
    struct slice label = label_slice(LABEL_LETTER);
    memcpy(info, label.at, label.len);
    memcpy(info + label.len, letter.to.bytes, ID_BYTES);
    assert_int_equal(hpke_seal(&cast.keeper.seal.public, slice_of(info, label.len + ID_BYTES),
                               slice_of(NULL, 0), buffer_slice(&padded), &letter.enc, &sealed),
                     ENRUM_OK);
    letter.sealed = buffer_slice(&sealed);
    assert_int_equal(layout_encode(&layout_letter, &letter, &bytes), ENRUM_OK);
    enum enrum_err err = read_as(&cast.keeper, buffer_slice(&bytes));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        buffer_wipe(all[i]);
    }
    return err;
}

static void only_the_named_author_can_have_written_it_and_to_this_receiver_only(void **state)
{
    (void)state;
    const struct id *keeper = &cast.keeper.checked.device;
    assert_int_equal(read_forged(&cast.citizen.sign, keeper), ENRUM_OK);
    assert_int_equal(read_forged(&cast.staff.sign, keeper), ENRUM_SIGNATURE_WRONG);
    /* A receiver cannot pass on what was signed for it. */
    assert_int_equal(read_forged(&cast.citizen.sign, &cast.staff.checked.device),
                     ENRUM_SIGNATURE_WRONG);
}

static void a_letter_of_another_suite_is_named_as_such(void **state)
{
    (void)state;
    struct buffer bytes, other;
    struct wire_letter letter;
    made_letter(&bytes);
    assert_int_equal(layout_decode(&layout_letter, buffer_slice(&bytes), &letter), ENRUM_OK);
    letter.suite = 2;
    buffer_init(&other, LETTER_BYTES_MAX);
    assert_int_equal(layout_encode(&layout_letter, &letter, &other), ENRUM_OK);
    assert_int_equal(read_as(&cast.keeper, buffer_slice(&other)), ENRUM_SUITE_UNSUPPORTED);
    buffer_fini(&other);
    buffer_fini(&bytes);
}

static void a_letter_of_no_kind_or_to_a_weak_key_is_not_made(void **state)
{
    (void)state;
    struct letter_author author = {&cast.citizen.sign, &cast.citizen.seal, {NULL, 0}};
    struct wire_letter_room body = {cast.room};
    struct id zero = {{0}};
    struct buffer out;
    buffer_init(&out, LETTER_BYTES_MAX);
    assert_int_equal(letter_encode(&author, &cast.board, &letter_id, 99, CAST_BEGIN, &body,
                                   &cast.keeper.sign.public, &cast.keeper.seal.public, &out),
                     ENRUM_MALFORMED);
    assert_int_equal(letter_encode(&author, &cast.board, &letter_id, LETTER_GRANT, CAST_BEGIN,
                                   &body, &cast.keeper.sign.public, &zero, &out),
                     ENRUM_MALFORMED);
    assert_int_equal(out.len, 0);
    buffer_fini(&out);
}

static void a_letter_too_large_for_its_frame_is_not_made(void **state)
{
    (void)state;
    struct letter_author author = {&cast.keeper.sign, &cast.keeper.seal, {NULL, 0}};
    uint8_t *heads = calloc(1, LETTER_BYTES_MAX);
    assert_non_null(heads);
    struct wire_letter_logged_in body = {.certificate = cast.citizen.certificate,
                                         .issuer = cast.keeper.certificate,
                                         .heads = {heads, LETTER_BYTES_MAX}};
    struct buffer out;
    buffer_init(&out, LETTER_BYTES_MAX);
    assert_int_equal(letter_encode(&author, &cast.board, &letter_id, LETTER_LOGGED_IN, CAST_BEGIN,
                                   &body, &cast.citizen.sign.public, &cast.citizen.seal.public,
                                   &out),
                     ENRUM_OVERSIZED);
    assert_int_equal(out.len, 0);
    buffer_fini(&out);
    free(heads);
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
        cmocka_unit_test(a_letter_is_read_by_its_receiver_and_names_its_author),
        cmocka_unit_test(nobody_else_reads_it),
        cmocka_unit_test(a_letter_that_is_cut_or_altered_is_refused),
        cmocka_unit_test(only_the_named_author_can_have_written_it_and_to_this_receiver_only),
        cmocka_unit_test(a_letter_of_another_suite_is_named_as_such),
        cmocka_unit_test(a_letter_of_no_kind_or_to_a_weak_key_is_not_made),
        cmocka_unit_test(a_letter_too_large_for_its_frame_is_not_made),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
