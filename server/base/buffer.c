/* buffer -- see buffer.h. */
#include "base/buffer.h"

#include "base/check.h"

#include <sodium.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 128 };

void buffer_init(struct buffer *buffer, size_t max)
{
    *buffer = (struct buffer){.max = max};
}

void buffer_fini(struct buffer *buffer)
{
    free(buffer->at);
    buffer_init(buffer, buffer->max);
}

void buffer_wipe(struct buffer *buffer)
{
    if (buffer->at != NULL) {
        sodium_memzero(buffer->at, buffer->capacity);
    }
    buffer_fini(buffer);
}

static bool grow(struct buffer *buffer, size_t needed)
{
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < needed) {
        capacity = capacity > buffer->max / 2 ? buffer->max : capacity * 2;
    }
    if (capacity > buffer->max) {
        capacity = buffer->max;
    }
    uint8_t *grown = malloc(capacity);
    if (grown == NULL) {
        return false;
    }
    if (buffer->at != NULL) {
        /* Not realloc: what it leaves behind could be a plaintext. */
        memcpy(grown, buffer->at, buffer->len);
        sodium_memzero(buffer->at, buffer->capacity);
        free(buffer->at);
    }
    buffer->at = grown;
    buffer->capacity = capacity;
    return true;
}

uint8_t *buffer_extend(struct buffer *buffer, size_t len)
{
    if (buffer->failed || len > buffer->max - buffer->len) {
        buffer->failed = true;
        return NULL;
    }
    size_t needed = buffer->len + len;
    if ((needed > buffer->capacity || buffer->at == NULL) && !grow(buffer, needed)) {
        buffer->failed = buffer->is_short = true;
        return NULL;
    }
    uint8_t *room = buffer->at + buffer->len;
    buffer->len = needed;
    return room;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t len)
{
    uint8_t *room = len > 0 ? buffer_extend(buffer, len) : NULL;
    if (room != NULL) {
        memcpy(room, bytes, len);
    }
}

void buffer_append_slice(struct buffer *buffer, struct slice bytes)
{
    buffer_append(buffer, bytes.at, bytes.len);
}

void buffer_truncate(struct buffer *buffer, size_t len)
{
    CHECK(len <= buffer->len);
    buffer->len = len;
}

void buffer_reset(struct buffer *buffer)
{
    buffer->len = 0;
    buffer->failed = buffer->is_short = false;
}
