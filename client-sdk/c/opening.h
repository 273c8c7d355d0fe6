/* opening -- the entries with which a citizen opens a party room: its first key, granted to this
 * device and to the board's keepers, and what the room is. All or nothing. */
#pragma once

#include "roomcopy.h"

struct opening {
    struct enrum *enrum;
    struct id room, random;
    struct secret32 key;
    uint64_t device_seq; /* of the last entry */
    struct buffer entries;
};

/* Under the certificate that this device has now. Errors: KEEPER_AWAY (none is known to grant the
 * key to), OVERSIZED, MALFORMED, MEMORY: there is then nothing to fini. */
enum enrum_err opening_make(struct enrum *enrum, const char *title, struct opening *out);
void opening_fini(struct opening *opening);
/* This device's copy of the room while the host does not have it; not yet among the others. NULL:
 * no memory. */
struct roomcopy *opening_bear(struct enrum *enrum, const struct opening *opening,
                              const char *title);
