/* backoff -- when to try again: a delay that doubles from `first_ms` to `max_ms`, with jitter,
 * so that many clients of a server that came back do not come back at once. Knows no clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct backoff {
    uint64_t first_ms, max_ms;
    uint64_t delay_ms; /* of the next failure */
    uint64_t next_at;  /* monotonic; 0: at once */
};

void backoff_init(struct backoff *backoff, uint64_t first_ms, uint64_t max_ms);
/* It failed: the next try is due after half to all of the delay. */
void backoff_fail(struct backoff *backoff, uint64_t now_ms);
/* It worked: the next failure begins from the first delay. */
void backoff_reset(struct backoff *backoff);
bool backoff_is_due(const struct backoff *backoff, uint64_t now_ms);
