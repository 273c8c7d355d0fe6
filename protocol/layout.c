/* layout -- see layout.h. The only file that speaks to msgpack-c. */
#include "protocol/layout.h"

#include <msgpack.h>
#include <stddef.h>
#include <string.h>

enum field_type {
    TYPE_UINT,
    TYPE_BYTES,
    TYPE_TEXT,
    TYPE_ID,
    TYPE_SIG,
    TYPE_OPT,
    TYPE_IDS,
    TYPE_SEQ,
    TYPE_LATE,
};

struct field {
    enum field_type type;
    size_t offset;
    uint64_t min, max;
};

struct layout {
    const char *name;
    const struct field *fields;
    size_t field_count, value_bytes;
    uint64_t message_type; /* 0: not a message */
    enum message_from from;
    unsigned states;
};

#define FIELD(layout, field, type, min, max, what)                                                 \
    {TYPE_##type, offsetof(struct LAYOUT_STRUCT(layout), field), min, max},

#define LAYOUT_STRUCT(layout) wire_##layout
#define LAYOUT(name, what) static const struct field fields_of_##name[] = {
#define LAYOUT_END(name)                                                                           \
    }                                                                                              \
    ;                                                                                              \
    const struct layout layout_##name = {#name,                                                    \
                                         fields_of_##name,                                         \
                                         sizeof fields_of_##name / sizeof fields_of_##name[0],     \
                                         sizeof(struct wire_##name),                               \
                                         0,                                                        \
                                         FROM_CLIENT,                                              \
                                         0};
#include "protocol/layouts.def"
#undef LAYOUT
#undef LAYOUT_END
#undef LAYOUT_STRUCT

