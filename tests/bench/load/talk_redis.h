/* talk_redis -- speaks to Redis over TLS: XADD to a room's stream, and XREAD BLOCK on a second
 * connection of each client, because one that blocks can send nothing. */
#pragma once

#include "crowd.h"

extern const struct talker talk_redis;
