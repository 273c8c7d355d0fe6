/* idle -- clients that are connected, each in a room, and say nothing: what they cost the server.
 */
#pragma once

#include "crowd.h"

/* Gathers, waits so long, and prints one line of JSON: memory above what the server had alone, and
 * its processor while nobody says anything. */
void idle_run(const struct crowd_wish *wish, double seconds);
