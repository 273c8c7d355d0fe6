/* steps -- how the tables of a board's file came to be, version by version; not what is done with
 * them (statements.def). */
#pragma once

#include "schema/schema.h"

/* *count of them: the newest version. */
const struct schema_step *store_steps(int *count);
