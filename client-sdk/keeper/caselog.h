/* caselog -- what a staff room's records say of its case, in its logbook: which conversations it
 * has, and what its employees ask for. Pure. */
#pragma once

#include "logbook.h"

/* CASE_ROOM or CASE_ROOM_OUT. False when memory is short. */
bool caselog_learn(struct logbook *book, const struct enrum_item *item);
/* Is the conversation of the case; and how many are? */
bool caselog_has(const struct logbook *book, const struct id *room);
size_t caselog_size(const struct logbook *book);
