/* latency -- how long commits took, counted in steps. One thread adds, any thread reads. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

/* Upper bounds in milliseconds; one more step holds what took longer. A clock of whole milliseconds
 * is right on average: it is cut at both ends. */
#define LATENCY_STEPS_MS                                                                           \
    {                                                                                              \
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000                                       \
    }
enum { LATENCY_STEPS = 12 };

struct latency {
    _Atomic uint64_t counts[LATENCY_STEPS + 1], sum_ms;
};

struct latency_counts {
    uint64_t counts[LATENCY_STEPS + 1], sum_ms;
};

void latency_add(struct latency *latency, uint64_t ms);
struct latency_counts latency_read(const struct latency *latency);
