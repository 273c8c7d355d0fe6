/* backoff -- see backoff.h. */
#include "backoff.h"

#include "protocol/suite.h"

void backoff_init(struct backoff *backoff, uint64_t first_ms, uint64_t max_ms)
{
    *backoff = (struct backoff){.first_ms = first_ms, .max_ms = max_ms, .delay_ms = first_ms};
}

void backoff_fail(struct backoff *backoff, uint64_t now_ms)
{
    uint32_t random = 0;
    suite_random(&random, sizeof random);
    uint64_t half = backoff->delay_ms / 2;
    backoff->next_at = now_ms + half + (half > 0 ? random % half : 0);
    backoff->delay_ms *= 2;
    if (backoff->delay_ms > backoff->max_ms) {
        backoff->delay_ms = backoff->max_ms;
    }
}

void backoff_reset(struct backoff *backoff)
{
    backoff->delay_ms = backoff->first_ms;
    backoff->next_at = 0;
}

bool backoff_is_due(const struct backoff *backoff, uint64_t now_ms)
{
    return now_ms >= backoff->next_at;
}