#define LAYOUT_STRUCT(layout) msg_##layout
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    static const struct field fields_of_message_##name[] = {                                       \
        {TYPE_UINT, offsetof(struct msg_##name, type), number, number},                            \
        {TYPE_UINT, offsetof(struct msg_##name, request), 0, UINT_ANY},
#define MESSAGE_END(name)                                                                          \
    }                                                                                              \
    ;
#include "protocol/messages.def"
#undef MESSAGE
#undef MESSAGE_END
#undef FIELD

#define FIELD(layout, field, type, min, max, what)
#define MESSAGE_END(name)
#define IN(state) STATE_##state
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    const struct layout message_##name = {#NAME,                                                   \
                                          fields_of_message_##name,                                \
                                          sizeof fields_of_message_##name /                        \
                                              sizeof fields_of_message_##name[0],                  \
                                          sizeof(struct msg_##name),                               \
                                          number,                                                  \
                                          FROM_##from,                                             \
                                          states};
#include "protocol/messages.def"
#undef MESSAGE

const struct layout *message_find(uint64_t type)
{
    switch (type) {
#define MESSAGE(name, NAME, number, from, states, what)                                            \
    case number:                                                                                   \
        return &message_##name;
#include "protocol/messages.def"
#undef MESSAGE
    }
    return NULL;
}

const char *message_name(uint64_t type)
{
    const struct layout *message = message_find(type);
    return message != NULL ? message->name : "UNKNOWN";
}

enum message_from message_from(const struct layout *message)
{
    return message->from;
}

unsigned message_states(const struct layout *message)
{
    return message->states;
}

/* -- Text -- */

/* Length of the well-formed UTF-8 sequence at *at (Unicode table 3-7), 0 if there is none, or if it
 * is U+0000. */
static size_t utf8_sequence(const uint8_t *at, size_t left)
{
    uint8_t b = at[0], low = 0x80, high = 0xbf;
    size_t len;
    if (b < 0x80) {
        return b != 0;
    }
    if (b >= 0xc2 && b <= 0xdf) {
        len = 2;
    } else if (b >= 0xe0 && b <= 0xef) {
        len = 3;
        low = b == 0xe0 ? 0xa0 : low;
        high = b == 0xed ? 0x9f : high;
    } else if (b >= 0xf0 && b <= 0xf4) {
        len = 4;
        low = b == 0xf0 ? 0x90 : low;
        high = b == 0xf4 ? 0x8f : high;
    } else {
        return 0;
    }
    if (left < len || at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return len;
}

static bool is_text(struct slice text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t len = utf8_sequence(text.at + at, text.len - at);
        if (len == 0) {
            return false;
        }
        at += len;
    }
    return true;
}

/* -- Limits of a row: the same for both ways -- */

static bool fits(const struct field *field, struct slice value)
{
    switch (field->type) {
    case TYPE_OPT:
        return value.len == 0 || value.len == ID_BYTES;
    case TYPE_IDS:
        return value.len % ID_BYTES == 0 && value.len / ID_BYTES >= field->min &&
               value.len / ID_BYTES <= field->max;
    case TYPE_TEXT:
        return value.len >= field->min && value.len <= field->max && is_text(value);
    case TYPE_BYTES:
    case TYPE_SEQ:
        return value.len >= field->min && value.len <= field->max;
    case TYPE_UINT:
    case TYPE_LATE:
    case TYPE_ID:
    case TYPE_SIG:
        break;
    }
    return false;
}

/* -- Encoding -- */

static int pack_write(void *data, const char *bytes, size_t len)
{
    buffer_append(data, bytes, len);
    return 0;
}

static void pack_bin(msgpack_packer *packer, const void *bytes, size_t len)
{
    msgpack_pack_bin(packer, len);
    msgpack_pack_bin_body(packer, bytes, len);
}

static bool pack_field(msgpack_packer *packer, const struct field *field, const uint8_t *value)
{
    uint64_t number;
    struct slice bytes;
    switch (field->type) {
    case TYPE_UINT:
    case TYPE_LATE:
        memcpy(&number, value, sizeof number);
        if (number < field->min || number > field->max) {
            return false;
        }
        msgpack_pack_uint64(packer, number);
        return true;
    case TYPE_ID:
        pack_bin(packer, value, ID_BYTES);
        return true;
    case TYPE_SIG:
        pack_bin(packer, value, SIG_BYTES);
        return true;
    case TYPE_TEXT:
    case TYPE_BYTES:
    case TYPE_OPT:
    case TYPE_IDS:
    case TYPE_SEQ:
        memcpy(&bytes, value, sizeof bytes);
        if (!fits(field, bytes)) {
            return false;
        }
        if (field->type == TYPE_TEXT) {
            msgpack_pack_str(packer, bytes.len);
            msgpack_pack_str_body(packer, bytes.at, bytes.len);
        } else {
            pack_bin(packer, bytes.at, bytes.len);
        }
        return true;
    }
    return false;
}

enum enrum_err layout_encode(const struct layout *layout, const void *value, struct buffer *out)
{
    size_t before = out->len;
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, pack_write);
    msgpack_pack_array(&packer, layout->field_count);
    for (size_t i = 0; i < layout->field_count; i++) {
        const struct field *field = &layout->fields[i];
        const uint8_t *at = (const uint8_t *)value + field->offset;
        if (i == 0 && layout->message_type != 0) {
            msgpack_pack_uint64(&packer, layout->message_type);
        } else if (!pack_field(&packer, field, at)) {
            buffer_truncate(out, before);
            return ENRUM_MALFORMED;
        }
    }
    if (out->failed) {
        buffer_truncate(out, before);
        return buffer_error(out);
    }
    return ENRUM_OK;
}

/* -- Decoding -- */

struct item {
    bool is_uint, is_text;
    uint64_t number;
    size_t header, body; /* bytes */
};

/* Reads `width` big-endian bytes; false when there are fewer, or when a shorter form would have
 * done. */
static bool number_at(struct slice in, size_t width, uint64_t at_least, uint64_t *out)
{
    if (in.len < 1 + width) {
        return false;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < width; i++) {
        number = number << 8 | in.at[1 + i];
    }
    *out = number;
    return number >= at_least;
}

static bool item_uint(struct slice in, size_t width, uint64_t at_least, struct item *out)
{
    *out = (struct item){.is_uint = true, .header = 1 + width};
    return number_at(in, width, at_least, &out->number) && out->number <= UINT_ANY;
}

static bool item_bytes(struct slice in, bool is_text, size_t width, uint64_t at_least,
                       struct item *out)
{
    uint64_t body = 0;
    if (!number_at(in, width, at_least, &body) || body > in.len - 1 - width) {
        return false;
    }
    *out = (struct item){.is_text = is_text, .header = 1 + width, .body = (size_t)body};
    return true;
}

/* One element of a layout: an unsigned integer, a binary string or a string, in its shortest form.
 * Everything else (nesting, maps, floats, signs, extensions) is refused before msgpack-c sees it,
 * so nothing nested can make it allocate. */
static bool item_at(struct slice in, struct item *out)
{
    if (in.len == 0) {
        return false;
    }
    uint8_t b = in.at[0];
    if (b <= 0x7f) {
        *out = (struct item){.is_uint = true, .number = b, .header = 1};
        return true;
    }
    if (b >= 0xa0 && b <= 0xbf) {
        *out = (struct item){.is_text = true, .header = 1, .body = b & 0x1f};
        return out->body <= in.len - 1;
    }
    switch (b) {
    case 0xcc:
        return item_uint(in, 1, 0x80, out);
    case 0xcd:
        return item_uint(in, 2, 0x100, out);
    case 0xce:
        return item_uint(in, 4, 0x10000, out);
    case 0xcf:
        return item_uint(in, 8, UINT64_C(0x100000000), out);
    case 0xc4:
        return item_bytes(in, false, 1, 0, out);
    case 0xc5:
        return item_bytes(in, false, 2, 0x100, out);
    case 0xc6:
        return item_bytes(in, false, 4, 0x10000, out);
    case 0xd9:
        return item_bytes(in, true, 1, 32, out);
    case 0xda:
        return item_bytes(in, true, 2, 0x100, out);
    case 0xdb:
        return item_bytes(in, true, 4, 0x10000, out);
    default:
        return false;
    }
}

/* Size of the array at the beginning of `in`, and its number of elements; false when it is not one
 * of ours. */
static bool array_scan(struct slice in, size_t *count, size_t *bytes)
{
    uint64_t n = 0;
    size_t at = 1;
    if (in.len == 0) {
        return false;
    }
    if (in.at[0] >= 0x90 && in.at[0] <= 0x9f) {
        n = in.at[0] & 0x0f;
    } else if (in.at[0] == 0xdc && number_at(in, 2, 16, &n)) {
        at = 3;
    } else {
        return false;
    }
    if (n > ELEMENTS_MAX) {
        return false;
    }
    for (uint64_t i = 0; i < n; i++) {
        struct item item;
        if (!item_at((struct slice){in.at + at, in.len - at}, &item)) {
            return false;
        }
        at += item.header + item.body;
    }
    *count = (size_t)n;
    *bytes = at;
    return true;
}

static bool unpack_bytes(const struct field *field, const msgpack_object *object, uint8_t *value)
{
    bool text = field->type == TYPE_TEXT;
    if (object->type != (text ? MSGPACK_OBJECT_STR : MSGPACK_OBJECT_BIN)) {
        return false;
    }
    struct slice bytes = {(const uint8_t *)object->via.bin.ptr, object->via.bin.size};
    if (text) {
        bytes = (struct slice){(const uint8_t *)object->via.str.ptr, object->via.str.size};
    }
    if (field->type == TYPE_ID || field->type == TYPE_SIG) {
        size_t width = field->type == TYPE_ID ? ID_BYTES : SIG_BYTES;
        if (bytes.len != width) {
            return false;
        }
        memcpy(value, bytes.at, width);
        return true;
    }
    if (!fits(field, bytes)) {
        return false;
    }
    memcpy(value, &bytes, sizeof bytes);
    return true;
}

static bool unpack_field(const struct field *field, const msgpack_object *object, uint8_t *value)
{
    if (field->type != TYPE_UINT && field->type != TYPE_LATE) {
        return unpack_bytes(field, object, value);
    }
    if (object->type != MSGPACK_OBJECT_POSITIVE_INTEGER || object->via.u64 < field->min ||
        object->via.u64 > field->max) {
        return false;
    }
    memcpy(value, &object->via.u64, sizeof object->via.u64);
    return true;
}

/* The largest decoded struct: a few hundred bytes. */
enum { VALUE_BYTES_MAX = 1024 };

static enum enrum_err unpack(const struct layout *layout, struct slice bytes, void *out)
{
    _Alignas(max_align_t) uint8_t value[VALUE_BYTES_MAX] = {0};
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t offset = 0;
    bool good = layout->value_bytes <= sizeof value &&
                msgpack_unpack_next(&unpacked, (const char *)bytes.at, bytes.len, &offset) ==
                    MSGPACK_UNPACK_SUCCESS &&
                unpacked.data.type == MSGPACK_OBJECT_ARRAY;
    for (size_t i = 0; good && i < layout->field_count; i++) {
        const struct field *field = &layout->fields[i];
        if (i < unpacked.data.via.array.size) {
            good = unpack_field(field, &unpacked.data.via.array.ptr[i], value + field->offset);
        } else {
            good = field->type == TYPE_LATE; /* and 0 */
        }
    }
    msgpack_unpacked_destroy(&unpacked);
    if (!good) {
        return ENRUM_MALFORMED;
    }
    memcpy(out, value, layout->value_bytes);
    return ENRUM_OK;
}

enum enrum_err layout_next(const struct layout *layout, struct slice *rest, void *out)
{
    size_t count = 0, bytes = 0;
    if (!array_scan(*rest, &count, &bytes)) {
        return ENRUM_MALFORMED;
    }
    enum enrum_err err = unpack(layout, (struct slice){rest->at, bytes}, out);
    if (err == ENRUM_OK) {
        *rest = (struct slice){rest->at + bytes, rest->len - bytes};
    }
    return err;
}

enum enrum_err layout_decode(const struct layout *layout, struct slice bytes, void *out)
{
    size_t count = 0, used = 0;
    if (!array_scan(bytes, &count, &used) || used != bytes.len) {
        return ENRUM_MALFORMED;
    }
    return unpack(layout, bytes, out);
}

enum enrum_err layout_count(const struct layout *layout, struct slice seq, size_t max, size_t *out)
{
    _Alignas(max_align_t) uint8_t value[VALUE_BYTES_MAX];
    size_t count = 0;
    while (seq.len > 0) {
        if (++count > max || layout_next(layout, &seq, value) != ENRUM_OK) {
            return ENRUM_MALFORMED;
        }
    }
    *out = count;
    return ENRUM_OK;
}

enum enrum_err frame_peek(struct slice frame, uint64_t *type, uint64_t *request)
{
    size_t count = 0, used = 0;
    struct item items[2];
    if (!array_scan(frame, &count, &used) || used != frame.len || count < 2) {
        return ENRUM_MALFORMED;
    }
    size_t at = frame.at[0] == 0xdc ? 3 : 1;
    for (int i = 0; i < 2; i++) {
        (void)item_at((struct slice){frame.at + at, frame.len - at}, &items[i]);
        at += items[i].header + items[i].body;
    }
    if (!items[0].is_uint || !items[1].is_uint) {
        return ENRUM_MALFORMED;
    }
    *type = items[0].number;
    *request = items[1].number;
    return ENRUM_OK;
}

/* -- Ids -- */

bool id_equal(const struct id *a, const struct id *b)
{
    return memcmp(a->bytes, b->bytes, ID_BYTES) == 0;
}

bool id_is_zero(const struct id *id)
{
    static const struct id zero;
    return id_equal(id, &zero);
}

bool id_of_opt(struct slice opt, struct id *out)
{
    if (opt.len != ID_BYTES) {
        return false;
    }
    memcpy(out->bytes, opt.at, ID_BYTES);
    return true;
}

void id_hex(const struct id *id, char out[65])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < ID_BYTES; i++) {
        out[2 * i] = digits[id->bytes[i] >> 4];
        out[2 * i + 1] = digits[id->bytes[i] & 15];
    }
    out[64] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool id_of_hex(const char *text, struct id *out)
{
    struct id id;
    if (strlen(text) != 2 * (size_t)ID_BYTES) {
        return false;
    }
    for (int i = 0; i < ID_BYTES; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        id.bytes[i] = (uint8_t)(high << 4 | low);
    }
    *out = id;
    return true;
}
