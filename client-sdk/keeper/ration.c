/* ration -- see ration.h. */
#include "ration.h"

bool ration_is_used_up(struct ration *ration, uint64_t most, uint64_t period_ms, uint64_t mono_ms)
{
    if (ration->count == 0 || mono_ms - ration->since >= period_ms) {
        *ration = (struct ration){.since = mono_ms};
    }
    return ration->count >= most;
}

bool ration_take(struct ration *ration, uint64_t most, uint64_t period_ms, uint64_t mono_ms)
{
    if (ration_is_used_up(ration, most, period_ms, mono_ms)) {
        return false;
    }
    ration->count++;
    return true;
}
