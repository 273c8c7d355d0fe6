/* clocks -- everybody's clock: the run's time, each wall clock a little wrong. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { CLOCKS_MAX = 16 };

/* clock_system gives this clock from now on. */
void clocks_be(size_t who);
/* How wrong it is. */
void clocks_set(size_t who, int64_t skew_ms);
