/* secret -- see secret.h. */
#include "base/secret.h"

#include "base/check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void secret_random(struct secret32 *secret)
{
    CHECK(sodium_init() >= 0);
    randombytes_buf(secret->bytes, sizeof secret->bytes);
}

void secret_wipe(struct secret32 *secret)
{
    sodium_memzero(secret->bytes, sizeof secret->bytes);
}

void secret_copy(struct secret32 *to, const struct secret32 *from)
{
    *to = *from;
}

void secret_take(struct secret32 *to, uint8_t bytes[SECRET_BYTES])
{
    memmove(to->bytes, bytes, SECRET_BYTES);
    if (bytes != to->bytes) {
        sodium_memzero(bytes, SECRET_BYTES);
    }
}

bool secret_equal(const struct secret32 *a, const struct secret32 *b)
{
    return sodium_memcmp(a->bytes, b->bytes, SECRET_BYTES) == 0;
}

bool secret_is_zero(const struct secret32 *secret)
{
    return sodium_is_zero(secret->bytes, SECRET_BYTES) == 1;
}

bool secret_buf_init(struct secret_buf *buf, size_t len)
{
    uint8_t *bytes = calloc(len > 0 ? len : 1, 1);
    if (bytes == NULL) {
        return false;
    }
    *buf = (struct secret_buf){bytes, len};
    return true;
}

void secret_buf_fini(struct secret_buf *buf)
{
    if (buf->bytes != NULL) {
        sodium_memzero(buf->bytes, buf->len);
    }
    free(buf->bytes);
    *buf = (struct secret_buf){NULL, 0};
}
