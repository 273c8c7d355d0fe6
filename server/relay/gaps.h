/* gaps -- which packets of one incoming stream are lacking, and when its sender is asked for them.
 * Pure; indexes are sequence numbers that do not go round. What is no gap any more (it has come,
 * was asked for often enough, or is too long ago) is never one again: whoever takes late packets
 * only where there is a gap takes each number once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GAPS_MAX = 128,
    GAP_TRIES_MAX = 8,
    GAP_PATIENCE_US = 10000, /* packets overtake one another */
    GAP_AGAIN_US = 80000,
    GAP_LIFE_US = 1000000,
};

struct gap {
    uint64_t index, since_us, due_us;
    unsigned tries;
};

/* Zeroed is empty. In the order of their indexes. */
struct gaps {
    struct gap items[GAPS_MAX];
    size_t count;
};

/* From `first` up to, not with, `end`: the newest GAPS_MAX are kept. */
void gaps_open(struct gaps *gaps, uint64_t first, uint64_t end, uint64_t now_us);
/* Was it one? It is none afterwards. */
bool gaps_close(struct gaps *gaps, uint64_t index);
/* Those that are due, at most `max`; they count as asked for. */
size_t gaps_due(struct gaps *gaps, uint64_t now_us, uint16_t *seqs, size_t max);
