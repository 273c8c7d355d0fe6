/* grant -- see grant.h. */
#include "protocol/grant.h"

#include <string.h>

#include "base/check.h"

void grant_commitment(const struct id *room, uint64_t generation, const struct secret32 *room_key,
                      struct id *out)
{
    struct be64 number = be64_of(generation);
    struct slice parts[] = {id_slice(room), be64_slice(&number), {room_key->bytes, KEY_BYTES}};
    suite_hash(LABEL_COMMITMENT, parts, 3, out);
}

enum { GRANT_INFO_BYTES = 128, GRANT_AAD_BYTES = 16 };

struct grant_context {
    uint8_t info[GRANT_INFO_BYTES], aad[GRANT_AAD_BYTES];
    size_t info_len;
};

/* info: label, room, device. aad: first and last generation. */
static void context_make(struct grant_context *context, const struct id *room,
                         const struct id *device, uint64_t first, uint64_t last)
{
    struct slice label = label_slice(LABEL_GRANT);
    struct be64 from = be64_of(first), to = be64_of(last);
    memcpy(context->info, label.at, label.len);
    memcpy(context->info + label.len, room->bytes, ID_BYTES);
    memcpy(context->info + label.len + ID_BYTES, device->bytes, ID_BYTES);
    context->info_len = label.len + (size_t)2 * ID_BYTES;
    memcpy(context->aad, from.bytes, 8);
    memcpy(context->aad + 8, to.bytes, 8);
}

enum enrum_err grant_wrap(const struct id *room, uint64_t first, const struct secret32 *keys,
                          size_t count, const struct id *device, const struct id *seal_key,
                          struct buffer *bytes, struct wire_open_grant *out)
{
    if (count == 0 || count > GENERATIONS_PER_GRANT_MAX) {
        return ENRUM_OVERSIZED;
    }
    struct wire_open_grant grant = {.device = *device, .first = first, .last = first + count - 1};
    struct grant_context context;
    context_make(&context, room, device, grant.first, grant.last);
    struct buffer plain;
    size_t before = bytes->len;
    buffer_init(&plain, (size_t)GENERATIONS_PER_GRANT_MAX * KEY_BYTES);
    for (size_t i = 0; i < count; i++) {
        buffer_append(&plain, keys[i].bytes, KEY_BYTES);
    }
    enum enrum_err err = ENRUM_MEMORY;
    if (!plain.failed) {
        err = hpke_seal(seal_key, (struct slice){context.info, context.info_len},
                        (struct slice){context.aad, sizeof context.aad},
                        (struct slice){plain.at, plain.len}, &grant.enc, bytes);
    }
    buffer_wipe(&plain);
    if (err == ENRUM_OK) {
        grant.wrapped = (struct slice){bytes->at + before, bytes->len - before};
        *out = grant;
    }
    return err;
}

enum enrum_err grant_unwrap(const struct id *room, const struct wire_open_grant *grant,
                            const struct seal_pair *pair, struct secret32 *keys, size_t *count)
{
    if (grant->last < grant->first || grant->last - grant->first >= GENERATIONS_PER_GRANT_MAX) {
        return ENRUM_MALFORMED;
    }
    size_t expected = (size_t)(grant->last - grant->first) + 1;
    if (grant->wrapped.len != expected * KEY_BYTES + TAG_BYTES) {
        return ENRUM_MALFORMED;
    }
    struct grant_context context;
    context_make(&context, room, &grant->device, grant->first, grant->last);
    struct buffer plain;
    buffer_init(&plain, (size_t)GENERATIONS_PER_GRANT_MAX * KEY_BYTES + 1);
    enum enrum_err err = hpke_open(
        pair, &grant->enc, (struct slice){context.info, context.info_len},
        (struct slice){context.aad, sizeof context.aad}, grant->wrapped, &plain);
    for (size_t i = 0; err == ENRUM_OK && i < expected; i++) {
        memcpy(keys[i].bytes, plain.at + i * KEY_BYTES, KEY_BYTES);
    }
    if (err == ENRUM_OK) {
        *count = expected;
    }
    buffer_wipe(&plain);
    return err;
}

enum { CAUSE_PARTS_MAX = 6 };

void cause_id(const char *verb, const struct slice *parts, size_t count, struct id *out)
{
    CHECK(count <= CAUSE_PARTS_MAX);
    struct slice all[CAUSE_PARTS_MAX + 1] = {{(const uint8_t *)verb, strlen(verb) + 1}};
    for (size_t i = 0; i < count; i++) {
        all[i + 1] = parts[i];
    }
    suite_hash(LABEL_CAUSE, all, count + 1, out);
}
