/* duty -- what a room's log and the register say must be done, and is not done yet. Asked for a
 * room whenever something about it changes; everything has a cause, so that doing it twice does it
 * once. */
#pragma once

#include "keeper.h"

/* All rooms that something changed for. */
void duty_step(struct keeper *keeper);
/* Records what is due, in all rooms; *next_ms (monotonic) is lowered to when the next one is. */
void duty_checkpoints(struct keeper *keeper, uint64_t *next_ms);
