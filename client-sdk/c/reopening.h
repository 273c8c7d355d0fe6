/* reopening -- a conversation that waits under a certificate which has been renewed since. The host
 * takes it from no other, and a room's id comes from the certificate that opened it: when the host
 * does not have the room, what waits is sealed again for another one, all or nothing, and the
 * former id stands for that one from then on. */
#pragma once

#include "outbox.h"

/* The host has said that it does not have this room, and nothing of it is on its way. Tells MOVED;
 * `old` is then freed. Errors: KEEPER_AWAY, and those of opening_make and draft_seal, FILE_FAILED:
 * nothing has changed. */
enum enrum_err reopen(struct enrum *enrum, struct roomcopy *old);
/* The room that an application knows by this id; one that was opened anew has its former one too.
 * Errors: ROOM_UNKNOWN, FILE_FAILED, MEMORY. */
enum enrum_err room_named(const struct enrum *enrum, const struct id *id, struct roomcopy **out);
