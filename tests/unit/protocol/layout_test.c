/* layout_test -- every layout and every message, at its limits and over them, cut and flipped. */
#include "sample.h"

#include <string.h>

static const struct sample_layout *current;

static struct slice encoded(const union sample_value *value, struct buffer *out)
{
    buffer_init(out, (size_t)4 * FRAME_BYTES_MAX);
    sample_encode(current, value, 0, out);
    assert_false(out->failed);
    return buffer_slice(out);
}

static bool is_refused(struct slice bytes)
{
    union sample_value out;
    memset(&out, 0x5a, sizeof out);
    union sample_value before = out;
    enum enrum_err err = layout_decode(current->layout, bytes, &out);
    if (err != ENRUM_OK) {
        assert_int_equal(err, ENRUM_MALFORMED);
        assert_memory_equal(&out, &before, sizeof out);
    }
    return err != ENRUM_OK;
}

/* Decoded bytes encode to themselves, but for elements behind the known ones. */
static bool is_refused_or_same(struct slice bytes)
{
    union sample_value out = {0};
    if (layout_decode(current->layout, bytes, &out) != ENRUM_OK) {
        return true;
    }
    struct buffer again;
    buffer_init(&again, (size_t)4 * FRAME_BYTES_MAX);
    bool same = layout_encode(current->layout, &out, &again) == ENRUM_OK &&
                slice_equal(buffer_slice(&again), bytes);
    buffer_fini(&again);
    return same;
}

static void for_each_layout(void (*check)(const union sample_value *value))
{
    void (*const fills[])(const struct sample_layout *,
                          union sample_value *) = {sample_least, sample_some, sample_most};
    for (size_t i = 0; i < sample_layout_count; i++) {
        current = &sample_layouts[i];
        for (int fill = 0; fill < 3; fill++) {
            union sample_value value;
            fills[fill](current, &value);
            check(&value);
        }
    }
}

static void check_round_trip(const union sample_value *value)
{
    struct buffer expected, bytes;
    struct slice want = encoded(value, &expected);
    buffer_init(&bytes, (size_t)4 * FRAME_BYTES_MAX);
    assert_int_equal(layout_encode(current->layout, value, &bytes), ENRUM_OK);
    assert_true(slice_equal(buffer_slice(&bytes), want));
    assert_false(is_refused(want));
    assert_true(is_refused_or_same(want));
    buffer_fini(&expected);
    buffer_fini(&bytes);
}

static void every_layout_round_trips_at_its_least_and_its_most(void **state)
{
    (void)state;
    for_each_layout(check_round_trip);
}

static void check_cut_and_flip(const union sample_value *value)
{
    struct buffer bytes;
    struct slice good = encoded(value, &bytes);
    if (good.len <= 2048) {
        sample_cut(good, is_refused);
        sample_flip(good, is_refused_or_same);
    }
    buffer_fini(&bytes);
}

static void every_layout_is_refused_when_cut_and_never_means_two_things_when_flipped(void **state)
{
    (void)state;
    for_each_layout(check_cut_and_flip);
}

static void check_refused_both_ways(const union sample_value *value)
{
    struct buffer bytes, out;
    assert_true(is_refused(encoded(value, &bytes)));
    buffer_init(&out, (size_t)4 * FRAME_BYTES_MAX);
    assert_int_equal(layout_encode(current->layout, value, &out), ENRUM_MALFORMED);
    assert_int_equal(out.len, 0);
    buffer_fini(&bytes);
    buffer_fini(&out);
}

static void check_outside(const struct sample_field *field, uint64_t size)
{
    union sample_value value;
    sample_some(current, &value);
    sample_set(field, size, &value);
    check_refused_both_ways(&value);
}

static void check_field_limits(const struct sample_field *field, bool is_type)
{
    uint64_t unit = field->type == SAMPLE_IDS ? ID_BYTES : 1;
    switch (field->type) {
    case SAMPLE_ID:
    case SAMPLE_SIG:
        return;
    case SAMPLE_OPT:
        check_outside(field, 31);
        check_outside(field, 33);
        check_outside(field, 64);
        return;
    case SAMPLE_IDS:
        check_outside(field, 33);
        break;
    case SAMPLE_UINT:
        if (is_type) {
            return; /* the encoder writes it from the table */
        }
        break;
    case SAMPLE_BYTES:
    case SAMPLE_TEXT:
    case SAMPLE_SEQ:
        break;
    }
    check_outside(field, (field->max + 1) * unit);
    if (field->min > 0) {
        check_outside(field, (field->min - 1) * unit);
    }
}

