/* talk_postgres -- speaks to PostgreSQL over TLS: one statement inserts the row and notifies the
 * room's channel with the body; each client listens on the connection that it writes on. */
#pragma once

#include "crowd.h"

extern const struct talker talk_postgres;
