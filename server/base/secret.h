/* secret -- the type of all 32-byte keys, and of other bytes that must be wiped.
 * Compared in constant time, wiped when done; no printer exists, and slog takes none of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECRET_BYTES = 32 };

struct secret32 {
    uint8_t bytes[SECRET_BYTES];
};

void secret_random(struct secret32 *secret);
void secret_wipe(struct secret32 *secret);
void secret_copy(struct secret32 *to, const struct secret32 *from);
/* Moves 32 bytes in, and wipes where they stood. */
void secret_take(struct secret32 *to, uint8_t bytes[SECRET_BYTES]);
/* In constant time. */
bool secret_equal(const struct secret32 *a, const struct secret32 *b);
/* Tells a wiped key from one in use; in constant time. */
bool secret_is_zero(const struct secret32 *secret);

/* Bytes of any length on the heap, wiped when freed. Does not grow. */
struct secret_buf {
    uint8_t *bytes;
    size_t len;
};

/* Zeroed bytes. False: no memory; *buf is then untouched. */
bool secret_buf_init(struct secret_buf *buf, size_t len);
/* Wipes and frees; the buffer is then empty. */
void secret_buf_fini(struct secret_buf *buf);
