/* growth -- arrays that grow, in the keeper's pure parts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Makes place for so many items of this size, more than are needed now. False when memory is short:
 * nothing has changed then. */
bool grow(void **items, size_t *capacity, size_t needed, size_t item_bytes);
