/* buffer -- bytes that grow up to a hard limit.
 * The first failure sticks: later appends do nothing, so that a writer asks `failed` once, at the
 * end. What was appended before the failure stays as it was; an append is whole or not at all.
 * Growing wipes what it leaves behind, and buffer_wipe the rest: plaintexts may pass through. Keys
 * have secret. */
#pragma once

#include "base/slice.h"

struct buffer {
    uint8_t *at;
    size_t len, capacity, max;
    bool failed;   /* the limit or the memory was reached */
    bool is_short; /* it was the memory */
};

/* Allocates nothing yet. */
void buffer_init(struct buffer *buffer, size_t max);
/* Frees the bytes; the buffer is then empty, and may be used again under the same limit. */
void buffer_fini(struct buffer *buffer);
/* The same, wiped first: for plaintexts. */
void buffer_wipe(struct buffer *buffer);
/* Room for `len` more bytes, for the caller to fill. NULL when the limit or the memory is reached
 * (which sticks). */
uint8_t *buffer_extend(struct buffer *buffer, size_t len);
/* `bytes` must not point into this buffer. */
void buffer_append(struct buffer *buffer, const void *bytes, size_t len);
void buffer_append_slice(struct buffer *buffer, struct slice bytes);
/* Back to an earlier length. A failure still sticks. */
void buffer_truncate(struct buffer *buffer, size_t len);
/* Empty and not failed, memory kept. */
void buffer_reset(struct buffer *buffer);

/* Dies with the next append. */
static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->at, buffer->len};
}
