/* clock_of_timeline -- see clocks.h. Stands in for server/base/clock.c. */
#include "clocks.h"

#include "base/clock.h"
#include "papers.h"
#include "timeline.h"

static int64_t skews[CLOCKS_MAX];
static size_t current;

void clocks_be(size_t who)
{
    current = who;
}

void clocks_set(size_t who, int64_t skew_ms)
{
    skews[who] = skew_ms;
}

static uint64_t wall_ms(void *context)
{
    const int64_t *skew = context;
    return (uint64_t)((int64_t)(PAPERS_BEGIN_MS + timeline_now() / MS) + *skew);
}

static uint64_t monotonic_ms(void *context)
{
    (void)context;
    return 1000000 + timeline_now() / MS;
}

struct clock clock_system(void)
{
    return (struct clock){wall_ms, monotonic_ms, &skews[current]};
}
