/* counts -- one worker's counters: it alone adds, any thread reads.
 * No number depends on another: each is right by itself. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

enum counter {
#define COUNTER(NAME, label, what) COUNTER_##NAME,
#include "relay/counters.def"
#undef COUNTER
    COUNTERS
};

struct counts {
    _Atomic uint64_t numbers[COUNTERS];
};

/* By the one who owns it: a load and a store, and no locked bus. */
static inline void counts_add(struct counts *counts, enum counter which, uint64_t more)
{
    _Atomic uint64_t *number = &counts->numbers[which];
    atomic_store_explicit(number, atomic_load_explicit(number, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

static inline uint64_t counts_get(const struct counts *counts, enum counter which)
{
    return atomic_load_explicit(&counts->numbers[which], memory_order_relaxed);
}
