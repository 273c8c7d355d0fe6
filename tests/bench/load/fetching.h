/* fetching -- the board's keeper comes to a filled host and reads rooms, each from a random place.
 */
#pragma once

#include "crowd.h"

/* So many fetches, some at a time; prints one line of JSON. */
void fetching_run(const struct crowd_wish *wish, uint64_t fetches);
