/* clockfine -- the finer clock of clock.h, by itself: programs that stand in for the system's clock
 * have no finer one. */
#include "base/check.h"
#include "base/clock.h"

#include <time.h>

uint64_t clock_monotonic_us(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
