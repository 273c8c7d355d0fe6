/* gaps -- see gaps.h. */
#include "relay/gaps.h"

#include <string.h>

static void gap_remove(struct gaps *gaps, size_t at)
{
    gaps->count--;
    memmove(&gaps->items[at], &gaps->items[at + 1], (gaps->count - at) * sizeof gaps->items[0]);
}

void gaps_open(struct gaps *gaps, uint64_t first, uint64_t end, uint64_t now_us)
{
    if (end - first > GAPS_MAX) {
        first = end - GAPS_MAX;
    }
    for (uint64_t index = first; index < end; index++) {
        if (gaps->count == GAPS_MAX) {
            gap_remove(gaps, 0);
        }
        gaps->items[gaps->count++] = (struct gap){
            .index = index, .since_us = now_us, .due_us = now_us + GAP_PATIENCE_US};
    }
}

bool gaps_close(struct gaps *gaps, uint64_t index)
{
    for (size_t at = 0; at < gaps->count; at++) {
        if (gaps->items[at].index == index) {
            gap_remove(gaps, at);
            return true;
        }
    }
    return false;
}

size_t gaps_due(struct gaps *gaps, uint64_t now_us, uint16_t *seqs, size_t max)
{
    size_t n = 0;
    for (size_t at = gaps->count; at > 0; at--) {
        const struct gap *gap = &gaps->items[at - 1];
        if (now_us - gap->since_us >= GAP_LIFE_US ||
            (gap->tries == GAP_TRIES_MAX && now_us >= gap->due_us)) {
            gap_remove(gaps, at - 1);
        }
    }
    for (size_t at = 0; at < gaps->count && n < max; at++) {
        struct gap *gap = &gaps->items[at];
        if (now_us >= gap->due_us && gap->tries < GAP_TRIES_MAX) {
            gap->tries++;
            gap->due_us = now_us + GAP_AGAIN_US;
            seqs[n++] = (uint16_t)gap->index;
        }
    }
    return n;
}
