/* ration -- how often something may be done: so many times in a period that begins with the first.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* All zeros: nothing yet. */
struct ration {
    uint64_t since, count;
};

/* Has it been done as often as it may? */
bool ration_is_used_up(struct ration *ration, uint64_t most, uint64_t period_ms, uint64_t mono_ms);
/* Once more. False: it is used up. */
bool ration_take(struct ration *ration, uint64_t most, uint64_t period_ms, uint64_t mono_ms);