static void every_field_is_refused_over_and_under_its_limits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_layout_count; i++) {
        current = &sample_layouts[i];
        for (size_t f = 0; f < current->field_count; f++) {
            check_field_limits(&current->fields[f], f == 0 && current->message_type != 0);
        }
    }
}

static void ids_and_signatures_of_another_length_are_refused(void **state)
{
    (void)state;
    static const uint8_t short_id[] = {0x91, 0xc4, 3, 1, 2, 3};
    uint8_t bytes[3 + 33] = {0x91, 0xc4, 33};
    struct wire_letter_room room;
    assert_int_equal(layout_decode(&layout_letter_room, slice_of(short_id, sizeof short_id), &room),
                     ENRUM_MALFORMED);
    assert_int_equal(layout_decode(&layout_letter_room, slice_of(bytes, sizeof bytes), &room),
                     ENRUM_MALFORMED);
    bytes[2] = 32;
    assert_int_equal(layout_decode(&layout_letter_room, slice_of(bytes, sizeof bytes - 1), &room),
                     ENRUM_OK);
}

static void elements_behind_the_known_ones_are_ignored_up_to_the_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_layout_count; i++) {
        current = &sample_layouts[i];
        size_t room = (size_t)ELEMENTS_MAX - current->field_count;
        union sample_value value, out;
        sample_some(current, &value);
        for (size_t more = 1; more <= room + 1; more++) {
            struct buffer bytes;
            buffer_init(&bytes, (size_t)4 * FRAME_BYTES_MAX);
            sample_encode(current, &value, more, &bytes);
            enum enrum_err err = layout_decode(current->layout, buffer_slice(&bytes), &out);
            assert_int_equal(err, more <= room ? ENRUM_OK : ENRUM_MALFORMED);
            buffer_fini(&bytes);
        }
    }
}

static size_t late_count(const struct sample_layout *layout)
{
    static const struct {
        const struct layout *layout;
        size_t count;
    } rows[] = {
#define LAYOUT(name, what) {&layout_##name, 0
#define FIELD(layout, field, type, min, max, what) +IS_##type
#define LAYOUT_END(name)                                                                           \
    }                                                                                              \
    ,
#define IS_UINT 0
#define IS_BYTES 0
#define IS_TEXT 0
#define IS_ID 0
#define IS_SIG 0
#define IS_OPT 0
#define IS_IDS 0
#define IS_SEQ 0
#define IS_LATE 1
#include "protocol/layouts.def"
#undef LAYOUT
#undef FIELD
#undef LAYOUT_END
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].layout == layout->layout) {
            return rows[i].count;
        }
    }
    return 0; /* a message */
}

/* As an earlier program wrote it. */
static void what_came_late_may_be_missing_and_is_0_and_nothing_else_may(void **state)
{
    (void)state;
    size_t late_layouts = 0;
    for (size_t i = 0; i < sample_layout_count; i++) {
        struct sample_layout shorter = sample_layouts[i];
        size_t late = late_count(&shorter);
        late_layouts += late > 0;
        for (size_t missing = 1; missing <= shorter.field_count; missing++) {
            union sample_value value, out = {0};
            struct buffer bytes;
            buffer_init(&bytes, (size_t)4 * FRAME_BYTES_MAX);
            shorter.field_count = sample_layouts[i].field_count - missing;
            sample_some(&sample_layouts[i], &value);
            sample_encode(&shorter, &value, 0, &bytes);
            memset(&out, 0x5a, sizeof out);
            enum enrum_err err = layout_decode(shorter.layout, buffer_slice(&bytes), &out);
            assert_int_equal(err, missing <= late ? ENRUM_OK : ENRUM_MALFORMED);
            for (size_t f = shorter.field_count;
                 err == ENRUM_OK && f < shorter.field_count + missing; f++) {
                uint64_t number;
                memcpy(&number, out.bytes + shorter.fields[f].offset, sizeof number);
                assert_int_equal(number, 0);
            }
            buffer_fini(&bytes);
        }
    }
    assert_true(late_layouts >= 3);
}

static void bytes_behind_the_array_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_layout_count; i++) {
        current = &sample_layouts[i];
        union sample_value value;
        struct buffer bytes;
        sample_least(current, &value);
        encoded(&value, &bytes);
        buffer_append(&bytes, "", 1);
        assert_true(is_refused(buffer_slice(&bytes)));
        buffer_fini(&bytes);
    }
}

/* letter_done holds one number: [seq]. */
static enum enrum_err decode_done(const void *bytes, size_t len, uint64_t *seq)
{
    struct wire_letter_done done = {0};
    enum enrum_err err = layout_decode(&layout_letter_done, slice_of(bytes, len), &done);
    *seq = done.seq;
    return err;
}

