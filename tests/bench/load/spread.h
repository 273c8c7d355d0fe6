/* spread -- how a duration is spread: counts in steps of at most 1.6 %, for percentiles. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SPREAD_STEPS = 64 * 40 };

struct spread {
    uint64_t count, sum, max;
    uint32_t steps[SPREAD_STEPS];
};

void spread_add(struct spread *spread, uint64_t ns);
/* Microseconds that so many of a thousand do not exceed; 0 when nothing was added. */
double spread_us(const struct spread *spread, unsigned of_thousand);
