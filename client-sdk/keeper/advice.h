/* advice -- people who do not log in: certified as somebody new whom nobody knows, at level 0 and
 * as citizens only, where the board allows it, and no faster than it says. */
#pragma once

#include "letters.h"

/* What everybody sees in the place of a name. */
#define ADVICE_NAME "Anonym"

void advice_begin(struct keeper *keeper, struct letter *letter);
