/* localsteps -- how the tables of enrum.db came to be, version by version; what is done with them
 * is localstore's. */
#pragma once

#include "schema/schema.h"

/* *count of them: the newest version. */
const struct schema_step *localstore_steps(int *count);
