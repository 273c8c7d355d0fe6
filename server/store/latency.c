/* latency -- see latency.h. */
#include "store/latency.h"

void latency_add(struct latency *latency, uint64_t ms)
{
    static const uint64_t steps[LATENCY_STEPS] = LATENCY_STEPS_MS;
    unsigned step = 0;
    while (step < LATENCY_STEPS && ms > steps[step]) {
        step++;
    }
    latency->counts[step]++;
    latency->sum_ms += ms;
}

struct latency_counts latency_read(const struct latency *latency)
{
    struct latency_counts out = {.sum_ms = latency->sum_ms};
    for (unsigned step = 0; step <= LATENCY_STEPS; step++) {
        out.counts[step] = latency->counts[step];
    }
    return out;
}
