/* allowance -- a bucket that fills with time: how much may still be asked for.
 * It may be overdrawn: what was asked is done, and what follows waits until the debt is paid, so
 * that a client that hurries is slowed down and loses nothing. Not for more than one thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct allowance {
    double left, most, per_ms;
    uint64_t at_ms; /* monotonic */
};

struct allowance allowance_of(uint64_t per_s, uint64_t now_ms);
void allowance_take(struct allowance *allowance, double amount, uint64_t now_ms);
/* Is something left, or at least no debt? */
bool allowance_is_open(struct allowance *allowance, uint64_t now_ms);
/* As if it had never been used. */
bool allowance_is_full(struct allowance *allowance, uint64_t now_ms);
