/* storm -- the network breaks for many clients at once; others write on; all come back in the same
 * moment and want what they have missed. */
#pragma once

#include "crowd.h"

/* The writers of the wish stay; each writes so many entries while the others are away. Prints one
 * line of JSON: how long until the last one had everything. */
void storm_run(const struct crowd_wish *wish, uint64_t unread);
