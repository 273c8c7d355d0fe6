/* fixed -- time and chance that are the same in every run: stands in for server/base/clock.c, and
 * gives libsodium its random bytes. What is made with them is no secret. */
#pragma once

#include "base/clock.h"

enum { FIXED_BEGIN_MS = 1800000 };

/* The clock at its beginning, and the same random bytes as after any other call. */
void fixed_begin(void);
/* Both hands of the clock. */
void fixed_pass(uint64_t ms);
uint64_t fixed_wall_ms(void);
