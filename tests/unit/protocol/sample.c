/* sample -- see sample.h. */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

#define FIELD(layout, field, type, min, max, what)                                                 \
    {#field, SAMPLE_##type, offsetof(struct SAMPLED(layout), field), min, max},

#define SAMPLED(layout) wire_##layout
#define LAYOUT(name, what) static const struct sample_field fields_of_##name[] = {
#define LAYOUT_END(name)                                                                           \
    }                                                                                              \
    ;
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END
#undef SAMPLED

#define SAMPLED(layout) msg_##layout
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    static const struct sample_field fields_of_message_##name[] = {                                \
        {"type", SAMPLE_UINT, offsetof(struct msg_##name, type), number, number},                  \
        {"request", SAMPLE_UINT, offsetof(struct msg_##name, request), 0, UINT_ANY},
#define MESSAGE_END(name)                                                                          \
    }                                                                                              \
    ;
#include "protocol/messages.def"
#undef MESSAGE
#undef MESSAGE_END
#undef FIELD

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const struct sample_layout sample_layouts[] = {
#define FIELD(layout, field, type, min, max, what)
#define LAYOUT(name, what)                                                                         \
    {#name, &layout_##name, fields_of_##name, COUNT(fields_of_##name), sizeof(struct wire_##name), \
     0},
#define LAYOUT_END(name)
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    {#NAME,                                                                                        \
     &message_##name,                                                                              \
     fields_of_message_##name,                                                                     \
     COUNT(fields_of_message_##name),                                                              \
     sizeof(struct msg_##name),                                                                    \
     number},
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
#undef MESSAGE_END
#undef FIELD
};
const size_t sample_layout_count = COUNT(sample_layouts);

static const uint8_t *pool(void)
{
    static uint8_t bytes[FRAME_BYTES_MAX + 64];
    memset(bytes, 'e', sizeof bytes);
    return bytes;
}

void sample_set(const struct sample_field *field, uint64_t size, union sample_value *value)
{
    uint8_t *at = value->bytes + field->offset;
    struct slice slice = {pool(), (size_t)size};
    switch (field->type) {
    case SAMPLE_UINT:
        memcpy(at, &size, sizeof size);
        break;
    case SAMPLE_ID:
        memset(at, 'i', ID_BYTES);
        break;
    case SAMPLE_SIG:
        memset(at, 's', SIG_BYTES);
        break;
    case SAMPLE_BYTES:
    case SAMPLE_TEXT:
    case SAMPLE_OPT:
    case SAMPLE_IDS:
    case SAMPLE_SEQ:
        memcpy(at, &slice, sizeof slice);
        break;
    }
}

enum amount { LEAST, SOME, MOST };

static uint64_t size_of(const struct sample_field *field, enum amount amount)
{
    uint64_t size = amount == MOST ? field->max : field->min;
    bool is_bytes = field->type == SAMPLE_BYTES || field->type == SAMPLE_TEXT ||
                    field->type == SAMPLE_SEQ;
    if (amount == SOME && is_bytes && field->min < 40) {
        size = field->max < 40 ? field->max : 40;
    }
    if (field->type == SAMPLE_OPT) {
        size = amount == LEAST ? 0 : 1;
    }
    return field->type == SAMPLE_OPT || field->type == SAMPLE_IDS ? size * ID_BYTES : size;
}

static void fill(const struct sample_layout *layout, enum amount amount, union sample_value *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < layout->field_count; i++) {
        sample_set(&layout->fields[i], size_of(&layout->fields[i], amount), out);
    }
}

void sample_least(const struct sample_layout *layout, union sample_value *out)
{
    fill(layout, LEAST, out);
}

void sample_some(const struct sample_layout *layout, union sample_value *out)
{
    fill(layout, SOME, out);
}

void sample_most(const struct sample_layout *layout, union sample_value *out)
{
    fill(layout, MOST, out);
}

/* -- An encoder straight from the MessagePack specification -- */

static void put(struct buffer *out, unsigned first, uint64_t number, unsigned width)
{
    uint8_t bytes[9] = {(uint8_t)first};
    for (unsigned i = 0; i < width; i++) {
        bytes[1 + i] = (uint8_t)(number >> 8 * (width - 1 - i));
    }
    buffer_append(out, bytes, 1 + width);
}

static void put_uint(struct buffer *out, uint64_t number)
{
    if (number < 0x80) {
        put(out, (unsigned)number, 0, 0);
    } else if (number <= 0xff) {
        put(out, 0xcc, number, 1);
    } else if (number <= 0xffff) {
        put(out, 0xcd, number, 2);
    } else if (number <= 0xffffffff) {
        put(out, 0xce, number, 4);
    } else {
        put(out, 0xcf, number, 8);
    }
}

static void put_bytes(struct buffer *out, bool text, struct slice bytes)
{
    if (text && bytes.len < 32) {
        put(out, 0xa0 | (unsigned)bytes.len, 0, 0);
    } else if (bytes.len <= 0xff) {
        put(out, text ? 0xd9 : 0xc4, bytes.len, 1);
    } else if (bytes.len <= 0xffff) {
        put(out, text ? 0xda : 0xc5, bytes.len, 2);
    } else {
        put(out, text ? 0xdb : 0xc6, bytes.len, 4);
    }
    buffer_append(out, bytes.at, bytes.len);
}

static void put_field(struct buffer *out, const struct sample_field *field,
                      const union sample_value *value)
{
    const uint8_t *at = value->bytes + field->offset;
    uint64_t number;
    struct slice bytes;
    switch (field->type) {
    case SAMPLE_UINT:
        memcpy(&number, at, sizeof number);
        put_uint(out, number);
        break;
    case SAMPLE_ID:
        put_bytes(out, false, (struct slice){at, ID_BYTES});
        break;
    case SAMPLE_SIG:
        put_bytes(out, false, (struct slice){at, SIG_BYTES});
        break;
    case SAMPLE_TEXT:
    case SAMPLE_BYTES:
    case SAMPLE_OPT:
    case SAMPLE_IDS:
    case SAMPLE_SEQ:
        memcpy(&bytes, at, sizeof bytes);
        put_bytes(out, field->type == SAMPLE_TEXT, bytes);
        break;
    }
}

void sample_encode(const struct sample_layout *layout, const union sample_value *value, size_t more,
                   struct buffer *out)
{
    size_t count = layout->field_count + more;
    if (count < 16) {
        put(out, 0x90 | (unsigned)count, 0, 0);
    } else {
        put(out, 0xdc, count, 2);
    }
    for (size_t i = 0; i < layout->field_count; i++) {
        put_field(out, &layout->fields[i], value);
    }
    for (size_t i = 0; i < more; i++) {
        put_bytes(out, false, (struct slice){NULL, 0});
    }
}

/* -- Mistreating -- */

/* In memory of exactly this size, so that a read behind the end is seen by the sanitizer. */
static uint8_t *exact_copy(struct slice bytes)
{
    uint8_t *copy = malloc(bytes.len > 0 ? bytes.len : 1);
    assert_non_null(copy);
    if (bytes.len > 0) {
        memcpy(copy, bytes.at, bytes.len);
    }
    return copy;
}

void sample_cut(struct slice good, bool (*is_refused)(struct slice bytes))
{
    assert_false(is_refused(good));
    for (size_t len = 0; len < good.len; len++) {
        uint8_t *copy = exact_copy((struct slice){good.at, len});
        assert_true(is_refused((struct slice){copy, len}));
        free(copy);
    }
}

void sample_flip(struct slice good, bool (*holds)(struct slice bytes))
{
    assert_true(holds(good));
    uint8_t *copy = exact_copy(good);
    for (size_t bit = 0; bit < good.len * 8; bit++) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(holds((struct slice){copy, good.len}));
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(copy);
}