#define DONE_IS(expected, ...)                                                                     \
    do {                                                                                           \
        static const uint8_t form[] = {__VA_ARGS__};                                               \
        uint64_t seq;                                                                              \
        assert_int_equal(decode_done(form, sizeof form, &seq), expected);                          \
    } while (0)

static void only_shortest_forms_are_accepted(void **state)
{
    (void)state;
    DONE_IS(ENRUM_OK, 0x91, 0x7f);
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xcc, 0x7f);
    DONE_IS(ENRUM_OK, 0x91, 0xcc, 0x80);
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xcd, 0x00, 0xff);
    DONE_IS(ENRUM_OK, 0x91, 0xcd, 0x01, 0x00);
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xce, 0x00, 0x00, 0xff, 0xff);
    DONE_IS(ENRUM_OK, 0x91, 0xce, 0x00, 0x01, 0x00, 0x00);
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xcf, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
    DONE_IS(ENRUM_OK, 0x91, 0xcf, 0, 0, 0, 1, 0, 0, 0, 0);
    DONE_IS(ENRUM_OK, 0x91, 0xcf, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0);
    DONE_IS(ENRUM_MALFORMED, 0xdc, 0x00, 0x01, 0x01);
    DONE_IS(ENRUM_MALFORMED, 0xdd, 0x00, 0x00, 0x00, 0x01, 0x01);
}

static void what_is_no_number_or_string_is_refused(void **state)
{
    (void)state;
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xc0);             /* nil */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xc3);             /* true */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xff);             /* -1 */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xd0, 0x01);       /* int 8 */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xca, 0, 0, 0, 0); /* float */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0x91, 0x01);       /* array in an array */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0x80);             /* map */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xd4, 1, 1);       /* extension */
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xc4, 1, 1);       /* bin where a number stands */
    DONE_IS(ENRUM_MALFORMED, 0x92, 0x01, 0xc0);       /* nil behind the known */
    DONE_IS(ENRUM_MALFORMED, 0x01);
    DONE_IS(ENRUM_MALFORMED, 0x90);
    DONE_IS(ENRUM_MALFORMED, 0x91, 0xc6, 0xff, 0xff, 0xff, 0xff); /* longer than what is here */
}

static enum enrum_err decode_text(const char *text, size_t len)
{
    uint8_t bytes[64] = {0x92, 0x01, (uint8_t)(0xa0 | len)};
    struct wire_letter_refused refused;
    memcpy(bytes + 3, text, len);
    return layout_decode(&layout_letter_refused, slice_of(bytes, 3 + len), &refused);
}

static void text_is_well_formed_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "abc",
                                       "\xc3\xa5",
                                       "\xe2\x82\xac",
                                       "\xf0\x9f\x98\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",         "\xc3",         "\xc0\xaf",
                                      "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
                                      "\xf5\x80\x80", "\xff",         "\xf4\x90\x80\x80",
                                      "\xe2\x82",     "\xe2\x82g",    "\xf0\x9f\x98"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(decode_text(good[i], strlen(good[i])), ENRUM_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(decode_text(bad[i], strlen(bad[i])), ENRUM_MALFORMED);
    }
    assert_int_equal(decode_text("a\0b", 3), ENRUM_MALFORMED);
}

static void a_full_buffer_is_oversized_and_holds_nothing_of_the_value(void **state)
{
    (void)state;
    struct wire_letter_room room = {{{1}}};
    for (size_t max = 0; max < 35; max++) {
        struct buffer out;
        buffer_init(&out, max);
        assert_int_equal(layout_encode(&layout_letter_room, &room, &out), ENRUM_OVERSIZED);
        assert_int_equal(out.len, 0);
        buffer_fini(&out);
    }
    struct buffer out;
    buffer_init(&out, 35);
    assert_int_equal(layout_encode(&layout_letter_room, &room, &out), ENRUM_OK);
    buffer_fini(&out);
}

