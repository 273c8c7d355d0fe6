/* vectors -- see vectors.h: the list of files, writing them, and bytes as JSON. */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"

const struct vectors_noun vectors_nouns[] = {
    {"layouts", vectors_layouts},   {"refused", vectors_refused},
    {"suite", vectors_suite},       {"certificates", vectors_certificates},
    {"entries", vectors_entries},   {"grants", vectors_grants},
    {"receipts", vectors_receipts}, {"handshake", vectors_handshake},
    {"letters", vectors_letters},   {"transients", vectors_transients},
    {"files", vectors_files},       {NULL, NULL},
};

bool vectors_write(const char *folder)
{
    for (const struct vectors_noun *noun = vectors_nouns; noun->name != NULL; noun++) {
        char path[512];
        json_t *made = noun->make();
        (void)snprintf(path, sizeof path, "%s/%s.json", folder, noun->name);
        FILE *file = fopen(path, "w");
        bool good = file != NULL && json_dumpf(made, file, JSON_INDENT(1)) == 0 &&
                    fputc('\n', file) != EOF;
        good = file != NULL && fclose(file) == 0 && good;
        json_decref(made);
        if (!good) {
            return false;
        }
    }
    return true;
}

json_t *vectors_hex(struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    struct buffer text;
    buffer_init(&text, 8 * (size_t)FRAME_BYTES_MAX);
    for (size_t i = 0; i < bytes.len; i++) {
        char pair[2] = {digits[bytes.at[i] >> 4], digits[bytes.at[i] & 15]};
        buffer_append(&text, pair, sizeof pair);
    }
    CHECK(!text.failed);
    json_t *json = json_stringn(text.len > 0 ? (const char *)text.at : "", text.len);
    buffer_fini(&text);
    CHECK(json != NULL);
    return json;
}

json_t *vectors_id(const struct id *id)
{
    return vectors_hex(id_slice(id));
}

json_t *vectors_number(uint64_t number)
{
    CHECK(number <= UINT_ANY);
    return json_integer((json_int_t)number);
}

static uint8_t digit_of(char c)
{
    CHECK((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

struct slice vectors_bytes(const json_t *object, const char *member, struct buffer *out)
{
    const json_t *json = json_object_get(object, member);
    CHECK(json_is_string(json));
    const char *text = json_string_value(json);
    size_t len = json_string_length(json);
    CHECK(len % 2 == 0);
    buffer_reset(out);
    for (size_t i = 0; i < len; i += 2) {
        uint8_t byte = (uint8_t)(digit_of(text[i]) << 4 | digit_of(text[i + 1]));
        buffer_append(out, &byte, 1);
    }
    CHECK(!out->failed);
    return buffer_slice(out);
}

struct id vectors_id_of(const json_t *object, const char *member)
{
    struct buffer bytes;
    buffer_init(&bytes, ID_BYTES);
    struct slice slice = vectors_bytes(object, member, &bytes);
    CHECK(slice.len == ID_BYTES);
    struct id id = id_of(slice.at);
    buffer_fini(&bytes);
    return id;
}

uint64_t vectors_number_of(const json_t *object, const char *member)
{
    const json_t *json = json_object_get(object, member);
    CHECK(json_is_integer(json) && json_integer_value(json) >= 0);
    return (uint64_t)json_integer_value(json);
}
