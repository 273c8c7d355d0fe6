/* slice -- borrowed bytes.
 * A slice owns nothing: it dies with the memory that it points into. Not for secrets that are
 * compared: slice_equal takes as long as the bytes agree. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const uint8_t *at;
    size_t len;
};

static inline struct slice slice_of(const void *bytes, size_t len)
{
    return (struct slice){bytes, len};
}

/* Without the closing zero byte. */
static inline struct slice slice_of_text(const char *text)
{
    return (struct slice){(const uint8_t *)text, strlen(text)};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
