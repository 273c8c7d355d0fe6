/* units -- the board's units, as letters ask of them: which there are, and a conversation that goes
 * to another one. */
#pragma once

#include "letters.h"

/* Which take conversations: those of the configuration, in its order. */
void units_tell(struct keeper *keeper, struct letter *letter);
/* Hands a conversation over to another unit's queue. The employees of other units are out. */
void units_move(struct keeper *keeper, struct letter *letter);
