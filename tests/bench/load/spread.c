/* spread -- see spread.h. */
#include "spread.h"

enum { FINE_BITS = 6, FINE = 1 << FINE_BITS };

/* Up to 64 each number has its own step; above, each power of two has 64. */
static size_t step_of(uint64_t ns)
{
    if (ns < FINE) {
        return (size_t)ns;
    }
    unsigned top = 63 - (unsigned)__builtin_clzll(ns), shift = top - FINE_BITS;
    size_t step = (size_t)(shift + 1) * FINE + (size_t)(ns >> shift) - FINE;
    return step < SPREAD_STEPS ? step : SPREAD_STEPS - 1;
}

static double step_ns(size_t step)
{
    if (step < FINE) {
        return (double)step;
    }
    size_t shift = step / FINE - 1;
    return (double)((uint64_t)(step % FINE + FINE) << shift);
}

void spread_add(struct spread *spread, uint64_t ns)
{
    spread->count++;
    spread->sum += ns;
    spread->max = ns > spread->max ? ns : spread->max;
    spread->steps[step_of(ns)]++;
}

double spread_us(const struct spread *spread, unsigned of_thousand)
{
    uint64_t wanted = (spread->count * of_thousand + 999) / 1000, seen = 0;
    for (size_t i = 0; i < SPREAD_STEPS && spread->count > 0; i++) {
        seen += spread->steps[i];
        if (seen >= wanted) {
            return step_ns(i) / 1000;
        }
    }
    return 0;
}
