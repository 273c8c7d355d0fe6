/* opening -- the entries with which somebody opens a room: its first key, granted to this device
 * and to the board's keepers, what the room is, and the first thing said in it. All or nothing. */
#pragma once

#include "roomcopy.h"

/* What the room is to be. */
struct opening_plan {
    uint64_t type;
    const char *title;
    struct slice content; /* the first thing said in it, encoded; empty: none */
};

struct opening {
    struct enrum *enrum;
    struct opening_plan plan; /* borrowed */
    struct id room, random;
    struct secret32 key;
    uint64_t device_seq; /* of the last entry */
    struct buffer entries;
};

/* Under the certificate that this device has now. Errors: KEEPER_AWAY (none is known to grant the
 * key to), OVERSIZED, MALFORMED, MEMORY: there is then nothing to fini. */
enum enrum_err opening_make(struct enrum *enrum, const struct opening_plan *plan,
                            struct opening *out);
void opening_fini(struct opening *opening);
/* Makes it, and puts it into the outbox: *room is there from now on. Errors: NOT_LOGGED_IN, MAY_NOT
 * (who may not open such a room), those of opening_make and outbox_put_create. */
enum enrum_err opening_put(struct enrum *enrum, const struct opening_plan *plan, struct id *room);
/* This device's copy of the room while the host does not have it; not yet among the others. NULL:
 * no memory. */
struct roomcopy *opening_bear(struct enrum *enrum, const struct opening *opening);
