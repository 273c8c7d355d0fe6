/* attack -- clients that want enrumd to work for nothing. What it refuses them, the tests of
 * tests/hostile say; here is only asked what they cost the others. */
#pragma once

#include "crowd.h"

/* Kinds: "handshakes" (TLS, WebSocket, and gone), "garbage" (frames that cannot be read),
 * "forged" (entries whose signature is wrong), "deaf" (questions whose answers are not read). As
 * many at a time as the wish has clients, for as long as its window. Prints one line of JSON. */
void attack_run(const struct crowd_wish *wish, const char *kind);
