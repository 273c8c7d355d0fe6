/* append -- one append into a board's file, inside the writer's transaction. */
#pragma once

#include "store/database.h"

/* DONE: the rows are written, and stand when the transaction does. A conflict leaves nothing
 * behind. FAILED: the database failed, and the transaction is lost. */
enum append_outcome append_run(struct database *database, const struct append_job *job);
