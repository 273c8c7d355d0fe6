/* growth -- see growth.h. */
#include "growth.h"

#include <stdlib.h>

bool grow(void **items, size_t *capacity, size_t needed, size_t item_bytes)
{
    if (needed <= *capacity) {
        return true;
    }
    size_t wanted = *capacity > 0 ? *capacity * 2 : 8;
    while (wanted < needed) {
        wanted *= 2;
    }
    void *moved = realloc(*items, wanted * item_bytes);
    if (moved == NULL) {
        return false;
    }
    *items = moved;
    *capacity = wanted;
    return true;
}
