/* tell -- verified entries become events: opened, learned from, told in order. */
#pragma once

#include "roomcopy.h"

/* Tells what can be told. True when there is more to tell at once. */
bool tell_step(struct enrum *enrum);
/* Makes an item of a stored entry; *plain is initialised by the caller, and wiped by it after use.
 * False when the bytes or the author are not as they were when kept. */
bool tell_item(struct enrum *enrum, struct roomcopy *room, const struct stored_entry *stored,
               const struct id *hash, struct buffer *plain, struct enrum_item *out);
