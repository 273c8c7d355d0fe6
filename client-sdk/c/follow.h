/* follow -- how rooms come here and stay up to date: ROOM_LIST, FOLLOW, FETCH, and the ENTRIES
 * they bring. */
#pragma once

#include "roomcopy.h"

/* The connection is READY: asks for the list, follows again. */
void rooms_on_ready(struct enrum *enrum);
void rooms_on_lost(struct enrum *enrum);
void rooms_on_entries(struct enrum *enrum, struct slice frame);
void rooms_on_new(struct enrum *enrum, struct slice frame);
/* Fetches and follows what is wanted and not under way. */
void rooms_step(struct enrum *enrum);
/* Tells ROOM, once for each room in the life of the enrum object. */
void roomcopy_tell_known(struct enrum *enrum, struct roomcopy *room);
