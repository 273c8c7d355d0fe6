/* metrics -- what the host measures of itself, and how it is told: as OpenMetrics text on a
 * loopback port of its own, and as /healthz. Nothing in it stands for a person, a room or an
 * address. Thread: the loop. */
#pragma once

#include "switchboard.h"

struct measured {
    struct gate_counts gate;
    struct gate_holdings holdings;
    struct store_health store;
    struct journal_counts journal;
    struct calls_counts calls;
    uint64_t relay[COUNTERS];
    uint64_t refused[256]; /* by error number */
    uint64_t verifying, backlog, boards, keepers, resident_bytes, descriptors;
};

void metrics_measure(const struct switchboard *board, struct measured *out);
void metrics_write(const struct measured *measured, struct buffer *body);

/* What the gate calls. `context` is the switchboard. */
void metrics_answer(void *context, struct buffer *body);
/* False: something is wrong. With a metrics' port /healthz says no more than that. */
bool metrics_health(void *context, struct buffer *body);
