/* keyring -- the room keys of one room that this device has been given, one per generation.
 * A key enters only when it is the one that its generation committed to. Wiped when it goes. */
#pragma once

#include "fold.h"
#include "protocol/grant.h"

struct keyring {
    struct id room;
    size_t count, capacity;
    struct secret32 *keys; /* generation n at [n - 1]; all zeros: not here */
};

void keyring_init(struct keyring *keyring, const struct id *room);
void keyring_fini(struct keyring *keyring);
/* NULL when it is not here. */
const struct secret32 *keyring_find(const struct keyring *keyring, uint64_t generation);
/* Has it the keys of all generations up to this one? */
bool keyring_is_whole(const struct keyring *keyring, uint64_t generation);
/* A key, before its generation stands in the log (this device is starting it). Errors: MEMORY. */
enum enrum_err keyring_put(struct keyring *keyring, uint64_t generation,
                           const struct secret32 *key);
/* A grant to this device. *added: keys that were not here. Errors: OPEN_FAILED, MALFORMED,
 * COMMITMENT_WRONG, MEMORY. */
enum enrum_err keyring_grant(struct keyring *keyring, const struct fold *fold,
                             const struct wire_open_grant *grant, const struct seal_pair *pair,
                             size_t *added);
