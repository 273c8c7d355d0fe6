/* vectors -- see vectors.h: every layout and message with its least, a typical and its most
 * values, and with the verdict on each of its bits flipped. */
#include "vectors.h"

#include <stddef.h>
#include <string.h>

#include "base/check.h"
#include "vectors_layout.h"

#define FIELD(layout, field, type, min, max, what)                                                 \
    {#field, VECTOR_##type, offsetof(struct VECTOR_STRUCT(layout), field), min, max},

#define VECTOR_STRUCT(layout) wire_##layout
#define LAYOUT(name, what) static const struct vector_field fields_of_##name[] = {
#define LAYOUT_END(name)                                                                           \
    }                                                                                              \
    ;
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END
#undef VECTOR_STRUCT

#define VECTOR_STRUCT(layout) msg_##layout
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    static const struct vector_field fields_of_message_##name[] = {                                \
        {"type", VECTOR_UINT, offsetof(struct msg_##name, type), number, number},                  \
        {"request", VECTOR_UINT, offsetof(struct msg_##name, request), 0, UINT_ANY},
#define MESSAGE_END(name)                                                                          \
    }                                                                                              \
    ;
#include "protocol/messages.def"
#undef MESSAGE
#undef MESSAGE_END
#undef FIELD
#undef VECTOR_STRUCT

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct vector_layout rows[] = {
#define FIELD(layout, field, type, min, max, what)
#define LAYOUT(name, what) {#name, &layout_##name, fields_of_##name, COUNT(fields_of_##name)},
#define LAYOUT_END(name)
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    {#NAME, &message_##name, fields_of_message_##name, COUNT(fields_of_message_##name)},
#define MESSAGE_END(name)
#include "protocol/messages.def"
#undef MESSAGE
#undef MESSAGE_END
#undef FIELD
};

const struct vector_layout *vector_layout_find(const char *name)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    CHECK(false);
    return NULL;
}

/* -- Values -- */

enum amount { LEAST, TYPICAL, MOST };

/* Longer ones are in the list "long". */
enum { LONGEST = 300 };

static uint64_t least_of(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The number, or the length in bytes, that field `index` has. */
static uint64_t size_of(const struct vector_field *field, size_t index, enum amount amount)
{
    static const uint64_t steps[] = {1, 100, 200, 1000, 70000, UINT64_C(5000000000)};
    uint64_t most = least_of(field->max, LONGEST + field->min);
    switch (field->type) {
    case VECTOR_ID:
        return ID_BYTES;
    case VECTOR_SIG:
        return SIG_BYTES;
    case VECTOR_OPT:
        return amount == LEAST ? 0 : ID_BYTES;
    case VECTOR_IDS:
        return ID_BYTES * (amount == LEAST     ? field->min
                           : amount == TYPICAL ? least_of(field->max, field->min + 1)
                                               : least_of(field->max, 9));
    case VECTOR_UINT:
        return amount == LEAST  ? field->min
               : amount == MOST ? field->max
                                : least_of(field->max, field->min + steps[index % COUNT(steps)]);
    case VECTOR_BYTES:
    case VECTOR_TEXT:
    case VECTOR_SEQ:
        break;
    }
    return amount == LEAST     ? field->min
           : amount == TYPICAL ? least_of(most, field->min + 20 + index)
                               : most;
}

/* Text of exactly so many bytes, with letters of one to four bytes. */
static void text_fill(uint8_t *at, size_t len)
{
    static const char *const letters[] = {
        "E", "n", "r", "\xc3\xa5", "\xe2\x82\xac", "m", "\xf0\x9f\x8d\x8e"};
    size_t done = 0;
    for (size_t i = 0; done < len; i++) {
        const char *letter = letters[i % COUNT(letters)];
        if (strlen(letter) > len - done) {
            letter = "e";
        }
        memcpy(at + done, letter, strlen(letter));
        done += strlen(letter);
    }
}

static struct slice bytes_fill(struct vector_value *value, const struct vector_field *field,
                               size_t index, size_t len)
{
    uint8_t *at = value->pool + value->used;
    CHECK(len <= sizeof value->pool - value->used);
    value->used += len;
    if (field->type == VECTOR_TEXT) {
        text_fill(at, len);
    } else {
        for (size_t i = 0; i < len; i++) {
            at[i] = (uint8_t)(0x30 * index + 7 * i + 1);
        }
    }
    return slice_of(at, len);
}

static void field_fill(struct vector_value *value, const struct vector_field *field, size_t index,
                       uint64_t size)
{
    uint8_t *at = value->bytes + field->offset;
    if (field->type == VECTOR_UINT) {
        memcpy(at, &size, sizeof size);
        return;
    }
    struct slice bytes = bytes_fill(value, field, index, (size_t)size);
    if (field->type == VECTOR_ID || field->type == VECTOR_SIG) {
        memcpy(at, bytes.at, bytes.len);
    } else {
        memcpy(at, &bytes, sizeof bytes);
    }
}

static void value_fill(struct vector_value *value, const struct vector_layout *row,
                       enum amount amount)
{
    memset(value, 0, sizeof *value);
    for (size_t i = 0; i < row->field_count; i++) {
        field_fill(value, &row->fields[i], i, size_of(&row->fields[i], i, amount));
    }
}

static json_t *field_json(const uint8_t *value, const struct vector_field *field)
{
    const uint8_t *at = value + field->offset;
    uint64_t number;
    struct slice bytes = {at, field->type == VECTOR_SIG ? SIG_BYTES : ID_BYTES};
    if (field->type == VECTOR_UINT) {
        memcpy(&number, at, sizeof number);
        return vectors_number(number);
    }
    if (field->type != VECTOR_ID && field->type != VECTOR_SIG) {
        memcpy(&bytes, at, sizeof bytes);
    }
    if (field->type == VECTOR_TEXT) {
        return json_stringn(bytes.len > 0 ? (const char *)bytes.at : "", bytes.len);
    }
    return vectors_hex(bytes);
}

static json_t *value_json(const void *value, const struct vector_layout *row)
{
    json_t *json = json_object();
    for (size_t i = 0; i < row->field_count; i++) {
        CHECK(json_object_set_new(json, row->fields[i].name, field_json(value, &row->fields[i])) ==
              0);
    }
    return json;
}

json_t *vector_value_json(const char *layout, const void *value)
{
    return value_json(value, vector_layout_find(layout));
}

/* -- The lists -- */

static void row_encode(const struct vector_layout *row, enum amount amount, struct buffer *out,
                       struct vector_value *value)
{
    value_fill(value, row, amount);
    buffer_reset(out);
    CHECK(layout_encode(row->layout, value->bytes, out) == ENRUM_OK);
}

static void values_add(json_t *list, const struct vector_layout *row)
{
    static struct vector_value value;
    struct buffer bytes;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    for (enum amount amount = LEAST; amount <= MOST; amount++) {
        row_encode(row, amount, &bytes, &value);
        CHECK(json_array_append_new(list, json_pack("{ss, so, so}", "layout", row->name, "value",
                                                    value_json(value.bytes, row), "bytes",
                                                    vectors_hex(buffer_slice(&bytes)))) == 0);
    }
    buffer_fini(&bytes);
}

/* One bit per bit of the encoding, lowest first: 1 when the bytes with this bit flipped decode. */
static void flips_add(json_t *list, const struct vector_layout *row)
{
    static struct vector_value value, decoded;
    struct buffer bytes, verdicts;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    buffer_init(&verdicts, FRAME_BYTES_MAX);
    row_encode(row, TYPICAL, &bytes, &value);
    for (size_t at = 0; at < bytes.len; at++) {
        uint8_t verdict = 0;
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes.at[at] ^= (uint8_t)(1u << bit);
            if (layout_decode(row->layout, buffer_slice(&bytes), decoded.bytes) == ENRUM_OK) {
                verdict |= (uint8_t)(1u << bit);
            }
            bytes.at[at] ^= (uint8_t)(1u << bit);
        }
        buffer_append(&verdicts, &verdict, 1);
    }
    CHECK(json_array_append_new(list, json_pack("{ss, so, so}", "layout", row->name, "bytes",
                                                vectors_hex(buffer_slice(&bytes)), "decodes",
                                                vectors_hex(buffer_slice(&verdicts)))) == 0);
    buffer_fini(&bytes);
    buffer_fini(&verdicts);
}

/* A field of each way of writing lengths, at each of its edges: too long to stand here whole. */
static void long_add(json_t *list, const char *layout, const char *name, size_t len)
{
    static struct vector_value value;
    static uint8_t filling[FRAME_BYTES_MAX];
    const struct vector_layout *row = vector_layout_find(layout);
    struct buffer bytes;
    struct id hash;
    buffer_init(&bytes, FRAME_BYTES_MAX);
    value_fill(&value, row, LEAST);
    memset(filling, 'e', sizeof filling);
    for (size_t i = 0; i < row->field_count; i++) {
        if (strcmp(row->fields[i].name, name) == 0) {
            struct slice slice = {filling, len};
            memcpy(value.bytes + row->fields[i].offset, &slice, sizeof slice);
        }
    }
    CHECK(layout_encode(row->layout, value.bytes, &bytes) == ENRUM_OK);
    struct slice part = buffer_slice(&bytes);
    suite_hash_bare(&part, 1, &hash);
    value_fill(&value, row, LEAST);
    CHECK(json_array_append_new(list, json_pack("{ss, so, ss, so, so, so}", "layout", layout,
                                                "value", value_json(value.bytes, row), "field",
                                                name, "length", vectors_number(len), "bytes_length",
                                                vectors_number(bytes.len), "sha256",
                                                vectors_id(&hash))) == 0);
    buffer_fini(&bytes);
}

json_t *vectors_layouts(void)
{
    static const size_t lengths[] = {1, 31, 32, 33, 255, 256, 257, 65535, 65536};
    json_t *values = json_array(), *flips = json_array(), *longs = json_array();
    for (size_t i = 0; i < COUNT(rows); i++) {
        values_add(values, &rows[i]);
        flips_add(flips, &rows[i]);
    }
    for (size_t i = 0; i < COUNT(lengths); i++) {
        long_add(longs, "body_text", "text", lengths[i]);
        long_add(longs, "content", "body", lengths[i]);
    }
    long_add(longs, "APPEND", "entries", 200000);
    return json_pack("{so, so, so}", "values", values, "flips", flips, "long", longs);
}
