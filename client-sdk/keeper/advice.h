/* advice -- people who do not log in: certified as somebody new whom nobody knows, at level 0 and
 * as citizens only, where the board allows it, and no faster than it says. */
#pragma once

#include "letters.h"

/* What everybody sees in the place of a name. */
#define ADVICE_NAME "Anonym"

/* Takes one of the board's answers of this minute. False: they are used up. */
bool advice_pace_take(struct advice_pace *pace, uint64_t per_minute, uint64_t mono_ms);

void advice_begin(struct keeper *keeper, struct letter *letter);
