/* clock -- the time, as a value that is passed in.
 * Nothing but this file asks the system for the time, so that tests and pure machines get theirs
 * from the caller. */
#pragma once

#include <stdint.h>

struct clock {
    uint64_t (*wall_ms)(void *context);      /* since 1970, UTC; may jump */
    uint64_t (*monotonic_ms)(void *context); /* since some start; never goes back */
    void *context;
};

/* The system's clock; for any thread. */
struct clock clock_system(void);

/* Finer, for threads that measure when packets come and go: the system's, since some start; never
 * goes back. */
uint64_t clock_monotonic_us(void);

/* A clock that stands still until its owner moves it. */
struct clock_manual {
    uint64_t wall_ms, monotonic_ms;
};
/* Borrows `manual` for as long as the clock is used. */
struct clock clock_of_manual(struct clock_manual *manual);
/* Both hands. */
void clock_manual_advance(struct clock_manual *manual, uint64_t ms);

static inline uint64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall_ms(clock->context);
}

static inline uint64_t clock_monotonic_ms(const struct clock *clock)
{
    return clock->monotonic_ms(clock->context);
}
