/* clock -- see clock.h. */
#include "base/clock.h"

#include "base/check.h"

#include <stddef.h>
#include <time.h>

static uint64_t ms_of(clockid_t id)
{
    struct timespec now;
    CHECK(clock_gettime(id, &now) == 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint64_t system_wall_ms(void *context)
{
    (void)context;
    return ms_of(CLOCK_REALTIME);
}

static uint64_t system_monotonic_ms(void *context)
{
    (void)context;
    return ms_of(CLOCK_MONOTONIC);
}

struct clock clock_system(void)
{
    return (struct clock){system_wall_ms, system_monotonic_ms, NULL};
}

static uint64_t manual_wall_ms(void *context)
{
    const struct clock_manual *manual = context;
    return manual->wall_ms;
}

static uint64_t manual_monotonic_ms(void *context)
{
    const struct clock_manual *manual = context;
    return manual->monotonic_ms;
}

struct clock clock_of_manual(struct clock_manual *manual)
{
    return (struct clock){manual_wall_ms, manual_monotonic_ms, manual};
}

void clock_manual_advance(struct clock_manual *manual, uint64_t ms)
{
    manual->wall_ms += ms;
    manual->monotonic_ms += ms;
}