static void a_sequence_gives_its_values_in_order_and_counts_them(void **state)
{
    (void)state;
    struct buffer seq;
    buffer_init(&seq, 4096);
    for (uint64_t i = 1; i <= 5; i++) {
        struct wire_refusal refusal = {i * 100, GROUND_CLOCK};
        assert_int_equal(layout_encode(&layout_refusal, &refusal, &seq), ENRUM_OK);
    }
    size_t count = 99;
    assert_int_equal(layout_count(&layout_refusal, buffer_slice(&seq), 5, &count), ENRUM_OK);
    assert_int_equal(count, 5);
    assert_int_equal(layout_count(&layout_refusal, buffer_slice(&seq), 4, &count), ENRUM_MALFORMED);
    struct slice rest = buffer_slice(&seq);
    for (uint64_t i = 1; i <= 5; i++) {
        struct wire_refusal refusal;
        assert_int_equal(layout_next(&layout_refusal, &rest, &refusal), ENRUM_OK);
        assert_int_equal(refusal.seq, i * 100);
    }
    assert_int_equal(rest.len, 0);
    buffer_append(&seq, "\x92", 1);
    assert_int_equal(layout_count(&layout_refusal, buffer_slice(&seq), 9, &count), ENRUM_MALFORMED);
    buffer_fini(&seq);
}

static void a_frame_tells_its_type_and_request_before_its_layout_is_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_layout_count; i++) {
        current = &sample_layouts[i];
        union sample_value value;
        struct buffer bytes;
        uint64_t type = 0, request = 0;
        sample_some(current, &value);
        if (current->message_type == 0) {
            continue;
        }
        sample_set(&current->fields[1], 70000 + i, &value);
        assert_int_equal(frame_peek(encoded(&value, &bytes), &type, &request), ENRUM_OK);
        assert_int_equal(type, current->message_type);
        assert_int_equal(request, 70000 + i);
        assert_ptr_equal(message_find(type), current->layout);
        assert_string_equal(message_name(type), current->name);
        buffer_fini(&bytes);
    }
    static const uint8_t unknown[] = {0x92, 0xcd, 0x7f, 0xff, 0x07}, words[] = {0x92, 0xa0, 0x07};
    uint64_t type = 0, request = 0;
    assert_int_equal(frame_peek(slice_of(unknown, sizeof unknown), &type, &request), ENRUM_OK);
    assert_null(message_find(type));
    assert_int_equal(frame_peek(slice_of(words, sizeof words), &type, &request), ENRUM_MALFORMED);
    assert_int_equal(frame_peek(slice_of(unknown, 0), &type, &request), ENRUM_MALFORMED);
    assert_int_equal(frame_peek(slice_of(unknown, 4), &type, &request), ENRUM_MALFORMED);
}

static void one_message_is_not_decoded_as_another(void **state)
{
    (void)state;
    struct msg_follow follow = {.request = 3};
    struct msg_unfollow out;
    struct buffer bytes;
    buffer_init(&bytes, 4096);
    assert_int_equal(layout_encode(&message_follow, &follow, &bytes), ENRUM_OK);
    assert_int_equal(layout_decode(&message_unfollow, buffer_slice(&bytes), &out), ENRUM_MALFORMED);
    buffer_fini(&bytes);
}

static void ids_are_written_in_hex_and_read_back(void **state)
{
    (void)state;
    struct id id, back;
    char text[65];
    for (int i = 0; i < ID_BYTES; i++) {
        id.bytes[i] = (uint8_t)(i * 9);
    }
    id_hex(&id, text);
    assert_true(id_of_hex(text, &back));
    assert_true(id_equal(&id, &back));
    text[63] = 'g';
    assert_false(id_of_hex(text, &back));
    text[63] = '\0';
    assert_false(id_of_hex(text, &back));
    assert_false(id_of_opt((struct slice){NULL, 0}, &back));
    assert_true(id_of_opt(id_slice(&id), &back));
    assert_false(id_is_zero(&id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_round_trips_at_its_least_and_its_most),
        cmocka_unit_test(every_layout_is_refused_when_cut_and_never_means_two_things_when_flipped),
        cmocka_unit_test(every_field_is_refused_over_and_under_its_limits),
        cmocka_unit_test(ids_and_signatures_of_another_length_are_refused),
        cmocka_unit_test(elements_behind_the_known_ones_are_ignored_up_to_the_limit),
        cmocka_unit_test(what_came_late_may_be_missing_and_is_0_and_nothing_else_may),
        cmocka_unit_test(bytes_behind_the_array_are_refused),
        cmocka_unit_test(only_shortest_forms_are_accepted),
        cmocka_unit_test(what_is_no_number_or_string_is_refused),
        cmocka_unit_test(text_is_well_formed_utf8),
        cmocka_unit_test(a_full_buffer_is_oversized_and_holds_nothing_of_the_value),
        cmocka_unit_test(a_sequence_gives_its_values_in_order_and_counts_them),
        cmocka_unit_test(a_frame_tells_its_type_and_request_before_its_layout_is_known),
        cmocka_unit_test(one_message_is_not_decoded_as_another),
        cmocka_unit_test(ids_are_written_in_hex_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
